"""Spans of one annotator as the columns that the project file keeps, which most of them never leave.

Files of many thousand articles have some fifty spans each. To make an object of each takes as long as
everything else that an import or export does with it; so those whose columns are all as usual stay
columns on their way, and whoever wants objects gets them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import islice, repeat
from operator import itemgetter
from typing import Any, NamedTuple, overload

import orjson
from msgspec import Struct

from annotator.core.model import Kind, Span, State


class SpanRow(NamedTuple):
    """The columns of a span in their order, without the article; of one fragment, and of an annotator."""

    id: str
    kind: str
    label: str
    start: int
    end: int
    fragments: str
    """JSON text, ``[[start,end]]``."""
    attributes: str
    """JSON text of an object."""
    actor: str | None
    state: str
    """Always accepted."""
    origin: str
    confidence: float | None
    annotator: str
    suggestion: str | None
    created: str
    updated: str
    note: str | None


type Columns = tuple[
    str, str, str, int, int, str, str, str | None, str, str, float | None, str, str | None, str, str,
    str | None,
]  # fmt: skip
"""A :class:`SpanRow`, or a plain tuple of the same values, which is made in half the time."""


class Same(Struct, frozen=True):
    """What a column says in all rows."""

    value: Any


type Column = Same | Sequence[Any]


def column_of(values: Sequence[Any]) -> Column:
    """Values, of which there is at least one, as a column."""
    first = values[0]
    return Same(first) if values[-1] == first and values.count(first) == len(values) else values


def fragments_of(starts: Iterable[int], ends: Iterable[int]) -> list[str]:
    """The column ``fragments`` of spans that have one each, from where they start and end."""
    return [f"[[{start},{end}]]" for start, end in zip(starts, ends, strict=True)]


ACCEPTED = str(State.ACCEPTED)
_START = itemgetter(3)
_FRAGMENTS = SpanRow._fields.index("fragments")
_KINDS = {str(each): each for each in Kind}


class SpanRows(Sequence[Span]):
    """Checked rows that give spans where they are asked for them."""

    def __init__(self, rows: Sequence[Columns], *, sort: bool = False) -> None:
        self._rows: Sequence[Columns] | None = _in_order(rows) if sort else rows
        self._number = len(rows)
        self._sorted = sort

    @classmethod
    def of(cls, number: int, columns: Sequence[Column]) -> SpanRows:
        """So many rows, given as :attr:`columns`, each of that length."""
        made = cls(())
        made._rows, made._number, made.columns = None, number, columns
        return made

    @property
    def rows(self) -> Sequence[Columns]:
        """One after the other."""
        if self._rows is None:
            values = (
                repeat(each.value, self._number) if isinstance(each, Same) else each for each in self.columns
            )
            before = [*map(list, islice(values, _FRAGMENTS))]
            self._rows = [*zip(*before, fragments_of(*before[-2:]), *values, strict=True)]
        return self._rows

    @cached_property
    def columns(self) -> Sequence[Column]:
        """The same, a column after the other; none where there are no rows.

        Without the fragments, of which each has one: start and end tell them.
        """
        return [column for nth, column in enumerate(zip(*self.rows, strict=True)) if nth != _FRAGMENTS]

    def in_order(self) -> Sequence[Columns]:
        """The rows in the contract's order of spans."""
        return self.rows if self._sorted else _in_order(self.rows)

    def __reduce__(self) -> tuple[Any, ...]:
        # As JSON its many short texts reach another process in a fifth of the time.
        return SpanRows._from_json, (orjson.dumps(self.rows), self._sorted)

    @classmethod
    def _from_json(cls, data: bytes, is_sorted: bool) -> SpanRows:
        made = cls([*map(tuple, orjson.loads(data))])
        made._sorted = is_sorted
        return made

    @cached_property
    def _spans(self) -> tuple[Span, ...]:
        return tuple(map(_span_of, self.rows))

    def __len__(self) -> int:
        return self._number

    @overload
    def __getitem__(self, index: int) -> Span: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Span, ...]: ...
    def __getitem__(self, index: int | slice) -> Span | tuple[Span, ...]:
        return self._spans[index]

    def __iter__(self) -> Iterator[Span]:
        return iter(self._spans)

    def __eq__(self, other: object) -> bool:
        return self._spans == (other._spans if isinstance(other, SpanRows) else other)

    def __hash__(self) -> int:
        return hash(self._number)


def _in_order(rows: Sequence[Columns]) -> list[Columns]:
    """Rows in the order of spans, in a third of the time where no two have one start, as in most articles."""
    ordered = sorted(rows, key=_START)
    if len({*map(_START, ordered)}) < len(ordered):
        ordered.sort(key=_order)
    return ordered


def _order(row: Columns) -> tuple[int, int, str, str]:
    """As :attr:`annotator.core.model.Span.order`."""
    return row[3], -row[4], row[1], row[0]


def _span_of(row: Columns) -> Span:
    (
        id_, kind, label, start, end, _, attributes, actor, _, origin, confidence, annotator, suggestion,
        created, updated, note,
    ) = row  # fmt: skip
    return Span(
        id=id_, kind=_KINDS[kind], label=label, fragments=((start, end),),
        attributes={} if attributes == "{}" else orjson.loads(attributes), actor=actor, origin=origin,
        confidence=confidence, annotator=annotator, suggestion=suggestion, created=created, updated=updated,
        note=note,
    )  # fmt: skip
