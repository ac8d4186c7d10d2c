"""Spans that are taken in columns are what the careful way gives."""

from __future__ import annotations

import copy
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import Codebook
from annotator.formats import doccano, label_studio_quick, label_studio_reading, streaming
from annotator.formats.base import FileRead, Format, Intake, Source, read_source
from annotator.formats.doccano import DOCCANO
from annotator.formats.foreign import Foreign
from annotator.formats.label_studio import LABEL_STUDIO
from annotator.formats.plain_spans import PlainSpans

TEXT = "Smith said 😀 that Acme lied.\r\n \nNobody denied it."
REGION: dict[str, Any] = {
    "id": "r", "from_name": "label", "to_name": "text", "type": "labels",
    "value": {"start": 6, "end": 10, "text": "said", "labels": ["Claim"]},
}  # fmt: skip
CHOICE: dict[str, Any] = {
    "id": "r", "from_name": "stance", "to_name": "text", "type": "choices",
    "value": {"start": 6, "end": 10, "choices": ["oppose"]},
}  # fmt: skip
VALUES = [
    None, True, False, 0, 1, 6, 10, 6.0, -1, 999, 1 << 60, 0.5, "", "s", "0", "1", "claim", "Claim", "actor",
    "actor_id", "labels", "choices", "relation", "textarea", "note", [], {}, ["a"], ["a", "b"], [["a"]], [1],
    [""], "said", "Smith", {"start": 0, "end": 5, "text": "Smith", "labels": ["Actor"]}, {"text": ["x"]},
]  # fmt: skip


def record_read(records: list[dict[str, Any]], form: Format, codebook: Codebook) -> FileRead:
    return file_read(orjson.dumps(records), form, codebook)


def file_read(data: bytes, form: Format, codebook: Codebook) -> FileRead:
    with pytest.MonkeyPatch.context() as patch:  # what a piece of a long file is
        patch.setattr(streaming, "PIECE", len(data) - 5)
        patch.setattr(streaming, "WINDOW", len(data) - 6)
        return read_source(Intake(Source("a.json", data), codebook, at="now"), form)


def both(codebook: Codebook, text: str, result: Any) -> tuple[bool, FileRead]:
    """What comes of a result, which is the same either way, and whether it was read quickly."""
    return both_of_tasks(
        codebook, {"data": {"text": text}, "annotations": [{"completed_by": 1, "result": result}]}
    )


def both_of_tasks(codebook: Codebook, *tasks: dict[str, Any]) -> tuple[bool, FileRead]:
    """As :func:`both`, of tasks."""
    tasks = (*tasks, {"data": {"text": "The last one is parsed by itself."}})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(label_studio_reading, "tasks_of", orjson.loads)
        careful = record_read([*tasks], LABEL_STUDIO, codebook)
    return same(record_read([*tasks], LABEL_STUDIO, codebook), careful)


def both_of_doccano(codebook: Codebook, text: str, example: dict[str, Any]) -> tuple[bool, FileRead]:
    """As :func:`both`, of an example's labels."""
    example = {"id": 1, "text": text, **example}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(doccano._Example, "usual", lambda *_: None)
        careful = record_read([example], DOCCANO, codebook)
    return same(record_read([example], DOCCANO, codebook), careful)


def same(quick: FileRead, careful: FileRead) -> tuple[bool, FileRead]:
    assert quick.records == careful.records
    assert quick.problems == careful.problems
    made = [type(each.foreign.spans) is PlainSpans for each in quick.records if each.foreign]
    return any(made), quick


@st.composite
def results(draw: st.DrawFn) -> list[Any]:
    """Results that are as usual, but for a few values."""
    items: list[Any] = []
    for nth in range(3):
        few = (REGION, CHOICE)[: draw(st.integers(1, 2))]
        items += (copy.deepcopy(each) | {"id": str(nth)} for each in few)
    for _ in range(draw(st.integers(0, 2))):
        item = draw(st.sampled_from(items))
        inside = draw(st.booleans()) and type(item.get("value")) is dict
        holder = item["value"] if inside else item
        key = draw(st.sampled_from([*holder, "meta", "score", "choices", "globalOffsets"]))
        if draw(st.integers(0, 4)):
            holder[key] = copy.deepcopy(draw(st.sampled_from(VALUES)))
        else:
            holder.pop(key, None)
    return draw(st.permutations(items)) if not draw(st.integers(0, 3)) else items


@given(result=results(), text=st.sampled_from([TEXT, TEXT.replace("\r\n", "\r"), TEXT.replace("\r\n", " ")]))
def test_label_studio_is_read_alike_both_ways(codebook: Codebook, result: list[Any], text: str) -> None:
    both(codebook, text, result)


@given(
    result=results(),
    where=st.integers(0, 10_000),
    length=st.integers(0, 12),
    put=st.sampled_from(
        [b"", b'"', b"\\", b"\\ud800", b"\x01", b"}", b"]", b",", b"1", b"-", b".5", b"null", b"[["]
    ),
)
def test_spoilt_files_are_told_alike(
    codebook: Codebook, result: list[Any], where: int, length: int, put: bytes
) -> None:
    task = {"data": {"text": TEXT, "n": 2.5}, "annotations": [{"completed_by": 1, "result": result}], "id": 4}
    data = orjson.dumps([task, {"data": {"text": "Nothing."}, "annotations": []}])
    where %= len(data)
    data = data[:where] + put + data[where + length :]
    found = []
    for parse in (label_studio_quick.tasks_of, orjson.loads):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(label_studio_reading, "tasks_of", parse)
            found.append(file_read(data, LABEL_STUDIO, codebook))
    same(*found)


@pytest.mark.parametrize("odd", [None, 7, "ab", [7], ["ab"], [[]], [{}], {}, [{**REGION, "value": []}]])
def test_what_is_no_list_of_regions(codebook: Codebook, odd: Any) -> None:
    assert not both(codebook, TEXT, odd)[0]


@pytest.mark.parametrize(
    "odd",
    [
        {**REGION, "id": "s", "meta": {"text": ["a note"]}},
        {**REGION, "id": "s", "from_name": "claim"},
        {**REGION, "id": "s", "from_name": None},
        {**REGION, "id": "s", "value": {**REGION["value"], "labels": ["Claim", "Actor"]}},
        {**REGION, "id": "s", "value": {**REGION["value"], "start": 6.0}},
        {**REGION, "id": "s", "value": {**REGION["value"], "text": "sad"}},
        {**CHOICE, "from_name": "actor"},
        {**CHOICE, "value": {**CHOICE["value"], "choices": ["oppose", "support"]}},
        {**CHOICE, "value": {**CHOICE["value"], "end": 11}},
        {**CHOICE, "id": "s"},
        REGION,
    ],
)
def test_the_unusual_is_read_carefully(codebook: Codebook, odd: Any) -> None:
    assert not both(codebook, TEXT.replace("\r\n", "\n"), [REGION, odd])[0]


def test_the_usual_is_read_quickly(codebook: Codebook) -> None:
    more = {**REGION, "id": "s", "origin": "manual", "score": 0.5}
    quickly, found = both(codebook, TEXT.replace("\r\n", "\n"), [REGION, CHOICE, more])
    assert quickly
    foreign = found.records[0].foreign
    assert foreign is not None
    first, second = foreign.spans
    assert (first.id, first.label, first.fragments) == ("r", "Claim", ((6, 10),))
    assert first.attributes == {"stance": "oppose"}
    assert not second.attributes
    assert foreign == Foreign(annotator="1", progress=foreign.progress, spans=(first, second))
    assert not both(codebook, TEXT, [REGION])[0], "the text has line ends of two characters"


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "relation", "from_id": "r", "to_id": "s", "direction": "right"},
        {**REGION, "id": "t", "meta": {"text": ["a note"]}},
        {**REGION, "id": "t", "value": {**REGION["value"], "text": " said "}},
        {**REGION, "id": "t", "value": {**REGION["value"], "text": "sad"}},
    ],
)
def test_each_annotation_keeps_its_own_results(codebook: Codebook, odd: Any) -> None:
    two = [REGION, {**REGION, "id": "s"}]
    tasks = [
        {
            "data": {"text": TEXT.replace("\r\n", "\n") + str(nth)},
            "annotations": [{"completed_by": who, "result": result} for who, result in enumerate(results)],
        }
        for nth, results in enumerate([[two], [[REGION, CHOICE], [*two, odd]], [[*two, odd], two]])
    ]
    quickly, found = both_of_tasks(codebook, *tasks)
    assert quickly or found.problems


def test_tasks_as_label_studio_exports_them_are_read_quickly(codebook: Codebook) -> None:
    """With all keys that version 1.23 writes."""
    annotation: dict[str, Any] = {
        "id": 1, "completed_by": 1, "result": [REGION], "was_cancelled": False, "ground_truth": False,
        "created_at": "2026-11-29T09:33:01Z", "updated_at": "2026-11-29T09:33:01Z", "draft_created_at": None,
        "lead_time": None, "prediction": {}, "result_count": 1, "unique_id": "5d5c", "import_id": None,
        "last_action": None, "bulk_created": False, "task": 1, "project": 2, "updated_by": 1,
        "parent_prediction": None, "parent_annotation": None, "last_created_by": None,
    }  # fmt: skip
    task: dict[str, Any] = {
        "id": 1, "annotations": [annotation], "file_upload": "ls.json", "drafts": [], "predictions": [],
        "data": {"text": TEXT.replace("\r\n", "\n"), "title": "A title"}, "meta": {}, "allow_skip": True,
        "created_at": "2026-11-29T09:33:01Z", "updated_at": "2026-11-29T09:33:01Z", "inner_id": 1,
        "total_annotations": 1, "cancelled_annotations": 0, "total_predictions": 0, "comment_count": 0,
        "unresolved_comment_count": 0, "last_comment_updated_at": None, "project": 2, "updated_by": 1,
        "comment_authors": [],
    }  # fmt: skip
    quickly, found = both_of_tasks(codebook, task)
    assert quickly
    assert not found.records[0].labels.article.meta


def entity(nth: int) -> dict[str, Any]:
    return {"id": nth, "label": "Claim", "start_offset": 6, "end_offset": 10}


@given(
    changes=st.lists(
        st.tuples(
            st.integers(0, 2),
            st.sampled_from(["id", "label", "start_offset", "end_offset", "user", "user_name", "label_name"]),
            st.sampled_from(VALUES),
        ),
        max_size=2,
    ),
    gone=st.sampled_from([None, None, "id", "label", "end_offset"]),
    others=st.sampled_from([{}, {"label": [[0, 5, "Actor"]]}, {"labels": [entity(9)]}, {"label": ["topic"]}]),
    relations=st.sampled_from([None, [{"id": 1, "from_id": 0, "to_id": 1, "type": "by"}]]),
    text=st.sampled_from([TEXT, "Smith said that Acme lied."]),
)
def test_doccano_is_read_alike_both_ways(
    codebook: Codebook, changes: list[Any], gone: str | None, others: Any, relations: Any, text: str
) -> None:
    entities = [entity(nth) for nth in range(3)]
    for nth, key, value in changes:
        entities[nth][key] = value
    entities[2].pop(gone, None)
    both_of_doccano(codebook, text, {"entities": entities, "relations": relations, **others})


def test_the_usual_of_doccano_is_read_quickly(codebook: Codebook) -> None:
    text = "Smith said that Acme lied."
    assert both_of_doccano(codebook, text, {"entities": [entity(1), entity(2)]})[0]
    assert not both_of_doccano(codebook, text, {"entities": [{**entity(1), "user_name": "ana"}]})[0]
    assert not both_of_doccano(codebook, text, {"entities": [entity(1)], "label": [[0, 5, "Actor"]]})[0]
    assert not both_of_doccano(codebook, TEXT, {"entities": [entity(1)]})[0], "the text has an emoji"
