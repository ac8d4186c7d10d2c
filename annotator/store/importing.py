"""Adding articles with their labels, many at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import batched, chain
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Insert, func, insert, select, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.dialects.sqlite import insert as upsert

from annotator.core.errors import ProjectError
from annotator.core.model import ActorRecord, Article, Decision, Relation, Span
from annotator.core.ports import Furnish, NewArticle
from annotator.core.records import replace
from annotator.store.actors import add_actor
from annotator.store.batches import Batch, put_rows
from annotator.store.keys import article_pk, note_annotators
from annotator.store.rows import (
    article_values,
    decision_values,
    json_of,
    relation_values,
    span_values,
    tokens_blob,
)
from annotator.store.search import INSERT as INSERT_WORDS
from annotator.store.tables import ARTICLES, DECISIONS, PROGRESS, RELATIONS, SPANS, TEXTS, TOKENS, listed

_BATCH = 200
_CHARACTERS = 1_000_000
"""Articles that are added together, or fewer that have so many characters."""
_LOOKUP = 5000
_TOGETHER = (1000, _BATCH, 50)
"""Rows of one statement, where there are so many."""
_MOST_VALUES = 32_766
"""Of one statement, by SQLite's own limit."""

_KNOWN_TEXTS = select(ARTICLES.c.sha256, ARTICLES.c.id).where(listed(ARTICLES.c.sha256, "these"))
_KNOWN_IDS = select(ARTICLES.c.id).where(listed(ARTICLES.c.id, "these"))


def known_texts(connection: Connection, hashes: Iterable[str]) -> dict[str, str]:
    """Article ids by SHA-256, of those hashes that are in the project."""
    return {
        row[0]: row[1]
        for these in batched(hashes, _LOOKUP)
        for row in connection.execute(_KNOWN_TEXTS, {"these": json_of(these)})
    }


def known_ids(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Those of the article ids that are in the project."""
    return {
        found
        for these in batched(ids, _LOOKUP)
        for found in connection.execute(_KNOWN_IDS, {"these": json_of(these)}).scalars()
    }


def in_batches(articles: Iterable[NewArticle]) -> Iterator[Batch]:
    """Articles as they are added: some at a time, of which each is read when it is wanted."""
    batch: list[NewArticle] = []
    characters = 0
    for each in articles:
        batch.append(each)
        characters += len(each.article.text)
        if len(batch) == _BATCH or characters >= _CHARACTERS:
            yield Batch.of(batch)
            batch, characters = [], 0
    if batch:
        yield Batch.of(batch)


def add_batches(
    connection: Connection,
    batches: Iterable[Batch],
    actors: Iterable[ActorRecord],
    furnish: Furnish | None = None,
) -> int:
    """Add articles after those that are there, a batch at a time. Gives their number.

    One that is ``present`` only gets the labels that come with it, and is not counted. The actor
    records are taken after the last article, so that a reader may collect them as it goes along.
    Raises ProjectError for a new article whose id or text is in the project already, and for a
    present one that is not. ``furnish``: what finds the furniture of those that are not furnished.

    While SQLite takes one batch, the next one is made: SQLite works beside Python.
    """
    last = connection.execute(select(func.max(ARTICLES.c.pk))).scalar() or 0
    pk = last
    adding: Future[None] | None = None
    with ThreadPoolExecutor(1, "import") as beside:  # waits at its end, also where something fails
        for batch in batches if furnish is None else (furnished(each, furnish) for each in batches):
            if adding is not None:
                adding.result()
            adding = beside.submit(_add_batch, connection, batch, pk)
            pk += sum(not each.present for each in batch.articles)
        if adding is not None:
            adding.result()
    for actor in actors:
        add_actor(connection, actor)
    return pk - last


def furnished(batch: Batch, furnish: Furnish) -> Batch:
    """The batch with the furniture of all its articles."""
    if all(each.furnished for each in batch.articles):
        return batch
    articles = [
        each
        if each.furnished
        else replace(
            each,
            article=replace(each.article, furniture=furnish(each.article.text, each.article.title)),
            furnished=True,
        )
        for each in batch.articles
    ]
    return replace(batch, articles=articles)


def _add_batch(connection: Connection, batch: Batch, pk: int) -> None:
    """Add articles with what belongs to them, the new ones numbered from ``pk`` + 1 on."""
    new = [each for each in batch.articles if not each.present]
    _refuse_known(connection, new)
    of_new = {each.article.id: nth for nth, each in enumerate(new, pk + 1)}
    _add_articles(connection, [(of_new[each.article.id], each.article) for each in new])
    numbers = [
        article_pk(connection, each.article.id) if each.present else of_new[each.article.id]
        for each in batch.articles
    ]
    _add_labels(connection, numbers, batch)


def _refuse_known(connection: Connection, batch: Sequence[NewArticle]) -> None:
    ids = known_ids(connection, (each.article.id for each in batch))
    texts = known_texts(connection, (each.article.sha256 for each in batch))
    for new in batch:
        article = new.article
        if article.id in ids or article.sha256 in texts:
            what = "an article with this id" if article.id in ids else "this text"
            raise ProjectError(
                f"{what} is in the project already",
                where=article.title or article.id,
                cure="Leave it out",
            )
        ids.add(article.id)
        texts[article.sha256] = article.id


class _Rows:
    """Runs an insert of one row for many, a lot of them with each statement.

    Other threads can go on meanwhile, which they hardly can where each row is a step of its own.
    """

    def __init__(self, statement: str) -> None:
        head, values, one = statement.partition("VALUES (")
        row, end, more = one.partition(")")
        self._statement = statement
        self._several = [
            (number, head + values + row + end + f", ({row})" * (number - 1) + more)
            for number in _TOGETHER
            if number * (row.count(",") + 1) <= _MOST_VALUES
        ]

    def put(self, connection: Connection, rows: Sequence[tuple[Any, ...]]) -> int:
        """Insert rows with the statement's values in order. Gives how many could not be."""
        cursor = connection.connection.cursor()
        at = put = 0
        for number, together in self._several:
            while len(rows) - at >= number:
                cursor.execute(together, [*chain.from_iterable(rows[at : at + number])])
                put += cursor.rowcount
                at += number
        if at < len(rows):
            cursor.executemany(self._statement, rows[at:])
            put += cursor.rowcount
        cursor.close()
        return len(rows) - put


class _Bulk:
    """Runs one insert for many rows, without SQLAlchemy's work for each of them."""

    def __init__(self, statement: Insert) -> None:
        compiled = statement.compile(dialect=sqlite.dialect())
        assert compiled.positiontup is not None
        self._in_order = itemgetter(*compiled.positiontup)
        self._rows = _Rows(str(compiled))

    def put(self, connection: Connection, values: Iterable[dict[str, Any]]) -> int:
        """Insert rows, each given as column name → value. Gives how many could not be."""
        return self._rows.put(connection, [self._in_order(each) for each in values])


_PUT_ARTICLES = _Bulk(insert(ARTICLES))
_PUT_TEXTS = _Bulk(insert(TEXTS))
_PUT_WORDS = _Rows(INSERT_WORDS)
_PUT_TOKENS = _Bulk(upsert(TOKENS).on_conflict_do_nothing())
_put_progress = upsert(PROGRESS)
_PUT_PROGRESS = _Bulk(
    # Only over a progress that says nothing.
    _put_progress.on_conflict_do_update(
        index_elements=["annotator", "article_pk"],
        set_={name: _put_progress.excluded[name] for name in ("status", "flagged", "note", "kept")},
        where=text("progress.status = 'new' AND progress.flagged = 0 AND progress.note IS NULL"),
    )
)
_PUT_SPANS = _Bulk(insert(SPANS))
_PUT_RELATIONS = _Bulk(insert(RELATIONS))
_PUT_DECISIONS = {target: _Bulk(insert(rows)) for target, rows in DECISIONS.items()}


def _add_articles(connection: Connection, batch: Sequence[tuple[int, Article]]) -> None:
    if batch:
        _PUT_ARTICLES.put(connection, (article_values(pk, article) for pk, article in batch))
        _PUT_TEXTS.put(connection, ({"article_pk": pk, "text": article.text} for pk, article in batch))
        _PUT_WORDS.put(connection, [(pk, article.title, article.text) for pk, article in batch])


def _add_labels(connection: Connection, numbers: Sequence[int], labels: Batch) -> None:
    batch = [*zip(numbers, labels.articles, strict=True)]
    note_annotators(connection, sorted({name for _, new in batch for name in _people(new)}))
    _PUT_TOKENS.put(
        connection,
        (
            {"article_pk": pk, "source": new.tokens.source, "data": tokens_blob(new.tokens)}
            for pk, new in batch
            if new.tokens is not None
        ),
    )
    taken = _PUT_PROGRESS.put(
        connection,
        (
            {
                "annotator": name,
                "article_pk": pk,
                "status": progress.status.value,
                "flagged": int(progress.flagged),
                "note": progress.note,
                "kept": 1,
            }
            for pk, new in batch
            for name, progress in new.progress.items()
        ),
    )
    if taken:
        raise ProjectError(
            "somebody whose labels are to be added has begun with the article already",
            cure="Leave their labels out, or add them to another project",
        )
    put_rows(connection, numbers, labels)
    _PUT_SPANS.put(connection, (span_values(pk, each) for pk, new in batch for each in new.spans))
    _PUT_RELATIONS.put(connection, (relation_values(pk, each) for pk, new in batch for each in new.relations))
    for target, bulk in _PUT_DECISIONS.items():
        bulk.put(
            connection,
            (
                decision_values(pk, each)
                for pk, new in batch
                for each in new.decisions
                if each.target == target
            ),
        )


def _people(new: NewArticle) -> Iterator[str]:
    yield from new.progress  # also of whoever has the spans that are rows
    records: tuple[Span | Relation | Decision, ...] = (*new.spans, *new.relations, *new.decisions)
    yield from (each.annotator for each in records if each.annotator is not None)
