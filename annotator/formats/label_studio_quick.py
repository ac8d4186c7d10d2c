"""The results of Label Studio whose regions have a label each, and choices, as most do: read quickly."""

from __future__ import annotations

from itertools import chain, repeat
from operator import contains
from typing import Any

from annotator.core.model import Kind
from annotator.formats.json_labels import ACTOR, ACTOR_ID
from annotator.formats.plain_spans import PlainSpans, are_names, are_places

KINDS = frozenset(str(kind) for kind in Kind)
"""Names of the controls that our own export writes for labels that several kinds have."""
_NOT_PLAIN = frozenset({ACTOR, ACTOR_ID})


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
    regions: dict[str, Any] = {}
    controls: set[str] = set()
    said: dict[str, dict[str, str]] = {}
    for item in items:
        type_ = item["type"]
        if type_ == "labels":
            if item["id"] in regions:
                return None
            regions[item["id"]] = item["value"]
            controls.add(item["from_name"])
        elif type_ == "choices":
            id_, name, value = item["id"], item["from_name"], item["value"]
            region = regions[id_]  # those of a region that comes later are not usual
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
            if id_ in said:
                said[id_][name] = choice
            else:
                said[id_] = {name: choice}
        else:
            return None
    values = regions.values()
    starts = [value["start"] for value in values]
    ends = [value["end"] for value in values]
    texts = [value["text"] for value in values]
    labels = [value["labels"] for value in values]
    if (
        not regions
        or set(map(type, regions)) != {str}
        or not all(type(name) is str for name in controls)
        or controls & KINDS
        or set(map(type, labels)) != {list}
        or set(map(len, labels)) != {1}
        or not are_places(starts, ends, same)
        or [raw[start:end] for start, end in zip(starts, ends, strict=True)] != texts
    ):
        return None
    names = [*chain.from_iterable(labels)]
    if not are_names(names):
        return None
    attributes = {nth: said[id_] for nth, id_ in enumerate(regions) if id_ in said} if said else {}
    return PlainSpans([*regions], names, starts, ends, attributes)
