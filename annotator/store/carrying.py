"""Carrying every label of the project from one codebook into another, and back, set by set.

The rows are changed where they are, by functions of :mod:`annotator.core.carrying` that SQLite calls; no
more of them than a batch is in memory. What the moves alone could not take back is kept in the table
``carried``, under the edit, by ``what``:

- ``span`` and ``relation``: a row that was removed, as a JSON list of its columns;
- ``span.label``, ``span.attributes``, ``relation.type`` and ``relation.attributes``: a column;
- ``span.suggestion`` and ``relation.suggestion``: that a label came from a suggestion which was removed;
- ``span_decision`` and ``relation_decision``: a decision that was removed or became a rejection;
- ``evidence``: why a removed claim was suggested;
- ``record``: the attributes of an actor record.

Taken back is what still is as the change left it; the rest goes back by the reversed moves.
"""

# ruff: noqa: S608 - names of tables and columns are the program's own

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import Connection

from annotator.core.carrying import Bearer, Carrier, restored
from annotator.core.changes import CodebookChange
from annotator.core.drafting.effects import bearers
from annotator.core.errors import RuleError
from annotator.core.model import Kind
from annotator.core.moves import Part
from annotator.store.actors import bring_back
from annotator.store.carrying_records import carry_records, take_records_back
from annotator.store.rows import json_of, unreadable, value_of
from annotator.store.tables import SCHEMA
from annotator.store.touching import touched

_BATCH = 2_000
_LABELS = {"span": "spans", "relation": "relations"}
_WORDS = {"span": "label", "relation": "type"}
_COLUMNS = {
    what: [f'"{column.name}"' for column in SCHEMA.tables[rows].columns]
    for what, rows in {
        **_LABELS,
        "span_decision": "span_decisions",
        "relation_decision": "relation_decisions",
        "evidence": "claim_evidence",
    }.items()
}
_KEEP = "INSERT INTO carried (edit, what, article_pk, id, also, before, after) SELECT :edit, "


def carry(connection: Connection, edit: int, change: CodebookChange) -> None:
    """Carry everything out that a change does to labels, and keep what undoing it needs.

    Raises RuleError where labels would be left whose word is gone and that no move says anything about.
    """
    carrier = Carrier.between(change.before, change.after, change.moves)
    refuse_unplaced(connection, carrier)
    with _functions(connection, carrier) as sqlite:
        run = _Run(sqlite, edit)
        run.many("DELETE FROM carried WHERE edit = :edit")
        for what, words in _gone(carrier).items():
            run.take_away(what, words)
        run.tidy_up()
        for what in _LABELS:
            run.rename(what, carrier)
            if carrier.touches_values:
                run.revalue(what)
    carry_records(connection, edit, carrier)


def take_back(connection: Connection, edit: int, change: CodebookChange) -> None:
    """Carry the labels back that a change has carried; ``change`` is the reverse one.

    Raises RuleError where a word that came with the change is in use by now: nobody's label is lost.
    """
    carrier = Carrier.between(change.before, change.after, change.moves)
    _drop_new_suggestions(connection, carrier)
    refuse_unplaced(connection, carrier)
    with _functions(connection, carrier) as sqlite:
        run = _Run(sqlite, edit)
        for what in _LABELS:
            run.name_back(what, carrier)
            run.value_back(what, carrier)
        actors = [row[0] for row in run.many(_MEANT)]
        for what in _LABELS:
            run.put_back(what)
        run.put_decisions_back()
    bring_back(connection, [each for each in actors if each])
    take_records_back(connection, edit, carrier)


_MEANT = "SELECT DISTINCT json_extract(before, '$.actor') FROM carried WHERE edit = :edit AND what = 'span'"


def refuse_unplaced(connection: Connection, carrier: Carrier) -> None:
    """Raise RuleError for words in use that are in the new codebook no more and have nowhere to go."""
    unplaced = carrier.unplaced()
    used = [
        f"{each.part} “{each.old[-1]}” ({bearers(each.part, count)})"
        for each, count in zip(unplaced, touched(connection, unplaced), strict=True)
        if count
    ]
    if used:
        more = f" and {len(used) - 5} more" if len(used) > 5 else ""
        raise RuleError(
            f"what is in use would have no place in that codebook: {', '.join(used[:5])}{more}",
            cure="Say what becomes of it: rename it, merge it into another one, or remove it",
        )


def _gone(carrier: Carrier) -> dict[str, list[str]]:
    """The words that are removed, of spans as JSON of kind and label, of relations as their type."""
    gone = [each for each in carrier.moves if each.new is None]
    return {
        "span": [json_of(list(each.old)) for each in gone if each.part == Part.LABEL],
        "relation": [each.old[0] for each in gone if each.part == Part.RELATION],
    }


class _Run:
    """The statements of one edit."""

    def __init__(self, sqlite: sqlite3.Connection, edit: int) -> None:
        self._sqlite = sqlite
        self._edit = edit

    def many(self, statement: str, **given: Any) -> sqlite3.Cursor:
        """Run a statement; its cursor has the rows or their number."""
        return self._sqlite.execute(statement, {"edit": self._edit, **given})

    def take_away(self, what: str, words: list[str]) -> None:
        """Keep the rows of these words, and of relations also those that lose an end; none is removed yet."""
        rows = _LABELS[what]
        word = "json_array(r.kind, r.label)" if what == "span" else "r.type"
        where = f"{word} IN (SELECT value FROM json_each(:words))"
        if what == "relation":
            where += "".join(f" OR {_kept('span', f'r.{end}')}" for end in ("head", "tail"))
        if words or what == "relation":
            self.many(
                f"{_KEEP} '{what}', r.article_pk, r.id, '', {_packed(what)}, NULL"
                f" FROM {rows} AS r WHERE {where}",
                words=json_of(words),
            )

    def tidy_up(self) -> None:
        """Remove what was kept, with what depends on it; a decision that made it becomes a rejection."""
        taken = [each for each in _LABELS if self._has_kept(each)]
        for what in taken:
            decisions, kind = f"{what}_decisions", f"{what}_decision"
            about, made = _kept(what, "r.suggestion"), _kept(what, "r.made")
            self.many(
                f"{_KEEP} '{kind}', r.article_pk, r.suggestion, r.annotator, {_packed(kind)}, NULL"
                f" FROM {decisions} AS r WHERE {about} OR {made}"
            )
            self.many(f"DELETE FROM {decisions} AS r WHERE {about}")
            self.many(f"UPDATE {decisions} AS r SET made = NULL, verdict = 'rejected' WHERE {made}")
            if what == "span":
                self.many(
                    f"{_KEEP} 'evidence', r.article_pk, r.suggestion, '', {_packed('evidence')}, NULL"
                    f" FROM claim_evidence AS r WHERE {about}"
                )
                self.many(f"DELETE FROM claim_evidence AS r WHERE {about}")
        for what in reversed(taken):
            rows = _LABELS[what]
            self.many(f"DELETE FROM {rows} AS r WHERE {_kept(what, 'r.id')}")
            from_one = f"r.suggestion IS NOT NULL AND {_kept(what, 'r.suggestion')}"
            self.many(
                f"{_KEEP} '{what}.suggestion', r.article_pk, r.id, '', json_quote(r.suggestion), NULL"
                f" FROM {rows} AS r WHERE {from_one}"
            )
            self.many(f"UPDATE {rows} AS r SET suggestion = NULL WHERE {from_one}")

    def _has_kept(self, what: str) -> bool:
        found = self.many(f"SELECT 1 FROM carried WHERE edit = :edit AND what = '{what}' LIMIT 1")
        return found.fetchone() is not None

    def rename(self, what: str, carrier: Carrier) -> None:
        """Give labels or relations their new word."""
        rows, column = _LABELS[what], _WORDS[what]
        words = _moved(what, carrier)
        if not words:
            return
        word = "json_array(r.kind, r.label)" if what == "span" else "r.type"
        self.many(
            f"{_KEEP} '{what}.{column}', r.article_pk, r.id, '', json_quote(r.{column}),"
            f" json_quote({_new_word(what)}) FROM {rows} AS r"
            f" WHERE {word} IN (SELECT value FROM json_each(:words))",
            words=json_of(words),
        )
        self._put_columns(what, column, "json_extract(c.after, '$')")

    def revalue(self, what: str) -> None:
        """Carry the attribute values of spans or relations."""
        rows = _LABELS[what]
        of = "r.kind" if what == "span" else "'relation'"
        self.many(
            f"{_KEEP} '{what}.attributes', r.article_pk, r.id, '', r.attributes,"
            f" carried_values({of}, r.attributes) AS now"
            f" FROM {rows} AS r WHERE r.attributes != '{{}}' AND now IS NOT NULL"
        )
        self._put_columns(what, "attributes", "c.after")

    def _put_columns(self, what: str, column: str, value: str) -> None:
        self.many(
            f"UPDATE {_LABELS[what]} AS r SET {column} = {value} FROM carried AS c"
            f" WHERE {_this(f'{what}.{column}')}"
        )

    def name_back(self, what: str, carrier: Carrier) -> None:
        """Give labels or relations back the word that they had, the others by the reversed moves."""
        rows, column = _LABELS[what], _WORDS[what]
        there = _this(f"{what}.{column}")
        words = _moved(what, carrier)
        if words:
            word = "json_array(r.kind, r.label)" if what == "span" else "r.type"
            self.many(
                f"UPDATE {rows} AS r SET {column} = {_new_word(what)}"
                f" WHERE {word} IN (SELECT value FROM json_each(:words))"
                f" AND NOT EXISTS (SELECT 1 FROM carried AS c WHERE {there})",
                words=json_of(words),
            )
        self.many(
            f"UPDATE {rows} AS r SET {column} = CASE WHEN r.{column} = json_extract(c.after, '$')"
            f" THEN json_extract(c.before, '$') ELSE {_new_word(what)} END"
            f" FROM carried AS c WHERE {there}"
        )

    def value_back(self, what: str, carrier: Carrier) -> None:
        """Give spans or relations back the values that they had, the others by the reversed moves.

        What was merged or removed has no reversed move, but was kept all the same.
        """
        rows = _LABELS[what]
        of = "r.kind" if what == "span" else "'relation'"
        there = (
            f"c.edit = :edit AND c.what = '{what}.attributes' AND r.article_pk = c.article_pk AND r.id = c.id"
        )
        if carrier.touches_values:
            self.many(
                f"UPDATE {rows} AS r SET attributes = carried_values({of}, r.attributes)"
                f" WHERE r.attributes != '{{}}' AND carried_values({of}, r.attributes) IS NOT NULL"
                f" AND NOT EXISTS (SELECT 1 FROM carried AS c WHERE {there})"
            )
        self.many(
            f"UPDATE {rows} AS r SET attributes = restored_values({of}, r.attributes, c.before, c.after)"
            f" FROM carried AS c WHERE {there}"
        )

    def put_back(self, what: str) -> None:
        """Make the rows again that were removed; a relation only where both its ends are there."""
        for batch in self._kept_rows(what):
            if what == "relation":
                batch = [each for each in batch if self._has_ends(each)]
            self._insert(what, batch)
        self.many(
            f"UPDATE {_LABELS[what]} AS r SET suggestion = json_extract(c.before, '$') FROM carried AS c"
            f" WHERE c.edit = :edit AND c.what = '{what}.suggestion' AND r.article_pk = c.article_pk"
            f" AND r.id = c.id AND r.suggestion IS NULL AND EXISTS (SELECT 1 FROM {_LABELS[what]} AS s"
            " WHERE s.article_pk = c.article_pk AND s.id = json_extract(c.before, '$'))"
        )

    def put_decisions_back(self) -> None:
        """Decisions as they were, where nobody has decided otherwise since; and the evidence of claims."""
        for what, rows in _LABELS.items():
            kind = f"{what}_decision"
            for batch in self._kept_rows(kind):
                for each in batch:
                    self._put_decision(what, rows, each)
        for batch in self._kept_rows("evidence"):
            self._insert("evidence", [each for each in batch if self._is_there("spans", each, "suggestion")])

    def _put_decision(self, what: str, rows: str, row: dict[str, Any]) -> None:
        if not self._is_there(rows, row, "suggestion"):
            return
        if row["made"] is not None and not self._is_there(rows, row, "made"):
            row = row | {"made": None, "verdict": "rejected"}  # what it made has been deleted since
        self._sqlite.execute(
            f"DELETE FROM {what}_decisions WHERE article_pk = :article_pk AND suggestion = :suggestion"
            " AND annotator = :annotator AND made IS NULL AND verdict = 'rejected'"
            " AND decided_at = :decided_at",
            row,
        )
        self._insert(f"{what}_decision", [row])

    def _has_ends(self, row: dict[str, Any]) -> bool:
        return all(self._is_there("spans", row, end) for end in ("head", "tail"))

    def _is_there(self, rows: str, row: Mapping[str, Any], column: str) -> bool:
        found = self._sqlite.execute(
            f"SELECT 1 FROM {rows} WHERE article_pk = ? AND id = ?", (row["article_pk"], row[column])
        )
        return found.fetchone() is not None

    def _insert(self, what: str, batch: Sequence[Mapping[str, Any]]) -> None:
        columns = _COLUMNS[what]
        names = {"evidence": "claim_evidence"}.get(what, f"{what}s")
        marks = ", ".join("?" * len(columns))
        plain = [each.strip('"') for each in columns]
        self._sqlite.executemany(
            f"INSERT OR IGNORE INTO {names} ({', '.join(columns)}) VALUES ({marks})",
            [[each[name] for name in plain] for each in batch],
        )

    def _kept_rows(self, what: str) -> Iterator[list[dict[str, Any]]]:
        """The rows that were kept as a whole, batch by batch."""
        cursor = self.many(f"SELECT before FROM carried WHERE edit = :edit AND what = '{what}'")
        columns = {each.strip('"') for each in _COLUMNS[what]}
        while rows := cursor.fetchmany(_BATCH):
            batch = [value_of(each) for (each,) in rows]
            if not all(isinstance(each, dict) and each.keys() == columns for each in batch):
                raise unreadable("what a change of the codebook took away", f"no {what}")
            yield batch


def _kept(what: str, value: str) -> str:
    """That a row ``r`` names one that was kept."""
    return (
        f"EXISTS (SELECT 1 FROM carried AS k WHERE k.edit = :edit AND k.what = '{what}'"
        f" AND k.article_pk = r.article_pk AND k.id = {value})"
    )


def _this(what: str) -> str:
    """That a kept ``c`` is about the row ``r``."""
    return f"c.edit = :edit AND c.what = '{what}' AND r.article_pk = c.article_pk AND r.id = c.id"


def _packed(what: str) -> str:
    """The columns of a row ``r`` as one JSON object."""
    parts = ["'{}', r.{}".format(each.strip('"'), each) for each in _COLUMNS[what]]
    return f"packed({', '.join(parts)})"


def _moved(what: str, carrier: Carrier) -> list[str]:
    part = Part.LABEL if what == "span" else Part.RELATION
    moved = [each.old for each in carrier.moves if each.part == part and each.new not in (None, each.old)]
    return [json_of(list(each)) if what == "span" else each[0] for each in moved]


def _new_word(what: str) -> str:
    return "new_label(r.kind, r.label)" if what == "span" else "new_type(r.type)"


@contextmanager
def _functions(connection: Connection, carrier: Carrier) -> Iterator[sqlite3.Connection]:
    """The SQLite connection, with the functions that carry words and values by name."""
    sqlite = connection.connection.driver_connection
    assert isinstance(sqlite, sqlite3.Connection)

    @lru_cache(_BATCH)  # many labels have exactly the same values
    def carried_values(of: str, text: str) -> str | None:
        values = orjson.loads(text)
        carried = carrier.attributes(values, _bearer(of))
        return None if carried is values else json_of(carried)

    def restored_values(of: str, now: str, was: str, left: str) -> str:
        if now == left:
            return was
        values = [orjson.loads(each) for each in (now, was, left)]
        return json_of(restored(values[0], values[1], values[2], carrier, _bearer(of)))

    def packed(*parts: Any) -> str:
        return json_of(dict(zip(parts[::2], parts[1::2], strict=True)))

    made: dict[str, tuple[int, Callable[..., Any] | None]] = {
        "new_label": (2, carrier.label),
        "new_type": (1, carrier.relation_type),
        "carried_values": (2, carried_values),
        "restored_values": (4, restored_values),
        "packed": (-1, packed),
    }
    for name, (count, function) in made.items():
        sqlite.create_function(name, count, function, deterministic=True)
    try:
        yield sqlite
    finally:
        for name, (count, _) in made.items():
            sqlite.create_function(name, count, None)


def _bearer(of: str) -> Bearer:
    return "relation" if of == "relation" else Kind(of)


def _drop_new_suggestions(connection: Connection, carrier: Carrier) -> None:
    """Take undecided suggestions off whose label or type has no place; they can be suggested again."""
    unplaced = carrier.unplaced()
    given = {
        "labels": json_of([json_of(list(each.old)) for each in unplaced if each.part == Part.LABEL]),
        "types": json_of([each.old[0] for each in unplaced if each.part == Part.RELATION]),
    }
    if "[]" == given["labels"] == given["types"]:
        return
    for statement in _DROP:
        connection.exec_driver_sql(statement, given)


_STRAY = (
    "SELECT s.article_pk, s.id FROM spans AS s WHERE s.annotator IS NULL"
    " AND json_array(s.kind, s.label) IN (SELECT value FROM json_each(:labels))"
    " AND NOT EXISTS (SELECT 1 FROM span_decisions AS d"
    " WHERE (d.article_pk, d.suggestion) = (s.article_pk, s.id))"
    " AND NOT EXISTS (SELECT 1 FROM relation_decisions AS d JOIN relations AS r"
    " ON (r.article_pk, r.id) = (d.article_pk, d.suggestion)"
    " WHERE r.article_pk = s.article_pk AND s.id IN (r.head, r.tail))"
)
_STRAY_LINKS = (
    "SELECT r.article_pk, r.id FROM relations AS r WHERE r.annotator IS NULL"
    " AND (r.type IN (SELECT value FROM json_each(:types))"
    f" OR (r.article_pk, r.head) IN ({_STRAY}) OR (r.article_pk, r.tail) IN ({_STRAY}))"
    " AND NOT EXISTS (SELECT 1 FROM relation_decisions AS d"
    " WHERE (d.article_pk, d.suggestion) = (r.article_pk, r.id))"
)
_DROP = (
    f"DELETE FROM suggested_by WHERE article_pk IN (SELECT article_pk FROM ({_STRAY}))",
    f"DELETE FROM suggested_by WHERE article_pk IN (SELECT article_pk FROM ({_STRAY_LINKS}))",
    f"DELETE FROM relations WHERE (article_pk, id) IN ({_STRAY_LINKS})",
    f"DELETE FROM spans WHERE (article_pk, id) IN ({_STRAY})",
)
