"""How the entries of a combo box are drawn, and its words where they do not fit."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionComboBox,
    QStyleOptionViewItem,
    QStylePainter,
)

type Index = QModelIndex | QPersistentModelIndex

_GAP = 4
"""Pixels between an icon and the words."""


class Entries(QStyledItemDelegate):
    """The entries of a list as the style sheet has them; the style's own delegate draws those of a menu."""

    def __init__(self, box: QComboBox) -> None:
        super().__init__(box)
        self._box = box

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(8, 9) if _is_separator(index) else super().sizeHint(option, index)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if not _is_separator(index):
            super().paint(painter, option, index)
            return
        middle = option.rect.center().y()
        line = self._box.palette().mid()
        painter.fillRect(option.rect.left() + 8, middle, option.rect.width() - 16, 1, line)


def fitting(box: QComboBox, elide: Qt.TextElideMode) -> tuple[QStyleOptionComboBox, str]:
    """How a box is to be painted, and its words as far as they fit."""
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    control, part = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    room = box.style().subControlRect(control, option, part, box).width()
    if not option.currentIcon.isNull():
        room -= option.iconSize.width() + _GAP
    return option, option.fontMetrics.elidedText(option.currentText, elide, room)


def paint_shortened(box: QComboBox, elide: Qt.TextElideMode) -> bool:
    """Paint a box whose words do not fit; False, and nothing is painted, where they do."""
    option, shown = fitting(box, elide)
    if shown == option.currentText:
        return False
    painter = QStylePainter(box)
    painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
    option.currentText = shown
    painter.drawControl(QStyle.ControlElement.CE_ComboBoxLabel, option)
    painter.end()
    return True


def _is_separator(index: Index) -> bool:
    return bool(index.data(Qt.ItemDataRole.AccessibleDescriptionRole) == "separator")
