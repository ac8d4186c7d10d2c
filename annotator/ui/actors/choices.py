"""Actor records as lines to choose from: the list and how each line is drawn."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, override

from msgspec import Struct
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from annotator.core.model import ActorRecord
from annotator.ui import icons
from annotator.ui.rows import RowDelegate
from annotator.ui.theme import SANS, font

type Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 32


class Line(Struct, frozen=True):
    """One line: an actor record that fits, or (``record`` is None) the making of a new one."""

    record: ActorRecord | None
    alias: str = ""
    """The name that fits, where it is not the record's own."""
    proposed: bool = False
    """It is proposed for the words that are to be linked."""
    name: str = ""
    """The name of the new record."""
    type: str = ""
    """The type of the new record."""

    @property
    def words(self) -> str:
        """What stands at its left."""
        return self.record.name if self.record else f"New actor record “{self.name}”"

    @property
    def spoken(self) -> str:
        """The whole line, for a screen reader."""
        if self.record is None:
            return f"{self.words}, {self.type}"
        parts = [self.record.name, self.record.type]
        parts += [f"also {self.alias}"] if self.alias else []
        parts += [self.record.external_id] if self.record.external_id else []
        return ", ".join([*parts, "proposed"] if self.proposed else parts)


class Lines(QAbstractListModel):
    """The lines that fit just now. The user role has the :class:`Line`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.lines: list[Line] = []

    def show(self, lines: Sequence[Line]) -> None:
        """Show other lines."""
        self.beginResetModel()
        self.lines = list(lines)
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.lines)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.lines[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken
        return None


class LineDelegate(RowDelegate):
    """Draws the name in ink; type, alias and external id quietly after it and at the right."""

    size = QSize(100, ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        line: Line = index.data(Qt.ItemDataRole.UserRole)
        theme, box = self.theme, QRectF(option.rect).adjusted(2, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.row)
            painter.drawRoundedRect(box, 6, 6)
        if line.proposed:
            painter.setPen(QPen(theme.hue("actor").ink, 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        inner = box.adjusted(10, 0, -10, 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        small, face = font(SANS, 12), font(SANS, 14)
        side = (line.record.external_id or "") if line.record else line.type
        painter.setFont(small)
        painter.setPen(theme.soft)
        painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, side)
        inner.setRight(inner.right() - QFontMetricsF(small).horizontalAdvance(side) - 12)
        if line.record is None:
            icons.draw(painter, "plus", QRectF(inner.left(), box.center().y() - 7, 14, 14), theme.soft)
            inner.setLeft(inner.left() + 20)
        painter.setFont(face)
        painter.setPen(theme.ink)
        words = QFontMetricsF(face).elidedText(line.words, Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, middle, words)
        if line.record is not None:
            inner.setLeft(inner.left() + QFontMetricsF(face).horizontalAdvance(words) + 9)
            more = line.record.type + (f" · also “{line.alias}”" if line.alias else "")
            painter.setFont(small)
            painter.setPen(theme.soft)
            # one pixel down: the small letters share the base line of the name
            shown = QFontMetricsF(small).elidedText(more, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner.translated(0, 1), middle, shown)
        painter.restore()
