from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.exceptions import capture_exceptions
from pytestqt.qtbot import QtBot

from annotator.ui.crash import CrashDialog, CrashHandler, details, install_crash_handler, safe_sentence

PROJECT = Path("/somewhere/news.annot")


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def handler(window: QWidget) -> Iterator[CrashHandler]:
    before = sys.excepthook, threading.excepthook
    yield install_crash_handler(window, lambda: PROJECT)
    sys.excepthook, threading.excepthook = before


def bug(what: str = "boom") -> None:
    raise KeyError(what)


def crash(handler: CrashHandler, what: str = "boom") -> None:
    try:
        bug(what)
    except KeyError as error:
        handler.handle(type(error), error, error.__traceback__)


def shown(handler: CrashHandler, qtbot: QtBot) -> CrashDialog:
    qtbot.waitUntil(lambda: bool(handler._dialogs), timeout=2000)
    return handler._dialogs[-1]


def test_a_bug_is_logged_and_shown_calmly(
    handler: CrashHandler, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.CRITICAL):
        crash(handler)
    assert "KeyError" in caplog.text
    dialog = shown(handler, qtbot)
    assert dialog.words.text() == f"Your labels are safe: every edit was already written to {PROJECT}."
    assert "KeyError: 'boom'" in dialog.details.toPlainText()
    assert dialog.details.toPlainText().startswith("Annotator ")
    copy = next(each for each in dialog.findChildren(QPushButton) if each.text() == "Copy details")
    copy.click()
    assert QGuiApplication.clipboard().text() == dialog.details.toPlainText()
    dialog.close()


def test_the_same_bug_is_shown_once(handler: CrashHandler, qtbot: QtBot) -> None:
    for nth in range(3):
        crash(handler, f"boom {nth}")
    shown(handler, qtbot)
    qtbot.wait(20)
    assert len(handler._dialogs) == 1
    handler._dialogs[0].close()


def test_a_bug_in_a_slot_arrives(handler: CrashHandler, qtbot: QtBot) -> None:
    with capture_exceptions():
        sys.excepthook = handler.handle
        QTimer.singleShot(0, bug)
        dialog = shown(handler, qtbot)
    assert "in bug" in dialog.details.toPlainText()
    dialog.close()


def test_a_bug_in_a_thread_is_shown_in_the_window_s(handler: CrashHandler, qtbot: QtBot) -> None:
    thread = threading.Thread(target=bug)
    thread.start()
    thread.join()
    dialog = shown(handler, qtbot)
    assert dialog.thread() is handler.thread()
    dialog.close()


def test_ctrl_c_is_no_bug(handler: CrashHandler, qtbot: QtBot, capsys: pytest.CaptureFixture[str]) -> None:
    error = KeyboardInterrupt()
    handler.handle(type(error), error, None)
    qtbot.wait(10)
    assert handler._dialogs == []


def test_without_a_project_nothing_can_be_lost() -> None:
    assert safe_sentence(None) == "Nothing was lost: no project was open."


def test_details_name_the_versions() -> None:
    text = details(ValueError("x"))
    assert "Python 3." in text
    assert "Qt 6." in text
