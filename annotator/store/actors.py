"""Actor records: reading them, and carrying changes of them out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from msgspec.structs import asdict
from sqlalchemy import Connection, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from annotator.core.actor_ports import ActorsMark, LoggedEdit
from annotator.core.changes import ActorChange, ChangeSet, RefusalChange, SpanChange, carried
from annotator.core.model import ActorRecord, Alias, Property, Refusal
from annotator.core.records import replace
from annotator.core.registry import whole
from annotator.store.actor_tables import ACTORS, ALIASES, EDIT_ACTORS, PROPERTIES, REFUSALS
from annotator.store.failures import conflict
from annotator.store.rows import changesets_of, check_types, json_of, value_of
from annotator.store.tables import EDITS, SPANS, listed
from annotator.store.translating import record_today

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
_MERGED = select(ACTORS.c.id, ACTORS.c.merged_into).where(ACTORS.c.merged_into.is_not(None))
_ADD = upsert(ACTORS).on_conflict_do_nothing()
_CHANGE = (
    update(ACTORS)
    .where(ACTORS.c.id == bindparam("new_id"))
    .values({each.name: bindparam(f"new_{each.name}") for each in _COLUMNS[1:]})
)
_INTO = select(ACTORS.c.merged_into).where(ACTORS.c.id == bindparam("actor"))
_REFUSE = upsert(REFUSALS).on_conflict_do_nothing()
_REFUSALS = select(REFUSALS.c.annotator, REFUSALS.c.words, REFUSALS.c.actor, REFUSALS.c.article)
_OF_EDITS = EDIT_ACTORS.join(EDITS, EDITS.c.number == EDIT_ACTORS.c.edit)
_EDITS_OF = (
    select(EDITS.c.number, EDITS.c.changes)
    .select_from(_OF_EDITS)
    .where(EDIT_ACTORS.c.actor == bindparam("actor"))
    .order_by(EDITS.c.number.desc())
)
_HISTORY = (
    select(
        EDITS.c.number, EDITS.c.at, EDITS.c.annotator, EDITS.c.action, EDITS.c.verb, EDITS.c.title
    )
    .where(EDITS.c.number.in_(select(EDIT_ACTORS.c.edit).where(listed(EDIT_ACTORS.c.actor, "ids"))))
    .order_by(EDITS.c.number.desc())
)  # fmt: skip
_MARK = select(
    select(func.max(EDIT_ACTORS.c.edit)).scalar_subquery(),
    select(func.count()).select_from(ACTORS).scalar_subquery(),
    select(func.max(ACTORS.c.id)).scalar_subquery(),
    select(func.count()).select_from(REFUSALS).scalar_subquery(),
)
_CHANGED = select(EDIT_ACTORS.c.actor).where(EDIT_ACTORS.c.edit > bindparam("since"))


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


class Identities:
    """Which record's identity each record has, as the file is now."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @cached_property
    def _into(self) -> dict[str, str]:
        return {row[0]: row[1] for row in self._connection.execute(_MERGED)}

    def of(self, actor: str) -> str:
        """The end of a record's chain of merges; in a damaged file that goes round, somewhere on it."""
        seen = {actor}
        while (into := self._into.get(actor)) is not None and into not in seen:
            seen.add(into)
            actor = into
        return actor

    def load(self, ids: Iterable[str]) -> dict[str, ActorRecord]:
        """The identities of those ids, each with the names of what was merged into it as aliases."""
        wanted = set(ids)
        others: dict[str, list[str]] = {each: [] for each in wanted}
        for actor in sorted(self._into):
            identity = self.of(actor)
            if identity in wanted and identity != actor:
                others[identity].append(actor)
        records = load_actors(self._connection, wanted.union(*others.values()))
        return {
            each: whole(records[each], [records[other] for other in others[each]])
            for each in wanted
            if each in records
        }


def add_actor(connection: Connection, record: ActorRecord) -> bool:
    """Add a record unless its id is known; whether it was added."""
    added = connection.execute(_ADD, _values(record)).rowcount
    if added:
        _put_aliases(connection, record)
        _put_properties(connection, record)
    return bool(added)


def put_actors(connection: Connection, changes: Sequence[ActorChange]) -> None:
    """Carry changes of records out; see :class:`ActorChange` for what is left alone.

    A record is not merged into one that is gone, nor into one that was merged into it meanwhile.
    """
    records: dict[str, ActorRecord | None] = {**load_actors(connection, {each.key for each in changes})}
    for change in changes:
        there = records.get(change.key)
        if change.after is None:
            if there is not None and _remove(connection, change.key):
                records[change.key] = None
            continue
        record = carried(there, change)
        if record is None or record == there:
            continue
        was_into = None if there is None else there.merged_into
        if record.merged_into != was_into and not _may_merge(connection, record):
            record = replace(record, merged_into=was_into)
        records[change.key] = record
        if there is None:
            add_actor(connection, record)
        else:
            _change(connection, there, record)


def _change(connection: Connection, there: ActorRecord, record: ActorRecord) -> None:
    if _values(record) != _values(there):
        connection.execute(_CHANGE, {f"new_{name}": value for name, value in _values(record).items()})
    if record.aliases != there.aliases:
        connection.execute(delete(ALIASES).where(ALIASES.c.actor == record.id))
        _put_aliases(connection, record)
    if record.properties != there.properties:
        connection.execute(delete(PROPERTIES).where(PROPERTIES.c.actor == record.id))
        _put_properties(connection, record)


def _may_merge(connection: Connection, record: ActorRecord) -> bool:
    """Whether what a record is merged into is there and does not lead back to it."""
    into, seen = record.merged_into, {record.id}
    while into is not None:
        found = connection.execute(_INTO, {"actor": into}).one_or_none()
        if into in seen or found is None:
            return False
        seen.add(into)
        into = found[0]
    return True


def _remove(connection: Connection, actor: str) -> bool:
    """Remove a record that no label means and none is merged into; suggestions no longer name it.

    Whether it was removed.
    """
    unused = (
        select(ACTORS.c.id)
        .where(ACTORS.c.id == actor)
        .where(~exists().where(SPANS.c.actor == actor, SPANS.c.annotator.is_not(None)))
        .where(~exists().where(ACTORS.alias("other").c.merged_into == actor))
    )
    if connection.execute(unused).first() is None:
        return False
    connection.execute(update(SPANS).where(SPANS.c.actor == actor).values(actor=None))
    for rows in (ALIASES, PROPERTIES):
        connection.execute(delete(rows).where(rows.c.actor == actor))
    connection.execute(delete(ACTORS).where(ACTORS.c.id == actor))
    return True


def put_refusal(connection: Connection, change: RefusalChange) -> None:
    """Note a refusal, unless its record is gone, or take it back."""
    if change.before is not None:
        gone = [REFUSALS.c[name] == value for name, value in asdict(change.before).items()]
        connection.execute(delete(REFUSALS).where(*gone))
    if change.after is not None and load_actors(connection, [change.after.actor]):
        connection.execute(_REFUSE, asdict(change.after))


def load_refusals(connection: Connection, actor: str | None = None) -> list[Refusal]:
    """Everybody's refusals, all or those of one record."""
    statement = _REFUSALS if actor is None else _REFUSALS.where(REFUSALS.c.actor == actor)
    rows = connection.execute(statement).all()
    for row in rows:
        check_types(row, (str, str, str, str), "a refusal of an actor record")
    return [Refusal(annotator=row[0], words=row[1], actor=row[2], article=row[3]) for row in rows]


def bring_back(connection: Connection, ids: Iterable[str]) -> None:
    """Add those of the records again that were deleted, as they were at last, because labels mean them again.

    Undoing and redoing may bring a label back after somebody has deleted its record. Raises ProjectError
    for a record that the edit log does not know.
    """
    wanted = set(ids)
    for actor in wanted - load_actors(connection, wanted).keys():
        record = _last_state(connection, actor)
        if record is None:
            raise conflict("the actor record")
        if not _may_merge(connection, record):
            record = replace(record, merged_into=None)
        add_actor(connection, record)


def _last_state(connection: Connection, actor: str) -> ActorRecord | None:
    """A record as the log has it last, its attributes in today's words."""
    for line, changes in connection.execute(_EDITS_OF, {"actor": actor}):
        for changeset in reversed(changesets_of(changes)):
            for each in reversed(changeset.changes):
                if isinstance(each, ActorChange) and each.key == actor:
                    record = each.after or each.before
                    return None if record is None else record_today(connection, record, line)
    return None


def note_actors(connection: Connection, edit: int, changesets: Iterable[ChangeSet]) -> None:
    """Record which records an edit was about: those it changes, and those whose spans go along with that."""
    changes = [each for changeset in changesets for each in changeset.changes]
    about = {each.key for each in changes if isinstance(each, ActorChange)}
    if not about:
        return
    spans = [span for each in changes if isinstance(each, SpanChange) for span in (each.before, each.after)]
    about |= {span.actor for span in spans if span is not None and span.actor is not None}
    connection.execute(insert(EDIT_ACTORS), [{"actor": each, "edit": edit} for each in sorted(about)])


def actor_history(connection: Connection, ids: Iterable[str]) -> list[LoggedEdit]:
    """The edits that were about any of the records, the latest first."""
    rows = connection.execute(_HISTORY, {"ids": json_of(sorted(ids))}).all()
    for row in rows:
        check_types(row, (int, str, str, str, str, str), "an edit")
    return [LoggedEdit(*row) for row in rows]


def actors_mark(connection: Connection) -> ActorsMark:
    """How far the records and refusals are; quickly found."""
    mark = connection.execute(_MARK).one()
    check_types(mark, (int | None, int, str | None, int), "the edits of actor records")
    edit, records, newest, refusals = mark
    return ActorsMark(edit or 0, records, newest or "", refusals)


def actors_changed(connection: Connection, since: int) -> set[str]:
    """Ids of the records that edits after that number were about."""
    return set(connection.execute(_CHANGED, {"since": since}).scalars())


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
