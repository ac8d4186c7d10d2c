"""The window's part in what suggestions learn: catching up when a project is opened, and reporting words."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from threading import Event
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from annotator.core.errors import AnnotatorError
from annotator.core.learning import Use
from annotator.core.text import counted
from annotator.session.learning import MOST_OPEN, Relearned, apply_uses, has_news, relearn, words_of

if TYPE_CHECKING:
    from annotator.session.project import Project
    from annotator.ui.workbench import Workbench

log = logging.getLogger(__name__)


class Learner(QObject):
    """Brings undecided suggestions to what annotators have taught; in the background, and stoppable.

    Signals: ``changed`` (:class:`Relearned`: suggestions have other confidences now, or some went),
    ``counted`` (:class:`Words`), ``applied`` (settings were carried out, or could not be), ``left`` (another
    project is open, or none).
    """

    changed = Signal(object)
    counted = Signal(object)
    applied = Signal()
    left = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench)
        self._bench = bench
        self._stop = Event()
        self._caught_up: Project | None = None
        bench.project_changed.connect(self.left)

    @property
    def refusal(self) -> str:
        """Why nothing can be changed, in a sentence; empty where it can."""
        return self._bench.keeper.read_only

    def catch_up(self, then: Callable[[], None]) -> bool:
        """Whether a project that was just opened is brought up to date first; ``then`` is called after it.

        With too many undecided claims that is left to whoever asks for it.
        """
        project = self._bench.project
        if project is None or self._caught_up is project:
            return False
        self._caught_up = project
        try:
            if not has_news(project.repository):
                return False
        except AnnotatorError as error:
            self._bench.failed.emit([error.problem])
            return False
        repository = project.repository
        self._run(
            "Learning from decisions",
            lambda progress: relearn(repository, most=MOST_OPEN, progress=progress, stop=self._stop.is_set),
            lambda done: self._finish(done, then),
            then,
        )
        return True

    def read(self) -> None:
        """Count what there is about the project's words; ``counted`` tells it."""
        if self._bench.project is None:
            return
        repository = self._bench.project.repository
        self._bench.tasks.run(
            "Counting decisions",
            lambda progress: words_of(repository),
            self.counted.emit,
            self._bench.tell_failure,
        )

    def apply(self, uses: Mapping[str, Use]) -> None:
        """Keep settings in the project, bring undecided suggestions to them, and start the worker anew."""
        if self._bench.project is None or not self._bench.may_write():
            return
        repository = self._bench.project.repository
        self._run(
            "Updating suggestions",
            lambda progress: apply_uses(repository, uses, progress=progress, stop=self._stop.is_set),
            self._on_applied,
            self.applied.emit,
        )

    def stop(self) -> None:
        """The project is being closed: leave the rest for the next time."""
        self._stop.set()

    def _run(
        self,
        what: str,
        work: Callable[[Callable[[int, int], None]], Relearned],
        done: Callable[[Relearned], None],
        after_failure: Callable[[], None],
    ) -> None:
        self._stop.clear()

        def failed(error: Exception) -> None:
            after_failure()
            self._bench.tell_failure(error)

        self._bench.tasks.run(
            what, work, lambda result: done(result) if isinstance(result, Relearned) else None, failed
        )

    def _on_applied(self, done: Relearned) -> None:
        self._finish(done, self.applied.emit)
        self._bench.restart_worker()
        again = " Articles are read again, as other words are looked for." if done.words_changed else ""
        self._bench.told.emit("done", f"{counted(done.changed, 'suggestion')} changed.{again}")

    def _finish(self, done: Relearned, then: Callable[[], None]) -> None:
        if done.changed:
            self._bench.refresh_suggestions()
            self.changed.emit(done)
        then()
