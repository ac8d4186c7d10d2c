"""How one span or relation looks in the list of an article's labels."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from annotator.core.model import Span
from annotator.core.text import runs_left
from annotator.core.tiers import is_less_certain
from annotator.ui import icons
from annotator.ui.controls import row_ground
from annotator.ui.models.label_list import LabelRole, LabelRow
from annotator.ui.panels.wording import slants
from annotator.ui.theme import SANS, SERIF, Theme, figures, font

ROW_HEIGHT = 31
_INSET = 8.0
_NAME_WIDTH = 84.0
_SURE_WIDTH = 38.0
_MARK_WIDTH = 22.0


class LabelDelegate(QStyledItemDelegate):
    """Paints rows of a LabelListModel: mark, name in the label's colour, the words.

    A suggestion has a dashed ring for its mark, in sparser dashes where it is less certain, and its words
    in italics; a relation is set in under its head, with an arrow. A sign marks what lacks something.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.confidence = False
        """Whether suggestions say how sure they are."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, ROW_HEIGHT)

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row: LabelRow | None = index.data(LabelRole.ROW)
        if row is None:
            return
        theme = self.theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(_INSET, 1, -_INSET, -1)
        row_ground(painter, box, option.state, theme)
        hue = theme.hue(index.data(LabelRole.COLOUR))
        left = box.left() + 12
        if row.relation is not None:
            left += 22
            arrow = QRectF(left - 7, box.center().y() - 6.5, 13, 13)
            icons.draw(painter, "arrow_right", arrow, theme.soft)
        else:
            self._paint_dot(painter, QPointF(left, box.center().y()), hue.ink, row.span)
        left += 15
        face = font(SANS, 12, bold=row.relation is None)
        name = str(index.data(LabelRole.TITLE))
        width = _NAME_WIDTH - (22 if row.relation is not None else 0)
        ink = hue.ink if row.relation is None else theme.soft
        self._paint_words(painter, name, face, ink, left, width, box)
        left += width + 8
        excerpt = str(index.data(LabelRole.EXCERPT))
        words = font(SERIF, 14, italic=row.is_suggestion and slants(excerpt))
        room = box.right() - 10 - left
        sure = (row.relation or row.span).confidence if self.confidence else None
        if sure is not None:
            room -= _SURE_WIDTH
            end = QRectF(left + room, box.top() + 1, _SURE_WIDTH, box.height())
            painter.setFont(figures(font(SANS, 11)))
            painter.setPen(theme.soft)
            painter.drawText(end, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, f"{sure:.0%}")
        if index.data(LabelRole.MISSING):
            room -= _MARK_WIDTH
            mark = QRectF(left + room + _MARK_WIDTH - 14, box.center().y() - 7, 14, 14)
            icons.draw(painter, "warning", mark, theme.warn)
        self._paint_words(painter, excerpt, words, theme.ink, left, room, box)
        painter.restore()

    def _paint_dot(self, painter: QPainter, centre: QPointF, colour: QColor, span: Span) -> None:
        if span.is_suggestion:
            pen = QPen(colour, 1.4)
            pen.setDashPattern([1.0, 2.2] if is_less_certain(span) else [1.7, 1.5])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, 4.5, 4.5)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            painter.drawEllipse(centre, 4.5, 4.5)

    def _paint_words(
        self,
        painter: QPainter,
        text: str,
        face: QFont,
        colour: QColor,
        left: float,
        width: float,
        box: QRectF,
    ) -> None:
        painter.setFont(face)
        painter.setPen(colour)
        shown = QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, width)
        place = QRectF(left, box.top(), width + 1, box.height())
        side = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute
        runs = Qt.LayoutDirection.RightToLeft if runs_left(text) else Qt.LayoutDirection.LeftToRight
        painter.setLayoutDirection(runs)  # which end the ellipsis stands at
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | side, shown)
