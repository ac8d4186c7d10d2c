"""Lines of native JSONL (``annotator/1``) to core objects, with everything that is wrong in them.

The checks are written by hand because they run over every label of every import; that they agree with
``resources/schema/annotator-1.schema.json`` is tested.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from annotator.core.model import (
    ActorRecord,
    Article,
    Fragments,
    Kind,
    Progress,
    Relation,
    Span,
    State,
    Status,
    new_id,
)
from annotator.core.ports import ArticleLabels
from annotator.core.text import excerpt, sha256_of, slice_of
from annotator.core.validate import (
    fragment_problem,
    is_date,
    relation_problems,
    span_problems,
)
from annotator.formats.base import Intake, Record
from annotator.formats.native import (
    ACTOR_KEYS,
    FORMAT,
    LINE_KEYS,
    META_KEYS,
    RELATION_KEYS,
    SPAN_KEYS,
)
from annotator.formats.plain import kind_of

_LINE, _SPAN, _RELATION, _ACTOR = map(frozenset, (LINE_KEYS, SPAN_KEYS, RELATION_KEYS, ACTOR_KEYS))
_KINDS = {str(each): each for each in Kind}
_STATES = {str(each): each for each in State}
_STATUSES = {str(each): each for each in Status}
_CODE_POINTS = "Offsets count Unicode code points from 0, half-open"


def read_line(data: dict[str, Any], intake: Intake, place: str) -> Record | None:
    """The record of one line, or None after reporting every problem in it."""
    return _Line(data, intake, place).read()


class _Line:
    """Reads one line; ``part`` names the span, relation or actor record that is being read."""

    def __init__(self, data: dict[str, Any], intake: Intake, place: str) -> None:
        self.data = data
        self.intake = intake
        self.place = place
        self.part = ""
        self.body = ""
        self.annotator: str | None = None
        self.actors: dict[str, ActorRecord] = {}
        self.spans: dict[str, Span] = {}
        self.relations: dict[str, Relation] = {}

    def read(self) -> Record | None:
        known = len(self.intake.problems)
        data = self.data
        if data["format"] != FORMAT:
            cure = "Get the newest Annotator, or export it again with this one"
            self.wrong(f"the format “{data['format']}” is not one that this version reads", cure)
            return None
        self.keys(data, _LINE)
        article = self.article()
        if article is None:
            return None
        self.annotator = self.string(data, "annotator") or self.intake.annotator
        progress = Progress(
            self.one_of(data, "status", _STATUSES, Status.NEW),
            self.boolean(data, "flagged"),
            self.string(data, "note", empty=True),
        )
        if self.annotator is None and progress != Progress():
            self.wrong(
                "“status”, “flagged” and “note” say something but “annotator” is null",
                "Name the annotator whose they are",
            )
        for nth, item in enumerate(self.items(data, "actors"), 1):
            self.part = f"actor record {nth}"
            self.actor(item)
        for nth, item in enumerate(self.items(data, "spans"), 1):
            self.part = f"span {nth}"
            self.span(item)
        for nth, item in enumerate(self.items(data, "relations"), 1):
            self.part = f"relation {nth}"
            self.relation(item)
        self.part = ""
        if len(self.intake.problems) > known:
            return None
        return Record(
            labels=ArticleLabels(
                article=article,
                annotator=self.annotator,
                progress=progress,
                spans=tuple(self.spans.values()),
                relations=tuple(self.relations.values()),
                actors=tuple(self.actors.values()),
            ),
            place=self.place,
            native=True,
            furnished="furniture" in data,
        )

    # -- parts --------------------------------------------------------------------------------

    def article(self) -> Article | None:
        known = len(self.intake.problems)
        text = self.data.get("text")
        if not isinstance(text, str):
            self.wrong(f"“text” must be a text, not {kind_of(text)}")
            return None
        if not text.strip():
            self.wrong("the text is empty")
        if "\r" in text:
            self.wrong(
                "the text holds a carriage return, which import would turn into a line feed",
                "Write line ends as \\n, and count offsets in that text",
            )
        self.body = text
        meta = self.mapping(self.data, "meta")
        published = self.string(meta, "published")
        if published is not None and not is_date(published):
            self.wrong(f"the date “{published}” is not written like 2026-03-31")
        article = Article(
            id=self.string(self.data, "id") or "",
            external_id=self.string(self.data, "external_id", empty=True),
            title=self.string(self.data, "title", empty=True) or "",
            text=text,
            sha256=sha256_of(text),
            publisher=self.string(meta, "publisher", empty=True),
            author=self.string(meta, "author", empty=True),
            url=self.string(meta, "url", empty=True),
            published=published,
            language=self.string(meta, "language", empty=True),
            meta={key: value for key, value in meta.items() if key not in META_KEYS},
            furniture=self.fragments(self.data, "furniture"),
        )
        wrong = fragment_problem(article.furniture, text) if article.furniture else None
        if wrong:
            self.wrong(wrong.replace("the span", "the furniture"), _CODE_POINTS)
        return article if len(self.intake.problems) == known else None

    def actor(self, item: Any) -> None:
        known = len(self.intake.problems)
        if not self.mapped(item, _ACTOR):
            return
        record = ActorRecord(
            id=self.required(item, "id"),
            name=self.required(item, "name"),
            type=self.string(item, "type") or "other",
            aliases=self.strings(item, "aliases"),
            external_id=self.string(item, "external_id", empty=True),
        )
        if record.id in self.actors:
            self.wrong(f"the id “{record.id}” stands there twice")
        if len(self.intake.problems) == known:
            self.actors[record.id] = record

    def span(self, item: Any) -> None:
        known = len(self.intake.problems)
        if not self.mapped(item, _SPAN):
            return
        kind = self.one_of(item, "kind", _KINDS)
        state = self.state(item)
        span = Span(
            id=self.string(item, "id") or new_id(),
            kind=kind,
            label=self.required(item, "label"),
            fragments=self.span_fragments(item),
            attributes=self.mapping(item, "attributes"),
            actor=self.string(item, "actor"),
            state=state,
            origin=self.origin(item),
            confidence=self.number(item, "confidence"),
            annotator=self.annotator if state == State.ACCEPTED else None,
            created=self.intake.at,
            updated=self.intake.at,
            note=self.string(item, "note", empty=True),
        )
        for key in ("token_start", "token_end"):
            if not _is_index(item.get(key, 0)) and item[key] is not None:
                self.wrong(f"“{key}” must be a token's number or null, not {kind_of(item[key])}")
        if span.id in self.spans:
            self.wrong("its id stands there twice")
        if span.actor is not None and span.actor not in self.actors:
            self.wrong(f"its actor record “{span.actor}” is not among the line's “actors”")
        if len(self.intake.problems) > known:
            return
        for problem in span_problems(span, self.body, self.intake.codebook):
            self.wrong(problem.what, problem.cure)
        if len(self.intake.problems) == known and "text" in item:
            self.same_text(item["text"], span.fragments)
        if len(self.intake.problems) == known:
            self.spans[span.id] = span

    def same_text(self, written: Any, fragments: Fragments) -> None:
        here = slice_of(self.body, fragments)
        if written == here:
            return
        if not isinstance(written, str):
            self.wrong(f"“text” must be a text, not {kind_of(written)}")
            return
        self.wrong(f"its text is “{excerpt(written)}”, but its offsets hold “{excerpt(here)}”", _CODE_POINTS)

    def relation(self, item: Any) -> None:
        known = len(self.intake.problems)
        if not self.mapped(item, _RELATION):
            return
        state = self.state(item)
        relation = Relation(
            id=self.string(item, "id") or new_id(),
            type=self.required(item, "type"),
            head=self.required(item, "head"),
            tail=self.required(item, "tail"),
            attributes=self.mapping(item, "attributes"),
            state=state,
            origin=self.origin(item),
            confidence=self.number(item, "confidence"),
            annotator=self.annotator if state == State.ACCEPTED else None,
            created=self.intake.at,
            updated=self.intake.at,
            note=self.string(item, "note", empty=True),
        )
        if relation.id in self.relations:
            self.wrong("its id stands there twice")
        if len(self.intake.problems) > known:
            return
        for problem in relation_problems(relation, self.spans, self.intake.codebook):
            self.wrong(problem.what, problem.cure)
        if len(self.intake.problems) == known and state == State.ACCEPTED:
            for end in (relation.head, relation.tail):
                if self.spans[end].state != State.ACCEPTED:
                    self.wrong(f"it is accepted, but its span {end} is {self.spans[end].state}")
        if len(self.intake.problems) == known:
            self.relations[relation.id] = relation

    def state(self, item: Mapping[str, Any]) -> State:
        default = State.SUGGESTED if self.annotator is None else State.ACCEPTED
        state = self.one_of(item, "state", _STATES, default)
        if self.annotator is None and state != State.SUGGESTED:
            self.wrong(
                f"it is {state}, but the line's “annotator” is null", "Name the annotator who decided that"
            )
        return state

    def origin(self, item: Mapping[str, Any]) -> str:
        return self.string(item, "origin") or f"import:{self.intake.source.short_name}"

    def span_fragments(self, item: Mapping[str, Any]) -> Fragments:
        """The fragments, or ``start`` and ``end`` as the only one; both must agree."""
        start, end = item.get("start"), item.get("end")
        for key in ("start", "end"):
            if key in item and not _is_index(item[key]):
                self.wrong(f"“{key}” must be a number from 0 on, not {kind_of(item[key])}")
                return ()
        if "fragments" not in item:
            if start is None or end is None:
                self.wrong("it has neither “fragments” nor “start” and “end”", "Say where it is")
                return ()
            return ((start, end),)
        fragments = self.fragments(item, "fragments")
        if fragments and (
            (start is not None and start != fragments[0][0]) or (end is not None and end != fragments[-1][1])
        ):
            self.wrong("its “start” and “end” are not the outer edges of its “fragments”", _CODE_POINTS)
        return fragments

    # -- values -------------------------------------------------------------------------------

    def wrong(self, what: str, cure: str = "") -> None:
        place = f"{self.place}, {self.part}" if self.part else self.place
        self.intake.report(what, place, cure)

    def keys(self, data: Mapping[str, Any], known: frozenset[str]) -> None:
        for key in data.keys() - known:
            self.wrong(f"the key “{key}” is unknown", "Put what the format has no key for into “meta”")

    def mapped(self, item: Any, known: frozenset[str]) -> bool:
        if not isinstance(item, dict):
            self.wrong(f"it must be an object, not {kind_of(item)}")
            return False
        if isinstance(item.get("id"), str):
            self.part = f"{self.part.rsplit(' ', 1)[0]} {item['id']}"
        self.keys(item, known)
        return True

    def string(self, data: Mapping[str, Any], key: str, *, empty: bool = False) -> str | None:
        value = data.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self.wrong(f"“{key}” must be a text or null, not {kind_of(value)}")
            return None
        if not value and not empty:
            self.wrong(f"“{key}” is empty")
            return None
        return value

    def required(self, data: Mapping[str, Any], key: str) -> str:
        value = self.string(data, key)
        if value is None and data.get(key) is None:
            self.wrong(f"it has no “{key}”")
        return value or ""

    def one_of[T](
        self, data: Mapping[str, Any], key: str, values: Mapping[str, T], default: T | None = None
    ) -> T:
        value = data.get(key, default)
        found = values.get(value) if isinstance(value, str) else None
        if found is None:
            shown = f"“{value}”" if isinstance(value, str) else kind_of(value)
            self.wrong(f"“{key}” must be one of {', '.join(values)}, not {shown}")
            return next(iter(values.values()))
        return found

    def boolean(self, data: Mapping[str, Any], key: str) -> bool:
        value = data.get(key, False)
        if not isinstance(value, bool):
            self.wrong(f"“{key}” must be true or false, not {kind_of(value)}")
            return False
        return value

    def number(self, data: Mapping[str, Any], key: str) -> float | None:
        value = data.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(f"“{key}” must be a number or null, not {kind_of(value)}")
            return None
        return float(value)

    def mapping(self, data: Mapping[str, Any], key: str) -> dict[str, Any]:
        value = data.get(key, {})
        if not isinstance(value, dict):
            self.wrong(f"“{key}” must be an object, not {kind_of(value)}")
            return {}
        return value

    def items(self, data: Mapping[str, Any], key: str) -> list[Any]:
        value = data.get(key, [])
        if not isinstance(value, list):
            self.wrong(f"“{key}” must be a list, not {kind_of(value)}")
            return []
        return value

    def strings(self, data: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = self.items(data, key)
        if not all(isinstance(each, str) and each for each in value):
            self.wrong(f"“{key}” must be a list of texts")
            return ()
        return tuple(value)

    def fragments(self, data: Mapping[str, Any], key: str) -> Fragments:
        value = self.items(data, key)
        for pair in value:
            if not isinstance(pair, list) or len(pair) != 2 or not all(_is_index(each) for each in pair):
                self.wrong(f"“{key}” must be a list of pairs like [101,205]", _CODE_POINTS)
                return ()
        return tuple((start, end) for start, end in value)


def _is_index(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
