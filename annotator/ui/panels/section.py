"""A part of the inspector: a quiet heading, some room above, and whatever belongs to it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.ui.controls import label


class Section(QWidget):
    """A heading (if it has words) over a column of widgets."""

    def __init__(self, title: str, parent: QWidget | None = None, *, above: int = 20) -> None:
        super().__init__(parent)
        self.heading = label(title, "heading")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, above, 0, 0)
        self.column.setSpacing(6)
        self.column.addWidget(self.heading)
        self.heading.setVisible(bool(title))

    def add(self, widget: QWidget) -> None:
        """Put a widget below what is there."""
        self.column.addWidget(widget)
