"""What a file is, told without touching the locks that this process may hold on it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

_SMALLEST = 512
"""Bytes of a page, of which a database has one at least (https://www.sqlite.org/fileformat.html)."""


def is_database(path: Path) -> bool:
    """Whether there is an SQLite database, such as a project.

    SQLite itself looks, for it keeps the file open as long as this process holds locks on it: closing it
    after plain reading would drop them, and another program might delete the log of an open project.
    """
    if not path.is_file() or path.stat().st_size < _SMALLEST:
        return False
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as connection:
            connection.execute("PRAGMA user_version").fetchone()
    except sqlite3.DatabaseError as error:
        return error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_CORRUPT
    return True
