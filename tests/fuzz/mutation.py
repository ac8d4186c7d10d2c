"""Makes inputs out of seeds: bytes flipped, spliced and repeated, and JSON, tables and TOML taken apart."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

LONGEST = 16_384
"""Bytes of an input that is made here; longer ones are tried apart, each once."""

HOSTILE: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 2**64, -(2**63) - 1, 10**400, 0.5,
    1e308, -1e-320, float("nan"), float("inf"), "", " ", "\0", "\ud800", "\udfff", "\ufeff", "\ufffe",
    "a\r\nb", "\r", "\u2028", "\u202eabc", "\x1b[31m", "=1+1", "../../etc/passwd", "file:///etc/passwd",
    "//host/share", "<img src=x>", "%s%n{0}", "'; DROP TABLE articles; --", "__class__", "😀", "e\u0301",
    "İ", "ß", "2026-02-30", "2026-03-31", "9999-12-31T23:59:60", "annotator/1", "annotator/99", "accepted",
    "suggested", "rejected", "done", "claim", "actor", "Claim", "made_by", "supports", [], {}, [[]], [{}],
    [[0, 0]], [[0, 1]], [[1, 0]], [[-1, 5]], [[0, 1, 2]], [[0, "1"]], ["ab"], [[0, 10**9]], [None], {"": ""},
    {"a": {"b": [1]}}, [1] * 50, "x" * 3000,
)  # fmt: skip
"""Values that are wrong, extreme or strange nearly anywhere."""

BYTES = (
    b"\0", b"\xff", b"\xfe", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\r", b"\r\n", b"\n", b"\x1a",
    b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xc0\x80", b"\xe2\x80\xa8", b"\xf0\x9f\x98\x80", b'"',
    b"'", b"\\", b"\\ud800", b"\\u0000", b",", b";", b"\t", b"{", b"}", b"[", b"]", b"[[[[[[[[", b"{{{{",
    b"1e999", b"-0", b"99999999999999999999", b"NaN", b"null", b"true", b"%PDF-", b"PK\x03\x04", b"=", b"#",
    b"'''", b'"""', b"1979-05-27T07:32:00Z", b"0x", b"_", b"(?:", b")*", b"+", b"{1,9999}", b"\\p{L}",
)  # fmt: skip
"""Marks and words that mean something to one of the readers."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes one input after another; what it makes depends on the random numbers and the corpus alone."""

    random: Random
    corpus: list[bytes]
    words: tuple[bytes, ...]
    shape: str
    """How inputs are taken apart: ``json``, ``lines`` of it, ``table``, ``pages``, ``utf8`` or ``bytes``."""

    def make(self) -> bytes:
        """The next input, of at most :data:`LONGEST` bytes."""
        random = self.random
        data = random.choice(self.corpus)
        if self.shape == "pages":
            return self.pages(data)
        if self.shape != "bytes" and random.random() < 0.002:
            return self.bytewise(data)[:LONGEST]
        if self.shape == "utf8":
            return self.utf8(data)
        if self.shape != "bytes" and random.random() < 0.7:
            data = _SHAPES[self.shape](self, data)
            if random.random() < 0.7:
                return data[:LONGEST].decode("utf-8", "replace").encode()
        if self.shape != "bytes":
            return self.utf8(data)
        for _ in range(random.choice((1, 1, 1, 2, 2, 3, 5, 9))):
            data = self.bytewise(data)
        return data[:LONGEST]

    def utf8(self, data: bytes) -> bytes:
        """A text in UTF-8, for readers whose guessing of encodings, which takes long, is tried apart."""
        for _ in range(self.random.choice((1, 1, 2, 3))):
            data = self.bytewise(data)
        return data[:LONGEST].decode("utf-8", "replace").encode()

    def pages(self, data: bytes) -> bytes:
        """A file of the same length with bytes overwritten: a database of another length is never opened."""
        random, made = self.random, bytearray(data)
        for _ in range(random.choice((1, 1, 2, 4, 16))):
            at = random.randrange(len(made)) if random.random() < 0.8 else random.randrange(4096)
            match random.randrange(5):
                case 0:
                    made[at] ^= 1 << random.randrange(8)
                case 1:
                    word = random.choice(self.words)[: len(made) - at]
                    made[at : at + len(word)] = word
                case 2:
                    made[at] = random.randrange(256)
                case 3:
                    size = min(random.choice((4, 64, 512, 4096)), len(made) - at)
                    other = random.randrange(len(made) - size + 1)
                    made[at : at + size] = made[other : other + size]
                case _:
                    size = min(random.choice((2, 8, 100)), len(made) - at)
                    made[at : at + size] = bytes([random.choice((0, 255, random.randrange(256)))]) * size
        return bytes(made)

    def bytewise(self, data: bytes) -> bytes:
        """One change of some bytes."""
        random = self.random
        at = random.randint(0, len(data))
        to = min(len(data), at + random.choice((0, 1, 1, 2, 4, 8, 30, 200)))
        match random.randrange(9):
            case 0:
                return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]
            case 1:
                return data[:at] + data[to:]
            case 2:
                return data[:at] + random.choice(self.words) + data[at:]
            case 3:
                return data[:at] + random.choice(self.words) + data[to:]
            case 4:
                return data[:at] + data[at:to] * random.choice((2, 3, 9, 40)) + data[to:]
            case 5:
                other = random.choice(self.corpus)
                start = random.randint(0, len(other))
                return data[:at] + other[start : start + random.choice((1, 5, 30, 300))] + data[to:]
            case 6:
                return data[:at]
            case 7:
                return data[:at] + random.choice(self.words) * random.choice((2, 10, 300)) + data[at:]
            case _:
                there = data[at : at + 1] or b"\0"
                return data[:at] + bytes([there[0] ^ 1 << random.randrange(8)]) + data[at + 1 :]

    def json(self, data: bytes) -> bytes:
        """A document with one or a few values changed."""
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            return self.bytewise(data)
        for _ in range(self.random.choice((1, 1, 2, 4))):
            value = self.changed(value)
        return dumped(value)

    def lines(self, data: bytes) -> bytes:
        """Lines of JSON, some of them changed, repeated, exchanged or gone."""
        lines = data.split(b"\n")
        for _ in range(self.random.choice((1, 1, 2))):
            nth = self.random.randrange(len(lines))
            match self.random.randrange(8):
                case 0:
                    lines.insert(nth, self.random.choice(lines))
                case 1:
                    del lines[nth : nth + 1]
                    lines = lines or [b""]
                case _:
                    lines[nth] = self.json(lines[nth])
        return b"\n".join(lines)

    def changed(self, value: Any, depth: int = 0) -> Any:
        """A JSON value with something in it changed."""
        random = self.random
        if depth < 8 and random.random() < 0.85:
            if isinstance(value, dict) and value:
                key = random.choice(list(value))
                return self._changed_key(value, key, depth)
            if isinstance(value, list) and value:
                nth = random.randrange(len(value))
                match random.randrange(6):
                    case 0:
                        return value[:nth] + value[nth + 1 :]
                    case 1:
                        return [*value, value[nth]]
                    case _:
                        return [*value[:nth], self.changed(value[nth], depth + 1), *value[nth + 1 :]]
        match random.randrange(8):
            case 0:
                for _ in range(random.choice((1, 3, 40, 240, 300, 900, 1100))):
                    value = [value] if random.random() < 0.5 else {"a": value}
                return value
            case 1 if isinstance(value, int):
                return value + random.choice((-1, 1, 2, 7, 100))
            case 2 if isinstance(value, str):
                at = random.randint(0, len(value))
                return value[:at] + str(random.choice(HOSTILE)) + value[at:]
            case _:
                return random.choice(HOSTILE)

    def _changed_key(self, value: dict[str, Any], key: str, depth: int) -> dict[str, Any]:
        random = self.random
        match random.randrange(8):
            case 0:
                return {each: value[each] for each in value if each != key}
            case 1:
                return {**value, str(random.choice(HOSTILE)): value[key]}
            case 2:
                return {**value, random.choice(list(value)): value[key]}
            case _:
                return {**value, key: self.changed(value[key], depth + 1)}

    def table(self, data: bytes) -> bytes:
        """A table with cells or rows changed; quotes are put where they belong, or not."""
        random = self.random
        mark = random.choice((b",", b",", b"\t", b";"))
        rows = [row.split(mark) for row in data.split(b"\n")]
        for _ in range(random.choice((1, 2, 3))):
            row = random.choice(rows)
            nth = random.randrange(len(row))
            match random.randrange(6):
                case 0:
                    row.insert(nth, random.choice(self.words))
                case 1 if len(row) > 1:
                    del row[nth]
                case 2:
                    rows.append(list(row))
                case 3:
                    row[nth] = b'"' + row[nth].replace(b'"', b'""') + b'"'
                case 4:
                    row[nth] = str(random.choice(HOSTILE)).encode("utf-8", "surrogatepass")
                case _:
                    row[nth] = self.bytewise(row[nth])
        return b"\n".join(mark.join(row) for row in rows)


_SHAPES: dict[str, Callable[[Maker, bytes], bytes]] = {
    "json": Maker.json,
    "lines": Maker.lines,
    "table": Maker.table,
    "utf8": Maker.utf8,
}


def dumped(value: Any) -> bytes:
    """A value as JSON text, also where JSON has no such value."""
    try:
        return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError):
        return json.dumps(str(type(value))).encode()


def smaller(data: bytes, fails: Callable[[bytes], bool], seconds: float = 10.0) -> bytes:
    """The shortest input found in that time that still fails, by leaving out ever smaller pieces."""
    until = time.monotonic() + seconds
    size = len(data) // 2
    while size:
        at = 0
        while at < len(data):
            if time.monotonic() > until:
                return data
            less = data[:at] + data[at + size :]
            if fails(less):
                data = less
            else:
                at += size
        size //= 2
    return data


def deep(open_: bytes, close: bytes, times: int) -> bytes:
    """Brackets in brackets."""
    return open_ * times + close * times


def large(seeds: Sequence[bytes], size: int = 1_000_000) -> list[bytes]:
    """Inputs of about a megabyte: seeds repeated, and single marks without end."""
    made = [(seed * (size // max(1, len(seed)) + 1))[:size] for seed in seeds[:6] if seed]
    made += [mark * (size // len(mark)) for mark in BYTES]
    made += [deep(*pair, size // 2) for pair in ((b"[", b"]"), (b'{"a":', b"}"), (b"(", b")"))]
    return made
