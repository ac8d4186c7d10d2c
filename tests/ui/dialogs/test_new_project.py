"""Choosing a codebook for a new project."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QRadioButton
from pytestqt.qtbot import QtBot

from annotator.core.records import replace
from annotator.runtime.settings import Settings
from annotator.session.codebooks import shipped_codebook, write_codebook
from annotator.ui import choosing
from annotator.ui.dialogs.new_project import NewProjectDialog
from annotator.ui.main_window import MainWindow


def test_the_default_is_chosen_and_arrows_choose_another(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = NewProjectDialog("news", Settings(tmp_path / "settings.ini"))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.findChildren(QRadioButton)[0].hasFocus)
    assert dialog.findChildren(QRadioButton)[0].isChecked()
    first = dialog.findChildren(QRadioButton)[0]
    assert "actors, claims" in first.accessibleDescription()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    dialog.accept()
    assert dialog.codebook().name == "Political claims analysis"


def test_a_new_project_gets_it(
    open_window: Callable[[Path | None], MainWindow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(None)
    monkeypatch.setattr(choosing, "file_to_save", lambda *_: str(tmp_path / "mine"))

    def choose(dialog: NewProjectDialog) -> int:
        dialog.findChildren(QRadioButton)[2].click()
        dialog.accept()
        return dialog.result()

    monkeypatch.setattr(NewProjectDialog, "exec", choose)
    window.files.new_project()
    assert window.bench.project is not None
    assert window.bench.project.path == tmp_path / "mine.annot"
    assert window.bench.project.codebook.name == "Discourse network"
    assert "label_claim_Statement" in window.actions_by_id
    monkeypatch.setattr(NewProjectDialog, "exec", lambda _: QDialog.DialogCode.Rejected)
    monkeypatch.setattr(choosing, "file_to_save", lambda *_: str(tmp_path / "none"))
    window.files.new_project()
    assert not (tmp_path / "none.annot").exists()


def test_a_codebook_comes_from_a_file(
    open_window: Callable[[Path | None], MainWindow], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = open_window(None)
    shared, bad = tmp_path / "shared.toml", tmp_path / "bad.toml"
    write_codebook(replace(shipped_codebook("discourse-network"), name="My study"), shared)
    bad.write_text("[[labels]\n", "utf-8")
    answers = ["", str(bad), str(shared)]
    monkeypatch.setattr(choosing, "file_to_save", lambda *_: str(tmp_path / "mine"))
    monkeypatch.setattr(choosing, "file_to_open", lambda *_: answers.pop(0))
    problems = []

    def choose(dialog: NewProjectDialog) -> int:
        next(each for each in dialog.findChildren(QRadioButton) if each.text() == "From a file…").click()
        while answers:
            assert dialog.result() == QDialog.DialogCode.Rejected
            dialog.accept()
            problems.append(dialog.problem.text())
        return dialog.result()

    monkeypatch.setattr(NewProjectDialog, "exec", choose)
    window.files.new_project()
    assert problems[0] == ""
    assert "bad.toml" in problems[1]
    assert window.bench.project is not None
    assert window.bench.project.codebook.name == "My study"
