"""The one door for work that would hold up the window: it runs in a thread and reports back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import override

from PySide6.QtCore import QObject, QThread, Signal

from annotator.core.errors import AnnotatorError

log = logging.getLogger(__name__)


class _Worker(QThread):
    """Signals: ``finished_with`` (result), ``failed_with`` (exception), ``stepped`` (done, total)."""

    finished_with = Signal(object)
    failed_with = Signal(object)
    stepped = Signal(int, int)

    def __init__(self, work: Callable[[Callable[[int, int], None]], object], parent: QObject) -> None:
        super().__init__(parent)
        self._work = work

    def _tell(self, done: int, total: int) -> None:
        beyond = max(0, total.bit_length() - 31)  # signals and progress bars count in 32 bits
        self.stepped.emit(done >> beyond, total >> beyond)

    @override
    def run(self) -> None:
        try:
            result = self._work(self._tell)
        except AnnotatorError as error:
            self.failed_with.emit(error)
        except Exception as error:
            log.exception("background work failed")
            self.failed_with.emit(error)
        else:
            self.finished_with.emit(result)


class Tasks(QObject):
    """Runs one piece of work after the other and tells how far it is.

    Work is a function that takes a ``progress(done, total)`` function, touches no widget, and opens
    the project file for itself. Signals: ``busy_changed`` (what is done now or "", done, total).
    """

    busy_changed = Signal(str, int, int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: list[
            tuple[
                str,
                Callable[[Callable[[int, int], None]], object],
                Callable[[object], None],
                Callable[[Exception], None],
            ]
        ] = []
        self._running: _Worker | None = None

    @property
    def busy(self) -> bool:
        """Whether anything runs or waits."""
        return self._running is not None or bool(self._waiting)

    def run(
        self,
        what: str,
        work: Callable[[Callable[[int, int], None]], object],
        done: Callable[[object], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Queue work; ``done`` or ``failed`` is called in the window's thread."""
        self._waiting.append((what, work, done, failed))
        if self._running is None:
            self._next()

    def _next(self) -> None:
        if not self._waiting:
            self._running = None
            self.busy_changed.emit("", 0, 0)
            return
        what, work, done, failed = self._waiting.pop(0)
        worker = _Worker(work, self)
        self._running = worker
        worker.stepped.connect(lambda at, of: self.busy_changed.emit(what, at, of))
        worker.finished_with.connect(done)
        worker.failed_with.connect(failed)
        worker.finished.connect(self._on_finished)
        self.busy_changed.emit(what, 0, 0)
        worker.start()

    def _on_finished(self) -> None:
        if self._running is not None:
            self._running.deleteLater()
        self._next()

    def wait(self) -> None:
        """Let what runs come to its end, and drop what waits; for closing the window."""
        self._waiting.clear()
        if self._running is not None:
            self._running.wait()
