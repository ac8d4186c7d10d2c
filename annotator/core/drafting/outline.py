"""Lists and titles that a person types or pastes, turned into categories and codes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import count

_BULLET = re.compile(r"(?:[-*•–·]|\d+(?:\.\d+)*[.)]|[a-z][.)])\s+")
_DEFINED = re.compile(r"\s*\t\s*|\s+[–—-]\s+|:\s+")


def outline(text: str) -> list[tuple[int, str, str]]:
    """The lines of an indented list as (depth in columns, title, definition); empty lines are left out.

    A bullet or number before the title is dropped. A definition follows the title behind a tab, a colon or
    a dash with blanks around it.
    """
    found = []
    for line in text.splitlines():
        words = line.strip()
        if not words:
            continue
        depth = len(line[: len(line) - len(line.lstrip())].expandtabs(4))
        words = _BULLET.sub("", words, count=1) if _BULLET.match(words) else words
        title, *rest = _DEFINED.split(words, maxsplit=1)
        if title.strip():
            found.append((depth, title.strip(), rest[0].strip() if rest else ""))
    return found


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
