"""PubAnnotation's JSON: documents with denotations, relations, attributes and modifications.

Its offsets are code points. A document of several projects has a track for each:
https://www.pubannotation.org/docs/annotation-format/.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from annotator.core.model import Fragments
from annotator.core.text import excerpt, shown
from annotator.core.validate import fragment_problem
from annotator.formats.base import Format, Intake, Record, Source
from annotator.formats.foreign import Foreign, ForeignRelation, ForeignSpan
from annotator.formats.json_labels import Reach, article_record, json_records, name_of, simple
from annotator.formats.offsets import Unit
from annotator.formats.peek import first_record
from annotator.formats.plain import kind_of

_SPANS = ("denotations", "blocks")
_LABELS = (*_SPANS, "relations", "attributes", "modifications", "instances")
_INSTANCE = "instance of a span"
_OF_RELATION = "relation with another relation"
_CURE = "Correct it, or get the annotations again"


def sniff(source: Source) -> bool:
    """Whether the first record has denotations, or tracks with them."""
    record = first_record(source)
    if record is None or "format" in record or type(record.get("text")) is not str:
        return False
    tracks = record.get("tracks")
    first = tracks[0] if type(tracks) is list and tracks else None
    return any(type(each) is dict and _has_spans(each) for each in (record, first))


def _has_spans(data: Mapping[str, Any]) -> bool:
    """Whether these are denotations; blocks, which other records may have as well, only with an extent."""
    blocks = data.get("blocks")
    return type(data.get("denotations")) is list or (
        type(blocks) is list
        and bool(blocks)
        and type(blocks[0]) is dict
        and type(blocks[0].get("span")) is dict
    )


def read(intake: Intake) -> Iterator[Record]:
    """One record per document, or per track of one."""
    for data, place in json_records(intake):
        rest = {key: value for key, value in data.items() if key not in _LABELS}
        tracks = rest.get("tracks")
        if type(tracks) is list and all(type(each) is dict for each in tracks):
            del rest["tracks"]
        else:
            tracks = []
        record = article_record(rest, intake, place)
        if record is None:
            continue
        reach = Reach(data["text"], Unit.CODE_POINTS)
        whole = any(data.get(key) for key in _LABELS) or not tracks
        for labels in [data, *tracks] if whole else tracks:
            project = None if labels is data else labels.get("project")
            foreign = _Labels(labels, reach, intake, place).read(project if type(project) is str else None)
            yield Record(labels=record.labels, place=place, foreign=foreign)


class _Labels:
    """Reads the labels of a document or track; what is wrong in it is reported, and left out."""

    def __init__(self, data: Mapping[str, Any], reach: Reach, intake: Intake, place: str) -> None:
        self.data = data
        self.reach = reach
        self.intake = intake
        self.place = place
        self.spans: dict[str, ForeignSpan] = {}
        self.relations: dict[str, ForeignRelation] = {}
        self.refused: set[str] = set()
        """The ids of what was wrong, and told."""
        self.attributes: dict[str, dict[str, Any]] = {}

    def read(self, annotator: str | None) -> Foreign:
        for key in _SPANS:
            for nth, item in enumerate(self.listed(key), 1):
                self.span(f"{key[:-1]} {nth}", item)
        for nth, item in enumerate(self.listed("relations"), 1):
            self.relation(f"relation {nth}", item)
        for nth, item in enumerate(self.listed("attributes"), 1):
            value = item.get("obj")
            self.say(f"attribute {nth}", item.get("subj"), item.get("pred"), simple(value))
        for nth, item in enumerate(self.listed("modifications"), 1):
            self.say(f"modification {nth}", item.get("obj"), item.get("pred"), True)
        for _ in self.listed("instances"):
            self.intake.leave_out(_INSTANCE)
        said = self.attributes
        return Foreign(
            annotator=(annotator and annotator.strip()) or None,
            spans=tuple(
                each._replace(attributes=said[id_]) if id_ in said else each
                for id_, each in self.spans.items()
            ),
            relations=tuple(
                each._replace(attributes=said[id_]) if id_ in said else each
                for id_, each in self.relations.items()
            ),
        )

    def wrong(self, what: str) -> None:
        self.intake.report(what, self.place, _CURE)

    def listed(self, key: str) -> Iterator[dict[str, Any]]:
        """The objects of a list; what is none is reported."""
        value = self.data.get(key)
        if value is not None and type(value) is not list:
            self.wrong(f"“{key}” must be a list, not {kind_of(value)}")
            return
        for item in value or ():
            if type(item) is dict:
                yield item
            else:
                self.wrong(f"“{key}” must be a list of objects, not of {shown(item)}")

    def span(self, name: str, item: dict[str, Any]) -> None:
        id_ = self.id(name, item)
        if id_ is None:
            return
        fragments = self.fragments(name, item.get("span"))
        if fragments is None:
            self.refused.add(id_)
        else:
            self.spans[id_] = ForeignSpan(id_, name_of(item.get("obj")), fragments)

    def id(self, name: str, item: dict[str, Any]) -> str | None:
        """Its own, or its place where it has none; None after reporting one that stands there twice."""
        given = item.get("id")
        id_ = name if given is None else str(given)
        if id_ in self.spans or id_ in self.relations or id_ in self.refused:
            self.wrong(f"the id {excerpt(id_, 20)} stands there twice")
            return None
        return id_

    def fragments(self, name: str, value: Any) -> Fragments | None:
        found: list[tuple[int, int]] = []
        for each in value if type(value) is list else [value]:
            given = each if type(each) is dict else {}
            start, end = given.get("begin"), given.get("end")
            fragment = self.reach.fragments(start, end)
            if fragment is None:
                self.wrong(f"{name} {self.reach.wrong(start, end)}")
                return None
            found += fragment
        fragments = tuple(sorted(found))
        problem = fragment_problem(fragments, self.reach.offsets.text)
        if problem is not None:
            self.wrong(f"{name}: {problem}")
            return None
        return fragments

    def relation(self, name: str, item: dict[str, Any]) -> None:
        id_ = self.id(name, item)
        if id_ is None:
            return
        head, tail = str(item.get("subj")), str(item.get("obj"))
        if {head, tail} & self.refused:
            self.refused.add(id_)  # it is not the relation's fault
        elif head in self.spans and tail in self.spans:
            self.relations[id_] = ForeignRelation(id_, name_of(item.get("pred")), head, tail)
        elif {head, tail} <= self.spans.keys() | self.relations.keys():
            self.intake.leave_out(_OF_RELATION)
            self.refused.add(id_)
        else:
            lost = tail if head in self.spans else head
            self.wrong(f"{name} names {excerpt(lost, 20)}, which the document does not have")
            self.refused.add(id_)

    def say(self, name: str, target: Any, attribute: Any, value: Any) -> None:
        """Give a span or relation an attribute; several values of one become a list of texts."""
        id_ = str(target)
        if id_ in self.refused:
            return
        if id_ not in self.spans and id_ not in self.relations:
            self.wrong(f"{name} names {excerpt(id_, 20)}, which the document does not have")
            return
        if type(attribute) is not str or not attribute:
            self.wrong(f"{name} has no name “pred”")
            return
        said = self.attributes.setdefault(id_, {})
        if attribute not in said or said[attribute] == value:
            said[attribute] = value
        else:
            there = said[attribute]
            said[attribute] = [*(there if type(there) is list else [str(there)]), str(value)]


PUBANNOTATION = Format(
    name="pubannotation",
    title="PubAnnotation JSON",
    endings=(".json", ".jsonl"),
    unit=Unit.CODE_POINTS,
    sniff=sniff,
    read=read,
)
