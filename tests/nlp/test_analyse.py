"""A run over articles: offsets right, furniture unseen, any length, any language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from annotator.core.codebook import Codebook
from annotator.core.model import Kind
from annotator.core.ports import Suggested, SuggestJob
from annotator.core.scheme import scheme_of
from annotator.core.text import paragraphs, touches_any
from annotator.nlp.analyse import BATCH, Analyser, batches, pieces_of
from annotator.nlp.convert import LINE_BREAKS
from annotator.nlp.furniture import find_furniture

type Install = Callable[..., Path]
WORDS = st.one_of(
    st.sampled_from(["Rob Malley", "Iran", "said", "the US", "in Doha.", "don't", "“talks”", "U.S."]),
    st.sampled_from(["العربية في الدوحة", "😀🇮🇷", "e\u0301tat", "\u200d"]),
    st.sampled_from(["\n", "\n\n", " ", "\xa0", "\u2028", "\t"]),
)
TEXTS = st.lists(WORDS, max_size=25).map(" ".join)


def run(
    analyser: Analyser, text: str, furniture: tuple[tuple[int, int], ...] = (), batch: int = BATCH
) -> Suggested:
    (analysed,) = analyser.pipeline(None).analyse([SuggestJob("a", text, None, furniture)], batch=batch)
    return analysed.result


def assert_sound(text: str, furniture: tuple[tuple[int, int], ...], result: Suggested) -> None:
    tokens = result.tokens
    at = 0
    for start, end in zip(tokens.starts, tokens.ends, strict=True):
        assert text[at:start] in ("", " ")
        assert start < end <= len(text)
        at = end
    assert text[at:] in ("", " ")
    assert list(tokens.sentences) == sorted(set(tokens.sentences))
    assert set(tokens.sentences) <= set(tokens.starts) | {0}
    for span in result.spans:
        ((start, end),) = span.fragments
        content = text[start:end]
        assert content == content.strip() != ""
        assert LINE_BREAKS.isdisjoint(content)
        assert not touches_any((start, end), furniture)
        assert tokens.index_range(start, end) is not None


def test_the_sample_article_has_its_entities_and_none_in_furniture(
    english: Analyser, seeds: dict[str, str]
) -> None:
    text = seeds["us-urges-iran-drone-sales.txt"]
    furniture = find_furniture(text, text.split("\n")[0])
    result = run(english, text, furniture)
    assert_sound(text, furniture, result)
    assert len(result.spans) >= 45
    shown = {(span.label, text[slice(*span.fragments[0])]) for span in result.spans}
    assert {
        ("Person", "Rob Malley"),
        ("Person", "Ali Bagheri Kani"),
        ("Place", "Doha"),
        ("Organization", "the Financial Times"),
        ("Group", "Ukrainian"),
    } <= shown
    assert not any("Putin" in name or "BBC" in name for _, name in shown)
    assert {span.kind for span in result.spans} == {Kind.ENTITY}
    assert {span.origin for span in result.spans} == {"spacy:en_core_web_md-3.8.0"}
    assert {span.confidence for span in result.spans if span.label == "Group"} == {0.89}
    assert result.origins == ("spacy:",)


def test_tokens_are_those_of_the_whole_text_although_furniture_is_unseen(
    english: Analyser, seeds: dict[str, str]
) -> None:
    nlp = english.pipeline(None).nlp
    for text in seeds.values():
        furniture = find_furniture(text, text.split("\n")[0])
        result = run(english, text, furniture)
        assert_sound(text, furniture, result)
        doc = nlp.make_doc(text)
        assert list(result.tokens.starts) == [token.idx for token in doc]
        assert list(result.tokens.ends) == [token.idx + len(token) for token in doc]
        assert result.tokens.source == "en_core_web_md-3.8.0"


def test_every_paragraph_starts_a_sentence_furniture_too(english: Analyser, seeds: dict[str, str]) -> None:
    text = seeds["us-urges-iran-drone-sales.txt"]
    result = run(english, text, find_furniture(text, ""))
    starts = {start for start, end in paragraphs(text) if end > start}
    assert starts <= set(result.tokens.sentences)
    inside = text.index("Malley underscored")
    assert inside in result.tokens.sentences


@settings(max_examples=60)
@given(text=TEXTS, cut=st.integers(0, 200), length=st.integers(0, 60))
@example(text="\n Iran", cut=0, length=1)
@example(text="", cut=0, length=0)
def test_offsets_hold_for_any_text_and_furniture(english: Analyser, text: str, cut: int, length: int) -> None:
    begin, stop = min(cut, len(text)), min(cut + length, len(text))
    furniture = ((begin, stop),) if begin < stop else ()
    assert_sound(text, furniture, run(english, text, furniture))


@settings(max_examples=60)
@given(text=TEXTS, size=st.integers(1, 60))
def test_pieces_join_to_the_text(text: str, size: int) -> None:
    pieces = list(pieces_of(text, size))
    assert "".join(piece for _, piece, _ in pieces) == text
    assert [last for _, _, last in pieces] == [False] * (len(pieces) - 1) + [True]
    assert all(text.startswith(piece, base) for base, piece, _ in pieces)
    assert all(len(piece) <= 2 * size for _, piece, _ in pieces)


def test_a_text_in_pieces_has_the_same_tokens_and_furniture(english: Analyser, seeds: dict[str, str]) -> None:
    text = seeds["wikinews-expo.txt"]
    furniture = find_furniture(text, text.split("\n")[0])
    whole, cut = run(english, text, furniture), run(english, text, furniture, batch=700)
    assert cut.tokens.starts == whole.tokens.starts
    assert cut.tokens.ends == whole.tokens.ends
    assert_sound(text, furniture, cut)
    assert len(cut.spans) > 0.9 * len(whole.spans)


LONG = "x" * 60


@pytest.mark.parametrize(
    "text", [f"{LONG} " * 17_000, "x" * 250_000, "\n" * 1_100_000, f"Malley {LONG}\n" * 16_000]
)
def test_texts_longer_than_spacy_takes(install: Install, codebook: Codebook, text: str) -> None:
    install("en_tiny", {"Malley": "PERSON"})
    analyser = Analyser("en_tiny", scheme_of(codebook))
    result = run(analyser, text)
    assert sum(result.tokens.ends) - sum(result.tokens.starts) == len(text) - text.count(" ")
    assert len(result.spans) == text.count("Malley")
    assert_sound(text, (), result)


def test_articles_of_another_language_use_its_pipeline(install: Install, codebook: Codebook) -> None:
    install("en_tiny", {"Doha": "GPE"})
    install("de_core_news_sm", {"Berlin": "LOC"}, performance={"ents_per_type": {"LOC": {"p": 0.654}}})
    analyser = Analyser("en_tiny", scheme_of(codebook))
    text = "Doha Berlin"
    jobs = [
        SuggestJob(str(n), text, code, ()) for n, code in enumerate(["en", "de", None, "de-CH", "sw", "en"])
    ]
    done = list(analyser.analyse(jobs))
    assert [each.result.article for each in done] == [job.article for job in jobs]
    named = [[text[slice(*s.fragments[0])] for s in each.result.spans] for each in done]
    assert named == [["Doha"], ["Berlin"], ["Doha"], ["Berlin"], [], ["Doha"]]
    assert [each.complaint is None for each in done] == [True, True, True, True, False, True]
    assert done[1].result.spans[0].origin == "spacy:de_core_news_sm-1.2.3"
    assert done[1].result.spans[0].confidence == 0.65
    assert done[4].result.origins == (), "a blank pipeline must not drop what a trained one found"
    assert done[4].result.tokens.source == "blank_sw"


def test_the_blank_pipeline_gives_tokens_and_sentences(codebook: Codebook) -> None:
    analyser = Analyser(None, scheme_of(codebook))
    (done,) = analyser.analyse([SuggestJob("a", "Moja. Mbili!\nTatu", "sw", ())])
    assert list(done.result.tokens.sentences) == [0, 6, 13]
    assert done.result.spans == ()


def test_it_stops_between_batches(english: Analyser) -> None:
    asked: list[bool] = []

    def stop() -> bool:
        asked.append(True)
        return len(asked) > 2

    jobs = [SuggestJob(str(n), "Malley spoke in Doha. " * 10, None, ()) for n in range(6)]
    done = [each.result.article for each in english.pipeline(None).analyse(jobs, batch=250, stop=stop)]
    assert done == ["0", "1"]


@given(st.lists(st.text(max_size=9), max_size=20), st.integers(1, 30))
def test_batches_are_bounded(items: list[str], size: int) -> None:
    lists = list(batches(items, len, size))
    assert [item for each in lists for item in each] == items
    assert all(sum(map(len, each)) <= size or len(each) == 1 for each in lists)
