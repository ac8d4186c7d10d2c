"""Token and sentence boundaries, and snapping to them."""

from __future__ import annotations

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.tokens import Tokens, rough_tokens

ALPHABET = "abAB12 .,!?'’\"“”()\n\u2028\u00a0\t-_$%é\u0301سלسम\u093f\u200d😀"
texts = st.text(st.one_of(st.sampled_from(ALPHABET), st.characters(codec="utf-8")), max_size=60)


def words(text: str) -> list[str]:
    tokens = rough_tokens(text)
    return [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]


def offsets(data: st.DataObject, text: str) -> tuple[int, int]:
    start = data.draw(st.integers(0, len(text)))
    return start, data.draw(st.integers(start, len(text)))


@given(texts)
def test_rough_tokens_never_overlap_and_cover_all_but_space(text: str) -> None:
    tokens = rough_tokens(text)
    covered: set[int] = set()
    last = 0
    for start, end in zip(tokens.starts, tokens.ends, strict=True):
        assert last <= start < end
        assert not any(char.isspace() for char in text[start:end])
        covered.update(range(start, end))
        last = end
    assert covered == {nth for nth, char in enumerate(text) if not char.isspace()}


@given(texts)
def test_sentences_start_in_order_within_the_text(text: str) -> None:
    starts = list(rough_tokens(text).sentences)
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert starts[-1] <= len(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. said it doesn’t", ["The", "U.S.", "said", "it", "does", "n’t"]),
        ("Iran's $3,000.50 deal, 28th...", ["Iran", "'s", "$", "3,000.50", "deal", ",", "28th", "..."]),
        ("“Peace”(now)", ["“", "Peace", "”", "(", "now", ")"]),
        ("O’Neill e\u0301tait 😀!", ["O’Neill", "e\u0301tait", "😀", "!"]),
        ("سَلَامٌ שָׁלוֹם हिन्दी می\u200cخواهم", ["سَلَامٌ", "שָׁלוֹם", "हिन्दी", "می\u200cخواهم"]),
        ("one\u00a0two\u2028three", ["one", "two", "three"]),
    ],
)
def test_rough_tokens_are_words_and_marks(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@given(texts, st.data())
def test_snapping_covers_words_and_is_idempotent(text: str, data: st.DataObject) -> None:
    tokens = rough_tokens(text)
    start, end = offsets(data, text)
    snapped = tokens.snap(start, end, text)
    if snapped is None:
        assert text[start : max(end, start + 1)].strip() == ""
        return
    low, high = snapped
    assert tokens.snap(low, high, text) == snapped
    assert tokens.index_range(low, high) is not None
    outside = text[min(start, low) : low] + text[high : max(high, end)]
    assert not outside.strip()


def test_snapping_trims_tokens_of_white_space() -> None:
    text = "one\n\ntwo three"
    tokens = Tokens.of([(0, 3), (3, 5), (5, 8), (9, 14)], source="spacy")
    assert tokens.snap(1, 4, text) == (0, 3)
    assert tokens.snap(4, 6, text) == (5, 8)
    assert tokens.snap(2, 10, text) == (0, 14)
    assert tokens.snap(3, 5, text) is None
    assert tokens.snap(8, 9, text) is None


def test_an_empty_range_gives_the_token_there() -> None:
    text = "one two"
    tokens = rough_tokens(text)
    assert tokens.snap(0, 0, text) == tokens.snap(2, 2, text) == (0, 3)
    assert tokens.snap(4, 4, text) == (4, 7)
    assert tokens.snap(3, 3, text) is None
    assert tokens.snap(7, 7, text) is None


@given(texts, st.data())
def test_index_ranges_are_there_exactly_on_edges(text: str, data: st.DataObject) -> None:
    tokens = rough_tokens(text)
    start, end = offsets(data, text)
    found = tokens.index_range(start, end)
    on_edges = start in set(tokens.starts) and end in set(tokens.ends) and start < end
    assert (found is not None) == on_edges
    if found is not None:
        assert (tokens.starts[found[0]], tokens.ends[found[1]]) == (start, end)


def test_index_ranges_are_inclusive() -> None:
    tokens = rough_tokens("one two three")
    assert tokens.index_range(4, 7) == (1, 1)
    assert tokens.index_range(0, 13) == (0, 2)
    assert tokens.index_range(0, 12) is None
    assert tokens.index_range(5, 5) is None
    assert Tokens.of([]).index_range(0, 1) is None
    assert tokens.index_ranges([4, 0, 0], [7, 12, 13]) == ([1, None, 0], [1, None, 2])
    assert tokens.index_ranges([], []) == ([], [])


def test_steps_skip_white_space_and_stop_at_the_ends() -> None:
    text = "one\n\ntwo"
    tokens = Tokens.of([(0, 3), (3, 5), (5, 8)])
    assert tokens.step(0, 1, text) == 2
    assert tokens.step(2, -1, text) == 0
    assert tokens.step(2, 1, text) == 2
    assert tokens.step(0, -1, text) == 0


@given(texts.filter(str.strip), st.data())
def test_the_token_at_an_offset_holds_or_follows_it(text: str, data: st.DataObject) -> None:
    tokens = rough_tokens(text)
    offset = data.draw(st.integers(0, len(text)))
    index = tokens.at(offset)
    assert offset < tokens.ends[index] or index == len(tokens) - 1
    assert index == 0 or tokens.ends[index - 1] <= offset


def test_sentences_are_trimmed() -> None:
    text = "One. Two is here!  \n\nThree"
    tokens = rough_tokens(text)
    found = {text[slice(*tokens.sentence_at(offset, text))] for offset in range(len(text))}
    assert found == {"One.", "Two is here!", "Three"}


@given(texts, st.data())
def test_a_sentence_lies_within_the_text(text: str, data: st.DataObject) -> None:
    tokens = rough_tokens(text)
    offset = data.draw(st.integers(0, len(text)))
    start, end = tokens.sentence_at(offset, text)
    assert 0 <= start <= end <= len(text)
    assert text[start:end] == text[start:end].strip()
    if offset < len(text) and not text[offset].isspace():
        assert start <= offset < end


def test_a_sentence_does_not_end_at_an_abbreviation_before_small_letters() -> None:
    text = "The U.S. and Iran talked. They agreed."
    tokens = rough_tokens(text)
    assert text[slice(*tokens.sentence_at(0, text))] == "The U.S. and Iran talked."


def test_a_long_text_takes_no_time() -> None:
    text = "Iran said 3,000 “things” that don’t matter.\n" * 2500
    start = perf_counter()
    assert len(rough_tokens(text)) > 25_000
    assert perf_counter() - start < 1.0


@pytest.mark.parametrize("part", [".", "1,1", "a.", "x'", "don't", ".)", ". ", "\n", "a", '"('])
def test_no_text_makes_it_slow(part: str) -> None:
    start = perf_counter()
    rough_tokens(part * 20_000)
    assert perf_counter() - start < 1.0
