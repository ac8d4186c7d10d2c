"""Projects and articles in, JSONL out: what the File menu and drag and drop do."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from annotator.runtime.paths import data_folder
from annotator.runtime.resources import seeds_folder
from annotator.runtime.settings import LAST_FOLDER
from annotator.ui.workbench import Workbench

if TYPE_CHECKING:
    from annotator.session.importing import ImportReport

PROJECT_FILTER = "Annotator projects (*.annot)"
ARTICLE_FILTER = "Articles (*.txt *.jsonl *.json *.csv *.tsv);;All files (*)"
SAMPLE = "sample.annot"


class Files(QObject):
    """Asks for files and hands the work to the session, in the background where it may take long."""

    def __init__(self, bench: Workbench, window: QWidget) -> None:
        super().__init__(window)
        self._bench = bench
        self._window = window

    # -- projects -----------------------------------------------------------------------------

    def new_project(self) -> None:
        """Ask for a name and a codebook, and make an empty project there."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, "New project", self._folder("project.annot"), PROJECT_FILTER
        )
        if name:
            path = Path(name)
            if path.suffix != ".annot":
                path = path.with_name(f"{path.name}.annot")
            self._remember(path)
            from annotator.ui.dialogs.new_project import NewProjectDialog

            dialog = NewProjectDialog(path.stem, self._bench.settings, self._window)
            if dialog.exec():
                self._bench.open(path, create=True, codebook=dialog.codebook())

    def open_project(self) -> None:
        """Ask for a project file and open it."""
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Open project", self._folder(), PROJECT_FILTER + ";;All files (*)"
        )
        if name:
            self._remember(Path(name))
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
        names, _ = QFileDialog.getOpenFileNames(
            self._window, "Import articles", self._folder(), ARTICLE_FILTER
        )
        if names:
            self._remember(Path(names[0]))
            self.import_paths([Path(name) for name in names])

    def import_folder(self) -> None:
        """Ask for a folder and import every article in it."""
        if not self._bench.may_write():
            return
        name = QFileDialog.getExistingDirectory(self._window, "Import a folder", self._folder())
        if name:
            self._remember(Path(name) / "x")
            self.import_paths([Path(name)])

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Import files and folders in the background; a project file among them is opened instead."""
        projects = [path for path in paths if path.suffix == ".annot" and path.is_file()]
        if projects:
            self._bench.open(projects[0])
            return
        if self._bench.project is None:
            self._bench.told.emit("problem", "Open or make a project first, then import articles.")
            return
        if not self._bench.may_write():
            return
        where = self._bench.project.path
        wanted = list(paths)

        def work(progress: object) -> object:
            from annotator.session.importing import import_paths
            from annotator.session.project import Project

            with Project.open(where) as project:
                return import_paths(project, wanted, progress=progress)  # type: ignore[arg-type]

        self._bench.tasks.run("Importing", work, self._on_imported, self._bench.tell_failure)

    def _on_imported(self, report: object) -> None:
        self._imported(report)  # type: ignore[arg-type]

    def _imported(self, report: ImportReport, *, quiet: bool = False) -> None:
        self._bench.tell_problems(report.problems)
        if not quiet and (report.articles or report.duplicates or not report.problems):
            self._bench.told.emit("done", report.sentence)
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
        """Ask what and where to, and write the JSONL file in the background."""
        bench = self._bench
        if bench.project is None:
            bench.told.emit("problem", "There is no project open to export.")
            return
        names = bench.project.repository.annotators()
        from annotator.ui.dialogs.export import ExportDialog

        dialog = ExportDialog(
            names,
            bench.annotator,
            Path(self._folder(f"{bench.project.path.stem}.jsonl")),
            self._window,
        )
        if not dialog.exec():
            return
        choice = dialog.choice()
        self._remember(choice.path)
        where = bench.project.path

        def work(progress: object) -> object:
            from annotator.session.exporting import export_labels
            from annotator.session.project import Project
            from annotator.session.selecting import Selection

            with Project.open_to_read(where) as project:
                return export_labels(
                    project,
                    choice.path,
                    selection=Selection(annotator=choice.annotator, statuses=choice.statuses),
                    include_suggestions=choice.include_suggestions,
                    progress=progress,  # type: ignore[arg-type]
                )

        def done(report: object) -> None:
            bench.told.emit("done", report.sentence)  # type: ignore[attr-defined]

        bench.tasks.run("Exporting", work, done, bench.tell_failure)

    # -- folders ------------------------------------------------------------------------------

    def _folder(self, name: str = "") -> str:
        last = self._bench.settings.get(LAST_FOLDER)
        folder = Path(last) if last and Path(last).is_dir() else Path.home()
        return str(folder / name) if name else str(folder)

    def _remember(self, path: Path) -> None:
        self._bench.settings.set(LAST_FOLDER, str(path.absolute().parent))
