"""The sheet of keys: every key and what it does, to be searched while working."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, override

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.ui.controls import RowView, label
from annotator.ui.theme import SANS, Theme, font

type KeyRow = tuple[str, str, str]
"""Group, keys, words. Keys that do the same are joined by “ or ”."""

type Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 30
_KEYS_WIDTH = 210


def matching(rows: Iterable[KeyRow], typed: str) -> list[KeyRow]:
    """The rows that hold every typed word, in their group, keys or words."""
    words = typed.casefold().split()
    return [row for row in rows if all(word in " ".join(row).casefold() for word in words)]


def with_headings(rows: Iterable[KeyRow]) -> list[KeyRow]:
    """The rows with a heading (group, "", "") before each group."""
    shown: list[KeyRow] = []
    for row in rows:
        if not shown or shown[-1][0] != row[0]:
            shown.append((row[0], "", ""))
        shown.append(row)
    return shown


class KeysModel(QAbstractTableModel):
    """Headings and rows; the keys in the first column, what they do in the second."""

    def __init__(self, rows: Sequence[KeyRow], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all = list(rows)
        self.rows = with_headings(self._all)

    def set_typed(self, typed: str) -> None:
        """Show only what holds the typed words."""
        self.beginResetModel()
        self.rows = with_headings(matching(self._all, typed))
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 2

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        group, keys, words = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return not words
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if not words:
                return group if index.column() == 0 else ""
            return keys if index.column() == 0 else words
        if role == Qt.ItemDataRole.ToolTipRole and words and index.column() == 1:
            return words
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        heading = index.isValid() and not self.rows[index.row()][2]
        return Qt.ItemFlag.ItemIsEnabled if heading else super().flags(index)


class _KeysDelegate(QStyledItemDelegate):
    """Draws keys as caps and headings in quiet letters."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self.theme
        text = str(index.data())
        box = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.data(Qt.ItemDataRole.UserRole):
            painter.setFont(font(SANS, 12, bold=True))
            painter.setPen(theme.soft)
            place = box.adjusted(4, 0, 0, -4)
            painter.drawText(place, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, text)
        elif index.column() == 0:
            self._paint_caps(painter, box, text.split(" or "))
        else:
            face = font(SANS, 14)
            painter.setFont(face)
            painter.setPen(theme.ink)
            shown = QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, box.width() - 12)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()

    def _paint_caps(self, painter: QPainter, box: QRectF, keys: list[str]) -> None:
        face = font(SANS, 12)
        metrics = QFontMetricsF(face)
        painter.setFont(face)
        left = box.left() + 4
        for key in keys:
            width = max(22.0, metrics.horizontalAdvance(key) + 13)
            cap = QRectF(left, box.center().y() - 10, width, 20)
            painter.setPen(QPen(self.theme.faint, 1))
            painter.setBrush(self.theme.raised)
            painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
            painter.setPen(self.theme.ink)
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
            left += width + 5


class KeysDialog(QDialog):
    """The sheet; stays beside the window while the person goes on working."""

    def __init__(self, rows: Sequence[KeyRow], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keys")
        self.resize(760, 640)
        self.model = KeysModel(rows, self)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search keys and what they do")
        self.search.setAccessibleName("Search keys")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self.model.set_typed)
        self.view = RowView(ROW_HEIGHT)
        self.view.setAccessibleName("Keys")
        self.view.setModel(self.model)
        self.view.setItemDelegate(_KeysDelegate(theme, self.view))
        self.view.setSelectionMode(RowView.SelectionMode.NoSelection)
        header = self.view.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(0, _KEYS_WIDTH)
        self.nothing = label("No key does that.", "empty")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.hide()
        self.model.modelReset.connect(self._on_reset)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 12, 12)
        column.setSpacing(10)
        column.addWidget(label("Keys", "title"))
        column.addWidget(self.search)
        column.addWidget(self.view, 1)
        column.addWidget(self.nothing, 1)
        self.search.setFocus()

    def _on_reset(self) -> None:
        empty = not self.model.rows
        self.view.setVisible(not empty)
        self.nothing.setVisible(empty)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return  # there is nothing to confirm
        super().keyPressEvent(event)
