"""What the process that runs spaCy and its parent say to each other; cheap to import.

Orders are our own and go as they are. Reports come from a process that has read strangers' articles
with somebody's pipeline: they are JSON, of which every part is looked at before it is used.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable
from itertools import chain, pairwise
from typing import Any

from msgspec import Struct

from annotator.core.cue_words import LONGEST
from annotator.core.errors import ModelError, Problem
from annotator.core.model import Kind
from annotator.core.ports import Evidence, Suggested, SuggestedRelation, SuggestedSpan, SuggestJob
from annotator.core.tokens import Tokens


class Submit(Struct, frozen=True):
    """To the worker: work on this article, after those that wait, or (urgent) before them."""

    job: SuggestJob
    urgent: bool = False


class Cancel(Struct, frozen=True):
    """To the worker: drop everything that waits."""


class Ready(Struct, frozen=True):
    """From the worker: the pipeline is loaded. ``origin`` is that of :func:`pipelines.run_origin`;
    ``complaint`` is a sentence where it can suggest nothing."""

    origin: str
    complaint: str | None


class Started(Struct, frozen=True):
    """From the worker: the articles that it works on now; if it dies, one of them did it."""

    articles: tuple[str, ...]


class Done(Struct, frozen=True):
    """From the worker: what was found in an article, or a sentence why nothing could be."""

    suggested: Suggested
    complaint: str | None


class Trouble(Struct, frozen=True):
    """From the worker: an article could not be read, or (None) the pipeline not be loaded."""

    article: str | None
    problem: Problem


type Order = Submit | Cancel
type Report = Ready | Started | Done | Trouble


def bytes_of(report: Report) -> bytes:
    """A report as it is sent."""
    from msgspec.json import encode

    return encode([type(report).__name__, report], enc_hook=list)  # the numbers of tokens are an array


def report_from(data: bytes) -> Report:
    """A report as it was sent. Raises ModelError for anything else."""
    from orjson import loads

    try:
        name, fields = loads(data)
        return _READ[name](fields)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ModelError("what the suggestion worker sent cannot be read") from error


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _number_or_none(value: Any) -> float | None:
    return None if value is None else float(value)


def _place(value: Any, most: int) -> int:
    if type(value) is not int or not 0 <= value < most:
        raise ValueError
    return value


def _done(data: Any) -> Done:
    found = data["suggested"]
    tokens = found["tokens"]
    starts, ends, sentences = (array("I", tokens[each]) for each in ("starts", "ends", "sentences"))
    if len(starts) != len(ends) or any(a > b for a, b in pairwise(chain(*zip(starts, ends, strict=True)))):
        raise ValueError
    spans = tuple(_span(each) for each in found["spans"])
    return Done(
        Suggested(
            _text(found["article"]),
            spans,
            tuple(_relation(each, len(spans)) for each in found["relations"]),
            Tokens(starts, ends, sentences, _text(tokens["source"])),
            tuple(map(_text, found["origins"])),
        ),
        _text_or_none(data["complaint"]),
    )


def _span(data: Any) -> SuggestedSpan:
    fragments = tuple((_place(start, end), _place(end, 1 << 31)) for start, end in data["fragments"])
    edges = tuple(chain(*fragments))
    if not fragments or any(a >= b for a, b in pairwise(edges)):
        raise ValueError
    return SuggestedSpan(
        Kind(data["kind"]),
        _text(data["label"]),
        fragments,
        _text(data["origin"]),
        _number_or_none(data["confidence"]),
        dict(data["attributes"]),
        None if data["evidence"] is None else _evidence(data["evidence"]),
    )


def _evidence(data: Any) -> Evidence:
    word, rule, sure = _text(data["word"]), _text(data["rule"]), float(data["confidence"])
    if not (0 < len(word) <= LONGEST and len(rule) <= LONGEST and 0 <= sure <= 1):
        raise ValueError
    return Evidence(word, rule, sure)


def _relation(data: Any, spans: int) -> SuggestedRelation:
    return SuggestedRelation(
        _text(data["type"]),
        _place(data["head"], spans),
        _place(data["tail"], spans),
        _text(data["origin"]),
        _number_or_none(data["confidence"]),
    )


def _problem(data: Any) -> Problem:
    return Problem(_text(data["what"]), _text(data["where"]), _text(data["cure"]))


_READ: dict[str, Callable[[Any], Report]] = {
    "Ready": lambda data: Ready(_text(data["origin"]), _text_or_none(data["complaint"])),
    "Started": lambda data: Started(tuple(map(_text, data["articles"]))),
    "Done": _done,
    "Trouble": lambda data: Trouble(_text_or_none(data["article"]), _problem(data["problem"])),
}
