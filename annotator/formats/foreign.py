"""Labels as another tool's file has them, before they are brought to the project's codebook.

Readers of other tools' formats make these; :mod:`annotator.session.foreign` turns them into spans and
relations by a mapping of names. Offsets are ours already: half-open code points of the stored text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from msgspec import Struct

from annotator.core.model import ActorRecord, Fragments, Progress

_NOTHING: Mapping[str, Any] = {}


class ForeignSpan(NamedTuple):
    """A labelled stretch of text with the name that the other tool gives it."""

    id: str
    """As relations of the same record name it; unique in it."""
    label: str
    fragments: Fragments
    layer: str = ""
    """Which of several layers it is of, where the format has some (its kind, in files of ours)."""
    attributes: Mapping[str, Any] = _NOTHING
    """By their names in the file; values are texts, numbers, true or false, or lists of texts."""
    suggested: bool = False
    """It is what a model proposed, not somebody's label."""
    origin: str = ""
    """Of a suggestion: the model that made it, if the file says."""
    confidence: float | None = None
    """0 to 1."""
    note: str | None = None
    actor: str | None = None
    """Id of the actor record in ``Foreign.actors`` that it means."""
    place: str = ""
    """Where in the file it stands, where that is more than the record's place: ``line 7``."""
    rejected: bool = False
    """A suggestion that the annotator has turned down."""


def plain_span(id_: str, label: str, fragments: Fragments) -> ForeignSpan:
    """Somebody's span of which the file says no more; made in half the time."""
    values = (id_, label, fragments, "", _NOTHING, False, "", None, None, None, "", False)
    return tuple.__new__(ForeignSpan, values)


class ForeignRelation(NamedTuple):
    """A link between two spans of the same record, from the one that it starts at to the other."""

    id: str
    type: str
    head: str
    tail: str
    attributes: Mapping[str, Any] = _NOTHING
    suggested: bool = False
    origin: str = ""
    confidence: float | None = None
    note: str | None = None
    place: str = ""
    rejected: bool = False


class Foreign(Struct, frozen=True, kw_only=True):
    """What one person (or a model) has labelled in one article."""

    annotator: str | None = None
    """Whose the labels are, where the file says; otherwise who imports, or nobody's suggestions."""
    progress: Progress = Progress()
    spans: Sequence[ForeignSpan] = ()
    relations: tuple[ForeignRelation, ...] = ()
    actors: tuple[ActorRecord, ...] = ()
