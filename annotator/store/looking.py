"""Project files that may only be read: a file or folder without the right to write, a disk mounted so.

SQLite wants to write even where it only reads: its log and an index of that lie beside the file. Which way
is safe depends on what is there:

- no log, or an empty one: nobody has written since the file was closed, and SQLite reads it as one that never
  changes (``immutable``). Should somebody write all the same, that is noticed by the file's time and size,
  and what was read meanwhile is not believed;
- a log, and SQLite can read its index or make one: it reads along with whoever is writing;
- a log that a killed program left where no index can be made (a stick that was pulled out, then mounted to be
  read only): both are copied to a folder of their own, and so is a file of an older version.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Lock
from typing import NoReturn

from sqlalchemy import Connection

from annotator.core.errors import ProjectError, StorageError
from annotator.store.database import Database
from annotator.store.failures import explained
from annotator.store.migrations import SCHEMA_VERSION, migrate

log = logging.getLogger(__name__)

type _State = tuple[int, int] | None
"""Time and size of a file that nobody writes to; None where there is a log."""


class ReadOnly(Database):
    """One project file that is only read, and beside which nothing is ever made."""

    shared = False

    def __init__(self, path: Path, copy: tempfile.TemporaryDirectory[str] | None = None) -> None:
        self._state = _state_of(path)
        self._looking = Lock()
        self._copy = copy
        super().__init__(path, wal=False)

    def _mode(self) -> str:
        return "mode=ro" if self._state is None else "mode=ro&immutable=1"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment of the file.

        Raises ProjectError, also where somebody else wrote to the file in the meantime, who could not know
        that it is being read.
        """
        with self._unchanged(), super().reading() as connection:
            yield connection

    def copy_to(self, target: Path) -> None:
        """Copy what is there, the log included, into a new file. Raises ProjectError as :meth:`reading`."""
        with self._unchanged():
            super().copy_to(target)

    @contextmanager
    def _unchanged(self) -> Iterator[None]:
        with explained(self.path), self._looking:
            state = _state_of(self.path)
            if state != self._state:
                self._state = state
                self._engine.dispose()
        failure: ProjectError | None = None
        try:
            yield
        except ProjectError as error:
            failure = error
        if state is not None and self._is_other(state):
            raise _changed(self.path) from failure
        if failure is not None:
            raise failure

    def _is_other(self, state: _State) -> bool:
        """Whether the file has been written to since; what is only in a log beside it does not count."""
        try:
            return state != _mark(self.path)
        except OSError:
            return False  # it is not there any more, which is told by the next look

    def writing(self) -> NoReturn:
        """Raises ProjectError: nothing can be written here."""
        raise ProjectError(
            "the project can only be read",
            where=str(self.path),
            cure="Copy it to a folder of yours and open the copy",
        )

    def close(self) -> None:
        """Close the file."""
        super().close()
        if self._copy is not None:
            self._copy.cleanup()

    def _checkpoint(self) -> None:
        """There is nothing of this program's to be folded in."""


def open_to_read(path: Path, version: int) -> ReadOnly:
    """Open a project file, whose schema version is known, without writing to it or beside it.

    Raises ProjectError where that is not possible.
    """
    if version == SCHEMA_VERSION:
        database = ReadOnly(path)
        try:
            with database.reading() as connection:
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_schema").fetchall()
        except StorageError as error:
            database.close()
            if _is_busy(error):
                raise
            log.info("the log beside the project cannot be read there: %s", error.problem.what)
        except BaseException:
            database.close()
            raise
        else:
            return database
    return _copied(path)


def _copied(path: Path) -> ReadOnly:
    """A copy with what is in the log, brought up to date, that goes when it is closed."""
    folder = tempfile.TemporaryDirectory(prefix="annotator-read-", ignore_cleanup_errors=True)
    try:
        copy = Path(folder.name) / path.name
        with explained(path):
            there = [end for end in ("", "-wal") if path.with_name(path.name + end).exists()]
            before = [_mark(path.with_name(path.name + end)) for end in there]
            for end in there:
                shutil.copyfile(path.with_name(path.name + end), copy.with_name(copy.name + end))
            if before != [_mark(path.with_name(path.name + end)) for end in there]:
                raise _changed(path)
            with closing(sqlite3.connect(copy)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        database = Database(copy)
        try:
            migrate(database)
        finally:
            database.close()
        return ReadOnly(copy, folder)
    except BaseException:
        folder.cleanup()
        raise


def _state_of(path: Path) -> _State:
    try:
        logged = path.with_name(f"{path.name}-wal").stat().st_size
    except FileNotFoundError:
        logged = 0
    return None if logged else _mark(path)


def _mark(path: Path) -> tuple[int, int]:
    """Time and size of a file, one of which changes when it is written to."""
    found = path.stat()
    return found.st_mtime_ns, found.st_size


def _changed(path: Path) -> StorageError:
    return StorageError(
        "the project was changed by another program while it was being read",
        where=str(path),
        cure="Try again",
    )


def _is_busy(error: StorageError) -> bool:
    """Whether somebody is writing, so that a copy might be of two moments."""
    cause = getattr(error.__cause__, "orig", error.__cause__)
    code = getattr(cause, "sqlite_errorcode", 0)
    return isinstance(code, int) and code & 0xFF == sqlite3.SQLITE_BUSY
