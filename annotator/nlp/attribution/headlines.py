"""Attributions without a verb: “Poll: voters are angry”, “TRUMP: “I won””, ““I won” — Donald Trump”."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from msgspec import Struct

from annotator.nlp.attribution.parse import NOMINAL, VERBAL, Parse, Range
from annotator.nlp.attribution.quotations import Quotations

_LONGEST_NAME = 8
_LONGEST_LINE = 14
_DASHES = frozenset({"―", "—", "–", "--", "-"})
_EVIDENCE = frozenset({"poll", "report", "study", "survey", "reports", "polls"})
_NO_SOURCES = frozenset(
    {
        "image",
        "photo",
        "picture",
        "video",
        "update",
        "updated",
        "note",
        "caption",
        "source",
        "related",
        "read",
    }
)


class Line(Struct, frozen=True):
    """What such a line says: token ranges, and the token of its mark (colon or dash)."""

    head: int
    source: Range
    cue: int
    content: Range
    confidence: float
    rule: str


def colon_lines(parse: Parse, quotations: Quotations, cities: Collection[str]) -> list[Line]:
    """A name, a colon and what they say, as headlines and interviews have it; no dateline of a city."""
    found: list[Line] = []
    for start, end in _lines(parse):
        if end - start < 4:
            continue
        for colon in range(start + 1, min(start + _LONGEST_NAME, end - 2)):
            if parse.texts[colon] != ":" or quotations.at(colon) is not None:
                continue
            if not _is_name(parse, start, colon) or _words(parse, start, colon).title() in cities:
                break
            content = (colon + 1, _sentence_end(parse, quotations, colon + 1, end))
            quoted = quotations.speech_at(colon + 1) is not None
            clause = any(parse.pos[token] in VERBAL for token in range(*content))
            heads_paragraph = start == 0 or parse.paragraphs[start] != parse.paragraphs[start - 1]
            named = heads_paragraph and parse.entities[colon - 1] == "PERSON" and content[1] - content[0] < 20
            if clause or quoted or named:
                sure = 0.85 if quoted else 0.65
                found.append(
                    Line(
                        _head(parse, start, colon),
                        _trimmed(parse, start, colon),
                        colon,
                        content,
                        sure,
                        "colon line",
                    )
                )
            break
    return found


def _lines(parse: Parse) -> Iterator[Range]:
    """Sentences; one that ends in a colon goes on with the next of its paragraph."""
    sentences = iter(parse.sentences)
    for start, end in sentences:
        if (
            parse.texts[end - 1] == ":"
            and end < parse.size
            and parse.paragraphs[end] == parse.paragraphs[start]
        ):
            end = next(sentences, (start, end))[1]
        yield start, end


def _sentence_end(parse: Parse, quotations: Quotations, start: int, end: int) -> int:
    quotation = quotations.speech_at(start)
    return max(quotation.last + 1, start + 1) if quotation is not None else end


def _is_name(parse: Parse, start: int, end: int) -> bool:
    """Nothing but a noun phrase that could speak: no verb, no label such as “Image”."""
    if any(parse.pos[token] in VERBAL or parse.texts[token] in ",;" for token in range(start, end)):
        return False
    if parse.lower[start] in _NO_SOURCES:
        return False
    if any(parse.lower[token] in _EVIDENCE for token in range(start, end)):
        return True
    return parse.pos[end - 1] in NOMINAL and any(
        parse.entities[token] in ("PERSON", "ORG", "GPE", "NORP") for token in range(start, end)
    )


def _words(parse: Parse, start: int, end: int) -> str:
    return " ".join(parse.texts[start:end])


def _trimmed(parse: Parse, start: int, end: int) -> Range:
    """A name without punctuation and spaces around it."""
    words = [token for token in range(start, end) if parse.is_word(token)]
    return (words[0], words[-1] + 1) if words else (start, end)


def _head(parse: Parse, start: int, end: int) -> int:
    return next((t for t in range(start, end) if not start <= parse.heads[t] < end), end - 1)


def dash_quotations(parse: Parse, quotations: Quotations) -> list[Line]:
    """A quotation, a dash and a name."""
    found: list[Line] = []
    for quotation in quotations.all:
        dash = parse.after(quotation.last)
        if dash is None or parse.texts[dash] not in _DASHES or not quotation.is_speech:
            continue
        end = dash + 1
        while end < parse.size and "\n" not in parse.texts[end] and end - dash <= _LONGEST_LINE:
            end += 1
        if end - dash > _LONGEST_LINE or end == dash + 1:
            continue
        words = range(dash + 1, end)
        if any(parse.pos[token] in VERBAL for token in words) or not any(
            parse.pos[token] == "PROPN" for token in words
        ):
            continue
        found.append(
            Line(
                _head(parse, dash + 1, end),
                _trimmed(parse, dash + 1, end),
                dash,
                (quotation.first, quotation.last + 1),
                0.92,
                "dash quotation",
            )
        )
    return found
