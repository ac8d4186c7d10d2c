"""What readers of other tools' JSON share: records one by one, their articles, and offsets in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from annotator.core.errors import InputError
from annotator.core.model import ActorRecord, Fragments
from annotator.core.records import replace
from annotator.core.text import excerpt, shown
from annotator.formats.base import Intake, Record
from annotator.formats.offsets import Offsets, Unit
from annotator.formats.pairs import begins_with_pair, of_pair
from annotator.formats.plain import json_record, kind_of
from annotator.formats.streaming import (
    CUT_OFF,
    GET_AGAIN,
    is_json_list,
    json_objects,
    utf8_bytes,
    utf8_lines,
)

ACTOR, ACTOR_ID = "actor", "actor_id"
UNLABELLED = "unlabelled"
"""Stands for the label of a span, or the type of a relation, that has none in its file."""


def json_records(
    intake: Intake, parse: Callable[[bytes], Any] | None = None
) -> Iterator[tuple[dict[str, Any], str]]:
    """The objects of JSON Lines, of a JSON list, or the one of the file, and their places.

    ``parse``: how several objects of a list are parsed, see :func:`annotator.formats.streaming.json_objects`.
    What is none is reported. Raises InputError where the whole file is unusable.
    """
    from orjson import JSONDecodeError, loads

    listed = is_json_list(intake.source) and not begins_with_pair(intake.source, in_line=True)
    what = "record" if listed else "line"
    first = True
    for number, data in json_objects(intake, parse or loads) if listed else utf8_lines(intake):
        place = f"{what} {number}"
        if isinstance(data, dict):
            yield data, place
            continue
        try:
            value = loads(data)
        except JSONDecodeError as error:
            cut = "unexpected end" in error.msg
            if not listed and cut and data.endswith(b"\n"):
                whole = _one_document(intake, data) if first else None
                if whole is not None:
                    yield from ((each, "") for each in whole)
                    return
            first = False
            wrong = CUT_OFF if cut and not data.endswith(b"\n") else f"this is not valid JSON: {error.msg}"
            intake.report(wrong, place, GET_AGAIN)
            continue
        first = False
        if type(value) is list:
            value = of_pair(value)
        if type(value) is dict:
            yield value, place
        else:
            intake.report(f"a record must be an object, not {kind_of(value)}", place, "Write it as {…}")


def _one_document(intake: Intake, first: bytes) -> list[dict[str, Any]] | None:
    """The object that is written over all lines of a file, whose first one is given; None where it is none.

    One that is broken is reported, and nothing comes of it.
    """
    from orjson import JSONDecodeError, loads

    try:
        value = loads(utf8_bytes(intake))
    except InputError:
        return None
    except JSONDecodeError as error:
        if not first.rstrip().endswith((b"{", b"[", b",")):
            return None
        what = CUT_OFF if "unexpected end" in error.msg else error.msg
        intake.report(f"this is not valid JSON: {what}", f"line {error.lineno}", GET_AGAIN)
        return []
    return [value] if isinstance(value, dict) else None


def article_record(data: dict[str, Any], intake: Intake, place: str) -> Record | None:
    """The article of an object whose other keys are its metadata; reports what is wrong with it.

    Unlike in records of articles, nothing is wrong with a key that stands in the object and in its
    ``meta``: where they differ, the latter is kept as ``meta.KEY``.
    """
    meta = data.get("meta")
    if meta is not None and type(meta) is not dict:
        data = {**data, "meta": {"meta": meta}}
    elif meta:
        kept = dict(meta)
        for key in meta.keys() & data.keys():
            value = kept.pop(key)
            if value != data[key]:
                kept[f"meta.{key}"] = value
        data = {**data, "meta": kept}
    return json_record(data, intake, place)


def one_id_each(records: Iterable[Record]) -> Iterator[Record]:
    """The records; one whose text came before has the external id that it had there.

    Those are the ids of a tool's tasks, and say nothing about articles.
    """
    ids: dict[str, str | None] = {}
    for record in records:
        article = record.labels.article
        first = ids.setdefault(article.sha256, article.external_id)
        if first != article.external_id:
            labels = replace(record.labels, article=replace(article, external_id=first))
            record = replace(record, labels=labels)
        yield record


class Reach:
    """Brings the offsets of one article's file to its stored text; quick where they are the same."""

    __slots__ = ("offsets", "raw", "same")

    def __init__(self, raw: str, unit: Unit) -> None:
        self.raw = raw
        self.offsets = Offsets(raw, unit)
        self.same = len(raw) if self.offsets.same else -1
        """How long the text is where its offsets are ours, else -1."""

    def fragments(self, start: Any, end: Any) -> Fragments | None:
        """The one fragment between two offsets; None where there is none: :meth:`wrong` tells why."""
        if type(start) is not int or type(end) is not int:
            return None
        if 0 <= start < end <= self.same:
            return ((start, end),)
        if self.same >= 0:
            return None
        found = self.offsets.fragment(start, end)
        return None if found is None else (found,)

    def wrong(self, start: Any, end: Any) -> str:
        """What is wrong with two offsets, as a part of a sentence about a span."""
        for what, value in (("start", start), ("end", end)):
            if type(value) is not int:
                return f"has no whole number as its {what}, but {shown(value)}"
        if start >= end:
            return f"is empty: it runs from {start} to {end}"
        length = self.offsets.written(len(self.raw))
        if start < 0 or end > length:
            return f"runs from {start} to {end}, but the text has only {length} {self.offsets.unit}"
        return f"runs from {start} to {end}, which is in the middle of a character"


class Actors:
    """The actor records that attributes ``actor`` (name) and ``actor_id`` of an article's spans tell of."""

    __slots__ = ("_found",)

    def __init__(self) -> None:
        self._found: dict[str, ActorRecord] = {}

    @property
    def found(self) -> tuple[ActorRecord, ...]:
        """Each once."""
        return tuple(self._found.values())

    def taken(self, attributes: Mapping[str, Any]) -> tuple[Mapping[str, Any], str | None]:
        """The attributes without the two, and the record's id; all of them and None where there is none."""
        name, id_ = attributes.get(ACTOR), attributes.get(ACTOR_ID)
        if type(name) is not str or type(id_) is not str or not name.strip() or not id_.strip():
            return attributes, None
        self._found.setdefault(id_, ActorRecord(id=id_, name=name))
        return {key: value for key, value in attributes.items() if key not in (ACTOR, ACTOR_ID)}, id_


def not_there(given: str, there: str) -> str:
    """That a file gives another text for a span than the one at its offsets; a part of a sentence."""
    return f"is “{excerpt(given)}” in the file, but “{excerpt(there)}” stands at its offsets"


def name_of(value: Any) -> str:
    """The label or type that a value names."""
    if type(value) is str and value:
        return value
    return str(value) if type(value) in (int, float) else UNLABELLED


def simple(value: Any) -> Any:
    """A JSON value as an attribute may have it: objects, and lists of anything but texts, become texts."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return value
    from orjson import dumps

    return dumps(value).decode()
