"""Rows of spans turned by ninety degrees: what is done to a whole column at once costs next to nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, cast

from annotator.core.span_rows import Columns


class SpanColumns(NamedTuple):
    """The columns of :class:`annotator.core.span_rows.SpanRow`, each with one value per span."""

    id: tuple[str, ...]
    kind: tuple[str, ...]
    label: tuple[str, ...]
    start: tuple[int, ...]
    end: tuple[int, ...]
    fragments: tuple[str, ...]
    attributes: tuple[str, ...]
    actor: tuple[str | None, ...]
    state: tuple[str, ...]
    origin: tuple[str, ...]
    confidence: tuple[float | None, ...]
    annotator: tuple[str, ...]
    suggestion: tuple[str | None, ...]
    created: tuple[str, ...]
    updated: tuple[str, ...]
    note: tuple[str | None, ...]


def columns_of(rows: Sequence[Columns]) -> SpanColumns:
    """The columns of rows, in the order of the rows."""
    columns = zip(*rows, strict=True) if rows else ((),) * len(SpanColumns._fields)
    return SpanColumns._make(cast(Sequence[tuple[str, ...]], columns))


def number_of(values: Sequence[object]) -> int:
    """How many of a column's values are there."""
    return len(values) - values.count(None)
