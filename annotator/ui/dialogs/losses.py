"""What a format cannot hold, asked about before the file is written."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetricsF, QTextBlockFormat, QTextCursor
from PySide6.QtWidgets import QDialog, QTextEdit, QVBoxLayout, QWidget

from annotator.ui.controls import label
from annotator.ui.dialog_buttons import DialogButtons
from annotator.ui.style import TEXT
from annotator.ui.theme import SANS, font

_LINE = 72
"""Characters that surely fit into a line of the list."""
_GAP, _HIGHEST = 5, 260
"""Pixels: between two losses; of the list."""


class LossesDialog(QDialog):
    """Accepted: write it all the same."""

    def __init__(self, title: str, losses: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export labels")
        lines = [_without(title, each) for each in losses]
        self.list = QTextEdit()
        self.list.setPlainText("\n".join(lines))
        self.list.setReadOnly(True)
        self.list.setProperty("look", "list")
        self.list.setAccessibleName("What is lost")
        self.list.setTabChangesFocus(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        spaced = QTextBlockFormat()
        spaced.setBottomMargin(_GAP)
        cursor = QTextCursor(self.list.document())
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.mergeBlockFormat(spaced)
        cursor.clearSelection()
        line = QFontMetricsF(font(SANS, TEXT)).lineSpacing()
        rows = sum(1 + len(each) // _LINE for each in lines)
        self.list.setFixedHeight(round(min(_HIGHEST, max(2, rows) * line + _GAP * len(lines) + 26)))
        buttons = DialogButtons("&Write it all the same", safe=True)
        self.go, self.cancel = buttons.go, buttons.cancel
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(12)
        column.addWidget(label("Not everything fits", "title"))
        said = f"{title} cannot hold these. Nothing has been written yet; the project keeps everything."
        column.addWidget(label(said, "quiet", wrap=True))
        column.addWidget(self.list)
        column.addStretch(1)
        column.addWidget(buttons)
        self.resize(560, self.sizeHint().height())
        self.cancel.setFocus()


def _without(title: str, sentence: str) -> str:
    """A sentence without the words that stand above the list."""
    start = f"{title} cannot hold "
    return sentence[len(start) :] if sentence.casefold().startswith(start.casefold()) else sentence
