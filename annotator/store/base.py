"""What every table of a project file is built on."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, MetaData, bindparam, func, select
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeEngine

SCHEMA = MetaData()
"""All tables by name, once :mod:`annotator.store.tables` has been imported."""

ROWS: dict[str, Any] = {"sqlite_strict": True}
CLUSTERED: dict[str, Any] = {"sqlite_strict": True, "sqlite_with_rowid": False}
DEFERRED: dict[str, Any] = {"deferrable": True, "initially": "DEFERRED"}


SINCE = {"claim_evidence": 2, "actor_refusals": 3, "edit_actors": 3, "carried": 3}
"""The schema version that a table came with; the others were there from the first on."""


def key(name: str, kind: type[TypeEngine[Any]], *parts: SchemaItem) -> Column[Any]:
    """A column of the primary key."""
    return Column(name, kind, *parts, primary_key=True)


def needed(name: str, kind: type[TypeEngine[Any]], *parts: SchemaItem, unique: bool = False) -> Column[Any]:
    """A column that is never NULL; a bare ``Column`` may be."""
    return Column(name, kind, *parts, nullable=False, unique=unique)


def listed(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """That a column's value is in the JSON list bound to ``name`` (of any length)."""
    values = func.json_each(bindparam(name)).table_valued("value")
    return column.in_(select(values.c.value))
