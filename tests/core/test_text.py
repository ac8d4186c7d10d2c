"""Code points and UTF-16 units, and what import does to a text."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.text import (
    BOM,
    Utf16Map,
    excerpt,
    normalise,
    overlaps,
    paragraphs,
    runs_left,
    sha256_of,
    slice_of,
    touches_any,
)

texts = st.text(
    st.one_of(
        st.sampled_from("ab \r\n\u2028\u00a0\ufeff\u0301ل😀👩\U0010ffff"), st.characters(codec="utf-8")
    ),
    max_size=60,
)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(texts)
def test_the_map_counts_as_utf_16_does(text: str) -> None:
    to = Utf16Map(text)
    for point in range(len(text) + 1):
        assert to.to_units(point) == units(text[:point])
        assert to.to_points(to.to_units(point)) == point


@given(texts)
def test_the_middle_of_a_pair_is_its_start(text: str) -> None:
    to = Utf16Map(text)
    for point, char in enumerate(text):
        if ord(char) > 0xFFFF:
            assert to.to_points(to.to_units(point) + 1) == point


def test_three_emoji_shift_by_three() -> None:
    assert Utf16Map("😀😀😀x").to_units(3) == 6
    assert Utf16Map("😀😀😀x").to_points(6) == 3


@given(texts)
def test_normalising_again_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert "\r" not in once
    assert not once.startswith(BOM)
    assert once == normalise(BOM + text) == normalise(once.replace("\n", "\r\n"))


def test_normalising_touches_nothing_else() -> None:
    kept = "a\u00a0b\u2028c\u0085d\te\u0301 \ufeff\u200b\x00\x0b😀\n\n"
    assert normalise(kept) == kept
    assert normalise("a\r\nb\rc\n\rd") == "a\nb\nc\n\nd"


def test_sha256_is_of_the_utf_8_bytes() -> None:
    assert sha256_of("é😀") == hashlib.sha256(b"\xc3\xa9\xf0\x9f\x98\x80").hexdigest()


@given(texts)
def test_paragraphs_and_line_feeds_make_up_the_text(text: str) -> None:
    ranges = paragraphs(text)
    assert "\n".join(text[start:end] for start, end in ranges) == text
    assert all("\n" not in text[start:end] for start, end in ranges)
    assert [start for start, _ in ranges[1:]] == [end + 1 for _, end in ranges[:-1]]


def test_only_line_feeds_end_a_paragraph() -> None:
    assert paragraphs("a\u2028b\u0085c\x0bd\n\ne\n") == [(0, 7), (8, 8), (9, 10), (11, 11)]


def test_a_slice_joins_fragments_with_one_space() -> None:
    assert slice_of("Iran said, twice, no", [(0, 4), (11, 16)]) == "Iran twice"


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [
        ("short", 5, "short"),
        ("two\n\n  lines", 40, "two lines"),
        ("just too long", 10, "just too…"),
        ("unbroken" * 9, 8, "unbroke…"),
    ],
)
def test_excerpts_fit_on_one_line(text: str, limit: int, shown: str) -> None:
    assert excerpt(text, limit) == shown


@pytest.mark.parametrize(
    ("text", "left"),
    [("قال Iran", True), ("12: השר", True), ("Iran قال", False), ("12 😀", False), ("", False)],
)
def test_direction_is_that_of_the_first_letter(text: str, left: bool) -> None:
    assert runs_left(text) is left


ranges = st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1])


@given(ranges, st.lists(ranges, max_size=4))
def test_overlapping_means_sharing_a_code_point(one: tuple[int, int], others: list[tuple[int, int]]) -> None:
    shared = [bool(set(range(*one)) & set(range(*other))) for other in others]
    assert [overlaps(one, other) for other in others] == shared
    assert touches_any(one, others) == any(shared)
