"""Looking for everything that is wrong with a project file and its labels.

A required attribute counts as a problem where its annotator has called the article done; before that,
the window shows what is still to be filled in, and nothing is wrong.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, and_, bindparam, func, or_, select
from sqlalchemy.exc import DBAPIError

from annotator.core.codebook import Attribute, Codebook
from annotator.core.errors import AnnotatorError, Place, Problem, ProjectError
from annotator.core.model import Article, Kind, Relation, Span, Status
from annotator.core.pending import missing, required_of
from annotator.core.records import replace
from annotator.core.text import excerpt, sha256_of, slice_of
from annotator.core.validate import relation_problems, span_problems
from annotator.store.actor_tables import ACTORS, REFUSALS
from annotator.store.checking_actors import actor_problems
from annotator.store.codebooks import load_codebook
from annotator.store.database import Database
from annotator.store.rows import (
    ARTICLE_COLUMNS,
    RELATION_COLUMNS,
    SPAN_COLUMNS,
    article_of,
    json_of,
    last_of,
    relation_of,
    span_of,
    tokens_of,
)
from annotator.store.tables import (
    ARTICLES,
    EVIDENCE,
    PROGRESS,
    RELATION_DECISIONS,
    RELATIONS,
    SPAN_DECISIONS,
    SPANS,
    TEXTS,
    TOKENS,
    listed,
)

_BATCH = 200
_QUOTED = 60
"""Characters of a label that its problem quotes."""
_STEPS = 100_000
"""Instructions of SQLite's machine between two looks whether to go on."""
_RESTORE = "Restore a backup of the project"

_ALL_ARTICLES = (
    select(*ARTICLE_COLUMNS, TOKENS.c.source, TOKENS.c.data, ARTICLES.c.pk)
    .outerjoin_from(ARTICLES, TEXTS)
    .outerjoin(TOKENS, TOKENS.c.article_pk == ARTICLES.c.pk)
    .where(ARTICLES.c.pk > bindparam("after"))
    .order_by(ARTICLES.c.pk)
    .limit(_BATCH)
)
_SOME_ARTICLES = _ALL_ARTICLES.where(listed(ARTICLES.c.id, "ids"))
_DONE = select(PROGRESS.c.annotator, PROGRESS.c.article_pk).where(
    PROGRESS.c.status == str(Status.DONE), listed(PROGRESS.c.article_pk, "pks")
)
_COUNT = select(func.count()).select_from(ARTICLES)
_ACTORS = select(ACTORS.c.id)
_SPANS = select(*SPAN_COLUMNS, SPANS.c.start, SPANS.c.end, SPANS.c.article_pk).where(
    listed(SPANS.c.article_pk, "pks")
)
_RELATIONS = select(*RELATION_COLUMNS, RELATIONS.c.article_pk).where(listed(RELATIONS.c.article_pk, "pks"))
_DECISIONS = {
    what: select(rows.c.suggestion, rows.c.annotator, rows.c.made, rows.c.article_pk).where(
        listed(rows.c.article_pk, "pks")
    )
    for what, rows in (("span", SPAN_DECISIONS), ("relation", RELATION_DECISIONS))
}

_STRAY_EVIDENCE = (
    select(EVIDENCE.c.suggestion, SPANS.c.kind, SPANS.c.annotator)
    .outerjoin_from(
        EVIDENCE,
        SPANS,
        and_(SPANS.c.article_pk == EVIDENCE.c.article_pk, SPANS.c.id == EVIDENCE.c.suggestion),
    )
    .where(or_(SPANS.c.id.is_(None), SPANS.c.kind != str(Kind.CLAIM), SPANS.c.annotator.is_not(None)))
)


def check(
    database: Database,
    *,
    quick: bool = False,
    articles: Sequence[str] | None = None,
    progress: Callable[[int, int], bool] | None = None,
) -> Iterator[Problem]:
    """Problems one by one, of the file first, then article by article.

    ``quick``: only the file's pages and references, not its indexes, texts and labels. ``articles``: only
    these articles (by id) and their labels, not the file. ``progress`` is told (articles done, of how many)
    and ends the check early by giving False.
    """
    try:
        with database.reading() as connection:
            total = len(articles) if articles is not None else connection.execute(_COUNT).scalar_one()
            so_far = _SoFar(total, progress)
            if articles is not None:
                yield from _label_problems(connection, so_far, articles)
                return
            yield from _file_problems(connection, str(database.path), so_far, quick=quick)
            if not quick and so_far.goes_on():
                yield from _label_problems(connection, so_far)
                if so_far.goes_on():
                    yield from actor_problems(connection, load_codebook(connection))
                    yield from _evidence_problems(connection)
    except AnnotatorError as error:
        # So damaged that it cannot be read any further.
        yield replace(error.problem, rule=error.problem.rule or "file")


class _SoFar:
    """How far a check is, and whether it is to go on."""

    def __init__(self, total: int, progress: Callable[[int, int], bool] | None) -> None:
        self.done = 0
        self._total = total
        self._progress = progress

    def goes_on(self) -> bool:
        """Tell how far it is; False where that is enough."""
        return self._progress is None or self._progress(self.done, self._total)

    @contextmanager
    def watching(self, connection: Connection) -> Iterator[None]:
        """Have SQLite ask now and then, which takes long over one statement; it then ends quietly."""
        driver = connection.connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        driver.set_progress_handler(lambda: not self.goes_on(), _STEPS)
        try:
            yield
        except DBAPIError as error:
            if getattr(error.orig, "sqlite_errorcode", 0) != sqlite3.SQLITE_INTERRUPT:
                raise
        finally:
            driver.set_progress_handler(None, 0)


def _file_problems(connection: Connection, where: str, so_far: _SoFar, *, quick: bool) -> Iterator[Problem]:
    with so_far.watching(connection):
        yield from _damage(connection, where, quick=quick)


def _damage(connection: Connection, where: str, *, quick: bool) -> Iterator[Problem]:
    for (line,) in connection.exec_driver_sql(f"PRAGMA {'quick_check' if quick else 'integrity_check'}"):
        if line != "ok":
            yield Problem(f"the file is damaged: {line}", where, _RESTORE, "file")
    for child, _, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        if parent == ACTORS.name and child != REFUSALS.name and not quick:
            continue  # told with the label or record
        wrong = f"a row of {child} refers to one of {parent} that is not there"
        yield Problem(wrong, where, _RESTORE, "file")


def _label_problems(
    connection: Connection, so_far: _SoFar, articles: Sequence[str] | None = None
) -> Iterator[Problem]:
    rules = _Rules(load_codebook(connection), frozenset(connection.execute(_ACTORS).scalars()))
    which = {} if articles is None else {"ids": json_of(list(articles))}
    statement = _ALL_ARTICLES if articles is None else _SOME_ARTICLES
    after = 0
    while True:
        rows = connection.execute(statement, {"after": after, **which}).all()
        if not rows:
            return
        after = last_of([row[-1] for row in rows], after)
        here = {"pks": json_of([row[-1] for row in rows])}
        spans = _by_article(connection, _SPANS, here)
        relations = _by_article(connection, _RELATIONS, here)
        decisions = {what: _by_article(connection, statement, here) for what, statement in _DECISIONS.items()}
        done = _by_article(connection, _DONE, here)
        for row in rows:
            pk, title = row[-1], row[3] or row[0]
            yield from _article_problems(row, title)
            found = _Labels(rules, row, title, frozenset(name for name, _ in done[pk]))
            yield from found.spans(spans[pk])
            yield from found.relations(relations[pk])
            yield from found.decisions("span", decisions["span"][pk], found.span_by_id)
            yield from found.decisions("relation", decisions["relation"][pk], found.relation_by_id)
        so_far.done += len(rows)
        if not so_far.goes_on():
            return


def _evidence_problems(connection: Connection) -> Iterator[Problem]:
    for suggestion, kind, annotator in connection.execute(_STRAY_EVIDENCE):
        whose = "nothing" if kind is None else f"a {kind}" if annotator is None else "somebody's label"
        wrong = f"evidence is kept about {whose}, not about a suggested claim"
        yield Problem(wrong, f"span {suggestion}", _RESTORE, "evidence", Place(span=suggestion))


def _by_article(connection: Connection, statement: Any, here: dict[str, str]) -> defaultdict[int, list[Any]]:
    found = defaultdict[int, list[Any]](list)
    for row in connection.execute(statement, here):
        found[row[-1]].append(row)
    return found


def _article_problems(row: Any, title: str) -> Iterator[Problem]:
    place = Place(article=row[0], title=title)

    def wrong(what: str, rule: str, cure: str = _RESTORE) -> Problem:
        return Problem(what, title, cure, rule, place)

    if row[1] is None:
        yield wrong("the article has no text", "text")
        return
    try:
        article: Article = article_of(row)
        tokens = None if row[-2] is None else tokens_of(row[-3], row[-2])
    except ProjectError as error:
        yield replace(error.problem, where=title, rule="unreadable", place=place)
        return
    length = len(article.text)
    if sha256_of(article.text) != article.sha256:
        yield wrong("the text is not the one that was imported", "text")
    if any(not 0 <= start < end <= length for start, end in article.furniture):
        yield wrong("its furniture lies beyond the text", "furniture", "Mark the paragraphs again")
    if tokens is not None and max(tokens.ends, default=0) > length:
        yield wrong("its tokens lie beyond the text", "tokens", "Run the suggestions again")


class _Rules:
    """What the labels of all articles are held against."""

    def __init__(self, codebook: Codebook, actors: frozenset[str]) -> None:
        self.codebook = codebook
        self.actors = actors
        self.required = {kind: required_of(codebook.attributes_of(kind)) for kind in Kind}
        self.required_of_relations = required_of(codebook.relation_attributes())


class _Labels:
    """The labels of one article, checked kind after kind; ``done``: who has called it done."""

    def __init__(self, rules: _Rules, row: Any, title: str, done: frozenset[str]) -> None:
        self._rules = rules
        self._article = row[0]
        self._text = row[1] if isinstance(row[1], str) else ""
        self._title = title
        self._done = done
        self.span_by_id: dict[str, Span] = {}
        self.relation_by_id: dict[str, Relation] = {}

    def _of(self, record: Span | Relation, what: str, rule: str, cure: str = _RESTORE) -> Problem:
        kind = "span" if isinstance(record, Span) else "relation"
        place = Place(**{kind: record.id}, annotator=record.annotator or "")
        return self._here(Problem(what, f"{kind} {record.id}", cure, rule, place))

    def _here(self, problem: Problem) -> Problem:
        place = replace(problem.place, article=self._article, title=self._title)
        relation = self.relation_by_id.get(place.relation)
        span = self.span_by_id.get(relation.head if relation is not None else place.span)
        if span is not None:
            place = replace(place, words=excerpt(slice_of(self._text, span.fragments), _QUOTED))
        return replace(problem, where=f"{self._title}, {problem.where}", place=place)

    def _built[T](self, build: Callable[[Any], T], row: Any, kind: str) -> Iterator[T | Problem]:
        try:
            yield build(row)
        except ProjectError as error:
            where, place = f"{kind} {row[0]}", Place(**{kind: str(row[0])})
            yield self._here(replace(error.problem, where=where, rule="unreadable", place=place))

    def _missing(self, record: Span | Relation, required: Sequence[Attribute]) -> Iterator[Problem]:
        if required and record.annotator in self._done:
            for each in missing(record, required):
                wrong = f"the required attribute {each.title or each.name} is missing"
                cure = f"{record.annotator} called the article done: fill it in"
                yield self._of(record, wrong, "missing", cure)

    def spans(self, rows: list[Any]) -> Iterator[Problem]:
        """Fragments, labels, attributes, and the columns that repeat the outer edges."""
        rules = self._rules
        for row in rows:
            for span in self._built(span_of, row, "span"):
                if isinstance(span, Problem):
                    yield span
                    continue
                self.span_by_id[span.id] = span
                for problem in span_problems(span, self._text, rules.codebook):
                    yield self._here(problem)
                if span.fragments and (span.start, span.end) != (row[-3], row[-2]):
                    yield self._of(span, "its start and end are not its fragments'", "fragments")
                if span.actor is not None and span.actor not in rules.actors:
                    wrong = f"its actor record {span.actor!r} is not there"
                    yield self._of(span, wrong, "actor", "Link it to another record, or restore a backup")
                yield from self._missing(span, rules.required[span.kind])
        for span in self.span_by_id.values():
            if span.suggestion is not None and span.suggestion not in self.span_by_id:
                yield self._of(span, "the suggestion it was made from is gone", "suggestion")

    def relations(self, rows: list[Any]) -> Iterator[Problem]:
        """Types, ends and rules; an own relation joins own spans, a suggested one suggestions."""
        rules = self._rules
        for row in rows:
            for relation in self._built(relation_of, row, "relation"):
                if isinstance(relation, Problem):
                    yield relation
                    continue
                self.relation_by_id[relation.id] = relation
                for problem in relation_problems(relation, self.span_by_id, rules.codebook):
                    yield self._here(problem)
                ends = (self.span_by_id.get(end) for end in (relation.head, relation.tail))
                if any(end is not None and end.annotator != relation.annotator for end in ends):
                    yield self._of(relation, "it joins spans that are somebody else's", "relation-ends")
                yield from self._missing(relation, rules.required_of_relations)

    def decisions(
        self, what: str, rows: list[Any], records: dict[str, Span] | dict[str, Relation]
    ) -> Iterator[Problem]:
        """A decision is about a suggestion, and made an own label of the same annotator if any."""

        def wrong(saying: str, suggestion: str, annotator: str) -> Problem:
            where = f"decision of {annotator} on {what} {suggestion}"
            place = Place(**{what: suggestion}, annotator=annotator)
            return self._here(Problem(saying, where, _RESTORE, "decision", place))

        for suggestion, annotator, made, _ in rows:
            about = records.get(suggestion)
            if about is None or about.annotator is not None:
                yield wrong("what it is about is not a suggestion", suggestion, annotator)
            if made is not None:
                label = records.get(made)
                if label is None or label.annotator != annotator:
                    yield wrong(f"the {what} that it made is not there", suggestion, annotator)
