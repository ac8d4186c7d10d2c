from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.core.commands import MakeSpan, SetFlag, SetStatus
from annotator.core.model import Article, Kind, Status
from annotator.core.ports import ArticleRow, NewArticle
from annotator.core.text import sha256_of
from annotator.session.project import Project
from annotator.ui.panels.article_delegate import facts
from annotator.ui.panels.articles import ArticlesPanel
from annotator.ui.theme import dark, light

TITLES = ("Drones over Iran", "عنوان طويل عن المحادثات", "Talks in Doha 😀", "Iran again", "")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p.annot") as made:
        yield made


def fill(project: Project) -> None:
    articles = [
        Article(
            id=f"a{nth}",
            text=title or "no title",
            sha256=sha256_of(title),
            title=title,
            imported_at="2026-01-01T00:00:00Z",
        )
        for nth, title in enumerate(TITLES)
    ]
    project.repository.add_articles([NewArticle(article=each) for each in articles], [])


@pytest.fixture
def panel(qtbot: QtBot) -> ArticlesPanel:
    made = ArticlesPanel(light())
    qtbot.addWidget(made)
    made.resize(300, 700)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def full(panel: ArticlesPanel, project: Project) -> ArticlesPanel:
    fill(project)
    panel.set_source(project.repository, "ana")
    return panel


def ids(panel: ArticlesPanel) -> list[str | None]:
    return [panel.model.id_at(row) for row in range(panel.model.rowCount())]


def test_what_an_empty_panel_says(panel: ArticlesPanel, project: Project) -> None:
    panel.set_source(None, "")
    assert panel.empty.text() == "No project is open."
    panel.set_source(project.repository, "ana")
    assert "Drop files here" in panel.empty.text()
    assert panel.clear_filter.isHidden()
    fill(project)
    panel.reload()
    assert panel.view.isVisible()
    assert not panel.empty.isVisible()


def test_nothing_matches_and_the_way_back(full: ArticlesPanel) -> None:
    full.search.setText("zebra")
    full._apply_filter()
    assert full.empty.text() == "No article matches."
    full.clear_filter.click()
    assert full.search.text() == ""
    assert len(ids(full)) == 5


def test_search_waits_for_a_pause(full: ArticlesPanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(full.search, "iran")
    assert len(ids(full)) == 5
    qtbot.waitUntil(lambda: ids(full) == ["a0", "a3"], timeout=2000)


def test_enter_in_the_search_opens_the_first_match(full: ArticlesPanel, qtbot: QtBot) -> None:
    qtbot.keyClicks(full.search, "doha")
    with qtbot.waitSignal(full.article_chosen) as chosen:
        qtbot.keyClick(full.search, Qt.Key.Key_Return)
    assert chosen.args == ["a2"]


def test_escape_empties_the_search_before_the_window_may_have_it(full: ArticlesPanel, qtbot: QtBot) -> None:
    full.search.setText("doha")
    escape = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape.value, Qt.KeyboardModifier.NoModifier)
    escape.ignore()
    QApplication.sendEvent(full.search, escape)
    assert escape.isAccepted()
    qtbot.keyClick(full.search, Qt.Key.Key_Escape)
    assert full.search.text() == ""
    again = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_Escape.value, Qt.KeyboardModifier.NoModifier)
    again.ignore()
    QApplication.sendEvent(full.search, again)
    assert not again.isAccepted()


def test_chips_filter_and_count(full: ArticlesPanel, project: Project) -> None:
    editor = project.editor("ana")
    editor.open("a1")
    editor.run(SetStatus(Status.DONE))
    editor.open("a3")
    editor.run(SetFlag(True))
    full.reload()
    assert full.progress.text() == "1 of 5 done"
    assert (full.bar.value(), full.bar.maximum()) == (1, 5)
    assert {status: chip.count for status, chip in full.chips.items()} == {
        None: "5",
        Status.NEW: "4",
        Status.IN_PROGRESS: "0",
        Status.DONE: "1",
        Status.SKIPPED: "0",
    }
    full.chips[Status.DONE].click()
    assert ids(full) == ["a1"]
    full.chips[None].click()
    full.flagged.click()
    assert ids(full) == ["a3"]


def test_a_click_chooses_but_the_window_s_own_mark_does_not(full: ArticlesPanel, qtbot: QtBot) -> None:
    chosen: list[str] = []
    full.article_chosen.connect(chosen.append)
    full.set_current("a1")
    assert full.view.currentIndex().row() == 1
    assert chosen == []
    rect = full.view.visualRect(full.model.index(2))
    qtbot.mouseClick(full.view.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    assert chosen == ["a2"]


def test_arrow_keys_open_what_they_rest_on(full: ArticlesPanel, qtbot: QtBot) -> None:
    chosen: list[str] = []
    full.article_chosen.connect(chosen.append)
    full.set_current("a0")
    qtbot.keyClick(full.search, Qt.Key.Key_Down)
    assert full.view.hasFocus()
    for _ in range(3):
        qtbot.keyClick(full.view, Qt.Key.Key_Down)
    assert chosen == []
    qtbot.waitUntil(lambda: chosen == ["a3"], timeout=2000)
    full.set_current("a3")
    qtbot.keyClick(full.view, Qt.Key.Key_Up)
    qtbot.keyClick(full.view, Qt.Key.Key_Return)
    assert chosen == ["a3", "a2"]


def test_next_and_previous(full: ArticlesPanel, project: Project) -> None:
    assert full.next_id(1) == "a0"
    full.set_current("a1")
    assert (full.next_id(1), full.next_id(-1)) == ("a2", "a0")
    full.set_current("a4")
    assert full.next_id(1) is None
    assert full.next_id(-1) == "a3"


def test_going_on_from_an_article_that_has_left_the_filter(full: ArticlesPanel, project: Project) -> None:
    full.chips[Status.NEW].click()
    full.set_current("a1")
    editor = project.editor("ana")
    editor.open("a1")
    editor.run(SetStatus(Status.DONE))
    full.refresh_article("a1")
    assert ids(full) == ["a0", "a1", "a2", "a3", "a4"], "it stays while it is open"
    assert (full.next_id(1), full.next_id(-1)) == ("a2", "a0")
    full.reload()
    assert ids(full) == ["a0", "a2", "a3", "a4"]
    assert (full.next_id(1), full.next_id(-1)) == ("a2", "a0"), "its old place counts"


def test_labelling_under_a_filter_keeps_place_and_numbers(full: ArticlesPanel, project: Project) -> None:
    full.chips[Status.NEW].click()
    full.set_current("a2")
    editor = project.editor("ana")
    editor.open("a2")
    editor.run(MakeSpan(Kind.ACTOR, "Actor", ((0, 5),)))
    full.refresh_article("a2")
    assert full.view.currentIndex().row() == 2
    assert full.chips[Status.IN_PROGRESS].count == "1"
    full.set_current("a3")
    assert ids(full) == ["a0", "a1", "a3", "a4"]
    assert full.view.currentIndex().row() == 2


def test_a_reload_keeps_the_mark(full: ArticlesPanel) -> None:
    full.set_current("a3")
    full.reload()
    assert full.view.currentIndex().row() == 3


@pytest.mark.parametrize("width", [220, 300, 600])
def test_rows_are_painted_at_every_width_and_in_both_themes(full: ArticlesPanel, width: int) -> None:
    full.resize(width, 500)
    full.set_current("a0")
    bright = full.grab().toImage()
    full.set_theme(dark())
    assert full.grab().toImage() != bright


def test_the_quiet_line() -> None:
    row = ArticleRow(id="x", title="", status=Status.NEW, flagged=False, labels=1, suggestions=0)
    assert facts(row) == ([], "1 label")
    row = ArticleRow(
        id="x",
        title="",
        status=Status.NEW,
        flagged=False,
        labels=0,
        suggestions=1200,
        published="2023-08-06",
        publisher="Reuters",
    )
    assert facts(row) == (["Reuters · 6 Aug 2023", "6 Aug 2023", "Reuters"], "1,200 open")
