"""Spans made by the hundred thousand, three times as fast as by calling their class.

A frozen dataclass sets each field by a call that looks the field up; here that is done once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from annotator.core.model import Fragments, Kind, Span, State

_new = object.__new__


def _setter(name: str) -> Callable[[Span, Any], None]:
    setter: Callable[[Span, Any], None] = getattr(Span, name).__set__
    return setter


_ID, _KIND, _LABEL, _FRAGMENTS, _ATTRIBUTES, _ACTOR, _STATE = map(
    _setter, ("id", "kind", "label", "fragments", "attributes", "actor", "state")
)
_ORIGIN, _CONFIDENCE, _ANNOTATOR, _SUGGESTION, _CREATED, _UPDATED, _NOTE = map(
    _setter, ("origin", "confidence", "annotator", "suggestion", "created", "updated", "note")
)


def make_span(
    id_: str,
    kind: Kind,
    label: str,
    fragments: Fragments,
    attributes: Mapping[str, Any],
    actor: str | None,
    state: State,
    origin: str,
    confidence: float | None,
    annotator: str | None,
    at: str,
    note: str | None,
    suggestion: str | None = None,
    updated: str | None = None,
) -> Span:
    """The span with these fields, created ``at`` that time, and ``updated`` then too if nothing is said."""
    span = _new(Span)
    _ID(span, id_)
    _KIND(span, kind)
    _LABEL(span, label)
    _FRAGMENTS(span, fragments)
    _ATTRIBUTES(span, attributes)
    _ACTOR(span, actor)
    _STATE(span, state)
    _ORIGIN(span, origin)
    _CONFIDENCE(span, confidence)
    _ANNOTATOR(span, annotator)
    _SUGGESTION(span, suggestion)
    _CREATED(span, at)
    _UPDATED(span, at if updated is None else updated)
    _NOTE(span, note)
    return span
