"""What a label looks like on the page, in both appearances."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from annotator.core.codebook import Label
from annotator.core.model import Kind
from annotator.ui.controls import RADIUS, Themed
from annotator.ui.theme import SANS, SERIF, Theme, dark, font, light

HEIGHT, LOW = 92, 68
"""Pixels of one that stands beside the other, and of one that stands above it."""
GAP, ROOMY = 12, 520
"""Pixels between the two; width from which on they stand side by side."""
_WORDS = {
    Kind.ENTITY: ("Talks in ", "Doha", " ended on Friday."),
    Kind.ACTOR: ("Then ", "the minister", " rejected it."),
    Kind.CLAIM: ("He said that ", "talks must go on", "."),
    Kind.CUE: ("A minister ", "demanded", " more aid."),
}
"""What stands before the labelled words, those words, and what follows."""


class Preview(Themed, QWidget):
    """A line of an article with the label, on light and on dark paper."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._label: Label | None = None
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_label(self, label: Label) -> None:
        """Show another label."""
        if label != self._label:
            self._label = label
            self.setAccessibleName(f"What {label.name or 'the label'} looks like on the page")
            self.update()

    @override
    def heightForWidth(self, width: int) -> int:
        return HEIGHT if width >= ROOMY else 2 * LOW + GAP

    @override
    def sizeHint(self) -> QSize:
        return QSize(ROOMY, HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(260, HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._label is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        beside = self.width() >= ROOMY
        wide = (self.width() - GAP) / 2 if beside else self.width()
        for nth, theme in enumerate((light(), dark())):
            left, top = (nth * (wide + GAP), 0) if beside else (0, nth * (LOW + GAP))
            box = QRectF(left, top, wide, HEIGHT if beside else LOW)
            self._paint(painter, box, theme, self._label)

    def _paint(self, painter: QPainter, box: QRectF, theme: Theme, label: Label) -> None:
        painter.save()
        painter.setPen(QPen(self.theme.line, 1))
        painter.setBrush(theme.page)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.setClipRect(box.adjusted(2, 2, -2, -2))
        hue, face = theme.hue(label.colour), font(SERIF, 18)
        metrics = QFontMetricsF(face)
        base = box.center().y() + 12
        left = box.left() + (64 if label.kind is Kind.CLAIM else 18)
        before, words, after = _WORDS[label.kind]
        painter.setFont(face)
        painter.setPen(theme.ink)
        painter.drawText(QPointF(left, base), before)
        left += metrics.horizontalAdvance(before)
        width = metrics.horizontalAdvance(words)
        if label.kind is Kind.CLAIM:
            self._paint_margin(painter, box, theme, label, base)
            painter.fillRect(QRectF(left, base + 6, width, 1.8), hue.ink)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(hue.tint)
            painter.drawRoundedRect(QRectF(left - 2, base - 18, width + 4, 25), 3.5, 3.5)
            painter.setFont(font(SANS, 12, bold=True))
            painter.setPen(hue.ink)
            painter.drawText(QPointF(left - 1, base - 23), label.shown)
        painter.setFont(face)
        painter.setPen(theme.ink)
        painter.drawText(QPointF(left, base), words)
        painter.drawText(QPointF(left + width, base), after)
        painter.restore()

    def _paint_margin(self, painter: QPainter, box: QRectF, theme: Theme, label: Label, base: float) -> None:
        """A claim's number in the margin."""
        hue, face = theme.hue(label.colour), font(SANS, 11, bold=True)
        words = QFontMetricsF(face).elidedText(f"{label.shown} 1", Qt.TextElideMode.ElideRight, 40)
        pill = QRectF(box.left() + 8, base - 14, 44, 17)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(hue.tint)
        painter.drawRoundedRect(pill, 3.5, 3.5)
        painter.fillRect(QRectF(box.left() + 57, base - 17, 1.6, 24), hue.ink)
        painter.setFont(face)
        painter.setPen(hue.ink)
        painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), words)
