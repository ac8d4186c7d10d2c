"""Near-duplicates of a project and of an import, and labels that go to them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from annotator.core.aligning import Alignment
from annotator.core.commands import Accept, DrawRelation, MakeSpan, Reject
from annotator.core.model import Kind, State
from annotator.core.text import slice_of
from annotator.runtime.resources import seeds_folder
from annotator.session import copies_of
from annotator.session.copies_of import copy_all, copy_labels, groups
from annotator.session.importing import import_paths
from annotator.session.project import Project
from annotator.session.surveying import survey

SAMPLE = seeds_folder() / "us-urges-iran-drone-sales.txt"
TEXT = SAMPLE.read_text(encoding="utf-8")
LINES = TEXT.split("\n")
COPY = "\n".join(["Washington presses Tehran on drones", *LINES[2:-3], "A new end, by our own reporter."])


@pytest.fixture
def project(tmp_path: Path, home: Path) -> Iterator[Project]:
    with Project.open(tmp_path / "p.annot", create=True) as made:
        yield made


@pytest.fixture
def twins(project: Project, tmp_path: Path) -> tuple[str, str]:
    """Ids of the sample article and its copy, in a project with other articles."""
    (tmp_path / "copy.txt").write_text(COPY, encoding="utf-8")
    import_paths(project, [*sorted(seeds_folder().glob("*.txt")), tmp_path / "copy.txt"])
    ids = {text: article for article, _, text in project.repository.texts()}
    return ids[TEXT.strip("\ufeff")], ids[COPY]


def test_the_groups_of_a_project(project: Project, twins: tuple[str, str]) -> None:
    (group,) = groups(project)
    assert tuple(each.id for each in group.articles) == twins
    assert group.articles[1].title == "Washington presses Tehran on drones"
    assert 0.7 < group.similarity < 1
    assert groups(project, least=0.999) == []


def test_what_has_no_title_is_called_by_its_beginning(project: Project, tmp_path: Path) -> None:
    files = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for nth, file in enumerate(files):
        text = COPY.replace("\n\n", "\n\n\n" if nth else "\n\n")
        file.write_bytes(orjson.dumps({"text": text.partition("\n")[2].lstrip()}) + b"\n")
    report = import_paths(project, files)
    (likeness,) = report.copies
    assert likeness.title == likeness.like
    assert likeness.title.startswith("Washington: Recent reports")
    assert 20 < len(likeness.title) <= 80


def test_an_import_tells_copies_and_can_leave_them_out(project: Project, tmp_path: Path) -> None:
    (tmp_path / "copy.txt").write_text(COPY, encoding="utf-8")
    files = [SAMPLE, tmp_path / "copy.txt"]
    found = survey(project, files)
    assert [(each.title, each.like) for each in found.copies] == [
        ("Washington presses Tehran on drones", LINES[0])
    ]
    dry = import_paths(project, files, dry_run=True)
    assert len(dry.copies) == 1
    report = import_paths(project, files, skip_copies=True)
    assert report.articles == 1
    assert report.sentence == (
        f"1 article added; 1 left out as nearly the same as others: “Washington presses Tehran on drones”"
        f" like “{LINES[0]}”."
    )
    report = import_paths(project, [tmp_path / "copy.txt"])
    assert report.sentence == (
        f"1 article added; 1 nearly repeats other articles: “Washington presses Tehran on drones” like"
        f" “{LINES[0]}”."
    )
    report = import_paths(project, files)
    assert (report.copies, report.duplicates) == ([], 2)


def test_among_many_articles_copies_are_looked_for_only_on_demand(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies_of, "MOST_UNASKED", 1)
    (tmp_path / "copy.txt").write_text(COPY, encoding="utf-8")
    report = import_paths(project, [SAMPLE, tmp_path / "copy.txt"], dry_run=True)
    assert (report.copies, report.copies_unknown, report.articles) == ([], True, 2)
    report = import_paths(project, [SAMPLE, tmp_path / "copy.txt"], skip_copies=True)
    assert (len(report.copies), report.copies_unknown, report.articles) == (1, False, 1)


def label(project: Project, article: str, words: str, kind: Kind, name: str) -> str:
    editor = project.editor("ana")
    page = editor.open(article)
    start = page.text.index(words)
    editor.run(MakeSpan(kind, name, ((start, start + len(words)),)))
    assert editor.page is not None
    return next(each.id for each in editor.page.spans.values() if each.start == start and each.kind == kind)


def test_labels_go_to_twins_as_suggestions(project: Project, twins: tuple[str, str]) -> None:
    source, twin = twins
    actor = label(project, source, "the United States", Kind.ACTOR, "Actor")
    claim = label(project, source, "halt its sale of drones to Russia", Kind.CLAIM, "Claim")
    label(project, source, LINES[0][:9], Kind.ENTITY, "Person")
    editor = project.editor("ana")
    editor.open(source)
    editor.run(DrawRelation("made_by", claim, actor))

    done = copy_labels(project, source, [twin, source], "ana")
    assert (done.articles, done.spans, done.relations, done.there, done.changed) == (1, 2, 1, 0, 1)
    page = project.repository.load_page(twin, "ben")
    copied = list(page.suggestions.values())
    assert {slice_of(page.text, each.fragments) for each in copied} == {
        "the United States",
        "halt its sale of drones to Russia",
    }
    assert {each.origin for each in copied} == {f"copy:{source}"}
    assert {each.state for each in copied} == {State.SUGGESTED}
    assert next(each.attributes for each in copied if each.kind is Kind.CLAIM) == {"stance": "unset"}
    assert [each.type for each in page.relation_suggestions.values()] == ["made_by"]
    assert list(project.repository.check()) == []

    again = copy_labels(project, source, [twin], "ana")
    assert (again.articles, again.spans, again.relations) == (0, 0, 0)
    assert (again.there, again.relations_there) == (2, 1)
    assert again.sentence.startswith("Nothing new to suggest; 2 spans and 1 relation were there before"), (
        "what the list counts as labels is spans alone"
    )


def test_what_was_rejected_does_not_come_back(project: Project, twins: tuple[str, str]) -> None:
    source, twin = twins
    actor = label(project, source, "the United States", Kind.ACTOR, "Actor")
    copy_labels(project, source, [twin], "ana")
    editor = project.editor("ana")
    page = editor.open(twin)
    (suggestion,) = page.suggestions
    editor.run(Reject((suggestion,)))
    claim = label(project, source, "halt its sale of drones to Russia", Kind.CLAIM, "Claim")
    editor.open(source)
    editor.run(DrawRelation("made_by", claim, actor))
    done = copy_labels(project, source, [twin], "ana")
    assert (done.spans, done.relations, done.there, done.relations_there) == (1, 0, 1, 1)
    assert len(project.repository.load_page(twin, "ana").open_suggestions()) == 1


def test_a_relation_joins_what_was_accepted_before(project: Project, twins: tuple[str, str]) -> None:
    source, twin = twins
    actor = label(project, source, "the United States", Kind.ACTOR, "Actor")
    copy_labels(project, source, [twin], "ana")
    editor = project.editor("ana")
    page = editor.open(twin)
    (suggestion,) = page.suggestions
    editor.run(Accept((suggestion,)))
    claim = label(project, source, "halt its sale of drones to Russia", Kind.CLAIM, "Claim")
    editor.open(source)
    editor.run(DrawRelation("made_by", claim, actor))
    assert copy_labels(project, source, [twin], "ana").relations == 1
    page = project.repository.load_page(twin, "ana")
    assert len([each for each in page.visible_relations() if each.is_suggestion]) == 1


def test_an_own_label_that_is_there_is_not_suggested(project: Project, twins: tuple[str, str]) -> None:
    source, twin = twins
    for article in twins:
        label(project, article, "the United States", Kind.ACTOR, "Actor")
    done = copy_labels(project, source, [twin], "ana")
    assert (done.spans, done.there, done.articles) == (0, 1, 0)


def test_all_labels_of_all_groups(project: Project, twins: tuple[str, str]) -> None:
    source, twin = twins
    label(project, source, "the United States", Kind.ACTOR, "Actor")
    label(project, twin, "halt its sale of drones to Russia", Kind.CLAIM, "Claim")
    found, done = copy_all(project)
    assert len(found) == 1
    assert (done.spans, done.articles) == (2, 2)
    assert done.sentence == "2 spans suggested in 2 articles."
    assert copy_all(project, "ben")[1].spans == 0


@pytest.mark.parametrize(
    ("source", "target", "fragments", "found"),
    [
        ("a b c d", "x a b c d", ((2, 5),), ((4, 7),)),
        ("a b c d", "x a b\n  c d", ((2, 5),), ((4, 9),)),
        ("a b c d", "a b new c d", ((2, 5),), None),
        ("a b c d", "d c", ((0, 1),), None),
        ("one two", "so one two", ((1, 5),), ((4, 8),)),
        ("a b c d e", "x a b c d e", ((0, 1), (4, 5)), ((2, 3), (6, 7))),
        ("😀 said “no”.", "He 😀 said “no”.", ((0, 11),), ((3, 14),)),
        ("a  b", "b a  b", ((1, 4),), ((5, 6),)),
        ("a b", "a b", ((1, 2),), None),
        ("a b", "", ((0, 1),), None),
        ("", "a", ((0, 0),), None),
    ],
)
def test_ranges_are_found_by_their_words(
    source: str, target: str, fragments: tuple[tuple[int, int], ...], found: object
) -> None:
    assert Alignment(source, target).fragments(fragments) == found


def test_long_texts_are_aligned_by_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.core.aligning._MOST_CELLS", 20)
    aligned = Alignment("One line here.\nAnd a second.\n\nEnd", "New.\nOne line here.\n\nAnd a second.\nX")
    assert aligned.fragments(((4, 8),)) == ((9, 13),)
    assert aligned.fragments(((9, 18),)) == ((14, 24),)
    assert aligned.fragments(((30, 33),)) is None
