"""The part of an open project file that is about actor records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from annotator.core.actor_ports import ActorsMark, LoggedEdit, Mention
from annotator.core.model import ActorRecord, Refusal
from annotator.core.page import Page
from annotator.store import actors, mentions
from annotator.store.database import Database


class ActorPart:
    """Implements :class:`annotator.core.actor_ports.ActorRepository`."""

    _database: Database

    def actors(self, ids: Iterable[str] | None = None) -> dict[str, ActorRecord]:
        """The actor records by id, all of them or those of the ids that are there."""
        with self._database.reading() as connection:
            return actors.load_actors(connection, ids)

    def refusals(self, actor: str | None = None) -> list[Refusal]:
        """Everybody's refusals of proposed records, all or those of one record."""
        with self._database.reading() as connection:
            return actors.load_refusals(connection, actor)

    def actors_mark(self) -> ActorsMark:
        """How far the records and refusals are; quickly found."""
        with self._database.reading() as connection:
            return actors.actors_mark(connection)

    def actors_changed(self, since: int) -> set[str]:
        """Ids of the records that edits after that number were about; imports are no edits."""
        with self._database.reading() as connection:
            return actors.actors_changed(connection, since)

    def actor_history(self, ids: Iterable[str]) -> list[LoggedEdit]:
        """The edits that were about any of the records, the latest first."""
        with self._database.reading() as connection:
            return actors.actor_history(connection, ids)

    def mentions(self, ids: Iterable[str], annotator: str | None, offset: int, limit: int) -> list[Mention]:
        """Own spans that name one of the records, by article in import order and place in the text."""
        with self._database.reading() as connection:
            return mentions.mentions(connection, ids, annotator, offset, limit)

    def mention_counts(self, annotator: str | None = None) -> dict[str, int]:
        """By id of the records: how many own spans name them, of one annotator or of all."""
        with self._database.reading() as connection:
            return mentions.mention_counts(connection, annotator)

    def spans_of(self, annotator: str, ids: Iterable[str], spans: Sequence[str] | None = None) -> list[Page]:
        """The annotator's spans that name one of the records; ``spans``: only those of these ids."""
        with self._database.reading() as connection:
            return mentions.spans_of(connection, annotator, ids, spans)

    def spans_reading(self, annotator: str, words: str, *, suggestions: bool) -> list[Page]:
        """The annotator's actor spans, and open suggested ones if wanted, that read like ``words``."""
        with self._database.reading() as connection:
            return mentions.spans_reading(connection, annotator, words, suggestions=suggestions)
