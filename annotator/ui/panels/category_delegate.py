"""How one category looks among those that are offered."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from annotator.core.codebook import Category
from annotator.ui.controls import row_ground
from annotator.ui.models.category_list import CategoryRole
from annotator.ui.rows import RowDelegate, write
from annotator.ui.theme import SANS, font

type Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 40


class CategoryDelegate(RowDelegate):
    """Paints a category's title, and below it where it stands in the tree and what it means."""

    size = QSize(120, ROW_HEIGHT)

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
        write(painter, upper, str(index.data(CategoryRole.TITLE)), font(SANS, 14), self.theme.ink)
        if under:
            write(painter, inner.adjusted(0, half, 0, 0), under, font(SANS, 12), self.theme.soft)
        painter.restore()
