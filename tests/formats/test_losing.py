"""What formats cannot hold is counted exactly, and once."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.model import (
    ActorRecord,
    Alias,
    Article,
    Fragments,
    Kind,
    Progress,
    Relation,
    Span,
    State,
    Status,
)
from annotator.core.ports import ArticleLabels
from annotator.formats.losing import Held, cannot_hold, count_common, says_something, without_overlaps
from annotator.formats.output import Losses, singular

ALL = frozenset(Held)
ARTICLE = Article(
    id="a1", text="Smith said Acme lied", sha256="", title="T", meta={"x": 1}, furniture=((0, 1),)
)


def span(name: str, *fragments: tuple[int, int], **more: Any) -> Span:
    values = {"kind": Kind.CLAIM, "label": "Claim", "annotator": "ana", "origin": "annotator:ana"}
    return Span(id=name, fragments=fragments, **(values | more))


def relation(name: str, head: str, tail: str, **more: Any) -> Relation:
    values = {"annotator": "ana", "origin": "annotator:ana", "type": "supports"}
    return Relation(id=name, head=head, tail=tail, **(values | more))


LINE = ArticleLabels(
    article=ARTICLE,
    annotator="ana",
    progress=Progress(Status.DONE, flagged=True, note="n"),
    spans=(
        span(
            "long", (0, 5), (6, 20), note="n", attributes={"stance": "oppose", "categories": [], "x": "unset"}
        ),
        span("short", (11, 15), actor="p", confidence=0.5, origin="import:x"),
        span("open", (0, 5), state=State.SUGGESTED, annotator=None, origin="spacy:x", confidence=0.9),
        span("no", (6, 10), state=State.REJECTED, annotator=None, origin="spacy:x", note="n"),
    ),
    relations=(
        relation("r1", "long", "short", note="n", attributes={"sure": False}),
        relation("r2", "open", "no", state=State.SUGGESTED, annotator=None, origin="rules:x"),
    ),
    actors=(
        ActorRecord(id="p", name="Acme", aliases=(Alias("ACME"),)),
        ActorRecord(id="q", name="B", note="n"),
    ),
)


def lost(holds: frozenset[Held], *lines: ArticleLabels) -> dict[str, int]:
    losses = Losses()
    for line in lines or (LINE,):
        count_common(line, losses, holds)
    return {what: number for (what, _), number in losses.found.items()}


def test_nothing_is_lost_where_everything_is_held() -> None:
    losses = Losses()
    assert count_common(LINE, losses, ALL) is LINE
    assert not losses
    assert cannot_hold(ALL) == ()


@pytest.mark.parametrize(
    ("lacks", "number"),
    [
        (Held.SUGGESTIONS, 2),
        (Held.DISCONTINUOUS, 1),
        (Held.RELATIONS, 2),
        (Held.SPAN_ATTRIBUTES, 1),
        (Held.RELATION_ATTRIBUTES, 1),
        (Held.ACTORS, 1),
        (Held.ACTOR_DETAILS, 1),
        (Held.SPAN_NOTES, 2),
        (Held.RELATION_NOTES, 1),
        (Held.ARTICLE_NOTES, 1),
        (Held.FLAGS, 1),
        (Held.STATUSES, 1),
        (Held.ANNOTATORS, 1),
        (Held.CONFIDENCES, 2),
        (Held.ORIGINS, 4),
        (Held.TITLES, 1),
        (Held.METADATA, 1),
        (Held.FURNITURE, 1),
    ],
)
def test_each_thing_is_counted_alone(lacks: Held, number: int) -> None:
    assert lost(ALL - {lacks}) == {lacks.value: number}


def test_a_relation_goes_with_its_rejected_end() -> None:
    assert lost(ALL - {Held.REJECTED}) == {
        "rejected suggestions": 1,
        "relations of suggestions that are left out": 1,
    }


def test_what_is_left_out_is_not_counted_by_its_parts() -> None:
    assert lost(frozenset()) == {
        "suggestions": 2,
        "rejected suggestions": 1,
        "relations": 1,
        "discontinuous spans": 1,
        "overlapping spans": 1,
        "attributes of spans": 1,
        "notes on spans": 1,
        "notes on articles": 1,
        "flags of articles": 1,
        "statuses of articles": 1,
        "names of annotators": 1,
        "titles of articles": 1,
        "articles with metadata": 1,
        "ranges of furniture": 1,
    }


def test_articles_and_records_are_counted_once_however_many_lines_have_them() -> None:
    found = lost(ALL - {Held.TITLES, Held.ACTOR_DETAILS, Held.FURNITURE, Held.FLAGS}, LINE, LINE)
    assert found == {
        "titles of articles": 1,
        "actor records with details": 1,
        "ranges of furniture": 1,
        "flags of articles": 2,
    }


def test_a_relation_of_an_overlapping_span_is_counted() -> None:
    assert lost(ALL - {Held.OVERLAPS, Held.SUGGESTIONS, Held.REJECTED}) == {
        "suggestions": 2,
        "rejected suggestions": 1,
        "overlapping spans": 1,
        "relations of overlapping spans": 1,
    }


def test_the_line_comes_back_as_it_can_be_written() -> None:
    kept = count_common(LINE, Losses(), ALL - {Held.DISCONTINUOUS, Held.OVERLAPS, Held.SUGGESTIONS})
    assert [(each.id, each.fragments) for each in kept.spans] == [("long", ((0, 20),))]
    assert kept.relations == ()


def test_fates() -> None:
    losses = Losses()
    count_common(LINE, losses, ALL - {Held.DISCONTINUOUS, Held.FLAGS}, {Held.FLAGS: "written as tags"})
    assert losses.sentences == [
        "1 discontinuous span: written as one stretch from their first to their last fragment",
        "1 flag of articles: written as tags",
    ]


@st.composite
def some_spans(draw: st.DrawFn) -> list[Span]:
    found = []
    for nth in range(draw(st.integers(0, 8))):
        edges = sorted(draw(st.sets(st.integers(0, 30), min_size=2, max_size=4)))
        fragments: Fragments = tuple(zip(edges[::2], edges[1::2], strict=False))
        found.append(span(f"s{nth}", *fragments))
    return found


@given(some_spans())
def test_without_overlaps_nothing_is_shared_and_nothing_more_would_fit(spans: list[Span]) -> None:
    kept = without_overlaps(spans)
    taken = [point for each in kept for start, end in each.fragments for point in range(start, end)]
    assert len(taken) == len(set(taken))
    for each in spans:
        mine = {point for start, end in each.fragments for point in range(start, end)}
        assert each in kept or mine & set(taken)


@pytest.mark.parametrize(
    ("many", "one"),
    [
        ("notes on spans", "note on spans"),
        ("statuses of articles", "status of articles"),
        ("discontinuous spans", "discontinuous span"),
        ("articles with metadata", "article with metadata"),
        ("properties", "property"),
        ("furniture", "furniture"),
    ],
)
def test_one_of_them(many: str, one: str) -> None:
    assert singular(many) == one


def test_values_that_say_nothing() -> None:
    assert [
        value for value in (None, "", [], (), "unset", False, 0, "x", ["a"]) if says_something(value)
    ] == [
        False,
        0,
        "x",
        ["a"],
    ]
