"""What was done to an actor record, as lines: when, who, what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, override

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from annotator.core.ports import LoggedEdit
from annotator.ui.controls import row_ground
from annotator.ui.rows import RowDelegate, write
from annotator.ui.theme import SANS, figures, font

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


class HistoryDelegate(RowDelegate):
    """Draws when and who quietly in columns of their own, and what in ink."""

    size = QSize(300, ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        edit: LoggedEdit = index.data(Qt.ItemDataRole.UserRole)
        theme, box = self.theme, QRectF(option.rect).adjusted(2, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row_ground(painter, box, option.state, theme)
        inner = box.adjusted(10, 0, -10, 0)
        for text, width, colour, face in (
            (when(edit.at), 124.0, theme.soft, figures(font(SANS, 12))),
            (edit.annotator, 92.0, theme.soft, font(SANS, 12)),
            (what(edit), 0.0, theme.ink, font(SANS, 13)),
        ):
            room = width - 10 if width else inner.width()
            write(painter, QRectF(inner.left(), inner.top(), room, inner.height()), text, face, colour)
            inner.setLeft(inner.left() + width)
        painter.restore()
