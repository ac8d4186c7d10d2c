"""The project's label scheme: labels, attributes, categories, relation types, keys, colours.

A codebook is read from a mapping (parsed TOML or JSON) by :func:`codebook_from` and turned back into
one by :func:`codebook_to`; the two are inverse. The project file stores it as JSON.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Any

from msgspec import Struct

from annotator.core.errors import InputError
from annotator.core.model import Kind
from annotator.core.text import shown

RESERVED_KEYS = frozenset("rtxgnfpi/?[]{}")
"""Keys of the window that no label may take (compared without case)."""

OWN_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class AttributeType(StrEnum):
    """What values an attribute takes."""

    CHOICE = "choice"
    MULTI_CHOICE = "multi-choice"
    CATEGORIES = "categories"
    BOOLEAN = "boolean"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"


class Label(Struct, frozen=True, kw_only=True):
    """One label of one span kind. ``colour`` names an entry of the palette, or is an own ``#rrggbb``."""

    name: str
    kind: Kind
    key: str = ""
    colour: str = "neutral"
    description: str = ""
    short: str = ""
    """What stands above the words on the page; empty: the name in small letters."""
    guideline: str = ""
    """When to use it and when not, in Markdown; ``description`` is its one-line summary."""
    models: tuple[str, ...] = ()
    """Labels of the model's entity recogniser that mean this label, e.g. GPE, LOC, FAC."""

    @property
    def shown(self) -> str:
        """What stands above the words on the page."""
        return self.short or self.name.lower()


class Attribute(Struct, frozen=True, kw_only=True):
    """A property of the spans of some ``kinds``, of ``relations``, or of actor ``records``."""

    name: str
    type: AttributeType
    kinds: frozenset[Kind] = frozenset()
    relations: bool = False
    records: bool = False
    """Of actor records, where a value may hold from one day to another."""
    title: str = ""
    choices: tuple[str, ...] = ()
    default: Any = None
    required: bool = False
    guideline: str = ""
    """How to choose its value, in Markdown."""


class Category(Struct, frozen=True, kw_only=True):
    """A node of the tree of claim categories; ``code`` is its full path, e.g. ``sanctions/relief``."""

    code: str
    title: str = ""
    definition: str = ""


class RelationType(Struct, frozen=True, kw_only=True):
    """A kind of link with the rule of what it may join."""

    name: str
    heads: frozenset[Kind]
    tails: frozenset[Kind]
    title: str = ""
    description: str = ""
    guideline: str = ""
    """When to draw it and when not, in Markdown."""

    def allows(self, head: Kind, tail: Kind) -> bool:
        """Whether it may run from a span of kind ``head`` to one of kind ``tail``."""
        return head in self.heads and tail in self.tails


class Codebook(Struct, frozen=True, kw_only=True, dict=True):
    """A whole label scheme."""

    name: str
    version: int = 1
    labels: tuple[Label, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    categories: tuple[Category, ...] = ()
    relation_types: tuple[RelationType, ...] = ()

    @cached_property
    def _by_name(self) -> dict[tuple[Kind, str], Label]:
        return {(label.kind, label.name): label for label in self.labels}

    @cached_property
    def _codes(self) -> set[str]:
        return {category.code for category in self.categories}

    def label(self, kind: Kind, name: str) -> Label | None:
        """The label of that kind and name, or None."""
        return self._by_name.get((kind, name))

    def has_category(self, code: Any) -> bool:
        """Whether there is a category of that code."""
        return isinstance(code, str) and code in self._codes

    def relation_type(self, name: str) -> RelationType | None:
        """The relation type of that name, or None."""
        return next((each for each in self.relation_types if each.name == name), None)

    def relation_types_between(self, head: Kind, tail: Kind) -> list[RelationType]:
        """The types that may run from a span of kind ``head`` to one of kind ``tail``, in order."""
        return [each for each in self.relation_types if each.allows(head, tail)]

    def attributes_of(self, kind: Kind) -> list[Attribute]:
        """The attributes that spans of a kind have, in order."""
        return [each for each in self.attributes if kind in each.kinds]

    def relation_attributes(self) -> list[Attribute]:
        """The attributes that relations have, in order."""
        return [each for each in self.attributes if each.relations]

    def record_attributes(self) -> list[Attribute]:
        """The attributes that actor records have, in order."""
        return [each for each in self.attributes if each.records]

    def defaults(self, kind: Kind) -> dict[str, Any]:
        """The attributes that a new span of a kind starts with."""
        return {a.name: a.default for a in self.attributes_of(kind) if a.default is not None}

    def model_labels(self) -> dict[str, Label]:
        """Which label each label of the entity recogniser means; those missing are not suggested."""
        return {model: label for label in self.labels for model in label.models}


def codebook_from_toml(text: str, where: str = "codebook") -> Codebook:
    """A codebook from TOML text. Raises InputError that says what is wrong.

    It is stricter than :func:`codebook_from` with what a person may have mistyped.
    """
    import tomllib  # only where a codebook is read from a file, not at every start

    try:
        data = tomllib.loads(text)
    except ValueError as error:  # a TOMLDecodeError, or a number with thousands of digits
        raise InputError(f"this is not valid TOML: {error}", where=where) from error
    except RecursionError as error:
        raise InputError(
            "this is not valid TOML: it has too many brackets in brackets", where=where
        ) from error
    # Imported here, for what is wrong in a file is told in terms of this module.
    from annotator.core.codebook_file import oddity, unknown_key

    cure = "Correct the codebook and load it again"
    if unknown := unknown_key(data):
        raise InputError(unknown, where=where, cure=cure)
    codebook = codebook_from(data, where)
    if odd := oddity(codebook):
        raise InputError(odd, where=where, cure=cure)
    return codebook


def codebook_from(data: Any, where: str = "codebook") -> Codebook:
    """A codebook from a mapping. Raises InputError for anything else, missing, unknown or contradictory."""
    reader = _Reader(where)
    if not isinstance(data, Mapping):
        reader.fail("it must be a table with a name and labels")
    labels = tuple(reader.label(item) for item in reader.tables(data, "labels"))
    attributes = tuple(reader.attribute(item) for item in reader.tables(data, "attributes"))
    relation_types = tuple(reader.relation_type(item) for item in reader.tables(data, "relations"))
    categories = tuple(reader.category(item) for item in reader.tables(data, "categories"))
    reader.unique("label", ((label.kind, label.name) for label in labels))
    reader.unique("key", (label.key for label in labels if label.key))
    reader.unique("attribute", (attribute.name for attribute in attributes))
    reader.unique("relation type", (each.name for each in relation_types))
    reader.unique("category", (category.code for category in categories))
    for label in labels:
        if label.key and (len(label.key) != 1 or label.key in RESERVED_KEYS):
            reader.fail(f"the key {label.key!r} of label {label.name} is taken by the window")
    codebook = Codebook(
        name=reader.text(data, "name"),
        version=reader.number(data, "version", 1),
        labels=labels,
        attributes=attributes,
        categories=categories,
        relation_types=relation_types,
    )
    reader.defaults(codebook)
    return codebook


class _Reader:
    """Reads parts of a codebook's mapping, naming the place of whatever is wrong."""

    def __init__(self, where: str) -> None:
        self.where = where

    def fail(self, what: str) -> InputError:
        raise InputError(what, where=self.where, cure="Correct the codebook and load it again")

    def text(self, data: Mapping[str, Any], key: str, default: str | None = None) -> str:
        value = data.get(key, default)
        if not isinstance(value, str) or (default is None and not value):
            self.fail(f"{key!r} must be a text, not {shown(value)}")
        return str(value)

    def texts(self, data: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fail(f"{key!r} must be a list of texts, not {shown(value)}")
        return tuple(value)

    def number(self, data: Mapping[str, Any], key: str, default: int) -> int:
        value = data.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            self.fail(f"{key!r} must be a whole number, not {shown(value)}")
        if abs(value) >= 1 << 53:
            self.fail(f"{key!r} is too large a number")
        return int(value)

    def defaults(self, codebook: Codebook) -> None:
        # Imported here, for the rules are written in terms of this module.
        from annotator.core.validate import value_problem

        for attribute in codebook.attributes:
            wrong = attribute.default is not None and value_problem(attribute, attribute.default, codebook)
            if wrong:
                self.fail(f"the default of attribute {attribute.name!r} is not allowed: {wrong}")

    def tables(self, data: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
        value = data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
            self.fail(f"{key!r} must be a list of tables")
        return iter(value)

    def flag(self, data: Mapping[str, Any], key: str) -> bool:
        value = data.get(key, False)
        if not isinstance(value, bool):
            self.fail(f"{key!r} must be true or false, not {shown(value)}")
        return bool(value)

    def kinds(self, data: Mapping[str, Any], key: str) -> frozenset[Kind]:
        value = data.get(key, [])
        try:
            return frozenset(Kind(item) for item in ([value] if isinstance(value, str) else value))
        except (ValueError, TypeError):
            self.fail(f"{key!r} must name span kinds (entity, actor, claim, cue), not {shown(value)}")
            raise

    def unique(self, what: str, names: Iterator[Any]) -> None:
        seen: set[Any] = set()
        for name in names:
            if name in seen:
                shown = name if isinstance(name, str) else " ".join(name)
                self.fail(f"{what} {shown!r} stands there twice")
            seen.add(name)

    def label(self, data: Mapping[str, Any]) -> Label:
        name = self.text(data, "name")
        kinds = self.kinds(data, "kind")
        if len(kinds) != 1:
            self.fail(f"label {name!r} needs one 'kind': entity, actor, claim or cue")
        return Label(
            name=name,
            kind=next(iter(kinds)),
            key=self.text(data, "key", "").lower(),
            colour=self.text(data, "colour", "neutral"),
            description=self.text(data, "description", ""),
            short=self.text(data, "short", ""),
            guideline=self.text(data, "guideline", ""),
            models=self.texts(data, "models"),
        )

    def attribute(self, data: Mapping[str, Any]) -> Attribute:
        name = self.text(data, "name")
        try:
            type_ = AttributeType(data.get("type", ""))
        except ValueError:
            self.fail(f"attribute {name!r} has the unknown type {shown(data.get('type'))}")
            raise
        choices = self.texts(data, "choices")
        if type_ in (AttributeType.CHOICE, AttributeType.MULTI_CHOICE) and not choices:
            self.fail(f"attribute {name!r} needs 'choices'")
        return Attribute(
            name=name,
            type=type_,
            kinds=self.kinds(data, "kinds"),
            relations=self.flag(data, "relations"),
            records=self.flag(data, "records"),
            title=self.text(data, "title", name),
            choices=choices,
            default=data.get("default"),
            required=self.flag(data, "required"),
            guideline=self.text(data, "guideline", ""),
        )

    def category(self, data: Mapping[str, Any]) -> Category:
        code = self.text(data, "code")
        return Category(
            code=code,
            title=self.text(data, "title", code),
            definition=self.text(data, "definition", ""),
        )

    def relation_type(self, data: Mapping[str, Any]) -> RelationType:
        name = self.text(data, "name")
        heads, tails = self.kinds(data, "heads"), self.kinds(data, "tails")
        if not heads or not tails:
            self.fail(f"relation type {name!r} needs 'heads' and 'tails'")
        return RelationType(
            name=name,
            heads=heads,
            tails=tails,
            title=self.text(data, "title", name.replace("_", " ")),
            description=self.text(data, "description", ""),
            guideline=self.text(data, "guideline", ""),
        )


def codebook_to(codebook: Codebook) -> dict[str, Any]:
    """The mapping that :func:`codebook_from` reads back to an equal codebook."""
    return {
        "name": codebook.name,
        "version": codebook.version,
        "labels": [
            {
                "name": label.name,
                "kind": str(label.kind),
                "key": label.key,
                "colour": label.colour,
                "description": label.description,
                "short": label.short,
                "guideline": label.guideline,
                "models": list(label.models),
            }
            for label in codebook.labels
        ],
        "attributes": [
            {
                "name": a.name,
                "type": str(a.type),
                "kinds": sorted(a.kinds),
                "relations": a.relations,
                "records": a.records,
                "title": a.title,
                "choices": list(a.choices),
                "required": a.required,
                "guideline": a.guideline,
            }
            | ({} if a.default is None else {"default": a.default})
            for a in codebook.attributes
        ],
        "categories": [
            {"code": c.code, "title": c.title, "definition": c.definition} for c in codebook.categories
        ],
        "relations": [
            {
                "name": each.name,
                "heads": sorted(each.heads),
                "tails": sorted(each.tails),
                "title": each.title,
                "description": each.description,
                "guideline": each.guideline,
            }
            for each in codebook.relation_types
        ],
    }
