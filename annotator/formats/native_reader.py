"""Lines of native JSONL (``annotator/1``) to core objects, with everything that is wrong in them.

The checks are written by hand because they run over every label of every import; that they agree with
``resources/schema/annotator-1.schema.json`` is tested.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from annotator.core.errors import Problem
from annotator.core.model import (
    ActorRecord,
    Alias,
    Article,
    Fragments,
    Kind,
    Progress,
    Property,
    Relation,
    Span,
    State,
    Status,
    new_id,
)
from annotator.core.ports import ArticleLabels
from annotator.core.text import excerpt, sha256_of, slice_of
from annotator.core.validate import LACKING, fragment_problem, is_date, relation_problems, span_problems
from annotator.formats.base import Intake, Record
from annotator.formats.native import (
    ACTOR,
    ALIAS,
    FORMAT,
    LINE,
    META_KEYS,
    PROPERTY,
    RELATION,
    SPAN,
    Value,
)
from annotator.formats.native_quick import Quick
from annotator.formats.plain import TOO_DEEP, is_too_deep, kind_of

if TYPE_CHECKING:
    from annotator.core.lacking import Lacking

_KINDS = {str(each): each for each in Kind}
_STATES = {str(each): each for each in State}
_STATUSES = {str(each): each for each in Status}
_EXTEND = "Let it be added to the codebook (--extend), or correct it in the file"
_CODE_POINTS = "Offsets count Unicode code points from 0, half-open"


def read_line(data: dict[str, Any], intake: Intake, place: str, quick: Quick | None = None) -> Record | None:
    """The record of one line, or None after reporting every problem in it.

    ``quick``: what has parsed the line; then it is None as well where a span is not of the usual shape.
    """
    if data["format"] != FORMAT:
        cure = "Get the newest Annotator, or export it again with this one"
        intake.report(f"the format “{data['format']}” is not one that this version reads", place, cure)
        return None
    return _Line(data, intake, place, quick).read()


class _Line:
    """Reads one line part after part; a part with a problem is left out."""

    def __init__(self, data: dict[str, Any], intake: Intake, place: str, quick: Quick | None) -> None:
        self.data = data
        self.quick = quick
        self.intake = intake
        self.place = place
        self.body = ""
        self.annotator: str | None = None
        self.default_state = State.SUGGESTED
        self.actors: dict[str, ActorRecord] = {}
        self.spans: dict[str, Span] = {}
        self.relations: dict[str, Relation] = {}
        self.faults = 0
        """How often something was wrong."""
        self.part: tuple[str, int, Any] | None = None
        """What is being read, its number and its content: “span”, 1, {…}."""

    def read(self) -> Record | None:
        known = self.faults
        data = self.data
        if not self.has_shape(data, LINE):
            return None
        article = self.article()
        if article is None:
            return None
        self.annotator = data.get("annotator") or self.intake.annotator
        if self.annotator is not None:
            self.default_state = State.ACCEPTED
        status = self.one_of("status", data.get("status", Status.NEW), _STATUSES) or Status.NEW
        progress = Progress(status, data.get("flagged", False), data.get("note"))
        if self.annotator is None and progress != Progress():
            self.wrong(
                "“status”, “flagged” and “note” say something but “annotator” is null",
                "Name the annotator whose they are",
            )
        self.each_of("actors", "actor record", self.actor)
        usual = self.usual_spans()
        if self.quick is None:
            self.each_of("spans", "span", self.span)
        elif usual is None:
            return None
        elif data.get("relations"):
            self.spans = {span.id: span for span in usual}
        self.each_of("relations", "relation", self.relation)
        if self.faults > known:
            return None
        labels: list[Span | Relation] = [*self.spans.values(), *self.relations.values()]
        untouched = not data.get("annotator") and not usual and progress == Progress()
        if untouched and all(each.state is State.SUGGESTED for each in labels):
            self.annotator = None  # whoever imports it has not touched it either
        return Record(
            labels=ArticleLabels(
                article=article,
                annotator=self.annotator,
                progress=progress,
                spans=tuple(self.spans.values()) if usual is None else usual,
                relations=tuple(self.relations.values()),
                actors=tuple(self.actors.values()),
            ),
            place=self.place,
            native=True,
            furnished="furniture" in data,
        )

    def each_of(self, key: str, what: str, read: Callable[[Any], None]) -> None:
        for nth, item in enumerate(self.data.get(key, ()), 1):
            self.part = what, nth, item
            read(item)
        self.part = None

    def usual_spans(self) -> Sequence[Span] | None:
        """The spans of a line that was parsed quickly; None where any of them is not of the usual shape."""
        if self.quick is None:
            return None
        items = self.data.get("spans")
        if not items:
            self.quick.none()
            return ()
        if self.annotator is None:
            return None
        return self.quick.spans(items, self.body, self.annotator, self.actors)

    # -- parts --------------------------------------------------------------------------------

    def article(self) -> Article | None:
        known = self.faults
        data = self.data
        if "text" not in data:
            self.wrong("it has no “text”")
            return None
        text = self.body = data["text"]
        if not text.strip():
            self.wrong("the text is empty")
        if "\r" in text:
            self.wrong(
                "the text holds a carriage return, which import would turn into a line feed",
                "Write line ends as \\n, and count offsets in that text",
            )
        meta = data.get("meta", {})
        for key in META_KEYS:
            if not isinstance(meta.get(key, ""), str | None):
                self.wrong(f"“{key}” must be a text or null, not {kind_of(meta[key])}")
        if is_too_deep(meta):
            self.wrong(TOO_DEEP, "Leave that part out")
        published = meta.get("published")
        if isinstance(published, str) and not is_date(published):
            self.wrong(f"the date “{published}” is not written like 2026-03-31")
        furniture = self.ranges("furniture", data.get("furniture", []))
        wrong = fragment_problem(furniture, text) if furniture else None
        if wrong:
            self.wrong(wrong.replace("the span", "the furniture"), _CODE_POINTS)
        if self.faults > known:
            return None
        return Article(
            id=data.get("id") or "",
            external_id=data.get("external_id"),
            title=data.get("title") or "",
            text=text,
            sha256=sha256_of(text),
            publisher=meta.get("publisher"),
            author=meta.get("author"),
            url=meta.get("url"),
            published=published,
            language=meta.get("language"),
            meta={key: value for key, value in meta.items() if key not in META_KEYS},
            furniture=furniture,
        )

    def actor(self, item: Any) -> None:
        if not self.has_shape(item, ACTOR) or not self.has(item, "id", "name"):
            return
        known = self.faults
        if item["id"] in self.actors:
            self.wrong("its id stands there twice")
        aliases = [self.alias(each) for each in item.get("aliases", ())]
        properties = [self.property(each) for each in item.get("properties", ())]
        whole = [each for each in properties if each is not None]
        dated = {(each.name, each.since): each for each in whole}
        if len(dated) < len(whole):
            self.wrong("one of its “properties” stands there twice from the same day on")
        if self.faults > known:
            return
        record = ActorRecord(
            id=item["id"],
            name=item["name"],
            type=item.get("type") or "other",
            aliases=tuple(each for each in aliases if each is not None),
            properties=tuple(dated[key] for key in sorted(dated)),
            external_id=item.get("external_id"),
            note=item.get("note") or None,
        )
        self.actors[record.id] = record
        if self.intake.lacking is not None:
            self.intake.lacking.see_record(record)

    def alias(self, item: Any) -> Alias | None:
        if isinstance(item, str) and item:
            return Alias(item)
        if not isinstance(item, dict):
            self.wrong("“aliases” must be a list of texts, or of objects with “name” and “language”")
        elif self.has_shape(item, ALIAS) and self.has(item, "name"):
            return Alias(item["name"], item.get("language"))
        return None

    def property(self, item: Any) -> Property | None:
        if not self.has_shape(item, PROPERTY) or not self.has(item, "name", "value"):
            return None
        since, until = item.get("since") or "", item.get("until") or ""
        for day in (since, until):
            if day and not is_date(day):
                self.wrong(f"the date “{day}” is not written like 2026-03-31")
                return None
        if is_too_deep(item["value"]):
            self.wrong(TOO_DEEP, "Leave that part out")
            return None
        return Property(name=item["name"], value=item["value"], since=since, until=until)

    def span(self, item: Any) -> None:
        if not self.has_shape(item, SPAN) or not self.has(item, "kind", "label"):
            return
        known = self.faults
        get = item.get
        kind = self.one_of("kind", item["kind"], _KINDS)
        state = self.state(item)
        fragments = self.span_fragments(item)
        if (get("token_start") or 0) < 0 or (get("token_end") or 0) < 0:
            self.wrong("“token_start” and “token_end” must be numbers from 0 on, or null")
        if kind is None or state is None or self.faults > known:
            return
        span = Span(
            id=get("id") or new_id(),
            kind=kind,
            label=item["label"],
            fragments=fragments,
            attributes=get("attributes", {}),
            actor=get("actor"),
            state=state,
            origin=get("origin") or f"import:{self.intake.source.short_name}",
            confidence=_float(get("confidence")),
            annotator=self.annotator if state is State.ACCEPTED else None,
            created=self.intake.at,
            updated=self.intake.at,
            note=get("note"),
        )
        if span.id in self.spans:
            self.wrong("its id stands there twice")
        if span.actor is not None and not self.may_mean(span.actor):
            self.wrong(f"its actor record “{span.actor}” is not among the line's “actors”")
        found = span_problems(span, self.body, self.intake.codebook)
        self.judge(found, "span", lambda lacking: lacking.see_span(span, self.body))
        if self.faults > known:
            return
        here = slice_of(self.body, fragments)
        if get("text", here) != here:
            what = f"its text is “{excerpt(item['text'])}”, but its offsets hold “{excerpt(here)}”"
            self.wrong(what, _CODE_POINTS)
            return
        self.spans[span.id] = span

    def span_fragments(self, item: Mapping[str, Any]) -> Fragments:
        """The fragments, or ``start`` and ``end`` as the only one; if both are given, they must agree."""
        start, end = item.get("start"), item.get("end")
        if "fragments" not in item:
            if start is None or end is None:
                self.wrong("it has neither “fragments” nor “start” and “end”", "Say where it is")
                return ()
            return ((start, end),)
        fragments = self.ranges("fragments", item["fragments"])
        if fragments and (
            (start is not None and start != fragments[0][0]) or (end is not None and end != fragments[-1][1])
        ):
            self.wrong("its “start” and “end” are not the outer edges of its “fragments”", _CODE_POINTS)
        return fragments

    def relation(self, item: Any) -> None:
        if not self.has_shape(item, RELATION) or not self.has(item, "type", "head", "tail"):
            return
        if self.was_refused(item["head"]) or self.was_refused(item["tail"]):
            return  # not the relation's fault
        known = self.faults
        get = item.get
        state = self.state(item)
        if state is None:
            return
        relation = Relation(
            id=get("id") or new_id(),
            type=item["type"],
            head=item["head"],
            tail=item["tail"],
            attributes=get("attributes", {}),
            state=state,
            origin=get("origin") or f"import:{self.intake.source.short_name}",
            confidence=_float(get("confidence")),
            annotator=self.annotator if state is State.ACCEPTED else None,
            created=self.intake.at,
            updated=self.intake.at,
            note=get("note"),
        )
        if relation.id in self.relations:
            self.wrong("its id stands there twice")
        found = relation_problems(relation, self.spans, self.intake.codebook)
        self.judge(found, "relation", lambda lacking: lacking.see_relation(relation, self.spans, self.body))
        if self.faults == known and state is State.ACCEPTED:
            for end in (relation.head, relation.tail):
                if self.spans[end].state is not State.ACCEPTED:
                    self.wrong(f"it is accepted, but its span {end} is {self.spans[end].state}")
        if self.faults == known:
            self.relations[relation.id] = relation

    def may_mean(self, actor_id: str) -> bool:
        """Whether the line has that actor record, or one with a problem that may be it."""
        if actor_id in self.actors:
            return True
        ids = (each.get("id") if isinstance(each, dict) else None for each in self.data.get("actors", ()))
        return any(not isinstance(each, str) or each == actor_id for each in ids)

    def was_refused(self, span_id: str) -> bool:
        """Whether the line has a span of that id which had a problem."""
        if span_id in self.spans:
            return False
        return any(
            isinstance(each, dict) and each.get("id") == span_id for each in self.data.get("spans", ())
        )

    # -- values -------------------------------------------------------------------------------

    def judge(self, problems: Iterable[Problem], noun: str, see: Callable[[Lacking], str]) -> None:
        """Report what is wrong; what the codebook only lacks may be added to it."""
        lacks: list[Problem] = []
        for each in problems:
            if self.intake.lacking is not None and each.rule in LACKING:
                lacks.append(each)
            else:
                self.wrong(each.what, each.cure)
        if not lacks or self.intake.lacking is None:
            return
        if odd := see(self.intake.lacking):
            self.wrong(odd)
        elif not self.intake.extends:
            self.faults += 1
            for each in lacks:
                self.intake.report_once(each.what, self.where(), _EXTEND, noun)

    def wrong(self, what: str, cure: str = "") -> None:
        self.faults += 1
        self.intake.report(what, self.where(), cure)

    def where(self) -> str:
        """The place of what is being read."""
        place = self.place
        if self.part is not None:
            name, nth, item = self.part
            given = item.get("id") if isinstance(item, dict) else None
            place += f", {name} {excerpt(given) if isinstance(given, str) and given else nth}"
        return place.removeprefix(", ")

    def has_shape(self, item: Any, shape: Mapping[str, Value]) -> bool:
        """Whether it is an object whose keys are known and hold what they may."""
        if not isinstance(item, dict):
            self.wrong(f"it must be an object, not {kind_of(item)}")
            return False
        fits = True
        for key, value in item.items():
            allowed = shape.get(key)
            if allowed is not None and type(value) in allowed.types:
                if value or allowed.empty or value is None:
                    continue
                self.wrong(f"“{key}” is empty")
            elif allowed is not None:
                self.wrong(f"“{key}” must be {allowed.words}, not {kind_of(value)}")
            else:
                self.wrong(f"the key “{key}” is unknown", "Put what the format has no key for into “meta”")
            fits = False
        return fits

    def has(self, item: Mapping[str, Any], *keys: str) -> bool:
        """Whether the keys are there that must be."""
        missing = [key for key in keys if key not in item]
        for key in missing:
            self.wrong(f"it has no “{key}”")
        return not missing

    def one_of[T](self, key: str, value: str, known: Mapping[str, T]) -> T | None:
        found = known.get(value)
        if found is None:
            self.wrong(f"“{key}” must be one of {', '.join(known)}, not “{value}”")
        return found

    def state(self, item: Mapping[str, Any]) -> State | None:
        state = self.one_of("state", item.get("state", self.default_state), _STATES)
        if self.annotator is None and state not in (State.SUGGESTED, None):
            self.wrong(
                f"it is {state}, but the line's “annotator” is null", "Name the annotator who decided that"
            )
        return state

    def ranges(self, key: str, value: list[Any]) -> Fragments:
        for pair in value:
            if (
                type(pair) is not list
                or len(pair) != 2
                or type(pair[0]) is not int
                or type(pair[1]) is not int
            ):
                self.wrong(f"“{key}” must be a list of pairs like [101,205]", _CODE_POINTS)
                return ()
        return tuple((start, end) for start, end in value)


def _float(value: float | None) -> float | None:
    return None if value is None else float(value)
