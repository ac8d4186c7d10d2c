"""Labels whose rows are lost, rebuilt from the edit log of a project that is being recovered.

The log holds every change by a person with the state after it. The last one that is known of a span,
relation, decision or status says whether it should be there, and how it was. Imported labels that nobody
has changed are in no edit, and a model's suggestions neither: they cannot be rebuilt. Suggestions that a
person asked for can.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from msgspec import Struct

from annotator.core.carrying import Bearer, Carrier
from annotator.core.changes import (
    ActorChange,
    Change,
    ChangeSet,
    CodebookChange,
    DecisionChange,
    FurnitureChange,
    ProgressChange,
    RefusalChange,
    RelationChange,
    SpanChange,
)
from annotator.core.errors import AnnotatorError
from annotator.core.model import Kind, Progress, Target
from annotator.store.rebuilding_actors import Replayed
from annotator.store.rows import (
    changesets_of,
    decision_values,
    json_of,
    relation_values,
    span_values,
    value_of,
)

LOGGED = {
    "actor_records": "record of an actor",
    "spans": "span",
    "relations": "relation",
    "span_decisions": "decision on a span",
    "relation_decisions": "decision on a relation",
    "progress": "status",
}
"""The tables whose rows can be rebuilt, in the order in which they refer to each other."""
_DECISIONS = {Target.SPAN: "span_decisions", Target.RELATION: "relation_decisions"}
_KEYS = {
    "actor_records": ("id",),
    "spans": ("article_pk", "id"),
    "relations": ("article_pk", "id"),
    "span_decisions": ("article_pk", "suggestion", "annotator"),
    "relation_decisions": ("article_pk", "suggestion", "annotator"),
    "progress": ("article_pk", "annotator"),
}

type _Row = dict[str, Any]
type _Key = tuple[str, tuple[Any, ...]]
"""A table, and the key of a row in it."""


class Rebuilt(Struct):
    """What was put back, as table and key; those of which later edits may be lost are ``doubtful``."""

    rows: list[_Key] = []
    doubtful: set[_Key] = set()


def rebuild_annotators(new: sqlite3.Connection) -> int:
    """Record everybody again who has labels, decisions or edits. Gives how many were missing."""
    before = new.total_changes
    for table, since in (
        ("edits", "at"), ("spans", "created"), ("relations", "created"), ("span_decisions", "decided_at"),
        ("relation_decisions", "decided_at"), ("progress", "''"),
    ):  # fmt: skip
        new.execute(
            f"INSERT OR IGNORE INTO annotators (name, since) SELECT annotator, min({since}) FROM {table}"  # noqa: S608
            " WHERE annotator IS NOT NULL GROUP BY annotator"
        )
    return new.total_changes - before


def rebuild(new: sqlite3.Connection, lossy: set[str], end_lost: bool) -> Rebuilt:
    """Put rows back that the new file lacks and that should be there by its edit log.

    ``lossy`` are the tables of which rows could not be read; what is missing in others was removed.
    ``end_lost``: the log may go on after its last edit.
    """
    rebuilt = Rebuilt()
    missing: dict[_Key, tuple[int, _Row, bool]] = {}
    known = gap = 0
    actors = Replayed()
    for number, annotator, changesets in _edits(new):
        if number != known + 1:
            gap = number
        known = number
        if changesets is None:
            gap = number + 1
            continue
        actors.take(changesets)
        for changes in changesets:
            for each in changes.changes:
                if isinstance(each, CodebookChange):
                    try:
                        missing = _recoded(missing, each)
                    except AnnotatorError:  # moves that make no sense
                        gap = number + 1
            pk = _article(new, changes.article)
            if pk is None:
                continue
            for table, row, there in _rows_of(changes, pk, annotator):
                key = table, tuple(row[each] for each in _KEYS[table])
                if table in lossy and (key in missing or not _is_there(new, key)):
                    missing[key] = number, row, there
    for actor in actors.put_back(new, lossy):
        rebuilt.rows.append(("actor_records", (actor,)))
        if gap or end_lost:
            rebuilt.doubtful.add(("actor_records", (actor,)))
    fits = _measure(new)
    # Suggestions last: whether one is still needed depends on the others.
    for key, (number, row, there) in sorted(missing.items(), key=lambda each: _is_suggestion(each[1][1])):
        wanted = _is_needed(new, row, there) if _is_suggestion(row) else there
        if wanted and fits(row) and _insert(new, key[0], row):
            rebuilt.rows.append(key)
            if number < gap or end_lost:
                rebuilt.doubtful.add(key)
    return rebuilt


def _recoded(
    missing: dict[_Key, tuple[int, _Row, bool]], change: CodebookChange
) -> dict[_Key, tuple[int, _Row, bool]]:
    """The rows in the words of another codebook, into which the labels were carried."""
    carrier = Carrier.between(change.before, change.after, change.moves)
    found = {}
    for key, (number, row, there) in missing.items():
        if key[0] == "spans":
            label = carrier.label(row["kind"], row["label"])
            of: Bearer = Kind(row["kind"])
            now = {"label": label or row["label"]}
        elif key[0] == "relations":
            label, of = carrier.relation_type(row["type"]), "relation"
            now = {"type": label or row["type"]}
        else:
            found[key] = number, row, there
            continue
        values = carrier.attributes(value_of(row["attributes"]), of)
        found[key] = number, row | now | {"attributes": json_of(values)}, there and label is not None
    return found


def still_there(new: sqlite3.Connection, rebuilt: Rebuilt) -> tuple[dict[str, int], int]:
    """How many rows of each table were put back and have stayed, and how many of them are doubtful."""
    counts: dict[str, int] = {}
    doubtful = 0
    for key in rebuilt.rows:
        if _is_there(new, key):
            counts[key[0]] = counts.get(key[0], 0) + 1
            doubtful += key in rebuilt.doubtful
    return counts, doubtful


def _edits(new: sqlite3.Connection) -> Iterator[tuple[int, str, tuple[ChangeSet, ...] | None]]:
    """Number, annotator and changes of each edit, in order; None for changes that make no sense."""
    for number, annotator, changes in new.execute(
        "SELECT number, annotator, changes FROM edits ORDER BY number"
    ):
        try:
            yield number, annotator, changesets_of(changes)
        except AnnotatorError:
            yield number, annotator, None


def _rows_of(changes: ChangeSet, pk: int, annotator: str) -> Iterator[tuple[str, _Row, bool]]:
    """For each change: the table, the row that it is about, and whether it is there afterwards."""
    for each in changes.changes:
        found = _row_of(each, pk, annotator)
        if found is not None:
            table, row = found
            yield table, row, each.after is not None and each.after != Progress()


def _row_of(change: Change, pk: int, annotator: str) -> tuple[str, _Row] | None:
    match change:
        case SpanChange(before, after):
            span = after or before
            assert span is not None
            return "spans", span_values(pk, span)
        case RelationChange(before, after):
            relation = after or before
            assert relation is not None
            return "relations", relation_values(pk, relation)
        case DecisionChange(before, after):
            decision = after or before
            assert decision is not None
            return _DECISIONS[decision.target], decision_values(pk, decision)
        case ProgressChange(_, after):
            return "progress", {
                "article_pk": pk, "annotator": annotator, "status": after.status.value,
                "flagged": int(after.flagged), "note": after.note, "kept": 0,
            }  # fmt: skip
        case FurnitureChange() | ActorChange() | RefusalChange() | CodebookChange():
            return None


def _is_suggestion(row: _Row) -> bool:
    return row.get("annotator", "") is None


def _is_needed(new: sqlite3.Connection, row: _Row, there: bool) -> bool:
    """Whether a suggestion that was asked for belongs there: as when it is made and taken back by hand.

    One that equals another is not made; what somebody decided on stays, also where its making is undone.
    """
    alike = "annotator IS NULL AND kind = :kind AND label = :label AND fragments = :fragments"
    if new.execute(f"SELECT 1 FROM spans WHERE article_pk = :article_pk AND {alike}", row).fetchone():  # noqa: S608
        return False
    if there:
        return True
    for named in ("spans.suggestion", "span_decisions.suggestion", "relations.head", "relations.tail"):
        table, column = named.split(".")
        where = f"article_pk = :article_pk AND {column} = :id"
        if new.execute(f"SELECT 1 FROM {table} WHERE {where}", row).fetchone():  # noqa: S608
            return True
    return False


def _article(new: sqlite3.Connection, article: str) -> int | None:
    found = new.execute("SELECT pk FROM articles WHERE id = ?", (article,)).fetchone()
    return None if found is None else int(found[0])


def _is_there(new: sqlite3.Connection, key: _Key) -> bool:
    table, values = key
    where = " AND ".join(f"{name} = ?" for name in _KEYS[table])
    return new.execute(f"SELECT 1 FROM {table} WHERE {where}", values).fetchone() is not None  # noqa: S608


def _insert(new: sqlite3.Connection, table: str, row: _Row) -> bool:
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    try:
        new.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(row.values()))  # noqa: S608
    except (sqlite3.Error, OverflowError, UnicodeError):
        return False
    return True


def _measure(new: sqlite3.Connection) -> Callable[[_Row], bool]:
    """Tells whether a span's row lies within its article's text; other rows always fit."""

    @lru_cache(maxsize=64)
    def length(pk: int) -> int:
        found = new.execute("SELECT text FROM article_texts WHERE article_pk = ?", (pk,)).fetchone()
        return len(found[0]) if found is not None else 0

    return lambda row: "end" not in row or row["end"] <= length(row["article_pk"])
