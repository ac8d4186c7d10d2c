"""What keeps a project file from a stranger from doing more than hold rows."""

from __future__ import annotations

import re
import sqlite3

from sqlalchemy import Connection

from annotator.core.errors import ProjectError
from annotator.store.search import EARLIER, STATEMENTS
from annotator.store.tables import SCHEMA, SINCE

_RUNS = ("trigger", "view")
"""Kinds of entries of a schema that are more than a place for rows."""
MOST_BYTES = 256 * 2**20
"""Of one value: memory is set aside for what a value says of its length before it is read."""
_CALL = re.compile(r"(\w+)[\"'`\]]?\s*\(")
_NO_FUNCTIONS = {"key", "check", "unique", "or", "and", "not", "on", *SCHEMA.tables}
"""What stands before a bracket in the program's own tables and indexes, in small letters."""


def harden(connection: sqlite3.Connection) -> None:
    """Have SQLite distrust the file: its inner tables are not written to, damaged pages are noticed.

    ``trusted_schema`` stays on: SQLite before 3.41 would else refuse the program's own trigger. What
    could abuse it is refused by :func:`refuse_foreign_schema` before anything of it runs.
    """
    connection.setconfig(sqlite3.SQLITE_DBCONFIG_DEFENSIVE)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_BYTES)
    connection.execute("PRAGMA cell_size_check=ON")


def refuse_foreign_schema(connection: Connection) -> None:
    """Raise ProjectError where the file has something that runs by itself and is not the program's own.

    That is every view, trigger and virtual table but those of :mod:`annotator.store.search`, a function
    called in a table or index, something else in place of one of the program's tables, or a column there
    that is computed.
    """
    own = {_plain(each) for each in (*STATEMENTS, *EARLIER)}
    tables = set()
    for kind, name, sql in connection.exec_driver_sql("SELECT type, name, sql FROM sqlite_schema"):
        text = sql if isinstance(sql, str) else ""
        runs = kind in _RUNS or "VIRTUAL" in text[:40].upper()
        if runs and _plain(text) not in own:
            raise _foreign(f"the {kind} {name!r}")
        if not runs and any(word.lower() not in _NO_FUNCTIONS for word in _calls(name, text)):
            raise _foreign(f"a function in the {kind} {name!r}")
        if kind == "table":
            tables.add(name)
    (version,) = connection.exec_driver_sql("PRAGMA user_version").one()
    for name in SCHEMA.tables:
        if name not in tables and SINCE.get(name, 1) > version:
            continue  # it comes with the migration
        if name not in tables:
            raise _foreign(f"no table {name!r}")
        for column in connection.exec_driver_sql(f'PRAGMA table_xinfo("{name}")'):
            if column[-1]:
                raise _foreign(f"the computed column {column[1]!r} in {name!r}")


def _calls(name: str, sql: str) -> list[str]:
    """What is, or may be, a function that is called by the making of a table or index."""
    return [word for word in _CALL.findall(sql) if word != name]


def _plain(statement: str) -> str:
    return " ".join(statement.split())


def _foreign(what: str) -> ProjectError:
    return ProjectError(
        f"this project file was not made by Annotator alone: it has {what}",
        cure="Ask whoever gave it to you for an export, and import that",
    )
