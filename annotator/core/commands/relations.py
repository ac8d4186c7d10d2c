"""Drawing, retyping, flipping and deleting relations."""

from __future__ import annotations

from typing import ClassVar

from msgspec import Struct

from annotator.core.changes import Change, ChangeSet, RelationChange
from annotator.core.codebook import RelationType
from annotator.core.commands.base import Desk
from annotator.core.errors import RuleError
from annotator.core.model import Kind, Relation, Span
from annotator.core.records import replace


def _rule(desk: Desk, name: str, head: Kind, tail: Kind) -> RelationType:
    rule = desk.codebook.relation_type(name)
    if rule is None:
        raise RuleError(f"the codebook has no relation type {name!r}")
    if not rule.allows(head, tail):
        raise RuleError(f"“{rule.title}” cannot run from {_a(head)} to {_a(tail)}")
    return rule


def _a(kind: Kind) -> str:
    return f"an {kind}" if kind in (Kind.ACTOR, Kind.ENTITY) else f"a {kind}"


def _new_here(desk: Desk, type_: str, head: str, tail: str, besides: str = "") -> None:
    if head == tail:
        raise RuleError("a relation needs two different spans")
    for each in desk.page.relations_of(head):
        if (each.type, each.head, each.tail) == (type_, head, tail) and each.id != besides:
            raise RuleError("this relation is already there")


class DrawRelation(Struct, frozen=True):
    """Link two spans; an end that is still a suggestion is accepted along with it.

    Where an open suggestion of the same type links the two, it is decided by it.
    """

    type: str
    head: str
    tail: str
    verb: ClassVar[str] = "draw_relation"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError where the type's rule forbids it or it is there already."""
        changes: list[Change] = []
        ends: list[Span] = []
        if self.head == self.tail:
            raise RuleError("a relation needs two different spans")
        for span_id in (self.head, self.tail):
            span = desk.page.span(span_id)
            if span.is_suggestion:
                span, made = desk.accepted(span)
                changes.extend(made)
            ends.append(span)
        head, tail = ends
        rule = _rule(desk, self.type, head.kind, tail.kind)
        _new_here(desk, self.type, head.id, tail.id)
        twin = self._suggested_already(desk)
        if twin is not None:
            changes += desk.accepted_relation(twin, head.id, tail.id)[1]
        else:
            changes.append(RelationChange(None, desk.new_relation(self.type, head.id, tail.id)))
        return f"Relate {desk.quote(head)} {rule.title} {desk.quote(tail)}", desk.changes(changes)

    def _suggested_already(self, desk: Desk) -> Relation | None:
        page = desk.page
        wanted = (self.type, self.head, self.tail)
        for each in page.relation_suggestions.values():
            seen = (each.type, page.stand_in(each.head), page.stand_in(each.tail))
            if seen == wanted and page.is_shown_relation(each):
                return each
        return None


def _own_relation(desk: Desk, relation_id: str) -> Relation:
    relation = desk.page.relation(relation_id)
    if relation.is_suggestion:
        raise RuleError("this is still a suggestion", cure="Accept it first with Enter")
    return relation


class RetypeRelation(Struct, frozen=True):
    """Give a relation another type."""

    relation: str
    type: str
    verb: ClassVar[str] = "retype_relation"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError where the new type's rule forbids it."""
        relation = _own_relation(desk, self.relation)
        head, tail = desk.page.span(relation.head), desk.page.span(relation.tail)
        rule = _rule(desk, self.type, head.kind, tail.kind)
        if relation.type == self.type:
            return "", desk.changes(())
        _new_here(desk, self.type, head.id, tail.id, besides=relation.id)
        after = replace(relation, type=self.type, origin=desk.origin, confidence=None, updated=desk.now)
        return f"Make it “{rule.title}”", desk.changes([RelationChange(relation, after)])


class FlipRelation(Struct, frozen=True):
    """Swap head and tail, with the first type that is legal that way round."""

    relation: str
    verb: ClassVar[str] = "flip_relation"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError where no type may run the other way."""
        relation = _own_relation(desk, self.relation)
        head, tail = desk.page.span(relation.tail), desk.page.span(relation.head)
        legal = [each.name for each in desk.codebook.relation_types_between(head.kind, tail.kind)]
        if not legal:
            raise RuleError(f"no relation may run from {_a(head.kind)} to {_a(tail.kind)}")
        type_ = relation.type if relation.type in legal else legal[0]
        _new_here(desk, type_, head.id, tail.id, besides=relation.id)
        after = replace(
            relation,
            type=type_,
            head=head.id,
            tail=tail.id,
            origin=desk.origin,
            confidence=None,
            updated=desk.now,
        )
        return "Flip the relation", desk.changes([RelationChange(relation, after)])


class DeleteRelation(Struct, frozen=True):
    """Remove an own relation; its spans stay."""

    relation: str
    verb: ClassVar[str] = "delete_relation"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError for a suggestion, which is rejected instead."""
        relation = _own_relation(desk, self.relation)
        rule = desk.codebook.relation_type(relation.type)
        changes: list[Change] = [RelationChange(relation, None)]
        changes.extend(desk.reject_instead(relation.suggestion, relation.id))
        title = rule.title if rule else relation.type
        return f"Delete the relation “{title}”", desk.changes(changes)
