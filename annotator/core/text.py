"""Article text: what import does to it once, and how its offsets map to Qt's.

Every offset in Annotator counts Unicode code points. Qt counts UTF-16 units, in which a character
beyond U+FFFF (an emoji, say) takes two.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_left
from collections.abc import Sequence
from unicodedata import bidirectional

BOM = "\ufeff"


def normalise(text: str) -> str:
    """The text as it is stored for good: leading BOMs dropped, CRLF and lone CR turned into LF.

    Doing it again changes nothing, so that what was exported comes in as it was.
    """
    text = text.lstrip(BOM)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def sha256_of(text: str) -> str:
    """Hex SHA-256 of the text's UTF-8 bytes."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Half-open code point ranges of the lines between LF characters, empty ones included."""
    ranges: list[tuple[int, int]] = []
    start = 0
    for line in text.split("\n"):
        ranges.append((start, start + len(line)))
        start += len(line) + 1
    return ranges


def slice_of(text: str, fragments: Sequence[tuple[int, int]]) -> str:
    """What a span covers: its fragments joined by one space (the export's ``text``)."""
    return " ".join(text[start:end] for start, end in fragments)


def excerpt(text: str, limit: int = 40) -> str:
    """The text on one line, shortened to ``limit`` characters with an ellipsis."""
    line = " ".join(text[: 50 * limit].split())  # a text may have millions of characters
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


_QUOTED = re.compile("(“[^”]{80}|'[^']{80})[^”']+(?=[”'])")


def quotes_shortened(sentence: str) -> str:
    """A sentence in which nothing that is quoted has more than some 80 characters."""
    return _QUOTED.sub(r"\1…", sentence) if len(sentence) > 200 else sentence


def shown(value: object) -> str:
    """A value as it is named in a message, shortened: 'a text', 3, ['a', 'list']."""
    try:
        return excerpt(repr(value), 60)
    except ValueError:
        return "a number with thousands of digits"


def runs_left(text: str) -> bool:
    """Whether a text runs from right to left: its first letter with a direction does."""
    strong = (kind for kind in map(bidirectional, text) if kind in ("L", "R", "AL"))
    return next(strong, "L") != "L"


def counted(number: int, what: str) -> str:
    """A number with its noun: “1 article”, “1,200 articles”."""
    return f"{number:,} {what}" if number == 1 else f"{number:,} {what}s"


_ASTRAL = re.compile("[\U00010000-\U0010ffff]")


class Utf16Map:
    """Maps offsets of one string between code points and UTF-16 units, both ways.

    A string without characters beyond U+FFFF costs nothing: the map is then the identity.
    """

    __slots__ = ("_astral", "_astral_units")

    def __init__(self, text: str) -> None:
        self._astral = [] if text.isascii() else [match.start() for match in _ASTRAL.finditer(text)]
        self._astral_units = [point + nth for nth, point in enumerate(self._astral)]

    @property
    def same(self) -> bool:
        """Whether every character is one unit."""
        return not self._astral

    def to_units(self, point: int) -> int:
        """The UTF-16 offset of the code point offset ``point``."""
        return point + bisect_left(self._astral, point)

    def to_points(self, unit: int) -> int:
        """The code point offset of the UTF-16 offset ``unit``; inside a pair, that of its start."""
        before = bisect_left(self._astral_units, unit)
        if before and self._astral_units[before - 1] + 1 == unit:
            return self._astral[before - 1]
        return unit - before


def overlaps(first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether two half-open ranges share at least one code point."""
    return first[0] < second[1] and second[0] < first[1]


def touches_any(fragment: tuple[int, int], ranges: Sequence[tuple[int, int]]) -> bool:
    """Whether a half-open range shares a code point with any of ``ranges``."""
    return any(overlaps(fragment, other) for other in ranges)
