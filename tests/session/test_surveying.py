"""What a survey finds, and imports that extend the codebook by it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.core.codebook import AttributeType
from annotator.core.mapping import ImportMapping, RelationEnds, SpanLabel
from annotator.core.model import Kind
from annotator.session.importing import ImportReport, import_paths
from annotator.session.project import Project
from annotator.session.surveying import MOST_ROWS, survey
from tests.foreign_format import register, write

TEXT = "Smith 😀 said Acme Corp lied. Iran denied it."
LINE = {
    "text": TEXT,
    "title": "Lies",
    "by": "ben",
    "spans": [
        ["1", "PER", 0, 5],
        ["2", "CLAIM", 13, 27, {"Stance": "oppose", "tone": "angry"}],
        ["3", "Minister", 0, 5, {"actor": "Ann Smith"}],
        ["4", "MISC", 13, 17],
    ],
    "relations": [["9", "SAYS", "3", "2"], ["10", "near", "4", "1"]],
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path) -> Iterator[Project]:
    register(monkeypatch)
    with Project.open(tmp_path / "p.annot", create=True) as made:
        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "in.foreign", LINE, {**LINE, "text": TEXT + " More.", "relations": []})


def test_it_finds_names_and_proposes_what_they_mean(project: Project, file: Path) -> None:
    found = survey(project, [file])
    assert found.problems == []
    (one,) = found.files
    assert (one.format, one.articles) == ("foreign", 2)
    assert (one.samples[0].title, one.samples[0].spans, one.samples[0].relations) == ("Lies", 4, 2)
    assert one.samples[0].beginning == TEXT
    assert {key: (each.times, each.example, each.proposed) for key, each in found.labels.items()} == {
        "PER": (2, "Smith", True),
        "CLAIM": (2, "Acme Corp lied", True),
        "Minister": (2, "Smith", False),
        "MISC": (2, "Acme", False),
    }
    assert {key: each.proposed for key, each in found.relations.items()} == {"SAYS": True, "near": False}
    assert found.relations["SAYS"].example == "Smith"
    assert {key: each.proposed for key, each in found.attributes.items()} == {
        "Stance": True,
        "tone": False,
        "actor": True,
    }
    assert found.attributes["tone"].example == "angry"
    assert found.mapping == ImportMapping(
        labels={
            "PER": SpanLabel(Kind.ENTITY, "Person"),
            "CLAIM": SpanLabel(Kind.CLAIM, "Claim"),
            "Minister": SpanLabel(Kind.ACTOR, "Minister"),
            "MISC": SpanLabel(Kind.ENTITY, "MISC"),
        },
        relations={"SAYS": RelationEnds("made_by", True), "near": RelationEnds("near")},
        attributes={"Stance": "stance", "tone": "tone", "actor": "actor"},
    )
    assert found.unknown == 4
    assert project.repository.counts().articles == 0


def test_what_a_person_has_decided_stays(project: Project, file: Path) -> None:
    given = ImportMapping(
        labels={"Minister": None, "ELSE": None},
        relations={"near": None},
        attributes={"tone": ""},
    )
    found = survey(project, [file], mapping=given)
    assert found.mapping.labels["Minister"] is None
    assert found.mapping.labels["ELSE"] is None
    assert found.labels["Minister"].proposed
    assert found.unknown == 1


def test_an_import_without_extending_names_what_is_unknown(project: Project, file: Path) -> None:
    report = import_paths(project, [file])
    assert [each.what for each in report.problems] == [
        "the codebook has no attribute “tone” of claims (2 values)",
        "the codebook has no label for “Minister” (2 spans)",
        "the codebook has no label for “MISC” (2 spans)",
    ]
    assert project.repository.counts().articles == 0


EXTEND = ImportMapping(extend=True)


def test_extending_tells_only_what_no_addition_cures(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    entities = [
        {"id": 1, "label": "MISC", "start_offset": 0, "end_offset": 5},
        {"id": 2, "label": "Minister", "start_offset": 6, "end_offset": 99},
    ]
    fine = {"text": "Smith left.", "entities": entities[:1], "relations": []}
    path.write_text("".join(json.dumps(each) + "\n" for each in (fine, {**fine, "entities": entities})))
    before = project.repository.codebook()
    for dry_run in (True, False):
        report = import_paths(project, [path], mapping=EXTEND, dry_run=dry_run, annotator="ana")
        (problem,) = report.problems
        assert "line 2" in problem.where
        assert "99" in problem.what
    assert project.repository.codebook() == before


def test_an_import_can_extend_the_codebook_in_one_edit(project: Project, file: Path) -> None:
    before = project.repository.codebook()
    dry = import_paths(project, [file], mapping=EXTEND, dry_run=True)
    assert dry.problems == []
    assert "would be added to the codebook" in dry.sentence
    assert project.repository.codebook() == before
    report = import_paths(project, [file], mapping=EXTEND, annotator="ana")
    assert report.problems == []
    assert report.sentence == (
        "2 articles added with 10 labels; 2 labels, 1 attribute, 1 relation type added to the codebook."
    )
    after = project.repository.codebook()
    assert after.label(Kind.ACTOR, "Minister") is not None
    near = after.relation_type("near")
    assert near is not None
    assert (near.heads, near.tails) == (frozenset({Kind.ENTITY}), frozenset({Kind.ENTITY}))
    assert {each.name: each.type for each in after.attributes_of(Kind.CLAIM)}["tone"] is AttributeType.CHOICE
    labels = next(project.repository.iter_labels())
    assert labels.annotator == "ben"
    assert sorted(each.type for each in labels.relations) == ["made_by", "near"]
    assert list(project.repository.check()) == []
    assert [each.name for each in labels.actors] == ["Ann Smith"]

    again = import_paths(project, [file], mapping=EXTEND, annotator="ana")
    assert (again.articles, again.labelled, again.duplicates, again.problems) == (0, 0, 2, [])
    assert again.extension == ""
    undone = project.repository.next_undo("ana")
    assert undone is not None
    assert undone.verb == "change_codebook"


def test_a_bad_file_leaves_everything_as_it_was(project: Project, tmp_path: Path) -> None:
    bad = write(tmp_path / "bad.foreign", {"text": "Short.", "by": "x", "spans": [["1", "NEW", 0, 99]]})
    before = project.repository.codebook()
    report = import_paths(project, [bad], mapping=EXTEND)
    assert len(report.problems) == 1
    assert report.sentence == "No article added."
    assert project.repository.codebook() == before
    assert project.repository.counts().articles == 0


def test_a_bad_file_beside_good_ones_is_left_out_and_adds_nothing_to_the_codebook(
    project: Project, file: Path, tmp_path: Path
) -> None:
    spans = [["1", "NEW", 0, 5]]
    bad = write(tmp_path / "bad.foreign", {"text": "Short.", "by": "x", "spans": spans, "wrong": "no"})
    late = write(tmp_path / "late.foreign", {"text": "Short.", "by": "x", "spans": [["1", "NEW", 0, 99]]})
    missing = tmp_path / "missing.foreign"
    found = survey(project, [bad, file, missing])
    assert [each.problems for each in found.files] == [1, 0]
    assert (found.articles, found.known) == (2, 0)
    assert "NEW" not in found.labels
    assert len(found.problems) == 2
    alone = survey(project, [file])
    assert found.labels == alone.labels
    assert found.names == alone.names
    report = import_paths(project, [bad, file, missing, late], mapping=EXTEND)
    assert len(report.problems) == 3
    assert report.articles == 2
    assert all(each.name != "NEW" for each in project.repository.codebook().labels)
    assert survey(project, [file]).known == 2


def test_what_the_codebook_would_have_to_allow_is_found(project: Project, tmp_path: Path) -> None:
    spans = [["1", "PER", 0, 5], ["2", "CLAIM", 13, 27, {"stance": "con"}]]
    file = write(
        tmp_path / "x.foreign",
        {"text": TEXT, "by": "b", "spans": spans, "relations": [["9", "made_by", "2", "1"]]},
    )
    found = survey(project, [file])
    assert all(each.proposed for each in (*found.labels.values(), *found.relations.values()))
    assert (found.widened, found.unknown) == (["made by", "Stance"], 2)
    assert import_paths(project, [file], mapping=found.mapping).problems
    report = import_paths(project, [file], mapping=EXTEND)
    assert report.sentence == (
        "1 article added with 3 labels; 1 attribute, 1 relation type of the codebook changed."
    )
    assert survey(project, [file]).widened == []


def test_all_labels_can_be_taken_as_ones_own(project: Project, tmp_path: Path) -> None:
    lines = [{"text": f"{TEXT} {by}", "by": by, "spans": [["1", "PER", 0, 5]]} for by in ("ben", "cleo")]
    file = tmp_path / "two.foreign"
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    found = survey(project, [file])
    assert (found.annotators, found.shared) == (["ben", "cleo"], 0)
    report = import_paths(project, [file], annotator="mia", all_mine=True)
    assert report.problems == []
    assert report.annotators == {"mia"}
    assert project.repository.annotators() == ["mia"]


def test_who_was_done_is_not_told_of_labels_that_are_to_be_decided_on(
    project: Project, tmp_path: Path
) -> None:
    line = {"text": TEXT, "by": "ben", "status": "done", "spans": [["1", "PER", 0, 5]]}
    file = write(tmp_path / "done.foreign", line)
    report = import_paths(project, [file], as_suggestions=True)
    assert report.sentence == "1 article added with 1 suggestion."
    assert project.repository.annotators() == []


def test_choices_categories_and_kinds_are_added_too(project: Project, tmp_path: Path) -> None:
    spans = [
        ["1", "CLAIM", 0, 5, {"stance": "con", "categories": ["war/naval", "security"], "tags": ["a", "b"]}],
        ["2", "Cue", 0, 5, {"stance": "Oppose", "sure": True, "number": 3}],
    ]
    file = write(tmp_path / "x.foreign", {"text": TEXT, "by": "b", "spans": spans})
    report = import_paths(project, [file], mapping=EXTEND)
    assert report.problems == []
    after = project.repository.codebook()
    stance = next(each for each in after.attributes if each.name == "stance")
    assert stance.choices[-1] == "con"
    assert stance.kinds == {Kind.CLAIM, Kind.CUE}
    assert after.has_category("war")
    assert after.has_category("war/naval")
    types = {each.name: each.type for each in after.attributes}
    assert types["tags"] is AttributeType.MULTI_CHOICE
    assert types["sure"] is AttributeType.BOOLEAN
    assert types["number"] is AttributeType.NUMBER
    assert list(project.repository.check()) == []


def test_suggestions_and_labels_of_one_article_decide_nothing(project: Project, tmp_path: Path) -> None:
    own = {"text": TEXT, "by": "b", "spans": [["1", "PER", 0, 5]]}
    guess = {"text": TEXT, "model": "m-1", "spans": [["1", "PER", 0, 5], ["2", "ORG", 14, 23]]}
    report = import_paths(project, [write(tmp_path / "x.foreign", own, guess)])
    assert report.problems == []
    lines = list(project.repository.iter_labels(suggestions=True))
    assert [line.annotator for line in lines] == ["b"]
    assert [str(span.state) for span in lines[0].spans].count("suggested") >= 1
    again = import_paths(project, [tmp_path / "x.foreign"])
    assert (again.problems, again.articles, again.labels) == ([], 0, 0)


# -- columns ----------------------------------------------------------------------------------------

TABLE = (
    "Lead;Full;Page;Ad;date\nOne;The first text.;3;buy;2026-01-02\nTwo;The second text.;4;buy;2026-01-03\n"
)
FIELDS = ImportMapping(fields={"Lead": "title", "Full": "text", "Page": "meta", "Ad": ""})


def test_a_table_without_known_columns_is_shown_to_be_mapped(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(TABLE, encoding="utf-8")
    found = survey(project, [file])
    assert found.files[0].columns == ("Lead", "Full", "Page", "Ad", "date")
    assert found.files[0].rows[1] == ("Two", "The second text.", "4", "buy", "2026-01-03")
    assert "no text column" in found.problems[0].what
    found = survey(project, [file], mapping=FIELDS)
    assert found.problems == []
    assert len(found.files[0].rows) == 2
    sample = found.files[0].samples[0]
    assert (sample.title, sample.beginning) == ("One", "The first text.")
    assert sample.metadata == (("published", "2026-01-02"), ("Page", "3"))


def test_columns_are_imported_as_they_are_mapped(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text(TABLE, encoding="utf-8")
    report = import_paths(project, [file], mapping=FIELDS)
    assert report.problems == []
    article = next(project.repository.iter_labels()).article
    assert (article.title, article.text, article.meta) == ("One", "The first text.", {"Page": "3"})


def test_keys_of_json_records_are_mapped_likewise(project: Project, tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    rows = [
        {"Lead": f"T{n}", "Full": f"Text {n}.", "Page": {"n": n}, "Ad": "x", "text_": 1} for n in range(30)
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = survey(project, [file], mapping=FIELDS)
    assert found.problems == []
    assert found.files[0].articles == 30
    assert len(found.files[0].rows) == len(found.files[0].samples) == MOST_ROWS
    assert found.files[0].rows[2] == ("T2", "Text 2.", '{"n":2}', "x", "1")
    report = import_paths(project, [file], mapping=FIELDS)
    assert (report.problems, report.articles) == ([], 30)
    article = next(project.repository.iter_labels()).article
    assert (article.title, article.text, article.meta) == ("T0", "Text 0.", {"Page": {"n": 0}, "text_": 1})


def test_a_column_that_no_file_has_is_told(project: Project, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,Page\nA text.,1\n", encoding="utf-8")
    (tmp_path / "b.csv").write_text("text,Lead\nB text.,b\n", encoding="utf-8")
    mapping = ImportMapping(fields={"Page": "meta", "Lead": "title", "Gone": ""})
    report: ImportReport = import_paths(project, [tmp_path / "a.csv", tmp_path / "b.csv"], mapping=mapping)
    (problem,) = map(str, report.problems)
    assert problem.startswith("no file has the column “Gone” that the mapping names. Correct its name")
    assert report.articles == 2


def test_what_cannot_be_read_is_a_problem_of_the_survey(project: Project, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "b.csv").write_bytes(b"")
    found = survey(project, [tmp_path / "a.json", tmp_path / "b.csv", tmp_path / "c.csv"])
    assert len(found.problems) == 3
    assert [each.articles for each in found.files] == [0, 0]


def test_files_that_are_not_there_are_counted(project: Project, file: Path, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    (tmp_path / "odd.xyz").write_text("?")
    found = survey(project, [file, tmp_path / "gone.txt", tmp_path / "bare", tmp_path / "odd.xyz"])
    assert len(found.problems) == 3
    assert (found.unread, [each.problems for each in found.files]) == (1, [0, 1]), "a folder is no file"


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_how_far_it_is_in_a_large_file_is_told(project: Project, tmp_path: Path, ending: str) -> None:
    texts = [f"Article {number}. {'It has words. ' * 20}" for number in range(1000)]
    lines = [json.dumps({"text": each}) for each in texts] if ending == "jsonl" else ["text", *texts]
    file = tmp_path / f"many.{ending}"
    file.write_text("\n".join(lines))
    told: list[tuple[int, int]] = []
    survey(project, [file], progress=lambda done, total: told.append((done, total)))
    size = file.stat().st_size
    parts = [done / total for done, total in told]
    assert parts == sorted(parts)
    assert (parts[0], told[-1]) == (0, (size, size))
    assert any(0.4 < part < 0.6 for part in parts)
