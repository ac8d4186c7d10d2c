"""A second process that works on the project file, beside the one that reads or writes other files.

Python runs one thread at a time, and to move rows in and out of SQLite is half of the work of an import
or export of many thousand articles. The other half then has a processor of its own.
"""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from annotator.core.errors import StorageError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_SECONDS = 30.0
"""How long it may take to end by itself."""
MOST_WAITING = 4_000_000
"""Bytes of messages that wait for the other process to take them."""

type Message = bytes
"""One that is packed."""


class EndedError(StorageError):
    """The second process could not be started, or ended without a word."""

    def __init__(self) -> None:
        super().__init__(
            "the process that works on the project ended unexpectedly",
            cure="Try again; if it happens again, restart the computer",
        )


class GoneError(Exception):
    """Raised where the other process gives nothing more, or takes nothing more."""


class Pipe:
    """One of two ends, each in a process."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.heard = False
        """Whether anything has come through it."""
        self.waiting = 0
        """Bytes that :meth:`give_all` has been given and the other process has yet to take."""

    def ready(self) -> bool:
        """Whether something is there to be taken, or never will be."""
        with _telling_gone():
            return self._connection.poll()

    def take(self) -> Any:
        """The next message; waits for it. Raises GoneError where there will be none, and an error that comes
        instead of one."""
        with _telling_gone():
            message = self._connection.recv()
        self.heard = True
        if isinstance(message, Exception):
            raise message
        return message

    def give(self, message: object) -> None:
        """Send a message; waits until there is room for it. Raises GoneError where nobody takes it."""
        self._send(packed(message))

    def _send(self, message: Message) -> None:
        with _telling_gone():
            self._connection.send_bytes(message)

    def give_all(self, messages: Iterable[Message]) -> None:
        """Send messages while the next ones are made. Raises GoneError as :meth:`give`."""
        waiting: deque[tuple[int, Future[None]]] = deque()
        with ThreadPoolExecutor(1, "pipe") as beside:
            try:
                for message in messages:
                    waiting.append((len(message), beside.submit(self._send, message)))
                    self.waiting += len(message)
                    while waiting and (self.waiting > MOST_WAITING or waiting[0][1].done()):
                        self._await_first(waiting)
                while waiting:
                    self._await_first(waiting)
            except BaseException:
                beside.shutdown(cancel_futures=True)
                raise

    def _await_first(self, waiting: deque[tuple[int, Future[None]]]) -> None:
        """Wait until the first of what waits has been taken. Raises GoneError as :meth:`give`."""
        length, sent = waiting.popleft()
        sent.result()
        self.waiting -= length

    def close(self) -> None:
        """Let the other end know that nothing more comes from here, nor is taken."""
        self._connection.close()


@contextmanager
def _telling_gone() -> Iterator[None]:
    try:
        yield
    except (EOFError, OSError) as error:
        raise GoneError from error


def packed(message: object) -> Message:
    """A message as it goes through a pipe."""
    from multiprocessing.reduction import ForkingPickler

    return bytes(ForkingPickler.dumps(message))


class _Other:
    """A process that has been started, and waits for what it is to do."""

    def __init__(self, module: str) -> None:
        """It imports the module while it waits. Raises EndedError."""
        from multiprocessing import get_context

        context = get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(target=_live, args=(module, theirs), daemon=True)
        self.pipe = Pipe(ours)
        try:
            with theirs, uninterrupted(), _NO_MAIN:
                self._process.start()
        except (OSError, AssertionError, RuntimeError) as error:
            # None can be had, or by Python's rules this process must not start one: it is itself one of
            # a pool, or has not got past its own beginning.
            self.pipe.close()
            raise EndedError from error
        except BaseException:  # an interrupt that was held back while it was started
            self.end()
            raise

    def end(self) -> None:
        """It has ended when this returns."""
        self.pipe.close()
        if self._process.pid is None:
            return
        if not self.pipe.heard and not getattr(sys, "frozen", False):
            # It has yet to come up, which may take seconds. (In a single-file program it is two processes,
            # of which this would end one, and leave the other without its files.)
            self._process.kill()
        self._process.join(_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


class _Ahead:
    """The process that was started before it was asked for, if any: whoever asks first gets it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._other: _Other | None = None

    def taken(self) -> _Other | None:
        with self._lock:
            other, self._other = self._other, None
            return other

    def keep(self, other: _Other) -> None:
        with self._lock:
            self._other = other


_AHEAD = _Ahead()


@contextmanager
def started_ahead(module: str) -> Iterator[None]:
    """Inside, the first :func:`second_process` has been starting all the while.

    A process takes half a second to come up, in which this one can do its own beginning. ``module`` is
    what it will need. Where none can be started nothing is said.
    """
    try:
        with suppress(EndedError):
            _AHEAD.keep(_Other(module))
        yield
    finally:
        other = _AHEAD.taken()
        if other is not None:
            other.end()


@contextmanager
def second_process(work: Callable[..., None], *arguments: object) -> Iterator[Pipe]:
    """Run ``work(pipe, *arguments)`` in a process of its own; gives the other end of the pipe.

    It has ended when the block has: its end of the pipe has nothing more then. What it raises is raised
    here where the pipe is used. Raises EndedError.
    """
    other = _AHEAD.taken() or _Other(work.__module__)
    try:
        try:
            other.pipe.give((work, arguments))
            yield other.pipe
        except GoneError as error:
            with suppress(GoneError):
                while True:
                    other.pipe.take()  # an error, perhaps
            raise EndedError from error
    finally:
        other.end()


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Inside, a process that is started is deaf to Ctrl+C: that is for this one, which then closes the pipe.

    Those of this one wait until the block ends: a process that is started by half would be nobody's. On
    Windows the other one has them until it says that it wants none.
    """
    with held_back():
        if sys.platform == "win32":
            yield
            return
        from multiprocessing import resource_tracker

        resource_tracker.ensure_running()  # starting a process would start it, and let interrupts in again
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def held_back() -> Iterator[None]:
    """Interrupts inside come when it ends. Python has them in the main thread, whichever gets the signal."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield
        return
    came: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: came.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if came:
            signal.raise_signal(signal.SIGINT)


class _NoMain:
    """Inside, nothing is known of the main module, which a process that is started would import again.

    That may be somebody's script, which would do everything a second time.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._main: ModuleType

    def __enter__(self) -> None:
        self._lock.acquire()
        self._main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")

    def __exit__(self, *_: object) -> None:
        sys.modules["__main__"] = self._main
        self._lock.release()


_NO_MAIN = _NoMain()


def _live(module: str, connection: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # where it had interrupts at all (Windows)
    logging.getLogger().addHandler(logging.NullHandler())  # the first one tells what a person must know
    gc.disable()  # it lives for seconds
    pipe = Pipe(connection)
    with suppress(GoneError):  # the first process wants no more, or is gone
        try:
            import_module(module)
            work, arguments = pipe.take()
            work(pipe, *arguments)
        except GoneError:
            raise
        except Exception as error:
            error.add_note(traceback.format_exc())  # which does not come along
            pipe.give(error)
    pipe.close()
    os._exit(0)  # nothing is left to be done, and Python would take its time to leave
