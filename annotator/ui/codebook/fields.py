"""Fields of the forms: a caption, a line or a text, and below it what is wrong with what is in it."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from annotator.ui.controls import Themed, label, text_of
from annotator.ui.markdown import MarkdownView
from annotator.ui.theme import Theme

ROOMY = 620
"""Width in pixels from which on a guideline and its preview stand side by side."""

UNDO, REDO = ("Ctrl+Z",), ("Ctrl+Shift+Z", "Ctrl+Y")
"""Keys that take back and do again what was done to the draft."""


def is_undo(event: QEvent) -> bool:
    """Whether an event asks for undo or redo, which the whole draft has one of and no field its own."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return QKeySequence(event.keyCombination()).toString() in (*UNDO, *REDO)


class Line(QLineEdit):
    """A line whose undo is the draft's. Signal: ``typed`` with what is in it; ``left``."""

    typed = Signal(str)
    left = Signal()

    def __init__(self, name: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.textEdited.connect(self.typed)
        self.editingFinished.connect(self.left)

    @override
    def event(self, event: QEvent) -> bool:
        if is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def show_text(self, text: str) -> None:
        """Have this text in it; the cursor stays where it was."""
        if text != self.text():
            place = self.cursorPosition()
            self.setText(text)
            self.setCursorPosition(min(place, len(text)))


class Text(QPlainTextEdit):
    """Several lines whose undo is the draft's. Signal: ``typed`` with what is in it."""

    typed = Signal(str)

    def __init__(self, name: str, hint: str = "", lines: int = 3, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setMinimumHeight(lines * self.fontMetrics().lineSpacing() + 20)
        self.textChanged.connect(lambda: self.typed.emit(text_of(self)))

    @override
    def event(self, event: QEvent) -> bool:
        if is_undo(event):
            event.ignore()
            return False
        return super().event(event)

    def show_text(self, text: str) -> None:
        """Have this text in it; the cursor stays where it was."""
        if text == text_of(self):
            return
        cursor = self.textCursor()
        place = cursor.position()
        self.blockSignals(True)
        self.setPlainText(text)
        self.blockSignals(False)
        cursor = self.textCursor()
        cursor.setPosition(min(place, self.document().characterCount() - 1))
        self.setTextCursor(cursor)


class Captioned(QWidget):
    """A caption over a widget, and below it what is wrong or (quietly) what is to be known."""

    def __init__(self, caption: str, widget: QWidget, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.widget = widget
        self.caption = label(caption, "heading")
        self.caption.setBuddy(widget)
        self.problem = label("", "problem", wrap=True)
        self.problem.hide()
        self.hint = label(hint, "quiet", wrap=True)
        self.hint.setVisible(bool(hint))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.caption)
        column.addWidget(widget)
        column.addWidget(self.problem)
        column.addWidget(self.hint)

    def complain(self, what: str) -> None:
        """Say what is wrong with what is in the field; an empty sentence takes that back."""
        if what == self.problem.text() and self.problem.isHidden() == (not what):
            return
        self.problem.setText(what)
        self.problem.setVisible(bool(what))
        self.widget.setAccessibleDescription(what)
        if isinstance(self.widget, QLineEdit):
            self.widget.setProperty("wrong", bool(what))
            self.widget.style().polish(self.widget)

    def say(self, hint: str) -> None:
        """Say quietly what is to be known about the field."""
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))


class Guideline(Themed, QWidget):
    """A guideline in Markdown with what it looks like beside it, or below where there is no room.

    Signal: ``typed`` with the Markdown.
    """

    typed = Signal(str)

    def __init__(self, theme: Theme, what: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.edit = Text("Guideline, in Markdown", what, lines=9)
        self.view = MarkdownView(theme, "What the guideline looks like")
        self.view.setProperty("look", "preview")
        self.view.setMinimumHeight(150)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.view.setPlaceholderText("What you write appears here as it is shown while labelling.")
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)
        self._row.addWidget(self.edit, 1)
        self._row.addWidget(self.view, 1)
        self.edit.typed.connect(self._on_typed)
        self._show("")

    def show_text(self, text: str) -> None:
        """Have this guideline in it."""
        if text != text_of(self.edit):
            self.edit.show_text(text)
            self._show(text)

    def _on_typed(self, text: str) -> None:
        self._show(text)
        self.typed.emit(text)

    def _show(self, text: str) -> None:
        self.view.set_markdown(text)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = event.size().width() >= ROOMY
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._row.direction() != direction:
            self._row.setDirection(direction)


def scrolled(form: QWidget, name: str) -> QScrollArea:
    """A form that scrolls where it is higher than its room."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setAccessibleName(name)
    area.viewport().setAutoFillBackground(False)
    form.setAutoFillBackground(False)
    area.setWidget(form)
    return area


def beside(*widgets: QWidget, stretches: tuple[int, ...] = ()) -> QWidget:
    """Widgets in a row, aligned at their tops."""
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    for nth, widget in enumerate(widgets):
        row.addWidget(widget, stretches[nth] if stretches else 1, Qt.AlignmentFlag.AlignTop)
    return made
