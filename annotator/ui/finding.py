"""Finding in the open article and in the project: what bar, panel and page do together."""

from __future__ import annotations

import logging
from bisect import bisect_left
from time import monotonic
from typing import override

from PySide6.QtCore import QObject, QThread, Signal

from annotator.core.errors import AnnotatorError, InputError
from annotator.core.finding import AT_ONCE, SECONDS, Wanted
from annotator.core.model import Fragment
from annotator.core.ports import Repository
from annotator.core.text import slice_of
from annotator.session.finding import FoundIn, find_in_project
from annotator.ui.canvas.view import ArticleView
from annotator.ui.notices import sentence
from annotator.ui.panels.find_bar import FindBar
from annotator.ui.panels.find_project import FindPanel
from annotator.ui.workbench import Workbench

log = logging.getLogger(__name__)

LONGEST = 80
"""Characters of the selection that are taken over as what to find, at most."""
BATCH = 0.05
"""Seconds of searching after which the list hears of it."""


class Search(QThread):
    """One search through a project. Signals: ``found`` (list of FoundIn, articles read so far),
    ``failed`` (an AnnotatorError)."""

    found = Signal(list, int)
    failed = Signal(object)

    def __init__(self, repository: Repository, wanted: Wanted, parent: QObject) -> None:
        super().__init__(parent)
        self._repository = repository
        self._wanted = wanted

    @override
    def run(self) -> None:
        batch: list[FoundIn] = []
        read, told = 0, monotonic()
        try:
            for each in find_in_project(
                self._repository, self._wanted, lambda: not self.isInterruptionRequested()
            ):
                read += 1
                if each is not None:
                    batch.append(each)
                if monotonic() - told > BATCH:
                    self.found.emit(batch, read)
                    batch, told = [], monotonic()
        except AnnotatorError as error:
            self.failed.emit(error)
        except Exception as error:
            log.exception("a search failed")
            self.failed.emit(InputError(f"the search failed ({type(error).__name__})", cure="See the log"))
        self.found.emit(batch, read)


class Finding(QObject):
    """Slots of the actions that find, and what the bar and the panel ask for."""

    def __init__(
        self, bench: Workbench, canvas: ArticleView, bar: FindBar, panel: FindPanel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bench = bench
        self._canvas = canvas
        self._bar = bar
        self._panel = panel
        self._found: list[Fragment] = []
        self._nth = -1
        self._origin = 0
        """Where the search begins: a match from here on is the first to be shown."""
        self._search: Search | None = None
        self._ending: list[Search] = []
        """Searches that were given up and come to their end."""
        self._go_to: Fragment | None = None
        """The match to select in the article that is being opened."""
        bar.sought.connect(self._on_sought)
        bar.stepped.connect(self.step)
        bar.closed.connect(self.close)
        panel.sought.connect(self._on_sought_everywhere)
        panel.match_chosen.connect(self._on_match_chosen)
        bench.project_changed.connect(self._on_project_changed)

    # -- in the article -------------------------------------------------------------------------

    def open(self) -> None:
        """Show the bar, with the selected words in it where they are few."""
        canvas, page = self._canvas, self._canvas.page
        if page is None:
            return
        chosen = canvas.state.ranges[-1:] or [
            fragment for mark in [canvas.scene.marks.get(canvas.state.span or "")] if mark
            for fragment in mark.fragments[:1]
        ]  # fmt: skip
        words = slice_of(page.text, chosen)
        self._origin = chosen[0][0] if chosen else canvas.first_visible()
        self._bar.show()
        if words and len(words) <= LONGEST and "\n" not in words:
            wanted = self._bar.field.wanted
            self._bar.field.set_wanted(Wanted(words, wanted.match_case, wanted.whole_words))
        self._bar.field.start()
        self._bar.field.give()

    def close(self) -> None:
        """Hide the bar; the current match stays selected and the page gets the keyboard."""
        self._bar.field.flush()
        self._bar.hide()
        self._found, self._nth = [], -1
        self._canvas.show_found([])
        self._canvas.setFocus()

    def leave(self) -> bool:
        """Close the bar; False where it is closed already."""
        if self._bar.isHidden():
            return False
        self.close()
        return True

    def step(self, by: int) -> None:
        """Go to the next (1) or previous (-1) match, around the end if need be."""
        if self._bar.isHidden():
            self.open()
            return
        self._bar.field.flush()
        if self._found:
            self._show((self._nth + by) % len(self._found))

    def _on_sought(self, wanted: Wanted) -> None:
        page = self._canvas.page
        self._found, self._nth = [], -1
        if page is not None and wanted.text:
            seconds = AT_ONCE if wanted.expression else SECONDS
            try:
                self._found = list(wanted.compiled().ranges(page.text, seconds))
            except AnnotatorError as error:
                self._bar.field.complain(sentence(error.problem))
        self._canvas.show_found(self._found)
        if self._found:
            self._show(bisect_left(self._found, (self._origin, -1)) % len(self._found))
        else:
            self._bar.show_count(0, 0)

    def _show(self, nth: int) -> None:
        self._nth = nth
        self._origin = self._found[nth][0]
        self._bar.show_count(nth + 1, len(self._found))
        self._canvas.select_ranges([self._found[nth]], show=True)

    def follow_page(self) -> None:
        """Another article is on the page: find in it what the bar says, if it is shown."""
        self._origin = self._go_to[0] if self._go_to else 0
        self._go_to = None
        if not self._bar.isHidden():
            self._on_sought(self._bar.field.wanted)

    # -- in the project -------------------------------------------------------------------------

    def open_project(self) -> None:
        """Show the panel that finds in all articles, with the selected words in it where they are few."""
        canvas, page = self._canvas, self._canvas.page
        words = slice_of(page.text, canvas.state.ranges[-1:]) if page else ""
        if words and len(words) <= LONGEST and "\n" not in words:
            wanted = self._panel.field.wanted
            self._panel.field.set_wanted(Wanted(words, wanted.match_case, wanted.whole_words))
            self._panel.field.give()
        self._panel.open_asked.emit()
        self._panel.field.start()

    def stop(self) -> None:
        """Give up every search and wait for its end (as long as one article takes at most)."""
        self._abandon()
        for each in self._ending:
            each.wait()

    def _abandon(self) -> None:
        """Give up the search that is under way, without waiting for its end."""
        search, self._search = self._search, None
        if search is not None:
            search.requestInterruption()
            for signal in (search.found, search.failed, search.finished):
                signal.disconnect()
            self._ending.append(search)
            search.finished.connect(lambda: self._on_ended(search))
            if search.isFinished():
                self._on_ended(search)

    def _on_ended(self, search: Search) -> None:
        if search in self._ending:
            self._ending.remove(search)
            search.deleteLater()

    def _on_project_changed(self) -> None:
        self.stop()
        self._panel.model.clear()
        self._panel.show_progress(0, 0, done=True)

    def _on_sought_everywhere(self, wanted: Wanted) -> None:
        self._abandon()
        project = self._bench.project
        self._panel.model.clear()
        if project is None or not wanted.text.strip():
            self._panel.show_progress(0, 0, done=True)
            return
        try:
            wanted.compiled()
        except AnnotatorError as error:
            self._panel.field.complain(sentence(error.problem))
            self._panel.show_progress(0, 0, done=True)
            return
        self._search = Search(project.repository, wanted, self)
        search = self._search  # what another one has sent already must not arrive as its own
        search.found.connect(lambda found, read: self._on_found(search, found, read))
        search.failed.connect(lambda error: self._on_failed(search, error))
        search.finished.connect(lambda: self._on_finished(search))
        self._panel.show_progress(0, 0, done=False)
        self._search.start()

    def _on_found(self, search: Search, found: list[FoundIn], read: int) -> None:
        if search is self._search:
            self._panel.model.add(found)
            self._panel.show_progress(read, self._panel.model.total, done=False)

    def _on_failed(self, search: Search, error: AnnotatorError) -> None:
        if search is self._search:
            self._panel.field.complain(sentence(error.problem))

    def _on_finished(self, search: Search) -> None:
        if search is self._search:
            self._panel.show_progress(0, self._panel.model.total, done=True)

    def _on_match_chosen(self, article: str, found: Fragment) -> None:
        """Open the article at a match; the bar goes on with the same search."""
        wanted = self._panel.field.wanted
        self._bar.field.set_wanted(wanted)
        self._bar.show()
        page = self._bench.page
        if page is not None and page.article.id == article:
            self._origin = found[0]
            self._on_sought(wanted)
            return
        self._go_to = found
        self._bench.open_article(article)
