"""Looking for everything that is wrong with a project file and its labels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select

from annotator.core.codebook import Codebook
from annotator.core.errors import AnnotatorError, Problem, ProjectError
from annotator.core.model import Article, Kind, Relation, Span
from annotator.core.text import sha256_of
from annotator.core.validate import relation_problems, span_problems
from annotator.store.actors import ACTORS, REFUSALS
from annotator.store.checking_actors import actor_problems
from annotator.store.codebooks import load_codebook
from annotator.store.database import Database
from annotator.store.learning import EVIDENCE
from annotator.store.reading import (
    ARTICLES,
    RELATION_DECISIONS,
    RELATIONS,
    SPAN_DECISIONS,
    SPANS,
    TEXTS,
    TOKENS,
)
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
from annotator.store.tables import listed

_BATCH = 200
_RESTORE = "Restore a backup of the project"

_ARTICLES = (
    select(*ARTICLE_COLUMNS, TOKENS.c.source, TOKENS.c.data, ARTICLES.c.pk)
    .outerjoin_from(ARTICLES, TEXTS)
    .outerjoin(TOKENS, TOKENS.c.article_pk == ARTICLES.c.pk)
    .where(ARTICLES.c.pk > bindparam("after"))
    .order_by(ARTICLES.c.pk)
    .limit(_BATCH)
)
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


def check(database: Database, *, quick: bool = False) -> Iterator[Problem]:
    """Problems one by one, of the file first, then article by article.

    ``quick``: only the file's pages and references, not its indexes, texts and labels.
    """
    try:
        with database.reading() as connection:
            yield from _file_problems(connection, str(database.path), quick)
            if not quick:
                yield from _label_problems(connection)
                yield from actor_problems(connection, load_codebook(connection))
                yield from _evidence_problems(connection)
    except AnnotatorError as error:
        # So damaged that it cannot be read any further.
        yield error.problem


def _file_problems(connection: Connection, where: str, quick: bool) -> Iterator[Problem]:
    for (line,) in connection.exec_driver_sql(f"PRAGMA {'quick_check' if quick else 'integrity_check'}"):
        if line != "ok":
            yield Problem(f"the file is damaged: {line}", where, _RESTORE)
    for child, _, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        if parent == ACTORS.name and child != REFUSALS.name and not quick:
            continue  # told with the label or record
        yield Problem(f"a row of {child} refers to one of {parent} that is not there", where, _RESTORE)


def _label_problems(connection: Connection) -> Iterator[Problem]:
    codebook = load_codebook(connection)
    after = 0
    while True:
        rows = connection.execute(_ARTICLES, {"after": after}).all()
        if not rows:
            return
        after = last_of([row[-1] for row in rows], after)
        here = {"pks": json_of([row[-1] for row in rows])}
        spans = _by_article(connection, _SPANS, here)
        relations = _by_article(connection, _RELATIONS, here)
        decisions = {what: _by_article(connection, statement, here) for what, statement in _DECISIONS.items()}
        for row in rows:
            pk, title = row[-1], row[3] or row[0]
            yield from _article_problems(row, title)
            found = _Labels(codebook, row[1] or "", title)
            yield from found.spans(spans[pk])
            yield from found.relations(relations[pk])
            yield from found.decisions("span", decisions["span"][pk], found.span_by_id)
            yield from found.decisions("relation", decisions["relation"][pk], found.relation_by_id)


def _evidence_problems(connection: Connection) -> Iterator[Problem]:
    for suggestion, kind, annotator in connection.execute(_STRAY_EVIDENCE):
        whose = "nothing" if kind is None else f"a {kind}" if annotator is None else "somebody's label"
        yield Problem(
            f"evidence is kept about {whose}, not about a suggested claim", f"span {suggestion}", _RESTORE
        )


def _by_article(connection: Connection, statement: Any, here: dict[str, str]) -> defaultdict[int, list[Any]]:
    found = defaultdict[int, list[Any]](list)
    for row in connection.execute(statement, here):
        found[row[-1]].append(row)
    return found


def _article_problems(row: Any, title: str) -> Iterator[Problem]:
    if row[1] is None:
        yield Problem("the article has no text", title, _RESTORE)
        return
    try:
        article: Article = article_of(row)
        tokens = None if row[-2] is None else tokens_of(row[-3], row[-2])
    except ProjectError as error:
        yield replace(error.problem, where=title)
        return
    length = len(article.text)
    if sha256_of(article.text) != article.sha256:
        yield Problem("the text is not the one that was imported", title, _RESTORE)
    if any(not 0 <= start < end <= length for start, end in article.furniture):
        yield Problem("its furniture lies beyond the text", title, "Mark the paragraphs again")
    if tokens is not None and max(tokens.ends, default=0) > length:
        yield Problem("its tokens lie beyond the text", title, "Run the suggestions again")


class _Labels:
    """The labels of one article, checked kind after kind."""

    def __init__(self, codebook: Codebook, text: str, title: str) -> None:
        self._codebook = codebook
        self._text = text
        self._title = title
        self.span_by_id: dict[str, Span] = {}
        self.relation_by_id: dict[str, Relation] = {}

    def _problem(self, what: str, record: str, cure: str = _RESTORE) -> Problem:
        return Problem(what, f"{self._title}, {record}", cure)

    def _built[T](self, build: Callable[[Any], T], row: Any, record: str) -> Iterator[T | Problem]:
        try:
            yield build(row)
        except ProjectError as error:
            yield replace(error.problem, where=f"{self._title}, {record}")

    def spans(self, rows: list[Any]) -> Iterator[Problem]:
        """Fragments, labels, attributes, and the columns that repeat the outer edges."""
        for row in rows:
            for span in self._built(span_of, row, f"span {row[0]}"):
                if isinstance(span, Problem):
                    yield span
                    continue
                self.span_by_id[span.id] = span
                for problem in span_problems(span, self._text, self._codebook):
                    yield replace(problem, where=f"{self._title}, {problem.where}")
                if span.fragments and (span.start, span.end) != (row[-3], row[-2]):
                    yield self._problem("its start and end are not its fragments'", f"span {span.id}")
        for span in self.span_by_id.values():
            if span.suggestion is not None and span.suggestion not in self.span_by_id:
                yield self._problem("the suggestion it was made from is gone", f"span {span.id}")

    def relations(self, rows: list[Any]) -> Iterator[Problem]:
        """Types, ends and rules; an own relation joins own spans, a suggested one suggestions."""
        for row in rows:
            for relation in self._built(relation_of, row, f"relation {row[0]}"):
                if isinstance(relation, Problem):
                    yield relation
                    continue
                self.relation_by_id[relation.id] = relation
                for problem in relation_problems(relation, self.span_by_id, self._codebook):
                    yield replace(problem, where=f"{self._title}, {problem.where}")
                ends = (self.span_by_id.get(end) for end in (relation.head, relation.tail))
                if any(end is not None and end.annotator != relation.annotator for end in ends):
                    yield self._problem("it joins spans that are somebody else's", f"relation {relation.id}")

    def decisions(
        self, what: str, rows: list[Any], records: dict[str, Span] | dict[str, Relation]
    ) -> Iterator[Problem]:
        """A decision is about a suggestion, and made an own label of the same annotator if any."""
        for suggestion, annotator, made, _ in rows:
            record = f"decision of {annotator} on {what} {suggestion}"
            about = records.get(suggestion)
            if about is None or about.annotator is not None:
                yield self._problem("what it is about is not a suggestion", record)
            if made is not None:
                label = records.get(made)
                if label is None or label.annotator != annotator:
                    yield self._problem(f"the {what} that it made is not there", record)
