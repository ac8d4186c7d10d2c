from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from annotator.core.commands import Accept
from annotator.core.model import Kind
from annotator.session.editor import Changed
from annotator.ui.models.label_list import LabelRole, Show
from annotator.ui.panels.labels import LabelsPanel
from annotator.ui.theme import dark, light


@pytest.fixture
def panel(qtbot: QtBot, work: Any) -> LabelsPanel:
    made = LabelsPanel(light())
    qtbot.addWidget(made)
    made.resize(320, 400)
    made.show()

    def follow(changed: Changed) -> None:
        made.refresh(changed.changes)

    work.editor.listeners.append(follow)
    made.set_page(work.page, work.codebook)
    return made


def ids(panel: LabelsPanel) -> list[str]:
    return [panel.shown.index(row, 0).data(LabelRole.ROW).id for row in range(panel.shown.rowCount())]


def test_shows_labels_in_text_order_and_counts_them(panel: LabelsPanel, work: Any) -> None:
    actor = work.make(Kind.ACTOR, "Actor", "Rob Malley")
    assert ids(panel) == [actor, "s-claim", "s-by", "s-iran", "s-actor", "s-doha"]
    assert [panel.chips[show].count for show in Show] == ["6", "1", "5", "1"]
    panel.chips[Show.LABELS].click()
    assert ids(panel) == [actor]
    panel.chips[Show.RELATIONS].click()
    assert ids(panel) == ["s-by"]


def test_a_click_tells_what_was_picked(panel: LabelsPanel, qtbot: QtBot) -> None:
    picked: list[tuple[str, str]] = []
    panel.span_activated.connect(lambda each: picked.append(("span", each)))
    panel.relation_activated.connect(lambda each: picked.append(("relation", each)))
    for row in (1, 2):
        rect = panel.view.visualRect(panel.shown.index(row, 0))
        qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    assert picked == [("relation", "s-by"), ("span", "s-iran"), ("span", "s-actor")]


def test_selecting_from_outside_marks_and_tells_nothing(panel: LabelsPanel) -> None:
    picked: list[str] = []
    panel.span_activated.connect(picked.append)
    panel.select("s-doha")
    assert panel.view.currentIndex().row() == 4
    panel.select(None)
    assert not panel.view.selectionModel().hasSelection()
    assert picked == []


def test_an_edit_keeps_the_mark_and_tells_nothing(panel: LabelsPanel, work: Any) -> None:
    picked: list[str] = []
    panel.span_activated.connect(picked.append)
    panel.select("s-doha")
    work.make(Kind.ACTOR, "Actor", "Rob Malley")
    assert panel.view.currentIndex().data(LabelRole.ROW).id == "s-doha"
    work.editor.run(Accept(("s-doha",)))
    assert not panel.view.selectionModel().hasSelection(), "the suggestion is no longer there"
    assert picked == []


def test_a_hidden_list_catches_up_when_it_is_shown(panel: LabelsPanel, work: Any) -> None:
    panel.hide()
    made = work.make(Kind.ACTOR, "Actor", "Rob Malley")
    panel.select(made)
    assert made not in ids(panel)
    panel.show()
    assert ids(panel)[0] == made
    assert panel.view.currentIndex().row() == 0


def test_what_an_empty_list_says(panel: LabelsPanel, work: Any) -> None:
    panel.chips[Show.LABELS].click()
    assert panel.empty.text() == "No labels of your own yet."
    work.editor.open("a2")
    panel.set_page(work.page, work.codebook)
    panel.set_show(Show.ALL)
    assert panel.empty.text().startswith("Nothing is labelled yet.")
    panel.set_page(None, None)
    assert panel.empty.text() == ""


def test_rows_are_painted_in_both_themes(panel: LabelsPanel) -> None:
    panel.select("s-by")
    bright = panel.grab().toImage()
    panel.set_theme(dark())
    assert panel.grab().toImage() != bright
