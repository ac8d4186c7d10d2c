"""Lists and titles that a person types or pastes, turned into categories and codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import count
from typing import NamedTuple

_BULLET = re.compile(r"(?:[-*•–·]|\d+(?:\.\d+)*[.)]|[a-z][.)])\s+")
_DEFINED = re.compile(r"\s*\t\s*|\s+[–—-]\s+|:\s+")
_NUMBERED = re.compile(r"(\d+(?:\.\d+)*)(?:\s+[–—-]\s+|:\s+|\s+)(?=\S)")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Line(NamedTuple):
    """A line of a list; ``depth`` in columns, ``code`` is empty where the list gives none."""

    depth: int
    title: str
    definition: str = ""
    code: str = ""


def outline(text: str) -> list[Line]:
    """The lines of an indented list; empty lines are left out.

    A bullet, or a number that a dot or bracket ends, is dropped before the title. A bare number before it,
    as in “501 Environment” or “5.1 Water”, is the code, if at least half of the lines have one; a year
    that begins the only line is part of the title. A definition follows the title behind a tab, a colon
    or a dash with blanks around it.
    """
    lines = []
    for line in text.splitlines():
        words = line.strip()
        if words:
            depth = len(line[: len(line) - len(line.lstrip())].expandtabs(4))
            words = _BULLET.sub("", words, count=1)
            lines.append((depth, words, _NUMBERED.match(words)))
    numbers = [found for *_, found in lines if found]
    coded = 2 * len(numbers) >= len(lines)
    if len(lines) == len(numbers) == 1 and _YEAR.fullmatch(numbers[0][1]):
        coded = False
    made = []
    for depth, words, found in lines:
        code, rest = (found[1], words[found.end() :]) if found and coded else ("", words)
        title, *more = _DEFINED.split(rest, maxsplit=1)
        if title.strip():
            made.append(Line(depth, title.strip(), more[0].strip() if more else "", code))
    return made


def slug(title: str, joint: str) -> str:
    """A title as a part of a code: small letters and digits, joined; letters of every script stay."""
    words = re.findall(r"\w+", unicodedata.normalize("NFC", title).casefold().replace("_", " "))
    return joint.join(words)


def unique(name: str, taken: Iterable[str], joint: str) -> str:
    """The name, with a number behind it where it is taken."""
    used = set(taken)
    if name not in used:
        return name
    return next(each for nth in count(2) if (each := f"{name}{joint}{nth}") not in used)
