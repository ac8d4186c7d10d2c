"""Label Studio's CSV and TSV: the records of JSON-MIN in rows, what controls say as JSON in their cells."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from annotator.core.text import BOM, excerpt
from annotator.formats.base import Intake, Source
from annotator.formats.cells import json_value
from annotator.formats.label_studio_minimal import ABOUT
from annotator.formats.table import cells_of, is_quoted, names_of, table_text

_ENDINGS = (".csv", ".tsv", ".tab", ".txt")
_DELIMITERS = ",\t;"
_ALWAYS = frozenset({"annotation_id", "lead_time"})
"""Columns by which such a table is told."""
_DATA = "_data_"
"""How columns of the article's data begin that a control has the name of."""
_JSON = re.compile(r"""\[\s*[{"]|\{\s*\"""")
_AS_JSON = "Export the project again, as JSON"


def is_table(source: Source) -> bool:
    """Whether a file's first row has the columns of such an export. Raises OSError."""
    if source.ending not in _ENDINGS:
        return False
    return bool(_delimiter_of(source.head().decode("utf-8", "replace").removeprefix(BOM)))


def _delimiter_of(text: str) -> str:
    """What stands between the columns; empty where these are no such columns."""
    first = text.lstrip("\r\n").partition("\n")[0]
    for delimiter in _DELIMITERS:
        if {name.strip(' "\r') for name in first.split(delimiter)} >= _ALWAYS:
            return delimiter
    return ""


def table_records(intake: Intake) -> Iterator[tuple[dict[str, Any], str]]:
    """The rows as the records of JSON-MIN, and their places."""
    text = table_text(intake)
    delimiter = _delimiter_of(text) or ","
    quoting = delimiter != "\t" or is_quoted(text)
    rows = cells_of(text, delimiter, intake, lambda row, _: names_of(row, intake), _AS_JSON, quoting=quoting)
    for cells, place in rows:
        found: dict[str, Any] = {"annotation_id": cells["annotation_id"] or None}
        for column, cell in cells.items():
            if cell and column != "annotation_id":
                name = column.removeprefix(_DATA) if column.startswith(_DATA) else column
                if f"{_DATA}{column}" in cells:
                    name = f"{column}_"  # of a control, where the article's data has its name
                found[name] = value = cell if name in ABOUT else _value(cell)
                if value is cell and cell.startswith(('[{"', "[{'")):
                    what = f"the column “{excerpt(column, 60)}” does not hold its labels as JSON"
                    intake.report(what, place, _AS_JSON)
        yield found, place


def _value(cell: str) -> Any:
    """What a cell says: lists of objects or texts and objects are JSON, everything else is a text."""
    if _JSON.match(cell):
        value = json_value(cell)
        if type(value) in (list, dict):
            return value
    return cell
