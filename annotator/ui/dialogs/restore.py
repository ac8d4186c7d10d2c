"""Choosing the backup to go back to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import override

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QDialog, QListWidget, QVBoxLayout, QWidget

from annotator.core.errors import AnnotatorError
from annotator.core.text import counted
from annotator.session.backups import Backup
from annotator.ui.controls import label
from annotator.ui.dialog_buttons import DialogButtons


def line_of(backup: Backup) -> str:
    """“24 November 2026 13:59 · 12 articles · 1,204 edits · 2.1 MB”."""
    from annotator.store.copying import mark_of

    try:
        mark = mark_of(backup.path)
        holds = f"{counted(mark.articles, 'article')}  ·  {counted(mark.edits, 'edit')}"
    except AnnotatorError:
        holds = "damaged"
    size = QLocale.c().formattedDataSize(backup.size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
    return f"{backup.at.day} {backup.at:%B %Y %H:%M}  ·  {holds}  ·  {size}"


class RestoreDialog(QDialog):
    """A list, newest first. ``chosen`` is the backup that was chosen, None before."""

    def __init__(self, project: Path, backups: Sequence[Backup], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._backups = list(backups)
        self.chosen: Backup | None = None
        self.setWindowTitle("Restore a backup")
        self.resize(560, 400)
        self.list = QListWidget()
        self.list.setAccessibleName("Backups")
        self.list.setSpacing(3)
        self.list.addItems([line_of(each) for each in backups])
        self.buttons = DialogButtons("Restore")
        self.go = self.buttons.go
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.list.itemDoubleClicked.connect(lambda _: self.accept())
        self.list.currentRowChanged.connect(lambda row: self.go.setEnabled(row >= 0))
        said = "What the project holds now becomes a backup itself, so you can come back."
        if not backups:
            said = "There is none yet: the first is made a few seconds after a project was opened."
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(14)
        column.addWidget(label(f"Backups of {project.name}", "title"))
        column.addWidget(label(said, "quiet", wrap=True))
        column.addWidget(self.list, 1)
        column.addWidget(self.buttons)
        self.go.setEnabled(bool(backups))
        if backups:
            self.list.setCurrentRow(0)
        self.list.setFocus()

    @override
    def accept(self) -> None:
        """Take the backup of the current row."""
        row = self.list.currentRow()
        if row >= 0:
            self.chosen = self._backups[row]
            super().accept()
