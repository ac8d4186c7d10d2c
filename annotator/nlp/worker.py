"""The process that runs spaCy beside the window.

Importing this loads no spaCy: :func:`run` does, in the process itself.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import wait
from typing import TYPE_CHECKING

from annotator.core.errors import AnnotatorError, Problem
from annotator.core.ports import SuggestJob
from annotator.core.scheme import Scheme
from annotator.nlp.messages import Cancel, Done, Order, Ready, Started, Submit, Trouble, bytes_of

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from annotator.nlp.analyse import Analyser

_log = logging.getLogger(__name__)
_NICENESS = 5
"""How far the process steps back for the window's (Unix)."""


def run(connection: Connection, wanted: str | None, scheme: Scheme, background: bool) -> None:
    """The process: load the pipeline, then work through what is submitted until the parent is gone.

    ``wanted`` is the pipeline asked for (None: the best there is), ``scheme`` what may be
    suggested. ``background`` leaves the processor to the window where both want it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for the parent, which then closes this
    _exit_with_parent()
    if background and hasattr(os, "nice"):
        os.nice(_NICENESS)
    for library in ("OMP", "OPENBLAS", "MKL"):  # one process, one core
        os.environ.setdefault(f"{library}_NUM_THREADS", "1")
    from annotator.nlp.attribution.lexicon import origin_of
    from annotator.nlp.pipelines import run_origin

    try:
        origin = run_origin(wanted, origin_of(scheme))
        from annotator.nlp.analyse import Analyser  # takes seconds, and is not needed to say no

        analyser = Analyser(wanted, scheme)
        analyser.pipeline(None)
    except AnnotatorError as error:
        connection.send_bytes(bytes_of(Trouble(None, error.problem)))
        return
    connection.send_bytes(bytes_of(Ready(origin, analyser.complaint)))
    desk = _Desk(connection)
    try:
        while True:
            batch = desk.next_batch()
            connection.send_bytes(bytes_of(Started(tuple(job.article for job in batch))))
            left = {job.article: job for job in batch}
            for report in read(analyser, batch, stop=desk.interrupted):
                left.pop(report.suggested.article if isinstance(report, Done) else report.article or "", None)
                connection.send_bytes(bytes_of(report))
            desk.put_back(left.values())
    except (EOFError, OSError):
        return  # the parent has closed the connection


def read(
    analyser: Analyser, batch: list[SuggestJob], *, stop: Callable[[], bool] = lambda: False
) -> Iterator[Done | Trouble]:
    """Results for a batch of articles; one that fails does not take the others along.

    ``stop`` as for :meth:`annotator.nlp.analyse.Pipeline.analyse`.
    """
    done: set[str] = set()
    try:
        for analysed in analyser.analyse(batch, stop=stop):
            done.add(analysed.result.article)
            yield Done(analysed.result, analysed.complaint)
    except AnnotatorError as error:
        if len(batch) == 1:
            yield Trouble(batch[0].article, error.problem)
            return
    except Exception as error:
        if len(batch) == 1:
            _log.exception("an article could not be read")
            what = f"spaCy could not read this article ({type(error).__name__})"
            yield Trouble(batch[0].article, Problem(what, cure="It can be labelled all the same"))
            return
    else:
        return
    for job in batch:
        if job.article not in done:
            yield from read(analyser, [job], stop=stop)


class _Desk:
    """What waits to be worked on, urgent articles first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._urgent: deque[SuggestJob] = deque()
        self._waiting: deque[SuggestJob] = deque()
        self._interrupted = False
        self._cancelled = False

    def next_batch(self) -> list[SuggestJob]:
        """An urgent article, or the next few; waits until there are some. Raises EOFError at the end."""
        from annotator.nlp.analyse import BATCH

        self._receive()
        while not self._urgent and not self._waiting:
            self._take(self._connection.recv())
            self._receive()
        self._interrupted = self._cancelled = False
        if self._urgent:
            return [self._urgent.popleft()]
        batch = [self._waiting.popleft()]
        filled = len(batch[0].text)
        while self._waiting and filled + len(self._waiting[0].text) <= BATCH:
            batch.append(self._waiting.popleft())
            filled += len(batch[-1].text)
        return batch

    def interrupted(self) -> bool:
        """Whether something urgent has come, or everything was cancelled, since the batch began."""
        self._receive()
        return self._interrupted

    def put_back(self, jobs: Iterable[SuggestJob]) -> None:
        """Articles of an interrupted batch come next, unless they were cancelled."""
        if not self._cancelled:
            waiting = {job.article for job in (*self._urgent, *self._waiting)}
            self._waiting.extendleft(job for job in reversed(list(jobs)) if job.article not in waiting)

    def _receive(self) -> None:
        while self._connection.poll():
            self._take(self._connection.recv())

    def _take(self, order: Order) -> None:
        match order:
            case Submit(job, urgent):
                for queue in (self._urgent, self._waiting):
                    for same in [each for each in queue if each.article == job.article]:
                        queue.remove(same)
                (self._urgent if urgent else self._waiting).append(job)
                self._interrupted = self._interrupted or urgent
            case Cancel():
                self._urgent.clear()
                self._waiting.clear()
                self._interrupted = self._cancelled = True


def _exit_with_parent() -> None:
    """End this process as soon as its parent has, however that ended."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(0)

    threading.Thread(target=watch, daemon=True, name="parent").start()
