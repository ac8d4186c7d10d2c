"""What is refused in a codebook that somebody has written by hand, and would be let pass in a project.

A project that a newer program or an older one has written may hold any of it, and is opened all the same.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from typing import Any
from unicodedata import category

from msgspec import Struct

from annotator.core.codebook import Attribute, Category, Codebook, Label, RelationType
from annotator.core.colours import colour_problem
from annotator.core.text import shown

PARTS: Mapping[str, type[Struct]] = {
    "labels": Label,
    "attributes": Attribute,
    "categories": Category,
    "relations": RelationType,
}
"""The tables of a file, and of what each is a list."""
TOP = ("name", "version", *PARTS)
"""The keys of a codebook itself."""
_BREAKS = ("Cc", "Zl", "Zp")
"""Unicode's general categories of control characters and of marks that end a line."""


def unknown_key(data: Mapping[str, Any]) -> str | None:
    """What key of the file's tables says nothing to the program, with the nearest one that does; or None."""
    for key in data:
        if key not in TOP:
            return _unknown(key, "the codebook", TOP)
    for part, row in PARTS.items():
        known = row.__struct_fields__
        rows = data.get(part)
        for nth, item in enumerate(rows if isinstance(rows, list) else (), start=1):
            for key in item if isinstance(item, Mapping) else ():
                if key not in known:
                    name = item.get("code" if part == "categories" else "name")
                    which = shown(name) if isinstance(name, str) else f"number {nth}"
                    return _unknown(key, f"[[{part}]] {which}", known)
    return None


def _unknown(key: str, table: str, known: list[str] | tuple[str, ...]) -> str:
    near = difflib.get_close_matches(key, known, n=1)
    hint = f"is {near[0]!r} meant?" if near else f"there are {', '.join(known)}"
    return f"{table} has the unknown key {shown(key)}; {hint}"


def oddity(codebook: Codebook) -> str | None:
    """What value of the codebook makes no sense in a file, as a sentence without its full stop; or None."""
    if codebook.version < 0:
        return f"the version must be 0 or more, not {codebook.version}"
    for what, words in _names(codebook):
        if has_break(words):
            return f"{what} {shown(words)} has a line break or a control character in it"
    for label in codebook.labels:
        wrong = colour_problem(label.colour)
        if wrong:
            return f"label {label.name}: {wrong}"
    for each in codebook.categories:
        if not all(segment.strip() for segment in each.code.split("/")):
            return f"the category code {shown(each.code)} has an empty part; write it like war/peace-talks"
    return None


def has_break(words: str) -> bool:
    """Whether a line break or a control character is in it."""
    return any(category(each) in _BREAKS for each in words)


def _names(codebook: Codebook) -> Iterator[tuple[str, str]]:
    """Everything that stands in one line of the window or of a file, with what it is."""
    yield "the name of the codebook", codebook.name
    for label in codebook.labels:
        yield "the label", label.name
        yield "the short name", label.short
        yield from (("the model's label", each) for each in label.models)
    for attribute in codebook.attributes:
        yield "the attribute", attribute.name
        yield "the title", attribute.title
        yield from (("the choice", each) for each in attribute.choices)
    for each in codebook.categories:
        yield "the category code", each.code
        yield "the title", each.title
    for relation in codebook.relation_types:
        yield "the relation", relation.name
        yield "the title", relation.title
