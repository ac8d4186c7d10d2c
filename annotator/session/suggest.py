"""Suggestions: the worker process as the window sees it, and the same work for the command line.

spaCy is imported by neither at import time, and never into the window's process.
"""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct

from annotator.core.codebook import Codebook
from annotator.core.errors import InputError, ModelError, Problem
from annotator.core.learning import Learned
from annotator.core.ports import Repository, Suggested, SuggestJob
from annotator.core.scheme import Scheme, scheme_of
from annotator.session.learning import lexicon_text, relearn
from annotator.session.worker_process import Ended, WorkerProcess

if TYPE_CHECKING:
    from annotator.nlp.messages import Report
    from annotator.session.project import Project

log = logging.getLogger(__name__)

AHEAD = 40_000
"""Code points that are handed to the process ahead of time, so that it need not wait for more."""
SAVE_BATCH = 32
"""Articles that are saved in one transaction."""
_MOST_DEATHS = 3
"""How often in a row the process may end without having finished an article."""
_POLL_SECONDS = 0.01
_CREW_AHEAD = 16
"""Articles that each of several processes is given ahead of time."""


class ModelReady(Struct, frozen=True):
    """The pipeline is loaded. ``model`` is what :meth:`Repository.save_suggested` notes as having seen
    an article; ``sentence`` says so where there is no trained model."""

    model: str
    sentence: str | None


class ArticleDone(Struct, frozen=True):
    """What was found in an article; ``sentence`` where there is no trained model for its language."""

    suggested: Suggested
    sentence: str | None = None


class Failed(Struct, frozen=True):
    """An article could not be read; or, with ``article`` None, none can be and nothing waits any more."""

    article: str | None
    problem: Problem


class WorkerDied(Struct, frozen=True):
    """The process ended by itself; if articles wait, a new one has been started."""

    exit_code: int | None


type Event = ModelReady | ArticleDone | Failed | WorkerDied


class SuggestionWorker:
    """A process that runs spaCy, from the side of the window.

    All methods return at once: two threads do what could block (starting the process, writing to it,
    reading from it). Call them from one thread only, and :meth:`poll` every few dozen milliseconds.
    """

    def __init__(self, scheme: Scheme, model: str | None = None, *, background: bool = True) -> None:
        """``scheme`` is what may be suggested, see :func:`suggestible`; ``model`` as for ``--model``;
        ``background`` lets the window's own work go first."""
        self._scheme = scheme
        self._model = model
        self._background = background
        self._process: WorkerProcess | None = None
        self._queue: deque[SuggestJob] = deque()
        self._flying: dict[str, SuggestJob] = {}
        self._started: set[str] = set()
        self._deaths: dict[str, int] = {}
        self._idle_deaths = 0
        self._origin: str | None = None
        self._refused = False
        """Whether the process has said that there is no such pipeline, and ends."""
        self._events: list[Event] = []

    @property
    def unfinished(self) -> int:
        """Articles that were submitted and neither done, failed nor cancelled."""
        return len(self._queue) + len(self._flying)

    def start(self) -> None:
        """Start the process, which then loads the pipeline."""
        if self._process is None:
            self._refused = False
            self._process = WorkerProcess(self._model, self._scheme, self._background)

    def submit(self, job: SuggestJob, urgent: bool = False) -> None:
        """Have an article worked on, after those that wait, or (urgent) before them."""
        for same in [each for each in self._queue if each.article == job.article]:
            self._queue.remove(same)
        if urgent:
            self._queue.appendleft(job)
            if not self._suspects_fly() and not self._suspect(job):
                self._send(self._queue.popleft(), urgent=True)
        else:
            self._queue.append(job)
        self._feed()

    def cancel(self) -> None:
        """Drop everything that waits; what the process is working on may still arrive."""
        from annotator.nlp.messages import Cancel

        self._queue.clear()
        self._flying.clear()
        self._started.clear()
        if self._process is not None:
            self._process.send(Cancel())

    def poll(self) -> list[Event]:
        """What has happened since the last call."""
        if self._process is not None:
            for report in self._process.received():
                self._take(report)
            self._feed()
        events, self._events = self._events, []
        return events

    def close(self) -> None:
        """End the process, at once and for sure; what waits is dropped."""
        self._queue.clear()
        self._flying.clear()
        if self._process is not None:
            self._process.kill()
            self._process = None

    # -- what comes back ----------------------------------------------------------------------

    def _take(self, report: Report | Ended) -> None:
        from annotator.nlp.messages import Done, Ready, Started, Trouble

        match report:
            case Ready(origin, complaint):
                if self._origin is None:
                    self._origin = origin
                    self._events.append(ModelReady(origin, complaint))
            case Started(articles):
                self._started = {each for each in articles if each in self._flying}
            case Done(suggested, complaint):
                self._settled(suggested.article)
                self._events.append(ArticleDone(suggested, complaint))
            case Trouble(str(article), problem):
                self._settled(article)
                self._events.append(Failed(article, problem))
            case Trouble(_, problem):
                self._refused = True
                self._give_up(problem)
            case Ended():
                self._bury(report)

    def _settled(self, article: str) -> None:
        self._flying.pop(article, None)
        self._started.discard(article)
        self._deaths.pop(article, None)
        self._idle_deaths = 0

    def _give_up(self, problem: Problem) -> None:
        self._queue.clear()
        self._flying.clear()
        self._started.clear()
        self._events.append(Failed(None, problem))

    def _bury(self, ended: Ended) -> None:
        """The process is gone: find out whose fault it was, and start another one if work waits."""
        self._process = None
        if self._refused:
            return
        log.warning("the suggestion worker ended with exit code %s", ended.exit_code)
        self._events.append(WorkerDied(ended.exit_code))
        self._idle_deaths += 1
        again: list[SuggestJob] = []
        for article, job in self._flying.items():
            if article in self._started:
                self._deaths[article] = self._deaths.get(article, 0) + 1
            if self._deaths.get(article, 0) < 2:
                again.append(job)
                continue
            what = "reading this article ended the suggestion worker twice"
            problem = Problem(what, cure="It is skipped and can be labelled all the same")
            self._events.append(Failed(article, problem))
            self._idle_deaths = 0
        self._flying.clear()
        self._started.clear()
        self._queue.extendleft(reversed(again))
        if self._idle_deaths >= _MOST_DEATHS:
            self._idle_deaths = 0
            reason = ended.reason or f"exit code {ended.exit_code}"
            self._give_up(Problem(f"the suggestion worker cannot be kept running ({reason})"))
        elif self._origin is None:
            self.start()

    # -- what goes out ------------------------------------------------------------------------

    def _suspect(self, job: SuggestJob) -> bool:
        return job.article in self._deaths

    def _suspects_fly(self) -> bool:
        return bool(self._deaths) and any(article in self._deaths for article in self._flying)

    def _feed(self) -> None:
        """Hand over what the process should have; one that may have ended it goes alone."""
        flying = sum(len(job.text) for job in self._flying.values())
        while self._queue and not self._suspects_fly():
            job = self._queue[0]
            if self._flying and (self._suspect(job) or flying >= AHEAD):
                return
            flying += len(job.text)
            self._send(self._queue.popleft())

    def _send(self, job: SuggestJob, *, urgent: bool = False) -> None:
        from annotator.nlp.messages import Submit

        self.start()
        assert self._process is not None
        self._flying[job.article] = job
        self._process.send(Submit(job, urgent))


def model_folder(model: str | None) -> str | None:
    """The folder that a pipeline would be loaded from, in full; None for the name of a package.

    A folder may have been made by anybody, and what it says runs functions of the installed packages.
    """
    from annotator.nlp.pipelines import named_folder

    folder = named_folder(model) if model else None
    return None if folder is None else str(folder.resolve())


class SuggestSummary(Struct, frozen=True):
    """What a run of suggestions did."""

    model: str
    """What is noted as having seen the articles."""
    articles: int
    """Articles read."""
    suggestions: int
    """Suggestions added; those that were there already are not counted."""
    problems: tuple[Problem, ...] = ()
    """Articles that could not be read, and why."""
    sentence: str | None = None
    """Where there is no trained pipeline for some of the articles."""


def suggestible(codebook: Codebook, learned: Learned | None = None) -> Scheme:
    """What may be suggested in a project with this codebook: entities, and claims by the program's rules.

    ``learned`` is what the project's annotators have taught them.
    """
    return scheme_of(codebook, lexicon_text(), learned)


def suggest_project(
    project: Project,
    *,
    model: str | None = None,
    workers: int = 1,
    articles: Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> SuggestSummary:
    """Read the articles that the pipeline has not seen yet, or those named, and save suggestions.

    Before that, the undecided suggestions that are there are brought to what annotators have taught.
    ``workers`` is the number of processes; one is this very process. ``progress`` is told how many
    articles of how many are done. What has been found is saved in batches, also when this is
    interrupted. Raises ModelError for a pipeline that is not there, InputError for an unknown article,
    ProjectError.
    """
    from annotator.nlp.attribution.lexicon import origin_of
    from annotator.nlp.pipelines import find_model, run_origin

    repository = project.repository
    scheme = suggestible(project.codebook, relearn(repository).learned)
    origin = run_origin(model, origin_of(scheme))
    if articles is None:
        chosen = repository.articles_to_suggest(origin)
    else:
        chosen = list(dict.fromkeys(articles))
        known = repository.known_ids(chosen)
        for article in chosen:
            if article not in known:
                raise InputError(
                    f"there is no article {article}",
                    where=project.path.name,
                    cure="Look up the ids in an export, or leave out --articles",
                )
    saver = _Saver(repository, origin, len(chosen), progress)
    saver.say(find_model(model).complaint(frozenset(scheme.entities)))
    jobs = map(repository.suggest_job, chosen)
    workers = min(workers, len(chosen))
    try:
        for event in (
            _read_here(scheme, model, jobs)
            if workers < 2
            else _read_by([SuggestionWorker(scheme, model, background=False) for _ in range(workers)], jobs)
        ):
            saver.take(event)
    finally:
        saver.save()
    return saver.summary()


def _read_here(
    scheme: Scheme, model: str | None, jobs: Iterable[SuggestJob]
) -> Iterator[ArticleDone | Failed]:
    """Read articles in this process."""
    from annotator.nlp.analyse import Analyser, batches
    from annotator.nlp.messages import Done
    from annotator.nlp.worker import read

    analyser = Analyser(model, scheme)
    for batch in batches(jobs, lambda job: len(job.text)):
        for report in read(analyser, batch):
            if isinstance(report, Done):
                yield ArticleDone(report.suggested, report.complaint)
            else:
                yield Failed(report.article, report.problem)


def _read_by(crew: list[SuggestionWorker], jobs: Iterable[SuggestJob]) -> Iterator[ArticleDone | Failed]:
    """Read articles in several processes; results come in no particular order."""
    waiting = iter(jobs)
    try:
        for worker in crew:
            worker.start()
        unfinished = True
        while unfinished:
            unfinished = False
            for worker in crew:
                for job in islice(waiting, max(0, _CREW_AHEAD - worker.unfinished)):
                    worker.submit(job)
                for event in worker.poll():
                    if isinstance(event, Failed) and event.article is None:
                        raise ModelError(
                            event.problem.what, where=event.problem.where, cure=event.problem.cure
                        )
                    if isinstance(event, ArticleDone | Failed):
                        yield event
                unfinished = unfinished or worker.unfinished > 0
            time.sleep(_POLL_SECONDS)
    finally:
        for worker in crew:
            worker.close()


class _Saver:
    """Saves what is found in batches, and counts."""

    def __init__(
        self, repository: Repository, origin: str, total: int, progress: Callable[[int, int], None] | None
    ) -> None:
        self._repository = repository
        self._origin = origin
        self._total = total
        self._progress = progress
        self._pending: list[Suggested] = []
        self._read = self._added = 0
        self._problems: list[Problem] = []
        self._sentences: dict[str, None] = {}

    def say(self, sentence: str | None) -> None:
        """Add a sentence to the summary, once."""
        if sentence is not None:
            self._sentences[sentence] = None

    def take(self, event: ArticleDone | Failed) -> None:
        """Note one article as done."""
        match event:
            case ArticleDone(suggested, sentence):
                self._pending.append(suggested)
                self._read += 1
                self.say(sentence)
            case Failed(article, problem):
                self._problems.append(Problem(problem.what, f"article {article}", problem.cure))
        if len(self._pending) >= SAVE_BATCH:
            self.save()
        if self._progress is not None:
            self._progress(self._read + len(self._problems), self._total)

    def save(self) -> None:
        """Save what has not been saved yet. Raises ProjectError."""
        pending, self._pending = self._pending, []
        if pending:
            self._added += self._repository.save_suggested(pending, self._origin)

    def summary(self) -> SuggestSummary:
        """What was done."""
        sentence = " ".join(self._sentences) or None
        return SuggestSummary(self._origin, self._read, self._added, tuple(self._problems), sentence)
