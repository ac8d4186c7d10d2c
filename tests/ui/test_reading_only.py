"""The window on a project whose file cannot be written to: it shows, exports, and goes on in a copy."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.core.commands import MakeSpan
from annotator.core.history import Edit
from annotator.core.model import Kind
from annotator.core.records import replace
from annotator.session.project import Project
from annotator.session.unsaved import file_of, keep, kept
from annotator.ui import choosing
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.main_window import MainWindow

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")


@pytest.fixture
def project(open_window: Callable[..., MainWindow], tmp_path: Path) -> Path:
    """A project with the sample articles in a folder of its own."""
    window = open_window()
    assert window.bench.project is not None
    made = window.bench.project.path
    window.close()
    folder = tmp_path / "stick"
    folder.mkdir()
    shutil.copyfile(made, folder / "news.annot")
    return folder / "news.annot"


def an_edit(project: Path, folder: Path) -> Edit:
    """One that was made on a copy of the project."""
    copy = folder / "elsewhere.annot"
    shutil.copyfile(project, copy)
    with Project.open(copy) as opened:
        editor = opened.editor("ana")
        editor.open(next(iter(opened.repository.texts()))[0])
        editor.run(MakeSpan(Kind.CUE, "Cue", ((0, 4),)))
        edit = opened.repository.next_undo("ana")
    assert edit is not None
    return edit


def test_it_says_why_and_changes_nothing(
    project: Path,
    open_window: Callable[..., MainWindow],
    read_only: Callable[[Path], Path],
    tmp_path: Path,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = read_only(project.parent)
    before = {each.name: each.read_bytes() for each in folder.iterdir()}
    window = open_window(folder / "news.annot")
    qtbot.waitUntil(lambda: "save a copy" in window.notices.said, timeout=3000)
    assert "only be read and exported" in window.notices.said
    assert window.windowTitle() == "news (read-only) — Annotator"
    assert window.bench.page is not None
    assert window.bench.run(MakeSpan(Kind.CUE, "Cue", ((0, 4),))) is None
    window.bench.undo()
    window.bench.suggest_all()
    window.files.import_paths([tmp_path])
    window.safety.back_up()
    window.bench.keeper._try_again()
    assert window.notices.problems == ()
    out = tmp_path / "out.jsonl"
    monkeypatch.setattr(ExportDialog, "exec", lambda _: True)
    choice = ExportDialog.choice
    monkeypatch.setattr(ExportDialog, "choice", lambda self: replace(choice(self), path=out))
    window.files.export()
    qtbot.waitUntil(out.exists, timeout=10_000)
    window.bench.tasks.wait()
    QApplication.processEvents()
    assert window.notices.problems == ()
    window.close()
    assert {each.name: each.read_bytes() for each in folder.iterdir()} == before


def test_a_copy_takes_what_waited_and_is_worked_in(
    project: Path,
    open_window: Callable[..., MainWindow],
    read_only: Callable[[Path], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edit = an_edit(project, tmp_path)
    locked = read_only(project.parent) / "news.annot"
    keep([edit], file_of(locked, "ana"))
    window = open_window(locked)
    assert "1 edit of yours waits" in window.bench.keeper.read_only
    copy = tmp_path / "mine.annot"
    monkeypatch.setattr(choosing, "file_to_save", lambda *_: str(copy))
    window.safety.save_copy()
    assert window.windowTitle() == "mine — Annotator"
    assert kept(file_of(locked, "ana")) == []
    assert window.bench.run(MakeSpan(Kind.CUE, "Cue", ((5, 9),))) is not None
    with Project.open(copy) as opened:
        assert opened.repository.counts().by_annotator["ana"] == 2
