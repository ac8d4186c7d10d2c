from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from annotator import __version__
from annotator.core.model import Status
from annotator.ui.controls import label
from annotator.ui.dialogs.about import AboutDialog
from annotator.ui.dialogs.export import ExportChoice, ExportDialog
from annotator.ui.dialogs.paste import PasteDialog
from annotator.ui.theme import light

# -- paste ------------------------------------------------------------------------------------------

TRAPS = "Tïtle 😀\n\nA\u00a0non-breaking blank, a line\u2028separator, e\u0301 combined, مرحبا.\n"


@pytest.fixture
def clipboard(qapp: object) -> None:
    QGuiApplication.clipboard().setText(TRAPS)


@pytest.mark.usefixtures("clipboard")
def test_the_clipboard_is_taken_to_the_letter(qtbot: QtBot) -> None:
    dialog = PasteDialog()
    qtbot.addWidget(dialog)
    assert dialog.text() == TRAPS
    assert dialog.title() == ""
    assert dialog.add.isEnabled()
    dialog.title_field.setText("  A title ")
    assert dialog.title() == "A title"
    dialog.add.click()
    assert dialog.result() == PasteDialog.DialogCode.Accepted


def test_there_is_nothing_to_add_without_a_text(qtbot: QtBot) -> None:
    QGuiApplication.clipboard().setText(" \n ")
    dialog = PasteDialog()
    qtbot.addWidget(dialog)
    assert not dialog.add.isEnabled()
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.keyClick(dialog.text_field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.isVisible()
    qtbot.keyClicks(dialog.text_field, "words")
    assert dialog.add.isEnabled()
    qtbot.keyClick(dialog.text_field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert dialog.result() == PasteDialog.DialogCode.Accepted
    assert dialog.text().strip() == "words"


# -- export -----------------------------------------------------------------------------------------


@pytest.fixture
def export(tmp_path: Path, qtbot: QtBot) -> ExportDialog:
    dialog = ExportDialog(["ana", "ben"], "ana", tmp_path / "out.jsonl")
    qtbot.addWidget(dialog)
    return dialog


def test_by_default_everything_that_people_made(export: ExportDialog, tmp_path: Path) -> None:
    assert export.choice() == ExportChoice(tmp_path / "out.jsonl", None, frozenset(), False)
    assert export.go.isEnabled()


def test_a_narrower_choice(export: ExportDialog, tmp_path: Path) -> None:
    assert [export.who.itemText(nth) for nth in range(3)] == ["Everybody’s labels", "ana (you)", "ben"]
    export.who.setCurrentIndex(1)
    export.statuses[Status.NEW].click()
    export.statuses[Status.SKIPPED].click()
    export.suggestions.click()
    export.path_field.setText(str(tmp_path / "labels"))
    assert export.choice() == ExportChoice(
        tmp_path / "labels.jsonl", "ana", frozenset({Status.IN_PROGRESS, Status.DONE}), True
    )


def test_what_cannot_be_exported_is_said_before(export: ExportDialog, tmp_path: Path) -> None:
    export.path_field.setText(str(tmp_path / "nowhere" / "out.jsonl"))
    assert export.warning.text() == "There is no such folder."
    assert not export.go.isEnabled()
    export.path_field.setText(str(tmp_path))
    assert export.warning.text().startswith("That is a folder")
    assert not export.go.isEnabled()
    export.path_field.setText("")
    assert not export.go.isEnabled()
    there = tmp_path / "there.jsonl"
    there.write_text("x")
    export.path_field.setText(str(there))
    assert export.warning.text() == "This file exists and will be replaced."
    assert export.go.text() == "Replace"
    assert export.go.isEnabled()
    for box in export.statuses.values():
        box.click()
    assert export.warning.text() == "Tick at least one status."
    assert not export.go.isEnabled()


# -- about ------------------------------------------------------------------------------------------


def test_about_names_version_and_licences(qtbot: QtBot) -> None:
    dialog = AboutDialog(light())
    qtbot.addWidget(dialog)
    dialog.show()
    words = " ".join(each.text() for each in dialog.findChildren(type(label(""))))
    for wanted in (__version__, "MIT", "LGPL", "CC BY", "Open Font"):
        assert wanted in words
    for each in dialog.findChildren(type(label(""))):
        assert each.height() >= each.heightForWidth(each.width()), "nothing is cut off"
    dialog.close()
