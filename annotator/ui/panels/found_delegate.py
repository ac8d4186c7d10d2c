"""How a row of what was found in the project looks: an article's title, or a match in its line."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from annotator.ui.controls import row_ground
from annotator.ui.models.found_list import FoundRole, FoundRow
from annotator.ui.theme import SANS, SERIF, Theme, figures, font

ROW_HEIGHT = 30


class FoundDelegate(QStyledItemDelegate):
    """Paints rows of a FoundListModel, all equally high."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

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
        row: FoundRow | None = index.data(FoundRole.ROW)
        if row is None:
            return
        theme = self.theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(8, 1, -8, -1)
        row_ground(painter, box, option.state, theme)
        inner = box.adjusted(9, 0, -9, 0)
        if row.match is None:
            self._paint_article(painter, inner, row)
        else:
            self._paint_match(painter, inner.adjusted(10, 0, 0, 0), row)
        painter.restore()

    def _paint_article(self, painter: QPainter, inner: QRectF, row: FoundRow) -> None:
        count = f"{row.found.count:,}"
        small = figures(font(SANS, 12))
        painter.setFont(small)
        painter.setPen(self.theme.soft)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, count)
        room = inner.adjusted(0, 0, -QFontMetricsF(small).horizontalAdvance(count) - 10, 0)
        face = font(SERIF, 14, bold=True)
        painter.setFont(face)
        painter.setPen(self.theme.ink)
        title = row.found.title or "Untitled article"
        shown = QFontMetricsF(face).elidedText(title, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignLeft, shown)

    def _paint_match(self, painter: QPainter, inner: QRectF, row: FoundRow) -> None:
        """The words in bold on their colour, with as much of the line before them as leaves them in sight."""
        match = row.match
        assert match is not None
        plain, bold = font(SERIF, 14), font(SERIF, 14, bold=True)
        wide, strong = QFontMetricsF(plain), QFontMetricsF(bold)
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        room = inner.width()
        words = strong.elidedText(match.words, Qt.TextElideMode.ElideMiddle, room * 0.8)
        width = strong.horizontalAdvance(words)
        before = wide.elidedText(
            match.before, Qt.TextElideMode.ElideLeft, min(room * 0.4, max(0.0, room - width))
        )
        painter.setFont(plain)
        painter.setPen(self.theme.soft)
        painter.drawText(inner, middle, before)
        left = inner.left() + wide.horizontalAdvance(before)
        painter.fillRect(QRectF(left - 1, inner.center().y() - 9, width + 2, 19), self.theme.found)
        painter.setFont(bold)
        painter.setPen(self.theme.ink)
        painter.drawText(QRectF(left, inner.top(), width + 2, inner.height()), middle, words)
        painter.setFont(plain)
        painter.setPen(self.theme.soft)
        rest = QRectF(left + width, inner.top(), max(0.0, inner.right() - left - width), inner.height())
        after = wide.elidedText(match.after, Qt.TextElideMode.ElideRight, rest.width())
        painter.drawText(rest, middle, after)
