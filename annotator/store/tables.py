"""The tables of a project file.

Every table is STRICT, so that a value of the wrong type fails at once. What belongs to an article
carries its number ``article_pk`` first in the primary key and is clustered by it (WITHOUT ROWID): one
article's labels lie together however large the project grows. JSON columns hold compact JSON text.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    REAL,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    text,
)

from annotator.core.model import Kind, State, Status, Target, Verdict
from annotator.store import actor_tables
from annotator.store.base import CLUSTERED, DEFERRED, ROWS, SCHEMA, SINCE, key, listed, needed

__all__ = ["SCHEMA", "SINCE", "actor_tables", "listed"]


def _one_of(column: str, *values: str) -> CheckConstraint:
    # Not with IN: SQLite would build a small index for it with every row that is inserted.
    return CheckConstraint(" OR ".join(f"{column} = '{each}'" for each in values), name=f"known_{column}")


def _of_article() -> Column[Any]:
    """The number of the article that a row belongs to."""
    return key("article_pk", Integer, ForeignKey("articles.pk"))


def _reference(rows: str, column: str, **also: Any) -> ForeignKeyConstraint:
    """A reference to a span or relation of the same article, checked when the transaction ends."""
    return ForeignKeyConstraint(
        ["article_pk", column], [f"{rows}.article_pk", f"{rows}.id"], **also, **DEFERRED
    )


def _ownership() -> CheckConstraint:
    """A suggestion belongs to no annotator, and what belongs to one is no suggestion."""
    return CheckConstraint("(annotator IS NULL) = (state = 'suggested')", name="suggestion_or_own")


ARTICLES = Table(
    "articles",
    SCHEMA,
    key("pk", Integer),
    needed("id", Text, unique=True),
    Column("external_id", Text),
    needed("title", Text),
    needed("sha256", Text, unique=True),
    Column("publisher", Text),
    Column("author", Text),
    Column("url", Text),
    Column("published", Text),
    Column("language", Text),
    needed("meta", Text),
    needed("furniture", Text),
    needed("imported_at", Text),
    # Ten bytes a row: counting the articles and jumping far into the list never reads their rows.
    Index("articles_in_order", "pk"),
    **ROWS,
)
"""Articles without their texts. ``pk`` is the place in import order."""

TEXTS = Table("article_texts", SCHEMA, _of_article(), needed("text", Text), **ROWS)
"""The texts of articles, apart so that lists never read them."""

TOKENS = Table(
    "article_tokens", SCHEMA, _of_article(), needed("source", Text), needed("data", LargeBinary), **ROWS
)
"""Token and sentence boundaries of articles; ``data`` as in :mod:`annotator.store.rows`."""

ANNOTATORS = Table("annotators", SCHEMA, key("name", Text), needed("since", Text), **CLUSTERED)
"""Who has labelled in this project."""

PROGRESS = Table(
    "progress",
    SCHEMA,
    key("annotator", Text, ForeignKey("annotators.name")),
    _of_article(),
    needed("status", Text),
    needed("flagged", Integer),
    Column("note", Text),
    needed("kept", Integer),
    _one_of("status", *Status),
    CheckConstraint("flagged BETWEEN 0 AND 1 AND kept BETWEEN 0 AND 1", name="yes_or_no"),
    Index("progress_by_status", "annotator", "status", "article_pk", "flagged"),
    Index("progress_by_article", "article_pk"),
    **CLUSTERED,
)
"""Where an annotator stands with an article; without a row the article is new.

``kept`` is 1 for a row that came with an import: it stays even when it says nothing, because it
records that the annotator has had the article.
"""

SPANS = Table(
    "spans",
    SCHEMA,
    _of_article(),
    key("id", Text),
    needed("kind", Text),
    needed("label", Text),
    needed("start", Integer),
    needed("end", Integer),
    needed("fragments", Text),
    needed("attributes", Text),
    Column("actor", Text, ForeignKey("actor_records.id", **DEFERRED)),
    needed("state", Text),
    needed("origin", Text),
    Column("confidence", REAL),
    Column("annotator", Text, ForeignKey("annotators.name")),
    Column("suggestion", Text),
    needed("created", Text),
    needed("updated", Text),
    Column("note", Text),
    _one_of("kind", *Kind),
    _one_of("state", *State),
    _ownership(),
    CheckConstraint('0 <= start AND start < "end"', name="not_empty"),
    # The first two serve the counts of the list, the third whatever asks for an actor's spans.
    Index("spans_suggested", "article_pk", "kind", "fragments", sqlite_where=text("annotator IS NULL")),
    Index(
        "spans_own", "annotator", "article_pk", "kind", "fragments",
        sqlite_where=text("annotator IS NOT NULL"),
    ),
    Index("spans_by_actor", "actor", sqlite_where=text("actor IS NOT NULL")),
    **CLUSTERED,
)  # fmt: skip
"""Own spans, and suggestions where ``annotator`` is NULL.

``start`` and ``end`` repeat the outer edges of ``fragments``.
"""

RELATIONS = Table(
    "relations",
    SCHEMA,
    _of_article(),
    key("id", Text),
    needed("type", Text),
    needed("head", Text),
    needed("tail", Text),
    needed("attributes", Text),
    needed("state", Text),
    needed("origin", Text),
    Column("confidence", REAL),
    Column("annotator", Text, ForeignKey("annotators.name")),
    Column("suggestion", Text),
    needed("created", Text),
    needed("updated", Text),
    Column("note", Text),
    _one_of("state", *State),
    _ownership(),
    _reference("spans", "head"),
    _reference("spans", "tail"),
    **CLUSTERED,
)
"""Own relations, and suggested ones where ``annotator`` is NULL."""


def _decisions(name: str, rows: str) -> Table:
    return Table(
        name,
        SCHEMA,
        _of_article(),
        key("suggestion", Text),
        key("annotator", Text, ForeignKey("annotators.name")),
        needed("verdict", Text),
        Column("made", Text),
        needed("decided_at", Text),
        _one_of("verdict", *Verdict),
        _reference(rows, "suggestion"),
        _reference(rows, "made"),
        **CLUSTERED,
    )


SPAN_DECISIONS = _decisions("span_decisions", "spans")
"""What each annotator decided on suggested spans; ``made`` is the own span that came of it."""

RELATION_DECISIONS = _decisions("relation_decisions", "relations")
"""What each annotator decided on suggested relations."""

DECISIONS = {Target.SPAN: SPAN_DECISIONS, Target.RELATION: RELATION_DECISIONS}

SUGGESTED_BY = Table(
    "suggested_by", SCHEMA, key("model", Text), _of_article(), needed("at", Text), **CLUSTERED
)
"""Which model has seen which article."""

EVIDENCE = Table(
    "claim_evidence",
    SCHEMA,
    _of_article(),
    key("suggestion", Text),
    needed("word", Text),
    needed("rule", Text),
    needed("confidence", REAL),
    CheckConstraint("confidence BETWEEN 0 AND 1", name="a_share"),
    _reference("spans", "suggestion", ondelete="CASCADE"),
    **CLUSTERED,
)
"""Why a claim was suggested: the lemma of its cue, the rule, and how sure that is by itself (0 to 1)."""

CODEBOOKS = Table(
    "codebooks",
    SCHEMA,
    key("number", Integer),
    needed("name", Text),
    needed("data", Text),
    needed("saved_at", Text),
    Column("edit", Integer),
    **ROWS,
)
"""The versions of the project's codebook as JSON; the highest number holds.

``edit`` is the line of the edit log that made it so; NULL for the one that the project began with.
"""

CARRIED = Table(
    "carried",
    SCHEMA,
    key("edit", Integer, ForeignKey("edits.number")),
    key("what", Text),
    key("article_pk", Integer),
    key("id", Text),
    key("also", Text),
    needed("before", Text),
    Column("after", Text),
    **CLUSTERED,
)
"""What one edit of the codebook did to one label, value or decision, so that it can be undone exactly.

``what`` and the JSON in ``before`` and ``after`` are as in :mod:`annotator.store.carrying`; ``also`` is
the annotator of a decision, else ''. ``after`` is NULL for what was taken away.
"""

EDITS = Table(
    "edits",
    SCHEMA,
    key("number", Integer),
    needed("at", Text),
    needed("annotator", Text, ForeignKey("annotators.name")),
    needed("action", Text),
    Column("of", Integer, ForeignKey("edits.number")),
    needed("verb", Text),
    needed("title", Text),
    needed("changes", Text),
    needed("state", Text),
    _one_of("action", "do", "undo", "redo"),
    _one_of("state", "done", "undone", "discarded"),
    CheckConstraint("(action = 'do') = (of IS NULL)", name="names_its_edit"),
    Index("edits_stack", "annotator", "state", "number", sqlite_where=text("action = 'do'")),
    **ROWS,
)
"""The edit log.

``action`` is do, undo or redo; an undo or redo names the edit that it is ``of``. ``changes`` is a
JSON list of the change sets that were carried out. ``state`` of a do: done, undone, or discarded
(undone and no longer to be redone).
"""

EDIT_ARTICLES = Table(
    "edit_articles",
    SCHEMA,
    _of_article(),
    key("edit", Integer, ForeignKey("edits.number")),
    **CLUSTERED,
)
"""Which articles an edit touched."""

SETTINGS = Table("settings", SCHEMA, key("name", Text), needed("value", Text), **CLUSTERED)
"""Values kept in the project file."""

MIGRATIONS = Table(
    "migrations", SCHEMA, key("version", Integer), needed("title", Text), needed("at", Text), **ROWS
)
"""When the file came to a schema version."""
