"""Fonts and distances of the page at one zoom, in device-independent pixels."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QStaticText, QTransform

from annotator.ui.theme import SANS, SERIF, Theme, font


class Metrics:
    """Everything that the layout and the painter measure with."""

    def __init__(self, theme: Theme, zoom: float = 1.0) -> None:
        self.theme = theme
        self.zoom = zoom
        self.body = font(SERIF, 18 * zoom)
        self.head = font(SERIF, 27 * zoom, bold=True)
        self.label = font(SANS, 11 * zoom, bold=True)
        self.label_soft = font(SANS, 11 * zoom)
        self.relation = font(SANS, 12 * zoom)
        self.meta = font(SANS, 13 * zoom)
        self.body_metrics = QFontMetricsF(self.body)
        self.head_metrics = QFontMetricsF(self.head)
        self.label_metrics = QFontMetricsF(self.label)
        self.relation_metrics = QFontMetricsF(self.relation)
        self.column = 690.0 * zoom
        self.left = 122.0 * zoom
        self.right = 180.0 * zoom
        self.top = 34.0 * zoom
        self.bottom = 90.0 * zoom
        self.label_height = 13.0 * zoom
        self.arc_height = 17.0 * zoom
        self.lead = 15.0 * zoom
        self.underline_step = 3.0 * zoom
        self.paragraph_gap = 16.0 * zoom
        self.line_gap = 4.0 * zoom
        self.lane = 11.0 * zoom
        both = (self.body_metrics, self.head_metrics)
        self._heights = [each.height() for each in both]
        self._caps = [each.ascent() - each.capHeight() - 4.0 * zoom for each in both]
        self.label_width = lru_cache(maxsize=512)(self._label_width)
        self.relation_width = lru_cache(maxsize=512)(self._relation_width)
        self.words = lru_cache(maxsize=1024)(self._words)

    def _label_width(self, text: str) -> float:
        return self.label_metrics.horizontalAdvance(text)

    def _relation_width(self, text: str) -> float:
        return self.relation_metrics.horizontalAdvance(text)

    def _words(self, text: str, which: str) -> QStaticText:
        """A short text laid out once, in the font of that name (``label``, ``label_soft``, ``relation``)."""
        made = QStaticText(text)
        made.setTextFormat(Qt.TextFormat.PlainText)
        made.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
        made.prepare(QTransform(), getattr(self, which))
        return made

    def text_height(self, head: bool) -> float:
        """Height of a line of text without the room above it."""
        return self._heights[head]

    def cap_offset(self, head: bool) -> float:
        """From the top of a text line to just above its capitals."""
        return self._caps[head]
