"""What is required and missing: shown, in the way of finishing, and one key away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from annotator.core.commands import MakeSpan
from annotator.core.model import Kind, Status
from annotator.ui.main_window import MainWindow
from annotator.ui.models.label_list import LabelRole
from annotator.ui.panels.categories import CategoriesField


@pytest.fixture
def window(open_window: Callable[..., MainWindow], demanding: Path) -> MainWindow:
    """The window on an article whose claims need three attributes."""
    return open_window(demanding)


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, held)
    QApplication.processEvents()


def claim(window: MainWindow, words: str) -> str:
    page = window.bench.page
    assert page is not None
    start = page.text.index(words)
    changes = window.bench.run(MakeSpan(Kind.CLAIM, "Claim", ((start, start + len(words)),)))
    assert changes is not None
    window.beside.now()
    return changes.added_spans()[0].id


def finish(window: MainWindow) -> None:
    window.canvas.setFocus()
    press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def status(window: MainWindow) -> Status:
    assert window.bench.page is not None
    return window.bench.page.progress.status


def focused_name() -> str:
    focused: QWidget | None = QApplication.focusWidget()
    return focused.accessibleName() if focused is not None else ""


def test_the_article_says_what_is_missing(window: MainWindow) -> None:
    said, chip = window.status._missing, window.inspector.article_view.missing
    assert said.isHidden()
    first = claim(window, "Iran must stop the sale of drones")
    assert said.text() == "3 required missing"
    window.canvas.select_span(None)
    window.beside.now()
    assert chip.isVisible()
    assert chip.text() == "3 required attributes missing"
    place = window.labels.model.place_of(first)
    assert place is not None
    index = window.labels.model.index(place)
    assert index.data(LabelRole.MISSING) == "missing: Categories, Stance, Form"
    assert "missing: Categories" in index.data(Qt.ItemDataRole.AccessibleTextRole)


def test_finishing_is_held_back_and_one_key_leads_through(window: MainWindow) -> None:
    later = claim(window, "“peace” is near")
    first = claim(window, "Iran must stop the sale of drones")
    for _ in range(2):  # the same key again does not finish either
        finish(window)
        assert status(window) is not Status.DONE
        assert window.bench.page is not None
        assert window.bench.page.article.id == "a1"
    assert window.notices.said == (
        "Not finished: 6 required attributes missing (Categories, Stance, Form), "
        "first in “Iran must stop the sale of drones”. F2 goes there."
    )
    press(Qt.Key.Key_F2)
    assert window.canvas.state.span == first
    assert focused_name() == "Add to categories"
    QTest.keyClicks(QApplication.focusWidget(), "relief")
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_F2)
    assert focused_name().startswith("Stance")
    press(Qt.Key.Key_O)
    press(Qt.Key.Key_F2)
    assert focused_name() == "Form"
    press(Qt.Key.Key_D)
    press(Qt.Key.Key_F2)
    assert (window.canvas.state.span, focused_name()) == (later, "Add to categories")
    page = window.bench.page
    assert page is not None
    assert page.spans[first].attributes == {
        "categories": ["sanctions/relief"],
        "stance": "oppose",
        "form": "demand",
    }


def test_the_key_goes_past_what_one_leaves_for_later(window: MainWindow) -> None:
    claim(window, "Iran must stop the sale of drones")
    seen = []
    for _ in range(4):
        press(Qt.Key.Key_F2)
        seen.append(focused_name().partition(":")[0])
    assert seen == ["Add to categories", "Stance", "Form", "Add to categories"]


def test_when_nothing_is_missing_it_finishes_and_undo_holds_it_back_again(window: MainWindow) -> None:
    claim(window, "Iran must stop the sale of drones")
    for key, typed in ((Qt.Key.Key_Return, "relief"), (Qt.Key.Key_O, ""), (Qt.Key.Key_D, "")):
        press(Qt.Key.Key_F2)
        QTest.keyClicks(QApplication.focusWidget(), typed)
        press(key)
    window.beside.now()
    assert window.status._missing.isHidden()
    press(Qt.Key.Key_F2)
    assert window.notices.said == "Nothing is missing in this article."
    window.bench.undo()
    window.beside.now()
    assert window.status._missing.text() == "1 required missing"
    finish(window)
    assert status(window) is not Status.DONE
    window.bench.redo()
    finish(window)
    assert window.bench.page is not None
    assert window.bench.page.article.id == "a2"
    assert window.bench.editor is not None
    assert window.bench.editor.load("a1").progress.status is Status.DONE


def test_the_status_chip_and_menu_hold_back_too_and_skipping_does_not(window: MainWindow) -> None:
    claim(window, "Iran must stop the sale of drones")
    window.canvas.select_span(None)
    window.beside.now()
    chips = window.inspector.article_view.statuses
    chips[Status.DONE].click()
    assert status(window) is not Status.DONE
    assert not chips[Status.DONE].isChecked()
    assert window.notices.said.startswith("Not finished: 3 required")
    chips[Status.SKIPPED].click()
    assert status(window) is Status.SKIPPED
    menu = next(m for m in window._menus["&Article"].actions() if m.text() == "&Status").menu()
    next(each for each in menu.actions() if each.text() == "Done").trigger()
    assert status(window) is Status.SKIPPED


def test_one_key_goes_to_the_categories_and_each_change_is_one_undo_step(window: MainWindow) -> None:
    first = claim(window, "“peace” is near")
    window.canvas.select_span(first)
    press(Qt.Key.Key_K)
    assert focused_name() == "Add to categories"
    QTest.keyClicks(QApplication.focusWidget(), "armed")
    press(Qt.Key.Key_Return)
    QTest.keyClicks(QApplication.focusWidget(), "talks")  # a word of the definition
    press(Qt.Key.Key_Return)
    page = window.bench.page
    assert page is not None
    assert page.spans[first].attributes["categories"] == ["security/conflict", "diplomacy"]
    press(Qt.Key.Key_Backspace)
    assert page.spans[first].attributes["categories"] == ["security/conflict"]
    press(Qt.Key.Key_Escape)
    assert window.canvas.hasFocus()
    for there in (["security/conflict", "diplomacy"], ["security/conflict"], None):
        window.bench.undo()
        assert page.spans[first].attributes.get("categories") == there


def test_the_categories_offered_first_are_those_of_the_last_claims(window: MainWindow) -> None:
    for words, typed in (("“peace” is near", "health"), ("Iran must stop", "relief")):
        window.canvas.select_span(claim(window, words))
        window.canvas.setFocus()
        press(Qt.Key.Key_K)
        QTest.keyClicks(QApplication.focusWidget(), typed)
        press(Qt.Key.Key_Return)
    window.canvas.select_span(claim(window, "he denied it"))
    window.canvas.setFocus()
    press(Qt.Key.Key_K)
    field = window.inspector.span_view._parts[Kind.CLAIM].form.fields["categories"]
    assert isinstance(field, CategoriesField)
    assert [each.code for each in field.offered.rows[:3]] == ["sanctions/relief", "health", "diplomacy"]


def test_without_a_claim_the_key_says_what_it_needs(window: MainWindow) -> None:
    window.canvas.select_span(None)
    window.canvas.setFocus()
    press(Qt.Key.Key_K)
    assert window.notices.said == "Select a claim first."
