"""Native JSONL (``annotator/1``): the keys of a line in order, what they may hold, and how it is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from annotator.core.model import ActorRecord, Relation, Span
from annotator.core.ports import ArticleLabels
from annotator.core.span_rows import Columns, SpanRows
from annotator.core.text import slice_of
from annotator.core.tokens import Indices, Tokens
from annotator.formats.output import Output

FORMAT = "annotator/1"
META_KEYS = ("publisher", "author", "url", "published", "language")


class Value(NamedTuple):
    """What a key may hold: Python types of parsed JSON, and the same in words."""

    types: tuple[type, ...]
    words: str
    empty: bool = True
    """Whether it may be empty, as an empty text is."""


_TEXT = Value((str,), "a text", empty=False)
_ANY_TEXT = Value((str,), "a text")
_TEXT_OR_NULL = Value((str, type(None)), "a text or null", empty=False)
_ANY_TEXT_OR_NULL = Value((str, type(None)), "a text or null")
_OFFSET = Value((int,), "a whole number")
_INDEX_OR_NULL = Value((int, type(None)), "a token's number or null")
_NUMBER_OR_NULL = Value((int, float, type(None)), "a number or null")
_BOOLEAN = Value((bool,), "true or false")
_LIST = Value((list,), "a list")
_OBJECT = Value((dict,), "an object")

LINE: Mapping[str, Value] = {
    "format": _TEXT,
    "id": _TEXT_OR_NULL,
    "external_id": _ANY_TEXT_OR_NULL,
    "title": _ANY_TEXT_OR_NULL,
    "text": _ANY_TEXT,
    "meta": _OBJECT,
    "status": _TEXT,
    "annotator": _TEXT_OR_NULL,
    "spans": _LIST,
    "relations": _LIST,
    "actors": _LIST,
    "furniture": _LIST,
    "note": _ANY_TEXT_OR_NULL,
    "flagged": _BOOLEAN,
}
SPAN: Mapping[str, Value] = {
    "id": _TEXT_OR_NULL,
    "kind": _TEXT,
    "label": _TEXT,
    "start": _OFFSET,
    "end": _OFFSET,
    "fragments": _LIST,
    "text": _ANY_TEXT,
    "token_start": _INDEX_OR_NULL,
    "token_end": _INDEX_OR_NULL,
    "actor": _TEXT_OR_NULL,
    "attributes": _OBJECT,
    "state": _TEXT,
    "origin": _TEXT_OR_NULL,
    "confidence": _NUMBER_OR_NULL,
    "note": _ANY_TEXT_OR_NULL,
}
RELATION: Mapping[str, Value] = {
    "id": _TEXT_OR_NULL,
    "type": _TEXT,
    "head": _TEXT,
    "tail": _TEXT,
    "attributes": _OBJECT,
    "state": _TEXT,
    "origin": _TEXT_OR_NULL,
    "confidence": _NUMBER_OR_NULL,
    "note": _ANY_TEXT_OR_NULL,
}
ACTOR: Mapping[str, Value] = {
    "id": _TEXT,
    "name": _TEXT,
    "type": _TEXT_OR_NULL,
    "aliases": _LIST,
    "external_id": _ANY_TEXT_OR_NULL,
    "properties": _LIST,
    "note": _ANY_TEXT_OR_NULL,
}
ALIAS: Mapping[str, Value] = {"name": _TEXT, "language": _TEXT_OR_NULL}
PROPERTY: Mapping[str, Value] = {
    "name": _TEXT,
    "value": Value((str, int, float, bool, list, dict, type(None)), "a value"),
    "since": _TEXT_OR_NULL,
    "until": _TEXT_OR_NULL,
}
LINE_KEYS, SPAN_KEYS, RELATION_KEYS, ACTOR_KEYS = map(tuple, (LINE, SPAN, RELATION, ACTOR))


def write(articles: Iterable[ArticleLabels], output: Output) -> None:
    """Write one line per article and annotator, in the order given."""
    from orjson import OPT_APPEND_NEWLINE, dumps

    assert output.stream is not None
    output.stream.writelines(dumps(line_of(each), option=OPT_APPEND_NEWLINE) for each in articles)


def line_of(labels: ArticleLabels) -> dict[str, Any]:
    """One line as JSON values, keys in the format's order; equal labels give equal lines.

    Spans go by (start, -end, kind, id), relations by (head, tail, type), actor records by id.
    """
    article = labels.article
    relations = sorted(labels.relations, key=lambda relation: relation.order)
    return {
        "format": FORMAT,
        "id": article.id,
        "external_id": article.external_id,
        "title": article.title,
        "text": article.text,
        "meta": {key: getattr(article, key) for key in META_KEYS} | dict(article.meta),
        "status": labels.progress.status,
        "annotator": labels.annotator,
        "spans": _spans(labels),
        "relations": [_relation(each) for each in relations],
        "actors": [_actor(each) for each in sorted(labels.actors, key=_id_of)],
        "furniture": _ranges(article.furniture),
        "note": labels.progress.note,
        "flagged": labels.progress.flagged,
    }


def _id_of(record: ActorRecord) -> str:
    return record.id


def _ranges(fragments: Sequence[tuple[int, int]]) -> list[list[int]]:
    return [[start, end] for start, end in fragments]


def _spans(labels: ArticleLabels) -> list[dict[str, Any]]:
    text, tokens = labels.article.text, labels.tokens
    if isinstance(labels.spans, SpanRows):
        return _of_rows(labels.spans.in_order(), text, tokens)
    return [_span(each, text, tokens) for each in sorted(labels.spans, key=lambda span: span.order)]


def _of_rows(rows: Sequence[Columns], text: str, tokens: Tokens | None) -> list[dict[str, Any]]:
    """What :func:`_span` gives of each, from its columns: for most spans of most exports."""
    if tokens is None:
        firsts: Indices = [None] * len(rows)
        lasts = firsts
    else:
        firsts, lasts = tokens.index_ranges([row[3] for row in rows], [row[4] for row in rows])
    return [
        {
            "id": id_,
            "kind": kind,
            "label": label,
            "start": start,
            "end": end,
            "fragments": ((start, end),),
            "text": text[start:end],
            "token_start": first,
            "token_end": last,
            "actor": actor,
            "attributes": _value_of(attributes),
            "state": state,
            "origin": origin,
            "confidence": confidence,
            "note": note,
        }
        for (
            (id_, kind, label, start, end, _, attributes, actor, state, origin, confidence, _, _, _, _, note),
            first, last,
        ) in zip(rows, firsts, lasts, strict=True)
    ]  # fmt: skip


@lru_cache(maxsize=10_000)
def _value_of(data: str) -> Any:
    """The attributes that a row has as JSON text; they repeat."""
    from orjson import loads

    return loads(data)


def _span(span: Span, text: str, tokens: Tokens | None) -> dict[str, Any]:
    covered = None if tokens is None else tokens.index_range(span.start, span.end)
    return {
        "id": span.id,
        "kind": span.kind,
        "label": span.label,
        "start": span.start,
        "end": span.end,
        "fragments": _ranges(span.fragments),
        "text": slice_of(text, span.fragments),
        "token_start": None if covered is None else covered[0],
        "token_end": None if covered is None else covered[1],
        "actor": span.actor,
        "attributes": span.attributes,
        "state": span.state,
        "origin": span.origin,
        "confidence": span.confidence,
        "note": span.note,
    }


def _relation(relation: Relation) -> dict[str, Any]:
    return {
        "id": relation.id,
        "type": relation.type,
        "head": relation.head,
        "tail": relation.tail,
        "attributes": relation.attributes,
        "state": relation.state,
        "origin": relation.origin,
        "confidence": relation.confidence,
        "note": relation.note,
    }


def _actor(record: ActorRecord) -> dict[str, Any]:
    """Aliases of no language are plain texts; properties and note are there where there are some."""
    values: dict[str, Any] = {
        "id": record.id,
        "name": record.name,
        "type": record.type,
        "aliases": [
            {"name": each.name, "language": each.language} if each.language else each.name
            for each in record.aliases
        ],
        "external_id": record.external_id,
    }
    if record.properties:
        values["properties"] = [
            {"name": each.name, "value": each.value, "since": each.since or None, "until": each.until or None}
            for each in record.properties
        ]
    if record.note:
        values["note"] = record.note
    return values
