"""One process that runs spaCy, and the two threads that talk to it so that nobody else need wait."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from msgspec import Struct

from annotator.core.errors import ModelError
from annotator.core.scheme import Scheme

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

    from annotator.nlp.messages import Order, Report

_JOIN_SECONDS = 5.0


class Ended(Struct, frozen=True):
    """The process is gone, or (exit code None) could not be started; ``reason`` where one is known."""

    exit_code: int | None
    reason: str = ""


class WorkerProcess:
    """One worker process with the two threads that talk to it."""

    def __init__(self, model: str | None, scheme: Scheme, background: bool) -> None:
        self._inbox: SimpleQueue[Report | Ended] = SimpleQueue()
        self._outbox: SimpleQueue[Order | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._killed = False
        arguments = (model, scheme, background)
        self._thread = threading.Thread(target=self._live, args=arguments, daemon=True, name="suggest")
        self._thread.start()

    def send(self, order: Order) -> None:
        """Have something sent to the process."""
        self._outbox.put(order)

    def received(self) -> Iterator[Report | Ended]:
        """What has come from the process; the last thing ever is that it ended."""
        try:
            while True:
                yield self._inbox.get_nowait()
        except Empty:
            return

    def kill(self) -> None:
        """End the process and the threads; nothing in it needs to be saved."""
        with self._lock:
            self._killed = True
            if self._process is not None:
                self._process.kill()
        self._thread.join(_JOIN_SECONDS)

    def _live(self, *arguments: object) -> None:
        from annotator.nlp.messages import report_from

        try:
            process, connection = self._spawn(arguments)
        except OSError as error:
            self._inbox.put(Ended(None, f"it cannot be started: {error}"))
            return
        writer = threading.Thread(target=self._write, args=(connection,), daemon=True, name="suggest-out")
        writer.start()
        reason = ""
        try:
            while True:
                self._inbox.put(report_from(connection.recv_bytes()))
        except (EOFError, OSError):
            process.join(_JOIN_SECONDS)
        except ModelError as error:
            reason = error.problem.what
        if process.is_alive():
            process.kill()
            process.join()
        self._outbox.put(None)
        writer.join(_JOIN_SECONDS)
        connection.close()
        self._inbox.put(Ended(process.exitcode, reason))

    def _spawn(self, arguments: tuple[object, ...]) -> tuple[SpawnProcess, Connection]:
        from multiprocessing import get_context

        from annotator.nlp.worker import run
        from annotator.store.second_process import uninterrupted

        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=run, args=(theirs, *arguments), daemon=True, name="suggest")
        with uninterrupted():
            process.start()
        theirs.close()
        with self._lock:
            self._process = process
            if self._killed:
                process.kill()
        return process, ours

    def _write(self, connection: Connection) -> None:
        try:
            while (order := self._outbox.get()) is not None:
                connection.send(order)
        except OSError:
            return  # the process is gone; the reading thread says so
