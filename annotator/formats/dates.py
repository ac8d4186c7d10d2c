"""Days as newspapers, mail and databases write them."""

from __future__ import annotations

import re
from datetime import date

_NAMES = (
    "january jan januar janvier janv enero ene gennaio",
    "february feb februar février fevrier févr fevr fév febrero febbraio",
    "march mar märz maerz mrz mär mars marzo",
    "april apr avril avr abril abr aprile",
    "may mai mayo maggio mag",
    "june jun juni juin junio giugno",
    "july jul juli juillet juil julio luglio",
    "august aug août aout agosto ago",
    "september sep sept septembre septiembre settembre",
    "october oct oktober okt octobre octubre ottobre",
    "november nov novembre noviembre",
    "december dec dezember dez décembre decembre déc diciembre dic dicembre",
)
MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}
"""Month names in small letters, English, German, French, Spanish and Italian → 1 to 12."""

_MONTH = r"(?P<month>[^\W\d_]{3,12})\.?"
_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4})"
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        r"(?<!\d)(?P<year>\d{4})-(?P<number>\d{1,2})-(?P<day>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<year>\d{4})/(?P<number>\d{1,2})/(?P<day>\d{1,2})(?!\d)",
        rf"(?<!\d){_DAY}(?:\.|st|nd|rd|th|er|º)?[ -](?:de )?{_MONTH}(?: de| del|,)?[ -]{_YEAR}(?!\d)",
        rf"\b{_MONTH} {_DAY}(?:st|nd|rd|th)?,? (?P<year>\d{{4}})(?!\d)",
        r"(?<!\d)(?P<day>\d{1,2})\.(?P<number>\d{1,2})\.(?P<year>\d{4})(?!\d)",
        r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<number>\d{2})(?P<day>\d{2})(?!\d)",
    )
)
_SLASHES = re.compile(r"(?<!\d)(\d{1,2})/(\d{1,2})/(\d{4})(?!\d)")
_LONGEST = 200
"""Characters of a line that is looked at."""


def day_of(written: str) -> str | None:
    """The first day in a short text as ``YYYY-MM-DD``; None where it names none for sure.

    3/4/2023 could be two days, so that it is none; 14/8/2023 and 8/14/2023 are one.
    """
    line = " ".join(written[:_LONGEST].split())
    for shape in _SHAPES:
        for found in shape.finditer(line):
            parts = found.groupdict()
            month = MONTHS.get(parts["month"].casefold(), 0) if "month" in parts else int(parts["number"])
            day = _day(int(parts["year"]), month, int(parts["day"]))
            if day is not None:
                return day
    slashes = _SLASHES.search(line)
    if slashes is not None:
        first, second, year = map(int, slashes.groups())
        days = {_day(year, first, second), _day(year, second, first)} - {None}
        return days.pop() if len(days) == 1 else None
    return None


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None
