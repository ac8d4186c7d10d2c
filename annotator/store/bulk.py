"""Finding the open suggestions of all articles that are decided together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, func, select

from annotator.core.alike import Alike, plain
from annotator.core.model import Article, Progress
from annotator.core.page import Page
from annotator.core.text import slice_of
from annotator.store.reading import IS_OPEN, progress_of
from annotator.store.rows import SPAN_COLUMNS, span_of
from annotator.store.tables import ARTICLES, PROGRESS, SPANS, TEXTS

_WHO: BindParameter[Any] = bindparam("who")
_WORDS = func.substr(TEXTS.c.text, SPANS.c.start + 1, SPANS.c.end - SPANS.c.start)

_OPEN = (
    select(
        *SPAN_COLUMNS,
        _WORDS,
        ARTICLES.c.id,
        ARTICLES.c.title,
        PROGRESS.c.status,
        PROGRESS.c.flagged,
        PROGRESS.c.note,
    )
    .join_from(SPANS, ARTICLES, ARTICLES.c.pk == SPANS.c.article_pk)
    .join(TEXTS, TEXTS.c.article_pk == SPANS.c.article_pk)
    .outerjoin(PROGRESS, and_(PROGRESS.c.annotator == _WHO, PROGRESS.c.article_pk == SPANS.c.article_pk))
    .where(IS_OPEN)
    .order_by(SPANS.c.article_pk)
)


def open_alike(connection: Connection, annotator: str, wanted: Alike) -> Iterator[Page]:
    """Every article with open suggestions of equal kind, label and text, in import order.

    The pages hold these suggestions, the annotator's progress and nothing else, not even the text: enough
    to plan the decision on them.
    """
    statement = _OPEN.where(SPANS.c.kind == str(wanted.kind), SPANS.c.label == wanted.label)
    rows = connection.execute(statement, {"who": annotator}).all()
    return _pages(annotator, (row for row in rows if _reads(row) == wanted.text))


def open_above(connection: Connection, annotator: str, least: float) -> Iterator[Page]:
    """Every article with open suggested spans of at least a confidence (0 to 1), as :func:`open_alike`."""
    rows = connection.execute(_OPEN.where(SPANS.c.confidence >= least), {"who": annotator}).all()
    return _pages(annotator, iter(rows))


def _reads(row: Any) -> str:
    """The suggestion's text; the row has what lies between its outer edges."""
    span = span_of(row)
    words: str = row[len(SPAN_COLUMNS)]
    return plain(slice_of(words, [(start - span.start, end - span.start) for start, end in span.fragments]))


def _pages(annotator: str, rows: Iterator[Any]) -> Iterator[Page]:
    width = len(SPAN_COLUMNS) + 1
    for article, group in groupby(rows, key=itemgetter(width)):
        found = list(group)
        title, status, flagged, note = found[0][width + 1 :]
        yield Page(
            Article(id=article, text="", sha256="", title=title),
            annotator,
            Progress() if status is None else progress_of(status, flagged, note),
            suggestions={span.id: span for span in map(span_of, found)},
        )
