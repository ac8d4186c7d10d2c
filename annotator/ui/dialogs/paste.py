"""A new article from pasted text."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from annotator.ui.controls import label, text_of
from annotator.ui.dialog_buttons import DialogButtons
from annotator.ui.theme import SERIF, font


class PasteDialog(QDialog):
    """A field for the title and one for the text, filled from the clipboard."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New article")
        self.resize(640, 560)
        self.title_field = QLineEdit()
        self.title_field.setPlaceholderText("Title (if empty, the first line of the text)")
        self.title_field.setAccessibleName("Title")
        self.text_field = QPlainTextEdit()
        self.text_field.setPlaceholderText("Paste or type the text")
        self.text_field.setAccessibleName("Text")
        self.text_field.setTabChangesFocus(True)
        self.text_field.setFont(font(SERIF, 16))
        self.text_field.setStyleSheet("padding: 10px 12px;")
        self.buttons = DialogButtons("Add")
        self.add = self.buttons.go
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            QShortcut(QKeySequence(Qt.Modifier.CTRL | key), self).activated.connect(self.add.click)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(12)
        column.addWidget(label("New article", "title"))
        column.addWidget(self.title_field)
        column.addWidget(self.text_field, 1)
        column.addWidget(self.buttons)
        self.text_field.textChanged.connect(self._on_changed)
        self.text_field.setPlainText(QGuiApplication.clipboard().text())
        self._on_changed()
        self.text_field.setFocus()

    def _on_changed(self) -> None:
        self.add.setEnabled(bool(self.text().strip()))

    def title(self) -> str:
        """The title without blanks around it; empty if none was given."""
        return self.title_field.text().strip()

    def text(self) -> str:
        """The text as it was pasted, with LF between lines."""
        return text_of(self.text_field)
