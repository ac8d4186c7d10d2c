"""Values in cells of CSV tables, both ways, so that each comes back as it was and none is a formula.

A cell that a spreadsheet would take for a formula (it begins with ``=``, ``+``, ``-``, ``@``, a tab or a
carriage return) is written with an apostrophe in front, which reading takes off again:
https://owasp.org/www-community/attacks/CSV_Injection.
"""

from __future__ import annotations

import re
from typing import Any

from annotator.core.codebook import AttributeType

FORMULA_STARTS = frozenset("'=+-@\t\r")
"""Cells that begin otherwise need no apostrophe."""
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")
_NUMBER = re.compile(r"-?\d{1,16}(\.\d{1,20})?([eE][+-]?\d{1,3})?", re.ASCII)
_JSON = ('"', "[", "{")
"""How cells begin that hold JSON."""
_LISTS = (AttributeType.MULTI_CHOICE, AttributeType.CATEGORIES)


def guarded(cell: str, *, numbers: bool = False) -> str:
    """The cell with an apostrophe in front where it could be taken for a formula.

    ``numbers``: negative ones stay as they are, which are none.
    """
    if not _FORMULA.match(cell) or (numbers and _NUMBER.fullmatch(cell)):
        return cell
    return f"'{cell}"


def unguarded(cell: str) -> str:
    """The cell without that apostrophe."""
    return cell[1:] if cell.startswith("'") and _GUARDED.match(cell) else cell


def cell_of(value: Any, kind: AttributeType | None) -> str:
    """An attribute's value as plain as it comes back from :func:`value_of`, otherwise as JSON.

    None is an empty cell.
    """
    if value is None:
        return ""
    if isinstance(value, str):
        plain = value
    elif isinstance(value, bool):
        plain = "true" if value else "false"
    elif isinstance(value, (int, float)):
        plain = repr(value)
    elif isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value):
        plain, value = "; ".join(value), list(value)
    else:
        plain = ""
    back = value_of(plain, kind)
    if type(back) is type(value) and back == value:
        return plain
    return json_cell(value)


def value_of(cell: str, kind: AttributeType | None) -> Any:
    """The value in a cell of an attribute of that type; None for an empty cell.

    What is not of the type is given as it stands there, for the codebook's rules to refuse.
    """
    if not cell:
        return None
    if cell[0] in _JSON:
        value = json_value(cell)
        if value is not None:
            return value
    if kind in _LISTS:
        return [each.strip() for each in cell.split(";") if each.strip()]
    if kind is AttributeType.BOOLEAN:
        return {"true": True, "yes": True, "false": False, "no": False}.get(cell.strip().lower(), cell)
    if kind is AttributeType.NUMBER and _NUMBER.fullmatch(cell.strip()):
        number = cell.strip()
        return int(number) if number.lstrip("-").isdigit() else float(number)
    return cell


def json_cell(value: Any) -> str:
    """A value as JSON."""
    from orjson import OPT_NON_STR_KEYS, dumps

    return dumps(value, option=OPT_NON_STR_KEYS).decode()


def json_value(cell: str) -> Any:
    """The JSON value in a cell; None where it holds none."""
    from orjson import JSONDecodeError, loads

    try:
        return loads(cell)
    except JSONDecodeError:
        return None
