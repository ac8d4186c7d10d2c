"""Reading articles with their labels: one page for the window, all of them for the export."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from typing import Any

from sqlalchemy import BindParameter, Connection, and_, bindparam, exists, func, or_, select

from annotator.core.model import (
    Article,
    Decision,
    Progress,
    Relation,
    Span,
    Status,
    Target,
)
from annotator.core.page import Page
from annotator.core.ports import SuggestJob
from annotator.core.tiers import CONFIDENT, RULES
from annotator.core.tokens import Tokens
from annotator.store.keys import article_pk
from annotator.store.rows import (
    ARTICLE_COLUMNS,
    RELATION_COLUMNS,
    SPAN_COLUMNS,
    article_of,
    check_types,
    decision_of,
    fragments_of,
    relation_of,
    span_of,
    tokens_of,
    unreadable,
)
from annotator.store.tables import (
    ARTICLES,
    PROGRESS,
    RELATION_DECISIONS,
    RELATIONS,
    SPAN_DECISIONS,
    SPANS,
    TEXTS,
    TOKENS,
)

_PK: BindParameter[Any] = bindparam("pk")
_WHO: BindParameter[Any] = bindparam("who")
_OWN = SPANS.alias("own")

# As Page.is_open says. A column is named so that the index alone answers; SELECT * would read the article.
IS_OPEN = and_(
    SPANS.c.annotator.is_(None),
    ~exists(SPAN_DECISIONS.c.annotator).where(
        SPAN_DECISIONS.c.article_pk == SPANS.c.article_pk,
        SPAN_DECISIONS.c.suggestion == SPANS.c.id,
        SPAN_DECISIONS.c.annotator == _WHO,
    ),
    ~exists(_OWN.c.annotator).where(
        _OWN.c.annotator == _WHO,
        _OWN.c.article_pk == SPANS.c.article_pk,
        _OWN.c.kind == SPANS.c.kind,
        _OWN.c.fragments == SPANS.c.fragments,
    ),
)
"""Whether a suggested span waits for the annotator ``who``."""

# As tiers.is_less_certain says; LIKE would not tell capital letters apart.
IS_CONFIDENT = or_(
    func.substr(SPANS.c.origin, 1, len(RULES)) != RULES,
    SPANS.c.confidence.is_(None),
    SPANS.c.confidence >= CONFIDENT,
)
"""Whether a suggested span is in sight while the less certain ones are hidden."""

_ONE_ARTICLE = (
    select(
        *ARTICLE_COLUMNS,
        TOKENS.c.source,
        TOKENS.c.data,
        PROGRESS.c.status,
        PROGRESS.c.flagged,
        PROGRESS.c.note,
    )
    .join_from(ARTICLES, TEXTS)
    .outerjoin(TOKENS, TOKENS.c.article_pk == ARTICLES.c.pk)
    .outerjoin(PROGRESS, and_(PROGRESS.c.annotator == _WHO, PROGRESS.c.article_pk == ARTICLES.c.pk))
    .where(ARTICLES.c.pk == _PK)
)
_VISIBLE_SPANS = select(*SPAN_COLUMNS).where(
    SPANS.c.article_pk == _PK, or_(SPANS.c.annotator.is_(None), SPANS.c.annotator == _WHO)
)
_VISIBLE_RELATIONS = select(*RELATION_COLUMNS).where(
    RELATIONS.c.article_pk == _PK,
    or_(RELATIONS.c.annotator.is_(None), RELATIONS.c.annotator == _WHO),
)
_OWN_DECISIONS = {
    target: select(rows.c.suggestion, rows.c.annotator, rows.c.verdict, rows.c.made, rows.c.decided_at)
    .where(rows.c.article_pk == _PK, rows.c.annotator == _WHO)
    for target, rows in ((Target.SPAN, SPAN_DECISIONS), (Target.RELATION, RELATION_DECISIONS))
}  # fmt: skip
_SUGGESTED_SPANS = select(*SPAN_COLUMNS).where(SPANS.c.article_pk == _PK, SPANS.c.annotator.is_(None))
_SUGGESTED_RELATIONS = select(*RELATION_COLUMNS).where(
    RELATIONS.c.article_pk == _PK, RELATIONS.c.annotator.is_(None)
)
_TOKENS_OF = select(TOKENS.c.source, TOKENS.c.data).where(TOKENS.c.article_pk == _PK)
_JOB = (
    select(ARTICLES.c.id, TEXTS.c.text, ARTICLES.c.language, ARTICLES.c.furniture)
    .join_from(ARTICLES, TEXTS)
    .where(ARTICLES.c.pk == _PK)
)


_TEXTS_AFTER = (
    select(ARTICLES.c.pk, ARTICLES.c.id, ARTICLES.c.title, TEXTS.c.text)
    .join_from(ARTICLES, TEXTS)
    .where(ARTICLES.c.pk > bindparam("after"))
    .order_by(ARTICLES.c.pk)
    .limit(100)
)


def texts_after(connection: Connection, after: int) -> list[tuple[int, str, str, str]]:
    """Number, id, title and text of the next hundred articles after a number."""
    rows = connection.execute(_TEXTS_AFTER, {"after": after}).all()
    for row in rows:
        check_types(row, (int, str, str, str), "an article")
    return [(pk, article, title, text) for pk, article, title, text in rows]


def load_page(connection: Connection, article: str, annotator: str) -> Page:
    """One article as one annotator sees it. Raises ProjectError if unknown, or beyond reading."""
    key = {"pk": article_pk(connection, article), "who": annotator}
    row = connection.execute(_ONE_ARTICLE, key).one_or_none()
    if row is None:
        raise unreadable("an article's text", "there is none")
    source, data, status, flagged, note = row[len(ARTICLE_COLUMNS) :]
    page = page_of(
        article_of(row),
        annotator,
        Progress() if status is None else progress_of(status, flagged, note),
        [span_of(each) for each in connection.execute(_VISIBLE_SPANS, key)],
        [relation_of(each) for each in connection.execute(_VISIBLE_RELATIONS, key)],
        [
            decision_of(each, target)
            for target, statement in _OWN_DECISIONS.items()
            for each in connection.execute(statement, key)
        ],
        None if data is None else tokens_of(source, data),
    )
    _check_within(page)
    return page


def _check_within(page: Page) -> None:
    """Raise ProjectError where something lies beyond the text: nothing of it could be drawn."""
    length = len(page.text)
    ends = [span.end for span in chain(page.spans.values(), page.suggestions.values())]
    ends += [end for _, end in page.article.furniture]
    if page.tokens is not None:
        ends += [max(page.tokens.ends, default=0), max(page.tokens.sentences, default=0)]
    if max(ends, default=0) > length:
        raise unreadable("a place in the article", f"{max(ends)} of {length} characters")


def page_of(
    article: Article,
    annotator: str,
    progress: Progress,
    spans: Iterable[Span],
    relations: Iterable[Relation],
    decisions: Iterable[Decision],
    tokens: Tokens | None,
) -> Page:
    """A page from its parts, own labels and suggestions still mixed."""
    page_spans, suggestions = _parted(spans)
    page_relations, relation_suggestions = _parted(relations)
    return Page(
        article=article,
        annotator=annotator,
        progress=progress,
        spans=page_spans,
        relations=page_relations,
        suggestions=suggestions,
        relation_suggestions=relation_suggestions,
        decisions={each.suggestion: each for each in decisions},
        tokens=tokens,
    )


def _parted[T: (Span, Relation)](records: Iterable[T]) -> tuple[dict[str, T], dict[str, T]]:
    own: dict[str, T] = {}
    suggested: dict[str, T] = {}
    for each in records:
        (suggested if each.annotator is None else own)[each.id] = each
    return own, suggested


def progress_of(status: str, flagged: int, note: str | None) -> Progress:
    """An annotator's progress from its columns. Raises ProjectError."""
    check_types((status, flagged, note), (str, int, str | None), "the progress")
    try:
        return Progress(Status(status), bool(flagged), note)
    except ValueError as error:
        raise unreadable("the progress", error) from error


def suggestion_page(connection: Connection, article: str) -> tuple[list[Span], list[Relation], Tokens | None]:
    """An article's suggestions and tokens."""
    key = {"pk": article_pk(connection, article)}
    tokens = connection.execute(_TOKENS_OF, key).one_or_none()
    return (
        [span_of(row) for row in connection.execute(_SUGGESTED_SPANS, key)],
        [relation_of(row) for row in connection.execute(_SUGGESTED_RELATIONS, key)],
        None if tokens is None else tokens_of(*tokens),
    )


def suggest_job(connection: Connection, article: str) -> SuggestJob:
    """What the worker needs of one article. Raises ProjectError."""
    row = connection.execute(_JOB, {"pk": article_pk(connection, article)}).one_or_none()
    check_types(row or (None,), (str, str, str | None, str), "an article")
    assert row is not None
    return SuggestJob(row[0], row[1], row[2], fragments_of(row[3]))
