"""The bar under the page that finds in the open article."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.ui.controls import Chip, Themed, hairline, label
from annotator.ui.panels.find_field import FindField
from annotator.ui.theme import Theme


class FindBar(Themed, QWidget):
    """Signals: ``sought`` (a Wanted), ``stepped`` (1 or -1), ``closed``."""

    sought = Signal(object)
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.field = FindField(theme, "Find in this article", pause=60)
        self.count = label("", "quiet")
        self.back = self._step("arrow_up", "Previous match (Shift+Enter)", -1)
        self.on = self._step("arrow_down", "Next match (Enter)", 1)
        self.shut = Chip("", theme, icon="close", bare=True)
        self.shut.setAccessibleName("Close the find bar")
        self.shut.setToolTip("Close; what is marked stays selected (Esc)")
        self.shut.clicked.connect(self.closed)
        row = QHBoxLayout()
        row.setContentsMargins(16, 6, 10, 6)
        row.setSpacing(6)
        row.addWidget(self.field, 1)
        row.addWidget(self.count)
        for chip in (self.back, self.on, self.shut):
            row.addWidget(chip)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(hairline())
        whole.addLayout(row)
        self.count.setMinimumWidth(self.count.fontMetrics().horizontalAdvance("999 of 999"))
        self.field.changed.connect(self.sought)
        self.field.edit.installEventFilter(self)
        self.hide()

    def _step(self, icon: str, name: str, by: int) -> Chip:
        chip = Chip("", self.theme, icon=icon, bare=True)
        chip.setAccessibleName(name)
        chip.setToolTip(name)
        chip.clicked.connect(lambda: self.stepped.emit(by))
        return chip

    def show_count(self, nth: int, total: int) -> None:
        """Which match is the current one (from 1), of how many; 0 of 0 where there is none."""
        sought = self.field.edit.text() and self.field.problem.isHidden()
        self.count.setText(f"{nth:,} of {total:,}" if total else "not found" if sought else "")
        for chip in (self.back, self.on):
            chip.setEnabled(total > 0)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field.edit and isinstance(event, QKeyEvent):
            key = event.key()
            plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if event.type() == QEvent.Type.ShortcutOverride and key == Qt.Key.Key_Escape:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress and key == Qt.Key.Key_Escape:
                self.closed.emit()
                return True
            enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if event.type() == QEvent.Type.KeyPress and enter and plain:
                if not self.field.flush():
                    back = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                    self.stepped.emit(-1 if back else 1)
                return True
        return super().eventFilter(watched, event)
