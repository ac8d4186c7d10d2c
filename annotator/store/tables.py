"""The tables of a project file, one typed mapping each.

Hot paths and bulk work run Core statements on the tables behind the mappings (:func:`table`). Every
table is STRICT, so that a value of the wrong type fails at once. What belongs to an article carries
its number ``article_pk`` first in the primary key and is clustered by it (WITHOUT ROWID): one
article's labels lie together however large the project grows. JSON columns hold compact JSON text.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from annotator.core.model import Kind, State, Status, Verdict
from annotator.store import actor_tables
from annotator.store.base import CLUSTERED, DEFERRED, ROWS, SINCE, Base, listed, table

__all__ = ["CLUSTERED", "ROWS", "SINCE", "Base", "actor_tables", "listed", "table"]


def _one_of(column: str, *values: str) -> CheckConstraint:
    # Not with IN: SQLite would build a small index for it with every row that is inserted.
    return CheckConstraint(" OR ".join(f"{column} = '{each}'" for each in values), name=f"known_{column}")


def _span_reference(column: str) -> ForeignKeyConstraint:
    """A reference to a span of the same article, checked when the transaction ends."""
    return ForeignKeyConstraint(["article_pk", column], ["spans.article_pk", "spans.id"], **DEFERRED)


def _ownership() -> CheckConstraint:
    """A suggestion belongs to no annotator, and what belongs to one is no suggestion."""
    return CheckConstraint("(annotator IS NULL) = (state = 'suggested')", name="suggestion_or_own")


class ArticleRow(Base):
    """An article without its text. ``pk`` is its place in import order."""

    __tablename__ = "articles"

    pk: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    external_id: Mapped[str | None]
    title: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    publisher: Mapped[str | None]
    author: Mapped[str | None]
    url: Mapped[str | None]
    published: Mapped[str | None]
    language: Mapped[str | None]
    meta: Mapped[str]
    furniture: Mapped[str]
    imported_at: Mapped[str]

    # Ten bytes a row: counting the articles and jumping far into the list never reads their rows.
    __table_args__ = (Index("articles_in_order", "pk"), ROWS)


class TextRow(Base):
    """The text of an article, apart so that lists never read it."""

    __tablename__ = "article_texts"

    article_pk: Mapped[int] = mapped_column(ForeignKey("articles.pk"), primary_key=True)
    text: Mapped[str]

    __table_args__ = (ROWS,)


class TokensRow(Base):
    """Token and sentence boundaries of an article; ``data`` as in :mod:`annotator.store.rows`."""

    __tablename__ = "article_tokens"

    article_pk: Mapped[int] = mapped_column(ForeignKey("articles.pk"), primary_key=True)
    source: Mapped[str]
    data: Mapped[bytes]

    __table_args__ = (ROWS,)


class AnnotatorRow(Base):
    """Somebody who has labelled in this project."""

    __tablename__ = "annotators"

    name: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[str]

    __table_args__ = (CLUSTERED,)


class ProgressRow(Base):
    """Where an annotator stands with an article; without a row the article is new.

    ``kept`` is 1 for a row that came with an import: it stays even when it says nothing, because it
    records that the annotator has had the article.
    """

    __tablename__ = "progress"

    annotator: Mapped[str] = mapped_column(ForeignKey("annotators.name"), primary_key=True)
    article_pk: Mapped[int] = mapped_column(ForeignKey("articles.pk"), primary_key=True)
    status: Mapped[str]
    flagged: Mapped[int]
    note: Mapped[str | None]
    kept: Mapped[int]

    __table_args__ = (
        _one_of("status", *Status),
        CheckConstraint("flagged BETWEEN 0 AND 1 AND kept BETWEEN 0 AND 1", name="yes_or_no"),
        Index("progress_by_status", "annotator", "status", "article_pk", "flagged"),
        Index("progress_by_article", "article_pk"),
        CLUSTERED,
    )


class SpanRow(Base):
    """An own span, or a suggestion where ``annotator`` is NULL.

    ``start`` and ``end`` repeat the outer edges of ``fragments``.
    """

    __tablename__ = "spans"

    article_pk: Mapped[int] = mapped_column(ForeignKey("articles.pk"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    label: Mapped[str]
    start: Mapped[int]
    end: Mapped[int]
    fragments: Mapped[str]
    attributes: Mapped[str]
    actor: Mapped[str | None] = mapped_column(ForeignKey("actor_records.id", **DEFERRED))
    state: Mapped[str]
    origin: Mapped[str]
    confidence: Mapped[float | None]
    annotator: Mapped[str | None] = mapped_column(ForeignKey("annotators.name"))
    suggestion: Mapped[str | None]
    created: Mapped[str]
    updated: Mapped[str]
    note: Mapped[str | None]

    # The first two serve the counts of the list, the third whatever asks for an actor's spans.
    __table_args__ = (
        _one_of("kind", *Kind),
        _one_of("state", *State),
        _ownership(),
        CheckConstraint('0 <= start AND start < "end"', name="not_empty"),
        Index(
            "spans_suggested", "article_pk", "kind", "fragments",
            sqlite_where=text("annotator IS NULL"),
        ),
        Index(
            "spans_own", "annotator", "article_pk", "kind", "fragments",
            sqlite_where=text("annotator IS NOT NULL"),
        ),
        Index("spans_by_actor", "actor", sqlite_where=text("actor IS NOT NULL")),
        CLUSTERED,
    )  # fmt: skip


class RelationRow(Base):
    """An own relation, or a suggested one where ``annotator`` is NULL."""

    __tablename__ = "relations"

    article_pk: Mapped[int] = mapped_column(ForeignKey("articles.pk"), primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    type: Mapped[str]
    head: Mapped[str]
    tail: Mapped[str]
    attributes: Mapped[str]
    state: Mapped[str]
    origin: Mapped[str]
    confidence: Mapped[float | None]
    annotator: Mapped[str | None] = mapped_column(ForeignKey("annotators.name"))
    suggestion: Mapped[str | None]
    created: Mapped[str]
    updated: Mapped[str]
    note: Mapped[str | None]

    __table_args__ = (
        _one_of("state", *State),
        _ownership(),
        _span_reference("head"),
        _span_reference("tail"),
        CLUSTERED,
    )


class SpanDecisionRow(Base):
    """What one annotator decided on a suggested span; ``made`` is the own span that came of it."""

    __tablename__ = "span_decisions"

    article_pk: Mapped[int] = mapped_column(ForeignKey("articles.pk"), primary_key=True)
    suggestion: Mapped[str] = mapped_column(primary_key=True)
    annotator: Mapped[str] = mapped_column(ForeignKey("annotators.name"), primary_key=True)
    verdict: Mapped[str]
    made: Mapped[str | None]
    decided_at: Mapped[str]

    __table_args__ = (
        _one_of("verdict", *Verdict),
        _span_reference("suggestion"),
        _span_reference("made"),
        CLUSTERED,
    )


class RelationDecisionRow(Base):
    """What one annotator decided on a suggested relation."""

    __tablename__ = "relation_decisions"

    article_pk: Mapped[int] = mapped_column(ForeignKey("articles.pk"), primary_key=True)
    suggestion: Mapped[str] = mapped_column(primary_key=True)
    annotator: Mapped[str] = mapped_column(ForeignKey("annotators.name"), primary_key=True)
    verdict: Mapped[str]
    made: Mapped[str | None]
    decided_at: Mapped[str]

    __table_args__ = (
        _one_of("verdict", *Verdict),
        ForeignKeyConstraint(
            ["article_pk", "suggestion"], ["relations.article_pk", "relations.id"], **DEFERRED
        ),
        ForeignKeyConstraint(["article_pk", "made"], ["relations.article_pk", "relations.id"], **DEFERRED),
        CLUSTERED,
    )


class SuggestedByRow(Base):
    """Which model has seen which article."""

    __tablename__ = "suggested_by"

    model: Mapped[str] = mapped_column(primary_key=True)
    article_pk: Mapped[int] = mapped_column(ForeignKey("articles.pk"), primary_key=True)
    at: Mapped[str]

    __table_args__ = (CLUSTERED,)


class EvidenceRow(Base):
    """Why a claim was suggested: the lemma of its cue, the rule, and how sure that is by itself (0 to 1)."""

    __tablename__ = "claim_evidence"

    article_pk: Mapped[int] = mapped_column(ForeignKey("articles.pk"), primary_key=True)
    suggestion: Mapped[str] = mapped_column(primary_key=True)
    word: Mapped[str]
    rule: Mapped[str]
    confidence: Mapped[float]

    __table_args__ = (
        CheckConstraint("confidence BETWEEN 0 AND 1", name="a_share"),
        ForeignKeyConstraint(
            ["article_pk", "suggestion"], ["spans.article_pk", "spans.id"], ondelete="CASCADE", **DEFERRED
        ),
        CLUSTERED,
    )


class CodebookRow(Base):
    """A version of the project's codebook as JSON; the highest number holds.

    ``edit`` is the line of the edit log that made it so; NULL for the one that the project began with.
    """

    __tablename__ = "codebooks"

    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    data: Mapped[str]
    saved_at: Mapped[str]
    edit: Mapped[int | None]

    __table_args__ = (ROWS,)


class CarriedRow(Base):
    """What one edit of the codebook did to one label, value or decision, so that it can be undone exactly.

    ``what`` and the JSON in ``before`` and ``after`` are as in :mod:`annotator.store.carrying`; ``also`` is
    the annotator of a decision, else ''. ``after`` is NULL for what was taken away.
    """

    __tablename__ = "carried"

    edit: Mapped[int] = mapped_column(ForeignKey("edits.number"), primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True)
    article_pk: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    also: Mapped[str] = mapped_column(primary_key=True)
    before: Mapped[str]
    after: Mapped[str | None]

    __table_args__ = (CLUSTERED,)


class EditRow(Base):
    """One line of the edit log.

    ``action`` is do, undo or redo; an undo or redo names the edit that it is ``of``. ``changes`` is a
    JSON list of the change sets that were carried out. ``state`` of a do: done, undone, or discarded
    (undone and no longer to be redone).
    """

    __tablename__ = "edits"

    number: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[str]
    annotator: Mapped[str] = mapped_column(ForeignKey("annotators.name"))
    action: Mapped[str]
    of: Mapped[int | None] = mapped_column(ForeignKey("edits.number"))
    verb: Mapped[str]
    title: Mapped[str]
    changes: Mapped[str]
    state: Mapped[str]

    __table_args__ = (
        _one_of("action", "do", "undo", "redo"),
        _one_of("state", "done", "undone", "discarded"),
        CheckConstraint("(action = 'do') = (of IS NULL)", name="names_its_edit"),
        Index(
            "edits_stack", "annotator", "state", "number", sqlite_where=text("action = 'do'")
        ),
        ROWS,
    )  # fmt: skip


class EditArticleRow(Base):
    """Which articles an edit touched."""

    __tablename__ = "edit_articles"

    article_pk: Mapped[int] = mapped_column(ForeignKey("articles.pk"), primary_key=True)
    edit: Mapped[int] = mapped_column(ForeignKey("edits.number"), primary_key=True)

    __table_args__ = (CLUSTERED,)


class SettingRow(Base):
    """A value kept in the project file."""

    __tablename__ = "settings"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]

    __table_args__ = (CLUSTERED,)


class MigrationRow(Base):
    """When the file came to a schema version."""

    __tablename__ = "migrations"

    version: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    at: Mapped[str]

    __table_args__ = (ROWS,)
