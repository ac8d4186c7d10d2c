"""Mappings as TOML files, which a person writes or corrects, see :class:`ImportMapping`.

.. code-block:: toml

   extend = true

   [fields]
   Lead = "title"
   Page = "meta"

   [labels]
   PER = "entity:Person"
   "custom.Layer:X" = "claim:Claim"
   MISC = ""

   [relations]
   SAYS = "made_by"
   BY = { type = "made_by", turned = true }

   [attributes]
   Polarity = "stance"
   Lemma = ""

Names on the left are those of the files; ``""`` leaves out what is called so.
"""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

from annotator.core.errors import InputError
from annotator.core.mapping import FIELDS, LEFT_OUT, META, ImportMapping, RelationEnds, SpanLabel
from annotator.core.model import Kind
from annotator.core.text import shown

_TABLES = ("fields", "labels", "relations", "attributes")
_KINDS = ", ".join(Kind)


def mapping_from_toml(text: str, where: str = "mapping") -> ImportMapping:
    """A mapping from TOML text. Raises InputError that says what is wrong, in one line."""
    import tomllib  # only where a mapping is read, not at every start

    try:
        data = tomllib.loads(text)
    except ValueError as error:  # a TOMLDecodeError, or a number with thousands of digits
        raise InputError(f"this is not valid TOML: {error}", where=where, cure=_QUOTE) from error
    except RecursionError as error:
        raise InputError(
            "this is not valid TOML: it has too many brackets in brackets",
            where=where,
            cure="--propose-map writes one to begin with",
        ) from error
    for key in data:
        if key not in (*_TABLES, "extend"):
            near = get_close_matches(key, (*_TABLES, "extend"), 1)
            cure = f"Did you mean {near[0]}?" if near else f"It may have {', '.join(_TABLES)} and extend"
            raise InputError(f"a mapping has no {shown(key)}", where=where, cure=cure)
    extend = data.get("extend", False)
    if not isinstance(extend, bool):
        raise _fail(f"“extend” must be true or false, not {shown(extend)}", where, "Write extend = true")
    tables = {name: _table(data, name, where) for name in _TABLES}

    def read(name: str, one: Any) -> dict[str, Any]:
        return {key: one(key, value, where) for key, value in tables[name].items()}

    return ImportMapping(
        fields=read("fields", _field),
        labels=read("labels", _label),
        relations=read("relations", _relation),
        attributes=read("attributes", _attribute),
        extend=extend,
    )


_QUOTE = "Put names with other characters than letters, digits, - and _ in quotes"


def _table(data: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, dict):
        raise InputError(f"“{name}” must be a table, not {shown(table)}", where=where, cure=f"Write [{name}]")
    return table


def _fail(what: str, where: str, cure: str) -> InputError:
    return InputError(what, where=where, cure=cure)


def _field(name: str, value: Any, where: str) -> str:
    if not isinstance(value, str) or value not in (*FIELDS, META, LEFT_OUT):
        cure = f'A column is one of {", ".join(FIELDS)}, or {META}, or "" to leave it out'
        raise _fail(f"the column “{name}” cannot be {shown(value)}", where, cure)
    return value


def _label(name: str, value: Any, where: str) -> SpanLabel | None:
    if isinstance(value, dict):  # PER.x = …, where “PER.x” is one name
        raise _fail(f"the label “{name}” cannot be {shown(value)}", where, _QUOTE)
    if value == LEFT_OUT:
        return None
    kind, colon, label = value.partition(":") if isinstance(value, str) else ("", "", "")
    if kind.strip() not in Kind or not colon or not label.strip():
        cure = f'Write "KIND:NAME", where the kind is one of {_KINDS}, or "" to leave it out'
        raise _fail(f"the label “{name}” cannot be {shown(value)}", where, cure)
    return SpanLabel(Kind(kind.strip()), label.strip())


def _relation(name: str, value: Any, where: str) -> RelationEnds | None:
    if value == LEFT_OUT:
        return None
    if isinstance(value, str):
        return RelationEnds(value)
    if isinstance(value, dict) and value.keys() <= {"type", "turned"}:
        type_, turned = value.get("type"), value.get("turned", False)
        if isinstance(type_, str) and type_ and isinstance(turned, bool):
            return RelationEnds(type_, turned)
    cure = 'Write "TYPE", or { type = "TYPE", turned = true }, or "" to leave it out'
    raise _fail(f"the relation “{name}” cannot be {shown(value)}", where, cure)


def _attribute(name: str, value: Any, where: str) -> str:
    if not isinstance(value, str):
        cure = 'Write the name of an attribute of the codebook, or "" to leave it out'
        raise _fail(f"the attribute “{name}” cannot be {shown(value)}", where, cure)
    return value


def mapping_to_toml(mapping: ImportMapping) -> str:
    """TOML text that :func:`mapping_from_toml` reads back to an equal mapping."""
    import tomli_w

    labels = {name: f"{each.kind}:{each.name}" if each else "" for name, each in mapping.labels.items()}
    relations = {name: _written(each) for name, each in mapping.relations.items()}
    tables = {
        "fields": dict(mapping.fields),
        "labels": labels,
        "relations": relations,
        "attributes": dict(mapping.attributes),
    }
    data: dict[str, Any] = {"extend": mapping.extend}
    return tomli_w.dumps(data | {name: table for name, table in tables.items() if table})


def _written(each: RelationEnds | None) -> str | dict[str, Any]:
    if each is None:
        return LEFT_OUT
    return {"type": each.type, "turned": True} if each.turned else each.type
