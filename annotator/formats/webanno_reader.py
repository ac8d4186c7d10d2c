"""Reading WebAnno TSV 3.1 to 3.3, as INCEpTION and WebAnno export it.

A file is one document: a header that names the layers' columns, then its sentences, each with its text and
a row per token (and per part of a token where a label ends within one). Offsets count UTF-16 units.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from msgspec import Struct

from annotator.core.errors import InputError
from annotator.core.model import ActorRecord
from annotator.core.records import replace
from annotator.core.text import Utf16Map, excerpt
from annotator.formats.base import Intake, Record
from annotator.formats.encoding import UTF8, decode
from annotator.formats.foreign import Foreign, ForeignRelation, ForeignSpan
from annotator.formats.offsets import Offsets, Unit
from annotator.formats.plain import plain_record
from annotator.formats.uima_layers import (
    NO_SPANS,
    NO_TEXT,
    RELATION,
    SPAN,
    Read,
    Scheme,
    of_project,
    own_parts,
    own_relation,
    short,
)
from annotator.formats.webanno_cells import (
    EMPTY,
    FORMAT,
    LINK,
    NO_VALUE,
    NUMBER,
    RANGE,
    REFERENCE,
    ROW,
    SLOTS,
    STACKED,
    Layer,
    layer_of,
    split,
    unescaped,
    unescaped_text,
    units_of,
)

WIDEST_GAP = 10_000
"""UTF-16 units between two sentences that no line of the file holds."""
EXPORT_AGAIN = "Export it again from INCEpTION as WebAnno TSV 3.3"
OLD = "Import it into INCEpTION, and export it from there as WebAnno TSV 3.3"

type _Key = tuple[Any, ...]
"""Of a span: its layer and number, or its layer, token and place in the stack."""


class _Span(Struct):
    read: Read
    start: int
    end: int
    line: int


class _Link(Struct):
    """A relation whose ends are not looked up yet: each is a token and a number (0: none) there."""

    read: Read
    fallback: str
    """Its type, where it has no value."""
    head: tuple[str, int] | _Key
    """The key of the span itself, where it is the host of a slot."""
    tail: tuple[str, int]
    base: str
    """The layer of the spans that it joins; empty for a slot."""
    line: int


class _Sentence(Struct):
    lines: list[str] = []
    start: int = 0
    text: str = ""
    units: Utf16Map | None = None


def read_tsv(intake: Intake) -> Iterator[Record]:
    """The file's one article with its labels. Raises InputError where it breaks the format."""
    record = _Reader(intake).record()
    if record is not None:
        yield record


class _Reader:
    def __init__(self, intake: Intake) -> None:
        self.intake = intake
        self.number = 0
        self.layers: list[Layer] = []
        self.known: set[str] = set()
        """Names of the layers of spans that are about labels."""
        self.width = 0
        self.old = False
        """Version 3.1 and before, whose text has Java's escapes."""
        self.parts: list[str] = []
        self.length = 0
        self.spans: dict[_Key, _Span] = {}
        self.at_unit: dict[tuple[str, str], _Key] = {}
        """The first span of each layer, and (with no name) of any, at a token."""
        self.by_number: dict[int, _Key] = {}
        self.chains: dict[tuple[str, int], dict[int, tuple[_Key, str]]] = {}
        self.links: list[_Link] = []
        scheme = Scheme.of(intake.codebook)  # which names its attributes as the project does that wrote it
        self.single = scheme.single
        self.attributes = {SPAN: scheme.span_attributes, RELATION: scheme.relation_attributes}

    # -- the file's lines -----------------------------------------------------------------------

    def record(self) -> Record | None:
        lines = self._lines()
        self._header(lines)
        blanks = ("\t".join("_" * self.width), "\t".join("_" * self.width) + "\t", "")
        sentence, inside, units = _Sentence(), False, set[str]()
        for line in lines:
            if line.startswith("#"):
                if inside:
                    sentence, inside = _Sentence(), False
                self._sentence_line(line, sentence)
            elif not line:
                if inside:
                    sentence, inside = _Sentence(), False
            else:
                parts = line.split("\t", 3)
                if len(parts) < 3 or not ROW.match(parts[0]):
                    raise self._wrong("this is neither a token's row nor the start of a sentence")
                start, end = self._range(parts[1])
                if not inside:
                    self._begin(sentence, start, parts[2])
                    inside = True
                self._check(sentence, start, end, parts[2])
                if parts[0] in units:
                    raise self._wrong(f"the token {parts[0]} stands in the file twice")
                units.add(parts[0])
                rest = parts[3] if len(parts) > 3 else ""
                if rest not in blanks or (rest == "" and self.width):
                    self._row(parts[0], start, end, rest)
        if sentence.lines and not inside and any(sentence.lines):
            self._append(("\n" if self.parts else "") + "\n".join(sentence.lines))
        return self._made()

    def _lines(self) -> Iterator[str]:
        try:
            text, self.intake.encoding = self.intake.source.data.decode("utf-8-sig"), UTF8
        except UnicodeDecodeError:
            decoded = decode(self.intake.source.data, self.intake.source.name)
            text, self.intake.encoding = decoded.text, decoded.encoding
        for line in re.split("\r\n|\r|\n", text):
            self.number += 1
            yield line

    def _wrong(self, what: str, cure: str = EXPORT_AGAIN) -> InputError:
        return InputError(what, where=f"{self.intake.source.name}, line {self.number}", cure=cure)

    def _header(self, lines: Iterator[str]) -> None:
        first = next(lines, "")
        version = re.fullmatch(r"(\d)\.(\d{1,2})\s*", first.removeprefix(FORMAT))
        if first.startswith((" # ", "#id=")):
            old = "1" if first.startswith("#") else "2"
            raise self._wrong(f"this is WebAnno TSV {old}; versions 3.1 to 3.3 can be read", OLD)
        if not first.startswith(FORMAT) or version is None:
            raise self._wrong("a WebAnno TSV file starts with “#FORMAT=WebAnno TSV 3.3”")
        if version[1] != "3":
            raise self._wrong(f"this is WebAnno TSV {version[0].strip()}; versions 3.1 to 3.3 can be read")
        self.old = int(version[2]) <= 1
        for line in lines:
            if not line.strip():
                break
            if line[:5] not in ("#T_SP", "#T_RL", "#T_CH") or line[5:6] != "=":
                raise self._wrong(f"the header names no layer here: “{excerpt(line)}”")
            self._layer(line[3:5], [each for each in line[6:].split("|") if each.strip()])

    def _layer(self, kind: str, names: list[str]) -> None:
        if not names:
            raise self._wrong("a layer in the header has no name")
        layer = layer_of(kind, names, self.width)
        if kind == "RL" and not layer.base:
            raise self._wrong(f"the relation layer {layer.name} does not say what it joins (“BT_…”)")
        self.width += len(layer.columns)
        self.layers.append(layer)
        if layer.kept and kind == "SP":
            self.known.add(layer.name)

    # -- the text -------------------------------------------------------------------------------

    def _sentence_line(self, line: str, sentence: _Sentence) -> None:
        if line.startswith("#Text="):
            try:
                sentence.lines.append(unescaped_text(line[6:], old=self.old))
            except UnicodeError as error:
                raise self._wrong("this text has half of a character") from error

    def _range(self, raw: str) -> tuple[int, int]:
        found = RANGE.match(raw)
        if found is None or int(found[1]) > int(found[2]):
            raise self._wrong(f"“{excerpt(raw)}” is no range of characters like 0-5")
        return int(found[1]), int(found[2])

    def _begin(self, sentence: _Sentence, start: int, token: str) -> None:
        """Put a sentence's text where its first token says, after line breaks and spaces if need be."""
        if not sentence.lines:
            raise self._wrong("these tokens have no “#Text=” line before them")
        text = "\n".join(sentence.lines)
        if token and not text.startswith(token):
            start -= units_of(text) - units_of(text.lstrip())
        gap = start - self.length
        if gap < 0 or gap > WIDEST_GAP:
            what = (
                "begins before the one before it ends" if gap < 0 else "begins far behind the one before it"
            )
            raise self._wrong(f"this sentence {what}: its offsets are wrong")
        if gap and self.parts:
            self._append("\n" * min(gap, 2) + " " * (gap - 2))
        else:
            self._append(" " * gap)
        sentence.text, sentence.start = text, self.length
        sentence.units = None if text.isascii() else Utf16Map(text)
        self._append(text)

    def _append(self, text: str) -> None:
        self.parts.append(text)
        self.length += units_of(text)

    def _check(self, sentence: _Sentence, start: int, end: int, token: str) -> None:
        """That a row's offsets and words agree with the sentence's text."""
        first, last = start - sentence.start, end - sentence.start
        if sentence.units is not None and first >= 0:
            first, last = sentence.units.to_points(first), sentence.units.to_points(last)
        if first < 0 or last > len(sentence.text):
            raise self._wrong(f"the token {start}–{end} lies beyond its sentence's text")
        there = sentence.text[first:last]
        if there != token and " ".join(there.split()) != " ".join(token.split()):
            raise self._wrong(
                f"the text has “{excerpt(there)}” at {start}–{end}, not “{excerpt(token)}”",
                "Offsets count UTF-16 units. " + EXPORT_AGAIN,
            )

    # -- labels ---------------------------------------------------------------------------------

    def _row(self, unit: str, start: int, end: int, rest: str) -> None:
        fields = rest.split("\t")
        if len(fields) < self.width:
            raise self._wrong(
                f"this row has {len(fields)} columns of labels, and the header names {self.width}"
            )
        for layer in self.layers:
            cells = fields[layer.first : layer.first + len(layer.columns)]
            if not layer.kept:
                if layer.on_words and cells[-1] != EMPTY:
                    for _ in split(STACKED, cells[-1]):
                        self.intake.leave_out(NO_SPANS)
                continue
            if any(cell != EMPTY for cell in cells):
                if layer.kind == "SP":
                    self._span_cells(layer, cells, unit, start, end)
                elif layer.kind == "RL":
                    self._relation_cells(layer, cells, unit)
                else:
                    self._chain_cells(layer, cells, unit, start, end)

    def _span_cells(self, layer: Layer, cells: list[str], unit: str, start: int, end: int) -> None:
        apart = len({len(split(STACKED, cell)) for cell in cells if cell != EMPTY}) > 1
        ids: dict[int, int] = {}
        values: dict[int, dict[str, Any]] = {}
        roles: dict[int, list[tuple[str, list[str], list[str]]]] = {}
        for place, cell in enumerate(cells):
            after = cells[place + 1] if place in layer.slots and place + 1 < len(cells) else EMPTY
            if cell == EMPTY and after.startswith(NO_VALUE):
                cell = after  # the span's slot is unfilled: its mark stands with the targets
            if cell == EMPTY or place - 1 in layer.slots:
                continue
            targets = split(STACKED, after)
            for nth, raw in enumerate(split(STACKED, cell)):
                mark = NUMBER.search(raw)
                if apart and mark is not None:
                    nth = -int(mark[1])  # columns that other programs stack in their own ways
                if mark is not None:
                    ids.setdefault(nth, int(mark[1]))
                    raw = raw[: mark.start()]
                values.setdefault(nth, {})
                if place in layer.slots:
                    aims = split(SLOTS, targets[nth]) if nth < len(targets) else []
                    roles.setdefault(nth, []).append((layer.slots[place], split(SLOTS, raw), aims))
                elif layer.columns[place] and raw not in (NO_VALUE, ""):
                    values[nth][layer.columns[place]] = unescaped(raw)
        for nth in sorted(values):
            key: _Key = (layer.name, ids[nth]) if nth in ids else (layer.name, unit, nth)
            for name in (layer.name, ""):
                self.at_unit.setdefault((name, unit), key)
            if nth in ids:
                self.by_number.setdefault(ids[nth], key)
            if self._span_found(layer, key, start, end, values[nth]):
                for feature, names, aims in roles.get(nth, ()):
                    self._slots(layer, feature, names, aims, key)

    def _span_found(self, layer: Layer, key: _Key, start: int, end: int, values: dict[str, Any]) -> bool:
        """Take a span, or the next part of one; whether it is a new one."""
        known = self.spans.get(key)
        if known is None:
            self.spans[key] = _Span(self._read(layer, values), start, end, self.number)
            return True
        known.start, known.end = min(known.start, start), max(known.end, end)
        if known.read.values != values:
            raise self._wrong(f"the span [{key[1]}] has other values here than in line {known.line}")
        return False

    def _read(self, layer: Layer, values: dict[str, Any]) -> Read:
        return Read(layer.name, values, layer.label, self.attributes.get(layer.name, {}), self.single)

    def _slots(self, layer: Layer, feature: str, names: list[str], aims: list[str], host: _Key) -> None:
        """Take the links of a span to what fills its slots."""
        for name, aim in zip(names, aims, strict=False):
            if aim in (EMPTY, "") or aim.startswith(NO_VALUE):
                continue
            end = REFERENCE.fullmatch(aim)
            if end is None:
                raise self._wrong(f"“{excerpt(aim)}” does not say which token a link leads to")
            role = feature if name in (NO_VALUE, EMPTY, "") else unescaped(name)
            read = Read(layer.name, {"label": role}, "label")
            self.links.append(_Link(read, feature, host, (end[1], int(end[2] or 0)), "", self.number))

    def _relation_cells(self, layer: Layer, cells: list[str], unit: str) -> None:
        columns = [split(STACKED, cell) if cell != "_" else [] for cell in cells]
        ends = columns[-1] if not layer.columns[-1] else columns[layer.columns.index("")]
        values: list[dict[str, Any]] = [{} for _ in ends]
        for name, column in zip(layer.columns, columns, strict=True):
            if name:
                for nth, raw in enumerate(column[: len(ends)]):
                    if raw not in (NO_VALUE, ""):
                        values[nth][name] = unescaped(raw)
        for nth, raw in enumerate(ends):
            found = REFERENCE.fullmatch(raw)
            if found is None:
                raise self._wrong(f"“{excerpt(raw)}” does not say which token a relation starts at")
            head, tail = (found[1], int(found[2] or 0)), (unit, int(found[3] or 0))
            read = self._read(layer, values[nth])
            self.links.append(_Link(read, short(layer.name), head, tail, layer.base, self.number))

    def _chain_cells(self, layer: Layer, cells: list[str], unit: str, start: int, end: int) -> None:
        by_name = dict(zip(layer.columns, cells, strict=True))
        links = by_name.get("referenceRelation", "_")
        kinds = split(STACKED, by_name.get("referenceType", "_"))
        if links == "_":
            return
        name = layer.name.removesuffix("Link")
        for nth, raw in enumerate(split(STACKED, links)):
            place = LINK.search(raw)
            if place is None:
                raise self._wrong(f"“{excerpt(raw)}” does not say its place in a chain")
            chain, number = int(place[1]), int(place[2])
            kind = NUMBER.sub("", kinds[nth]) if nth < len(kinds) else "*"
            values = {"label": unescaped(kind)} if kind not in ("*", "_", "") else {}
            key: _Key = (name, chain, number)
            known = self.spans.get(key)
            if known is None:
                self.spans[key] = _Span(Read(name, values, "label"), start, end, self.number)
            else:
                known.start, known.end = min(known.start, start), max(known.end, end)
            link = raw[: place.start()]
            word = "" if link == "*" else unescaped(link)
            self.chains.setdefault((name, chain), {})[number] = (key, word)

    # -- the record -----------------------------------------------------------------------------

    def _made(self) -> Record | None:
        intake = self.intake
        if not self.parts:
            raise self._wrong("no sentence follows the header; the file seems to be cut off")
        raw = "".join(self.parts)
        title, annotator = of_project(intake.source)
        record = plain_record({"text": raw, "title": title}, {}, intake, "")
        if record is None:
            return None
        offsets = Offsets(raw, Unit.UTF16)
        ids: dict[_Key, str] = {}
        empty: set[_Key] = set()
        spans: list[ForeignSpan] = []
        actors: dict[str, ActorRecord] = {}
        for key, span in self.spans.items():
            place = f"line {span.line}"
            if span.start == span.end and span.end <= self.length:
                intake.leave_out(NO_TEXT)
                empty.add(key)
                continue
            fragment = offsets.fragment(span.start, span.end)
            if fragment is None:
                intake.report(
                    f"the span {span.start}–{span.end} covers no whole character", place,
                    "Give it words in INCEpTION, or remove it there",
                )  # fmt: skip
                continue
            label, values = span.read.named(short(span.read.layer))
            layer, note, actor, attributes = own_parts(span.read, values, actors)
            ids[key] = f"s{len(spans) + 1}"
            spans.append(
                ForeignSpan(
                    ids[key], label, (fragment,), layer, attributes, note=note, actor=actor, place=place
                )
            )
        foreign = Foreign(
            annotator=annotator, spans=tuple(spans), relations=tuple(self._relations(ids, empty)),
            actors=tuple(actors.values()),
        )  # fmt: skip
        return replace(record, foreign=foreign)

    def _relations(self, ids: dict[_Key, str], empty: set[_Key]) -> Iterator[ForeignRelation]:
        number = 0
        for link in self.links:
            place = f"line {link.line}"
            head = self._end(link.head, link.base) if link.base else link.head
            tail = self._end(link.tail, link.base)
            missing = link.head if head is None else link.tail if tail is None else None
            if missing is not None:
                mark = f"[{missing[1]}]" if missing[1] else ""
                self.intake.report(
                    f"a relation has an end at {missing[0]}{mark}, where there is no span",
                    place,
                    EXPORT_AGAIN,
                )
            if head in empty or tail in empty:
                self.intake.leave_out(NO_SPANS)
            if head is None or tail is None or head not in ids or tail not in ids:
                continue
            number += 1
            label, values = link.read.named(link.fallback)
            note, attributes = own_relation(link.read, values)
            yield ForeignRelation(
                f"r{number}", label, ids[head], ids[tail], attributes, note=note, place=place
            )
        for (name, _), chain in self.chains.items():
            order = sorted(chain)
            for first, second in pairwise(order):
                (head, word), tail = chain[first], chain[second][0]
                if head in ids and tail in ids:
                    number += 1
                    yield ForeignRelation(f"r{number}", word or short(name), ids[head], ids[tail])

    def _end(self, end: tuple[Any, ...], base: str) -> _Key | None:
        """The span at a relation's end: by its number, else the first one of its token."""
        unit, number = end
        if base not in self.known:
            return self.by_number.get(number) if number else self.at_unit.get(("", unit))
        if number:
            return (base, number) if (base, number) in self.spans else None
        return self.at_unit.get((base, unit))
