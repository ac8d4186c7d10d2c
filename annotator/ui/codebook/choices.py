"""The choices of an attribute: a list in which they are renamed in place, and a line that adds more."""

from __future__ import annotations

from typing import Any, override

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QVBoxLayout, QWidget

from annotator.ui.codebook.desk import CodebookDesk
from annotator.ui.codebook.fields import Line
from annotator.ui.controls import Chip, RowView, label
from annotator.ui.theme import Theme

type Index = QModelIndex | QPersistentModelIndex

_ROW = 28
_MOST = 9
"""Rows that are shown without scrolling."""


class ChoiceModel(QAbstractListModel):
    """The choices of one attribute, which can be renamed."""

    def __init__(self, desk: CodebookDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._desk = desk
        self.rows: list[tuple[int, str]] = []

    def show(self, rows: list[tuple[int, str]]) -> bool:
        """Show these choices. Whether others stand there now."""
        same = [each[0] for each in rows] == [each[0] for each in self.rows]
        if same:
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        else:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
        return not same

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        editable = Qt.ItemFlag.ItemIsEditable if self._desk.may_edit else Qt.ItemFlag.NoItemFlags
        return super().flags(index) | editable

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return self.rows[index.row()][1]
        return None

    @override
    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        text = " ".join(str(value).split())
        if not text:
            return False
        self._desk.draft.settle()
        self._desk.draft.change(self.rows[index.row()][0], text=text)
        return True


class Choices(QWidget):
    """Enter in the line adds what is in it; several lines that are pasted there are several choices.

    In the list F2, Enter or a double click renames, Alt with the arrows moves, Delete deletes.
    """

    def __init__(self, desk: CodebookDesk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._attribute: int | None = None
        self.model = ChoiceModel(desk, self)
        self.view = RowView(_ROW)
        self.view.setProperty("look", "")
        self.view.setAccessibleName("Choices")
        self.view.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.view.setModel(self.model)
        self.view.installEventFilter(self)
        self.line = Line("Add a choice", "Type a choice and press Enter")
        self.line.installEventFilter(self)
        self.up_chip = Chip("", theme, icon="arrow_up", bare=True)
        self.down_chip = Chip("", theme, icon="arrow_down", bare=True)
        self.delete_chip = Chip("", theme, icon="trash", bare=True)
        for chip, words in (
            (self.up_chip, "Move the choice up (Alt+Up)"),
            (self.down_chip, "Move the choice down (Alt+Down)"),
            (self.delete_chip, "Delete the choice (Del)"),
        ):
            chip.setAccessibleName(words)
            chip.setToolTip(words)
        self.up_chip.clicked.connect(lambda: self._shift(-1))
        self.down_chip.clicked.connect(lambda: self._shift(1))
        self.delete_chip.clicked.connect(self._delete)
        self.nothing = label("No choices yet.", "quiet")
        row = QHBoxLayout()
        row.setSpacing(2)
        row.addWidget(self.line, 1)
        row.addSpacing(6)
        for chip in (self.up_chip, self.down_chip, self.delete_chip):
            row.addWidget(chip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.view)
        column.addWidget(self.nothing)
        column.addLayout(row)
        self.setFocusProxy(self.line)

    def show_choices(self, attribute: int) -> None:
        """Show the choices of an attribute."""
        here = self.current if attribute == self._attribute else None
        if attribute != self._attribute:
            self.line.clear()
        self._attribute = attribute
        rows = list(self._desk.draft.choices(attribute).items())
        place = self.view.currentIndex().row()
        if self.model.show(rows) and rows and place >= 0:
            ids = [each[0] for each in rows]
            self.view.selectRow(ids.index(here) if here in ids else min(place, len(rows) - 1))
        self.view.setVisible(bool(rows))
        self.view.setFixedHeight(min(_MOST, len(rows)) * _ROW + 4)
        self.nothing.setVisible(not rows)
        for chip in (self.up_chip, self.down_chip, self.delete_chip):
            chip.setEnabled(bool(rows) and self._desk.may_edit)

    @property
    def current(self) -> int | None:
        """The id of the choice that is chosen."""
        row = self.view.currentIndex().row()
        return self.model.rows[row][0] if 0 <= row < len(self.model.rows) else None

    def _add(self, text: str) -> None:
        for line in text.splitlines():
            words = " ".join(line.split())
            if words and self._attribute is not None:
                self._desk.draft.settle()
                self._desk.draft.add_choice(self._attribute, words)

    def _on_entered(self) -> None:
        text = self.line.text()
        self.line.clear()
        self._add(text)
        if self.model.rows:
            self.view.selectRow(len(self.model.rows) - 1)

    def _shift(self, by: int) -> None:
        if self.current is not None and self._desk.may_edit:
            self._desk.draft.shift(self.current, by)

    def _delete(self) -> None:
        if self.current is not None:
            self._desk.delete(self.current)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if watched is self.line and event.matches(QKeySequence.StandardKey.Paste):
                text = QGuiApplication.clipboard().text()
                if len(text.splitlines()) > 1:
                    self._add(text)
                    return True
            if watched is self.line and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                    self._on_entered()
                    return True
            if watched is self.view:
                return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.AltModifier and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._shift(-1 if key == Qt.Key.Key_Up else 1)
        elif held:
            return False
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.view.edit(self.view.currentIndex())
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._delete()
        else:
            return False
        return True
