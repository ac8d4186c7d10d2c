from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from annotator import __version__
from annotator.ui.controls import label
from annotator.ui.dialogs.about import AboutDialog
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
