"""What lists and reports ask: filtered pages of articles, counts, settings."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Connection,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    column,
    exists,
    func,
    select,
    text,
)
from sqlalchemy import table as virtual_table

from annotator.core.model import Kind, Status
from annotator.core.ports import ArticleFilter, ArticleRow
from annotator.core.reports import Counts
from annotator.store.keys import PK_OF
from annotator.store.reading import IS_CONFIDENT, IS_OPEN, progress_of
from annotator.store.rows import check_types, json_of
from annotator.store.search import query_for
from annotator.store.tables import (
    ANNOTATORS,
    ARTICLES,
    EDITS,
    PROGRESS,
    RELATIONS,
    SPAN_DECISIONS,
    SPANS,
    TEXTS,
    listed,
)

_INDEX = virtual_table("article_index", column("rowid", Integer), column("article_index", Text))
_WHO: BindParameter[Any] = bindparam("who")

_BEGINNING = 200
"""Characters of a text that stand for the title of an article which has none."""
_BEGINS = (
    select(func.substr(TEXTS.c.text, 1, _BEGINNING))
    .where(TEXTS.c.article_pk == ARTICLES.c.pk)
    .correlate(ARTICLES)
    .scalar_subquery()
)
"""Read for articles without a title only."""
_CALLED = case((func.trim(ARTICLES.c.title) == "", _BEGINS), else_=ARTICLES.c.title)
_ROWS = (
    select(
        ARTICLES.c.pk, ARTICLES.c.id, _CALLED, PROGRESS.c.status, PROGRESS.c.flagged,
        ARTICLES.c.published, ARTICLES.c.publisher,
    )
    .outerjoin_from(
        ARTICLES,
        PROGRESS,
        and_(PROGRESS.c.annotator == _WHO, PROGRESS.c.article_pk == ARTICLES.c.pk),
    )
    .where(listed(ARTICLES.c.pk, "pks"))
    .order_by(ARTICLES.c.pk)
)  # fmt: skip
_ROW_TYPES = (int, str, str, str | None, int | None, str | None, str | None)
_LABELS = (
    select(SPANS.c.article_pk, func.count())
    .where(SPANS.c.annotator == _WHO, listed(SPANS.c.article_pk, "pks"))
    .group_by(SPANS.c.article_pk)
)
_OPEN = (
    select(SPANS.c.article_pk, func.count())
    .where(IS_OPEN, listed(SPANS.c.article_pk, "pks"))
    .group_by(SPANS.c.article_pk)
)
_OPEN_CONFIDENT = _OPEN.where(IS_CONFIDENT)
_BY_STATUS = (
    select(PROGRESS.c.status, func.count()).where(PROGRESS.c.annotator == _WHO).group_by(PROGRESS.c.status)
)
_ALL = select(func.count()).select_from(ARTICLES)


def _filtered(which: ArticleFilter, annotator: str) -> Select[Any] | CompoundSelect[Any] | None:
    """The numbers of the articles that a filter lets through; None where there can be none.

    Each part of it gives them in order by an index, and set operations on two ordered parts run as a
    merge, so that nothing has to be sorted or looked up row by row however long the list is.
    """
    base = select(ARTICLES.c.pk)
    if which.search.strip():
        words = query_for(which.search)
        if words is None:
            return None
        base = matching(words)
    # An article without progress is new and not flagged.
    mine = select(PROGRESS.c.article_pk).where(PROGRESS.c.annotator == annotator)
    if which.flagged or (which.statuses and Status.NEW not in which.statuses):
        if which.flagged:
            mine = mine.where(PROGRESS.c.flagged == 1)
        if which.statuses:
            mine = mine.where(PROGRESS.c.status.in_(sorted(which.statuses)))
        return base.intersect(mine) if which.search.strip() else mine
    others = set(Status) - which.statuses if which.statuses else set()
    if others:
        return base.except_(mine.where(PROGRESS.c.status.in_(sorted(others))))
    return base


def matching(words: str) -> Select[Any]:
    """The numbers of the articles that an FTS5 query finds."""
    return select(_INDEX.c.rowid).where(_INDEX.c.article_index.op("MATCH")(words))


def _in_order(statement: Select[Any] | CompoundSelect[Any], limit: int, offset: int = 0) -> Any:
    return statement.order_by(text("1")).limit(limit).offset(offset)


def count_articles(connection: Connection, which: ArticleFilter, annotator: str) -> int:
    """How many articles a filter lets through."""
    statement = _filtered(which, annotator)
    if statement is None:
        return 0
    if isinstance(statement, Select):
        counted = statement.with_only_columns(func.count(), maintain_column_froms=True)
    else:
        counted = select(func.count()).select_from(_in_order(statement, -1).subquery())
    return int(connection.execute(counted).scalar_one())


_LAST_CLAIMS = (
    select(SPANS.c.updated, SPANS.c.attributes)
    .where(SPANS.c.annotator == bindparam("who"), SPANS.c.kind == str(Kind.CLAIM))
    .order_by(SPANS.c.article_pk.desc())
    .limit(2_000)
)


def article_rows(
    connection: Connection, which: ArticleFilter, annotator: str, offset: int, limit: int
) -> list[ArticleRow]:
    """A page of the list, in import order. The counts look at the articles of the page only."""
    statement = _filtered(which, annotator)
    if statement is None:
        return []
    pks = list(connection.execute(_in_order(statement, limit, offset)).scalars())
    key = {"who": annotator, "pks": json_of(pks)}
    labels = _counted(connection.execute(_LABELS, key))
    suggestions = _counted(connection.execute(_OPEN if which.less_certain else _OPEN_CONFIDENT, key))
    rows = connection.execute(_ROWS, key).all()
    for row in rows:
        check_types(row, _ROW_TYPES, "an article")
    return [
        ArticleRow(
            id=article,
            title=" ".join(title.split()),
            status=Status.NEW if status is None else progress_of(status, flagged, None).status,
            flagged=bool(flagged),
            labels=labels.get(pk, 0),
            suggestions=suggestions.get(pk, 0),
            published=published,
            publisher=publisher,
        )
        for pk, article, title, status, flagged, published, publisher in rows
    ]


def position_of(connection: Connection, article: str, which: ArticleFilter, annotator: str) -> int | None:
    """Where an article stands in the filtered list, from 0; None if it is not in it."""
    statement = _filtered(which, annotator)
    pk = connection.execute(PK_OF, {"article": article}).scalar()
    if statement is None or pk is None:
        return None
    found = _in_order(statement, -1).subquery()
    (number,) = found.c
    place = select(func.count().filter(number < pk), func.count().filter(number == pk))
    before, here = connection.execute(place.select_from(found)).one()
    return int(before) if here else None


def status_counts(connection: Connection, annotator: str) -> dict[Status, int]:
    """How many articles the annotator has in each status."""
    total = connection.execute(_ALL).scalar_one()
    found = _counted(connection.execute(_BY_STATUS, {"who": annotator}))
    return _with_new(found, total)


def _with_new(found: dict[Any, int], total: int) -> dict[Status, int]:
    counts = {status: int(found.get(status, 0)) for status in Status}
    counts[Status.NEW] = total - sum(n for status, n in counts.items() if status != Status.NEW)
    return counts


def _counted(rows: Iterable[Any]) -> dict[Any, int]:
    return {row[0]: row[1] for row in rows}


def annotators(connection: Connection) -> list[str]:
    """Names of everybody who has labelled, sorted."""
    return list(connection.execute(select(ANNOTATORS.c.name).order_by(ANNOTATORS.c.name)).scalars())


def used_categories(connection: Connection, annotator: str, attributes: Sequence[str]) -> list[list[str]]:
    """The categories that an annotator gave to spans of the last articles, the latest last."""
    rows = connection.execute(_LAST_CLAIMS, {"who": annotator}).all()
    values = []
    for _, written in sorted(rows, key=lambda row: str(row[0])):
        try:
            given = json.loads(written)
        except (TypeError, ValueError):
            continue
        for name in attributes:
            value = given.get(name) if isinstance(given, dict) else None
            if isinstance(value, list):
                values.append([each for each in value if isinstance(each, str)])
    return values


def count_everything(connection: Connection) -> Counts:
    """What ``annotator info`` reports. Goes through the whole project."""

    def by(column: Any, *conditions: Any) -> dict[str, int]:
        statement = select(column, func.count()).where(*conditions).group_by(column).order_by(column)
        return _counted(connection.execute(statement))

    total = connection.execute(_ALL).scalar_one()
    statuses: dict[str, dict[str, int]] = defaultdict(dict)
    rows = select(PROGRESS.c.annotator, PROGRESS.c.status, func.count()).group_by(
        PROGRESS.c.annotator, PROGRESS.c.status
    )
    for name, status, number in connection.execute(rows):
        statuses[name][status] = number
    own = SPANS.c.annotator.is_not(None)
    by_annotator = by(SPANS.c.annotator, own)
    undecided = ~exists(SPAN_DECISIONS.c.annotator).where(
        SPAN_DECISIONS.c.article_pk == SPANS.c.article_pk, SPAN_DECISIONS.c.suggestion == SPANS.c.id
    )
    suggested = select(func.count()).select_from(SPANS).where(SPANS.c.annotator.is_(None), undecided)
    rejected = select(func.count()).select_from(SPAN_DECISIONS).where(SPAN_DECISIONS.c.verdict == "rejected")
    return Counts(
        articles=total,
        by_status={
            name: {str(k): n for k, n in _with_new(statuses.get(name, {}), total).items()}
            for name in annotators(connection)
        },
        by_kind=by(SPANS.c.kind, own),
        by_label=by(SPANS.c.label, own),
        by_state={
            "suggested": connection.execute(suggested).scalar_one(),
            "accepted": sum(by_annotator.values()),
            "rejected": connection.execute(rejected).scalar_one(),
        },
        by_annotator=by_annotator,
        relations=by(RELATIONS.c.type, RELATIONS.c.annotator.is_not(None)),
        edits=connection.execute(select(func.count()).select_from(EDITS)).scalar_one(),
    )
