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
        self._catching_up: Project | None = None
        bench.project_changed.connect(self.left)

    @property
    def refusal(self) -> str:
        """Why nothing can be changed, in a sentence; empty where it can."""
        return self._bench.keeper.read_only

    def catch_up(self, then: Callable[[], None]) -> bool:
        """Whether a project that was just opened is brought up to date first; ``then`` is called after it.

        While that is under way, ``then`` of the first call is what follows. With too many undecided claims
        that is left to whoever asks for it.
        """
        project = self._bench.project
        if project is None or self._caught_up is project:
            return False
        if self._catching_up is project:
            return True
        try:
            news = has_news(project.repository)
        except AnnotatorError as error:
            self._bench.failed.emit([error.problem])
            news = False
        if not news:
            self._caught_up = project
            return False
        self._catching_up = project
        repository = project.repository

        def caught_up() -> None:
            self._caught_up, self._catching_up = project, None
            then()

        self._run(
            "Learning from decisions",
            lambda progress: relearn(repository, most=MOST_OPEN, progress=progress, stop=self._stop.is_set),
            lambda done: self._finish(done, caught_up),
            caught_up,
        )
        return True

    def read(self) -> None:
        """Count what there is about the project's words; ``counted`` tells it."""
        project = self._bench.project
        if project is None:
            return
        repository = project.repository
        self._bench.tasks.run(
            "Counting decisions",
            lambda progress: words_of(repository),
            self._while_open(project, self.counted.emit),
            self._while_open(project, self._bench.tell_failure),
        )

    def apply(self, uses: Mapping[str, Use]) -> bool:
        """Keep settings in the project, bring undecided suggestions to them, and start the worker anew.

        Gives whether that has begun; ``applied`` comes only then.
        """
        if self._bench.project is None or not self._bench.may_write():
            return False
        repository = self._bench.project.repository
        self._run(
            "Updating suggestions",
            lambda progress: apply_uses(repository, uses, progress=progress, stop=self._stop.is_set),
            self._on_applied,
            self.applied.emit,
        )
        return True

    def stop(self) -> None:
        """The project is being closed: leave the rest for the next time."""
        self._stop.set()
        self._catching_up = None

    def _run(
        self,
        what: str,
        work: Callable[[Callable[[int, int], None]], Relearned],
        done: Callable[[Relearned], None],
        after_failure: Callable[[], None],
    ) -> None:
        """Run work on the open project, and go on only where it is still open by then."""
        project = self._bench.project
        self._stop.clear()

        def finished(result: object) -> None:
            if isinstance(result, Relearned):
                done(result)

        def failed(error: Exception) -> None:
            after_failure()
            self._bench.tell_failure(error)

        self._bench.tasks.run(
            what, work, self._while_open(project, finished), self._while_open(project, failed)
        )

    def _while_open[T](self, project: Project | None, then: Callable[[T], None]) -> Callable[[T], None]:
        """What does nothing once another project is open: a result may be on its way when one is closed."""

        def called(result: T) -> None:
            if self._bench.project is project:
                then(result)

        return called

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
