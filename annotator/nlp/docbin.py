"""spaCy's DocBin (``.spacy``), read and written without spaCy's documents: quickly, and safely.

A DocBin is a compressed msgpack map: the tokens of all documents as one table of numbers, the strings by
whose hashes they stand there, and span groups and user data as msgpack of their own. Files come from
strangers, and spaCy trusts what is in them, down to memory addresses that it computes from it. So here
every length is checked before it is used, nothing is unpickled, and no more is unpacked than the limit.
Tests hold what is written here against spaCy itself.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from itertools import accumulate
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO, NamedTuple

import numpy as np
from msgspec import Struct
from srsly.msgpack._packer import Packer  # type: ignore[import-untyped]

from annotator.nlp.lean import attrs, get_string_id
from annotator.nlp.unpacking import BrokenError, unpack

LEAST_LIMIT, MOST = 64 << 20, 1 << 31
"""Bytes that a file may unpack to: the smallest limit, and the largest."""
_RATIO = 300
"""How often larger than the file its content may be: real ones stay under 100."""

ENT_ID, ENT_IOB, ENT_KB_ID, ENT_TYPE = attrs.ENT_ID, attrs.ENT_IOB, attrs.ENT_KB_ID, attrs.ENT_TYPE
ORTH, SENT_START = attrs.ORTH, attrs.SENT_START
_ATTRS = (ORTH, ENT_IOB, ENT_TYPE, ENT_KB_ID, ENT_ID, SENT_START)
_SPAN = struct.Struct(">QQQllll")
_SPAN_OF_OLD = struct.Struct(">QQllll")
"""Without an id, before spaCy 3.4."""
_INSIDE, _OUTSIDE, _BEGIN = 1, 2, 3
_NOT_A_START = (1 << 64) - 1
_IN_MEMORY = 32 << 20
_PIECE = 1 << 20
RELATIONS = ("._.", "relations", None, None)
REL = ("._.", "rel", None, None)
"""Keys of the user data in which spaCy keeps ``doc._.relations`` and ``doc._.rel``."""


_pack: Callable[[Any], bytes] = Packer(use_bin_type=True).pack
"""The packer of srsly by itself: ``msgpack_dumps`` looks for plug-ins each time, which takes most time."""


class TokenSpan(NamedTuple):
    """A span of tokens ``[first, behind)``."""

    first: int
    behind: int
    label: str
    id: str = ""
    kb_id: str = ""


class BinDoc(Struct, kw_only=True):
    """One document: its text, where its tokens start and end in it (code points), what is said of them."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]
    ents: Sequence[TokenSpan] = ()
    groups: Mapping[str, Sequence[TokenSpan]] = {}
    cats: Mapping[str, Any] = {}
    user_data: Mapping[Any, Any] = {}
    """As msgpack has it: lists are tuples."""


# -- writing ----------------------------------------------------------------------------------------


def tokens_of(text: str, bounds: Sequence[tuple[int, int]]) -> tuple[list[str], list[bool]]:
    """Words and whether a space follows them, which together are exactly the text, as spaCy has them.

    What stands between the given tokens, but for one space, becomes a token.
    """
    words: list[str] = []
    spaces: list[bool] = []

    def between(start: int, end: int) -> None:
        if words and text[start] == " ":
            spaces[-1] = True
            start += 1
        if start < end:
            words.append(text[start:end])
            spaces.append(False)

    place = 0
    for start, end in bounds:
        if start < place or end <= start:
            continue
        if place < start:
            between(place, start)
        words.append(text[start:end])
        spaces.append(False)
        place = end
    if place < len(text):
        between(place, len(text))
    return words, spaces


def starts_of(words: Sequence[str], spaces: Sequence[bool]) -> tuple[list[int], list[int]]:
    """Where the words start and end in their text, in code points."""
    lengths = [len(word) + space for word, space in zip(words, spaces, strict=True)]
    starts = [0, *accumulate(lengths)][:-1]
    return starts, [start + len(word) for start, word in zip(starts, words, strict=True)]


class Writer:
    """Collects documents, on the disk where they are many, and writes them as one DocBin."""

    def __init__(self) -> None:
        self._ids: dict[str, int] = {"": 0}
        self._lengths: list[int] = []
        self._stack = ExitStack()
        self._tokens, self._spaces, self._groups, self._user_data = (self._file() for _ in range(4))

    def _file(self) -> IO[bytes]:
        return self._stack.enter_context(SpooledTemporaryFile(_IN_MEMORY))

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _id(self, string: str) -> int:
        known = self._ids.get(string)
        if known is None:
            known = self._ids[string] = get_string_id(string)
        return known

    def add(
        self,
        words: Sequence[str],
        spaces: Sequence[bool],
        *,
        ents: Sequence[TokenSpan] | None,
        groups: Mapping[str, Sequence[TokenSpan]],
        sentences: Sequence[int] = (),
        user_data: Mapping[Any, Any],
    ) -> None:
        """One document more.

        ``ents`` must not overlap; None: nobody has said where there are entities. ``sentences``: the
        tokens at which one starts; empty: unknown.
        """
        table = np.zeros((len(words), len(_ATTRS)), dtype="<u8")
        table[:, 0] = np.fromiter(map(self._id, words), dtype="<u8", count=len(words))
        if ents is not None:
            table[:, 1] = _OUTSIDE
            for ent in ents:
                rows = slice(ent.first, ent.behind)
                table[rows, 1] = _INSIDE
                table[ent.first, 1] = _BEGIN
                table[rows, 2], table[rows, 3] = self._id(ent.label), self._id(ent.kb_id)
                table[rows, 4] = self._id(ent.id)
        if sentences:
            table[:, 5] = _NOT_A_START
            table[list(sentences), 5] = 1
        self._lengths.append(len(words))
        self._tokens.write(table.tobytes())
        self._spaces.write(bytes(spaces))
        starts, ends = starts_of(words, spaces)
        packed: dict[bytes, list[str]] = {
            _pack({"name": key, "attrs": {}, "spans": [self._span(each, starts, ends) for each in spans]}): [
                key
            ]
            for key, spans in groups.items()
        }
        self._groups.write(_bin(_pack(packed or [])))
        self._user_data.write(_bin(_pack(dict(user_data))))

    def _span(self, span: TokenSpan, starts: Sequence[int], ends: Sequence[int]) -> bytes:
        ids = self._id(span.id), self._id(span.kb_id), self._id(span.label)
        return _SPAN.pack(*ids, span.first, span.behind, starts[span.first], ends[span.behind - 1])

    def finish(self, stream: BinaryIO) -> None:
        """Write everything."""
        number = len(self._lengths)
        squeeze = zlib.compressobj(3)

        def put(data: bytes) -> None:
            stream.write(squeeze.compress(data))

        def put_file(name: str, file: IO[bytes], head: Callable[[int], bytes]) -> None:
            put(_pack(name) + head(file.tell()))
            file.seek(0)
            while piece := file.read(_PIECE):
                put(piece)

        put(b"\x8a")  # a map of ten
        put(_pack("version") + _pack("0.1"))
        put(_pack("attrs") + _pack(list(_ATTRS)))
        put_file("tokens", self._tokens, _bin_head)
        put_file("spaces", self._spaces, _bin_head)
        put(_pack("lengths") + _bin(np.asarray(self._lengths, dtype="<i4").tobytes()))
        put(_pack("strings") + _pack(sorted(self._ids)))
        put(_pack("cats") + _list_head(number) + b"\x80" * number)
        put(_pack("flags") + _list_head(number))
        put(_pack({"has_unknown_spaces": False}) * number)
        put_file("span_groups", self._groups, lambda _: _list_head(number))
        put_file("user_data", self._user_data, lambda _: _list_head(number))
        stream.write(squeeze.flush())


def _bin_head(length: int) -> bytes:
    if length >= 1 << 32:
        raise BrokenError("it would be too large for spaCy")
    return b"\xc6" + length.to_bytes(4, "big")


def _bin(data: bytes) -> bytes:
    return _bin_head(len(data)) + data


def _list_head(number: int) -> bytes:
    return b"\xdd" + number.to_bytes(4, "big")


# -- reading ----------------------------------------------------------------------------------------


def read(data: bytes) -> Iterator[BinDoc]:
    """The documents of a DocBin. Raises BrokenError for what is none."""
    message = unpack(_unpacked(data))
    if not isinstance(message, dict):
        raise BrokenError("it is not a DocBin")
    del data
    attrs = message.get("attrs")
    if not isinstance(attrs, tuple) or ORTH not in attrs or not all(isinstance(each, int) for each in attrs):
        raise BrokenError("its tokens have no words")
    lengths = _numbers(message, "lengths", "<i4")
    total = int(lengths.sum(dtype=np.int64))
    tokens = _numbers(message, "tokens", "<u8")
    spaces = _numbers(message, "spaces", "?")
    if (len(lengths) and lengths.min() < 0) or len(tokens) != total * len(attrs) or len(spaces) != total:
        raise BrokenError("its numbers of tokens do not agree")
    number = len(lengths)
    groups, user_data, cats, flags = (
        _each(message, key, number) for key in ("span_groups", "user_data", "cats", "flags")
    )
    strings = message.get("strings")
    if not isinstance(strings, tuple) or not all(isinstance(each, str) for each in strings):
        raise BrokenError("its strings are missing")
    known: dict[int, str] = {get_string_id(each): each for each in strings}
    known[0] = ""
    table = tokens.reshape((total, len(attrs)))
    columns = {attr: nth for nth, attr in enumerate(attrs)}
    place = 0
    for nth, length in enumerate(lengths.tolist()):
        rows = table[place : place + length]
        flag = flags[nth]
        unknown = isinstance(flag, dict) and bool(flag.get("has_unknown_spaces"))
        follow = [True] * length if unknown else spaces[place : place + length].tolist()
        place += length
        try:
            words = [known[each] for each in rows[:, columns[ORTH]].tolist()]
        except KeyError:
            raise BrokenError(f"words of its document {nth + 1} are missing") from None
        starts, ends = starts_of(words, follow)
        cat, user = cats[nth], user_data[nth]
        more = unpack(user) if isinstance(user, bytes) and user else {}
        yield BinDoc(
            text="".join([f"{word} " if space else word for word, space in zip(words, follow, strict=True)]),
            starts=starts,
            ends=ends,
            ents=_ents(rows, columns, known),
            groups=_groups(groups[nth], known, length),
            cats=cat if isinstance(cat, dict) else {},
            user_data=more if isinstance(more, dict) else {},
        )


def _unpacked(data: bytes) -> bytes:
    limit = min(MOST, max(LEAST_LIMIT, _RATIO * len(data)))
    squeezed = zlib.decompressobj()
    try:
        found = squeezed.decompress(data, limit)
    except zlib.error as error:
        raise BrokenError("it is not a DocBin, or it is damaged") from error
    if not squeezed.eof:
        if len(found) >= limit:
            raise BrokenError(f"its content takes more than {limit >> 20:,} MB")
        raise BrokenError("it breaks off; the file seems to be cut off")
    return found


def _numbers(message: Mapping[Any, Any], key: str, kind: str) -> np.ndarray[Any, Any]:
    value = message.get(key)
    size = np.dtype(kind).itemsize
    if not isinstance(value, bytes) or len(value) % size:
        raise BrokenError(f"its {key} are missing")
    if kind == "?":
        return np.frombuffer(value, dtype=np.uint8).astype(bool)
    return np.frombuffer(value, dtype=np.dtype(kind))


def _each(message: Mapping[Any, Any], key: str, number: int) -> Sequence[Any]:
    """What stands there for each document; older versions of spaCy did not write all of it."""
    value = message.get(key)
    if not value:
        return (None,) * number
    if not isinstance(value, tuple) or len(value) != number:
        raise BrokenError(f"its {key} do not fit its documents")
    return value


def _ents(
    rows: np.ndarray[Any, Any], columns: Mapping[int, int], known: Mapping[int, str]
) -> list[TokenSpan]:
    if ENT_IOB not in columns or ENT_TYPE not in columns:
        return []
    iob, types = rows[:, columns[ENT_IOB]], rows[:, columns[ENT_TYPE]]
    within = np.flatnonzero((iob == _INSIDE) | (iob == _BEGIN))
    found: list[TokenSpan] = []
    for token in within.tolist():
        label = known.get(int(types[token]), "")
        before = found[-1] if found else None
        if before is not None and iob[token] == _INSIDE and (before.behind, before.label) == (token, label):
            found[-1] = before._replace(behind=token + 1)
            continue
        ids = (
            known.get(int(rows[token, columns[attr]]), "") if attr in columns else ""
            for attr in (ENT_ID, ENT_KB_ID)
        )
        found.append(TokenSpan(token, token + 1, label, *ids))
    return [each for each in found if each.label]


def _groups(packed: Any, known: Mapping[int, str], length: int) -> dict[str, list[TokenSpan]]:
    found: dict[str, list[TokenSpan]] = {}
    if not isinstance(packed, bytes) or not packed:
        return found
    groups = unpack(packed)
    pairs = groups.items() if isinstance(groups, dict) else ((each, ()) for each in groups or ())
    for data, keys in pairs:
        group = unpack(data) if isinstance(data, bytes) else None
        if not isinstance(group, dict) or not isinstance(group.get("spans"), tuple):
            raise BrokenError("its span groups are damaged")
        spans = [_span(each, known, length) for each in group["spans"]]
        for key in keys or (group.get("name"),):
            if isinstance(key, str):
                found[key] = spans
    return found


def _span(data: Any, known: Mapping[int, str], length: int) -> TokenSpan:
    if not isinstance(data, bytes) or len(data) not in (_SPAN.size, _SPAN_OF_OLD.size):
        raise BrokenError("its span groups are damaged")
    if len(data) == _SPAN.size:
        id_, kb_id, label, first, behind, _, _ = _SPAN.unpack(data)
    else:
        id_ = 0
        kb_id, label, first, behind, _, _ = _SPAN_OF_OLD.unpack(data)
    if not 0 <= first < behind <= length:
        raise BrokenError(f"a span reaches from token {first} to {behind}, but there are {length}")
    return TokenSpan(first, behind, known.get(label, ""), known.get(id_, ""), known.get(kb_id, ""))
