"""Mappings as files: to use one again, or on the command line."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QMessageBox, QWidget

from annotator.core.errors import AnnotatorError
from annotator.core.mapping import ImportMapping
from annotator.ui import choosing
from annotator.ui.notices import sentence

FILTER = "Mappings (*.toml);;All files (*)"


class MappingFiles:
    """Asks for a file and reads or writes it; what goes wrong is told at once."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self.folder = Path.home()

    def save(self, mapping: ImportMapping) -> None:
        """Ask for a name and write the mapping there."""
        start = str(self.folder / "mapping.toml")
        name = choosing.file_to_save(self._window, "Save mapping", start, FILTER)
        if name:
            path = Path(name)
            self.save_to(path if path.suffix else path.with_suffix(".toml"), mapping)

    def save_to(self, path: Path, mapping: ImportMapping) -> None:
        """Write the mapping to a file."""
        from annotator.core.mapping_file import mapping_to_toml

        try:
            path.write_text(mapping_to_toml(mapping), encoding="utf-8")
        except OSError as error:
            self._tell(f"{path}: this file cannot be written: {error.strerror or error}.")

    def load(self) -> ImportMapping | None:
        """Ask for a file and read it; None where there is none, or it is wrong."""
        name = choosing.file_to_open(self._window, "Load mapping", str(self.folder), FILTER)
        return self.load_from(Path(name)) if name else None

    def load_from(self, path: Path) -> ImportMapping | None:
        """Read a mapping; None where it is wrong."""
        from annotator.core.mapping_file import mapping_from_toml

        try:
            return mapping_from_toml(path.read_text(encoding="utf-8"), str(path))
        except AnnotatorError as error:
            self._tell(sentence(error.problem))
        except (OSError, UnicodeError) as error:
            self._tell(f"{path}: this file cannot be read: {error}.")
        return None

    def _tell(self, text: str) -> None:
        QMessageBox.warning(self._window, "Mapping", text)
