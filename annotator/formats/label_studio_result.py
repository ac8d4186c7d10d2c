"""The regions and relations that one annotation or prediction of Label Studio lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from msgspec import Struct

from annotator.core.model import Fragments
from annotator.core.text import shown
from annotator.formats.base import Intake
from annotator.formats.foreign import ForeignRelation, ForeignSpan, plain_span
from annotator.formats.json_labels import ACTOR_ID, UNLABELLED, Actors, name_of, simple
from annotator.formats.label_studio_quick import KINDS, Results, plain_spans

NOTES = frozenset({"note", "notes", "comment", "comments"})
"""Names of text areas whose texts are notes on a span, or on the article."""
PLACE = frozenset({"start", "end", "startOffset", "endOffset", "globalOffsets", "text"})
"""Keys of a region's value that tell where it stands."""
_NOTHING: Mapping[str, Any] = {}
_UNLABELLED = ((UNLABELLED, ""),)


class Task(Protocol):
    """The task that a result is of."""

    intake: Intake
    raw: str
    same: int
    """How long the text is where its offsets are ours, else -1."""

    def wrong(self, what: str, cure: str = ...) -> None:
        """Report a problem."""

    def listed(self, holder: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
        """The objects of a list; what is none is reported."""

    def fragments(self, nth: int, type_: str, value: Mapping[str, Any]) -> Fragments | None:
        """Where a region stands; None after reporting."""


class _Region(Struct):
    """Everything that was said of one place of the text."""

    start: Any
    end: Any
    fragments: Fragments
    labels: tuple[tuple[str, str], ...] = ()
    """With their layers."""
    attributes: dict[str, Any] | None = None
    note: str | None = None
    score: float | None = None
    first: str = ""
    """The id of the first span that became of it."""

    def say(self, name: str, value: Any) -> None:
        """Give it an attribute."""
        if self.attributes is None:
            self.attributes = {}
        self.attributes[name] = value

    def add_note(self, note: str) -> None:
        """Give it a note; a text area and the region itself may have one each."""
        self.note = note if self.note in (None, note) else f"{self.note}\n{note}"


class Result:
    """Reads the list ``result`` of an annotation or prediction (``model`` is not None then)."""

    def __init__(self, task: Task, holder: Mapping[str, Any], model: str | None, prefix: str | None) -> None:
        self.task = task
        self.holder = holder
        self.model = model
        self.prefix = prefix or ""
        self.regions: dict[str, _Region] = {}
        self.spans: Sequence[ForeignSpan] = ()
        self.relations: list[ForeignRelation] = []
        self.actors = Actors()
        self.notes: list[str] = []
        self.said: dict[str, Any] = {}
        """What was said of the whole article, by the names of the controls."""

    def read(self) -> None:
        """Fill in all of it, reporting what is wrong."""
        results = self.holder.get("result")
        if isinstance(results, Results):
            plain = plain_spans(results, self.task.raw, self.task.same)
            if plain is not None:
                self.spans = plain
                return
            self.holder = {**self.holder, "result": results.items}
        links = []
        refused = set()
        problems = self.task.intake.problems
        for nth, item in enumerate(self.task.listed(self.holder, "result"), 1):
            if item.get("type") == "relation":
                links.append((nth, item))
            elif not self._usual(item) and not self._usual_choice(item):
                before = len(problems)
                self._item(nth, item)
                if len(problems) > before:
                    refused.add(str(item.get("id")))
        self._make_spans()
        for nth, item in links:
            if not refused.intersection((str(item.get("from_id")), str(item.get("to_id")))):
                self._relation(nth, item)  # otherwise it is not the relation's fault

    def _usual(self, item: dict[str, Any]) -> bool:
        """Take a new region with one label and nothing else, as most are; False for everything else."""
        if item.get("type") != "labels":
            return False
        try:
            name, value, id_ = item["from_name"], item["value"], item["id"]
            start, end, text, (label,) = value["start"], value["end"], value["text"], value["labels"]
        except (KeyError, TypeError, ValueError):
            return False
        if (
            type(start) is not int
            or type(end) is not int
            or not 0 <= start < end <= self.task.same
            or self.task.raw[start:end] != text
            or type(id_) is not str
            or type(label) is not str
            or not label
            or id_ in self.regions
            or "meta" in item
            or type(name) is not str
            or name in KINDS
        ):
            return False
        score = _score(item["score"]) if "score" in item else None
        self.regions[id_] = _Region(start, end, ((start, end),), ((label, ""),), None, None, score)
        return True

    def _usual_choice(self, item: dict[str, Any]) -> bool:
        """Take the one choice that is made for a region before it; False for everything else."""
        try:
            type_, name, value, id_ = item["type"], item["from_name"], item["value"], item["id"]
            start, end, choices = value["start"], value["end"], value["choices"]
            (choice,) = choices
        except (KeyError, TypeError, ValueError):
            return False
        region = self.regions.get(id_) if type(id_) is str else None
        if (
            type_ != "choices"
            or type(choices) is not list
            or region is None
            or start != region.start
            or end != region.end
            or type(choice) is not str
            or not choice
            or type(name) is not str
            or not name
            or "score" in item
            or "meta" in item
        ):
            return False
        region.say(name, choice)
        return True

    def _item(self, nth: int, item: dict[str, Any]) -> None:
        type_, name, value = item.get("type"), item.get("from_name"), item.get("value")
        if type(value) is not dict or type(type_) is not str:
            self.task.wrong(f"region {nth} has no “value” and “type”")
            return
        given = item.get("id")
        id_ = f"#{nth}" if given is None else str(given)
        region = self.regions.get(id_)
        labelling = type_.endswith("labels")
        if region is None:
            if "start" not in value and "globalOffsets" not in value:
                if labelling:
                    cure = "Leave it out; only labels of texts can be imported"
                    self.task.wrong(f"region {nth} ({shown(type_)}) has no place in a text", cure)
                else:
                    self._say(name_of(name), type_, value)
                return
            fragments = self.task.fragments(nth, type_, value)
            if fragments is None:
                return
            region = self.regions[id_] = _Region(value.get("start"), value.get("end"), fragments)
        elif "start" in value and (value["start"], value.get("end")) != (region.start, region.end):
            self.task.wrong(f"the id {id_} stands at two regions of different extent")
            return
        if labelling:
            labels = next((value[key] for key in (type_, "labels", "htmllabels") if key in value), None)
            layer = name if type(name) is str and name in KINDS else ""
            if type(labels) is list:
                made = tuple([(name_of(label), layer) for label in labels])
                region.labels = region.labels + made if region.labels else made
        else:
            self._attribute(region, name_of(name), type_, value)
        if "score" in item:
            region.score = _score(item["score"])
        meta = item.get("meta")
        if type(meta) is dict and meta:
            self._meta(region, meta)

    def _meta(self, region: _Region, meta: Mapping[str, Any]) -> None:
        text = meta.get("text")
        note = "\n".join(map(str, text)) if type(text) is list else text
        if type(note) is str and note:
            region.add_note(note)
        if type(meta.get("actor_id")) is str:
            region.say(ACTOR_ID, meta["actor_id"])

    def _attribute(self, region: _Region, name: str, type_: str, value: Mapping[str, Any]) -> None:
        said = _said(type_, value)
        if type_ == "textarea" and name in NOTES:
            region.add_note("\n".join(said) if type(said) is list else str(said))
        elif said not in (None, "", []):
            region.say(name, said)

    def _say(self, name: str, type_: str, value: Mapping[str, Any]) -> None:
        said = _said(type_, value)
        if type_ == "textarea" and name in NOTES:
            self.notes += said if type(said) is list else [str(said)]
        elif said not in (None, "", []):
            self.said[name] = said

    def _make_spans(self) -> None:
        suggested, prefix = self.model is not None, self.prefix
        spans: list[ForeignSpan] = []
        scored = any(region.score is not None for region in self.regions.values())
        overall = None if scored or not suggested else _score(self.holder.get("score"))
        for id_, region in self.regions.items():
            region.first = prefix + id_
            attributes: Mapping[str, Any] = region.attributes or _NOTHING
            actor = None
            if attributes:
                attributes, actor = self.actors.taken(attributes)
            score = region.score if region.score is not None else overall
            name = region.first
            for label, layer in region.labels or _UNLABELLED:
                if not attributes and not suggested and not layer and region.note is None and actor is None:
                    spans.append(plain_span(name, label, region.fragments))
                else:
                    spans.append(
                        ForeignSpan(
                            name,
                            label,
                            region.fragments,
                            layer,
                            attributes,
                            suggested,
                            self.model or "",
                            score if suggested else None,
                            region.note,
                            actor,
                        )
                    )
                name = f"{region.first}#{len(spans)}"
                while name in self.regions:
                    name += "#"
        self.spans = tuple(spans)

    def _relation(self, nth: int, item: dict[str, Any]) -> None:
        ends = []
        for key in ("from_id", "to_id"):
            region = self.regions.get(str(item.get(key)))
            if region is None:
                self.task.wrong(f"relation {nth} names the region {shown(item.get(key))}, which there is not")
                return
            ends.append(region.first)
        direction = item.get("direction", "right")
        if direction not in ("left", "right", "bi", None):
            self.task.wrong(
                f"the direction of relation {nth} is {shown(direction)}", "Write left, right or bi"
            )
            return
        head, tail = reversed(ends) if direction == "left" else ends
        labels = item.get("labels")
        pairs = [(head, tail), (tail, head)] if direction == "bi" else [(head, tail)]
        for label in (labels if type(labels) is list else None) or [UNLABELLED]:
            for one, other in pairs:
                id_ = f"{self.prefix}{nth}-{len(self.relations)}"
                suggested = self.model is not None
                self.relations.append(
                    ForeignRelation(
                        id_, name_of(label), one, other, suggested=suggested, origin=self.model or ""
                    )
                )


def _score(value: Any) -> float | None:
    """A confidence; Label Studio takes any number for one."""
    return float(value) if isinstance(value, (int, float)) and 0 <= value <= 1 else None


def _said(type_: str, value: Mapping[str, Any]) -> Any:
    """What a control other than labels says: a text, a number, or a list of texts."""
    said = value.get("text" if type_ == "textarea" else type_)
    if said is None:
        rest = {key: each for key, each in value.items() if key not in PLACE}
        said = next(iter(rest.values())) if len(rest) == 1 else rest or None
    if type(said) is list:
        said = ["/".join(map(str, each)) if type(each) is list else each for each in said]
        said = said[0] if len(said) == 1 else said
    return simple(said)
