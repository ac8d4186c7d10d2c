"""What every table of a project file is built on."""

from __future__ import annotations

from typing import Any, ClassVar

from sqlalchemy import REAL, ColumnElement, Integer, LargeBinary, Table, Text, bindparam, func, select
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    """The parent of all mappings."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        int: Integer(),
        float: REAL(),
        bytes: LargeBinary(),
    }


ROWS = {"sqlite_strict": True}
CLUSTERED = {"sqlite_strict": True, "sqlite_with_rowid": False}
DEFERRED: dict[str, Any] = {"deferrable": True, "initially": "DEFERRED"}


SINCE = {"claim_evidence": 2, "actor_refusals": 3, "edit_actors": 3, "carried": 3}
"""The schema version that a table came with; the others were there from the first on."""


def table(mapping: type[Base]) -> Table:
    """The table behind a mapping."""
    found = mapping.__table__
    assert isinstance(found, Table)
    return found


def listed(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """That a column's value is in the JSON list bound to ``name`` (of any length)."""
    values = func.json_each(bindparam(name)).table_valued("value")
    return column.in_(select(values.c.value))
