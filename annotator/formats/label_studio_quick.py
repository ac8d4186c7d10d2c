"""The results of Label Studio whose regions have a label each, and choices, as most do: read quickly."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from itertools import chain
from typing import Any, cast

import msgspec
import orjson
from msgspec import UNSET, Raw, UnsetType

from annotator.core.model import Kind
from annotator.formats.json_labels import ACTOR, ACTOR_ID
from annotator.formats.plain_spans import PlainSpans

KINDS = frozenset(str(kind) for kind in Kind)
"""Names of the controls that our own export writes for labels that several kinds have."""
_NOT_PLAIN = frozenset({ACTOR, ACTOR_ID})


class _Value(msgspec.Struct, gc=False):
    start: int
    end: int
    text: str
    labels: tuple[str]


class _Chosen(msgspec.Struct, gc=False):
    start: int
    end: int
    choices: tuple[str]


class _Region(msgspec.Struct, gc=False, forbid_unknown_fields=True, tag_field="type", tag="labels"):
    """A stretch of the text with a label."""

    id: str
    from_name: str
    value: _Value
    to_name: str = ""
    origin: str = ""
    score: Any = None
    hidden: Any = None
    readonly: Any = None
    locked: Any = None


class _Choice(msgspec.Struct, gc=False, forbid_unknown_fields=True, tag_field="type", tag="choices"):
    """What was chosen for a region that has the same id."""

    id: str
    from_name: str
    value: _Chosen
    to_name: str = ""
    origin: str = ""


class _About(msgspec.Struct, kw_only=True):
    """What somebody has made of a task: the keys that say something beside the results."""

    annotator: Raw | UnsetType = UNSET
    user: Raw | UnsetType = UNSET
    completed_by: Raw | UnsetType = UNSET
    created_username: Raw | UnsetType = UNSET
    ground_truth: Raw | UnsetType = UNSET
    was_cancelled: Raw | UnsetType = UNSET
    skipped: Raw | UnsetType = UNSET


class _Usual(_About):
    """With results of the usual shape."""

    result: list[_Region | _Choice]


class _Any(_About):
    """With results of any shape."""

    result: Raw


class _Task(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A task as Label Studio exports it; what stands beside these keys may say something of the article."""

    data: Raw
    id: Raw | UnsetType = UNSET
    predictions: Raw | UnsetType = UNSET
    drafts: Raw | UnsetType = UNSET
    meta: Raw | UnsetType = UNSET
    inner_id: Raw | UnsetType = UNSET
    created_at: Raw | UnsetType = UNSET
    updated_at: Raw | UnsetType = UNSET
    project: Raw | UnsetType = UNSET
    file_upload: Raw | UnsetType = UNSET
    total_annotations: Raw | UnsetType = UNSET
    cancelled_annotations: Raw | UnsetType = UNSET
    total_predictions: Raw | UnsetType = UNSET
    comment_count: Raw | UnsetType = UNSET
    unresolved_comment_count: Raw | UnsetType = UNSET
    comment_authors: Raw | UnsetType = UNSET
    last_comment_updated_at: Raw | UnsetType = UNSET
    updated_by: Raw | UnsetType = UNSET
    allow_skip: Raw | UnsetType = UNSET
    is_labeled: Raw | UnsetType = UNSET
    overlap: Raw | UnsetType = UNSET
    draft_exists: Raw | UnsetType = UNSET


class _UsualTask(_Task, forbid_unknown_fields=True):
    annotations: list[_Usual]


class _AnyTask(_Task, forbid_unknown_fields=True):
    annotations: list[_Any]


_TOLD = ("id", "predictions", "drafts", "meta")
"""Keys of a task that are read at all."""
_ABOUT = _About.__struct_fields__
_usual_tasks = msgspec.json.Decoder(list[_UsualTask]).decode
_any_tasks = msgspec.json.Decoder(list[_AnyTask]).decode
_results = msgspec.json.Decoder(list[_Region | _Choice]).decode
_WRONG = (msgspec.MsgspecError, ValueError, RecursionError)


class Results:
    """A list ``result`` of the usual shape. Only :func:`plain_spans` looks into it; others take ``items``."""

    def __init__(self, found: list[_Region | _Choice], items: Callable[[], Any]) -> None:
        self.found = found
        self._items = items

    @property
    def items(self) -> Any:
        """The list as parsed JSON."""
        return self._items()


def tasks_of(data: bytes) -> Any:
    """The tasks of a JSON list as parsed JSON, but with :class:`Results` in it. Raises JSONDecodeError.

    It takes half the time.
    """
    parsed = cache(lambda: orjson.loads(data))
    try:
        return [_usual_task(task, nth, parsed) for nth, task in enumerate(_usual_tasks(data))]
    except _WRONG:
        pass
    try:
        return [*map(_any_task, _any_tasks(data))]
    except _WRONG:
        return parsed()


def _usual_task(found: _UsualTask, nth: int, parsed: Callable[[], Any]) -> dict[str, Any]:
    """``parsed``: all of the list as JSON, of which it is one."""
    data = orjson.loads(bytes(found.data))
    if not _is_plain(data):
        return cast(dict[str, Any], parsed()[nth])
    annotations = [
        _parsed(each, _ABOUT) | {"result": Results(each.result, partial(_items_of, parsed, nth, of))}
        for of, each in enumerate(found.annotations)
    ]
    return {"data": data, "annotations": annotations} | _parsed(found, _TOLD)


def _items_of(parsed: Callable[[], Any], task: int, annotation: int) -> Any:
    return parsed()[task]["annotations"][annotation]["result"]


def _any_task(found: _AnyTask) -> dict[str, Any]:
    data = orjson.loads(bytes(found.data))
    usual = _is_plain(data)
    annotations = [
        _parsed(each, _ABOUT) | {"result": _result(bytes(each.result), usual)} for each in found.annotations
    ]
    return {"data": data, "annotations": annotations} | _parsed(found, _TOLD)


def _is_plain(data: Any) -> bool:
    """Whether it is neither a dialogue, nor a page whose regions may be meant otherwise."""
    return (
        type(data) is dict
        and type(data.get("text")) is str
        and not any(type(value) is list or (type(value) is str and "<" in value) for value in data.values())
    )


def _parsed(found: msgspec.Struct, keys: tuple[str, ...]) -> dict[str, Any]:
    given = [(key, getattr(found, key)) for key in keys]
    return {key: orjson.loads(bytes(value)) for key, value in given if value is not UNSET}


def _result(raw: bytes, usual: bool) -> Any:
    try:
        return Results(_results(raw), partial(orjson.loads, raw)) if usual else orjson.loads(raw)
    except msgspec.MsgspecError:
        return orjson.loads(raw)


def plain_spans(results: Results, raw: str, same: int) -> PlainSpans | None:
    """What somebody has labelled; None where any of it is not of that shape, or wrong.

    ``same``: how long the raw text is where its offsets are those of the stored one, else -1.
    """
    regions = [each for each in results.found if type(each) is _Region]
    ids = [each.id for each in regions]
    if not ids or len(set(ids)) < len(ids) or not KINDS.isdisjoint([each.from_name for each in regions]):
        return None
    values = [each.value for each in regions]
    starts, ends = [each.start for each in values], [each.end for each in values]
    names = [*chain.from_iterable([each.labels for each in values])]
    texts = [each.text for each in values]
    if (
        min(starts) < 0
        or min(ends) < 0
        or max(ends) > same
        or "" in texts
        or "" in names
        or [raw[start:end] for start, end in zip(starts, ends, strict=True)] != texts
    ):
        return None
    attributes = _chosen(results.found, ids, starts, ends) if len(regions) < len(results.found) else {}
    return None if attributes is None else PlainSpans(ids, names, starts, ends, attributes)


def _chosen(
    found: list[_Region | _Choice], ids: list[str], starts: list[int], ends: list[int]
) -> dict[int, dict[str, str]] | None:
    """What was chosen for the regions, by their numbers; None where any choice is of no region before it."""
    numbers = {id_: nth for nth, id_ in enumerate(ids)}
    places = [place for place, each in enumerate(found) if type(each) is _Region]
    chosen: dict[int, dict[str, str]] = {}
    for place, each in enumerate(found):
        if type(each) is _Choice:
            nth, name, value = numbers.get(each.id), each.from_name, each.value
            (choice,) = value.choices
            if (
                nth is None
                or place < places[nth]
                or value.start != starts[nth]
                or value.end != ends[nth]
                or not choice
                or not name
                or name in _NOT_PLAIN
            ):
                return None
            if nth in chosen:
                chosen[nth][name] = choice
            else:
                chosen[nth] = {name: choice}
    return chosen
