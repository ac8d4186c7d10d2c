"""Finding categories by what is typed, and in which order they are offered.

What matches in a category's own title or code comes before what matches only along its path in the tree,
and that before what matches only in its definition. Among equals the recently used come first, then those
that are used most, then the codebook's order.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from annotator.core.codebook import Category
from annotator.core.names import fold

RECENT = 6
"""How many categories count as recently used."""

_WORD = re.compile(r"\w+")


class CategoryUse:
    """Which categories an annotator has used: how often, and which of them lately."""

    def __init__(self, values: Iterable[Sequence[str]] = ()) -> None:
        """``values``: the categories of one label after the other, the latest last."""
        self.counts: Counter[str] = Counter()
        self.recent: list[str] = []
        """The latest first, each once."""
        for value in values:
            self.add(value)

    def add(self, codes: Iterable[str]) -> None:
        """These were given to a label now."""
        for code in codes:
            self.counts[code] += 1
            if code in self.recent:
                self.recent.remove(code)
            self.recent.insert(0, code)
        del self.recent[RECENT:]


class CategoryIndex:
    """The categories of a codebook, ready to be searched with every key."""

    def __init__(self, categories: Sequence[Category]) -> None:
        self._categories = list(categories)
        paths = category_paths(categories)
        self._texts: list[tuple[str, str, str]] = []
        """Of each: the words of title and code's end, of path and code, of all; a space before each."""
        for each in categories:
            own = _spaced(f"{each.title} {each.code.rpartition('/')[2]}")
            path = own + _spaced(f"{' '.join(paths[each.code])} {each.code}")
            self._texts.append((own, path, path + _spaced(each.definition)))

    def search(
        self, typed: str, use: CategoryUse | None = None, taken: Sequence[str] = (), limit: int = 50
    ) -> list[Category]:
        """The categories that hold a word beginning with each typed one, in any order; the best first.

        Where there are none, those that hold what was typed anywhere, as inside of a compound. ``taken``
        ones are left out. Nothing typed finds all.
        """
        use = use or CategoryUse()
        words = _words(typed)
        found = self._found([f" {word}" for word in words], taken)
        if not found and words:
            found = self._found(words, taken)
        recent = {code: nth for nth, code in enumerate(use.recent)}
        counts, categories = use.counts, self._categories

        def rank(hit: tuple[int, int]) -> tuple[int, int, int, int]:
            tier, place = hit
            code = categories[place].code
            return (tier, recent.get(code, RECENT), -counts[code], place)

        found.sort(key=rank)
        return [categories[place] for _, place in found[:limit]]

    def _found(self, words: Sequence[str], taken: Sequence[str]) -> list[tuple[int, int]]:
        """Tier and place of each category in which all of the words stand."""
        found = []
        for place, texts in enumerate(self._texts):
            if all(word in texts[2] for word in words) and self._categories[place].code not in taken:
                tier = next(nth for nth in range(3) if all(word in texts[nth] for word in words))
                found.append((tier, place))
        return found


def category_paths(categories: Sequence[Category]) -> dict[str, tuple[str, ...]]:
    """By code, the titles on the way to each category, from the root to itself."""
    titles = {each.code: each.title or each.code for each in categories}
    paths: dict[str, tuple[str, ...]] = {}
    for each in categories:
        parts = each.code.split("/")
        steps = ["/".join(parts[: nth + 1]) for nth in range(len(parts))]
        paths[each.code] = tuple(titles.get(step, part) for step, part in zip(steps, parts, strict=True))
    return paths


def _words(text: str) -> list[str]:
    return _WORD.findall(fold(text).replace("_", " "))


def _spaced(text: str) -> str:
    return "".join(f" {word}" for word in _words(text))
