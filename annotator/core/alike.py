"""Which suggestions are decided together: those of equal text and label, or of enough confidence."""

from __future__ import annotations

from collections.abc import Container, Iterable

from msgspec import Struct

from annotator.core.model import Fragments, Kind, Relation, Span
from annotator.core.page import Page
from annotator.core.text import slice_of


class Alike(Struct, frozen=True):
    """What equal suggested spans share: kind, label, and the text with each run of whitespace as one space.

    Case counts: “us” is not “US”.
    """

    kind: Kind
    label: str
    text: str


def alike_of(page: Page, span: Span) -> Alike:
    """What a span shares with those that are equal to it."""
    return Alike(span.kind, span.label, plain(slice_of(page.text, span.fragments)))


def plain(text: str) -> str:
    """The text with each run of whitespace as one space."""
    return " ".join(text.split())


def equal_spans(page: Page, wanted: Alike) -> tuple[str, ...]:
    """Ids of the open suggested spans that share text and label, in text order."""
    return tuple(
        span.id
        for span in page.open_suggestions()
        if (span.kind, span.label) == (wanted.kind, wanted.label) and alike_of(page, span) == wanted
    )


def equal_relations(page: Page, relation: Relation) -> tuple[str, ...]:
    """Ids of the open suggested relations of the same type between spans of equal text and label."""
    head, tail = page.span(relation.head), page.span(relation.tail)
    wanted = (relation.type, alike_of(page, head), alike_of(page, tail))
    return tuple(
        each.id
        for each in page.visible_relations()
        if each.is_suggestion
        and each.type == relation.type
        and (each.type, alike_of(page, page.span(each.head)), alike_of(page, page.span(each.tail))) == wanted
    )


def confident(
    page: Page, least: float, among: Container[str] | None = None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of the open suggested spans, and of the relations, with at least that confidence (0 to 1).

    ``among``: ids of those that come into question, where not all do. See :func:`sure_ones`.
    """
    spans = (each for each in page.open_suggestions() if among is None or each.id in among)
    links = (each for each in page.visible_relations() if each.is_suggestion)
    return sure_ones(spans, (each for each in links if among is None or each.id in among), least)


def sure_ones(
    spans: Iterable[Span], relations: Iterable[Relation], least: float
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Ids of those suggestions with at least that confidence (0 to 1).

    A suggestion without a confidence is never among them; of several labels of one kind for the same
    words only the surest is.
    """
    kept = surest(each for each in spans if sure(each, least))
    return kept, tuple(each.id for each in relations if sure(each, least))


def surest(spans: Iterable[Span]) -> tuple[str, ...]:
    """Ids of the suggested spans, of one kind over the same fragments only the most confident."""
    best: dict[tuple[Kind, Fragments], Span] = {}
    for span in spans:
        other = best.setdefault((span.kind, span.fragments), span)
        if (span.confidence or 0.0) > (other.confidence or 0.0):
            best[span.kind, span.fragments] = span
    return tuple(span.id for span in best.values())


def sure(suggestion: Span | Relation, least: float) -> bool:
    """Whether a suggestion has at least that confidence."""
    return suggestion.confidence is not None and suggestion.confidence >= least
