"""Pairs of a text and its entities, ``["…", {"entities": [[start, end, label]]}]``, which trained spaCy 2.

Several tools export lists of them, or a line for each, one puts the list into an object beside its labels:
https://github.com/tecoholic/ner-annotator.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from annotator.formats.base import Intake
from annotator.formats.source import Source

_BEGINS = re.compile(
    rb'(\s*+\[)?\s*+\[\s*+"(?:[^"\\]|\\.)*+"\s*+,\s*+\{\s*+"(?:entities|cats|links|spans|heads|deps|tags|words)"',
    re.DOTALL,
)
_KEYS = ("start", "end", "label")


def begins_with_pair(source: Source, *, in_line: bool = False) -> bool:
    """Whether a file begins like a list of such pairs, or has one for each line. Raises OSError.

    ``in_line``: only the latter.
    """
    found = _BEGINS.match(source.head().removeprefix(codecs.BOM_UTF8))
    return found is not None and not (in_line and found[1])


def is_packed(data: Mapping[str, Any]) -> bool:
    """Whether an object has a list of such pairs, with null for texts that nobody has labelled."""
    listed = data.get("annotations")
    if "text" in data or type(listed) is not list:
        return False
    first = next((each for each in listed if each is not None), None)
    return type(first) is list and type(of_pair(first)) is dict


def of_pair(pair: list[Any]) -> Any:
    """A record as Prodigy has it; the pair itself where it is none."""
    said = pair[1] if len(pair) == 2 and type(pair[1]) is dict else {}
    cats = said.get("cats")
    entities = said.get("entities", [] if cats else None)  # what teaches categories alone has none
    if type(pair[0] if pair else None) is not str or type(entities) is not list:
        return pair
    spans = [_span(each) for each in entities]
    return {"text": pair[0], "spans": spans} | ({"cats": cats} if cats else {})


def _span(entity: Any) -> Any:
    if type(entity) is not list or len(entity) != len(_KEYS):
        return entity  # whoever reads spans says what is wrong
    return dict(zip(_KEYS, entity, strict=True))


def unpacked(
    records: Iterable[tuple[dict[str, Any], str]], intake: Intake
) -> Iterator[tuple[dict[str, Any], str]]:
    """Records and their places, those in an object one by one; what is none there is reported."""
    for data, place in records:
        if not is_packed(data):
            yield data, place
            continue
        for number, item in enumerate(data["annotations"], 1):
            if item is None:
                continue
            record, where = of_pair(item) if type(item) is list else item, f"annotation {number}"
            if type(record) is dict and "text" in record:
                yield record, where
            else:
                what = "this is no pair of a text and its entities"
                intake.report(what, where, 'Write it as ["…", {"entities": [[start, end, label]]}]')
