"""How far two labellings agree: precision, recall and F1 over words, with bootstrap intervals.

The unit is the word, a run of letters, digits or ``_``: punctuation and white space at a span's edges never
matter, and a span without a word does not count. One labelling is called predicted, the other gold.
"""

from __future__ import annotations

import math
import random
import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from annotator.core.model import Fragments

type Words = frozenset[int]
"""Numbers of words of one article, from 0 in text order."""

LEAST_OVERLAP = 0.5
"""Intersection over union from which two spans count as the same."""
RESAMPLES = 500
SEED = 0
_WORD = re.compile(r"\w+")


class WordIndex:
    """The words of one text, to be asked which of them a span covers."""

    def __init__(self, text: str) -> None:
        bounds = [match.span() for match in _WORD.finditer(text)]
        self._starts = [start for start, _ in bounds]
        self._ends = [end for _, end in bounds]

    def of(self, fragments: Fragments) -> Words:
        """Words that share a code point with the fragments (half-open code points)."""
        found: set[int] = set()
        for start, end in fragments:
            if start < end:
                found.update(range(bisect_right(self._ends, start), bisect_left(self._starts, end)))
        return frozenset(found)


class Measure(StrEnum):
    """How a predicted and a gold span are compared."""

    EXACT = "exact"
    """The same words, one to one."""
    PARTIAL = "partial"
    """The best-covered share of each predicted span for precision, of each gold span for recall; the
    soft scores with which Pareti's attribution corpus is evaluated."""
    OVERLAP = "iou50"
    """One to one, the greatest intersection over union first, which must be at least 0.5."""
    TOKEN = "token"
    """Single words that are covered at all."""


class Row(NamedTuple):
    """What a score is about."""

    section: str
    what: str
    measure: str = ""
    label: str = ""
    """A label or relation type; empty: all together."""


class Counts(Struct, frozen=True):
    """What precision and recall are made of; counts of several articles are added.

    Precision and recall are 0 where there is nothing to divide by.
    """

    found: float = 0
    """How many of the predicted are right; parts count in part."""
    predicted: int = 0
    recalled: float = 0
    """How many of the gold ones were found."""
    gold: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.found + other.found,
            self.predicted + other.predicted,
            self.recalled + other.recalled,
            self.gold + other.gold,
        )

    @classmethod
    def of_pairs(cls, pairs: int, predicted: int, gold: int) -> Counts:
        """Counts where each that is right stands for one on the other side."""
        return cls(pairs, predicted, pairs, gold)

    @property
    def precision(self) -> float:
        """The right share of the predicted."""
        return self.found / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        """The share of the gold that was found."""
        return self.recalled / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def overlap(one: Words, other: Words) -> float:
    """Intersection over union, 0 to 1; 0 for two empty sets."""
    union = len(one | other)
    return len(one & other) / union if union else 0.0


def span_counts(predicted: Sequence[Words], gold: Sequence[Words]) -> dict[Measure, Counts]:
    """One article's spans by every measure. Spans without a word must have been left out."""
    numbers = len(predicted), len(gold)
    equal = (Counter(predicted) & Counter(gold)).total()
    one, other = frozenset[int]().union(*predicted), frozenset[int]().union(*gold)
    return {
        Measure.EXACT: Counts.of_pairs(equal, *numbers),
        Measure.PARTIAL: Counts(_covered(predicted, gold), numbers[0], _covered(gold, predicted), numbers[1]),
        Measure.OVERLAP: Counts.of_pairs(len(matched(predicted, gold)), *numbers),
        Measure.TOKEN: Counts.of_pairs(len(one & other), len(one), len(other)),
    }


def matched(predicted: Sequence[Words], gold: Sequence[Words]) -> list[tuple[int, int]]:
    """Places (predicted, gold) of the spans that count as the same; see :attr:`Measure.OVERLAP`."""
    near = by_word(gold)
    return paired(
        (overlap(words, gold[place]), nth, place)
        for nth, words in enumerate(predicted)
        for place in touched(words, near)
    )


def paired(candidates: Iterable[tuple[float, int, int]]) -> list[tuple[int, int]]:
    """The best (predicted, gold) pairs, one to one, of candidates with their overlaps.

    Equal overlaps are taken in an order that is the same whichever side is called gold.
    """

    def order(candidate: tuple[float, int, int]) -> tuple[float, int, int]:
        share, nth, place = candidate
        return -share, min(nth, place), max(nth, place)

    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for share, nth, place in sorted(candidates, key=order):
        if share >= LEAST_OVERLAP and nth not in pairs and place not in taken:
            pairs[nth] = place
            taken.add(place)
    return list(pairs.items())


def _covered(spans: Sequence[Words], others: Sequence[Words]) -> float:
    """The sum of the best-covered share of each span."""
    near = by_word(others)
    return math.fsum(
        max((len(words & others[place]) for place in touched(words, near)), default=0) / len(words)
        for words in spans
    )


def by_word(spans: Sequence[Words]) -> Mapping[int, list[int]]:
    """The places of the spans that have a word, by word."""
    places: dict[int, list[int]] = defaultdict(list)
    for place, words in enumerate(spans):
        for word in words:
            places[word].append(place)
    return places


def touched(words: Words, near: Mapping[int, list[int]]) -> list[int]:
    """Places of the spans that share a word with these, in order."""
    return sorted({place for word in words for place in near.get(word, ())})


# -- over articles -----------------------------------------------------------------------------------


class Interval(Struct, frozen=True):
    """The 95 % interval of one score, each as (low, high)."""

    precision: tuple[float, float]
    recall: tuple[float, float]
    f1: tuple[float, float]


def totals(articles: Iterable[Mapping[Row, Counts]]) -> dict[Row, Counts]:
    """The counts of all articles together: micro averages."""
    found: dict[Row, Counts] = {}
    for article in articles:
        for row, counts in article.items():
            found[row] = found.get(row, Counts()) + counts
    return found


def intervals(articles: Sequence[Mapping[Row, Counts]]) -> dict[Row, Interval]:
    """Percentile bootstrap over whole articles (Efron 1979): as many are drawn as there are, with return.

    The seed is fixed, so that the same labels always give the same intervals.
    """
    draw = random.Random(SEED)
    samples = [
        [drawn[nth] for nth in range(len(articles))]
        for drawn in (
            Counter(draw.randrange(len(articles)) for _ in articles) for _ in range(RESAMPLES)
        )
    ]  # fmt: skip
    known: dict[tuple[float, ...], list[float]] = {}  # several rows count the same spans

    def resampled(column: Iterable[float]) -> list[float]:
        values = tuple(column)
        if values not in known:
            known[values] = [math.sumprod(times, values) for times in samples]
        return known[values]

    nothing = Counts()
    found: dict[Row, Interval] = {}
    for row in totals(articles):
        column = [article.get(row, nothing) for article in articles]
        found[row] = _interval(
            resampled(each.found for each in column),
            resampled(each.predicted for each in column),
            resampled(each.recalled for each in column),
            resampled(each.gold for each in column),
        )
    return found


def _interval(
    found: Sequence[float], predicted: Sequence[float], recalled: Sequence[float], gold: Sequence[float]
) -> Interval:
    """From the sums of each resampling."""
    scored = [
        Counts(one, int(of), other, int(whole))
        for one, of, other, whole in zip(found, predicted, recalled, gold, strict=True)
    ]

    def middle(score: Callable[[Counts], float]) -> tuple[float, float]:
        values = sorted(map(score, scored))
        return values[int(0.025 * RESAMPLES)], values[int(0.975 * RESAMPLES)]

    return Interval(
        middle(lambda counts: counts.precision),
        middle(lambda counts: counts.recall),
        middle(lambda counts: counts.f1),
    )
