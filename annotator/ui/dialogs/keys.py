"""The sheet of keys: every key and what it does, to be searched, and changed, while working."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, override

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.core.text import counted
from annotator.ui.controls import Chip, RowView, focus_ring, label
from annotator.ui.keymap import FIXED, KeyBook, is_modifier, pressed
from annotator.ui.shortcuts import SheetRow
from annotator.ui.theme import SANS, Theme, font

type Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 30
_KEYS_WIDTH = 230


def matching(rows: Iterable[SheetRow], typed: str) -> list[SheetRow]:
    """The rows that hold every typed word, in their group, keys or words."""
    words = typed.casefold().split()
    return [
        row for row in rows if all(word in f"{row.group} {row.keys} {row.words}".casefold() for word in words)
    ]


def with_headings(rows: Iterable[SheetRow]) -> list[SheetRow]:
    """The rows with a heading, which has no words, before each group."""
    shown: list[SheetRow] = []
    for row in rows:
        if not shown or shown[-1].group != row.group:
            shown.append(SheetRow(row.group, "", ""))
        shown.append(row)
    return shown


class KeysModel(QAbstractTableModel):
    """Headings and rows; the keys in the first column, what they do in the second."""

    def __init__(self, rows: Sequence[SheetRow], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all = list(rows)
        self._typed = ""
        self.waiting = ""
        """The id of the action that waits for its new key."""
        self.rows = with_headings(self._all)

    def set_typed(self, typed: str) -> None:
        """Show only what holds the typed words."""
        self._typed = typed
        self.beginResetModel()
        self.rows = with_headings(matching(self._all, typed))
        self.endResetModel()

    def set_rows(self, rows: Sequence[SheetRow]) -> None:
        """Show what the keys are now; the rows stand where they stood."""
        self._all = list(rows)
        now = {row.id: row for row in rows if row.id}
        self.rows = [now.get(row.id, row) for row in self.rows]
        self.refresh()

    def refresh(self) -> None:
        """Have every row painted again."""
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, 1))

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 2

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if not row.words:
                return row.group if index.column() == 0 else ""
            if index.column() == 1:
                return row.words
            return "Press a key …" if row.id and row.id == self.waiting else row.keys
        if role == Qt.ItemDataRole.ToolTipRole and row.words and index.column() == 1:
            return row.words
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        heading = index.isValid() and not self.rows[index.row()].words
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
        row: SheetRow = index.data(Qt.ItemDataRole.UserRole)
        text = str(index.data())
        box = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.words and option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, theme.row)
        if not row.words:
            painter.setFont(font(SANS, 12, bold=True))
            painter.setPen(theme.soft)
            place = box.adjusted(4, 0, 0, -4)
            painter.drawText(place, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, text)
        elif index.column() == 0 and text == row.keys:
            self._paint_caps(painter, box, text.split(" or ") if text else [])
        elif index.column() == 0:
            painter.setFont(font(SANS, 13))
            painter.setPen(theme.accent)
            middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(box.adjusted(8, 0, -6, 0), middle, text)
            focus_ring(painter, box.adjusted(2, 2, -6, -2), theme, 5)
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
    """The sheet; stays beside the window while the person goes on working.

    Enter, F2 or a double click on a row waits for its new key, Insert for one more, Delete takes its keys
    away. A key that another action has is named first; the same key once more, or the chip, moves it here.
    """

    def __init__(
        self,
        book: KeyBook,
        sheet: Callable[[], list[SheetRow]],
        theme: Theme,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keys")
        self.resize(780, 660)
        self._book = book
        self._rows_now = sheet
        book.changed.connect(self._on_keys_changed)
        self._asked = ""
        """The key of another action that was pressed."""
        self._sure = False
        """The person has been told how many keys would be the usual ones again."""
        self._besides = False
        """The new key comes besides those that are there."""
        self.model = KeysModel(sheet(), self)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search keys and what they do")
        self.search.setAccessibleName("Search keys")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_typed)
        self.view = RowView(ROW_HEIGHT)
        self.view.setAccessibleName("Keys")
        self.view.setModel(self.model)
        self.view.setItemDelegate(_KeysDelegate(theme, self.view))
        self.view.doubleClicked.connect(lambda: self.change())
        self.view.selectionModel().currentChanged.connect(lambda: self._give_up())
        header = self.view.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(0, _KEYS_WIDTH)
        self.nothing = label("No key does that.", "empty")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.hide()
        self.said = label("", "quiet", wrap=True)
        self.move_here = Chip("Move it here", theme, strong=True)
        self.move_here.clicked.connect(lambda: self._give(self._asked))
        self.move_here.hide()
        self.change_chip = Chip("Change", theme, key="Enter")
        self.add_chip = Chip("Add", theme, key="Ins")
        self.add_chip.clicked.connect(lambda: self.change(besides=True))
        self.remove_chip = Chip("Remove", theme, key="Del")
        self.reset_chip = Chip("Restore", theme)
        self.reset_all_chip = Chip("Restore all", theme)
        self.change_chip.clicked.connect(lambda: self.change())
        self.remove_chip.clicked.connect(self.remove)
        self.reset_chip.clicked.connect(self.reset)
        self.reset_all_chip.clicked.connect(self._on_reset_all)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addStretch(1)
        for chip in (
            self.move_here,
            self.change_chip,
            self.add_chip,
            self.remove_chip,
            self.reset_chip,
            self.reset_all_chip,
        ):
            row.addWidget(chip)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 12, 12)
        column.setSpacing(10)
        column.addWidget(label("Keys", "title"))
        column.addWidget(self.search)
        column.addWidget(self.view, 1)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.said)
        column.addLayout(row)
        self.search.installEventFilter(self)
        self.view.installEventFilter(self)
        self.search.setFocus()
        self._say("")

    def _on_keys_changed(self) -> None:
        self.model.set_rows(self._rows_now())

    # -- changing -------------------------------------------------------------------------------

    def _chosen(self) -> SheetRow | None:
        index = self.view.currentIndex()
        row: SheetRow | None = index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None
        if row is None or not row.id:
            self._say("Choose a line first; the mouse's own lines stay as they are.")
            return None
        fixed = self._book.fixed(row.id)
        if fixed:
            self._say(fixed)
            return None
        return row

    def change(self, *, besides: bool = False) -> None:
        """Wait for the new key of the chosen line; ``besides``: for one more."""
        row = self._chosen()
        if row is not None:
            besides = besides and not self._book.has_one(row.id)
            self._wait_for(row.id)
            self._besides = besides
            self._say(f"Press {'one more' if besides else 'the new'} key for “{row.words}”, or Esc.")
            self.view.setFocus()

    def remove(self) -> None:
        """Take away the keys of the chosen line."""
        row = self._chosen()
        if row is not None:
            self._book.take(row.id)
            self._say(f"“{row.words}” has no key now; the palette still finds it by name.")

    def reset(self) -> None:
        """Give the chosen line its usual keys again."""
        row = self._chosen()
        if row is not None:
            self._book.reset(row.id)
            lost = self._book.map.lost.get(row.id, ())
            self._say(" ".join(self._book.objection(row.id, key) for key in lost))

    def _on_reset_all(self) -> None:
        """Give everything its usual keys again; the first press only says how many that are."""
        changed = len(self._book.own)
        if not changed:
            self._say("Every key is the usual one.")
        elif not self._sure:
            self._sure = True
            self._say(f"{counted(changed, 'action')} would get the usual keys again; press once more.")
        else:
            self._book.reset()
            self._say("Every key is the usual one again.")

    def _wait_for(self, name: str) -> None:
        self.model.waiting, self._asked = name, ""
        self.move_here.hide()
        self.model.refresh()

    def _give_up(self) -> None:
        if self.model.waiting:
            self._wait_for("")
            self._say("")

    def _on_pressed(self, event: QKeyEvent) -> None:
        """A key while a line waits for one."""
        if event.key() == Qt.Key.Key_Escape:
            self._give_up()
            return
        if is_modifier(event):
            return
        key = pressed(event)
        if not key:
            self._say("This key cannot be used; press another one, or Esc.")
            return
        objection = self._book.objection(self.model.waiting, key)
        if not objection or key == self._asked:
            self._give(key)
            return
        self._asked = key if self._book.map.owners.get(key) != FIXED else ""
        self.move_here.setVisible(bool(self._asked))
        more = " Press it once more to move it here, or another key." if self._asked else ""
        self._say(objection + more)

    def _give(self, key: str) -> None:
        name = self.model.waiting
        self._wait_for("")
        self._book.give(name, key, besides=self._besides)
        self._say("")
        self.view.setFocus()

    def _say(self, text: str) -> None:
        self._sure = self._sure and "once more" in text
        self.said.setText(text or "Enter changes the key of the chosen line.")

    # -- events ---------------------------------------------------------------------------------

    def _on_typed(self, typed: str) -> None:
        self._give_up()
        self.model.set_typed(typed)
        empty = not self.model.rows
        self.view.setVisible(not empty)
        self.nothing.setVisible(empty)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            if self.model.waiting and watched is self.view:
                if event.type() == QEvent.Type.ShortcutOverride:
                    event.accept()
                    return True
                if event.type() == QEvent.Type.KeyPress:
                    self._on_pressed(event)
                    return True
            elif event.type() == QEvent.Type.KeyPress:
                return self._on_key(watched, event.key())
        return super().eventFilter(watched, event)

    def _on_key(self, watched: QObject, key: int) -> bool:
        if watched is self.search and key == Qt.Key.Key_Down and self.model.rows:
            if not self.view.currentIndex().isValid():
                self.view.selectRow(1)  # row 0 is a heading
            self.view.setFocus()
            return True
        if watched is self.view and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            self.change()
            return True
        if watched is self.view and key == Qt.Key.Key_Insert:
            self.change(besides=True)
            return True
        if watched is self.view and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove()
            return True
        return False

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, QAbstractButton):
                focused.click()
            return  # there is nothing to confirm
        super().keyPressEvent(event)
