"""A small type-ahead panel that finds an actor record; lies beside what it is for until one is chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import override

from msgspec import Struct
from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QVBoxLayout, QWidget

from annotator.core.model import ACTOR_TYPES, ActorRecord
from annotator.ui.actors.choices import ROW_HEIGHT, Line, LineDelegate, Lines
from annotator.ui.controls import Chip, RowView, Themed, label
from annotator.ui.flow import FlowLayout
from annotator.ui.theme import Theme

ROWS = 8
WIDTH = 440
INSET = 4
"""Pixels that what stands below the lines is set in, in line with them."""
GAP = 8
"""Pixels between the panel and what it is for."""


class Reach(Enum):
    """What a choice is for."""

    HERE = "here"
    ARTICLE = "article"
    PROJECT = "project"


class Choice(Struct, frozen=True):
    """What was chosen: a record, or (``actor`` is None) a new one of that name and type; and for what."""

    actor: str | None
    name: str
    type: str
    reach: Reach = Reach.HERE
    turned: bool = False
    """The person has turned round what the panel tells."""


class Offer(Struct, frozen=True):
    """What the panel is opened for."""

    title: str
    """Its accessible name, and the hint in the empty field."""
    find: Callable[[str], Sequence[Line]]
    """The lines for what was typed, best first; called at every key."""
    new: str = ""
    """The words that a new record is named by where nothing is typed; empty: none can be made here."""
    type: str = "other"
    """The type that is guessed for a new record."""
    linked: str = ""
    """The name of the record that is linked already."""
    alike: int = 0
    """How many mentions in the article have the same words; 0 or 1: only this one can be linked."""
    tell: Callable[[ActorRecord, bool], str] | None = None
    """What choosing a record does, told while it is the selected one; True: turned round, which Tab does."""
    new_first: bool = False
    """While nothing is typed, a new record is likelier than what is listed."""


class ActorPicker(Themed, QFrame):
    """Finds by name and alias; Enter chooses, Esc and a click elsewhere leave everything as it is.

    Ctrl+Enter chooses for all mentions of the words in the article, Ctrl+Shift+Enter in the project. Tab goes
    to the line that makes a new record, then through the types. Backspace or Delete in the empty field asks
    to take the link away. Where the panel tells what a choice does, Tab turns that round.
    Whoever gets a choice closes the panel with :meth:`leave`.

    Signals: ``chosen`` (a :class:`Choice`); ``unlink_asked``.
    """

    chosen = Signal(object)
    unlink_asked = Signal()

    def __init__(self, offer: Offer, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setProperty("look", "card")
        self.setAccessibleName(offer.title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._offer = offer
        self._type = offer.type if offer.type in ACTOR_TYPES else ACTOR_TYPES[-1]
        self._before = QApplication.focusWidget()
        self._beside = QRect()
        self.asked: object = None
        """What the person has been asked, and may confirm; forgotten when another line is chosen."""
        self.field = QLineEdit()
        self.field.setPlaceholderText(offer.title)
        self.field.setAccessibleName(offer.title)
        self.lines = Lines(self)
        self.view = RowView(ROW_HEIGHT)
        self.view.setAccessibleName("Actor records that fit")
        self.view.setModel(self.lines)
        self.view.setItemDelegate(LineDelegate(self, self.view))
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.clicked.connect(lambda index: self._choose(index, Reach.HERE))
        self.view.selectionModel().currentRowChanged.connect(self._on_row)
        self.nothing = label("No actor record is called that.", "quiet")
        self.nothing.setContentsMargins(10, 8, 10, 8)
        self.types = {each: self._chip(each, checkable=True) for each in ACTOR_TYPES}
        for name, chip in self.types.items():
            chip.setAccessibleName(f"New record: {name}")
            chip.clicked.connect(lambda _=False, name=name: self._take_type(name))
        self.here = self._chip(f"Link all {offer.alike} here", key="Ctrl+Enter")
        self.here.clicked.connect(lambda: self._choose(self.view.currentIndex(), Reach.ARTICLE))
        self.everywhere = self._chip("Link all in the project…", key="Ctrl+Shift+Enter")
        self.everywhere.setToolTip("Count the same words in all articles; nothing is linked yet")
        self.everywhere.clicked.connect(lambda: self._choose(self.view.currentIndex(), Reach.PROJECT))
        self.unlink = self._chip("Unlink", key="Backspace")
        self.unlink.clicked.connect(self.unlink_asked)
        self.turn = self._chip("The other way round", key="Tab", checkable=True)
        self.turn.clicked.connect(self._on_row)
        self.said = label("", "quiet", wrap=True)
        self.said.setContentsMargins(8, 2, 8, 4)
        self.said.hide()
        self._lay_out()
        self.field.textEdited.connect(self._narrow)
        self.field.installEventFilter(self)
        self._narrow("")

    def _chip(self, text: str, *, key: str = "", checkable: bool = False) -> Chip:
        chip = Chip(text, self.theme, key=key, checkable=checkable, bare=True)
        chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return chip

    def _lay_out(self) -> None:
        self._types = QWidget()
        row = FlowLayout(self._types, gap=2, row_gap=2)
        for chip in self.types.values():
            row.addWidget(chip)
        self._more = QWidget()
        more = FlowLayout(self._more, gap=2, row_gap=2)
        for chip in (self.here, self.everywhere, self.unlink, self.turn):
            more.addWidget(chip)
        for part in (self._types, self._more):
            part.setContentsMargins(INSET, 0, 0, 0)
        self._flows = ((self._types, row), (self._more, more))
        self.here.setVisible(self._offer.alike > 1)
        self.everywhere.setVisible(bool(self._offer.alike))
        self.unlink.setVisible(bool(self._offer.linked))
        self.turn.setVisible(self._offer.tell is not None)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        for each in (self.field, self.view, self.nothing, self._types, self.said, self._more):
            column.addWidget(each)

    # -- showing --------------------------------------------------------------------------------

    def open(self, beside: QRect) -> None:
        """Show it under (or above, where there is no room) a rectangle of its parent; take the keyboard."""
        self._beside = beside
        self._fit()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def _fit(self) -> None:
        """As high as its lines, as far as the window has room for them."""
        parent = self.parentWidget()
        if parent is None or self._beside.isNull():
            return
        room, beside = parent.size(), self._beside
        below, above = room.height() - beside.bottom() - GAP, beside.top() - GAP
        most = (max(below, above) - 170) // ROW_HEIGHT
        rows = max(1, min(ROWS, len(self.lines.lines), most))
        self.view.setFixedHeight(rows * ROW_HEIGHT + 2)
        width = min(WIDTH, room.width() - 16)
        self.setFixedWidth(width)
        for part, flow in self._flows:
            part.setFixedHeight(flow.heightForWidth(width - 18 - INSET))
        self.adjustSize()
        x = max(8, min(beside.left() - 14, room.width() - width - 8))
        high = self.height() > below and above > below
        y = max(4, beside.top() - GAP - self.height()) if high else beside.bottom() + GAP
        self.move(QPoint(x, y))

    def say(self, text: str) -> None:
        """Tell something in the panel itself, until another line is chosen."""
        self.said.setText(text)
        self.said.setVisible(bool(text))
        self._fit()
        self._announce(text)

    def _announce(self, text: str) -> None:
        if text:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, text))

    def _narrow(self, typed: str) -> None:
        typed = typed.strip()
        lines = list(self._offer.find(typed))
        fits = len(lines)
        name = typed or self._offer.new
        if self._offer.new and name:
            lines.append(Line(None, name=name, type=self._type))
        self.lines.show(lines)
        self.nothing.setVisible(not lines)
        self.view.setVisible(bool(lines))
        if lines:
            last = not fits or (not typed and self._offer.new_first)
            self.view.selectRow(len(lines) - 1 if last else 0)
            self.view.scrollTo(self.view.currentIndex())
        self._on_row()

    def _line(self, index: QModelIndex | None = None) -> Line | None:
        index = self.view.currentIndex() if index is None else index
        line: Line | None = index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None
        return line

    def _on_row(self) -> None:
        line = self._line()
        self.asked = None
        told = self._told(line)
        self.said.setText(told)
        self.said.setVisible(bool(told))
        self._types.setVisible(line is not None and line.record is None)
        for name, chip in self.types.items():
            chip.setChecked(name == self._type)
        for chip in (self.here, self.everywhere, self.turn):
            chip.setEnabled(line is not None)
        self._more.setVisible(bool(self._offer.alike or self._offer.linked or self._offer.tell))
        self._fit()
        if line is not None and self.isVisible():
            self._announce(f"{line.spoken}. {told}" if told else line.spoken)

    def _told(self, line: Line | None) -> str:
        """What choosing a line does, where the panel tells that."""
        if self._offer.tell is None or line is None or line.record is None:
            return ""
        return self._offer.tell(line.record, self.turn.isChecked())

    # -- choosing -------------------------------------------------------------------------------

    def _take_type(self, name: str) -> None:
        self._type = name
        row, typed = len(self.lines.lines) - 1, self.field.text().strip()
        self.lines.lines[row] = Line(None, name=typed or self._offer.new, type=name)
        index = self.lines.index(row, 0)
        self.lines.dataChanged.emit(index, index)
        self.view.selectRow(row)
        self._on_row()

    def _to_new(self, by: int) -> None:
        """Go to the line that makes a new record; from there to the next or previous type. Or turn round."""
        line = self._line()
        if self._offer.tell is not None and line is not None:
            self.turn.click()
            return
        if not self.lines.lines or self.lines.lines[-1].record is not None:
            return
        if line is not None and line.record is None:
            at = ACTOR_TYPES.index(self._type) + by
            self._take_type(ACTOR_TYPES[at % len(ACTOR_TYPES)])
        else:
            self.view.selectRow(len(self.lines.lines) - 1)
            self.view.scrollTo(self.view.currentIndex())

    def _choose(self, index: QModelIndex, reach: Reach) -> None:
        line = self._line(index)
        if line is None or (reach is not Reach.HERE and not self._offer.alike):
            return
        actor = line.record.id if line.record else None
        name = line.record.name if line.record else line.name
        kind = line.record.type if line.record else line.type
        self.chosen.emit(Choice(actor, name, kind, reach, turned=self.turn.isChecked()))

    def leave(self) -> None:
        """Close it and give the keyboard back to where it was."""
        self.field.removeEventFilter(self)
        self.hide()
        if self._before is not None:
            self._before.setFocus()
        self.close()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            if event.key() in _TAKEN:
                event.accept()
                return True
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._on_key(event)
        elif event.type() == QEvent.Type.FocusOut:
            QTimer.singleShot(0, self, self._leave_if_left)
        return super().eventFilter(watched, event)

    def _leave_if_left(self) -> None:
        """The keyboard may have gone where the person wants it, or only to another program."""
        now = QApplication.focusWidget()
        if now is not None and now is not self.field and not self.isAncestorOf(now):
            self._before = None
            self.leave()

    def _on_key(self, event: QKeyEvent) -> bool:
        key, held = Qt.Key(event.key()), event.modifiers()
        row, last = self.view.currentIndex().row(), len(self.lines.lines) - 1
        steps = {
            Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: ROWS, Qt.Key.Key_PageUp: -ROWS,
        }  # fmt: skip
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            control = bool(held & Qt.KeyboardModifier.ControlModifier)
            shift = bool(held & Qt.KeyboardModifier.ShiftModifier)
            reach = (Reach.PROJECT if shift else Reach.ARTICLE) if control else Reach.HERE
            self._choose(self.view.currentIndex(), reach)
        elif key in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._to_new(-1 if key == Qt.Key.Key_Backtab else 1)
        elif key in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) and not self.field.text():
            if self._offer.linked:
                self.unlink_asked.emit()
        elif key in steps and last >= 0:
            self.view.selectRow(max(0, min(last, row + steps[key])))
            self.view.scrollTo(self.view.currentIndex())
        else:
            return False
        return True


_TAKEN = frozenset(
    {
        Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab, Qt.Key.Key_Backtab,
        Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp,
    }
)  # fmt: skip
"""Keys that are the panel's even where they are shortcuts of the window."""
