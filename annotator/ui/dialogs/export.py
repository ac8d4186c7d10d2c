"""What is to be exported, and where to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from annotator.core.model import Status
from annotator.ui.controls import CheckBox, ComboBox, label
from annotator.ui.style import theme_of

_STATUSES = (
    (Status.NEW, "New"),
    (Status.IN_PROGRESS, "In progress"),
    (Status.DONE, "Done"),
    (Status.SKIPPED, "Skipped"),
)


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What the person wants exported."""

    path: Path
    annotator: str | None
    """None: everybody's labels."""
    statuses: frozenset[Status]
    """Empty: articles of every status."""
    include_suggestions: bool


class ExportDialog(QDialog):
    """Asks for annotator, statuses, suggestions and file."""

    def __init__(
        self, annotators: Sequence[str], annotator: str, path: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export")
        theme = theme_of(self)
        self.who = ComboBox(theme)
        self.who.setAccessibleName("Whose labels")
        self.who.addItem("Everybody’s labels", None)
        for name in annotators:
            self.who.addItem(f"{name} (you)" if name == annotator else name, name)
        self.statuses = {status: CheckBox(name, theme) for status, name in _STATUSES}
        for box in self.statuses.values():
            box.setChecked(True)
            box.toggled.connect(self._on_changed)
        self.suggestions = CheckBox("Include suggestions, marked as undecided or rejected", theme)
        self.path_field = QLineEdit(str(path))
        self.path_field.setAccessibleName("File")
        self.path_field.setMinimumWidth(340)
        self.path_field.textChanged.connect(self._on_changed)
        self.browse = QPushButton("Choose…")
        self.browse.setAutoDefault(False)
        self.browse.clicked.connect(self._on_browse)
        self.warning = label("", "quiet")
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.go = self.buttons.addButton("Export", QDialogButtonBox.ButtonRole.AcceptRole)
        self.go.setDefault(True)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._lay_out()
        self._on_changed()

    def _lay_out(self) -> None:
        states = QHBoxLayout()
        states.setSpacing(14)
        for box in self.statuses.values():
            states.addWidget(box)
        states.addStretch(1)
        file = QHBoxLayout()
        file.setSpacing(8)
        file.addWidget(self.path_field, 1)
        file.addWidget(self.browse)
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(14)
        grid.addWidget(label("Labels of", "heading"), 0, 0)
        grid.addWidget(self.who, 0, 1)
        grid.addWidget(label("Articles", "heading"), 1, 0)
        grid.addLayout(states, 1, 1)
        grid.addWidget(self.suggestions, 2, 1)
        grid.addWidget(label("File", "heading"), 3, 0)
        grid.addLayout(file, 3, 1)
        grid.addWidget(self.warning, 4, 1)
        grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(18)
        column.addWidget(label("Export labels as JSONL", "title"))
        column.addLayout(grid)
        column.addStretch(1)
        column.addWidget(self.buttons)

    def choice(self) -> ExportChoice:
        """What was chosen."""
        chosen = frozenset(status for status, box in self.statuses.items() if box.isChecked())
        return ExportChoice(
            path=self._path(),
            annotator=self.who.currentData(),
            statuses=frozenset() if len(chosen) == len(_STATUSES) else chosen,
            include_suggestions=self.suggestions.isChecked(),
        )

    def _path(self) -> Path:
        path = Path(self.path_field.text().strip()).expanduser()
        plain = not path.suffix and path.name and not path.is_dir()
        return path.with_suffix(".jsonl") if plain else path

    def _on_browse(self) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self,
            "Export to",
            self.path_field.text(),
            "JSON lines (*.jsonl);;All files (*)",
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if name:
            self.path_field.setText(name)

    def _on_changed(self) -> None:
        named = bool(self.path_field.text().strip())
        path = self._path()
        any_status = any(box.isChecked() for box in self.statuses.values())
        if not any_status:
            said = "Tick at least one status."
        elif named and path.is_dir():
            said = "That is a folder; add a name for the file."
        elif named and not path.parent.is_dir():
            said = "There is no such folder."
        elif named and path.exists():
            said = "This file exists and will be replaced."
        else:
            said = " "
        self.warning.setText(said)
        self.go.setText("Replace" if named and path.is_file() else "Export")
        self.go.setEnabled(any_status and named and path.parent.is_dir() and not path.is_dir())
