"""Projects, articles and labels in, labels out: what the File menu and drag and drop do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from annotator.core.text import counted
from annotator.runtime.paths import data_folder
from annotator.runtime.resources import seeds_folder
from annotator.runtime.settings import LAST_FOLDER
from annotator.ui import choosing
from annotator.ui.exporting import Exporting
from annotator.ui.formats import article_filter
from annotator.ui.importing.arrivals import Arrivals
from annotator.ui.workbench import Workbench

if TYPE_CHECKING:
    from annotator.session.importing import ImportReport

PROJECT_FILTER = "Annotator projects (*.annot)"
SAMPLE = "sample.annot"


class Files(QObject):
    """Asks for files and hands the work to the session, in the background where it may take long."""

    def __init__(self, bench: Workbench, window: QWidget) -> None:
        super().__init__(window)
        self._bench = bench
        self._window = window
        self.arrivals = Arrivals(bench, window, self._imported)
        self.exporting = Exporting(bench, window, self)

    # -- projects -----------------------------------------------------------------------------

    def new_project(self) -> None:
        """Ask for a name and a codebook, and make an empty project there."""
        name = choosing.file_to_save(
            self._window, "New project", self.folder("project.annot"), PROJECT_FILTER
        )
        if name:
            path = Path(name)
            if path.suffix != ".annot":
                path = path.with_name(f"{path.name}.annot")
            self.remember(path)
            from annotator.ui.dialogs.new_project import NewProjectDialog

            dialog = NewProjectDialog(path.stem, self._bench.settings, self._window)
            if dialog.exec():
                self._bench.open(path, create=True, codebook=dialog.codebook())

    def open_project(self) -> None:
        """Ask for a project file and open it."""
        name = choosing.file_to_open(
            self._window, "Open project", self.folder(), PROJECT_FILTER + ";;All files (*)"
        )
        if name:
            self.remember(Path(name))
            self._bench.open(Path(name))

    def open_sample(self) -> None:
        """Open the sample project, making it first where there is none yet."""
        path = data_folder() / SAMPLE
        if path.exists():
            self._bench.open(path)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        if self._bench.open(path, create=True):
            self.import_now([seeds_folder()])

    def import_now(self, paths: Sequence[Path]) -> None:
        """Import a few small files at once, for the sample project."""
        from annotator.session.importing import import_paths

        assert self._bench.project is not None
        report = import_paths(self._bench.project, list(paths))
        self._imported(report, quiet=True)

    # -- articles in --------------------------------------------------------------------------

    def import_files(self) -> None:
        """Ask for article files and import them."""
        if not self._bench.may_write():
            return
        names = choosing.files_to_open(
            self._window, "Import articles or labels", self.folder(), article_filter()
        )
        if names:
            self.remember(Path(names[0]))
            self.import_paths([Path(name) for name in names])

    def import_folder(self) -> None:
        """Ask for a folder and import every article in it."""
        if not self._bench.may_write():
            return
        name = choosing.folder_to_open(self._window, "Import a folder", self.folder())
        if name:
            self.remember(Path(name) / "x")
            self.import_paths([Path(name)])

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Import files and folders, asking where need be; a project file among them is opened instead."""
        projects = [path for path in paths if path.suffix == ".annot" and path.is_file()]
        if projects:
            if self._bench.open(projects[0]) and len(paths) > 1:
                self._bench.told.emit("advice", _not_imported(projects[0], len(paths) - 1))
            return
        if self._bench.project is None:
            self._bench.told.emit("problem", "Open or make a project first, then import articles.")
            return
        if not self._bench.may_write():
            return
        self.arrivals.take(paths)

    def _imported(self, report: ImportReport, *, quiet: bool = False) -> None:
        self._bench.tell_problems(report.problems)
        came = report.articles or report.labelled or report.duplicates or report.left
        if not quiet and (came or not report.problems):
            said, kind = report.sentence, "info" if report.left else "done"
            if report.annotators and self._bench.annotator not in report.annotators:
                said, kind = f"{said} {_of_others(sorted(report.annotators))}", "advice"
            self._bench.told.emit(kind, said)
        if report.articles or report.labelled:
            self._bench.articles_added.emit()
        if report.articles == 1 and report.first_article and not quiet:
            self._bench.open_article(report.first_article)

    def paste_article(self) -> None:
        """Add an article from the clipboard."""
        if self._bench.project is None:
            self._bench.told.emit("problem", "Open or make a project first, then add articles.")
            return
        if not self._bench.may_write():
            return
        from annotator.ui.dialogs.paste import PasteDialog

        dialog = PasteDialog(self._window)
        if not dialog.exec():
            return
        from annotator.core.errors import AnnotatorError
        from annotator.session.importing import import_text

        try:
            report = import_text(self._bench.project, dialog.text(), dialog.title() or None)
        except AnnotatorError as error:
            self._bench.failed.emit([error.problem])
            return
        self._imported(report)

    # -- labels out ---------------------------------------------------------------------------

    def export(self) -> None:
        """Ask what, how and where to, and write it in the background."""
        self.exporting.ask()

    # -- folders ------------------------------------------------------------------------------

    def folder(self, name: str = "") -> str:
        """Where the last file was, or a name in that folder."""
        last = self._bench.settings.get(LAST_FOLDER)
        folder = Path(last) if last and Path(last).is_dir() else Path.home()
        return str(folder / name) if name else str(folder)

    def remember(self, path: Path) -> None:
        """The next dialog starts where this file is."""
        self._bench.settings.set(LAST_FOLDER, str(path.absolute().parent))


def _not_imported(project: Path, others: int) -> str:
    """That a project was opened, and what came with it left alone: it may have been meant for another one."""
    were, them = ("was", "it") if others == 1 else ("were", "them")
    return (
        f"{project.name} is open now. {counted(others, 'other file')} {were} not imported; "
        f"drop {them} again to import {them} into this project."
    )


def _of_others(people: list[str]) -> str:
    """That the labels which were imported are not those of who is labelling."""
    from annotator.ui.importing.draft import enumerated

    named = people if len(people) < 4 else [*people[:3], f"{len(people) - 3} more"]
    return (
        f"The labels are those of {enumerated(named)}. To see them, be one of them: File → Who is labelling…"
    )
