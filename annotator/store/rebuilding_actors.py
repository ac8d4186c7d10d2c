"""Actor records whose rows are lost, rebuilt from the edit log of a project that is being recovered."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import suppress

from annotator.core.carrying import Carrier
from annotator.core.changes import ActorChange, ChangeSet, CodebookChange, carried
from annotator.core.errors import RuleError
from annotator.core.model import ActorRecord
from annotator.store.rows import json_of


class Replayed:
    """The records as the edit log leaves them; imported ones are known from their first change on."""

    def __init__(self) -> None:
        self.records: dict[str, ActorRecord | None] = {}

    def take(self, changesets: Iterable[ChangeSet]) -> None:
        """One more edit of the log, oldest first."""
        for changes in changesets:
            for change in changes.changes:
                if isinstance(change, ActorChange):
                    known = change.key in self.records
                    there = self.records.get(change.key) if known else change.before
                    self.records[change.key] = carried(there, change)
                elif isinstance(change, CodebookChange):
                    with suppress(RuleError):  # moves that make no sense
                        carrier = Carrier.between(change.before, change.after, change.moves)
                        self.records = {
                            key: None if each is None else carrier.record(each)
                            for key, each in self.records.items()
                        }

    def put_back(self, new: sqlite3.Connection, lossy: set[str]) -> list[str]:
        """Add what the new file lacks of its ``lossy`` tables. Gives the ids of records that came back."""
        added = []
        for record in self.records.values():
            if record is None:
                continue
            if "actor_records" in lossy and _insert(
                new,
                "INSERT OR IGNORE INTO actor_records (id, name, type, external_id, note, merged_into)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                (record.id, record.name, record.type, record.external_id, record.note, record.merged_into),
            ):
                added.append(record.id)
            if record.id in added or "actor_aliases" in lossy:
                for position, alias in enumerate(record.aliases):
                    _insert(
                        new,
                        "INSERT OR IGNORE INTO actor_aliases (actor, position, name, language)"
                        " VALUES (?, ?, ?, ?)",
                        (record.id, position, alias.name, alias.language),
                    )
            if record.id in added or "actor_attributes" in lossy:
                for each in record.properties:
                    _insert(
                        new,
                        "INSERT OR IGNORE INTO actor_attributes (actor, name, since, until, value)"
                        " VALUES (?, ?, ?, ?, ?)",
                        (record.id, each.name, each.since, each.until, json_of(each.value)),
                    )
        return added


def _insert(new: sqlite3.Connection, statement: str, values: tuple[object, ...]) -> bool:
    try:
        return new.execute(statement, values).rowcount == 1
    except (sqlite3.Error, OverflowError, UnicodeError):
        return False
