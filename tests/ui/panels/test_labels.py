from __future__ import annotations

from copy import copy
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from annotator.core.commands import Accept
from annotator.core.model import Kind
from annotator.core.records import replace
from annotator.session.editor import Changed
from annotator.ui.models.label_filter import Show, Sort
from annotator.ui.models.label_list import LabelRole
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
    assert [panel.chips[show].count for show in Show] == ["6", "1", "5"]
    assert panel.chips[Show.SUGGESTED].accessibleName() == "Suggested, 5"
    panel.chips[Show.MINE].click()
    assert ids(panel) == [actor]
    panel.chips[Show.SUGGESTED].click()
    assert ids(panel) == ["s-claim", "s-by", "s-iran", "s-actor", "s-doha"]


def test_narrowing_by_sort_and_words_counts_what_is_left(panel: LabelsPanel, qtbot: QtBot) -> None:
    menu_of = panel.findChildren(QMenu)
    panel.show_sorts()
    menu = next(each for each in panel.findChildren(QMenu) if each not in menu_of)
    offered = {action.text().split("\t")[0].strip(): action for action in menu.actions()}
    assert offered["Place"].text().endswith("\t2")
    assert offered["All kinds"].isChecked()
    offered["Place"].trigger()
    menu.close()
    assert ids(panel) == ["s-iran", "s-doha"]
    assert (panel.sort_chip.text(), panel.sort_chip.isChecked()) == ("Place", True)
    qtbot.keyClicks(panel.words, "DOH")
    assert ids(panel) == ["s-doha"]
    assert [panel.chips[show].count for show in Show] == ["1", "0", "1"]
    qtbot.keyClicks(panel.words, "x")
    assert panel.empty.text() == "No label fits the filter."
    assert not panel.show_all.isHidden()
    panel.show_all.click()
    assert len(ids(panel)) == 5
    assert (panel.words.text(), panel.sort_chip.text()) == ("", "All kinds")


def test_an_edit_under_a_filter_shows_only_what_fits(panel: LabelsPanel, work: Any) -> None:
    panel.set_sort(Sort(Kind.ACTOR), "Actors")
    panel.words.setText("malley")
    assert ids(panel) == []
    made = work.make(Kind.ACTOR, "Actor", "Rob Malley")
    work.make(Kind.CLAIM, "Claim", "Rob Malley, the envoy")
    assert ids(panel) == [made]


def test_keys_of_the_list_and_its_field(panel: LabelsPanel, qtbot: QtBot) -> None:
    panel.activateWindow()
    picked: list[str] = []
    panel.span_activated.connect(picked.append)
    panel.relation_activated.connect(picked.append)
    assert panel.take_keyboard(0)
    qtbot.keyClick(panel.view, Qt.Key.Key_Down)
    assert picked == ["s-claim", "s-by"]
    qtbot.keyClick(panel.view, Qt.Key.Key_Right)
    qtbot.keyClick(panel.view, Qt.Key.Key_Left)
    assert picked[2:] == ["s-actor", "s-claim"], "to the tail, to the head"
    qtbot.keyClick(panel.view, "/")
    assert panel.words.hasFocus()
    qtbot.keyClicks(panel.words, "doha")
    qtbot.keyClick(panel.words, Qt.Key.Key_Down)
    assert panel.has_keyboard
    assert picked[-1] == "s-doha"
    panel.focus_words()
    qtbot.keyClick(panel.words, Qt.Key.Key_Escape)
    assert panel.words.text() == ""


def test_a_list_without_rows_lets_the_keyboard_go(panel: LabelsPanel, work: Any, qtbot: QtBot) -> None:
    panel.set_sort(Sort(Kind.CLAIM), "Claims")
    panel.set_show(Show.SUGGESTED)
    panel.take_keyboard(0)
    with qtbot.waitSignal(panel.left):
        work.editor.run(Accept(("s-claim",)))
    panel.set_show(Show.MINE)
    assert len(ids(panel)) == 1


def test_the_threshold_counts_what_is_listed_and_sure_enough(panel: LabelsPanel, qtbot: QtBot) -> None:
    assert panel.threshold.isHidden()
    panel.set_show(Show.SUGGESTED)
    row = panel.threshold
    assert not row.isHidden()
    assert row.words.text() == "4 at 80% or more", "four spans at 82 %, a relation at 70 %"
    row.slider.setFocus()
    asked: list[tuple[float, frozenset[str]]] = []
    panel.accept_above_asked.connect(lambda least, ids: asked.append((least, ids)))
    qtbot.keyClick(row.slider, Qt.Key.Key_PageDown)
    assert row.slider.accessibleName() == "Least confidence: 70%"
    qtbot.keyClick(row.slider, Qt.Key.Key_Return)
    assert asked == [(0.7, frozenset({"s-claim", "s-by", "s-iran", "s-actor", "s-doha"}))]
    panel.set_sort(Sort(Kind.ENTITY, name="Place"), "Place")
    assert row.accept.text() == "Accept 2"
    row.accept.click()
    assert asked[1][1] == {"s-iran", "s-doha"}
    row.slider.setValue(90)
    assert not row.accept.isEnabled()


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


def test_another_article_is_shown_from_its_first_label(panel: LabelsPanel, work: Any) -> None:
    panel.resize(320, 200)
    bar = panel.view.verticalScrollBar()
    panel.view.scrollToBottom()
    assert (far := bar.value()) > 0
    panel.set_page(work.page, work.codebook)
    assert bar.value() == far, "the same one again"
    other = copy(work.page)
    other.article = replace(other.article, id="other")
    panel.set_page(other, work.codebook)
    assert bar.value() == 0


def test_what_an_empty_list_says(panel: LabelsPanel, work: Any) -> None:
    panel.chips[Show.MINE].click()
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
