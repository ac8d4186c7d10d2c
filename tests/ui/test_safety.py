"""The window while the project cannot be written to, while another window has it, and its backups."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event
from time import monotonic
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from annotator.core.commands import MakeSpan
from annotator.core.errors import InputError
from annotator.core.model import Kind
from annotator.core.ports import Suggested, SuggestedSpan
from annotator.core.tokens import rough_tokens
from annotator.runtime.settings import AUTO_SUGGEST, Settings
from annotator.session.backups import back_up, backups_of
from annotator.session.project import Project
from annotator.session.suggest import ArticleDone, ModelReady
from annotator.session.unsaved import file_of, kept
from annotator.store.database import BUSY_SECONDS
from annotator.ui import choosing
from annotator.ui.app import make_window, open_first
from annotator.ui.crash import CrashDialog
from annotator.ui.dialogs.restore import RestoreDialog
from annotator.ui.importing.arrivals import IMPORTING
from annotator.ui.main_window import MainWindow
from annotator.ui.suggesting import POLL_MILLISECONDS, Suggesting


@pytest.fixture
def window(open_window: Callable[..., MainWindow]) -> MainWindow:
    return open_window()


def second(annotator: str = "bob") -> MainWindow:
    settings = Settings()
    settings.set(AUTO_SUGGEST, False)
    made = make_window(settings)
    made.bench.use_annotator(annotator)
    made.bench._start_worker.setInterval(10_000_000)
    made.show()
    open_first(made, None, [])
    QApplication.processEvents()
    return made


def path_of(window: MainWindow) -> Path:
    assert window.bench.project is not None
    return window.bench.project.path


def cue(window: MainWindow, words: str) -> bool:
    page = window.bench.page
    assert page is not None
    start = page.text.index(words, 170)
    return window.bench.run(MakeSpan(Kind.CUE, "Cue", ((start, start + len(words)),))) is not None


def labels(window: MainWindow, annotator: str = "ana") -> int:
    assert window.bench.page is not None
    with Project.open(path_of(window)) as project:
        return len(project.repository.load_page(window.bench.page.article.id, annotator).spans)


def answer(button: str) -> None:
    """Click a button of the next question."""

    def click() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        next(each for each in box.findChildren(QPushButton) if each.text() == button).click()

    QTimer.singleShot(0, click)


# -- a file that cannot be written to -------------------------------------------------------------


def test_labels_wait_for_a_file_that_is_away(window: MainWindow) -> None:
    path = path_of(window)
    away = path.rename(path.with_name("unplugged"))
    assert cue(window, "indicated")
    window.beside.now()
    assert len(window.canvas.scene.marks) == 1, "the label is on the page"
    assert window.status._saved.text() == "Not saved: 1 edit"
    assert window.notices.said.startswith("1 edit not saved: the project file was moved")
    assert "Kept on this computer" in window.notices.said
    assert window.notices.problems == (), "said once"
    assert cue(window, "reveal")
    window.beside.now()
    assert window.status._saved.text() == "Not saved: 2 edits"
    assert not window.bench.open(path), "nothing else is opened meanwhile"
    away.rename(path)
    window.bench.keeper._try_again()
    assert window.status._saved.text() == "Every label is saved at once"
    assert window.notices.said == "Everything is saved."
    assert labels(window) == 2
    window.beside.now()
    model, page = window.articles.model, window.bench.page
    assert page is not None
    row = model.row_of(page.article.id)
    assert row is not None
    assert "2 labels" in model.index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    QTest.keyClick(window.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert labels(window) == 1


def test_what_waits_is_tried_again_by_itself(window: MainWindow, qtbot: QtBot) -> None:
    path = path_of(window)
    window.bench.keeper._again.setInterval(20)
    away = path.rename(path.with_name("away"))
    assert cue(window, "indicated")
    away.rename(path)
    qtbot.waitUntil(lambda: not window.bench.keeper.unsaved, timeout=3000)
    assert labels(window) == 1


@pytest.fixture
def importing(window: MainWindow) -> Iterator[Callable[[], None]]:
    """An import holds the project file for writing, as a large one does for long. Ends it."""
    over = Event()
    other = sqlite3.connect(path_of(window), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    def end() -> None:
        if not over.is_set():
            other.execute("ROLLBACK")
            over.set()

    window.bench.tasks.run(
        IMPORTING,
        lambda _: over.wait(),
        lambda _: window.bench.told.emit("done", "12 articles added."),
        lambda _: None,
        stop="Nothing stays.",
    )
    yield end
    end()
    other.close()
    window.bench.keeper._try_again()


def test_labels_made_during_an_import_wait_for_it_but_the_window_does_not(
    window: MainWindow, importing: Callable[[], None], qtbot: QtBot
) -> None:
    began = monotonic()
    assert cue(window, "indicated")
    assert cue(window, "reveal")
    assert monotonic() - began < BUSY_SECONDS / 2
    window.beside.now()
    assert len(window.canvas.scene.marks) == 2
    assert window.status._saved.text() == "2 edits wait for the import"
    assert window.notices.said == "2 edits are kept on this computer, and written once the import is done."
    assert window.notices.problems == ()
    importing()
    qtbot.waitUntil(lambda: not window.bench.keeper.unsaved, timeout=3000)
    assert labels(window) == 2
    assert window.notices.said == "12 articles added.", "what came of the import stays to be read"


def test_the_question_about_what_is_not_saved_goes_when_it_is(
    window: MainWindow, importing: Callable[[], None]
) -> None:
    assert cue(window, "indicated")

    def save() -> None:
        assert isinstance(QApplication.activeModalWidget(), QMessageBox)
        importing()
        window.bench.keeper._try_again()

    QTimer.singleShot(0, save)
    path = path_of(window)
    assert window.bench.page is not None
    article = window.bench.page.article.id
    window.close()  # unless the import is still to be seen
    assert not window.bench.keeper.unsaved
    with Project.open(path) as project:
        assert len(project.repository.load_page(article, "ana").spans) == 1


def test_suggestions_wait_for_another_program_that_is_writing(
    window: MainWindow, importing: Callable[[], None], qtbot: QtBot
) -> None:
    assert window.bench.project is not None
    assert window.bench.page is not None
    article, repository = window.bench.page.article, window.bench.project.repository
    span = SuggestedSpan(Kind.CUE, "Cue", ((0, 2),), "rules:x")
    found = Suggested(article.id, (span,), (), rough_tokens(article.text), ("rules:",))
    suggesting = Suggesting(repository, None, window)
    events = [ModelReady("rules:x", None), ArticleDone(found)]
    suggesting._worker = SimpleNamespace(  # type: ignore[assignment]
        poll=lambda: [events.pop(0)] if events else [], submit=lambda *_, **__: None, cancel=lambda: None
    )
    troubles: list[str] = []
    suggesting.failed.connect(troubles.append)
    suggesting._timer.start()
    qtbot.waitUntil(lambda: bool(suggesting._held), timeout=3000)
    importing()
    with qtbot.waitSignal(suggesting.arrived, timeout=5000):
        pass
    suggesting._timer.stop()
    assert (troubles, suggesting._held, suggesting._timer.interval()) == ([], [], POLL_MILLISECONDS)
    spans, _, _ = repository.open_suggestion_page(article.id)
    assert [each.fragments for each in spans] == [((0, 2),)]


def test_what_went_wrong_in_a_project_is_not_told_in_the_next(window: MainWindow, tmp_path: Path) -> None:
    window.notices.report(InputError("this file is broken", cure="Mend it"))
    assert not window.bench.open(tmp_path / "none.annot")
    assert len(window.notices.problems) == 2
    window.notices.tell("the labels are those of ben", kind="advice")
    window.notices.tell("the labels are those of cem", kind="advice")
    assert window.bench.open(tmp_path / "new.annot", create=True)
    assert (window.notices.problems, window.notices.said) == ((), "")
    window.notices.tell("done", kind="done")
    window.notices._hide_said()
    assert window.notices.said == "", "nor is there advice any more that would come back"


def test_closing_with_something_unsaved_asks_and_the_next_start_writes_it(window: MainWindow) -> None:
    path = path_of(window)
    away = path.rename(path.with_name("away"))
    assert cue(window, "indicated")
    answer("Stay")
    assert not window.close()
    answer("Close all the same")
    assert window.close()
    assert len(kept(file_of(path, "ana"))) == 1
    away.rename(path)
    again = second("ana")
    assert labels(again) == 1
    assert kept(file_of(path, "ana")) == []
    again.close()


def test_a_copy_takes_what_is_not_saved_and_is_opened(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = path_of(window)
    assert cue(window, "reveal")
    path.unlink()
    assert cue(window, "indicated")
    copy = tmp_path / "rescued"
    monkeypatch.setattr(choosing, "file_to_save", lambda *_: str(copy))
    answer("Save a copy…")
    assert window.close(), "everything is in the copy now"
    with Project.open(copy.with_suffix(".annot")) as project:
        assert project.repository.counts().by_annotator["ana"] == 2
    assert kept(file_of(path, "ana")) == []


# -- another window ---------------------------------------------------------------------------------


def test_a_second_window_reads_only_and_says_who_has_the_project(window: MainWindow, qtbot: QtBot) -> None:
    other = second()
    assert other.windowTitle() == "sample (read-only) — Annotator"
    assert "ana has this project open" in other.notices.said
    assert other.status._saved.text() == "Read-only"
    assert not cue(other, "indicated")
    other.bench.undo()
    other.together.above(0.0)
    other.files.import_paths([Path("x.txt")])
    other.bench.suggest_all()
    assert other.bench.worker is None
    assert other.notices.problems == ()
    assert cue(window, "indicated")
    other.bench.keeper._try_again()
    assert "read-only" in other.windowTitle()
    window.close()
    other.bench.keeper._again.setInterval(20)
    qtbot.waitUntil(lambda: not other.bench.keeper.read_only, timeout=3000)
    assert other.windowTitle() == "sample — Annotator"
    assert "closed" in other.notices.said
    assert cue(other, "indicated")
    assert (labels(other), labels(other, "bob")) == (1, 1)
    other.close()


def test_the_lock_of_a_dead_process_is_taken_over(window: MainWindow) -> None:
    path = path_of(window)
    window.close()
    code = f"""
import sys, time
from PySide6.QtCore import QCoreApplication
from annotator.ui.keeper import Holder
from pathlib import Path
holder = Holder(Path({str(path)!r}))
assert holder.take()
print("held", flush=True)
time.sleep(60)
"""
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    while_held = second()
    assert f"process {process.pid}" in while_held.bench.keeper.read_only
    while_held.close()
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert path.with_name(path.name + ".lock").exists()
    after = second()
    assert not after.bench.keeper.read_only
    assert cue(after, "indicated")
    after.close()
    assert not path.with_name(path.name + ".lock").exists()


# -- backups ----------------------------------------------------------------------------------------


def test_backups_are_made_while_working(window: MainWindow, qtbot: QtBot) -> None:
    path = path_of(window)
    window.safety.back_up()
    qtbot.waitUntil(lambda: len(backups_of(path)) == 1 and not window.safety._tasks.busy, timeout=5000)
    window.safety.back_up()
    qtbot.waitUntil(lambda: not window.safety._tasks.busy, timeout=5000)
    assert len(backups_of(path)) == 1, "nothing was done"
    assert cue(window, "indicated")
    window.safety.back_up()
    qtbot.waitUntil(lambda: len(backups_of(path)) == 2, timeout=5000)


def test_going_back_to_a_backup_from_the_menu(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    path = path_of(window)
    assert cue(window, "reveal")
    back_up(path)
    assert cue(window, "indicated")
    seen: list[str] = []

    def accept(dialog: RestoreDialog) -> int:
        seen.append(dialog.list.item(0).text())
        dialog.accept()
        return int(dialog.result())

    monkeypatch.setattr(RestoreDialog, "exec", accept)
    window.actions_by_id["restore_backup"].trigger()
    assert "13 articles  ·  1 edit  ·" in seen[0]
    assert labels(window) == 1
    assert len(window.canvas.scene.marks) == 1
    assert "kept: 0002" in window.notices.said
    assert cue(window, "indicated"), "it can be worked on"
    window.actions_by_id["restore_backup"].trigger()
    assert len(backups_of(path)) == 3


def test_a_damaged_project_leads_to_its_backups(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    path = path_of(window)
    assert cue(window, "reveal")
    back_up(path)
    window.close()
    data = bytearray(path.read_bytes())
    data[100:8000] = os.urandom(7900)
    path.write_bytes(data)
    fresh = second("ana")
    assert fresh.notices.problems
    monkeypatch.setattr(RestoreDialog, "exec", lambda dialog: (dialog.accept(), int(dialog.result()))[1])
    fresh.bench.open(path)
    assert "There is a backup of sample.annot" in fresh.notices.said
    fresh.notices._on_action()
    assert path_of(fresh) == path
    assert labels(fresh) == 1
    assert path.with_name("sample.annot.damaged-1").exists()
    fresh.close()


def test_a_crash_of_last_time_is_told_with_its_report(window: MainWindow) -> None:
    window.safety.tell_fault("Fatal Python error: Segmentation fault")
    assert "stopped unexpectedly" in window.notices.said
    window.notices._on_action()
    (dialog,) = window.findChildren(CrashDialog)
    assert "Segmentation fault" in dialog.details.toPlainText()
    dialog.close()
