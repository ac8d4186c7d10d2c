"""Carrying the attributes of actor records from one codebook into another, and back."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import asdict
from sqlalchemy import Connection

from annotator.core.carrying import Carrier
from annotator.core.model import Property
from annotator.store.actors import load_actors
from annotator.store.rows import check_types, json_of, unreadable, value_of


def carry_records(connection: Connection, edit: int, carrier: Carrier) -> None:
    """Carry the attributes of actor records."""
    changed = []
    for record in load_actors(connection).values():
        properties = carrier.properties(record.properties)
        if properties != record.properties:
            changed.append((record.id, record.properties, properties))
    _put_properties(connection, [(actor, after) for actor, _, after in changed])
    rows = [
        {"edit": edit, "id": actor, "before": _listed(before), "after": _listed(after)}
        for actor, before, after in changed
    ]
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO carried (edit, what, article_pk, id, also, before, after)"
            " VALUES (:edit, 'record', 0, :id, '', :before, :after)",
            rows,
        )


def take_records_back(connection: Connection, edit: int, carrier: Carrier) -> None:
    """Give actor records back the attributes that they had."""
    kept = {
        actor: (before, after)
        for actor, before, after in connection.exec_driver_sql(
            "SELECT id, before, after FROM carried WHERE edit = :edit AND what = 'record'", {"edit": edit}
        )
    }
    changed = []
    for record in load_actors(connection).values():
        before, after = kept.get(record.id, ("", None))
        if after == _listed(record.properties):
            was = _properties_of(before)
        else:
            was = carrier.properties(record.properties)
        if was != record.properties:
            changed.append((record.id, was))
    _put_properties(connection, changed)


def _listed(properties: Sequence[Property]) -> str:
    return json_of([asdict(each) for each in properties])


def _properties_of(text: str) -> tuple[Property, ...]:
    try:
        properties = tuple(Property(**each) for each in value_of(text))
    except TypeError as error:
        raise unreadable("attributes of an actor record", error) from error
    for each in properties:
        check_types((each.name, each.since, each.until), (str, str, str), "an attribute of an actor record")
    return properties


def _put_properties(connection: Connection, changed: Sequence[tuple[str, Sequence[Property]]]) -> None:
    if not changed:
        return
    connection.exec_driver_sql(
        "DELETE FROM actor_attributes WHERE actor IN (SELECT value FROM json_each(:ids))",
        {"ids": json_of([actor for actor, _ in changed])},
    )
    rows = [
        asdict(each) | {"actor": actor, "value": json_of(each.value)}
        for actor, properties in changed
        for each in properties
    ]
    if rows:
        connection.exec_driver_sql(
            "INSERT INTO actor_attributes (actor, name, value, since, until)"
            " VALUES (:actor, :name, :value, :since, :until)",
            rows,
        )
