"""The Actors window: every actor record of the project, and everything that can be done with one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, override

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from annotator.core.changes import PROJECT, SpanChange
from annotator.core.errors import AnnotatorError
from annotator.core.text import counted
from annotator.session.editor import Changed
from annotator.ui.actors import record_list
from annotator.ui.actors.duplicates import DuplicatesPage
from annotator.ui.actors.edits import RecordEdits
from annotator.ui.actors.exchange import Exchange
from annotator.ui.actors.record_list import Order, RecordDelegate, RecordLine, RecordModel, sorted_lines
from annotator.ui.actors.record_page import RecordPage
from annotator.ui.controls import Chip, RowView, Themed, label, spread
from annotator.ui.notices import sentence
from annotator.ui.theme import Theme
from annotator.ui.together import waiting

if TYPE_CHECKING:
    from annotator.session.actors import Actors, Pair
    from annotator.ui.workbench import Workbench

FOUND = 500
"""Records that a search lists at most."""
EMPTY = (
    "No actor records yet.\n\nSelect an actor on the page and press I,\n"
    "make a record here, or read a list from CSV."
)


class ActorsWindow(Themed, QDialog):
    """Stays beside the main window while the person goes on working.

    It follows every edit, whether made here or there. Signals: ``mention_chosen`` (a Mention to go to).
    """

    mention_chosen = Signal(object)

    def __init__(self, bench: Workbench, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Actors")
        self.resize(1080, 740)
        self.setMinimumSize(820, 480)
        self.theme = theme
        self.bench = bench
        self.counts: dict[str, int] = {}
        """By id of the identities: how many labels mean them."""
        self.shown = ""
        """Id of the record that is shown; empty for none."""
        self.edits = RecordEdits(self)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search names and aliases")
        self.search.setAccessibleName("Search actor records")
        self.search.setClearButtonEnabled(True)
        self.orders = {
            each: Chip(f"By {each.value.lower()}", theme, checkable=True, bare=True) for each in Order
        }
        for order, chip in self.orders.items():
            chip.setAccessibleName(f"Sort by {order.value.lower()}")
            chip.clicked.connect(lambda _=False, order=order: self.sort_by(order))
        self.order = Order.MENTIONS
        self.count = label("", "quiet")
        self.model = RecordModel(self)
        self.view = RowView(record_list.ROW_HEIGHT)
        self.view.setProperty("look", "parts")
        self.view.setAccessibleName("Actor records")
        self.view.setModel(self.model)
        self.view.setItemDelegate(RecordDelegate(self, self.view))
        self.nothing = label("", "empty", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.new = Chip("New record", theme, icon="plus")
        self.new.clicked.connect(self.edits.make)
        self.find_duplicates = Chip("Likely duplicates…", theme)
        self.find_duplicates.clicked.connect(self.show_duplicates)
        self.csv_in, self.csv_out = Chip("From CSV…", theme, bare=True), Chip("To CSV…", theme, bare=True)
        self.page = RecordPage(theme)
        self.duplicates = DuplicatesPage(theme)
        self.blank = label(EMPTY, "empty")
        self.blank.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.right = QStackedWidget()
        self.reason = label("", wrap=True)
        self.said = label("", "quiet", wrap=True)
        self.said.setAccessibleName("What was done")
        self.undo = Chip("Undo", theme, key="Ctrl+Z", bare=True)
        self.undo.clicked.connect(bench.undo)
        self.exchange = Exchange(bench, self)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._lay_out()
        self._join()
        self.sort_by(self.order)
        self.follow()
        self.search.setFocus()

    def _lay_out(self) -> None:
        sort = QHBoxLayout()
        sort.setSpacing(2)
        sort.addWidget(self.count, 1)
        for chip in self.orders.values():
            sort.addWidget(chip)
        lower = QHBoxLayout()
        lower.setSpacing(6)
        lower.addWidget(self.new)
        lower.addStretch(1)
        lower.addWidget(self.csv_in)
        lower.addWidget(self.csv_out)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 18, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addLayout(sort)
        column.addWidget(self.view, 1)
        column.addWidget(self.nothing, 1)
        column.addWidget(self.find_duplicates, 0, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(lower)
        for each in (self.blank, self.page, self.duplicates):
            self.right.addWidget(each)
        right = QWidget()
        beside = QVBoxLayout(right)
        beside.setContentsMargins(18, 0, 0, 0)
        beside.addWidget(self.right)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([320, 720])
        left.setMinimumWidth(260)
        right.setMinimumWidth(480)
        self._reason = QWidget()
        self._reason.setProperty("look", "strip")
        self._reason.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        strip = QVBoxLayout(self._reason)
        strip.setContentsMargins(14, 8, 14, 8)
        strip.addWidget(self.reason)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.undo)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 18, 20, 12)
        whole.setSpacing(12)
        whole.addWidget(self._reason)
        whole.addWidget(splitter, 1)
        whole.addLayout(foot)

    def _join(self) -> None:
        bench, page = self.bench, self.page
        self._soon.timeout.connect(self.follow)
        bench.edited.connect(self._on_edited)
        bench.project_left.connect(page.form.flush)  # before another project could take it for its own
        bench.project_changed.connect(self.close)
        bench.holding_changed.connect(self.follow)
        bench.told.connect(self._on_told)
        self.search.textChanged.connect(lambda _: self._list())
        self.search.installEventFilter(self)
        self.view.selectionModel().currentRowChanged.connect(self._on_row)
        self.csv_in.clicked.connect(self.exchange.read)
        self.csv_out.clicked.connect(self.exchange.write)
        self.exchange.done.connect(self.say)
        page.given.connect(self.edits.give)
        page.mention_chosen.connect(self.mention_chosen)
        page.merge_asked.connect(self.edits.merge)
        page.unmerge_asked.connect(self.edits.unmerge)
        page.split_asked.connect(self.edits.split)
        page.delete_asked.connect(self.edits.delete)
        self.duplicates.merge_asked.connect(self.edits.merge_into)
        self.duplicates.apart_asked.connect(self.edits.apart)
        self.duplicates.open_asked.connect(self.go_to)
        self.duplicates.left.connect(self._leave_duplicates)
        for key, what in (
            (QKeySequence.StandardKey.Undo, bench.undo),
            (QKeySequence.StandardKey.Redo, bench.redo),
        ):
            QShortcut(QKeySequence(key), self, what)

    @property
    def actors(self) -> Actors | None:
        """The actor records of the open project."""
        return self.bench.editor.actors if self.bench.editor is not None else None

    @property
    def writable(self) -> bool:
        """Whether anything can be changed."""
        return not self.bench.keeper.read_only

    # -- following ------------------------------------------------------------------------------

    def _on_edited(self, changed: Changed) -> None:
        """Follow what changed records or links, once the main window has shown it."""
        for each in changed.edit.changes:
            if each.article == PROJECT or any(
                isinstance(one, SpanChange) and _actor_of(one.before) != _actor_of(one.after)
                for one in each.changes
            ):
                self._soon.start()
                return

    def follow_soon(self) -> None:
        """Show what there is when everything that is going on is done."""
        self._soon.start()

    def follow(self) -> None:
        """Show what there is now: the list, and the record or the pairs beside it."""
        actors = self.actors
        if actors is None:
            return
        self.counts = self._read(actors.mention_counts, self.counts)
        reason = self.bench.keeper.read_only
        self.reason.setText(reason)
        self._reason.setVisible(bool(reason))
        for chip in (self.new, self.csv_in, self.undo):
            chip.setEnabled(self.writable)
        self._list()
        if self.right.currentWidget() is self.duplicates:
            self.show_duplicates()
        else:
            self._show_record()

    def _read[T](self, look: Callable[[], T], otherwise: T) -> T:
        """What is in the file; where that cannot be read for now, it is told why, and the rest goes on."""
        try:
            return look()
        except AnnotatorError as error:
            self.say(sentence(error.problem))
            return otherwise

    def _list(self) -> None:
        """List what fits the search; the selected record stays selected where it is listed."""
        actors = self.actors
        if actors is None:
            return
        typed = self.search.text().strip()
        if typed:
            found = actors.registry.search(typed, limit=FOUND)
            lines = [RecordLine(each.record, self.counts.get(each.record.id, 0)) for each in found]
        else:
            lines = sorted_lines(actors.registry.identities(), self.counts, self.order)
        for chip in self.orders.values():
            chip.setEnabled(not typed)
        blocked = self.view.selectionModel().blockSignals(True)
        self.model.show(lines)
        place = self.model.place_of(self.shown)
        if place is not None:
            self.view.setCurrentIndex(self.model.index(place, 0))
        self.view.selectionModel().blockSignals(blocked)
        self.view.setVisible(bool(lines))
        self.nothing.setVisible(not lines)
        self.nothing.setText("No record is called that." if typed else "")
        self.count.setText(counted(len(lines), "record") if lines else "")
        if place is None and lines and (typed or self.shown not in actors.registry.records):
            self.view.selectRow(0)

    def sort_by(self, order: Order) -> None:
        """Sort the list by mentions or by name."""
        self.order = order
        for each, chip in self.orders.items():
            chip.setChecked(each is order)
        self._list()

    def _on_row(self, now: QModelIndex) -> None:
        line: RecordLine | None = now.data(Qt.ItemDataRole.UserRole) if now.isValid() else None
        if line is not None and line.record.id != self.shown:
            self.page.form.flush()
            self.shown = line.record.id
            self.edits.sure = ()
            self._show_record()

    def _show_record(self) -> None:
        actors, codebook = self.actors, self.bench.codebook
        if actors is None or codebook is None:
            return
        shown, registry = self.shown, actors.registry
        if shown not in registry.records or not registry.is_identity(shown):
            self.shown = registry.resolve(shown).id if shown in registry.records else ""
            if not self.shown:
                self.right.setCurrentWidget(self.blank)
                self.blank.setText("Choose a record." if registry.records else EMPTY)
                return
            self._list()
            shown = self.shown
        self.page.show_record(
            registry.records[shown],
            codebook,
            [registry.records[each] for each in registry.members(shown)[1:]],
            self.counts.get(shown, 0),
            lambda offset, limit: self._read(lambda: actors.mentions(shown, offset, limit), []),
            self._read(lambda: actors.history(shown), []),
            writable=self.writable,
        )
        self.right.setCurrentWidget(self.page)

    def go_to(self, actor: str) -> None:
        """Show a record, whatever the list shows."""
        actors = self.actors
        if actors is None or actor not in actors.registry.records:
            return
        self.page.form.flush()
        self.shown = actors.registry.resolve(actor).id
        if self.model.place_of(self.shown) is None:
            self.search.clear()
        self.right.setCurrentWidget(self.page)
        self._list()
        self.view.scrollTo(self.view.currentIndex())
        self._show_record()

    # -- edits ----------------------------------------------------------------------------------

    def say(self, text: str) -> None:
        """Tell something at the foot of the window."""
        self.said.setText(text)

    def _on_told(self, kind: str, text: str) -> None:
        if self.isActiveWindow():
            self.say(text)

    def show_duplicates(self) -> None:
        """List the pairs of records that are likely to be one."""
        actors = self.actors
        if actors is None:
            return
        self.page.form.flush()
        with waiting():
            pairs: list[Pair] = self._read(lambda: actors.duplicates(), [])
        self.duplicates.show_pairs(pairs, self.counts, writable=self.writable)
        if self.right.currentWidget() is not self.duplicates:
            self.right.setCurrentWidget(self.duplicates)
            (self.duplicates.view if pairs else self.duplicates.back).setFocus()

    def _leave_duplicates(self) -> None:
        self.right.setCurrentWidget(self.page)
        self._show_record()
        self.view.setFocus()

    # -- events ---------------------------------------------------------------------------------

    @override
    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        spread(self, theme)
        self.view.viewport().update()

    @override
    def done(self, result: int) -> None:
        self.page.form.flush()
        super().done(result)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.model.lines:
                if not self.view.currentIndex().isValid():
                    self.view.selectRow(0)
                self.view.setFocus()
                return True
        return super().eventFilter(watched, event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if isinstance(focused, QAbstractButton):
                focused.click()
            return
        if event.key() == Qt.Key.Key_Escape and self.search.text() and self.search.hasFocus():
            self.search.clear()
            return
        super().keyPressEvent(event)


def _actor_of(span: object) -> str | None:
    return getattr(span, "actor", None)
