"""JSON Lines and JSON: native ``annotator/1`` lines and plain ``{"text", "title"?, "meta"?}`` records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from typing import Any

from annotator.core.errors import InputError
from annotator.core.records import replace
from annotator.formats import native
from annotator.formats.base import Format, Intake, Record, TooManyProblemsError
from annotator.formats.native_quick import Quick
from annotator.formats.native_reader import read_line
from annotator.formats.offsets import Unit
from annotator.formats.plain import json_record, kind_of
from annotator.formats.streaming import (
    CUT_OFF,
    GET_AGAIN,
    is_json_list,
    json_items,
    utf8_bytes,
    utf8_lines,
)


def read_jsonl(intake: Intake) -> Iterator[Record]:
    """One record per line; blank lines are skipped."""
    quick = _Quick(intake)
    for number, line in utf8_lines(intake):
        place = f"line {number}"
        record = quick.record(line, place)
        if record is None:
            for value in _values(number, line, intake, place):
                record = _record(value, intake, place)
        if record is not None:
            yield record


def json_lines(intake: Intake) -> Iterator[tuple[Any, str]]:
    """What each line holds and its place; lines that are not JSON are reported, blank ones skipped.

    Raises InputError where the whole file is unusable.
    """
    for number, line in utf8_lines(intake):
        place = f"line {number}"
        for value in _values(number, line, intake, place):
            yield value, place


def _values(number: int, line: bytes, intake: Intake, place: str) -> tuple[Any, ...]:
    """What a line holds; nothing after reporting that it is not JSON."""
    from orjson import JSONDecodeError, loads

    try:
        return (loads(line),)
    except JSONDecodeError as error:
        if number > 1 and not line.endswith(b"\n"):
            what = "the last line breaks off in the middle; the file seems to be cut off"
            intake.report(what, place, "Get the file again from where it comes from, or export it again")
        elif number == 1 and line.strip() in (b"{", b"["):
            raise InputError(
                "this is one JSON document over several lines, not a record per line",
                where=intake.source.name,
                cure="Name it .json or choose the format json",
            ) from error
        else:
            intake.report(f"this is not valid JSON: {error.msg}", place, GET_AGAIN)
        return ()


def read_json(intake: Intake) -> Iterator[Record]:
    """The file's one record, or those of its list."""
    from orjson import JSONDecodeError, loads

    if is_json_list(intake.source):
        quick = _Quick(intake)
        for number, item in json_items(intake):
            place = f"record {number}"
            record = quick.record(item, place)
            if record is not None:
                yield record
                continue
            try:
                value = loads(item)
            except JSONDecodeError as error:
                intake.report(f"this is not valid JSON: {error.msg}", place, GET_AGAIN)
                continue
            record = _record(value, intake, place)
            if record is not None:
                yield record
        return
    if _is_json_lines(intake):
        yield from read_jsonl(intake)
        return
    data = utf8_bytes(intake)
    try:
        value = loads(data)
    except JSONDecodeError as error:
        what = CUT_OFF if "unexpected end" in error.msg else error.msg
        intake.report(f"this is not valid JSON: {what}", f"line {error.lineno}", GET_AGAIN)
        return
    for number, item in enumerate(value if isinstance(value, list) else [value], 1):
        record = _record(item, intake, f"record {number}" if isinstance(value, list) else "")
        if record is not None:
            yield record


def _is_json_lines(intake: Intake) -> bool:
    """Whether the first line is a record of its own, and not the only one."""
    from orjson import JSONDecodeError, loads

    with closing(utf8_lines(replace(intake, problems=[]))) as lines:
        first, second = next(lines, (0, b"")), next(lines, None)
    try:
        return second is not None and isinstance(loads(first[1]), dict)
    except JSONDecodeError:
        return False


class _Quick:
    """Reads native lines of the usual shape; of others nothing is told, and they have to be read again."""

    def __init__(self, intake: Intake) -> None:
        self._quick = Quick(intake)
        self._lacking = intake.lacking
        self._intake = replace(intake, problems=[], lacking=None)

    def record(self, line: bytes, place: str) -> Record | None:
        data = self._quick.parsed(line)
        if data is None:
            return None
        problems = self._intake.problems
        try:
            record = read_line(data, self._intake, place, self._quick)
        except TooManyProblemsError:
            record = None
        if problems:
            problems.clear()
            return None
        if record is not None and self._lacking is not None:
            for each in record.labels.actors:
                self._lacking.see_record(each)
        return record


def _record(value: Any, intake: Intake, place: str) -> Record | None:
    if not isinstance(value, dict):
        intake.report(f"a record must be an object, not {kind_of(value)}", place, "Write it as {…}")
        return None
    form = value.get("format")
    if isinstance(form, str) and form.startswith("annotator/"):
        return read_line(value, intake, place)
    return json_record(value, intake, place)


JSONL = Format(
    name="jsonl",
    title="native JSONL",
    endings=(".jsonl", ".ndjson"),
    unit=Unit.CODE_POINTS,
    read=read_jsonl,
    write=native.write,
)
JSON = Format(name="json", title="JSON", endings=(".json",), unit=Unit.CODE_POINTS, read=read_json)
