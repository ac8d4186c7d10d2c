"""Accepting and rejecting suggestions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from annotator.core.changes import Change, ChangeSet, DecisionChange
from annotator.core.commands.base import Desk
from annotator.core.errors import RuleError
from annotator.core.model import Relation, Span, Target, Verdict


def _suggested(desk: Desk, span_ids: tuple[str, ...]) -> list[Span]:
    spans = [desk.page.span(each) for each in dict.fromkeys(span_ids)]
    if not all(span.is_suggestion for span in spans):
        raise RuleError("this is your own label already, not a suggestion")
    return spans


def _what(desk: Desk, spans: list[Span]) -> str:
    if len(spans) == 1:
        return f"{spans[0].label} {desk.quote(spans[0])}"
    return f"{len(spans)} suggestions"


@dataclass(frozen=True, slots=True)
class Accept:
    """Accept suggested spans as they stand: each becomes an own span of the annotator."""

    suggestions: tuple[str, ...]
    verb: ClassVar[str] = "accept"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError for a suggestion that is already decided."""
        spans = _suggested(desk, self.suggestions)
        changes: list[Change] = []
        for span in spans:
            changes.extend(desk.accepted(span)[1])
        return f"Accept {_what(desk, spans)}", desk.changes(changes)


@dataclass(frozen=True, slots=True)
class Reject:
    """Reject suggested spans: this annotator does not see them again."""

    suggestions: tuple[str, ...]
    verb: ClassVar[str] = "reject"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError for a suggestion that is already decided."""
        spans = _suggested(desk, self.suggestions)
        if not all(desk.page.is_open(span) for span in spans):
            raise RuleError("this suggestion is already decided", cure="Ctrl+Z takes it back")
        changes = [
            DecisionChange(None, desk.decision(span.id, Target.SPAN, Verdict.REJECTED, None))
            for span in spans
        ]
        return f"Reject {_what(desk, spans)}", desk.changes(changes)


def _suggested_relation(desk: Desk, relation_id: str) -> Relation:
    relation = desk.page.relation(relation_id)
    if not relation.is_suggestion:
        raise RuleError("this is your own label already, not a suggestion")
    if not desk.page.is_open_relation(relation):
        raise RuleError("this suggestion is already decided", cure="Ctrl+Z takes it back")
    return relation


@dataclass(frozen=True, slots=True)
class AcceptRelation:
    """Accept a suggested relation, and those of its ends that are still suggestions."""

    suggestion: str
    verb: ClassVar[str] = "accept_relation"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError for one that is decided or whose type's rule forbids it."""
        suggestion = _suggested_relation(desk, self.suggestion)
        changes: list[Change] = []
        ends: list[Span] = []
        for span_id in (suggestion.head, suggestion.tail):
            span = desk.page.span(desk.page.stand_in(span_id) or span_id)
            if span.is_suggestion:
                span, made = desk.accepted(span)
                changes.extend(made)
            ends.append(span)
        head, tail = ends
        rule = desk.codebook.relation_type(suggestion.type)
        if rule is None or not rule.allows(head.kind, tail.kind):
            raise RuleError(f"the codebook does not allow “{suggestion.type}” here")
        changes += desk.accepted_relation(suggestion, head.id, tail.id)[1]
        return f"Accept {desk.quote(head)} {rule.title} {desk.quote(tail)}", desk.changes(changes)


@dataclass(frozen=True, slots=True)
class RejectRelation:
    """Reject a suggested relation; its ends stay as they are."""

    suggestion: str
    verb: ClassVar[str] = "reject_relation"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError for a suggestion that is already decided."""
        suggestion = _suggested_relation(desk, self.suggestion)
        decision = desk.decision(suggestion.id, Target.RELATION, Verdict.REJECTED, None)
        return "Reject the suggested relation", desk.changes([DecisionChange(None, decision)])
