"""Columns and back."""

from __future__ import annotations

from array import array
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.errors import ProjectError
from annotator.core.tokens import Tokens
from annotator.store.rows import (
    changeset_of,
    changesets_of,
    fragments_json,
    fragments_of,
    json_of,
    last_of,
    tokens_blob,
    tokens_of,
)

offsets = st.integers(0, 2**31)
ranges = st.tuples(offsets, offsets).filter(lambda pair: pair[0] < pair[1])
fragment_lists = st.lists(ranges).map(tuple)
values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(fragment_lists)
def test_fragments_come_back(fragments: tuple[tuple[int, int], ...]) -> None:
    assert fragments_of(fragments_json(fragments)) == fragments


@given(st.tuples(offsets, offsets))
def test_equal_fragments_are_equal_text(fragment: tuple[int, int]) -> None:
    assert fragments_json((fragment,)) == orjson.dumps([fragment]).decode()


@given(values)
def test_json_comes_back(value: Any) -> None:
    assert orjson.loads(json_of(value)) == value


@pytest.mark.parametrize("value", ["\ud83d", {1: "x"}, {"x": {1, 2}}, 2**70])
def test_what_json_cannot_hold_is_said(value: Any) -> None:
    with pytest.raises(ProjectError, match="cannot be stored"):
        json_of(value)


@given(
    st.lists(st.tuples(st.integers(0, 99), st.integers(1, 99))),
    st.sampled_from([0, 65_300, 65_536, 10_000_000]),
    st.text(),
)
def test_tokens_come_back(steps: list[tuple[int, int]], at: int, source: str) -> None:
    bounds = []
    for gap, length in steps:
        bounds.append((at + gap, at + gap + length))
        at += gap + length
    tokens = Tokens.of(bounds, [start for start, _ in bounds[::7]], source)
    back = tokens_of(source, tokens_blob(tokens))
    assert back == tokens
    assert back.starts.typecode == "I"


def test_tokens_of_a_short_text_take_two_bytes_a_number() -> None:
    tokens = Tokens(array("I", range(600)), array("I", range(1, 601)), array("I", [0]))
    assert len(tokens_blob(tokens)) == 9 + 2 * 1201


@pytest.mark.parametrize("data", [b"", b"H", b"H\2\0\0\0\0\0\0\0\1\0", b"?" * 20, b"\xff" * 20])
def test_unreadable_tokens(data: bytes) -> None:
    with pytest.raises(ProjectError, match="cannot be read"):
        tokens_of("x", data)


@pytest.mark.parametrize("data", ["", "[", "[[1]]", "[1]", "7", '[["a"]]'])
def test_unreadable_fragments(data: str) -> None:
    with pytest.raises(ProjectError, match="cannot be read"):
        fragments_of(data)


@pytest.mark.parametrize(
    "data", ['["ab"]', "[[1,0]]", "[[0,true]]", "[[-1,2]]", "[[0,1.5]]", "3", "{", "[[0]]"]
)
def test_ranges_of_a_forged_file_are_refused(data: str) -> None:
    with pytest.raises(ProjectError):
        fragments_of(data)


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {"article": "a", "changes": [{}]},
        {"article": 3, "changes": []},
        {"article": "a", "changes": 5},
        {"article": "a", "changes": [{"of": "span", "before": None, "after": {"kind": "claim"}}]},
        {"article": "a", "changes": [{"of": "furniture", "before": [], "after": [[0, "x"]]}]},
    ],
)
def test_edits_of_a_forged_file_are_refused(data: Any) -> None:
    with pytest.raises(ProjectError):
        changeset_of(data)


@pytest.mark.parametrize("numbers", [[5], [4], [6, 6], [7, 6], [6, 8, 7]])
def test_articles_out_of_order_would_be_read_for_ever(numbers: list[int]) -> None:
    assert last_of([6, 7, 9], 5) == 9
    with pytest.raises(ProjectError):
        last_of(numbers, 5)


def test_an_edit_that_changes_nothing_is_forged() -> None:
    with pytest.raises(ProjectError):
        changesets_of("[]")
