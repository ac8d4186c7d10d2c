"""How one category looks among those that are offered."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from annotator.core.codebook import Category
from annotator.ui.controls import row_ground
from annotator.ui.models.category_list import CategoryRole
from annotator.ui.theme import SANS, Theme, font

type Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 40


class CategoryDelegate(QStyledItemDelegate):
    """Paints a category's title, and below it where it stands in the tree and what it means."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Category | None = index.data(CategoryRole.CATEGORY)
        if row is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(1, 1, -1, -1)
        row_ground(painter, box, option.state & ~QStyle.StateFlag.State_HasFocus, self.theme, 5)
        under = " · ".join(part for part in (index.data(CategoryRole.PATH), row.definition) if part)
        inner = box.adjusted(8, 3, -8, -3)
        half = inner.height() / 2
        upper = inner.adjusted(0, 0, 0, -half) if under else inner
        self._write(painter, upper, str(index.data(CategoryRole.TITLE)), font(SANS, 14), self.theme.ink)
        if under:
            self._write(painter, inner.adjusted(0, half, 0, 0), under, font(SANS, 12), self.theme.soft)
        painter.restore()

    def _write(self, painter: QPainter, box: QRectF, text: str, face: QFont, ink: QColor) -> None:
        painter.setFont(face)
        painter.setPen(ink)
        shown = QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
