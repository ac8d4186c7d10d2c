from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from annotator.core.commands import (
    Accept,
    AcceptRelation,
    Command,
    DeleteRelation,
    DeleteSpan,
    DrawRelation,
    FlipRelation,
    MakeSpan,
    MoveEdges,
    Reject,
    RejectRelation,
    Relabel,
)
from annotator.core.errors import RuleError
from annotator.core.model import Article, Kind, Relation, Span, State, new_id
from annotator.core.page import Page
from annotator.core.ports import NewArticle
from annotator.core.text import sha256_of
from annotator.session.editor import Changed, Editor
from annotator.session.project import Project
from annotator.ui.models.label_list import LabelListModel, LabelRole, LabelRow

TEXT = " ".join(f"w{nth}" for nth in range(600))
WORDS = [(TEXT.index(f"w{nth} "), TEXT.index(f"w{nth} ") + len(f"w{nth}")) for nth in range(599)]


def suggested(nth: int, kind: Kind, label: str) -> Span:
    return Span(
        id=f"s{nth}",
        kind=kind,
        label=label,
        fragments=(WORDS[nth],),
        state=State.SUGGESTED,
        origin="spacy:test-1",
        confidence=0.9,
    )


def open_page(folder: Path, spans: list[Span], relations: list[Relation]) -> tuple[Project, Editor]:
    project = Project.create(folder / f"{new_id()}.annot")
    article = Article(
        id="a", text=TEXT, sha256=sha256_of(TEXT), title="T", imported_at="2026-01-01T00:00:00Z"
    )
    project.repository.add_articles([NewArticle(article=article, spans=spans, relations=relations)], [])
    editor = project.editor("ana")
    editor.open("a")
    return project, editor


SPANS = [
    suggested(0, Kind.CLAIM, "Claim"),
    suggested(1, Kind.ACTOR, "Actor"),
    suggested(2, Kind.CLAIM, "Claim"),
    suggested(3, Kind.ENTITY, "Place"),
    suggested(4, Kind.ACTOR, "Actor"),
]
RELATIONS = [
    Relation(
        id=f"r{nth}", type=type_, head=head, tail=tail, state=State.SUGGESTED, origin="rules:attribution-1"
    )
    for nth, (type_, head, tail) in enumerate(
        [("made_by", "s0", "s1"), ("made_by", "s2", "s1"), ("about", "s2", "s3"), ("supports", "s2", "s0")]
    )
]


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    project, editor = open_page(tmp_path, SPANS, RELATIONS)
    yield editor
    project.close()


def page_of(editor: Editor) -> Page:
    assert editor.page is not None
    return editor.page


def rows_of(model: LabelListModel) -> list[LabelRow]:
    return [model.index(row).data(LabelRole.ROW) for row in range(model.rowCount())]


def fresh_rows(editor: Editor) -> list[LabelRow]:
    model = LabelListModel()
    model.set_page(page_of(editor), editor.codebook)
    return rows_of(model)


def test_relations_follow_their_head_in_text_order(editor: Editor, qtbot: QtBot) -> None:
    assert [row.id for row in fresh_rows(editor)] == ["s0", "r0", "s1", "s2", "r3", "r1", "r2", "s3", "s4"]


def test_what_a_row_says(editor: Editor, qtbot: QtBot) -> None:
    model = LabelListModel()
    model.set_page(page_of(editor), editor.codebook)
    span, relation = model.index(0), model.index(1)
    assert (span.data(LabelRole.TITLE), span.data(LabelRole.EXCERPT)) == ("Claim", "w0")
    assert (relation.data(LabelRole.TITLE), relation.data(LabelRole.EXCERPT)) == ("made by", "w1")
    assert (span.data(LabelRole.COLOUR), relation.data(LabelRole.COLOUR)) == ("claim", "actor")
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert span.data(spoken) == "suggestion, Claim: w0"
    assert relation.data(spoken) == "suggestion, relation: w0 made by w1"
    assert model.place_of("r0") == 1
    assert model.place_of("nothing") is None


steps = st.lists(st.tuples(st.integers(0, 11), st.integers(0, 40), st.integers(0, 40)), max_size=14)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
def test_refreshing_gives_the_same_rows_as_building_anew(
    tmp_path: Path, qtbot: QtBot, steps: list[tuple[int, int, int]]
) -> None:
    project, editor = open_page(tmp_path, SPANS, RELATIONS)
    with project:
        model = LabelListModel()
        QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
        model.set_page(page_of(editor), editor.codebook)

        def follow(changed: Changed) -> None:
            model.refresh(changed.changes)

        editor.listeners.append(follow)
        for what, first, second in steps:
            command = make(editor, what, first, second)
            try:
                if what == 10:
                    editor.undo()
                elif what == 11:
                    editor.redo()
                elif command is not None:
                    editor.run(command)
            except RuleError:
                continue
            assert rows_of(model) == fresh_rows(editor)
            waiting = sum(row.is_suggestion for row in model.rows)
            assert model.counts == (len(model.rows) - waiting, waiting)
            assert all(before.key < after.key for before, after in pairwise(rows_of(model)))


def make(editor: Editor, what: int, first: int, second: int) -> Command | None:
    """Some command on whatever is there; None where there is nothing to do it to."""
    page = page_of(editor)
    spans = page.visible_spans()
    own = sorted(page.spans)
    relations = sorted(page.relations)
    waiting = [each for each in page.visible_relations() if each.is_suggestion]
    if what == 0:
        kinds = [(Kind.CLAIM, "Claim"), (Kind.ACTOR, "Actor"), (Kind.ENTITY, "Place")]
        return MakeSpan(*kinds[second % 3], (WORDS[first % 6],))
    if what == 1 and spans:
        found = spans[first % len(spans)]
        return (Accept if second % 2 else Reject)((found.id,)) if found.is_suggestion else None
    if what == 2 and own:
        return DeleteSpan(own[first % len(own)])
    if what == 3 and spans:
        return MoveEdges(spans[first % len(spans)].id, (WORDS[second % 6],))
    if what == 4 and spans:
        return Relabel(spans[first % len(spans)].id, Kind.ACTOR, "Actor")
    if what in (5, 6) and len(spans) > 1:
        kind = ("made_by", "supports")[what - 5]
        return DrawRelation(kind, spans[first % len(spans)].id, spans[second % len(spans)].id)
    if what == 7 and relations:
        return DeleteRelation(relations[first % len(relations)])
    if what == 8 and relations:
        return FlipRelation(relations[first % len(relations)])
    if what == 9 and waiting:
        found_id = waiting[first % len(waiting)].id
        return AcceptRelation(found_id) if second % 2 else RejectRelation(found_id)
    return None


def test_new_suggestions_are_taken_over(editor: Editor, qtbot: QtBot) -> None:
    model = LabelListModel()
    model.set_page(page_of(editor), editor.codebook)
    page_of(editor).replace_suggestions([SPANS[4]], [])
    model.refresh()
    assert [row.id for row in rows_of(model)] == ["s4"]
    changes = editor.run(Accept(("s4",)))
    model.refresh(changes)
    assert [row.is_suggestion for row in rows_of(model)] == [False]


def test_many_changes_at_once_build_the_list_anew(tmp_path: Path, qtbot: QtBot) -> None:
    project, editor = open_page(tmp_path, [suggested(n, Kind.ENTITY, "Place") for n in range(200)], [])
    with project:
        model = LabelListModel()
        model.set_page(page_of(editor), editor.codebook)
        with qtbot.waitSignal(model.modelReset):
            model.refresh(editor.run(Accept(tuple(f"s{n}" for n in range(150)))))
        assert rows_of(model) == fresh_rows(editor)


def test_one_edit_among_two_thousand_spans_is_cheap(tmp_path: Path, qtbot: QtBot) -> None:
    labels = [(Kind.ENTITY, name) for name in ("Person", "Place", "Group")] + [(Kind.ACTOR, "Actor")]
    spans = [
        Span(
            id=f"s{nth}-{which}",
            kind=kind,
            label=label,
            fragments=((WORDS[nth][0], WORDS[nth + which][1]),),
            state=State.SUGGESTED,
            origin="spacy:test-1",
        )
        for nth in range(500)
        for which, (kind, label) in enumerate(labels)
    ]
    project, editor = open_page(tmp_path, spans, [])
    with project:
        model = LabelListModel()
        model.set_page(page_of(editor), editor.codebook)
        assert model.rowCount() == 2000
        took = []
        for nth in range(40):
            changes = editor.run(Accept((f"s{nth}-0",)))
            start = time.perf_counter()
            model.refresh(changes)
            took.append(time.perf_counter() - start)
        assert sorted(took)[20] < 0.005
        assert rows_of(model) == fresh_rows(editor)
