"""Tables with a header: one row is one article, columns are fields by their names."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from annotator.core.errors import InputError
from annotator.core.text import BOM, excerpt
from annotator.formats.base import Format, Intake, Record
from annotator.formats.encoding import decode
from annotator.formats.plain import fields_of, left_out, plain_record

MOST_COLUMNS = 1_000
"""No table of articles has more; one that does is no table."""
LONGEST_NAME = 1_000
"""Characters of a column's name."""
_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_SAID = re.compile(r'("?sep=([,;\t]))"?\r?\n', re.IGNORECASE)
"""A first line that tells Excel the delimiter."""
_CURE_QUOTES = (
    "Put fields that hold the delimiter, quotes or line ends in quotes, and double the quotes in them"
)


def read_csv(intake: Intake) -> Iterator[Record]:
    """The rows of a table whose delimiter is told by its header: comma, semicolon or tab."""
    text = table_text(intake)
    said = _SAID.match(text)
    if said is not None:
        text = text[said.end(1) :].lstrip('"')  # the end of this line stays, so that lines are counted on
    yield from _rows(text, said[2] if said else _delimiter_of(text, intake.mapping.fields), intake)


def read_tsv(intake: Intake) -> Iterator[Record]:
    """The rows of a table with tabs; quotes are just characters where they do not enclose whole fields."""
    text = table_text(intake)
    yield from _rows(text, "\t", intake, quoting=is_quoted(text))


def is_quoted(text: str) -> bool:
    """Whether quotes in a table with tabs enclose fields."""
    try:
        for _ in csv_reader(text, "\t"):
            pass
    except csv.Error:
        return False
    return True


def table_text(intake: Intake) -> str:
    """The text of a table. Raises InputError where it is empty."""
    decoded = decode(intake.source.data, intake.source.name)
    intake.encoding = decoded.encoding
    text = decoded.text.removeprefix(BOM)
    if not text.strip():
        raise InputError(
            "the table is empty",
            where=intake.source.name,
            cure="Its first row must name the columns, with one row per article below",
        )
    return text


def csv_reader(text: str, delimiter: str, *, quoting: bool = True) -> Any:
    """The standard library's reader of a table, strict about quotes; raises csv.Error while it is read."""
    # The standard library's limit of a field, 131072 characters, is one for the whole process.
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    return csv.reader(
        io.StringIO(text, newline=""),
        delimiter=delimiter,
        strict=quoting,
        quoting=csv.QUOTE_MINIMAL if quoting else csv.QUOTE_NONE,
    )


def _delimiter_of(text: str, chosen: Mapping[str, str]) -> str:
    """The delimiter with which the header has a text column, else the one that gives most columns."""

    def merit(delimiter: str) -> tuple[bool, int]:
        try:
            header: list[str] = next((row for row in csv_reader(text, delimiter) if row), [])
        except csv.Error:
            header = []
        header = [] if any(len(name) > LONGEST_NAME for name in header) else header
        return "text" in fields_of(header[:MOST_COLUMNS], chosen), len(header)

    return max(_DELIMITERS, key=merit)


def _rows(text: str, delimiter: str, intake: Intake, *, quoting: bool = True) -> Iterator[Record]:
    fields: dict[str, str] | None = None
    unwanted: set[str] = set()
    head = partial(_header, delimiter=delimiter, intake=intake)
    for cells, place in cells_of(text, delimiter, intake, head, _CURE_QUOTES, quoting=quoting):
        if fields is None:
            unwanted = left_out(cells, intake)
            wanted = [name for name in cells if name not in unwanted]
            fields = {key: field for field, key in fields_of(wanted, intake.mapping.fields).items()}
        if intake.preview is not None:
            intake.preview.show(cells)
        for name in unwanted:
            del cells[name]
        values = {fields[key]: cell for key, cell in cells.items() if key in fields}
        meta = {key: cell for key, cell in cells.items() if key not in fields and cell}
        record = plain_record(values, meta, intake, place)
        if record is not None:
            yield record


def cells_of(
    text: str,
    delimiter: str,
    intake: Intake,
    header_of: Callable[[list[str], Iterable[list[str]]], list[str]],
    cure: str,
    *,
    quoting: bool = True,
) -> Iterator[tuple[dict[str, str], str]]:
    """The cells of each row by the names of their columns, and its place.

    What is wrong with rows is reported, with that ``cure``. ``header_of``: the names, by the first row and
    those below.
    """
    reader = csv_reader(text, delimiter, quoting=quoting)
    header: list[str] | None = None
    line = 1
    try:
        for row in reader:
            place, line = f"line {line}", reader.line_num + 1
            if not row or (len(row) == 1 and not row[0].strip()):
                continue
            if header is None:
                header = header_of(row, reader)
            elif len(row) != len(header):
                has, should = _columns(len(row)), _columns(len(header))
                intake.report(f"this row has {has}, the header {should}", place, cure)
            else:
                yield dict(zip(header, row, strict=True)), place
    except csv.Error as error:
        what = str(error)
        if "unexpected end" in what:
            what = "a quote that opens in this row is never closed"
        intake.report(f"the table cannot be read: {what}", f"line {line}", cure)


def _columns(number: int) -> str:
    return "1 column" if number == 1 else f"{number} columns"


def names_of(row: list[str], intake: Intake) -> list[str]:
    """The names of the columns, those without one by their place. Raises InputError for what are none."""
    if len(row) > MOST_COLUMNS:
        raise InputError(
            f"the table has {len(row):,} columns; it may have {MOST_COLUMNS:,}",
            where=intake.source.name,
            cure="Leave out those that have nothing to do with the articles",
        )
    longest = max(map(len, row))
    if longest > LONGEST_NAME:
        raise InputError(
            f"a column's name has {longest:,} characters; this seems to be no table",
            where=intake.source.name,
            cure="Its first row must name the columns, with one row per article below",
        )
    header = [name.strip() or f"column {nth}" for nth, name in enumerate(row, 1)]
    twice = [name for name, times in Counter(header).items() if times > 1]
    if twice:
        raise InputError(
            f"the column “{excerpt(twice[0])}” stands in the header twice",
            where=intake.source.name,
            cure="Rename one of them",
        )
    return header


def _header(row: list[str], rows: Iterable[list[str]], delimiter: str, intake: Intake) -> list[str]:
    """The names of the columns. Raises InputError without a text."""
    header = names_of(row, intake)
    if intake.preview is not None:
        intake.preview.columns = header
    if "text" not in fields_of(header, intake.mapping.fields):
        while intake.preview is not None and intake.preview.wants_more:
            cells = next(iter(rows), None)
            if cells is None:
                break
            if len(cells) == len(header):
                intake.preview.show(dict(zip(header, cells, strict=True)))
        raise InputError(
            f"the table has no text column; with {_DELIMITERS[delimiter]} between them its columns are: "
            + excerpt(", ".join(map(excerpt, header[:30])), 300),
            where=intake.source.name,
            cure="Name the column with the article's text “text”, or say in a mapping (--map) which it is",
        )
    return header


CSV = Format(name="csv", title="table (CSV)", endings=(".csv",), read=read_csv)
TSV = Format(name="tsv", title="table with tabs (TSV)", endings=(".tsv", ".tab"), read=read_tsv)
