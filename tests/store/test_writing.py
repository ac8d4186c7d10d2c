"""Edits on the rows, the edit log, and what happens when something is in the way."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import orjson
import pytest

from annotator.core.changes import (
    Change,
    ChangeSet,
    DecisionChange,
    FurnitureChange,
    ProgressChange,
    RelationChange,
    SpanChange,
)
from annotator.core.errors import ProjectError
from annotator.core.history import Edit
from annotator.core.model import Decision, Kind, Progress, Relation, Span, Status, Target, Verdict
from annotator.core.records import replace
from annotator.store.repository import SqlRepository

AT = "2026-03-01T09:30:00.125Z"


@pytest.fixture
def filled(repository: SqlRepository, article: Any, span: Any) -> SqlRepository:
    suggestion = span("s1", 11, 15, kind=Kind.CUE)
    repository.add_articles([article(1, spans=[suggestion]), article(2)], [])
    return repository


def edit(*changes: Change, annotator: str = "ana", article: str = "a1", title: str = "Title") -> Edit:
    return Edit(at=AT, annotator=annotator, verb="verb", title=title, changes=(ChangeSet(article, changes),))


def log_of(repository: SqlRepository) -> list[tuple[Any, ...]]:
    with repository._database.reading() as connection:
        rows = connection.exec_driver_sql("SELECT number, action, of, state FROM edits ORDER BY number")
        return [tuple(row) for row in rows]


def test_every_kind_of_change_is_written_and_taken_back(filled: SqlRepository, span: Any) -> None:
    before = filled.load_page("a1", "ana")
    actor = span(
        "x1", 0, 10, annotator="ana", attributes={"b": [1, 0.5, None, "é"], "a": {}}, confidence=0.1 + 0.2,
        note="a note",
    )  # fmt: skip
    claim = span("x2", 22, 49, kind=Kind.CLAIM, annotator="ana", fragments=((22, 25), (40, 49)))
    relation = Relation(
        id="r1", type="made_by", head="x2", tail="x1", attributes={"x": 1}, annotator="ana", created=AT
    )
    rejection = Decision(
        suggestion="s1", target=Target.SPAN, verdict=Verdict.REJECTED, annotator="ana", decided_at=AT
    )
    progress = Progress(Status.DONE, True, "note")
    done = filled.save_edit(
        edit(
            SpanChange(None, actor),
            SpanChange(None, claim),
            RelationChange(None, relation),
            DecisionChange(None, rejection),
            ProgressChange(Progress(), progress),
            FurnitureChange((), ((5, 9), (20, 21))),
        )
    )
    page = filled.load_page("a1", "ana")
    assert page.spans == {"x1": actor, "x2": claim}
    assert page.relations == {"r1": relation}
    assert page.decisions == {"s1": rejection}
    assert page.progress == progress
    assert page.article.furniture == ((5, 9), (20, 21))
    assert filled.next_undo("ana") == done

    changed = filled.save_edit(
        edit(
            SpanChange(actor, replace(actor, label="Other", confidence=None, updated="later")),
            RelationChange(relation, replace(relation, type="about")),
            DecisionChange(rejection, replace(rejection, verdict=Verdict.CHANGED, made="x1")),
            ProgressChange(progress, Progress(Status.SKIPPED)),
            FurnitureChange(((5, 9), (20, 21)), ((5, 9),)),
        )
    )
    assert filled.load_page("a1", "ana").spans["x1"].label == "Other"
    assert list(filled.load_page("a1", "ana").spans["x1"].attributes) == ["b", "a"], "order is kept"

    filled.save_undo(changed)
    assert filled.load_page("a1", "ana") == page
    filled.save_undo(done)
    assert filled.load_page("a1", "ana") == before
    filled.save_redo(done)
    assert filled.load_page("a1", "ana") == page


def test_log_and_stack(filled: SqlRepository) -> None:
    notes = [None, "one", "two", "three"]
    edits = [
        filled.save_edit(edit(ProgressChange(Progress(note=before), Progress(note=after)), title=str(after)))
        for before, after in pairwise(notes)
    ]
    assert [each.number for each in edits] == [1, 2, 3]
    assert filled.next_redo("ana") is None
    assert filled.next_undo("bob") is None
    filled.save_undo(edits[2])
    filled.save_undo(edits[1])
    assert filled.next_undo("ana") == edits[0]
    assert filled.next_redo("ana") == edits[1]
    filled.save_redo(edits[1])
    assert filled.next_redo("ana") == edits[2]
    assert log_of(filled) == [
        (1, "do", None, "done"),
        (2, "do", None, "done"),
        (3, "do", None, "undone"),
        (4, "undo", 3, "done"),
        (5, "undo", 2, "done"),
        (6, "redo", 2, "done"),
    ]
    filled.save_edit(edit(ProgressChange(Progress(), Progress(note="b")), annotator="bob"))
    assert filled.next_redo("ana") == edits[2], "another annotator's edit does not matter"
    filled.save_edit(edit(ProgressChange(Progress(note="two"), Progress(note="four"))))
    assert filled.next_redo("ana") is None
    assert log_of(filled)[2] == (3, "do", None, "discarded")
    with pytest.raises(ProjectError, match="in the meantime"):
        filled.save_redo(edits[2])


def test_log_names_the_articles(filled: SqlRepository) -> None:
    change = ProgressChange(Progress(), Progress(flagged=True))
    both = Edit(
        at=AT, annotator="ana", verb="v", title="t",
        changes=(ChangeSet("a1", (change,)), ChangeSet("a2", (change,))),
    )  # fmt: skip
    saved = filled.save_edit(both)
    assert saved == replace(both, number=1, codebook=1)
    assert filled.next_undo("ana") == saved
    filled.save_undo(saved)
    with filled._database.reading() as connection:
        links = connection.exec_driver_sql("SELECT article_pk, edit FROM edit_articles ORDER BY edit, 1")
        assert [tuple(row) for row in links] == [(1, 1), (2, 1), (1, 2), (2, 2)]
        logged = connection.exec_driver_sql("SELECT changes FROM edits WHERE number = 2").scalar_one()
    assert [each["article"] for each in orjson.loads(logged)] == ["a2", "a1"]


def other_span(span: Any) -> Span:
    return span("x1", 0, 10, annotator="ana", note="mine")  # type: ignore[no-any-return]


CONFLICTS: dict[str, Callable[[Span], Change]] = {
    "a span that is there already": lambda mine: SpanChange(None, mine),
    "a span that has another note": lambda mine: SpanChange(
        replace(mine, note="theirs"), replace(mine, label="Other")
    ),
    "a span to delete that has another note": lambda mine: SpanChange(replace(mine, note=None), None),
    "a span that is gone": lambda mine: SpanChange(replace(mine, id="gone"), None),
    "a relation that is gone": lambda _: RelationChange(
        Relation(id="gone", type="about", head="x1", tail="x1", annotator="ana"), None
    ),
    "a relation to a span that is not there": lambda _: RelationChange(
        None, Relation(id="new", type="about", head="x1", tail="gone", annotator="ana")
    ),
    "a decision that is not there": lambda _: DecisionChange(
        Decision(suggestion="s1", target=Target.SPAN, verdict=Verdict.REJECTED, annotator="ana"), None
    ),
    "a decision on nothing": lambda _: DecisionChange(
        None, Decision(suggestion="no", target=Target.SPAN, verdict=Verdict.REJECTED, annotator="ana")
    ),
    "a progress that differs": lambda _: ProgressChange(Progress(note="no"), Progress()),
    "a progress that is there": lambda _: ProgressChange(Progress(), Progress(note="new")),
    "a span outside the rules": lambda mine: SpanChange(None, replace(mine, id="new", fragments=((5, 5),))),
    "a suggestion that belongs to somebody": lambda mine: SpanChange(
        None, replace(mine, id="new", annotator=None)
    ),
}


@pytest.mark.parametrize("name", CONFLICTS)
def test_conflicts_leave_everything_as_it_was(filled: SqlRepository, span: Any, name: str) -> None:
    mine = other_span(span)
    filled.save_edit(edit(SpanChange(None, mine), ProgressChange(Progress(), Progress(flagged=True))))
    page, log = filled.load_page("a1", "ana"), log_of(filled)
    fresh = span("x9", 0, 5, annotator="ana")
    with pytest.raises(ProjectError) as caught:
        filled.save_edit(edit(SpanChange(None, fresh), CONFLICTS[name](mine)))
    assert caught.value.problem.cure
    assert filled.load_page("a1", "ana") == page
    assert log_of(filled) == log


def test_unknown_article(filled: SqlRepository) -> None:
    with pytest.raises(ProjectError, match="no article 'nothing'"):
        filled.save_edit(edit(ProgressChange(Progress(), Progress(flagged=True)), article="nothing"))
    with pytest.raises(ProjectError, match="no article 'nothing'"):
        filled.load_page("nothing", "ana")


def test_progress_of_an_import_stays_though_it_says_nothing(repository: SqlRepository, article: Any) -> None:
    repository.add_articles([article(1, progress={"ana": Progress()})], [])
    (line,) = repository.iter_labels()
    done = repository.save_edit(edit(ProgressChange(Progress(), Progress(flagged=True))))
    repository.save_undo(done)
    assert list(repository.iter_labels()) == [line]
    assert line.annotator == "ana"


def test_undoing_leaves_no_trace_of_the_annotator_in_the_labels(filled: SqlRepository) -> None:
    before = list(filled.iter_labels())
    done = filled.save_edit(edit(ProgressChange(Progress(), Progress(flagged=True))))
    assert [line.annotator for line in filled.iter_labels()] == ["ana", None]
    filled.save_undo(done)
    assert list(filled.iter_labels()) == before
    assert filled.annotators() == ["ana"]
