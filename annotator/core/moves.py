"""What becomes of labels when the codebook changes: moves from its old words to its new ones."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Part(StrEnum):
    """What of a codebook moves; the comment says what a move's words are."""

    LABEL = "label"  # kind, name
    ATTRIBUTE = "attribute"  # name
    CHOICE = "choice"  # attribute's name, choice
    CATEGORY = "category"  # code; what lies below it goes along unless it has a move of its own
    RELATION = "relation"  # type's name


class Move(Struct, frozen=True):
    """One word of the old codebook that is another one in the new; see :class:`Part` for the words.

    The moves of one change are carried out at once, not one after the other, so that two labels can swap
    their names. ``new`` is None where nothing takes its place: what bears a label or a relation type is
    then removed, a value of an attribute or a category is taken off.
    """

    part: Part
    old: tuple[str, ...]
    new: tuple[str, ...] | None


class Touched(Struct, frozen=True):
    """How many labels or values bear a word: those of people, and of records, and those of suggestions."""

    own: int = 0
    suggested: int = 0

    def __add__(self, other: Touched) -> Touched:
        return Touched(self.own + other.own, self.suggested + other.suggested)

    @property
    def total(self) -> int:
        """Both together."""
        return self.own + self.suggested

    def __bool__(self) -> bool:
        return self.total > 0
