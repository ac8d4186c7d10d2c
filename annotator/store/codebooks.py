"""Versions of the project's codebook, and carrying a change of it out."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select

from annotator.core.changes import CodebookChange
from annotator.core.codebook import Codebook, codebook_from, codebook_to
from annotator.core.errors import ProjectError
from annotator.core.model import now
from annotator.store.rows import json_of, value_of
from annotator.store.tables import CodebookRow, table

CODEBOOKS = table(CodebookRow)
_NEWEST = select(CODEBOOKS.c.data).order_by(CODEBOOKS.c.number.desc()).limit(1)


def load_codebook(connection: Connection) -> Codebook:
    """The newest version of the codebook. Raises ProjectError if there is none."""
    data = connection.execute(_NEWEST).scalar()
    if data is None:
        raise ProjectError("the project has no codebook", cure="Restore a backup of it")
    return codebook_from(value_of(data), "the project's codebook")


def add_version(connection: Connection, codebook: Codebook) -> None:
    """Make this the project's codebook from now on; the older versions stay."""
    connection.execute(
        insert(CODEBOOKS).values(name=codebook.name, data=json_of(codebook_to(codebook)), saved_at=now())
    )


def put_codebook(connection: Connection, change: CodebookChange) -> None:
    """Carry a change of the codebook out. Raises ProjectError where it has become another one meanwhile."""
    if load_codebook(connection) != change.before:
        raise ProjectError(
            "the codebook has been changed in the meantime", cure="Repeat the change on what is there now"
        )
    add_version(connection, change.after)
