"""Actor records from CSV and to CSV: asking for the file and telling what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from annotator.core.errors import AnnotatorError
from annotator.runtime.settings import LAST_FOLDER
from annotator.ui import choosing
from annotator.ui.notices import sentence
from annotator.ui.together import waiting

if TYPE_CHECKING:
    from annotator.ui.workbench import Workbench

FILTER = "Tables (*.csv);;All files (*)"


class Exchange(QObject):
    """Signal: ``done`` (a sentence that tells what was read or written, or why it was not)."""

    done = Signal(str)

    def __init__(self, bench: Workbench, window: QWidget) -> None:
        super().__init__(window)
        self._bench = bench
        self._window = window

    def read(self) -> None:
        """Ask for a CSV file, and add and change the records that it has."""
        name = choosing.file_to_open(self._window, "Actor records from CSV", self._folder(), FILTER)
        if name:
            self._remember(Path(name))
            self.read_from(Path(name))

    def write(self) -> None:
        """Ask for a CSV file, and write every record to it."""
        name = choosing.file_to_save(self._window, "Actor records to CSV", self._folder("actors.csv"), FILTER)
        if name:
            path = Path(name)
            self._remember(path)
            self.write_to(path if path.suffix else path.with_suffix(".csv"))

    def read_from(self, path: Path) -> None:
        """Add and change the records of a table as one edit; with anything wrong in it, none of them."""
        from annotator.session.actors_table import import_actors
        from annotator.ui.dialogs.problems import ProblemsDialog

        if self._bench.editor is None or not self._bench.may_write():
            return
        try:
            with waiting():
                report = import_actors(self._bench.editor, path)
        except AnnotatorError as error:
            self.done.emit(sentence(error.problem))
            return
        if len(report.problems) > 1:
            ProblemsDialog([sentence(each) for each in report.problems], self._window).show()
        said = [sentence(each) for each in report.problems[:1]]
        self.done.emit(" ".join([*said, report.sentence]))

    def write_to(self, path: Path) -> None:
        """Write every record as a row."""
        from annotator.session.actors_table import export_actors

        if self._bench.project is None:
            return
        try:
            with waiting():
                self.done.emit(export_actors(self._bench.project, path))
        except AnnotatorError as error:
            self.done.emit(sentence(error.problem))

    def _folder(self, name: str = "") -> str:
        last = self._bench.settings.get(LAST_FOLDER)
        folder = Path(last) if last and Path(last).is_dir() else Path.home()
        return str(folder / name)

    def _remember(self, path: Path) -> None:
        self._bench.settings.set(LAST_FOLDER, str(path.absolute().parent))
