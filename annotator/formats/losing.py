"""What formats cannot hold, in one vocabulary, so that each format only says what it can.

A writer calls :func:`count_common` with each line. It counts what the format does not hold and gives the
line back without what has to be left out of it: suggestions, relations, overlapping spans.
"""

from __future__ import annotations

from bisect import bisect, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any

from annotator.core.model import ActorRecord, Article, Relation, Span, State, Status
from annotator.core.pending import UNSET
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.core.span_rows import Columns, SpanRows
from annotator.formats.output import Losses


class Held(StrEnum):
    """What a format may hold; the value is what people read, in the plural."""

    SUGGESTIONS = "suggestions"
    """Undecided spans and relations."""
    REJECTED = "rejected suggestions"
    RELATIONS = "relations"
    DISCONTINUOUS = "discontinuous spans"
    """Held however it is done, also as one piece per fragment that belong together."""
    OVERLAPS = "overlapping spans"
    """Any two spans that share a character, nested ones and those of equal extent too."""
    SPAN_ATTRIBUTES = "attributes of spans"
    RELATION_ATTRIBUTES = "attributes of relations"
    ACTORS = "actor records of spans"
    """That a span means an actor record: at least its name."""
    ACTOR_DETAILS = "actor records with details"
    """Types, aliases, attributes, external ids and notes of the records."""
    SPAN_NOTES = "notes on spans"
    RELATION_NOTES = "notes on relations"
    ARTICLE_NOTES = "notes on articles"
    FLAGS = "flags of articles"
    STATUSES = "statuses of articles"
    """Other than “new”."""
    ANNOTATORS = "names of annotators"
    """Whose the labels of a line are."""
    CONFIDENCES = "confidences"
    """Of spans and relations."""
    ORIGINS = "origins of labels"
    """Other than that the line's annotator made them."""
    TITLES = "titles of articles"
    METADATA = "articles with metadata"
    """Publisher, author, URL, date, language, external id, and whatever else came with the article."""
    FURNITURE = "ranges of furniture"


def cannot_hold(holds: Iterable[Held]) -> tuple[str, ...]:
    """What a format that holds these cannot hold, for ``Format.cannot_hold``."""
    held = frozenset(holds)
    return tuple(each.value for each in Held if each not in held)


_LEFT_OUT = "left out"
_FATES = {Held.DISCONTINUOUS: "written as one stretch from their first to their last fragment"}


def count_common(
    labels: ArticleLabels,
    losses: Losses,
    holds: frozenset[Held],
    fates: Mapping[Held, str] | None = None,
) -> ArticleLabels:
    """Count what a format that holds only ``holds`` loses of a line; gives the line as it can write it.

    The line that comes back has no suggestions, rejected ones, relations, overlapping or discontinuous
    spans where they are not held: of overlapping spans the longest stay, then the first; a discontinuous
    one becomes one stretch; a relation goes with its ends. What goes altogether is counted once, not its
    attributes and notes too. All else stays in the line, for the writer to pass over.

    What belongs to an article (title, metadata, furniture) or to a record is counted once per export,
    however many lines have it. ``fates``: what becomes of something where it is not “left out”.
    """
    told = {**_FATES, **(fates or {})}

    def lose(what: Held, number: int, once: str = "") -> None:
        if number and what not in holds:
            losses.add(what.value, told.get(what, _LEFT_OUT), number, once=once)

    if not isinstance(labels.spans, SpanRows) or labels.relations:
        labels = _decided(labels, holds, losses, lose)
    labels = _written(labels, holds, losses, lose)
    article, progress, spans, relations = labels.article, labels.progress, labels.spans, labels.relations
    if isinstance(spans, SpanRows):
        for what, among in _AMONG_ROWS:
            if what not in holds:
                lose(what, among(spans.rows))
    else:
        for what, number in _OF_SPANS:
            if what not in holds:
                lose(what, sum(map(number, spans)))
    for what, times in _OF_RELATIONS:
        if what not in holds:
            lose(what, sum(map(times, relations)))
    if Held.ORIGINS not in holds:
        lose(Held.ORIGINS, other_origins(labels.annotator, spans, relations))
    if Held.ACTORS in holds and Held.ACTOR_DETAILS not in holds:
        if isinstance(spans, SpanRows):
            meant = {row[7] for row in spans.rows}
        else:
            meant = {each.actor for each in spans}
        for record in labels.actors:
            if record.id in meant and _has_details(record):
                lose(Held.ACTOR_DETAILS, 1, record.id)
    lose(Held.ARTICLE_NOTES, 1 if progress.note else 0)
    lose(Held.FLAGS, 1 if progress.flagged else 0)
    lose(Held.STATUSES, 0 if progress.status is Status.NEW else 1)
    lose(Held.ANNOTATORS, 0 if labels.annotator is None else 1)
    key = article.id or article.sha256
    lose(Held.TITLES, 1 if article.title else 0, key)
    lose(Held.METADATA, 1 if _has_metadata(article) else 0, key)
    lose(Held.FURNITURE, len(article.furniture), key)
    return labels


type _Lose = Callable[[Held, int], None]


def _decided(labels: ArticleLabels, holds: frozenset[Held], losses: Losses, lose: _Lose) -> ArticleLabels:
    """The line without the suggestions that the format does not hold."""
    gone = set()
    both: list[Span | Relation] = [*labels.spans, *labels.relations]
    for state, what in ((State.SUGGESTED, Held.SUGGESTIONS), (State.REJECTED, Held.REJECTED)):
        if what not in holds:
            gone.add(state)
            lose(what, sum(each.state is state for each in both))
    if not gone:
        return labels
    spans = tuple(each for each in labels.spans if each.state not in gone)
    ids = {each.id for each in spans}
    left = [each for each in labels.relations if each.state not in gone]
    relations = [each for each in left if each.head in ids and each.tail in ids]
    losses.add("relations of suggestions that are left out", _LEFT_OUT, len(left) - len(relations))
    return replace(labels, spans=spans, relations=tuple(relations))


def _written(labels: ArticleLabels, holds: frozenset[Held], losses: Losses, lose: _Lose) -> ArticleLabels:
    """The line without the relations and shapes of spans that the format does not hold."""
    spans, relations = labels.spans, labels.relations
    if Held.DISCONTINUOUS not in holds and not isinstance(spans, SpanRows):
        lose(Held.DISCONTINUOUS, sum(1 for each in spans if len(each.fragments) > 1))
        spans = tuple(
            replace(each, fragments=((each.start, each.end),)) if len(each.fragments) > 1 else each
            for each in spans
        )
    if Held.RELATIONS not in holds:
        lose(Held.RELATIONS, len(relations))
        relations = ()
    if Held.OVERLAPS not in holds:
        kept = without_overlaps(spans)
        lose(Held.OVERLAPS, len(spans) - len(kept))
        spans = kept
        ids = {each.id for each in spans}
        joined = tuple(each for each in relations if each.head in ids and each.tail in ids)
        if len(joined) < len(relations):
            losses.add("relations of overlapping spans", _LEFT_OUT, len(relations) - len(joined))
            relations = joined
    if spans is labels.spans and relations is labels.relations:
        return labels
    return replace(labels, spans=spans, relations=relations)


def other_origins(annotator: str | None, spans: Sequence[Span], relations: Sequence[Relation]) -> int:
    """How many of them somebody or something else than the line's annotator has made."""
    own = ("", f"annotator:{annotator}")
    others = sum(each.origin not in own for each in relations)
    if isinstance(spans, SpanRows):
        origins = [row[9] for row in spans.rows]
        return others + len(origins) - sum(map(origins.count, own))
    return others + sum(each.origin not in own for each in spans)


def confident(rows: Sequence[Columns]) -> int:
    """How many of them have a confidence."""
    return sum([row[10] is not None for row in rows])


def without_overlaps(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Spans no two of which share a character, in the order given: the longest stay, then the first."""
    kept: list[tuple[int, int]] = []
    """Fragments, in order."""
    ids: set[str] = set()
    for span in sorted(spans, key=lambda each: (each.start - each.end, each.order)):
        places = [bisect(kept, (start, end)) for start, end in span.fragments]
        if all(
            (place == 0 or kept[place - 1][1] <= start) and (place == len(kept) or kept[place][0] >= end)
            for place, (start, end) in zip(places, span.fragments, strict=True)
        ):
            ids.add(span.id)
            for fragment in span.fragments:
                insort(kept, fragment)
    return tuple(span for span in spans if span.id in ids)


def _values(record: Span | Relation) -> int:
    """How many of its attributes say something."""
    return sum(1 for value in record.attributes.values() if says_something(value))


@lru_cache(maxsize=10_000)
def _values_in(data: str) -> int:
    """The same of attributes as JSON text, which repeat."""
    from orjson import loads

    return sum(1 for value in loads(data).values() if says_something(value))


def says_something(value: Any) -> bool:
    """Whether an attribute's value is one: not none, no empty text or list, not the choice “unset”."""
    return value is not None and value != UNSET and value not in ("", [], ())


_OF_SPANS: tuple[tuple[Held, Callable[[Span], int]], ...] = (
    (Held.SPAN_ATTRIBUTES, _values),
    (Held.ACTORS, lambda span: span.actor is not None),
    (Held.SPAN_NOTES, lambda span: bool(span.note)),
    (Held.CONFIDENCES, lambda span: span.confidence is not None),
)
_AMONG_ROWS: tuple[tuple[Held, Callable[[Sequence[Columns]], int]], ...] = (
    (Held.SPAN_ATTRIBUTES, lambda rows: sum([_values_in(row[6]) for row in rows if row[6] != "{}"])),
    (Held.ACTORS, lambda rows: sum([row[7] is not None for row in rows])),
    (Held.SPAN_NOTES, lambda rows: sum([bool(row[15]) for row in rows])),
    (Held.CONFIDENCES, confident),
)
"""The same of all spans that are rows; as lists, which are quicker to count than generators."""
_OF_RELATIONS: tuple[tuple[Held, Callable[[Relation], int]], ...] = (
    (Held.RELATION_ATTRIBUTES, _values),
    (Held.RELATION_NOTES, lambda relation: bool(relation.note)),
    (Held.CONFIDENCES, lambda relation: relation.confidence is not None),
)


def _has_metadata(article: Article) -> bool:
    known = (article.publisher, article.author, article.url, article.published, article.language)
    return bool(article.meta) or any(known) or article.external_id is not None


def _has_details(record: ActorRecord) -> bool:
    return bool(
        record.type != "other" or record.aliases or record.properties or record.external_id or record.note
    )
