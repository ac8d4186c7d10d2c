"""Words that a project has added, switched off or weighed otherwise, in the rules and on the way there."""

from __future__ import annotations

import json

import pytest

from annotator.core.codebook import Codebook
from annotator.core.errors import ModelError
from annotator.core.learning import Learned, Tally, Use
from annotator.core.model import Kind
from annotator.core.ports import Evidence, Suggested, SuggestedSpan, SuggestJob
from annotator.core.scheme import Scheme
from annotator.core.tokens import Tokens
from annotator.nlp.analyse import Pipeline
from annotator.nlp.attribution.lexicon import origin_of
from annotator.nlp.messages import Done, bytes_of, report_from
from annotator.nlp.pipelines import find_model
from annotator.session.suggest import suggestible

TEXT = (
    "Rob Malley harrumphed that the sanctions would stay in place.\n"
    "The minister said that Iran must stop the sale of drones.\n"
    "The deputy minister ruled out any talks with the government.\n"
)


@pytest.fixture(scope="module")
def read(codebook: Codebook):  # type: ignore[no-untyped-def]
    """Reads the text as a project that has learned something does."""
    pipeline = Pipeline.load(find_model(), suggestible(codebook))

    def read(learned: Learned | None = None) -> dict[str, SuggestedSpan]:
        scheme = suggestible(codebook, learned)
        (found,) = Pipeline(pipeline.model, pipeline.nlp, scheme).analyse([SuggestJob("a", TEXT, None, ())])
        claims = [span for span in found.result.spans if span.kind is Kind.CLAIM]
        assert all(span.evidence for span in claims)
        return {span.evidence.word: span for span in claims if span.evidence}

    return read


def test_claims_carry_the_lemma_of_their_cue(read) -> None:  # type: ignore[no-untyped-def]
    found = read()
    assert set(found) == {"say", "rule out"}
    assert found["say"].evidence == Evidence("say", "say clause", 0.96)
    assert found["say"].confidence == 0.96


def test_added_words_are_found_like_say(read) -> None:  # type: ignore[no-untyped-def]
    learned = Learned({"harrumph": Tally(by_hand=2)}, {}, frozenset({"harrumph"}))
    claim = read(learned)["harrumph"]
    assert "the sanctions would stay in place" in TEXT[slice(*claim.fragments[0])]
    assert claim.evidence.confidence == 0.672
    assert claim.confidence == learned.confidence("harrumph", 0.672) == round((8 * 0.672 + 2) / 10, 3)


def test_words_switched_off_are_not_proposed(read) -> None:  # type: ignore[no-untyped-def]
    assert set(read(Learned({}, {"say": Use.NEVER}))) == {"rule out"}
    assert set(read(Learned({}, {"rule out": Use.NEVER}))) == {"say"}


def test_confidences_come_calibrated_and_the_evidence_stays_raw(read) -> None:  # type: ignore[no-untyped-def]
    learned = Learned({"say": Tally(rejected=10, raw=9.6)})
    claim = read(learned)["say"]
    assert claim.confidence == learned.confidence("say", 0.96) < 0.5
    assert claim.evidence.confidence == 0.96


def test_articles_are_read_again_for_other_words_not_for_other_confidences(codebook: Codebook) -> None:
    def origin(learned: Learned) -> str:
        return origin_of(suggestible(codebook, learned))

    plain = origin(Learned())
    assert plain == "rules:attribution-1"
    assert origin(Learned({"say": Tally(9, 3, 4, 11.0)}, {"say": Use.ALWAYS})) == plain
    added, off = Learned(added=frozenset({"tut"})), Learned({}, {"say": Use.NEVER})
    assert len({plain, origin(added), origin(off)}) == 3
    assert origin_of(Scheme(learned=added)) == ""


def message(evidence: object) -> bytes:
    span = SuggestedSpan(
        Kind.CLAIM, "Claim", ((0, 3),), "rules:1", 0.5, {}, Evidence("say", "say clause", 0.9)
    )
    done = Done(Suggested("a", (span,), (), Tokens.of([(0, 3)], [0], "m"), ("rules:",)), None)
    if evidence is None:
        return bytes_of(done)
    data = json.loads(bytes_of(done))
    data[1]["suggested"]["spans"][0]["evidence"] = evidence
    return json.dumps(data).encode()


def test_evidence_comes_through_as_it_was_sent() -> None:
    report = report_from(message(None))
    assert isinstance(report, Done)
    assert report.suggested.spans[0].evidence == Evidence("say", "say clause", 0.9)


@pytest.mark.parametrize(
    "evidence",
    [
        {"word": "say", "rule": "r", "confidence": 2},
        {"word": "say", "rule": "r", "confidence": float("nan")},
        {"word": "say", "rule": "r", "confidence": "much"},
        {"word": "", "rule": "r", "confidence": 0.5},
        {"word": "x" * 61, "rule": "r", "confidence": 0.5},
        {"word": 3, "rule": "r", "confidence": 0.5},
        {"word": "say", "confidence": 0.5},
        ["say"],
        "say",
    ],
)
def test_evidence_of_another_shape_is_refused(evidence: object) -> None:
    with pytest.raises(ModelError):
        report_from(message(evidence))
