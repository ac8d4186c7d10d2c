"""msgpack from strangers: what it says of lengths is checked before anything is made of it.

The usual readers set aside as much memory as a length asks for, and make objects of what names itself
an array of numpy.
"""

from __future__ import annotations

import struct
from typing import Any

DEEPEST = 120
"""Lists and maps within each other."""


class BrokenError(Exception):
    """The bytes are not what they should be; the text says why, for people."""


_CUT = "it is damaged: a part of it is missing"
_FIXED = {
    0xCA: struct.Struct(">f"),
    0xCB: struct.Struct(">d"),
    0xCC: struct.Struct(">B"),
    0xCD: struct.Struct(">H"),
    0xCE: struct.Struct(">I"),
    0xCF: struct.Struct(">Q"),
    0xD0: struct.Struct(">b"),
    0xD1: struct.Struct(">h"),
    0xD2: struct.Struct(">i"),
    0xD3: struct.Struct(">q"),
}
_CONSTANTS = {0xC0: None, 0xC2: False, 0xC3: True}
_BYTES = {0xC4: 1, 0xC5: 2, 0xC6: 4}
_STRINGS = {0xD9: 1, 0xDA: 2, 0xDB: 4}
_LISTS = {0xDC: 2, 0xDD: 4}
_MAPS = {0xDE: 2, 0xDF: 4}


def unpack(data: bytes) -> Any:
    """The one value that is in the bytes: lists as tuples, so that they can be keys.

    Raises BrokenError for anything else.
    """
    unpacker = _Unpacker(data)
    value = unpacker.value(0)
    if unpacker.place != len(data):
        raise BrokenError("it is damaged: something stands behind its end")
    return value


class _Unpacker:
    __slots__ = ("data", "place")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0

    def value(self, depth: int) -> Any:
        place = self.place
        if place >= len(self.data):
            raise BrokenError(_CUT)
        head = self.data[place]
        self.place = place + 1
        if head < 0x80:
            return head
        if head >= 0xE0:
            return head - 0x100
        if head >= 0xC0:
            return self._long(head, depth)
        if head >= 0xA0:
            return self._text(head & 31)
        return self._list(head & 15, depth) if head >= 0x90 else self._map(head & 15, depth)

    def _long(self, head: int, depth: int) -> Any:
        if head in _CONSTANTS:
            return _CONSTANTS[head]
        if head in _FIXED:
            form = _FIXED[head]
            return form.unpack(self._take(form.size))[0]
        if head in _BYTES:
            return self._take(self._length(_BYTES[head]))
        if head in _STRINGS:
            return self._text(self._length(_STRINGS[head]))
        if head in _LISTS:
            return self._list(self._length(_LISTS[head]), depth)
        if head in _MAPS:
            return self._map(self._length(_MAPS[head]), depth)
        raise BrokenError("it holds values that are no plain data")

    def _length(self, size: int) -> int:
        return int.from_bytes(self._take(size), "big")

    def _take(self, size: int) -> bytes:
        start = self.place
        self.place = start + size
        if self.place > len(self.data):
            raise BrokenError(_CUT)
        return self.data[start : self.place]

    def _text(self, size: int) -> str:
        try:
            return self._take(size).decode()
        except UnicodeDecodeError:
            raise BrokenError("it is damaged: a text in it is not UTF-8") from None

    def _room(self, number: int, depth: int) -> None:
        if number > len(self.data) - self.place:
            raise BrokenError(_CUT)
        if depth >= DEEPEST:
            raise BrokenError(f"it has more than {DEEPEST} lists or maps within each other")

    def _list(self, number: int, depth: int) -> tuple[Any, ...]:
        self._room(number, depth)
        return tuple([self.value(depth + 1) for _ in range(number)])

    def _map(self, number: int, depth: int) -> dict[Any, Any]:
        self._room(2 * number, depth)
        found: dict[Any, Any] = {}
        for _ in range(number):
            key = self.value(depth + 1)
            value = self.value(depth + 1)
            try:
                found[key] = value
            except TypeError:  # a map is no key
                raise BrokenError("it is damaged: a key in it is no text or number") from None
        return found
