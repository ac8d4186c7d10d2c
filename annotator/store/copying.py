"""Copies of a project file that are whole or not there, also while it is being worked on."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from msgspec import Struct

from annotator.core.errors import ProjectError
from annotator.store.failures import as_project_error, damaged, explained
from annotator.store.parts import PART

_ROOM = 50_000_000
"""Bytes that a copy must leave free on the disk."""


class Mark(Struct, frozen=True):
    """How far a project has come: two files with equal marks hold the same work of people.

    ``edits`` and ``articles`` are the highest numbers given so far; ``last`` is when the last edit was made,
    since numbers are given again after going back to a backup.
    """

    edits: int
    articles: int
    codebooks: int
    last: str


def mark_of(path: Path) -> Mark:
    """The mark of a project file, which is only read. Raises ProjectError."""
    with explained(path), closing(_reading(path)) as connection:
        row = connection.execute(
            "SELECT (SELECT max(number) FROM edits), (SELECT max(pk) FROM articles),"
            " (SELECT max(number) FROM codebooks), (SELECT at FROM edits ORDER BY number DESC LIMIT 1)"
        ).fetchone()
        return Mark(row[0] or 0, row[1] or 0, row[2] or 0, row[3] or "")


def copy_project(source: Path, target: Path) -> None:
    """Copy a project, its write-ahead log included, by SQLite's backup.

    The target appears, or replaces an older file, only when the copy is complete and on disk. Raises
    ProjectError where either file cannot be used or the disk has no room; the target is then as it was.
    """
    part = target.with_name(target.name + PART)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(target.parent).free
        if source.stat().st_size + _ROOM > free:
            raise ProjectError(
                "there is no room for a copy of the project",
                where=str(target.parent),
                cure="Free some space there",
            )
        part.unlink(missing_ok=True)
        with closing(_reading(source)) as here, closing(sqlite3.connect(part)) as there:
            here.backup(there)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
    except (sqlite3.Error, OSError) as error:
        part.unlink(missing_ok=True)
        raise as_project_error(error, source) from error


def check_whole(path: Path) -> None:
    """Raise ProjectError where SQLite finds the file damaged."""
    with explained(path), closing(_reading(path)) as connection:
        (line,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if line != "ok":
        raise damaged(path, line)


def _reading(path: Path) -> sqlite3.Connection:
    """A connection that leaves no trace: a file without a log beside it is open nowhere."""
    logged = path.with_name(f"{path.name}-wal").exists()
    mode = "mode=ro" if logged else "mode=ro&immutable=1"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True, timeout=5.0)
