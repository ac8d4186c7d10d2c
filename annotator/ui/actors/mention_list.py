"""The mentions of an actor over all articles: each with the words around it, one under the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, override

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from annotator.core.ports import Mention
from annotator.ui.controls import row_ground
from annotator.ui.rows import RowDelegate
from annotator.ui.theme import SANS, SERIF, font

type Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 32
BATCH = 200
"""Mentions that are read at once."""


class MentionModel(QAbstractListModel):
    """Reads the mentions as they come into sight. The user role has the :class:`Mention`."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.mentions: list[Mention] = []
        self._read: Callable[[int, int], Sequence[Mention]] = lambda offset, limit: ()
        self._more = False

    def show(self, read: Callable[[int, int], Sequence[Mention]], *, keep: bool = False) -> None:
        """Show what ``read`` gives for an offset and a limit; ``keep``: read as many as there were."""
        first = list(read(0, max(BATCH, len(self.mentions) if keep else 0)))
        self._read = read
        if keep and first == self.mentions:
            return
        self.beginResetModel()
        self.mentions = first
        self._more = len(first) >= BATCH
        self.endResetModel()

    @override
    def canFetchMore(self, parent: Index) -> bool:
        return self._more and not parent.isValid()

    @override
    def fetchMore(self, parent: Index) -> None:
        found = list(self._read(len(self.mentions), BATCH))
        self._more = len(found) >= BATCH
        if found:
            at = len(self.mentions)
            self.beginInsertRows(QModelIndex(), at, at + len(found) - 1)
            self.mentions += found
            self.endInsertRows()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.mentions)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        mention = self.mentions[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return mention
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            whole = f"{mention.before} {mention.words} {mention.after}"
            return f"{' '.join(whole.split())} ({mention.title}, {mention.annotator})"
        if role == Qt.ItemDataRole.ToolTipRole:
            from annotator.ui.controls import tip

            return tip(f"{mention.title}\n{mention.annotator}")
        return None


class MentionDelegate(RowDelegate):
    """Draws the words in a column of their own, what stands before them up to it, the article at the left."""

    size = QSize(300, ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        mention: Mention = index.data(Qt.ItemDataRole.UserRole)
        theme, box = self.theme, QRectF(option.rect).adjusted(2, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row_ground(painter, box, option.state, theme)
        inner = box.adjusted(10, 0, -10, 0)
        middle, right = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignRight
        small, face, strong = font(SANS, 12), font(SERIF, 15), font(SERIF, 15, bold=True)
        title_room = min(170.0, inner.width() * 0.24)
        painter.setFont(small)
        painter.setPen(theme.soft)
        title = QFontMetricsF(small).elidedText(mention.title, Qt.TextElideMode.ElideRight, title_room)
        painter.drawText(QRectF(inner.left(), inner.top(), title_room, inner.height()), middle, title)
        inner.setLeft(inner.left() + title_room + 14)
        measure = QFontMetricsF(strong)
        words = measure.elidedText(mention.words, Qt.TextElideMode.ElideMiddle, inner.width() * 0.5)
        wide, column = measure.horizontalAdvance(words), inner.left() + inner.width() * 0.4
        gap = QFontMetricsF(face).horizontalAdvance(" ")
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setFont(face)
        painter.setPen(theme.ink if selected else theme.soft)
        before = QFontMetricsF(face).elidedText(
            " ".join(mention.before.split()), Qt.TextElideMode.ElideLeft, column - inner.left() - gap
        )
        place = QRectF(inner.left(), inner.top(), column - inner.left() - gap, inner.height())
        painter.drawText(place, middle | right, before)
        after_at = column + wide + (gap if mention.after[:1].isspace() or _apart(mention.after) else 0)
        room = max(0.0, inner.right() - after_at)
        after = QFontMetricsF(face).elidedText(
            " ".join(mention.after.split()), Qt.TextElideMode.ElideRight, room
        )
        painter.drawText(QRectF(after_at, inner.top(), room, inner.height()), middle, after)
        painter.setFont(strong)
        painter.setPen(theme.hue("actor").ink)
        painter.drawText(QRectF(column, inner.top(), wide + 1, inner.height()), middle, words)
        painter.restore()


def _apart(after: str) -> bool:
    """Whether what follows stands apart from the words, as a word does and a comma does not."""
    return bool(after) and after[0].isalnum()
