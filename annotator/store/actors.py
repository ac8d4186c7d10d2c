"""Actor records: reading them, and carrying changes of them out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, exists, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from annotator.core.changes import ActorChange
from annotator.core.model import ActorRecord, Alias, Property
from annotator.store.rows import check_types, json_of, value_of
from annotator.store.tables import ActorAttributeRow, ActorRow, AliasRow, SpanRow, listed, table

ACTORS, ALIASES, PROPERTIES = table(ActorRow), table(AliasRow), table(ActorAttributeRow)
_SPANS = table(SpanRow)

_COLUMNS = (
    ACTORS.c.id, ACTORS.c.name, ACTORS.c.type, ACTORS.c.external_id, ACTORS.c.note, ACTORS.c.merged_into,
)  # fmt: skip
_RECORDS = select(*_COLUMNS).order_by(ACTORS.c.id)
_ALIASES = select(ALIASES.c.actor, ALIASES.c.name, ALIASES.c.language).order_by(
    ALIASES.c.actor, ALIASES.c.position
)
_PROPERTIES = select(
    PROPERTIES.c.actor, PROPERTIES.c.name, PROPERTIES.c.value, PROPERTIES.c.since, PROPERTIES.c.until
).order_by(PROPERTIES.c.actor, PROPERTIES.c.name, PROPERTIES.c.since)
_ADD = upsert(ACTORS).on_conflict_do_nothing()


def load_actors(connection: Connection, ids: Iterable[str] | None = None) -> dict[str, ActorRecord]:
    """The actor records by id, all of them or those of the ids that are there. Raises ProjectError."""
    parts: list[Any] = [_RECORDS, _ALIASES, _PROPERTIES]
    keys = (ACTORS.c.id, ALIASES.c.actor, PROPERTIES.c.actor)
    given: dict[str, str] = {}
    if ids is not None:
        given = {"ids": json_of(sorted(set(ids)))}
        parts = [each.where(listed(key, "ids")) for each, key in zip(parts, keys, strict=True)]
    aliases, properties = defaultdict[str, list[Alias]](list), defaultdict[str, list[Property]](list)
    for row in connection.execute(parts[1], given):
        check_types(row, (str, str, str | None), "an alias of an actor record")
        aliases[row[0]].append(Alias(row[1], row[2]))
    for row in connection.execute(parts[2], given):
        check_types(row, (str, str, str, str, str), "an attribute of an actor record")
        properties[row[0]].append(Property(name=row[1], value=value_of(row[2]), since=row[3], until=row[4]))
    records = {}
    for row in connection.execute(parts[0], given):
        check_types(row, (str, str, str, str | None, str | None, str | None), "an actor record")
        records[row[0]] = ActorRecord(
            id=row[0],
            name=row[1],
            type=row[2],
            aliases=tuple(aliases[row[0]]),
            properties=tuple(properties[row[0]]),
            external_id=row[3],
            note=row[4],
            merged_into=row[5],
        )
    return records


def add_actor(connection: Connection, record: ActorRecord) -> bool:
    """Add a record unless its id is known; whether it was added."""
    added = connection.execute(_ADD, _values(record)).rowcount
    if added:
        _put_aliases(connection, record)
        _put_properties(connection, record)
    return bool(added)


def put_actor(connection: Connection, change: ActorChange) -> None:
    """Carry a change of a record out; see :class:`ActorChange` for what is left alone."""
    before, after = change.before, change.after
    if after is None:
        assert before is not None
        _remove(connection, before.id)
        return
    there = load_actors(connection, [after.id]).get(after.id)
    if there is None:
        add_actor(connection, after)
        return
    was = _values(before) if before is not None else {}
    here, will = _values(there), _values(after)
    changed = {name: value for name, value in will.items() if was.get(name) != value and here[name] != value}
    if changed and before is not None:
        connection.execute(update(ACTORS).where(ACTORS.c.id == after.id).values(changed))
    if before is not None and before.aliases != after.aliases:
        connection.execute(delete(ALIASES).where(ALIASES.c.actor == after.id))
        _put_aliases(connection, after)
    if before is not None and before.properties != after.properties:
        connection.execute(delete(PROPERTIES).where(PROPERTIES.c.actor == after.id))
        _put_properties(connection, after)


def _remove(connection: Connection, actor: str) -> None:
    """Remove a record that nothing refers to."""
    used = (
        select(ACTORS.c.id)
        .where(ACTORS.c.id == actor)
        .where(~exists().where(_SPANS.c.actor == actor))
        .where(~exists().where(ACTORS.alias("other").c.merged_into == actor))
    )
    if connection.execute(used).first() is None:
        return
    for rows in (ALIASES, PROPERTIES):
        connection.execute(delete(rows).where(rows.c.actor == actor))
    connection.execute(delete(ACTORS).where(ACTORS.c.id == actor))


def _values(record: ActorRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": record.name,
        "type": record.type,
        "external_id": record.external_id,
        "note": record.note,
        "merged_into": record.merged_into,
    }


def _put_aliases(connection: Connection, record: ActorRecord) -> None:
    rows: Sequence[dict[str, Any]] = [
        {"actor": record.id, "position": position, "name": alias.name, "language": alias.language}
        for position, alias in enumerate(record.aliases)
    ]
    if rows:
        connection.execute(insert(ALIASES), rows)


def _put_properties(connection: Connection, record: ActorRecord) -> None:
    rows = [
        {
            "actor": record.id,
            "name": each.name,
            "value": json_of(each.value),
            "since": each.since,
            "until": each.until,
        }
        for each in record.properties
    ]
    if rows:
        connection.execute(insert(PROPERTIES), rows)
