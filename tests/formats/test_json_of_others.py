"""JSON of PubAnnotation and Dataturks, and spans that are told by their tokens alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from annotator.core.codebook import Codebook
from annotator.core.model import Status
from annotator.formats.base import FileRead, Format, Intake, Source, read_source
from annotator.formats.dataturks import DATATURKS
from annotator.formats.foreign import Foreign
from annotator.formats.jsonl import JSON
from annotator.formats.prodigy import PRODIGY
from annotator.formats.pubannotation import PUBANNOTATION
from annotator.formats.registry import reader_for

TEXT = "Smith 😀 said Acme Corp lied."
SPANS = [
    {"id": "T1", "span": {"begin": 0, "end": 5}, "obj": "ACTOR"},
    {"id": "T2", "span": [{"begin": 23, "end": 27}, {"begin": 13, "end": 17}], "obj": "CLAIM"},
]
POINT = {"start": 0, "end": 4, "text": "Smith"}


def taken(form: Format, data: Any, name: str = "a.json") -> FileRead:
    source = Source(name, json.dumps(data, ensure_ascii=False).encode())
    assert reader_for(source) is form
    return read_source(Intake(source, Codebook(name="test")), form)


def only(found: FileRead) -> Foreign:
    assert not found.problems, [str(each) for each in found.problems]
    (record,) = found.records
    assert record.foreign is not None
    return record.foreign


def problem(found: FileRead) -> str:
    (told,) = found.problems
    assert not found.records
    return told.what


# -- PubAnnotation


def pub(**more: Any) -> dict[str, Any]:
    return {"text": TEXT, "sourcedb": "News", "sourceid": "7", "denotations": SPANS, **more}


def test_denotations_relations_and_attributes() -> None:
    data = pub(
        relations=[{"id": "R1", "pred": "says", "subj": "T1", "obj": "T2"}],
        attributes=[
            {"id": "A1", "pred": "stance", "subj": "T2", "obj": "con"},
            {"id": "A2", "pred": "sure", "subj": "R1", "obj": True},
        ],
        modifications=[{"id": "M1", "pred": "Negation", "obj": "T2"}],
    )
    found = taken(PUBANNOTATION, data)
    foreign = only(found)
    assert [(each.label, each.fragments) for each in foreign.spans] == [
        ("ACTOR", ((0, 5),)), ("CLAIM", ((13, 17), (23, 27))),
    ]  # fmt: skip
    assert foreign.spans[1].attributes == {"stance": "con", "Negation": True}
    (relation,) = foreign.relations
    assert (relation.type, relation.head, relation.tail, relation.attributes) == (
        "says", "T1", "T2", {"sure": True},
    )  # fmt: skip
    assert found.records[0].labels.article.meta == {"sourcedb": "News", "sourceid": "7"}


def test_each_track_is_what_its_project_says() -> None:
    tracks = [{"project": "one", "denotations": SPANS[:1]}, {"project": "two", "denotations": SPANS}]
    found = taken(PUBANNOTATION, [{"text": TEXT, "tracks": tracks}])
    said = [each.foreign for each in found.records]
    assert [(each.annotator, len(each.spans)) for each in said if each is not None] == [
        ("one", 1),
        ("two", 2),
    ]
    assert found.records[0].labels.article.meta == {}


@pytest.mark.parametrize(
    ("more", "what"),
    [
        (
            {"relations": [{"pred": "x", "subj": "T1", "obj": "T9"}]},
            "relation 1 names T9, which the document",
        ),
        ({"attributes": [{"pred": "x", "subj": "T9", "obj": 1}]}, "attribute 1 names T9, which the document"),
        ({"denotations": {}}, "“denotations” must be a list, not an object"),
        ({"denotations": [*SPANS, SPANS[0]]}, "the id T1 stands there twice"),
    ],
)
def test_what_is_wrong_in_a_document_is_told(more: dict[str, Any], what: str) -> None:
    source = Source("a.json", json.dumps(pub(**more)).encode())
    assert problem(read_source(Intake(source, Codebook(name="test")), PUBANNOTATION)).startswith(what)


def test_a_span_that_is_wrong_is_told_once() -> None:
    wrong = {"id": "T3", "span": {"begin": 20, "end": 99}, "obj": "X"}
    relations = [{"id": "R1", "pred": "says", "subj": "T1", "obj": "T3"}]
    attributes = [{"pred": "x", "subj": "R1", "obj": 1}, {"pred": "x", "subj": "T3", "obj": 1}]
    data = pub(denotations=[*SPANS, wrong], relations=relations, attributes=attributes)
    assert problem(taken(PUBANNOTATION, data)).startswith("denotation 3 runs from 20 to 99")


def test_relations_with_relations_are_counted() -> None:
    relations = [
        {"id": "R1", "pred": "a", "subj": "T1", "obj": "T2"},
        {"id": "R2", "pred": "b", "subj": "T1", "obj": "R1"},
    ]
    source = Source("a.json", json.dumps(pub(relations=relations, instances=[{"id": "I1"}])).encode())
    intake = Intake(source, Codebook(name="test"))
    assert len(only(read_source(intake, PUBANNOTATION)).relations) == 1
    assert intake.left_out == {"relation with another relation": 1, "instance of a span": 1}


# -- Dataturks


def turk(*annotation: Any, **more: Any) -> dict[str, Any]:
    about = {"first_done_at": 1, "status": "done"}
    return {"content": TEXT, "annotation": list(annotation), "extras": None, "metadata": about, **more}


def test_points_end_with_their_last_character() -> None:
    found = taken(DATATURKS, turk({"label": ["ACTOR", "PERSON"], "points": [POINT]}), "a.jsonl")
    foreign = only(found)
    assert [(each.label, each.fragments) for each in foreign.spans] == [
        ("ACTOR", ((0, 5),)), ("PERSON", ((0, 5),)),
    ]  # fmt: skip
    assert foreign.progress.status is Status.DONE
    assert found.records[0].labels.article.text == TEXT


@pytest.mark.parametrize(("start", "end"), [(13, 21), (14, 22)])
def test_the_text_of_a_point_tells_what_its_offsets_count(start: int, end: int) -> None:
    point = {"start": start, "end": end, "text": "Acme Corp"}
    foreign = only(taken(DATATURKS, turk({"label": ["ORG"], "points": [point]})))
    assert foreign.spans[0].fragments == ((13, 22),)


def test_a_text_that_nobody_has_labelled_is_one_all_the_same() -> None:
    assert not only(taken(DATATURKS, turk() | {"annotation": None})).spans


def test_what_is_wrong_with_a_point_is_told() -> None:
    wrong = {"label": ["X"], "points": [{"start": 0, "end": 4, "text": "Other"}]}
    assert "“Other” in the file, but “Smith”" in problem(taken(DATATURKS, turk(wrong)))
    beyond = {"label": ["X"], "points": [{"start": 0, "end": 400}]}
    assert "runs from 0 to 401" in problem(taken(DATATURKS, turk(beyond)))


@pytest.mark.parametrize(
    "record",
    [
        {"content": TEXT, "annotation": "good"},
        {"text": TEXT, "blocks": [{"type": "paragraph", "data": "x"}]},
        {"text": TEXT, "blocks": ["p1", "p2"]},
        {"text": TEXT, "blocks": []},
        {"text": TEXT, "tracks": [{"title": "Song", "blocks": []}]},
    ],
)
def test_articles_with_other_annotations_stay_articles(record: dict[str, Any]) -> None:
    source = Source("a.json", json.dumps(record).encode())
    assert reader_for(source) is JSON


# -- spans by tokens

WORDS = ["Smith", "😀", "said", "Acme", "Corp", "lied", "."]
PLACES = [(0, 5), (6, 7), (8, 12), (13, 17), (18, 22), (23, 27), (27, 28)]
TOKENS = [
    {"text": word, "start": start, "end": end, "id": nth}
    for nth, (word, (start, end)) in enumerate(zip(WORDS, PLACES, strict=True))
]


@pytest.mark.parametrize("tokens", [TOKENS, WORDS])
def test_spans_are_placed_by_their_tokens(tokens: list[Any]) -> None:
    spans = [{"token_start": 3, "token_end": 4, "label": "ORG"}, {"token_start": 0, "token_end": 0}]
    foreign = only(taken(PRODIGY, {"text": TEXT, "tokens": tokens, "spans": spans}, "a.jsonl"))
    assert [each.fragments for each in foreign.spans] == [((13, 22),), ((0, 5),)]


def test_tokens_that_are_not_there_are_told() -> None:
    spans = [{"token_start": 3, "token_end": 7, "label": "ORG"}]
    found = taken(PRODIGY, {"text": TEXT, "tokens": TOKENS, "spans": spans}, "a.jsonl")
    assert problem(found) == "span 1 runs from token 3 to 7, of 7"
