"""Looking for everything that is wrong with actor records, and with what belongs to them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from annotator.core.codebook import Codebook
from annotator.core.errors import Place, Problem
from annotator.core.model import ActorRecord
from annotator.core.text import excerpt
from annotator.core.validate import record_problems
from annotator.store.actor_tables import ACTORS, ALIASES, PROPERTIES
from annotator.store.actors import load_actors

_RESTORE = "Restore a backup of the project"


def _stray(rows: Any) -> Any:
    return (
        select(rows.c.name, rows.c.actor)
        .outerjoin(ACTORS, ACTORS.c.id == rows.c.actor)
        .where(ACTORS.c.id.is_(None))
    )


_STRAY = {"alias": _stray(ALIASES), "attribute": _stray(PROPERTIES)}


def actor_problems(connection: Connection, codebook: Codebook) -> Iterator[Problem]:
    """Merges that lead nowhere, what belongs to no record, and values that break the codebook."""
    for what, statement in _STRAY.items():
        for name, actor in connection.execute(statement):
            where = f"{what} “{excerpt(name)}”"
            yield Problem(
                f"the actor record {actor!r} that it belongs to is not there", where, _RESTORE, "record"
            )
    records = load_actors(connection)
    for record in records.values():
        yield from _merge_problems(record, records)
        yield from record_problems(record, codebook)


def _merge_problems(record: ActorRecord, records: dict[str, ActorRecord]) -> Iterator[Problem]:
    where, place = f"actor record {record.id} “{excerpt(record.name)}”", Place(actor=record.id)
    seen = {record.id}
    into = record.merged_into
    if into is not None and into not in records:
        yield Problem(f"it was merged into {into!r}, which is not there", where, _RESTORE, "record", place)
        return
    while into is not None and into in records:
        if into in seen:
            if into == record.id:
                cure = "Take it out of the other one"
                yield Problem("it was merged into itself, in a circle", where, cure, "record", place)
            return
        seen.add(into)
        into = records[into].merged_into
