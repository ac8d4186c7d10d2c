"""Changes of a codebook drawn at random, with the moves that carry labels along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

from annotator.core.codebook import Attribute, AttributeType, Category, Codebook, Label, RelationType
from annotator.core.model import Kind
from annotator.core.moves import Move, Part
from annotator.core.records import replace

type Change = tuple[Codebook, list[Move]]

USED = ("rights", "sanctions", "health", "stance", "categories", "form")
"""Categories and attributes that drawn labels have."""


class Recoder:
    """Draws changes of a codebook; the labels that suggestions are made of stay possible."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._count = 0

    def change(self, codebook: Codebook) -> Change:
        """Another codebook, and moves from this one: one change, or several of different parts."""
        draws: list[Callable[[Codebook], Change]] = [
            self.labels, self.values, self.categories, self.relations, self.additions,
        ]  # fmt: skip
        moves: list[Move] = []
        for draw in self._random.sample(draws, self._random.choice((1, 1, 2, 3))):
            codebook, more = draw(codebook)
            moves += more
        return codebook, moves

    def _name(self) -> str:
        self._count += 1
        return f"New{self._count}_{self._random.randrange(10**6)}"

    def _one[T](self, those: Sequence[T], is_used: Callable[[T], bool]) -> T:
        """One of those, mostly of those that labels have."""
        used = [each for each in those if is_used(each)]
        return self._random.choice(used if used and self._random.random() < 0.6 else those)

    def labels(self, codebook: Codebook) -> Change:
        """Labels renamed, merged, swapped or removed."""
        labels = list(codebook.labels)
        one = self._random.choice(labels)
        others = [each for each in labels if each.kind == one.kind and each is not one]
        how = self._random.randrange(4)
        if how == 0 or not others or len(labels) < 4:
            name = self._name()
            moves = {one.name: name}
            labels = [replace(each, name=name) if each is one else each for each in labels]
        elif how == 1:
            moves = {one.name: self._random.choice(others).name}
            labels.remove(one)
        elif how == 2:
            other = self._random.choice(others)
            moves = {one.name: other.name, other.name: one.name}
        else:
            labels.remove(one)
            return replace(codebook, labels=tuple(labels)), [Move(Part.LABEL, (one.kind, one.name), None)]
        carried = [Move(Part.LABEL, (one.kind, old), (one.kind, new)) for old, new in moves.items()]
        return replace(codebook, labels=tuple(labels)), carried

    def values(self, codebook: Codebook) -> Change:
        """An attribute or a choice renamed, merged or removed."""
        attributes = list(codebook.attributes)
        if not attributes:
            return codebook, []
        one = self._one(attributes, lambda each: each.name in USED)
        how = self._random.randrange(4)
        if how == 0:
            name = self._name()
            place = attributes.index(one)
            attributes[place] = replace(one, name=name)
            moves = [Move(Part.ATTRIBUTE, (one.name,), (name,))]
        elif how == 1:
            attributes.remove(one)
            moves = [Move(Part.ATTRIBUTE, (one.name,), None)]
        elif len(one.choices) < 2:
            return codebook, []
        else:
            choice = self._random.choice([each for each in one.choices if each != one.default] or one.choices)
            left = [each for each in one.choices if each != choice]
            new = self._random.choice((None, self._name(), self._random.choice(left)))
            kept = [*left, new] if new is not None and new not in left else left
            default = one.default if one.default in kept else None
            attributes[attributes.index(one)] = replace(one, choices=tuple(kept), default=default)
            target = None if new is None else (one.name, new)
            moves = [Move(Part.CHOICE, (one.name, choice), target)]
        return replace(codebook, attributes=tuple(attributes)), moves

    def categories(self, codebook: Codebook) -> Change:
        """A category renamed, merged or removed, with those below it."""
        if not codebook.categories:
            return codebook, []
        one = self._one(codebook.categories, lambda each: each.code in USED).code
        below = [each for each in codebook.categories if each.code == one or each.code.startswith(f"{one}/")]
        others = [each for each in codebook.categories if each not in below]
        how = self._random.randrange(3)
        if how == 0:
            name = self._name()
            kept = [
                replace(each, code=name + each.code.removeprefix(one)) if each in below else each
                for each in codebook.categories
            ]
            return replace(codebook, categories=tuple(kept)), [Move(Part.CATEGORY, (one,), (name,))]
        target = None if how == 1 or not others else (self._random.choice(others).code,)
        return replace(codebook, categories=tuple(others)), [Move(Part.CATEGORY, (one,), target)]

    def relations(self, codebook: Codebook) -> Change:
        """A relation type renamed or removed."""
        types = list(codebook.relation_types)
        if not types:
            return codebook, []
        one = self._random.choice(types)
        if self._random.random() < 0.5:
            types.remove(one)
            return replace(codebook, relation_types=tuple(types)), [Move(Part.RELATION, (one.name,), None)]
        name = self._name()
        types[types.index(one)] = replace(one, name=name)
        return replace(codebook, relation_types=tuple(types)), [Move(Part.RELATION, (one.name,), (name,))]

    def additions(self, codebook: Codebook) -> Change:
        """Something of each part that is new."""
        name = self._name()
        kind = self._random.choice(list(Kind))
        made = Attribute(
            name=name, type=AttributeType.CHOICE, kinds=frozenset([kind]), choices=("x", "y"), default="x"
        )
        either = frozenset(Kind)
        return replace(
            codebook,
            labels=(*codebook.labels, Label(name=name, kind=kind)),
            attributes=(*codebook.attributes, made),
            categories=(*codebook.categories, Category(code=name)),
            relation_types=(*codebook.relation_types, RelationType(name=name, heads=either, tails=either)),
        ), []
