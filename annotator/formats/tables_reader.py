"""Reading the tables of :mod:`annotator.formats.tables`: rows become lines of ``annotator/1``.

Rows may stand in any order. Those of an article that stand together, as they are written, are read as they
come; others wait in memory for their article.
"""

from __future__ import annotations

import codecs
import csv
import io
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from annotator.core.codebook import Attribute, AttributeType
from annotator.core.errors import InputError
from annotator.core.records import replace
from annotator.core.text import BOM, excerpt
from annotator.formats.base import Intake, Record, Source
from annotator.formats.cells import json_value, unguarded, value_of
from annotator.formats.encoding import decode
from annotator.formats.native import FORMAT, META_KEYS
from annotator.formats.native_reader import read_line
from annotator.formats.record_cells import aliases_of, properties_of

TABLES = ("articles.csv", "annotators.csv", "spans.csv", "relations.csv", "actors.csv", "attributes.csv")
ARTICLE_COLUMNS = ("id", "external_id", "title", "text", *META_KEYS, "meta", "furniture")
ANNOTATOR_COLUMNS = ("article", "annotator", "status", "flagged", "note")
SPAN_COLUMNS = (
    "article", "annotator", "id", "kind", "label", "start", "end", "fragments", "text", "actor", "actor_name",
    "state", "origin", "confidence", "note",
)  # fmt: skip
RELATION_COLUMNS = (
    "article", "annotator", "id", "type", "head", "head_text", "tail", "tail_text", "state", "origin",
    "confidence", "note",
)  # fmt: skip
ACTOR_COLUMNS = ("id", "name", "type", "aliases", "external_id", "note")
ATTRIBUTE_COLUMNS = ("name", "type")
ATTRIBUTE = "attribute:"
"""How the columns of attributes begin."""
_NEEDED = {
    TABLES[0]: ("id", "text"),
    TABLES[1]: ("article", "annotator"),
    TABLES[2]: ("article", "kind", "label"),
    TABLES[3]: ("article", "type", "head", "tail"),
    TABLES[4]: ("id", "name"),
    TABLES[5]: ("name", "type"),
}
_MOST_COLUMNS = 1_000
_HEAD = 4_096
_DELIMITERS = ",;\t"
_DERIVED = ("actor_name", "head_text", "tail_text")
"""Columns that are there to be read by people."""


class Row(NamedTuple):
    """The cells of a row that are not empty, by column, and its place."""

    cells: dict[str, str]
    place: str


def looks_like_tables(source: Source) -> bool:
    """Whether it is the table of articles with that of spans beside it, or one of the others alone."""
    try:
        start = source.head()[:_HEAD]
    except OSError:
        return False
    header = start.decode("utf-8", "replace").removeprefix(BOM).split("\n")[0].replace('"', "").rstrip("\r")
    names = max((header.split(each) for each in _DELIMITERS), key=len)
    if source.short_name.lower() == TABLES[0] and {"id", "text"} <= set(names):
        return source.beside(TABLES[2]) is not None
    return {"article", "annotator", "id", "kind", "label"} <= set(names) or {
        "article", "annotator", "id", "type", "head", "tail",
    } <= set(names)  # fmt: skip


def names_beside(source: Source) -> tuple[str, ...]:
    """The other tables, where a source is the one of articles."""
    return TABLES[1:] if source.short_name.lower() == TABLES[0] and looks_like_tables(source) else ()


def read_tables(intake: Intake) -> Iterator[Record]:
    """One record per article and annotator. Raises InputError where the tables cannot be used."""
    if intake.source.short_name.lower() != TABLES[0]:
        raise InputError(
            "this is a table of labels without its articles",
            where=intake.source.name,
            cure=f"Import {TABLES[0]} of the same export; it finds this file beside it",
        )
    articles = _Table(intake, intake.source, TABLES[0])
    others = {name: _Table.beside(intake, name) for name in TABLES[1:]}
    known = _ids(articles, intake)
    by_name = {name: _ByArticle(others[name], known, intake) for name in TABLES[1:4]}
    attributes = _attributes(others[TABLES[5]], intake)
    records = _actors(others[TABLES[4]], attributes, intake)
    if intake.problems:
        raise _EndError(intake)
    for row in articles.rows():
        article = row.cells.get("id", "")
        rows = [by_name[name].take(article) for name in TABLES[1:4]]
        yield from _Article(row, rows, records, attributes, intake).records()


def _ids(articles: _Table, intake: Intake) -> set[str]:
    """The articles' ids; those that are missing or stand there twice are reported."""
    known: set[str] = set()
    for found, place in articles.column("id"):
        if not found:
            intake.report("the article has no id", place, "Give it one, for its spans to name it by")
        elif found in known:
            intake.report(
                f"the article id “{excerpt(found)}” stands there twice", place, "Keep one of the rows"
            )
        known.add(found)
    if intake.problems:
        raise _EndError(intake)
    return known


class _EndError(InputError):
    """Ends reading where going on would report the same again."""

    def __init__(self, intake: Intake) -> None:
        last = intake.problems.pop()
        super().__init__(last.what, where=last.where, cure=last.cure)


class _Article:
    """The lines of one article, from its rows."""

    def __init__(
        self,
        row: Row,
        rows: Sequence[list[Row]],
        records: Mapping[str, dict[str, Any]],
        attributes: Mapping[str, Attribute],
        intake: Intake,
    ) -> None:
        self._row = row
        self._annotators, self._spans, self._relations = rows
        self._records = records
        self._intake = intake
        self._attributes = attributes

    def records(self) -> Iterator[Record]:
        """One per annotator whom a row names; one for nobody where none does."""
        known = len(self._intake.problems)
        article = self._article()
        names = list(
            dict.fromkeys(
                each.cells.get("annotator") for each in (*self._annotators, *self._spans, *self._relations)
            )
        )
        for name in names or [None]:
            line = article | {"annotator": name, **self._progress(name)}
            spans = [self._label(each) for each in self._spans if each.cells.get("annotator") == name]
            line["spans"] = spans
            line["relations"] = [
                self._label(each) for each in self._relations if each.cells.get("annotator") == name
            ]
            meant = dict.fromkeys(each["actor"] for each in spans if "actor" in each)
            line["actors"] = [self._records[each] for each in sorted(meant) if each in self._records]
            if len(self._intake.problems) > known:
                return
            before = len(self._intake.problems)
            try:
                record = read_line(line, self._intake, self._row.place)
            finally:
                self._say_rows(before)
            if record is not None:
                yield record

    def _say_rows(self, since: int) -> None:
        """Problems from that one on are where the rows of their spans and relations are."""
        problems = self._intake.problems
        if len(problems) == since:
            return
        places = {
            f"{what} {row.cells.get('id')}": row.place
            for what, rows in (("span", self._spans), ("relation", self._relations))
            for row in rows
        }
        for nth in range(since, len(problems)):
            named = problems[nth].where.rpartition(", ")[2]
            if named in places:
                where = f"{self._intake.source.name}, {places[named]}, {named}"
                problems[nth] = replace(problems[nth], where=where)

    def _article(self) -> dict[str, Any]:
        cells = self._row.cells
        meta: dict[str, Any] = {key: cells.get(key) for key in META_KEYS}
        more = self._json("meta", dict) or {}
        return {
            "format": FORMAT,
            "id": cells.get("id"),
            "external_id": cells.get("external_id"),
            "title": cells.get("title", ""),
            "text": cells.get("text", ""),
            "meta": meta | {key: value for key, value in more.items() if key not in META_KEYS},
            "furniture": self._json("furniture", list) or [],
        }

    def _json(self, column: str, wanted: type) -> Any:
        cell = self._row.cells.get(column)
        if cell is None:
            return None
        value = json_value(cell)
        if not isinstance(value, wanted):
            self._wrong(f"“{column}” must be JSON as it was exported, not “{excerpt(cell)}”", self._row)
        return value

    def _progress(self, name: str | None) -> dict[str, Any]:
        rows = [each for each in self._annotators if each.cells.get("annotator") == name]
        if len(rows) > 1:
            self._wrong(f"{name} stands there twice for this article", rows[1])
        found: dict[str, Any] = {}
        for row in rows[:1]:
            cells = row.cells
            found = {"status": cells.get("status", "new"), "note": cells.get("note")}
            found["flagged"] = cells.get("flagged", "").lower() in ("true", "1", "yes")
        return found

    def _label(self, row: Row) -> dict[str, Any]:
        """A span or relation as ``annotator/1`` has it."""
        item: dict[str, Any] = {}
        attributes: dict[str, Any] = {}
        for column, cell in row.cells.items():
            if column.startswith(ATTRIBUTE):
                name = column.removeprefix(ATTRIBUTE)
                attribute = self._attributes.get(name)
                attributes[name] = value_of(cell, None if attribute is None else attribute.type)
            elif column in ("start", "end"):
                item[column] = self._number(column, cell, row)
            elif column == "confidence":
                item[column] = self._share(cell, row)
            elif column == "fragments":
                item[column] = json_value(cell)
                if not isinstance(item[column], list):
                    self._wrong(f"“fragments” must be like [[101,205]], not “{excerpt(cell)}”", row)
            elif column not in ("article", "annotator", *_DERIVED):
                item[column] = cell
        return item | {"attributes": attributes}

    def _number(self, column: str, cell: str, row: Row) -> int:
        if cell.isascii() and cell.isdecimal() and len(cell) < 16:
            return int(cell)
        self._wrong(f"“{column}” must be a whole number, not “{excerpt(cell)}”", row)
        return 0

    def _share(self, cell: str, row: Row) -> float | None:
        try:
            share = float(cell)
        except ValueError:
            share = -1.0
        if not 0 <= share <= 1:
            self._wrong(f"“confidence” must be a number from 0 to 1, not “{excerpt(cell)}”", row)
            return None
        return share

    def _wrong(self, what: str, row: Row) -> None:
        self._intake.report(what, row.place, "Correct the cell, or export the tables again")


def _attributes(table: _Table, intake: Intake) -> dict[str, Attribute]:
    """The codebook's attributes by name, and those that only the table has, whose type it says."""
    known = {each.name: each for each in intake.codebook.attributes}
    for cells, place in table.rows():
        name, type_ = cells.get("name", ""), cells.get("type", "")
        if type_ not in AttributeType:
            what = f"there is no type “{excerpt(type_)}” of attributes"
            intake.report(what, place, f"Write one of {', '.join(AttributeType)}")
        elif name and name not in known:
            known[name] = Attribute(name=name, type=AttributeType(type_))
            if intake.lacking is not None:
                intake.lacking.see_type(name, AttributeType(type_))
    return known


def _actors(table: _Table, attributes: Mapping[str, Attribute], intake: Intake) -> dict[str, dict[str, Any]]:
    """Every actor record as ``annotator/1`` has it, by its id."""
    found: dict[str, dict[str, Any]] = {}
    for cells, place in table.rows():
        properties: list[Any] = []
        for name, cell in cells.items():
            if name not in ACTOR_COLUMNS:
                values, problems = properties_of(cell, name, attributes.get(name), intake)
                properties += values
                for each in problems:
                    intake.report(each.what, place, each.cure)
        kept = ("id", "name", "type", "external_id", "note")
        record: dict[str, Any] = {key: cells[key] for key in kept if key in cells}
        if record.get("id") in found:
            intake.report("its id stands there twice", place, "Keep one of the rows")
        record_id = record.get("id", "")
        found[record_id] = record | {
            "aliases": aliases_of(cells.get("aliases", "")), "properties": properties,
        }  # fmt: skip
    return found


class _ByArticle:
    """The rows of a table, article by article."""

    def __init__(self, table: _Table, known: set[str], intake: Intake) -> None:
        self._left: Counter[str] = Counter()
        for article, place in table.column("article"):
            if article not in known:
                what = f"the article “{excerpt(article)}” is not in {TABLES[0]}"
                intake.report(what, place, "Leave the row out, or add its article")
            self._left[article] += 1
        self._rows = table.rows()
        self._waiting: dict[str, list[Row]] = {}

    def take(self, article: str) -> list[Row]:
        """All rows of an article."""
        found = self._waiting.pop(article, [])
        wanted = self._left.pop(article, 0)
        while len(found) < wanted:
            row = next(self._rows)
            of = row.cells.get("article", "")
            (found if of == article else self._waiting.setdefault(of, [])).append(row)
        return found


class _Table:
    """One of the files; read anew each time, so that it need not be kept in memory."""

    def __init__(self, intake: Intake, source: Source | None, name: str) -> None:
        self._intake = intake
        self._source = source
        self._name = name
        self._text: str | None = None
        """What is in it, where it is not UTF-8."""
        self._utf8: bool | None = None
        self._names: list[str] = []
        self._told = False
        """Whether what is wrong with the table itself was reported: the first time only."""

    @classmethod
    def beside(cls, intake: Intake, name: str) -> _Table:
        """The table of that name; one that is not there is empty."""
        return cls(intake, intake.source.beside(name), name)

    def rows(self) -> Iterator[Row]:
        """The rows; what is wrong with one is reported."""
        for cells, line in self._cells():
            pairs = zip(self._names, cells, strict=True)
            filled = {name: unguarded(cell) if cell[0] == "'" else cell for name, cell in pairs if cell}
            yield Row(filled, self._place(line))

    def column(self, name: str) -> Iterator[tuple[str, str]]:
        """The cells of one column, and their places."""
        at: int | None = None
        for cells, line in self._cells():
            at = self._names.index(name) if at is None else at
            yield unguarded(cells[at]), self._place(line)

    def _cells(self) -> Iterator[tuple[list[str], int]]:
        """The cells of each row below the header, and its line."""
        if self._source is None:
            return
        told, self._told = self._told, True
        # The standard library's limit of a field, 131072 characters, is one for the whole process.
        csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        lines = self._lines()
        first = next(lines, "")
        if not first.strip():
            raise InputError("the table is empty", where=self._source.name, cure="Export the tables again")
        delimiter = max(_DELIMITERS, key=first.count)
        reader = csv.reader(chain((first,), lines), delimiter=delimiter, strict=True)
        line = 1
        try:
            self._take_header([unguarded(cell.strip()) for cell in next(reader, [])])
            number = len(self._names)
            line = reader.line_num + 1
            for cells in reader:
                if len(cells) == number:
                    yield cells, line
                elif cells and not told:
                    what = f"this row has {len(cells)} columns, the header {number}"
                    cure = "Put cells that hold the delimiter or quotes in quotes"
                    self._intake.report(what, self._place(line), cure)
                line = reader.line_num + 1
        except csv.Error as error:
            raise InputError(
                f"the table cannot be read: {error}",
                where=f"{self._source.name}, line {line}",
                cure="Close the quote that opens there",
            ) from error

    def _place(self, line: int) -> str:
        return f"line {line}" if self._name == TABLES[0] else f"{self._name} line {line}"

    def _take_header(self, names: list[str]) -> None:
        assert self._source is not None
        lacks = [each for each in _NEEDED[self._name] if each not in names]
        twice = [name for name, times in Counter(names).items() if times > 1]
        if len(names) > _MOST_COLUMNS or lacks or twice:
            what = f"the table has no column “{lacks[0]}”" if lacks else "a column stands in the header twice"
            what = what if len(names) <= _MOST_COLUMNS else f"the table has {len(names):,} columns"
            raise InputError(what, where=self._source.name, cure="Leave its header as it was exported")
        self._names = names

    def _lines(self) -> Iterator[str]:
        assert self._source is not None
        if self._utf8 is None:
            self._utf8 = _is_utf8(self._source)
        if not self._utf8 and self._text is None:
            decoded = decode(self._source.data, self._source.name)
            self._intake.encoding = decoded.encoding
            self._text = decoded.text.removeprefix(BOM)
        if self._text is not None:
            yield from io.StringIO(self._text, newline="")
        else:
            with io.TextIOWrapper(self._source.open(), "utf-8-sig", newline="") as stream:
                yield from stream


def _is_utf8(source: Source) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with source.open() as stream:
            while piece := stream.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
