"""Rows of spans that need not become objects on their way into an export."""

from __future__ import annotations

from sqlalchemy import func, select

from annotator.core.model import Span
from annotator.core.span_rows import ACCEPTED
from annotator.store.rows import KINDS, SPAN_TYPES, Row, check_types, mapping_of, span_of
from annotator.store.tables import SPANS

_span = SPANS.c
_MOST_KNOWN = 10_000
"""Attributes that are remembered."""

SPAN_ROW_COLUMNS = (
    _span.id, _span.kind, _span.label, _span.start, _span.end, _span.fragments, _span.attributes, _span.actor,
    _span.state, _span.origin, _span.confidence, _span.annotator, _span.suggestion, _span.created,
    _span.updated, _span.note,
)  # fmt: skip
"""Of a :class:`annotator.core.span_rows.SpanRow`, in its order."""


ROWS_OF_ARTICLES = select(
    _span.article_pk, func.count(_span.confidence), func.json_group_array(func.json_array(*SPAN_ROW_COLUMNS))
).group_by(_span.article_pk)
"""For each article how many of its rows have a confidence, and the rows as JSON.

SQLite makes that beside Python; rows that are fetched one by one have to pass through it. As JSON a
confidence might lose its last digit.
"""
_SPAN_ROW_TYPES = (str, str, str, int, int, *SPAN_TYPES[3:])


class SpanRowCheck:
    """Tells which rows of ``SPAN_ROW_COLUMNS`` can stay rows; remembers what it has seen."""

    def __init__(self) -> None:
        self._types: set[tuple[type, ...]] = set()
        self._attributes: set[str] = {"{}"}

    def _attribute(self, data: str) -> None:
        mapping_of(data)
        if len(self._attributes) < _MOST_KNOWN:
            self._attributes.add(data)

    def __call__(self, row: Row) -> bool:
        """Whether it is an own span of one fragment. Raises ProjectError as :func:`span_of` where it could
        not be read at all."""
        types = tuple(map(type, row))
        if types not in self._types:
            check_types(row, _SPAN_ROW_TYPES, "a span")
            self._types.add(types)
        start, end, attributes = row[3], row[4], row[6]
        if attributes not in self._attributes:
            self._attribute(attributes)
        return (
            row[8] == ACCEPTED
            and row[11] is not None
            and row[1] in KINDS
            and 0 <= start < end
            and row[5] == f"[[{start},{end}]]"
        )


def span_of_row(row: Row) -> Span:
    """A span from a row of ``SPAN_ROW_COLUMNS``. Raises ProjectError."""
    return span_of((*row[:3], *row[5:]))
