"""Every command by name: a field and a list that lie over the window until one is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, override

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.ui.controls import RowView, label
from annotator.ui.palette import Entry, ranked
from annotator.ui.rows import ListModel
from annotator.ui.theme import SANS, Theme, font

type Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 32
ROWS = 11
WIDTH = 560


class _Entries(ListModel[Entry]):
    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.items[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{entry.words}, {entry.keys}" if entry.keys else entry.words
        return None


class _EntryDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(Qt.ItemDataRole.UserRole)
        theme, box = self._theme, QRectF(option.rect).adjusted(4, 1, -4, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.row)
            painter.drawRoundedRect(box, 6, 6)
        inner = box.adjusted(10, 0, -10, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        small, face = font(SANS, 12), font(SANS, 14)
        side = entry.keys or (f"{entry.menu} menu" if entry.menu else "")
        painter.setFont(small)
        painter.setPen(theme.soft)
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, side)
        room = inner.width() - QFontMetricsF(small).horizontalAdvance(side) - 14
        painter.setFont(face)
        painter.setPen(theme.ink)
        words = QFontMetricsF(face).elidedText(entry.words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignLeft, words)
        painter.restore()


class Palette(QFrame):
    """Lies over its parent's upper part. Signal: ``chosen`` (an Entry); it is closed by then.

    Esc, a click elsewhere, or choosing closes it and gives the keyboard back to where it was.
    """

    chosen = Signal(object)

    def __init__(
        self, entries: Sequence[Entry], recent: Sequence[str], theme: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.setAccessibleName("Commands")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._entries, self._recent = list(entries), list(recent)
        self._before = QApplication.focusWidget()
        self.field = QLineEdit()
        self.field.setPlaceholderText("Type what you want to do")
        self.field.setAccessibleName("Command")
        self.model = _Entries(self)
        self.view = RowView(ROW_HEIGHT)
        self.view.setAccessibleName("Commands that fit")
        self.view.setModel(self.model)
        self.view.setItemDelegate(_EntryDelegate(theme, self.view))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.clicked.connect(self._choose)
        self.nothing = label("No command is called that.", "quiet")
        self.nothing.setContentsMargins(12, 10, 12, 10)
        self.nothing.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(self.field)
        column.addWidget(self.view)
        column.addWidget(self.nothing)
        self.field.textChanged.connect(self._narrow)
        self.field.installEventFilter(self)
        self._narrow("")

    def open(self) -> None:
        """Show it and take the keyboard."""
        parent = self.parentWidget()
        assert parent is not None
        width = min(WIDTH, parent.width() - 24)
        self.setFixedWidth(width)
        self.move((parent.width() - width) // 2, min(70, parent.height() // 10))
        self._fit()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _fit(self) -> None:
        """As high as the rows that there are, as far as the window has room for them."""
        parent = self.parentWidget()
        room = (parent.height() - self.y() - 80) // ROW_HEIGHT if parent is not None else ROWS
        rows = max(2, min(ROWS, len(self.model.items), room))
        self.view.setFixedHeight(rows * ROW_HEIGHT + 4)
        self.adjustSize()

    def _narrow(self, typed: str) -> None:
        self.model.fill(ranked(self._entries, typed, self._recent))
        self.nothing.setVisible(not self.model.items)
        self.view.setVisible(bool(self.model.items))
        self._fit()
        if self.model.items:
            self.view.selectRow(0)
            self.view.scrollToTop()

    def _choose(self, index: QModelIndex) -> None:
        entry: Entry | None = index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None
        if entry is not None:
            self._leave()
            self.chosen.emit(entry)

    def _leave(self) -> None:
        self.field.removeEventFilter(self)
        self.hide()
        if self._before is not None:
            self._before.setFocus()
        self.close()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event.key())
        elif event.type() == QEvent.Type.FocusOut and not self.isAncestorOf(
            QApplication.focusWidget() or self
        ):
            self._before = None  # the keyboard has gone where the person wants it
            self._leave()
        return super().eventFilter(watched, event)

    def _on_key(self, key: int) -> bool:
        row, last = self.view.currentIndex().row(), len(self.model.items) - 1
        steps = {
            Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: ROWS, Qt.Key.Key_PageUp: -ROWS,
        }  # fmt: skip
        if key == Qt.Key.Key_Escape:
            self._leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.view.currentIndex())
        elif key in steps and last >= 0:
            self.view.selectRow(max(0, min(last, row + steps[Qt.Key(key)])))
        else:
            return False
        return True
