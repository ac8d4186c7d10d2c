"""Setting attributes and notes of spans and relations."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from annotator.core.changes import Change, ChangeSet, RelationChange, SpanChange
from annotator.core.codebook import Attribute
from annotator.core.commands.base import Desk
from annotator.core.errors import RuleError
from annotator.core.model import Relation, Span, Target
from annotator.core.validate import value_problem


def _updated(desk: Desk, target: Target, target_id: str, **fields: Any) -> list[Change]:
    """The change of one own span or relation; a suggested span is accepted with it."""
    if target == Target.RELATION:
        relation: Relation = desk.page.relation(target_id)
        if relation.is_suggestion:
            raise RuleError("this is still a suggestion", cure="Accept it first with Enter")
        changed = replace(relation, **fields, updated=desk.now)
        return (
            []
            if replace(changed, updated=relation.updated) == relation
            else [RelationChange(relation, changed)]
        )
    span: Span = desk.page.span(target_id)
    if span.is_suggestion:
        own, (_, decision) = desk.accepted(span)
        if "attributes" in fields:
            fields["attributes"] = {**own.attributes, **fields["attributes"]}
        return [SpanChange(None, replace(own, **fields)), decision]
    edited = replace(span, **fields, updated=desk.now)
    return [] if replace(edited, updated=span.updated) == span else [SpanChange(span, edited)]


@dataclass(frozen=True, slots=True)
class SetAttribute:
    """Set one attribute of a span or relation, or clear it with None."""

    target: Target
    id: str
    name: str
    value: Any
    verb: ClassVar[str] = "set_attribute"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError for an attribute or value that the codebook does not know."""
        record: Span | Relation
        allowed: list[Attribute]
        if self.target == Target.SPAN:
            record = span = desk.page.span(self.id)
            allowed = desk.codebook.attributes_of(span.kind)
        else:
            record = desk.page.relation(self.id)
            allowed = desk.codebook.relation_attributes()
        attribute = next((each for each in allowed if each.name == self.name), None)
        if attribute is None:
            raise RuleError(f"the codebook has no attribute {self.name!r} here")
        if self.value is not None:
            problem = value_problem(attribute, self.value, desk.codebook)
            if problem:
                raise RuleError(problem)
        attributes = {k: v for k, v in record.attributes.items() if k != self.name}
        if self.value is not None:
            attributes[self.name] = self.value
        changes = _updated(desk, self.target, self.id, attributes=attributes)
        return f"Set {attribute.title.lower()}", desk.changes(changes)


@dataclass(frozen=True, slots=True)
class SetLabelNote:
    """Set or clear (None) the note of a span or relation."""

    target: Target
    id: str
    note: str | None
    verb: ClassVar[str] = "set_label_note"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError for a suggested relation."""
        changes = _updated(desk, self.target, self.id, note=self.note or None)
        return f"Note on the {self.target}", desk.changes(changes)
