"""The rules of labels, in words."""

from __future__ import annotations

from typing import Any

import pytest

from annotator.core.codebook import Attribute, AttributeType, Codebook
from annotator.core.model import Fragments, Kind, Relation, Span
from annotator.core.validate import (
    fragment_problem,
    is_date,
    relation_problems,
    span_problems,
    value_problem,
)

TEXT = "Iran said 😀 no\n\n"


@pytest.mark.parametrize(
    ("fragments", "told"),
    [
        ((), "needs at least one fragment"),
        (((0, 99),), "lies beyond the text, which has 16 characters"),
        (((-1, 4),), "lies beyond the text"),
        (((4, 4),), "is empty"),
        (((9, 5),), "is empty"),
        (((0, 6), (5, 9)), "overlap or are out of order"),
        (((5, 9), (0, 4)), "overlap or are out of order"),
        (((14, 16),), "more than white space"),
        (((4, 5), (9, 10)), "more than white space"),
    ],
)
def test_impossible_fragments(fragments: Fragments, told: str) -> None:
    assert told in (fragment_problem(fragments, TEXT) or "")


@pytest.mark.parametrize("fragments", [((0, 16),), ((10, 11),), ((0, 4), (5, 9)), ((0, 4), (4, 9))])
def test_possible_fragments(fragments: Fragments) -> None:
    assert fragment_problem(fragments, TEXT) is None


GOOD: list[tuple[str, list[Any]]] = [
    ("choice", ["warm"]),
    ("multi-choice", [[], ["warm"], ("warm", "cold")]),
    ("categories", [[], ["rights", "sanctions/relief"]]),
    ("boolean", [True, False]),
    ("number", [0, -3, 2.5]),
    ("text", ["", "any"]),
    ("date", ["2024-02-29", "0001-01-01"]),
]
BAD: list[tuple[str, list[Any]]] = [
    ("choice", ["hot", "", 1, None, ["warm"], {"warm": 1}]),
    ("multi-choice", ["warm", ["hot"], [["warm"]], {"warm": 1}, 3]),
    ("categories", ["rights", ["nothing"], [["rights"]], [{}], {"rights": 1}, [None]]),
    ("boolean", [1, 0, "true"]),
    ("number", [True, "3", float("nan"), float("inf"), [1], 10**400, 1 << 53]),
    ("text", [1, ["x"], None]),
    ("date", ["2023-02-29", "2023-2-9", "20230209", "２０２３-01-01", "2023-01-01T00:00", "", 2023, None]),
]


def attribute(type_: str) -> Attribute:
    return Attribute(name="tone", type=AttributeType(type_), choices=("warm", "cold"), title="Tone")


@pytest.mark.parametrize(("type_", "value"), [(type_, value) for type_, values in GOOD for value in values])
def test_values_that_fit(type_: str, value: Any, codebook: Codebook) -> None:
    assert value_problem(attribute(type_), value, codebook) is None


@pytest.mark.parametrize(("type_", "value"), [(type_, value) for type_, values in BAD for value in values])
def test_values_that_do_not_fit(type_: str, value: Any, codebook: Codebook) -> None:
    told = value_problem(attribute(type_), value, codebook)
    assert told is not None
    assert "Tone" in told or "category" in told


def test_dates_are_days_that_exist() -> None:
    assert is_date("2026-03-31")
    assert not is_date("2026-02-31")


def claim(**fields: Any) -> Span:
    return Span(**{"id": "c", "kind": Kind.CLAIM, "label": "Claim", "fragments": ((0, 9),), **fields})


ACTOR = Span(id="a", kind=Kind.ACTOR, label="Actor", fragments=((0, 4),))


def test_a_good_span_has_no_problems(codebook: Codebook) -> None:
    good = claim(attributes={"stance": "oppose", "categories": ["rights"], "date": "2026-01-01"})
    assert list(span_problems(good, TEXT, codebook)) == []


def test_every_problem_of_a_span_is_listed(codebook: Codebook) -> None:
    bad = claim(
        label="Opinion",
        fragments=((0, 99),),
        attributes={"mood": "sad", "stance": "warm", "categories": ["nothing"]},
    )
    told = [str(each) for each in span_problems(bad, TEXT, codebook)]
    assert all(each.startswith("span c: ") for each in told)
    for part, each in zip(
        ["beyond the text", "no claim label 'Opinion'", "no attribute 'mood' for this claim",
         "Stance takes one of", "no category nothing"],
        told,
        strict=True,
    ):  # fmt: skip
        assert part in each


def test_an_attribute_belongs_to_its_kinds(codebook: Codebook) -> None:
    actor = Span(id="a", kind=Kind.ACTOR, label="Actor", fragments=((0, 4),), attributes={"stance": "oppose"})
    assert ["no attribute 'stance' for this actor" in str(p) for p in span_problems(actor, TEXT, codebook)]


def relation(type_: str, head: str, tail: str, **fields: Any) -> Relation:
    return Relation(id="r", type=type_, head=head, tail=tail, **fields)


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (relation("made_by", "a", "c"), "'made_by' may not run from actor to claim"),
        (relation("knows", "c", "a"), "no relation type 'knows'"),
        (relation("made_by", "c", "x"), "its tail is the unknown span 'x'"),
        (relation("made_by", "x", "a"), "its head is the unknown span 'x'"),
        (relation("supports", "c", "c"), "its head and tail are the same span"),
        (relation("made_by", "c", "a", attributes={"mood": 1}), "no attribute 'mood' for this relation"),
    ],
)
def test_what_is_wrong_with_a_relation(bad: Relation, told: str, codebook: Codebook) -> None:
    (problem,) = relation_problems(bad, {"a": ACTOR, "c": claim()}, codebook)
    assert problem.where == "relation r"
    assert told in problem.what


def test_a_good_relation_has_no_problems(codebook: Codebook) -> None:
    good = relation("made_by", "c", "a")
    assert list(relation_problems(good, {"a": ACTOR, "c": claim()}, codebook)) == []
