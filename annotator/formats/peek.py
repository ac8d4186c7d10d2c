"""The first record of a JSON file, by which its kind is told: several tools' files end in ``.json(l)``."""

from __future__ import annotations

import codecs
import re
from typing import Any

from annotator.formats.source import HEAD, Source

_FURTHER = 4 << 20
"""Bytes that are looked at where the first record is longer than a file's head."""
_MARK = re.compile(rb'"(?:[^"\\]|\\.)*+"|["\[\]{},]', re.DOTALL)
_CLOSER = {ord("{"): b"}", ord("["): b"]"}
_DEEPEST = 200


def first_record(source: Source) -> dict[str, Any] | None:
    """The first record of JSON Lines, the first item of a JSON list, or the one JSON object of a file.

    Of one that is longer than what is looked at, the keys (and items of lists) that came so far. None for
    everything else, in UTF-8. Raises OSError where the file cannot be read.
    """
    head = source.head()
    data = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if data[:1] == b"[":
        data = data[1:].lstrip()
    if data[:1] != b"{":
        return None
    record = _object(data)
    if not record and len(head) == HEAD:
        with source.open() as stream:
            further = stream.read(_FURTHER).removeprefix(codecs.BOM_UTF8)
        record = _object(further[further.index(b"{") :])
    return record


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
        value = loads(data[: whole[0]] + whole[1]) if whole[0] else None
    except JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None
