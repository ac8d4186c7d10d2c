"""The parts beside the page follow it once the page itself has been painted, so that it is seen at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from annotator.core.changes import ChangeSet

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

MANY_ARTICLES = 20
"""From this many changed articles on, their list is read again as a whole."""
AT_LATEST = 40
"""Milliseconds after which the parts follow although the page was not painted, as in a hidden window."""


class Beside(QObject):
    """Keeps inspector, list of labels, list of articles and status line behind the page by one painting.

    Whoever is about to use one of those parts calls :meth:`now` first.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._changes: list[ChangeSet | None] = []
        """What the list of labels has not followed yet; None: anything may have changed."""
        self._articles: set[str] = set()
        """Articles whose rows in the list are behind."""
        self._saved = False
        self._chosen = False
        self._timer = QTimer(self, singleShot=True, interval=AT_LATEST)
        self._timer.timeout.connect(self._follow)
        window.canvas.painted.connect(self._on_painted)
        window.canvas.selection_changed.connect(self._on_selection)

    def edited(self, articles: Iterable[str]) -> None:
        """An edit has changed these articles, and is on disk."""
        self._articles.update(articles)
        self._saved = True
        self._later()

    def changed(self, changes: ChangeSet | None) -> None:
        """The labels of the open article have changed: by a change set, or (None) in any way."""
        self._changes.append(changes)
        self._later()

    def _on_selection(self) -> None:
        self._chosen = True
        self._later()

    def show_project(self) -> None:
        """Another project is open, whose list of articles has been read."""
        self._articles.clear()

    def show_page(self) -> None:
        """Another page is open, which the list of labels shows already."""
        self._changes.clear()
        self._chosen = False
        self._window.certainty.say()
        self._window.completing.say()
        self.show_selection()

    def _later(self) -> None:
        if not self._timer.isActive():
            self._timer.start()

    def _on_painted(self) -> None:
        if self._timer.isActive():
            self.now()

    def now(self) -> None:
        """Bring every part up to date, where one is behind."""
        if self._timer.isActive() or self._changes:
            self._follow()

    def _follow(self) -> None:
        self._timer.stop()
        window = self._window
        changes, self._changes = self._changes, []
        for each in changes:
            window.labels.refresh(each)
        if changes:
            window.certainty.say()
            window.completing.say()
        self.show_selection()
        if self._chosen:
            self._chosen = False
            window.labels.select(window.canvas.state.span or window.canvas.state.relation)
            window.guiding.follow()
        if self._saved:
            self._saved = False
            if not window.bench.keeper.unsaved:
                window.status.set_saved(f"Saved {datetime.now():%H:%M:%S}")
        self._refresh_articles()

    def _refresh_articles(self) -> None:
        if self._window.bench.keeper.unsaved:
            return  # the list shows what is in the file, and that cannot be asked for now
        articles, self._articles = self._articles, set()
        if len(articles) > MANY_ARTICLES:
            self._window.articles.reload()
        else:
            for article in articles:
                self._window.articles.refresh_article(article)

    def show_selection(self) -> None:
        """Show in the inspector what is selected on the page, else the article."""
        window = self._window
        inspector, state, scene = window.inspector, window.canvas.state, window.canvas.scene
        page, codebook = window.bench.page, window.bench.codebook
        if page is None or codebook is None:
            inspector.clear()
        elif state.span and state.span in scene.marks:
            inspector.show_span(page, codebook, state.span)
        elif state.relation and state.relation in scene.links:
            inspector.show_relation(page, codebook, state.relation)
        else:
            inspector.show_article(page, codebook)
