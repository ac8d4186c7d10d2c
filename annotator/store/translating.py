"""Edits from before a change of the codebook, in the words of the codebook that holds now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, and_, bindparam, or_, select

from annotator.core.carrying import Carrier
from annotator.core.changes import ChangeSet, CodebookChange
from annotator.core.errors import Problem, RuleError
from annotator.core.history import Edit
from annotator.core.model import ActorRecord
from annotator.core.records import replace
from annotator.core.translation import Carried, Event, translated
from annotator.store.codebooks import codebook_number, load_codebook
from annotator.store.rows import changesets_of, check_types, json_of, value_of
from annotator.store.tables import ARTICLES, CARRIED, CODEBOOKS, EDITS, listed

_CHANGES = (
    select(EDITS.c.number, EDITS.c.action, EDITS.c.of, EDITS.c.changes)
    .join_from(CODEBOOKS, EDITS, EDITS.c.number == CODEBOOKS.c.edit)
    .order_by(CODEBOOKS.c.number)
)
_LAST_CHANGE = select(CODEBOOKS.c.edit).where(CODEBOOKS.c.edit.is_not(None)).order_by(
    CODEBOOKS.c.number.desc()
).limit(1)  # fmt: skip
_LAST_LINE = (
    select(EDITS.c.number, EDITS.c.action, EDITS.c.changes)
    .where(or_(EDITS.c.number == bindparam("edit"), EDITS.c.of == bindparam("edit")))
    .where(EDITS.c.number >= bindparam("edit"))
    .order_by(EDITS.c.number.desc())
    .limit(1)
)
_CARRIED_OF = (
    select(ARTICLES.c.id, CARRIED.c.id, CARRIED.c.what, CARRIED.c.before, CARRIED.c.after)
    .join_from(CARRIED, ARTICLES, ARTICLES.c.pk == CARRIED.c.article_pk)
    .where(
        CARRIED.c.edit == bindparam("edit"),
        or_(*(CARRIED.c.what == each for each in (
            "span.label", "span.attributes", "relation.type", "relation.attributes",
        ))),
        listed(ARTICLES.c.id, "articles"),
        listed(CARRIED.c.id, "ids"),
    )
)  # fmt: skip


class _Line(Struct, frozen=True):
    """A line of the log that changed the codebook."""

    edit: int
    undoes: bool
    change: CodebookChange


def in_todays_words(connection: Connection, edit: Edit) -> Edit:
    """An edit that was planned by an older codebook, as it is by the one that holds now.

    Raises RuleError where a word of it has no place any more.
    """
    number = codebook_number(connection)
    if not edit.codebook or edit.codebook == number or edit.codebook_change is not None:
        return replace(edit, codebook=number)
    lines = _lines(connection, CODEBOOKS.c.number > edit.codebook)
    return replace(edit, codebook=number, changes=_through(connection, edit.changes, lines))


def stepped(connection: Connection, edit: Edit, action: str) -> Edit:
    """An edit that is about to be undone or redone, as it is by the codebook that holds now.

    Where the codebook has changed in a way that does not allow it, the edit is ``stuck``.
    """
    edit = replace(edit, codebook=codebook_number(connection))
    last = connection.execute(_LAST_CHANGE).scalar()
    check_types((last,), (int | None,), "a codebook")
    if last is None or last < edit.number:
        return edit
    change = edit.codebook_change
    if change is not None:
        needed = change.after if action == "undo" else change.before
        if load_codebook(connection) == needed:
            return edit
        return replace(edit, stuck=_stuck(edit, action, "it has been changed again since"))
    line, done, text = connection.execute(_LAST_LINE, {"edit": edit.number}).one()
    changes: Sequence[ChangeSet] = edit.changes
    if done != "do":
        changes = changesets_of(text)
    if done == "undo":
        changes = [each.inverted() for each in reversed(changes)]
    try:
        lines = _lines(connection, CODEBOOKS.c.edit > line)
        return replace(edit, changes=_through(connection, changes, lines), carried=True)
    except RuleError as error:
        return replace(edit, stuck=_stuck(edit, action, error.problem.what))


def record_today(connection: Connection, record: ActorRecord, line: int) -> ActorRecord:
    """An actor record as it was at a line of the log, its attributes in today's words."""
    for each in _lines(connection, CODEBOOKS.c.edit > line):
        change = each.change
        record = Carrier.between(change.before, change.after, change.moves).record(record)
    return record


def _stuck(edit: Edit, action: str, why: str) -> Problem:
    again = "undone" if action == "undo" else "done again"
    return Problem(
        f"“{edit.title}” can no longer be {again}: {why}",
        cure="It is left as it is; go on with the step before it"
        if action == "undo"
        else "It is left as it is",
    )


def _lines(connection: Connection, which: ColumnElement[bool]) -> list[_Line]:
    """The changes of the codebook of those rows, oldest first; those that cancel each other are left out."""
    found: list[_Line] = []
    for number, action, of, text in connection.execute(_CHANGES.where(and_(which))):
        edit = of or number
        if found and found[-1].edit == edit:
            found.pop()
            continue
        changes = [one for each in changesets_of(text) for one in each.changes]
        found += [_Line(edit, action == "undo", each) for each in changes if isinstance(each, CodebookChange)]
    return found


def _through(
    connection: Connection, changes: Sequence[ChangeSet], lines: Iterable[_Line]
) -> tuple[ChangeSet, ...]:
    events = [
        Event(each.change, _carried(connection, each.edit, changes) if each.undoes else None)
        for each in lines
    ]
    return translated(changes, events)


def _carried(
    connection: Connection, edit: int, changes: Sequence[ChangeSet]
) -> Mapping[tuple[str, str], Carried]:
    """What an edit of the codebook had carried of the labels that some changes are about."""
    ids = sorted(set().union(*(each.span_ids | each.relation_ids for each in changes)))
    given = {"edit": edit, "articles": json_of([each.article for each in changes]), "ids": json_of(ids)}
    found: dict[tuple[str, str], Carried] = {}
    for article, record, what, before, after in connection.execute(_CARRIED_OF, given):
        values: tuple[Any, Any] = (value_of(before), value_of(after))
        part, type_ = ("attributes", dict) if what.endswith(".attributes") else ("word", str)
        check_types(values, (type_, type_), "what a change of the codebook carried")
        found[article, record] = replace(found.get((article, record), Carried()), **{part: values})
    return found
