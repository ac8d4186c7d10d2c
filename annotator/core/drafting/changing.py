"""Setting fields of one part of a draft, and the names and titles that go along with them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotator.core.codebook import Attribute, AttributeType, RelationType
from annotator.core.drafting.outline import slug, unique
from annotator.core.drafting.state import State
from annotator.core.records import replace


def changed(state: State, id_: int, fields: Mapping[str, Any]) -> State:
    """The state with other values in some fields of a part; see :meth:`Draft.change`."""
    named = state.named | {id_} if "name" in fields or "segment" in fields else state.named
    if id_ in state.labels:
        return replace(state, labels={**state.labels, id_: replace(state.labels[id_], **fields)})
    if id_ in state.choices:
        return replace(state, choices={**state.choices, id_: replace(state.choices[id_], **fields)})
    if id_ in state.attributes:
        before = state.attribute(id_)
        names = {each.name for other, each in state.attributes.items() if other != id_}
        fields = _with_default(before, fields)
        after = state.kept(id_, replace(before, **_with_name(state, id_, before, fields, names)))
        return replace(state, attributes={**state.attributes, id_: after}, named=named)
    if id_ in state.relations:
        relation = state.relations[id_]
        names = {each.name for other, each in state.relations.items() if other != id_}
        made = replace(relation, **_with_name(state, id_, relation, fields, names))
        return replace(state, relations={**state.relations, id_: made}, named=named)
    if id_ in state.nodes:
        node = replace(state.nodes[id_], **_with_segment(state, id_, fields))
        return replace(state, nodes={**state.nodes, id_: node}, named=named)
    return state


def free_segment(state: State, title: str, parent: int | None, but: int | None = None) -> str:
    """The last part of a code that goes with a title and that no category below the parent has."""
    taken = {state.nodes[each].segment for each in state.tree.get(parent, ()) if each != but}
    return unique(slug(title, "-") or "category", taken, "-")


def _follows(state: State, id_: int) -> bool:
    """Whether a name goes along with the title: that of a new part that nobody has set."""
    return id_ in state.new and id_ not in state.named


def _with_name(
    state: State, id_: int, before: Attribute | RelationType, fields: Mapping[str, Any], taken: set[str]
) -> dict[str, Any]:
    def usual(name: str) -> str:
        return name.replace("_", " ") if isinstance(before, RelationType) else name

    fields = dict(fields)
    if "name" in fields and before.title == usual(before.name):
        fields.setdefault("title", usual(fields["name"]))
    elif "title" in fields and _follows(state, id_):
        fields.setdefault("name", unique(slug(fields["title"], "_") or before.name, taken, "_"))
    return fields


def _with_default(before: Attribute, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """A default of another type is dropped, but that one choice becomes a list of one."""
    type_ = fields.get("type", before.type)
    if type_ is before.type or "default" in fields or before.default is None:
        return fields
    to_list = (before.type, type_) == (AttributeType.CHOICE, AttributeType.MULTI_CHOICE)
    return {**fields, "default": [before.default] if to_list else None}


def _with_segment(state: State, id_: int, fields: Mapping[str, Any]) -> dict[str, Any]:
    node, fields = state.nodes[id_], dict(fields)
    if "segment" in fields:
        fields["segment"] = fields["segment"].replace("/", "-")
        if node.title == state.codes[id_]:  # it has no title but its code
            above = "" if node.parent is None else f"{state.codes[node.parent]}/"
            fields.setdefault("title", above + fields["segment"])
    elif "title" in fields and _follows(state, id_):
        fields["segment"] = free_segment(state, fields["title"], node.parent, id_)
    return fields
