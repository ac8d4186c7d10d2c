"""The tables of actor records; see :mod:`annotator.store.tables` for the others."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from annotator.store.base import CLUSTERED, DEFERRED, Base


class ActorRow(Base):
    """An actor record."""

    __tablename__ = "actor_records"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    type: Mapped[str]
    external_id: Mapped[str | None]
    note: Mapped[str | None]
    merged_into: Mapped[str | None] = mapped_column(ForeignKey("actor_records.id", **DEFERRED))

    __table_args__ = (
        Index("actor_records_by_name", "name"),
        Index("actor_records_merged", "merged_into", sqlite_where=text("merged_into IS NOT NULL")),
        CLUSTERED,
    )


class AliasRow(Base):
    """Another name of an actor record, in the order they were given."""

    __tablename__ = "actor_aliases"

    actor: Mapped[str] = mapped_column(ForeignKey("actor_records.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    language: Mapped[str | None]

    __table_args__ = (Index("actor_aliases_by_name", "name"), CLUSTERED)


class ActorAttributeRow(Base):
    """A property of an actor record, true from ``since`` to ``until`` (ISO dates, '' if open).

    ``value`` is a JSON value.
    """

    __tablename__ = "actor_attributes"

    actor: Mapped[str] = mapped_column(ForeignKey("actor_records.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[str]
    value: Mapped[str]

    __table_args__ = (CLUSTERED,)


class RefusalRow(Base):
    """That somebody wants a record not proposed for some words: in an article (its id) or in all ('')."""

    __tablename__ = "actor_refusals"

    annotator: Mapped[str] = mapped_column(ForeignKey("annotators.name"), primary_key=True)
    words: Mapped[str] = mapped_column(primary_key=True)
    actor: Mapped[str] = mapped_column(
        ForeignKey("actor_records.id", ondelete="CASCADE", **DEFERRED), primary_key=True
    )
    article: Mapped[str] = mapped_column(primary_key=True)

    __table_args__ = (Index("actor_refusals_by_actor", "actor"), CLUSTERED)


class EditActorRow(Base):
    """Which actor records an edit was about; also those that have been deleted since."""

    __tablename__ = "edit_actors"

    actor: Mapped[str] = mapped_column(primary_key=True)
    edit: Mapped[int] = mapped_column(ForeignKey("edits.number"), primary_key=True)

    __table_args__ = (Index("edit_actors_by_edit", "edit"), CLUSTERED)
