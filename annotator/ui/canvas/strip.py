"""A small strip of choices beside the words: labels after a drag, types after a relation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import override

from msgspec import Struct
from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QToolButton, QWidget

from annotator.ui.controls import tip
from annotator.ui.flow import FlowLayout, empty_layout
from annotator.ui.theme import SANS, Theme, font


class Choice(Struct, frozen=True):
    """One button of the strip: its words, the key that does the same, its colour, what it does."""

    text: str
    key: str
    hue: str
    chosen: Callable[[], None]


class Strip(QWidget):
    """Floats over the page without taking the keyboard; hidden while there is nothing to choose.

    Signal: ``offered`` (the choices in words, each with its key).
    """

    offered = Signal(str)

    def __init__(self, parent: QWidget, theme: Theme) -> None:
        super().__init__(parent)
        self._parent = parent
        self._theme = theme
        self._row = FlowLayout(self, gap=1, row_gap=1)
        self._row.setContentsMargins(5, 4, 5, 4)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Use other colours from the next offer on."""
        self._theme = theme
        self.hide()

    def offer(self, choices: Sequence[Choice], beside: QRect) -> None:
        """Show choices under (or above, where there is no room) a rectangle of the parent."""
        empty_layout(self._row)
        for choice in choices:
            self._row.addWidget(self._button(choice))
        room = self._parent.size()
        size = self._size(room.width() - 12)
        self.resize(size)
        x = max(6, min(beside.left() - 8, room.width() - size.width() - 6))
        y = beside.bottom() + 8
        if y + size.height() > room.height() - 4:
            y = max(4, beside.top() - size.height() - 18)
        self.move(QPoint(x, y))
        self.show()
        self.raise_()
        self.offered.emit(", ".join(f"{each.key} {each.text}".strip() for each in choices))

    def _size(self, widest: int) -> QSize:
        """One row where they fit side by side, else as many rows as it takes."""
        margins = self._row.contentsMargins()
        around = margins.left() + margins.right()
        buttons = list(self._row.widgets())
        wide = sum(each.sizeHint().width() for each in buttons) + max(0, len(buttons) - 1) + around
        width = min(wide, widest)
        inner = self._row.heightForWidth(width - around)
        return QSize(width, inner + margins.top() + margins.bottom())

    def _button(self, choice: Choice) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName("stripButton")
        button.setText(f"{choice.text}  {choice.key.upper()}" if choice.key else choice.text)
        button.setToolTip(tip(f"{choice.text} ({choice.key.upper()})" if choice.key else choice.text))
        button.setAccessibleName(choice.text)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setFont(font(SANS, 13, bold=True))
        hue = self._theme.hue(choice.hue)
        button.setStyleSheet(
            f"QToolButton{{color:{hue.ink.name()};background:transparent;border:none;"
            "border-radius:4px;padding:4px 7px;}"
            f"QToolButton:hover{{background:{hue.tint.name()};}}"
        )
        button.clicked.connect(choice.chosen)
        return button

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.line)
        painter.setBrush(self._theme.raised)
        painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 7, 7)
