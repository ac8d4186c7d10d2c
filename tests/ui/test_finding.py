"""Finding in the article and in the project, with the real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.core.model import Article
from annotator.core.ports import NewArticle
from annotator.core.text import sha256_of
from annotator.session.project import Project
from annotator.ui.main_window import MainWindow
from annotator.ui.models.found_list import FoundRole

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def window(open_window: Callable[..., MainWindow], tmp_path: Path) -> MainWindow:
    """Thirty articles that all name Iran, the last of them much more."""
    path = tmp_path / "p.annot"
    with Project.create(path) as project:
        articles = []
        for number in range(30):
            text = f"Title {number}\n\n😀 Iran met Malley {number} times. iran left."
            text += "\n\nIran again." * (150 if number == 29 else 0) + "\n\n" + "a" * 40 + "!"
            article = Article(id=f"a{number}", text=text, sha256=sha256_of(text), title=f"Title {number}")
            articles.append(NewArticle(article=article))
        project.repository.add_articles(articles, [])
    return open_window(path)


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClick(target, key, modifiers)
    QApplication.processEvents()
    window.beside.now()


def type_text(window: MainWindow, text: str) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    QTest.keyClicks(target, text)


def chosen(window: MainWindow) -> str:
    page = window.bench.page
    assert page is not None
    return " ".join(page.text[a:b] for a, b in window.canvas.state.ranges)


def test_typing_finds_at_once_and_the_match_can_be_labelled(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    type_text(window, "mall")
    qtbot.waitUntil(lambda: chosen(window) == "Mall")
    assert window.find_bar.count.text() == "1 of 1"
    press(window, Qt.Key.Key_Escape)
    assert window.canvas.hasFocus()
    assert window.find_bar.isHidden()
    assert chosen(window) == "Mall"
    press(window, Qt.Key.Key_BracketRight)
    press(window, Qt.Key.Key_A)
    page = window.bench.page
    assert page is not None
    assert [span.label for span in page.spans.values()] == ["Actor"]


def test_a_slash_opens_it_too_and_enter_goes_round_the_matches(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Slash)
    type_text(window, "iran")
    press(window, Qt.Key.Key_Return)
    first = window.canvas.state.ranges
    assert chosen(window) == "Iran"
    assert len(window.canvas.state.found) == 2
    press(window, Qt.Key.Key_Return)
    assert chosen(window) == "iran"
    press(window, Qt.Key.Key_Return)
    assert window.canvas.state.ranges == first
    press(window, Qt.Key.Key_Return, SHIFT)
    assert chosen(window) == "iran"
    assert window.find_bar.count.text() == "2 of 2"
    press(window, Qt.Key.Key_F3)
    assert window.canvas.state.ranges == first
    window.find_bar.field.match_case.click()
    assert window.find_bar.count.text() == "1 of 1"
    window.find_bar.shut.click()
    assert window.canvas.state.found == []


def test_the_selection_is_taken_over_and_matches_are_painted(window: MainWindow) -> None:
    window.canvas.select_ranges([(12, 16)])
    assert chosen(window) == "ran "
    window.canvas.select_ranges([(11, 15)])
    plain = window.canvas.grab().toImage()
    press(window, Qt.Key.Key_F, CTRL)
    assert window.find_bar.field.edit.text() == "Iran"
    assert window.find_bar.count.text() == "1 of 2"
    assert window.canvas.grab().toImage() != plain


def test_mistakes_and_slow_expressions_are_said_in_the_bar(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    window.find_bar.field.expression.click()
    window.find_bar.field.edit.setText("(a")
    window.find_bar.field.give()
    assert "mistake at character" in window.find_bar.field.problem.text()
    window.find_bar.field.edit.setText(r"(a|a)+$")
    window.find_bar.field.give()
    assert "was stopped" in window.find_bar.field.problem.text()
    window.find_bar.field.edit.setText(r"\d+")
    window.find_bar.field.give()
    assert window.find_bar.field.problem.isHidden()
    assert chosen(window) == "0"


def test_the_next_article_is_searched_too(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    type_text(window, "left")
    window.find_bar.field.give()
    window.slots.step_article(1)
    assert window.bench.page is not None
    assert window.bench.page.article.id == "a1"
    assert chosen(window) == "left"
    assert window.find_bar.count.text() == "1 of 1"


def rows(window: MainWindow) -> list[str]:
    model = window.find_panel.model
    return [str(model.index(nth).data()) for nth in range(model.rowCount())]


def wait_for(window: MainWindow, qtbot: QtBot, text: str) -> None:
    qtbot.waitUntil(lambda: text in window.find_panel.count.text())


def test_the_project_is_searched_with_counts_and_a_match_opens_its_article(
    window: MainWindow, qtbot: QtBot
) -> None:
    press(window, Qt.Key.Key_F, CTRL | SHIFT)
    assert window.left.currentWidget() is window.find_panel
    type_text(window, "iran")
    press(window, Qt.Key.Key_Return)
    wait_for(window, qtbot, "210 in 30 articles")
    assert "not all are listed" in window.find_panel.count.text()
    assert rows(window)[:4] == [
        "Title 0: 2 found", "😀 Iran met Malley 0 times. iran left.",
        "😀 Iran met Malley 0 times. iran left.", "Title 1: 2 found",
    ]  # fmt: skip
    press(window, Qt.Key.Key_Return)
    assert window.find_panel.view.hasFocus()
    for _ in range(4):
        press(window, Qt.Key.Key_Down)
    row = window.find_panel.view.currentIndex().data(FoundRole.ROW)
    assert (row.found.article, row.match.words) == ("a1", "iran")
    press(window, Qt.Key.Key_Return)
    assert window.bench.page is not None
    assert window.bench.page.article.id == "a1"
    assert chosen(window) == "iran"
    assert window.find_bar.count.text() == "2 of 2"
    press(window, Qt.Key.Key_F3)
    assert chosen(window) == "Iran"
    window.find_panel.shut.click()
    assert window.left.currentWidget() is window.articles
    assert window.canvas.hasFocus()


def test_a_match_in_the_open_article_and_words_that_are_nowhere(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Qt.Key.Key_F, CTRL | SHIFT)
    window.find_panel.field.match_case.click()
    type_text(window, "Malley 0")
    press(window, Qt.Key.Key_Return)
    wait_for(window, qtbot, "1 in 1 article")
    window.find_panel.view.clicked.emit(window.find_panel.model.index(0))
    assert chosen(window) == "Malley 0"
    window.find_panel.field.edit.setText("malley 0")
    wait_for(window, qtbot, "Nothing is found")


def test_mistakes_and_slow_expressions_are_said_in_the_panel(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Qt.Key.Key_F, CTRL | SHIFT)
    window.find_panel.field.expression.click()
    window.find_panel.field.edit.setText("[a")
    qtbot.waitUntil(lambda: "mistake" in window.find_panel.field.problem.text())
    window.find_panel.field.edit.setText(r"(a|a)+$")
    qtbot.waitUntil(lambda: "Title 0" in window.find_panel.field.problem.text(), timeout=15_000)
    window.find_panel.field.give()
    begun = monotonic()
    window.find_panel.field.expression.click()
    window.find_panel.field.edit.setText("times")
    window.find_panel.field.give()
    assert monotonic() - begun < 0.5, "typing on does not wait for what was given up"
    wait_for(window, qtbot, "30 in 30 articles")


def test_typing_on_gives_up_the_former_search_and_closing_ends_it(window: MainWindow, qtbot: QtBot) -> None:
    press(window, Qt.Key.Key_F, CTRL | SHIFT)
    for text in ("i", "ir", "ira", "times"):
        window.find_panel.field.edit.setText(text)
        window.find_panel.field.give()
    wait_for(window, qtbot, "30 in 30 articles")
    assert sum(row.endswith("found") for row in rows(window)) == 30
    window.find_panel.field.edit.setText("iran")
    window.find_panel.field.give()
    window.close()


def test_esc_on_the_page_closes_the_bar_when_nothing_else_is_left_to_give_up(window: MainWindow) -> None:
    press(window, Qt.Key.Key_F, CTRL)
    type_text(window, "iran")
    press(window, Qt.Key.Key_Return)
    window.canvas.setFocus()
    press(window, Qt.Key.Key_Escape)
    assert not window.canvas.state.ranges
    assert window.find_bar.isVisible()
    press(window, Qt.Key.Key_Escape)
    assert window.find_bar.isHidden()
    assert not window.canvas.state.found
