"""Files of CoNLL-2011 and 2012, as OntoNotes is used: named entities in brackets, a document's parts apart.

Each part stands between ``#begin document (NAME); part 000`` and ``#end document``, and is an article: no
chain of coreference goes beyond it. The fourth column has the words, the eleventh the named entities as
``(PERSON*`` and ``*)``, with as many columns of arguments before the last one as a sentence has predicates:
https://conll.cemantix.org/2012/data.html.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from annotator.core.errors import InputError
from annotator.core.text import excerpt
from annotator.formats.base import Intake, Record
from annotator.formats.token_text import Sentence, Sentences, records

ONTONOTES_ENDINGS = (".v4_gold_conll", ".v4_auto_conll", ".gold_conll", ".auto_conll")
_BEGIN, _END = "#begin document", "#end document"
_PART, _NUMBER, _WORD, _SPEAKER, _ENTITY = 1, 2, 3, 9, 10
"""Columns, from 0; the last one has the chains of coreference."""
_LEAST = 12
_HEAD = 20_000
"""Characters by which such a file is told."""
_SPACES = re.compile(r"[ \t]+")
_NOTHING = frozenset(("-", "_", "*", ""))
_BRACKETS = re.compile(r"((?:\([^()*]+)*)\*?(\)*)")
_OPENING = re.compile(r"\(([^()*]+)")
_CHAIN = re.compile(r"[^()|]+")
_LEFT_OUT = "[WORD]"
_CHAINS = "chain of coreference"
_WRITE = "Write the eleventh column as in (PERSON* and *), or (PERSON)"


class _Row(NamedTuple):
    line: int
    columns: list[str]


def is_ontonotes(text: str) -> bool:
    """Whether a text begins with a document, and its first token has part, number and further columns."""
    lines = (line for line in io.StringIO(text[:_HEAD], newline="\n") if line.strip())
    if not next(lines, "").startswith(_BEGIN):
        return False
    row = next((line for line in islice(lines, 20) if not line.startswith("#")), "")
    columns = _columns(row.rstrip("\n"))
    return len(columns) >= _LEAST and all(
        columns[each].isascii() and columns[each].isdecimal() for each in (_PART, _NUMBER)
    )


def ontonotes_records(text: str, intake: Intake) -> Iterator[Record]:
    """An article for each part of a document. Raises InputError where the words are left out."""
    return records(_articles(text, intake), intake)


def _articles(text: str, intake: Intake) -> Iterator[Sentences]:
    part: _Part | None = None
    rows: list[_Row] = []
    for number, line in enumerate(io.StringIO(text, newline="\n"), 1):
        begins = line.startswith(_BEGIN)
        if not begins and not line.startswith(_END) and line.strip():
            columns = _columns(line.rstrip("\n"))
            if line[0] == "#" and len(columns) < _LEAST:
                continue  # a comment
            if part is None:
                intake.report(
                    "this token stands in no document", f"line {number}", f"Put “{_BEGIN}” before it"
                )
                return
            rows.append(_Row(number, columns))
            continue
        if part is not None and rows:
            part.take(rows)
            rows = []
        if line.strip():
            if part is not None:
                yield from part.article()
            part = _Part(number, _name(line), intake) if begins else None
    if part is not None:
        what = f"the document “{excerpt(part.name)}” has no “{_END}”; the file seems to be cut off"
        intake.report(what, f"line {part.line}", "Get the file again from where it comes from")


def _columns(line: str) -> list[str]:
    """The columns, which may be empty where tabs are between them."""
    return line.split("\t") if line.count("\t") >= _LEAST - 1 else _SPACES.split(line.strip(" \t"))


def _name(line: str) -> str:
    """The document that a line begins, with its part where that is not the first."""
    rest = line.removeprefix(_BEGIN).strip()
    name, _, part = rest.rpartition(";") if ";" in rest else (rest, "", "")
    name, part = name.strip(), part.strip()
    if name.startswith("(") and name.endswith(")"):
        name = name[1:-1]
    return f"{name} {part}" if part.removeprefix("part").strip(" 0") else name


class _Part:
    """Reads a part of a document; what is wrong in it is reported, what is not taken is counted."""

    __slots__ = ("_chains", "_sentences", "intake", "line", "name")

    def __init__(self, line: int, name: str, intake: Intake) -> None:
        self.line = line
        self.name = name
        self.intake = intake
        self._sentences: list[Sentence] = []
        self._chains: set[str] = set()

    def article(self) -> Iterator[Sentences]:
        """The article, if there is one. Raises InputError where its words are left out."""
        if not self._sentences:
            return
        if all(token == _LEFT_OUT for sentence in self._sentences for token in sentence.tokens):
            raise InputError(
                f"this file has “{_LEFT_OUT}” in place of the words",
                where=f"{self.intake.source.name}, line {self.line}",
                cure="Put them in from OntoNotes (skeleton2conll), and import the file that is made of it",
            )
        self.intake.left_out[_CHAINS] += len(self._chains)
        yield Sentences(self.line, self.name, self._sentences)

    def take(self, rows: Sequence[_Row]) -> None:
        """Take a sentence."""
        width = len(rows[0].columns)
        for row in rows:
            has = len(row.columns)
            if has != width or has < _LEAST:
                least = f"at least {_LEAST}" if width < _LEAST else str(width)
                cure = "Give each token of a sentence the same number of columns"
                self._wrong(f"it has {has} columns, but its sentence has {least}", row, cure)
                return
            if not row.columns[_WORD].strip():
                self._wrong("its word is empty", row, "Write the word into the fourth column")
                return
        if any(row.columns[_SPEAKER] not in _NOTHING for row in rows):
            self.intake.leave_out("speaker of a sentence")
        for row in rows:
            if row.columns[-1] not in _NOTHING:
                self._chains.update(_CHAIN.findall(row.columns[-1]))
        tokens, lines = [row.columns[_WORD] for row in rows], [row.line for row in rows]
        self._sentences.append(Sentence(tokens, self._entities(rows), lines))

    def _entities(self, rows: Sequence[_Row]) -> list[tuple[str, int, int]]:
        """Label, first and last token of each named entity of a sentence."""
        found: list[tuple[str, int, int]] = []
        open_: list[tuple[str, int]] = []
        for nth, row in enumerate(rows):
            cell = row.columns[_ENTITY]
            if cell in _NOTHING:
                continue
            brackets = _BRACKETS.fullmatch(cell)
            if brackets is None:
                self._wrong(f"“{excerpt(cell, 30)}” is no named entity in brackets", row, _WRITE)
                return found
            open_ += ((label, nth) for label in _OPENING.findall(brackets[1]))
            for _ in brackets[2]:
                if not open_:
                    self._wrong("a named entity ends that has not begun", row, _WRITE)
                    return found
                label, first = open_.pop()
                found.append((label, first, nth))
        if open_:
            label, first = open_[-1]
            what = f"the named entity “{excerpt(label, 30)}” does not end in its sentence"
            self._wrong(what, rows[first], _WRITE)
        return found

    def _wrong(self, what: str, row: _Row, cure: str) -> None:
        self.intake.report(what, f"line {row.line}", cure)
