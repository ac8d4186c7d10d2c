"""Imports and exports that the person stops in the window: the button, Esc, and what happens on leaving."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random
from time import monotonic

import orjson
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from annotator.session.ahead import LARGE
from annotator.session.copies_of import MOST_UNASKED
from annotator.session.project import Project
from annotator.session.selecting import Selection
from annotator.ui.dialogs.export import ExportChoice
from annotator.ui.main_window import MainWindow
from annotator.ui.tasks import STOPPING
from annotator.ui.twins import COMPARING

ARTICLES = 3_200
SOON = 10.0
"""Seconds within which a stop has come to its end, on a machine that has other work."""


@pytest.fixture(scope="session")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that a second process writes to the project: thousands of articles with labels."""
    random, path = Random(1), tmp_path_factory.mktemp("large") / "big.jsonl"
    words = [f"word{nth}" for nth in range(5_000)]
    with path.open("wb") as file:
        for nth in range(ARTICLES):
            spans = [
                {"id": f"s{nth}-{k}", "kind": "actor", "label": "Actor", "start": 8 * k, "end": 8 * k + 5}
                for k in range(4)
            ]
            line = {
                "format": "annotator/1", "id": f"b{nth}", "title": f"Article {nth}",
                "text": " ".join(random.choices(words, k=280)), "annotator": "ana", "spans": spans,
            }  # fmt: skip
            file.write(orjson.dumps(line) + b"\n")
    assert path.stat().st_size > LARGE
    assert ARTICLES > MOST_UNASKED, "near-duplicates would be asked about"
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder of many small files."""
    (folder := tmp_path / "small").mkdir()
    for nth in range(1_500):
        (folder / f"{nth:04}.txt").write_text(f"Article {nth}\n\nIt has {nth} words and {nth * 7}.", "utf-8")
    return folder


@pytest.fixture
def window(demanding: Path, open_window: Callable[..., MainWindow]) -> MainWindow:
    window = open_window(demanding)
    window.canvas.setFocus()
    return window


def articles(window: MainWindow) -> int:
    assert window.bench.project is not None
    return window.bench.project.repository.counts().articles


def contents(path: Path) -> list[str]:
    """Everything in a project, but who has it open."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return [each for each in connection.iterdump() if 'INTO "settings"' not in each]


def begin(window: MainWindow, qtbot: QtBot, path: Path, part: float = 0.0) -> None:
    """Import what needs no questions, and wait until that far of it is done."""
    window.files.import_paths([path])
    far: list[float] = []
    window.bench.tasks.busy_changed.connect(
        lambda what, done, total, stop: far.append(done / total if total else 0) if what == "Importing" else 0
    )

    def is_there() -> bool:
        dialog = window.files.arrivals.dialog
        if dialog is not None and dialog.isVisible() and dialog.go.isEnabled() and not dialog.is_looking:
            dialog.accept()
        return bool(far) and far[-1] >= part

    qtbot.waitUntil(is_there, timeout=60_000)
    window.activateWindow()  # without a display nothing gives the keyboard back when a dialog is gone
    window.canvas.setFocus()
    qtbot.waitUntil(window.canvas.hasFocus, timeout=5_000)


def done(window: MainWindow, qtbot: QtBot, soon: float = SOON) -> None:
    began = monotonic()
    qtbot.waitUntil(lambda: not window.files.arrivals.busy, timeout=60_000)
    assert monotonic() - began < soon
    assert not multiprocessing.active_children()
    assert window.status._stop.isHidden()


@pytest.mark.parametrize("part", [0.0, 0.5, 0.9])
def test_a_large_file_is_stopped_and_nothing_of_it_stays(
    window: MainWindow, demanding: Path, large: Path, qtbot: QtBot, part: float
) -> None:
    before = contents(demanding)
    begin(window, qtbot, large, part)
    stop = window.status._stop
    assert stop.isVisible()
    assert stop.accessibleName() == "Stop importing"
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    assert stop.isHidden()
    assert window.status._work.text() == f"{STOPPING} …"
    done(window, qtbot)
    assert window.notices.said == "Stopped. Nothing of big.jsonl was added."
    assert window.notices.problems == ()
    assert articles(window) == 2
    assert contents(demanding) == before
    assert window.bench.project is not None
    assert not list(window.bench.project.repository.check())


def test_it_can_be_imported_again_at_once(window: MainWindow, large: Path, qtbot: QtBot) -> None:
    begin(window, qtbot, large, 0.3)
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    done(window, qtbot)
    assert window.notices.said.startswith("Stopped.")
    begin(window, qtbot, large)
    done(window, qtbot, soon=60)
    assert window.notices.said.startswith(f"{ARTICLES:,} articles added")
    assert articles(window) == 2 + ARTICLES


def test_esc_gives_up_what_is_in_hand_before_the_import(
    window: MainWindow, large: Path, qtbot: QtBot
) -> None:
    begin(window, qtbot, large)
    window.canvas.select_ranges([(0, 5)])
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not window.canvas.state.ranges
    assert window.bench.tasks.stoppable, "whoever only takes back a selection does not lose the import"
    qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not window.bench.tasks.stoppable
    done(window, qtbot)
    assert window.notices.said.startswith("Stopped.")


def test_of_many_small_files_those_before_stay(window: MainWindow, small: Path, qtbot: QtBot) -> None:
    begin(window, qtbot, small, 0.3)
    qtbot.mouseClick(window.status._stop, Qt.MouseButton.LeftButton)
    done(window, qtbot)
    count = articles(window) - 2
    assert 0 < count < 1_500
    rest = 1_500 - count - 1
    assert window.notices.said == (
        f"Stopped. {count:,} files with {count:,} articles were added; nothing of {count:04}.txt or the "
        f"{rest:,} files after it was."
    )
    assert window.articles.model.rowCount() == count + 2, "the list shows what came"
    assert window.bench.project is not None
    assert not list(window.bench.project.repository.check())


@pytest.mark.parametrize("file", ["large", "small"])
def test_a_stop_that_comes_too_late_says_what_was_done(
    window: MainWindow, file: str, request: pytest.FixtureRequest, qtbot: QtBot
) -> None:
    begin(window, qtbot, request.getfixturevalue(file))
    running = window.bench.tasks._running
    assert running is not None
    running[1].wait()  # it has ended, of which the window knows nothing yet
    qtbot.mouseClick(window.status._stop, Qt.MouseButton.LeftButton)
    done(window, qtbot)
    count = articles(window) - 2
    assert count == (ARTICLES if file == "large" else 1_500)
    assert window.notices.said.startswith(f"{count:,} articles added")


def test_a_look_into_a_large_file_is_stopped(window: MainWindow, large: Path, qtbot: QtBot) -> None:
    window.files.arrivals._shown.setInterval(1)
    window.files.import_paths([large])
    qtbot.waitUntil(lambda: bool(window.files.arrivals.dialog and window.files.arrivals.dialog.isVisible()))
    dialog = window.files.arrivals.dialog
    assert dialog is not None
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    done(window, qtbot)
    assert articles(window) == 2


# -- leaving the project ----------------------------------------------------------------------------


def answer(button: str, seen: list[str]) -> None:
    """Click a button of the next question."""

    def click() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        seen.append(f"{box.text()} {box.informativeText()}")
        next(each for each in box.findChildren(QPushButton) if each.text() == button).click()

    QTimer.singleShot(0, click)


def test_closing_the_window_asks_and_stops_it(
    window: MainWindow, demanding: Path, large: Path, qtbot: QtBot
) -> None:
    before = contents(demanding)
    begin(window, qtbot, large, 0.3)
    seen: list[str] = []
    answer("Stay", seen)
    assert not window.close()
    assert seen[0].startswith("Importing is not done yet. If you stop it, nothing stays of the file")
    assert window.bench.tasks.stoppable
    answer("Stop importing", seen)
    began = monotonic()
    assert window.close()
    assert monotonic() - began < SOON
    QApplication.processEvents()  # what it came to arrives when there is no project any more
    assert not multiprocessing.active_children()
    assert contents(demanding) == before
    with Project.open(demanding) as project:
        assert project.repository.counts().articles == 2


def test_another_project_is_opened_only_when_it_may_be_stopped(
    window: MainWindow, tmp_path: Path, large: Path, qtbot: QtBot
) -> None:
    Project.create(tmp_path / "other.annot").close()
    begin(window, qtbot, large)
    seen: list[str] = []
    answer("Stay", seen)
    assert not window.bench.open(tmp_path / "other.annot")
    assert window.bench.tasks.stoppable
    answer("Stop importing", seen)
    assert window.bench.open(tmp_path / "other.annot")
    done(window, qtbot)
    assert articles(window) == 0
    assert len(seen) == 2


def test_what_cannot_be_opened_stops_nothing(
    window: MainWindow, tmp_path: Path, large: Path, qtbot: QtBot
) -> None:
    bad = tmp_path / "bad.annot"
    bad.write_bytes(b"no project")
    begin(window, qtbot, large)
    assert not window.bench.open(bad)
    assert window.bench.tasks.stoppable
    done(window, qtbot, soon=60)
    assert articles(window) > 2


def test_an_import_that_waits_is_asked_about_too(
    window: MainWindow, demanding: Path, large: Path, small: Path, qtbot: QtBot
) -> None:
    begin(window, qtbot, large)
    window.bench.tasks.run(
        "Exporting", lambda _: None, lambda _: None, lambda _: None, stop="Nothing is exported."
    )
    seen: list[str] = []
    answer("Stay", seen)
    assert not window.close()
    assert seen[0].startswith("Importing and Exporting are not done yet.")
    assert "Nothing is exported." in seen[0]
    answer("Stop importing and exporting", seen)
    assert window.close()
    QApplication.processEvents()
    assert not window.bench.tasks.unfinished


# -- the other way ----------------------------------------------------------------------------------


@pytest.fixture
def labelled(window: MainWindow, large: Path, qtbot: QtBot) -> MainWindow:
    """A project with many articles."""
    begin(window, qtbot, large)
    done(window, qtbot, soon=60)
    return window


def test_an_export_is_stopped_and_an_older_file_stays(
    labelled: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    (folder := tmp_path / "out").mkdir()
    out = folder / "labels.jsonl"
    out.write_text("an older one")
    labelled.files.exporting.write(ExportChoice(out, "jsonl", Selection()))
    qtbot.waitUntil(lambda: "%" in labelled.status._work.text(), timeout=20_000)
    stop = labelled.status._stop
    assert stop.accessibleName() == "Stop exporting"
    assert "an older file of that name stays as it is" in stop.toolTip()
    qtbot.mouseClick(stop, Qt.MouseButton.LeftButton)
    done(labelled, qtbot)
    assert labelled.notices.said == "Stopped. Nothing was exported."
    assert [each.name for each in folder.iterdir()] == ["labels.jsonl"]
    assert out.read_text() == "an older one"
    labelled.files.exporting.write(ExportChoice(out, "jsonl", Selection()))
    done(labelled, qtbot, soon=60)
    assert out.read_bytes().count(b"\n") == 2 + ARTICLES


def test_whoever_closes_the_list_of_near_duplicates_ends_the_search(
    labelled: MainWindow, qtbot: QtBot
) -> None:
    what: list[str] = []
    labelled.bench.tasks.busy_changed.connect(lambda now, *_: what.append(now))
    labelled.actions_by_id["near_duplicates"].trigger()
    assert labelled.twins.dialog is not None
    qtbot.waitUntil(lambda: what.count(COMPARING) > 1, timeout=10_000)
    labelled.twins.dialog.close()
    done(labelled, qtbot)
    assert what[-2:] == [STOPPING, ""]
    assert labelled.notices.problems == ()
    labelled.actions_by_id["near_duplicates"].trigger()
    dialog = labelled.twins.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: not labelled.bench.tasks.busy, timeout=60_000)
    assert labelled.twins.dialog is dialog
    assert dialog.isVisible()
