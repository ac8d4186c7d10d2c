"""What was done to an actor record, as lines: when, who, what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, override

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from annotator.core.ports import LoggedEdit
from annotator.ui.controls import row_ground
from annotator.ui.theme import SANS, Theme, figures, font

type Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 30
_DONE = {"undo": "Undone: ", "redo": "Done again: "}


class HistoryModel(QAbstractListModel):
    """The latest edit first. The user role has the :class:`LoggedEdit`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.edits: list[LoggedEdit] = []

    def show(self, edits: Sequence[LoggedEdit]) -> None:
        """Show other edits."""
        self.beginResetModel()
        self.edits = list(edits)
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.edits)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        edit = self.edits[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return edit
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{when(edit.at)}, {edit.annotator}: {what(edit)}"
        return None


def when(at: str) -> str:
    """A time of the edit log in the person's own time, to the minute."""
    try:
        return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}"
    except ValueError:
        return at


def what(edit: LoggedEdit) -> str:
    """What an edit did: its title, or that it was taken back."""
    return _DONE.get(edit.action, "") + edit.title


class HistoryDelegate(QStyledItemDelegate):
    """Draws when and who quietly in columns of their own, and what in ink."""

    def __init__(self, theme: Callable[[], Theme], parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(300, ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        edit: LoggedEdit = index.data(Qt.ItemDataRole.UserRole)
        theme, box = self._theme(), QRectF(option.rect).adjusted(2, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row_ground(painter, box, option.state, theme)
        inner, middle = box.adjusted(10, 0, -10, 0), Qt.AlignmentFlag.AlignVCenter
        for text, width, colour, face in (
            (when(edit.at), 124.0, theme.soft, figures(font(SANS, 12))),
            (edit.annotator, 92.0, theme.soft, font(SANS, 12)),
            (what(edit), 0.0, theme.ink, font(SANS, 13)),
        ):
            room = width - 10 if width else inner.width()
            painter.setFont(face)
            painter.setPen(colour)
            shown = QFontMetricsF(face).elidedText(text, Qt.TextElideMode.ElideRight, room)
            painter.drawText(QRectF(inner.left(), inner.top(), room, inner.height()), middle, shown)
            inner.setLeft(inner.left() + width)
        painter.restore()
