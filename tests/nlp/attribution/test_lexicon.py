"""The resource file of reporting words says what its rules read."""

from __future__ import annotations

from annotator.nlp.attribution.lexicon import FRAMES, Lexicon


def test_every_word_has_a_way_to_report(lexicon: Lexicon) -> None:
    assert lexicon.language == "en"
    assert lexicon.origin == f"rules:attribution-{lexicon.version}"
    assert len(lexicon.verbs) > 400
    for lemma, groups in lexicon.verbs.items():
        assert lemma == lemma.strip().lower()
        for group in groups:
            assert group.frames, group.name
            assert set(group.frames) <= set(FRAMES)
            assert all(0 < sure < 1 for sure in group.frames.values())
            assert ("about" in group.frames) <= bool(group.prepositions), group.name


def test_plain_speech_is_surest_with_a_clause(lexicon: Lexicon) -> None:
    for lemma in ("say", "tell", "write", "announce"):
        assert max(group.frames["clause"] for group in lexicon.verbs[lemma]) >= 0.9
    assert lexicon.cities >= {"Washington", "New Delhi"}
