"""One actor record with everything that belongs to it: the form, its mentions, its history."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import override

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from annotator.core.codebook import Codebook
from annotator.core.model import ActorRecord
from annotator.core.ports import LoggedEdit, Mention
from annotator.core.text import counted
from annotator.ui.actors import history_list, mention_list
from annotator.ui.actors.history_list import HistoryDelegate, HistoryModel
from annotator.ui.actors.mention_list import MentionDelegate, MentionModel
from annotator.ui.actors.record_form import RecordForm
from annotator.ui.controls import Chip, RowView, Themed, label
from annotator.ui.flow import FlowLayout
from annotator.ui.theme import Theme


class RecordPage(Themed, QWidget):
    """Shows one record; changes nothing itself.

    Signals: ``given`` (the record as it should be); ``mention_chosen`` (a Mention to go to);
    ``merge_asked``, ``unmerge_asked``, ``delete_asked``; ``split_asked`` (the chosen mentions).
    """

    given = Signal(object)
    mention_chosen = Signal(object)
    merge_asked = Signal()
    unmerge_asked = Signal()
    split_asked = Signal(list)
    delete_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._writable = True
        self._id = ""
        self.form = RecordForm(theme)
        self.form.given.connect(self.given)
        self.merge = Chip("Merge with…", theme)
        self.merge.setToolTip(
            "Make this record and another one the same; no label is touched, and it can be undone"
        )
        self.merge.clicked.connect(self.merge_asked)
        self.unmerge = Chip("Undo a merge…", theme)
        self.unmerge.clicked.connect(self.unmerge_asked)
        self.split = Chip("Split off…", theme)
        self.split.clicked.connect(lambda: self.split_asked.emit(self.chosen_mentions()))
        self.delete = Chip("Delete", theme, icon="trash", bare=True)
        self.delete.clicked.connect(self.delete_asked)
        self.merged = label("", "quiet", wrap=True)
        self.mentions = MentionModel(self)
        self.mention_view = self._list(mention_list.ROW_HEIGHT, "Mentions")
        self.mention_view.setModel(self.mentions)
        self.mention_view.setItemDelegate(MentionDelegate(self, self.mention_view))
        self.mention_view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.mention_view.doubleClicked.connect(
            lambda index: self.mention_chosen.emit(index.data(Qt.ItemDataRole.UserRole))
        )
        self.mention_view.selectionModel().selectionChanged.connect(lambda *_: self._show_split())
        self.mention_view.installEventFilter(self)
        self.history = HistoryModel(self)
        self.history_view = self._list(history_list.ROW_HEIGHT, "History")
        self.history_view.setModel(self.history)
        self.history_view.setItemDelegate(HistoryDelegate(self, self.history_view))
        self.no_mention = label("No mention is linked with this record yet.", "empty")
        self.no_mention.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.tabs = QTabWidget()
        self.tabs.setAccessibleName("Mentions and history")
        self.tabs.tabBar().setAccessibleName("Mentions and history")
        self._lay_out()

    def _list(self, height: int, name: str) -> RowView:
        view = RowView(height)
        view.setProperty("look", "parts")
        view.setAccessibleName(name)
        return view

    def _lay_out(self) -> None:
        mentions = QWidget()
        inside = QVBoxLayout(mentions)
        inside.setContentsMargins(0, 8, 0, 0)
        inside.addWidget(self.mention_view, 1)
        inside.addWidget(self.no_mention, 1)
        history = QWidget()
        column = QVBoxLayout(history)
        column.setContentsMargins(0, 8, 0, 0)
        column.addWidget(self.history_view)
        self.tabs.addTab(mentions, "Mentions")
        self.tabs.addTab(history, "History")
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.form)
        scroll.viewport().setAutoFillBackground(False)
        self.form.setAutoFillBackground(False)
        actions = FlowLayout(gap=8, row_gap=6)
        for chip in (self.merge, self.unmerge, self.split, self.delete):
            actions.addWidget(chip)
        upper = QWidget()
        rows = QVBoxLayout(upper)
        rows.setContentsMargins(0, 0, 0, 12)
        rows.setSpacing(8)
        rows.addWidget(scroll, 1)
        rows.addWidget(self.merged)
        rows.addLayout(actions)
        self.halves = QSplitter(Qt.Orientation.Vertical)
        self.halves.setChildrenCollapsible(False)
        self.halves.setHandleWidth(1)
        self.halves.addWidget(upper)
        self.halves.addWidget(self.tabs)
        self.halves.setSizes([440, 200])
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.halves)

    # -- showing --------------------------------------------------------------------------------

    def show_record(
        self,
        record: ActorRecord,
        codebook: Codebook,
        merged: Sequence[ActorRecord],
        count: int,
        mentions: Callable[[int, int], Sequence[Mention]],
        history: Sequence[LoggedEdit],
        *,
        writable: bool,
    ) -> None:
        """Show a record, or what has become of the one that is shown; ``merged`` went into it."""
        same = record.id == self._id
        self._id, self._writable = record.id, writable
        self.form.show_record(record, codebook)
        self.form.set_writable(writable)
        self.mentions.show(mentions, keep=same)
        self.history.show(history)
        self.mention_view.setVisible(bool(self.mentions.mentions))
        self.no_mention.setVisible(not self.mentions.mentions)
        self.tabs.setTabText(0, f"Mentions ({count:,})" if count else "Mentions")
        names = ", ".join(each.name for each in merged)
        self.merged.setText(f"Merged into this record: {names}")
        self.merged.setVisible(bool(merged))
        self.unmerge.setVisible(bool(merged))
        for chip in (self.merge, self.unmerge, self.delete):
            chip.setEnabled(writable)
        self._show_split()

    def _show_split(self) -> None:
        chosen = len(self.chosen_mentions())
        self.split.setEnabled(self._writable and bool(chosen))
        self.split.set_words(f"Split off {counted(chosen, 'mention')}…" if chosen else "Split off…")
        self.split.setToolTip("" if chosen else "Choose mentions below first; they get a record of their own")

    def chosen_mentions(self) -> list[Mention]:
        """The mentions that are selected, in their order."""
        rows = sorted(index.row() for index in self.mention_view.selectionModel().selectedRows())
        return [self.mentions.mentions[row] for row in rows]

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            index = self.mention_view.currentIndex()
            if index.isValid():
                self.mention_chosen.emit(index.data(Qt.ItemDataRole.UserRole))
            return True
        return super().eventFilter(watched, event)
