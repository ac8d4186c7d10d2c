"""What lxml says is wrong with a file, in words for a person."""

from __future__ import annotations

import re

_PLACE = re.compile(r"\s*,? line \d+, column \d+( \(.*\))?\s*$", re.DOTALL)
_OPTION = re.compile(r",? (use|try) XML_PARSE_HUGE.*", re.DOTALL)


def xml_fault(error: Exception) -> str:
    """The fault without its line, which is told as the place, and without the library's options."""
    said = str(getattr(error, "msg", None) or error)
    return _OPTION.sub("", _PLACE.sub("", said)).strip() or "it cannot be read"
