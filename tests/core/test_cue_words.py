"""The lemma of a cue, from its words."""

from __future__ import annotations

import pytest

from annotator.core.cue_words import ACCORDING, Vocabulary, candidates, stem, vocabulary
from annotator.runtime.resources import resource


@pytest.fixture(scope="module")
def words() -> Vocabulary:
    return vocabulary(resource("attribution", "en.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("marked", "lemma"),
    [
        ("said", "say"),
        ("Says", "say"),
        ("has repeatedly said", "say"),
        ("didn’t say", "say"),
        ("pointed out", "point"),
        ("ruled out", "rule out"),
        ("has not ruled\nout", "rule out"),
        ("According to", ACCORDING),
        ("according", ACCORDING),
        ("replied", "reply"),
        ("implies", "imply"),
        ("quipped", "quip"),
        ("joked", "joke"),
        ("told", "tell"),
        ("thought", "think"),
        ("was worried", "worried"),
        ("worried", "worry"),
        ("is confident", "confident"),
        ("expressed concern", "concern"),
        ("made a promise", "promise"),
        ("his claim", "claim"),
        ("issued a warning", "warning"),
        ("shot back", "shoot back"),
        ("harrumphed", "harrumph"),
        ("was harrumphing", "harrumph"),
        ("clapped back", "clap back"),
        ("took to Twitter", None),
        ("was", None),
        ("“", None),
        ("x" * 500, None),
    ],
)
def test_lemma_of_what_was_marked(words: Vocabulary, marked: str, lemma: str | None) -> None:
    assert words.lemma_of(marked) == lemma


@pytest.mark.parametrize(
    ("form", "base"),
    [
        ("harrumphed", "harrumph"),
        ("quipped", "quip"),
        ("vaped", "vape"),
        ("chuckled", "chuckle"),
        ("groaned", "groan"),
        ("cringed", "cringe"),
        ("cried", "cry"),
        ("hisses", "hiss"),
        ("mansplaining", "mansplain"),
        ("bellows", "bellow"),
        ("ping", "ping"),
        ("said", "said"),
        ("indeed", "indeed"),
        ("s", "s"),
        ("ed", "ed"),
        ("", ""),
    ],
)
def test_stem_of_words_that_no_list_knows(form: str, base: str) -> None:
    assert stem(form) == base


def test_every_regular_form_of_a_known_verb_leads_to_it(words: Vocabulary) -> None:
    for lemma in ("say", "declare", "insist", "accuse", "admit", "deny", "discuss", "agree", "snap", "rebut"):
        root = lemma.removesuffix("e")
        double = lemma + lemma[-1]
        forms = {f"{root}ed", f"{root}ing", f"{double}ed", f"{double}ing", f"{lemma}s", f"{lemma}es"}
        if lemma.endswith("y"):
            forms |= {f"{lemma[:-1]}ied", f"{lemma[:-1]}ies"}
        for form in forms - {"saying", "agreed", "agreing"}:
            if lemma in candidates(form):
                assert words.base(form) == lemma, form


def test_no_lemma_of_the_lists_is_taken_for_a_form_of_another(words: Vocabulary) -> None:
    strange = {
        lemma: words.base(lemma)
        for lemma in words.lemmas()
        if " " not in lemma and words.base(lemma) != lemma
    }
    nouns_and_attitudes = {"concerned", "determined", "encouraged", "finding", "warning", "worried"}
    assert set(strange) <= {"joked", "opined", "hoping"} | nouns_and_attitudes, strange


def test_words_say_how_they_are_used(words: Vocabulary) -> None:
    assert words.use_of("say") == "speech"
    assert words.use_of("rule out") == "speech, with a particle"
    assert "noun that reports" in words.use_of("statement")
    assert words.use_of("harrumph") == ""
    assert set(words.plain) >= {name for names in words.verbs.values() for name in names}
    assert words.sure["say"] == 0.96
    assert words.sure["refuse"] > 0.5
