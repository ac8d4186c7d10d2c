"""Versions of the project's codebook, and what has changed it."""

from __future__ import annotations

from sqlalchemy import Connection, func, insert, select

from annotator.core.codebook import Codebook, codebook_from, codebook_to
from annotator.core.errors import ProjectError
from annotator.core.model import now
from annotator.core.reports import Version
from annotator.store.rows import check_types, json_of, value_of
from annotator.store.tables import CodebookRow, EditRow, table

CODEBOOKS = table(CodebookRow)
_EDITS = table(EditRow)
_NEWEST = select(CODEBOOKS.c.data).order_by(CODEBOOKS.c.number.desc()).limit(1)
_NUMBER = select(func.max(CODEBOOKS.c.number))
_VERSIONS = (
    select(
        CODEBOOKS.c.number,
        CODEBOOKS.c.name,
        func.json_extract(CODEBOOKS.c.data, "$.version"),
        CODEBOOKS.c.saved_at,
        _EDITS.c.annotator,
        func.coalesce(_EDITS.c.title, ""),
        func.coalesce(_EDITS.c.action, "do"),
    )
    .outerjoin_from(CODEBOOKS, _EDITS, _EDITS.c.number == CODEBOOKS.c.edit)
    .order_by(CODEBOOKS.c.number)
)


def load_codebook(connection: Connection, number: int | None = None) -> Codebook:
    """The newest codebook, or the one of a number. Raises ProjectError if there is none."""
    statement = _NEWEST if number is None else select(CODEBOOKS.c.data).where(CODEBOOKS.c.number == number)
    data = connection.execute(statement).scalar()
    if data is None and number is not None:
        raise ProjectError(
            f"the project has had no codebook number {number}", cure="Look at the list of them"
        )
    if data is None:
        raise ProjectError("the project has no codebook", cure="Restore a backup of it")
    return codebook_from(value_of(data), "the project's codebook")


def codebook_number(connection: Connection) -> int:
    """The number of the codebook that holds; it grows with each change."""
    number = connection.execute(_NUMBER).scalar()
    check_types((number,), (int,), "the number of the codebook")
    return int(number or 0)


def codebook_versions(connection: Connection) -> list[Version]:
    """Every codebook that the project has had, oldest first."""
    rows = connection.execute(_VERSIONS).all()
    for row in rows:
        check_types(row, (int, str, object, str, str | None, str, str), "a codebook")
    return [
        Version(
            number=row[0],
            name=row[1],
            version=row[2] if isinstance(row[2], int) else 1,
            saved_at=row[3],
            annotator=row[4],
            title=row[5],
            action=row[6],
        )
        for row in rows
    ]


def add_version(connection: Connection, codebook: Codebook, edit: int | None = None) -> None:
    """Make this the project's codebook from now on, by that line of the edit log; the older ones stay.

    Raises InputError for one that could not be read back: the project could not be opened any more.
    """
    codebook_from(codebook_to(codebook), f"codebook “{codebook.name}”")
    connection.execute(
        insert(CODEBOOKS).values(
            name=codebook.name, data=json_of(codebook_to(codebook)), saved_at=now(), edit=edit
        )
    )
