"""Attributes and notes of spans and relations."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.core.codebook import Attribute, AttributeType
from annotator.core.commands import SetAttribute, SetLabelNote
from annotator.core.errors import RuleError
from annotator.core.model import Target, Verdict
from annotator.core.records import replace


def test_an_attribute_is_set_changed_and_cleared(table: Any) -> None:
    claim = table.make("Claim", "Iran must stop the sale")
    table.run(SetAttribute(Target.SPAN, claim, "form", "demand"))
    assert table.page.span(claim).attributes == {"stance": "unset", "form": "demand"}
    assert table.title == "Set form"
    table.run(SetAttribute(Target.SPAN, claim, "stance", None))
    assert table.page.span(claim).attributes == {"form": "demand"}
    assert not table.run(SetAttribute(Target.SPAN, claim, "form", "demand"))
    assert not table.run(SetAttribute(Target.SPAN, claim, "stance", None))


def test_lists_are_kept_as_the_edit_log_gives_them_back(table: Any) -> None:
    claim = table.make("Claim", "Iran must stop the sale")
    table.run(SetAttribute(Target.SPAN, claim, "categories", ("rights", "sanctions/relief")))
    assert table.page.span(claim).attributes["categories"] == ["rights", "sanctions/relief"]


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("mood", "sad", "the codebook has no attribute 'mood' here"),
        ("stance", "sad", "Stance takes one of support, oppose, ambivalent, unset, not 'sad'"),
        ("date", "yesterday", "Claim date takes a date like 2026-03-31"),
        ("categories", ["nothing"], "no category nothing"),
    ],
)
def test_what_the_codebook_does_not_know_is_refused(table: Any, name: str, value: Any, told: str) -> None:
    claim = table.make("Claim", "Iran must stop the sale")
    with pytest.raises(RuleError, match=told):
        table.run(SetAttribute(Target.SPAN, claim, name, value))
    actor = table.make("Actor", "Rob Malley")
    with pytest.raises(RuleError, match="no attribute 'stance' here"):
        table.run(SetAttribute(Target.SPAN, actor, "stance", "oppose"))


@pytest.mark.parametrize(
    ("value", "expected"), [("oppose", {"stance": "oppose", "form": "demand"}), (None, {"form": "demand"})]
)
def test_setting_or_clearing_on_a_suggestion_accepts_it(
    table: Any, value: str | None, expected: dict[str, str]
) -> None:
    suggestion = table.suggest(
        "Claim", "Iran must stop the sale", attributes={"stance": "support", "form": "demand"}
    )
    (own,) = table.run(SetAttribute(Target.SPAN, suggestion, "stance", value)).added_spans()
    assert own.attributes == expected
    assert table.page.decisions[suggestion].verdict == Verdict.ACCEPTED
    assert table.page.decisions[suggestion].made == own.id


def test_relations_have_attributes_of_their_own(table: Any) -> None:
    sure = Attribute(name="sure", type=AttributeType.BOOLEAN, relations=True, title="Sure")
    table.codebook = replace(table.codebook, attributes=(*table.codebook.attributes, sure))
    claim, actor = table.make("Claim", "Iran must stop the sale"), table.make("Actor", "Rob Malley")
    relation = table.draw("made_by", claim, actor)
    table.run(SetAttribute(Target.RELATION, relation, "sure", True))
    assert table.page.relation(relation).attributes == {"sure": True}
    with pytest.raises(RuleError, match="no attribute 'stance' here"):
        table.run(SetAttribute(Target.RELATION, relation, "stance", "oppose"))
    link = table.suggest_relation("about", claim, actor)
    with pytest.raises(RuleError, match="still a suggestion"):
        table.run(SetAttribute(Target.RELATION, link, "sure", True))


def test_notes(table: Any) -> None:
    claim, actor = table.make("Claim", "Iran must stop the sale"), table.suggest("Actor", "Rob Malley")
    table.run(SetLabelNote(Target.SPAN, claim, "check this"))
    assert table.page.span(claim).note == "check this"
    assert table.title == "Note on the span"
    assert not table.run(SetLabelNote(Target.SPAN, claim, "check this"))
    table.run(SetLabelNote(Target.SPAN, claim, ""))
    assert table.page.span(claim).note is None
    (own,) = table.run(SetLabelNote(Target.SPAN, actor, "who?")).added_spans()
    assert (own.note, own.suggestion) == ("who?", actor)
    relation = table.draw("made_by", claim, own.id)
    table.run(SetLabelNote(Target.RELATION, relation, "sure"))
    assert table.page.relation(relation).note == "sure"
    link = table.suggest_relation("about", claim, own.id)
    with pytest.raises(RuleError, match="still a suggestion"):
        table.run(SetLabelNote(Target.RELATION, link, "x"))
