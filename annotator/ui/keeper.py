"""Who may write to the open project, and what waits to be written to it."""

from __future__ import annotations

import logging
import os
import platform
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, QTimer

from annotator.core.errors import AnnotatorError, Problem, StorageError
from annotator.core.history import Edit
from annotator.core.text import counted
from annotator.session.unsaved import file_of, keep, kept

if TYPE_CHECKING:
    from annotator.ui.workbench import Workbench

log = logging.getLogger(__name__)

TRY_AGAIN = 4_000
"""Milliseconds between attempts to write what waits, or to get a project that another window holds."""
PATIENCE = 0.5
"""Seconds that the window stands still for another program that is writing to the file."""
LITTLE_PATIENCE = 0.1
"""The same while its own import may be that, or edits wait already."""


class Holder:
    """The lock file ``NAME.annot.lock`` beside a project. One that a dead process left is taken over."""

    def __init__(self, project: Path) -> None:
        self._lock = QLockFile(f"{project}.lock")
        self._lock.setStaleLockTime(0)  # only a process that is gone makes it stale, however long it works

    def take(self) -> bool:
        """Whether this window may write from now on: where no lock can be made, nobody is kept out."""
        if self._lock.isLocked() or self._lock.tryLock(0):
            return True
        return self._lock.error() != QLockFile.LockError.LockFailedError

    def release(self) -> None:
        """Let others write."""
        self._lock.unlock()

    def where(self) -> str:
        """Where the window is that holds the project: “on this computer (process 123)”."""
        pid, host, _ = self._lock.getLockInfo()
        if pid == os.getpid():
            return "in another window of this program"
        return f"on this computer (process {pid})" if _is_here(host) else f"on the computer {host}"


def _is_here(host: str) -> bool:
    return not host or host.split(".")[0].casefold() == platform.node().split(".")[0].casefold()


class Keeper(QObject):
    """Keeps other windows from writing, and edits that the file cannot take until it can."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._bench = bench
        self.read_only = ""
        """Why nothing can be changed, in a sentence; empty where it can."""
        self.kept = True
        """Whether the edits that wait to be written are in a file of the person's own."""
        self.guards: list[Callable[[], bool]] = []
        """Asked before the project is left: whether something is to be decided first, which is then shown."""
        self.may_stop: Callable[[], bool] = lambda: True
        """Asks before the project is left whether what runs may be stopped, and stops it."""
        self._holder: Holder | None = None
        self._writing = False
        """Whether what waits is being written."""
        self._again = QTimer(self, interval=TRY_AGAIN)
        self._again.timeout.connect(self._try_again)
        bench.tasks.busy_changed.connect(self._on_busy)

    def hold(self) -> None:
        """Be the one that may write to the project, or read only until the other window is gone."""
        assert self._bench.project is not None
        repository = self._bench.project.repository
        self._set_patience()
        self.read_only = ""
        if self._bench.project.read_only is not None:
            self.read_only = self._locked(self._bench.project.read_only)
            self._again.start()
            self._bench.holding_changed.emit()
            return
        self._holder = Holder(self._bench.project.path)
        try:
            if self._holder.take():
                repository.set_setting("held_by", self._bench.annotator)
            else:
                who = repository.setting("held_by") or "Somebody"
                self.read_only = (
                    f"{who} has this project open {self._holder.where()}. Here it can only be read, "
                    "until that window is closed."
                )
                self._again.start()
        except AnnotatorError as error:
            log.warning("who holds the project cannot be told: %s", type(error).__name__)
        self._bench.holding_changed.emit()

    @property
    def locked(self) -> bool:
        """Whether the file itself cannot be written to, so that only a copy of the project can be changed."""
        return self._bench.project is not None and self._bench.project.read_only is not None

    def _locked(self, why: Problem) -> str:
        said = f"{why.what[:1].upper()}{why.what[1:]}. Here it can only be read and exported."
        waiting = len(self.waiting())
        if not waiting:
            return f"{said} To label, save a copy."
        were = "edit of yours waits" if waiting == 1 else "edits of yours wait"
        return f"{said} {waiting} {were} to be written to it; save a copy, which will hold them, to go on."

    def waiting(self) -> list[Edit]:
        """The edits that a copy has to take in: those that are not saved, or kept from an earlier time."""
        if self._bench.project is None or not self.locked:
            return self.unsaved
        return kept(file_of(self._bench.project.path, self._bench.annotator))

    def let_go(self) -> None:
        """The project is closed."""
        self._again.stop()
        if self._holder is not None:
            self._holder.release()
            self._holder = None
        self.read_only = ""

    def may_write(self) -> bool:
        """Whether the project can be changed; the person is told where not."""
        if self.read_only:
            self._bench.told.emit("info", self.read_only)
        return not self.read_only

    @property
    def unsaved(self) -> list[Edit]:
        """The edits that wait to be written, oldest first."""
        return self._bench.editor.unsaved.edits if self._bench.editor is not None else []

    def guarded(self) -> bool:
        """Whether something is to be decided before the project is left."""
        return any(guard() for guard in self.guards)

    def must_save_first(self) -> bool:
        """Whether edits wait that leaving the project would hide; the person is told then."""
        if self.guarded():
            return True
        if self.unsaved:
            said = "is not saved" if len(self.unsaved) == 1 else "are not saved"
            self._bench.told.emit(
                "problem",
                f"{counted(len(self.unsaved), 'edit')} {said} yet. Wait, or use File → Save a copy first.",
            )
        return bool(self.unsaved)

    def must_stay(self) -> bool:
        """Whether the project is not to be left: edits wait, or what runs is to come to its end."""
        return self.must_save_first() or not self.may_stop()

    def forget_unsaved(self) -> None:
        """What waited has been written somewhere else."""
        if self._bench.project is not None and self.locked:
            keep([], file_of(self._bench.project.path, self._bench.annotator))
        elif self._bench.editor is not None:
            self._bench.editor.unsaved.edits.clear()
            self._on_unsaved()

    def _set_patience(self) -> None:
        """An edit that cannot be written so soon is kept, and written later."""
        if self._bench.project is not None:
            little = self.unsaved or self._bench.tasks.busy
            self._bench.project.repository.wait_at_most(LITTLE_PATIENCE if little else PATIENCE)

    def _on_busy(self, what: str) -> None:
        self._set_patience()
        if self.unsaved and not what:
            self._try_again(quietly=True)  # what came of the import is being told

    def _on_unsaved(self) -> None:
        if self._bench.project is None or self._bench.editor is None:
            return
        self.kept = keep(self.unsaved, file_of(self._bench.project.path, self._bench.editor.annotator))
        if self._writing:
            return  # it is told when as many are written as can be
        self._set_patience()
        if self.unsaved:
            self._again.start()
        elif not self.read_only:
            self._again.stop()
        self._bench.unsaved_changed.emit()

    def _try_again(self, *, quietly: bool = False) -> None:
        if self._bench.project is None or self._bench.editor is None:
            self._again.stop()
        elif self.locked:
            self._bench.catch_up()
        elif self.read_only:
            self._follow_holder()
        elif self.unsaved:
            self._writing, tells = True, False
            try:
                self._bench.editor.write_unsaved()
                tells = not quietly
            except StorageError:
                pass  # which is told below
            except AnnotatorError as error:
                self._bench.failed.emit([error.problem])
                self._bench.catch_up()
            finally:
                self._writing = False
            self._on_unsaved()
            if tells:
                self._bench.told.emit("done", "Everything is saved.")

    def _follow_holder(self) -> None:
        """Show what the other window has done, and take over from it when it is gone."""
        assert self._holder is not None
        if self._holder.take():
            self._holder.release()
            self._again.stop()
            self.hold()
            if not self.read_only:
                self.take_up_unsaved()
                self._bench.start_worker()
                self._bench.told.emit("done", "The other window is closed: this one can label now.")
        self._bench.catch_up()

    def take_up_unsaved(self) -> None:
        """Go on with what could not be written before the program was closed."""
        assert self._bench.project is not None
        assert self._bench.editor is not None
        self._bench.editor.unsaved.changed = self._on_unsaved
        if self.read_only:
            return
        self._bench.editor.unsaved.edits = kept(
            file_of(self._bench.project.path, self._bench.editor.annotator)
        )
        if self.unsaved:
            self._try_again()
            if self.unsaved:
                self._on_unsaved()
