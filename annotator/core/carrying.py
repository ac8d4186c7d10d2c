"""Carrying labels from one codebook into another: what becomes of each word, and of what bears it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

from annotator.core.codebook import Attribute, AttributeType, Codebook, RelationType
from annotator.core.errors import RuleError
from annotator.core.model import ActorRecord, Kind, Property, Relation, Span
from annotator.core.moves import Move, Part
from annotator.core.records import replace

type Bearer = Kind | Literal["relation", "record"]
"""What has an attribute: a span of a kind, a relation, an actor record."""
_LISTS = (AttributeType.MULTI_CHOICE, AttributeType.CATEGORIES)
_ABSENT = object()


def words_of(codebook: Codebook) -> dict[Part, set[tuple[str, ...]]]:
    """Every word of a codebook that labels, relations or values bear."""
    return {
        Part.LABEL: {(str(each.kind), each.name) for each in codebook.labels},
        Part.ATTRIBUTE: {(each.name,) for each in codebook.attributes},
        Part.CHOICE: {(each.name, choice) for each in codebook.attributes for choice in each.choices},
        Part.CATEGORY: {(each.code,) for each in codebook.categories},
        Part.RELATION: {(each.name,) for each in codebook.relation_types},
    }


class Carrier(Struct, frozen=True):
    """Takes words, labels and values of the codebook ``before`` to those of ``after``.

    What is in neither codebook stays as it is. What is in the old one only, and in no move, is gone.
    """

    before: Codebook
    after: Codebook
    moves: tuple[Move, ...]
    _by_word: Mapping[tuple[Part, tuple[str, ...]], tuple[str, ...] | None]
    _attributes: Mapping[str, tuple[Attribute, Attribute | None]]
    """By the old name: the old attribute and the new one."""
    _codes: frozenset[str]
    _lost: frozenset[tuple[Part, tuple[str, ...]]] = frozenset()

    @classmethod
    def between(cls, before: Codebook, after: Codebook, moves: Sequence[Move]) -> Carrier:
        """The carrier of a change. Raises RuleError for moves that make no sense."""
        check_moves(before, after, moves)
        by_word = {(each.part, each.old): each.new for each in moves}
        new = {each.name: each for each in after.attributes}
        attributes = {}
        for each in before.attributes:
            moved = by_word.get((Part.ATTRIBUTE, (each.name,)), (each.name,))
            attributes[each.name] = (each, new.get(moved[0]) if moved else None)
        codes = frozenset(each.code for each in after.categories)
        carrier = cls(before, after, tuple(moves), by_word, attributes, codes)
        return replace(carrier, _lost=frozenset((each.part, each.old) for each in carrier.unplaced()))

    def _word(self, part: Part, word: tuple[str, ...]) -> tuple[str, ...] | None:
        """A word in the new codebook, if it is in there."""
        return None if (part, word) in self._lost else self._by_word.get((part, word), word)

    @property
    def touches_values(self) -> bool:
        """Whether any attribute's value may become another one."""
        return self.before.attributes != self.after.attributes or any(
            each.part in (Part.ATTRIBUTE, Part.CHOICE, Part.CATEGORY) for each in self.moves
        )

    def label(self, kind: str, name: str) -> str | None:
        """What a label is called now; None where nothing takes its place."""
        moved = self._word(Part.LABEL, (kind, name))
        return None if moved is None else moved[1]

    def relation_type(self, name: str) -> str | None:
        """What a relation type is called now; None where nothing takes its place."""
        moved = self._word(Part.RELATION, (name,))
        return None if moved is None else moved[0]

    def choice(self, attribute: str, choice: str) -> str | None:
        """What a choice of an attribute (by its old name) is now; None where nothing takes its place."""
        moved = self._word(Part.CHOICE, (attribute, choice))
        return None if moved is None else moved[1]

    def category(self, code: str) -> str | None:
        """What a category is now; one without a move of its own goes where the one above it goes.

        Where the new place has no such category below it, the nearest one above takes it.
        """
        exact = self._by_word.get((Part.CATEGORY, (code,)), _ABSENT)
        if exact is not _ABSENT:
            return None if exact is None else exact[0]  # type: ignore[index]
        above, rest = code, ""
        while "/" in above:
            above, _, last = above.rpartition("/")
            rest = f"/{last}{rest}"
            moved = self._by_word.get((Part.CATEGORY, (above,)), _ABSENT)
            if moved is _ABSENT:
                continue
            target = None if moved is None else f"{moved[0]}{rest}"  # type: ignore[index]
            if target not in self._codes and code in self._codes:
                return code
            while target and target not in self._codes:
                target = target.rpartition("/")[0] or None
            return target
        return None if (Part.CATEGORY, (code,)) in self._lost else code

    def attributes(self, values: Mapping[str, Any], of: Bearer) -> Mapping[str, Any]:
        """Attribute values by name; the same mapping where nothing changes."""
        carried: dict[str, Any] = {}
        for name, value in values.items():
            found = self._value(name, value, of)
            if found is None:
                continue
            new, now = found
            if new in carried:
                # Two attributes have become one: the one that had the name before keeps its value.
                now = _both(carried[new], now, keeps_first=name != new)
            carried[new] = now
        return values if carried == values and list(carried) == list(values) else carried

    def _value(self, name: str, value: Any, of: Bearer) -> tuple[str, Any] | None:
        if name not in self._attributes:
            return name, value
        old, new = self._attributes[name]
        if new is None or (_has(old, of) and not _has(new, of)):
            return None
        carried = self._words(old, value)
        if carried is None:
            return None
        if new.type in _LISTS and old.type == AttributeType.CHOICE:
            carried = [carried]
        elif new.type == AttributeType.CHOICE and old.type == AttributeType.MULTI_CHOICE:
            carried = carried[0] if isinstance(carried, (list, tuple)) and len(carried) == 1 else carried
        return new.name, carried

    def _words(self, attribute: Attribute, value: Any) -> Any:
        """A value with its words carried; None where nothing of it remains."""
        match attribute.type, value:
            case AttributeType.CHOICE, str():
                return self.choice(attribute.name, value)
            case AttributeType.MULTI_CHOICE, [*given]:
                found = [self.choice(attribute.name, each) for each in given]
            case AttributeType.CATEGORIES, [*given]:
                found = [self.category(each) if isinstance(each, str) else each for each in given]
            case _:
                return value
        if found == list(given):
            return value
        left = list(dict.fromkeys(each for each in found if each is not None))
        return left or None

    def span(self, span: Span) -> Span | None:
        """A span in the new words; None where its label is gone."""
        label = self.label(str(span.kind), span.label)
        if label is None:
            return None
        attributes = self.attributes(span.attributes, span.kind)
        if label == span.label and attributes is span.attributes:
            return span
        return replace(span, label=label, attributes=attributes)

    def relation(self, relation: Relation) -> Relation | None:
        """A relation in the new words; None where its type is gone."""
        type_ = self.relation_type(relation.type)
        if type_ is None:
            return None
        attributes = self.attributes(relation.attributes, "relation")
        if type_ == relation.type and attributes is relation.attributes:
            return relation
        return replace(relation, type=type_, attributes=attributes)

    def properties(self, properties: Sequence[Property]) -> tuple[Property, ...]:
        """Attributes of an actor record; of two that become the same, with one beginning, the first stays."""
        found: dict[tuple[str, str], Property] = {}
        for each in sorted(properties, key=lambda one: one.name != self._new_name(one.name)):
            carried = self._value(each.name, each.value, "record")
            if carried is not None:
                name, value = carried
                found.setdefault((name, each.since), replace(each, name=name, value=value))
        return tuple(found[key] for key in sorted(found))

    def record(self, record: ActorRecord) -> ActorRecord:
        """An actor record with its attributes in the new words."""
        properties = self.properties(record.properties)
        return record if properties == record.properties else replace(record, properties=properties)

    def taken_off(self) -> set[tuple[Bearer, str]]:
        """By what has it and its old name: the attributes that stay, but not there; their values go."""
        bearers: tuple[Bearer, ...] = (*Kind, "relation", "record")
        return {
            (of, name)
            for name, (old, new) in self._attributes.items()
            for of in bearers
            if new is not None and _has(old, of) and not _has(new, of)
        }

    def tightened(self) -> list[tuple[RelationType, RelationType]]:
        """The relation types, before and after, that may not join all that they could; those drawn stay."""
        pairs = []
        for old in self.before.relation_types:
            name = self.relation_type(old.name)
            new = None if name is None else self.after.relation_type(name)
            if new is not None and not (old.heads <= new.heads and old.tails <= new.tails):
                pairs.append((old, new))
        return pairs

    def _new_name(self, name: str) -> str | None:
        new = self._attributes[name][1] if name in self._attributes else None
        return None if new is None else new.name

    def unplaced(self) -> list[Move]:
        """The words that are in the new codebook no more and that no move says anything about."""
        left = words_of(self.after)
        found = [
            Move(part, word, None)
            for part, words in words_of(self.before).items()
            for word in sorted(words - left[part])
            if (part, word) not in self._by_word and not self._is_placed(part, word)
        ]
        gone = {each.old[0] for each in found if each.part == Part.ATTRIBUTE}
        return [each for each in found if each.part != Part.CHOICE or each.old[0] not in gone]

    def _is_placed(self, part: Part, word: tuple[str, ...]) -> bool:
        """Whether a word goes along with another one's move."""
        if part == Part.CATEGORY:
            return self.category(word[0]) != word[0]
        if part == Part.CHOICE:
            old, new = self._attributes[word[0]]
            # With an attribute that takes any word, or that is taken off, the choice is no concern.
            moved = (Part.ATTRIBUTE, (old.name,)) in self._by_word
            return (new is None and moved) or (
                new is not None and (not new.choices or word[1] in new.choices)
            )
        return False


def check_moves(before: Codebook, after: Codebook, moves: Iterable[Move]) -> None:
    """Raise RuleError for a move from or to what is not there, or of one word in two directions."""
    old, new = words_of(before), words_of(after)
    seen: set[tuple[Part, tuple[str, ...]]] = set()
    for move in moves:
        word = " ".join(move.old)
        if move.old not in old[move.part]:
            raise RuleError(f"the codebook has no {move.part} “{word}” that could become another one")
        if (move.part, move.old) in seen:
            raise RuleError(f"the {move.part} “{word}” cannot become two things at once")
        seen.add((move.part, move.old))
        if move.new is None:
            continue
        if move.new not in new[move.part]:
            raise RuleError(
                f"the {move.part} “{word}” cannot become “{' '.join(move.new)}”,"
                " which is not in the new codebook"
            )
        if move.part == Part.LABEL and move.old[0] != move.new[0]:
            raise RuleError(
                f"the label “{move.old[1]}” is for {move.old[0]} spans;"
                f" it cannot become one for {move.new[0]} spans"
            )


def reversed_moves(before: Codebook, after: Codebook, moves: Sequence[Move]) -> tuple[Move, ...]:
    """The moves that lead from ``after`` back to ``before``, as far as they can.

    Where several words have become one, that one goes back to itself if it was there before, else to
    the first of them: which label was which is not in the moves.
    """
    old = words_of(before)
    carrier = Carrier.between(before, after, moves)
    every = [each for each in moves if each.part != Part.CATEGORY]
    for category in before.categories:  # those that go along with the one above them, too
        code = carrier.category(category.code)
        if code != category.code:
            every.append(Move(Part.CATEGORY, (category.code,), None if code is None else (code,)))
    moved = {(each.part, each.old) for each in every}
    back: dict[tuple[Part, tuple[str, ...]], tuple[str, ...]] = {}
    for each in every:
        if each.new is None or (each.new in old[each.part] and (each.part, each.new) not in moved):
            continue
        back.setdefault((each.part, each.new), each.old)
    return tuple(Move(part, word, to) for (part, word), to in back.items() if word != to)


def restored(
    now: Mapping[str, Any], was: Mapping[str, Any], left: Mapping[str, Any], back: Carrier, of: Bearer
) -> Mapping[str, Any]:
    """Attribute values as they were before a change that left them as ``left``, value by value.

    What has been given another value since goes back by the reversed moves.
    """
    if now == left:
        return was
    same = {
        name
        for name in (*was, *left)
        if was.get(name, _ABSENT) != left.get(name, _ABSENT)
        and now.get(name, _ABSENT) == left.get(name, _ABSENT)
    }
    changed = {name: value for name, value in now.items() if name not in same}
    kept = {name: value for name, value in was.items() if name in same}
    return kept | dict(back.attributes(changed, of))


def _has(attribute: Attribute, of: Bearer) -> bool:
    if of == "relation":
        return attribute.relations
    if of == "record":
        return attribute.records
    return of in attribute.kinds


def _both(first: Any, second: Any, *, keeps_first: bool) -> Any:
    if isinstance(first, (list, tuple)) and isinstance(second, (list, tuple)):
        return list(dict.fromkeys((*first, *second)))
    return first if keeps_first else second
