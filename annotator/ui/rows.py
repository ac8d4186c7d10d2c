"""What the lists of the window have in common: rows that are things in order, and how they are drawn."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, override

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from annotator.ui.controls import Themed
from annotator.ui.theme import Theme

type Index = QModelIndex | QPersistentModelIndex


class ListModel[T](QAbstractListModel):
    """Things in order, all new at each change; the subclass tells in ``data`` what is shown of one."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.items: list[T] = []

    def fill(self, items: Iterable[T]) -> None:
        """Have these things instead."""
        self.beginResetModel()
        self.items = list(items)
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.items)


class RowDelegate(QStyledItemDelegate):
    """Rows of one size, in the theme that the list's owner has at each painting; drawn by the subclass."""

    size: ClassVar[QSize]
    """The least that a row needs, in pixels."""

    def __init__(self, owner: Themed, view: QWidget) -> None:
        super().__init__(view)
        self._owner = owner

    @property
    def theme(self) -> Theme:
        """The theme just now."""
        return self._owner.theme

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.size


def write(painter: QPainter, box: QRectF, text: str, face: QFont, ink: QColor) -> None:
    """Write text at the left of a box, in the middle of its height, shortened where it is too long."""
    painter.setFont(face)
    painter.setPen(ink)
    shown = QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
