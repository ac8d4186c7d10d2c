"""What is taken quickly is what the careful way gives."""

from __future__ import annotations

import copy
from typing import Any

import orjson
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import Codebook
from annotator.core.span_rows import SpanRows
from annotator.formats.base import Intake, Source
from annotator.formats.native import line_of
from annotator.formats.native_quick import QuickSpans
from annotator.formats.native_reader import read_line

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


def both(codebook: Codebook, spans: list[Any], relations: list[Any] = []) -> list[Any]:  # noqa: B006
    """What the quick and the careful way make of a line: record as written again, and problems."""
    line = {
        "format": "annotator/1", "text": TEXT, "annotator": "ana", "spans": spans, "relations": relations,
        "actors": [{"id": "r1", "name": "Smith"}],
    }  # fmt: skip
    found = []
    for quick in (QuickSpans(codebook, "now"), None):
        intake = Intake(Source("a.jsonl", b""), codebook, at="now")
        record = read_line(orjson.loads(orjson.dumps(line)), intake, "line 1", quick)
        written = None if record is None else orjson.dumps(line_of(record.labels))
        spans_read = None if record is None else list(record.labels.spans)
        if quick is None and spans_read is not None and not all(span.get("id") for span in spans):
            written = spans_read = None  # new ids differ
        found.append((written, spans_read, list(map(str, intake.problems))))
    return found


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
    if any(not each.get("id") for each in spans):
        return
    quick, careful = both(codebook, spans)
    assert quick == careful


def test_what_is_usual_stays_rows(codebook: Codebook) -> None:
    items = [USUAL, USUAL | {"id": "t", "actor": "r1", "confidence": 1, "note": "n", "attributes": {}}]
    found = QuickSpans(codebook, "now").take(items, TEXT, "ana", {"r1"})
    assert isinstance(found, SpanRows)
    assert [each.confidence for each in found] == [None, 1.0]
    assert found[1].actor == "r1"
    assert QuickSpans(codebook, "now").take([USUAL, USUAL], TEXT, "ana", {}) is None
    quick, careful = both(codebook, items)
    assert quick == careful


def test_relations_join_spans_that_stay_rows(codebook: Codebook) -> None:
    actor = USUAL | {"id": "t", "kind": "actor", "label": "Actor", "attributes": {}}
    relations = [{"type": "made_by", "head": "s", "tail": "t", "id": "r"}]
    quick, careful = both(codebook, [USUAL, actor], relations)
    assert quick == careful
    assert quick[2] == []
    quick, careful = both(codebook, [USUAL, actor], [relations[0] | {"tail": "unknown"}])
    assert quick == careful
    assert quick[2]
