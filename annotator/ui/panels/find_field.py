"""A field for what is to be found, with its three choices; the find bar and the find panel share it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from annotator.core.finding import Wanted
from annotator.ui import icons
from annotator.ui.controls import Chip, Themed, label
from annotator.ui.flow import FlowLayout
from annotator.ui.theme import Theme


class FindField(Themed, QWidget):
    """Signal: ``changed`` (a Wanted), after a pause of ``pause`` milliseconds in typing."""

    changed = Signal(object)

    def __init__(self, theme: Theme, hint: str, pause: int, *, narrow: bool = False) -> None:
        super().__init__()
        self.theme = theme
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(hint)
        self.edit.setAccessibleName(hint)
        self.edit.setClearButtonEnabled(True)
        self.edit.setMinimumWidth(120)
        self._icon = QAction(icons.icon("search", theme), "", self)
        self.edit.addAction(self._icon, QLineEdit.ActionPosition.LeadingPosition)
        self.match_case = self._choice("Aa", "Match capital and small letters")
        self.whole_words = self._choice("Words", "Whole words only")
        self.expression = self._choice(".*", "Regular expression")
        self.problem = label("", "problem", wrap=True)
        self.problem.hide()
        row: QHBoxLayout | FlowLayout
        if narrow:
            row = FlowLayout(gap=2, row_gap=2)
        else:
            row = QHBoxLayout()
            row.setSpacing(2)
            row.addWidget(self.edit, 1)
        for chip in (self.match_case, self.whole_words, self.expression):
            row.addWidget(chip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6 if narrow else 2)
        if narrow:
            column.addWidget(self.edit)
        column.addLayout(row)
        column.addWidget(self.problem)
        self.setFocusProxy(self.edit)
        self._timer = QTimer(self, interval=pause, singleShot=True)
        self._timer.timeout.connect(self.give)
        self.edit.textChanged.connect(lambda: self._timer.start())

    def _choice(self, text: str, name: str) -> Chip:
        chip = Chip(text, self.theme, checkable=True, bare=True)
        chip.setAccessibleName(name)
        chip.setToolTip(name)
        chip.clicked.connect(self.give)
        return chip

    @property
    def wanted(self) -> Wanted:
        """What stands in the field, with the choices."""
        return Wanted(
            self.edit.text(),
            self.match_case.isChecked(),
            self.whole_words.isChecked(),
            self.expression.isChecked(),
        )

    def set_wanted(self, wanted: Wanted) -> None:
        """Show what is to be found, without telling anybody."""
        self.edit.setText(wanted.text)
        self.match_case.setChecked(wanted.match_case)
        self.whole_words.setChecked(wanted.whole_words)
        self.expression.setChecked(wanted.expression)
        self._timer.stop()

    def give(self) -> None:
        """Tell what is to be found, now."""
        self._timer.stop()
        self.complain("")
        self.changed.emit(self.wanted)

    def flush(self) -> bool:
        """Tell what was typed and not told yet; whether there was such a thing."""
        waiting = self._timer.isActive()
        if waiting:
            self.give()
        return waiting

    def start(self) -> None:
        """Take the keyboard, with everything selected."""
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.edit.selectAll()

    def complain(self, text: str) -> None:
        """Say what is wrong with it; an empty text says nothing."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))
        if bool(self.edit.property("wrong")) != bool(text):
            self.edit.setProperty("wrong", bool(text))
            self.edit.style().polish(self.edit)

    def set_theme(self, theme: Theme) -> None:
        """Take over another theme."""
        self.theme = theme
        self._icon.setIcon(icons.icon("search", theme))
