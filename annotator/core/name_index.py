"""An index of the names of actor records: by whole name, by the words in them, and by nearness."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator
from math import ceil, floor

from msgspec import Struct

from annotator.core.names import bare, fold

NEAR = 0.75
"""How near (0 to 1, as rapidfuzz's ratio) a name must be to what is typed to be found at all."""
SHORTEST_NEAR = 4
"""What is shorter than this many letters is not looked for by nearness: too much is near it."""
_END = "\uffff"


class Name(Struct, frozen=True):
    """One name or alias of a record."""

    actor: str
    text: str
    language: str | None
    folded: str
    rank: int
    """Its place among the record's names: 0 for the canonical one."""


class Tier(Struct, frozen=True):
    """One way in which names fit what is typed; ``found`` looks for them."""

    exact: bool
    found: Callable[[], Iterator[tuple[Name, float]]]


class NameIndex:
    """The names of all records, kept up record by record."""

    def __init__(self) -> None:
        self._of: dict[str, list[int]] = {}
        self._names: list[Name | None] = []
        self._exact: dict[str, list[int]] = {}
        self._bare: dict[str, list[int]] = {}
        self._begins: list[tuple[str, int]] = []
        self._words: list[tuple[str, int]] = []
        self._pending: list[int] = []
        """Names that are not in the sorted lists yet: they are sorted when somebody asks."""
        self._lengths: dict[int, tuple[list[str], list[int]]] = {}
        """Names as :func:`bare` has them, by their length; those that are gone are left out when asked."""
        self._blob: tuple[str, list[int], list[int]] | None = None
        self._folded: tuple[list[str], list[int]] | None = None

    def put(self, actor: str, names: Iterable[tuple[str, str | None]]) -> None:
        """Have the index hold exactly these names (text, language) of a record."""
        for nth in self._of.pop(actor, ()):
            self._drop(nth)
        mine: list[int] = []
        seen: set[tuple[str, str | None]] = set()
        for rank, (text, language) in enumerate(names):
            folded = fold(text)
            if not folded or (text, language) in seen:
                continue
            seen.add((text, language))
            nth = len(self._names)
            self._names.append(Name(actor, text, language, folded, rank))
            self._exact.setdefault(folded, []).append(nth)
            stripped = bare(text)
            self._bare.setdefault(stripped, []).append(nth)
            texts, those = self._lengths.setdefault(len(stripped), ([], []))
            texts.append(stripped)
            those.append(nth)
            self._pending.append(nth)
            mine.append(nth)
        if mine:
            self._of[actor] = mine
        self._blob = self._folded = None

    def _drop(self, nth: int) -> None:
        name = self._names[nth]
        assert name is not None
        self._names[nth] = None
        for index, key in ((self._exact, name.folded), (self._bare, bare(name.text))):
            index[key].remove(nth)
            if not index[key]:
                del index[key]

    def equal(self, text: str) -> list[Name]:
        """The names that read like a text, but for case, diacritics, articles, titles and “'s”."""
        found = self._exact.get(fold(text)) or self._bare.get(bare(text)) or ()
        return [name for nth in found if (name := self._names[nth]) is not None]

    def ending(self, word: str) -> list[Name]:
        """The names of several words that end with a folded word: whose surname it may be."""
        return [name for name in self._having(word) if name.folded.endswith(" " + word)]

    def near(self, text: str, cutoff: float) -> list[tuple[Name, float]]:
        """The names that are spelt like a text but for a part of 1 - ``cutoff`` (0 to 1), nearest first.

        Only names of nearly the same length are compared: the others cannot be near enough.
        """
        from rapidfuzz import fuzz, process  # not at program start

        wanted = bare(text)
        # ratio = 1 - distance / (both lengths), and the distance is at least the lengths' difference
        low, high = len(wanted) * cutoff / (2 - cutoff), len(wanted) * (2 - cutoff) / cutoff
        near: list[tuple[Name, float]] = []
        for length in range(ceil(low), floor(high) + 1):
            texts, those = self._lengths.get(length, ((), ()))
            found = process.extract(
                wanted, texts, scorer=fuzz.ratio, processor=None, score_cutoff=100 * cutoff, limit=20
            )
            for _, score, place in found:
                name = self._names[those[place]]
                if name is not None:
                    near.append((name, score / 100))
        return sorted(near, key=lambda each: -each[1])

    def tiers(self, typed: str) -> list[Tier]:
        """How names may fit what is typed (not empty when folded), best first."""
        wanted = fold(typed)
        return [
            Tier(True, lambda: ((each, 1.0) for each in self.equal(typed))),
            Tier(False, lambda: ((each, 0.9) for each in self._beginning(wanted))),
            Tier(False, lambda: ((each, 0.8) for each in self._by_words(wanted.split()))),
            Tier(False, lambda: ((each, 0.7) for each in self._holding(wanted))),
            Tier(False, lambda: ((each, 0.7 * score) for each, score in self._spelt_nearly(wanted))),
        ]

    def _name(self, nth: int) -> Name:
        name = self._names[nth]
        assert name is not None
        return name

    def _sort(self) -> None:
        if not self._pending:
            return
        begins = [(name.folded, nth) for nth in self._pending if (name := self._names[nth]) is not None]
        words = [(word, nth) for folded, nth in begins for word in set(folded.split())]
        if len(begins) > 50:
            self._begins = sorted(self._begins + begins)
            self._words = sorted(self._words + words)
        else:
            for each in begins:
                insort(self._begins, each)
            for each in words:
                insort(self._words, each)
        self._pending.clear()

    def _between(self, entries: list[tuple[str, int]], low: str, high: str) -> Iterator[Name]:
        first, last = bisect_left(entries, (low, -1)), bisect_left(entries, (high, -1))
        for _, nth in entries[first:last]:
            name = self._names[nth]
            if name is not None:
                yield name

    def _beginning(self, wanted: str) -> Iterator[Name]:
        self._sort()
        return self._between(self._begins, wanted, wanted + _END)

    def _having(self, word: str) -> Iterator[Name]:
        self._sort()
        return self._between(self._words, word, word + "\0")

    def _by_words(self, wanted: list[str]) -> Iterator[Name]:
        """The names that have for each typed word one that begins with it."""
        self._sort()
        longest = max(wanted, key=len)
        others = [each for each in wanted if each != longest]
        for name in self._between(self._words, longest, longest + _END):
            if not others or all(f" {each}" in f" {name.folded}" for each in others):
                yield name

    def prepare(self) -> Iterator[None]:
        """Make ready, step by step, what the next search needs: for the time in which nobody waits."""
        self._sort()
        yield
        self._joined()
        yield
        self._all_folded()
        yield
        import rapidfuzz.process  # noqa: F401 – its first import takes longer than a search

    def _joined(self) -> tuple[str, list[int], list[int]]:
        """All names in one text, where each begins, and which it is."""
        if self._blob is None:
            there = [(nth, name) for nth, name in enumerate(self._names) if name is not None]
            starts, at = [], 0
            for _, name in there:
                starts.append(at)
                at += len(name.folded) + 1
            self._blob = "\n".join(name.folded for _, name in there), starts, [nth for nth, _ in there]
        return self._blob

    def _all_folded(self) -> tuple[list[str], list[int]]:
        """All names, and which each is."""
        if self._folded is None:
            there = [(name.folded, nth) for nth, name in enumerate(self._names) if name is not None]
            self._folded = [folded for folded, _ in there], [nth for _, nth in there]
        return self._folded

    def _holding(self, wanted: str) -> Iterator[Name]:
        text, starts, those = self._joined()
        at = text.find(wanted)
        while at >= 0:
            place = bisect_left(starts, at + 1) - 1
            yield self._name(those[place])
            if place + 1 == len(starts):
                return
            at = text.find(wanted, starts[place + 1])

    def _spelt_nearly(self, wanted: str) -> Iterator[tuple[Name, float]]:
        if len(wanted) < SHORTEST_NEAR:
            return
        from rapidfuzz import fuzz, process  # not at program start

        texts, those = self._all_folded()
        found = process.extract(
            wanted, texts, scorer=fuzz.ratio, processor=None, score_cutoff=100 * NEAR, limit=50
        )
        for _, score, place in found:
            yield self._name(those[place]), score / 100
