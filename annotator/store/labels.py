"""Streaming every article with its labels, for the export."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import Any, cast

from msgspec import Struct
from orjson import JSONDecodeError, loads
from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, or_, select
from sqlalchemy.exc import DBAPIError

from annotator.core.in_bulk import in_bulk
from annotator.core.model import (
    Article,
    Decision,
    Progress,
    Relation,
    Span,
    State,
    Status,
    Target,
    Verdict,
)
from annotator.core.page import Page
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.core.span_rows import Columns, SpanRows
from annotator.core.tokens import Tokens
from annotator.store.actors import Identities
from annotator.store.database import Database
from annotator.store.reading import page_of, progress_of
from annotator.store.rows import (
    ARTICLE_COLUMNS,
    RELATION_COLUMNS,
    Row,
    article_of,
    decision_of,
    json_of,
    last_of,
    relation_of,
    tokens_of,
    unreadable,
)
from annotator.store.span_rows import ROWS_OF_ARTICLES, SPAN_ROW_COLUMNS, SpanRowCheck, span_of_row
from annotator.store.tables import (
    ARTICLES,
    PROGRESS,
    RELATION_DECISIONS,
    RELATIONS,
    SPAN_DECISIONS,
    SPANS,
    TEXTS,
    TOKENS,
    listed,
)

BATCH = 200
"""Articles that are in memory at a time."""


_HERE = "pks"
_WIDTH = len(SPAN_ROW_COLUMNS)

_ARTICLES = (
    select(*ARTICLE_COLUMNS, TOKENS.c.source, TOKENS.c.data, ARTICLES.c.pk)
    .join_from(ARTICLES, TEXTS)
    .outerjoin(TOKENS, TOKENS.c.article_pk == ARTICLES.c.pk)
    .where(listed(ARTICLES.c.pk, _HERE))
)
_PROGRESS = select(
    PROGRESS.c.article_pk, PROGRESS.c.annotator, PROGRESS.c.status, PROGRESS.c.flagged,
    PROGRESS.c.note,
).where(listed(PROGRESS.c.article_pk, _HERE))  # fmt: skip
_ROWS = ROWS_OF_ARTICLES.where(listed(SPANS.c.article_pk, _HERE))
_SPANS = (
    select(*SPAN_ROW_COLUMNS, SPANS.c.article_pk)
    .where(listed(SPANS.c.article_pk, _HERE))
    .order_by(SPANS.c.article_pk)
)
_RELATIONS = (
    select(*RELATION_COLUMNS, RELATIONS.c.article_pk)
    .where(listed(RELATIONS.c.article_pk, _HERE))
    .order_by(RELATIONS.c.article_pk, RELATIONS.c.head, RELATIONS.c.tail, RELATIONS.c.type, RELATIONS.c.id)
)


def _decisions(rows: Table) -> Select[Any]:
    return select(
        rows.c.suggestion, rows.c.annotator, rows.c.verdict, rows.c.made, rows.c.decided_at,
        rows.c.article_pk,
    ).where(listed(rows.c.article_pk, _HERE))  # fmt: skip


_SPAN_DECISIONS = _decisions(SPAN_DECISIONS)
_RELATION_DECISIONS = _decisions(RELATION_DECISIONS)


class Wanted(Struct, frozen=True):
    """What an export asks for."""

    suggestions: bool = False
    annotator: str | None = None
    statuses: frozenset[Status] = frozenset()
    articles: Sequence[str] | None = None
    only_suggestions: bool = False
    """Instead of anybody's labels every suggestion, as if nobody had decided on it."""


class _Labels(Struct):
    """What one annotator (or nobody: the suggestions) has in one article."""

    progress: Progress | None = None
    rows: list[Row] = []
    """Of spans, in no order."""
    usual: bool = True
    """Whether all of them can stay rows."""
    relations: list[Relation] = []
    decisions: list[Decision] = []


type _Found = dict[int, defaultdict[str | None, _Labels]]
"""Labels by article and annotator; those under None are the suggestions."""


def iter_labels(database: Database, wanted: Wanted) -> Generator[ArticleLabels]:
    """See :meth:`annotator.core.ports.Repository.iter_labels`. One moment of the file throughout."""
    with in_bulk(), database.reading() as connection:
        yield from _Reader(connection, wanted).lines()


class _Reader:
    """Reads batch after batch; the statements are narrowed to what is wanted once."""

    def __init__(self, connection: Connection, wanted: Wanted) -> None:
        self._connection = connection
        self._wanted = wanted
        self._identities = Identities(connection)
        self._check = SpanRowCheck()
        self._progress = self._mine(_PROGRESS, PROGRESS.c.annotator)
        self._spans = self._mine(_SPANS, SPANS.c.annotator, or_nobody=True)
        self._rows = self._mine(_ROWS, SPANS.c.annotator, or_nobody=True)
        self._relations = self._mine(_RELATIONS, RELATIONS.c.annotator, or_nobody=True)
        self._decisions = {
            Target.SPAN: self._mine(_SPAN_DECISIONS, SPAN_DECISIONS.c.annotator),
            Target.RELATION: self._mine(_RELATION_DECISIONS, RELATION_DECISIONS.c.annotator),
        }

    def _mine(
        self, statement: Select[Any], owner: ColumnElement[Any], or_nobody: bool = False
    ) -> Select[Any]:
        """The statement, for the wanted annotator's rows (and the suggestions if they are wanted)."""
        conditions = []
        if self._wanted.only_suggestions:
            return statement.where(owner.is_(None))
        if self._wanted.annotator is not None:
            conditions.append(owner == self._wanted.annotator)
            if or_nobody and self._wanted.suggestions:
                conditions.append(owner.is_(None))
        elif or_nobody and not self._wanted.suggestions:
            conditions.append(owner.is_not(None))
        return statement.where(or_(*conditions)) if conditions else statement

    def lines(self) -> Iterator[ArticleLabels]:
        """Every line, in order. While a batch is in use the next one is read: SQLite works beside Python."""
        numbers = self._numbers()
        with ThreadPoolExecutor(1, "export") as beside:  # waits at its end, also where something fails
            reading = beside.submit(self._batch, numbers, 0)
            while True:
                lines, after = reading.result()
                if after is None:
                    return
                reading = beside.submit(self._batch, numbers, after)
                yield from lines

    def _batch(self, numbers: Select[Any], after: int) -> tuple[list[ArticleLabels], int | None]:
        """The lines of the next articles, and the last one's number; None where there is none."""
        pks = list(self._connection.execute(numbers, {"after": after}).scalars())
        return (list(self._lines(pks)), last_of(pks, after)) if pks else ([], None)

    def _numbers(self) -> Select[Any]:
        """The next articles that may give a line."""
        wanted, pk = self._wanted, ARTICLES.c.pk
        statement = select(pk).where(pk > bindparam("after")).order_by(pk).limit(BATCH)
        if wanted.articles is not None:
            ids = json_of(list(wanted.articles))
            statement = statement.where(listed(ARTICLES.c.id, "ids")).params(ids=ids)
        if wanted.statuses and Status.NEW not in wanted.statuses:
            begun = select(PROGRESS.c.article_pk).where(PROGRESS.c.status.in_(wanted.statuses))
            if wanted.annotator is not None:
                begun = begun.where(PROGRESS.c.annotator == wanted.annotator)
            statement = statement.where(pk.in_(begun))
        return statement

    def _lines(self, pks: list[int]) -> Iterator[ArticleLabels]:
        found = self._found(pks)
        keys = [(pk, name) for pk in pks for name in self._names(found[pk])]
        articles = self._articles({pk for pk, _ in keys})
        if any(pk not in articles for pk, _ in keys):
            raise unreadable("an article's text", "it is not there")
        drafts = [self._line(*articles[pk], found[pk], name) for pk, name in keys]
        named = {actor for line in drafts for actor in _actors_of(line.spans)}
        identity = {each: self._identities.of(each) for each in named}
        actors = self._identities.load(identity.values()) if named else {}
        if not actors.keys() >= set(identity.values()):
            raise unreadable("an actor record", "it is not there")
        for line in drafts:
            mine = _actors_of(line.spans)
            if not mine:
                yield line
                continue
            meant = {identity[each] for each in mine}
            spans = line.spans
            if meant != mine:
                spans = tuple(
                    replace(each, actor=identity[each.actor]) if each.actor else each for each in spans
                )
            yield replace(line, spans=spans, actors=tuple(actors[each] for each in sorted(meant)))

    def _found(self, pks: list[int]) -> _Found:
        here = {_HERE: json_of(pks)}
        run = self._connection.execute
        found: _Found = {pk: defaultdict(_Labels) for pk in pks}
        for pk, name, status, flagged, note in run(self._progress, here):
            found[pk][name].progress = progress_of(status, flagged, note)
        check = self._check
        one_by_one = self._in_rows(pks, found)
        for row in (
            _fetched(self._connection, self._spans, {_HERE: json_of(one_by_one)}) if one_by_one else ()
        ):
            mine = found[row[-1]][row[11]]
            mine.rows.append(row)
            if not check(row):
                mine.usual = False
        for row in run(self._relations, here):
            relation = relation_of(row)
            found[row[-1]][relation.annotator].relations.append(relation)
        for target, statement in self._decisions.items():
            for row in run(statement, here):
                found[row[-1]][row[1]].decisions.append(decision_of(row, target))
        return found

    def _in_rows(self, pks: list[int], found: _Found) -> list[int]:
        """Take the spans of the articles all of which can stay rows; gives the other articles."""
        left = []
        try:
            rows_of = _fetched(self._connection, self._rows, {_HERE: json_of(pks)})
            for pk, confident, data in rows_of:
                rows: list[Row] = [] if confident else [*map(tuple, loads(data))]
                if confident or not all(map(self._check, rows)):
                    left.append(pk)
                    continue
                mine = found[pk]
                names = {row[11] for row in rows}
                for name in names:
                    mine[name].rows = [row for row in rows if row[11] == name] if len(names) > 1 else rows
        except (DBAPIError, sqlite3.Error, JSONDecodeError):
            # what is wrong with a row is told where it is read by itself
            for each in found.values():
                for own in each.values():
                    own.rows.clear()
            return pks
        return left

    def _names(self, labels: Mapping[str | None, _Labels]) -> list[str | None]:
        """Whose lines an article gives."""
        wanted = self._wanted
        if wanted.only_suggestions:
            return [None]
        names: list[str | None] = [*sorted(name for name in labels if name is not None)]
        if not names and wanted.annotator is None:
            names = [None]
        if not wanted.statuses:
            return names
        return [name for name in names if _progress_in(labels, name).status in wanted.statuses]

    def _articles(self, pks: Iterable[int]) -> dict[int, tuple[Article, Tokens | None]]:
        rows = self._connection.execute(_ARTICLES, {_HERE: json_of(list(pks))})
        return {
            row[-1]: (article_of(row), None if row[-2] is None else tokens_of(row[-3], row[-2]))
            for row in rows
        }

    def _line(
        self,
        article: Article,
        tokens: Tokens | None,
        labels: Mapping[str | None, _Labels],
        name: str | None,
    ) -> ArticleLabels:
        own = labels.get(name) or _Labels()
        relations = own.relations
        spans: Sequence[Span] = _spans_of(own)
        if self._wanted.suggestions and name is not None and None in labels:
            page = page_of(
                article,
                name,
                own.progress or Progress(),
                chain(spans, _spans_of(labels[None])),
                chain(relations, labels[None].relations),
                own.decisions,
                tokens,
            )
            spans, relations = _with_suggestions(page)
        return ArticleLabels(
            article=article,
            annotator=name,
            progress=_progress_in(labels, name),
            spans=spans if isinstance(spans, SpanRows) else tuple(spans),
            relations=tuple(relations),
            tokens=tokens,
        )


def _fetched(connection: Connection, statement: Select[Any], given: Mapping[str, Any]) -> list[Row]:
    """What a statement finds, as the driver gives it: with many rows its wrapping would take most time."""
    result = connection.execute(statement, given)
    cursor = result.cursor
    assert cursor is not None
    rows: list[Row] = list(cursor.fetchall())
    result.close()
    return rows


def _spans_of(labels: _Labels) -> Sequence[Span]:
    """The spans in the contract's order, as rows where they can be."""
    if labels.usual:
        return SpanRows([cast(Columns, row[:_WIDTH]) for row in labels.rows], sort=True)
    return tuple(sorted(map(span_of_row, labels.rows), key=lambda span: span.order))


def _actors_of(spans: Sequence[Span]) -> set[str]:
    """Ids of the actor records that spans mean."""
    if isinstance(spans, SpanRows):
        return {row[7] for row in spans.rows if row[7]}
    return {span.actor for span in spans if span.actor}


def _progress_in(labels: Mapping[str | None, _Labels], name: str | None) -> Progress:
    mine = labels.get(name)
    return (mine and mine.progress) or Progress()


def _with_suggestions(page: Page) -> tuple[list[Span], list[Relation]]:
    """An annotator's own labels, and the suggestions that did not become one, in order.

    What waits for a decision is suggested, what was turned down is rejected. A suggested relation
    joins what the annotator sees in place of its ends, or a rejected suggestion; where an end is
    neither, the relation cannot be written and is left out.
    """
    spans = {span.id: span for span in page.spans.values()}
    for span in page.suggestions.values():
        if _rejected(page, span.id):
            spans[span.id] = replace(span, state=State.REJECTED)
        elif page.is_open(span):
            spans[span.id] = span
    relations = list(page.relations.values())
    for relation in page.relation_suggestions.values():
        rejected = _rejected(page, relation.id)
        if relation.id in page.decisions and not rejected:
            continue
        head, tail = (
            each if _rejected(page, each) else page.stand_in(each) for each in (relation.head, relation.tail)
        )
        drawn = any(
            (own.type, own.head, own.tail) == (relation.type, head, tail)
            for own in page.relations_of(head or "")
        )
        if head in spans and tail in spans and head != tail and not drawn:
            state = State.REJECTED if rejected else State.SUGGESTED
            relations.append(replace(relation, head=head, tail=tail, state=state))
    return (
        sorted(spans.values(), key=lambda span: span.order),
        sorted(relations, key=lambda relation: relation.order),
    )


def _rejected(page: Page, suggestion: str) -> bool:
    decision = page.decisions.get(suggestion)
    return decision is not None and decision.verdict == Verdict.REJECTED
