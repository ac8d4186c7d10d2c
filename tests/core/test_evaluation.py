"""Spans by kind and label, relations by type, and in which order they come."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core import evaluation
from annotator.core.attributions import ATTRIBUTIONS, LINK, RECALL, SOURCE_GIVEN_CONTENT, Attribution
from annotator.core.evaluation import LABELS, RELATIONS, SECTIONS, SPANS, Labelled, Score, compare, scores_of
from annotator.core.model import Kind, Relation, Span
from annotator.core.scoring import Counts, Measure, Row, overlap

TEXT = "Smith and Jones of Acme said that Lee lied about the big old dam."
DEFAULT = {Kind.ACTOR: "Actor", Kind.CLAIM: "Claim", Kind.CUE: "Cue", Kind.ENTITY: "Person"}


def span(kind: Kind, words: str, label: str = "", id_: str = "") -> Span:
    start = TEXT.index(words)
    return Span(
        id=id_ or f"{kind}-{words}",
        kind=kind,
        label=label or DEFAULT[kind],
        fragments=((start, start + len(words)),),
    )


def entity(words: str, label: str) -> Span:
    return span(Kind.ENTITY, words, label)


def relation(type_: str, head: Span, tail: Span) -> Relation:
    return Relation(id=f"{type_}-{head.id}-{tail.id}", type=type_, head=head.id, tail=tail.id)


def found(scores: list[Score], section: str, what: str, measure: str = "", label: str = "") -> Counts:
    (score,) = (each for each in scores if each.row == Row(section, what, measure, label))
    return score.counts


def test_entities_are_scored_by_place_and_by_label() -> None:
    gold = Labelled.of(
        [entity("Smith", "Person"), entity("Acme", "Organization"), entity("Lee", "Person")], []
    )
    predicted = Labelled.of([entity("Smith", "Person"), entity("Acme", "Place")], [])
    scores = scores_of([compare(TEXT, predicted, gold)])
    assert found(scores, SPANS, "entity", Measure.EXACT) == Counts(2, 2, 2, 3)
    assert found(scores, LABELS, "entity", Measure.EXACT) == Counts(1, 2, 1, 3)
    assert found(scores, LABELS, "entity", Measure.EXACT, "Person") == Counts(1, 1, 1, 2)
    assert found(scores, LABELS, "entity", Measure.EXACT, "Organization") == Counts(0, 0, 0, 1)
    assert found(scores, LABELS, "entity", Measure.EXACT, "Place") == Counts(0, 1, 0, 0)


def test_a_kind_is_not_confused_with_another() -> None:
    scores = scores_of(
        [
            compare(
                TEXT,
                Labelled.of([span(Kind.ACTOR, "Smith")], []),
                Labelled.of([entity("Smith", "Person")], []),
            )
        ]
    )
    assert found(scores, SPANS, "actor", Measure.TOKEN) == Counts(0, 1, 0, 0)
    assert found(scores, SPANS, "entity", Measure.TOKEN) == Counts(0, 0, 0, 1)


def test_a_kind_with_one_label_is_listed_once() -> None:
    labelled = Labelled.of([span(Kind.ACTOR, "Smith"), entity("Acme", "Place"), entity("Lee", "Person")], [])
    scores = scores_of([compare(TEXT, labelled, labelled)])
    assert {each.row.what for each in scores if each.row.section == LABELS} == {"entity"}


def test_relations_need_the_type_and_both_ends() -> None:
    claim, actor, other = (
        span(Kind.CLAIM, "Lee lied about"),
        span(Kind.ACTOR, "Smith"),
        entity("Acme", "Place"),
    )
    gold = Labelled.of(
        [claim, actor, other],
        [relation("made_by", claim, actor), relation("about", claim, other), relation("about", claim, actor)],
    )
    near, far = (
        span(Kind.CLAIM, "that Lee lied about the"),
        span(Kind.CLAIM, "that Lee lied about the big old dam"),
    )
    lee = entity("Lee", "Person")
    predicted = Labelled.of(
        [near, far, actor, other, lee],
        [
            relation("made_by", near, actor),  # right: 3 of 5 words
            relation("made_by", far, actor),  # 3 of 8 words
            relation("about", near, lee),  # the wrong tail
            relation("about", actor, other),  # the wrong head
        ],
    )
    scores = scores_of([compare(TEXT, predicted, gold)])
    assert found(scores, RELATIONS, "relation", Measure.OVERLAP, "made_by") == Counts(1, 2, 1, 1)
    assert found(scores, RELATIONS, "relation", Measure.OVERLAP, "about") == Counts(0, 2, 0, 2)
    assert found(scores, RELATIONS, "relation", Measure.OVERLAP) == Counts(1, 4, 1, 3)


def test_a_relation_to_an_end_of_another_kind_is_another() -> None:
    claim, actor, named = (
        span(Kind.CLAIM, "Lee lied"),
        span(Kind.ACTOR, "Acme"),
        entity("Acme", "Organization"),
    )
    one = Labelled.of([claim, actor], [relation("about", claim, actor)])
    other = Labelled.of([claim, named], [relation("about", claim, named)])
    scores = scores_of([compare(TEXT, one, other)])
    assert found(scores, RELATIONS, "relation", Measure.OVERLAP, "about") == Counts(0, 1, 0, 1)


def test_only_relations_whose_heads_share_a_word_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[Any, Any]] = []

    def counting(mine: Any, theirs: Any) -> float:
        compared.append((mine, theirs))
        return overlap(mine, theirs)

    monkeypatch.setattr(evaluation, "overlap", counting)
    claims = [span(Kind.CLAIM, words) for words in ("Smith", "Jones", "Acme", "lied", "old dam")]
    actor = span(Kind.ACTOR, "Lee")
    labelled = Labelled.of([*claims, actor], [relation("made_by", each, actor) for each in claims])
    scores = scores_of([compare(TEXT, labelled, labelled)])
    assert found(scores, RELATIONS, "relation", Measure.OVERLAP, "made_by") == Counts(5, 5, 5, 5)
    assert len(compared) == 2 * len(claims)


def test_a_relation_without_both_ends_does_not_count() -> None:
    claim, actor = span(Kind.CLAIM, "Lee lied"), span(Kind.ACTOR, "Smith")
    one = Labelled.of([claim], [relation("made_by", claim, actor)])
    assert not any(row.section == RELATIONS for row in compare(TEXT, one, one))


def test_link_goes_by_the_claims_actors() -> None:
    claim, actor, cue = (
        span(Kind.CLAIM, "Lee lied"),
        span(Kind.ACTOR, "Smith and Jones"),
        span(Kind.CUE, "said"),
    )
    gold = Labelled.of(
        [claim, actor, cue], [relation("made_by", claim, actor), relation("cued_by", claim, cue)]
    )
    one = span(Kind.ACTOR, "Jones")
    predicted = Labelled.of([claim, one, cue], [relation("made_by", claim, one)])
    scores = scores_of([compare(TEXT, predicted, gold)])
    assert found(scores, ATTRIBUTIONS, LINK) == Counts(1, 1, 1, 1)
    assert found(scores, ATTRIBUTIONS, "link_strict") == Counts(0, 1, 0, 1)
    assert found(scores, ATTRIBUTIONS, "cue", Measure.EXACT) == Counts(0, 0, 0, 1)
    assert found(scores, RECALL, LINK, "core") == Counts(recalled=1, gold=1)


def test_where_only_attributions_are_known_nothing_else_is_scored() -> None:
    gold = Labelled((Attribution(content=((34, 42),)),))
    predicted = Labelled.of([span(Kind.CLAIM, "Lee lied"), entity("Acme", "Place")], [])
    assert TEXT[34:42] == "Lee lied"
    scores = scores_of([compare(TEXT, predicted, gold)])
    assert {each.row.section for each in scores} == {ATTRIBUTIONS, RECALL}
    assert found(scores, ATTRIBUTIONS, "content", Measure.EXACT) == Counts(1, 1, 1, 1)


def test_order_and_intervals() -> None:
    claim, actor = span(Kind.CLAIM, "Lee lied"), span(Kind.ACTOR, "Smith")
    labelled = Labelled.of(
        [claim, actor, entity("Lee", "Person"), entity("Acme", "Place")], [relation("made_by", claim, actor)]
    )
    article = compare(TEXT, labelled, labelled)
    scores = scores_of([article, article])
    sections = [each.row.section for each in scores]
    assert sections == sorted(sections, key=SECTIONS.index)
    assert [(each.row.what, str(each.row.measure)) for each in scores[:5]] == [
        ("entity", "exact"), ("entity", "partial"), ("entity", "iou50"), ("entity", "token"),
        ("actor", "exact"),
    ]  # fmt: skip
    assert all(each.interval is not None for each in scores)
    assert scores_of([article])[0].interval is None
    assert scores_of([]) == []


@st.composite
def labellings(draw: Any) -> Labelled:
    words = [(0, 5), (10, 15), (19, 23), (24, 28), (34, 42), (34, 48), (49, 65), (23, 24)]
    spans = [
        Span(id=str(nth), kind=kind, label=draw(st.sampled_from(("Person", "Place"))), fragments=(place,))
        for nth, (kind, place) in enumerate(
            draw(st.lists(st.tuples(st.sampled_from(list(Kind)), st.sampled_from(words)), max_size=8))
        )
    ]
    ids = st.sampled_from([each.id for each in spans] or ["none"])
    types = st.sampled_from(("made_by", "cued_by", "about"))
    links = draw(st.lists(st.tuples(types, ids, ids), max_size=8))
    return Labelled.of(
        spans, [Relation(id=str(nth), type=t, head=h, tail=e) for nth, (t, h, e) in enumerate(links)]
    )


@given(labellings())
def test_a_labelling_against_itself_is_right(labelled: Labelled) -> None:
    for score in scores_of([compare(TEXT, labelled, labelled)]):
        if score.counts.gold:
            assert score.counts.recall == pytest.approx(1), score.row
        if score.counts.predicted:
            assert score.counts.f1 == pytest.approx(1), score.row


@given(labellings(), labellings())
def test_sides_exchanged_exchange_precision_and_recall(one: Labelled, other: Labelled) -> None:
    back = compare(TEXT, other, one)
    for row, counts in compare(TEXT, one, other).items():
        assert 0 <= counts.precision <= 1 + 1e-12
        assert 0 <= counts.recall <= 1 + 1e-12
        if row.section != RECALL and row.what != SOURCE_GIVEN_CONTENT:
            assert (counts.precision, counts.recall) == pytest.approx((back[row].recall, back[row].precision))
