"""The words of a span as the inspector shows them: in the page's type, with the label's bar."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.ui.controls import Themed, label
from annotator.ui.theme import Theme

_BAR = 3.0


class Quote(Themed, QWidget):
    """Wrapped words beside a bar in the colour of their label; the bar is dashed for a suggestion."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._hue = "neutral"
        self._dashed = False
        self.words = label("", "quote", wrap=True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(13, 1, 0, 3)
        column.addWidget(self.words)

    def set_quote(self, text: str, hue: str, *, dashed: bool) -> None:
        """Show other words."""
        if text != self.words.text():
            self.words.setText(text)
        if (hue, dashed) != (self._hue, self._dashed):
            self._hue, self._dashed = hue, dashed
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = self.theme.hue(self._hue).ink
        if self._dashed:
            pen = QPen(ink, _BAR)
            pen.setDashPattern([1.6, 1.2])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.setPen(pen)
            painter.drawLine(QPointF(_BAR / 2, 4), QPointF(_BAR / 2, self.height() - 4))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawRoundedRect(QRectF(0, 4, _BAR, self.height() - 8), 1.5, 1.5)
