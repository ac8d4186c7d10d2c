"""The things that Annotator handles, in the words of its glossary.

All of them are immutable; a change makes a new one. Offsets are half-open code point ranges into
the article's stored text. Times are ISO 8601 in UTC, to the millisecond.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct

type Fragment = tuple[int, int]
type Fragments = tuple[Fragment, ...]

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


class Kind(StrEnum):
    """The four kinds of span."""

    ENTITY = "entity"
    ACTOR = "actor"
    CLAIM = "claim"
    CUE = "cue"


class State(StrEnum):
    """How far a span or relation is decided."""

    SUGGESTED = "suggested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"


class Status(StrEnum):
    """How far one annotator is with one article."""

    NEW = "new"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    SKIPPED = "skipped"


class Verdict(StrEnum):
    """What an annotator decided about a suggestion."""

    ACCEPTED = "accepted"
    CHANGED = "changed"
    REJECTED = "rejected"


class Target(StrEnum):
    """What a decision or a note is about."""

    SPAN = "span"
    RELATION = "relation"


def now() -> str:
    """The present moment, ISO 8601 UTC with milliseconds, e.g. ``2026-03-01T09:30:00.125Z``."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def new_id() -> str:
    """A new id of 18 characters: 48 bits of time in milliseconds, then 40 random bits.

    Ids made later sort later, which keeps the project file's indexes compact.
    """
    number = (int(time.time() * 1000) & ((1 << 48) - 1)) << 40 | int.from_bytes(os.urandom(5))
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(85, -1, -5))


class Article(Struct, frozen=True, kw_only=True):
    """One news text with its metadata; the text never changes after import."""

    id: str
    text: str
    sha256: str
    title: str = ""
    external_id: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    published: str | None = None
    """ISO date, ``YYYY-MM-DD``."""
    language: str | None = None
    meta: Mapping[str, Any] = {}
    furniture: Fragments = ()
    imported_at: str = ""


class Span(Struct, frozen=True, kw_only=True):
    """A labelled stretch of an article. ``annotator`` is None for a suggestion."""

    id: str
    kind: Kind
    label: str
    fragments: Fragments
    attributes: Mapping[str, Any] = {}
    actor: str | None = None
    """Id of the actor record that this span means."""
    state: State = State.ACCEPTED
    origin: str = ""
    confidence: float | None = None
    annotator: str | None = None
    suggestion: str | None = None
    """Id of the suggestion that this span was made from."""
    created: str = ""
    updated: str = ""
    note: str | None = None

    @property
    def start(self) -> int:
        """Where the first fragment starts."""
        return self.fragments[0][0]

    @property
    def end(self) -> int:
        """Where the last fragment ends."""
        return self.fragments[-1][1]

    @property
    def order(self) -> tuple[int, int, str, str]:
        """The contract's order of spans: (start, -end, kind, id)."""
        return (self.start, -self.end, self.kind, self.id)

    @property
    def is_suggestion(self) -> bool:
        """Whether it belongs to no annotator."""
        return self.annotator is None


class Relation(Struct, frozen=True, kw_only=True):
    """A typed, directed link head → tail between two spans of one article."""

    id: str
    type: str
    head: str
    tail: str
    attributes: Mapping[str, Any] = {}
    state: State = State.ACCEPTED
    origin: str = ""
    confidence: float | None = None
    annotator: str | None = None
    suggestion: str | None = None
    created: str = ""
    updated: str = ""
    note: str | None = None

    @property
    def order(self) -> tuple[str, str, str, str]:
        """The contract's order of relations: (head, tail, type), the id to be exact."""
        return (self.head, self.tail, self.type, self.id)

    @property
    def is_suggestion(self) -> bool:
        """Whether it belongs to no annotator."""
        return self.annotator is None


ACTOR_TYPES = ("person", "organization", "state", "group", "document", "other")
"""What an actor record can be; other words are kept as they came."""


class Alias(Struct, frozen=True):
    """Another name of an actor record; ``language`` as ISO 639 code, None for any."""

    name: str
    language: str | None = None


class Property(Struct, frozen=True, kw_only=True):
    """An attribute of an actor record, true from ``since`` to ``until`` (ISO dates, "" for open)."""

    name: str
    value: Any
    since: str = ""
    until: str = ""


class ActorRecord(Struct, frozen=True, kw_only=True):
    """The project-wide identity behind actor spans.

    A record that was merged into another one stays, with its own spans: whoever asks for the identity
    behind them follows ``merged_into`` to its end. So a merge touches no label and can be taken back.
    """

    id: str
    name: str
    type: str = "other"
    aliases: tuple[Alias, ...] = ()
    properties: tuple[Property, ...] = ()
    """Its dated attributes, which the codebook defines, by name and then by ``since``."""
    external_id: str | None = None
    note: str | None = None
    merged_into: str | None = None
    """Id of the record that it was merged into; never leads in a circle."""


class Refusal(Struct, frozen=True, kw_only=True):
    """That an annotator does not want a record proposed for some words."""

    annotator: str
    words: str
    """As :func:`annotator.core.names.plain` gives them."""
    actor: str
    article: str = ""
    """Id of the article where it holds; "" for all of them."""


class Decision(Struct, frozen=True, kw_only=True):
    """One annotator's accepting, changing or rejecting of one suggestion."""

    suggestion: str
    target: Target
    verdict: Verdict
    annotator: str
    made: str | None = None
    """Id of the annotator's own span or relation that the decision made; None for a rejection."""
    decided_at: str = ""


class Progress(Struct, frozen=True):
    """Where one annotator stands with one article."""

    status: Status = Status.NEW
    flagged: bool = False
    note: str | None = None


def normalise_fragments(fragments: Fragments) -> Fragments:
    """Sorted fragments, with touching and overlapping ones joined."""
    joined: list[Fragment] = []
    for start, end in sorted(fragments):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
