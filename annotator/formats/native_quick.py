"""Native lines whose spans are of the usual shape, parsed and checked in a third of the time.

Nothing is told here: where a span is unusual or wrong in any way, the line goes the careful way of
:mod:`annotator.formats.native_reader`, which says what is wrong. What is taken here it takes as well.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import compress
from operator import attrgetter, lt
from typing import Annotated, Any, Literal

import msgspec
import orjson
from msgspec import UNSET, Raw, UnsetType

from annotator.core.model import Kind, Span, new_id
from annotator.core.span_rows import ACCEPTED, Same, SpanRows, column_of
from annotator.core.validate import span_problems
from annotator.formats.base import Intake

_MOST_KNOWN = 10_000
"""Attributes that are remembered."""
_PEOPLE = ("annotator:", "import:")
"""How origins of people's labels begin: a model's has to do with suggestions."""
_WORTH_IT = 20
"""Lines after which it is told whether most of a file are of the usual shape."""

type _Index = Annotated[int, msgspec.Meta(ge=0, le=1 << 62)]


class _Span(msgspec.Struct, gc=False, forbid_unknown_fields=True):
    """A span in one fragment that its annotator has set; what may be missing is what it would then be."""

    kind: str
    label: str
    start: int
    end: int
    id: str | None = None
    fragments: tuple[tuple[int, int]] | UnsetType = UNSET
    text: str | UnsetType = UNSET
    token_start: _Index | None = None
    token_end: _Index | None = None
    actor: str | None = None
    attributes: dict[str, Any] = {}
    state: Literal["accepted"] = "accepted"
    origin: str | None = None
    confidence: float | None = None
    note: str | None = None


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    """A line whose spans are like that. The parts that may hold anything are parsed as on the careful way:
    the two parsers do not agree on whole numbers beyond 64 bits."""

    format: str
    id: Any = UNSET
    external_id: Any = UNSET
    title: Any = UNSET
    text: Any = UNSET
    meta: Raw | UnsetType = UNSET
    status: Any = UNSET
    annotator: Any = UNSET
    spans: list[_Span] | UnsetType = UNSET
    relations: Raw | UnsetType = UNSET
    actors: Raw | UnsetType = UNSET
    furniture: Raw | UnsetType = UNSET
    note: Any = UNSET
    flagged: Any = UNSET


_KEYS = _Line.__struct_fields__
_values_of = attrgetter(*_KEYS)
_decode = msgspec.json.Decoder(_Line).decode


class Quick:
    """Takes line after line of one file."""

    def __init__(self, intake: Intake) -> None:
        self._codebook = intake.codebook
        self._at = intake.at
        self._origin = f"import:{intake.source.short_name}"
        self._labels = {(str(each.kind), each.name) for each in intake.codebook.labels}
        self._attributes: dict[tuple[str, bytes], str] = {}
        """Those that the codebook allows for a kind, as JSON."""
        self._lines = self._taken = 0

    def parsed(self, line: bytes) -> dict[str, Any] | None:
        """The line as parsed JSON, its spans for :meth:`spans`; None where they are of another shape."""
        if self._lines > _WORTH_IT and self._taken * 2 < self._lines:
            return None
        self._lines += 1
        try:
            found = _decode(line)
            values = dict(zip(_KEYS, _values_of(found), strict=True))
            for key, value in values.items():
                if type(value) is Raw:
                    values[key] = orjson.loads(bytes(value))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return None
        return {key: value for key, value in values.items() if value is not UNSET}

    def spans(
        self, items: Sequence[Any], text: str, annotator: str, actors: Collection[str]
    ) -> SpanRows | None:
        """The annotator's own spans, out of a line that was parsed here; None where any is not usual.

        ``actors``: ids of the line's actor records.
        """
        starts, ends = [each.start for each in items], [each.end for each in items]
        if min(starts) < 0 or max(ends) > len(text) or not all(map(lt, starts, ends)):
            return None
        fragments = [each.fragments for each in items]
        if not _agree(fragments, [*zip(zip(starts, ends, strict=True), strict=True)]):
            return None
        words = [text[start:end] for start, end in zip(starts, ends, strict=True)]
        if not _agree([each.text for each in items], words) or any(map(str.isspace, words)):
            return None
        kinds, labels = [each.kind for each in items], [each.label for each in items]
        if not self._labels.issuperset(zip(kinds, labels, strict=True)):
            return None
        ids = [each.id if each.id is not None else new_id() for each in items]
        known = set(ids)
        meant = [each.actor for each in items]
        origins = [each.origin for each in items]
        if (
            len(known) < len(ids)
            or "" in known
            or not all(actor in actors for actor in set(meant) if actor is not None)
            or not all(each is None or each.startswith(_PEOPLE) for each in set(origins))
        ):
            return None
        said = self._said([each.attributes for each in items], kinds, labels, text)
        if said is None:
            return None
        if None in origins:
            origins = [self._origin if each is None else each for each in origins]
        at = Same(self._at)
        self._taken += 1
        return SpanRows.of(
            len(ids),
            (
                ids, kinds, labels, starts, ends, said, column_of(meant), Same(ACCEPTED),
                column_of(origins), column_of([each.confidence for each in items]), Same(annotator),
                Same(None), at, at, column_of([each.note for each in items]),
            ),
        )  # fmt: skip

    def none(self) -> None:
        """Count a line that has no spans."""
        self._taken += 1

    def _said(
        self, attributes: list[dict[str, Any]], kinds: list[str], labels: list[str], text: str
    ) -> list[str] | None:
        """Attributes as the project file has them; None where the codebook does not allow any of them."""
        said = ["{}"] * len(attributes)
        for nth in compress(range(len(said)), attributes):
            kind, given = kinds[nth], attributes[nth]
            try:
                data = orjson.dumps(given)
            except TypeError:
                return None
            known = self._attributes.get((kind, data))
            if known is None:
                end = len(text) - len(text.lstrip()) + 1
                span = Span(
                    id="", kind=Kind(kind), label=labels[nth], fragments=((0, end),), attributes=given
                )
                if any(span_problems(span, text, self._codebook)):
                    return None
                known = data.decode()
                if len(self._attributes) < _MOST_KNOWN:
                    self._attributes[kind, data] = known
            said[nth] = known
        return said


def _agree(given: list[Any], found: list[Any]) -> bool:
    """Whether what is given of each span, where it is, is what was found."""
    return given == found or all(
        one is UNSET or one == other for one, other in zip(given, found, strict=True)
    )
