"""The article's spans and relations as a list beside the page."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from annotator.core.changes import ChangeSet
from annotator.core.codebook import Codebook
from annotator.core.page import Page
from annotator.ui.controls import Chip, RowView, Themed, label, spread
from annotator.ui.flow import FlowLayout
from annotator.ui.models.label_list import LabelFilter, LabelListModel, LabelRole, LabelRow, Show
from annotator.ui.panels.label_delegate import ROW_HEIGHT, LabelDelegate
from annotator.ui.theme import Theme

_EMPTY = {
    Show.ALL: "Nothing is labelled yet. Select words on the page and press the key of a label.",
    Show.LABELS: "No labels of your own yet.",
    Show.SUGGESTIONS: "No suggestion waits for you.",
    Show.RELATIONS: "No relations yet. Select a span and press R.",
}


class LabelsPanel(Themed, QWidget):
    """A list of the open article's labels, with a small filter.

    Signals: ``span_activated`` and ``relation_activated`` with an id when the person picks a row
    (not when :meth:`select` moves the mark).
    """

    span_activated = Signal(str)
    relation_activated = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("labels_panel")
        self.theme = theme
        self._page: Page | None = None
        self._codebook: Codebook | None = None
        self._selected: str | None = None
        self._quiet = False
        self._stale = False
        self.model = LabelListModel(self)
        self.shown = LabelFilter(self)
        self.shown.setSourceModel(self.model)

        self.chips: dict[Show, Chip] = {}
        self._group = QButtonGroup(self)
        chips = FlowLayout(gap=2, row_gap=2)
        for show in Show:
            chip = Chip(show.value, theme, checkable=True, bare=True)
            chip.clicked.connect(lambda _=False, show=show: self.set_show(show))
            self.chips[show] = chip
            self._group.addButton(chip)
            chips.addWidget(chip)
        self.chips[Show.ALL].setChecked(True)

        self.view = RowView(ROW_HEIGHT)
        self.view.setObjectName("label_list")
        self.view.setAccessibleName("Labels of this article")
        self.view.setModel(self.shown)
        self._delegate = LabelDelegate(theme, self.view)
        self.view.setItemDelegate(self._delegate)
        self.view.selectionModel().currentChanged.connect(self._on_current_changed)
        self.view.clicked.connect(self._on_picked)
        self.view.activated.connect(self._on_picked)

        self.empty = label("", "quiet", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.empty.setContentsMargins(24, 24, 24, 24)

        head = QVBoxLayout()
        head.setContentsMargins(13, 12, 13, 6)
        head.addLayout(chips)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self.view, 1)
        whole.addWidget(self.empty, 1)
        self._tell()

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, 300)

    @override
    def set_theme(self, theme: Theme) -> None:
        """Take over another theme."""
        self.theme = theme
        self._delegate.theme = theme
        spread(self, theme)
        self.view.viewport().update()

    def set_page(self, page: Page | None, codebook: Codebook | None) -> None:
        """Show another article's labels; None shows nothing."""
        self._page, self._codebook = page, codebook
        self._selected = None
        self._stale = True
        self._catch_up()

    def refresh(self, changes: ChangeSet | None = None) -> None:
        """The page has changed, by one change set or (None) in any way. Cheap while hidden."""
        if self._stale:
            return
        if not self.isVisible():
            self._stale = True
            return
        self._quiet = True
        self.model.refresh(changes)
        self._quiet = False
        self._tell()
        self._mark()

    def select(self, label_id: str | None) -> None:
        """Mark a span or relation and bring it into sight; None marks nothing."""
        self._selected = label_id
        if not self._stale:
            self._mark()

    def set_show(self, show: Show) -> None:
        """Show another part of the list."""
        self.chips[show].setChecked(True)
        self._quiet = True
        self.shown.set_show(show)
        self._quiet = False
        self._tell()
        self._mark()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()

    def _catch_up(self) -> None:
        if self._stale and self.isVisible():
            self._stale = False
            self._quiet = True
            self.model.set_page(self._page, self._codebook)
            self._quiet = False
            self._tell()
            self._mark()

    def _tell(self) -> None:
        for show, count in self.model.counts().items():
            self.chips[show].set_count(count)
        rows = self.shown.rowCount()
        self.view.setVisible(bool(rows))
        self.empty.setVisible(not rows)
        self.empty.setText(_EMPTY[self.shown.show] if self._page is not None else "")

    def _mark(self) -> None:
        place = None if self._selected is None else self.model.place_of(self._selected)
        index = QModelIndex() if place is None else self.shown.mapFromSource(self.model.index(place))
        selection = self.view.selectionModel()
        self._quiet = True
        if not index.isValid():
            selection.clear()
        elif self.view.currentIndex() != index or not selection.isSelected(index):
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.view.scrollTo(index)
        self._quiet = False

    def _on_current_changed(self, index: QModelIndex) -> None:
        if not self._quiet:
            self._on_picked(index)

    def _on_picked(self, index: QModelIndex) -> None:
        row: LabelRow | None = index.data(LabelRole.ROW)
        if row is None or row.id == self._selected:
            return
        self._selected = row.id
        (self.span_activated if row.relation is None else self.relation_activated).emit(row.id)
