"""Label Studio's JSON: a list of tasks with everybody's annotations, and models' predictions.

Offsets are code points. One region may have several results, which share its id: its labels, and what
per-region controls (choices, text areas, numbers) say of it.
"""

from __future__ import annotations

from typing import Any

from annotator.formats.base import Format, Source
from annotator.formats.label_studio_reading import read
from annotator.formats.label_studio_table import is_table
from annotator.formats.label_studio_writing import CANNOT_HOLD, ONLY_LABELS, write, write_config
from annotator.formats.offsets import Unit
from annotator.formats.peek import first_record

_TASK = ("annotations", "completions", "predictions", "drafts")


def sniff(source: Source) -> bool:
    """Whether the first record is a task (``data`` with what was said of it), or of JSON-MIN or its table."""
    record = first_record(source)
    if record is None:
        return is_table(source)
    if "format" in record:
        return False
    if type(record.get("task")) is dict and type(record.get("result")) is list:
        return True
    said = [record[key] for key in _TASK if type(record.get(key)) is list]
    if said:
        return type(record.get("data")) is dict or any(_has_result(each) for each in said)
    if type(record.get("data")) is dict:
        return True
    return any(_is_minimal(value) for value in record.values()) or {"annotation_id", "lead_time"} <= set(
        record
    )


def _has_result(said: list[Any]) -> bool:
    return any(type(each) is dict and type(each.get("result")) is list for each in said)


def _is_minimal(value: Any) -> bool:
    if type(value) is not list or not value or type(value[0]) is not dict:
        return False
    first = value[0]
    return {"start", "end"} <= first.keys() and any(
        key.endswith("labels") and type(each) is list for key, each in first.items()
    )


LABEL_STUDIO = Format(
    name="label-studio",
    title="Label Studio JSON",
    endings=(".json",),
    unit=Unit.CODE_POINTS,
    cannot_hold=CANNOT_HOLD,
    sniff=sniff,
    read=read,
    write=write,
    tokens=False,
)
LABEL_STUDIO_CONFIG = Format(
    name="label-studio-config",
    title="Label Studio labelling interface",
    endings=(".xml",),
    cannot_hold=(ONLY_LABELS,),
    write=write_config,
    articles=False,
    tokens=False,
)
