"""The words of a combo box where they do not fit."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QStyle,
    QStyleOptionComboBox,
    QStylePainter,
)

_GAP = 4
"""Pixels between an icon and the words."""


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
