"""The open project file: connections, transactions, and what must hold before it is opened."""

from __future__ import annotations

import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from annotator.core.errors import ProjectError, StorageError
from annotator.store.failures import damaged, explained, not_a_project
from annotator.store.guarding import harden

log = logging.getLogger(__name__)

APPLICATION_ID = 0x414E4E54
"""``ANNT``, at byte 68 of the file; SQLite's mark of whose file this is."""
BUSY_SECONDS = 5.0
"""How long a transaction waits for another program to finish writing."""
_CACHE_KIB = 32 * 1024
_LOG = "log"
"""Where a connection notes which file its log is."""

type _Identity = tuple[int, int]
"""Device and number of a file."""


class Database:
    """One project file with a small pool of connections, usable from any thread.

    Reading sees one moment of the file, however long it takes, and never waits. Writing takes the
    file's write lock at once (BEGIN IMMEDIATE), so that what was read inside is still true when it
    commits, and is on disk when it returns (synchronous FULL).
    """

    shared = True
    """Whether another process can open the file in the same way."""

    def __init__(self, path: Path, *, wal: bool = True, identity: tuple[int, int] | None = None) -> None:
        self.path = path
        self._identity = identity or _identity(path)
        self._wal = wal
        self._closed = False
        self._patience: float | None = None
        real = Path(os.path.realpath(path))  # beside which SQLite keeps the log
        self._log_path = real.with_name(f"{real.name}-wal")
        self._log: _Identity | None = None
        """Which file the log is into which our connections write; None before there is one."""
        self._engine = create_engine(
            "sqlite+pysqlite://",
            creator=lambda: sqlite3.connect(
                f"{path.absolute().as_uri()}?{self._mode()}",
                uri=True,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
            ),
            poolclass=QueuePool,
            hide_parameters=True,  # they hold words of articles, which no log may have
            pool_size=4,
            max_overflow=8,
        )
        self._writer = self._engine.execution_options(writes=True)
        event.listen(self._engine, "connect", self._on_connect)
        event.listen(self._engine, "close", self._on_close)
        event.listen(self._engine, "begin", self._on_begin)

    def __reduce__(self) -> tuple[Any, ...]:
        # Another process opens the file again, and refuses any other that has come in its place.
        return partial(Database, wal=self._wal, identity=self._identity), (self.path,)

    def _mode(self) -> str:
        """How SQLite opens the file: to write to it, but never to make an empty one in its place."""
        return "mode=rw"

    def wait_at_most(self, seconds: float) -> None:
        """Writing that is begun from now on gives up so soon where another program does not let go."""
        self._patience = seconds

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one moment of the file. Raises ProjectError."""
        with self._usable(self._engine) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed at the end, or taken back whole if anything fails.

        Raises ProjectError, also if the file or its log was moved or deleted in the meantime: SQLite
        would go on writing to what is no longer there.
        """
        with self._usable(self._writer) as connection:
            self._refuse_other_log(connection)
            yield connection
            self._refuse_other_file()  # it may have taken a while
            self._refuse_other_log(connection)

    @contextmanager
    def _usable(self, engine: Engine) -> Iterator[Connection]:
        with explained(self.path):
            self.still_there()
            with engine.begin() as connection:
                yield connection

    def close(self) -> None:
        """Fold the write-ahead log into the file and close it, so that one file remains."""
        if self._closed:
            return
        self._closed = True
        try:
            self._checkpoint()
        except (sqlite3.Error, OSError, UnicodeError):
            # Whatever could not be folded is safe in the log, and read again at the next opening.
            pass
        finally:
            self._engine.dispose()

    def copy_to(self, target: Path) -> None:
        """Copy what is there, the log included, into a new file, also where the file itself is gone.

        SQLite may still read it then. Raises ProjectError; ``target`` may then be unfinished.
        """
        with explained(self.path), closing(self._engine.raw_connection()) as pooled:
            connection = pooled.driver_connection
            assert isinstance(connection, sqlite3.Connection)
            with closing(sqlite3.connect(target)) as copy:
                connection.backup(copy)

    def checkpoint(self) -> None:
        """Fold the write-ahead log into the file. Raises ProjectError."""
        with explained(self.path):
            self._checkpoint()

    def _checkpoint(self) -> None:
        with closing(self._engine.raw_connection()) as pooled:
            cursor = pooled.cursor()
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()

    def still_there(self) -> None:
        """Raise ProjectError where the project is closed or its file is no longer the one that was opened."""
        if self._closed:
            raise ProjectError("the project is closed", where=str(self.path), cure="Open it again")
        self._refuse_other_file()
        noted = self._log
        if noted is not None and noted != self._log_now() and not self._engine.pool.checkedout():  # type: ignore[attr-defined]
            log.warning("the log beside the project was deleted; the project is opened anew")
            self._engine.dispose()
            self._log = None

    def _log_now(self) -> _Identity | None:
        try:
            return _identity(self._log_path)
        except FileNotFoundError:
            return None

    def _refuse_other_log(self, connection: Connection) -> None:
        """Raise StorageError where the log into which a connection writes is gone, or another one is there.

        Connections keep it from being deleted by locks, which the system drops as soon as anything in this
        process closes the file after reading it plainly: another program that comes and goes takes itself for
        the last one then, folds the log into the file, and deletes it. What is written after that is seen by
        nobody else and lost at the end, so that connections have to be made anew before.
        """
        if not self._wal:
            return
        noted = connection.info.setdefault(_LOG, self._log_now())  # of an empty file there was none before
        self._log = noted
        if noted != self._log_now():
            raise StorageError(
                "the log beside the project was deleted while it was open",
                where=str(self.path),
                cure="Try again",
            )

    def _refuse_other_file(self) -> None:
        try:
            same = _identity(self.path) == self._identity
        except OSError:
            same = False
        if not same:
            raise StorageError(
                "the project file was moved, deleted or replaced while it was open",
                where=str(self.path),
                cure="Put the file back or open it from its new place",
            )

    def _on_close(self, connection: sqlite3.Connection, record: Any) -> None:
        now = self._log_now()
        if now is not None and now != record.info.get(_LOG, now):
            # Closing the last connection would delete the log that another program has made.
            connection.setconfig(sqlite3.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, True)

    def _on_connect(self, connection: sqlite3.Connection, record: Any) -> None:
        harden(connection)
        connection.execute("PRAGMA foreign_keys=ON")
        if self._wal:
            connection.execute("PRAGMA journal_mode=WAL").fetchone()
            if (found := self._log_now()) is not None:
                record.info[_LOG] = self._log = found
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA temp_store=MEMORY")
        connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")

    def _on_begin(self, connection: Connection) -> None:
        # The driver's own transaction handling is off (isolation_level None): it begins too late.
        writes = connection.get_execution_options().get("writes", False)
        if writes and self._patience is not None:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={round(1000 * self._patience)}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def schema_version_of(path: Path) -> int:
    """The schema version of a project file, read without leaving a trace in it or beside it.

    Raises ProjectError where there is no file, or it is not a project. SQLite reads its header as an
    immutable file: no lock, no log, no repair. (Plain reading would do the same but, on closing the
    file, drop the locks that this process may hold on it through SQLite.)

    A program that was killed while it folded its log into the file leaves a header that speaks of pages
    which are only in the log. SQLite takes that for damage in an immutable file, except with
    ``writable_schema``; nothing is written by it here.
    """
    with explained(path):
        if path.is_dir():
            raise ProjectError(
                "this is a folder, not a project file", where=str(path), cure="Choose a file in it"
            )
        if not path.exists():
            raise ProjectError(
                "there is no such file", where=str(path), cure="Check the name, or make a new project"
            )
        if not path.is_file():
            raise not_a_project(path)
        if not path.stat().st_size:
            raise ProjectError(
                "the file is empty, not an Annotator project",
                where=str(path),
                cure="Restore a backup of it, or delete it and make a new project",
            )
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            connection.execute("PRAGMA writable_schema=ON")
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            (version,) = connection.execute("PRAGMA user_version").fetchone()
    if application != APPLICATION_ID:
        raise not_a_project(path)
    if version < 1:
        raise damaged(path, "it has no schema version")
    return int(version)


def check_writable(path: Path) -> None:
    """Raise ProjectError unless the file and its folder can be written to.

    The folder must be writable because SQLite keeps its log beside the file.
    """
    if not _may_write(path):
        raise ProjectError(
            "the project file is read-only",
            where=str(path),
            cure="Make it writable, or copy it to a folder of yours and open the copy",
        )
    if not _may_write(path.absolute().parent):
        raise ProjectError(
            "the project lies in a folder that cannot be written to",
            where=str(path),
            cure="Copy it to a folder of yours and open the copy",
        )


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids)
