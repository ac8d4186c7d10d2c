"""The tables of actor records; see :mod:`annotator.store.tables` for the others."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, text

from annotator.store.base import CLUSTERED, DEFERRED, SCHEMA, key, needed

ACTORS = Table(
    "actor_records",
    SCHEMA,
    key("id", Text),
    needed("name", Text),
    needed("type", Text),
    Column("external_id", Text),
    Column("note", Text),
    Column("merged_into", Text, ForeignKey("actor_records.id", **DEFERRED)),
    Index("actor_records_by_name", "name"),
    Index("actor_records_merged", "merged_into", sqlite_where=text("merged_into IS NOT NULL")),
    **CLUSTERED,
)
"""Actor records."""

ALIASES = Table(
    "actor_aliases",
    SCHEMA,
    key("actor", Text, ForeignKey("actor_records.id")),
    key("position", Integer),
    needed("name", Text),
    Column("language", Text),
    Index("actor_aliases_by_name", "name"),
    **CLUSTERED,
)
"""The other names of actor records, in the order they were given."""

PROPERTIES = Table(
    "actor_attributes",
    SCHEMA,
    key("actor", Text, ForeignKey("actor_records.id")),
    key("name", Text),
    key("since", Text),
    needed("until", Text),
    needed("value", Text),
    **CLUSTERED,
)
"""Properties of actor records, true from ``since`` to ``until`` (ISO dates, '' if open).

``value`` is a JSON value.
"""

REFUSALS = Table(
    "actor_refusals",
    SCHEMA,
    key("annotator", Text, ForeignKey("annotators.name")),
    key("words", Text),
    key("actor", Text, ForeignKey("actor_records.id", ondelete="CASCADE", **DEFERRED)),
    key("article", Text),
    Index("actor_refusals_by_actor", "actor"),
    **CLUSTERED,
)
"""That somebody wants a record not proposed for some words: in an article (its id) or in all ('')."""

EDIT_ACTORS = Table(
    "edit_actors",
    SCHEMA,
    key("actor", Text),
    key("edit", Integer, ForeignKey("edits.number")),
    Index("edit_actors_by_edit", "edit"),
    **CLUSTERED,
)
"""Which actor records an edit was about; also those that have been deleted since."""
