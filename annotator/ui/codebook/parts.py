"""The lists of the codebook's parts: one row each, headings between them, and what can be done with them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, override

from msgspec import Struct
from PySide6.QtCore import (
    QAbstractListModel,
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
    QHBoxLayout,
    QStyle,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.ui.controls import Chip, RowView, Themed, label, row_ground
from annotator.ui.rows import RowDelegate
from annotator.ui.theme import SANS, Theme, font

type Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 32


class Row(Struct, frozen=True):
    """A row of the list; one without an id is a heading."""

    words: str
    id: int | None = None
    side: str = ""
    """What stands at its end: a key, a type."""
    colour: str | None = None
    """A label's colour, in which its name is shown."""
    wrong: str = ""
    """What is wrong with the part."""


class RowModel(QAbstractListModel):
    """The rows; changing them keeps what is the same."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []

    def show(self, rows: Sequence[Row]) -> bool:
        """Show these rows. Whether others stand there now (False: they only look different)."""
        same = [each.id for each in rows] == [each.id for each in self.rows]
        if same:
            self.rows = list(rows)
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
        else:
            self.beginResetModel()
            self.rows = list(rows)
            self.endResetModel()
        return not same

    def place_of(self, id_: int | None) -> int | None:
        """The place of a part's row."""
        return next((nth for nth, row in enumerate(self.rows) if id_ is not None and row.id == id_), None)

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self.rows[index.row()].id is None:
            return Qt.ItemFlag.NoItemFlags
        return super().flags(index)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.words
        if role == Qt.ItemDataRole.ToolTipRole:
            return row.wrong or None
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(each for each in (row.words or "without a name", row.side, row.wrong) if each)
        return None


class _RowDelegate(RowDelegate):
    size = QSize(80, ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(Qt.ItemDataRole.UserRole)
        theme, box = self.theme, QRectF(option.rect).adjusted(2, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = Qt.AlignmentFlag.AlignVCenter
        if row.id is None:
            painter.setFont(font(SANS, 12, bold=True))
            painter.setPen(theme.soft)
            painter.drawText(box.adjusted(10, 6, -10, 0), middle, row.words)
            painter.restore()
            return
        state = option.state
        if state & QStyle.StateFlag.State_HasFocus and not state & QStyle.StateFlag.State_Selected:
            state &= ~QStyle.StateFlag.State_HasFocus
        row_ground(painter, box, state, theme)
        inner = box.adjusted(10, 0, -10, 0)
        small = font(SANS, 12)
        if row.side:
            width = QFontMetricsF(small).horizontalAdvance(row.side)
            painter.setFont(small)
            painter.setPen(theme.soft)
            painter.drawText(inner, middle | Qt.AlignmentFlag.AlignRight, row.side)
            inner.setRight(inner.right() - width - 10)
        if row.wrong:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.bad)
            painter.drawEllipse(QRectF(inner.right() - 7, inner.center().y() - 3.5, 7, 7))
            inner.setRight(inner.right() - 15)
        face = font(SANS, 14)
        metrics = QFontMetricsF(face)
        words = row.words or "No name yet"
        painter.setFont(face)
        if row.colour is not None:
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, inner.width() - 12)
            hue = theme.hue(row.colour)
            pill = QRectF(inner.left(), inner.center().y() - 11, metrics.horizontalAdvance(shown) + 12, 22)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(hue.tint)
            painter.drawRoundedRect(pill, 4, 4)
            painter.setPen(hue.ink if row.words else theme.faint)
            painter.drawText(pill, int(Qt.AlignmentFlag.AlignCenter), shown)
        else:
            painter.setPen(theme.ink if row.words else theme.faint)
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, middle, shown)
        painter.restore()


class PartList(Themed, QWidget):
    """A list of parts over a row of what can be done: add, move up and down, delete.

    In the list Enter and F2 go to the form, Insert adds, Delete deletes, Alt with the arrows moves.

    Signals: ``chosen`` (id, or None); ``add_asked``; ``shift_asked`` (id, by); ``delete_asked`` (id);
    ``form_asked``.
    """

    chosen = Signal(object)
    add_asked = Signal()
    shift_asked = Signal(int, int)
    delete_asked = Signal(int)
    form_asked = Signal()

    def __init__(
        self,
        name: str,
        add: str,
        nothing: str,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        only_read: bool = False,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self.current: int | None = None
        self._quiet = False
        self.model = RowModel(self)
        self.view = RowView(ROW_HEIGHT)
        self.view.setProperty("look", "parts")
        self.view.setAccessibleName(name)
        self.view.setModel(self.model)
        self.view.setItemDelegate(_RowDelegate(self, self.view))
        self.view.selectionModel().currentChanged.connect(self._on_current)
        self.view.installEventFilter(self)
        self.nothing = label(nothing, "quiet", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.nothing.setContentsMargins(12, 8, 8, 0)  # where the words of rows begin
        self.add_chip = Chip(add, theme, icon="plus")
        self.up_chip = Chip("", theme, icon="arrow_up", bare=True)
        self.down_chip = Chip("", theme, icon="arrow_down", bare=True)
        self.delete_chip = Chip("", theme, icon="trash", bare=True)
        for chip, words in (
            (self.up_chip, "Move up (Alt+Up)"),
            (self.down_chip, "Move down (Alt+Down)"),
            (self.delete_chip, "Delete (Del)"),
        ):
            chip.setAccessibleName(words)
            chip.setToolTip(words)
        hands = QWidget()
        hands.setHidden(only_read)
        row = QHBoxLayout(hands)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self.add_chip)
        row.addStretch(1)
        for chip in (self.up_chip, self.down_chip, self.delete_chip):
            row.addWidget(chip)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.view, 1)
        column.addWidget(self.nothing, 1)
        column.addWidget(hands)
        self.add_chip.clicked.connect(self.add_asked)
        self.up_chip.clicked.connect(lambda: self._shift(-1))
        self.down_chip.clicked.connect(lambda: self._shift(1))
        self.delete_chip.clicked.connect(self._delete)

    @override
    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.view.viewport().update()

    def show_rows(self, rows: Sequence[Row], *, may_edit: bool) -> None:
        """Show these rows; the current part stays so, else the one that stands in its place now."""
        before = self.model.place_of(self.current)
        self._quiet = True
        self.model.show(rows)
        self._quiet = False
        if self.model.place_of(self.current) is None:
            parts = [row.id for row in rows if row.id is not None]
            near = [row.id for row in rows[before or 0 :] if row.id is not None]
            self.current = near[0] if near else parts[-1] if parts else None
        self._select()
        self.view.setVisible(bool(rows))
        self.nothing.setVisible(not rows)
        self.add_chip.setEnabled(may_edit)
        for chip in (self.up_chip, self.down_chip, self.delete_chip):
            chip.setEnabled(may_edit and self.current is not None)

    def _select(self) -> None:
        place = self.model.place_of(self.current)
        if place is not None and self.view.currentIndex().row() != place:
            self._quiet = True
            self.view.selectRow(place)
            self._quiet = False
            self.view.scrollTo(self.model.index(place))
        self.view.viewport().update()

    def go_to(self, id_: int) -> None:
        """Make a part the current one."""
        if id_ != self.current:
            self.current = id_
            self._select()
            self.chosen.emit(id_)

    def _on_current(self, index: QModelIndex) -> None:
        id_ = self.model.rows[index.row()].id if index.isValid() else None
        if id_ is not None and id_ != self.current and not self._quiet:
            self.current = id_
            self.chosen.emit(id_)

    def _shift(self, by: int) -> None:
        if self.current is not None and self.up_chip.isEnabled():
            self.shift_asked.emit(self.current, by)

    def _delete(self) -> None:
        if self.current is not None and self.delete_chip.isEnabled():
            self.delete_asked.emit(self.current)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        key, held = event.key(), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if held == Qt.KeyboardModifier.AltModifier and key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._shift(-1 if key == Qt.Key.Key_Up else 1)
        elif held:
            return False
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.form_asked.emit()
        elif key == Qt.Key.Key_Insert:
            self.add_chip.click()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._delete()
        else:
            return False
        return True
