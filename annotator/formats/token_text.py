"""Texts that a file holds as sentences of tokens, and the spans in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, batched, chain, islice
from typing import NamedTuple

from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.formats.base import Intake, Record
from annotator.formats.foreign import Foreign, ForeignSpan
from annotator.formats.offsets import Offsets
from annotator.formats.plain import plain_record
from annotator.formats.text import title_of

LONGEST = 1000
"""Sentences up to which a file that does not say where its articles begin is taken for one of them."""
PIECE = 100
"""Sentences of each article of a longer one."""


class Sentence(NamedTuple):
    """The tokens of a sentence, and label, first and last token of each span."""

    tokens: Sequence[str]
    spans: Sequence[tuple[str, int, int]]
    lines: Sequence[int]
    """Where in the file the tokens stand."""


class Sentences(NamedTuple):
    """The sentences of one article."""

    line: int
    id: str
    sentences: Sequence[Sentence]


def in_pieces(sentences: Iterable[Sentence]) -> Iterator[Sentences]:
    """The articles of a file without borders between them: one, or many where it is too long for that."""
    rest = iter(sentences)
    first = list(islice(rest, LONGEST + 1))
    long = len(first) > LONGEST
    for piece in batched(chain(first, rest), PIECE if long else LONGEST):
        yield Sentences(piece[0].lines[0], "", piece)


def records(articles: Iterable[Sentences], intake: Intake) -> Iterator[Record]:
    """The records of articles; a text has a line for each sentence, and a space between two tokens."""
    for article, otherwise in titled(articles, intake.source.stem):
        text, spans = _text(article.sentences, intake)
        values = {"text": text, "title": title_of(text, otherwise), "external_id": article.id or None}
        record = plain_record(values, {}, intake, f"line {article.line}")
        if record is not None:
            labels = ArticleLabels(article=record.labels.article, annotator=None)
            yield Record(labels=labels, place=record.place, foreign=Foreign(spans=tuple(spans)))


def _text(sentences: Sequence[Sentence], intake: Intake) -> tuple[str, list[ForeignSpan]]:
    text, places = lines_of([each.tokens for each in sentences])
    found = (
        (label, at[first][0], at[last][1], sentence.lines[first])
        for sentence, at in zip(sentences, places, strict=True)
        for label, first, last in sentence.spans
    )
    return text, list(_spans(found, Offsets(text), intake))


def lines_of(sentences: Iterable[Sequence[str]]) -> tuple[str, list[list[tuple[int, int]]]]:
    """The text of sentences, none of which is empty, a line for each; and where in it their tokens stand."""
    parts: list[str] = []
    places: list[list[tuple[int, int]]] = []
    length = 0
    for tokens in sentences:
        part, found = joined(tokens, [True] * (len(tokens) - 1) + [False])
        places.append([(length + start, length + end) for start, end in found])
        parts.append(part)
        length += len(part) + 1
    return "\n".join(parts), places


def _spans(
    found: Iterable[tuple[str, int, int, int]], offsets: Offsets, intake: Intake
) -> Iterator[ForeignSpan]:
    for nth, (label, start, end, line) in enumerate(found, 1):
        fragment = offsets.fragment(start, end)
        if fragment is None or not offsets.text[slice(*fragment)].strip():
            intake.report("a span needs more than white space", f"line {line}", "Leave it out")
            continue
        name = label or intake.source.stem
        yield ForeignSpan(f"span:{nth}", name, (fragment,), place=f"line {line}")


def agreeing(records: Iterable[Record]) -> Iterator[Record]:
    """The records; one whose text came before has the title and the external id that it had there.

    Those are counted, or names of documents, and a sentence or more may well stand in a file twice.
    """
    known: dict[str, tuple[str, str | None]] = {}
    for record in records:
        article = record.labels.article
        title, id_ = known.setdefault(article.sha256, (article.title, article.external_id))
        if (title, id_) != (article.title, article.external_id):
            labels = replace(record.labels, article=replace(article, title=title, external_id=id_))
            record = replace(record, labels=labels)
        yield record


def titled[Each](articles: Iterable[Each], stem: str) -> Iterator[tuple[Each, str]]:
    """Each with what it is called for want of a title: as the file, with a number where there are several."""
    rest = iter(articles)
    first = list(islice(rest, 2))
    for nth, each in enumerate(chain(first, rest), 1):
        yield each, stem if len(first) == 1 else f"{stem} {nth}"


def places_in(text: str, tokens: Sequence[str]) -> list[tuple[int, int]]:
    """Where tokens stand in a text that has nothing but white space between them; ends before one that
    does not."""
    found, place = [], 0
    for token in tokens:
        while place < len(text) and text[place].isspace() and not text.startswith(token, place):
            place += 1
        if not text.startswith(token, place):
            break
        found.append((place, place + len(token)))
        place += len(token)
    return found


def joined(tokens: Sequence[str], spaces: Sequence[bool]) -> tuple[str, list[tuple[int, int]]]:
    """The tokens with a space behind each that has one, and their places."""
    parts = [f"{token} " if space else token for token, space in zip(tokens, spaces, strict=True)]
    starts = accumulate(map(len, parts), initial=0)
    return "".join(parts), [(start, start + len(token)) for start, token in zip(starts, tokens, strict=False)]
