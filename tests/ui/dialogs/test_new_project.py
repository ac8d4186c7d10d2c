"""Choosing a codebook for a new project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QRadioButton
from pytestqt.qtbot import QtBot

from annotator.ui.dialogs.new_project import NewProjectDialog
from annotator.ui.main_window import MainWindow


def test_the_default_is_chosen_and_arrows_choose_another(qtbot: QtBot) -> None:
    dialog = NewProjectDialog("news")
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.findChildren(QRadioButton)[0].hasFocus)
    assert dialog.codebook().name == "General news"
    first = dialog.findChildren(QRadioButton)[0]
    assert "actors, claims" in first.accessibleDescription()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert dialog.codebook().name == "Political claims analysis"


def test_a_new_project_gets_it(
    open_window: Callable[[Path | None], MainWindow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(None)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "mine"), ""))

    def choose(dialog: NewProjectDialog) -> int:
        dialog.findChildren(QRadioButton)[2].click()
        return QDialog.DialogCode.Accepted

    monkeypatch.setattr(NewProjectDialog, "exec", choose)
    window.files.new_project()
    assert window.bench.project is not None
    assert window.bench.project.path == tmp_path / "mine.annot"
    assert window.bench.project.codebook.name == "Discourse network"
    assert "label_claim_Statement" in window.actions_by_id
    monkeypatch.setattr(NewProjectDialog, "exec", lambda _: QDialog.DialogCode.Rejected)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "none"), ""))
    window.files.new_project()
    assert not (tmp_path / "none.annot").exists()
