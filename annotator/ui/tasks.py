"""The one door for work that would hold up the window: it runs in a thread and reports back."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import override

from msgspec import Struct
from PySide6.QtCore import QElapsedTimer, QObject, QThread, Signal

from annotator.core.errors import AnnotatorError, StoppedError

log = logging.getLogger(__name__)

STOPPING = "Stopping"
"""What is done from when the person has stopped work until it has ended."""
_OFTEN = 40
"""Milliseconds between two tellings of how far it is."""

type Work = Callable[[Callable[[int, int], None]], object]


class _Worker(QThread):
    """Signals: ``finished_with`` (result), ``failed_with`` (exception), ``stepped`` (done, total)."""

    finished_with = Signal(object)
    failed_with = Signal(object)
    stepped = Signal(int, int)

    def __init__(self, work: Work, parent: QObject) -> None:
        super().__init__(parent)
        self._work = work
        self._told = QElapsedTimer()

    def _tell(self, done: int, total: int) -> None:
        if self.isInterruptionRequested():
            raise StoppedError
        if self._told.isValid() and self._told.elapsed() < _OFTEN and done < total:
            return
        self._told.start()
        beyond = max(0, total.bit_length() - 31)  # signals and progress bars count in 32 bits
        self.stepped.emit(done >> beyond, total >> beyond)

    @override
    def run(self) -> None:
        try:
            result = self._work(self._tell)
        except (AnnotatorError, StoppedError) as error:
            self.failed_with.emit(error)
        except Exception as error:
            log.exception("background work failed")
            self.failed_with.emit(error)
        else:
            self.finished_with.emit(result)


class _Task(Struct, frozen=True):
    what: str
    work: Work
    done: Callable[[object], None]
    failed: Callable[[Exception], None]
    stop: str


class Tasks(QObject):
    """Runs one piece of work after the other and tells how far it is.

    Work is a function that takes a ``progress(done, total)`` function, touches no widget, and opens
    the project file for itself. Where it is stopped, ``progress`` raises StoppedError. Signals:
    ``busy_changed`` (what is done now or "", done, total, what stopping it would mean or "").
    """

    busy_changed = Signal(str, int, int, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: list[_Task] = []
        self._running: tuple[_Task, _Worker] | None = None

    @property
    def busy(self) -> bool:
        """Whether anything runs or waits."""
        return self._running is not None or bool(self._waiting)

    @property
    def unfinished(self) -> list[tuple[str, str]]:
        """What runs or waits that the person may stop, and what that would mean."""
        waiting = [(each.what, each.stop) for each in self._waiting if each.stop]
        return waiting if self.stoppable is None else [self.stoppable, *waiting]

    @property
    def stoppable(self) -> tuple[str, str] | None:
        """What runs that the person may stop, and what that would mean; None for nothing."""
        if self._running is None or self._running[1].isInterruptionRequested():
            return None
        task = self._running[0]
        return (task.what, task.stop) if task.stop else None

    def run(
        self,
        what: str,
        work: Work,
        done: Callable[[object], None],
        failed: Callable[[Exception], None],
        *,
        stop: str = "",
    ) -> None:
        """Queue work; ``done`` or ``failed`` is called in the window's thread.

        ``stop``: what it means that the person stops it, a sentence; without it nobody is offered that. Work
        that lets StoppedError through has failed with it.
        """
        self._waiting.append(_Task(what, work, done, failed, stop))
        if self._running is None:
            self._next()

    def stop(self) -> bool:
        """Stop what runs, where the person may; whether there was anything to stop."""
        if self.stoppable is None:
            return False
        self._interrupt()
        return True

    def stop_all(self) -> None:
        """Stop all that is :attr:`unfinished`."""
        self._waiting = [each for each in self._waiting if not each.stop]
        self.stop()

    def drop(self, what: str) -> None:
        """Nobody wants this work any more, whether it runs or waits."""
        self._waiting = [each for each in self._waiting if each.what != what]
        if self._running is not None and self._running[0].what == what:
            self._interrupt()

    def _interrupt(self) -> None:
        assert self._running is not None
        self._running[1].requestInterruption()
        self.busy_changed.emit(STOPPING, 0, 0, "")

    def _next(self) -> None:
        if not self._waiting:
            self._running = None
            self.busy_changed.emit("", 0, 0, "")
            return
        task = self._waiting.pop(0)
        worker = _Worker(task.work, self)
        self._running = task, worker
        worker.stepped.connect(self._on_stepped)
        worker.finished_with.connect(task.done)
        worker.failed_with.connect(task.failed)
        worker.finished.connect(self._on_finished)
        self.busy_changed.emit(task.what, 0, 0, task.stop)
        worker.start()

    def _on_stepped(self, done: int, total: int) -> None:
        if self._running is not None and not self._running[1].isInterruptionRequested():
            task = self._running[0]
            self.busy_changed.emit(task.what, done, total, task.stop)

    def _on_finished(self) -> None:
        if self._running is not None:
            self._running[1].deleteLater()
        self._next()

    def wait(self) -> None:
        """Let what runs come to its end, and drop what waits; for closing the window."""
        self._waiting.clear()
        if self._running is not None:
            self._running[1].wait()
