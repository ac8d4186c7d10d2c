"""The article's spans and relations as a list beside the page."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPoint,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QAction, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from annotator.core.changes import ChangeSet
from annotator.core.codebook import Codebook
from annotator.core.page import Page
from annotator.ui import icons
from annotator.ui.controls import Chip, RowView, Themed, label, spread
from annotator.ui.models.label_filter import ANY, LabelFilter, Show, Sort, sorts_of
from annotator.ui.models.label_list import LabelListModel, LabelRole, LabelRow
from annotator.ui.panels.label_delegate import ROW_HEIGHT, LabelDelegate
from annotator.ui.panels.threshold import ThresholdRow
from annotator.ui.panels.wording import less_certain_words
from annotator.ui.theme import Theme

_EMPTY = {
    Show.ALL: "Nothing is labelled yet. Select words on the page and press the key of a label.",
    Show.MINE: "No labels of your own yet.",
    Show.SUGGESTED: "No suggestion waits for you.",
}
_ANY_SORT = "All kinds"


class LabelsPanel(Themed, QWidget):
    """A list of the open article's labels, with a small filter.

    While it has the keyboard, Up and Down go through the labels, Left and Right from a relation to its
    head and its tail, ``/`` to the words of the filter.

    Signals: ``span_activated`` and ``relation_activated`` with an id when the person picks a row
    (not when :meth:`select` moves the mark); ``left`` when the list has nothing more to go through;
    ``menu_asked`` (a global place) for the picked row; ``accept_above_asked`` (confidence 0 to 1,
    frozenset of ids), ``accept_everywhere_asked`` (confidence; in the whole project);
    ``less_certain_asked`` when less certain suggestions are to be shown, or hidden again.
    """

    span_activated = Signal(str)
    relation_activated = Signal(str)
    left = Signal()
    menu_asked = Signal(QPoint)
    accept_above_asked = Signal(float, object)
    accept_everywhere_asked = Signal(float)
    less_certain_asked = Signal()

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
        self._build_head(theme)

        self.view = RowView(ROW_HEIGHT)
        self.view.setObjectName("label_list")
        self.view.setAccessibleName("Labels of this article")
        self.view.setModel(self.shown)
        self._delegate = LabelDelegate(theme, self.view)
        self.view.setItemDelegate(self._delegate)
        self.view.selectionModel().selectionChanged.connect(self._on_selection_changed)
        self.view.clicked.connect(self._on_picked)
        self.view.activated.connect(self._on_picked)
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.view.customContextMenuRequested.connect(self._on_menu)
        self.view.installEventFilter(self)

        self.empty = label("", "quiet", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.empty.setContentsMargins(24, 24, 24, 12)
        self.show_all = Chip("Show all", theme)
        self.show_all.clicked.connect(self.clear_filter)
        self.less_certain = Chip("", theme, action="show_less_certain", hue="neutral", bare=True)
        self.less_certain.clicked.connect(self.less_certain_asked)
        self.threshold = ThresholdRow(theme)
        self.threshold.accept_asked.connect(self.accept_above_asked)
        self.threshold.everywhere_asked.connect(self.accept_everywhere_asked)

        nothing = QVBoxLayout()
        nothing.setContentsMargins(0, 0, 0, 24)
        nothing.addWidget(self.empty)
        nothing.addWidget(self.show_all, 0, Qt.AlignmentFlag.AlignHCenter)
        nothing.addStretch(1)
        self._nothing = QWidget()
        self._nothing.setLayout(nothing)
        below = QHBoxLayout()
        below.setContentsMargins(9, 4, 13, 4)
        below.addWidget(self.less_certain)
        below.addStretch(1)
        self._less_certain_row = QWidget()
        self._less_certain_row.setLayout(below)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(self._head)
        whole.addWidget(self.view, 1)
        whole.addWidget(self._nothing, 1)
        whole.addWidget(self._less_certain_row)
        whole.addWidget(self.threshold)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self._count)
        self._after_filter()

    def _build_head(self, theme: Theme) -> None:
        self.chips: dict[Show, Chip] = {}
        self._group = QButtonGroup(self)
        states = QHBoxLayout()
        states.setSpacing(2)
        for show in Show:
            chip = Chip(show.value, theme, checkable=True, bare=True)
            chip.clicked.connect(lambda _=False, show=show: self.set_show(show))
            self.chips[show] = chip
            self._group.addButton(chip)
            states.addWidget(chip)
        states.addStretch(1)
        self.chips[Show.ALL].setChecked(True)
        self.words = QLineEdit()
        self.words.setPlaceholderText("Filter")
        self.words.setAccessibleName("Filter the labels by words")
        self.words.setClearButtonEnabled(True)
        self.words.setMinimumWidth(90)
        self._icon = QAction(icons.icon("search", theme), "", self)
        self.words.addAction(self._icon, QLineEdit.ActionPosition.LeadingPosition)
        self.words.textChanged.connect(self._on_words)
        self.words.installEventFilter(self)
        self.sort_chip = Chip(_ANY_SORT, theme, trail="chevron", checkable=True)
        self.sort_chip.setToolTip("Show one kind, label or type of relation")
        self.sort_chip.clicked.connect(self.show_sorts)
        narrow = QHBoxLayout()
        narrow.setContentsMargins(3, 0, 3, 0)
        narrow.setSpacing(6)
        narrow.addWidget(self.words, 1)
        narrow.addWidget(self.sort_chip)
        self._head = QVBoxLayout()
        self._head.setContentsMargins(13, 12, 13, 8)
        self._head.setSpacing(6)
        self._head.addLayout(states)
        self._head.addLayout(narrow)

    @override
    def sizeHint(self) -> QSize:
        return QSize(320, 300)

    @override
    def set_theme(self, theme: Theme) -> None:
        """Take over another theme."""
        self.theme = theme
        self._delegate.theme = theme
        self._icon.setIcon(icons.icon("search", theme))
        spread(self, theme)
        self.view.viewport().update()

    def set_page(self, page: Page | None, codebook: Codebook | None) -> None:
        """Show another article's labels; None shows nothing."""
        another = self._page is None or page is None or page.article.id != self._page.article.id
        self._page, self._codebook = page, codebook
        self._selected = None
        self._stale = True
        self._catch_up()
        if another:
            self.view.scrollToTop()

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
        if self.shown.narrowed or self.shown.show is Show.SUGGESTED:
            self._later.start()  # every row is looked at; the page is painted first
        else:
            self._count()

    def select(self, label_id: str | None) -> None:
        """Mark a span or relation and bring it into sight; None marks nothing."""
        self._selected = label_id
        if not self._stale:
            self._mark()

    # -- the filter ---------------------------------------------------------------------------

    def set_show(self, show: Show) -> None:
        """Show the labels of another state."""
        self.chips[show].setChecked(True)
        self._quiet = True
        self.shown.set_show(show)
        self._quiet = False
        self._after_filter()

    def set_sort(self, sort: Sort, words: str = _ANY_SORT) -> None:
        """Show one kind, label or type of relation; ``words`` say which."""
        self._quiet = True
        self.shown.set_sort(sort)
        self._quiet = False
        self.sort_chip.set_words(words)
        self._after_filter()

    def clear_filter(self) -> None:
        """Show every label."""
        self.words.clear()
        self.set_sort(ANY)
        self.set_show(Show.ALL)

    def _on_words(self, text: str) -> None:
        self._quiet = True
        self.shown.set_words(text)
        self._quiet = False
        self._after_filter()

    def _after_filter(self) -> None:
        self.sort_chip.setChecked(self.shown.sort_shown != ANY)
        self.sort_chip.setAccessibleName(f"Kinds and labels: {self.sort_chip.text()}")
        self._count()
        self._tell()
        self._mark()

    def show_sorts(self) -> None:
        """Offer every kind, label and type of relation, with how many there are."""
        self.sort_chip.setChecked(self.shown.sort_shown != ANY)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        sorts = sorts_of(self._codebook) if self._codebook is not None else []
        for sort, words, depth in [(ANY, _ANY_SORT, 0), *sorts]:
            count = self.shown.count_of(sort)
            action = menu.addAction(f"{'    ' * depth}{words}\t{count or '–'}")
            action.setCheckable(True)
            action.setChecked(sort == self.shown.sort_shown)
            action.triggered.connect(lambda _=False, sort=sort, words=words: self.set_sort(sort, words))
            if action.isChecked():
                menu.setActiveAction(action)
        menu.popup(self.sort_chip.mapToGlobal(QPoint(0, self.sort_chip.height() + 2)))

    def focus_words(self) -> None:
        """Go to the field for words, with everything selected."""
        self.words.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.words.selectAll()

    def focus_threshold(self) -> bool:
        """Show the suggestions, and go to the slider that accepts the sure ones; False where none waits."""
        self.set_show(Show.SUGGESTED)
        if self.threshold.isHidden():
            return False
        self.threshold.slider.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    # -- the keyboard -------------------------------------------------------------------------

    @property
    def has_keyboard(self) -> bool:
        """Whether keys go to the rows."""
        return self.view.hasFocus()

    @property
    def picked(self) -> LabelRow | None:
        """The row that is marked."""
        rows = self.view.selectionModel().selectedRows()
        row: LabelRow | None = rows[0].data(LabelRole.ROW) if rows else None
        return row

    @property
    def place(self) -> int:
        """The number of the current row; -1 where there is none."""
        return self.view.currentIndex().row()

    def take_keyboard(self, offset: int) -> bool:
        """Go to the marked row, else to the first one from a code point on; False where there are no rows."""
        count = self.shown.rowCount()
        if not count:
            return False
        if self.picked is None:
            rows = (self._row(nth).key[0] >= offset for nth in range(count))
            self._go(next((nth for nth, after in enumerate(rows) if after), count - 1))
        self.view.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return True

    def go_on(self, place: int, *, to_suggestion: bool) -> None:
        """Pick the row that has come to a place, or the next suggestion from there on, around the end."""
        count, place = self.shown.rowCount(), max(0, place)
        if not count:
            return
        if not to_suggestion:
            self._go(min(place, count - 1))
            return
        order = (nth % count for nth in range(place, place + count))
        found = next((nth for nth in order if self._row(nth).is_suggestion), None)
        if found is not None:
            self._go(found)

    def _row(self, nth: int) -> LabelRow:
        return self.model.row_at(self.shown.mapToSource(self.shown.index(nth, 0)).row())

    def _go(self, nth: int) -> None:
        index = self.shown.index(nth, 0)
        self.view.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self._on_picked(index)

    def _follow(self, key: int) -> None:
        """From a relation to its head or its tail."""
        row: LabelRow | None = self.view.currentIndex().data(LabelRole.ROW)
        if row is not None and row.tail is not None:
            end = row.span if key == Qt.Key.Key_Left else row.tail
            self.span_activated.emit(end.id)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            kind, key = event.type(), event.key()
            if watched is self.words:
                if key == Qt.Key.Key_Escape and self.words.text():
                    event.accept()
                    if kind == QEvent.Type.KeyPress:
                        self.words.clear()
                    return True
                down = key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)
                if kind == QEvent.Type.KeyPress and down:
                    self.take_keyboard(0)
                    return True
            elif watched is self.view and kind == QEvent.Type.KeyPress:
                if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
                    self._follow(key)
                    return True
                if event.text() == "/":
                    self.focus_words()
                    return True
        return super().eventFilter(watched, event)

    def _on_menu(self, at: QPoint) -> None:
        index = self.view.indexAt(at)
        if index.isValid():
            self._go(index.row())
            self.menu_asked.emit(self.view.viewport().mapToGlobal(at))

    # -- inside -------------------------------------------------------------------------------

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
            self._count()
            self._tell()
            self._mark()

    def _count(self) -> None:
        """Show how many labels there are, and how many of the suggestions are sure enough."""
        self._later.stop()
        for show, count in self.shown.counts().items():
            self.chips[show].set_count(count)
            self.chips[show].setAccessibleName(f"{show.value}, {count:,}")
        self._offer_less_certain()
        if self.shown.show is Show.SUGGESTED:
            waiting = list(self.shown.suggestions())
            self.threshold.set_suggestions(
                [row.span for row in waiting if row.relation is None],
                [row.relation for row in waiting if row.relation is not None],
            )

    def _offer_less_certain(self) -> None:
        """Below the suggestions: how many more there are, or that they can be hidden again."""
        page = self._page
        count = page.count_less_certain() if page is not None else 0
        self._less_certain_row.setVisible(count > 0 and self.shown.show is not Show.MINE)
        if page is not None and count:
            self.less_certain.set_words(less_certain_words(count, shown=page.shows_less_certain))

    def _tell(self) -> None:
        rows, narrowed = self.shown.rowCount(), self.shown.narrowed
        leaves = not rows and (self.view.hasFocus() or self.threshold.has_keyboard)
        self.view.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        words = "No label fits the filter." if narrowed else _EMPTY[self.shown.show]
        self.empty.setText(words if self._page is not None else "")
        self.show_all.setVisible(narrowed)
        suggested = self.shown.show is Show.SUGGESTED
        self._delegate.confidence = suggested
        self.threshold.setVisible(suggested and rows > 0)
        if leaves:
            self.left.emit()

    def _mark(self) -> None:
        place = None if self._selected is None else self.model.place_of(self._selected)
        index = QModelIndex() if place is None else self.shown.mapFromSource(self.model.index(place))
        selection = self.view.selectionModel()
        self._quiet = True
        if not index.isValid():
            if self.view.hasFocus():  # the arrow keys go on from where they were
                selection.clearSelection()
            else:
                selection.clear()
        elif self.view.currentIndex() != index or not selection.isSelected(index):
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.view.scrollTo(index)
        self._quiet = False

    def _on_selection_changed(self) -> None:
        # not when the current row changes: getting the keyboard makes the first row current
        rows = self.view.selectionModel().selectedRows()
        if rows and not self._quiet:
            self._on_picked(rows[0])

    def _on_picked(self, index: QModelIndex) -> None:
        row: LabelRow | None = index.data(LabelRole.ROW)
        if row is None or row.id == self._selected:
            return
        self._selected = row.id
        (self.span_activated if row.relation is None else self.relation_activated).emit(row.id)
