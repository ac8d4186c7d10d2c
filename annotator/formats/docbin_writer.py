"""Writes spaCy's DocBin: what of a line goes where in spaCy's documents."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from annotator.core.model import ActorRecord, Kind, Span
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.formats.losing import Held, cannot_hold, count_common, without_overlaps
from annotator.formats.output import Losses, Output
from annotator.formats.plain import META_FIELDS

if TYPE_CHECKING:
    from annotator.nlp.docbin import TokenSpan, Writer

_HOLDS = frozenset(Held) - {Held.SUGGESTIONS, Held.REJECTED, Held.CONFIDENCES, Held.ORIGINS}
_OVERLAPS = "entities within or across longer ones"
_OFF_EDGE = "spans that begin or end within a token"
_PARTED = "discontinuous spans"
CANNOT_HOLD = (*cannot_hold(_HOLDS), _OVERLAPS, _OFF_EDGE, _PARTED)
_KEPT = "in doc.user_data, from where they come back"

GROUPS = {Kind.ENTITY: "entities", Kind.ACTOR: "actors", Kind.CLAIM: "claims", Kind.CUE: "cues"}
"""The span groups of ``doc.spans``."""
OURS = "annotator"
"""The key of ``doc.user_data`` for what spaCy has no place for."""


def write(articles: Iterable[ArticleLabels], output: Output) -> None:
    """One document per article and annotator."""
    from annotator.nlp.docbin import Writer

    assert output.stream is not None
    with Writer() as writer:
        for labels in articles:
            _write_one(count_common(labels, output.losses, _HOLDS), writer, output.losses)
        writer.finish(output.stream)


def _write_one(labels: ArticleLabels, writer: Writer, losses: Losses) -> None:
    from annotator.nlp.docbin import REL, RELATIONS, TokenSpan, starts_of, tokens_of
    from annotator.nlp.tokenize import tokens_for

    text = labels.article.text
    tokens = labels.tokens
    if tokens is None:
        tokens = tokens_for(text, labels.article.language)
    words, spaces = tokens_of(text, list(zip(tokens.starts, tokens.ends, strict=True)))
    starts, ends = starts_of(words, spaces)
    external = {record.id: record.external_id or "" for record in labels.actors}
    spans = sorted(labels.spans, key=lambda span: span.order)
    placed: dict[str, TokenSpan] = {}
    for span in spans:
        first, behind = covering(span.start, span.end, starts, ends)
        kb_id = external.get(span.actor or "", "")
        placed[span.id] = TokenSpan(first, behind, span.label, span.id, kb_id)
        if len(span.fragments) > 1:
            losses.add(_PARTED, f"one stretch for spaCy; their fragments are {_KEPT}")
        if (starts[first], ends[behind - 1]) != (span.start, span.end):
            losses.add(_OFF_EDGE, f"widened to whole tokens for spaCy; their ends are {_KEPT}")
    entities = [span for span in spans if span.kind is Kind.ENTITY]
    ents = _for_ents(entities, placed)
    losses.add(_OVERLAPS, "in doc.spans, but not in doc.ents", len(entities) - len(ents))
    groups = {
        key: found
        for kind, key in GROUPS.items()
        if (found := [placed[span.id] for span in spans if span.kind is kind])
    }
    user_data: dict[Any, Any] = {OURS: _ours(labels, spans)}
    relations = sorted(labels.relations, key=lambda relation: relation.order)
    if relations:
        user_data[RELATIONS] = [
            {"id": each.id, "head": each.head, "tail": each.tail, "type": each.type}
            | ({"attributes": dict(each.attributes)} if each.attributes else {})
            | ({"note": each.note} if each.note else {})
            for each in relations
        ]
        by_token: dict[tuple[int, int], dict[str, float]] = {}
        for each in relations:
            ends_ = placed[each.head].first, placed[each.tail].first
            by_token.setdefault(ends_, {})[each.type] = 1.0
        user_data[REL] = by_token
    sentences = sorted({bisect_left(starts, each) for each in tokens.sentences} - {len(starts)})
    writer.add(
        words,
        spaces,
        ents=None if labels.annotator is None else ents,
        groups=groups,
        sentences=sentences,
        user_data=user_data,
    )


def covering(start: int, end: int, starts: Sequence[int], ends: Sequence[int]) -> tuple[int, int]:
    """The tokens, first and behind the last, that cover a range; at least one."""
    first = min(bisect_right(ends, start), len(starts) - 1)
    return first, max(bisect_left(starts, end), first + 1)


def _for_ents(entities: Sequence[Span], placed: Mapping[str, TokenSpan]) -> list[TokenSpan]:
    """Those that spaCy takes as ``doc.ents``, of which no two may share a token: the longest."""
    as_tokens = [
        replace(span, fragments=((placed[span.id].first, placed[span.id].behind),)) for span in entities
    ]
    return [placed[span.id] for span in without_overlaps(as_tokens)]


def _ours(labels: ArticleLabels, spans: Sequence[Span]) -> dict[str, Any]:
    """What spaCy has no place for; parts that say nothing are left out."""
    article, progress = labels.article, labels.progress
    about = {
        key: getattr(article, key) for key in ("title", "external_id", *META_FIELDS) if getattr(article, key)
    }
    if article.meta:
        about["meta"] = dict(article.meta)
    if article.furniture:
        about["furniture"] = [list(each) for each in article.furniture]
    return {
        "annotator": labels.annotator,
        "article": about,
        "status": str(progress.status),
        "flagged": progress.flagged,
        "note": progress.note,
        "spans": {
            span.id: {"label": span.label, "fragments": [list(each) for each in span.fragments]}
            | ({"attributes": dict(span.attributes)} if span.attributes else {})
            | ({"note": span.note} if span.note else {})
            | ({"actor": span.actor} if span.actor else {})
            for span in spans
        },
        "actors": [_actor(record) for record in labels.actors],
    }


def _actor(record: ActorRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "name": record.name,
        "type": record.type,
        "aliases": [[each.name, each.language] for each in record.aliases],
        "properties": [[each.name, each.value, each.since, each.until] for each in record.properties],
        "external_id": record.external_id,
        "note": record.note,
    }
