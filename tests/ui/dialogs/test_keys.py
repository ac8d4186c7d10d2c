"""The sheet of keys, searched and changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from pytestqt.qtbot import QtBot

from annotator.runtime.settings import KEYMAP, Settings
from annotator.session.project import default_codebook
from annotator.ui.dialogs.keys import KeysDialog, matching, with_headings
from annotator.ui.keymap import KeyBook
from annotator.ui.shortcuts import SheetRow, key_sheet
from annotator.ui.theme import dark, light

ROWS = [
    SheetRow("Labels", "A", "Actor: label the selection", "a"),
    SheetRow("Labels", "C", "Claim: label the selection", "c"),
    SheetRow("File", "Ctrl+O", "Open project", "o"),
    SheetRow("Edit", "Ctrl+Shift+Z or Ctrl+Y", "Redo", "r"),
]


@pytest.fixture
def book(tmp_path: Path, qapp: QObject) -> KeyBook:
    made = KeyBook(Settings(tmp_path / "settings.json"), qapp)
    made.set_codebook(default_codebook())
    return made


@pytest.fixture
def dialog(book: KeyBook, qtbot: QtBot) -> KeysDialog:
    made = KeysDialog(book, lambda: key_sheet(default_codebook(), book.map.keys), light())
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def choose(dialog: KeysDialog, name: str) -> None:
    place = next(nth for nth, row in enumerate(dialog.model.rows) if row.id == name)
    dialog.view.setFocus()
    dialog.view.selectRow(place)


def keys_of(dialog: KeysDialog, name: str) -> str:
    return next(row.keys for row in dialog.model.rows if row.id == name)


def test_rows_are_found_by_group_keys_and_words() -> None:
    assert matching(ROWS, "ctrl open") == [ROWS[2]]
    assert matching(ROWS, "labels claim") == [ROWS[1]]
    assert matching(ROWS, "CTRL+Y") == [ROWS[3]]
    assert matching(ROWS, " ") == ROWS
    shown = with_headings(ROWS[:3])
    assert [row.words for row in shown] == ["", ROWS[0].words, ROWS[1].words, "", ROWS[2].words]
    assert with_headings([]) == []


def test_the_sheet_is_searched_while_typing(dialog: KeysDialog, qtbot: QtBot) -> None:
    assert not dialog.isModal()
    qtbot.keyClicks(dialog.search, "redo")
    assert [row.words for row in dialog.model.rows] == ["", "Redo"]
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.isVisible(), "Enter closes nothing"
    qtbot.keyClicks(dialog.search, "zzz")
    assert dialog.nothing.isVisible()


def test_a_key_is_changed_by_keyboard_alone(dialog: KeysDialog, book: KeyBook, qtbot: QtBot) -> None:
    qtbot.keyClicks(dialog.search, "pin the selected")
    qtbot.keyClick(dialog.search, Qt.Key.Key_Down)
    assert dialog.view.hasFocus()
    qtbot.keyClick(dialog.view, Qt.Key.Key_Return)
    assert dialog.view.currentIndex().siblingAtColumn(0).data() == "Press a key …"
    qtbot.keyClick(dialog.view, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    assert keys_of(dialog, "pin") == "Ctrl+J"
    assert book.map.owners["Ctrl+J"] == "pin"
    assert "P" not in book.map.owners
    assert Settings(book._settings.path).get(KEYMAP) == {"pin": ["Ctrl+J"]}


def test_a_conflict_is_named_and_the_key_moves_when_it_is_pressed_again(
    dialog: KeysDialog, book: KeyBook, qtbot: QtBot
) -> None:
    choose(dialog, "pin")
    qtbot.keyClick(dialog.view, Qt.Key.Key_F2)
    qtbot.keyClick(dialog.view, Qt.Key.Key_T)
    assert dialog.said.text().startswith("T is the key of “Turn the relation round”.")
    assert dialog.move_here.isVisible()
    assert keys_of(dialog, "pin") == "P"
    qtbot.keyClick(dialog.view, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert keys_of(dialog, "pin") == "P"
    qtbot.keyClick(dialog.view, Qt.Key.Key_F2)
    qtbot.keyClick(dialog.view, Qt.Key.Key_T)
    qtbot.keyClick(dialog.view, Qt.Key.Key_T)
    assert (keys_of(dialog, "pin"), keys_of(dialog, "flip")) == ("T", "")
    choose(dialog, "flip")
    dialog.reset_chip.click()
    assert keys_of(dialog, "flip") == ""
    assert dialog.said.text().startswith("T is the key of “Pin the selected span")
    dialog.reset_all_chip.click()
    assert "1 action " in dialog.said.text()
    assert keys_of(dialog, "pin") == "T"
    dialog.reset_all_chip.click()
    assert (keys_of(dialog, "pin"), keys_of(dialog, "flip")) == ("P", "T")


def test_the_chip_moves_it_too_and_escape_is_nobodys(dialog: KeysDialog, book: KeyBook, qtbot: QtBot) -> None:
    choose(dialog, "label_claim_Claim")
    dialog.change_chip.click()
    qtbot.keyClick(dialog.view, Qt.Key.Key_V)
    dialog.move_here.click()
    assert keys_of(dialog, "label_claim_Claim") == "V"
    assert keys_of(dialog, "relations") == ""
    choose(dialog, "escape")
    dialog.change()
    assert "way out" in dialog.said.text()
    assert not dialog.model.waiting


def test_delete_takes_a_key_away_and_mouse_rows_stay(dialog: KeysDialog, book: KeyBook, qtbot: QtBot) -> None:
    choose(dialog, "propose")
    qtbot.keyClick(dialog.view, Qt.Key.Key_Delete)
    assert keys_of(dialog, "propose") == ""
    place = next(nth for nth, row in enumerate(dialog.model.rows) if row.group == "Mouse" and row.words)
    dialog.view.selectRow(place)
    qtbot.keyClick(dialog.view, Qt.Key.Key_Return)
    assert not dialog.model.waiting
    assert "mouse" in dialog.said.text()


@pytest.mark.parametrize("theme", [light(), dark()], ids=["light", "dark"])
def test_the_real_sheet_is_painted(book: KeyBook, qtbot: QtBot, theme: object) -> None:
    dialog = KeysDialog(book, lambda: key_sheet(None, book.map.keys), theme)  # type: ignore[arg-type]
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.grab().isNull()


def test_one_more_key_and_what_cannot_be_one(dialog: KeysDialog, book: KeyBook, qtbot: QtBot) -> None:
    choose(dialog, "pin")
    qtbot.keyClick(dialog.view, Qt.Key.Key_Insert)
    qtbot.keyClick(dialog.view, Qt.Key.Key_Shift)
    qtbot.keyClick(dialog.view, Qt.Key.Key_Dead_Acute)
    assert "cannot be used" in dialog.said.text()
    qtbot.keyClick(dialog.view, Qt.Key.Key_F6)
    assert keys_of(dialog, "pin") == "P or F6"
    dialog.add_chip.click()
    qtbot.keyClick(dialog.view, Qt.Key.Key_F7)
    assert keys_of(dialog, "pin") == "P or F6 or F7"
    assert dialog.add_chip.isVisible()
    choose(dialog, "label_cue_Cue")
    dialog.add_chip.click()
    assert dialog.said.text().startswith("Press the new key")
    qtbot.keyClick(dialog.view, Qt.Key.Key_Escape)
    choose(dialog, "label_claim_Claim_on_top")
    dialog.change()
    assert "follows the label" in dialog.said.text()
    dialog.remove()
    assert keys_of(dialog, "label_claim_Claim_on_top") == "Shift+C"


def test_return_presses_the_button_that_has_the_keyboard(
    dialog: KeysDialog, book: KeyBook, qtbot: QtBot
) -> None:
    choose(dialog, "propose")
    qtbot.keyClick(dialog.view, Qt.Key.Key_Delete)
    assert keys_of(dialog, "propose") == ""
    choose(dialog, "propose")
    dialog.reset_chip.setFocus()
    qtbot.keyClick(dialog.reset_chip, Qt.Key.Key_Return)
    assert keys_of(dialog, "propose") == "G"
    assert dialog.isVisible()
