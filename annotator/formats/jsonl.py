"""JSON Lines and JSON: native ``annotator/1`` lines and plain ``{"text", "title"?, "meta"?}`` records."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from annotator.core.errors import InputError
from annotator.core.text import BOM
from annotator.formats import native
from annotator.formats.base import Format, Intake, Record
from annotator.formats.encoding import UTF8, decode
from annotator.formats.native_reader import read_line
from annotator.formats.offsets import Unit
from annotator.formats.plain import json_record, kind_of

_GET_AGAIN = "Correct it, or get the file again from where it comes from"


def read_jsonl(intake: Intake) -> Iterator[Record]:
    """One record per line; empty lines are skipped."""
    for value, place in json_lines(intake):
        record = _record(value, intake, place)
        if record is not None:
            yield record


def json_lines(intake: Intake) -> Iterator[tuple[Any, str]]:
    """What each line holds and its place; lines that are not JSON are reported, empty ones skipped.

    Raises InputError where the whole file is unusable.
    """
    from orjson import JSONDecodeError, loads

    data = _utf8_of(intake)
    lines = data.split(b"\n")
    del data
    for number, line in enumerate(lines, 1):
        lines[number - 1] = b""
        if not line.strip():
            continue
        place = f"line {number}"
        try:
            value = loads(line)
        except JSONDecodeError as error:
            if number == len(lines) and number > 1:
                what = "the last line breaks off in the middle; the file seems to be cut off"
                intake.report(what, place, "Get the file again from where it comes from, or export it again")
            elif number == 1 and line.strip() in (b"{", b"["):
                raise InputError(
                    "this is one JSON document over several lines, not a record per line",
                    where=intake.source.name,
                    cure="Name it .json or choose the format json",
                ) from error
            else:
                intake.report(f"this is not valid JSON: {error.msg}", place, _GET_AGAIN)
            continue
        yield value, place


def read_json(intake: Intake) -> Iterator[Record]:
    """The file's one record, or those of its list."""
    from orjson import JSONDecodeError, loads

    data = _utf8_of(intake)
    try:
        value = loads(data)
    except JSONDecodeError as error:
        if _is_json_lines(data):
            yield from read_jsonl(intake)
            return
        cut = "unexpected end" in error.msg
        what = "the file breaks off in the middle; it seems to be cut off" if cut else error.msg
        intake.report(f"this is not valid JSON: {what}", f"line {error.lineno}", _GET_AGAIN)
        return
    if isinstance(value, list):
        for number, item in enumerate(value, 1):
            record = _record(item, intake, f"record {number}")
            if record is not None:
                yield record
    else:
        record = _record(value, intake, "")
        if record is not None:
            yield record


def _utf8_of(intake: Intake) -> bytes:
    """The file's content as UTF-8 without byte order mark."""
    if not intake.source.data.strip():
        raise InputError(
            "the file is empty", where=intake.source.name, cure="Give it records, or leave it out"
        )
    decoded = decode(intake.source.data, intake.source.name)
    intake.encoding = decoded.encoding
    if decoded.encoding == UTF8:
        return intake.source.data.removeprefix(BOM.encode())
    return decoded.text.encode()


def _is_json_lines(data: bytes) -> bool:
    """Whether the first line is a record of its own."""
    from orjson import JSONDecodeError, loads

    first, _, rest = data.lstrip().partition(b"\n")
    try:
        return bool(rest.strip()) and isinstance(loads(first), dict)
    except JSONDecodeError:
        return False


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
