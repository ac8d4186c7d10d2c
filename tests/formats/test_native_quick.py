"""What is taken quickly is what the careful way gives."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import Codebook
from annotator.core.errors import InputError
from annotator.core.span_rows import SpanRows
from annotator.formats.base import Intake, Record, Source, TooManyProblemsError
from annotator.formats.jsonl import read_json, read_jsonl
from annotator.formats.native import line_of
from annotator.formats.native_quick import Quick

TEXT = "Smith said 😀 that Acme lied.\n \nNobody denied it."
USUAL = {
    "id": "s", "kind": "claim", "label": "Claim", "start": 6, "end": 10, "fragments": [[6, 10]],
    "text": "said", "token_start": 1, "token_end": None, "actor": None, "attributes": {"stance": "oppose"},
    "state": "accepted", "origin": "annotator:ana", "confidence": None, "note": None,
}  # fmt: skip
VALUES = [
    None, True, False, 0, 1, 6, 10, 6.0, -1, 999, 1 << 60, 0.5, "", "s", "claim", "entity", "Claim", "Person",
    "accepted", "suggested", "spacy:m-1", "import:x", [], {}, [6, 10], [[6, 10]], [[6.0, 10]], [[True, 10]],
    [[6, 10], [11, 12]], [[10, 6]], [["a", "b"]], [{"a": 1, "b": 2}], {"ab": 1}, {"stance": "maybe"},
    {"stance": "oppose", "x": 1}, {"categories": []}, "r1", "r2", ["r1"], "said", "Smith", " \n",
]  # fmt: skip
OPTIONAL = ("id", "fragments", "text", "token_start", "token_end", "actor", "state", "origin", "note")


def line_with(spans: list[Any], relations: Sequence[Any] = ()) -> bytes:
    line = {
        "format": "annotator/1", "text": TEXT, "annotator": "ana", "spans": spans,
        "relations": list(relations), "actors": [{"id": "r1", "name": "Smith"}],
    }  # fmt: skip
    return orjson.dumps(line)


def read(codebook: Codebook, data: bytes, *, listed: bool = False) -> tuple[list[Record], list[str]]:
    intake = Intake(Source("a.jsonl", data), codebook, at="now")
    try:
        records = list((read_json if listed else read_jsonl)(intake))
    except TooManyProblemsError:
        records = []
    except InputError as error:
        return [], [str(error)]
    return records, list(map(str, intake.problems))


def both(codebook: Codebook, data: bytes, *, listed: bool = False) -> list[Any]:
    """What the quick and the careful way make of a file: records as written again, and problems.

    Ids that the file does not give are new ones, and left out here.
    """
    found: list[Any] = []
    for careful in (False, True):
        with ExitStack() as stack:
            for module in ("native_quick", "native_reader"):
                stack.enter_context(patch(f"annotator.formats.{module}.new_id", return_value="new"))
            if careful:
                stack.enter_context(patch.object(Quick, "parsed", return_value=None))
            found.append(read(codebook, data, listed=listed))
    return [
        ([(orjson.dumps(line_of(each.labels)), list(each.labels.spans)) for each in records], problems)
        for records, problems in found
    ]


@given(
    changes=st.lists(
        st.tuples(st.integers(0, 2), st.sampled_from(sorted(USUAL)), st.sampled_from(VALUES)), max_size=3
    ),
    gone=st.sampled_from([None, *sorted(USUAL)]),
)
def test_both_ways_agree(codebook: Codebook, changes: list[Any], gone: str | None) -> None:
    spans = [copy.deepcopy(USUAL) | {"id": f"s{nth}"} for nth in range(3)]
    for nth, key, value in changes:
        spans[nth][key] = value
    if gone is not None:
        del spans[1][gone]
    quick, careful = both(codebook, line_with(spans))
    assert quick == careful


@given(
    where=st.integers(0, 10_000),
    length=st.integers(0, 12),
    put=st.sampled_from(
        [b"", b'"', b"\\", b"\\ud800", b"\\u0000", b"\x01", b"\xff", b"}", b"]", b",", b"1", b"-", b".5",
         b"e9", b"99999999999999999999999", b"null", b"true", b'{"x":1}', b"[[[[", b"\n",
         b'"x":99999999999999999999,']
    ),
    listed=st.booleans(),
)  # fmt: skip
def test_both_ways_agree_on_spoilt_bytes(
    codebook: Codebook, where: int, length: int, put: bytes, listed: bool
) -> None:
    relations = [{"type": "made_by", "head": "s", "tail": "t", "id": "r", "attributes": {}}]
    actor = USUAL | {"id": "t", "kind": "actor", "label": "Actor", "attributes": {}}
    line = line_with([USUAL, actor], relations).replace(b'"text"', b'"meta":{"x":[1,2.5]},"text"', 1)
    where %= len(line)
    line = line[:where] + put + line[where + length :]
    data = b"[" + line + b"]" if listed else line_with([USUAL]).replace(b"Nobody", b"He") + b"\n" + line
    quick, careful = both(codebook, data, listed=listed)
    assert quick == careful


@pytest.mark.parametrize("key", OPTIONAL)
def test_what_may_be_missing_is_usual(codebook: Codebook, key: str) -> None:
    """Others' programs write no more than they must."""
    line = line_with([{name: value for name, value in USUAL.items() if name != key}])
    quick, careful = both(codebook, line)
    assert quick == careful
    (record,), problems = read(codebook, line)
    assert isinstance(record.labels.spans, SpanRows)
    assert not problems


def test_what_is_usual_stays_rows(codebook: Codebook) -> None:
    items = [USUAL, USUAL | {"id": "t", "actor": "r1", "confidence": 1, "note": "n", "attributes": {}}]
    (record,), problems = read(codebook, line_with(items))
    found = record.labels.spans
    assert isinstance(found, SpanRows)
    assert [each.confidence for each in found] == [None, 1.0]
    assert found[1].actor == "r1"
    assert not problems
    assert "its id stands there twice" in read(codebook, line_with([USUAL, USUAL]))[1][0]
    quick, careful = both(codebook, line_with(items))
    assert quick == careful


def test_relations_join_spans_that_stay_rows(codebook: Codebook) -> None:
    actor = USUAL | {"id": "t", "kind": "actor", "label": "Actor", "attributes": {}}
    relations = [{"type": "made_by", "head": "s", "tail": "t", "id": "r"}]
    quick, careful = both(codebook, line_with([USUAL, actor], relations))
    assert quick == careful
    assert quick[1] == []
    quick, careful = both(codebook, line_with([USUAL, actor], [relations[0] | {"tail": "unknown"}]))
    assert quick == careful
    assert quick[1]


def test_a_file_of_other_lines_is_not_parsed_twice_for_long(codebook: Codebook) -> None:
    line = line_with([USUAL | {"state": "suggested", "origin": "spacy:m-1"}])
    lines = b"".join(line.replace(b"Nobody", b"Person %d" % nth) + b"\n" for nth in range(60))
    with patch("annotator.formats.native_quick._decode", side_effect=ValueError) as decode:
        records, problems = read(codebook, lines)
    assert (len(records), problems) == (60, [])
    assert decode.call_count < 30
