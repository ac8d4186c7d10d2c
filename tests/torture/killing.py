"""A process to be killed, and what a run of kills is told by."""

from __future__ import annotations

import os
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

from annotator.session.project import Project

FAILED = "failed"
"""The first word of what a victim tells when it ends by an error of its own."""

type Tell = Callable[[tuple[Any, ...]], None]


class Victim:
    """A process forked from this one that works until it is done or killed, and tells how far it is.

    Forking takes a millisecond because everything is imported already. Nothing may be open in this
    process: SQLite's connections do not survive a fork.
    """

    def __init__(self, work: Callable[[Tell], None]) -> None:
        self._told, theirs = Pipe(duplex=False)
        sys.stdout.flush()
        self.pid = os.fork()
        if not self.pid:
            self._live(work, theirs)
        theirs.close()

    def _live(self, work: Callable[[Tell], None], connection: Connection) -> None:
        code = 0
        try:
            self._told.close()
            work(connection.send)
        except BaseException:
            code = 1
            connection.send((FAILED, traceback.format_exc()))
        os._exit(code)

    def heard(self) -> Iterator[tuple[Any, ...]]:
        """What it tells, waiting for more until it has ended; a message cut short was never sent."""
        try:
            while True:
                yield self._told.recv()
        except (EOFError, OSError):
            return

    def kill(self) -> list[tuple[Any, ...]]:
        """Kill it where it stands. Gives what it had told and nobody has heard."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        left = list(self.heard())
        self._told.close()
        return left


@dataclass(slots=True)
class Figures:
    """What came of the kills of one kind."""

    kind: str
    kills: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    """How often what was found, in words."""
    faults: list[str] = field(default_factory=list)
    """What must not be: lost work, problems, files that nobody can use."""

    def fault(self, what: object) -> None:
        """Note what must not be."""
        self.faults.append(f"{self.kind}, kill {self.kills}: {what}")

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        found = "; ".join(f"{what} {count:,}" for what, count in self.counts.items())
        return f"{self.kind:<8} {self.kills:>5,} kills  {len(self.faults)} faults  {found}"


def problems_of(path: Path) -> list[str]:
    """What ``annotator check`` says about a project."""
    with Project.open(path) as project:
        return [str(each) for each in project.repository.check()]


def killed_within(work: Callable[[Tell], None], seconds: float, random: Random) -> list[tuple[Any, ...]]:
    """Start some work and kill it at any moment of the time that it takes, or just after.

    Gives what it had told.
    """
    victim = Victim(work)
    time.sleep(random.uniform(0, seconds * 1.15))
    return victim.kill()


def seconds_of(work: Callable[[Tell], None]) -> float:
    """How long some work takes when it is left alone. Raises RuntimeError where it fails."""
    begun = time.perf_counter()
    victim = Victim(work)
    told = list(victim.heard())
    taken = time.perf_counter() - begun
    victim.kill()
    for each in told:
        if each[0] == FAILED:
            raise RuntimeError(each[1])
    return taken


def failures(told: list[tuple[Any, ...]], figures: Figures) -> None:
    """Note as a fault where the victim ended by an error of its own."""
    for each in told:
        if each[0] == FAILED:
            figures.fault(each[1])
