"""The results of Label Studio whose regions have a label each, and choices, as most do: read quickly."""

from __future__ import annotations

from itertools import chain, repeat
from operator import contains, itemgetter, sub
from typing import Any

from annotator.core.model import Kind
from annotator.formats.json_labels import ACTOR, ACTOR_ID
from annotator.formats.plain_spans import PlainSpans, are_names, are_places

KINDS = frozenset(str(kind) for kind in Kind)
"""Names of the controls that our own export writes for labels that several kinds have."""
_NOT_PLAIN = frozenset({ACTOR, ACTOR_ID})
_item_of = itemgetter("id", "type", "from_name", "value")
_place_of = itemgetter("start", "end", "text", "labels")


def plain_spans(items: Any, raw: str, same: int) -> PlainSpans | None:
    """What somebody has labelled; None where any of it is not of that shape, or wrong.

    ``same``: how long the raw text is where its offsets are those of the stored one, else -1.
    """
    if type(items) is not list:
        return None
    try:
        return _taken(items, raw, same)
    except (AttributeError, LookupError, TypeError, ValueError):
        return None


def _taken(items: list[Any], raw: str, same: int) -> PlainSpans | None:
    if any(map(contains, items, repeat("meta"))):
        return None
    regions: dict[str, int] = {}
    values: list[Any] = []
    controls: set[str] = set()
    said: dict[int, dict[str, str]] = {}
    for id_, type_, name, value in map(_item_of, items):
        if type_ == "labels":
            regions[id_] = len(values)
            values.append(value)
            controls.add(name)
        elif type_ == "choices":
            nth = regions[id_]  # those of a region that comes later are not usual
            region = values[nth]
            (choice,) = choices = value["choices"]
            if (
                type(choices) is not list
                or type(choice) is not str
                or not choice
                or type(name) is not str
                or not name
                or name in _NOT_PLAIN
                or value["start"] != region["start"]
                or value["end"] != region["end"]
            ):
                return None
            if nth in said:
                said[nth][name] = choice
            else:
                said[nth] = {name: choice}
        else:
            return None
    starts, ends, texts, labels = zip(*map(_place_of, values), strict=True)
    if (
        len(regions) < len(values)
        or set(map(type, regions)) != {str}
        or not all(type(name) is str for name in controls)
        or controls & KINDS
        or set(map(type, labels)) != {list}
        or set(map(len, labels)) != {1}
        or not are_places(starts, ends, same)
        or not all(map(raw.startswith, texts, starts))
        or [*map(len, texts)] != [*map(sub, ends, starts)]
    ):
        return None
    names = [*chain.from_iterable(labels)]
    return PlainSpans([*regions], names, starts, ends, said) if are_names(names) else None
