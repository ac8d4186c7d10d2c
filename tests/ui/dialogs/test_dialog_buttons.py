"""Enter and Tab at the foot of dialogs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QPushButton
from pytestqt.qtbot import QtBot

from annotator.runtime.settings import Settings
from annotator.session.project import default_codebook
from annotator.session.surveying import Survey, SurveyedFile
from annotator.ui.dialog_buttons import DialogButtons
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.dialogs.losses import LossesDialog
from annotator.ui.dialogs.new_project import NewProjectDialog
from annotator.ui.dialogs.paste import PasteDialog
from annotator.ui.importing.dialog import ImportDialog
from annotator.ui.importing.looking import Wanted
from annotator.ui.tasks import Tasks
from annotator.ui.theme import light

DIALOGS: dict[str, Callable[[Path], QDialog]] = {
    "export": lambda folder: ExportDialog(["ana"], "ana", folder / "out"),
    "losses": lambda _: LossesDialog("doccano", ["2 notes: left out"]),
    "new project": lambda folder: NewProjectDialog("news", Settings(folder / "settings.ini")),
    "paste": lambda _: PasteDialog(),
    "import": lambda folder: importing(folder),
}


def importing(folder: Path) -> ImportDialog:
    wanted = Wanted(folder / "x.annot", (), "auto")
    dialog = ImportDialog(light(), wanted, default_codebook(), "ana", Tasks(QApplication.instance()))
    file = SurveyedFile(name="news.csv", format="csv", columns=("text",), rows=[("Some words.",)], articles=1)
    dialog.show_survey(Survey(articles=1, files=[file]))
    return dialog


@pytest.mark.parametrize("name", DIALOGS)
def test_the_default_button_is_back_wherever_the_keyboard_goes(
    name: str, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog = DIALOGS[name](tmp_path)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    box = dialog.findChild(DialogButtons)
    assert box is not None
    box.go.setEnabled(True)
    usual = box.cancel if name == "losses" else box.go
    gone_through = []
    for _ in range(40):
        here = QApplication.focusWidget()
        assert here is not None
        gone_through.append(here)
        default = [each for each in dialog.findChildren(QPushButton) if each.isDefault()]
        assert default == [here if isinstance(here, QPushButton) else usual], here.accessibleName()
        qtbot.keyClick(here, Qt.Key.Key_Tab)
    assert {box.go, box.cancel} <= set(gone_through)
    nth = gone_through.index(box.go)
    assert gone_through[nth + 1] is box.cancel  # as they stand


def test_enter_presses_the_button_that_has_the_keyboard(qtbot: QtBot) -> None:
    dialog = LossesDialog("doccano", ["2 notes: left out"])
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.cancel.hasFocus)
    dialog.go.setFocus()
    with qtbot.waitSignal(dialog.accepted, timeout=1000):
        qtbot.keyClick(dialog.go, Qt.Key.Key_Return)


def test_letters_reach_the_fields_of_an_export(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = ExportDialog(["ana"], "ana", tmp_path / "out")
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    for key, field in (
        (Qt.Key.Key_W, dialog.who),
        (Qt.Key.Key_P, dialog.split.whether),
        (Qt.Key.Key_L, dialog.path_field),
        (Qt.Key.Key_F, dialog.format),
    ):
        qtbot.keyClick(dialog, key, Qt.KeyboardModifier.AltModifier)
        assert field.hasFocus(), (key, field.accessibleName())
