"""Change sets: what they touch, their inverse, and the edit log's JSON."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.changes import (
    Change,
    ChangeSet,
    DecisionChange,
    FurnitureChange,
    ProgressChange,
    RelationChange,
    SpanChange,
    changeset_from,
    changeset_to,
)
from annotator.core.history import Edit
from annotator.core.model import (
    Decision,
    Kind,
    Progress,
    Relation,
    Span,
    State,
    Status,
    Target,
    Verdict,
)
from annotator.core.records import replace

ids = st.text("ab12", min_size=1, max_size=3)
notes = st.none() | st.text(max_size=5)
confidences = st.none() | st.floats(0, 1)
values = st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.lists(st.text(max_size=3))
attributes = st.dictionaries(st.text(max_size=4), values, max_size=3)
fragments = st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), min_size=1, max_size=3).map(tuple)
labelled: dict[str, Any] = {
    "attributes": attributes,
    "state": st.sampled_from(State),
    "origin": st.text(max_size=4),
    "confidence": confidences,
    "annotator": notes,
    "suggestion": notes,
    "created": st.text(max_size=3),
    "updated": st.text(max_size=3),
    "note": notes,
}
spans = st.builds(
    Span,
    id=ids,
    kind=st.sampled_from(Kind),
    label=st.text(max_size=4),
    fragments=fragments,
    actor=notes,
    **labelled,
)
relations = st.builds(Relation, id=ids, type=ids, head=ids, tail=ids, **labelled)
decisions = st.builds(
    Decision,
    suggestion=ids,
    target=st.sampled_from(Target),
    verdict=st.sampled_from(Verdict),
    annotator=ids,
    made=notes,
    decided_at=st.text(max_size=3),
)
progresses = st.builds(Progress, status=st.sampled_from(Status), flagged=st.booleans(), note=notes)


def records(kind: type[Any], strategy: st.SearchStrategy[Any], *key: str) -> st.SearchStrategy[Any]:
    """Making, changing and removing one record; a change keeps the fields that tell it from others."""

    def change(before: Any, after: Any, made: bool, gone: bool) -> Any:
        if made or gone:
            return kind(None, after) if made else kind(before, None)
        return kind(before, replace(after, **{name: getattr(before, name) for name in key}))

    return st.builds(change, strategy, strategy, st.booleans(), st.booleans())


changes: st.SearchStrategy[Change] = st.one_of(
    records(SpanChange, spans, "id"),
    records(RelationChange, relations, "id"),
    records(DecisionChange, decisions, "suggestion", "target"),
    st.builds(ProgressChange, progresses, progresses),
    st.builds(FurnitureChange, fragments, fragments),
)
changesets = st.builds(ChangeSet, ids, st.lists(changes, max_size=4).map(tuple))


@given(changesets)
def test_json_keeps_everything(changeset: ChangeSet) -> None:
    assert changeset_from(json.loads(json.dumps(changeset_to(changeset)))) == changeset


@given(changesets)
def test_inverting_twice_is_nothing(changeset: ChangeSet) -> None:
    inverse = changeset.inverted()
    assert inverse.inverted() == changeset
    assert [(each.before, each.after) for each in reversed(inverse.changes)] == [
        (each.after, each.before) for each in changeset.changes
    ]
    assert inverse.span_ids == changeset.span_ids
    assert inverse.relation_ids == changeset.relation_ids
    assert bool(inverse) == bool(changeset.changes)


def test_unknown_changes_of_a_newer_program_are_not_guessed() -> None:
    with pytest.raises(ValueError, match="unknown change 'wish'"):
        changeset_from({"article": "a", "changes": [{"of": "wish", "before": None, "after": None}]})


SPAN = Span(id="s", kind=Kind.CUE, label="Cue", fragments=((0, 1),), annotator="ana")
RELATION = Relation(id="r", type="about", head="s", tail="t")


def decision(target: Target, suggestion: str) -> Decision:
    return Decision(suggestion=suggestion, target=target, verdict=Verdict.REJECTED, annotator="ana")


def test_what_the_window_must_look_at_again() -> None:
    changeset = ChangeSet(
        "a",
        (
            SpanChange(None, SPAN),
            RelationChange(RELATION, None),
            DecisionChange(None, decision(Target.SPAN, "s1")),
            DecisionChange(decision(Target.RELATION, "l1"), None),
        ),
    )
    assert changeset.span_ids == {"s", "s1"}
    assert changeset.relation_ids == {"r", "l1"}
    assert changeset.added_spans() == [SPAN]
    assert changeset.added_relations() == []
    assert changeset.inverted().added_spans() == []
    assert changeset.inverted().added_relations() == [RELATION]
    assert not changeset.touches_furniture
    assert ChangeSet("a", (FurnitureChange((), ((0, 1),)),)).touches_furniture


def test_an_edit_is_taken_back_from_its_end() -> None:
    first = ChangeSet("a", (SpanChange(None, SPAN),))
    second = ChangeSet("b", (RelationChange(None, RELATION),))
    edit = Edit(at="", annotator="ana", verb="accept", title="Accept", changes=(first, second))
    assert edit.articles == ["a", "b"]
    assert edit.inverses() == (second.inverted(), first.inverted())
