"""Tasks of Label Studio whose text is not one: dialogues of the tag Paragraphs, and old HyperText regions.

Both are brought to the usual shape before they are read: one text, and regions with offsets into it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

from msgspec import Struct, field

from annotator.core.text import Utf16Map
from annotator.formats.articles import html_tree

_SPEAKER = ("author", "speaker", "name")
_LISTS = ("annotations", "completions", "predictions", "drafts")
_MOST_NODES = 100_000


def one_text(task: dict[str, Any]) -> dict[str, Any]:
    """The task with its dialogue joined to a text, and regions that know only their place in the page."""
    data = task.get("data")
    if type(data) is not dict:
        return task
    spoken = [key for key, value in data.items() if _said(value)]
    if len(spoken) == 1 and (spoken[0] == "text" or "text" not in data):
        texts = [value for value in data.values() if type(value) is str and len(value.split(maxsplit=1)) > 1]
        if not texts or any(item.get("type") == "paragraphlabels" for item in _items(task)):
            turns = data[spoken[0]]
            said = [each["text"] for each in turns]
            text, starts = _joined(turns)
            others = {key: value for key, value in data.items() if key != spoken[0]}
            units = cache(lambda nth: Utf16Map(said[nth]))
            return _changed(
                task, {**others, "text": text}, lambda value: _of_turns(value, said, starts, units)
            )
    pages = [value for value in data.values() if type(value) is str and "<" in value]
    if len(pages) == 1 and any(_by_path(item["value"]) for item in _items(task)):
        nodes = _nodes(pages[0])
        return _changed(task, data, lambda value: _of_page(value, nodes))
    return task


def _items(task: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Everything in a task's results that has a value."""
    for key in _LISTS:
        holders = task.get(key)
        for holder in holders if type(holders) is list else ():
            results = holder.get("result") if type(holder) is dict else None
            for item in results if type(results) is list else ():
                if type(item) is dict and type(item.get("value")) is dict:
                    yield item


def _changed(task: dict[str, Any], data: dict[str, Any], change: Any) -> dict[str, Any]:
    """A copy of a task with other data, whose regions' values are changed where ``change`` gives another."""

    def holder(given: Any) -> Any:
        results = given.get("result") if type(given) is dict else None
        return {**given, "result": [item(each) for each in results]} if type(results) is list else given

    def item(given: Any) -> Any:
        value = given.get("value") if type(given) is dict else None
        return {**given, "value": change(value)} if type(value) is dict else given

    lists = {key: [holder(each) for each in task[key]] for key in _LISTS if type(task.get(key)) is list}
    return {**task, "data": data, **lists}


# -- dialogues ----------------------------------------------------------------------------------------


def _said(value: Any) -> bool:
    """Whether it is a list of what several people say in turn."""
    return (
        type(value) is list
        and bool(value)
        and all(type(each) is dict and type(each.get("text")) is str for each in value)
    )


def _joined(turns: list[dict[str, Any]]) -> tuple[str, list[int]]:
    """The text of a dialogue, who speaks before what is said, and where each turn's own text starts."""
    parts: list[str] = []
    starts, length = [], 0
    for turn in turns:
        who = next((turn[key] for key in _SPEAKER if type(turn.get(key)) is str and turn[key].strip()), "")
        before = ("\n\n" if parts else "") + (f"{who.strip()}: " if who else "")
        parts += (before, turn["text"])
        starts.append(length + len(before))
        length = starts[-1] + len(turn["text"])
    return "".join(parts), starts


def _of_turns(
    value: dict[str, Any], turns: list[str], starts: list[int], units_of: Callable[[int], Utf16Map]
) -> dict[str, Any]:
    """A region of a dialogue: from an offset of one turn to one of the same, or another.

    ``units_of``: the UTF-16 units of a turn.
    """
    gone = {"start", "end", "startOffset", "endOffset", "globalOffsets"}
    place: dict[str, Any] = {"start": None, "end": None}
    try:
        first, last = int(value["start"]), int(value["end"])
        start, end = value["startOffset"], value["endOffset"]
        given = value.get("text")
        if first != last:
            gone.add("text")  # without what stands between the turns
        elif type(given) is str and turns[first][start:end] != given:
            units = units_of(first)
            start, end = units.to_points(start), units.to_points(end)
        if 0 <= first <= last and 0 <= start <= len(turns[first]) and 0 <= end <= len(turns[last]):
            place = {"start": starts[first] + start, "end": starts[last] + end}
    except (KeyError, ValueError, TypeError, IndexError):
        pass  # it stands nowhere, which is said where regions are read
    return {**{key: each for key, each in value.items() if key not in gone}, **place}


# -- pages --------------------------------------------------------------------------------------------


def _by_path(value: Mapping[str, Any]) -> bool:
    """Whether a region tells only in which piece of the page's text it starts and ends."""
    return (
        type(value.get("globalOffsets")) is not dict
        and type(value.get("start")) is str
        and value["start"].startswith("/")
        and type(value.get("end")) is str
        and type(value.get("startOffset")) is int
        and type(value.get("endOffset")) is int
    )


class _Open(Struct):
    """An element whose children are being read."""

    path: str
    children: Iterator[Any]
    pieces: int
    """Of its own text, so far."""
    counts: Counter[str] = field(default_factory=Counter)
    """How many of its children there were of each name."""
    tail: str | None = None


def _nodes(page: str) -> dict[str, int]:
    """Where the pieces of a page's text start in what is shown of it, in UTF-16 units, by their paths.

    A path is as a browser writes it: ``/p[2]/b[1]/text()[1]``, from the body on.
    """
    tree = html_tree(f"<html><body>{page}</body></html>")
    body = None if tree is None else tree.find("body")
    found: dict[str, int] = {}
    length = 0

    def piece(path: str, text: str | None, nth: int) -> int:
        nonlocal length
        if not text:
            return nth
        found[f"{path}/text()[{nth + 1}]"] = length
        length += len(text) + sum(char > "\uffff" for char in text)
        return nth + 1

    open_: list[_Open] = []
    if body is not None:
        open_.append(_Open("", iter(body), piece("", body.text, 0)))
    while open_ and len(found) < _MOST_NODES:
        above = open_[-1]
        if above.tail is not None:  # of the child whose inside has just been read
            above.pieces, above.tail = piece(above.path, above.tail, above.pieces), None
        child = next(above.children, None)
        if child is None:
            open_.pop()
            continue
        above.tail = child.tail
        if isinstance(child.tag, str):
            above.counts[child.tag] += 1
            path = f"{above.path}/{child.tag}[{above.counts[child.tag]}]"
            open_.append(_Open(path, iter(child), piece(path, child.text, 0)))
    return found


def _of_page(value: dict[str, Any], nodes: Mapping[str, int]) -> dict[str, Any]:
    if not _by_path(value) or value["start"] not in nodes or value["end"] not in nodes:
        return value
    start, end = nodes[value["start"]] + value["startOffset"], nodes[value["end"]] + value["endOffset"]
    return {**value, "globalOffsets": {"start": start, "end": end}}
