"""Keeps the suggestion worker busy and brings its results to the project and the page."""

from __future__ import annotations

import logging
from collections import deque

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.core.errors import AnnotatorError, StorageError
from annotator.core.ports import Repository, Suggested
from annotator.session import suggest
from annotator.session.learning import learned_in

log = logging.getLogger(__name__)

IN_FLIGHT = 8
"""Articles that are handed to the worker ahead of time; the rest stay cancellable here."""
POLL_MILLISECONDS = 30
SAVE_AGAIN = 2_000
"""Milliseconds after which what could not be saved is tried again."""
TRIES = 15
"""How often that is done before the suggesting is given up."""


class Suggesting(QObject):
    """The open article first, then all others that this model has not seen, in the background.

    Signals: ``arrived`` (article id; its suggestions are saved), ``progressed`` (done, total, what),
    ``model_known`` (origin, and a sentence where there is no trained model), ``failed`` (sentence).
    """

    arrived = Signal(str)
    progressed = Signal(int, int, str)
    model_known = Signal(str, str)
    failed = Signal(str)

    def __init__(self, repository: Repository, model: str | None, parent: QObject) -> None:
        super().__init__(parent)
        self._repository = repository
        self._worker = suggest.SuggestionWorker(
            suggest.suggestible(repository.codebook(), learned_in(repository)), model
        )
        self._origin: str | None = None
        self._waiting: deque[str] = deque()
        self._flying: set[str] = set()
        self._done = 0
        self._total = 0
        self._urgent: str | None = None
        self._all_wanted = False
        self._held: list[Suggested] = []
        """What could not be saved yet."""
        self._tries = 0
        self._closed = False
        self._loading = False
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MILLISECONDS)
        self._timer.timeout.connect(self._on_poll)

    @property
    def origin(self) -> str | None:
        """The model's origin once it has been loaded."""
        return self._origin

    @property
    def busy(self) -> bool:
        """Whether the model is being loaded or articles are under way."""
        return self._origin is None or bool(self._waiting or self._flying)

    def start(self) -> None:
        """Start the worker; it loads spaCy in its own process."""
        self._loading = True
        self._worker.start()
        self._timer.start()
        self._tell()

    def want_all(self) -> None:
        """Queue every article that the model has not seen yet."""
        self._all_wanted = True
        if self._origin is None:
            self._loading = True
            self._worker.start()  # once more, should it have ended without a model
            self._tell()
            return
        known = self._flying | set(self._waiting)
        fresh = [each for each in self._repository.articles_to_suggest(self._origin) if each not in known]
        self._waiting.extend(fresh)
        self._total += len(fresh)
        self._feed()
        self._tell()

    def want_first(self, article: str) -> None:
        """Put the article that is open before all others."""
        self._urgent = article
        if article in self._waiting:
            self._waiting.remove(article)
            self._send(article, urgent=True)

    def want_again(self, article: str) -> None:
        """Have an article read once more, since another part of it is furniture now."""
        if self._origin is None:
            return
        if article not in self._flying:
            self._total += 1
        if article in self._waiting:
            self._waiting.remove(article)
            self._total -= 1
        self._send(article, urgent=True)
        self._tell()

    def set_paused(self, paused: bool) -> None:
        """Save nothing for the time being: an import holds the project file; what arrives waits."""
        if paused:
            self._timer.stop()
        elif not self._closed:
            self._timer.start()

    def stop(self) -> None:
        """Drop everything that waits; what the worker has begun still arrives."""
        self._all_wanted = False
        self._worker.cancel()
        self._waiting.clear()
        self._flying.clear()
        self._done = self._total = 0
        self._tell()

    def close(self) -> None:
        """End the worker."""
        self._closed = True
        self._timer.stop()
        self._worker.close()

    def _send(self, article: str, *, urgent: bool = False) -> None:
        try:
            job = self._repository.suggest_job(article)
        except AnnotatorError as error:
            log.warning("an article could not be handed to the worker: %s", type(error).__name__)
            self._done += 1
            return
        self._flying.add(article)
        self._worker.submit(job, urgent=urgent)

    def _feed(self) -> None:
        if self._urgent is not None and self._urgent in self._waiting:
            self._waiting.remove(self._urgent)
            self._send(self._urgent, urgent=True)
        while self._waiting and len(self._flying) < IN_FLIGHT:
            self._send(self._waiting.popleft())

    def _on_poll(self) -> None:
        finished, self._held = self._held, []
        for event in self._worker.poll():
            match event:
                case suggest.ModelReady(model=model, sentence=sentence):
                    self._origin, self._loading = model, False
                    self.model_known.emit(model, sentence or "")
                    if self._all_wanted:
                        self.want_all()
                    else:
                        self._tell()
                case suggest.ArticleDone(suggested=result):
                    finished.append(result)
                case suggest.Failed(article=article, problem=problem):
                    if article is None:
                        self._loading = False
                        self._waiting.clear()
                        self._flying.clear()
                    else:
                        self._flying.discard(article)
                        self._done += 1
                    self._tell()
                    self.failed.emit(str(problem))
                case suggest.WorkerDied():
                    self.failed.emit("The suggestion worker stopped and is started again.")
        if finished:
            self._save(finished)
            self._feed()
            self._tell()

    def _save(self, finished: list[Suggested]) -> None:
        assert self._origin is not None
        try:
            self._repository.save_suggested(finished, self._origin)
        except AnnotatorError as error:
            self._tries += 1
            if isinstance(error, StorageError) and self._tries < TRIES:
                self._held = finished
                self._timer.setInterval(SAVE_AGAIN)
                return
            finished = []
            self.failed.emit(str(error))
            self.stop()
        self._tries = 0
        self._timer.setInterval(POLL_MILLISECONDS)
        for result in finished:
            if result.article in self._flying:
                self._flying.discard(result.article)
                self._done += 1
            self.arrived.emit(result.article)

    def _tell(self) -> None:
        if not self._waiting and not self._flying:
            self._done = self._total = 0
        what = "Suggesting entities" if self._total else "Loading the language model" if self._loading else ""
        self.progressed.emit(self._done, self._total, what)
