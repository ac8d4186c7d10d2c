from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from annotator.core.commands import Accept
from annotator.core.model import Kind, Relation, Span, State
from annotator.session.editor import Editor
from annotator.ui.models.label_filter import ANY, LabelFilter, Show, Sort, has_words, sorts_of
from annotator.ui.models.label_list import LabelListModel
from tests.ui.models.test_label_list import RELATIONS, SPANS, WORDS, open_page, page_of


@pytest.fixture
def editor(tmp_path: Path) -> Iterator[Editor]:
    project, editor = open_page(tmp_path, SPANS, RELATIONS)
    editor.run(Accept(("s1",)))
    yield editor
    project.close()


@pytest.fixture
def shown(editor: Editor, qtbot: QtBot) -> LabelFilter:
    made = LabelFilter()
    model = LabelListModel(made)
    model.set_page(page_of(editor), editor.codebook)
    made.setSourceModel(model)
    return made


def test_every_word_must_be_there() -> None:
    assert has_words(("iran", "dro"), "Drones of IRAN")
    assert not has_words(("iran", "uk"), "Drones of IRAN")
    assert has_words((), "")


def test_states(shown: LabelFilter) -> None:
    assert shown.counts() == {Show.ALL: 9, Show.MINE: 1, Show.SUGGESTED: 8}
    for show, count in shown.counts().items():
        shown.set_show(show)
        assert shown.rowCount() == count, show


@pytest.mark.parametrize(
    ("sort", "words", "rows"),
    [
        (ANY, "", 9),
        (Sort(Kind.CLAIM), "", 2),
        (Sort(Kind.ENTITY, name="Place"), "", 1),
        (Sort(Kind.ENTITY, name="Person"), "", 0),
        (Sort(relations=True), "", 4),
        (Sort(relations=True, name="made_by"), "", 2),
        (ANY, "w1", 3),
        (ANY, "MADE by w2", 1),
        (Sort(relations=True, name="made_by"), "w2", 1),
        (Sort(Kind.CLAIM), "made", 0),
    ],
)
def test_sorts_and_words(shown: LabelFilter, sort: Sort, words: str, rows: int) -> None:
    shown.set_sort(sort)
    shown.set_words(words)
    assert shown.rowCount() == rows
    counts = shown.counts()
    assert counts[Show.ALL] == rows == counts[Show.MINE] + counts[Show.SUGGESTED]
    assert len(list(shown.suggestions())) == counts[Show.SUGGESTED]
    shown.set_show(Show.SUGGESTED)
    assert shown.rowCount() == counts[Show.SUGGESTED]


def test_what_the_list_can_be_narrowed_to(editor: Editor, shown: LabelFilter) -> None:
    sorts = sorts_of(editor.codebook)
    words = [each[1] for each in sorts]
    assert words[:4] == ["Claims", "Actors", "Cues", "Entities"], (
        "a kind with one label has no label under it"
    )
    assert {"Person", "Place", "made by", "same as"} <= set(words)
    assert sum(shown.count_of(each) for each, _, depth in sorts if not depth) == 9


def test_one_edit_among_two_thousand_spans_is_cheap_under_a_filter(tmp_path: Path, qtbot: QtBot) -> None:
    labels = [(Kind.ENTITY, name) for name in ("Person", "Place", "Group")] + [(Kind.CLAIM, "Claim")]
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
    links = [
        Relation(id=f"r{nth}", type="supports", head=f"s{nth}-3", tail=f"s{nth + 1}-3",
                 state=State.SUGGESTED, origin="rules:test-1")
        for nth in range(499)
    ]  # fmt: skip
    project, editor = open_page(tmp_path, spans, links)
    with project:
        shown = LabelFilter()
        model = LabelListModel(shown)
        model.set_page(page_of(editor), editor.codebook)
        shown.setSourceModel(model)
        shown.set_words("w")
        shown.set_sort(Sort(Kind.ENTITY))
        took = []
        for nth in range(40):
            changes = editor.run(Accept((f"s{nth}-0",)))
            start = time.perf_counter()
            model.refresh(changes)
            assert shown.counts()[Show.MINE] == nth + 1
            took.append(time.perf_counter() - start)
        assert shown.rowCount() == 1500
        assert sorted(took)[20] < 0.008, took
