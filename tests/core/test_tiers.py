"""Which suggestions are confident, and which are less certain."""

from __future__ import annotations

import pytest

from annotator.core.commands.propose import OCCURRENCE
from annotator.core.model import Kind, Relation, Span
from annotator.core.tiers import CONFIDENT, is_among, is_less_certain, less_certain

RULES = "rules:attribution-1"


def span(name: str, origin: str, sure: float | None, annotator: str | None = None) -> Span:
    return Span(
        id=name, kind=Kind.ACTOR, label="Actor", fragments=((0, 1),),
        origin=origin, confidence=sure, annotator=annotator,
    )  # fmt: skip


def relation(sure: float | None, origin: str = RULES, annotator: str | None = None) -> Relation:
    return Relation(
        id="r", type="made_by", head="h", tail="t", origin=origin, confidence=sure, annotator=annotator
    )


@pytest.mark.parametrize(
    ("origin", "sure", "less"),
    [
        (RULES, CONFIDENT, False),
        (RULES, 1.0, False),
        (RULES, 0.8999, True),
        (RULES, 0.0, True),
        (RULES, None, False),
        (OCCURRENCE, None, False),
        ("spacy:en_core_web_md-3.8.0", 0.2, False),
        ("import:rules:mine.jsonl", 0.2, False),
        ("", None, False),
    ],
)
def test_only_the_rules_are_less_certain_below_the_threshold(
    origin: str, sure: float | None, less: bool
) -> None:
    for each in (span("s", origin, sure), relation(sure, origin)):
        assert is_less_certain(each) is less
        assert less_certain([each]) == (frozenset({each.id}) if less else frozenset())


def test_what_a_person_has_accepted_never_is() -> None:
    assert not is_less_certain(span("s", RULES, 0.5, "ana"))
    assert not is_less_certain(relation(0.5, annotator="ana"))


def test_a_relation_is_as_certain_as_the_least_certain_of_it_and_its_ends() -> None:
    seen = {"h": "h", "t": "t"}
    assert not is_among(frozenset({"x"}), relation(0.95), seen.get)
    assert is_among(frozenset({"r"}), relation(0.5), seen.get)
    assert is_among(frozenset({"h"}), relation(0.95), seen.get)
    assert is_among(frozenset({"t"}), relation(0.95), seen.get)


def test_an_end_that_is_an_own_span_by_now_counts_no_longer() -> None:
    assert not is_among(frozenset({"h"}), relation(0.95), {"h": "own", "t": "t"}.get)
    assert not is_among(frozenset({"h"}), relation(0.95), {"t": "t"}.get), "or one that is gone"
    assert not is_among(frozenset({"h"}), relation(0.95, annotator="ana"), {"h": "h"}.get)
