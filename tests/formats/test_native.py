"""Reader, writer and JSON Schema of ``annotator/1`` against each other."""

from __future__ import annotations

import copy
import io
import json
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.codebook import Codebook
from annotator.core.model import ActorRecord, Alias, Article, Kind, Progress, Relation, Span, State, Status
from annotator.core.ports import ArticleLabels
from annotator.core.text import sha256_of
from annotator.core.tokens import Tokens
from annotator.formats import native
from annotator.formats.base import FileRead
from annotator.formats.output import Output
from annotator.runtime.resources import resource

TEXT = "Smith 😀 said Acme\u00a0Corp lied.\u2028Nobody\u0301 else مرحبا said so."
SCHEMA = json.loads(resource("schema", "annotator-1.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

LABELS = ArticleLabels(
    article=Article(
        id="a1",
        text=TEXT,
        sha256=sha256_of(TEXT),
        title="Lies",
        published="2026-03-31",
        meta={"z": [1, {"y": None}], "a": "1"},
        furniture=((29, 36),),
    ),
    annotator="ana",
    progress=Progress(Status.DONE, flagged=True, note="read twice"),
    spans=(
        Span(
            id="s3",
            kind=Kind.CUE,
            label="Cue",
            fragments=((8, 12),),
            origin="annotator:ana",
            annotator="ana",
        ),
        Span(
            id="s2",
            kind=Kind.CLAIM,
            label="Claim",
            fragments=((13, 17), (23, 27)),
            attributes={"stance": "oppose", "categories": ["sanctions/relief"]},
            origin="annotator:ana",
            annotator="ana",
            note="n",
        ),
        Span(
            id="s1",
            kind=Kind.ACTOR,
            label="Actor",
            fragments=((0, 5),),
            actor="p1",
            origin="annotator:ana",
            annotator="ana",
        ),
        Span(
            id="s4",
            kind=Kind.ENTITY,
            label="Organization",
            fragments=((13, 22),),
            state=State.SUGGESTED,
            origin="spacy:en_core_web_md-3.8.0",
            confidence=0.875,
        ),
    ),
    relations=(
        Relation(id="r1", type="made_by", head="s2", tail="s1", origin="annotator:ana", annotator="ana"),
    ),
    actors=(ActorRecord(id="p1", name="Smith", type="person", aliases=(Alias("J. Smith"),)),),
    tokens=Tokens.of([(0, 5), (6, 7), (8, 12), (13, 17), (18, 22), (23, 27), (27, 28)]),
)  # fmt: skip


def written(*labels: ArticleLabels) -> str:
    stream = io.BytesIO()
    native.write(labels, Output(Codebook(name="test"), stream))
    return stream.getvalue().decode()


def good_line() -> dict[str, Any]:
    line: dict[str, Any] = json.loads(written(LABELS))
    return line


def test_bytes_are_exactly_these() -> None:
    assert written(LABELS) == (
        '{"format":"annotator/1","id":"a1","external_id":null,"title":"Lies","text":'
        + json.dumps(TEXT, ensure_ascii=False)
        + ',"meta":{"publisher":null,"author":null,"url":null,"published":"2026-03-31","language":null,'
        '"z":[1,{"y":null}],"a":"1"},"status":"done","annotator":"ana","spans":['
        '{"id":"s1","kind":"actor","label":"Actor","start":0,"end":5,"fragments":[[0,5]],"text":"Smith",'
        '"token_start":0,"token_end":0,"actor":"p1","attributes":{},"state":"accepted","origin":"annotator:ana",'
        '"confidence":null,"note":null},'
        '{"id":"s3","kind":"cue","label":"Cue","start":8,"end":12,"fragments":[[8,12]],"text":"said",'
        '"token_start":2,"token_end":2,"actor":null,"attributes":{},"state":"accepted","origin":"annotator:ana",'
        '"confidence":null,"note":null},'
        '{"id":"s2","kind":"claim","label":"Claim","start":13,"end":27,"fragments":[[13,17],[23,27]],'
        '"text":"Acme lied","token_start":3,"token_end":5,"actor":null,'
        '"attributes":{"stance":"oppose","categories":["sanctions/relief"]},"state":"accepted",'
        '"origin":"annotator:ana","confidence":null,"note":"n"},'
        '{"id":"s4","kind":"entity","label":"Organization","start":13,"end":22,"fragments":[[13,22]],'
        '"text":"Acme\u00a0Corp","token_start":3,"token_end":4,"actor":null,"attributes":{},"state":"suggested",'
        '"origin":"spacy:en_core_web_md-3.8.0","confidence":0.875,"note":null}],'
        '"relations":[{"id":"r1","type":"made_by","head":"s2","tail":"s1","attributes":{},"state":"accepted",'
        '"origin":"annotator:ana","confidence":null,"note":null}],'
        '"actors":[{"id":"p1","name":"Smith","type":"person","aliases":["J. Smith"],"external_id":null}],'
        '"furniture":[[29,36]],"note":"read twice","flagged":true}\n'
    )  # fmt: skip


def test_keys_are_those_of_the_schema_in_its_order() -> None:
    assert tuple(SCHEMA["properties"]) == native.LINE_KEYS
    assert tuple(SCHEMA["properties"]["meta"]["properties"]) == native.META_KEYS
    assert tuple(SCHEMA["$defs"]["span"]["properties"]) == native.SPAN_KEYS
    assert tuple(SCHEMA["$defs"]["relation"]["properties"]) == native.RELATION_KEYS
    assert tuple(SCHEMA["$defs"]["actor"]["properties"]) == native.ACTOR_KEYS
    line = good_line()
    assert tuple(line) == native.LINE_KEYS
    assert tuple(line["spans"][0]) == native.SPAN_KEYS
    assert tuple(line["relations"][0]) == native.RELATION_KEYS
    assert tuple(line["actors"][0]) == native.ACTOR_KEYS[:5], "the others only where they say something"


def test_schema_is_one_and_describes_every_key() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for part in (SCHEMA, SCHEMA["properties"]["meta"], *SCHEMA["$defs"].values()):
        for name, value in part.get("properties", {}).items():
            target = SCHEMA["$defs"][value["$ref"].rsplit("/", 1)[1]] if "$ref" in value else value
            assert value.get("description") or target["description"], name


def test_line_is_read_back_as_it_was_written(read: Any) -> None:
    text = written(LABELS)
    VALIDATOR.validate(json.loads(text))
    (record,) = read("a.jsonl", text).records
    assert (record.native, record.furnished) == (True, True)
    back = ArticleLabels(
        **{name: getattr(record.labels, name) for name in ("article", "annotator", "progress", "spans")},
        relations=record.labels.relations,
        actors=record.labels.actors,
        tokens=LABELS.tokens,
    )
    assert written(back) == text


def test_least_line(read: Any) -> None:
    line = {"format": "annotator/1", "text": TEXT, "annotator": "ana"}
    line["spans"] = [{"kind": "claim", "label": "Claim", "start": 0, "end": 5}]  # type: ignore[assignment]
    VALIDATOR.validate(line)
    (record,) = read("some/a.jsonl", json.dumps(line), at="2026-03-01T00:00:00.000Z").records
    (span,) = record.labels.spans
    assert (span.fragments, span.state, span.annotator) == (((0, 5),), State.ACCEPTED, "ana")
    assert (span.origin, span.created) == ("import:a.jsonl", "2026-03-01T00:00:00.000Z")
    assert span.id
    assert not record.furnished


def test_labels_of_a_line_that_names_no_annotator(read: Any) -> None:
    line = {"format": "annotator/1", "text": TEXT}
    line["spans"] = [{"kind": "claim", "label": "Claim", "start": 0, "end": 5, "state": "accepted"}]  # type: ignore[assignment]
    assert "annotator" in str(read("a.jsonl", json.dumps(line)).problems[0])
    (record,) = read("a.jsonl", json.dumps(line), annotator="ben").records
    assert (record.labels.annotator, record.labels.spans[0].annotator) == ("ben", "ben")


# -- what is wrong ----------------------------------------------------------------------------------

type Path = tuple[str | int, ...]
GONE = object()


def with_change(path: Path, value: object) -> dict[str, Any]:
    line = good_line()
    place: Any = line
    for step in path[:-1]:
        place = place[step]
    if value is GONE:
        place.pop(path[-1], None)
    else:
        place[path[-1]] = value
    return line


STRUCTURE: list[tuple[Path, object, str]] = [
    (("format",), "annotator/9", "annotator/9"),
    (("text",), 3, "“text” must be a text"),
    (("text",), GONE, "it has no “text”"),
    (("text",), "  \n", "text is empty"),
    (("text",), TEXT.replace("\u2028", "\r"), "carriage return"),
    (("id",), "", "“id” is empty"),
    (("id",), 4, "“id” must be a text or null, not a number"),
    (("extra",), 1, "the key “extra” is unknown"),
    (("meta",), None, "“meta” must be an object, not null"),
    (("meta", "author"), ["x"], "“author” must be a text or null, not a list"),
    (("meta", "published"), "31.03.2026", "the date “31.03.2026”"),
    (("status",), "finished", "“status” must be one of new"),
    (("annotator",), None, "“annotator” is null"),
    (("flagged",), 1, "“flagged” must be true or false, not a number"),
    (("note",), 7, "“note” must be a text or null"),
    (("furniture",), [[3]], "“furniture” must be a list of pairs"),
    (("spans",), {}, "“spans” must be a list, not an object"),
    (("spans", 0), "x", "span 1: it must be an object, not a text"),
    (("spans", 0, "extra"), 1, "span s1: the key “extra” is unknown"),
    (("spans", 0, "kind"), "person", "“kind” must be one of entity, actor, claim, cue, not “person”"),
    (("spans", 0, "kind"), GONE, "it has no “kind”"),
    (("spans", 0, "label"), GONE, "it has no “label”"),
    (("spans", 0, "label"), "", "“label” is empty"),
    (("spans", 0, "start"), -1, "“start” and “end” are not the outer edges"),
    (("spans", 0, "start"), True, "“start” must be a whole number, not true or false"),
    (("spans", 0, "fragments"), [], "at least one fragment"),
    (("spans", 0, "fragments"), [[0, 5, 6]], "list of pairs"),
    (("spans", 0, "fragments"), [["0", 5]], "list of pairs"),
    (("spans", 0, "text"), 3, "“text” must be a text"),
    (("spans", 0, "token_start"), "0", "“token_start” must be a token's number or null"),
    (("spans", 0, "token_end"), -1, "must be numbers from 0 on"),
    (("spans", 0, "actor"), "", "“actor” is empty"),
    (("spans", 0, "attributes"), [], "“attributes” must be an object"),
    (("spans", 0, "state"), "done", "“state” must be one of suggested, accepted, rejected"),
    (("spans", 0, "origin"), "", "“origin” is empty"),
    (("spans", 0, "confidence"), "high", "“confidence” must be a number or null"),
    (("relations", 0, "head"), GONE, "it has no “head”"),
    (("relations", 0, "type"), 3, "“type” must be a text"),
    (("relations", 0, "extra"), 1, "relation r1: the key “extra” is unknown"),
    (("relations", 0, "attributes"), None, "“attributes” must be an object"),
    (("actors", 0, "name"), GONE, "actor record p1: it has no “name”"),
    (("actors", 0, "aliases"), [""], "“aliases” must be a list of texts"),
    (("actors", 0, "aliases"), "J.", "“aliases” must be a list"),
    (("actors", 0, "aliases"), [{"language": "en"}], "it has no “name”"),
    (("actors", 0, "aliases"), [{"name": "J.", "language": 1}], "“language” must be a text or null"),
    (("actors", 0, "properties"), [{"name": "party"}], "it has no “value”"),
    (
        ("actors", 0, "properties"),
        [{"name": "party", "value": 1, "since": 2}],
        "“since” must be a text or null",
    ),
    (("actors", 0, "properties"), ["party"], "it must be an object"),
    (("actors", 0, "note"), 1, "“note” must be a text or null"),
    (("actors", 0, "extra"), 1, "the key “extra” is unknown"),
]
"""Changes of the good line that the schema forbids as well."""

MEANING: list[tuple[Path, object, str]] = [
    (("spans", 0, "fragments"), [[0, 999]], "“start” and “end”"),
    (("spans", 2, "end"), 28, "“start” and “end”"),
    (("spans", 2, "fragments"), [[13, 20], [18, 27]], "overlap or are out of order"),
    (("spans", 0, "label"), "Aktor", "the codebook has no actor label 'Aktor'"),
    (("spans", 0, "text"), "Smit", "its text is “Smit”, but its offsets hold “Smith”"),
    (("spans", 1, "id"), "s1", "its id stands there twice"),
    (("spans", 0, "actor"), "p9", "its actor record “p9” is not among"),
    (("spans", 2, "attributes"), {"stance": "maybe"}, "Stance takes one of"),
    (("spans", 2, "attributes"), {"mood": "sad"}, "no attribute 'mood'"),
    (("relations", 0, "tail"), "s9", "its tail is the unknown span 's9'"),
    (("relations", 0, "tail"), "s2", "its head and tail are the same span"),
    (("relations", 0, "tail"), "s3", "'made_by' may not run from claim to cue"),
    (("relations", 0, "type"), "says", "the codebook has no relation type 'says'"),
    (("spans", 0, "state"), "suggested", "it is accepted, but its span s1 is suggested"),
    (("furniture",), [[0, 999]], "the furniture 0–999 lies beyond the text"),
    (("meta", "published"), "2026-02-30", "the date “2026-02-30”"),
    (("text",), TEXT[2:], "its text is"),
    (
        ("actors", 0, "properties"),
        [{"name": "party", "value": "A", "since": "2026-02-30"}],
        "the date “2026-02-30” is not written",
    ),
    (
        ("actors", 0, "properties"),
        [{"name": "party", "value": "A"}, {"name": "party", "value": "B", "until": "2026-02-03"}],
        "stands there twice from the same day on",
    ),
    (
        ("actors",),
        [{"id": "p1", "name": "a"}, {"id": "p1", "name": "b"}],
        "record p1: its id stands there twice",
    ),
]
"""Changes that only the reader can judge."""


def problems_of(read: Any, line: dict[str, Any]) -> list[str]:
    found: FileRead = read("a.jsonl", "\n" + json.dumps(line))
    assert bool(found.records) != bool(found.problems)
    return [str(problem) for problem in found.problems]


@pytest.mark.parametrize(("path", "value", "what"), STRUCTURE + MEANING)
def test_every_problem_is_named_with_line_and_record(read: Any, path: Path, value: object, what: str) -> None:
    lines = problems_of(read, with_change(path, value))
    assert all(line.startswith("a.jsonl, line 2") for line in lines)
    assert any(what in line for line in lines), lines


def test_a_relation_is_not_blamed_for_its_span(read: Any) -> None:
    (problem,) = problems_of(read, with_change(("spans", 0, "label"), "Aktor"))
    assert "span s1" in problem


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("properties", [{"name": "party", "value": "A", "since": "31.3.2026"}], "the date “31.3.2026”"),
        ("name", GONE, "it has no “name”"),
        ("id", GONE, "it has no “id”"),
        ("id", 7, "“id” must be a text"),
    ],
)
def test_of_a_bad_actor_record_only_the_cause_is_reported(
    read: Any, key: str, value: object, what: str
) -> None:
    (problem,) = problems_of(read, with_change(("actors", 0, key), value))
    assert "actor record" in problem
    assert what in problem


def test_what_nobody_has_touched_is_not_of_whoever_imports_it(read: Any) -> None:
    suggested = {"kind": "actor", "label": "Actor", "start": 0, "end": 5, "state": "suggested"}
    line: dict[str, Any] = {"format": "annotator/1", "text": TEXT, "annotator": None}
    for spans, annotator in (([], None), ([suggested], None), ([{**suggested, "state": "accepted"}], "ana")):
        found: FileRead = read("a.jsonl", json.dumps({**line, "spans": spans}), annotator="ana")
        assert found.problems == []
        assert found.records[0].labels.annotator == annotator


def test_span_beyond_the_text(read: Any) -> None:
    line = with_change(("spans", 0, "fragments"), [[0, 999]])
    line["spans"][0]["end"] = 999
    (problem, *_) = problems_of(read, line)
    assert problem.startswith(
        f"a.jsonl, line 2, span s1: the span 0–999 lies beyond the text, which has {len(TEXT)}"
    )


@pytest.mark.parametrize(("path", "value", "what"), STRUCTURE)
def test_schema_forbids_what_the_reader_forbids(path: Path, value: object, what: str) -> None:
    assert not VALIDATOR.is_valid(with_change(path, value)), what


@pytest.mark.parametrize(("path", "value", "what"), MEANING)
def test_schema_knows_only_the_structure(path: Path, value: object, what: str) -> None:
    assert VALIDATOR.is_valid(with_change(path, value)), what


JUNK = st.sampled_from(
    [None, True, 0, 3, -1, 0.5, "", "x", "new", "accepted", [], [[0, 5]], {}, {"a": 1}, GONE]
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(data=st.data())
def test_reader_and_schema_agree_on_any_change(read: Any, data: st.DataObject) -> None:
    """What the schema forbids the reader refuses, and never with anything but a problem."""
    paths: list[Path] = [(key,) for key in native.LINE_KEYS]
    paths += [("spans", 0, key) for key in native.SPAN_KEYS]
    paths += [("relations", 0, key) for key in native.RELATION_KEYS]
    paths += [("actors", 0, key) for key in native.ACTOR_KEYS] + [("meta", key) for key in native.META_KEYS]
    path, value = data.draw(st.sampled_from(paths)), data.draw(JUNK)
    line = with_change(path, copy.deepcopy(value) if value is not GONE else GONE)
    if line.get("format") != native.FORMAT:
        return
    refused = bool(problems_of(read, line))
    if not VALIDATOR.is_valid(line):
        assert refused, (path, value)
