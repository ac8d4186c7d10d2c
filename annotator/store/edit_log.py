"""The edit log and its undo stack: what each annotator did, took back and did again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from annotator.core.changes import ChangeSet, changeset_to
from annotator.core.history import Edit
from annotator.core.model import now
from annotator.store.failures import conflict
from annotator.store.rows import changesets_of, check_types, json_of
from annotator.store.tables import EDIT_ARTICLES, EDITS

_INSERT_EDIT = insert(EDITS)
_INSERT_EDIT_ARTICLE = upsert(EDIT_ARTICLES).on_conflict_do_nothing()
_STACK = and_(EDITS.c.annotator == bindparam("who"), EDITS.c.action == "do")
_DISCARD = update(EDITS).where(_STACK, EDITS.c.state == "undone").values(state="discarded")
_MOVE_EDIT = (
    update(EDITS)
    .where(EDITS.c.number == bindparam("edit"), _STACK, EDITS.c.state == bindparam("from_state"))
    .values(state=bindparam("to_state"))
)
_EDIT_COLUMNS = (
    EDITS.c.number, EDITS.c.at, EDITS.c.annotator, EDITS.c.verb, EDITS.c.title, EDITS.c.changes,
)  # fmt: skip
_NEXT_UNDO = (
    select(*_EDIT_COLUMNS).where(_STACK, EDITS.c.state == "done").order_by(EDITS.c.number.desc()).limit(1)
)
_NEXT_REDO = select(*_EDIT_COLUMNS).where(_STACK, EDITS.c.state == "undone").order_by(EDITS.c.number).limit(1)
_SET_ASIDE = update(EDITS).where(EDITS.c.number == bindparam("edit"), _STACK).values(state="discarded")


def set_aside(connection: Connection, edit: Edit) -> None:
    """An edit can neither be undone nor done again any more; what it did stays as it is."""
    connection.execute(_SET_ASIDE, {"edit": edit.number, "who": edit.annotator})


def discard_undone(connection: Connection, annotator: str) -> None:
    """What the annotator had undone can no longer be redone."""
    connection.execute(_DISCARD, {"who": annotator})


def next_undo(connection: Connection, annotator: str) -> Edit | None:
    """The annotator's last edit that stands."""
    return _edit_of(connection.execute(_NEXT_UNDO, {"who": annotator}).one_or_none())


def next_redo(connection: Connection, annotator: str) -> Edit | None:
    """The annotator's edit that was undone last: the oldest of those that are undone."""
    return _edit_of(connection.execute(_NEXT_REDO, {"who": annotator}).one_or_none())


def _edit_of(row: Any) -> Edit | None:
    if row is None:
        return None
    number, at, annotator, verb, title, changes = row
    check_types(row, (int, str, str, str, str, str), "an edit")
    return Edit(
        number=number,
        at=at,
        annotator=annotator,
        verb=verb,
        title=title,
        changes=changesets_of(changes),
    )


def move(connection: Connection, edit: Edit, before: str, after: str) -> None:
    """Take an edit from one state to another. Raises ProjectError where it is not in the first."""
    moved = connection.execute(
        _MOVE_EDIT,
        {"edit": edit.number, "who": edit.annotator, "from_state": before, "to_state": after},
    )
    if moved.rowcount != 1:
        raise conflict("this step")


def add(
    connection: Connection,
    edit: Edit,
    action: str,
    changesets: Sequence[ChangeSet],
) -> int:
    """Write one line of the log; gives its number."""
    result = connection.execute(
        _INSERT_EDIT,
        {
            "at": edit.at if action == "do" else now(),
            "annotator": edit.annotator,
            "action": action,
            "of": None if action == "do" else edit.number,
            "verb": edit.verb,
            "title": edit.title,
            "changes": json_of([changeset_to(each) for each in changesets]),
            "state": "done",
        },
    )
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def note_articles(connection: Connection, line: int, articles: Sequence[int]) -> None:
    """Record which articles a line of the log has touched."""
    if articles:
        connection.execute(_INSERT_EDIT_ARTICLE, [{"article_pk": pk, "edit": line} for pk in articles])
