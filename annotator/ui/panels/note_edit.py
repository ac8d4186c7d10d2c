"""A note that grows with what is written in it."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QSize, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QWidget

from annotator.ui.controls import text_of
from annotator.ui.panels.fields import PAUSE

_LEAST, _MOST = 2, 14


class NoteEdit(QPlainTextEdit):
    """Signal: ``given`` with the note or None, when typing pauses or the field is left."""

    given = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setPlaceholderText("Write a note")
        self.setAccessibleName("Note")
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.gives_at_pauses = True
        """Give what was typed when typing pauses too, not only when the field is left."""
        self._note: str | None = None
        self._typed = False
        self._timer = QTimer(self, interval=PAUSE, singleShot=True)
        self._timer.timeout.connect(self.flush)
        self.textChanged.connect(self._on_typed)
        self.document().documentLayout().documentSizeChanged.connect(lambda _: self._fit())
        self._fit()

    def set_note(self, note: str | None, *, fresh: bool = False) -> None:
        """Show a note, without touching what is being typed unless it is another label's (``fresh``)."""
        self._note = note
        if self._typed and not fresh:
            return
        self._timer.stop()
        if (note or "").strip() != text_of(self).strip() or fresh:
            cursor = self.textCursor()
            place = 0 if fresh else cursor.position()
            self.blockSignals(True)
            self.setPlainText(note or "")
            self.blockSignals(False)
            cursor = self.textCursor()
            cursor.setPosition(min(place, self.document().characterCount() - 1))
            self.setTextCursor(cursor)
        self._typed = False

    def flush(self) -> None:
        """Give what was typed and not given yet."""
        if not self._typed:
            return
        self._timer.stop()
        self._typed = False
        note = text_of(self).strip() or None
        if note != self._note:
            self._note = note
            self.given.emit(note)

    def _on_typed(self) -> None:
        self._typed = True
        if self.gives_at_pauses:
            self._timer.start()

    def _fit(self) -> None:
        lines = min(_MOST, max(_LEAST, round(self.document().size().height())))
        height = lines * self.fontMetrics().lineSpacing() + 20
        if height != self.height():
            self.setFixedHeight(height)

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.flush()
