"""Dataturks' JSON Lines: a text, ``content``, with its ``annotation``, whose points have inclusive ends.

The service is gone; its exports are about.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annotator.core.model import Fragments, Progress, Status
from annotator.core.text import shown
from annotator.formats.base import Format, Intake, Record, Source
from annotator.formats.foreign import Foreign, ForeignSpan
from annotator.formats.json_labels import UNLABELLED, Reach, article_record, json_records, name_of, not_there
from annotator.formats.offsets import Unit
from annotator.formats.peek import first_record

_TEXT, _LABELS = "content", "annotation"
_CURE = "Correct it"
_BESIDE = {"extras", "metadata"}


def sniff(source: Source) -> bool:
    """Whether the first record has a ``content`` with labelled points, or with what stands beside."""
    record = first_record(source)
    if record is None or "text" in record or type(record.get(_TEXT)) is not str or _LABELS not in record:
        return False
    given = record[_LABELS]
    if not given:
        return record.keys() >= _BESIDE and type(given) is not dict
    return type(given) is list and type(given[0]) is dict and type(given[0].get("points")) is list


def read(intake: Intake) -> Iterator[Record]:
    """One record per text; what is wrong in it is reported, and left out."""
    for data, place in json_records(intake):
        given = data.get(_LABELS)
        labelled = given is None or type(given) is list
        rest = {key: value for key, value in data.items() if key != _LABELS or not labelled}
        if type(rest.get(_TEXT)) is str and "text" not in rest:
            rest = {"text": rest.pop(_TEXT), **rest}
        record = article_record({key: each for key, each in rest.items() if each is not None}, intake, place)
        if record is None:
            continue
        spans = _Spans(rest["text"], intake, place)
        for item in given if type(given) is list else ():
            spans.add(item)
        about = data.get("metadata")
        done = type(about) is dict and about.get("status") == "done"
        progress = Progress(Status.DONE if done else Status.NEW)
        yield Record(
            labels=record.labels, place=place, foreign=Foreign(progress=progress, spans=tuple(spans.found))
        )


class _Spans:
    def __init__(self, raw: str, intake: Intake, place: str) -> None:
        self.intake = intake
        self.place = place
        self.reaches = [Reach(raw, Unit.CODE_POINTS)]
        """How offsets may be meant; the text at them tells."""
        self.found: list[ForeignSpan] = []

    def wrong(self, what: str) -> None:
        self.intake.report(what, self.place, _CURE)

    def add(self, item: Any) -> None:
        points = item.get("points") if type(item) is dict else None
        if type(points) is not list or not all(type(each) is dict for each in points):
            self.wrong(f"an annotation must be an object with “points”, not {shown(item)}")
            return
        given = item.get("label")
        labels = [name_of(each) for each in given] if type(given) is list else [name_of(given)]
        for point in points:
            fragments = self.fragments(point)
            for label in labels or [UNLABELLED] if fragments is not None else ():
                self.found.append(ForeignSpan(f"#{len(self.found) + 1}", label, fragments or ()))

    def fragments(self, point: dict[str, Any]) -> Fragments | None:
        """Where one stands; None after reporting. Its text is looked at, but for white space."""
        start, last, text = point.get("start"), point.get("end"), point.get("text")
        end = last + 1 if type(last) is int else last
        if len(self.reaches) == 1 and not self.reaches[0].raw.isascii():
            self.reaches.append(Reach(self.reaches[0].raw, Unit.UTF16))
        wrong = ""
        for reach in self.reaches:
            found = reach.fragments(start, end)
            there = reach.offsets.text[slice(*found[0])] if found else ""
            if found is None:
                wrong = wrong or reach.wrong(start, end)
            elif type(text) is not str or text.split() == there.split():
                return found
            else:
                wrong = wrong or not_there(text, there)
        self.wrong(f"the span {wrong}")
        return None


DATATURKS = Format(
    name="dataturks",
    title="Dataturks JSON",
    endings=(".json", ".jsonl"),
    unit=Unit.CODE_POINTS,
    sniff=sniff,
    read=read,
)
