"""Large files piece by piece: the lines of a text, and the items of one long JSON list.

Neither holds more than one line or item, and a chunk of the file. A file that is not UTF-8 is the
exception: what it is can only be told from all of it, so that it is decoded whole.
"""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Generator, Iterator
from functools import cache
from typing import Any, BinaryIO

from msgspec import Struct

from annotator.core.errors import InputError
from annotator.formats.base import Intake, Source
from annotator.formats.encoding import CONTROLS, UTF8, decode, refuse_binary

MOST_BYTES = 40_000_000
"""Of one line or item; the longest article that a project takes has some 8 MB."""
CHUNK = 1 << 22
PIECE = 1 << 19
"""Of a list, whose objects are parsed together."""
WINDOW = 1 << 15
"""At the end of a piece, in which the last object of it is looked for to begin with."""

GET_AGAIN = "Correct it, or get the file again from where it comes from"
CUT_OFF = "the file breaks off in the middle; it seems to be cut off"
_TOO_LONG = f"it has more than {MOST_BYTES // 1_000_000} million bytes"
_SPLIT = "Split it into the articles that it is made of"


def utf8_lines(intake: Intake) -> Generator[tuple[int, bytes]]:
    """The lines of a file that are not blank: number from 1, and content in UTF-8 with its LF.

    Only the last line may be without LF. One that is longer than :data:`MOST_BYTES` is reported and
    left out. Sets the intake's encoding. Raises InputError where the file is empty or no text, OSError
    where it cannot be read.
    """
    number = 0
    with _utf8(intake) as stream:
        while line := stream.readline(MOST_BYTES + 1):
            number += 1
            intake.position += len(line)
            if len(line) > MOST_BYTES:
                while line and not line.endswith(b"\n"):
                    line = stream.readline(CHUNK)
                intake.report(f"this line is too long: {_TOO_LONG}", f"line {number}", _SPLIT)
            elif not line.isspace():
                yield number, line


def json_items(intake: Intake) -> Iterator[tuple[int, bytes]]:
    """The items of a file that is one JSON list: number from 1, and what stands between the commas.

    An item may turn out to be no JSON; that the list around them is one is seen to here, and told in one
    problem: after it nothing more comes. An item that is longer than :data:`MOST_BYTES` is reported and
    left out. Sets the intake's encoding; raises as :func:`utf8_lines`.
    """
    with _utf8(intake) as stream:
        scan = _Scan()
        while not scan.wrong and (chunk := stream.read(CHUNK)):
            intake.position += len(chunk)
            yield from _items(scan, chunk, intake)
        _end(scan, intake)


def json_objects(
    intake: Intake, parse: Callable[[bytes], Any]
) -> Iterator[tuple[int, bytes | dict[str, Any]]]:
    """As :func:`json_items`, but nearly all items that are objects are parsed: many at once, which is faster.

    ``parse`` parses a list of them, and raises JSONDecodeError. Those that are not parsed may be anything.
    """
    with _utf8(intake) as stream:
        scan, together = _Scan(), _Together(parse)
        rest = b""
        while not scan.wrong and (chunk := stream.read(PIECE)):
            intake.position += len(chunk)
            chunk = rest + chunk
            if not scan.begun:
                bracket = len(chunk) - len(chunk.lstrip()) + 1
                yield from _items(scan, chunk[:bracket], intake)
                chunk = chunk[bracket:]
            values, length = together.take(chunk) if scan.is_between else ([], 0)
            if values:
                for value in values:
                    scan.number += 1
                    yield scan.number, value
                scan.skip(chunk[:length])
                rest = chunk[length:]
            else:
                yield from _items(scan, chunk, intake)
                rest = b"" if together.gave_up else scan.taken_back()
        yield from _items(scan, rest, intake)
        _end(scan, intake)


def _items(scan: _Scan, chunk: bytes, intake: Intake) -> Iterator[tuple[int, bytes]]:
    for item in () if scan.wrong else scan.items(chunk):
        if len(item) > MOST_BYTES:
            intake.report(f"this record is too long: {_TOO_LONG}", f"record {scan.number}", _SPLIT)
        else:
            yield scan.number, item


def _end(scan: _Scan, intake: Intake) -> None:
    scan.end()
    if scan.wrong:
        intake.report(f"this is not valid JSON: {scan.wrong}", f"line {scan.line}", GET_AGAIN)


def is_json_list(source: Source) -> bool:
    """Whether a file begins like one JSON list, in UTF-8. Raises OSError."""
    return source.head().removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"["


def utf8_bytes(intake: Intake) -> bytes:
    """The whole content in UTF-8 without byte order mark. Sets the intake's encoding.

    Raises InputError where the file is empty, no text, or longer than :data:`MOST_BYTES`; OSError.
    """
    with _utf8(intake) as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise InputError(f"this record is too long: {_TOO_LONG}", where=intake.source.name, cure=_SPLIT)
    return data


# -- the bytes ----------------------------------------------------------------------------------------


def _utf8(intake: Intake) -> BinaryIO:
    """A stream of the file's content as UTF-8, without byte order mark."""
    source = intake.source
    if _is_utf8(source):
        intake.encoding = UTF8
        stream = source.open()
        if stream.read(len(codecs.BOM_UTF8)) != codecs.BOM_UTF8:
            stream.close()
            stream = source.open()  # not seek(): a member of an archive is read from its start only
        return stream
    data = source.data
    try:
        decoded = decode(data, source.name)
    except InputError:
        _refuse_damaged(data, source.name)
        raise
    if not decoded.encoding.startswith("UTF"):
        _refuse_damaged(data, source.name)
    intake.encoding = decoded.encoding
    return io.BytesIO(decoded.text.encode())


def _refuse_damaged(data: bytes, where: str) -> None:
    """Raise InputError that names the line where JSON is no UTF-8; what does not begin like JSON may pass.

    JSON is Unicode (RFC 8259): an old encoding would be but a guess at what is damaged.
    """
    if data.lstrip()[:1] not in (b"{", b"["):
        return
    try:
        data.decode()
    except UnicodeDecodeError as error:
        if "unexpected end" in error.reason:
            return  # it is cut off, which is told otherwise
        line = data.count(b"\n", 0, error.start) + 1
        byte = error.start - data.rfind(b"\n", 0, error.start)
        what = f"this is not UTF-8: byte {byte} of the line cannot be read"
        raise InputError(what, where=f"{where}, line {line}", cure=GET_AGAIN) from None


def _is_utf8(source: Source) -> bool:
    """Whether a file is text in UTF-8, by all of it. Raises InputError where it is empty, or of a kind
    that is no text."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    first = empty = True
    with source.open() as stream:
        while chunk := stream.read(CHUNK):
            if first and not chunk.startswith(codecs.BOM_UTF8):
                refuse_binary(chunk, source.name)
            if first and len(chunk.translate(None, CONTROLS)) < len(chunk) * 0.99:
                return False
            if first:
                chunk = chunk.removeprefix(codecs.BOM_UTF8)
            first = False
            empty = empty and (not chunk or chunk.isspace())
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                return False
            if b"\0" in chunk:
                return False
    if empty:
        raise InputError("the file is empty", where=source.name, cure="Give it records, or leave it out")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


# -- one list -----------------------------------------------------------------------------------------

_MARKS = b'"[]{},'
_PLAIN = bytes(code if code in _MARKS else 0 for code in range(256))
_OPENING, _CLOSING = b"[{", b"]}"
_MORE = "something follows after the end of the list"


@cache
def _steps() -> Any:
    """How each byte changes the depth, as an array of 256."""
    import numpy as np

    steps = np.zeros(256, np.int8)
    steps[list(_OPENING)], steps[list(_CLOSING)] = 1, -1
    return steps


def _marks(chunk: bytes, begin: int, depth: int, quoted: bool) -> tuple[Any, Any, Any, bool]:
    """What stands outside of strings from a place on: places, bytes and the depths after them, as arrays.

    ``depth`` and ``quoted`` tell where that place is; gives whether the end is in a string.
    """
    import numpy as np

    marks = chunk.replace(b"\\\\", b"__").replace(b'\\"', b"__").translate(_PLAIN)
    values = np.frombuffer(marks, np.uint8)
    places = np.flatnonzero(values[begin:]) + begin
    found = values[places]
    # Counted in bytes, which may run over: whether a number is odd stays as it is.
    inside = (np.cumsum(found == ord('"'), dtype=np.uint8) + quoted) % 2 == 1
    quoted = bool(inside[-1]) if len(inside) else quoted
    places, found = places[~inside], found[~inside]
    return places, found, np.cumsum(np.take(_steps(), found), dtype=np.int64) + depth, quoted


class _Together:
    """Parses the objects of a list many at once, where it is easily seen where the last of them ends.

    Whether that was seen right, the parser tells: what goes before a comma is a part of a list only if all
    of its values are whole, and an object has no beginning that is an object.
    """

    def __init__(self, parse: Callable[[bytes], Any]) -> None:
        self._parse = parse
        self._window = WINDOW

    @property
    def gave_up(self) -> bool:
        """Whether that went wrong so often that no further piece is taken."""
        return self._window > PIECE

    def take(self, piece: bytes) -> tuple[list[dict[str, Any]], int]:
        """The objects that a piece begins with, and how many bytes they take with the comma behind them.

        None where it cannot be told.
        """
        from orjson import JSONDecodeError

        comma = -1 if self.gave_up else self._last_comma(piece)
        if 0 < comma <= MOST_BYTES:
            try:
                values = self._parse(b"[%b]" % piece[:comma])
            except JSONDecodeError:
                values = []
            if set(map(type, values)) == {dict}:
                return values, comma + 1
        self._window *= 2
        return [], 0

    def _last_comma(self, piece: bytes) -> int:
        """The place of what is probably the last comma between two objects of the list; -1 for none."""
        first = piece.find(b"},", max(0, len(piece) - self._window)) + 1
        if not first:
            return -1
        places, found, depths, _ = _marks(piece[first:], 0, 0, quoted=False)
        commas = places[(found == ord(",")) & (depths == depths.min())]
        return first + int(commas[-1]) if len(commas) else -1


class _Scan(Struct):
    """Where a scan of a JSON list stands, between one chunk and the next."""

    number: int = 0
    """Of the item that was given last."""
    wrong: str = ""
    line: int = 1
    """Where what is wrong stands."""
    begun: bool = False
    """Whether the bracket has been read that opens the list."""
    _depth: int = 0
    _quoted: bool = False
    _lines: int = 1
    """In which line the next chunk begins."""
    _carried: bytes = b""
    """A backslash at the end of a chunk, whose meaning the next one tells."""
    _parts: list[bytes] = []
    """Of the item that the last chunk broke off in."""
    _held: int = 0
    """Bytes of these parts, and of those that were let go since the item is too long."""
    _let_go: int = 0
    """Lines that end in the latter."""
    _ended: bool = False

    def items(self, chunk: bytes) -> Iterator[bytes]:
        """The items that end in the next chunk."""
        chunk = self._carried + chunk
        backslashes = len(chunk) - len(chunk.rstrip(b"\\"))
        self._carried = b"\\" * (backslashes % 2)
        chunk = chunk[: len(chunk) - len(self._carried)]
        begin = 0
        if not self.begun:
            begin = len(chunk) - len(chunk.lstrip())
            if begin == len(chunk):
                self._lines += chunk.count(b"\n")
                return
            self.begun = True
            if chunk[begin] != ord("["):
                self._fail("it does not begin with [", chunk, begin)
                return
            begin, self._depth = begin + 1, 1
        for place in self._ends(chunk, begin):
            item = self._whole(chunk[begin:place])
            begin = place + 1
            self._ended = chunk[place] != ord(",")
            blank = not item.strip()
            if chunk[place] == ord("}"):
                self._fail("the list ends in }", chunk, place)
            elif blank and (self.number or not self._ended):
                self._fail(f"there is no value where record {self.number + 1} should be", chunk, place)
            if self.wrong:
                return
            if not blank:
                self.number += 1
                yield item
        if self._ended and (rest := chunk[begin:].lstrip()):
            self._fail(_MORE, chunk, len(chunk) - len(rest))
        elif not self._ended:
            self._keep(chunk[begin:])
        self._lines += chunk.count(b"\n")

    def _ends(self, chunk: bytes, begin: int) -> Iterator[int]:
        """The places of the commas between items in a chunk, and of the bracket that ends the list."""
        import numpy as np

        if self._ended:
            return
        places, found, depths, self._quoted = _marks(chunk, begin, self._depth, self._quoted)
        self._depth = int(depths[-1]) if len(depths) else self._depth
        closed = depths == 0
        for nth in np.flatnonzero(closed | ((depths == 1) & (found == ord(",")))):
            yield int(places[nth])
            if closed[nth]:
                return

    @property
    def is_between(self) -> bool:
        """Whether nothing is held of an item, so that the next byte begins one."""
        return self.begun and not (self._ended or self._held or self._carried)

    def skip(self, objects: bytes) -> None:
        """Go on after items, and the comma behind them, that were read otherwise."""
        self._lines += objects.count(b"\n")

    def taken_back(self) -> bytes:
        """What is held of an item that the last chunk broke off in; it has to be given again."""
        if self.wrong or self._ended or self._held > PIECE:
            return b""
        held = b"".join(self._parts) + self._carried
        self._parts.clear()
        self._held = 0
        self._carried = b""
        self._depth, self._quoted = 1, False
        self._lines -= held.count(b"\n")
        return held

    def _keep(self, part: bytes) -> None:
        self._held += len(part)
        if self._held <= MOST_BYTES:
            self._parts.append(part)
        else:
            self._let_go += part.count(b"\n")

    def _whole(self, last: bytes) -> bytes:
        """The item that ends with a part; one that is too long keeps its length, and nothing else."""
        self._keep(last)
        item = b"".join(self._parts) if self._held <= MOST_BYTES else bytes(MOST_BYTES + 1)
        self._parts.clear()
        self._held = self._let_go = 0
        return item

    def end(self) -> None:
        """Say what is wrong with the list where the file ends."""
        from orjson import JSONDecodeError, loads

        if self._ended and self._carried and not self.wrong:
            self.wrong, self.line = _MORE, self._lines
        if self.wrong or self._ended:
            return
        rest = b"".join(self._parts) + self._carried
        self.wrong = CUT_OFF
        self.line = self._lines
        try:
            loads(rest)
        except JSONDecodeError as error:
            if "unexpected end" not in error.msg and rest.strip():
                self.wrong = error.msg
                begun = self._lines - self._let_go - rest.count(b"\n")
                self.line = begun + error.lineno - 1

    def _fail(self, what: str, chunk: bytes, place: int) -> None:
        self.wrong = what
        self.line = self._lines + chunk.count(b"\n", 0, place)
