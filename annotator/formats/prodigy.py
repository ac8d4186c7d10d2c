"""Prodigy's JSON Lines: tasks with spans and relations, as ``db-out`` writes and ``db-in`` reads them.

Its offsets are code points; ``token_end`` is inclusive, and a relation's ``head`` and ``child`` are the
last tokens of its spans. Prodigy keeps keys that it does not know, so that attributes, notes and actor
records stand as such in the spans.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from annotator.core.model import Progress, Status
from annotator.core.text import shown
from annotator.formats.base import Format, Intake, Record, Source
from annotator.formats.foreign import Foreign, ForeignRelation, ForeignSpan
from annotator.formats.json_labels import (
    UNLABELLED,
    Actors,
    Reach,
    article_record,
    json_records,
    name_of,
    not_there,
    simple,
)
from annotator.formats.losing import cannot_hold
from annotator.formats.offsets import Unit
from annotator.formats.pairs import begins_with_pair, is_packed, unpacked
from annotator.formats.peek import first_record
from annotator.formats.plain import kind_of
from annotator.formats.prodigy_answers import PEOPLE, annotator_of, repeated_inputs, together
from annotator.formats.prodigy_writing import AMBIGUOUS, HOLDS, SAME, write
from annotator.formats.token_text import places_in

ANSWERS = {"accept": Status.DONE, "reject": Status.DONE, "ignore": Status.SKIPPED}
"""What an answer says of the article. The labels of a rejected task are those that its annotator turned
down: they come as rejected suggestions."""
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
_PLACE, _BY_TOKENS = frozenset({"start", "end"}), frozenset({"token_start", "token_end"})
"""Keys that tell where a span stands."""
_CURE = "Correct it, or export the data set again"
_NOTHING: Mapping[str, Any] = {}


def sniff(source: Source) -> bool:
    """Whether the first record has Prodigy's own keys, an answer, its spans, or its tokens, or is a pair."""
    record = first_record(source)
    if begins_with_pair(source) or (record is not None and is_packed(record)):
        return True
    if record is None or type(record.get("text")) is not str or "format" in record:
        return False
    answer = record.get("answer")
    if record.keys() & _OWN_KEYS or (type(answer) is str and answer in ANSWERS):
        return True
    spans, tokens = record.get("spans"), record.get("tokens")
    if type(spans) is list:
        places = (_PLACE, _BY_TOKENS) if type(tokens) is list else (_PLACE,)
        return all(type(each) is dict and any(place <= each.keys() for place in places) for each in spans)
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
    for data, place in unpacked(json_records(intake), intake):
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
        "rejected", "spans", "tokens", "turned_down", "used",
    )  # fmt: skip

    def __init__(self, data: dict[str, Any], intake: Intake, place: str) -> None:
        self.data = data
        self.intake = intake
        self.place = place
        self.spans: list[ForeignSpan] = []
        self.tokens: Sequence[tuple[Any, Any]] = ()
        """Where they stand, where that was asked for."""
        self.actors = Actors()
        self.rejected = data.get("answer") == "reject"
        self.turned_down: dict[str, bool] = {}
        """The spans that are no labels: whether they were rejected, or only passed over."""
        self.annotator, self.used = annotator_of(data)
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
        if fragments is None and start is None and end is None and item.keys() >= _BY_TOKENS:
            place = self.by_tokens(item)
            if place is None:
                runs = f"from token {shown(item['token_start'])} to {shown(item['token_end'])}"
                wrong = f"span {nth + 1} runs {runs}, of {len(self.tokens)}"
                self.intake.report(wrong, self.place, _CURE)
                return
            start, end = place
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

    def by_tokens(self, item: Mapping[str, Any]) -> tuple[Any, Any] | None:
        """Where a span stands of which only the first and last token are told; None where these are none."""
        tokens = self.listed("tokens")
        if not self.tokens:
            raw = self.reach.raw
            words = all(type(each) is str and each for each in tokens)
            self.tokens = (
                places_in(raw, tokens)
                if words
                else [
                    (each.get("start"), each.get("end")) if type(each) is dict else (None, None)
                    for each in tokens
                ]
            )
        first, last = item["token_start"], item["token_end"]
        if type(first) is not int or type(last) is not int or not 0 <= first <= last < len(self.tokens):
            return None
        return self.tokens[first][0], self.tokens[last][1]

    def add(
        self, name: str, label: str, fragments: Any, item: Mapping[str, Any], attributes: Mapping[str, Any]
    ) -> None:
        note = item.get("note")
        note = note if type(note) is str else None
        actor = None
        if attributes:
            attributes, actor = self.actors.taken(attributes)
        answer = "reject" if self.rejected else item.get("answer")
        if answer not in ("reject", "ignore"):
            self.spans.append(
                ForeignSpan(name, label, fragments, "", attributes, False, "", None, note, actor)
            )
            return
        self.turned_down[name] = answer == "reject"
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
                rejected=answer == "reject",
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
        ends = [self.turned_down[each] for each in (head, tail) if each in self.turned_down]
        return ForeignRelation(
            str(nth),
            name_of(item.get("label")),
            head,
            tail,
            _attributes(item, _RELATION),
            suggested=self.rejected or bool(ends),
            note=note if type(note) is str else None,
            rejected=self.rejected or any(ends),
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


def _attributes(item: Mapping[str, Any], known: set[str]) -> Mapping[str, Any]:
    """What a span or relation has besides Prodigy's own keys."""
    found = {key: simple(value) for key, value in item.items() if key not in known and key[:1] != "_"}
    given = item.get("attributes")
    if type(given) is dict:
        found.update((key, simple(value)) for key, value in given.items())
    return found


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
