"""Which names of labels, relation types and attributes occur in other tools' files, and how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from annotator.core.codebook import AttributeType
from annotator.core.mapping import key_of

MOST_VALUES = 2_000
"""Different values of an attribute that are remembered, where a person is to look at them."""
ALL_VALUES = 200_000
"""The same where a codebook is to take all of them; no list of choices is longer."""


class SeenLabel(Struct):
    """A label of spans."""

    layer: str
    name: str
    times: int = 0
    example: str = ""


class SeenRelation(Struct):
    """A type of relations."""

    times: int = 0
    example: str = ""
    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Names of the labels of head and tail."""


class SeenAttribute(Struct):
    """An attribute of spans or relations."""

    times: int = 0
    bearers: set[str] = set()
    """Names of the labels whose spans have it."""
    on_relations: bool = False
    on_records: bool = False
    """Whether actor records have it."""
    values: dict[str, Any] = {}
    """Single values by what they look like, of lists their members, at most so many as ``most`` says."""
    most: int = MOST_VALUES
    lists: bool = False
    more: bool = False
    """Whether there are further values."""

    def see(self, value: Any) -> None:
        """Another value."""
        self.times += 1
        if isinstance(value, (list, tuple)):
            self.lists = True
        for each in value if isinstance(value, (list, tuple)) else (value,):
            shown = f"{type(each).__name__} {each}"
            if shown not in self.values:
                if len(self.values) >= self.most:
                    self.more = True
                    return
                self.values[shown] = each

    def add(self, other: SeenAttribute) -> None:
        """The values that were found elsewhere."""
        self.times += other.times
        self.bearers |= other.bearers
        self.on_relations |= other.on_relations
        self.on_records |= other.on_records
        self.lists |= other.lists
        for shown, value in other.values.items():
            if len(self.values) < self.most or shown in self.values:
                self.values.setdefault(shown, value)
            else:
                self.more = True
        self.more |= other.more


class FoundNames(Struct):
    """All of them, by the names that mappings have as keys."""

    labels: dict[str, SeenLabel] = {}
    relations: dict[str, SeenRelation] = {}
    attributes: dict[str, SeenAttribute] = {}
    types: dict[str, AttributeType] = {}
    """Of attributes, where the files say them."""
    most: int = MOST_VALUES
    """Values that are remembered of an attribute."""

    def add(self, other: FoundNames) -> None:
        """Take over what was found elsewhere."""
        for key, label in other.labels.items():
            seen = self.labels.setdefault(key, SeenLabel(label.layer, label.name))
            seen.times += label.times
            seen.example = seen.example or label.example
        for type_, relation in other.relations.items():
            known = self.relations.setdefault(type_, SeenRelation())
            known.times += relation.times
            known.ends += relation.ends
            known.example = known.example or relation.example
        for name, attribute in other.attributes.items():
            self._attribute(name).add(attribute)
        for name, type_ in other.types.items():
            self.types.setdefault(name, type_)

    def see_label(self, layer: str, name: str, example: str = "") -> str:
        """A span has this label; gives its key. ``example``: its words."""
        key = key_of(layer, name)
        seen = self.labels.get(key)
        if seen is None:
            seen = self.labels[key] = SeenLabel(layer, name, 0, example)
        seen.times += 1
        return key

    def see_relation(self, type_: str, head: str, tail: str, example: str = "") -> None:
        """A relation has this type, and runs between spans whose labels have these keys."""
        seen = self.relations.get(type_)
        if seen is None:
            seen = self.relations[type_] = SeenRelation(0, example)
        seen.times += 1
        seen.ends[head, tail] += 1

    def see_attribute(self, name: str, value: Any) -> SeenAttribute:
        """An attribute of this name has this value; gives what was seen of it, to add what has it."""
        seen = self._attribute(name)
        seen.see(value)
        return seen

    def _attribute(self, name: str) -> SeenAttribute:
        return self.attributes.setdefault(name, SeenAttribute(most=self.most))

    def see_attributes(self, attributes: Mapping[str, Any], bearer: str | None) -> None:
        """A span with the label ``bearer`` (None: a relation) has these attributes."""
        for name, value in attributes.items():
            if value is None or value == "" or value == []:
                continue
            seen = self.see_attribute(name, value)
            if bearer is None:
                seen.on_relations = True
            else:
                seen.bearers.add(bearer)
