"""What an edit changes, record by record, with the state before and after.

A :class:`ChangeSet` is what a command plans, what one transaction saves, what the edit log keeps and
what the window refreshes by. Its inverse swaps before and after, so undoing needs no code of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct, to_builtins

from annotator.core.carrying import reversed_moves
from annotator.core.codebook import Codebook, codebook_from, codebook_to
from annotator.core.model import (
    ActorRecord,
    Alias,
    Decision,
    Fragments,
    Kind,
    Progress,
    Property,
    Refusal,
    Relation,
    Span,
    State,
    Status,
    Target,
    Verdict,
)
from annotator.core.moves import Move, Part
from annotator.core.records import replace

PROJECT = ""
"""What stands for the article in a change set of what belongs to no article: actor records, the codebook."""


class SpanChange(Struct, frozen=True):
    """An own span made (before is None), changed or removed (after is None).

    A suggestion that a person asked for is made, and taken back, in the same way.
    """

    before: Span | None
    after: Span | None

    @property
    def is_suggestion(self) -> bool:
        """Whether the span belongs to no annotator."""
        record = self.before or self.after
        assert record is not None
        return record.is_suggestion

    @property
    def key(self) -> str:
        """The span's id."""
        record = self.before or self.after
        assert record is not None
        return record.id


class RelationChange(Struct, frozen=True):
    """An own relation made, changed or removed."""

    before: Relation | None
    after: Relation | None

    @property
    def key(self) -> str:
        """The relation's id."""
        record = self.before or self.after
        assert record is not None
        return record.id


class DecisionChange(Struct, frozen=True):
    """A decision on a suggestion made, changed or taken back."""

    before: Decision | None
    after: Decision | None

    @property
    def key(self) -> str:
        """The suggestion's id."""
        record = self.before or self.after
        assert record is not None
        return record.suggestion


class ProgressChange(Struct, frozen=True):
    """The annotator's status, flag or note of the article changed."""

    before: Progress
    after: Progress


class FurnitureChange(Struct, frozen=True):
    """Some of the article's furniture ranges went (before) and others came (after).

    Furniture is everybody's, so a change names only the ranges that it concerns: what other annotators
    have changed in the meantime stays, and never stands in the way of undoing.
    """

    before: Fragments
    after: Fragments


def exchanged(furniture: Fragments, change: FurnitureChange) -> Fragments:
    """The furniture ranges, sorted, after a change was carried out on them."""
    kept = {each for each in furniture if each not in change.before}
    return tuple(sorted(kept.union(change.after)))


class ActorChange(Struct, frozen=True):
    """An actor record made (before is None), changed or removed (after is None).

    Records are everybody's, so only what differs between before and after is carried out: what others
    have changed in the meantime stays, a record that is in use is not removed, and undoing never fails.
    """

    before: ActorRecord | None
    after: ActorRecord | None

    @property
    def key(self) -> str:
        """The record's id."""
        record = self.before or self.after
        assert record is not None
        return record.id


def carried(there: ActorRecord | None, change: ActorChange) -> ActorRecord | None:
    """A record as it is there (None: it is not) after a change of it; see :class:`ActorChange`.

    A value that has become another one meanwhile stays; of aliases and properties only those go and come
    that the change takes away and adds, a property only where none of its name begins on the same day by
    now. One that was deleted meanwhile stays deleted.
    """
    before, after = change.before, change.after
    if before is None or after is None:
        return after if there is None or after is None else there
    if there is None:
        return None
    values: dict[str, Any] = {
        name: getattr(after, name)
        for name in ("name", "type", "external_id", "note", "merged_into")
        if getattr(before, name) != getattr(after, name) and getattr(there, name) == getattr(before, name)
    }
    return replace(
        there,
        **values,
        aliases=_exchanged_in(there.aliases, before.aliases, after.aliases),
        properties=_once_a_day(_exchanged_in(there.properties, before.properties, after.properties)),
    )


def _exchanged_in[T](there: tuple[T, ...], before: tuple[T, ...], after: tuple[T, ...]) -> tuple[T, ...]:
    if there == before:
        return after
    kept = [each for each in there if each not in before or each in after]
    return (*kept, *(each for each in after if each not in before and each not in kept))


def _once_a_day(properties: tuple[Property, ...]) -> tuple[Property, ...]:
    """Of two values of one property that begin on the same day the first, which others have given it."""
    found: dict[tuple[str, str], Property] = {}
    for each in properties:
        found.setdefault((each.name, each.since), each)
    return tuple(found.values()) if len(found) < len(properties) else properties


class RefusalChange(Struct, frozen=True):
    """A record refused for some words (before is None), or that taken back (after is None)."""

    before: Refusal | None
    after: Refusal | None


class CodebookChange(Struct, frozen=True):
    """The codebook became another one, and the labels went along by its moves."""

    before: Codebook
    after: Codebook
    moves: tuple[Move, ...] = ()

    def inverted(self) -> CodebookChange:
        """The change back.

        Its moves cannot tell apart what has become one; the store keeps what it needs for that.
        """
        return CodebookChange(self.after, self.before, reversed_moves(self.before, self.after, self.moves))


type ProjectChange = ActorChange | RefusalChange | CodebookChange
type Change = SpanChange | RelationChange | DecisionChange | ProgressChange | FurnitureChange | ProjectChange


class ChangeSet(Struct, frozen=True):
    """The changes of one edit in one article, in an order in which they can be carried out."""

    article: str
    """The article's id, or :data:`PROJECT`."""
    changes: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.changes)

    def inverted(self) -> ChangeSet:
        """The change set that takes this one back."""
        return ChangeSet(
            self.article,
            tuple(
                each.inverted() if isinstance(each, CodebookChange) else type(each)(each.after, each.before)  # type: ignore[arg-type]
                for each in reversed(self.changes)
            ),
        )

    @property
    def span_ids(self) -> set[str]:
        """Ids of the own spans and of the suggested spans whose look may have changed."""
        spans = {each.key for each in self.changes if isinstance(each, SpanChange)}
        return spans | {
            each.key
            for each in self.changes
            if isinstance(each, DecisionChange) and (each.before or each.after).target == Target.SPAN  # type: ignore[union-attr]
        }

    @property
    def relation_ids(self) -> set[str]:
        """Ids of the own relations and suggested relations whose look may have changed."""
        relations = {each.key for each in self.changes if isinstance(each, RelationChange)}
        return relations | {
            each.key
            for each in self.changes
            if isinstance(each, DecisionChange) and (each.before or each.after).target == Target.RELATION  # type: ignore[union-attr]
        }

    @property
    def touches_furniture(self) -> bool:
        """Whether the article's furniture changed."""
        return any(isinstance(each, FurnitureChange) for each in self.changes)

    def added_spans(self) -> list[Span]:
        """The own spans that it makes."""
        return [each for each in self._new_spans() if not each.is_suggestion]

    def added_suggestions(self) -> list[Span]:
        """The suggestions that it makes."""
        return [each for each in self._new_spans() if each.is_suggestion]

    def _new_spans(self) -> list[Span]:
        return [
            each.after
            for each in self.changes
            if isinstance(each, SpanChange) and each.before is None and each.after is not None
        ]

    def added_relations(self) -> list[Relation]:
        """The own relations that it makes."""
        return [
            each.after
            for each in self.changes
            if isinstance(each, RelationChange) and each.before is None and each.after is not None
        ]


# -- JSON -----------------------------------------------------------------------------------------


def _span_from(data: Mapping[str, Any]) -> Span:
    return Span(
        **{
            **data,
            "kind": Kind(data["kind"]),
            "state": State(data["state"]),
            "fragments": _fragments(data["fragments"]),
        }
    )


def _relation_from(data: Mapping[str, Any]) -> Relation:
    return Relation(**{**data, "state": State(data["state"])})


def _decision_from(data: Mapping[str, Any]) -> Decision:
    return Decision(**{**data, "target": Target(data["target"]), "verdict": Verdict(data["verdict"])})


def actor_from(data: Mapping[str, Any]) -> ActorRecord:
    """An actor record from the JSON values that :func:`changeset_to` gives."""
    return ActorRecord(
        **{
            **data,
            "aliases": tuple(Alias(**each) for each in data["aliases"]),
            "properties": tuple(Property(**each) for each in data["properties"]),
        }
    )


def _move_from(data: Mapping[str, Any]) -> Move:
    old, new = tuple(data["old"]), None if data["new"] is None else tuple(data["new"])
    if not all(isinstance(each, str) for each in (*old, *(new or ()))):
        raise ValueError("a move of a codebook's words that are no texts")
    return Move(Part(data["part"]), old, new)


def _progress_from(data: Mapping[str, Any]) -> Progress:
    return Progress(Status(data["status"]), data["flagged"], data["note"])


def _fragments(data: Iterable[Iterable[int]]) -> Fragments:
    return tuple((start, end) for start, end in data)


def changeset_to(changes: ChangeSet) -> dict[str, Any]:
    """A change set as JSON values, for the edit log."""
    return {"article": changes.article, "changes": [_change_to(each) for each in changes.changes]}


def _change_to(change: Change) -> dict[str, Any]:
    match change:
        case FurnitureChange(before, after):
            return {"of": "furniture", "before": before, "after": after}
        case CodebookChange(before, after, moves):
            return {
                "of": "codebook",
                "before": codebook_to(before),
                "after": codebook_to(after),
                "moves": to_builtins(moves),
            }
        case ActorChange():
            of = "actor"
        case RefusalChange():
            of = "refusal"
        case SpanChange():
            of = "span"
        case RelationChange():
            of = "relation"
        case DecisionChange():
            of = "decision"
        case ProgressChange():
            of = "progress"
    return {
        "of": of,
        "before": None if change.before is None else to_builtins(change.before),
        "after": None if change.after is None else to_builtins(change.after),
    }


def changeset_from(data: Mapping[str, Any]) -> ChangeSet:
    """A change set from what :func:`changeset_to` gave."""
    return ChangeSet(data["article"], tuple(_change_from(each) for each in data["changes"]))


def _change_from(data: Mapping[str, Any]) -> Change:
    before, after = data["before"], data["after"]
    match data["of"]:
        case "span":
            return SpanChange(before and _span_from(before), after and _span_from(after))
        case "relation":
            return RelationChange(before and _relation_from(before), after and _relation_from(after))
        case "decision":
            return DecisionChange(before and _decision_from(before), after and _decision_from(after))
        case "progress":
            return ProgressChange(_progress_from(before), _progress_from(after))
        case "furniture":
            return FurnitureChange(_fragments(before), _fragments(after))
        case "actor":
            return ActorChange(before and actor_from(before), after and actor_from(after))
        case "refusal":
            return RefusalChange(before and Refusal(**before), after and Refusal(**after))
        case "codebook":
            moves = tuple(_move_from(each) for each in data["moves"])
            return CodebookChange(codebook_from(before), codebook_from(after), moves)
        case other:
            raise ValueError(f"unknown change {other!r}")
