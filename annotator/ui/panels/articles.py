"""The left side of the window: search, filter and list of the project's articles."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from annotator.core.model import Status
from annotator.core.ports import ArticleFilter
from annotator.ui import icons
from annotator.ui.controls import Chip, RowView, Themed, label, spread
from annotator.ui.flow import FlowLayout
from annotator.ui.models.article_list import ArticleListModel, ArticleSource
from annotator.ui.panels.article_delegate import ROW_HEIGHT, ArticleDelegate
from annotator.ui.theme import Theme

SEARCH_PAUSE = 150
"""Milliseconds without typing after which the search runs."""
OPEN_PAUSE = 150
"""Milliseconds that the arrow keys must rest on an article before it is opened."""

_FILTERS: tuple[tuple[str, Status | None], ...] = (
    ("All", None),
    ("New", Status.NEW),
    ("In progress", Status.IN_PROGRESS),
    ("Done", Status.DONE),
    ("Skipped", Status.SKIPPED),
)


class ArticlesPanel(Themed, QWidget):
    """Search field, filter, progress and the list.

    Signals: ``article_chosen`` with an id when the person picks an article (not when
    :meth:`set_current` moves the mark); ``problem_met`` with an AnnotatorError.
    """

    article_chosen = Signal(str)
    problem_met = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("articles_panel")
        self.theme = theme
        self._current: str | None = None
        self._place = 0
        """The row that the current article had last, should it leave the list."""
        self._has_source = False
        self.model = ArticleListModel(self)
        self._build(theme)
        self._search_timer = QTimer(self, interval=SEARCH_PAUSE, singleShot=True)
        self._search_timer.timeout.connect(self._apply_filter)
        self._open_timer = QTimer(self, interval=OPEN_PAUSE, singleShot=True)
        self._open_timer.timeout.connect(self._open_marked)
        self.model.statuses_changed.connect(self._on_statuses_changed)
        self.model.problem_met.connect(self.problem_met)
        self.model.modelReset.connect(self._on_reset)
        self._on_statuses_changed()

    def _build(self, theme: Theme) -> None:
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search titles and texts")
        self.search.setAccessibleName("Search titles and texts")
        self.search.setClearButtonEnabled(True)
        self._search_icon = QAction(icons.icon("search", theme), "", self)
        self.search.addAction(self._search_icon, QLineEdit.ActionPosition.LeadingPosition)
        self._dress_search()
        self.search.textChanged.connect(self._on_search_typed)
        self.search.returnPressed.connect(self._on_search_entered)
        self.search.installEventFilter(self)

        self.progress = label("", "quiet")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Articles done")

        chips = FlowLayout(gap=2, row_gap=2)
        self._group = QButtonGroup(self)
        self.chips: dict[Status | None, Chip] = {}
        for text, status in _FILTERS:
            chip = Chip(text, theme, checkable=True, bare=True)
            chip.setAccessibleName(f"Show {text.lower()} articles")
            self.chips[status] = chip
            self._group.addButton(chip)
            chips.addWidget(chip)
        self.chips[None].setChecked(True)
        self._group.buttonClicked.connect(self._apply_filter)
        self.flagged = Chip("Flagged", theme, icon="flag", checkable=True, bare=True)
        self.flagged.setAccessibleName("Show flagged articles only")
        self.flagged.clicked.connect(self._apply_filter)
        chips.addWidget(self.flagged)

        self.view = RowView(ROW_HEIGHT)
        self.view.setObjectName("article_list")
        self.view.setAccessibleName("Articles")
        self.view.setModel(self.model)
        self._delegate = ArticleDelegate(theme, self.view)
        self.view.setItemDelegate(self._delegate)
        self.view.clicked.connect(self._on_clicked)
        self.view.activated.connect(self._on_clicked)
        self.view.installEventFilter(self)

        self.empty = label("", "empty", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.clear_filter = Chip("Show all articles", theme)
        self.clear_filter.clicked.connect(self.reset_filter)

        self._head = QWidget()
        head = QVBoxLayout(self._head)
        head.setContentsMargins(16, 16, 16, 10)
        head.setSpacing(0)
        head.addWidget(self.search)
        head.addSpacing(14)
        head.addWidget(self.progress)
        head.addSpacing(6)
        head.addWidget(self.bar)
        head.addSpacing(10)
        head.addLayout(chips)
        nothing = QVBoxLayout()
        nothing.setContentsMargins(28, 48, 28, 24)
        nothing.setSpacing(14)
        nothing.addWidget(self.empty)
        nothing.addWidget(self.clear_filter, 0, Qt.AlignmentFlag.AlignHCenter)
        nothing.addStretch(1)
        self._nothing = QWidget()
        self._nothing.setLayout(nothing)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self._head)
        whole.addWidget(self.view, 1)
        whole.addWidget(self._nothing, 1)
        self.setMinimumWidth(220)

    def _dress_search(self) -> None:
        self._search_icon.setIcon(icons.icon("search", self.theme))
        for action in self.search.findChildren(QAction):
            if action.objectName() == "_q_qlineeditclearaction":
                action.setIcon(icons.icon("close", self.theme))

    @override
    def sizeHint(self) -> QSize:
        return QSize(300, 700)

    # -- for the main window ----------------------------------------------------------------

    @override
    def set_theme(self, theme: Theme) -> None:
        """Take over another theme."""
        self.theme = theme
        self._delegate.theme = theme
        self._dress_search()
        spread(self, theme)
        self.view.viewport().update()

    def set_source(self, repository: ArticleSource | None, annotator: str) -> None:
        """Show a project's articles as one annotator has them; None: no project is open."""
        self._has_source = repository is not None
        self._current = None
        self.model.set_source(repository, annotator)

    def set_current(self, article: str | None) -> None:
        """Mark the article that is open, and bring it into sight."""
        self._open_timer.stop()
        self._current = article
        self.model.hold(article)
        self._mark_current()

    def refresh_article(self, article: str) -> None:
        """An edit or a run of suggestions has changed one article."""
        self.model.refresh_article(article)

    def reload(self) -> None:
        """Articles came or went: count again and keep the mark and the place."""
        self.model.reload()

    def next_id(self, step: int) -> str | None:
        """The article ``step`` rows after (negative: before) the current one in the filtered list.

        Where the current one has left the list, its old place counts. None beyond the ends.
        """
        row = None if self._current is None else self.model.row_of(self._current)
        if row is not None:
            return self.model.id_at(row + step)
        if self._current is None:
            return self.model.id_at(0 if step > 0 else self.model.rowCount() - 1)
        return self.model.id_at(self._place + step - (step > 0))

    def focus_search(self) -> None:
        """Put the cursor into the search field and select what is there."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def reset_filter(self) -> None:
        """Show every article again."""
        self.chips[None].setChecked(True)
        self.flagged.setChecked(False)
        self.search.clear()
        self._search_timer.stop()
        self._apply_filter()

    # -- inside -------------------------------------------------------------------------------

    def _on_search_typed(self) -> None:
        self._search_timer.start()

    def _on_search_entered(self) -> None:
        self._search_timer.stop()
        self._apply_filter()
        if (first := self.model.id_at(0)) is not None:
            self.article_chosen.emit(first)

    def _apply_filter(self) -> None:
        status = next((status for status, chip in self.chips.items() if chip.isChecked()), None)
        self.model.set_filter(
            ArticleFilter(
                statuses=frozenset() if status is None else frozenset({status}),
                flagged=self.flagged.isChecked(),
                search=self.search.text().strip(),
            )
        )

    def _on_statuses_changed(self) -> None:
        total, statuses = self.model.total, self.model.statuses
        done = statuses.get(Status.DONE, 0)
        for status, chip in self.chips.items():
            count = total if status is None else statuses.get(status, 0)
            chip.set_count(count)
        self.progress.setText(f"{done:,} of {total:,} done")
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        self._head.setVisible(bool(total))

    def _on_reset(self) -> None:
        rows = self.model.rowCount()
        self.view.setVisible(bool(rows))
        self._nothing.setVisible(not rows)
        if not rows:
            filtered = bool(self.model.total)
            if filtered:
                text = "No article matches."
            elif self._has_source:
                text = "No articles yet.\n\nDrop files here, or choose File → Import articles or labels…"
            else:
                text = "No project is open."
            self.empty.setText(text)
            self.clear_filter.setVisible(filtered)
        self._mark_current()

    def _mark_current(self) -> None:
        row = None if self._current is None else self.model.row_of(self._current)
        selection = self.view.selectionModel()
        if row is None:
            selection.clear()
            return
        self._place = row
        index = self.model.index(row)
        if self.view.currentIndex() != index or not selection.isSelected(index):
            selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        self.view.scrollTo(index)

    def _on_clicked(self, index: QModelIndex) -> None:
        self._open_timer.stop()
        self._choose(index)

    def _open_marked(self) -> None:
        self._choose(self.view.currentIndex())

    def _choose(self, index: QModelIndex) -> None:
        article = self.model.id_at(index.row())
        if article is not None and article != self._current:
            self.article_chosen.emit(article)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # Escape empties the field first; only from an empty one it is the window's key
            if watched is self.search and event.key() == Qt.Key.Key_Escape and self.search.text():
                event.accept()
                return True
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if watched is self.search:
                return self._on_search_key(event.key())
            if watched is self.view and event.key() in _MOVING:
                self._open_timer.start()
        return super().eventFilter(watched, event)

    def _on_search_key(self, key: int) -> bool:
        """Down goes to the list; Escape empties the field. Whether the key is used up."""
        if key == Qt.Key.Key_Down and self.model.rowCount():
            self.view.setFocus(Qt.FocusReason.TabFocusReason)
            if not self.view.currentIndex().isValid():
                self.view.selectRow(0)
            return True
        if key == Qt.Key.Key_Escape and self.search.text():
            self.search.clear()
            return True
        return False


_MOVING = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    }
)
