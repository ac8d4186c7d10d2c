"""An export of a project with a larger codebook comes into another one, whose codebook gets what it lacks."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.codebook import (
    Attribute,
    AttributeType,
    Category,
    Codebook,
    Label,
    RelationType,
    codebook_from,
    codebook_to,
)
from annotator.core.codebook_file import oddity
from annotator.core.mapping import ImportMapping, RelationEnds, SpanLabel
from annotator.core.model import ActorRecord, Article, Kind, Progress, Property, Relation, Span, Status
from annotator.core.ports import NewArticle
from annotator.core.records import replace
from annotator.core.text import sha256_of
from annotator.formats.native import line_of
from annotator.session.exporting import export_labels
from annotator.session.importing import import_paths
from annotator.session.project import Project, default_codebook
from annotator.session.surveying import survey
from tests.foreign_format import register, write
from tests.session.test_round_trips import AWKWARD, PLAIN, Made, filled, projects

EXTEND = ImportMapping(extend=True)
TEXT = "Smith 😀 said Acme Corp lied. Iran denied it."
CLAIM = frozenset({Kind.CLAIM})
LARGER = replace(
    default_codebook(),
    labels=(
        *default_codebook().labels,
        Label(name="PER", kind=Kind.ENTITY, colour="teal"),
        Label(name="Lobby", kind=Kind.ACTOR),
        Label(name="Frame", kind=Kind.CLAIM),
        Label(name="Gesture", kind=Kind.CUE),
    ),
    attributes=(
        *(
            replace(each, choices=(*each.choices, "undecided")) if each.name == "stance" else each
            for each in default_codebook().attributes
        ),
        Attribute(
            name="tone",
            type=AttributeType.CHOICE,
            kinds=CLAIM,
            choices=("mild", "harsh"),
            required=True,
            default="mild",
        ),
        Attribute(
            name="means", type=AttributeType.MULTI_CHOICE, kinds=CLAIM, choices=("law", "tax"), relations=True
        ),
        Attribute(name="topic", type=AttributeType.CATEGORIES, kinds=CLAIM),
        Attribute(name="sure", type=AttributeType.BOOLEAN, kinds=CLAIM),
        Attribute(name="weight", type=AttributeType.NUMBER, kinds=CLAIM, relations=True),
        Attribute(name="day", type=AttributeType.DATE, kinds=frozenset({Kind.CUE})),
        Attribute(name="why", type=AttributeType.TEXT, kinds=CLAIM),
        Attribute(name="office", type=AttributeType.TEXT, records=True),
    ),
    categories=(
        *default_codebook().categories,
        Category(code="war", title="War"),
        Category(code="war/naval", title="At sea"),
    ),
    relation_types=(
        *(
            replace(each, tails=each.tails | {Kind.ENTITY}) if each.name == "made_by" else each
            for each in default_codebook().relation_types
        ),
        RelationType(name="frames", heads=CLAIM, tails=frozenset({Kind.ENTITY, Kind.ACTOR})),
    ),
)
"""The default codebook with more of everything, as somebody has extended it."""


def larger(path: Path) -> Project:
    """A project with every addition in use."""
    own: dict[str, Any] = {"origin": "annotator:ana", "annotator": "ana"}
    said = {
        "stance": "undecided", "categories": ["war/naval"], "tone": "harsh", "means": ["tax"], "sure": False,
        "topic": ["war/naval"], "weight": 2.5, "why": "since it\nsays so",
    }  # fmt: skip
    spans = (
        Span(id="s1", kind=Kind.ENTITY, label="PER", fragments=((0, 5),), **own),
        Span(id="s2", kind=Kind.ACTOR, label="Lobby", fragments=((0, 5),), actor="p1", **own),
        Span(id="s3", kind=Kind.CLAIM, label="Frame", fragments=((13, 27),), attributes=said, **own),
        Span(
            id="s4",
            kind=Kind.CUE,
            label="Gesture",
            fragments=((8, 12),),
            attributes={"day": "2026-03-31"},
            **own,
        ),
        Span(id="s5", kind=Kind.CLAIM, label="Claim", fragments=((29, 43),), **own),
    )
    with_values = {"means": ["law", "tax"], "weight": 3}
    relations = (
        Relation(id="r1", type="frames", head="s3", tail="s1", attributes=with_values, **own),
        Relation(id="r2", type="made_by", head="s3", tail="s1", **own),
    )
    article = Article(id="larger-1", text=TEXT, sha256=sha256_of(TEXT), title="Lies")
    record = ActorRecord(
        id="p1", name="Smith", properties=(Property(name="office", value="minister", since="2020-01-01"),)
    )
    made = Project.create(path, LARGER)
    new = NewArticle(
        article=article, progress={"ana": Progress(Status.IN_PROGRESS)}, spans=spans, relations=relations
    )
    made.repository.add_articles([new], [record])
    assert list(made.repository.check()) == []
    return made


def lines_of(project: Project) -> list[dict[str, Any]]:
    return [line_of(each) for each in project.repository.iter_labels()]


@pytest.fixture(params=["jsonl", "json", "tables"])
def export(request: pytest.FixtureRequest, tmp_path: Path, home: Path) -> Path:
    """Everything of the larger project, in one of the formats that are the program's own."""
    with larger(tmp_path / "larger.annot") as one:
        out = tmp_path / ("tables" if request.param == "tables" else "out.jsonl")
        export_labels(one, out, format="jsonl" if request.param == "json" else request.param)
        (tmp_path / "lines.json").write_text(json.dumps(lines_of(one)))
    if request.param == "json":
        lines = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
        out = tmp_path / "out.json"
        out.write_text(json.dumps(lines), "utf-8")
    return out


def test_what_is_lacking_is_added_in_one_edit(export: Path, tmp_path: Path) -> None:
    with Project.create(tmp_path / "new.annot", default_codebook()) as new:
        before = new.repository.codebook()
        dry = import_paths(new, [export], mapping=EXTEND, dry_run=True)
        assert (dry.problems, new.repository.codebook()) == ([], before)
        assert "4 labels, 8 attributes, 2 categories, 1 relation type would be added" in dry.sentence
        report = import_paths(new, [export], mapping=EXTEND)
        assert report.problems == []
        assert report.sentence == (
            "1 article added with 7 labels; 4 labels, 8 attributes, 2 categories, 1 relation type added to "
            "the codebook; 1 attribute, 1 relation type of the codebook changed."
        )
        assert json.loads(json.dumps(lines_of(new))) == json.loads((tmp_path / "lines.json").read_text())
        assert list(new.repository.check()) == []
        assert len(new.repository.codebook_versions()) == 2, "one edit"
        after = new.repository.codebook()
        names = {(each.kind, each.name) for each in LARGER.labels}
        assert {(each.kind, each.name) for each in after.labels} == names
        assert set(before.labels) < set(after.labels)
        attributes = {each.name: each for each in after.attributes}
        assert attributes["sure"].type is AttributeType.BOOLEAN
        assert attributes["topic"].type is AttributeType.CATEGORIES
        assert attributes["means"].choices == ("tax", "law")
        assert (attributes["means"].kinds, attributes["means"].relations) == (CLAIM, True)
        assert (attributes["office"].records, attributes["office"].kinds) == (True, frozenset())
        assert attributes["stance"].choices[-1] == "undecided"
        added = [each for each in after.attributes if each.name not in {a.name for a in before.attributes}]
        assert not any(each.required or each.default is not None for each in added)
        frames, made_by = after.relation_type("frames"), after.relation_type("made_by")
        assert frames is not None
        assert made_by is not None
        assert (frames.heads, frames.tails) == (CLAIM, {Kind.ENTITY})
        assert made_by.tails == {Kind.ACTOR, Kind.ENTITY}
        assert [each.code for each in after.categories[-2:]] == ["war", "war/naval"]
        again = import_paths(new, [export], mapping=EXTEND)
        assert (again.problems, again.duplicates, again.extension) == ([], 1, "")


def test_without_extending_each_name_is_one_line_with_its_cure(export: Path, tmp_path: Path) -> None:
    with Project.create(tmp_path / "new.annot", default_codebook()) as new:
        before = new.repository.codebook()
        report = import_paths(new, [export])
        assert report.sentence == "No article added."
        problems = {each.what: each.cure for each in report.problems}
        assert "the codebook has no claim label 'Frame' (1 span)" in problems
        assert "the codebook has no attribute 'tone' for this claim (1 span)" in problems
        assert "the codebook has no category war/naval (1 span)" in problems
        assert any(what.startswith("Stance takes one of") for what in problems)
        cure = "Let it be added to the codebook (--extend), or correct it in the file"
        assert set(problems.values()) == {cure}
        assert new.repository.codebook() == before
        assert new.repository.counts().articles == 0


def test_a_survey_finds_what_is_lacking_and_maps_none_of_it(export: Path, tmp_path: Path) -> None:
    with Project.create(tmp_path / "new.annot", default_codebook()) as new:
        found = survey(new, [export])
        assert (found.problems, found.labels, found.relations, found.attributes) == ([], {}, {}, {})
        assert found.mapping == ImportMapping()
        assert {key: (each.times, each.example) for key, each in found.own.items()} == {
            SpanLabel(Kind.ENTITY, "PER"): (1, "Smith"),
            SpanLabel(Kind.ACTOR, "Lobby"): (1, "Smith"),
            SpanLabel(Kind.CLAIM, "Frame"): (1, "Acme Corp lied"),
            SpanLabel(Kind.CUE, "Gesture"): (1, "said"),
            RelationEnds("frames"): (1, "Acme Corp lied"),
            "means": (2, "tax, law"),
            "weight": (2, "2.5, 3"),
            "tone": (1, "harsh"),
            "sure": (1, "False"),
            "topic": (1, "war/naval"),
            "day": (1, "2026-03-31"),
            "why": (1, "since it says so"),
            "office": (1, "minister"),
        }
        assert set(found.widened) == {"made by", "Categories", "Stance"}
        assert found.unknown == 16
    with Project.create(tmp_path / "same.annot", LARGER) as same:
        found = survey(same, [export])
        assert (found.own, found.widened, found.unknown) == ({}, [], 0)


type Change = Callable[[dict[str, Any]], None]


def changed(tmp_path: Path, change: Change) -> Path:
    with larger(tmp_path / "one.annot") as one:
        (line,) = json.loads(json.dumps(lines_of(one)))
    change(line)
    file = tmp_path / "changed.jsonl"
    file.write_text(json.dumps(line) + "\n", "utf-8")
    return file


def put(part: str, nth: int, key: str, value: Any) -> Change:
    def change(line: dict[str, Any]) -> None:
        line[part][nth][key] = value

    return change


def attribute(name: str, value: Any, part: str = "spans") -> Change:
    def change(line: dict[str, Any]) -> None:
        which = "s3" if part == "spans" else "r1"
        (one,) = (each for each in line[part] if each["id"] == which)
        one["attributes"] = {**one["attributes"], name: value}

    return change


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (put("spans", 0, "text", "Other"), "its text is “Other”"),
        (put("relations", 0, "tail", "gone"), "its tail is the unknown span 'gone'"),
        (
            put("spans", 0, "label", "a\nb"),
            "the label 'a\\nb' cannot be one of a codebook: it has a line break",
        ),
        (put("spans", 0, "label", " "), "the label ' ' cannot be one of a codebook: it is blank"),
        (
            put("relations", 0, "type", "a\u2028b"),
            "the relation type 'a\\u2028b' cannot be one of a codebook",
        ),
        (attribute("stance", ""), "the choice '' cannot be one of a codebook: it is blank"),
        (attribute("stance", 3), "Stance takes one of"),
        (attribute("categories", ["war//x"]), "the category 'war//x' cannot be one of a codebook"),
        (attribute("categories", "war"), "Categories takes a list of category codes, not 'war'"),
        (attribute("a\tb", 1), "the attribute 'a\\tb' cannot be one of a codebook"),
        (attribute("a\tb", 1, "relations"), "the attribute 'a\\tb' cannot be one of a codebook"),
        (attribute("mixed", {"a": 1}), "mixed takes a text, not {'a': 1}"),
        (attribute("mixed", [1, "a"]), "mixed takes some of a, not [1, 'a']"),
        (attribute("mixed", None), "mixed takes a text, not None"),
    ],
)
def test_where_anything_else_is_wrong_the_codebook_stays(
    tmp_path: Path, home: Path, change: Change, what: str
) -> None:
    file = changed(tmp_path, change)
    with Project.create(tmp_path / "new.annot", default_codebook()) as new:
        before = new.repository.codebook()
        for dry in (True, False):
            report = import_paths(new, [file], mapping=EXTEND, dry_run=dry)
            assert any(what in str(each) for each in report.problems), list(map(str, report.problems))
            assert report.sentence == ("No article would be added." if dry else "No article added.")
        assert new.repository.codebook() == before
        assert new.repository.counts().articles == 0


def test_a_bad_file_beside_a_good_one_adds_nothing_and_tells_only_what_no_addition_cures(
    tmp_path: Path, home: Path
) -> None:
    good = changed(tmp_path, lambda line: None)
    line = json.loads(good.read_text("utf-8"))
    claims = [{"kind": "claim", "label": name, "start": 0, "end": 5} for name in ("Bad", "Worse")]
    line |= {"id": "b2", "text": "Other words.", "actors": [], "relations": [], "spans": claims}
    line["spans"][1]["text"] = "Smith"
    (tmp_path / "bad.jsonl").write_text(json.dumps(line), "utf-8")
    with Project.create(tmp_path / "new.annot", default_codebook()) as new:
        report = import_paths(new, [tmp_path / "bad.jsonl", good], mapping=EXTEND)
        assert [each.what for each in report.problems] == [
            "its text is “Smith”, but its offsets hold “Other”"
        ]
        assert (report.articles, len(new.repository.codebook_versions())) == (1, 2)
        names = {each.name for each in new.repository.codebook().labels}
        assert "Frame" in names
        assert not {"Bad", "Worse"} & names


def test_values_of_two_types_fit_no_attribute(tmp_path: Path, home: Path) -> None:
    file = changed(tmp_path, attribute("both", 3))
    line = json.loads(file.read_text("utf-8"))
    line["spans"][-1]["attributes"]["both"] = "three"
    file.write_text(json.dumps(line), "utf-8")
    with Project.create(tmp_path / "new.annot", default_codebook()) as new:
        report = import_paths(new, [file], mapping=EXTEND)
        assert [each.what for each in report.problems] == ["both takes a text, not 3"]
        assert len(new.repository.codebook_versions()) == 1


def test_names_of_own_files_are_not_mapped_and_other_tools_names_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    register(monkeypatch)
    spans = [["1", "PER", 0, 5, {"Tone": "mild"}], ["2", "Weapon", 13, 17]]
    foreign = write(
        tmp_path / "x.foreign", {"text": "Other words, all of them.", "by": "ben", "spans": spans}
    )
    file = changed(tmp_path, lambda line: None)
    with Project.create(tmp_path / "new.annot", default_codebook()) as new:
        found = survey(new, [foreign, file])
        assert found.mapping.labels["PER"] == SpanLabel(Kind.ENTITY, "Person")
        assert SpanLabel(Kind.ENTITY, "PER") in found.own
        report = import_paths(new, [foreign, file], mapping=EXTEND)
        assert report.problems == []
        labels = {each.article.text: each for each in new.repository.iter_labels()}
        assert {each.label for each in labels["Other words, all of them."].spans} == {"Person", "Weapon"}
        assert "PER" in {each.label for each in labels[TEXT].spans}
        assert list(new.repository.check()) == []


def test_attributes_come_back_from_tables_in_their_order(tmp_path: Path) -> None:
    names = ["zeta", "alpha", "mid", "beta"]
    attributes = tuple(Attribute(name=name, type=AttributeType.TEXT, kinds=CLAIM) for name in names)
    line = {
        "format": "annotator/1", "id": "a1", "text": TEXT, "annotator": "ana",
        "spans": [
            {"id": "s1", "kind": "claim", "label": "Claim", "start": 0, "end": 5,
             "attributes": {"mid": "m", "alpha": "a"}},
            {"id": "s2", "kind": "claim", "label": "Claim", "start": 6, "end": 7,
             "attributes": {"beta": "b", "zeta": "z"}},
        ],
    }  # fmt: skip
    (tmp_path / "a.jsonl").write_text(json.dumps(line), "utf-8")
    larger = replace(default_codebook(), attributes=attributes)
    with Project.create(tmp_path / "one.annot", larger) as one:
        assert import_paths(one, [tmp_path / "a.jsonl"]).problems == []
        export_labels(one, tmp_path / "tables", format="tables")
    bare = replace(default_codebook(), attributes=())
    with Project.create(tmp_path / "new.annot", bare) as new:
        assert import_paths(new, [tmp_path / "tables"], mapping=EXTEND).problems == []
        assert [each.name for each in new.repository.codebook().attributes] == names


def test_tables_without_their_types_come_in_as_what_the_cells_say(tmp_path: Path, home: Path) -> None:
    with larger(tmp_path / "one.annot") as one:
        export_labels(one, tmp_path / "tables", format="tables")
    (tmp_path / "tables" / "attributes.csv").unlink()
    with Project.create(tmp_path / "new.annot", default_codebook()) as new:
        report = import_paths(new, [tmp_path / "tables"], mapping=EXTEND)
        assert report.problems == []
        (line,) = lines_of(new)
        (frame,) = (each for each in line["spans"] if each["label"] == "Frame")
        assert (frame["attributes"]["sure"], frame["attributes"]["weight"]) == ("false", "2.5")
        assert list(new.repository.check()) == []


def test_a_table_of_types_with_an_unknown_one_is_told(tmp_path: Path, home: Path) -> None:
    with larger(tmp_path / "one.annot") as one:
        export_labels(one, tmp_path / "tables", format="tables")
    table = tmp_path / "tables" / "attributes.csv"
    table.write_text(table.read_text("utf-8-sig").replace("weight,number", "weight,float"), "utf-8")
    with Project.create(tmp_path / "new.annot", LARGER) as new:
        (problem,) = map(str, import_paths(new, [tmp_path / "tables"]).problems)
    assert problem.startswith(f"{tmp_path / 'tables' / 'articles.csv'}, attributes.csv line ")
    assert "there is no type “float” of attributes. Write one of choice, multi-choice" in problem


def test_however_many_categories_there_are_all_are_added(tmp_path: Path, home: Path) -> None:
    lines = [
        {"format": "annotator/1", "text": f"Text {nth}.", "annotator": "ana", "spans": [
            {"kind": "claim", "label": "Claim", "start": 0, "end": 4,
             "attributes": {"categories": [f"a/b{nth}"]}},
        ]}
        for nth in range(2_100)
    ]  # fmt: skip
    path = tmp_path / "many.jsonl"
    path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
    with Project.create(tmp_path / "new.annot") as new:
        report = import_paths(new, [path], mapping=EXTEND)
        assert (report.articles, report.problems) == (2_100, [])
        assert {f"a/b{nth}" for nth in range(2_100)} <= {each.code for each in new.codebook.categories}


EMPTY = Codebook(name="empty", labels=(Label(name="Person", kind=Kind.ENTITY),))


@pytest.mark.parametrize("name", ["jsonl", "tables"])
def test_any_export_comes_back_equal_in_a_new_project(name: str) -> None:
    @settings(max_examples=12, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(projects(), st.sampled_from([EMPTY, default_codebook(), PLAIN, AWKWARD]))
    def comes_back(what: Made, codebook: Codebook) -> None:
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            out = folder / ("out.jsonl" if name == "jsonl" else "out")
            with filled(folder / "one.annot", what.codebook, what.lines) as one:
                export_labels(one, out, format=name)
                before = lines_of(one)
            with Project.create(folder / "two.annot", codebook) as two:
                report = import_paths(two, [out], mapping=EXTEND)
                assert report.problems == []
                assert lines_of(two) == before
                assert list(two.repository.check()) == []
                after = two.repository.codebook()
            assert codebook_from(codebook_to(after)) == after
            assert oddity(after) is None
            assert set(codebook.labels) <= set(after.labels)
            assert {each.name for each in after.attributes if each.required} == {
                each.name for each in codebook.attributes if each.required
            }

    comes_back()
