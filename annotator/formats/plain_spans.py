"""Somebody's spans whose shape is the usual one, in columns: checked and kept without an object for each.

Files of many thousand articles have some fifty spans each. Readers take them here where all of an article's
are as usual; where any is unusual or wrong in any way nothing is told, and it is read the careful way,
which says what is wrong. What is taken here that way takes as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from operator import lt
from typing import Any, overload

from annotator.formats.foreign import ForeignSpan, plain_span

_NOTHING: Mapping[int, Mapping[str, str]] = {}


class PlainSpans(Sequence[ForeignSpan]):
    """Spans of one fragment, a label and perhaps attributes, which become objects where one is asked for."""

    def __init__(
        self,
        ids: Sequence[str],
        labels: Sequence[str],
        starts: Sequence[int],
        ends: Sequence[int],
        attributes: Mapping[int, Mapping[str, str]] = _NOTHING,
    ) -> None:
        self.ids = ids
        self.labels = labels
        self.starts = starts
        self.ends = ends
        """Half-open code points of the stored text, with something between them: :func:`are_places`."""
        self.attributes = attributes
        """By the number of the span, from 0; none is empty."""

    @cached_property
    def _spans(self) -> tuple[ForeignSpan, ...]:
        made = [
            plain_span(id_, label, ((start, end),))
            for id_, label, start, end in zip(self.ids, self.labels, self.starts, self.ends, strict=True)
        ]
        for nth, said in self.attributes.items():
            made[nth] = made[nth]._replace(attributes=said)
        return tuple(made)

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, index: int) -> ForeignSpan: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[ForeignSpan, ...]: ...
    def __getitem__(self, index: int | slice) -> ForeignSpan | tuple[ForeignSpan, ...]:
        return self._spans[index]

    def __iter__(self) -> Iterator[ForeignSpan]:
        return iter(self._spans)

    def __eq__(self, other: object) -> bool:
        return self._spans == (other._spans if isinstance(other, PlainSpans) else other)

    def __hash__(self) -> int:
        return hash(self._spans)


def are_places(starts: Sequence[Any], ends: Sequence[Any], length: int) -> bool:
    """Whether these are half-open ranges, each with something in it, of a text of that length."""
    return (
        set(map(type, starts)) == _INTS
        and set(map(type, ends)) == _INTS
        and min(starts) >= 0
        and max(ends) <= length
        and all(map(lt, starts, ends))
    )


_INTS = {int}


def are_names(values: Sequence[Any]) -> bool:
    """Whether all are texts, and none is empty. Raises TypeError for what cannot be looked up."""
    return all(type(each) is str and each for each in set(values))
