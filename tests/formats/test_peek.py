"""The first record of JSON files, whole or cut off, and whose files are told by it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from annotator.formats.base import Source
from annotator.formats.peek import first_record
from annotator.formats.registry import reader_for

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
OBJECTS = st.dictionaries(st.text(), VALUES, max_size=5)


def first(data: bytes | str) -> dict[str, Any] | None:
    return first_record(Source("x", data.encode() if isinstance(data, str) else data))


@given(value=OBJECTS, indent=st.sampled_from([None, 1]), after=st.sampled_from(["", "\n", "\n{}\n"]))
@settings(max_examples=100, deadline=None)
def test_whole_records(value: dict[str, Any], indent: int | None, after: str) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert first(text + after) == value
    assert first("\ufeff [\n" + text + "," + text + "]") == value


@given(value=OBJECTS, share=st.floats(0, 1))
@settings(max_examples=200, deadline=None)
def test_of_a_record_that_is_cut_off_what_came(value: dict[str, Any], share: float) -> None:
    try:
        data = orjson.dumps(value)
    except TypeError:
        return
    cut = first(data[: int(len(data) * share)])
    assert cut is None or cut.keys() <= value.keys()


def test_a_record_that_is_longer_than_the_head(tmp_path: Path) -> None:
    long = json.dumps({"text": "x" * 100_000, "_input_hash": 1, "tokens": [{"id": n} for n in range(9)]})
    path = tmp_path / "x.jsonl"
    path.write_text(long)
    record = first_record(Source.of(path))
    assert record is not None
    assert record["_input_hash"] == 1
    path.write_text(
        json.dumps({"text": "x", "tokens": [{"id": n} for n in range(90_000)], "answer": "accept"})
    )
    record = first_record(Source.of(path))
    assert record is not None
    assert len(record["tokens"]) > 1000


@pytest.mark.parametrize(
    "data", ["", "text", "[]", "[1]", "[[{}]]", "{", '{"a', "{]", "{" * 500, '{"a":1}}', "\0"]
)
def test_what_is_no_record(data: str) -> None:
    assert not first(data) or data == '{"a":1}}'


@pytest.mark.parametrize(
    ("record", "name"),
    [
        ({"text": "x"}, "json"),
        ({"text": "x", "title": "t", "meta": {"a": 1}}, "json"),
        ({"text": "x", "label": "politics"}, "json"),
        ({"text": "x", "labels": ["politics"]}, "json"),
        ({"format": "annotator/1", "text": "x", "spans": []}, "json"),
        ({"text": "x", "spans": [{"start": 0, "end": 1, "label": "A"}]}, "prodigy"),
        ({"text": "x", "answer": "accept"}, "prodigy"),
        ({"text": "x", "answer": ["accept"]}, "json"),
        ({"text": "x", "tokens": [{"text": "x", "start": 0, "end": 1, "id": 0}]}, "prodigy"),
        ({"text": "x", "label": [[0, 1, "A"]]}, "doccano"),
        ({"data": "x", "label": [[0, 1, "A"]]}, "doccano"),
        ({"id": 1, "text": "x", "label": []}, "doccano"),
        ({"text": "x", "entities": [{"id": 1, "label": "A", "start_offset": 0, "end_offset": 1}]}, "doccano"),
        ({"text": "x", "label": ["politics"], "Comments": []}, "doccano"),
        ({"data": {"text": "x"}}, "label-studio"),
        ({"id": 1, "data": {"text": "x"}, "annotations": []}, "label-studio"),
        ({"annotations": [{"result": []}], "id": 1}, "label-studio"),
        ({"text": "x", "ner": [{"start": 0, "end": 1, "text": "x", "labels": ["A"]}]}, "label-studio"),
    ],
)
def test_whose_file_it_is(record: dict[str, Any], name: str) -> None:
    line = json.dumps(record)
    assert reader_for(Source("x.json", f"[{line}]".encode())).name == name
    lines = "jsonl" if name == "json" else name
    assert reader_for(Source("x.jsonl", f"{line}\n{line}\n".encode())).name == lines
