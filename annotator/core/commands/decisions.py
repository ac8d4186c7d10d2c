"""Accepting and rejecting suggestions."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from annotator.core.changes import Change, ChangeSet, DecisionChange, RelationChange
from annotator.core.commands.base import Desk
from annotator.core.errors import RuleError
from annotator.core.model import Relation, Span, Target, Verdict
from annotator.core.text import counted


def _suggested(desk: Desk, span_ids: tuple[str, ...]) -> list[Span]:
    spans = [desk.page.span(each) for each in dict.fromkeys(span_ids)]
    if not all(span.is_suggestion for span in spans):
        raise RuleError("this is your own label already, not a suggestion")
    return spans


def _what(desk: Desk, spans: list[Span], relations: tuple[str, ...]) -> str:
    if len(spans) == 1:
        links = f" with {counted(len(relations), 'relation')}" if relations else ""
        return f"{spans[0].label} {desk.quote(spans[0])}{links}"
    return counted(len(spans) + len(relations), "suggestion")


class Accept(Struct, frozen=True):
    """Accept suggestions as they stand: each becomes an own span or relation of the annotator.

    A relation's end that is still a suggestion is accepted along with it.
    """

    suggestions: tuple[str, ...]
    """Ids of suggested spans."""
    relations: tuple[str, ...] = ()
    """Ids of suggested relations."""
    verb: ClassVar[str] = "accept"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError for a suggestion that is already decided or that the codebook forbids."""
        spans = _suggested(desk, self.suggestions)
        made: dict[str, Span] = {}
        changes: list[Change] = []
        for span in spans:
            changes.extend(_made_once(desk, span, made))
        drawn: set[tuple[str, str, str]] = set()
        for each in dict.fromkeys(self.relations):
            suggestion = _suggested_relation(desk, each)
            accepted = _accepting(desk, suggestion, made)[1]
            new = next(e.after for e in accepted if isinstance(e, RelationChange) and e.after is not None)
            if (new.type, new.head, new.tail) not in drawn:
                drawn.add((new.type, new.head, new.tail))
                changes.extend(accepted)
        # what is made first, then the decisions: runs of one kind are saved at once
        changes.sort(key=lambda change: isinstance(change, DecisionChange))
        return f"Accept {_what(desk, spans, self.relations)}", desk.changes(changes)


class Reject(Struct, frozen=True):
    """Reject suggestions: this annotator does not see them again. A relation's ends stay as they are."""

    suggestions: tuple[str, ...]
    """Ids of suggested spans."""
    relations: tuple[str, ...] = ()
    """Ids of suggested relations."""
    verb: ClassVar[str] = "reject"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError for a suggestion that is already decided."""
        spans = _suggested(desk, self.suggestions)
        if not all(desk.page.is_open(span) for span in spans):
            raise RuleError("this suggestion is already decided", cure="Ctrl+Z takes it back")
        relations = [_suggested_relation(desk, each) for each in dict.fromkeys(self.relations)]
        gone: list[tuple[str, Target]] = [(each.id, Target.SPAN) for each in spans]
        gone += [(each.id, Target.RELATION) for each in relations]
        changes = [
            DecisionChange(None, desk.decision(each, target, Verdict.REJECTED, None)) for each, target in gone
        ]
        return f"Reject {_what(desk, spans, self.relations)}", desk.changes(changes)


def _suggested_relation(desk: Desk, relation_id: str) -> Relation:
    relation = desk.page.relation(relation_id)
    if not relation.is_suggestion:
        raise RuleError("this is your own label already, not a suggestion")
    if not desk.page.is_open_relation(relation):
        raise RuleError("this suggestion is already decided", cure="Ctrl+Z takes it back")
    return relation


def _made_once(desk: Desk, suggestion: Span, made: dict[str, Span]) -> list[Change]:
    """The changes that accept a suggested span; none where the same edit has made a span of its kind there.

    ``made`` holds the own spans that the edit has made, by the suggestion's id; grows.
    """
    if suggestion.id in made:
        return []
    for other in made.values():
        if (other.kind, other.fragments) == (suggestion.kind, suggestion.fragments):
            made[suggestion.id] = other
            return []
    made[suggestion.id], changes = desk.accepted(suggestion)
    return changes


def _accepting(desk: Desk, suggestion: Relation, made: dict[str, Span]) -> tuple[str, list[Change]]:
    """What a suggested relation says, and the changes that accept it with its undecided ends.

    ``made`` holds the own spans that the same edit has made, by the suggestion's id; grows.
    """
    changes: list[Change] = []
    ends: list[Span] = []
    for span_id in (suggestion.head, suggestion.tail):
        span = made.get(span_id) or desk.page.span(desk.page.stand_in(span_id) or span_id)
        if span.is_suggestion:
            changes.extend(_made_once(desk, span, made))
            span = made[span.id]
        ends.append(span)
    head, tail = ends
    rule = desk.codebook.relation_type(suggestion.type)
    if rule is None or not rule.allows(head.kind, tail.kind):
        raise RuleError(f"the codebook does not allow “{suggestion.type}” here")
    changes += desk.accepted_relation(suggestion, head.id, tail.id)[1]
    return f"{desk.quote(head)} {rule.title} {desk.quote(tail)}", changes


class AcceptRelation(Struct, frozen=True):
    """Accept a suggested relation, and those of its ends that are still suggestions."""

    suggestion: str
    verb: ClassVar[str] = "accept_relation"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError for one that is decided or whose type's rule forbids it."""
        suggestion = _suggested_relation(desk, self.suggestion)
        title, changes = _accepting(desk, suggestion, {})
        return f"Accept {title}", desk.changes(changes)


class RejectRelation(Struct, frozen=True):
    """Reject a suggested relation; its ends stay as they are."""

    suggestion: str
    verb: ClassVar[str] = "reject_relation"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError for a suggestion that is already decided."""
        suggestion = _suggested_relation(desk, self.suggestion)
        decision = desk.decision(suggestion.id, Target.RELATION, Verdict.REJECTED, None)
        return "Reject the suggested relation", desk.changes([DecisionChange(None, decision)])
