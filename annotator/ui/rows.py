"""What the lists of the window have in common in how their rows are drawn."""

from __future__ import annotations

from typing import ClassVar, override

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from annotator.ui.controls import Themed
from annotator.ui.theme import Theme

type Index = QModelIndex | QPersistentModelIndex


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
