"""Aliases and attributes of actor records in cells: as the table of actors has them, or as JSON.

JSON is there for what would not come back equal: names with white space at their ends, say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from annotator.core.codebook import Attribute, Codebook
from annotator.core.errors import Problem
from annotator.core.model import Alias, Property
from annotator.formats import actors_csv
from annotator.formats.base import Intake, Source
from annotator.formats.cells import json_cell, json_value


def aliases_cell(aliases: Sequence[Alias]) -> str:
    """A record's aliases in one cell."""
    plain = " | ".join(actors_csv.alias_cell(each) for each in aliases)
    if aliases_of(plain) == _alias_values(aliases):
        return plain
    return json_cell(_alias_values(aliases))


def _alias_values(aliases: Sequence[Alias]) -> list[Any]:
    return [
        {"name": each.name, "language": each.language} if each.language else each.name for each in aliases
    ]


def aliases_of(cell: str) -> list[Any]:
    """A cell's aliases as ``annotator/1`` has them."""
    if cell.startswith("[") and isinstance(found := json_value(cell), list):
        return found
    return _alias_values(list(actors_csv.read_aliases(cell)))


def properties_cell(properties: Sequence[Property], attribute: Attribute | None, codebook: Codebook) -> str:
    """A record's values of one attribute in one cell."""
    if not properties:
        return ""
    values = _property_values(properties)
    if attribute is not None:
        plain = " | ".join(actors_csv.property_cell(each) for each in properties)
        back, problems = properties_of(plain, attribute.name, attribute, Intake(Source("", b""), codebook))
        if not problems and json_cell(back) == json_cell(values):
            return plain
    return json_cell([{key: each[key] for key in ("value", "since", "until")} for each in values])


def _property_values(properties: Sequence[Property]) -> list[dict[str, Any]]:
    return [
        {"name": each.name, "value": each.value, "since": each.since or None, "until": each.until or None}
        for each in properties
    ]


def properties_of(
    cell: str, name: str, attribute: Attribute | None, intake: Intake
) -> tuple[list[dict[str, Any]], list[Problem]]:
    """A cell's values as ``annotator/1`` has them, and what is wrong with them.

    One of an attribute that the codebook lacks may be any.
    """
    if not cell.strip():
        return [], []
    if cell.startswith("[") and isinstance(found := json_value(cell), list):
        return [{"name": name, **each} if isinstance(each, dict) else each for each in found], []
    if attribute is None:
        return [{"name": name, "value": cell, "since": None, "until": None}], []
    aside = Intake(Source("", b""), intake.codebook, lacking=intake.lacking)
    checked = not intake.extends and attribute in intake.codebook.attributes
    values = actors_csv.read_properties(cell, attribute, aside, "", checked=checked)
    return _property_values(values), aside.problems
