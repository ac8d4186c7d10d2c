"""What a draft consists of at one moment: parts by id, and where the words of the first codebook went."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from annotator.core.codebook import Attribute, AttributeType, Category, Codebook, Label, RelationType
from annotator.core.moves import Move, Part
from annotator.core.records import replace

type Words = tuple[Part, tuple[str, ...]]


class Ref(Struct, frozen=True):
    """A choice or category that a default names; it follows renaming."""

    id: int


class Choice(Struct, frozen=True):
    """One choice of an attribute."""

    attribute: int
    text: str


class Node(Struct, frozen=True):
    """One category: its parent's id (None: at the top) and the last part of its code."""

    parent: int | None
    segment: str
    title: str = ""
    definition: str = ""


class State(Struct, frozen=True, dict=True):
    """Never altered. The order of the parts is that of the mappings.

    Attributes are kept without their choices, and with references in their defaults; see :meth:`attribute`.
    """

    name: str
    labels: Mapping[int, Label]
    attributes: Mapping[int, Attribute]
    choices: Mapping[int, Choice]
    nodes: Mapping[int, Node]
    relations: Mapping[int, RelationType]
    fates: Mapping[Words, int | None]
    """For every word of the codebook that was opened: the part that bears its labels now, or None."""
    new: frozenset[int] = frozenset()
    """Parts that the codebook that was opened did not have."""
    named: frozenset[int] = frozenset()
    """New parts whose name somebody has set, so that it no longer follows the title."""

    @cached_property
    def tree(self) -> Mapping[int | None, tuple[int, ...]]:
        """The categories below each one, and (None) at the top, in order."""
        found: dict[int | None, list[int]] = {}
        for id_, node in self.nodes.items():
            found.setdefault(node.parent, []).append(id_)
        return {parent: tuple(children) for parent, children in found.items()}

    @cached_property
    def codes(self) -> Mapping[int, str]:
        """Every category's full code."""
        found: dict[int, str] = {}
        waiting: list[tuple[int, str]] = [(id_, "") for id_ in self.tree.get(None, ())]
        while waiting:
            id_, above = waiting.pop()
            found[id_] = above + self.nodes[id_].segment
            waiting += [(child, f"{found[id_]}/") for child in self.tree.get(id_, ())]
        return found

    @cached_property
    def _choices_of(self) -> Mapping[int, tuple[int, ...]]:
        found: dict[int, list[int]] = {}
        for id_, choice in self.choices.items():
            found.setdefault(choice.attribute, []).append(id_)
        return {attribute: tuple(ids) for attribute, ids in found.items()}

    def choices_of(self, attribute: int) -> tuple[int, ...]:
        """The ids of an attribute's choices, in order."""
        return self._choices_of.get(attribute, ())

    def attribute(self, id_: int) -> Attribute:
        """An attribute as it would be in the codebook."""
        kept = self.attributes[id_]
        choices = tuple(self.choices[each].text for each in self.choices_of(id_))
        return replace(kept, choices=choices, default=self._value(kept.default))

    def _value(self, default: Any) -> Any:
        if isinstance(default, Ref):
            choice = self.choices.get(default.id)
            return self.codes.get(default.id) if choice is None else choice.text
        if isinstance(default, list):
            return [each for each in map(self._value, default) if each is not None] or None
        return default

    def kept(self, id_: int, attribute: Attribute) -> Attribute:
        """An attribute as it is kept: what its default names is a reference."""
        words: Mapping[str, int] = {}
        if attribute.type in (AttributeType.CHOICE, AttributeType.MULTI_CHOICE):
            words = {self.choices[each].text: each for each in self.choices_of(id_)}
        elif attribute.type is AttributeType.CATEGORIES:
            words = {code: each for each, code in self.codes.items()}

        def refer(value: Any) -> Any:
            if isinstance(value, (list, tuple)):
                return [refer(each) for each in value]
            return Ref(words[value]) if isinstance(value, str) and value in words else value

        return replace(attribute, choices=(), default=refer(attribute.default))

    def codebook(self, version: int) -> Codebook:
        """The codebook that these parts make, valid or not."""
        return Codebook(
            name=self.name,
            version=version,
            labels=tuple(self.labels.values()),
            attributes=tuple(map(self.attribute, self.attributes)),
            categories=tuple(
                Category(code=self.codes[id_], title=node.title, definition=node.definition)
                for id_, node in self.nodes.items()
            ),
            relation_types=tuple(self.relations.values()),
        )

    # -- removing -------------------------------------------------------------------------------

    def family(self, id_: int) -> frozenset[int]:
        """A part and what goes with it: the choices of an attribute, everything below a category."""
        found = [id_, *(self.choices_of(id_) if id_ in self.attributes else ())]
        if id_ in self.nodes:
            for each in found:  # grows while it is gone through
                found += self.tree.get(each, ())
        return frozenset(found)

    def without(self, gone: Collection[int], instead: Mapping[int, int] | None = None) -> State:
        """The state without these parts; ``instead``: what defaults name in the place of some."""
        instead = instead or {}

        def refer(default: Any) -> Any:
            if isinstance(default, list):
                return list(dict.fromkeys(each for each in map(refer, default) if each is not None)) or None
            if isinstance(default, Ref) and default.id in gone:
                return Ref(instead[default.id]) if default.id in instead else None
            return default

        def left[Value](rows: Mapping[int, Value]) -> dict[int, Value]:
            return {id_: row for id_, row in rows.items() if id_ not in gone}

        return replace(
            self,
            labels=left(self.labels),
            attributes={
                id_: replace(each, default=refer(each.default)) for id_, each in left(self.attributes).items()
            },
            choices=left(self.choices),
            nodes=left(self.nodes),
            relations=left(self.relations),
            fates={old: None if now in gone else now for old, now in self.fates.items()},
        )

    # -- what became of the words ---------------------------------------------------------------

    def words(self, id_: int) -> Words | None:
        """The part and words by which labels name this part now; None where it is not there."""
        if id_ in self.labels:
            return Part.LABEL, (str(self.labels[id_].kind), self.labels[id_].name)
        if id_ in self.attributes:
            return Part.ATTRIBUTE, (self.attributes[id_].name,)
        if id_ in self.choices:
            choice = self.choices[id_]
            return Part.CHOICE, (self.attributes[choice.attribute].name, choice.text)
        if id_ in self.nodes:
            return Part.CATEGORY, (self.codes[id_],)
        if id_ in self.relations:
            return Part.RELATION, (self.relations[id_].name,)
        return None

    def moves(self, original: Codebook) -> tuple[Move, ...]:
        """What became of the original's words, where it is something else. See :class:`Move`.

        An attribute whose type is another one now loses its values, unless they can become those. What
        goes along with its attribute anyhow needs no move of its own.
        """
        types = {each.name: each.type for each in original.attributes}
        return tuple(self._moves(types))

    def _moves(self, types: Mapping[str, AttributeType]) -> Iterator[Move]:
        for (part, old), now in self.fates.items():
            words = self._new_words(part, old, now, types)
            if part is Part.CHOICE:
                attribute = self._new_words(
                    Part.ATTRIBUTE, old[:1], self.fates[(Part.ATTRIBUTE, old[:1])], types
                )
                if attribute is None or words == (*attribute, old[1]):
                    continue
            if words != old:
                yield Move(part, old, words)

    def _new_words(
        self, part: Part, old: tuple[str, ...], now: int | None, types: Mapping[str, AttributeType]
    ) -> tuple[str, ...] | None:
        found = None if now is None else self.words(now)
        if found is None:
            return None
        if part is Part.ATTRIBUTE and now is not None and not _fits(types[old[0]], self.attributes[now].type):
            return None
        return found[1]


def _fits(before: AttributeType, after: AttributeType) -> bool:
    """Whether values of one type can become those of another: one choice becomes a list of one."""
    return before is after or (before, after) == (AttributeType.CHOICE, AttributeType.MULTI_CHOICE)


def state_of(codebook: Codebook, ids: Iterator[int]) -> State:
    """The state in which a codebook is opened; parts get the next ids."""
    labels = {next(ids): each for each in codebook.labels}
    relations = {next(ids): each for each in codebook.relation_types}
    bare = {next(ids): each for each in codebook.attributes}
    choices = {
        next(ids): Choice(attribute, text) for attribute, each in bare.items() for text in each.choices
    }
    by_code = {each.code: next(ids) for each in codebook.categories}
    nodes = {}
    for each in codebook.categories:
        above, _, segment = each.code.rpartition("/")
        parent = by_code.get(above) if above else None
        name = each.code if parent is None else segment
        nodes[by_code[each.code]] = Node(parent, name, each.title, each.definition)
    made = State(codebook.name, labels, bare, choices, nodes, relations, {})
    made = replace(made, attributes={id_: made.kept(id_, each) for id_, each in bare.items()})
    fates: dict[Words, int | None] = {}
    for id_ in (*labels, *bare, *choices, *nodes, *relations):
        words = made.words(id_)
        assert words is not None
        fates[words] = id_
    return replace(made, fates=fates)


def category_order(
    nodes: Mapping[int, Node], id_: int, after: int | None, *, first: bool = False
) -> dict[int, Node]:
    """The categories from top to bottom, one of them behind its sibling ``after``, else as last or first."""
    tree: dict[int | None, list[int]] = {}
    for each, node in nodes.items():
        tree.setdefault(node.parent, []).append(each)
    siblings = tree[nodes[id_].parent]
    siblings.remove(id_)
    place = siblings.index(after) + 1 if after in siblings else 0 if first else len(siblings)
    siblings.insert(place, id_)
    ordered: dict[int, Node] = {}
    waiting = tree.get(None, [])[::-1]
    while waiting:
        each = waiting.pop()
        ordered[each] = nodes[each]
        waiting += tree.get(each, [])[::-1]
    return ordered
