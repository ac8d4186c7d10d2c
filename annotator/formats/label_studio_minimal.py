"""Label Studio's JSON-MIN: a record for each annotation, with the article's data and what controls say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from annotator.formats.label_studio_result import PLACE

ABOUT = ("annotator", "annotation_id", "created_at", "updated_at", "lead_time", "agreement")
"""Keys that say nothing about the article."""


def is_minimal(data: dict[str, Any]) -> bool:
    """Whether a record that is no task is one of JSON-MIN."""
    return "annotation_id" in data or any(_are_regions(value) for value in data.values())


def one_task_each(found: Iterable[tuple[dict[str, Any], str]]) -> Iterator[tuple[dict[str, Any], str]]:
    """Records and their places; those that are about one task, as they stand together, are made that task."""
    rows: list[dict[str, Any]] = []
    where = ""
    for data, place in found:
        minimal = "annotation_id" in data and "data" not in data and "task" not in data
        if rows and not (minimal and _is_same(rows[0], data)):
            yield (rows[0] if len(rows) == 1 else task_of(rows)), where
            rows = []
        if not minimal:
            yield data, place
        else:
            where = where if rows else place
            rows.append(data)
    if rows:
        yield (rows[0] if len(rows) == 1 else task_of(rows)), where


def task_of(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The task that these records are about.

    Nothing tells what the controls say of the whole text from the article's data, but that annotators may
    say different things.
    """
    annotations = [(row, list[dict[str, Any]]()) for row in rows]
    data: dict[str, Any] = {}
    for key in dict.fromkeys(key for row in rows for key in row if key not in ABOUT):
        values = [row[key] for row in rows if key in row]
        if any(map(_are_regions, values)):
            for row, results in annotations:
                value = row.get(key)
                results += (_region(key, item) for item in (value if type(value) is list else ()))
        elif len(values) == len(rows) and all(value == values[0] for value in values):
            data[key] = values[0]
        else:
            for row, results in annotations:
                if key in row:
                    results.append({"from_name": key, "type": "said", "value": {"said": _plain(row[key])}})
    return {
        "data": data,
        "annotations": [
            {"completed_by": row.get("annotator"), "result": results}
            for row, results in annotations
            if results or row.get("annotation_id", "") is not None  # else nobody has looked at it
        ],
    }


def _is_same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two records are about one task: they have its number, and the longest text."""
    if one.get("id") is None or one["id"] != other.get("id"):
        return False
    texts = {key: value for key, value in one.items() if type(value) is str}
    longest = max(texts, key=lambda key: len(texts[key]), default="")
    return bool(longest) and other.get(longest) == one[longest]


def _are_regions(value: Any) -> bool:
    """Whether a key has the regions of a control, not data of the article."""
    return type(value) is list and bool(value) and type(value[0]) is dict and "start" in value[0]


def _plain(value: Any) -> Any:
    """What a control says: several choices are in an object that names their kind."""
    return next(iter(value.values())) if type(value) is dict and len(value) == 1 else value


def _region(key: str, item: Any) -> dict[str, Any]:
    """A region, where nothing but its extent tells to which others it belongs."""
    value = item if type(item) is dict else {}
    type_ = next((name for name in value if name not in PLACE), "textarea")
    id_ = f"{value.get('start')}:{value.get('end')}"
    return {"id": id_, "from_name": key, "type": type_, "value": value}
