"""Records that are likely to be one, pair by pair: merge them, or say that they are not the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from PySide6.QtWidgets import QStyleOptionViewItem, QVBoxLayout, QWidget

from annotator.core.model import ActorRecord
from annotator.core.text import counted
from annotator.session.actors import Pair
from annotator.ui.controls import Chip, RowView, Themed, label, row_ground, tip
from annotator.ui.flow import FlowLayout
from annotator.ui.rows import ListModel, RowDelegate, write
from annotator.ui.theme import SANS, Theme, font

type Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 46


class _Pairs(ListModel[Pair]):
    counts: Mapping[str, int]
    """Mentions of each record."""

    def said(self, record: ActorRecord) -> str:
        return f"{record.type} · {counted(self.counts.get(record.id, 0), 'mention')}"

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        pair = self.items[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return pair
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(f"{pair.a.name}\n{pair.b.name}\n{pair.why[:1].upper()}{pair.why[1:]}")
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{pair.a.name} ({self.said(pair.a)}) and {pair.b.name} ({self.said(pair.b)}): {pair.why}"
        return None


class _PairDelegate(RowDelegate):
    size = QSize(300, ROW_HEIGHT)

    def __init__(self, owner: Themed, model: _Pairs, view: QWidget) -> None:
        super().__init__(owner, view)
        self._model = model

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        pair: Pair = index.data(Qt.ItemDataRole.UserRole)
        theme, box = self.theme, QRectF(option.rect).adjusted(2, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row_ground(painter, box, option.state, theme)
        inner = box.adjusted(10, 4, -10, -4)
        column = inner.width() / 3
        top = QRectF(inner.left(), inner.top(), column - 12, inner.height() / 2)
        face, small = font(SANS, 14), font(SANS, 12)
        middle = Qt.AlignmentFlag.AlignVCenter
        for nth, record in enumerate((pair.a, pair.b)):
            upper = top.translated(nth * column, 0)
            for text, where, used, colour in (
                (record.name, upper, face, theme.ink),
                (self._model.said(record), upper.translated(0, upper.height()), small, theme.soft),
            ):
                write(painter, where, text, used, colour)
        why = f"{pair.why[:1].upper()}{pair.why[1:]}"
        room = QRectF(inner.right() - column + 12, inner.top(), column - 12, inner.height())
        shown = QFontMetricsF(small).elidedText(why, Qt.TextElideMode.ElideRight, room.width() * 1.8)
        painter.drawText(room, int(middle | Qt.TextFlag.TextWordWrap), shown)  # in up to two lines
        painter.restore()


class DuplicatesPage(Themed, QWidget):
    """Enter merges the pair of the row, Delete says that the two are not the same.

    The one with more mentions stays. Signals: ``merge_asked`` (id, id of the one that stays);
    ``apart_asked`` (two ids); ``open_asked`` (an id); ``left``.
    """

    merge_asked = Signal(str, str)
    apart_asked = Signal(str, str)
    open_asked = Signal(str)
    left = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._writable = True
        self.model = _Pairs(self)
        self.view = RowView(ROW_HEIGHT)
        self.view.setProperty("look", "parts")
        self.view.setAccessibleName("Likely duplicates")
        self.view.setModel(self.model)
        self.view.setItemDelegate(_PairDelegate(self, self.model, self.view))
        self.view.selectionModel().currentRowChanged.connect(lambda: self._show_choice())
        self.view.installEventFilter(self)
        self.nothing = label("No two records look like one.", "empty")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.merge = Chip("Merge", theme, key="Enter", strong=True)
        self.merge.clicked.connect(self._on_merge)
        self.apart = Chip("Not the same", theme, key="Del")
        self.apart.clicked.connect(self._on_apart)
        self.open_a, self.open_b = Chip("", theme, bare=True), Chip("", theme, bare=True)
        self.open_a.clicked.connect(lambda: self._open("a"))
        self.open_b.clicked.connect(lambda: self._open("b"))
        self.back = Chip("Back to the record", theme, bare=True)
        self.back.clicked.connect(self.left)
        actions = FlowLayout(gap=8, row_gap=6)
        for chip in (self.merge, self.apart, self.open_a, self.open_b, self.back):
            actions.addWidget(chip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addWidget(label("Likely duplicates", "title"))
        column.addWidget(
            label(
                "Merging keeps every label: the mentions of both count as one actor, and the other name "
                "is found from then on. It can be taken back.",
                "quiet",
                wrap=True,
            )
        )
        column.addWidget(self.view, 1)
        column.addWidget(self.nothing, 1)
        column.addLayout(actions)

    def show_pairs(self, pairs: Sequence[Pair], counts: Mapping[str, int], *, writable: bool) -> None:
        """Show what there is now; the row stays where it was."""
        row = max(0, self.view.currentIndex().row())
        self._writable = writable
        self.model.counts = counts
        self.model.fill(pairs)
        self.view.setVisible(bool(pairs))
        self.nothing.setVisible(not pairs)
        if pairs:
            self.view.selectRow(min(row, len(pairs) - 1))
        self._show_choice()

    def _pair(self) -> Pair | None:
        index = self.view.currentIndex()
        pair: Pair | None = index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None
        return pair

    def _sorted(self, pair: Pair) -> tuple[ActorRecord, ActorRecord]:
        """The one that goes and the one that stays."""
        counts = self.model.counts
        goes, stays = sorted((pair.a, pair.b), key=lambda each: counts.get(each.id, 0))
        return (pair.b, pair.a) if counts.get(pair.a.id, 0) == counts.get(pair.b.id, 0) else (goes, stays)

    def _show_choice(self) -> None:
        pair = self._pair()
        for chip in (self.merge, self.apart):
            chip.setEnabled(pair is not None and self._writable)
        for chip in (self.open_a, self.open_b):
            chip.setVisible(pair is not None)
        if pair is not None:
            self.merge.set_words(f"Merge into “{self._sorted(pair)[1].name}”")
            self.open_a.set_words(f"Open {pair.a.name}")
            self.open_b.set_words(f"Open {pair.b.name}")
        else:
            self.merge.set_words("Merge")

    def _on_merge(self) -> None:
        pair = self._pair()
        if pair is not None and self._writable:
            goes, stays = self._sorted(pair)
            self.merge_asked.emit(goes.id, stays.id)

    def _on_apart(self) -> None:
        pair = self._pair()
        if pair is not None and self._writable:
            self.apart_asked.emit(pair.a.id, pair.b.id)

    def _open(self, which: str) -> None:
        pair = self._pair()
        if pair is not None:
            self.open_asked.emit(pair.a.id if which == "a" else pair.b.id)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._on_merge()
                return True
            if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
                self._on_apart()
                return True
        return super().eventFilter(watched, event)
