"""The page on which labels of other tools become labels of the codebook, and somebody's."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.core.text import counted
from annotator.ui.controls import ComboBox, Themed, label
from annotator.ui.importing.draft import ImportDraft, Part
from annotator.ui.importing.names import NamesTable
from annotator.ui.theme import Theme

_LEAST = 280
"""Pixels of height, of which sentences may take more than one line."""


class Whose(Enum):
    """Whose labels the imported ones are."""

    FILE = "file"
    """The annotators that the file names; where it names none, of who imports."""
    NOBODY = "nobody"
    """Suggestions, to be decided on."""


class LabelsPage(Themed, QWidget):
    """Signal: ``changed`` (a name becomes something else)."""

    changed = Signal()

    def __init__(self, theme: Theme, annotator: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._draft: ImportDraft | None = None
        self.said = label("", "quiet", wrap=True)
        self.table = NamesTable(theme)
        self.table.names.decided.connect(self._on_decided)
        self.codebook = label("", "quiet", wrap=True)
        self.whose = ComboBox(theme)
        self.whose.setMinimumWidth(200)  # long names end in dots
        self.whose.setAccessibleName("Whose labels they are")
        self.whose.addItem(
            f"As the files say; where they do not, {_shortened(annotator)}’s (you)", Whose.FILE
        )
        self.whose.addItem("Nobody’s: suggestions to decide on", Whose.NOBODY)
        foot = QHBoxLayout()
        foot.setSpacing(14)
        foot.addWidget(label("Whose labels", "heading"))
        foot.addWidget(self.whose)
        foot.addStretch(1)
        self.setMinimumHeight(_LEAST)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.said)
        column.addWidget(self.table, 1)
        column.addWidget(self.codebook)
        column.addLayout(foot)

    def show_draft(self, draft: ImportDraft) -> None:
        """Show the names that the survey found."""
        self._draft = draft
        found = [counted(len(draft.names(part)), part.value) for part in Part if draft.names(part)]
        self.said.setText(
            f"{', '.join(found)}. Space opens what a name becomes, Delete leaves it out."
            if found
            else "The files have no labels."
        )
        self.table.show_draft(draft)
        self._on_decided(tell=False)

    @property
    def as_suggestions(self) -> bool:
        """Whether the labels come in as suggestions."""
        return self.whose.currentData() is Whose.NOBODY

    def _on_decided(self, *, tell: bool = True) -> None:
        assert self._draft is not None
        self.codebook.setText(self._draft.codebook_sentence())
        if tell:
            self.changed.emit()


def _shortened(name: str) -> str:
    return name if len(name) <= 30 else f"{name[:29]}…"
