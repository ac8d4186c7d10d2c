"""Kills of ``annotator suggest`` with its worker processes: no half article, and no process stays."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from random import Random

from annotator.session.importing import import_paths
from annotator.session.project import Project
from tests.torture.killing import Figures, problems_of

_ARTICLES = 400
_WORKERS = 2
_MARK = "ANNOTATOR_TORTURE"
"""An environment variable by whose value the processes of one run are known."""
_GONE_WITHIN = 10.0
"""Seconds after which a worker process without its parent is one too many."""

type Found = dict[str, frozenset[tuple[str, ...]]]


def make_pipeline(folder: Path) -> None:
    """A small pipeline that loads quickly and knows a few names."""
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler")
    patterns = [{"label": "PERSON", "pattern": "Malley"}, {"label": "GPE", "pattern": "Doha"}]
    ruler.add_patterns(patterns)  # type: ignore[attr-defined]
    nlp.meta.update({"name": "tiny", "version": "1.0"})
    nlp.to_disk(folder)


def fill(path: Path, folder: Path) -> None:
    """A project with articles in which the pipeline finds several names."""
    folder.mkdir()
    for number in range(_ARTICLES):
        text = f"Article {number}\n\n" + "“We met,” Malley said in Doha. Doha is hot. " * (5 + number % 20)
        (folder / f"{number:04}.txt").write_text(text, encoding="utf-8")
    with Project.create(path) as project:
        import_paths(project, [folder])


class Run:
    """One ``annotator suggest`` in a process of its own."""

    def __init__(self, path: Path, pipeline: Path, mark: str) -> None:
        self.mark = mark
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", "annotator", "suggest", str(path)),
                *("--model", str(pipeline), "--workers", str(_WORKERS)),
            ],
            env=os.environ | {_MARK: mark},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )

    def wait(self) -> None:
        """Let it finish. Raises RuntimeError where it fails."""
        _, errors = self._process.communicate()
        if self._process.returncode:
            raise RuntimeError(errors.decode())

    @property
    def ended(self) -> bool:
        """Whether it has ended by itself."""
        return self._process.poll() is not None

    def kill(self) -> int:
        """Kill it, and it alone. Gives how many processes it leaves."""
        self._process.send_signal(signal.SIGKILL)
        left = len(self.others())
        self._process.communicate()
        return left

    def others(self) -> list[int]:
        """The processes that it started, resource tracker included."""
        wanted = f"{_MARK}={self.mark}".encode()
        found = []
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                variables = (place / "environ").read_bytes().split(b"\0")
                if wanted in variables and int(place.name) != self._process.pid:
                    found.append(int(place.name))
        return found

    def seconds_until_gone(self) -> float | None:
        """How long the processes that it started outlive it; None: too long, and they are ended."""
        begun = time.perf_counter()
        while self.others():
            if time.perf_counter() - begun > _GONE_WITHIN:
                for each in self.others():
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(each, signal.SIGKILL)
                return None
            time.sleep(0.02)
        return time.perf_counter() - begun


def articles_read(path: Path) -> int:
    """How many articles have been read and saved, looked up from outside."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM suggested_by").fetchone()
        return int(count)


def found_in(path: Path) -> Found:
    """Each article's suggestions."""
    with Project.open(path) as project:
        return {
            labels.article.id: frozenset(
                (each.kind, each.label, str(each.fragments), each.origin, str(each.confidence))
                for each in labels.spans
            )
            for labels in project.repository.iter_labels(suggestions=True)
        }


def torture(kills: int, random: Random, folder: Path) -> Figures:
    """Kill it while it loads, reads and saves; the next run must find everything that is missing."""
    figures = Figures("suggest")
    pipeline, unread, path = folder / "tiny", folder / "unread.annot", folder / "suggest.annot"
    make_pipeline(pipeline)
    fill(unread, folder / "in")
    shutil.copyfile(unread, path)
    run = Run(path, pipeline, "whole")
    begun = time.perf_counter()
    loading = _until_something_is_saved(run, path) - begun
    run.wait()
    saving = time.perf_counter() - begun - loading
    whole = found_in(path)
    latest = 0.0
    for figures.kills in range(1, kills + 1):
        for ending in ("", "-wal", "-shm"):
            path.with_name(path.name + ending).unlink(missing_ok=True)
        shutil.copyfile(unread, path)
        run = Run(path, pipeline, f"{os.getpid()}-{figures.kills}")
        if random.random() < 0.3:
            time.sleep(random.uniform(0, loading))
        else:
            _until_something_is_saved(run, path)
            time.sleep(random.uniform(0, saving))
        figures.counts["processes it left for a moment"] += run.kill()
        seconds = run.seconds_until_gone()
        if seconds is None:
            figures.counts["orphans"] += 1
            figures.fault(f"a process is still there after {_GONE_WITHIN:.0f} s")
        latest = max(latest, seconds or 0.0)
        _look(path, whole, figures)
    figures.counts["orphans"] += 0
    figures.counts["last process gone after (ms)"] = round(latest * 1000)
    shutil.copyfile(path, folder / "again.annot")
    Run(folder / "again.annot", pipeline, "again").wait()
    if found_in(folder / "again.annot") != whole:
        figures.fault("the next run does not find what is missing")
    return figures


def _until_something_is_saved(run: Run, path: Path) -> float:
    while not run.ended and not articles_read(path):
        time.sleep(0.01)
    return time.perf_counter()


def _look(path: Path, whole: Found, figures: Figures) -> None:
    """Note every article that is neither read nor unread."""
    with closing(sqlite3.connect(path)) as connection:
        read = {
            row[0]
            for row in connection.execute(
                "SELECT id FROM articles WHERE pk IN (SELECT article_pk FROM suggested_by)"
            )
        }
    figures.counts["articles read"] += len(read)
    figures.counts["projects in between"] += 0 < len(read) < _ARTICLES
    for article, there in found_in(path).items():
        if there != (whole[article] if article in read else frozenset()):
            figures.fault(f"article {article} has {len(there)} of {len(whole[article])} suggestions")
    for problem in problems_of(path):
        figures.fault(problem)
