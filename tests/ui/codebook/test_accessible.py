"""Every part of the codebook's window has a name, shows that it has the keyboard, and is reached by Tab."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from annotator.core.codebook import Codebook
from annotator.ui.codebook.desk import Answer, Question
from annotator.ui.codebook.window import CodebookWindow
from annotator.ui.main_window import MainWindow
from annotator.ui.theme import Theme, dark, light
from tests.ui.test_accessible import try_focus, unnamed


@pytest.fixture
def main(open_window: Callable[..., MainWindow]) -> MainWindow:
    return open_window()


@pytest.fixture
def window(main: MainWindow, qtbot: QtBot) -> CodebookWindow:
    main.slots.show_codebook()
    made = main.findChild(CodebookWindow)
    assert made is not None
    qtbot.waitUntil(made.isActiveWindow)
    return made


def states(window: CodebookWindow) -> list[Callable[[], object]]:
    draft = window.desk.draft
    return [
        lambda: window.tabs.setCurrentWidget(window.labels),
        lambda: window.labels.colour.own_chip.setChecked(True),
        lambda: draft.change(window.labels.list.current or 0, colour="#ffe000", key="r"),
        lambda: window.tabs.setCurrentWidget(window.attributes),
        lambda: window.tabs.setCurrentWidget(window.categories),
        lambda: window.categories.show_pasting("One\nTwo"),
        lambda: window.tabs.setCurrentWidget(window.relations),
        lambda: window.tabs.setCurrentWidget(window.versions),
        lambda: window.strip.ask(Question("What?", (Answer("This", draft.settle),), (("That", 1),), "Merge")),
        lambda: window.take(Codebook(name="Empty")),
        lambda: window.tabs.setCurrentWidget(window.labels),
    ]


def test_everything_has_a_name(window: CodebookWindow) -> None:
    for change in states(window):
        change()
        QApplication.processEvents()
        assert unnamed(window) == []


@pytest.mark.parametrize("theme", [light(), dark()], ids=["light", "dark"])
def test_whatever_has_the_keyboard_shows_it(main: MainWindow, window: CodebookWindow, theme: Theme) -> None:
    main.use_theme(theme)
    tried: set[tuple[str, str]] = set()
    for change in states(window)[:-2]:
        change()
        QApplication.processEvents()
        assert try_focus(window, tried) == []
    assert {kind for kind, _ in tried} >= {
        "CategoryTree", "CheckBox", "Chip", "ComboBox", "KeyField", "Line", "MarkdownView", "QTabBar",
        "RowView", "Swatches", "Text",
    }  # fmt: skip


def test_rows_say_what_is_wrong_with_them(window: CodebookWindow) -> None:
    window.desk.draft.change(window.labels.list.current or 0, key="r")
    place = window.labels.list.model.place_of(window.labels.list.current)
    assert place is not None
    said = window.labels.list.model.index(place).data(Qt.ItemDataRole.AccessibleTextRole)
    assert (
        said
        == "Actor, R, The key R of “Actor” is the window’s own, as are F G I N P R T X. Choose another one."
    )
    field = QAccessible.queryAccessibleInterface(window.labels.key)
    assert field.text(QAccessible.Text.Name) == "Key: R"


def test_tab_goes_through_the_form_from_top_to_bottom(window: CodebookWindow, qtbot: QtBot) -> None:
    labels = window.labels
    labels.name.setFocus()
    order: list[QWidget] = []
    for _ in range(8):
        focused = QApplication.focusWidget()
        assert focused is not None
        order.append(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    colour = labels.colour
    assert order == [
        labels.name, labels.short, labels.key, colour.palette_field, colour.own_chip, labels.description,
        labels.guideline.edit, labels.guideline.view,
    ]  # fmt: skip
