"""What the window does so that no label is lost: backups, and telling what is not saved."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QDialog, QMessageBox

from annotator.core.errors import AnnotatorError
from annotator.core.text import counted
from annotator.session.backups import back_up, backups_of
from annotator.session.copies import save_copy
from annotator.ui import choosing
from annotator.ui.files import PROJECT_FILTER
from annotator.ui.importing.arrivals import IMPORTING
from annotator.ui.tasks import Tasks

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

log = logging.getLogger(__name__)

FIRST = 5_000
"""Milliseconds from opening a project to its first backup."""
EVERY = 10 * 60_000
"""Milliseconds between backups while something is being done."""


class Safety(QObject):
    """Slots of the actions about backups and copies; the question when something is not saved."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._bench = window.bench
        self._tasks = Tasks(self)
        self._told = False
        """That no backup can be made was said of this project."""
        self._timer = QTimer(self)
        self._timer.timeout.connect(self.back_up)
        self._bench.keeper.may_stop = self.may_stop
        self._bench.project_changed.connect(self._on_project)
        self._bench.open_failed.connect(self._on_open_failed)
        self._bench.unsaved_changed.connect(self._on_unsaved)
        self._bench.holding_changed.connect(self._on_holding)

    # -- backups ------------------------------------------------------------------------------

    def _on_project(self) -> None:
        self._told = False
        self._timer.start(FIRST)

    def back_up(self) -> None:
        """Make a backup in the background, if anything was done since the last one."""
        self._timer.start(EVERY)
        project = self._bench.project
        if project is None or self._bench.keeper.read_only or self._tasks.busy:
            return
        path = project.path
        self._tasks.run("Backing up", lambda _: back_up(path), lambda _: None, self._on_no_backup)

    def _on_no_backup(self, error: Exception) -> None:
        if not isinstance(error, AnnotatorError):
            raise error
        if not self._told and not self._bench.keeper.unsaved:
            self._told = True
            self._bench.told.emit("problem", f"No backup could be made. {error}")

    def stop(self) -> None:
        """Let a backup that is being made come to its end; for closing a project."""
        self._timer.stop()
        self._tasks.wait()

    def restore(self) -> None:
        """Show the backups of the project and go back to the one that is chosen."""
        project = self._bench.project
        if project is None:
            self._window.notices.tell("Open a project first.", kind="info")
        elif self._bench.may_write() and not self._bench.keeper.must_save_first():
            self._choose(project.path)

    def _choose(self, path: Path) -> None:
        from annotator.ui.dialogs.restore import RestoreDialog

        self._tasks.wait()
        dialog = RestoreDialog(path, backups_of(path), self._window)
        if dialog.exec() == QDialog.DialogCode.Accepted and dialog.chosen is not None:
            self._window.inspector.flush()
            self._bench.restore(path, dialog.chosen.path)

    def _on_open_failed(self, path: Path) -> None:
        found = backups_of(path)
        if found:
            self._window.notices.tell(
                f"There is a backup of {path.name} of {found[0].at:%Y-%m-%d %H:%M}.",
                action=("Show the backups", lambda: self._choose(path)),
                stays=True,
            )

    # -- what is not saved --------------------------------------------------------------------

    def _on_unsaved(self) -> None:
        keeper, editor = self._bench.keeper, self._bench.editor
        if editor is None or not keeper.unsaved:
            self.show_state()
            self._window.notices.leave_question()
            self._window.beside.edited(())
            return
        count = counted(len(keeper.unsaved), "edit")
        if keeper.kept and any(what == IMPORTING for what, _ in self._bench.tasks.unfinished):
            one = len(keeper.unsaved) == 1
            verb = "is" if one else "are"
            self._window.status.set_saved(f"{count} {'waits' if one else 'wait'} for the import")
            said = f"{count} {verb} kept on this computer, and written once the import is done."
            if said != self._window.notices.said:
                self._window.notices.tell(said)
            return
        self._window.status.set_saved(f"Not saved: {count}", bad=True)
        safe = "on this computer" if keeper.kept else "in memory only (do not close the window)"
        why = editor.unsaved.trouble
        because = f": {why.what}. {why.cure}" if why is not None else ""
        said = f"{count} not saved{because.rstrip('.')}. Kept {safe}, and tried again every few seconds."
        if said != self._window.notices.said:
            self._window.notices.tell(said, kind="problem", action=("Save a copy…", self.save_copy))

    def save_copy(self) -> None:
        """Ask for a file, write the project and what is not saved into it, and go on there."""
        project = self._bench.project
        if project is None:
            self._window.notices.tell("Open a project first.", kind="info")
            return
        proposed = Path.home() / f"{project.path.stem}-copy.annot"
        name = choosing.file_to_save(self._window, "Save a copy", str(proposed), PROJECT_FILTER)
        if name:
            path = Path(name)
            self.copy_to(path if path.suffix == ".annot" else path.with_name(f"{path.name}.annot"))

    def copy_to(self, path: Path) -> bool:
        """Write the copy; it is opened where something is not saved or cannot be. Whether that worked."""
        project, keeper = self._bench.project, self._bench.keeper
        assert project is not None
        self._window.inspector.flush()
        try:
            done = save_copy(project, keeper.waiting(), path)
        except AnnotatorError as error:
            self._bench.failed.emit([error.problem])
            return False
        if done.lost:
            self._bench.told.emit("problem", f"The copy could not take: {', '.join(done.lost)}.")
        if done.backup:
            self._bench.told.emit(
                "problem",
                f"The project can no longer be read: the copy is the backup of {done.backup} with "
                f"{counted(done.edits, 'edit')} that had not been saved.",
            )
        if not keeper.unsaved and not keeper.locked:
            self._bench.told.emit("done", f"A copy is in {path}.")
            return True
        keeper.forget_unsaved()
        if self._bench.open(path):
            self._bench.told.emit("done", f"You are working in the copy now: {path}.")
        return True

    def may_close(self) -> bool:
        """Ask what to do where something is not saved; True where the window may close."""
        keeper = self._bench.keeper
        return not keeper.guarded() and self._may_lose_edits() and self.may_stop()

    def _may_lose_edits(self) -> bool:
        """Ask where there are edits that are not saved; True where there are none, or need not be."""
        keeper = self._bench.keeper
        if self._bench.project is None or not keeper.unsaved:
            return True
        count = counted(len(keeper.unsaved), "edit")
        if keeper.kept:
            what = "They are kept on this computer and written when you open the project here again."
        else:
            what = "They are only in memory and will be lost."
        box = QMessageBox(self._window)
        box.setWindowTitle("Not saved yet")
        box.setText(f"{count} could not be written to {self._bench.project.path.name}.")
        box.setInformativeText(what)
        copy = box.addButton("Save a copy…", QMessageBox.ButtonRole.AcceptRole)
        close = box.addButton("Close all the same", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton("Stay", QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(copy)

        written = False

        def look() -> None:
            nonlocal written
            written = not keeper.unsaved
            if written:  # meanwhile, and the question is none any more
                box.reject()

        self._bench.unsaved_changed.connect(look)
        box.exec()
        self._bench.unsaved_changed.disconnect(look)
        if written:
            return True
        if box.clickedButton() is copy:
            self.save_copy()
            return not keeper.unsaved
        return box.clickedButton() is close

    def may_stop(self) -> bool:
        """Ask where an import or export runs or waits, and stop it; True where the project may be left."""
        tasks = self._bench.tasks
        if not tasks.unfinished:
            return True
        names, meanings = zip(*tasks.unfinished, strict=True)
        what, meaning = " and ".join(dict.fromkeys(names)), "\n".join(dict.fromkeys(meanings))
        box = QMessageBox(self._window)
        box.setWindowTitle("Not done yet")
        box.setText(f"{what} {'is' if len(set(names)) == 1 else 'are'} not done yet.")
        box.setInformativeText(meaning)
        stop = box.addButton(f"Stop {what.lower()}", QMessageBox.ButtonRole.DestructiveRole)
        box.setDefaultButton(box.addButton("Stay", QMessageBox.ButtonRole.RejectRole))

        def look() -> None:
            if not tasks.unfinished:  # what came of it is to be seen
                box.reject()

        tasks.busy_changed.connect(look)
        box.exec()
        tasks.busy_changed.disconnect(look)
        if box.clickedButton() is not stop:
            return False
        tasks.stop_all()
        return True

    def tell_fault(self, report: str) -> None:
        """Say that the program crashed last time; ``report`` is what it left behind."""

        def show() -> None:
            from annotator.ui.crash import CrashDialog

            CrashDialog("Your labels are safe: every edit is written at once.", report, self._window).show()

        self._window.notices.tell(
            "The program stopped unexpectedly last time. Every label is safe.",
            action=("Show the report", show),
            stays=True,
        )

    # -- another window, or a file that can only be read ---------------------------------------

    def _on_holding(self) -> None:
        self.show_state()
        if self._bench.keeper.read_only:
            QTimer.singleShot(0, self._tell_holder)  # when the page is there: showing it clears what is said

    def _tell_holder(self) -> None:
        keeper = self._bench.keeper
        action = ("Save a copy…", self.save_copy) if keeper.locked else None
        if keeper.read_only:
            self._window.notices.tell(keeper.read_only, kind="info", action=action, stays=True)

    def show_state(self) -> None:
        """The window's title, and whether what is done here is saved."""
        project, keeper = self._bench.project, self._bench.keeper
        if project is None:
            self._window.setWindowTitle("Annotator")
            self._window.status.set_saved("")
            return
        mark = " (read-only)" if keeper.read_only else ""
        self._window.setWindowTitle(f"{project.path.stem}{mark} — Annotator")
        if keeper.unsaved:
            self._on_unsaved()
        else:
            self._window.status.set_saved("Read-only" if mark else "Every label is saved at once")
