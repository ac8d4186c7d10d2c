"""Hint letters, and which spans a relation may reach."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import Codebook
from annotator.core.model import Kind
from annotator.ui.canvas.hints import LETTERS, hint_codes, legal_types, targets_of
from annotator.ui.canvas.layout import Mark


@given(st.integers(0, 3000))
def test_no_code_is_the_beginning_of_another(count: int) -> None:
    codes = hint_codes(count)
    assert len(codes) == len(set(codes)) == count
    assert all(set(code) <= set(LETTERS) for code in codes)
    ordered = sorted(codes)
    assert not any(after.startswith(code) for code, after in pairwise(ordered))
    assert [len(code) for code in codes] == sorted(len(code) for code in codes)


@pytest.mark.parametrize(
    ("count", "singles", "longest"),
    [(1, 1, 1), (26, 26, 1), (27, 25, 2), (51, 25, 2), (52, 24, 2), (676, 0, 2)],
)
def test_codes_are_as_short_as_can_be(count: int, singles: int, longest: int) -> None:
    codes = hint_codes(count)
    assert sum(len(code) == 1 for code in codes) == singles
    assert max(map(len, codes)) == longest


def test_the_home_row_comes_first() -> None:
    assert hint_codes(5) == list("asdfj")
    assert "a" in hint_codes(60)


def mark(id_: str, kind: Kind, start: int, end: int) -> Mark:
    return Mark(id_, kind, "x", "neutral", ((start, end),))


def test_legal_types_run_the_other_way_only_where_none_runs_this_way(codebook: Codebook) -> None:
    def names(source: Kind, target: Kind) -> tuple[list[str], bool]:
        types, backwards = legal_types(codebook, source, target)
        return [each.name for each in types], backwards

    assert names(Kind.CLAIM, Kind.CUE) == (["cued_by"], False)
    assert names(Kind.CUE, Kind.CLAIM) == (["cued_by"], True)
    assert names(Kind.ACTOR, Kind.CLAIM) == (["made_by", "addressed_to", "about"], True)
    assert names(Kind.ACTOR, Kind.ACTOR) == (["affiliated_with", "same_as"], False)
    assert names(Kind.ENTITY, Kind.ACTOR)[0] == []


def test_targets_are_the_legal_ones_the_nearest_first(codebook: Codebook) -> None:
    source = mark("source", Kind.CLAIM, 100, 120)
    marks = [
        source,
        mark("far", Kind.ACTOR, 300, 310),
        mark("near", Kind.ENTITY, 80, 90),
        mark("inside", Kind.CUE, 105, 110),
        mark("twin", Kind.CLAIM, 100, 120),
    ]
    assert [each.id for each in targets_of(codebook, source, marks)] == ["twin", "inside", "near", "far"]
    entity = mark("entity", Kind.ENTITY, 0, 5)
    assert [each.id for each in targets_of(codebook, entity, [*marks, entity])] == ["source", "twin"]
