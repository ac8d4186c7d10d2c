"""Finding words and expressions in texts."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.errors import InputError
from annotator.core.finding import Wanted


def found(text: str, typed: str, **how: bool) -> list[str]:
    return [text[a:b] for a, b in Wanted(typed, **how).compiled().ranges(text)]


@pytest.mark.parametrize(
    ("text", "typed", "expected"),
    [
        ("Iran, iran and IRAN", "iran", ["Iran", "iran", "IRAN"]),
        ("STRASSE Straße strasse", "straße", ["STRASSE", "Straße", "strasse"]),
        ("a\u00a0b a\nb a  b ab", "a b", ["a\u00a0b", "a\nb", "a  b"]),
        ("😀 x 😀x", "😀 x", ["😀 x"]),
        ("a b a\n\nb", "a   b", ["a b", "a\n\nb"]),
        ("a b\nc", " ", [" ", "\n"]),
        ("1.5 and 1x5", "1.5", ["1.5"]),
        ("(a+)+$", "(a+)+$", ["(a+)+$"]),
        ("İstanbul istanbul", "istanbul", ["İstanbul", "istanbul"]),
        ("cafe\u0301 café", "café", ["café"]),
        ("سلام عليكم", "سلام", ["سلام"]),
    ],
)
def test_words_are_found_in_any_case(text: str, typed: str, expected: list[str]) -> None:
    assert found(text, typed) == expected


def test_case_and_whole_words_by_choice() -> None:
    assert found("US us USA", "US", match_case=True) == ["US", "US"]
    assert found("US us USA", "US", match_case=True, whole_words=True) == ["US"]
    assert found("the U.S. said", "U.S.", whole_words=True) == ["U.S."]


def test_expressions() -> None:
    text = "In 2015 and 2018\nIn May"
    assert found(text, r"\d{4}", expression=True) == ["2015", "2018"]
    assert found(text, r"^in \w+", expression=True) == ["In 2015", "In May"]
    assert found(text, r"x*", expression=True) == []
    assert found(text, r"\p{Lu}", expression=True, match_case=True) == ["I", "I", "M"]


@pytest.mark.parametrize(("typed", "place"), [("a(b", 4), ("[a", 2), ("a**", 3), ("(?<x", 5)])
def test_a_mistake_in_an_expression_is_named_with_its_place(typed: str, place: int) -> None:
    for whole in (False, True):
        with pytest.raises(InputError, match="the expression has a mistake at character") as caught:
            Wanted(typed, expression=True, whole_words=whole).compiled()
        told = int(str(caught.value).split("character ")[1].split(":")[0])
        assert abs(told - place) <= 1


def test_brackets_that_do_not_fit_are_a_mistake_with_whole_words_too() -> None:
    with pytest.raises(InputError):
        Wanted("a)|(b", expression=True, whole_words=True).compiled()


def test_a_slow_expression_is_stopped() -> None:
    finder = Wanted(r"(a|a)+$", expression=True).compiled()
    begun = time.monotonic()
    with pytest.raises(InputError, match="was stopped"):
        list(finder.ranges("a" * 50_000 + "!", 0.1))
    assert time.monotonic() - begun < 5


@given(st.text("ab .(\n", max_size=40), st.text("ab.(", min_size=1, max_size=3))
def test_words_with_case_are_found_as_python_finds_them(text: str, typed: str) -> None:
    expected, start = [], text.find(typed)
    while start >= 0:
        expected.append((start, start + len(typed)))
        start = text.find(typed, start + len(typed))
    assert list(Wanted(typed, match_case=True).compiled().ranges(text)) == expected


@given(st.text(max_size=30), st.text(min_size=1, max_size=4))
def test_whatever_is_typed_is_found_in_itself(around: str, typed: str) -> None:
    if not typed.strip():
        return
    text = f"{around}{typed}{around}"
    for start, end in Wanted(typed).compiled().ranges(text):
        assert 0 <= start < end <= len(text)
    assert list(Wanted(typed, match_case=True).compiled().ranges(typed))


@pytest.mark.parametrize("text", ["x" * 501, "a(?R)?b", "(?<x>a)(?&x)", "a{" + "9" * 450 + "}"])
def test_what_would_fill_the_memory_or_take_long_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        Wanted(text, expression=True).compiled()
