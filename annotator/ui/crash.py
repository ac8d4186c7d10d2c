"""What happens when the program has a bug: it is logged, said calmly, and nothing is lost.

Expected errors never come here; they are AnnotatorErrors and shown by :mod:`annotator.ui.notices`.
"""

from __future__ import annotations

import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, Qt, Signal, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from annotator import __version__
from annotator.core.text import counted
from annotator.runtime.logs import recent
from annotator.ui.controls import label

log = logging.getLogger(__name__)

type Place = tuple[str, str, int]


class CrashHandler(QObject):
    """Catches what nobody caught, in any thread, and shows each error once.

    Signal: ``caught`` (the sentence, the details), sent from whatever thread it happened in and
    received in the window's.
    """

    caught = Signal(str, str)

    def __init__(
        self, window: QWidget, project: Callable[[], Path | None], unsaved: Callable[[], int]
    ) -> None:
        super().__init__(window)
        self._window = window
        self._project = project
        self._unsaved = unsaved
        self._seen: set[Place] = set()
        self._dialogs: list[CrashDialog] = []
        self.caught.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def handle(
        self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Log an error and have it shown, unless it was shown before. May be called in any thread."""
        if error is None:
            return
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.critical("unexpected error", exc_info=(kind, error, trace))
        place = place_of(error)
        if place not in self._seen:
            self._seen.add(place)
            self.caught.emit(safe_sentence(self._project(), self._unsaved()), details(error))

    def _show(self, sentence: str, text: str) -> None:
        dialog = CrashDialog(sentence, text, self._window)
        self._dialogs = [each for each in self._dialogs if each.isVisible()] + [dialog]
        dialog.show()


class CrashDialog(QDialog):
    """A sentence, the details to copy, and nothing to decide."""

    def __init__(self, sentence: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Something went wrong")
        self.resize(640, 420)
        self.details = QPlainTextEdit(text)
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.setAccessibleName("Details")
        self.words = label(sentence, wrap=True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        copy = QPushButton("Copy details")
        copy.setAutoDefault(False)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.rejected.connect(self.close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setDefault(True)
        close.setFocus()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(12)
        column.addWidget(label("Something went wrong in the program", "title"))
        column.addWidget(self.words)
        column.addWidget(label("You can go on working. If it happens again, send us these details:", "quiet"))
        column.addWidget(self.details, 1)
        column.addWidget(buttons)


def safe_sentence(project: Path | None, unsaved: int = 0) -> str:
    """What has become of the person's work; ``unsaved`` edits are kept apart from the project."""
    if project is None:
        return "Nothing was lost: no project was open."
    if unsaved:
        return (
            f"Your labels are safe: {counted(unsaved, 'edit')} that could not be written to {project} yet "
            "are kept on this computer, every other one is in it."
        )
    return f"Your labels are safe: every edit was already written to {project}."


def place_of(error: BaseException) -> Place:
    """Where an error was raised; two errors of one kind from one place are the same to a person."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    return (type(error).__name__, last.filename if last else "", (last.lineno or 0) if last else 0)


def details(error: BaseException) -> str:
    """What a developer needs to know: versions, the traceback and the end of the log."""
    head = (
        f"Annotator {__version__}, Python {platform.python_version()}, Qt {qVersion()}, "
        f"{platform.platform()}\n\n"
    )
    ending = recent()
    log_end = f"\n\nThe end of the log:\n{ending}\n" if ending else ""
    return head + "".join(traceback.format_exception(error)) + log_end


def install_crash_handler(
    window: QWidget, project: Callable[[], Path | None], unsaved: Callable[[], int] = lambda: 0
) -> CrashHandler:
    """Catch every unexpected error from now on.

    ``project`` gives the file that is open, ``unsaved`` how many edits wait to be written to it.
    """
    handler = CrashHandler(window, project, unsaved)
    sys.excepthook = handler.handle

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if not issubclass(args.exc_type, SystemExit):
            handler.handle(args.exc_type, args.exc_value, args.exc_traceback)

    threading.excepthook = in_thread
    return handler
