"""Dialogs that ask for files, in the folder of a project that is open."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QDir
from PySide6.QtWidgets import QFileDialog, QFileSystemModel, QLineEdit, QTreeView, QWidget
from pytestqt.qtbot import QtBot

from annotator.session.project import Project
from annotator.ui import choosing


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> list[str]:
    """What the dialog calls the kinds of the files that it lists; nothing is chosen in it."""
    kinds: list[str] = []

    def look(dialog: QFileDialog) -> int:
        dialog.show()
        model = dialog.findChild(QFileSystemModel)
        assert model is not None
        names = {each.name for each in Path(dialog.directory().path()).iterdir()}
        folder = model.index(dialog.directory().path())

        def types() -> list[str]:
            rows = range(model.rowCount(folder))
            return [str(model.index(row, 2, folder).data() or "") for row in rows]

        model.setFilter(QDir.Filter.AllEntries | QDir.Filter.NoDotAndDotDot)
        qtbot.waitUntil(lambda: len(types()) == len(names) and all(types()), timeout=5000)
        kinds.extend(types())
        dialog.hide()
        return 0

    monkeypatch.setattr(QFileDialog, "exec", look)
    return kinds


def test_the_log_of_an_open_project_stays_when_another_process_has_looked(
    tmp_path: Path, qtbot: QtBot, listed: list[str]
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    path = tmp_path / "news.annot"
    (tmp_path / "older").mkdir()
    look = (
        "import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute('PRAGMA quick_check'); db.close()"
    )
    with Project.create(path) as project:
        assert project.path.with_name("news.annot-wal").exists()
        choosing.file_to_open(window, "Open", str(tmp_path), "All files (*)")
        subprocess.run([sys.executable, "-c", f"{look}; db.close()", str(path)], check=True)
        assert path.with_name("news.annot-wal").exists()
    assert {"annot file", "Folder"} <= set(listed)


def test_nothing_of_a_file_is_cut_and_the_names_that_are_proposed_can_be_read(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    (tmp_path / "news.jsonl").touch()
    os.truncate(tmp_path / "news.jsonl", 168_494_670)
    looked: list[bool] = []

    def look(dialog: QFileDialog) -> int:
        dialog.show()
        line, files = dialog.findChild(QLineEdit), dialog.findChild(QTreeView)
        assert line is not None
        assert files is not None
        completer = line.completer()
        assert completer is not None
        popup = completer.popup()
        assert popup is not None
        assert popup.property("look") == "popup"
        model, header = files.model(), files.header()
        qtbot.waitUntil(lambda: model.rowCount(files.rootIndex()) == 1, timeout=5000)
        for column in (1, 2, 3):
            words = str(model.index(0, column, files.rootIndex()).data())
            assert files.fontMetrics().horizontalAdvance(words) + 12 <= header.sectionSize(column), words
        assert header.length() <= files.viewport().width()
        looked.append(True)
        dialog.hide()
        return 0

    monkeypatch.setattr(QFileDialog, "exec", look)
    choosing.files_to_open(window, "Import", str(tmp_path), "All files (*)")
    assert looked
