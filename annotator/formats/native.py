"""Native JSONL (``annotator/1``): the keys of a line in their order, and how a line is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO

from annotator.core.model import ActorRecord, Relation, Span
from annotator.core.ports import ArticleLabels
from annotator.core.text import slice_of
from annotator.core.tokens import Tokens

FORMAT = "annotator/1"
LINE_KEYS = (
    "format", "id", "external_id", "title", "text", "meta", "status", "annotator", "spans", "relations",
    "actors", "furniture", "note", "flagged",
)  # fmt: skip
META_KEYS = ("publisher", "author", "url", "published", "language")
SPAN_KEYS = (
    "id", "kind", "label", "start", "end", "fragments", "text", "token_start", "token_end", "actor",
    "attributes", "state", "origin", "confidence", "note",
)  # fmt: skip
RELATION_KEYS = (
    "id", "type", "head", "tail", "attributes", "state", "origin", "confidence", "note",
)  # fmt: skip
ACTOR_KEYS = ("id", "name", "type", "aliases", "external_id")


def write(articles: Iterable[ArticleLabels], stream: BinaryIO) -> None:
    """Write one line per article and annotator, in the order given."""
    from orjson import OPT_APPEND_NEWLINE, dumps

    stream.writelines(dumps(line_of(each), option=OPT_APPEND_NEWLINE) for each in articles)


def line_of(labels: ArticleLabels) -> dict[str, Any]:
    """One line as JSON values, keys in the format's order; equal labels give equal lines.

    Spans go by (start, -end, kind, id), relations by (head, tail, type), actor records by id.
    """
    article = labels.article
    spans = sorted(labels.spans, key=lambda span: span.order)
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
        "spans": [_span(each, article.text, labels.tokens) for each in spans],
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
    return {
        "id": record.id,
        "name": record.name,
        "type": record.type,
        "aliases": record.aliases,
        "external_id": record.external_id,
    }
