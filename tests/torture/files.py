"""Kills while a project file is made, and while an older one is brought up to date."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from random import Random

from sqlalchemy import Connection

from annotator.core.errors import ProjectError
from annotator.session.importing import import_paths
from annotator.session.project import Project
from annotator.store import migrations
from annotator.store.database import Database
from annotator.store.migrations import SCHEMA_VERSION, Step, migrate
from annotator.store.parts import PART
from tests.bench.bench_transfer import lines
from tests.torture.killing import Figures, Tell, failures, killed_within, problems_of, seconds_of

_ARTICLES = 60
_NEWEST = SCHEMA_VERSION + 2


def _create(path: Path, tell: Tell) -> None:
    Project.create(path).close()
    tell(("done",))


def torture_create(kills: int, random: Random, folder: Path) -> Figures:
    """Kill the making of a project: there is a whole one, or none and the name is free."""
    figures = Figures("create")
    path = folder / "create.annot"
    seconds = seconds_of(lambda tell: _create(path, tell))
    for figures.kills in range(1, kills + 1):
        for each in folder.iterdir():
            each.unlink()
        told = killed_within(lambda tell: _create(path, tell), seconds, random)
        failures(told, figures)
        if told and not path.exists():
            figures.fault("a project that was acknowledged is not there")
        figures.counts["made"] += path.exists()
        left = [each for each in folder.iterdir() if not each.name.startswith(path.name)]
        figures.counts["left behind"] += len(left)
        for each in left:
            if not each.name.startswith(f".{path.name}."):
                figures.fault(f"{each.name} is left, which nobody recognises")
        try:
            if not path.exists():
                Project.create(path).close()
            for problem in problems_of(path):
                figures.fault(problem)
        except Exception as error:
            figures.fault(f"{type(error).__name__}: {error}")
    return figures


def _add(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE extra (article_pk INTEGER PRIMARY KEY, length INTEGER) STRICT")
    connection.exec_driver_sql("INSERT INTO extra SELECT article_pk, length(text) FROM article_texts")


def _rename(connection: Connection) -> None:
    connection.exec_driver_sql("UPDATE articles SET title = 'new ' || title")
    connection.exec_driver_sql("CREATE INDEX extra_by_length ON extra (length)")


STEPS = (*migrations.STEPS, Step("Add extra", _add), Step("Rename everything", _rename))
"""The last two are made up; each of them touches every article."""


def _migrate(path: Path, tell: Tell) -> None:
    with closing(Database(path)) as database:
        migrate(database, STEPS)
    tell(("done",))


def torture_migrate(kills: int, random: Random, folder: Path) -> Figures:
    """Kill a migration: the file is of one version, whole, and a whole copy of the older one is there."""
    figures = Figures("migrate")
    old, path = folder / "old.annot", folder / "news.annot"
    (folder / "in.jsonl").write_bytes(b"".join(lines(_ARTICLES)))
    with Project.create(old) as project:
        import_paths(project, [folder / "in.jsonl"])
    shutil.copyfile(old, path)
    seconds = seconds_of(lambda tell: _migrate(path, tell))
    for figures.kills in range(1, kills + 1):
        for each in folder.glob("*news.annot*"):
            each.unlink()
        shutil.copyfile(old, path)
        told = killed_within(lambda tell: _migrate(path, tell), seconds, random)
        failures(told, figures)
        _look(path, figures, acknowledged=bool(told), finished=False)
        try:
            with closing(Database(path)) as database:
                migrate(database, STEPS)
        except ProjectError as error:
            figures.fault(error)
        _look(path, figures, acknowledged=True, finished=True)
    return figures


def _look(path: Path, figures: Figures, *, acknowledged: bool, finished: bool) -> None:
    """Note what is wrong with the file and the copies beside it."""
    version = _version_of(path, figures)
    if not finished:
        figures.counts[f"left at version {version}"] += 1
    if acknowledged and version != _NEWEST:
        figures.fault(f"a migration that was acknowledged left version {version}")
    beside = path.parent.glob(f"{path.name}.backup-v{SCHEMA_VERSION}*")
    copies = [each for each in beside if not each.name.endswith((PART, f"{PART}-journal"))]
    if version > SCHEMA_VERSION and not copies:
        figures.fault("there is no copy of the older version")
    for copy in copies:
        if _version_of(copy, figures) != SCHEMA_VERSION:
            figures.fault(f"{copy.name} is no whole copy of the older version")
    for each in path.parent.glob(f"*{PART}"):
        figures.counts["unfinished copies left"] += not finished
        if finished:
            figures.fault(f"{each.name} is left after the next migration")


def _version_of(path: Path, figures: Figures) -> int:
    """The version that a file says it has; its content must be that version's."""
    with closing(sqlite3.connect(path)) as connection:

        def ask(query: str) -> list[object]:
            return [row[0] for row in connection.execute(query)]

        try:
            (version,) = ask("PRAGMA user_version")
            assert isinstance(version, int)
            if version == 0:
                return 0
            wrong = [each for each in ask("PRAGMA integrity_check") if each != "ok"]
            tables = ask("SELECT count(*) FROM sqlite_schema WHERE name LIKE 'extra%'")
            renamed = ask("SELECT count(*) FROM articles WHERE title LIKE 'new %'")
            records = ask("SELECT count(*) FROM migrations")
            filled = ask("SELECT count(*) FROM extra") if tables != [0] else [0]
        except sqlite3.Error as error:
            figures.fault(f"{path.name}: {error}")
            return 0
    step = version - SCHEMA_VERSION
    expected = [[step], [_ARTICLES if step > 1 else 0], [step + 1], [_ARTICLES if step else 0]]
    found = [tables, renamed, records, filled]
    if wrong or found != expected:
        figures.fault(f"{path.name} has version {version} and {found}, {wrong}")
    return version
