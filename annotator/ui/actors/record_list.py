"""The actor records of the project as a list: name, type, and how often each is meant."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, override

from msgspec import Struct
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem

from annotator.core.model import ActorRecord
from annotator.core.text import counted
from annotator.ui.controls import row_ground
from annotator.ui.rows import RowDelegate
from annotator.ui.theme import SANS, figures, font

type Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 34


class Order(Enum):
    """What the list is sorted by."""

    MENTIONS = "Mentions"
    NAME = "Name"


class RecordLine(Struct, frozen=True):
    """One line: a record and how many spans mean it."""

    record: ActorRecord
    mentions: int


def sorted_lines(records: Iterable[ActorRecord], counts: Mapping[str, int], order: Order) -> list[RecordLine]:
    """A line for each record, by name without regard to case, or the most mentioned first."""
    lines = sorted(
        (RecordLine(each, counts.get(each.id, 0)) for each in records),
        key=lambda line: (line.record.name.casefold(), line.record.id),
    )
    return sorted(lines, key=lambda line: -line.mentions) if order is Order.MENTIONS else lines


class RecordModel(QAbstractListModel):
    """The lines of the list. The user role has the :class:`RecordLine`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lines: list[RecordLine] = []
        self._places: dict[str, int] = {}

    def show(self, lines: Sequence[RecordLine]) -> None:
        """Show these lines; where only their content is another, selection and scrolling stay."""
        ids = [each.record.id for each in lines]
        same = ids == [each.record.id for each in self.lines]
        if not same:
            self.beginResetModel()
        self.lines = list(lines)
        self._places = {each: nth for nth, each in enumerate(ids)}
        if not same:
            self.endResetModel()
        elif lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(lines) - 1, 0))

    def place_of(self, actor: str) -> int | None:
        """The row of a record; None where it is not listed."""
        return self._places.get(actor)

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.record.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{line.record.name}, {line.record.type}, {counted(line.mentions, 'mention')}"
        return None


class RecordDelegate(RowDelegate):
    """Draws the name in ink, the type quietly after it, the number of mentions at the right."""

    size = QSize(120, ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: RecordLine = index.data(Qt.ItemDataRole.UserRole)
        theme, box = self.theme, QRectF(option.rect).adjusted(2, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row_ground(painter, box, option.state, theme)
        inner = box.adjusted(10, 0, -10, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        small, face = figures(font(SANS, 12)), font(SANS, 14)
        if line.mentions:
            number = f"{line.mentions:,}"
            painter.setFont(small)
            painter.setPen(theme.soft)
            painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, number)
            inner.setRight(inner.right() - QFontMetricsF(small).horizontalAdvance(number) - 10)
        painter.setFont(face)
        painter.setPen(theme.ink)
        name = QFontMetricsF(face).elidedText(line.record.name, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, middle, name)
        inner.setLeft(inner.left() + QFontMetricsF(face).horizontalAdvance(name) + 8)
        if inner.width() > 24:
            painter.setFont(font(SANS, 12))
            painter.setPen(theme.soft)
            shown = QFontMetricsF(font(SANS, 12)).elidedText(
                line.record.type, Qt.TextElideMode.ElideRight, inner.width()
            )
            painter.drawText(inner.translated(0, 1), middle, shown)
        painter.restore()
