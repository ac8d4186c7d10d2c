"""Saving what can be read from a damaged project file into a new one.

Nothing is trusted: each table is read row by row around what cannot be read, each row must satisfy the new
file's rules, labels that are lost are rebuilt from the edit log, and what refers to something that is lost
all the same is left out.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import orjson
from msgspec import Struct

from annotator.core.codebook import Codebook, codebook_from
from annotator.core.errors import AnnotatorError, Problem
from annotator.store.failures import damaged, explained
from annotator.store.migrations import FREE_KEYS, QUOTE_VALUES, READ_AGAIN
from annotator.store.rebuilding import LOGGED, Rebuilt, rebuild, rebuild_annotators, still_there
from annotator.store.tables import SCHEMA, SINCE

_BLOCK = 4096
_CHUNK = 200
_ENOUGH = 5_000
"""Keys in a row that cannot be read before a table counts as read to its end."""

_TABLES = (
    "annotators", "articles", "article_texts", "article_tokens", "progress", "actor_records", "actor_aliases",
    "actor_attributes", "spans", "relations", "span_decisions", "relation_decisions", "suggested_by",
    "codebooks", "edits", "edit_articles", "settings", "claim_evidence", "actor_refusals", "edit_actors",
    "carried",
)  # fmt: skip


class Recovered(Struct):
    """What was saved into the new file, rows by table, and what was not."""

    rows: dict[str, int] = {}
    problems: list[Problem] = []
    rebuilt: dict[str, int] = {}
    """Of ``rows``, those that could not be read and were put back from the edit log."""


def recover(source: Path, target: Path, fallback: Codebook) -> Recovered:
    """Write everything that can be read of a project into a new file; the old one is only read.

    ``fallback`` is the codebook where none can be read. Raises ProjectError where there is no such file,
    the target is there already, or nothing at all can be read; there is no new file then.
    """
    from annotator.store.repository import create_repository

    report = Recovered()
    with tempfile.TemporaryDirectory(prefix="annotator-recover-") as folder:
        copy = Path(folder) / "damaged"
        with explained(source):
            for end in ("", "-wal"):
                if not end or source.with_name(source.name + end).exists():
                    holes = copy_readable(
                        source.with_name(source.name + end), copy.with_name(copy.name + end)
                    )
                    if holes:
                        report.problems.append(
                            Problem(f"{holes:,} blocks of the disk cannot be read", source.name)
                        )
        missing = _pad(copy)
        if missing:
            report.problems.append(Problem(f"the file has been cut short by {missing:,} bytes", source.name))
        with closing(sqlite3.connect(copy)) as old:
            old.execute(
                "PRAGMA writable_schema=ON"
            )  # one table whose making cannot be read is not all of them
            old.text_factory = lambda raw: raw.decode("utf-8", "strict")
            codebook = _codebook(old)
            if codebook is None:
                report.problems.append(
                    Problem("no codebook can be read", source.name, "The usual one stands in its place")
                )
            create_repository(target, codebook or fallback).close()
            try:
                with explained(target), closing(sqlite3.connect(target, isolation_level=None)) as new:
                    version = _version(old)
                    tables = [each for each in _TABLES if each != "codebooks" or codebook is not None]
                    tables = [each for each in tables if not 0 < version < SINCE.get(each, 1)]
                    _fill(old, new, tables, report, source.name)
                    if 0 < version < SINCE["edit_actors"]:
                        new.execute(QUOTE_VALUES)
                        new.execute(FREE_KEYS)
                    if 0 < version < SINCE["claim_evidence"]:
                        report.rows["suggested_by"] = (
                            report.rows.get("suggested_by", 0) - new.execute(READ_AGAIN).rowcount
                        )
                    found = sum(report.rows.values())
            except BaseException:
                _remove(target)
                raise
        if not report.rows.get("articles") and not found:
            _remove(target)
            raise damaged(source, "nothing in it can be read")
    return report


def copy_readable(source: Path, target: Path) -> int:
    """Copy a file block by block; what cannot be read becomes zeros. Gives the number of such blocks."""
    holes = 0
    with source.open("rb", buffering=0) as file, target.open("wb") as out:
        size = file.seek(0, 2)
        file.seek(0)
        with suppress(OSError):
            shutil.copyfileobj(file, out, 1 << 20)
        start = out.tell() // _BLOCK * _BLOCK
        out.seek(start)
        for place in range(start, size, _BLOCK) if start < size else ():
            try:
                file.seek(place)
                block = file.read(_BLOCK)
            except OSError:
                block = bytes(min(_BLOCK, size - place))
                holes += 1
            out.write(block)
    return holes


def _pad(copy: Path) -> int:
    """Give a file the length that its header says, or SQLite reads nothing of it. Gives the bytes added.

    The header: https://www.sqlite.org/fileformat2.html#the_database_header
    """
    with copy.open("rb+") as file:
        header = file.read(100)
        size = file.seek(0, 2)
        if len(header) < 100 or not header.startswith(b"SQLite format 3"):
            return 0
        page = int.from_bytes(header[16:18]) or 1
        whole = (65536 if page == 1 else page) * int.from_bytes(header[28:32])
        if not size < whole <= 4 * size:
            return 0
        file.truncate(whole)
        return whole - size


def _remove(target: Path) -> None:
    for end in ("", "-wal", "-shm"):
        target.with_name(target.name + end).unlink(missing_ok=True)


def _version(old: sqlite3.Connection) -> int:
    """The schema version, 0 where it cannot be read: every table is looked for then."""
    with suppress(sqlite3.Error):
        return int(old.execute("PRAGMA user_version").fetchone()[0])
    return 0


def _codebook(old: sqlite3.Connection) -> Codebook | None:
    """The newest codebook that can be read."""
    for row in reversed(list(_rows(old, "codebooks", ["number", "data"], ["number"], []))):
        with suppress(AnnotatorError, ValueError, TypeError, LookupError, AttributeError):
            data = orjson.loads(row[1])
            for label in data["labels"]:  # as migrations.FREE_KEYS does with the rows
                if str(label.get("key")).lower() == "i":
                    label["key"] = ""
            return codebook_from(data, "codebook")
    return None


def _fill(
    old: sqlite3.Connection, new: sqlite3.Connection, tables: list[str], report: Recovered, name: str
) -> None:
    new.execute("PRAGMA foreign_keys=OFF")
    new.execute("BEGIN")
    lossy: set[str] = set()
    for table in tables:
        new.execute(f"DELETE FROM {table}")  # noqa: S608 - names are the program's own, here and below
        there = _columns(old, table)
        columns = [each.name for each in SCHEMA.tables[table].columns if each.name in there or not there]
        keys = [column.name for column in SCHEMA.tables[table].primary_key]
        broken: list[str] = []
        refused = 0
        articles = [pk for (pk,) in new.execute("SELECT pk FROM articles ORDER BY pk")]
        marks = ", ".join("?" * len(columns))
        names = ", ".join(f'"{each}"' for each in columns)
        for row in _rows(old, table, columns, keys, articles, broken):
            try:
                new.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", row)  # noqa: S608
            except (sqlite3.Error, OverflowError):
                refused += 1
            else:
                report.rows[table] = report.rows.get(table, 0) + 1
        report.problems += [Problem(f"some rows of {table} cannot be read: {each}", name) for each in broken]
        if broken or refused:
            lossy.add(table)
        if refused:
            report.problems.append(Problem(f"{refused:,} rows of {table} make no sense", name))
    rebuilt = _rebuild(new, lossy)
    _free_of_actors(new, report, name)
    _drop_homeless(new, report, name)
    _count_rebuilt(new, rebuilt, report, name)
    new.execute("INSERT INTO article_index (article_index) VALUES ('rebuild')")
    new.execute("COMMIT")


def _columns(old: sqlite3.Connection, table: str) -> set[str]:
    """The columns that a table has in the old file, which may be of an older version; none where unreadable.

    SQLite would read the name of one that is missing as a text.
    """
    with suppress(sqlite3.Error, UnicodeDecodeError):
        return {row[1] for row in old.execute(f"PRAGMA table_info({table})")}
    return set()


def _rebuild(new: sqlite3.Connection, lossy: set[str]) -> Rebuilt:
    """Put back what the edit log and the other tables tell of what is lost."""
    if "annotators" in lossy:
        rebuild_annotators(new)
    if lossy.isdisjoint((*LOGGED, "actor_aliases", "actor_attributes")):
        return Rebuilt()
    return rebuild(new, lossy, end_lost="edits" in lossy)


def _count_rebuilt(new: sqlite3.Connection, rebuilt: Rebuilt, report: Recovered, name: str) -> None:
    report.rebuilt, doubtful = still_there(new, rebuilt)
    for table, _ in rebuilt.rows:  # what did not stay has been taken off already
        report.rows[table] = report.rows.get(table, 0) + 1
    if report.rebuilt:
        what = ", ".join(_counted_rows(table, count) for table, count in report.rebuilt.items())
        cure = ""
        if doubtful:
            cure = f"{doubtful:,} of them may have been changed or removed later, by edits that are lost too"
        report.problems.append(Problem(f"rebuilt from the edit log: {what}", name, cure))


def _counted_rows(table: str, count: int) -> str:
    """“3 spans”, “1 decision on a relation”, “2 statuses”."""
    first, _, rest = LOGGED[table].partition(" ")
    plural = f"{first}es" if first.endswith("s") else f"{first}s"
    return " ".join(filter(None, (f"{count:,}", first if count == 1 else plural, rest)))


def _free_of_actors(new: sqlite3.Connection, report: Recovered, name: str) -> None:
    """A span outlives the actor record that it names, and so does a record the one it was merged into."""
    lost = "merged_into IS NOT NULL AND merged_into NOT IN (SELECT id FROM actor_records)"
    parted = new.execute(f"UPDATE actor_records SET merged_into = NULL WHERE {lost}").rowcount  # noqa: S608
    if parted:
        what = f"{parted:,} rows of actor_records have lost the record that they were merged into"
        report.problems.append(Problem(what, name))
    lost = "actor IS NOT NULL AND actor NOT IN (SELECT id FROM actor_records)"
    count = new.execute(f"UPDATE spans SET actor = NULL WHERE {lost}").rowcount  # noqa: S608
    if count:
        report.problems.append(Problem(f"{count:,} rows of spans have lost their actor record", name))


def _drop_homeless(new: sqlite3.Connection, report: Recovered, name: str) -> None:
    """Take out what refers to something that is lost, until nothing does."""
    lost: dict[str, int] = {}
    new.execute("DELETE FROM articles WHERE pk NOT IN (SELECT article_pk FROM article_texts)")
    lost["articles"] = new.execute("SELECT changes()").fetchone()[0]
    for table, columns, parent, theirs in _references():
        where = " AND ".join(f"p.{b} = c.{a}" for a, b in zip(columns, theirs, strict=True))
        given = " AND ".join(f"c.{each} IS NOT NULL" for each in columns)
        there = f"EXISTS (SELECT 1 FROM {parent} AS p WHERE {where})"  # noqa: S608
        statement = f"DELETE FROM {table} AS c WHERE {given} AND NOT {there}"  # noqa: S608
        new.execute(statement)
        lost[table] = lost.get(table, 0) + new.execute("SELECT changes()").fetchone()[0]
    for table, count in lost.items():
        if count:
            report.rows[table] = report.rows.get(table, 0) - count
            what = "have lost their text" if table == "articles" else "belong to something that is lost"
            report.problems.append(Problem(f"{count:,} rows of {table} {what} and are left out", name))


def _references() -> Iterator[tuple[str, list[str], str, list[str]]]:
    """Every foreign key, parents first, and twice over: what is dropped may be what others refer to."""
    for _ in range(2):
        for table in _TABLES:
            for constraint in SCHEMA.tables[table].foreign_key_constraints:
                columns = [f'"{each.parent.name}"' for each in constraint.elements]
                theirs = [f'"{each.column.name}"' for each in constraint.elements]
                yield table, columns, constraint.referred_table.name, theirs


def _rows(
    old: sqlite3.Connection,
    table: str,
    columns: list[str],
    keys: list[str],
    articles: Iterable[int],
    broken: list[str] | None = None,
) -> Iterator[tuple[Any, ...]]:
    """The rows of a table that can be read, each once; places that cannot are added to ``broken``."""
    broken = [] if broken is None else broken
    names = ", ".join(f'"{each}"' for each in columns)
    select = f"SELECT {names} FROM {table} NOT INDEXED"  # noqa: S608
    seen: set[tuple[Any, ...]] = set()
    places = [columns.index(key) for key in keys]

    def take(statement: str, *values: object) -> Iterator[tuple[Any, ...]]:
        try:
            for row in old.execute(statement, values):
                key = tuple(row[each] for each in places)
                if key not in seen:
                    seen.add(key)
                    yield row
        except (sqlite3.Error, UnicodeDecodeError, OverflowError) as error:
            failures.append(str(error))

    failures: list[str] = []
    order = ", ".join(f'"{key}"' for key in keys)
    yield from take(f"{select} ORDER BY {order}")
    if not failures:
        return
    first_failure = failures[0]
    if "no such table" in first_failure or "schema" in first_failure:  # no other row will fare better
        broken.append(first_failure)
        return
    back = ", ".join(f'"{key}" DESC' for key in keys)
    if keys[0] == "article_pk":
        for pk in articles:
            yield from take(f"{select} WHERE article_pk = ? ORDER BY {order}", pk)
            yield from take(f"{select} WHERE article_pk = ? ORDER BY {back}", pk)
    elif keys in (["pk"], ["number"]):
        yield from _one_by_one(take, failures, select, keys[0], seen)
    yield from take(f"{select} ORDER BY {back}")
    broken.append(first_failure)


def _one_by_one(
    take: Any, failures: list[str], select: str, key: str, seen: set[tuple[Any, ...]]
) -> Iterator[tuple[Any, ...]]:
    """Rows by their number, one after the other, until there were none for long."""
    number = max((each[0] for each in seen if isinstance(each[0], int)), default=0)
    until = number + _ENOUGH
    while number < until:
        number += 1
        for row in take(f'{select} WHERE "{key}" = ?', number):
            until = number + _ENOUGH
            yield row
