"""Attributions made from claims, and their scores, which are those of another program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.attributions import (
    ATTRIBUTIONS,
    LINK,
    LINK_STRICT,
    RECALL,
    SOURCE_GIVEN_CONTENT,
    Attribution,
    Cueing,
    Quotation,
    attribution_counts,
    attributions_of,
    cueing_of,
    quotation_of,
)
from annotator.core.model import Fragments, Kind, Relation, Span
from annotator.core.scoring import Counts, Row, intervals, totals

DATA = Path(__file__).parents[1] / "data"
TEXT = "Smith, the mayor, and Jones said that Acme lied. Lee denied it."


def at(words: str, text: str = TEXT) -> Fragments:
    start = text.index(words)
    return ((start, start + len(words)),)


def span(id_: str, kind: Kind, *words: str) -> Span:
    return Span(id=id_, kind=kind, label=kind.title(), fragments=tuple(at(each)[0] for each in words))


def relation(type_: str, head: str, tail: str) -> Relation:
    return Relation(id=f"{type_}-{head}-{tail}", type=type_, head=head, tail=tail)


# -- from claims -------------------------------------------------------------------------------------


def test_a_claim_with_all_its_actors_and_cues_is_an_attribution() -> None:
    spans = [
        span("j", Kind.ACTOR, "Jones"),
        span("s", Kind.ACTOR, "Smith", "the mayor"),
        span("q", Kind.CUE, "said that"),
        span("c", Kind.CLAIM, "Acme", "lied"),
        span("d", Kind.CLAIM, "it"),
    ]
    relations = [
        relation("made_by", "c", "j"), relation("made_by", "c", "s"), relation("cued_by", "c", "q"),
        relation("about", "c", "j"), relation("supports", "d", "c"), relation("made_by", "d", "gone"),
    ]  # fmt: skip
    assert attributions_of(spans, relations) == [
        Attribution(at("Smith") + at("the mayor") + at("Jones"), at("said that"), at("Acme") + at("lied")),
        Attribution((), (), at("it")),
    ]


def test_fragments_of_several_actors_are_joined_where_they_meet() -> None:
    spans = [
        span("a", Kind.ACTOR, "Smith, the mayor"),
        span("b", Kind.ACTOR, "the mayor, and Jones"),
        span("c", Kind.CLAIM, "Acme lied"),
    ]
    found = attributions_of(spans, [relation("made_by", "c", "a"), relation("made_by", "c", "b")])
    assert found[0].source == at("Smith, the mayor, and Jones")


# -- kinds -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("it is over", Quotation.INDIRECT),
        ("“it is over”", Quotation.DIRECT),
        ('"it is over"', Quotation.DIRECT),
        ("“it is over, he", Quotation.DIRECT),
        ("that it is “over” now", Quotation.MIXED),
        ("it is over”", Quotation.MIXED),
        ("it’s ‘over’", Quotation.INDIRECT),
    ],
)
def test_kinds_of_quotation(content: str, kind: Quotation) -> None:
    assert quotation_of(content, ((0, len(content)),)) is kind


@pytest.mark.parametrize(
    ("cue", "kind"),
    [
        ("said", Cueing.CORE),
        ("According to", Cueing.CORE),
        ("tweeted", Cueing.CORE),
        ("was insisting that", Cueing.CORE),
        ("addled", Cueing.OTHER),
        ("saidto", Cueing.OTHER),
        ("unclaimed", Cueing.OTHER),
        ("believes", Cueing.OTHER),
        (":", Cueing.OTHER),
    ],
)
def test_core_cues(cue: str, kind: Cueing) -> None:
    text = f"Lee {cue} it is over"
    assert cueing_of(text, Attribution(at("Lee", text), at(cue, text), at("it is over", text))) is kind


def test_direct_speech_is_core_without_a_cue() -> None:
    text = "Lee: “it is over”"
    assert cueing_of(text, Attribution(content=at("“it is over”", text))) is Cueing.CORE


# -- scores ------------------------------------------------------------------------------------------


def test_link_needs_the_content_and_a_word_of_the_source() -> None:
    gold = [
        Attribution(at("Smith, the mayor"), at("said"), at("Acme lied")),
        Attribution(at("Lee"), at("denied"), at("denied it")),
        Attribution((), (), at("the mayor, and")),
    ]
    predicted = [
        Attribution(at("Smith"), (), at("that Acme lied")),  # 2 of 3 words; a third of the source
        Attribution(at("Jones"), (), at("denied it")),  # the wrong source
        Attribution(at("Lee"), (), at("mayor")),  # a third of the content
    ]
    found = attribution_counts(TEXT, predicted, gold)
    assert found[Row(ATTRIBUTIONS, LINK)] == Counts(1, 3, 1, 2)
    assert found[Row(ATTRIBUTIONS, LINK_STRICT)] == Counts(0, 3, 0, 2)
    assert found[Row(ATTRIBUTIONS, SOURCE_GIVEN_CONTENT)] == Counts(1, 2, 1, 2)
    assert found[Row(RECALL, LINK, "indirect")] == Counts(recalled=1, gold=2)
    assert found[Row(RECALL, "content", "indirect")] == Counts(recalled=2, gold=3)
    assert found[Row(RECALL, "content", "noncore")] == Counts(recalled=0, gold=1)
    assert found[Row(RECALL, "content", "direct")] == Counts()


def test_a_source_of_several_attributions_counts_once() -> None:
    both = [
        Attribution(at("Lee"), at("denied"), at("it")),
        Attribution(at("Lee"), at("denied"), at("Acme lied")),
    ]
    found = attribution_counts(TEXT, both, both)
    assert found[Row(ATTRIBUTIONS, "source", "exact")] == Counts(1, 1, 1, 1)
    assert found[Row(ATTRIBUTIONS, "cue", "exact")] == Counts(1, 1, 1, 1)
    assert found[Row(ATTRIBUTIONS, "content", "exact")] == Counts(2, 2, 2, 2)


def test_what_has_no_word_does_not_count() -> None:
    found = attribution_counts(
        TEXT, [Attribution(at("Lee"), (), at("."))], [Attribution(at(","), (), at("it"))]
    )
    assert found[Row(ATTRIBUTIONS, "content", "exact")] == Counts(0, 0, 0, 1)
    assert found[Row(ATTRIBUTIONS, "source", "exact")] == Counts()


RANGES = st.lists(
    st.tuples(st.integers(0, len(TEXT)), st.integers(0, len(TEXT))).map(lambda p: (min(p), max(p))),
    max_size=2,
).map(tuple)
MANY = st.lists(st.builds(Attribution, RANGES, RANGES, RANGES), max_size=6)


@given(MANY, MANY)
def test_sides_exchanged_exchange_precision_and_recall(
    one: list[Attribution], other: list[Attribution]
) -> None:
    back = attribution_counts(TEXT, other, one)
    for row, counts in attribution_counts(TEXT, one, other).items():
        assert 0 <= counts.f1 <= 1 + 1e-12
        if row.section == ATTRIBUTIONS and row.what != SOURCE_GIVEN_CONTENT:
            assert (counts.precision, counts.recall) == (back[row].recall, back[row].precision)


@given(MANY)
def test_a_thing_against_itself_is_right(same: list[Attribution]) -> None:
    for row, counts in attribution_counts(TEXT, same, same).items():
        if counts.gold:
            assert counts.recall == pytest.approx(1), row
        if counts.predicted:
            assert counts.precision == pytest.approx(1), row


# -- another program's numbers -----------------------------------------------------------------------


def read(name: str) -> dict[str, Any]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return {each["name"]: each for each in map(json.loads, lines)}


def attributions(line: dict[str, Any]) -> list[Attribution]:
    parts = ("source", "cue", "content")
    return [
        Attribution(*(tuple((start, end) for start, end in each[part]) for part in parts))
        for each in line.get("attributions", ())
    ]


REFERENCE = {
    ("source", "exact"): (20.4, 7.3, 10.8, "3.4-16.5"),
    ("source", "partial"): (55.0, 23.4, 32.8, "11.9-46.0"),
    ("source", "token"): (58.6, 34.0, 43.1, "16.2-56.8"),
    ("source", "iou50"): (53.1, 19.0, 28.0, "11.2-40.0"),
    ("content", "exact"): (34.8, 16.7, 22.5, "9.9-31.6"),
    ("content", "partial"): (82.3, 37.4, 51.4, "20.6-73.2"),
    ("content", "token"): (83.8, 33.5, 47.9, "13.9-72.8"),
    ("content", "iou50"): (78.8, 37.7, 51.0, "20.7-71.2"),
    ("cue", "exact"): (11.6, 3.7, 5.6, "0.0-11.3"),
    ("cue", "partial"): (37.2, 16.8, 23.1, "7.7-34.1"),
    ("cue", "token"): (41.3, 20.7, 27.6, "7.5-41.8"),
    ("cue", "iou50"): (32.6, 10.3, 15.6, "4.4-26.4"),
    (LINK, ""): (65.3, 23.2, 34.2, "12.0-48.7"),
    (LINK_STRICT, ""): (49.0, 17.4, 25.7, "10.4-37.3"),
    (SOURCE_GIVEN_CONTENT, ""): (88.9, 61.5, 72.7, "57.1-82.7"),
}
"""Precision, recall, F1 and the interval of F1 in percent, as the program printed them that the corpus's
attributions are scored with elsewhere."""
REFERENCE_RECALL = {
    ("content", "direct"): (10, 30),
    (LINK, "direct"): (6, 30),
    ("content", "mixed"): (7, 21),
    (LINK, "mixed"): (4, 21),
    ("content", "indirect"): (35, 87),
    (LINK, "indirect"): (22, 87),
    ("content", "core"): (34, 92),
    (LINK, "core"): (21, 92),
    ("content", "noncore"): (18, 46),
    (LINK, "noncore"): (11, 46),
}


def test_scores_are_those_of_the_other_program() -> None:
    gold, predicted = read("gum_news_dev.jsonl"), read("gum_news_predictions.jsonl")
    articles = [
        attribution_counts(line["text"], attributions(predicted.get(name, {})), attributions(line))
        for name, line in gold.items()
    ]
    found, between = totals(articles), intervals(articles)
    told = {}
    for row, counts in found.items():
        if row.section == ATTRIBUTIONS:
            shares = (round(100 * each, 1) for each in (counts.precision, counts.recall, counts.f1))
            low, high = between[row].f1
            told[row.what, str(row.measure)] = (*shares, f"{100 * low:.1f}-{100 * high:.1f}")
    assert told == REFERENCE
    assert {
        (row.what, str(row.measure)): (counts.recalled, counts.gold)
        for row, counts in found.items()
        if row.section == RECALL
    } == REFERENCE_RECALL
