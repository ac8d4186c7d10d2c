"""Making, relabelling, resizing and deleting spans."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.core.commands import (
    AcceptRelation,
    DeleteSpan,
    MakeSpan,
    MoveEdges,
    Reject,
    Relabel,
    SetAttribute,
)
from annotator.core.errors import RuleError
from annotator.core.model import Kind, State, Status, Target, Verdict


def test_a_new_span_is_the_annotator_s_with_the_codebook_s_defaults(table: Any) -> None:
    claim = table.page.span(table.make("Claim", "Iran must stop the sale"))
    assert (claim.kind, claim.label, claim.fragments) == (
        Kind.CLAIM, "Claim", (table.at("Iran must stop the sale"),),
    )  # fmt: skip
    assert claim.attributes == {"stance": "unset"}
    assert (claim.annotator, claim.origin, claim.state) == ("ana", "annotator:ana", State.ACCEPTED)
    assert (claim.confidence, claim.suggestion, claim.note, claim.actor) == (None, None, None, None)
    assert claim.created == claim.updated == "2026-03-01T09:30:00.125Z"
    assert table.title == "Label “Iran must stop the sale” as Claim"
    assert table.page.progress.status == Status.IN_PROGRESS


def test_fragments_are_put_in_order_and_joined(table: Any) -> None:
    iran, must, sale = table.at("Iran"), table.at("Iran must"), table.at("sale.")
    changes = table.run(MakeSpan(Kind.CLAIM, "Claim", (sale, must, iran)))
    assert changes.added_spans()[0].fragments == (must, sale)
    assert table.title == "Label “Iran must sale.” as Claim"


@pytest.mark.parametrize(
    ("kind", "label", "fragments", "told"),
    [
        (Kind.ACTOR, "Person", ((0, 5),), "the codebook has no actor label 'Person'"),
        (Kind.ACTOR, "Actor", (), "at least one fragment"),
        (Kind.ACTOR, "Actor", ((0, 9999),), "beyond the text"),
        (Kind.ACTOR, "Actor", ((5, 6),), "more than white space"),
        (Kind.ACTOR, "Actor", ((5, 5),), "is empty"),
    ],
)
def test_impossible_spans_are_refused(
    table: Any, kind: Kind, label: str, fragments: tuple[tuple[int, int], ...], told: str
) -> None:
    with pytest.raises(RuleError, match=told):
        table.run(MakeSpan(kind, label, fragments))
    assert not table.page.spans


def test_the_same_label_twice_in_a_place_is_refused_another_is_not(table: Any) -> None:
    table.make("Person", "Rob Malley")
    with pytest.raises(RuleError, match="“Rob Malley” is already labelled Person"):
        table.make("Person", "Rob Malley")
    table.make("Organization", "Rob Malley")
    table.make("Actor", "Rob Malley")
    assert len(table.page.spans) == 3


@pytest.mark.parametrize(
    ("label", "verdict", "origin", "confidence"),
    [
        ("Person", Verdict.ACCEPTED, "spacy:test-1", 0.8),
        ("Organization", Verdict.CHANGED, "annotator:ana", None),
    ],
)
def test_labelling_what_is_suggested_decides_the_suggestion(
    table: Any, label: str, verdict: Verdict, origin: str, confidence: float | None
) -> None:
    suggestion = table.suggest("Person", "Rob Malley", note="maybe")
    own = table.page.span(table.make(label, "Rob Malley"))
    decision = table.page.decisions[suggestion]
    assert (decision.verdict, decision.made, decision.target) == (verdict, own.id, Target.SPAN)
    assert (own.label, own.origin, own.confidence) == (label, origin, confidence)
    assert (own.suggestion, own.note) == (suggestion, "maybe")


def test_a_suggestion_of_another_kind_stays_open(table: Any) -> None:
    table.suggest("Person", "Rob Malley")
    own = table.make("Actor", "Rob Malley")
    assert not table.page.decisions
    assert table.page.span(own).suggestion is None
    assert len(table.page.open_suggestions()) == 1


def test_relabelling_keeps_what_the_new_kind_knows(table: Any) -> None:
    claim = table.make("Claim", "Iran must stop the sale")
    table.run(SetAttribute(Target.SPAN, claim, "stance", "oppose"))
    table.run(Relabel(claim, Kind.CUE, "Cue"))
    cue = table.page.span(claim)
    assert (cue.kind, cue.label, cue.attributes) == (Kind.CUE, "Cue", {})
    table.run(Relabel(claim, Kind.CLAIM, "Claim"))
    assert table.page.span(claim).attributes == {"stance": "unset"}


def test_relabelling_as_the_same_changes_nothing(table: Any) -> None:
    person = table.make("Person", "Rob Malley")
    assert not table.run(Relabel(person, Kind.ENTITY, "Person"))


def test_relabelling_a_suggestion_accepts_it_as_that(table: Any) -> None:
    suggestion = table.suggest("Person", "Rob Malley")
    (own,) = table.run(Relabel(suggestion, Kind.ACTOR, "Actor")).added_spans()
    assert (own.kind, own.label, own.origin, own.confidence) == (Kind.ACTOR, "Actor", "annotator:ana", None)
    assert table.page.decisions[suggestion].verdict == Verdict.CHANGED
    with pytest.raises(RuleError, match="already decided"):
        table.run(Relabel(suggestion, Kind.ACTOR, "Actor"))


def test_relabelling_may_not_break_a_relation(table: Any) -> None:
    claim, actor = table.make("Claim", "Iran must stop the sale"), table.make("Actor", "Rob Malley")
    table.draw("made_by", claim, actor)
    with pytest.raises(RuleError, match="as Person it could not keep its relation “made by”"):
        table.run(Relabel(actor, Kind.ENTITY, "Person"))
    with pytest.raises(RuleError, match="no entity label 'Actor'"):
        table.run(Relabel(actor, Kind.ENTITY, "Actor"))
    about = table.make("Place", "Iran")
    table.draw("about", claim, about)
    table.run(Relabel(about, Kind.ACTOR, "Actor"))
    assert table.page.span(about).kind == Kind.ACTOR


def test_edges_move(table: Any) -> None:
    actor = table.make("Actor", "Malley")
    table.run(MoveEdges(actor, (table.at("Rob Malley"),)))
    assert table.page.span(actor).fragments == (table.at("Rob Malley"),)
    assert table.title == "Move the edges of “Rob Malley”"
    assert not table.run(MoveEdges(actor, (table.at("Rob Malley"),)))
    with pytest.raises(RuleError, match="beyond the text"):
        table.run(MoveEdges(actor, ((0, 9999),)))


def test_moving_a_suggestion_s_edges_is_a_change_of_it(table: Any) -> None:
    suggestion = table.suggest("Actor", "Malley")
    (own,) = table.run(MoveEdges(suggestion, (table.at("Rob Malley"),))).added_spans()
    assert own.fragments == (table.at("Rob Malley"),)
    assert (own.origin, own.confidence, own.suggestion) == ("annotator:ana", None, suggestion)
    assert table.page.decisions[suggestion].verdict == Verdict.CHANGED


def test_edges_that_were_corrected_are_the_annotator_s(table: Any) -> None:
    suggestion = table.suggest("Person", "Rob Malley")
    own = table.make("Person", "Rob Malley")
    assert table.page.span(own).origin == "spacy:test-1"
    table.run(MoveEdges(own, (table.at("Malley"),)))
    assert (table.page.span(own).origin, table.page.span(own).confidence) == ("annotator:ana", None)
    assert table.page.span(own).suggestion == suggestion


def test_deleting_takes_the_relations_along(table: Any) -> None:
    claim, actor = table.make("Claim", "Iran must stop the sale"), table.make("Actor", "Rob Malley")
    table.draw("made_by", claim, actor)
    changes = table.run(DeleteSpan(actor))
    assert table.title == "Delete Actor “Rob Malley” and its relation"
    assert set(table.page.spans) == {claim}
    assert not table.page.relations
    table.page.apply(changes.inverted())
    assert [each.tail for each in table.page.relations_of(claim)] == [actor]
    table.draw("about", claim, actor)
    table.run(DeleteSpan(claim))
    assert table.title == "Delete Claim “Iran must stop the sale” and its 2 relations"


def test_what_was_accepted_and_deleted_is_rejected_relations_too(table: Any) -> None:
    claim, actor = table.suggest("Claim", "Iran must stop the sale"), table.suggest("Actor", "Rob Malley")
    link = table.suggest_relation("made_by", claim, actor)
    table.run(AcceptRelation(link))
    made = table.page.decisions[actor].made
    table.run(DeleteSpan(made))
    verdicts = {each: decision.verdict for each, decision in table.page.decisions.items()}
    assert verdicts == {claim: Verdict.ACCEPTED, actor: Verdict.REJECTED, link: Verdict.REJECTED}
    assert table.page.decisions[link].made is None
    assert not table.page.visible_relations()
    assert not table.page.open_suggestions()


def test_a_suggestion_is_rejected_not_deleted(table: Any) -> None:
    suggestion = table.suggest("Person", "Rob Malley")
    with pytest.raises(RuleError, match="still a suggestion"):
        table.run(DeleteSpan(suggestion))
    table.run(Reject((suggestion,)))
    with pytest.raises(RuleError, match="no longer there"):
        table.run(DeleteSpan("nothing"))
