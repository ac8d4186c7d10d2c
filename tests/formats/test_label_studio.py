"""Label Studio's JSON: real-shaped files, what is wrong in others, and there and back again."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given, settings

from annotator.core.codebook import Attribute, AttributeType, Codebook, Label
from annotator.core.mapping import ImportMapping
from annotator.core.model import Article, Kind, Progress, Span, State, Status
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.core.text import sha256_of
from annotator.formats.base import FileRead, Intake, Source, read_source
from annotator.formats.foreign import Foreign
from annotator.formats.json_labels import UNLABELLED
from annotator.formats.label_studio import LABEL_STUDIO, LABEL_STUDIO_CONFIG
from annotator.formats.label_studio_quick import Results, tasks_of
from annotator.formats.label_studio_writing import (
    APART,
    CONFIDENCES,
    IN_PROGRESS,
    ORIGINS,
    labeling_config,
)
from annotator.formats.registry import reader_for
from tests.formats.lines import articles, came_back, read_back, same_article, told, written

DATA = Path(__file__).parent.parent / "data" / "label_studio"
TEXT = "Smith 😀 said Acme Corp lied."


def region(id_: str, start: int, end: int, *labels: str, **more: Any) -> dict[str, Any]:
    value = {"start": start, "end": end, "labels": list(labels), **more}
    return {"id": id_, "from_name": "label", "to_name": "text", "type": "labels", "value": value}


def read(*tasks: Any, **options: Any) -> FileRead:
    source = Source("export.json", json.dumps(tasks, ensure_ascii=False).encode())
    return read_source(Intake(source, Codebook(name="test"), **options), LABEL_STUDIO)


def read_result(*result: Any, text: str = TEXT) -> FileRead:
    return read({"data": {"text": text}, "annotations": [{"result": result}]})


def read_file(name: str) -> FileRead:
    source = Source.of(DATA / name)
    assert reader_for(source) is LABEL_STUDIO
    found = read_source(Intake(source, Codebook(name="test")), LABEL_STUDIO)
    assert not found.problems
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


def problem(*result: Any) -> str:
    found = read_result(*result)
    assert not found.records
    (only,) = found.problems
    return str(only)


def test_annotations_and_predictions() -> None:
    found = read_file("ner_relations.json")
    assert words(found) == [
        [("ACTOR", "Smith"), ("CLAIM", "Acme Corp lied")],
        [("ACTOR", "Smith"), ("PERSON", "Smith"), ("ACTOR", "Acme Corp")],
        [("ORG", "Acme Corp")],
        [],
        [],
    ]
    ana, two, model, cancelled, nobody = foreigns(found)
    assert [each.annotator for each in (ana, two, model, cancelled)] == ["ana@example.org", "2", None, "1"]
    assert ana.progress == Progress(Status.DONE, note="see page 2")
    assert cancelled.progress.status is Status.SKIPPED
    assert nobody == Foreign()
    assert ana.spans[0].note == "the mayor"
    assert ana.spans[1].note == "quoted twice"
    assert ana.spans[1].attributes == {"stance": "con", "topics": ["economy/fraud", "courts"], "certainty": 4}
    assert [(each.type, each.head, each.tail) for each in ana.relations] == [("SAYS", "s2", "s1")]
    assert [(each.type, each.head, each.tail) for each in two.relations] == [
        (UNLABELLED, "t2", "t1"),
        (UNLABELLED, "t1", "t2"),
    ]
    (suggestion,) = model.spans
    assert (suggestion.suggested, suggestion.origin, suggestion.confidence) == (True, "spacy", 0.75)
    article = found.records[0].labels.article
    assert (article.title, article.publisher, article.external_id) == ("Lies", "AP", "1")
    assert article.meta["genre"] == {"ana@example.org": "report", "2": "comment"}


def test_other_shapes() -> None:
    minimal = read_file("json_min.json")
    assert words(minimal) == [[("ACTOR", "Smith"), ("CLAIM", "Acme Corp lied")]]
    (foreign,) = foreigns(minimal)
    assert foreign.annotator == "1"
    assert foreign.spans[1].attributes == {"stance": "con"}
    assert minimal.records[0].labels.article.meta == {"genre": "report"}
    assert words(read_file("completions_0_9.json")) == [[("ORG", "Acme Corp")]]
    stored = read_file("storage.json")
    assert words(stored) == [[("ACTOR", "Smith")]]
    assert foreigns(stored)[0].annotator == "ana@example.org"
    assert words(read_file("hypertext.json")) == [[("WORD", "Other"), ("LONG", "One line.\nOther")]]


def in_table(rows: list[dict[str, Any]], delimiter: str) -> bytes:
    """Records of JSON-MIN as the CSV export writes them."""
    stream = io.StringIO()
    table = csv.DictWriter(stream, list(rows[0]), delimiter=delimiter)
    table.writeheader()
    for row in rows:
        cells = {
            key: json.dumps(each, ensure_ascii=False) if type(each) in (list, dict) else each
            for key, each in row.items()
        }
        table.writerow(cells)
    return stream.getvalue().encode()


@pytest.mark.parametrize(("ending", "delimiter"), [("csv", ","), ("tsv", "\t"), ("csv", ";")])
def test_a_table_is_read_like_its_records(ending: str, delimiter: str) -> None:
    rows = json.loads((DATA / "json_min.json").read_text(encoding="utf-8"))
    other = {**rows[0], "annotation_id": 2, "annotator": 2, "label": "", "stance": "", "genre": "comment"}
    source = Source(f"project-1.{ending}", in_table([rows[0], other], delimiter))
    assert reader_for(source) is LABEL_STUDIO
    found = read_source(Intake(source, Codebook(name="test")), LABEL_STUDIO)
    assert not found.problems
    first, second = foreigns(found)
    assert words(found) == [[("ACTOR", "Smith"), ("CLAIM", "Acme Corp lied")], []]
    assert (first.annotator, second.annotator) == ("1", "2")
    assert first.spans[1].attributes == {"stance": "con"}
    assert found.records[0].labels.article.meta == {"genre": {"1": "report", "2": "comment"}}


def test_a_table_as_its_converter_writes_it() -> None:
    regions = '"[{""start"":0,""end"":5,""text"":""Smith"",""labels"":[""ACTOR""]}]"'
    content = (
        '"_data_text","annotation_id","annotator","created_at","id","label","lead_time","text","updated_at"\r\n'
        f'"Smith lied",4,"1 ana@example.org","",7,{regions},2.5,"an answer",""\r\n'
        '"Nobody did","","","",8,"","","",""\r\n'
    )
    source = Source("result.csv", content.encode())
    assert reader_for(source) is LABEL_STUDIO
    found = read_source(Intake(source, Codebook(name="test")), LABEL_STUDIO)
    assert not found.problems
    first, second = found.records
    assert words(found) == [[("ACTOR", "Smith")], []]
    assert first.labels.article.meta == {"text_": "an answer"}
    assert [each.progress.status for each in foreigns(found)] == [Status.DONE, Status.NEW]
    assert (second.labels.article.text, second.labels.article.external_id) == ("Nobody did", "8")


@pytest.mark.parametrize("title", ["[2023]", "[]", "[1, 2]", "{}", "[Update] Smith"])
def test_a_text_in_brackets_is_no_json_of_a_control(title: str) -> None:
    header = "text,title,id,label,annotator,annotation_id,created_at,updated_at,lead_time\n"
    source = Source("a.csv", f'{header}Smith lied,"{title}",1,,1,1,,,2.0\n'.encode())
    found = read_source(Intake(source, Codebook(name="test")), LABEL_STUDIO)
    assert not found.problems
    assert [each.labels.article.title for each in found.records] == [title]


def test_labels_in_a_table_that_cannot_be_read_are_told() -> None:
    header = "text,id,label,annotator,annotation_id,created_at,updated_at,lead_time\n"
    source = Source("a.csv", f"{header}Smith lied,1,[{{'start': 0}}],1,1,,,2.0\n".encode())
    found = read_source(Intake(source, Codebook(name="test")), LABEL_STUDIO)
    assert [each.what for each in found.problems] == ["the column “label” does not hold its labels as JSON"]
    source = Source("a.csv", f'{header}Smith lied,1,[{{"start": 0, "end": 5}}],1,1,,,2.0\n'.encode())
    found = read_source(Intake(source, Codebook(name="test")), LABEL_STUDIO)
    assert [each.what for each in found.problems] == ["this row has 9 columns, the header 8 columns"]
    assert found.problems[0].cure == "Export the project again, as JSON"


def hyper(start: int, end: int, text: str) -> dict[str, Any]:
    value = {
        "start": "/p[1]/text()[1]",
        "end": "/p[1]/text()[1]",
        "startOffset": 0,
        "endOffset": 5,
        "globalOffsets": {"start": start, "end": end},
        "text": text,
        "hypertextlabels": ["PER"],
    }
    return {
        "id": f"{start}",
        "from_name": "ner",
        "to_name": "text",
        "type": "hypertextlabels",
        "value": value,
    }


def test_rows_of_json_min_about_one_task_are_one_task() -> None:
    """Each annotator has a row, and whatever they say of the whole text is a key beside its data."""

    def row(who: int, **more: Any) -> dict[str, Any]:
        about = {
            "annotator": who,
            "annotation_id": 8 + who,
            "lead_time": who,
            "created_at": f"2024-03-0{who}",
        }
        return {"text": TEXT, "id": 4, "genre": "report", **about, **more}

    label = [{"start": 0, "end": 5, "text": "Smith", "labels": ["ACTOR"]}]
    found = read(
        row(1, label=label, mood="good", topics={"choices": ["a", "b"]}),
        row(2, mood="bad", topics="a"),
        row(3, label=[]),
        {**row(1, mood="good"), "id": 5, "text": "Another text of its own."},
    )
    assert not found.problems
    assert [foreign.annotator for foreign in foreigns(found)] == ["1", "2", "3", "1"]
    assert words(found) == [[("ACTOR", "Smith")], [], [], []]
    first, _, third, other = (each.labels.article for each in found.records)
    assert first.meta == third.meta
    assert first.meta["genre"] == "report"
    assert first.meta["mood"] == {"1": "good", "2": "bad"}
    assert first.meta["topics"] == {"1": ["a", "b"], "2": "a"}
    assert other.meta["mood"] == "good"


def test_a_region_may_have_a_note_and_a_text_area_called_note() -> None:
    place = {"start": 0, "end": 5, "text": "Smith"}
    result = [
        {"id": "a", "from_name": "label", "type": "labels", "value": {**place, "labels": ["ACTOR"]}},
        {"id": "a", "from_name": "note", "type": "textarea", "value": {**place, "text": ["one", "two"]},
         "meta": {"text": ["three"]}},
    ]  # fmt: skip
    task = {"data": {"text": TEXT}, "annotations": [{"created_username": "eric", "result": result}]}
    (foreign,) = foreigns(read(task))
    assert foreign.spans[0].note == "one\ntwo\nthree"
    assert foreign.annotator == "eric"


@pytest.mark.parametrize(("br", "shift"), [("", 0), ("<br/>", 1)])
def test_of_html_what_is_shown_is_the_text(br: str, shift: int) -> None:
    markup = f"<html><!-- x -->\n<p>Ann &amp; Bob 😀{br}in <b>Rome</b>.</p></html>"
    result = [hyper(1, 4, "Ann"), hyper(13 + shift, 20 + shift, "in Rome")]
    found = read({"data": {"html": markup}, "annotations": [{"result": result}]})
    assert not found.problems
    assert words(found) == [[("PER", "Ann"), ("PER", "in Rome")]]
    assert "<" not in found.records[0].labels.article.text


@pytest.mark.parametrize(
    "address", ["https://pets.example/cat.jpg", "/data/upload/3/a.txt", "s3://bucket/a.txt"]
)
def test_the_address_of_a_file_is_no_text(address: str) -> None:
    found = read({"data": {"image": address}, "annotations": [{"result": []}]})
    (problem_,) = found.problems
    assert problem_.what == f"the task has the address of a file, “{address}”, and no text"


def test_what_models_say_of_a_whole_article_is_counted() -> None:
    choice = {"from_name": "tone", "to_name": "text", "type": "choices", "value": {"choices": ["calm"]}}
    task = {"data": {"text": TEXT}, "predictions": [{"model_version": "m", "result": [choice]}]}
    intake = Intake(Source("export.json", json.dumps([task]).encode()), Codebook(name="test"))
    assert not read_source(intake, LABEL_STUDIO).problems
    assert intake.left_out == {"prediction about a whole article": 1}


def test_html_whose_regions_are_elsewhere_is_one_problem_each() -> None:
    found = read({"data": {"html": "<p>Ann</p>"}, "annotations": [{"result": [hyper(0, 3, "Bob")]}]})
    (told_,) = found.problems
    assert "Its text is HTML" in told_.cure


def test_html_full_of_beginnings_takes_no_time() -> None:
    markup = "<" * 300_000 + "<!--" * 100_000 + "<p"
    found = read({"data": {"html": markup}, "annotations": [{"result": [hyper(0, 3, "Bob")]}]})
    assert len(found.problems) == 1


def test_a_region_without_labels_is_a_span_all_the_same() -> None:
    found = read_file("minimal.json")
    assert words(found)[0] == [("ACTOR", "Smith"), (UNLABELLED, "Acme Corp lied")]
    assert foreigns(found)[0].spans[1].attributes == {"stance": "con"}


def test_relations_run_as_they_are_drawn() -> None:
    ends = region("a", 0, 5, "A"), region("b", 13, 22, "B")
    relation = {"type": "relation", "from_id": "a", "to_id": "b"}
    for direction, pairs in (
        ("right", {("a", "b")}),
        ("left", {("b", "a")}),
        ("bi", {("a", "b"), ("b", "a")}),
    ):
        found = read_result(*ends, {**relation, "direction": direction, "labels": ["X", "Y"]})
        (foreign,) = foreigns(found)
        assert {(each.head, each.tail) for each in foreign.relations} == pairs
        assert {each.type for each in foreign.relations} == {"X", "Y"}


def test_the_text_tells_what_offsets_count() -> None:
    units = region("a", 14, 23, "A", text="Acme Corp")
    assert words(read_result(units)) == [[("A", "Acme Corp")]]
    points = region("a", 13, 22, "A", text="Acme Corp")
    assert words(read_result(points)) == [[("A", "Acme Corp")]]
    raw = "One.\r\nAcme Corp lied."
    for start in (5, 6):
        one = region("a", start, start + 9, "A", text="Acme Corp")
        assert words(read_result(one, text=raw)) == [[("A", "Acme Corp")]]
    assert words(read_result(region("a", 6, 10, "A"), text=raw)) == [[("A", "Acme")]]


def test_which_of_the_data_is_the_text() -> None:
    label = {**region("a", 0, 5, "A", text="Smith"), "to_name": "story"}
    long = {"x": "1", "story": TEXT}
    for data in (
        {"y": 1, "x": TEXT},
        {"headline": "An entirely other line.", "body": TEXT},
        {"headline": "An entirely other line.", "story": TEXT},
        {"image": "https://example.org/1.png", "snippet": TEXT},
        {"one": "An entirely other line.", "two": TEXT},
    ):
        found = read({"data": data, "annotations": [{"result": [label]}]})
        assert words(found) == [[("A", "Smith")]], data
    assert not read({"data": {"a": "One line.", "b": "Two lines."}}).records
    mapped = read(
        {"data": {"a": "One line.", "b": "Two lines."}}, mapping=ImportMapping(fields={"b": "text"})
    )
    assert mapped.records[0].labels.article.text == "Two lines."
    assert read({"data": long}).records[0].labels.article.text == TEXT


def test_one_text_in_two_tasks_is_one_article() -> None:
    found = read(*({"id": nth, "data": {"text": TEXT}} for nth in (4, 9)))
    assert [each.labels.article.external_id for each in found.records] == ["4", "4"]


def test_several_annotations_of_one_annotator() -> None:
    task = {"data": {"text": TEXT}, "annotations": [{"completed_by": 1, "result": []}] * 2}
    task["drafts"] = [
        {"user": "ben@example.org", "annotation": None, "result": [region("a", 0, 5, "A")]},
        {"user": 1, "annotation": None, "result": [region("a", 0, 5, "A")]},
        {"user": "cem@example.org", "annotation": 7, "result": []},
    ]
    first, second, draft = foreigns(read(task))
    assert [first.annotator, second.annotator, draft.annotator] == ["1", "1 (2)", "ben@example.org"]
    assert draft.progress.status is Status.IN_PROGRESS


SAID = [{"author": "Bea", "text": "Never 😀 again."}, {"text": "Why?"}, {"author": "Cy", "text": "No."}]


def said(start: int, end: int, first: int, last: int, **more: Any) -> dict[str, Any]:
    """A region of a dialogue, as the tag Paragraphs gives it: numbers of turns as texts."""
    value = {"start": str(start), "end": str(end), "startOffset": first, "endOffset": last, **more}
    value["paragraphlabels"] = ["A"]
    return {
        "id": f"{start}-{first}",
        "from_name": "p",
        "to_name": "d",
        "type": "paragraphlabels",
        "value": value,
    }


@pytest.mark.parametrize("key", ["dialogue", "text"])
def test_dialogues(key: str) -> None:
    result = [
        said(0, 0, 0, 5, text="Never"), said(0, 0, 9, 14, text="again"), said(1, 2, 0, 2, text="Why?No"),
    ]  # fmt: skip
    task = {"data": {key: SAID, "title": "A short talk"}, "annotations": [{"result": result}]}
    found = read(task)
    (record,) = found.records
    assert record.labels.article.text == "Bea: Never 😀 again.\n\nWhy?\n\nCy: No."
    assert record.labels.article.title == "A short talk"
    assert [each for _, each in words(found)[0]] == ["Never", "again", "Why?\n\nCy: No"]


@pytest.mark.parametrize("change", [{"start": "7"}, {"startOffset": 99, "endOffset": 101}, {"start": "x"}])
def test_dialogues_whose_regions_are_nowhere(change: dict[str, Any]) -> None:
    item = said(0, 0, 0, 5)
    item["value"] |= change
    (problem,) = read({"data": {"d": SAID}, "annotations": [{"result": [item]}]}).problems
    assert problem.what.startswith("region 1 ")


def test_many_regions_of_a_long_turn_take_no_longer() -> None:
    result = [said(0, 0, nth, nth + 1, text="q") for nth in range(1, 500)]
    task = {"data": {"d": [{"text": "😀x " * 20_000}]}, "annotations": [{"result": result}]}
    begun = process_time()
    assert read(task).problems
    assert process_time() - begun < 2


def test_lists_of_texts_besides_the_text_are_metadata() -> None:
    data = {"article": "Bea left early.", "comments": [{"text": "Oh?"}]}
    (record,) = read({"data": data, "annotations": []}).records
    assert record.labels.article.text == "Bea left early."
    assert record.labels.article.meta["comments"] == [{"text": "Oh?"}]


def test_regions_of_pages_that_know_only_their_piece() -> None:
    """As versions before 1.0 write HyperText regions: a path and an offset, and “htmllabels”."""
    page = "<h1>No <a>deal</a> 😀 yet</h1><!-- x --><p>Bea <b>left</b>.</p><p>Cy <br>stayed.</p>"
    places = [
        ("/h1[1]/text()[1]", 0, "/h1[1]/a[1]/text()[1]", 4, "No deal"),
        ("/h1[1]/text()[2]", 4, "/h1[1]/text()[2]", 7, "yet"),
        ("/p[1]/b[1]/text()[1]", 0, "/p[1]/text()[2]", 1, "left."),
        ("/p[2]/text()[2]", 0, "/p[2]/text()[2]", 6, "stayed"),
    ]
    result = [
        {
            "id": str(nth), "from_name": "l", "to_name": "t", "type": "hypertextlabels",
            "value": {
                "start": start, "startOffset": first, "end": end, "endOffset": last, "text": text,
                "htmllabels": ["A"],
            },
        }
        for nth, (start, first, end, last, text) in enumerate(places)
    ]  # fmt: skip
    found = read({"data": {"text": page}, "completions": [{"result": result}]})
    assert words(found) == [[("A", each[-1]) for each in places]]


@pytest.mark.parametrize(
    ("result", "wrong"),
    [
        ([region("a", 0, 99, "A")], "region 1 runs from 0 to 99, but the text has only 28 code points"),
        ([region("a", 0, 5, "A", text="Jones")], "region 1 is “Jones” in the file, but “Smith” stands"),
        ([region("a", 0, 99, "A", text="Jones")], "region 1 runs from 0 to 99"),
        ([region("a", 5, 5, "A")], "region 1 is empty"),
        ([region("a", 0, 5), region("a", 0, 4)], "the id a stands at two regions of different extent"),
        ([{"type": "labels"}], "region 1 has no “value” and “type”"),
        ([5], "“result” must be a list of objects, not of 5"),
        (
            [{"id": "a", "type": "rectanglelabels", "value": {"x": 1, "rectanglelabels": ["A"]}}],
            "region 1 ('rectanglelabels') has no place in a text",
        ),
        ([{"type": "relation", "from_id": "a"}], "relation 1 names the region 'a', which there is not"),
        (
            [region("a", 0, 5), {"type": "relation", "from_id": "a", "to_id": "a", "direction": "up"}],
            "the direction of relation 2 is 'up'",
        ),
    ],
)  # fmt: skip
def test_each_wrong_thing_is_one_line(result: list[Any], wrong: str) -> None:
    said = problem(*result)
    assert wrong in said
    assert said.startswith("export.json, record 1: ")
    assert "\n" not in said


@pytest.mark.parametrize(
    ("task", "wrong"),
    [
        ({"annotations": []}, "the task has no “data”"),
        ({"data": {}}, "it cannot be told which of the task's data is the text; there is: none"),
        ({"data": {"text": " "}}, "the text is empty"),
        ({"data": {"text": TEXT}, "annotations": 5}, "“annotations” must be a list, not a number"),
        (
            {"data": {"text": TEXT}, "annotations": ["x"]},
            "“annotations” must be a list of objects, not of 'x'",
        ),
        ([], "a record must be an object, not a list"),
    ],
)
def test_wrong_tasks(task: Any, wrong: str) -> None:
    (only,) = read(task).problems
    assert wrong in str(only)


def test_a_list_that_breaks_off() -> None:
    data = (DATA / "ner_relations.json").read_bytes()[:-30]
    found = read_source(Intake(Source("e.json", data), Codebook(name="test")), LABEL_STUDIO)
    (only,) = found.problems
    assert "the file breaks off in the middle" in str(only)


# -- writing ----------------------------------------------------------------------------------------


@given(lines=articles())
@settings(max_examples=150, deadline=None)
def test_there_and_back(lines: list[ArticleLabels], codebook: Codebook) -> None:
    data, losses = written(LABEL_STUDIO, lines, codebook)
    records = came_back(LABEL_STUDIO, data, codebook)
    assert same_article(records[0], lines[0].article)
    foreign = {each.foreign.annotator: (each, each.foreign) for each in records if each.foreign is not None}
    begun, kept = 0, []
    for line in lines:
        finished = line.progress.status is not Status.IN_PROGRESS
        own = [each for each in line.spans if each.annotator is not None]
        if line.annotator is None or not (own or finished or line.progress.note):
            continue
        kept.append(line.annotator)
        record, got = foreign[line.annotator]
        begun += not finished
        status = line.progress.status if finished else Status.DONE
        assert got.progress == Progress(status, note=line.progress.note)
        assert read_back(record) == told(line, codebook, everything=True)
    assert losses.found[IN_PROGRESS, "written like finished ones"] == begun
    suggested = told(_same_origin(lines[0]), codebook, everything=True, suggested=True)
    assert set(foreign) == {*kept, *([None] if suggested or not kept else [])}
    if suggested:
        assert read_back(foreign[None][0]) == suggested


def _same_origin(line: ArticleLabels) -> ArticleLabels:
    """The line without suggested relations of spans from different origins."""
    origins = {span.id: span.origin for span in line.spans}
    kept = (each for each in line.relations if origins[each.head] == origins[each.tail])
    return replace(line, relations=tuple(kept))


@given(lines=articles())
@settings(max_examples=60, deadline=None)
def test_what_is_written_fits_the_labelling_interface(lines: list[ArticleLabels], codebook: Codebook) -> None:
    """The rules of label-studio-sdk's ``LabelInterface.validate_prediction``."""
    data, _ = written(LABEL_STUDIO, lines, codebook)
    root = ElementTree.fromstring(labeling_config(codebook))
    controls = {each.get("name"): each for each in root.iter() if each.get("toName") == "text"}
    for task in json.loads(data):
        assert isinstance(task["data"]["text"], str)
        for each in (*task["annotations"], *task["predictions"]):
            assert 0 <= each.get("score", 0) <= 1
            assert isinstance(each.get("completed_by", 0), int)
            ids = {item["id"] for item in each["result"] if item["type"] != "relation"}
            for item in each["result"]:
                if item["type"] == "relation":
                    assert {item["from_id"], item["to_id"]} <= ids
                    assert item["direction"] in ("left", "right", "bi")
                    continue
                control = controls[item["from_name"]]
                assert control.tag.lower() == item["type"]
                assert item["to_name"] == "text"
                if item["type"] in ("labels", "choices"):
                    known = {child.get("value") for child in control}
                    # a category that the codebook does not have is in the random lines
                    assert set(item["value"][item["type"]]) - {"x"} <= known


def test_losses_are_counted(codebook: Codebook) -> None:
    from tests.formats.test_native import LABELS

    own, cue, actor, suggestion = LABELS.spans
    spans = (replace(own, origin="import:x", confidence=0.5), cue, actor, suggestion)
    (relation,) = LABELS.relations
    suggested = replace(relation, id="r2", tail="s4", state=State.SUGGESTED)
    line = replace(
        LABELS, spans=spans, relations=(relation, suggested), progress=Progress(Status.IN_PROGRESS)
    )
    _, losses = written(LABEL_STUDIO, [line], codebook)
    assert {what: number for (what, _), number in losses.found.items()} == {
        "discontinuous spans": 1, "actor records with details": 1, "ranges of furniture": 1,
        ORIGINS: 1, CONFIDENCES: 1, IN_PROGRESS: 1, APART: 1,
    }  # fmt: skip
    assert {what for what, _ in losses.found} <= set(LABEL_STUDIO.cannot_hold)


def test_controls_of_every_type_of_attribute() -> None:
    attributes = tuple(
        Attribute(name=f"{type_}", type=type_, kinds=frozenset({Kind.CLAIM}), choices=("a&b", "c"))
        for type_ in AttributeType
    )
    codebook = Codebook(name="t", labels=(Label(name='Claim "x"', kind=Kind.CLAIM),), attributes=attributes)
    root = ElementTree.fromstring(labeling_config(codebook))
    tags = {each.get("name"): each.tag for each in root.iter() if each.get("perRegion")}
    assert tags == {
        "choice": "Choices", "multi-choice": "Choices", "categories": "Choices", "boolean": "Choices",
        "number": "Number", "text_": "TextArea", "date": "TextArea", "actor": "TextArea",
    }  # fmt: skip


def test_the_labelling_interface_is_a_format_by_itself(codebook: Codebook) -> None:
    from tests.formats.test_native import LABELS

    data, losses = written(LABEL_STUDIO_CONFIG, [LABELS], codebook)
    assert data.decode() == labeling_config(codebook)
    assert losses.sentences[0].startswith("1 line of labels: left out")


def test_a_list_without_tasks(codebook: Codebook) -> None:
    assert written(LABEL_STUDIO, [], codebook)[0] == b"[]\n"


def test_tasks_and_annotations_have_numbers_that_are_not_the_articles(codebook: Codebook) -> None:
    text = "Smith lied"
    article = Article(id="", text=text, sha256=sha256_of(text))
    span = Span(id="s1", kind=Kind.ACTOR, label="Actor", fragments=((0, 5),), origin="annotator:ana")
    line = ArticleLabels(article=article, annotator="ana", spans=(span,))
    other = replace(line, article=Article(id="", text="Smith left", sha256=sha256_of("Smith left")))
    data, _ = written(LABEL_STUDIO, [line, replace(line, annotator="ben"), other], codebook)
    tasks = json.loads(data)
    assert [each["id"] for each in tasks] == [1, 2], "its own converter asks for them"
    assert [each["id"] for task in tasks for each in task["annotations"]] == [1, 2, 3]
    first, *_ = came_back(LABEL_STUDIO, data, codebook)
    assert first.labels.article.external_id is None
    assert same_article(first, article)
    quick = [each["result"] for task in tasks_of(data) for each in task["annotations"]]
    assert all(isinstance(each, Results) for each in quick), "read quickly"


def test_the_real_validator_takes_what_is_written(codebook: Codebook) -> None:
    sdk = pytest.importorskip("label_studio_sdk.label_interface")
    objects = pytest.importorskip("label_studio_sdk.label_interface.objects")
    from tests.formats.test_native import LABELS

    interface = sdk.LabelInterface(labeling_config(codebook))
    interface.validate()
    data, _ = written(LABEL_STUDIO, [LABELS, replace(LABELS, annotator="ben")], codebook)
    for task in json.loads(data):
        assert interface.validate_task({"data": task["data"]})
        objects.TaskValue(**task)
        for each in (*task["annotations"], *task["predictions"]):
            assert not interface.validate_prediction(each, return_errors=True)
