"""Each measure on cases that can be counted by hand, and what must hold for all."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.scoring import (
    Counts,
    Interval,
    Measure,
    Row,
    WordIndex,
    Words,
    intervals,
    matched,
    overlap,
    paired,
    span_counts,
    totals,
)

SPANS = st.lists(st.frozensets(st.integers(0, 12), min_size=1, max_size=6), max_size=8)
ROW = Row("spans", "claim", Measure.EXACT)


def words(first: int, last: int) -> Words:
    """The words from the first to the last, both included."""
    return frozenset(range(first, last + 1))


def test_words_are_those_that_a_span_touches() -> None:
    text = "“Don’t go,” 😀 he said."
    index = WordIndex(text)
    assert index.of(((0, len(text)),)) == words(0, 4)
    assert index.of(((0, 11),)) == words(0, 2), "quotation marks and the comma are no words"
    assert index.of(((7, 9), (16, 20))) == {2, 4}
    assert index.of(((3, 3),)) == frozenset(), "an empty range within a word"
    assert index.of(((11, 14),)) == frozenset(), "an emoji is no word"
    assert index.of(()) == frozenset()


def test_exact_counts_equal_spans_one_to_one() -> None:
    found = span_counts([words(0, 3), words(0, 3), words(5, 6)], [words(0, 3), words(5, 7)])[Measure.EXACT]
    assert (found.found, found.predicted, found.recalled, found.gold) == (1, 3, 1, 2)


def test_partial_is_the_mean_of_the_best_covered_shares() -> None:
    # 0–3 is covered by 2–5 to a half; 10–11 by nothing. 2–5 is covered to a half, 3–3 as a whole.
    found = span_counts([words(0, 3), words(10, 11)], [words(2, 5), words(3, 3)])[Measure.PARTIAL]
    assert found.precision == pytest.approx((2 / 4 + 0) / 2)
    assert found.recall == pytest.approx((2 / 4 + 1) / 2)
    assert found.f1 == pytest.approx(2 * 0.25 * 0.75 / (0.25 + 0.75))


def test_overlap_matches_one_to_one_the_best_first() -> None:
    predicted = [words(0, 5), words(0, 3), words(20, 21)]
    gold = [words(0, 4), words(21, 24)]
    assert overlap(predicted[0], gold[0]) == pytest.approx(5 / 6)
    assert matched(predicted, gold) == [(0, 0)], "1–0 has 4/5, but 0–0 has 5/6; 2–1 has only 1/5"
    found = span_counts(predicted, gold)[Measure.OVERLAP]
    assert (found.precision, found.recall) == (pytest.approx(1 / 3), pytest.approx(1 / 2))


def test_half_is_enough() -> None:
    assert matched([words(0, 1)], [words(0, 3)]) == [(0, 0)]
    assert matched([words(0, 0)], [words(0, 2)]) == []


def test_equal_overlaps_are_taken_in_order() -> None:
    assert matched([words(0, 3)], [words(0, 3), words(0, 3)]) == [(0, 0)]
    assert paired([(0.5, 1, 0), (0.5, 0, 0)]) == [(0, 0)]
    assert paired([(0.6, 1, 0), (0.5, 0, 0), (0.4, 0, 1)]) == [(1, 0)]


def test_token_counts_covered_words_once() -> None:
    found = span_counts([words(0, 3), words(2, 5)], [words(4, 9)])[Measure.TOKEN]
    assert (found.found, found.predicted, found.gold) == (2, 6, 6)


def test_nothing_on_a_side_is_zero() -> None:
    for counts in (
        *span_counts([], []).values(),
        *span_counts([words(0, 1)], []).values(),
        *span_counts([], [words(0, 1)]).values(),
    ):
        assert (counts.precision, counts.recall, counts.f1) == (0, 0, 0)


@given(SPANS.filter(bool))
def test_a_thing_against_itself_is_right(spans: list[Words]) -> None:
    for counts in span_counts(spans, spans).values():
        assert counts.precision == counts.recall == counts.f1 == pytest.approx(1)


@given(SPANS, SPANS)
def test_sides_exchanged_exchange_precision_and_recall(one: list[Words], other: list[Words]) -> None:
    back = span_counts(other, one)
    for measure, counts in span_counts(one, other).items():
        assert (counts.precision, counts.recall) == (back[measure].recall, back[measure].precision)
        assert counts.f1 == pytest.approx(back[measure].f1)
        assert 0 <= counts.f1 <= 1 + 1e-12
        assert 0 <= counts.precision <= 1 + 1e-12


@given(SPANS, SPANS)
def test_exact_is_never_better_than_overlap(one: list[Words], other: list[Words]) -> None:
    found = span_counts(one, other)
    assert found[Measure.EXACT].found <= found[Measure.OVERLAP].found


# -- several articles --------------------------------------------------------------------------------


def test_articles_are_added_before_dividing() -> None:
    found = totals(
        [{ROW: Counts(1, 1, 1, 10)}, {ROW: Counts(1, 3, 1, 2), Row("spans", "cue"): Counts(gold=1)}]
    )
    assert found[ROW] == Counts(2, 4, 2, 12)
    assert found[Row("spans", "cue")].gold == 1


def test_intervals_hold_the_middle_of_500_resamplings_and_stay_the_same() -> None:
    articles = [{ROW: Counts(nth % 3, 3, nth % 3, 4)} for nth in range(10)]
    drawn = random.Random(0)
    values = []
    for _ in range(500):
        sample = [articles[drawn.randrange(10)][ROW] for _ in articles]
        values.append(sum(each.found for each in sample) / 30)
    values.sort()
    between = intervals(articles)[ROW]
    assert between == intervals(articles)[ROW]
    assert between.precision == pytest.approx((values[12], values[487]))


def test_equal_articles_leave_no_doubt() -> None:
    both = (pytest.approx(0.5), pytest.approx(0.5))
    assert intervals([{ROW: Counts(1, 2, 1, 2)}] * 5)[ROW] == Interval(both, both, both)  # type: ignore[arg-type]


def test_an_article_without_the_row_counts_as_none() -> None:
    between = intervals([{ROW: Counts(1, 1, 1, 1)}, {}])[ROW]
    assert between.f1 == (0.0, 1.0)
