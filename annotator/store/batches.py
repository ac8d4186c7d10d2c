"""Articles that are added together, with the rows of their spans as columns.

Most columns say the same in every row of an import. Such a column is one value here, on its way to
another process and into SQLite, where each value that is bound takes as long as a tenth of its row.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, islice, repeat
from typing import Any

import orjson
from msgspec import Struct
from sqlalchemy import Connection

from annotator.core.ports import NewArticle
from annotator.core.records import replace
from annotator.core.span_rows import Column, Same, SpanRows, column_of, fragments_of
from annotator.store.tables import SPANS

_NAMES = [column.name for column in SPANS.columns]
_TOGETHER = (1000, 50, 1)
"""Rows of one statement, where there are so many."""


class Batch(Struct, frozen=True):
    """Articles without the spans that are rows, and these."""

    articles: Sequence[NewArticle]
    rows: Sequence[int]
    """How many rows each of them has."""
    columns: Sequence[Column]
    """Of all rows, one after the other, without the article's number and the fragments."""

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return sum(len(each.article.text) for each in self.articles) + 150 * sum(self.rows)

    @classmethod
    def of(cls, articles: Sequence[NewArticle]) -> Batch:
        """Articles as they come."""
        found = [each.spans if isinstance(each.spans, SpanRows) else _NONE for each in articles]
        parts = [each.columns for each in found if each]
        lengths = tuple(map(len, found))
        return cls(
            tuple(
                replace(each, spans=()) if length else each
                for each, length in zip(articles, lengths, strict=True)
            ),
            lengths,
            [*map(_joined, zip(*parts, strict=True), repeat([each for each in lengths if each]))],
        )

    def __reduce__(self) -> tuple[Any, ...]:
        # As JSON the columns' many short texts reach another process in half the time.
        same = [isinstance(each, Same) for each in self.columns]
        values = orjson.dumps([each.value if isinstance(each, Same) else each for each in self.columns])
        return Batch._unpacked, (self.articles, self.rows, same, values)

    @classmethod
    def _unpacked(
        cls, articles: Sequence[NewArticle], rows: Sequence[int], same: Sequence[bool], values: bytes
    ) -> Batch:
        columns = orjson.loads(values)
        return cls(
            articles,
            rows,
            [Same(each) if alike else each for each, alike in zip(columns, same, strict=True)],
        )


_NONE = SpanRows(())


def _joined(parts: Sequence[Column], lengths: Sequence[int]) -> Column:
    """One column after the other, each of its length, as one."""
    first = parts[0]
    if isinstance(first, Same) and all(
        isinstance(each, Same) and each.value == first.value for each in parts
    ):
        return first
    joined: list[Any] = []
    for part, length in zip(parts, lengths, strict=True):
        joined += _listed(part, length)
    return column_of(joined)


def _listed(column: Column, number: int) -> Sequence[Any]:
    return [column.value] * number if isinstance(column, Same) else column


def put_rows(connection: Connection, numbers: Sequence[int], batch: Batch) -> None:
    """Insert the rows of the spans; ``numbers`` are those of the articles.

    Other threads can go on meanwhile, which they hardly can where each row is a step of its own.
    """
    if not batch.columns:
        return
    of_rows = tuple(chain.from_iterable(map(repeat, numbers, batch.rows)))
    columns: list[Column] = [of_rows, *batch.columns]
    places = [_listed(columns[_NAMES.index(name)], len(of_rows)) for name in ("start", "end")]
    columns.insert(_NAMES.index("fragments"), fragments_of(*places))
    same = {name: each.value for name, each in zip(_NAMES, columns, strict=True) if isinstance(each, Same)}
    differing = tuple(name for name in _NAMES if name not in same)
    rows = zip(*(each for each in columns if not isinstance(each, Same)), strict=True)
    left = len(of_rows)
    cursor = connection.connection.cursor()
    for number in _TOGETHER:
        statement = _insert(differing, tuple(same), number)
        while left >= number:
            cursor.execute(statement, [*same.values(), *chain.from_iterable(islice(rows, number))])
            left -= number
    cursor.close()


@lru_cache(maxsize=100)
def _insert(differing: Sequence[str], same: Sequence[str], number: int) -> str:
    """Inserts so many rows: first come the values that all of them have, then the others row by row."""
    names = ", ".join(f'"{each}"' for each in (*same, *differing))
    row = f"({', '.join('?' * len(differing))})"
    rows = ", ".join([row] * number)
    return f"INSERT INTO spans ({names}) SELECT {'?, ' * len(same)}* FROM (VALUES {rows})"  # noqa: S608 - our own names
