"""Who is who inside one article: mentions that surely mean the same actor.

Only safe rules: equal names; a surname that one full name in the article ends in; a role that one
named person was given ("President Obama … the president"); “he” or “she” where only one person has been
named since the paragraph before. Everything else is left to the annotator.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct

from annotator.nlp.attribution.report import Mention

SAME_NAME = 0.96
SURNAME = 0.93
ROLE = 0.8
PRONOUN = 0.75
_PERSONAL = frozenset({"he", "she"})
_NO_SURNAMES = frozenset({"state", "group"})
"""What a lone name may not be taken for if it is to be a surname; recognisers often miss lone surnames."""
_HONORIFICS = frozenset(["mr", "mr.", "mrs", "mrs.", "ms", "ms.", "miss", "dr", "dr.", "sir", "lady", "lord"])


class Link(Struct, frozen=True):
    """A later mention and the earlier one that it means, by their places in the list."""

    later: int
    earlier: int
    confidence: float
    rule: str


def links(text: str, mentions: Sequence[Mention], persons: Sequence[tuple[int, int]]) -> Iterator[Link]:
    """For each mention, in the order of the text, the last earlier one that surely is the same actor.

    ``persons`` are the code point ranges of everything that the recogniser took for a person, in order.
    """
    known = _Known(text, persons)
    waiting: list[tuple[int, Mention]] = []
    for nth in sorted(range(len(mentions)), key=lambda each: mentions[each].fragments):
        mention = mentions[nth]
        if waiting and waiting[0][1].fragments[0][0] < mention.fragments[0][0]:
            for each in waiting:  # what starts at one place is no mention of each other
                known.add(*each)
            waiting = []
        found = known.same_as(mention)
        if found is not None:
            yield Link(nth, *found)
        waiting.append((nth, mention))


type _Found = tuple[int, float, str]
"""Place of the earlier mention, confidence, rule."""


class _Known:
    """The named mentions up to a place, by what later ones may call them."""

    def __init__(self, text: str, persons: Sequence[tuple[int, int]]) -> None:
        self._text = text
        self._persons = persons
        self._last: dict[tuple[str, str | None], int] = {}
        """By bare name and type, the last mention."""
        self._full: dict[str, dict[str, int]] = {}
        """By surname, every full name of a person with its last mention."""
        self._surnamed: dict[str, int] = {}
        """By surname, the last mention of any person of it."""
        self._titled: dict[str, dict[str, int]] = {}
        """By a word of their title, the surnames that had it, each with its last mention."""

    def add(self, nth: int, mention: Mention) -> None:
        """Note a mention; only names count."""
        if not mention.is_name or not mention.name:
            return
        name = _bare(mention.name)
        self._last[name, mention.type] = nth
        if mention.type != "person":
            return
        surname = name.split()[-1]
        self._surnamed[surname] = nth
        if " " in name:
            self._full.setdefault(surname, {})[name] = nth
        for word in _title(self._text, mention):
            self._titled.setdefault(word, {})[surname] = nth

    def same_as(self, mention: Mention) -> _Found | None:
        """The last earlier mention that a mention surely means."""
        if mention.is_name and mention.name:
            return self._by_name(mention)
        return self._by_pronoun(mention) if mention.is_pronoun else self._by_role(mention)

    def _by_name(self, mention: Mention) -> _Found | None:
        name = _bare(mention.name)
        same = self._last.get((name, mention.type))
        if same is not None:
            return same, SAME_NAME, "same name"
        full = self._full.get(name, {})
        if mention.type not in _NO_SURNAMES and len(full) == 1:
            return next(iter(full.values())), SURNAME, "surname"
        return None

    def _by_pronoun(self, mention: Mention) -> _Found | None:
        """“He” where every person named since the start of the paragraph before has the same surname."""
        if mention.head not in _PERSONAL:
            return None
        start = mention.fragments[0][0]
        first = bisect_left(self._persons, (_two_paragraphs_up(self._text, start), 0))
        surnames: set[str] = set()
        for a, b in islice(self._persons, first, None):
            if a >= start or len(surnames) > 1:
                break
            surnames.update(_bare(self._text[a:b]).split()[-1:])
        if len(surnames) != 1:
            return None
        known = self._surnamed.get(surnames.pop())
        return None if known is None else (known, PRONOUN, "only person")

    def _by_role(self, mention: Mention) -> _Found | None:
        """“The president” where one named person in the article was called “President …”."""
        words = " ".join(self._text[a:b] for a, b in mention.fragments).casefold().split()
        if len(words) != 2 or words[0] != "the":
            return None
        owners = self._titled.get(words[1], {})
        return (next(iter(owners.values())), ROLE, "role") if len(owners) == 1 else None


def _bare(name: str) -> str:
    """A name in small letters without forms of address, unless it consists of nothing else."""
    words = name.casefold().split()
    while len(words) > 1 and words[0] in _HONORIFICS:
        words.pop(0)
    return " ".join(words)


def _two_paragraphs_up(text: str, place: int) -> int:
    """Where the paragraph before that of a place starts."""
    here = text.rfind("\n", 0, place) + 1
    while here > 0 and text[here - 1].isspace():
        here -= 1
    return text.rfind("\n", 0, here) + 1


def _title(text: str, mention: Mention) -> list[str]:
    """The words before the name in a mention."""
    whole = " ".join(text[a:b] for a, b in mention.fragments)
    place = whole.find(mention.name)
    return whole[:place].casefold().split() if place > 0 else []
