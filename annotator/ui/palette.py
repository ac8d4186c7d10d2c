"""Which commands the palette offers for what was typed. No widgets in here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

FAR = 100
"""How much worse a command fits that is found only by its menu or by what is said of it."""
MOST = 200
"""Commands that are listed at most."""


class Entry(Struct, frozen=True):
    """One command: ``id`` for remembering it, its words, its keys, where it stands in the menus."""

    id: str
    words: str
    run: Callable[[], object]
    keys: str = ""
    menu: str = ""
    more: str = ""
    """What it does at length; looked through too."""


def rank(words: str, typed: str, *, whole: bool = False) -> int | None:
    """How well words fit what was typed, lower is better; None where they do not.

    Every typed word must occur: best at the beginning of a word, then within one, then shortened: as the
    beginnings of words in their order ("fia" for "Find in all"), unless ``whole``.
    """
    text = words.casefold()
    total = 0
    for part in typed.casefold().split():
        place = text.find(part)
        if place >= 0:
            starts = place == 0 or not text[place - 1].isalnum() or f" {part}" in text
            total += (0 if place == 0 else 1) if starts else 10
        elif not whole and _is_short_for(text, part):
            total += 50
        else:
            return None
    return total


def _is_short_for(text: str, letters: str) -> bool:
    """Whether each letter begins a word or follows the letter before it."""
    first, *rest = (re.escape(letter) for letter in letters)
    return re.search(rf"\b{first}" + "".join(rf"(?:|.*?\b){each}" for each in rest), text) is not None


def ranked(entries: Iterable[Entry], typed: str, recent: Sequence[str]) -> list[Entry]:
    """The entries that fit, best first; those used lately come before others that fit as well."""
    lately = {name: nth for nth, name in enumerate(recent)}
    found: list[tuple[int, int, int, Entry]] = []
    for nth, entry in enumerate(entries):
        score = rank(entry.words, typed)
        if score is None:
            more = rank(f"{entry.words} {entry.menu} {entry.more}", typed, whole=True)
            score = None if more is None else more + FAR
        if score is not None:
            found.append((score, lately.get(entry.id, len(lately)), nth, entry))
    found.sort(key=lambda each: each[:3])
    return [each[3] for each in found[:MOST]]
