"""Datelines: “WASHINGTON (Reuters) -”, “London, March 3 —”, “Doha:” before the first words of a report.

A parser takes the city for whoever speaks in the sentence that follows.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_MONTHS = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?"
_WORDS = r"[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,3}"
_DATELINE = re.compile(
    rf"(?P<city>{_WORDS})(?:, {_WORDS})?"
    rf"(?P<date>,? {_MONTHS} \d{{1,2}}(?:, \d{{4}})?)?"
    r"(?P<agency> ?\([A-Z][\w/. ]{1,24}\))?"
    r" ?(?P<mark>—|–|―|--|-|:)\s"
)
LONGEST = 90
"""Code points within which a dateline ends."""


def dateline_end(paragraph: str, cities: Collection[str]) -> int:
    """Code points of the dateline that a paragraph starts with, the space behind it included; 0 for none.

    A dash needs an agency, a date, or a city (of ``cities``, any case) before it; a colon needs a city.
    """
    found = _DATELINE.match(paragraph[:LONGEST])
    if found is None:
        return 0
    is_city = found["city"].title() in cities
    dated = found["date"] is not None or found["agency"] is not None
    if is_city or (found["mark"] != ":" and dated):
        return found.end()
    return 0
