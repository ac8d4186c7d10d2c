"""Runs readers over made inputs in a process of their own, with time, memory and reach watched."""

from __future__ import annotations

import contextlib
import mmap
import os
import resource
import shutil
import signal
import struct
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from annotator.core.errors import AnnotatorError

from . import samples
from .mutation import Maker, large, smaller
from .readers import READERS, Reader, Take

SECONDS = 2.0
"""Of the processor that an input may take."""
SECONDS_LARGE = 10.0
"""The same for a megabyte, which may be a hundred thousand articles."""
STUCK = 60.0
"""After this the process is ended."""
MEMORY = 768 * 2**20
"""Bytes that a reader may need beyond what the process has before."""
MOST_FINDINGS = 8
LONGEST_KEPT = 4_096
"""Bytes of an input that others are made from: short ones are tried more often in the same time."""
_SHARED = 4 * 2**20
_HEAD = struct.Struct("<QQQd")


@dataclass(slots=True)
class Findings:
    """What a run over one reader came to."""

    runs: int = 0
    seconds: float = 0.0
    """Without those for the large inputs."""
    large: int = 0
    """Inputs of about a megabyte, which are not among ``runs``."""
    slowest: float = 0.0
    outcomes: int = 0
    memory: int = 0
    """Bytes."""
    failures: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """By place: the account, and the smallest input that was found for it."""


class ReachedOutError(Exception):
    """A reader did what none of them may do."""


class _Watch:
    """Tells of every file opened elsewhere, every connection, program, unpickling and import."""

    FORBIDDEN = (
        "socket.connect", "socket.bind", "socket.getaddrinfo", "socket.send", "subprocess.",
        "os.system", "os.exec", "os.fork", "os.posix_spawn", "pickle.", "ctypes.",
        "urllib.", "http.", "ftplib.", "smtplib.", "sqlite3.enable_load", "sqlite3.load_ext", "webbrowser.",
    )  # fmt: skip
    LIBRARIES = (sys.prefix, sys.base_prefix, str(Path(__file__).parents[2]), "<frozen")
    """Where modules lie that are imported late."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        self.armed = False
        self.seen: str | None = None
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.armed:
            return
        if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
            name = os.fsdecode(arguments[0])
            if not name.startswith((self.folder, *self.LIBRARIES)) and name != os.devnull:
                self.seen = f"opened {name}"
        elif event == "exec":
            code: Any = arguments[0]
            caller = sys._getframe(1).f_code.co_filename
            if not (code.co_filename.startswith(self.LIBRARIES) or caller.startswith(self.LIBRARIES)):
                self.seen = f"ran code of {code.co_filename}"
        elif event == "sqlite3.connect":
            name = os.fsdecode(arguments[0])
            if self.folder not in name and name not in (":memory:", ""):
                self.seen = f"connected to {name}"
        elif event == "socket.bind" and arguments[1] == ("::1", 0):
            pass  # a library of spaCy's looks whether there is IPv6; see tests/e2e/network.py
        elif event.startswith(self.FORBIDDEN):
            self.seen = f"{event}{arguments!r}"[:300]


def fuzz(name: str, runs: int, seconds: float, seed: int, tell: Callable[[str], None]) -> Findings:
    """Try a reader on each large input, then on so many others, or for so long, whichever ends first."""
    found = Findings()
    reader = READERS[name]
    if reader.large:
        tell(f"{name}: large inputs")
        _batch(reader, 0, 0.0, seed, found, large_too=True)
        found.large, found.runs = found.runs, 0
    begun = time.monotonic()
    batch = 0
    while found.runs < runs and time.monotonic() - begun < seconds and len(found.failures) < MOST_FINDINGS:
        left = begun + seconds - time.monotonic()
        _batch(reader, min(runs - found.runs, 100_000), left, seed + batch, found, large_too=False)
        batch += 1
        found.seconds = time.monotonic() - begun
        tell(f"{name}: {found.runs:,} inputs, {len(found.failures)} failures, {found.seconds:.0f} s")
    return found


def _batch(reader: Reader, runs: int, seconds: float, seed: int, found: Findings, *, large_too: bool) -> None:
    """One child process; what it does last is in shared memory, should it die.

    With ``large_too`` it tries each large input and nothing else.
    """
    shared = mmap.mmap(-1, _SHARED)
    results = samples.scratch() / "results"
    child = os.fork()
    if child == 0:
        code = 1
        try:
            _child(reader, runs, seconds, seed, shared, results, large_too)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    status = _attend(child, shared)
    report = results.read_bytes() if results.exists() else b""
    shutil.rmtree(results.parent, ignore_errors=True)
    _, done, length, _ = _HEAD.unpack_from(shared)
    found.runs += done
    if status:
        data = shared[_HEAD.size : _HEAD.size + length]
        how = "it did not come to an end" if status == "stuck" else f"the process ended ({status})"
        found.failures.setdefault(how, (how, bytes(data)))
    import pickle

    for kind, value in _parts(report):
        if kind == b"F":
            place, account, data = pickle.loads(value)
            found.failures.setdefault(place, (account, data))
        else:
            slowest, outcomes, memory = pickle.loads(value)
            found.slowest = max(found.slowest, slowest)
            found.outcomes = max(found.outcomes, outcomes)
            found.memory = max(found.memory, memory)


def _parts(report: bytes) -> list[tuple[bytes, bytes]]:
    parts, at = [], 0
    while at + 5 <= len(report):
        (size,) = struct.unpack_from("<I", report, at + 1)
        parts.append((report[at : at + 1], report[at + 5 : at + 5 + size]))
        at += 5 + size
    return parts


def _attend(child: int, shared: mmap.mmap) -> str | None:
    """Wait for the child; ends it where one input takes too long. How it ended, if not well."""
    last, since = -1, time.monotonic()
    while True:
        gone, status = os.waitpid(child, os.WNOHANG)
        if gone:
            if os.WIFSIGNALED(status):
                return signal.Signals(os.WTERMSIG(status)).name
            return None if os.waitstatus_to_exitcode(status) == 0 else "an error of the fuzzer"
        number = _HEAD.unpack_from(shared)[0]
        if number != last:
            last, since = number, time.monotonic()
        elif time.monotonic() - since > STUCK + 30 * (number == 0):
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            return "stuck"
        time.sleep(0.05)


def _child(
    reader: Reader, runs: int, seconds: float, seed: int, shared: mmap.mmap, results: Path, large_too: bool
) -> None:
    import logging
    import pickle

    logging.disable()
    folder = samples.scratch()
    os.environ["ANNOTATOR_HOME"] = str(folder / "home")
    try:
        take = reader.begin(folder)
        seeds = reader.seeds()
        trial = _Trial(take, shared, folder)
        for each in seeds:
            trial.warm(each)
        trial.limit()

        def report(kind: bytes, value: object) -> None:
            data = pickle.dumps(value)
            with results.open("ab") as stream:
                stream.write(kind + struct.pack("<I", len(data)) + data)

        maker = Maker(Random(seed), list(seeds), reader.words, reader.shape)
        queue = large(seeds) if large_too else [*seeds]
        runs = len(queue) if large_too else runs
        until = time.monotonic() + seconds
        failed: set[str] = set()
        outcomes: set[str] = set()
        for _ in range(runs):
            if not queue and time.monotonic() > until:
                break
            data = queue.pop() if queue else maker.make()
            outcome, place = trial.run(data)
            if place is not None and place not in failed:
                failed.add(place)
                small = smaller(data, partial(trial.fails_at, place))
                report(b"F", (place, outcome, small[:_SHARED]))
                if len(failed) >= MOST_FINDINGS:
                    break
            elif place is None and outcome not in outcomes and len(data) <= LONGEST_KEPT:
                outcomes.add(outcome)
                maker.corpus.append(data)
        report(b"S", (trial.slowest, len(outcomes), trial.memory()))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Trial:
    def __init__(self, take: Take, shared: mmap.mmap, folder: Path) -> None:
        self.take = take
        self.shared = shared
        self.watch = _Watch(folder)
        self.slowest = 0.0
        self.before = 0
        self.number = 0

    def warm(self, data: bytes) -> None:
        with contextlib.suppress(Exception):
            self.take(data)

    def limit(self) -> None:
        """Give the process no more memory than it may need."""
        self.before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (most, most))

    def memory(self) -> int:
        """Bytes beyond those of the beginning, at the most."""
        return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - self.before) * 1024

    def fails_at(self, place: str, data: bytes) -> bool:
        """Whether an input goes wrong at that place too."""
        return self.run(data)[1] == place

    def run(self, data: bytes) -> tuple[str, str | None]:
        """What came of an input; with it where it went wrong, or None."""
        self.number += 1
        number = self.number
        kept = data[: _SHARED - _HEAD.size]
        _HEAD.pack_into(self.shared, 0, number, number, len(kept), 0.0)
        self.shared[_HEAD.size : _HEAD.size + len(kept)] = kept
        watch = self.watch
        watch.seen, watch.armed = None, True
        begun = time.process_time()
        try:
            outcome, place = self.take(data), None
        except AnnotatorError as error:
            watch.armed = False
            str(error.problem)
            outcome, place = "".join(c for c in error.problem.what if c.isascii() and c.isalpha())[:60], None
        except Exception as error:
            watch.armed = False
            outcome, place = _account(error)
        finally:
            watch.armed = False
        took = time.process_time() - begun
        if len(data) < 100_000:
            self.slowest = max(self.slowest, took)
        if watch.seen is not None:
            return f"it {watch.seen}", f"reached out: {watch.seen[:40]}"
        if place is None and took > (SECONDS if len(data) < 100_000 else SECONDS_LARGE):
            return f"it took {took:.1f} s for {len(data):,} bytes", "slow"
        return outcome, place


def _account(error: Exception) -> tuple[str, str]:
    """The traceback, and the innermost place of the program in it."""
    lines = traceback.extract_tb(error.__traceback__)
    own = [each for each in lines if "annotator" in each.filename or "fuzz" in each.filename] or lines
    place = f"{type(error).__name__} at {Path(own[-1].filename).name}:{own[-1].lineno}"
    trail = " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in reversed(own[-5:]))
    return f"{type(error).__name__}: {str(error)[:200]} ({trail})", place
