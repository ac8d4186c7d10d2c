"""Codebooks that change under labels: everything is carried along, and every road leads back.

A few runs; ``python -m tests.torture recode --kills N`` does as many as one likes.
"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.torture import recoding


@settings(max_examples=3)
@given(st.integers(0, 10**6))
def test_undone_in_order_everything_is_as_it_was_and_done_again_as_it_came_to_be(seed: int) -> None:
    recoding.undone_in_order(seed)


@settings(max_examples=3)
@given(st.integers(0, 10**6))
def test_in_any_order_nothing_dangles_and_nobody_is_stuck(seed: int) -> None:
    recoding.in_any_order(seed)
