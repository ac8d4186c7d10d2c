"""Labels out: asking what, how and where to, and before something is lost by it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from annotator.core.errors import StoppedError
from annotator.core.records import replace
from annotator.formats.registry import WRITERS
from annotator.runtime.paths import data_folder
from annotator.ui.formats import title_of

if TYPE_CHECKING:
    from annotator.session.exporting import ExportReport
    from annotator.ui.dialogs.export import ExportChoice
    from annotator.ui.dialogs.losses import LossesDialog
    from annotator.ui.workbench import Workbench


IF_STOPPED = "If you stop it, nothing is exported; an older file of that name stays as it is."


class Places(Protocol):
    """Where files were last."""

    def folder(self, name: str = "") -> str:
        """The folder of the last file, or a name in it."""

    def remember(self, path: Path) -> None:
        """The next dialog starts there."""


class _Question:
    """Whether to go on, asked by one thread and answered in another."""

    def __init__(self, losses: Sequence[str]) -> None:
        self.losses = tuple(losses)
        self._answered = Event()
        self._yes = False

    def answer(self, yes: bool) -> None:
        if not self._answered.is_set():
            self._yes = yes
            self._answered.set()

    def wait(self) -> bool:
        self._answered.wait()
        return self._yes


class Exporting(QObject):
    """Slot of the action that exports."""

    _asked = Signal(object)

    def __init__(self, bench: Workbench, window: QWidget, places: Places) -> None:
        super().__init__(window)
        self._bench = bench
        self._window = window
        self._places = places
        self._question: _Question | None = None
        self._title = ""
        self._last: tuple[Path, ExportChoice] | None = None
        """The project that was exported last, and how: whoever says no to losses changes only that."""
        self.losses: LossesDialog | None = None
        """The dialog that asks at present."""
        self._asked.connect(self._on_asked)
        bench.project_left.connect(self._decline)  # the work is waited for next

    def ask(self) -> None:
        """Ask what, how and where to, and write it in the background."""
        bench = self._bench
        if bench.project is None:
            bench.told.emit("problem", "There is no project open to export.")
            return
        from annotator.ui.dialogs.export import ExportDialog

        dialog = ExportDialog(
            bench.project.repository.annotators(),
            bench.annotator,
            self._proposed(bench.project.path),
            self._window,
        )
        if self._last is not None and self._last[0] == bench.project.path:
            dialog.take(self._last[1])
        if dialog.exec():
            choice = dialog.choice()
            self._last = bench.project.path, choice
            self._places.remember(choice.path)
            self.write(choice)

    def _proposed(self, project: Path) -> Path:
        """A name beside the project, not among the files that were imported last.

        The sample project lies where nobody looks for files.
        """
        if project.is_relative_to(data_folder()):
            return Path(self._places.folder(project.stem))
        return project.absolute().with_suffix("")

    def write(self, choice: ExportChoice) -> None:
        """Write it; where something would be lost, the person is asked first."""
        bench = self._bench
        assert bench.project is not None
        where = bench.project.path
        self._title = title_of(WRITERS[choice.format])

        def work(progress: object) -> object:
            from annotator.session.copies_of import first_of_each
            from annotator.session.exporting import export_labels
            from annotator.session.project import Project

            with Project.open_to_read(where) as project:
                selection = choice.selection
                if choice.copies_together and selection.split is not None:
                    together = first_of_each(project, progress)  # type: ignore[arg-type]
                    selection = replace(selection, split=replace(selection.split, groups=together))
                return export_labels(
                    project,
                    choice.path,
                    format=choice.format,
                    selection=selection,
                    progress=progress,  # type: ignore[arg-type]
                    confirm=self.confirm,
                )

        bench.tasks.run("Exporting", work, self._on_done, self._on_failed, stop=IF_STOPPED)

    def confirm(self, losses: Sequence[str]) -> bool:
        """Ask the person, from the thread that writes; it waits for the answer."""
        question = _Question(losses)
        self._question = question
        self._asked.emit(question)
        return question.wait()

    def _on_asked(self, question: _Question) -> None:
        if question is not self._question:
            return
        from annotator.ui.dialogs.losses import LossesDialog

        dialog = LossesDialog(self._title, question.losses, self._window)
        self.losses = dialog
        dialog.accepted.connect(lambda: question.answer(True))
        dialog.finished.connect(lambda: question.answer(False))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _decline(self) -> None:
        question, self._question = self._question, None
        if question is not None:
            question.answer(False)

    def _on_failed(self, error: Exception) -> None:
        self._question = self.losses = None
        if isinstance(error, StoppedError):
            self._bench.told.emit("info", "Stopped. Nothing was exported.")
        else:
            self._bench.tell_failure(error)

    def _on_done(self, report: object) -> None:
        self._question = self.losses = None
        done: ExportReport = report  # type: ignore[assignment]
        self._bench.told.emit("info" if done.cancelled else "done", done.sentence)
