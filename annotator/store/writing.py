"""Carrying change sets out on the rows, and the edit log with its undo stack."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any, cast

from msgspec import Struct
from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.exc import IntegrityError

from annotator.core.changes import (
    PROJECT,
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
    exchanged,
)
from annotator.core.history import Edit
from annotator.core.model import Decision, Progress, Span, Status, Target
from annotator.core.records import replace
from annotator.store import edit_log
from annotator.store.actors import bring_back, note_actors, put_actors, put_refusal
from annotator.store.carrying import carry, take_back
from annotator.store.codebooks import add_version, codebook_number, load_codebook
from annotator.store.failures import conflict
from annotator.store.keys import article_pk, note_annotators
from annotator.store.rows import (
    decision_values,
    fragments_json,
    fragments_of,
    json_of,
    relation_values,
    span_values,
)
from annotator.store.tables import (
    ARTICLES,
    DECISIONS,
    PROGRESS,
    RELATIONS,
    SPAN_DECISIONS,
    SPANS,
)
from annotator.store.translating import in_todays_words


def _was(rows: Table, names: Sequence[str]) -> ColumnElement[bool]:
    """That a row still is what a change starts from: by key, then column by column.

    Another window may have changed it in the meantime; its work must not be overwritten.
    """
    keys = {column.name for column in rows.primary_key}
    return and_(
        *(
            rows.c[name] == bindparam(f"was_{name}")
            if name in keys
            else rows.c[name].is_not_distinct_from(bindparam(f"was_{name}"))
            for name in names
        )
    )


class _Statements:
    """Insert, update and delete of one table, the last two only where the row is as expected."""

    def __init__(self, rows: Table) -> None:
        names = [column.name for column in rows.columns]
        keys = {column.name for column in rows.primary_key}
        self.insert = insert(rows)
        self.delete = delete(rows).where(_was(rows, names))
        self.update = (
            update(rows)
            .where(_was(rows, names))
            .values({name: bindparam(f"now_{name}") for name in names if name not in keys})
        )
        self._changing = [name for name in names if name not in keys]

    def run(self, connection: Connection, before: dict[str, Any] | None, after: dict[str, Any] | None) -> int:
        """Carry one change out. Gives the number of rows that it met, which must be 1."""
        if before is None:
            assert after is not None
            return connection.execute(self.insert, after).rowcount
        was = {f"was_{name}": value for name, value in before.items()}
        if after is None:
            return connection.execute(self.delete, was).rowcount
        will = {f"now_{name}": after[name] for name in self._changing}
        return connection.execute(self.update, was | will).rowcount


_SPAN_CHANGES = _Statements(SPANS)
_PUT_SUGGESTION = upsert(SPANS).on_conflict_do_nothing()
_SUGGESTED_ALIKE = select(SPANS.c.id).where(
    SPANS.c.article_pk == bindparam("pk"),
    SPANS.c.annotator.is_(None),
    SPANS.c.kind == bindparam("kind"),
    SPANS.c.label == bindparam("label"),
    SPANS.c.fragments == bindparam("fragments"),
)
_DROP_SUGGESTION = delete(SPANS).where(
    SPANS.c.article_pk == bindparam("pk"),
    SPANS.c.id == bindparam("gone"),
    SPANS.c.annotator.is_(None),
    SPANS.c.origin == bindparam("origin"),
    ~exists(SPAN_DECISIONS.c.annotator).where(
        SPAN_DECISIONS.c.article_pk == bindparam("pk"), SPAN_DECISIONS.c.suggestion == bindparam("gone")
    ),
    ~exists().where(
        RELATIONS.c.article_pk == bindparam("pk"),
        or_(RELATIONS.c.head == bindparam("gone"), RELATIONS.c.tail == bindparam("gone")),
    ),
)
_IDS = func.json_each(bindparam("ids")).table_valued("value")
_THERE = {
    target: select(func.count()).where(
        rows.c.article_pk == bindparam("pk"), rows.c.annotator.is_(None), rows.c.id.in_(select(_IDS.c.value))
    )
    for target, rows in ((Target.SPAN, SPANS), (Target.RELATION, RELATIONS))
}
"""How many suggestions of those ids an article still has."""
_RELATION_CHANGES = _Statements(RELATIONS)
_DECISION_CHANGES = {target: _Statements(rows) for target, rows in DECISIONS.items()}

_PROGRESS_WAS = _was(PROGRESS, ["annotator", "article_pk", "status", "flagged", "note"])
_PROGRESS_NEW = {
    name: bindparam(f"now_{name}", type_=PROGRESS.c[name].type) for name in ("status", "flagged", "note")
}
_UPDATE_PROGRESS = update(PROGRESS).where(_PROGRESS_WAS).values(_PROGRESS_NEW)
_DELETE_PROGRESS = delete(PROGRESS).where(_PROGRESS_WAS, PROGRESS.c.kept == 0)
_START_PROGRESS = (
    upsert(PROGRESS)
    .values(
        annotator=bindparam("was_annotator"),
        article_pk=bindparam("was_article_pk"),
        kept=0,
        **_PROGRESS_NEW,
    )
    .on_conflict_do_update(
        index_elements=["annotator", "article_pk"],
        set_=_PROGRESS_NEW,
        where=and_(
            PROGRESS.c.status == str(Status.NEW),
            PROGRESS.c.flagged == 0,
            PROGRESS.c.note.is_(None),
        ),
    )
)
_FURNITURE = select(ARTICLES.c.furniture).where(_was(ARTICLES, ["pk"]))
_UPDATE_FURNITURE = (
    update(ARTICLES).where(_was(ARTICLES, ["pk"])).values(furniture=bindparam("now_furniture"))
)


def save_edit(connection: Connection, edit: Edit) -> Edit:
    """Carry an edit out and log it; what this annotator had undone can no longer be redone.

    One that was planned by an older codebook is carried out in today's words. Raises RuleError where that
    cannot be.
    """
    edit = in_todays_words(connection, edit)
    note_annotators(connection, [edit.annotator])
    edit_log.discard_undone(connection, edit.annotator)
    return replace(edit, number=_log(connection, edit, "do", edit.changes))


def save_undo(connection: Connection, edit: Edit) -> None:
    """Take an edit back and log that."""
    _refuse_other_words(connection, edit)
    edit_log.move(connection, edit, "done", "undone")
    _log(connection, edit, "undo", edit.inverses())


def save_redo(connection: Connection, edit: Edit) -> None:
    """Carry an undone edit out again and log that."""
    _refuse_other_words(connection, edit)
    edit_log.move(connection, edit, "undone", "done")
    _log(connection, edit, "redo", edit.changes)


def _refuse_other_words(connection: Connection, edit: Edit) -> None:
    if edit.codebook and edit.codebook != codebook_number(connection):
        raise conflict("the codebook")


def _log(connection: Connection, edit: Edit, action: str, changesets: Sequence[ChangeSet]) -> int:
    """Write a line of the log and carry its changes out. Gives the line's number."""
    line = edit_log.add(connection, edit, action, changesets)
    step = _Step(line, edit.number or line, action)
    articles = _carry_out(connection, edit.annotator, changesets, step)
    edit_log.note_articles(connection, line, articles)
    note_actors(connection, line, changesets)
    return line


class _Step(Struct, frozen=True):
    """What is being done: the line of the log, the edit that it is of, and do, undo or redo."""

    line: int
    edit: int
    action: str


def _carry_out(
    connection: Connection, annotator: str, changesets: Sequence[ChangeSet], step: _Step
) -> list[int]:
    """Change the rows. Gives the numbers of the articles that were touched.

    Changes of one kind that follow each other (many labels made at once) share one statement.
    """
    pks = []
    for changes in changesets:
        if changes.article == PROJECT:
            _carry_out_project(connection, changes, step)
            continue
        pk = article_pk(connection, changes.article)
        pks.append(pk)
        _suggestions_there(connection, pk, changes)
        for key, group in groupby(changes.changes, key=_sort_of):
            run = list(group)
            what = _NAMES.get(type(run[0]), "the article")
            try:
                rows = _carry_out_run(connection, annotator, pk, key, run)
            except IntegrityError as error:
                raise conflict(what) from error
            if rows != len(run):
                raise conflict(what)
    bring_back(connection, _meant(changesets))
    return pks


def _meant(changesets: Sequence[ChangeSet]) -> set[str]:
    """Ids of the actor records that changed spans name."""
    spans = (each.after for changes in changesets for each in changes.changes if isinstance(each, SpanChange))
    return {span.actor for span in spans if span is not None and span.actor is not None}


def _carry_out_project(connection: Connection, changes: ChangeSet, step: _Step) -> None:
    for kind, group in groupby(changes.changes, key=type):
        run = list(group)
        if kind is ActorChange:
            put_actors(connection, cast("list[ActorChange]", run))
            continue
        for change in run:
            match change:
                case RefusalChange():
                    put_refusal(connection, change)
                case CodebookChange():
                    _put_codebook(connection, change, step)
                case _:
                    raise conflict("the project")


def _put_codebook(connection: Connection, change: CodebookChange, step: _Step) -> None:
    """Change the codebook, labels and all. Raises ProjectError where it has become another one meanwhile."""
    if load_codebook(connection) != change.before:
        raise conflict("the codebook")
    if step.action == "undo":
        take_back(connection, step.edit, change)
    else:
        carry(connection, step.edit, change)
    add_version(connection, change.after, step.line)


def _sort_of(change: Change) -> tuple[object, ...]:
    """What changes have in common that can share a statement; each other one is on its own."""
    made, removed = change.before is None, change.after is None
    if isinstance(change, (SpanChange, RelationChange, DecisionChange)) and (made or removed):
        if isinstance(change, SpanChange) and change.is_suggestion:
            return ("suggestion",)
        target = _target(change.before, change.after) if isinstance(change, DecisionChange) else None
        return (type(change), target, made)
    return (id(change),)


def _carry_out_run(
    connection: Connection, annotator: str, pk: int, key: tuple[object, ...], run: list[Change]
) -> int:
    first = run[0]
    if len(run) == 1 or len(key) == 1:
        return sum(_carry_out_one(connection, annotator, pk, each) for each in run)
    statements, values_of = _SPAN_CHANGES, cast("Callable[[int, Any], dict[str, Any]]", span_values)
    if isinstance(first, RelationChange):
        statements, values_of = _RELATION_CHANGES, relation_values
    elif isinstance(first, DecisionChange):
        statements, values_of = _DECISION_CHANGES[_target(first.before, first.after)], decision_values
    if first.before is None:
        made = [values_of(pk, each.after) for each in run]
        return int(connection.execute(statements.insert, made).rowcount)
    gone = [{f"was_{name}": value for name, value in values_of(pk, each.before).items()} for each in run]
    return int(connection.execute(statements.delete, gone).rowcount)


def _suggestions_there(connection: Connection, pk: int, changes: ChangeSet) -> None:
    """Raise ProjectError where a suggestion that is being decided on is gone."""
    for target, there in _THERE.items():
        decided = {
            each.key
            for each in changes.changes
            if isinstance(each, DecisionChange) and each.after is not None and each.after.target == target
        }
        if decided:
            key = {"pk": pk, "ids": json_of(sorted(decided))}
            if connection.execute(there, key).scalar_one() != len(decided):
                raise conflict("the suggestion")


_NAMES = {
    SpanChange: "the span",
    RelationChange: "the relation",
    DecisionChange: "the decision on a suggestion",
    ProgressChange: "the status, flag or note of the article",
}


def _carry_out_one(connection: Connection, annotator: str, pk: int, change: Change) -> int:
    match change:
        case SpanChange(before, after) if change.is_suggestion:
            _put_suggestion(connection, pk, before, after)
            return 1
        case SpanChange(before, after):
            return _SPAN_CHANGES.run(
                connection,
                None if before is None else span_values(pk, before),
                None if after is None else span_values(pk, after),
            )
        case RelationChange(before, after):
            return _RELATION_CHANGES.run(
                connection,
                None if before is None else relation_values(pk, before),
                None if after is None else relation_values(pk, after),
            )
        case DecisionChange(before, after):
            return _DECISION_CHANGES[_target(before, after)].run(
                connection,
                None if before is None else decision_values(pk, before),
                None if after is None else decision_values(pk, after),
            )
        case ProgressChange(before, after):
            return _put_progress(connection, annotator, pk, before, after)
        case FurnitureChange():
            here = fragments_of(connection.execute(_FURNITURE, {"was_pk": pk}).scalar_one())
            values = {"was_pk": pk, "now_furniture": fragments_json(exchanged(here, change))}
            return connection.execute(_UPDATE_FURNITURE, values).rowcount
        case ActorChange() | RefusalChange() | CodebookChange():
            raise conflict("the article")


def _put_suggestion(connection: Connection, pk: int, before: Span | None, after: Span | None) -> None:
    """Make or take back a suggestion, as :meth:`annotator.core.page.Page.apply` does.

    It is everybody's: one that somebody has decided on, that a relation needs, or that a model has found
    too, stays even where its making is undone; one that equals another is not made.
    """
    if before is not None:
        gone = {"pk": pk, "gone": before.id, "origin": before.origin}
        connection.execute(_DROP_SUGGESTION, gone)
    if after is not None:
        values = span_values(pk, after)
        key = {"pk": pk, **{name: values[name] for name in ("kind", "label", "fragments")}}
        if connection.execute(_SUGGESTED_ALIKE, key).first() is None:
            connection.execute(_PUT_SUGGESTION, values)


def _target(before: Decision | None, after: Decision | None) -> Target:
    record = before or after
    assert record is not None
    return record.target


def _put_progress(connection: Connection, annotator: str, pk: int, before: Progress, after: Progress) -> int:
    """A row that says nothing is removed, so that undoing leaves no trace, unless it is kept."""
    values = {
        "was_annotator": annotator,
        "was_article_pk": pk,
        "was_status": before.status.value,
        "was_flagged": int(before.flagged),
        "was_note": before.note,
    }
    will = {
        "now_status": after.status.value,
        "now_flagged": int(after.flagged),
        "now_note": after.note,
    }
    if before == Progress():
        del values["was_status"], values["was_flagged"], values["was_note"]
        return connection.execute(_START_PROGRESS, values | will).rowcount
    if after == Progress():
        gone = connection.execute(_DELETE_PROGRESS, values).rowcount
        if gone:
            return gone
    return connection.execute(_UPDATE_PROGRESS, values | will).rowcount
