"""Files on their way into the project: looked at, asked about if need be, imported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from annotator.formats.registry import AUTO
from annotator.ui.importing.looking import Wanted, is_to_decide
from annotator.ui.style import theme_of

if TYPE_CHECKING:
    from annotator.core.codebook import Codebook
    from annotator.core.mapping import ImportMapping
    from annotator.session.importing import ImportReport
    from annotator.session.surveying import Survey
    from annotator.ui.importing.dialog import ImportChoice, ImportDialog
    from annotator.ui.workbench import Workbench

IMPORTING = "Importing"
"""What is done while files are read into the project."""
IF_STOPPED = "If you stop it, nothing stays of the file that is being read; files before it stay."
SHOWN_AFTER = 400
"""Milliseconds after which a look that is not done is shown, with how far it is."""


class Arrivals(QObject):
    """Takes files into the project that is open; ``done`` gets the report of each import.

    Signal: ``begun`` (what was decided in the dialog is being done).
    """

    begun = Signal()

    def __init__(self, bench: Workbench, window: QWidget, done: Callable[[ImportReport], None]) -> None:
        super().__init__(window)
        self._bench = bench
        self._window = window
        self._done = done
        self.dialog: ImportDialog | None = None
        """The one that looks, or asks, at present."""
        self._kept: tuple[tuple[Path, Codebook, tuple[Path, ...]], ImportMapping] | None = None
        """Project, codebook and files of the dialog that was cancelled last, and what was decided in it."""
        self._shown = QTimer(self, interval=SHOWN_AFTER, singleShot=True)
        self._shown.timeout.connect(self._show)
        bench.project_left.connect(self._leave)  # what looks is waited for next

    @property
    def busy(self) -> bool:
        """Whether files are looked at, asked about or imported."""
        return self.dialog is not None or self._bench.tasks.busy

    def take(self, paths: Sequence[Path]) -> None:
        """Look at files and folders in the background; then ask, or import them at once."""
        from annotator.ui.importing.dialog import ImportDialog

        bench = self._bench
        assert bench.project is not None and bench.codebook is not None
        self._leave()
        key = bench.project.path, bench.project.codebook, tuple(paths)
        mapping = self._kept[1] if self._kept and self._kept[0] == key else None
        self._kept = None
        wanted = Wanted(bench.project.path, tuple(paths), AUTO, mapping)
        dialog = ImportDialog(
            theme_of(self._window),
            wanted,
            bench.project.codebook,
            bench.annotator,
            bench.tasks,
            self._window,
        )
        dialog.looked.connect(self._on_looked)
        dialog.accepted.connect(self._on_accepted)
        dialog.rejected.connect(self._on_rejected)
        self.dialog = dialog
        self._paths = list(paths)
        self._shown.start()
        dialog.look()

    def _show(self) -> None:
        if self.dialog is not None and not self.dialog.isVisible():
            self.dialog.open()

    def _on_looked(self, survey: Survey) -> None:
        """After the first look: ask, or import at once."""
        dialog = self.dialog
        assert dialog is not None
        dialog.looked.disconnect(self._on_looked)
        self._shown.stop()
        if is_to_decide(survey):
            self._show()
        else:  # what is wrong with some of the files is told when the others are imported
            self._leave()
            self._import(self._paths, None)

    def _on_accepted(self) -> None:
        dialog = self.dialog
        assert dialog is not None
        choice = dialog.choice()
        self._leave()
        self._import(self._paths, choice)
        self.begun.emit()

    def _on_rejected(self) -> None:
        """What was decided is there again when the same files are chosen again."""
        dialog = self.dialog
        if dialog is not None and dialog.draft is not None and self._bench.project is not None:
            project = self._bench.project
            self._kept = (project.path, project.codebook, tuple(self._paths)), dialog.draft.mapping()
        self._leave()

    def _leave(self) -> None:
        self._shown.stop()
        if self.dialog is not None:
            dialog, self.dialog = self.dialog, None
            dialog.stop()
            dialog.hide()
            dialog.deleteLater()

    def _import(self, paths: Sequence[Path], choice: ImportChoice | None) -> None:
        bench = self._bench
        assert bench.project is not None
        where, wanted, annotator = bench.project.path, list(paths), bench.annotator

        def work(progress: object) -> object:
            from annotator.session.importing import import_paths
            from annotator.session.project import Project

            with Project.open(where) as project:
                if choice is None:
                    return import_paths(project, wanted, progress=progress)  # type: ignore[arg-type]
                return import_paths(
                    project,
                    wanted,
                    format=choice.format,
                    annotator=annotator,
                    mapping=choice.mapping,
                    as_suggestions=choice.as_suggestions,
                    all_mine=choice.all_mine,
                    skip_copies=choice.skip_copies,
                    progress=progress,  # type: ignore[arg-type]
                )

        def done(report: object) -> None:
            if bench.project is not None and bench.project.path == where:  # else it was left meanwhile
                self._on_imported(report)

        bench.tasks.run(IMPORTING, work, done, bench.tell_failure, stop=IF_STOPPED)

    def _on_imported(self, report: object) -> None:
        editor = self._bench.editor
        if editor is not None:
            editor.look_again(own=True)  # the codebook may have become larger
        self._done(report)  # type: ignore[arg-type]
