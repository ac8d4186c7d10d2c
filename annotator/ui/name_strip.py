"""The strip above the page that asks who is labelling, without standing in the way."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from annotator.ui.controls import Chip, Themed, label
from annotator.ui.theme import Theme

_ROOMY = 640
"""Pixels from which on there is room for the hint."""


class NameStrip(Themed, QWidget):
    """A question and a field. Signal: ``named`` with the name, without blanks around it."""

    named = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setProperty("look", "strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.field = QLineEdit()
        self.field.setMaximumWidth(220)
        self.field.setMinimumWidth(90)
        self.field.setMaxLength(80)
        self.field.setPlaceholderText("Your name")
        self.field.setAccessibleName("Who is labelling?")
        self.keep = Chip("Use this name", theme)
        self.keep.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hint = label("It is recorded on every label.", "quiet")
        self.later = Chip("", theme, icon="close", bare=True)
        self.later.setAccessibleName("Not now")
        self.later.setToolTip("Not now")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 7, 12, 7)
        row.setSpacing(10)
        row.addWidget(label("Who is labelling?"))
        row.addWidget(self.field, 1)
        row.addWidget(self.keep)
        row.addWidget(self.hint)
        row.addStretch(1)
        row.addWidget(self.later)
        self.field.textChanged.connect(self._on_typed)
        self.field.returnPressed.connect(self._on_named)
        self.keep.clicked.connect(self._on_named)
        self.later.clicked.connect(self.hide)
        self._on_typed()
        self.hide()

    def ask(self, name: str) -> None:
        """Show the strip with a name to start from; the cursor goes there if the window is open."""
        self.field.setText(name)
        self.show()
        if self.window().isVisible():
            self.field.setFocus()
            self.field.selectAll()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.hint.setVisible(self.width() >= _ROOMY)

    def _on_typed(self) -> None:
        self.keep.setEnabled(bool(self.field.text().strip()))

    def _on_named(self) -> None:
        if name := self.field.text().strip():
            self.hide()
            self.named.emit(name)
