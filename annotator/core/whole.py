"""Deciding on a suggested claim as a whole: with its actors, the words that report it, and the links."""

from __future__ import annotations

from annotator.core.commands import Accept, Reject
from annotator.core.model import Kind, Relation, Span
from annotator.core.page import Page


def accepting(page: Page, span_id: str) -> Accept:
    """Accepts a suggested span; a claim together with the suggested relations in sight that start at it.

    Their other ends come along, as with every accepted relation.
    """
    return Accept((span_id,), tuple(each.id for each in _from_claim(page, span_id)))


def rejecting(page: Page, span_id: str) -> Reject:
    """Rejects a suggested span; a claim together with its relations, and the cues that no other one has.

    Actors stay: they may act or speak elsewhere all the same.
    """
    links = _from_claim(page, span_id)
    cues = [
        each.tail
        for each in links
        if (tail := page.suggestions.get(each.tail)) is not None
        and tail.kind is Kind.CUE
        and page.is_shown(tail)
        and all(other.head == span_id for other in page.visible_relations() if other.tail == each.tail)
    ]
    return Reject((span_id, *cues), tuple(each.id for each in links))


def by_claim(page: Page) -> dict[str, Span]:
    """By id of every suggested span in sight that hangs on suggested claims in sight, the first of them."""
    claims: dict[str, Span] = {}
    for link in page.visible_relations():
        head, tail = page.suggestions.get(link.head), page.suggestions.get(link.tail)
        if link.is_suggestion and head is not None and tail is not None and head.kind is Kind.CLAIM:
            if tail.kind is not Kind.CLAIM and (tail.id not in claims or head.order < claims[tail.id].order):
                claims[tail.id] = head
    return claims


def _from_claim(page: Page, span_id: str) -> list[Relation]:
    claim = page.suggestions.get(span_id)
    if claim is None or claim.kind is not Kind.CLAIM:
        return []
    return [each for each in page.visible_relations() if each.is_suggestion and each.head == span_id]
