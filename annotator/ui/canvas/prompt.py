"""One line over the top of the page that says what the keys do just now."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QWidget

from annotator.ui.theme import SANS, Theme, font

TOP, HEIGHT, PADDING = 10, 30, 11
"""Pixels above it, its own, and between its edge and its words."""


class Prompt(QLabel):
    """Floats in the middle of the upper edge without taking the keyboard or the mouse.

    Signal: ``said`` (the line, not an empty one).
    """

    said = Signal(str)

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setIndent(0)
        self.setFont(font(SANS, 13))
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self.setStyleSheet(
            f"QLabel{{color:{theme.ink.name()};background:{theme.raised.name()};"
            f"border:1px solid {theme.line.name()};border-radius:8px;padding:0 {PADDING}px;}}"
        )

    def say(self, text: str) -> None:
        """Show a line; an empty one hides it."""
        self.setText(text)
        self.setVisible(bool(text))
        self.place()
        if text:
            self.said.emit(text)

    def place(self) -> None:
        """Stand in the middle again, after the page got another width."""
        if self.isHidden():
            return
        room = self._parent.width()
        words = QFontMetrics(self.font())
        width = words.horizontalAdvance(self.text()) + 2 * PADDING + 4
        width = min(width, max(60, room - 24))
        self.setGeometry((room - width) // 2, TOP, width, HEIGHT)
        self.raise_()
