"""Versions of the project's codebook, and what has changed it."""

# ruff: noqa: S608 - names of tables and columns are the program's own

from __future__ import annotations

from sqlalchemy import Connection, func, insert, select, text

from annotator.core.codebook import Codebook, codebook_from, codebook_to
from annotator.core.errors import ProjectError
from annotator.core.model import now
from annotator.core.reports import CodebookNews, Version
from annotator.store.failures import conflict
from annotator.store.rows import check_types, json_of, value_of
from annotator.store.tables import CODEBOOKS, EDITS

_NEWEST = select(CODEBOOKS.c.data).order_by(CODEBOOKS.c.number.desc()).limit(1)
_NUMBER = select(func.max(CODEBOOKS.c.number))
_VERSIONS = (
    select(
        CODEBOOKS.c.number,
        CODEBOOKS.c.name,
        func.json_extract(CODEBOOKS.c.data, "$.version"),
        CODEBOOKS.c.saved_at,
        EDITS.c.annotator,
        func.coalesce(EDITS.c.title, ""),
        func.coalesce(EDITS.c.action, "do"),
    )
    .outerjoin_from(CODEBOOKS, EDITS, EDITS.c.number == CODEBOOKS.c.edit)
    .order_by(CODEBOOKS.c.number)
)

_EDIT = (
    "(SELECT coalesce(e.of, e.number) FROM codebooks AS b JOIN edits AS e ON e.number = b.edit"
    " WHERE b.number = :number)"
)
_REMOVED = text(
    f"SELECT count(*) FROM carried AS c WHERE c.edit = {_EDIT} AND c.what IN ('span', 'relation')"
    " AND json_extract(c.before, '$.annotator') = :annotator"
)
_CARRIED = text(
    "SELECT " + " + ".join(
        f"(SELECT count(DISTINCT r.article_pk || ' ' || r.id) FROM carried AS c JOIN {rows} AS r"
        f" ON r.article_pk = c.article_pk AND r.id = c.id WHERE c.edit = {_EDIT}"
        f" AND c.what IN ('{what}.{word}', '{what}.attributes') AND r.annotator = :annotator)"
        for what, rows, word in (("span", "spans", "label"), ("relation", "relations", "type"))
    )
)  # fmt: skip


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


def refuse_other(connection: Connection, number: int | None) -> None:
    """Raise ProjectError where another codebook holds than the one with the number; None allows any."""
    if number is not None and number != codebook_number(connection):
        raise conflict("the codebook")


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


def codebook_news(connection: Connection, after: int, annotator: str) -> list[CodebookNews]:
    """What came after the codebook of that number, oldest first, and did to an annotator's labels."""
    found = []
    for version in codebook_versions(connection):
        if version.number > after:
            given = {"number": version.number, "annotator": annotator}
            removed, carried = 0, 0
            if version.action != "undo":  # what an edit has carried is kept when it is undone
                removed = connection.execute(_REMOVED, given).scalar_one()
                carried = connection.execute(_CARRIED, given).scalar_one()
            found.append(CodebookNews(version=version, removed=removed, carried=carried))
    return found


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
