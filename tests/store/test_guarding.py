"""A project file from a stranger holds rows and nothing that runs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from annotator.core.errors import ProjectError
from annotator.store.repository import SqlRepository, open_repository


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("CREATE TRIGGER t AFTER INSERT ON edits BEGIN DELETE FROM spans; END", "the trigger 't'"),
        ("CREATE VIEW v AS SELECT 1", "the view 'v'"),
        ("CREATE VIRTUAL TABLE v USING fts5(a)", "the table 'v'"),
        ("CREATE INDEX i ON spans (length(note))", "a function in the index 'i'"),
        ("CREATE TABLE x (a CHECK (abs(a) > 1))", "a function in the table 'x'"),
        ("ALTER TABLE settings ADD COLUMN more TEXT AS (name || name)", "settings"),
        ("DROP TABLE settings", "no table 'settings'"),
        ("DROP TABLE settings; CREATE VIEW settings AS SELECT 1", "the view 'settings'"),
    ],
)
def test_what_runs_by_itself_is_refused(
    path: Path, repository: SqlRepository, statement: str, told: str
) -> None:
    repository.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(statement)
    with pytest.raises(ProjectError, match="not made by Annotator alone") as caught:
        open_repository(path)
    assert told in caught.value.problem.what


def test_a_plain_table_of_somebody_else_does_no_harm(path: Path, repository: SqlRepository) -> None:
    repository.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE mine (a, b)")
    open_repository(path).close()


def test_the_file_may_not_be_tampered_with_from_within(repository: SqlRepository) -> None:
    with pytest.raises(ProjectError), repository._database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM article_index_data")


def test_a_value_may_be_large_but_not_fill_the_memory(repository: SqlRepository) -> None:
    with pytest.raises(ProjectError, match="too large"), repository._database.reading() as connection:
        connection.exec_driver_sql("SELECT zeroblob(300000000)").all()
