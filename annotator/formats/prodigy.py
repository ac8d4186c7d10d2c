"""Prodigy's JSON Lines: tasks with spans and relations, as ``db-out`` writes and ``db-in`` reads them.

Its offsets are code points; ``token_end`` is inclusive, and a relation's ``head`` and ``child`` are the
last tokens of its spans. Prodigy keeps keys that it does not know, so that attributes, notes and actor
records stand as such in the spans.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from annotator.core.model import Article, Progress, Relation, Span, Status
from annotator.core.ports import ArticleLabels
from annotator.core.text import shown
from annotator.core.tokens import Tokens, rough_tokens
from annotator.formats.base import Format, Intake, Record, Source
from annotator.formats.foreign import Foreign, ForeignRelation, ForeignSpan
from annotator.formats.json_labels import (
    PAIR,
    UNLABELLED,
    Actors,
    Reach,
    article_record,
    json_records,
    name_of,
    not_there,
    simple,
)
from annotator.formats.losing import Held, cannot_hold, count_common
from annotator.formats.offsets import Unit
from annotator.formats.output import Output
from annotator.formats.peek import first_record
from annotator.formats.plain import kind_of
from annotator.formats.prodigy_answers import repeated_inputs, together
from annotator.formats.written import Names, attributes_of, fields_of

ANSWERS = {"accept": Status.DONE, "reject": Status.DONE, "ignore": Status.SKIPPED}
"""What an answer says of the article. The labels of a rejected task are those that its annotator turned
down: they come as rejected suggestions."""
PEOPLE = ("_annotator_id", "_session_id")
_OWN_KEYS = {"_input_hash", "_task_hash", "_view_id", *PEOPLE}
_LABELS = {"spans", "relations", "tokens", "answer", "flagged", "note"}
_SPAN = {
    "text", "start", "end", "token_start", "token_end", "type", "label", "attributes", "note", "id", "answer",
    "source", "pattern", "score", "rank", "color", "input_hash", "hidden", "disabled",
}  # fmt: skip
"""Keys of spans that are no attributes: Prodigy's own, and those that are read."""
_RELATION = {
    "head", "child", "head_span", "child_span", "label", "color", "attributes", "note", "id", "score",
}  # fmt: skip
_NOBODY = re.compile(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d$")
"""The session of somebody who has not given a name."""
_AT_ROOT = {
    "label", "options", "accept", "cats", "user_input", "choice", "html", "config", "versions", "sessions",
    "view_id", "default",
}  # fmt: skip
"""Metadata that stands in the task itself and not in its ``meta``, like all that begins with ``_``."""
_CURE = "Correct it, or export the data set again"
_NOTHING: Mapping[str, Any] = {}


def sniff(source: Source) -> bool:
    """Whether the first record has Prodigy's own keys, an answer, its spans, or its tokens."""
    record = first_record(source)
    if record is None and PAIR.match(source.head().lstrip().removeprefix(b"[")):
        return True
    if record is None or type(record.get("text")) is not str or "format" in record:
        return False
    answer = record.get("answer")
    if record.keys() & _OWN_KEYS or (type(answer) is str and answer in ANSWERS):
        return True
    spans, tokens = record.get("spans"), record.get("tokens")
    if type(spans) is list:
        return all(type(each) is dict and {"start", "end"} <= each.keys() for each in spans)
    return (
        type(tokens) is list
        and bool(tokens)
        and type(tokens[0]) is dict
        and {"text", "start", "end", "id"} <= tokens[0].keys()
    )


def read(intake: Intake) -> Iterator[Record]:
    """One record per text and annotator; those of a text that has several tasks come with the last."""
    times = repeated_inputs(intake.source)
    waiting: dict[int, list[Record]] = {}
    for data, place in json_records(intake):
        record = _Task(data, intake, place).read()
        input_ = data.get("_input_hash")
        if record is None:
            continue
        if type(input_) is not int or input_ not in times:
            yield record
            continue
        waiting.setdefault(input_, []).append(record)
        if len(waiting[input_]) == times[input_]:
            yield from together(waiting.pop(input_))
    for records in waiting.values():
        yield from together(records)


class _Task:
    """Reads one task; what is wrong in it is reported, and left out."""

    __slots__ = (
        "_by_extent", "_by_label", "_by_token", "actors", "annotator", "data", "intake", "place", "reach",
        "rejected", "spans", "used",
    )  # fmt: skip

    def __init__(self, data: dict[str, Any], intake: Intake, place: str) -> None:
        self.data = data
        self.intake = intake
        self.place = place
        self.spans: list[ForeignSpan] = []
        self.actors = Actors()
        self.rejected = data.get("answer") == "reject"
        self.annotator, self.used = _annotator(data)
        text = data.get("text")
        self.reach = Reach(text if type(text) is str else "", Unit.CODE_POINTS)
        self._by_label: dict[tuple[Any, Any, Any], str] = {}
        self._by_extent: dict[tuple[Any, Any], str] = {}
        self._by_token: dict[Any, list[str]] = {}

    def read(self) -> Record | None:
        data, intake, place = self.data, self.intake, self.place
        gone = _LABELS.union(self.used)
        rest = {key: value for key, value in data.items() if key not in gone}
        record = article_record(rest, intake, place)
        if record is None:
            return None
        relations = self.listed("relations")
        for nth, item in enumerate(self.listed("spans")):
            self.span(nth, item, bool(relations))
        links = [link for nth, item in enumerate(relations) if (link := self.relation(nth, item)) is not None]
        foreign = Foreign(
            annotator=self.annotator,
            progress=self.progress(),
            spans=tuple(self.spans),
            relations=tuple(links),
            actors=self.actors.found,
        )
        return Record(labels=record.labels, place=place, foreign=foreign)

    def listed(self, key: str) -> list[Any]:
        value = self.data.get(key)
        if value is None or type(value) is list:
            return value or []
        self.intake.report(f"“{key}” must be a list, not {kind_of(value)}", self.place, _CURE)
        return []

    def progress(self) -> Progress:
        data = self.data
        answer = data.get("answer")
        if answer is None:
            begun = self.annotator is not None and "spans" in data
            status = Status.IN_PROGRESS if begun else Status.NEW
        elif type(answer) is str and answer in ANSWERS:
            status = ANSWERS[answer]
        else:
            cure = "Write accept, reject or ignore"
            self.intake.report(f"“answer” cannot be {shown(answer)}", self.place, cure)
            status = Status.NEW
        note = data.get("note")
        return Progress(status, data.get("flagged") is True, note if type(note) is str and note else None)

    # -- spans --------------------------------------------------------------------------------

    def span(self, nth: int, item: Any, linked: bool) -> None:
        if type(item) is not dict:
            self.intake.report(f"span {nth + 1} must be an object, not {kind_of(item)}", self.place, _CURE)
            return
        start, end = item.get("start"), item.get("end")
        fragments = self.reach.fragments(start, end)
        if fragments is None:
            self.intake.report(f"span {nth + 1} {self.reach.wrong(start, end)}", self.place, _CURE)
            return
        given = item.get("text")
        if given is not None and given != self.reach.raw[start:end]:
            wrong = not_there(str(given), self.reach.raw[start:end])
            self.intake.report(f"span {nth + 1} {wrong}", self.place, _CURE)
            return
        more = not _SPAN.issuperset(item) or "attributes" in item
        attributes = _attributes(item, _SPAN) if more else _NOTHING
        name, label = str(nth), name_of(item.get("label"))
        self.add(name, label, fragments, item, attributes)
        if linked:
            self._by_label.setdefault((start, end, label), name)
            self._by_extent.setdefault((start, end), name)
            last = item.get("token_end")
            if type(last) is int:
                self._by_token.setdefault(last, []).append(name)

    def add(
        self, name: str, label: str, fragments: Any, item: Mapping[str, Any], attributes: Mapping[str, Any]
    ) -> None:
        note = item.get("note")
        note = note if type(note) is str else None
        actor = None
        if attributes:
            attributes, actor = self.actors.taken(attributes)
        if not self.rejected:
            self.spans.append(
                ForeignSpan(name, label, fragments, "", attributes, False, "", None, note, actor)
            )
            return
        source, score = item.get("source"), item.get("score")
        self.spans.append(
            ForeignSpan(
                name,
                label,
                fragments,
                "",
                attributes,
                suggested=True,
                origin=source if type(source) is str else "",
                confidence=score if type(score) is float and 0 <= score <= 1 else None,
                note=note,
                actor=actor,
                rejected=True,
            )
        )

    # -- relations ----------------------------------------------------------------------------

    def relation(self, nth: int, item: Any) -> ForeignRelation | None:
        if type(item) is not dict:
            wrong = f"relation {nth + 1} must be an object, not {kind_of(item)}"
            self.intake.report(wrong, self.place, _CURE)
            return None
        head = self.end(nth, item, "head")
        tail = None if head is None else self.end(nth, item, "child")
        if head is None or tail is None:
            return None
        note = item.get("note")
        return ForeignRelation(
            str(nth),
            name_of(item.get("label")),
            head,
            tail,
            _attributes(item, _RELATION),
            suggested=self.rejected,
            note=note if type(note) is str else None,
            rejected=self.rejected,
        )

    def end(self, nth: int, item: dict[str, Any], side: str) -> str | None:
        """The id of the span at an end of a relation; a span of its own where none is labelled there."""
        there = item.get(f"{side}_span")
        if type(there) is dict:
            start, end, label = there.get("start"), there.get("end"), name_of(there.get("label"))
            if type(start) is int and type(end) is int:
                found = self._by_label.get((start, end, label)) or self._by_extent.get((start, end))
                return found or self.made(nth, side, start, end, label)
        token = item.get(side)
        ending = self._by_token.get(token, []) if type(token) is int else []
        if len(ending) == 1:
            return ending[0]
        if ending:
            wrong = f"the {side} of relation {nth + 1} is token {token}, at which {len(ending)} spans end"
            self.intake.report(wrong, self.place, f"Tell which is meant by a “{side}_span”")
            return None
        tokens = self.data.get("tokens")
        if type(tokens) is list and type(token) is int and 0 <= token < len(tokens):
            only = tokens[token]
            if type(only) is dict:
                return self.made(nth, side, only.get("start"), only.get("end"), UNLABELLED)
        self.intake.report(f"the {side} of relation {nth + 1} is no token or span", self.place, _CURE)
        return None

    def made(self, nth: int, side: str, start: Any, end: Any, label: str) -> str | None:
        fragments = self.reach.fragments(start, end)
        if fragments is None:
            wrong = f"the {side} of relation {nth + 1} {self.reach.wrong(start, end)}"
            self.intake.report(wrong, self.place, _CURE)
            return None
        name = f"{nth}-{side}"
        self.add(name, label, fragments, _NOTHING, _NOTHING)
        self._by_label[start, end, label] = name
        self._by_extent[start, end] = name
        return name


def _annotator(data: Mapping[str, Any]) -> tuple[str | None, tuple[str, ...]]:
    """Who has answered, and the keys that say nothing more then."""
    for key in PEOPLE:
        who = data.get(key)
        if type(who) is str and who.strip() and not _NOBODY.search(who):
            return who.strip(), PEOPLE
    return None, tuple(key for key in PEOPLE if data.get(key) is None)


def _attributes(item: Mapping[str, Any], known: set[str]) -> Mapping[str, Any]:
    """What a span or relation has besides Prodigy's own keys."""
    found = {key: simple(value) for key, value in item.items() if key not in known and key[:1] != "_"}
    given = item.get("attributes")
    if type(given) is dict:
        found.update((key, simple(value)) for key, value in given.items())
    return found


# -- writing ----------------------------------------------------------------------------------------

HOLDS = frozenset(
    {
        Held.RELATIONS, Held.OVERLAPS, Held.SPAN_ATTRIBUTES, Held.RELATION_ATTRIBUTES, Held.ACTORS,
        Held.SPAN_NOTES, Held.RELATION_NOTES, Held.ARTICLE_NOTES, Held.FLAGS, Held.STATUSES,
        Held.ANNOTATORS, Held.TITLES, Held.METADATA,
    }
)  # fmt: skip
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
            written = [self.span(each, article.text, tokens, actors, linked) for each in spans]
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
        self, span: Span, text: str, tokens: Tokens | None, actors: Mapping[str, str], linked: bool
    ) -> dict[str, Any]:
        start, end = span.start, span.end
        made: dict[str, Any] = {"start": start, "end": end}
        covered = None if tokens is None else tokens.index_range(start, end)
        if covered is not None:
            made["token_start"], made["token_end"] = covered
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


def _divided(fields: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Metadata that stands in the task itself, and that in its ``meta``."""
    own: dict[str, Any] = {}
    meta: dict[str, Any] = {}
    for key, value in fields.items():
        at_root = key in ("title", "external_id") or key in _AT_ROOT or key[:1] == "_"
        if key in PEOPLE and _annotator({key: value})[0] is not None:
            at_root = False  # there it would say whose the labels are
        (own if at_root else meta)[key] = value
    return own, meta


def _extent(span: Mapping[str, Any]) -> dict[str, Any]:
    return {key: span[key] for key in ("start", "end", "token_start", "token_end", "label") if key in span}


PRODIGY = Format(
    name="prodigy",
    title="Prodigy JSONL",
    endings=(".jsonl",),
    unit=Unit.CODE_POINTS,
    cannot_hold=(*cannot_hold(HOLDS), AMBIGUOUS, SAME),
    sniff=sniff,
    read=read,
    write=write,
)
