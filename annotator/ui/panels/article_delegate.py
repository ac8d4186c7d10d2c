"""How one article looks in the list: a mark for its status, the title, a quiet line of facts."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from annotator.core.model import Status
from annotator.core.ports import ArticleRow
from annotator.core.text import runs_left
from annotator.ui import icons
from annotator.ui.controls import row_ground
from annotator.ui.models.article_list import ArticleRole
from annotator.ui.panels.wording import counted, short_date
from annotator.ui.theme import SANS, SERIF, Theme, figures, font

ROW_HEIGHT = 82
_INSET = 8.0
_MARK = 14.0
_TITLE_LINE = 20.0
_TOP = 11.0


def facts(row: ArticleRow) -> tuple[list[str], str]:
    """The quiet line under a title: where it is from (at length, then shorter), and its labels."""
    parts = [part for part in (row.publisher, short_date(row.published)) if part]
    origin = [" · ".join(parts), *reversed(parts)] if parts else []
    counts = []
    if row.labels:
        counts.append(counted(row.labels, "label"))
    if row.suggestions:
        counts.append(f"{row.suggestions:,} open")
    return origin, " · ".join(counts)


class ArticleDelegate(QStyledItemDelegate):
    """Paints rows of an ArticleListModel, all equally high."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, ROW_HEIGHT)

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row: ArticleRow | None = index.data(ArticleRole.ROW)
        if row is None:
            return
        theme = self.theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(option.rect)
        box = whole.adjusted(_INSET, 1, -_INSET, -1)
        row_ground(painter, box, option.state, theme, 8)
        inner = box.adjusted(12, _TOP - 1, -12, -8)
        self._paint_mark(painter, inner, row.status)
        text = inner.adjusted(_MARK + 10, 0, 0, 0)
        if row.flagged:
            place = QRectF(inner.right() - 14, inner.top() + 3, 14, 14)
            icons.draw(painter, "flag_set", place, theme.bad)
        below = self._paint_title(painter, text, row, 22.0 if row.flagged else 0.0)
        self._paint_facts(painter, text, below, row)
        painter.restore()

    def _paint_mark(self, painter: QPainter, inner: QRectF, status: Status) -> None:
        theme = self.theme
        colour = {Status.DONE: theme.good, Status.IN_PROGRESS: theme.accent}.get(status, theme.soft)
        place = QRectF(inner.left(), inner.top() + 3, _MARK, _MARK)
        icons.draw(painter, icons.STATUS_ICONS[status], place, colour)

    def _paint_title(self, painter: QPainter, text: QRectF, row: ArticleRow, spared: float) -> float:
        """Paint one or two lines; gives where the next line starts."""
        face = font(SERIF, 15)
        title = row.title or "Untitled article"
        layout = QTextLayout(title, face)
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        layout.setTextOption(option)
        painter.setPen(self.theme.soft if row.status == Status.SKIPPED else self.theme.ink)
        layout.beginLayout()
        first = layout.createLine()
        first.setLineWidth(text.width() - spared)
        first.setPosition(QPointF(0, 0))
        units = title.encode("utf-16-le")[2 * first.textLength() :]
        layout.endLayout()
        first.draw(painter, text.topLeft())
        two = bool(units)
        if two:
            rest = QFontMetricsF(face).elidedText(
                units.decode("utf-16-le").strip(), Qt.TextElideMode.ElideRight, text.width()
            )
            painter.setFont(face)
            place = QRectF(text.left(), text.top() + _TITLE_LINE, text.width(), _TITLE_LINE)
            side = Qt.AlignmentFlag.AlignRight if runs_left(title) else Qt.AlignmentFlag.AlignLeft
            painter.drawText(place, side | Qt.AlignmentFlag.AlignTop, rest)
        return text.top() + _TITLE_LINE * (2 if two else 1)

    def _paint_facts(self, painter: QPainter, text: QRectF, top: float, row: ArticleRow) -> None:
        origin, counts = facts(row)
        face = figures(font(SANS, 12))
        metrics = QFontMetricsF(face)
        painter.setFont(face)
        painter.setPen(self.theme.soft)
        place = QRectF(text.left(), top + 2, text.width(), 18)
        middle = Qt.AlignmentFlag.AlignVCenter
        if not origin:
            painter.drawText(place, middle | Qt.AlignmentFlag.AlignLeft, counts)
            return
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignRight, counts)
        room = text.width() - (metrics.horizontalAdvance(counts) + 12 if counts else 0)
        fitting = (each for each in origin if metrics.horizontalAdvance(each) <= room)
        shown = next(fitting, None) or metrics.elidedText(origin[0], Qt.TextElideMode.ElideRight, room)
        painter.drawText(place, middle | Qt.AlignmentFlag.AlignLeft, shown)
