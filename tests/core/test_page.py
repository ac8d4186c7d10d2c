"""One article as one annotator sees it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.core.changes import ChangeSet, SpanChange, changeset_from, changeset_to
from annotator.core.commands import (
    Accept,
    AcceptRelation,
    DeleteSpan,
    Desk,
    MakeSpan,
    MoveEdges,
    Reject,
    Relabel,
    ToggleFurniture,
)
from annotator.core.errors import RuleError
from annotator.core.model import Article, Kind, Relation, Span, Status, Verdict
from annotator.core.page import Page
from annotator.core.records import replace
from annotator.core.validate import relation_problems, span_problems


def state(page: Page) -> tuple[Any, ...]:
    """Everything that edits may change, in no order."""
    links = {span: set(ids) for span, ids in page._links.items()}
    return (
        dict(page.spans),
        dict(page.relations),
        dict(page.decisions),
        page.progress,
        page.article,
        dict(page._own),
        links,
    )


def by_json(changes: ChangeSet) -> ChangeSet:
    """As undo reads it from the edit log after a restart."""
    return changeset_from(json.loads(json.dumps(changeset_to(changes))))


@settings(max_examples=80)
@given(st.integers(0), st.integers(0, 25))
def test_all_inverses_lead_back_and_all_edits_forth_again(
    make_wanderer: Callable[[int], Any], seed: int, steps: int
) -> None:
    wanderer = make_wanderer(seed)
    page = wanderer.page
    states = [state(page)]
    done: list[ChangeSet] = []
    for _ in range(steps):
        changes = wanderer.step()
        if changes:
            done.append(changes)
            states.append(state(page))
    for changes, before in zip(reversed(done), reversed(states[:-1]), strict=True):
        page.apply(by_json(changes).inverted())
        assert state(page) == before
    for changes, after in zip(done, states[1:], strict=True):
        page.apply(by_json(changes))
        assert state(page) == after


@settings(max_examples=120)
@given(st.integers(0), st.integers(0, 25))
def test_no_road_leads_to_a_page_that_breaks_the_rules(
    make_wanderer: Callable[[int], Any], seed: int, steps: int
) -> None:
    wanderer = make_wanderer(seed)
    page = wanderer.page
    for _ in range(steps):
        wanderer.step()
        if wanderer.random.random() < 0.1:
            wanderer.suggest()
    for span in page.spans.values():
        assert not list(span_problems(span, page.text, wanderer.codebook))
        assert span.annotator == "ana"
    for relation in page.relations.values():
        assert not list(relation_problems(relation, page.spans, wanderer.codebook))
    labels = page.spans | page.relations
    for suggestion, decision in page.decisions.items():
        assert decision.suggestion == suggestion
        assert decision.made is None or decision.made in labels
        assert (decision.made is None) == (decision.verdict == Verdict.REJECTED)
    visible = page.visible_relations()
    drawn = {(each.type, each.head, each.tail) for each in page.relations.values()}
    assert len(drawn) == len(page.relations)
    assert drawn.isdisjoint((each.type, each.head, each.tail) for each in visible if each.is_suggestion)
    seen = {span.id for span in page.visible_spans()}
    for relation in visible:
        assert {relation.head, relation.tail} <= seen
        assert relation.head != relation.tail
        assert relation in page.relations_of(relation.head) or relation.is_suggestion
    assert page.spans.keys() <= seen
    assert {span.id for span in page.open_suggestions()} == seen - page.spans.keys()
    assert state(page) == state(
        Page(
            page.article, "ana", page.progress, page.spans, page.relations, page.suggestions,
            page.relation_suggestions, page.decisions,
        )
    )  # fmt: skip


def test_a_change_that_starts_from_elsewhere_is_refused_whole(table: Any) -> None:
    page = table.page
    own = page.spans[table.make("Actor", "Rob Malley")]
    moved = replace(own, fragments=((0, 5),))
    before = state(page)
    for late in (
        ChangeSet("a1", (SpanChange(None, replace(own, id="new")), SpanChange(moved, None))),
        ChangeSet("a1", (SpanChange(None, own),)),
        ChangeSet("a1", (SpanChange(moved, own),)),
    ):
        revision = page.revision
        with pytest.raises(RuleError, match="changed in the meantime"):
            page.apply(late)
        assert state(page) == before
        assert page.revision == revision


def test_every_change_makes_a_new_revision(table: Any) -> None:
    revisions = [table.page.revision]
    own = table.make("Actor", "Rob Malley")
    revisions.append(table.page.revision)
    table.run(DeleteSpan(own))
    revisions.append(table.page.revision)
    table.suggest("Person", "Rob Malley")
    revisions.append(table.page.revision)
    assert revisions == sorted(set(revisions))


def test_a_suggestion_waits_until_it_is_decided(table: Any) -> None:
    page = table.page
    person, place = table.suggest("Person", "Rob Malley"), table.suggest("Place", "Iran")
    assert [span.id for span in page.open_suggestions()] == [person, place]
    table.run(Reject((person,)))
    table.run(Accept((place,)))
    assert page.open_suggestions() == []
    assert page.stand_in(person) is None
    assert page.spans[page.stand_in(place)].label == "Place"
    assert page.stand_in("nothing") is None
    assert set(page.suggestions) == {person, place}


def test_an_equal_own_span_hides_a_suggestion_for_as_long_as_it_is_there(table: Any) -> None:
    page = table.page
    own = table.make("Person", "Rob Malley")
    late = table.suggest("Organization", "Rob Malley")
    actor = table.suggest("Actor", "Rob Malley")
    assert [span.id for span in page.open_suggestions()] == [actor]
    assert page.stand_in(late) == own
    table.run(MoveEdges(own, (table.at("Rob"),)))
    assert {span.id for span in page.open_suggestions()} == {actor, late}
    assert page.stand_in(late) == late
    table.run(Relabel(own, Kind.ENTITY, "Place"))
    table.run(MoveEdges(own, (table.at("Rob Malley"),)))
    assert [span.id for span in page.open_suggestions()] == [actor]


def test_suggested_relations_follow_what_stands_in_for_their_ends(table: Any) -> None:
    page = table.page
    claim, actor = table.suggest("Claim", "Iran must stop the sale"), table.suggest("Actor", "Rob Malley")
    link = table.suggest_relation("made_by", claim, actor)
    (shown,) = page.visible_relations()
    assert (shown.id, shown.head, shown.tail) == (link, claim, actor)
    made = table.run(Accept((actor,))).added_spans()[0].id
    (shown,) = page.visible_relations()
    assert (shown.head, shown.tail) == (claim, made)
    assert page.relation(link).tail == actor
    table.run(Reject((claim,)))
    assert page.visible_relations() == []


def test_a_relation_that_is_drawn_already_is_not_suggested(table: Any) -> None:
    claim, actor = table.make("Claim", "Iran must stop the sale"), table.make("Actor", "Rob Malley")
    own = table.draw("made_by", claim, actor)
    suggested_claim = table.suggest("Claim", "Iran must stop the sale")
    suggested_actor = table.suggest("Actor", "Rob Malley")
    table.suggest_relation("made_by", suggested_claim, suggested_actor)
    other = table.suggest_relation("about", suggested_claim, suggested_actor)
    assert {each.id for each in table.page.visible_relations()} == {own, other}


def test_spans_are_in_text_order_the_outer_first(table: Any) -> None:
    inner = table.make("Place", "Iran")
    claim = table.make("Claim", "Iran must stop the sale")
    first = table.suggest("Actor", "Rob Malley")
    assert [span.id for span in table.page.visible_spans()] == [first, claim, inner]


def test_what_is_gone_is_said_to_be_gone(table: Any) -> None:
    with pytest.raises(RuleError, match="that span is no longer there"):
        table.page.span("x")
    with pytest.raises(RuleError, match="that relation is no longer there"):
        table.page.relation("x")


def test_furniture_is_touched_by_a_single_character(table: Any) -> None:
    start, end = table.at("Also Read: Something else")
    table.run(ToggleFurniture(start))
    assert table.page.article.furniture == ((start, end),)
    assert table.page.in_furniture(start - 5, start + 1)
    assert table.page.in_furniture(end - 1, end + 1)
    assert not table.page.in_furniture(start - 5, start)
    assert not table.page.in_furniture(end, end + 1)


def test_a_new_run_of_suggestions_replaces_the_old_and_keeps_decisions(table: Any) -> None:
    page = table.page
    claim, actor = table.suggest("Claim", "Iran must stop the sale"), table.suggest("Actor", "Rob Malley")
    table.suggest_relation("made_by", claim, actor)
    made = table.run(Accept((actor,))).added_spans()[0].id
    kept = page.suggestions[actor]
    page.replace_suggestions([kept], [])
    assert page.visible_relations() == []
    assert page.stand_in(actor) == made
    assert page.open_suggestions() == []
    assert page.relations_of(claim) == []
    assert not page._links


def test_relations_of_a_span_are_its_own_ones_at_either_end(table: Any) -> None:
    claim, actor = table.make("Claim", "Iran must stop the sale"), table.make("Actor", "Rob Malley")
    link = table.draw("made_by", claim, actor)
    table.suggest_relation("about", claim, actor)
    assert [each.id for each in table.page.relations_of(claim)] == [link]
    assert [each.id for each in table.page.relations_of(actor)] == [link]
    assert table.page.relations_of("x") == []


def test_labelling_puts_a_new_article_in_progress_and_undoing_takes_that_back(table: Any) -> None:
    suggestion = table.suggest("Person", "Rob Malley")
    changes = table.run(Reject((suggestion,)))
    assert table.page.progress.status == Status.IN_PROGRESS
    table.page.apply(changes.inverted())
    assert table.page.progress.status == Status.NEW


def test_accepting_a_relation_of_spans_with_equal_stand_ins_is_not_offered(codebook: Any) -> None:
    """Two suggestions that became one span cannot be linked with each other."""
    page = Page(Article(id="a", text="Rob said", sha256=""), "ana")
    first, second = (
        Span(id=id_, kind=Kind.ACTOR, label="Actor", fragments=((0, 3),)) for id_ in ("s1", "s2")
    )
    page.replace_suggestions([first, second], [Relation(id="l", type="same_as", head="s1", tail="s2")])
    changes = MakeSpan(Kind.ACTOR, "Actor", ((0, 3),)).plan(Desk(page, codebook, ""))[1]
    page.apply(changes)
    assert page.visible_relations() == []
    with pytest.raises(RuleError, match="already decided"):
        AcceptRelation("l").plan(Desk(page, codebook, ""))
