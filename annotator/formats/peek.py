"""The first record of a JSON file, by which its kind is told: several tools' files end in ``.json(l)``."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache
from typing import Any

from annotator.formats.source import HEAD, Source

_FURTHER = 4 << 20
"""Bytes that are looked at where the first record is longer than a file's head."""
_MARK = re.compile(rb'"(?:[^"\\]|\\.)*+"|["\[\]{},]', re.DOTALL)
_BEGINS = (b"{", b"[", b" ", b"\n", b"\r", b"\t", codecs.BOM_UTF8[:1])
_CLOSER = {ord("{"): b"}", ord("["): b"]"}
_DEEPEST = 200


def first_record(source: Source) -> dict[str, Any] | None:
    """The first record of JSON Lines, the first item of a JSON list, or the one JSON object of a file.

    Of one that is longer than what is looked at, the keys (and items of lists) that came so far. None for
    everything else, in UTF-8. Raises OSError where the file cannot be read.
    """
    head = source.head()
    if head[:1] not in _BEGINS:
        return None
    record = _record_of(head)
    if not record and record is not None and len(head) == HEAD:
        with source.open() as stream:
            record = _record_of(stream.read(_FURTHER))
    return record


@lru_cache(maxsize=1)  # several formats ask one after the other about the same file
def _record_of(head: bytes) -> dict[str, Any] | None:
    """The first record that bytes begin with, as far as it goes; None where it is none."""
    data = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if data[:1] == b"[":
        data = data[1:].lstrip()
    if data[:1] != b"{":
        return None
    from orjson import JSONDecodeError, loads

    line = data[: data.find(b"\n") + 1]
    try:
        value = loads(line)
    except JSONDecodeError:
        return _object(data)
    return value if isinstance(value, dict) else None


def _object(data: bytes) -> dict[str, Any] | None:
    """The JSON object that bytes begin with; what is cut off at their end is closed."""
    from orjson import JSONDecodeError, loads

    open_: list[bytes] = []
    whole = 0, b""
    """Up to where the data is whole, and what closes it there."""
    for mark in _MARK.finditer(data):
        byte = data[mark.start()]
        if byte in _CLOSER:
            open_.append(_CLOSER[byte])
            if len(open_) > _DEEPEST:
                return None
        elif byte in b"]}":
            if open_.pop() != data[mark.start() : mark.end()]:
                return None
            if not open_:
                whole = mark.end(), b""
                break
        elif byte == ord(","):
            whole = mark.start(), b"".join(reversed(open_))
        elif mark.end() - mark.start() == 1:
            break  # a text that is cut off
    try:
        value = loads(data[: whole[0]] + whole[1]) if whole[0] else {}
    except JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None
