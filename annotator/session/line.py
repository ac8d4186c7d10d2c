"""One annotator's line of an article while it is being merged with the others."""

from __future__ import annotations

import base64
import hashlib

from msgspec import Struct

from annotator.core.model import Decision, Fragments, Kind, Relation, Span, State
from annotator.core.ports import ArticleLabels
from annotator.core.text import overlaps

type Ends = tuple[str, str, str]
"""Type, head and tail of a relation."""


class Known(Struct):
    """What is known about one annotator and the suggested spans, or relations."""

    listed: set[str] = set()
    """Suggestions that the annotator's line lists."""
    made: dict[str, str] = {}
    """Own label → the suggestion that it came from."""
    decided: dict[str, Decision] = {}
    """Suggestion → the annotator's decision on it."""

    def closed(self, suggestion: str) -> bool:
        """Whether it is known what the annotator thinks of a suggestion."""
        return suggestion in self.listed or suggestion in self.decided


class Line:
    """One annotator's line of the article, and what becomes known about it."""

    def __init__(self, place: str, labels: ArticleLabels) -> None:
        self.place = place
        self.annotator = labels.annotator
        self.progress = labels.progress
        self.spans = {span.id: span for span in labels.spans if span.state == State.ACCEPTED}
        self.relations = [each for each in labels.relations if each.state == State.ACCEPTED]
        self.suggested_spans = [span for span in labels.spans if span.state != State.ACCEPTED]
        self.suggested_relations = [each for each in labels.relations if each.state != State.ACCEPTED]
        self.of_spans, self.of_relations = Known(), Known()
        self._over = {(span.kind, span.fragments): span for span in reversed(self.spans.values())}

    def over(self, about: Span) -> Span | None:
        """The annotator's first span of the same kind over the same fragments, which hides a suggestion."""
        return self._over.get((about.kind, about.fragments))

    def stands_in(self, end: str, suggestion: Span) -> bool:
        """Whether ``end`` is what the annotator sees in place of a suggested span."""
        if suggestion.id in self.of_spans.listed:
            return end == suggestion.id
        decision = self.of_spans.decided.get(suggestion.id)
        if decision is not None:
            return decision.made == end
        hiding = self.over(suggestion)
        return hiding is not None and hiding.id == end

    def sees(self, suggestion: Span) -> bool:
        """Whether the annotator has anything in place of a suggested span."""
        decision = self.of_spans.decided.get(suggestion.id)
        if suggestion.id in self.of_spans.listed:
            return True
        return decision.made is not None if decision is not None else self.over(suggestion) is not None


def is_model(origin: str) -> bool:
    """Whether an origin is a model's or rule's, and not a person's."""
    return not origin.startswith(("annotator:", "import:"))


def key_of(span: Span) -> tuple[Kind, str, Fragments]:
    """What makes two suggested spans the same."""
    return span.kind, span.label, span.fragments


def ends_of(relation: Relation) -> Ends:
    """What makes two suggested relations the same."""
    return relation.type, relation.head, relation.tail


def sides_of(relation: Relation) -> tuple[tuple[str, str], tuple[str, str]]:
    """The two sides of a relation with the spans that it joins."""
    return ("head", relation.head), ("tail", relation.tail)


def shared(one: Span, other: Span) -> int:
    """How many code points two spans share."""
    return sum(
        min(first[1], second[1]) - max(first[0], second[0])
        for first in one.fragments
        for second in other.fragments
        if overlaps(first, second)
    )


def lasting_id(*parts: object) -> str:
    """An id of 18 characters that depends on nothing but its parts."""
    digest = hashlib.sha256("\n".join(map(str, parts)).encode()).digest()
    return base64.b32encode(digest[:15]).decode().lower()[:18]
