"""The spans behind actor records, over all articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import batched, groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, func, select

from annotator.core.actor_ports import Mention
from annotator.core.model import Article, Kind, Progress, Span
from annotator.core.names import plain
from annotator.core.page import Page
from annotator.core.text import slice_of
from annotator.store.reading import IS_OPEN, progress_of
from annotator.store.rows import SPAN_COLUMNS, check_types, fragments_of, json_of, span_of
from annotator.store.tables import ARTICLES, PROGRESS, SPANS, TEXTS, listed

_BATCH = 200
CONTEXT = 60
"""Code points of the article before and after a mention."""
_WHO: BindParameter[Any] = bindparam("who")
_PER_ARTICLE = (
    select(SPANS.c.article_pk, func.count())
    .where(listed(SPANS.c.actor, "actors"), SPANS.c.annotator.is_not(None))
    .group_by(SPANS.c.article_pk)
    .order_by(SPANS.c.article_pk)
)
_IN_ARTICLES = (
    select(*SPAN_COLUMNS, SPANS.c.article_pk)
    .where(listed(SPANS.c.actor, "actors"), listed(SPANS.c.article_pk, "pks"), SPANS.c.annotator.is_not(None))
    .order_by(SPANS.c.article_pk, SPANS.c.start, SPANS.c.end.desc(), SPANS.c.id)
)
_TEXTS = select(ARTICLES.c.pk, ARTICLES.c.id, ARTICLES.c.title, TEXTS.c.text).join_from(ARTICLES, TEXTS)
_COUNTS = (
    select(SPANS.c.actor, func.count())
    .where(SPANS.c.actor.is_not(None), SPANS.c.annotator.is_not(None))
    .group_by(SPANS.c.actor)
)
_TEXTS_BY_PK = _TEXTS.where(listed(ARTICLES.c.pk, "pks"))
# The indexes of own spans and of suggestions hold all of this: no row of a span is read.
_PLACES = (
    select(SPANS.c.article_pk, SPANS.c.id, SPANS.c.fragments)
    .where(SPANS.c.kind == str(Kind.ACTOR))
    .order_by(SPANS.c.article_pk)
)
_ARTICLE = len(SPAN_COLUMNS)
"""Where the article's id stands in a row of the following."""
_WITH_PROGRESS = (
    select(
        *SPAN_COLUMNS, ARTICLES.c.id, ARTICLES.c.title, PROGRESS.c.status, PROGRESS.c.flagged, PROGRESS.c.note
    )
    .join_from(SPANS, ARTICLES, ARTICLES.c.pk == SPANS.c.article_pk)
    .outerjoin(PROGRESS, and_(PROGRESS.c.annotator == _WHO, PROGRESS.c.article_pk == SPANS.c.article_pk))
    .order_by(SPANS.c.article_pk)
)

_FOUND = _WITH_PROGRESS.add_columns(SPANS.c.article_pk).where(
    listed(SPANS.c.article_pk, "pks"), listed(SPANS.c.id, "ids")
)


def mentions(
    connection: Connection, actors: Iterable[str], annotator: str | None, offset: int, limit: int
) -> list[Mention]:
    """Own spans that name one of the records, by article in import order and place in the text."""
    named = {"actors": json_of(sorted(actors))}
    per_article, in_articles = _PER_ARTICLE, _IN_ARTICLES
    if annotator is not None:
        per_article = per_article.where(SPANS.c.annotator == annotator)
        in_articles = in_articles.where(SPANS.c.annotator == annotator)
    pks: list[int] = []
    passed = before = 0
    for pk, count in connection.execute(per_article, named):
        if passed + count > offset and passed < offset + limit:
            if not pks:
                before = passed
            pks.append(pk)
        passed += count
    here = {"pks": json_of(pks)}
    rows = connection.execute(in_articles, named | here).all()[offset - before :][:limit]
    wanted = {"pks": json_of(sorted({row[-1] for row in rows}))}
    texts = {row[0]: row[1:] for row in _texts(connection, wanted)}
    return [_mention(span_of(row), *texts[row[-1]]) for row in rows if row[-1] in texts]


def _texts(connection: Connection, which: dict[str, str]) -> Sequence[Any]:
    rows = connection.execute(_TEXTS_BY_PK, which).all()
    for row in rows:
        check_types(row, (int, str, str, str), "an article")
    return rows


def _mention(span: Span, article: str, title: str, text: str) -> Mention:
    before = " ".join(text[max(0, span.start - CONTEXT - 1) : span.start].split("\n"))
    after = " ".join(text[span.end : span.end + CONTEXT + 1].split("\n"))
    return Mention(
        article,
        title,
        span.id,
        span.annotator or "",
        _from_word(before) if len(before) > CONTEXT else before,
        " ".join(slice_of(text, span.fragments).split()),
        _to_word(after) if len(after) > CONTEXT else after,
        span.start,
        span.end,
        span.actor or "",
    )


def _from_word(text: str) -> str:
    """The text without the word that it begins within."""
    return text[text.index(" ") + 1 :] if " " in text[:-1] else text[1:]


def _to_word(text: str) -> str:
    """The text without the word that it ends within."""
    return text[: text.rindex(" ")] if " " in text[1:] else text[:-1]


def mention_counts(connection: Connection, annotator: str | None) -> dict[str, int]:
    """By id of the records: how many own spans name them."""
    statement = _COUNTS if annotator is None else _COUNTS.where(SPANS.c.annotator == annotator)
    return {row[0]: row[1] for row in connection.execute(statement)}


def spans_of(
    connection: Connection, annotator: str, actors: Iterable[str], ids: Sequence[str] | None
) -> list[Page]:
    """The annotator's spans that name one of the records, of those ids or all, by article in import order.

    The pages hold these spans and the annotator's progress and nothing else, not even the text.
    """
    statement = _WITH_PROGRESS.where(listed(SPANS.c.actor, "actors"), SPANS.c.annotator == _WHO)
    given = {"who": annotator, "actors": json_of(sorted(actors))}
    if ids is not None:
        statement = statement.where(listed(SPANS.c.id, "ids"))
        given["ids"] = json_of(sorted(ids))
    return list(_pages(annotator, connection.execute(statement, given).all()))


def spans_reading(connection: Connection, annotator: str, words: str, *, suggestions: bool) -> list[Page]:
    """The annotator's actor spans, and the open suggested ones if wanted, that read like ``words``.

    ``words`` are as :func:`annotator.core.names.plain` gives them. Pages as of :func:`spans_of`.
    """
    places = list(connection.execute(_PLACES.where(SPANS.c.annotator == _WHO), {"who": annotator}))
    if suggestions:
        places += connection.execute(_PLACES.where(IS_OPEN), {"who": annotator})
        places.sort(key=itemgetter(0))
    found = set(_reading(connection, places, words))
    given = {"who": annotator, "pks": json_of(sorted({pk for pk, _ in found}))}
    given["ids"] = json_of(sorted({span for _, span in found}))
    rows = connection.execute(_FOUND, given).all()
    return list(_pages(annotator, [row for row in rows if (row[-1], row[0]) in found]))


def _reading(connection: Connection, places: Sequence[Any], words: str) -> Iterator[tuple[int, str]]:
    """Article's number and id of the spans that read like the words; texts are read in batches."""
    articles = [(pk, list(group)) for pk, group in groupby(places, key=itemgetter(0))]
    for batch in batched(articles, _BATCH):
        here = {"pks": json_of([pk for pk, _ in batch])}
        texts = {row[0]: row[3] for row in _texts(connection, here)}
        for pk, group in batch:
            text = texts.get(pk, "")
            for _, span, fragments in group:
                if plain(slice_of(text, fragments_of(fragments))) == words:
                    yield pk, span


def _pages(annotator: str, rows: Sequence[Any]) -> Iterator[Page]:
    for article, group in groupby(rows, key=itemgetter(_ARTICLE)):
        found = list(group)
        title, status, flagged, note = found[0][_ARTICLE + 1 : _ARTICLE + 5]
        spans = [span_of(row) for row in found]
        yield Page(
            Article(id=article, text="", sha256="", title=title),
            annotator,
            Progress() if status is None else progress_of(status, flagged, note),
            spans={span.id: span for span in spans if not span.is_suggestion},
            suggestions={span.id: span for span in spans if span.is_suggestion},
        )
