"""Articles and labels to tasks of Prodigy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from annotator.core.model import Article, Relation, Span, Status
from annotator.core.ports import ArticleLabels
from annotator.core.tokens import Indices, Tokens, rough_tokens
from annotator.formats.losing import Held, count_common
from annotator.formats.output import Output
from annotator.formats.prodigy_answers import PEOPLE, annotator_of
from annotator.formats.written import Names, attributes_of, fields_of

HOLDS = frozenset(
    {
        Held.RELATIONS, Held.OVERLAPS, Held.SPAN_ATTRIBUTES, Held.RELATION_ATTRIBUTES, Held.ACTORS,
        Held.SPAN_NOTES, Held.RELATION_NOTES, Held.ARTICLE_NOTES, Held.FLAGS, Held.STATUSES,
        Held.ANNOTATORS, Held.TITLES, Held.METADATA,
    }
)  # fmt: skip
_AT_ROOT = {
    "label", "options", "accept", "cats", "user_input", "choice", "html", "config", "versions", "sessions",
    "view_id", "default",
}  # fmt: skip
"""Metadata that stands in the task itself and not in its ``meta``, like all that begins with ``_``."""
AMBIGUOUS = "relations of spans that end at the same token as another"
SAME = "relations between spans that are one and the same for Prodigy"
_STILL = "written with both spans, but Prodigy itself tells them only by that token"
_ANSWER = {Status.DONE: "accept", Status.SKIPPED: "ignore"}


def write(articles: Iterable[ArticleLabels], output: Output) -> None:
    """One task per article and annotator; an article that is not finished has no answer."""
    from orjson import OPT_APPEND_NEWLINE, dumps

    assert output.stream is not None
    writer = _Writer(output)
    for labels in articles:
        output.stream.write(dumps(writer.task(labels), option=OPT_APPEND_NEWLINE))


class _Writer:
    """Makes tasks; remembers the tokens of the last article, of which there may be several lines."""

    def __init__(self, output: Output) -> None:
        self.output = output
        self.names = Names(output.codebook)
        self._article = ""
        self._tokens: list[dict[str, Any]] = []

    def task(self, labels: ArticleLabels) -> dict[str, Any]:
        labels = count_common(labels, self.output.losses, HOLDS)
        article, who, progress = labels.article, labels.annotator, labels.progress
        own, meta = _divided(fields_of(article))
        task: dict[str, Any] = {"text": article.text, **own, "meta": meta}
        tokens = labels.tokens
        if tokens is None and labels.spans:
            tokens = rough_tokens(article.text)
        if tokens is not None and len(tokens):
            task["tokens"] = self.tokens(article, tokens)
        linked = bool(labels.relations)
        if who is not None:
            actors = {each.id: each.name for each in labels.actors}
            spans = sorted(labels.spans, key=lambda span: span.order)
            firsts, lasts = _covered(spans, tokens)
            written = [
                self.span(each, article.text, first, last, actors, linked)
                for each, first, last in zip(spans, firsts, lasts, strict=True)
            ]
            task["spans"] = written
            if linked and tokens is not None:
                ends = {
                    span.id: (tokens.at(span.end - 1), each)
                    for span, each in zip(spans, written, strict=True)
                }
                task["relations"] = self.relations(labels.relations, ends)
        if who is not None:
            task["_session_id"] = task["_annotator_id"] = who
        if progress.status in _ANSWER:
            task["answer"] = _ANSWER[progress.status]
        if progress.flagged:
            task["flagged"] = True
        if progress.note:
            task["note"] = progress.note
        return task

    def tokens(self, article: Article, tokens: Tokens) -> list[dict[str, Any]]:
        if article.id and article.id == self._article:
            return self._tokens
        text, starts = article.text, tokens.starts.tolist()
        after = [*starts[1:], len(text)]
        self._article = article.id
        self._tokens = [
            {"text": text[start:end], "start": start, "end": end, "id": nth, "ws": other > end}
            for nth, (start, end, other) in enumerate(zip(starts, tokens.ends.tolist(), after, strict=True))
        ]
        return self._tokens

    def span(
        self,
        span: Span,
        text: str,
        first: int | None,
        last: int | None,
        actors: Mapping[str, str],
        linked: bool,
    ) -> dict[str, Any]:
        start, end = span.start, span.end
        made: dict[str, Any] = {"start": start, "end": end}
        if first is not None:
            made["token_start"], made["token_end"] = first, last
        if linked:
            made = {"text": text[start:end], **made, "type": "span"}
        made["label"] = self.names.label(span)
        if span.attributes and (attributes := attributes_of(span)):
            made["attributes"] = attributes
        if span.actor is not None:
            made["actor"] = actors.get(span.actor, span.actor)
            made["actor_id"] = span.actor
        if span.note:
            made["note"] = span.note
        return made

    def relations(
        self, relations: Iterable[Relation], ends: Mapping[str, tuple[int, dict[str, Any]]]
    ) -> list[dict[str, Any]]:
        at = Counter(token for token, _ in ends.values())
        made = []
        for relation in sorted(relations, key=lambda each: each.order):
            (head, head_span), (child, child_span) = ends[relation.head], ends[relation.tail]
            if _extent(head_span) == _extent(child_span):
                self.output.losses.add(SAME)
                continue
            if at[head] > 1 or at[child] > 1:
                self.output.losses.add(AMBIGUOUS, _STILL)
            each: dict[str, Any] = {
                "head": head,
                "child": child,
                "head_span": _extent(head_span),
                "child_span": _extent(child_span),
                "label": relation.type,
            }
            if relation.attributes and (attributes := attributes_of(relation)):
                each["attributes"] = attributes
            if relation.note:
                each["note"] = relation.note
            made.append(each)
        return made


def _covered(spans: Sequence[Span], tokens: Tokens | None) -> tuple[Indices, Indices]:
    """The numbers of the first and last token of each span."""
    if tokens is None:
        return [None] * len(spans), [None] * len(spans)
    return tokens.index_ranges([span.start for span in spans], [span.end for span in spans])


def _divided(fields: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Metadata that stands in the task itself, and that in its ``meta``."""
    own: dict[str, Any] = {}
    meta: dict[str, Any] = {}
    for key, value in fields.items():
        at_root = key in ("title", "external_id") or key in _AT_ROOT or key[:1] == "_"
        if key in PEOPLE and annotator_of({key: value})[0] is not None:
            at_root = False  # there it would say whose the labels are
        (own if at_root else meta)[key] = value
    return own, meta


def _extent(span: Mapping[str, Any]) -> dict[str, Any]:
    return {key: span[key] for key in ("start", "end", "token_start", "token_end", "label") if key in span}
