"""Actor records from CSV and to CSV: asking for the file and telling what came of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from annotator.runtime.settings import LAST_FOLDER

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
        name, _ = QFileDialog.getOpenFileName(self._window, "Actor records from CSV", self._folder(), FILTER)
        if name:
            self.read_from(Path(name))

    def write(self) -> None:
        """Ask for a CSV file, and write every record to it."""
        name, _ = QFileDialog.getSaveFileName(
            self._window, "Actor records to CSV", self._folder("actors.csv"), FILTER
        )
        if name:
            path = Path(name)
            self.write_to(path if path.suffix else path.with_suffix(".csv"))

    def _folder(self, name: str = "") -> str:
        return str(Path(self._bench.settings.get(LAST_FOLDER)) / name)
