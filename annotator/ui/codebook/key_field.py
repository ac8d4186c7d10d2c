"""The field for a label's key: press the key and it is set."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from annotator.ui.controls import RADIUS, Themed, focus_ring
from annotator.ui.theme import SANS, Theme, font

_HELD = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class KeyField(Themed, QAbstractButton):
    """Shows a key; while it has the keyboard, a letter, digit or sign becomes it, Backspace takes it away.

    Signal: ``given`` with the key, small; empty for none.
    """

    given = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.key = ""
        self.wrong = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._name()

    def set_key(self, key: str, *, wrong: bool) -> None:
        """Show a key; ``wrong``: it cannot stay."""
        if (key, wrong) != (self.key, self.wrong):
            self.key, self.wrong = key, wrong
            self._name()
            self.update()

    def _name(self) -> None:
        self.setAccessibleName(f"Key: {self.key.upper() or 'none'}")
        self.setAccessibleDescription("Press a letter, digit or sign to set it, Backspace for none")

    @override
    def sizeHint(self) -> QSize:
        return QSize(110, 32)

    @override
    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._takes(event)
        ):
            event.accept()  # it is meant for the field, whatever else it does in the window
            return True
        return super().event(event)

    def _takes(self, event: QKeyEvent) -> bool:
        text = event.text()
        return (
            self.isEnabled()
            and not event.modifiers() & _HELD
            and len(text) == 1
            and text.isprintable()
            and not text.isspace()
        )

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.given.emit("")
        elif self._takes(event):
            self.given.emit(event.text().lower())
        elif event.key() != Qt.Key.Key_Space:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, box = self.theme, QRectF(self.rect())
        painter.setPen(QPen(theme.bad if self.wrong else theme.line, 2 if self.wrong else 1))
        painter.setBrush(theme.raised if self.isEnabled() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        if self.hasFocus():
            focus_ring(painter, box, theme)
        words = self.key.upper() or ("Press a key" if self.hasFocus() else "None")
        if self.hasFocus() and self.key:
            words = f"{words}   "
        painter.setFont(font(SANS, 14, bold=bool(self.key)))
        painter.setPen(theme.ink if self.key and self.isEnabled() else theme.faint)
        left = box.adjusted(10, 0, -8, 0)
        painter.drawText(left, Qt.AlignmentFlag.AlignVCenter, words)
        if self.hasFocus() and self.key:
            painter.setFont(font(SANS, 11))
            painter.setPen(theme.soft)
            painter.drawText(
                left, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, "press another"
            )
