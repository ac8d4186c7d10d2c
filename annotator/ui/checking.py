"""The list of everything that is wrong with the project: checked in the background, kept up with fixes."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from time import monotonic
from typing import TYPE_CHECKING, override

from PySide6.QtCore import QObject, QThread, QTimer, Signal

from annotator.core.errors import AnnotatorError, Problem
from annotator.core.ports import Repository
from annotator.session.editor import Changed

if TYPE_CHECKING:
    from annotator.ui.dialogs.checked import CheckDialog
    from annotator.ui.main_window import MainWindow

log = logging.getLogger(__name__)

MOST = 5_000
"""Problems that are listed at most."""
BATCH = 0.1
"""Seconds of checking after which the list hears of it."""
PAUSE = 250
"""Milliseconds after an edit until its articles are checked anew."""


class _Check(QThread):
    """One check. Signals: ``found`` (list of Problem), ``got_to`` (articles done, of how many)."""

    found = Signal(list)
    got_to = Signal(int, int)

    def __init__(self, repository: Repository, articles: Sequence[str] | None, parent: QObject) -> None:
        super().__init__(parent)
        self._repository = repository
        self.articles = articles
        """Those that are checked; None: the whole project."""
        self.more = False
        """Whether it stopped at :data:`MOST` problems."""
        self._told = 0.0

    @override
    def run(self) -> None:
        batch: list[Problem] = []
        count, told = 0, monotonic()
        try:
            for each in self._repository.check(articles=self.articles, progress=self._on_progress):
                batch.append(each)
                count += 1
                if self.articles is None and monotonic() - told > BATCH:
                    self.found.emit(batch)
                    batch, told = [], monotonic()
                if count >= MOST or self.isInterruptionRequested():
                    self.more = count >= MOST
                    break
        except AnnotatorError as error:
            batch.append(error.problem)
        except Exception as error:
            log.exception("a check failed")
            batch.append(Problem(f"the check failed ({type(error).__name__})", cure="See the log"))
        self.found.emit(batch)

    def _on_progress(self, done: int, total: int) -> bool:
        if self.articles is None and monotonic() - self._told > BATCH:
            self._told = monotonic()
            self.got_to.emit(done, total)
        return not self.isInterruptionRequested()


class Checking(QObject):
    """Slot of the action that shows the problems; runs one check after the other and goes to the places."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._bench = window.bench
        self._dialog: CheckDialog | None = None
        self._check: _Check | None = None
        self._stale: set[str] = set()
        """Articles that have changed since they were checked."""
        self._whole = False
        """The whole project is to be checked next."""
        self._timer = QTimer(self, singleShot=True, interval=PAUSE)
        self._timer.timeout.connect(self._next)
        self._bench.edited.connect(self._on_edited)
        self._bench.project_left.connect(self.stop)  # which reads the file that is about to be closed
        self._bench.project_changed.connect(self._on_project)

    @property
    def dialog(self) -> CheckDialog | None:
        """The list, while it is open."""
        return self._dialog

    def show(self) -> None:
        """Show the list and check the whole project."""
        if self._bench.project is None:
            self._window.notices.tell("Open a project first.", kind="info")
            return
        self._window.inspector.flush()
        if self._dialog is None:
            from annotator.ui.dialogs.checked import CheckDialog

            self._dialog = CheckDialog(self._window.theme, self._window)
            self._dialog.problem_chosen.connect(self.go_to)
            self._dialog.again_asked.connect(self.check)
            self._dialog.finished.connect(self._on_closed)
        self._dialog.show()
        self._dialog.activateWindow()
        self.check()

    def check(self) -> None:
        """Check the whole project, in the background."""
        self._whole = True
        if self._check is None:
            self._next()
        else:
            self._check.requestInterruption()

    def stop(self) -> None:
        """Give up the check that is under way and wait for its end; for closing the project."""
        self._timer.stop()
        self._stale.clear()
        self._whole = False
        check, self._check = self._check, None
        if check is not None:
            check.requestInterruption()
            for signal in (check.found, check.got_to, check.finished):
                signal.disconnect()
            check.wait()
            check.deleteLater()

    def go_to(self, problem: Problem) -> None:
        """Open the article of a problem and select its label; the actor record, where it is about one."""
        window, place = self._window, problem.place
        if place.actor and not place.article:
            window.identities.show_record(place.actor)
            return
        if not place.article:
            window.notices.tell(str(problem), kind="info")
            return
        window.inspector.flush()
        self._bench.open_article(place.article)
        page = self._bench.page
        if page is None or page.article.id != place.article:
            return
        if place.annotator not in ("", self._bench.annotator):
            window.notices.tell(
                f"This label is {place.annotator}’s; only {place.annotator} sees and changes it.", kind="info"
            )
        elif place.relation in page.relations or place.relation in page.relation_suggestions:
            window.canvas.select_relation(place.relation)
        elif place.span in page.spans or place.span in page.suggestions:
            window.canvas.select_span(place.span)
        window.canvas.setFocus()

    # -- checking -------------------------------------------------------------------------------

    def _next(self) -> None:
        """Check what is to be checked, unless a check runs."""
        project, dialog = self._bench.project, self._dialog
        if self._check is not None or project is None or dialog is None:
            return
        if self._whole:
            articles = None
            dialog.model.clear()
            dialog.show_progress(0, 0, running=True)
        elif self._stale:
            articles = sorted(self._stale)
        else:
            return
        self._whole = False
        self._stale.clear()
        check = _Check(project.repository, articles, self)
        self._check = check
        check.found.connect(lambda found: self._on_found(check, found))
        check.got_to.connect(lambda done, total: self._on_got_to(check, done, total))
        check.finished.connect(lambda: self._on_finished(check))
        check.start()

    def _on_found(self, check: _Check, found: list[Problem]) -> None:
        if check is not self._check or self._dialog is None or self._whole:
            return
        if check.articles is None:
            self._dialog.model.add(found)
            if not self._dialog.view.currentIndex().isValid():
                self._dialog.view.selectRow(0)
        else:
            self._dialog.model.replace(check.articles, found)

    def _on_got_to(self, check: _Check, done: int, total: int) -> None:
        if check is self._check and self._dialog is not None:
            self._dialog.show_progress(done, total, running=True)

    def _on_finished(self, check: _Check) -> None:
        if check is self._check:
            self._check = None
            if self._dialog is not None and not self._whole:
                self._dialog.show_progress(0, 0, running=False, more=check.more)
            self._next()
        check.deleteLater()

    def _on_edited(self, changed: Changed) -> None:
        if self._dialog is None:
            return
        articles = changed.edit.articles
        self._stale.update(articles)
        if not articles:  # records and the codebook belong to every article
            self._whole = True
            if self._check is not None:
                self._check.requestInterruption()
        self._timer.start()

    def _on_project(self) -> None:
        self.stop()
        if self._dialog is not None:
            self._dialog.close()

    def _on_closed(self) -> None:
        self.stop()
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
        self._window.canvas.setFocus()
