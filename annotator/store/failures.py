"""What SQLite, SQLAlchemy and the file system report, as sentences that help."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from annotator.core.errors import ProjectError, StorageError

log = logging.getLogger(__name__)

NOT_A_PROJECT = "this is not an Annotator project"
_CHOOSE = "Choose a file that ends in .annot, or make a new project"
_BACKUP = "Copy the file to a safe place, then restore a backup of it"

# SQLite's primary result codes (https://www.sqlite.org/rescode.html), without those that only a
# fault of this program can cause.
_SENTENCES: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_BUSY: (
        "another program, or an import, is writing to this project",
        "Try again when it has finished",
    ),
    sqlite3.SQLITE_LOCKED: (
        "another part of the program is writing to this project",
        "Try again in a moment",
    ),
    sqlite3.SQLITE_READONLY: (
        "the project cannot be written to",
        "Make the file and its folder writable, or copy the project to another folder",
    ),
    sqlite3.SQLITE_PERM: (
        "you may not open this file",
        "Ask for access to it, or copy it to a folder of yours",
    ),
    sqlite3.SQLITE_FULL: ("the disk is full", "Free some space, then try again"),
    sqlite3.SQLITE_CANTOPEN: (
        "the project cannot be opened",
        "Make sure that the file is there and that its folder is writable",
    ),
    sqlite3.SQLITE_IOERR: (
        "the disk reports an error",
        "Make sure that the disk is connected and has free space, then try again",
    ),
    sqlite3.SQLITE_CORRUPT: ("the project file is damaged", _BACKUP),
    sqlite3.SQLITE_NOTADB: (NOT_A_PROJECT, _CHOOSE),
    sqlite3.SQLITE_TOOBIG: ("a text is too large for a project file", "Split it into several"),
    sqlite3.SQLITE_CONSTRAINT: (
        "this does not fit what the project holds",
        "Run annotator check on the project",
    ),
}

_PASSING = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_NOLFS,
}  # fmt: skip
"""What may be over after a while, or once the person has done something about it."""


def not_a_project(path: Path) -> ProjectError:
    """The error for a file that is something else."""
    return ProjectError(NOT_A_PROJECT, where=str(path), cure=_CHOOSE)


def damaged(path: Path, detail: str) -> ProjectError:
    """The error for a file whose content does not hold together."""
    return ProjectError(f"the project file is damaged ({detail})", where=str(path), cure=_BACKUP)


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turns what goes wrong with the file inside into a ProjectError; other errors pass through."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError, UnicodeError, OverflowError, MemoryError) as error:
        raise as_project_error(error, path) from error


def as_project_error(error: Exception, path: Path) -> ProjectError:
    """The sentence for one error of SQLAlchemy, sqlite3, the system, or of encoding a text."""
    cause: BaseException | None = error.orig if isinstance(error, DBAPIError) else error
    where = str(path)
    if isinstance(cause, UnicodeEncodeError):
        return ProjectError(
            f"a text holds a character that cannot be stored (U+{ord(cause.object[cause.start]):04X})",
            where=where,
            cure="Remove that character",
        )
    if isinstance(cause, OSError):
        return StorageError(
            f"the project cannot be used: {cause.strerror or cause}",
            where=where,
            cure="Make sure that the file and its folder are there and that you may write to them",
        )
    if isinstance(cause, (UnicodeError, OverflowError, MemoryError)):
        return damaged(path, type(cause).__name__)
    log.warning("project file: %s: %s", type(cause).__name__, cause)
    code = getattr(cause, "sqlite_errorcode", None)
    if code is None:
        return ProjectError(f"the project file cannot be used: {cause}", where=where)
    what, cure = _SENTENCES.get(code & 0xFF, ("", ""))
    if not what and "no such" in str(cause):
        return damaged(path, str(cause))
    if code & 0xFF == sqlite3.SQLITE_CONSTRAINT:
        what = f"{what} ({cause})"
    kind = StorageError if code & 0xFF in _PASSING else ProjectError
    return kind(what or f"the project file cannot be used: {cause}", where=where, cure=cure)


def conflict(what: str) -> ProjectError:
    """The error for what is no longer as a change expects it."""
    return ProjectError(
        f"{what} has been changed in another window in the meantime",
        cure="Repeat the step on what is there now",
    )
