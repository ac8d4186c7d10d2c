"""Offsets of other tools to ours: half-open code points of the text as it is stored.

Other tools count in the text as it stands in their file, where a line may end with two characters, and
some count UTF-16 units or graphemes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from enum import StrEnum

from annotator.core.text import Utf16Map, normalise


class Unit(StrEnum):
    """What the offsets of a format count."""

    CODE_POINTS = "code points"
    UTF16 = "UTF-16 units"
    GRAPHEMES = "graphemes"
    TOKENS = "tokens"
    NONE = "nothing"
    """It has no offsets."""


class Offsets:
    """Maps offsets of a text as a file has it to the stored text (``text``), and back for writing.

    ``raw``: the text with its own line ends. Offsets beyond it, or within one of its characters, are
    none of this map's: :meth:`fragment` gives None for them.
    """

    __slots__ = ("_graphemes", "_length", "_removed", "_utf16", "text", "unit")

    def __init__(self, raw: str, unit: Unit = Unit.CODE_POINTS) -> None:
        self.unit = unit
        self.text = normalise(raw)
        self._utf16 = Utf16Map(raw) if unit is Unit.UTF16 and not raw.isascii() else None
        self._graphemes = _grapheme_starts(raw) if unit is Unit.GRAPHEMES else None
        self._removed = _removed(raw) if len(self.text) != len(raw) else None
        """Where in the raw text the characters stand that were dropped, in code points."""
        self._length = len(raw)

    @property
    def same(self) -> bool:
        """Whether the file's offsets are those of the stored text."""
        if self._removed is not None:
            return False
        units = self._utf16 is None or self._utf16.same
        return units and (self._graphemes is None or len(self._graphemes) == self._length + 1)

    def point(self, offset: int) -> int | None:
        """The code point of the stored text at an offset of the file; None where there is none."""
        if offset < 0:
            return None
        if self._utf16 is not None:
            point = self._utf16.to_points(offset)
            if self._utf16.to_units(point) != offset:
                return None
            offset = point
        elif self._graphemes is not None:
            if offset >= len(self._graphemes):
                return None
            offset = self._graphemes[offset]
        if offset > self._length:
            return None
        return offset - bisect_left(self._removed, offset) if self._removed is not None else offset

    def fragment(self, start: int, end: int) -> tuple[int, int] | None:
        """A half-open range of the file in code points of the stored text.

        None where it is empty, reversed, beyond the text or cuts a character in two.
        """
        first, last = self.point(start), self.point(end)
        return (first, last) if first is not None and last is not None and first < last else None

    def written(self, point: int) -> int:
        """The offset in ``unit`` of a code point of the text, for writing; the raw text must be the stored.

        A point within a grapheme gives that of the grapheme's start.
        """
        if self._utf16 is not None:
            return self._utf16.to_units(point)
        if self._graphemes is not None:
            return bisect_right(self._graphemes, point) - 1
        return point


def _removed(raw: str) -> list[int]:
    """Places of the characters that :func:`normalise` drops: leading BOMs, and the CR of each CRLF."""
    start = len(raw) - len(raw.lstrip("\ufeff"))
    found = list(range(start))
    place = raw.find("\r\n", start)
    while place >= 0:
        found.append(place)
        place = raw.find("\r\n", place + 2)
    return found


def _grapheme_starts(raw: str) -> Sequence[int]:
    """Where each extended grapheme cluster starts, and the end of the text."""
    import regex

    used = "" if raw.isascii() else "".join(set(raw))
    if "\r\n" not in raw and regex.search(_JOINING, used) is None:
        return range(len(raw) + 1)
    return [match.start() for match in regex.finditer(r"\X", raw)] + [len(raw)]


_JOINING = (
    r"[\p{GCB=EX}\p{GCB=ZWJ}\p{GCB=SM}\p{GCB=PP}\p{GCB=RI}"
    r"\p{GCB=L}\p{GCB=V}\p{GCB=T}\p{GCB=LV}\p{GCB=LVT}]"
)
"""What may be part of a grapheme with others (Unicode Standard Annex 29); without, each character is one."""
