"""Hint letters: the shortest codes to type for a number of targets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from annotator.core.codebook import Codebook, RelationType
from annotator.core.model import Kind
from annotator.ui.canvas.layout import Mark

LETTERS = "asdfjklghqwertyuiopzxcvbnm"
"""Home row first."""


def hint_codes(count: int) -> list[str]:
    """``count`` codes, as short as can be, none the beginning of another, short ones first.

    >>> hint_codes(3)
    ['a', 's', 'd']
    """
    short, long = list(LETTERS), list[str]()
    while len(short) + len(long) < count:
        if not short:
            short, long = long, []
        head = short.pop()
        long = [head + letter for letter in LETTERS] + long
    return (short + long)[:count]


def codes_for(asking: Sequence[bool]) -> list[str]:
    """A code for each target, in the targets' order, which is nearest first.

    Targets that will ask for a type (True) get the short codes before the others, so that no relation
    takes more keys than need be.
    """
    codes = hint_codes(len(asking))
    order = sorted(range(len(asking)), key=lambda nth: not asking[nth])
    given = dict(zip(order, codes, strict=True))
    return [given[nth] for nth in range(len(asking))]


def legal_types(codebook: Codebook, source: Kind, target: Kind) -> tuple[list[RelationType], bool]:
    """The types that may link two spans, and whether they run from the target to the source.

    Types from the source are offered first; only where there is none, those the other way round.
    """
    forward = codebook.relation_types_between(source, target)
    if forward:
        return forward, False
    return codebook.relation_types_between(target, source), True


def targets_of(codebook: Codebook, source: Mark, marks: Iterable[Mark]) -> list[Mark]:
    """The marks that some relation may link with the source, nearest first."""
    kinds = {kind for kind in Kind if legal_types(codebook, source.kind, kind)[0]}
    legal = [mark for mark in marks if mark.kind in kinds and mark.id != source.id]
    return nearest_first(legal, (source.start + source.end) / 2)


def targets_for(
    codebook: Codebook, source: Mark, marks: Iterable[Mark], type_: RelationType, *, backwards: bool
) -> list[Mark]:
    """The marks that one type may link with the source (``backwards``: its tail), nearest first."""
    legal = [
        mark
        for mark in marks
        if mark.id != source.id
        and (type_.allows(mark.kind, source.kind) if backwards else type_.allows(source.kind, mark.kind))
    ]
    return nearest_first(legal, (source.start + source.end) / 2)


def nearest_first(marks: Iterable[Mark], middle: float) -> list[Mark]:
    """The marks by how far their middle is from a code point offset."""

    def distance(mark: Mark) -> tuple[float, int, str]:
        start = mark.start
        return abs((start + mark.end) / 2 - middle), start, mark.id

    return sorted(marks, key=distance)
