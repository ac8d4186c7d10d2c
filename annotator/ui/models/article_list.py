"""The articles of a project as a Qt list that never holds more than a few thousand of its rows."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Mapping
from enum import IntEnum
from typing import Any, Protocol, override

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    QTimer,
    Signal,
)

from annotator.core.commands.articles import STATUS_NAMES
from annotator.core.errors import AnnotatorError
from annotator.core.model import Status
from annotator.core.ports import ArticleFilter, ArticleRow
from annotator.core.records import replace
from annotator.ui.controls import tip

log = logging.getLogger(__name__)

PAGE = 100
"""Rows fetched at once."""
PAGES = 50
"""Pages kept; the one that was not looked at for longest goes first."""

type Index = QModelIndex | QPersistentModelIndex


class ArticleRole(IntEnum):
    """What a row can be asked for, besides its display text: the fields of an ArticleRow."""

    ROW = Qt.ItemDataRole.UserRole
    """The whole ArticleRow."""
    ID = Qt.ItemDataRole.UserRole + 1
    TITLE = Qt.ItemDataRole.UserRole + 2
    STATUS = Qt.ItemDataRole.UserRole + 3
    FLAGGED = Qt.ItemDataRole.UserRole + 4
    LABELS = Qt.ItemDataRole.UserRole + 5
    SUGGESTIONS = Qt.ItemDataRole.UserRole + 6
    PUBLISHED = Qt.ItemDataRole.UserRole + 7
    PUBLISHER = Qt.ItemDataRole.UserRole + 8


_FIELD = {ArticleRole[each.upper()]: each for each in ArticleRow.__struct_fields__}


class ArticleSource(Protocol):
    """The part of a Repository that the list needs."""

    def count_articles(self, which: ArticleFilter, annotator: str) -> int:
        """How many articles a filter lets through."""
        ...

    def article_rows(self, which: ArticleFilter, annotator: str, offset: int, limit: int) -> list[ArticleRow]:
        """A page of the list, in import order."""
        ...

    def position_of(self, article: str, which: ArticleFilter, annotator: str) -> int | None:
        """Where an article stands in the filtered list, from 0; None if it is not in it."""
        ...

    def status_counts(self, annotator: str) -> dict[Status, int]:
        """How many articles the annotator has in each status."""
        ...


class ArticleListModel(QAbstractListModel):
    """A filtered list of articles: one count, then pages of rows as they are looked at.

    The article that is open stays in the list while it is open, even if labelling it means that the
    filter no longer lets it through (:meth:`hold`); it then is a guest among the filtered rows.

    Signals: ``statuses_changed`` when the numbers per status changed; ``problem_met`` with an
    AnnotatorError when the project file could not be read.
    """

    statuses_changed = Signal()
    problem_met = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._source: ArticleSource | None = None
        self._annotator = ""
        self._filter = ArticleFilter()
        self._count = 0
        self._statuses: dict[Status, int] = {}
        self._pages: OrderedDict[int, list[ArticleRow]] = OrderedDict()
        self._places: dict[str, int] = {}
        self._held: str | None = None
        self._guest: tuple[int, ArticleRow] | None = None
        self._broken = False

    # -- what it shows -------------------------------------------------------------------------

    @property
    def filter(self) -> ArticleFilter:
        """The filter that the rows have passed."""
        return self._filter

    @property
    def statuses(self) -> Mapping[Status, int]:
        """How many articles of the whole project are in each status."""
        return self._statuses

    @property
    def total(self) -> int:
        """How many articles the project has."""
        return sum(self._statuses.values())

    def set_source(self, source: ArticleSource | None, annotator: str) -> None:
        """Show another project, or another annotator's view of it; None shows nothing."""
        self._source, self._annotator = source, annotator
        self._held = None
        self.reload()

    def set_filter(self, which: ArticleFilter) -> None:
        """Show only the articles that a filter lets through; what is counted stays."""
        which = replace(which, less_certain=self._filter.less_certain)
        if which != self._filter:
            self._filter = which
            self.reload()

    def count_less_certain(self, counted: bool) -> None:
        """Count the less certain suggestions too, or not; only the rows in sight are read again."""
        if counted == self._filter.less_certain:
            return
        self._filter = replace(self._filter, less_certain=counted)
        self._forget_pages()
        self._fetch_held()
        if self._guest is not None:
            self.refresh_article(self._guest[1].id)
        if self._count:
            self.dataChanged.emit(self.index(0), self.index(self.rowCount() - 1))

    def reload(self) -> None:
        """Count again and forget every row that was fetched."""
        self.beginResetModel()
        self._broken = False
        self._guest = None
        self._forget_pages()
        self._count, self._statuses = 0, {}
        if self._source is not None:
            try:
                self._count = self._source.count_articles(self._filter, self._annotator)
                self._statuses = dict(self._source.status_counts(self._annotator))
            except AnnotatorError as error:
                self._tell(error)
        self.endResetModel()
        self._fetch_held()
        self.statuses_changed.emit()

    def hold(self, article: str | None) -> None:
        """Name the article that is open: it is not filtered away while it stays open."""
        self._held = article
        if self._guest is not None and self._guest[1].id != article:
            row = self._guest[0]
            self.beginRemoveRows(QModelIndex(), row, row)
            self._guest = None
            self.endRemoveRows()
        self._fetch_held()

    def _fetch_held(self) -> None:
        """Have the open article's row at hand, so that a change of it can be told from its absence."""
        if self._held is not None and (row := self.row_of(self._held)) is not None:
            self.article_at(row)

    # -- finding -------------------------------------------------------------------------------

    def row_of(self, article: str) -> int | None:
        """The row of an article; None if it is not in the filtered list."""
        if self._guest is not None and self._guest[1].id == article:
            return self._guest[0]
        place = self._places.get(article)
        if place is None and self._source is not None:
            try:
                place = self._source.position_of(article, self._filter, self._annotator)
            except AnnotatorError as error:
                self._tell(error)
        if place is None or place >= self._count:
            return None
        return place + 1 if self._guest is not None and place >= self._guest[0] else place

    def id_at(self, row: int) -> str | None:
        """The id of the article in a row; None beyond the ends."""
        found = self.article_at(row)
        return None if found is None else found.id

    def article_at(self, row: int) -> ArticleRow | None:
        """Everything that the list knows of the article in a row; None beyond the ends."""
        if not 0 <= row < self.rowCount():
            return None
        if self._guest is not None:
            if row == self._guest[0]:
                return self._guest[1]
            row -= row > self._guest[0]
        rows = self._page(row // PAGE)
        return rows[row % PAGE] if row % PAGE < len(rows) else None

    # -- refreshing ----------------------------------------------------------------------------

    def refresh_article(self, article: str) -> None:
        """Read one article again, which an edit or a run of suggestions has changed.

        A row that was not fetched yet costs nothing, unless it is the open one.
        """
        if self._source is None:
            return
        try:
            self._refresh(self._source, article)
        except AnnotatorError as error:
            self._tell(error)

    def _refresh(self, source: ArticleSource, article: str) -> None:
        if self._guest is not None and self._guest[1].id == article:
            row, before = self._guest
            after = self._unfiltered(source, article)
            if source.position_of(article, self._filter, self._annotator) is None:
                self._guest = None if after is None else (row, after)
            else:
                self._guest = None
                self._count += 1
                self._forget_pages()
        elif (place := self._places.get(article)) is not None:
            row = self.row_of(article) or 0
            number = place // PAGE
            before = self._pages[number][place % PAGE]
            again = source.article_rows(self._filter, self._annotator, place, 1)
            if again and again[0].id == article:
                after = again[0]
                self._pages[number][place % PAGE] = after
            elif article == self._held:
                after = self._unfiltered(source, article)
                self._forget_pages()
                self._count -= 1
                self._guest = None if after is None else (row, after)
            else:
                self.reload()
                return
        else:
            if article == self._held:
                self._refresh_held(source, article)
            return
        if after is None:
            self.reload()
            return
        self._restate(before.status, after.status)
        where = self.index(row)
        self.dataChanged.emit(where, where)

    def _refresh_held(self, source: ArticleSource, article: str) -> None:
        """The open article was not in the list, or its page was dropped while others were looked at."""
        found = source.position_of(article, self._filter, self._annotator)
        if found is not None or source.count_articles(self._filter, self._annotator) != self._count:
            self.reload()
        else:
            self._statuses = dict(source.status_counts(self._annotator))
            self.statuses_changed.emit()

    def _unfiltered(self, source: ArticleSource, article: str) -> ArticleRow | None:
        everything = ArticleFilter(less_certain=self._filter.less_certain)
        place = source.position_of(article, everything, self._annotator)
        rows = [] if place is None else source.article_rows(everything, self._annotator, place, 1)
        return rows[0] if rows and rows[0].id == article else None

    def _restate(self, before: Status, after: Status) -> None:
        if before != after:
            self._statuses[before] = self._statuses.get(before, 0) - 1
            self._statuses[after] = self._statuses.get(after, 0) + 1
            self.statuses_changed.emit()

    # -- pages ---------------------------------------------------------------------------------

    def _page(self, number: int) -> list[ArticleRow]:
        rows = self._pages.get(number)
        if rows is not None:
            self._pages.move_to_end(number)
            return rows
        if self._source is None or self._broken:
            return []
        try:
            rows = self._source.article_rows(self._filter, self._annotator, number * PAGE, PAGE)
        except AnnotatorError as error:
            self._tell(error)
            return []
        self._pages[number] = rows
        self._places.update((row.id, number * PAGE + nth) for nth, row in enumerate(rows))
        if len(self._pages) > PAGES:
            _, dropped = self._pages.popitem(last=False)
            for row in dropped:
                self._places.pop(row.id, None)
        return rows

    def _forget_pages(self) -> None:
        self._pages.clear()
        self._places.clear()

    def _tell(self, error: AnnotatorError) -> None:
        """Report a failure once, and later: a view may be painting right now."""
        log.warning("the list of articles could not be read: %s", error)
        if not self._broken:
            self._broken = True
            QTimer.singleShot(0, self, lambda: self.problem_met.emit(error))

    # -- Qt ------------------------------------------------------------------------------------

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else self._count + (self._guest is not None)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in _ANSWERED:
            return None
        found = self.article_at(index.row())
        if found is None:
            return None
        if role == ArticleRole.ROW:
            return found
        if role == Qt.ItemDataRole.DisplayRole:
            return found.title or "Untitled article"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(found.title or "Untitled article")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(found)
        return getattr(found, _FIELD[ArticleRole(role)])


_ANSWERED = {
    *ArticleRole,
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
}


def spoken(row: ArticleRow) -> str:
    """A row as a screen reader should read it."""
    parts = [row.title or "Untitled article", STATUS_NAMES[row.status]]
    parts += ["flagged"] if row.flagged else []
    parts += [row.publisher] if row.publisher else []
    parts += [row.published] if row.published else []
    parts += [f"{row.labels} labels"] if row.labels else []
    parts += [f"{row.suggestions} suggestions to decide"] if row.suggestions else []
    return ", ".join(parts)
