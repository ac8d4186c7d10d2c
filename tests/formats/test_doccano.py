"""doccano's JSON Lines: real-shaped files, what is wrong in others, and there and back again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import regex
from hypothesis import given, settings

from annotator.core.codebook import Codebook
from annotator.core.model import Article, Kind, Progress, Span
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.core.text import sha256_of
from annotator.formats.base import FileRead, Format, Intake, Source, read_source
from annotator.formats.doccano import CUT_GRAPHEMES, DOCCANO, DOCCANO_GRAPHEMES
from annotator.formats.foreign import Foreign
from annotator.formats.jsonl import JSONL
from annotator.formats.registry import reader_for
from tests.formats.lines import articles, came_back, read_back, same_article, told, written

DATA = Path(__file__).parent.parent / "data" / "doccano"
TEXT = "Smith 😀 said Acme Corp lied."


def read(*examples: Any, form: Format = DOCCANO) -> FileRead:
    content = "\n".join(json.dumps(each, ensure_ascii=False) for each in examples).encode()
    return read_source(Intake(Source("all.jsonl", content), Codebook(name="test")), form)


def read_file(name: str, form: Format = DOCCANO) -> FileRead:
    source = Source.of(DATA / name)
    assert reader_for(source) is DOCCANO
    found = read_source(Intake(source, Codebook(name="test")), form)
    assert form is not DOCCANO or not found.problems
    return found


def foreigns(found: FileRead) -> list[Foreign]:
    return [each.foreign for each in found.records if each.foreign is not None]


def words(found: FileRead) -> list[list[tuple[str, str]]]:
    return [
        [
            (span.label, record.labels.article.text[start:end])
            for span in record.foreign.spans
            for start, end in span.fragments
        ]
        for record in found.records
        if record.foreign is not None
    ]


def problem(example: Any, form: Format = DOCCANO) -> str:
    found = read(example, form=form)
    assert not found.records
    (only,) = found.problems
    return str(only)


def test_a_project_with_relations() -> None:
    found = read_file("relations.jsonl")
    assert words(found) == [[("ACTOR", "Smith"), ("CLAIM", "Acme Corp lied")], []]
    first, second = foreigns(found)
    assert [(each.type, each.head, each.tail) for each in first.relations] == [("SAYS", "1", "2")]
    assert first.progress == Progress(note="?")
    assert second == Foreign()
    article = found.records[0].labels.article
    assert (article.external_id, article.publisher) == ("7", "AP")


def test_before_version_1_a_label_is_a_number_with_its_name_beside_it() -> None:
    annotation = {"id": 1, "label": 2, "label_name": "ORG", "start_offset": 14, "end_offset": 18, "user": 1}
    other = {**annotation, "id": 2, "label_name": None, "label_text": "PER", "user_name": "ben"}
    found = read({"id": 1, "text": "Smith sued to Acme.", "annotations": [annotation, other], "meta": {}})
    assert [(each.annotator, each.spans[0].label) for each in foreigns(found)] == [
        ("1", "ORG"),
        ("ben", "PER"),
    ]


def test_one_example_over_several_lines_behind_an_empty_one() -> None:
    example = {"text": TEXT, "entities": [{"id": 0, "start_offset": 0, "end_offset": 5, "label": "PER"}]}
    content = f"\n{json.dumps(example, indent=4)}\n".encode()
    found = read_source(Intake(Source("all.jsonl", content), Codebook(name="test")), DOCCANO)
    assert words(found) == [[("PER", "Smith")]]


def test_projects_without_relations() -> None:
    assert words(read_file("labels.jsonl")) == [
        [("PER", "Obama"), ("PER", "Angela Merkel")],
        [("PER", "Smith"), ("ORG", "Acme Corp")],
    ]
    old = read_file("labels_1_0.jsonl")
    assert words(old) == [[("LOC", "Tehran")]]
    assert old.records[0].labels.article.meta["wiki"] == "12"
    assert words(read_file("intent.jsonl")) == [[("LOC", "Tehran")]]


def test_each_user_of_an_old_file_is_an_annotator() -> None:
    found = read_file("annotations_1_0.jsonl")
    assert [(each.annotator, each.spans[0].label) for each in foreigns(found)] == [("1", "2"), ("2", "3")]


def test_categories_of_whole_texts_stay_in_the_metadata() -> None:
    assert read_file("classification.jsonl").records[0].labels.article.meta == {"label": ["politics"]}
    assert read_file("intent.jsonl").records[0].labels.article.meta == {"cats": ["report"]}


def test_offsets_that_are_no_whole_numbers_are_told() -> None:
    data = {"text": "Smith lied", "label": [[0.5, 3, "ACTOR"]]}
    assert reader_for(Source("a.jsonl", json.dumps(data).encode())) is DOCCANO
    assert "span 1 has no whole number as its start, but 0.5" in problem(data)
    numbers = {"text": "Smith lied", "label": [[0.5, 3, 1.5]]}
    assert reader_for(Source("a.jsonl", json.dumps(numbers).encode())) is JSONL, "none of its labels"


def test_graphemes_are_another_format() -> None:
    assert words(read_file("graphemes.jsonl", DOCCANO_GRAPHEMES)) == [[("PER", "Smith")]]
    source = Source.of(DATA / "graphemes.jsonl")
    found = read_source(Intake(source, Codebook(name="test")), DOCCANO)
    assert "choose the format doccano-graphemes" in str(found.problems[0])
    example = {"text": "e\u0301e\u0301 Smith", "label": [[5, 10, "PER"]]}
    assert "choose the format doccano" in problem(example, DOCCANO_GRAPHEMES)
    assert "but the text has only 8 graphemes" in problem(example, DOCCANO_GRAPHEMES)
    assert words(read(example)) == [[("PER", "Smith")]]


def test_offsets_of_a_text_with_two_characters_to_a_line_end() -> None:
    example = {"text": "😀.\r\nSmith lied.", "label": [[5, 10, "PER"]]}
    assert words(read(example)) == [[("PER", "Smith")]]
    example = {"text": "😀.\r\nSmith lied.", "label": [[3, 8, "PER"]]}
    assert words(read(example, form=DOCCANO_GRAPHEMES)) == [[("PER", "Smith")]]


@pytest.mark.parametrize(
    ("example", "wrong"),
    [
        ({"label": [[0, 99, "A"]]}, "span 1 runs from 0 to 99, but the text has only 29 UTF-16 units"),
        ({"label": [[0, 7, "A"]]}, "span 1 runs from 0 to 7, which is in the middle of a character"),
        ({"label": [[5, 5, "A"]]}, "span 1 is empty: it runs from 5 to 5"),
        ({"label": [["0", 5, "A"]]}, "span 1 has no whole number as its start, but '0'"),
        ({"label": [[0, 5]]}, "span 1 must be an object or [start, end, label], not [0, 5]"),
        ({"entities": [7]}, "span 1 must be an object or [start, end, label], not 7"),
        (
            {"entities": [{"id": 1, "start_offset": 0, "end_offset": 5, "label": "A"}] * 2},
            "the id 1 stands at two spans of this example",
        ),
        ({"entities": [], "relations": [{"id": 1, "from_id": 1, "to_id": 2}]}, "relation 1 names the span 1"),
        ({"entities": [], "relations": [4]}, "relation 1 must be an object, not a number"),
        ({"entities": [], "relations": 4}, "“relations” must be a list, not a number"),
        ({"entities": [], "Comments": [4]}, "a comment must be a text, not 4"),
        ({"text": " "}, "the text is empty"),
    ],
)
def test_each_wrong_thing_is_one_line(example: dict[str, Any], wrong: str) -> None:
    said = problem({"text": TEXT, **example})
    assert wrong in said
    assert said.startswith("all.jsonl, line 1: ")
    assert "\n" not in said


@given(lines=articles())
@settings(max_examples=150, deadline=None)
def test_there_and_back(lines: list[ArticleLabels], codebook: Codebook) -> None:
    data, _ = written(DOCCANO, lines, codebook)
    records = came_back(DOCCANO, data, codebook)
    assert len(records) == len(lines)
    for record, line in zip(records, lines, strict=True):
        article = line.article
        if article.external_id is None:
            article = replace(article, external_id=record.labels.article.external_id)
        assert same_article(record, article)
        assert record.foreign is not None
        assert record.foreign.annotator == line.annotator
        assert record.foreign.progress == Progress(note=line.progress.note)
        assert read_back(record) == told(line, codebook, everything=False)


@given(lines=articles())
@settings(max_examples=150, deadline=None)
def test_there_and_back_in_graphemes(lines: list[ArticleLabels], codebook: Codebook) -> None:
    text = lines[0].article.text
    starts = [match.start() for match in regex.finditer(r"\X", text)] + [len(text)]
    cut = 0
    snapped = []
    for line in lines:
        spans = []
        for span in line.spans:
            start = max(each for each in starts if each <= span.start)
            end = min(each for each in starts if each >= span.end)
            cut += (start, end) != (span.start, span.end) and span.annotator is not None
            spans.append(replace(span, fragments=((start, end),)))
        snapped.append(replace(line, spans=tuple(spans)))
    data, losses = written(DOCCANO_GRAPHEMES, lines, codebook)
    assert sum(number for (what, _), number in losses.found.items() if what == CUT_GRAPHEMES) == cut
    records = came_back(DOCCANO_GRAPHEMES, data, codebook)
    for record, line in zip(records, snapped, strict=True):
        assert read_back(record) == told(line, codebook, everything=False)


@given(lines=articles())
@settings(max_examples=100, deadline=None)
def test_there_and_back_without_relations(lines: list[ArticleLabels], codebook: Codebook) -> None:
    plain = replace(codebook, relation_types=())
    data, losses = written(DOCCANO, lines, plain)
    assert b'"entities"' not in data
    records = came_back(DOCCANO, data, plain)
    for record, line in zip(records, lines, strict=True):
        assert read_back(record) == told(replace(line, relations=()), plain, everything=False)
    own = sum(1 for line in lines for each in line.relations if each.annotator is not None)
    assert losses.found["relations", "left out"] == own


def test_a_written_example_is_what_doccano_documents(codebook: Codebook) -> None:
    from tests.formats.test_native import LABELS

    data, losses = written(DOCCANO, [LABELS, replace(LABELS, annotator="ben")], codebook)
    first, second = map(json.loads, data.splitlines())
    assert first["entities"] == [
        {"id": 1, "label": "Actor", "start_offset": 0, "end_offset": 5},
        {"id": 2, "label": "Cue", "start_offset": 9, "end_offset": 13},
        {"id": 3, "label": "Claim", "start_offset": 14, "end_offset": 28},
    ]
    assert first["relations"] == [{"id": 1, "from_id": 3, "to_id": 1, "type": "made_by"}]
    assert first["Comments"] == [{"id": 1, "comment": "read twice"}]
    assert first["id"] == second["id"] == 1
    assert (second["entities"][0]["id"], second["relations"][0]["id"]) == (4, 2)
    assert first["published"] == "2026-03-31"
    assert {what for what, _ in losses.found} <= set(DOCCANO.cannot_hold)
    assert losses.found["attributes of spans", "left out"] == 4


def test_metadata_named_like_a_part_of_the_example() -> None:
    meta = {"label": ["politics"], "id": 4, "meta": {"x": 1}}
    article = Article(id="a", text=TEXT, sha256=sha256_of(TEXT), meta=meta)
    span = Span(id="s", kind=Kind.ACTOR, label="A", fragments=((0, 5),), annotator="ana")
    data, _ = written(
        DOCCANO, [ArticleLabels(article=article, annotator="ana", spans=(span,))], Codebook(name="t")
    )
    assert json.loads(data)["meta"] == {"label": ["politics"], "id": 4, "x": 1}
