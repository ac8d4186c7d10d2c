"""The spans of a native line whose shape is the usual one, checked in a fifth of the time.

Nothing is told here: where a span is unusual or wrong in any way, the line goes the careful way of
:mod:`annotator.formats.native_reader`, which says what is wrong. What is taken here it takes as well.
"""

from __future__ import annotations

from collections.abc import Collection
from operator import itemgetter
from typing import Any

import orjson

from annotator.core.codebook import Codebook
from annotator.core.model import Kind, Span
from annotator.core.span_rows import ACCEPTED, Columns, SpanRows
from annotator.core.validate import span_problems
from annotator.formats.native import SPAN_KEYS

_MOST_KNOWN = 10_000
"""Attributes, and origins, that are remembered."""
_PEOPLE = ("annotator:", "import:")
_values_of = itemgetter(*SPAN_KEYS)


class QuickSpans:
    """Takes the spans of line after line of one file."""

    def __init__(self, codebook: Codebook, at: str) -> None:
        self._codebook = codebook
        self._at = at
        self._labels = {(str(each.kind), each.name): (str(each.kind), each.name) for each in codebook.labels}
        self._origins: dict[str, str] = {}
        self._attributes: dict[tuple[str, bytes], str] = {}
        """Those that the codebook allows for a kind, as JSON."""

    def take(self, items: list[Any], text: str, annotator: str, actors: Collection[str]) -> SpanRows | None:
        """Own spans that the annotator has set, each with every key; None where any is not of that kind."""
        try:
            return self._take(items, text, annotator, actors)
        except (TypeError, ValueError, LookupError):
            return None

    def _take(self, items: list[Any], text: str, annotator: str, actors: Collection[str]) -> SpanRows | None:
        rows: list[Columns] = []
        length, at, labels, origins, width = len(text), self._at, self._labels, self._origins, len(SPAN_KEYS)
        for item in items:
            (
                id_, kind, label, start, end, fragments, words, first, last, actor, attributes, state, origin,
                confidence, note,
            ) = _values_of(item)  # fmt: skip
            ((a, b),) = fragments
            if (
                type(a) is not int
                or type(b) is not int
                or type(start) is not int
                or type(end) is not int
                or a != start
                or b != end
                or not 0 <= a < b <= length
                or text[a:b] != words
                or words.isspace()
                or (name := labels.get((kind, label))) is None
                or state != ACCEPTED
                or type(id_) is not str
                or not id_
                or len(item) != width
                or (origin not in origins and not self._is_usual_origin(origin))
                or (first is not None and (type(first) is not int or first < 0))
                or (last is not None and (type(last) is not int or last < 0))
                or (actor is not None and actor not in actors)
                or (note is not None and type(note) is not str)
            ):
                return None
            if confidence is not None:
                if type(confidence) is not float and type(confidence) is not int:
                    return None
                confidence = float(confidence)
            data = "{}" if attributes == {} else self._json_of(attributes, kind, label, text)
            place = f"[[{a},{b}]]"
            rows.append(
                (id_, *name, a, b, place, data, actor, ACCEPTED, origins.get(origin, origin), confidence,
                 annotator, None, at, at, note)
            )  # fmt: skip
        return SpanRows(rows) if len({row[0] for row in rows}) == len(rows) else None

    def _is_usual_origin(self, origin: Any) -> bool:
        """Whether it is that of a person or an import: a model's has to do with suggestions."""
        usual = type(origin) is str and origin.startswith(_PEOPLE)
        if usual and len(self._origins) < _MOST_KNOWN:
            self._origins[origin] = origin
        return usual

    def _json_of(self, attributes: Any, kind: str, label: str, text: str) -> str:
        """Attributes as the project file has them. Raises ValueError where they are not as they should be."""
        if type(attributes) is not dict:
            raise ValueError
        data = orjson.dumps(attributes)
        known = self._attributes.get((kind, data))
        if known is None:
            end = len(text) - len(text.lstrip()) + 1
            span = Span(id="", kind=Kind(kind), label=label, fragments=((0, end),), attributes=attributes)
            if any(span_problems(span, text, self._codebook)):
                raise ValueError
            known = data.decode()
            if len(self._attributes) < _MOST_KNOWN:
                self._attributes[kind, data] = known
        return known
