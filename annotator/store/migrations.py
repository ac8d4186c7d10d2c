"""How a project file comes into being and from one schema version to the next.

A change of the tables is a new :class:`Step` at the end of ``STEPS``, and a higher number results
by itself. A new file is made with the tables as they are now; an older one is copied aside and then
taken through the steps that it lacks, each with its record in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import Struct
from sqlalchemy import Connection, insert

from annotator.core.codebook import Codebook
from annotator.core.errors import ProjectError
from annotator.core.model import now
from annotator.store.codebooks import add_version
from annotator.store.copying import copy_project
from annotator.store.database import APPLICATION_ID, Database
from annotator.store.search import create_search
from annotator.store.tables import MIGRATIONS, SCHEMA

FIRST_VERSION = 1


class Step(Struct, frozen=True):
    """One change of the tables; ``run`` gets a connection inside its transaction."""

    title: str
    run: Callable[[Connection], None]


READ_AGAIN = "DELETE FROM suggested_by WHERE instr(model, 'rules:') > 0"
"""Has articles read again that were read before there was evidence of claims (version 2)."""

QUOTE_VALUES = "UPDATE actor_attributes SET value = json_quote(value)"
"""Makes JSON of the attributes of actor records, which were plain texts (version 3)."""

FREE_KEYS = """
UPDATE codebooks SET data = json_set(data, taken.fullkey || '.key', '') FROM (
 SELECT number, label.fullkey AS fullkey FROM codebooks AS each, json_each(
  CASE WHEN json_valid(each.data) THEN each.data ELSE '{}' END, '$.labels') AS label
 WHERE CASE label.type WHEN 'object' THEN lower(json_extract(label.value, '$.key')) END = 'i'
) AS taken WHERE taken.number = codebooks.number
"""
"""Takes the key from the label that had the one which now links actors (version 3)."""


def _add_claim_evidence(connection: Connection) -> None:
    """Claims that were suggested before get their evidence when their articles are read again."""
    connection.exec_driver_sql(
        "CREATE TABLE claim_evidence ("
        " article_pk INTEGER NOT NULL, suggestion TEXT NOT NULL, word TEXT NOT NULL, rule TEXT NOT NULL,"
        " confidence REAL NOT NULL, PRIMARY KEY (article_pk, suggestion),"
        " CONSTRAINT a_share CHECK (confidence BETWEEN 0 AND 1),"
        " FOREIGN KEY(article_pk, suggestion) REFERENCES spans (article_pk, id)"
        " ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,"
        " FOREIGN KEY(article_pk) REFERENCES articles (pk)) STRICT, WITHOUT ROWID"
    )
    connection.exec_driver_sql(READ_AGAIN)


def _add_merging(connection: Connection) -> None:
    """Actor records can be merged and refused, and have a history; their attributes' values become JSON."""
    connection.exec_driver_sql(
        "ALTER TABLE actor_records ADD COLUMN merged_into TEXT"
        " REFERENCES actor_records (id) DEFERRABLE INITIALLY DEFERRED"
    )
    connection.exec_driver_sql(
        "CREATE INDEX actor_records_merged ON actor_records (merged_into) WHERE merged_into IS NOT NULL"
    )
    connection.exec_driver_sql(QUOTE_VALUES)
    connection.exec_driver_sql(FREE_KEYS)
    connection.exec_driver_sql(
        "CREATE TABLE actor_refusals ("
        " annotator TEXT NOT NULL, words TEXT NOT NULL, actor TEXT NOT NULL, article TEXT NOT NULL,"
        " PRIMARY KEY (annotator, words, actor, article),"
        " FOREIGN KEY(annotator) REFERENCES annotators (name),"
        " FOREIGN KEY(actor) REFERENCES actor_records (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED"
        ") STRICT, WITHOUT ROWID"
    )
    connection.exec_driver_sql("CREATE INDEX actor_refusals_by_actor ON actor_refusals (actor)")
    connection.exec_driver_sql(
        "CREATE TABLE edit_actors (actor TEXT NOT NULL, edit INTEGER NOT NULL, PRIMARY KEY (actor, edit),"
        " FOREIGN KEY(edit) REFERENCES edits (number)) STRICT, WITHOUT ROWID"
    )
    connection.exec_driver_sql("CREATE INDEX edit_actors_by_edit ON edit_actors (edit)")


def _add_carrying(connection: Connection) -> None:
    """The codebook can change: which edit made it what it is, and what that did to labels."""
    connection.exec_driver_sql("ALTER TABLE codebooks ADD COLUMN edit INTEGER")
    connection.exec_driver_sql(
        "CREATE TABLE carried ("
        " edit INTEGER NOT NULL, what TEXT NOT NULL, article_pk INTEGER NOT NULL, id TEXT NOT NULL,"
        " also TEXT NOT NULL, before TEXT NOT NULL, after TEXT,"
        " PRIMARY KEY (edit, what, article_pk, id, also),"
        " FOREIGN KEY(edit) REFERENCES edits (number)) STRICT, WITHOUT ROWID"
    )


def _to_version_3(connection: Connection) -> None:
    _add_merging(connection)
    _add_carrying(connection)


STEPS: tuple[Step, ...] = (
    Step("Evidence of suggested claims", _add_claim_evidence),
    Step("Actor records that are merged, codebooks that change", _to_version_3),
)
"""The first leads from version 1 to 2, the second from 2 to 3, and so on."""

SCHEMA_VERSION = FIRST_VERSION + len(STEPS)


def create_schema(connection: Connection, codebook: Codebook) -> None:
    """Make all tables in a new file, with the codebook that the project starts with."""
    connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    SCHEMA.create_all(connection, checkfirst=False)
    create_search(connection)
    add_version(connection, codebook)
    _record(connection, SCHEMA_VERSION, "Created")


def migrate(database: Database, steps: Sequence[Step] = STEPS) -> Path | None:
    """Bring an older file up to date, and give the backup that was made first; None if it is new.

    Raises ProjectError for a file of a newer version, and where the backup or a step fails: the file
    is then as it was before that step.
    """
    target = FIRST_VERSION + len(steps)
    with database.reading() as connection:
        version = _version(connection)
    check_version(version, database.path, target)
    if version == target:
        return None
    copy = _back_up(database.path, version)
    for number in range(version + 1, target + 1):
        step = steps[number - FIRST_VERSION - 1]
        try:
            with database.writing() as connection:
                if _version(connection) == number - 1:  # another program may have been quicker
                    step.run(connection)
                    _record(connection, number, step.title)
        except ProjectError as error:
            raise ProjectError(
                f"the project could not be brought up to date ({error.problem.what})",
                where=str(database.path),
                cure=f"It is still usable with the older program; a copy is in {copy.name}",
            ) from error
    database.checkpoint()
    return copy


def check_version(version: int, path: Path, known: int = SCHEMA_VERSION) -> None:
    """Raise ProjectError for a version that only a newer program knows."""
    if version > known:
        raise ProjectError(
            f"this project was made by a newer Annotator (its version is {version}, this program"
            f" knows up to {known})",
            where=str(path),
            cure="Update Annotator; the file was left as it is",
        )


def _version(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _record(connection: Connection, version: int, title: str) -> None:
    connection.exec_driver_sql(f"PRAGMA user_version={version}")
    connection.execute(insert(MIGRATIONS).values(version=version, title=title, at=now()))


def _back_up(path: Path, version: int) -> Path:
    """Copy the file, log included, to ``NAME.annot.backup-v<N>``; an older backup is kept."""
    copy = path.with_name(f"{path.name}.backup-v{version}")
    count = 1
    while copy.exists():
        count += 1
        copy = path.with_name(f"{path.name}.backup-v{version}-{count}")
    try:
        copy_project(path, copy)
    except ProjectError as error:
        raise ProjectError(
            f"no backup could be made before bringing it up to date ({error.problem.what})",
            where=str(path),
            cure="Free some space beside the project, then open it again; it was left as it is",
        ) from error
    return copy
