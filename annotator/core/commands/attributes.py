"""Setting attributes and notes of spans and relations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from msgspec import Struct

from annotator.core.changes import Change, ChangeSet, RelationChange, SpanChange
from annotator.core.commands.base import Desk
from annotator.core.errors import RuleError
from annotator.core.model import Relation, Span, Target
from annotator.core.records import replace
from annotator.core.validate import value_problem


def _updated(
    desk: Desk, target: Target, target_id: str, edit: Callable[[Span | Relation], dict[str, Any]]
) -> list[Change]:
    """The change of one own span or relation; a suggested span is accepted with it.

    ``edit`` gives the fields that become others, from the own record as it is without them.
    """
    if target == Target.RELATION:
        relation: Relation = desk.page.relation(target_id)
        if relation.is_suggestion:
            raise RuleError("this is still a suggestion", cure="Accept it first with Enter")
        changed = replace(relation, **edit(relation))
        return [] if changed == relation else [RelationChange(relation, replace(changed, updated=desk.now))]
    span: Span = desk.page.span(target_id)
    if span.is_suggestion:
        own, (_, decision) = desk.accepted(span)
        return [SpanChange(None, replace(own, **edit(own))), decision]
    edited = replace(span, **edit(span))
    return [] if edited == span else [SpanChange(span, replace(edited, updated=desk.now))]


class SetAttribute(Struct, frozen=True):
    """Set one attribute of a span or relation, or clear it with None."""

    target: Target
    id: str
    name: str
    value: Any
    verb: ClassVar[str] = "set_attribute"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError for an attribute or value that the codebook does not know."""
        if self.target == Target.SPAN:
            allowed = desk.codebook.attributes_of(desk.page.span(self.id).kind)
        else:
            allowed = desk.codebook.relation_attributes()
        attribute = next((each for each in allowed if each.name == self.name), None)
        if attribute is None:
            raise RuleError(f"the codebook has no attribute {self.name!r} here")
        if self.value is not None:
            problem = value_problem(attribute, self.value, desk.codebook)
            if problem:
                raise RuleError(problem)
        # As JSON gives it back: undo compares what the edit log kept with what is there.
        value = list(self.value) if isinstance(self.value, tuple) else self.value

        def edit(record: Span | Relation) -> dict[str, Any]:
            attributes = {k: v for k, v in record.attributes.items() if k != self.name}
            return {"attributes": attributes if value is None else attributes | {self.name: value}}

        changes = _updated(desk, self.target, self.id, edit)
        return f"Set {attribute.title.lower()}", desk.changes(changes)


class SetLabelNote(Struct, frozen=True):
    """Set or clear (None) the note of a span or relation."""

    target: Target
    id: str
    note: str | None
    verb: ClassVar[str] = "set_label_note"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError for a suggested relation."""
        changes = _updated(desk, self.target, self.id, lambda _: {"note": self.note or None})
        return f"Note on the {self.target}", desk.changes(changes)
