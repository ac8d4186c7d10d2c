"""Spans that are made quickly are the same spans."""

from __future__ import annotations

from dataclasses import fields

from annotator.core.making import make_span
from annotator.core.model import Kind, Span, State


def test_a_span_made_quickly_is_the_same() -> None:
    made = make_span(
        "s1",
        Kind.CLAIM,
        "Claim",
        ((1, 3), (4, 6)),
        {"a": 1},
        "r1",
        State.SUGGESTED,
        "o",
        0.5,
        None,
        "at",
        "n",
    )
    assert made == Span(
        id="s1", kind=Kind.CLAIM, label="Claim", fragments=((1, 3), (4, 6)), attributes={"a": 1}, actor="r1",
        state=State.SUGGESTED, origin="o", confidence=0.5, annotator=None, created="at", updated="at",
        note="n",
    )  # fmt: skip
    assert all(hasattr(made, each.name) for each in fields(Span))
