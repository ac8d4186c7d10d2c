"""Accepting and rejecting suggestions."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.core.commands import Accept, AcceptRelation, Reject, RejectRelation, Relabel
from annotator.core.errors import RuleError
from annotator.core.model import Kind, State, Target, Verdict


def test_accepting_makes_an_own_span_that_names_its_suggestion(table: Any) -> None:
    suggestion = table.suggest("Person", "Rob Malley", actor="record", attributes={}, note="maybe")
    (own,) = table.run(Accept((suggestion,))).added_spans()
    assert (own.kind, own.label, own.fragments) == (Kind.ENTITY, "Person", (table.at("Rob Malley"),))
    assert (own.annotator, own.suggestion, own.state) == ("ana", suggestion, State.ACCEPTED)
    assert (own.origin, own.confidence, own.actor, own.note) == ("spacy:test-1", 0.8, "record", "maybe")
    decision = table.page.decisions[suggestion]
    assert (decision.verdict, decision.annotator, decision.made) == (Verdict.ACCEPTED, "ana", own.id)
    assert decision.decided_at == own.created
    assert table.title == "Accept Person “Rob Malley”"
    assert table.page.suggestions[suggestion].annotator is None


def test_accepting_a_claim_adds_the_codebook_s_defaults(table: Any) -> None:
    bare = table.suggest("Claim", "Iran must stop the sale")
    told = table.suggest("Claim", "rejected it", attributes={"stance": "oppose"})
    assert [s.attributes for s in table.run(Accept((bare, told))).added_spans()] == [
        {"stance": "unset"},
        {"stance": "oppose"},
    ]
    assert table.title == "Accept 2 suggestions"


def test_several_are_decided_in_one_step_and_none_twice(table: Any) -> None:
    person, place = table.suggest("Person", "Rob Malley"), table.suggest("Place", "Iran")
    changes = table.run(Accept((person, place, person)))
    assert len(table.page.spans) == 2
    table.page.apply(changes.inverted())
    table.run(Reject((person, person)))
    assert table.title == "Reject Person “Rob Malley”"
    assert not table.page.spans
    assert table.page.decisions[person].made is None


@pytest.mark.parametrize("verb", [Accept, Reject])
def test_decided_ones_and_own_labels_are_refused(table: Any, verb: Any) -> None:
    person, place = table.suggest("Person", "Rob Malley"), table.suggest("Place", "Iran")
    own = table.make("Cue", "said")
    table.run(Reject((person,)))
    for ids, told in (
        ((person,), "already decided"),
        ((place, own), "your own label"),
        (("x",), "no longer"),
    ):
        with pytest.raises(RuleError, match=told):
            table.run(verb(ids))
    assert set(table.page.decisions) == {person}


def test_accepting_a_relation_accepts_its_ends(table: Any) -> None:
    claim, actor = table.suggest("Claim", "Iran must stop the sale"), table.suggest("Actor", "Rob Malley")
    link = table.suggest_relation("made_by", claim, actor)
    changes = table.run(AcceptRelation(link))
    (relation,) = changes.added_relations()
    made = {span.suggestion: span.id for span in changes.added_spans()}
    assert (relation.head, relation.tail, relation.suggestion) == (made[claim], made[actor], link)
    assert (relation.origin, relation.confidence) == ("rules:test-1", 0.6)
    assert table.page.decisions[link].target == Target.RELATION
    assert table.page.decisions[link].made == relation.id
    assert table.title == "Accept “Iran must stop the sale” made by “Rob Malley”"
    with pytest.raises(RuleError, match="already decided"):
        table.run(AcceptRelation(link))
    with pytest.raises(RuleError, match="your own label"):
        table.run(AcceptRelation(relation.id))


def test_accepting_a_relation_uses_the_spans_that_stand_in(table: Any) -> None:
    claim, actor = table.suggest("Claim", "Iran must stop the sale"), table.suggest("Actor", "Rob Malley")
    link = table.suggest_relation("made_by", claim, actor)
    own = table.make("Claim", "Iran must stop the sale")
    (relation,) = table.run(AcceptRelation(link)).added_relations()
    assert relation.head == own
    assert len(table.page.spans) == 2


def test_a_relation_whose_end_was_relabelled_cannot_be_accepted_but_rejected(table: Any) -> None:
    claim, actor = table.suggest("Claim", "Iran must stop the sale"), table.suggest("Actor", "Rob Malley")
    link = table.suggest_relation("made_by", claim, actor)
    table.run(Relabel(actor, Kind.ENTITY, "Person"))
    with pytest.raises(RuleError, match="does not allow “made_by” here"):
        table.run(AcceptRelation(link))
    table.run(RejectRelation(link))
    assert table.page.decisions[link].verdict == Verdict.REJECTED
    assert not table.page.visible_relations()
    assert claim in {span.id for span in table.page.open_suggestions()}


def test_a_relation_with_a_rejected_end_is_gone(table: Any) -> None:
    claim, actor = table.suggest("Claim", "Iran must stop the sale"), table.suggest("Actor", "Rob Malley")
    link = table.suggest_relation("made_by", claim, actor)
    table.run(Reject((actor,)))
    with pytest.raises(RuleError, match="already decided"):
        table.run(AcceptRelation(link))
