"""What the lines and cells of WebAnno TSV 3 hold: escapes, stacked values, numbers in brackets, columns."""

from __future__ import annotations

import re

from msgspec import Struct

from annotator.formats.uima_layers import is_language, label_feature, short

FORMAT = "#FORMAT=WebAnno TSV "
SECOND = re.compile(rb"(?: # [\w.]+[^\n]*\r?\n(?:\r?\n)*#(?:id|text)=|#id=\d+\r?\n#text=)")
"""How files of version 2 begin, and those of version 1."""
EMPTY, NO_VALUE = "_", "*"
"""A cell without a label, and a label without a value."""

STACKED = re.compile(r"((?:[^|\\]++|\\.|\\$)*+)(?:\||$)", re.DOTALL)
SLOTS = re.compile(r"((?:[^;\\]++|\\.|\\$)*+)(?:;|$)", re.DOTALL)
NUMBER = re.compile(r"\[(\d{1,9})\]$")
"""Of a label that goes over several tokens or shares one."""
REFERENCE = re.compile(r"(\d{1,9}-\d{1,9}(?:\.\d{1,9})?)(?:\[(\d{1,9})(?:_(\d{1,9}))?\])?")
"""Where a relation starts, and the numbers of its ends."""
LINK = re.compile(r"(?<!\\)->(\d{1,9})-(\d{1,9})$")
"""Which chain a label is of, and its place in it."""
ROW = re.compile(r"\d{1,9}-\d{1,9}(\.\d{1,9})?$")
RANGE = re.compile(r"(\d{1,9})-(\d{1,9})$")

_LETTERS = {"t": "\t", "n": "\n", "f": "\f", "r": "\r", "b": "\b", "\\": "\\"}
_TEXT_ESCAPE = re.compile(r"\\([tnfrb\\\x00-\x07\x0e-\x1f])")
_JAVA_ESCAPE = re.compile(r"\\(?:u+([0-9a-fA-F]{4})|([tnfrb\\\"'/\[\]|_;*]|->))")
_VALUE_ESCAPE = re.compile(r"\\(->|[\\\[\]|_;tn*])")
_TEXT = re.compile(r"[\\\x00-\x0a\x0c-\x1f]")
_TEXT_WORDS = {char: f"\\{letter}" for letter, char in _LETTERS.items()}
_VALUE = re.compile(r"->|[\\\[\]|_;\t\n*]")


class Layer(Struct):
    """A layer in the header and its columns, by their places."""

    name: str
    kind: str
    """SP, RL or CH: spans, relations, chains."""
    first: int
    columns: list[str] = []
    """Features by name; empty for what is none."""
    slots: dict[int, str] = {}
    """Of links to other spans: column of the roles → feature; their targets stand in the next one."""
    base: str = ""
    """The layer whose spans a relation joins."""
    label: str | None = None
    kept: bool = True
    """Whether it is about labels."""
    on_words: bool = False
    """Whether its relations would be about labels if they did not join words."""


def layer_of(kind: str, names: list[str], first: int) -> Layer:
    """A layer by what stands in its line of the header."""
    layer = Layer(names[0], kind, first)
    for place, name in enumerate(names[1:]):
        plain = ""
        if kind == "SP" and name.startswith("ROLE_"):  # ROLE_type:feature_type-of-the-link
            feature = name.partition(":")[2].rpartition("_")[0]
            layer.slots[place] = feature or short(name)
        elif kind == "RL" and name.startswith("BT_"):
            layer.base = name[3:]
        elif place - 1 not in layer.slots:
            plain = name
        layer.columns.append(plain)
    if not layer.columns:
        layer.columns.append("")
    layer.kept = not is_language(layer.name) and not is_language(layer.base)
    layer.on_words = kind == "RL" and not layer.kept and not is_language(layer.name)
    layer.label = label_feature(name for name in layer.columns if name)
    return layer


def split(pattern: re.Pattern[str], raw: str) -> list[str]:
    """The parts between separators that are not escaped: those of ``STACKED`` or ``SLOTS``."""
    if "\\" not in raw:
        return raw.split("|" if pattern is STACKED else ";")
    found, place = [], 0
    while True:
        match = pattern.match(raw, place)
        assert match is not None
        found.append(match[1])
        if match.end() == match.end(1):
            return found
        place = match.end()


def unescaped(raw: str) -> str:
    """A value as it was."""
    if "\\" not in raw:
        return raw
    return _VALUE_ESCAPE.sub(lambda m: _LETTERS.get(m[1], m[1]), raw)


def escaped(value: str) -> str:
    """A value as a cell has it; carriage returns have no escape."""
    return _VALUE.sub(lambda m: _TEXT_WORDS.get(m[0], "\\" + m[0]), value)


def unescaped_text(raw: str, *, old: bool) -> str:
    """A line of text as it was. ``old``: version 3.1 and before, with Java's escapes; other programs that
    write it escape a text like a value, which WebAnno reads, too.

    Raises UnicodeError for half of a character.
    """
    if "\\" not in raw:
        return raw
    if not old:
        return _TEXT_ESCAPE.sub(lambda m: _LETTERS.get(m[1], m[1]), raw)
    made = _JAVA_ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else _LETTERS.get(m[2], m[2]), raw)
    return made.encode("utf-16-le", "surrogatepass").decode("utf-16-le")


def escaped_text(text: str) -> str:
    """A line of text as the file has it."""
    return _TEXT.sub(lambda m: _TEXT_WORDS.get(m[0], "\\" + m[0]), text)


def units_of(text: str) -> int:
    """How many UTF-16 units a text has."""
    return len(text) if text.isascii() else len(text) + sum(c > "\uffff" for c in text)
