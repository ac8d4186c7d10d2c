"""The quick tokenizer gives what spaCy gives."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotator.core.tokens import Tokens
from annotator.nlp.tokenize import FastTokenizer, WordTokens, tokens_for

BLANK = {language: spacy.blank(language) for language in ("en", "de", "fr", "ar", "xx")}
QUICK = {language: FastTokenizer(spacy.blank(language)) for language in BLANK}
RULES = sorted(str(rule) for nlp in BLANK.values() for rule in nlp.tokenizer.rules)  # type: ignore[union-attr]
PIECES = st.one_of(
    st.sampled_from(
        [" ", "  ", "\n", "\n\n", "\xa0", "\u2028", "\t", "\u200b", "\x1c", ".", ",", "'", "’", '"', ":"]
    ),
    st.sampled_from(
        ["U.S.", "don't", "US's", "(see", "10km", "😀", "e\u0301", "العربية", "中文", "http://a.b/c?d", "A-b"]
    ),
    st.sampled_from(RULES),
    st.text(max_size=6),
)


def spacys(text: str, language: str) -> list[tuple[int, int]]:
    return [(token.idx, token.idx + len(token)) for token in BLANK[language].tokenizer(text)]


@pytest.mark.parametrize("language", list(BLANK))
@settings(max_examples=100)
@given(pieces=st.lists(PIECES, max_size=30))
@example(pieces=["(", " ", ":", " ", ")", ":)"])
@example(pieces=["Scientology", ":", " ", "0.", " ", "But"])
@example(pieces=[" ", " ", "a", " ", " "])
def test_it_equals_spacy_on_anything(language: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    tokens = QUICK[language].tokens(text)
    assert list(zip(tokens.starts, tokens.ends, strict=True)) == spacys(text, language)


@pytest.mark.parametrize("language", list(BLANK))
@settings(max_examples=150)
@given(pieces=st.lists(PIECES, max_size=30))
@example(pieces=["(", " ", ":", " ", ")", ":)"])
@example(pieces=["Scientology", ":", " ", "0.", " ", "But"])
@example(pieces=[" ", " ", "a", " ", " ", "b", "\n", " ", "c", " ", "\n", "d"])
@example(pieces=[":", " ", "):", "U.S."])
@example(pieces=["8", " ", "):", "U.S."])
def test_tokens_are_numbered_as_spacys_are(language: str, pieces: list[str]) -> None:
    text = "".join(pieces)
    whole = Tokens.of(spacys(text, language), source=f"blank_{language}")
    words = WordTokens(text, QUICK[language])
    edges = range(0, len(text) + 1, max(1, len(text) // 30))
    ranges = [
        (start, end) for start in (*edges, *whole.starts) for end in (*edges, *whole.ends) if start < end
    ]
    starts, ends = [start for start, _ in ranges], [end for _, end in ranges]
    assert words.index_ranges(starts, ends) == whole.index_ranges(starts, ends)
    assert words.index_range(0, len(text)) == whole.index_range(0, len(text))
    assert (words.starts, words.ends, words.source) == (whole.starts, whole.ends, whole.source)


def test_tokens_of_news_are_numbered_as_spacys_are(seeds: dict[str, str]) -> None:
    for text in seeds.values():
        whole = Tokens.of(spacys(text, "en"))
        words = WordTokens(text, QUICK["en"])
        for nth, (start, end) in enumerate(zip(whole.starts, whole.ends, strict=True)):
            assert words.index_range(start, end) == (nth, nth)


def test_it_equals_the_pipelines_tokenizer_on_news(seeds: dict[str, str]) -> None:
    from annotator.nlp.loading import load
    from annotator.nlp.pipelines import find_model

    trained = load(find_model())
    for text in seeds.values():
        tokens = tokens_for(text, None)
        assert [(t.idx, t.idx + len(t)) for t in trained.make_doc(text)] == list(
            zip(tokens.starts, tokens.ends, strict=True)
        )


def test_its_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    from annotator.nlp import tokenize

    monkeypatch.setattr(tokenize, "_MOST_WORDS", 10)
    quick = FastTokenizer(spacy.blank("en"))
    for number in range(50):
        text = f"word{number} (nr. {number})"
        tokens = quick.tokens(text)
        assert list(zip(tokens.starts, tokens.ends, strict=True)) == spacys(text, "en")
        assert len(quick._words) < 15


@pytest.mark.parametrize("language", ["zh", "ja", "tlh", "en-GB", None])
def test_languages_that_are_not_split_at_spaces(language: str | None) -> None:
    text = "中文 text 😀"
    tokens = tokens_for(text, language)
    assert "".join(text[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)) == text.replace(
        " ", ""
    )


def test_a_text_of_any_length(tmp_path: Path) -> None:
    text = "Malley spoke. " * 100_000
    tokens = tokens_for(text, "en")
    assert len(tokens) == 300_000
    assert text[tokens.starts[-1] : tokens.ends[-1]] == "."
