"""Making, relabelling, resizing and deleting spans."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from annotator.core.changes import Change, ChangeSet, RelationChange, SpanChange
from annotator.core.commands.base import Desk
from annotator.core.errors import RuleError
from annotator.core.model import Fragments, Kind, Relation, Span, normalise_fragments
from annotator.core.records import replace
from annotator.core.validate import fragment_problem


def _checked(desk: Desk, fragments: Fragments) -> Fragments:
    joined = normalise_fragments(fragments)
    problem = fragment_problem(joined, desk.page.text)
    if problem:
        raise RuleError(problem, where=desk.page.article.title)
    return joined


def _known_label(desk: Desk, kind: Kind, label: str) -> None:
    if desk.codebook.label(kind, label) is None:
        raise RuleError(f"the codebook has no {kind} label {label!r}")


class MakeSpan(Struct, frozen=True):
    """Label a stretch of text. Where an open suggestion in sight lies exactly there, it is decided by it."""

    kind: Kind
    label: str
    fragments: Fragments
    verb: ClassVar[str] = "make_span"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError for an unknown label, an impossible range, or an equal own span."""
        _known_label(desk, self.kind, self.label)
        fragments = _checked(desk, self.fragments)
        for own in desk.page.own_over(self.kind, fragments):
            if own.label == self.label:
                raise RuleError(f"{desk.quote(own)} is already labelled {self.label}")
        twins = (desk.page.suggestions[each] for each in desk.page.suggested_over(self.kind, fragments))
        twin = next((each for each in twins if desk.page.is_shown(each)), None)
        if twin is not None:
            span, changes = desk.accepted(twin, kind=self.kind, label=self.label)
        else:
            span = desk.new_span(self.kind, self.label, fragments)
            changes = [SpanChange(None, span)]
        return f"Label {desk.quote(span)} as {self.label}", desk.changes(changes)


class Relabel(Struct, frozen=True):
    """Give a span another label; a suggestion is accepted as that label."""

    span: str
    kind: Kind
    label: str
    verb: ClassVar[str] = "relabel"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError where one of the span's relations would break its type's rule."""
        _known_label(desk, self.kind, self.label)
        span = desk.page.span(self.span)
        title = f"Label {desk.quote(span)} as {self.label}"
        if span.is_suggestion:
            _, changes = desk.accepted(span, kind=self.kind, label=self.label)
            return title, desk.changes(changes)
        if (span.kind, span.label) == (self.kind, self.label):
            return title, desk.changes(())
        attributes = span.attributes
        actor = span.actor
        if span.kind != self.kind:
            self._check_relations(desk, span)
            known = {each.name for each in desk.codebook.attributes_of(self.kind)}
            kept = {name: value for name, value in span.attributes.items() if name in known}
            attributes = desk.codebook.defaults(self.kind) | kept
            actor = span.actor if self.kind == Kind.ACTOR else None
        after = replace(
            span,
            kind=self.kind,
            label=self.label,
            attributes=attributes,
            actor=actor,
            origin=desk.origin,
            confidence=None,
            updated=desk.now,
        )
        return title, desk.changes([SpanChange(span, after)])

    def _check_relations(self, desk: Desk, span: Span) -> None:
        for relation in desk.page.relations_of(span.id):
            rule = desk.codebook.relation_type(relation.type)
            head = self.kind if relation.head == span.id else desk.page.span(relation.head).kind
            tail = self.kind if relation.tail == span.id else desk.page.span(relation.tail).kind
            if rule is not None and not rule.allows(head, tail):
                raise RuleError(
                    f"as {self.label} it could not keep its relation “{rule.title}”",
                    cure="Delete that relation first",
                )


class MoveEdges(Struct, frozen=True):
    """Let a span cover other fragments; a suggestion is accepted with them."""

    span: str
    fragments: Fragments
    verb: ClassVar[str] = "move_edges"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError for an impossible range."""
        span = desk.page.span(self.span)
        fragments = _checked(desk, self.fragments)
        changes: list[Change] = []
        if span.is_suggestion:
            after, changes = desk.accepted(span, fragments=fragments)
        elif fragments != span.fragments:
            after = replace(span, fragments=fragments, origin=desk.origin, confidence=None, updated=desk.now)
            changes = [SpanChange(span, after)]
        else:
            after = span
        return f"Move the edges of {desk.quote(after)}", desk.changes(changes)


class DeleteSpan(Struct, frozen=True):
    """Remove an own span together with its relations."""

    span: str
    verb: ClassVar[str] = "delete_span"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError for a suggestion, which is rejected instead.

        A decision that made one of them turns into a rejection, so that the suggestion does not
        come back in its place.
        """
        span = desk.own_span(self.span)
        relations = desk.page.relations_of(span.id)
        changes: list[Change] = [RelationChange(relation, None) for relation in relations]
        changes.append(SpanChange(span, None))
        gone: list[Span | Relation] = [*relations, span]
        for label in gone:
            changes.extend(desk.reject_instead(label.suggestion, label.id))
        count = len(relations)
        also = "" if not count else " and its relation" if count == 1 else f" and its {count} relations"
        return f"Delete {span.label} {desk.quote(span)}{also}", desk.changes(changes)
