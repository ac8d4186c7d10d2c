"""An edit in the words of a codebook that has changed since it was made.

What a person did before the codebook became another one can still be taken back and done again: its
records are carried along as the labels themselves were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from annotator.core.carrying import Bearer, Carrier, restored
from annotator.core.changes import (
    ActorChange,
    Change,
    ChangeSet,
    CodebookChange,
    RelationChange,
    SpanChange,
)
from annotator.core.errors import RuleError
from annotator.core.model import Relation, Span
from annotator.core.records import replace


class Carried(Struct, frozen=True):
    """What a change of the codebook did to one label: its word and its values before and after."""

    word: tuple[str, str] | None = None
    attributes: tuple[Mapping[str, Any], Mapping[str, Any]] | None = None


class Event(Struct, frozen=True):
    """One change of the codebook."""

    change: CodebookChange
    carried: Mapping[tuple[str, str], Carried] | None = None
    """Where it took another one back: what that one had carried, by article and id."""


class _Reader:
    """Carries records through one event."""

    def __init__(self, event: Event) -> None:
        change = event.change
        self.carrier = Carrier.between(change.before, change.after, change.moves)
        self.carried = event.carried or {}

    def span(self, article: str, span: Span) -> Span | None:
        kept = self.carried.get((article, span.id))
        if kept is None:
            return self.carrier.span(span)
        label = self.carrier.label(str(span.kind), span.label)
        if kept.word is not None and kept.word[1] == span.label:
            label = kept.word[0]
        if label is None:
            return None
        return replace(span, label=label, attributes=self._attributes(kept, span.attributes, span.kind))

    def relation(self, article: str, relation: Relation) -> Relation | None:
        kept = self.carried.get((article, relation.id))
        if kept is None:
            return self.carrier.relation(relation)
        type_ = self.carrier.relation_type(relation.type)
        if kept.word is not None and kept.word[1] == relation.type:
            type_ = kept.word[0]
        if type_ is None:
            return None
        attributes = self._attributes(kept, relation.attributes, "relation")
        return replace(relation, type=type_, attributes=attributes)

    def _attributes(self, kept: Carried, values: Mapping[str, Any], of: Bearer) -> Mapping[str, Any]:
        if kept.attributes is None:
            return self.carrier.attributes(values, of)
        was, left = kept.attributes
        return restored(values, was, left, self.carrier, of)


def translated(changesets: Sequence[ChangeSet], events: Sequence[Event]) -> tuple[ChangeSet, ...]:
    """The change sets in the words that the events lead to, oldest event first.

    Raises RuleError where they can no longer be carried out as they were: a label or a value that they
    are about is gone, or what they tell apart is one now.
    """
    for event in events:
        reader = _Reader(event)
        changesets = [
            ChangeSet(each.article, tuple(_through(reader, each.article, one) for one in each.changes))
            for each in changesets
        ]
    return tuple(changesets)


def _through(reader: _Reader, article: str, change: Change) -> Change:
    match change:
        case SpanChange(before, after):
            was = before and reader.span(article, before)
            will = after and reader.span(article, after)
            _same_ends(before, after, was, will)
            if before and after and was and will:
                _as_apart((before.label, after.label), (was.label, will.label))
                _as_many(before.attributes, after.attributes, was.attributes, will.attributes)
            return SpanChange(was, will)
        case RelationChange(first, second):
            old = first and reader.relation(article, first)
            new = second and reader.relation(article, second)
            _same_ends(first, second, old, new)
            if first and second and old and new:
                _as_apart((first.type, second.type), (old.type, new.type))
                _as_many(first.attributes, second.attributes, old.attributes, new.attributes)
            return RelationChange(old, new)
        case ActorChange(had, has):
            carrier = reader.carrier
            return ActorChange(had and carrier.record(had), has and carrier.record(has))
        case _:
            return change


def _same_ends(before: object, after: object, was: object, will: object) -> None:
    if (before is None) != (was is None) or (after is None) != (will is None):
        raise _lost()


def _as_apart(old: tuple[str, str], new: tuple[str, str]) -> None:
    if (old[0] == old[1]) != (new[0] == new[1]):
        raise _lost()


def _as_many(
    before: Mapping[str, Any], after: Mapping[str, Any], was: Mapping[str, Any], will: Mapping[str, Any]
) -> None:
    if len(_differing(before, after)) != len(_differing(was, will)):
        raise _lost()


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    return [name for name in {**one, **other} if one.get(name) != other.get(name)]


def _lost() -> RuleError:
    return RuleError("the codebook has changed since, and what it is about is no longer in there")
