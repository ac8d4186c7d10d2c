"""Where a format writes to, and what it could not write."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import BinaryIO

from msgspec import Struct, field

from annotator.core.codebook import Codebook


class Losses:
    """Counts what a format cannot hold, by what it is and what became of it.

    ``add("discontinuous spans", "written as one stretch from first to last fragment")``; both are
    sentences' parts in the plural, as they are told to people.
    """

    def __init__(self) -> None:
        self.found: Counter[tuple[str, str]] = Counter()
        self._once: set[tuple[str, str]] = set()

    def add(self, what: str, fate: str = "left out", number: int = 1, *, once: str = "") -> None:
        """One more (or ``number``) of what cannot be held, and what happens with it.

        ``once``: whose it is (the id of an article or record); only the first time counts for each.
        """
        if once:
            if (what, once) in self._once:
                return
            self._once.add((what, once))
        if number:
            self.found[what, fate] += number

    def __bool__(self) -> bool:
        return bool(self.found)

    @property
    def sentences(self) -> list[str]:
        """One line for each kind of loss, the most frequent first: “12 notes: left out”."""
        return [
            f"{number:,} {what if number > 1 else singular(what)}: {fate}"
            for (what, fate), number in self.found.most_common()
        ]


_HEAD = re.compile(r"(.*?)( (?:of|on|with|that|from|by|in|at) .*)", re.DOTALL)


def singular(what: str) -> str:
    """“notes on spans” for one of them: “note on spans”."""
    found = _HEAD.match(what)
    head, rest = (what, "") if found is None else (found[1], found[2])
    for many, one in (("ies", "y"), ("sses", "ss"), ("ses", "s"), ("s", "")):
        if head.endswith(many):
            return head.removesuffix(many) + one + rest
    return what


class Output(Struct):
    """What a writer works with. One that writes a single file uses ``stream``, one of several ``file``."""

    codebook: Codebook
    stream: BinaryIO | None = None
    file: Callable[[str], AbstractContextManager[BinaryIO]] | None = None
    """Opens a new file of the folder (or archive) by its name; names are made unique and safe by
    :func:`file_name`. Only one is open at a time, so that it may be a member of an archive."""
    losses: Losses = field(default_factory=Losses)


def file_name(wanted: str, taken: set[str], longest: int = 80) -> str:
    """A name (without ending) that every file system takes, and that is not in ``taken``; adds it there."""
    safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in wanted)[:longest].strip("._ ")
    stem = safe or "article"
    if stem.split(".")[0].upper() in _RESERVED:
        stem = f"_{stem}"
    name, number = stem, 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem}-{number}"
    taken.add(name.casefold())
    return name


_RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{each}{n}" for each in ("COM", "LPT") for n in range(1, 10))}
"""Names that Windows keeps for devices."""
