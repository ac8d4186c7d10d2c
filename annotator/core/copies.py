"""Near-duplicates among many texts: wire copy under another headline, a story that was sent twice.

Two texts are as alike as the sets of their 5-word sequences ("shingles"; A. Broder, On the resemblance and
containment of documents, 1997): the Jaccard index, 0 to 1. Which pairs are worth comparing is told by one
permutation hashing (P. Li, A. Owen, C.-H. Zhang, One Permutation Hashing, 2012), whose empty bins are filled
by optimal densification (A. Shrivastava, Optimal Densification for Fast and Accurate Minwise Hashing, 2017),
and banding of the bins; candidates are then compared exactly. Nothing is random: the same texts give the
same groups in every run.
"""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    type Hashes = NDArray[np.uint64]

LEAST = 0.7
"""How alike texts are that are called copies: a story of 500 words with another last paragraph is at 0.8,
while two reporters' stories of one event stay below 0.2."""
WORDS = 5
"""Words of a shingle."""
FEWEST = 20
"""Shingles that a text must have: headlines and single sentences repeat by chance."""
_ROWS, _BANDS = 4, 32
"""Texts that are 0.7 alike are missed in 2 of 10,000 cases, at 0.8 in none of a million."""
_BINS = 128
assert _ROWS * _BANDS == _BINS
_ODD = 0x9E3779B97F4A7C15
_MASK = (1 << 64) - 1
_MOST_IN_BUCKET = 8
_MOST_COMPARED = 40
_MOST_DETOURS = 40
_SAME = 0.98
"""So alike that further copies are found by the first one."""
_LONGEST = 1 << 16
"""Bytes of a piece of text that is hashed at once."""


@cache
def _powers() -> tuple[Hashes, Hashes]:
    """Powers of an odd number modulo 2⁶⁴, and of its inverse."""
    import numpy as np

    def row(base: int) -> Hashes:
        made = np.full(_LONGEST + 1, base, np.uint64)
        made[0] = 1
        return np.multiply.accumulate(made)

    return row(_ODD), row(pow(_ODD, -1, 1 << 64))


def _mixed(numbers: Hashes) -> Hashes:
    """Every bit spread over all of them (the finaliser of SplitMix64)."""
    import numpy as np

    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        numbers = (numbers ^ (numbers >> np.uint64(shift))) * np.uint64(factor)
    return numbers ^ (numbers >> np.uint64(31))


@cache
def _separators() -> NDArray[np.bool_]:
    """Which ASCII bytes stand between words."""
    import numpy as np

    return np.array([not chr(each).isalnum() if each < 128 else False for each in range(256)])


def _word_hashes(piece: bytes) -> Hashes:
    """A number for each word, the same for the same word; CJK characters are words by themselves."""
    import numpy as np

    data = np.frombuffer(piece, np.uint8)
    between = _separators()[data]
    if not piece.isascii():
        # typographic quotes, dashes and spaces are U+2000 to U+2FFF (E2 …) and Latin-1's (C2 …)
        marks = data == 0xE2
        between |= marks | (data == 0xC2)
        between[1:] |= marks[:-1] | (data[:-1] == 0xC2)
        between[2:] |= marks[:-2]
    edges: NDArray[np.bool_] = np.empty(len(data) + 1, np.bool_)
    edges[0], edges[-1] = not between[0], not between[-1]
    np.not_equal(between[1:], between[:-1], out=edges[1:-1])
    if not piece.isascii():
        edges[:-1] |= (data >= 0xE3) & (data <= 0xE9) & ~between
    places = edges.nonzero()[0]
    powers, inverse = _powers()
    sums = np.zeros(len(data) + 1, np.uint64)
    np.cumsum((data + np.uint64(1)) * powers[: len(data)], out=sums[1:])
    starts = places[:-1]
    inside = ~between[starts]
    starts, ends = starts[inside], places[1:][inside]
    return (sums[ends] - sums[starts]) * inverse[starts]


def shingles(text: str) -> Hashes:
    """Numbers of the text's 5-word sequences, sorted, each once; a shorter text has one.

    Case and what stands between words do not count.
    """
    import numpy as np

    data = text.casefold().encode("utf-8", "replace")
    pieces = [_word_hashes(data[at : at + _LONGEST]) for at in range(0, len(data), _LONGEST)]
    if not pieces:
        return np.empty(0, np.uint64)
    words = pieces[0] if len(pieces) == 1 else np.concatenate(pieces)
    length = min(WORDS, len(words))
    if not length:
        return words
    number = len(words) - length + 1
    words = _mixed(words)
    made = words[:number].copy()
    for nth in range(1, length):
        made *= np.uint64(_ODD)
        made += words[nth : nth + number]
    made = _mixed(made)
    made.sort()
    new = np.empty(number, np.bool_)
    new[0] = True
    np.not_equal(made[1:], made[:-1], out=new[1:])
    return made[new]


def resemblance(one: NDArray[Any], other: NDArray[Any]) -> float:
    """The share of shingles in common (Jaccard index, 0 to 1) of two sets as :func:`shingles` gives them."""
    import numpy as np

    if not len(one) or not len(other):
        return 0.0
    both = np.concatenate((one, other))
    both.sort()
    common = int(np.count_nonzero(both[1:] == both[:-1]))
    return common / (len(both) - common)


@cache
def _edges() -> Hashes:
    import numpy as np

    return np.arange(_BINS, dtype=np.uint64) << np.uint64(64 - _BINS.bit_length() + 1)


@cache
def _detour(attempt: int) -> NDArray[np.intp]:
    """For each bin the one to look into at an attempt, in an order that is the same for all texts."""
    import numpy as np

    numbers = np.arange(_BINS, dtype=np.uint64) + np.uint64((attempt + 1) * _ODD & _MASK)
    return (_mixed(numbers) % np.uint64(_BINS)).astype(np.intp)


def sketch(hashes: Hashes) -> Hashes:
    """The least shingle of each of 128 bins; texts share as many of them as they share of their shingles."""
    import numpy as np

    first = np.searchsorted(hashes, _edges())
    full = np.empty(_BINS, np.bool_)
    np.less(first[:-1], first[1:], out=full[:-1])
    full[-1] = first[-1] < len(hashes)
    made = hashes[np.minimum(first, len(hashes) - 1)]
    empty = (~full).nonzero()[0]
    attempt = 0
    while len(empty) and attempt < _MOST_DETOURS:
        source = _detour(attempt)[empty]
        found = full[source]
        made[empty[found]] = made[source[found]]
        empty = empty[~found]
        attempt += 1
    if len(empty):  # of a text with a handful of shingles: the next full bin round the circle
        there = full.nonzero()[0]
        made[empty] = made[there[np.searchsorted(there, empty) % len(there)]]
    return made


class Pair(Struct, frozen=True):
    """A text that nearly repeats one before it."""

    text: int
    """Which one, counted from 0."""
    like: int
    similarity: float


class Copies:
    """Texts as they come, each compared with all before it. Keeps about 4 bytes per word of each."""

    def __init__(self, least: float = LEAST) -> None:
        self.least = least
        self.pairs: list[Pair] = []
        self._sets: list[Any] = []
        self._buckets: list[dict[bytes, int | tuple[int, ...]]] = [{} for _ in range(_BANDS)]
        """For each band the texts that have the same numbers there; plain numbers keep the garbage
        collector from looking at them."""

    def add(self, text: str) -> list[Pair]:
        """Take the next text: those that it nearly repeats, the most alike first."""
        import numpy as np

        hashes = shingles(text)
        number = len(self._sets)
        short = (hashes >> np.uint64(32)).astype(np.uint32)  # half of each number tells them apart as well
        self._sets.append(short)
        if len(hashes) < FEWEST:
            return []
        data = sketch(hashes).tobytes()
        width = len(data) // _BANDS
        keys = [data[at : at + width] for at in range(0, len(data), width)]
        met: list[int] = []
        for bucket, key in zip(self._buckets, keys, strict=True):
            there = bucket.get(key)
            if there is not None:
                met += (there,) if isinstance(there, int) else there
        found = []
        for other, _ in Counter(met).most_common(_MOST_COMPARED):
            similarity = resemblance(short, self._sets[other])
            if similarity >= self.least:
                found.append(Pair(number, other, similarity))
            if similarity >= _SAME:
                break
        found.sort(key=lambda pair: (-pair.similarity, pair.like))
        if not found or found[0].similarity < _SAME:
            for bucket, key in zip(self._buckets, keys, strict=True):
                there = bucket.setdefault(key, number)
                others = (there,) if isinstance(there, int) else there
                if number not in others and len(others) < _MOST_IN_BUCKET:
                    bucket[key] = (*others, number)
        self.pairs += found
        return found

    def groups(self) -> list[tuple[list[int], float]]:
        """Texts that are linked by pairs, in order, with the least similarity of the links that tie them.

        The largest groups come first.
        """
        over: dict[int, int] = {}

        def top(number: int) -> int:
            while (above := over.get(number, number)) != number:
                over[number] = over.get(above, above)
                number = above
            return number

        least: dict[int, float] = {}
        for pair in sorted(self.pairs, key=lambda pair: -pair.similarity):
            one, other = sorted((top(pair.text), top(pair.like)))
            if one != other:
                over[other] = one
                least[one] = min(least.get(one, 1.0), least.get(other, 1.0), pair.similarity)
        members: dict[int, list[int]] = {}
        for number in sorted({each for pair in self.pairs for each in (pair.text, pair.like)}):
            members.setdefault(top(number), []).append(number)
        rows = [(numbers, least[first]) for first, numbers in members.items()]
        return sorted(rows, key=lambda row: (-len(row[0]), row[0]))
