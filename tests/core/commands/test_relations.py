"""Drawing, retyping, flipping and deleting relations."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.core.codebook import Attribute, AttributeType
from annotator.core.commands import (
    Accept,
    DeleteRelation,
    DrawRelation,
    FlipRelation,
    Reject,
    RejectRelation,
    RetypeRelation,
)
from annotator.core.errors import RuleError
from annotator.core.model import State, Target, Verdict
from annotator.core.records import replace


def test_a_new_relation_is_the_annotator_s(table: Any) -> None:
    claim, actor = table.make("Claim", "Iran must stop the sale"), table.make("Actor", "Rob Malley")
    relation = table.page.relation(table.draw("made_by", claim, actor))
    assert (relation.type, relation.head, relation.tail) == ("made_by", claim, actor)
    assert (relation.annotator, relation.origin, relation.state) == ("ana", "annotator:ana", State.ACCEPTED)
    assert relation.attributes == {}
    assert table.title == "Relate “Iran must stop the sale” made by “Rob Malley”"


def test_a_new_relation_has_the_codebook_s_defaults(table: Any) -> None:
    sure = Attribute(name="sure", type=AttributeType.BOOLEAN, relations=True, default=True)
    table.codebook = replace(table.codebook, attributes=(*table.codebook.attributes, sure))
    claim, actor = table.make("Claim", "Iran must stop the sale"), table.make("Actor", "Rob Malley")
    assert table.page.relation(table.draw("made_by", claim, actor)).attributes == {"sure": True}


@pytest.mark.parametrize(
    ("type_", "told"),
    [
        ("knows", "the codebook has no relation type 'knows'"),
        ("supports", "“supports” cannot run from a claim to an actor"),
    ],
)
def test_a_type_s_rule_holds(table: Any, type_: str, told: str) -> None:
    claim, actor = table.make("Claim", "Iran must stop the sale"), table.make("Actor", "Rob Malley")
    with pytest.raises(RuleError, match=told):
        table.draw(type_, claim, actor)
    with pytest.raises(RuleError, match="“made by” cannot run from an actor to a claim"):
        table.draw("made_by", actor, claim)


def test_only_two_spans_and_only_once(table: Any) -> None:
    claim, actor = table.make("Claim", "Iran must stop the sale"), table.make("Actor", "Rob Malley")
    with pytest.raises(RuleError, match="two different spans"):
        table.draw("supports", claim, claim)
    table.draw("made_by", claim, actor)
    with pytest.raises(RuleError, match="already there"):
        table.draw("made_by", claim, actor)
    table.draw("about", claim, actor)


def test_ends_that_are_suggestions_are_accepted_along(table: Any) -> None:
    claim, actor = table.suggest("Claim", "Iran must stop the sale"), table.suggest("Actor", "Rob Malley")
    changes = table.run(DrawRelation("about", claim, actor))
    (relation,) = changes.added_relations()
    made = {span.suggestion: span.id for span in changes.added_spans()}
    assert (relation.head, relation.tail) == (made[claim], made[actor])
    assert {each.verdict for each in table.page.decisions.values()} == {Verdict.ACCEPTED}
    table.page.apply(changes.inverted())
    assert not table.page.spans
    assert not table.page.relations
    assert not table.page.decisions


@pytest.mark.parametrize("accepted", [0, 1, 2])
def test_drawing_what_is_suggested_decides_the_suggestion(table: Any, accepted: int) -> None:
    claim, actor = table.suggest("Claim", "Iran must stop the sale"), table.suggest("Actor", "Rob Malley")
    link = table.suggest_relation("made_by", claim, actor)
    for suggestion in (claim, actor)[:accepted]:
        table.run(Accept((suggestion,)))
    page = table.page
    head, tail = page.stand_in(claim), page.stand_in(actor)
    (relation,) = table.run(DrawRelation("made_by", head, tail)).added_relations()
    assert (relation.suggestion, relation.origin, relation.confidence) == (link, "rules:test-1", 0.6)
    decision = page.decisions[link]
    assert (decision.verdict, decision.made, decision.target) == (
        Verdict.ACCEPTED, relation.id, Target.RELATION,
    )  # fmt: skip
    assert page.visible_relations() == [relation]


def test_a_rejected_suggestion_is_not_taken_up_again(table: Any) -> None:
    claim, actor = table.make("Claim", "Iran must stop the sale"), table.make("Actor", "Rob Malley")
    link = table.suggest_relation("made_by", claim, actor)
    table.run(RejectRelation(link))
    assert table.page.relation(table.draw("made_by", claim, actor)).suggestion is None
    assert table.page.decisions[link].verdict == Verdict.REJECTED


def test_a_rejected_span_cannot_be_an_end(table: Any) -> None:
    claim, actor = table.make("Claim", "Iran must stop the sale"), table.suggest("Actor", "Rob Malley")
    table.run(Reject((actor,)))
    with pytest.raises(RuleError, match="already decided"):
        table.draw("made_by", claim, actor)


def test_retyping(table: Any) -> None:
    claim, actor = table.make("Claim", "Iran must stop the sale"), table.make("Actor", "Rob Malley")
    relation = table.draw("made_by", claim, actor)
    table.run(RetypeRelation(relation, "about"))
    assert table.page.relation(relation).type == "about"
    assert table.title == "Make it “about”"
    assert not table.run(RetypeRelation(relation, "about"))
    with pytest.raises(RuleError, match="“cued by” cannot run from a claim to an actor"):
        table.run(RetypeRelation(relation, "cued_by"))
    table.draw("made_by", claim, actor)
    with pytest.raises(RuleError, match="already there"):
        table.run(RetypeRelation(relation, "made_by"))


def test_flipping_keeps_the_type_where_it_can(table: Any) -> None:
    first, second = table.make("Claim", "Iran must stop the sale"), table.make("Claim", "rejected it")
    relation = table.draw("attacks", first, second)
    table.run(FlipRelation(relation))
    flipped = table.page.relation(relation)
    assert (flipped.type, flipped.head, flipped.tail) == ("attacks", second, first)
    assert [each.id for each in table.page.relations_of(first)] == [relation]
    actor = table.make("Actor", "Rob Malley")
    made_by = table.draw("made_by", first, actor)
    with pytest.raises(RuleError, match="no relation may run from an actor to a claim"):
        table.run(FlipRelation(made_by))
    table.draw("attacks", first, second)
    with pytest.raises(RuleError, match="already there"):
        table.run(FlipRelation(relation))


def test_deleting_leaves_the_spans_and_rejects_the_suggestion(table: Any) -> None:
    claim, actor = table.make("Claim", "Iran must stop the sale"), table.make("Actor", "Rob Malley")
    link = table.suggest_relation("made_by", claim, actor)
    relation = table.draw("made_by", claim, actor)
    changes = table.run(DeleteRelation(relation))
    assert table.title == "Delete the relation “made by”"
    assert set(table.page.spans) == {claim, actor}
    assert table.page.decisions[link].verdict == Verdict.REJECTED
    assert table.page.visible_relations() == []
    table.page.apply(changes.inverted())
    assert table.page.decisions[link].made == relation


@pytest.mark.parametrize("verb", [FlipRelation, DeleteRelation, lambda id_: RetypeRelation(id_, "about")])
def test_a_suggestion_must_be_accepted_first(table: Any, verb: Any) -> None:
    claim, actor = table.make("Claim", "Iran must stop the sale"), table.make("Actor", "Rob Malley")
    with pytest.raises(RuleError, match="still a suggestion"):
        table.run(verb(table.suggest_relation("made_by", claim, actor)))
