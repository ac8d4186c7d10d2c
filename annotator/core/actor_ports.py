"""What the rest of the program may ask of the project file about actor records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from annotator.core.model import ActorRecord, Refusal

if TYPE_CHECKING:
    from annotator.core.page import Page


class Mention(Struct, frozen=True):
    """One own span that means an actor record, in its context."""

    article: str
    title: str
    span: str
    """The span's id."""
    annotator: str
    before: str
    """Up to 60 code points of the article before it, on one line, whole words where that is possible."""
    words: str
    """What the span covers, on one line."""
    after: str
    """Up to 60 code points of the article after it."""
    start: int
    """Where the span starts, and ``end`` where it ends: code points, half-open."""
    end: int
    actor: str
    """Id of the record that the span names; it may have been merged into another one."""


class ActorsMark(Struct, frozen=True):
    """How far the actor records of a file are: another mark whenever anybody has changed any."""

    edit: int
    """Number of the last edit that was about a record."""
    records: int
    newest: str
    refusals: int


class LoggedEdit(Struct, frozen=True):
    """One line of the edit log, in words."""

    number: int
    at: str
    annotator: str
    action: str
    """``do``, ``undo`` or ``redo``."""
    verb: str
    title: str


class ActorRepository(Protocol):
    """The part of a project file that is about actor records. Every method may raise ProjectError."""

    def actors(self, ids: Iterable[str] | None = None) -> dict[str, ActorRecord]:
        """The actor records by id, all of them or those of the ids that are there."""
        ...

    def refusals(self, actor: str | None = None) -> list[Refusal]:
        """Everybody's refusals of proposed records, all or those of one record."""
        ...

    def actors_mark(self) -> ActorsMark:
        """How far the records and refusals are; quickly found."""
        ...

    def actors_changed(self, since: int) -> set[str]:
        """Ids of the records that edits after that number were about; imports are no edits."""
        ...

    def actor_history(self, ids: Iterable[str]) -> list[LoggedEdit]:
        """The edits that were about any of the records, the latest first."""
        ...

    def mentions(self, ids: Iterable[str], annotator: str | None, offset: int, limit: int) -> list[Mention]:
        """Own spans that name one of the records, by article in import order and place in the text;
        of one annotator or of all."""
        ...

    def mention_counts(self, annotator: str | None = None) -> dict[str, int]:
        """By id of the records: how many own spans name them, of one annotator or of all."""
        ...

    def spans_of(self, annotator: str, ids: Iterable[str], spans: Sequence[str] | None = None) -> list[Page]:
        """Every article with spans of the annotator that name one of the records, in import order.

        ``spans``: only those of these ids. The pages hold these spans, the annotator's progress and
        nothing else, not even the text.
        """
        ...

    def spans_reading(self, annotator: str, words: str, *, suggestions: bool) -> list[Page]:
        """The same for actor spans, and the open suggested ones if wanted, that read like ``words``.

        ``words`` are as :func:`annotator.core.names.plain` gives them.
        """
        ...
