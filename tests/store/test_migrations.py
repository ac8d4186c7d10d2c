"""Taking an older file through made-up steps."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection

from annotator.core.errors import ProjectError
from annotator.store.database import Database, schema_version_of
from annotator.store.migrations import FREE_KEYS, SCHEMA_VERSION, STEPS, Step, migrate
from annotator.store.repository import SqlRepository, open_repository


def add_table(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE extra (x INTEGER) STRICT")


def fill_table(connection: Connection) -> None:
    connection.exec_driver_sql("INSERT INTO extra VALUES (7)")


def fail(connection: Connection) -> None:
    connection.exec_driver_sql("INSERT INTO extra VALUES (8)")
    raise sqlite3.OperationalError("no")


BACKUP = f"news.annot.backup-v{SCHEMA_VERSION}"
ADD, FILL, FAIL = Step("Add extra", add_table), Step("Fill extra", fill_table), Step("Fail", fail)


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_new_file_has_the_record_of_its_version(path: Path, repository: SqlRepository) -> None:
    assert rows(path, "SELECT version, title FROM migrations") == [(SCHEMA_VERSION, "Created")]


def test_steps_are_recorded_and_a_backup_is_made(path: Path, repository: SqlRepository) -> None:
    repository.set_setting("mine", "kept")
    database = Database(path)
    copy = migrate(database, [*STEPS, ADD, FILL])
    database.close()
    repository.close()
    assert copy == path.with_name(BACKUP)
    assert schema_version_of(path) == SCHEMA_VERSION + 2
    assert rows(path, "SELECT version, title FROM migrations ORDER BY version") == [
        (SCHEMA_VERSION, "Created"),
        (SCHEMA_VERSION + 1, "Add extra"),
        (SCHEMA_VERSION + 2, "Fill extra"),
    ]
    assert rows(path, "SELECT x FROM extra") == [(7,)]
    assert schema_version_of(copy) == SCHEMA_VERSION
    assert rows(copy, "SELECT name, value FROM settings") == [("mine", "kept")]
    with closing(open_repository(copy)) as old:
        assert old.setting("mine") == "kept"


def test_file_that_is_up_to_date_is_left_alone(path: Path, repository: SqlRepository) -> None:
    database = Database(path)
    assert migrate(database) is None
    database.close()
    assert not list(path.parent.glob("*.backup*"))


def test_failing_step_takes_back_only_itself(path: Path, repository: SqlRepository) -> None:
    database = Database(path)
    with pytest.raises(ProjectError, match="brought up to date") as caught:
        migrate(database, [*STEPS, ADD, FAIL])
    database.close()
    assert BACKUP in caught.value.problem.cure
    assert rows(path, "PRAGMA user_version") == [(SCHEMA_VERSION + 1,)]
    assert rows(path, "SELECT * FROM extra") == []


def test_older_backup_is_kept(path: Path, repository: SqlRepository) -> None:
    first = path.with_name(BACKUP)
    first.write_text("mine")
    database = Database(path)
    copy = migrate(database, [*STEPS, ADD])
    database.close()
    assert first.read_text() == "mine"
    assert copy == path.with_name(f"{BACKUP}-2")


def test_no_backup_no_migration(
    path: Path, repository: SqlRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "with_name", lambda self, name: self.parent / "no folder" / name)
    database = Database(path)
    with pytest.raises(ProjectError, match="no backup"):
        migrate(database, [*STEPS, ADD])
    database.close()
    assert rows(path, "PRAGMA user_version") == [(SCHEMA_VERSION,)]


def test_newer_file_is_refused(path: Path, repository: SqlRepository) -> None:
    database = Database(path)
    migrate(database, [*STEPS, ADD])
    with pytest.raises(ProjectError, match="newer Annotator"):
        migrate(database)
    database.close()


def test_backup_has_its_name_only_when_it_is_whole(
    path: Path, repository: SqlRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed while it is copied, half a file must not pass for a backup."""

    def interrupted(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("annotator.store.copying.os.fsync", interrupted)
    with closing(Database(path)) as database, pytest.raises(KeyboardInterrupt):
        migrate(database, [*STEPS, ADD])
    assert not path.with_name(BACKUP).exists()
    monkeypatch.undo()
    with closing(Database(path)) as database:
        assert migrate(database, [*STEPS, ADD]) == path.with_name(BACKUP)
    assert not list(path.parent.glob("*.part"))


def test_a_label_with_the_key_that_now_links_actors_loses_it(path: Path, repository: SqlRepository) -> None:
    def keys() -> list[str]:
        return [each.key for each in repository.codebook().labels]

    before = keys()
    repository.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("""UPDATE codebooks SET data = replace(data, '"key":"a"', '"key":"I"')""")
        connection.execute("INSERT INTO codebooks (number, name, data, saved_at) VALUES (-1, '', '[', '')")
        connection.execute(FREE_KEYS)
        connection.commit()
    repository = open_repository(path)
    assert keys() == ["" if each == "a" else each for each in before]
    repository.close()
