r"""Rich text (RTF), as Nexis and Factiva give it and word processors write it; exports are split.

After Microsoft's “Rich Text Format Specification, version 1.9.1”: groups in braces, control words behind
backslashes, bytes as ``\'e4`` in the code page of the font, UTF-16 units as ``\u8220?`` with as many
characters behind them for old programs as ``\uc`` says.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from msgspec import Struct

from annotator.core.errors import InputError
from annotator.core.records import replace
from annotator.formats.articles import line_of, tidy
from annotator.formats.base import Format, Intake, Record, Source
from annotator.formats.documents import document_records

LARGEST = 200_000_000
"""Bytes of a document, with its pictures."""
DEEPEST = 10_000
"""Groups within each other."""
BEGINS = b"{\\rtf"
_GET_AGAIN = "Get it again, or save it again in the program that it comes from"
_TOKEN = re.compile(
    r"\\(?:'([0-9a-fA-F]{2})|([a-zA-Z]{1,32})(-?\d{1,9})? ?|([^a-zA-Z]))|([{}])|([^\\{}\r\n]+)", re.DOTALL
)
_WRITTEN = {
    "tab": "\t", "cell": "\t", "nestcell": "\t", "line": "\n", "lbr": "\n", "row": "\n", "nestrow": "\n",
    "par": "\n\n", "sect": "\n\n", "page": "\n\n", "column": "\n\n", "emdash": "—", "endash": "–",
    "bullet": "•", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
    "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
_SIGNS = {"~": "\u00a0", "_": "\u2011", "\\": "\\", "{": "{", "}": "}", "\n": "\n\n", "\r": "\n\n"}
_UNSEEN = frozenset({
    "colortbl", "stylesheet", "pict", "object", "objdata", "header", "headerf", "headerl", "headerr",
    "footer", "footerf", "footerl", "footerr", "fldinst", "fonttbl", "info", "xe", "tc", "nonshppict",
    "footnote", "annotation", "themedata", "datastore", "filetbl", "revtbl", "listtable",
})  # fmt: skip
"""Groups that are not the text."""
_LIST_MARKS = frozenset(("listtext", "pntext"))
_HIDDEN = frozenset(("v", "deleted"))
_CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "cp950", 161: "cp1253",
    162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874",
    238: "cp1250",
}  # fmt: skip
"""Code pages of fonts by their number; the others have that of the document."""


class _State(Struct):
    """What holds until a group ends."""

    out: list[str] | None
    """Where text goes; None where it is not seen."""
    codec: str = ""
    """The code page of the font; empty for that of the document."""
    fallback: int = 1
    """Characters behind a ``\\u`` that stand there for old programs."""
    hidden: bool = False
    fonts: bool = False
    """It is the table of fonts."""
    info: bool = False
    """It is what the document says about itself."""


class _Reading(Struct):
    text: list[str] = []
    about: dict[str, list[str]] = {}
    codec: str = "cp1252"
    fonts: dict[int, str] = {}
    font: int = 0
    """The one that the table of fonts is about to describe."""
    held: bytearray = bytearray()
    """Bytes that are not decoded yet: some characters have several."""


def sniff(source: Source) -> bool:
    """Whether it is rich text, whatever it is called: Word opens it as ``.doc``, too."""
    return source.head().startswith(BEGINS)


def read(intake: Intake) -> Iterator[Record]:
    """The document's one article, or the articles of an export. Raises InputError for what is unusable."""
    yield from document_records(intake, *document_text(intake.source), "RTF document")


def document_text(source: Source) -> tuple[str, dict[str, str]]:
    """The text of a document, and what it says about itself. Raises InputError."""
    where = source.name
    if source.size > LARGEST:
        raise InputError(
            f"this RTF document has {source.size / 1e6:.0f} MB; it may have {LARGEST / 1e6:.0f} MB",
            where=where,
            cure="Divide it into smaller ones, or save it as plain text (.txt)",
        )
    data = source.data
    if not data.startswith(BEGINS):
        raise InputError("this is no RTF document", where=where, cure=_GET_AGAIN)
    reading = _Reading()
    _read(data.decode("latin-1"), reading, where)
    about = {name: line_of(_whole(reading.about.get(name, []))) for name in ("title", "author")}
    # Items of a list follow each other without an empty line.
    return re.sub(r"(?m)^(- .*)\n\n(?=- )", r"\1\n", tidy(_whole(reading.text))), about


def _whole(parts: list[str]) -> str:
    """The text of its parts; halves of characters beyond the first 65,536 find each other."""
    return "".join(parts).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _read(raw: str, reading: _Reading, where: str) -> None:
    """Go through a document once. Raises InputError where its groups do not end or nest too deep."""
    state = _State(reading.text)
    outer: list[_State] = []
    skip = 0
    new = optional = False
    """Whether a group has just begun, and whether it is one that not every program knows."""
    place = 0
    while found := _TOKEN.search(raw, place):
        place = found.end()
        byte, word, number, sign, brace, chars = found.groups()
        begins, new = new, False
        if brace == "{":
            _flush(reading, state)
            outer.append(state)
            if len(outer) > DEEPEST:
                raise InputError("its groups nest too deep", where=where, cure=_GET_AGAIN)
            state, skip, new, optional = replace(state), 0, True, False
        elif brace:
            _flush(reading, state)
            if outer:
                state = outer.pop()
            skip = 0
        elif sign == "*":
            new = optional = begins
        elif word:
            value = int(number) if number else None
            if word == "bin":
                place += max(value or 0, 0)
            elif skip:
                skip -= 1
            elif word == "u":
                _flush(reading, state)
                _put(state, chr((value or 0) % 0x10000))
                skip = state.fallback
            elif begins and _begun(word, state, reading, optional=optional):
                pass
            else:
                _flush(reading, state)
                _control(word, value, state, reading)
        elif skip and not chars:
            skip -= 1
        elif byte:
            reading.held.append(int(byte, 16))
        elif chars and "\0" in chars and outer:
            raise InputError("this RTF document is damaged", where=where, cure=_GET_AGAIN)
        elif chars:
            dropped, skip = min(skip, len(chars)), max(skip - len(chars), 0)
            reading.held += chars[dropped:].encode("latin-1")
        else:
            _flush(reading, state)
            _put(state, _SIGNS.get(sign, ""))
    _flush(reading, state)
    if outer:
        raise InputError("this RTF document is cut off: it ends amid a group", where=where, cure=_GET_AGAIN)


def _begun(word: str, state: _State, reading: _Reading, *, optional: bool) -> bool:
    """Whether the first word of a group says what the group is."""
    if word in _LIST_MARKS:
        _put(state, "- ")
        state.out = None
    elif state.info and word in ("title", "author"):
        state.out = reading.about.setdefault(word, [])
    elif word == "fonttbl":
        state.fonts, state.out = True, None
    elif word == "info":
        state.info, state.out = True, None
    elif word in _UNSEEN or (optional and word != "shppict"):
        state.out = None
    else:
        return False
    return True


def _control(word: str, value: int | None, state: _State, reading: _Reading) -> None:
    if word in _WRITTEN:
        _put(state, _WRITTEN[word])
    elif word == "plain":
        state.hidden, state.codec = False, ""
    elif word in _HIDDEN:
        state.hidden = value != 0
    elif word == "uc":
        state.fallback = min(max(value or 0, 0), 16)
    elif word == "ansicpg" and value:
        reading.codec = _known("utf-8" if value == 65001 else f"cp{value}") or reading.codec
    elif word in ("mac", "pc", "pca"):
        reading.codec = {"mac": "mac_roman", "pc": "cp437", "pca": "cp850"}[word]
    elif word == "f" and value is not None:
        reading.font = value
        if not state.fonts:
            state.codec = reading.fonts.get(value, "")
    elif word == "fcharset" and state.fonts and value in _CHARSETS:
        reading.fonts[reading.font] = _CHARSETS[value]


def _known(name: str) -> str | None:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def _put(state: _State, text: str) -> None:
    if state.out is not None and not state.hidden:
        state.out.append(text)


def _flush(reading: _Reading, state: _State) -> None:
    """Decode what has come so far, before something else follows."""
    if reading.held:
        _put(state, reading.held.decode(state.codec or reading.codec, "replace"))
        reading.held.clear()


RTF = Format(name="rtf", title="rich text (RTF)", endings=(".rtf",), sniff=sniff, read=read)
