"""Actor records as a table: one row per record, a column per attribute that records have.

Names in a cell of several are separated by ``|``; a language follows its alias after ``@``, the days from
and to which a value is true follow it in brackets: ``Malley | Мэлли@ru``, ``SPD [1998-01-01..2005-06-30]``.
A backslash takes a character as it stands. Cells are guarded as :mod:`annotator.formats.cells` does it.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO

import orjson
from msgspec import Struct

from annotator.core.codebook import Attribute, AttributeType, Codebook
from annotator.core.errors import InputError
from annotator.core.model import ActorRecord, Alias, Property
from annotator.core.text import BOM, excerpt
from annotator.core.validate import LACKING, is_date, rule_of, value_problem
from annotator.formats.base import Intake, Source
from annotator.formats.cells import guarded, unguarded
from annotator.formats.encoding import decode
from annotator.formats.table import csv_reader

COLUMNS = ("id", "name", "type", "aliases", "external_id", "note")
_LANGUAGE = re.compile(r"((?:\\.|[^\\])*?)@([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*)", re.DOTALL)
_DAYS = re.compile(r"((?:\\.|[^\\])*?)\[\s*([0-9-]*)\s*\.\.\s*([0-9-]*)\s*\]", re.DOTALL)
_ESCAPED = re.compile(r"[\\|;@\[\]]")
_LISTS = (AttributeType.MULTI_CHOICE, AttributeType.CATEGORIES)


class Row(Struct, frozen=True):
    """What one row says of a record; what has no column is left out."""

    place: str
    """“line 3”."""
    id: str
    """Empty for a new record."""
    values: Mapping[str, Any]
    """By the names of :class:`ActorRecord`, but for id and properties."""
    properties: Mapping[str, tuple[Property, ...]]
    """By the attribute's name."""


def write(records: Iterable[ActorRecord], codebook: Codebook, stream: BinaryIO, *, bom: bool = False) -> None:
    """Write the records, UTF-8, in the order given; ``bom``: marked as such for spreadsheets."""
    records = list(records)
    names = [each.name for each in codebook.record_attributes()]
    names += sorted({each.name for record in records for each in record.properties} - set(names))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([guarded(name) for name in (*COLUMNS, *names)])
    for record in records:
        cells = [
            record.id,
            record.name,
            record.type,
            " | ".join(alias_cell(each) for each in record.aliases),
            record.external_id or "",
            record.note or "",
        ]
        for name in names:
            mine = [property_cell(each) for each in record.properties if each.name == name]
            cells.append(" | ".join(mine))
        writer.writerow([guarded(cell) for cell in cells])
    stream.write(((BOM if bom else "") + text.getvalue()).encode("utf-8"))


def _escaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: "\\" + found[0], text)


def alias_cell(alias: Alias) -> str:
    """An alias as :func:`read_aliases` reads it, one of several between ``|``."""
    return _escaped(alias.name) + (f"@{alias.language}" if alias.language else "")


def property_cell(each: Property) -> str:
    """A value as :func:`read_properties` reads it, one of several between ``|``."""
    values = each.value if isinstance(each.value, (list, tuple)) else [each.value]
    words = "; ".join(
        _escaped(value if isinstance(value, str) else orjson.dumps(value).decode()) for value in values
    )
    return f"{words} [{each.since}..{each.until}]" if each.since or each.until else words


def _text(source: Source) -> str:
    try:
        return decode(source.data, source.name).text
    except InputError as error:  # its cure is one for articles
        what = error.problem.what.replace("not a text", "not a CSV table")
        raise InputError(
            what, where=source.name, cure="Save the table of actors as .csv, and give that"
        ) from error


def read(intake: Intake) -> list[Row]:
    """The rows of a table whose delimiter is comma, semicolon or tab; problems go to the intake.

    Raises InputError where the file is no table or has no name column, and TooManyProblemsError as the
    intake.
    """
    text = _text(intake.source).removeprefix(BOM)
    delimiter = max(",;\t", key=lambda each: len(_first_row(text, each)))
    reader = csv_reader(text, delimiter)
    header: list[str] | None = None
    rows: list[Row] = []
    line = 1
    try:
        for cells in reader:
            place, line = f"line {line}", reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            cells = [unguarded(cell) for cell in cells]
            if header is None:
                header = _header(cells, intake, place)
            elif len(cells) != len(header):
                intake.report(
                    f"this row has {len(cells)} columns, the header {len(header)}",
                    place,
                    "Put cells that hold the delimiter or quotes in quotes",
                )
            else:
                row = _row(dict(zip(header, cells, strict=True)), intake, place)
                rows += [] if row is None else [row]
    except csv.Error as error:
        intake.report(
            f"the table cannot be read: {error}", f"line {line}", "Close the quote that opens there"
        )
    if header is None:
        raise InputError(
            "the table is empty", where=intake.source.name, cure="Its first row must name the columns"
        )
    _refuse_twice(rows, intake)
    return rows


def _first_row(text: str, delimiter: str) -> list[str]:
    try:
        return next((row for row in csv_reader(text, delimiter) if row), [])
    except csv.Error:
        return []


def _header(cells: Sequence[str], intake: Intake, place: str) -> list[str]:
    names = [cell.strip() for cell in cells]
    lowered = [name.lower() if name.lower() in COLUMNS else name for name in names]
    attributes = {each.name for each in intake.codebook.record_attributes()}
    twice = [name for name, times in Counter(lowered).items() if times > 1]
    if twice:
        raise InputError(
            f"the column “{excerpt(twice[0])}” stands in the header twice",
            where=f"{intake.source.name}, {place}",
            cure="Rename or remove one of them",
        )
    if "name" not in lowered:
        raise InputError(
            "the table has no column “name”",
            where=f"{intake.source.name}, {place}",
            cure=f"Name the columns in its first row: {', '.join(COLUMNS)}",
        )
    for name in lowered:
        if name not in COLUMNS and name not in attributes:
            intake.report(
                f"the column “{excerpt(name)}” is no attribute of actor records in the codebook",
                place,
                "Remove the column, or add the attribute to the codebook",
            )
    return lowered


def _row(cells: Mapping[str, str], intake: Intake, place: str) -> Row | None:
    known = len(intake.problems)
    name = " ".join(cells["name"].split())
    if not name:
        intake.report("the record has no name", place, "Give it one")
    values: dict[str, Any] = {"name": name}
    if "type" in cells:
        values["type"] = cells["type"].strip() or "other"
    for key in ("external_id", "note"):
        if key in cells:
            values[key] = cells[key].strip() or None
    if "aliases" in cells:
        values["aliases"] = tuple(dict.fromkeys(read_aliases(cells["aliases"])))
    properties = {
        attribute.name: read_properties(cells[attribute.name], attribute, intake, place)
        for attribute in intake.codebook.record_attributes()
        if attribute.name in cells
    }
    if len(intake.problems) > known:
        return None
    return Row(place, cells.get("id", "").strip(), values, properties)


def _refuse_twice(rows: Sequence[Row], intake: Intake) -> None:
    first: dict[str, str] = {}
    for row in rows:
        if row.id and row.id in first:
            what = f"the id “{excerpt(row.id)}” stands in {first[row.id]} already"
            intake.report(what, row.place, "Keep one of the rows")
        first.setdefault(row.id, row.place)


def _parts(cell: str, mark: str) -> Iterator[str]:
    """What stands between marks that have no backslash in front, still with its backslashes."""
    for part in re.findall(rf"(?:\\.?|[^\\{mark}])+", cell, re.DOTALL):
        if part.strip():
            yield part.strip()


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text, flags=re.DOTALL).strip()


def read_aliases(cell: str) -> Iterator[Alias]:
    """The aliases in a cell."""
    for part in _parts(cell, "|"):
        found = _LANGUAGE.fullmatch(part)
        name = _plain(found[1] if found else part)
        if name:
            yield Alias(" ".join(name.split()), found[2] if found else None)


def read_properties(
    cell: str, attribute: Attribute, intake: Intake, place: str, *, checked: bool = True
) -> tuple[Property, ...]:
    """The values in a cell of an attribute; problems go to the intake.

    ``checked``: whether they must be what the attribute takes.
    """
    made: dict[str, Property] = {}
    for part in _parts(cell, "|"):
        found = _DAYS.fullmatch(part)
        since, until = (found[2], found[3]) if found else ("", "")
        wrong = [day for day in (since, until) if day and not is_date(day)]
        value = _value(found[1] if found else part, attribute)
        problem = value_problem(attribute, value, intake.codebook) if checked else None
        if wrong:
            what = f"the date “{wrong[0]}” is not written like 2026-03-31"
            intake.report(what, place, f"Correct it in the column {attribute.name}")
        elif since and until and since > until:
            what = f"“{excerpt(part)}” ends before it begins"
            intake.report(what, place, f"Correct it in the column {attribute.name}")
        elif problem:
            cure = f"Correct the column {attribute.name}"
            if intake.lacking is not None and rule_of(attribute, value) in LACKING:
                cure += ", or let it be added to the codebook (--extend)"
            intake.report(problem, place, cure)
        elif since in made:
            what = f"two values of {attribute.name} begin on the same day"
            intake.report(what, place, "Write the days as VALUE [2021-01-29..2023-06-29]")
        else:
            made[since] = Property(name=attribute.name, value=value, since=since, until=until)
    return tuple(made[each] for each in sorted(made))


def _value(part: str, attribute: Attribute) -> Any:
    text = _plain(part)
    if attribute.type in _LISTS:
        return [_plain(each) for each in _parts(part, ";")]
    if attribute.type is AttributeType.BOOLEAN:
        return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
    if attribute.type is AttributeType.NUMBER:
        try:
            return int(text) if re.fullmatch(r"-?\d{1,16}", text) else float(text)
        except ValueError:
            return text
    return text
