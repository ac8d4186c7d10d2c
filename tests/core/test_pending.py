"""What holds an article back from being finished."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.core.codebook import Attribute, AttributeType, Codebook
from annotator.core.commands import Accept, SetAttribute
from annotator.core.model import Kind, Target
from annotator.core.pending import is_missing, pending
from annotator.core.records import replace

CLAIM, ACTOR = frozenset({Kind.CLAIM}), frozenset({Kind.ACTOR})


def demanding(codebook: Codebook, *names: str) -> Codebook:
    """The codebook with some attributes required, and one more of actors and one of relations."""
    attributes = [replace(each, required=each.name in names) for each in codebook.attributes]
    more = [
        Attribute(name="sure", type=AttributeType.BOOLEAN, relations=True, required="sure" in names),
        Attribute(name="size", type=AttributeType.NUMBER, kinds=ACTOR, required="size" in names),
    ]
    return replace(codebook, attributes=(*attributes, *more))


@pytest.mark.parametrize(
    ("kind", "value", "missing"),
    [
        (AttributeType.CHOICE, None, True),
        (AttributeType.CHOICE, "unset", True),
        (AttributeType.CHOICE, "support", False),
        (AttributeType.TEXT, "", True),
        (AttributeType.TEXT, "unset", False),
        (AttributeType.CATEGORIES, [], True),
        (AttributeType.CATEGORIES, ["a"], False),
        (AttributeType.BOOLEAN, False, False),
        (AttributeType.NUMBER, 0, False),
        (AttributeType.DATE, None, True),
    ],
)
def test_a_value_that_says_nothing_is_missing(kind: AttributeType, value: object, missing: bool) -> None:
    attribute = Attribute(name="x", type=kind, choices=("support", "unset"), default="unset", required=True)
    assert is_missing(attribute, value) is missing


def test_it_is_listed_in_the_order_of_the_page(table: Any) -> None:
    later = table.make("Claim", "The minister 😀 rejected it")
    claim = table.make("Claim", "Iran must stop the sale")
    actor = table.make("Actor", "Rob Malley")
    link = table.draw("made_by", claim, actor)
    wanted = demanding(table.codebook, "categories", "stance", "sure", "size")
    assert [(each.id, each.attribute.name) for each in pending(table.page, wanted)] == [
        (actor, "size"),
        (claim, "categories"),
        (claim, "stance"),
        (link, "sure"),
        (later, "categories"),
        (later, "stance"),
    ]
    assert [each.is_relation for each in pending(table.page, wanted)] == [False] * 3 + [True] + [False] * 2


def test_filling_in_takes_it_off_and_undo_puts_it_back(table: Any) -> None:
    claim = table.make("Claim", "Iran must stop the sale")
    wanted = demanding(table.codebook, "categories")
    table.codebook = wanted
    changes = table.run(SetAttribute(Target.SPAN, claim, "categories", ["sanctions"]))
    assert pending(table.page, wanted) == []
    table.page.apply(changes.inverted())
    assert [each.id for each in pending(table.page, wanted)] == [claim]


def test_suggestions_hold_nothing_back_until_accepted(table: Any) -> None:
    suggestion = table.suggest("Claim", "Iran must stop the sale")
    wanted = demanding(table.codebook, "categories")
    assert pending(table.page, wanted) == []
    table.run(Accept((suggestion,)))
    assert len(pending(table.page, wanted)) == 1


def test_nothing_required_nothing_missing(table: Any) -> None:
    table.make("Claim", "Iran must stop the sale")
    assert pending(table.page, demanding(table.codebook)) == []
