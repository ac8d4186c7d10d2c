"""Actor records through the session: every edit in a real file, its undoing, and several annotators."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import jsonschema
import pytest

from annotator.core.commands import DeleteSpan, MakeSpan, Propose
from annotator.core.errors import ProjectError, RuleError, StorageError
from annotator.core.history import Edit
from annotator.core.model import ActorRecord, Alias, Article, Kind, Property
from annotator.core.ports import NewArticle, Suggested, SuggestedSpan
from annotator.core.records import replace
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens
from annotator.runtime.resources import resource
from annotator.session.editor import Editor
from annotator.session.exporting import export_labels
from annotator.session.importing import import_paths
from annotator.session.project import Project
from annotator.store.repository import SqlRepository, open_repository

TEXT = "Rob Malley met Malley's aides. Mr Malley said that malley left number {}."
MALLEY = ActorRecord(id="malley", name="Rob Malley", type="person", aliases=(Alias("Malley"),))
OTHER = ActorRecord(id="other", name="Bob Malley", type="person")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p.annot") as project:
        found = []
        for number in range(1, 4):
            text = TEXT.format(number)
            article = Article(id=f"a{number}", text=text, sha256=sha256_of(text), title="T", language="en")
            project.repository.add_articles([NewArticle(article=article)], [])
            span = SuggestedSpan(Kind.ACTOR, "Actor", ((31, 40),), "rules:1", 0.9)
            found.append(Suggested(f"a{number}", (span,), (), rough_tokens(text), ("rules:",)))
        project.repository.save_suggested(found, "rules:1")
        yield project


def opened(project: Project, article: str = "a1", annotator: str = "ana") -> Editor:
    editor = project.editor(annotator)
    editor.open(article)
    return editor


def mark(editor: Editor, start: int, end: int, kind: Kind = Kind.ACTOR) -> str:
    label = "Actor" if kind == Kind.ACTOR else "Person"
    return editor.run(MakeSpan(kind, label, ((start, end),))).added_spans()[0].id


def marked(project: Project, annotator: str = "ana") -> Editor:
    """In each article: “Rob Malley”, “Malley's” and “malley” as actors; the first is open."""
    editor = opened(project, annotator=annotator)
    for article in ("a3", "a2", "a1"):
        editor.open(article)
        for start, end in ((0, 10), (15, 23), (51, 57)):
            mark(editor, start, end)
    return editor


def first(editor: Editor) -> str:
    assert editor.page is not None
    return min(editor.page.spans.values(), key=lambda span: span.order).id


def actors_of(project: Project, annotator: str = "ana") -> list[list[str | None]]:
    """By article: what each own span names, in text order."""
    pages = (project.repository.load_page(f"a{number}", annotator) for number in (1, 2, 3))
    return [[s.actor for s in sorted(page.spans.values(), key=lambda s: s.order)] for page in pages]


def state(project: Project) -> object:
    """Everything that an edit may change."""
    everybody = [actors_of(project, each) for each in ("ana", "ben")]
    repository = project.repository
    assert list(repository.check()) == []
    return everybody, repository.actors(), sorted(map(repr, repository.refusals()))


def there_and_back(project: Project, editor: Editor, edit: Edit | None) -> None:
    """Undo and redo an edit that was just made; memory says what the file says all the while."""
    assert edit is not None
    after = state(project)
    assert editor.undo() == edit
    before = state(project)
    assert before != after
    in_step(editor)
    assert editor.redo() == edit
    assert state(project) == after
    in_step(editor)


def in_step(editor: Editor) -> None:
    assert editor.actors.registry.records == editor.repository.actors()
    assert editor.page is not None
    page = editor.repository.load_page(editor.page.article.id, editor.annotator)
    assert editor.page.labels == page.labels
    assert editor.page.suggestions == page.suggestions


def test_a_record_is_made_and_linked_in_one_step(project: Project) -> None:
    editor = marked(project)
    edit = editor.actors.create(MALLEY, [first(editor)])
    assert edit is not None
    assert edit.title == "New actor record Rob Malley for “Rob Malley”"
    assert actors_of(project) == [["malley", None, None], [None] * 3, [None] * 3]
    assert editor.actors.recent() == ["malley"]
    there_and_back(project, editor, edit)
    assert editor.actors.link([first(editor)], "malley") is None
    there_and_back(project, editor, editor.actors.link([first(editor)], None))
    assert [each.title for each in editor.actors.history("malley")][:1] == [edit.title]


def test_what_cannot_be_linked_says_so_and_changes_nothing(project: Project) -> None:
    editor = marked(project)
    entity = mark(editor, 0, 10, Kind.ENTITY)
    before = state(project)
    with pytest.raises(RuleError, match="only an actor"):
        editor.actors.create(MALLEY, [first(editor), entity])
    with pytest.raises(RuleError, match="no longer there"):
        editor.actors.link([first(editor)], "nobody")
    with pytest.raises(RuleError, match="needs a name"):
        editor.actors.create(ActorRecord(id="x", name=" \n "))
    assert state(project) == before
    in_step(editor)


@pytest.mark.parametrize(("suggestions", "count"), [(False, 6), (True, 6)])
def test_all_mentions_of_a_string_in_one_step(project: Project, suggestions: bool, count: int) -> None:
    ben = marked(project, "ben")
    ben.actors.create(OTHER, [first(ben)])
    editor = marked(project)
    spans = sorted(editor.page.spans.values(), key=lambda span: span.order)  # type: ignore[union-attr]
    editor.actors.create(MALLEY, [])
    here = editor.actors.alike(spans[1].id, actor="malley")
    assert here is not None
    assert (here.count, here.title) == (2, "Link 2 × “Malley's” to Rob Malley")
    all_of_them = editor.actors.alike(spans[1].id, everywhere=True, actor="malley", suggestions=suggestions)
    assert all_of_them is not None
    assert all_of_them.count == count
    assert all_of_them.title == "Link 6 × “Malley's” to Rob Malley in 3 articles"
    edit = all_of_them.run()
    assert actors_of(project) == [[None, "malley", "malley"]] * 3
    assert actors_of(project, "ben") == [["other", None, None], [None] * 3, [None] * 3]
    there_and_back(project, editor, edit)
    assert editor.actors.alike(spans[1].id, everywhere=True) is None


def test_mentions_that_mean_somebody_else_stay(project: Project) -> None:
    editor = marked(project)
    spans = sorted(editor.page.spans.values(), key=lambda span: span.order)  # type: ignore[union-attr]
    editor.actors.create(OTHER, [spans[2].id])
    editor.open("a2")
    editor.actors.create(MALLEY, [])
    theirs = sorted(editor.page.spans.values(), key=lambda span: span.order)  # type: ignore[union-attr]
    editor.actors.alike(theirs[1].id, actor="malley", everywhere=True).run()  # type: ignore[union-attr]
    assert actors_of(project)[0] == [None, "malley", "other"]
    editor.open("a1")
    editor.actors.alike(spans[2].id, actor="malley").run()  # type: ignore[union-attr]
    assert actors_of(project)[0] == [None, "malley", "malley"]


def test_suggestions_with_the_same_words_are_accepted_along(project: Project) -> None:
    editor = opened(project)
    own = mark(editor, 31, 40)
    editor.open("a2")
    own = mark(editor, 31, 40)
    editor.actors.create(MALLEY, [own])
    assert editor.actors.alike(own, everywhere=True).count == 1  # type: ignore[union-attr]
    both = editor.actors.alike(own, everywhere=True, suggestions=True)
    assert both is not None
    assert both.count == 2
    there_and_back(project, editor, both.run())
    page = project.repository.load_page("a3", "ana")
    assert [(span.actor, span.origin) for span in page.spans.values()] == [("malley", "rules:1")]
    assert len(page.decisions) == 1


def test_proposals_and_their_acceptance_and_refusal(project: Project) -> None:
    editor = marked(project)
    editor.actors.create(MALLEY)
    spans = sorted(editor.page.spans.values(), key=lambda span: span.order)  # type: ignore[union-attr]
    proposals = editor.actors.proposals()
    assert {each: match.record.id for each, match in proposals.items()} == dict.fromkeys(
        [*(span.id for span in spans), *editor.page.suggestions],
        "malley",  # type: ignore[union-attr]
    )
    assert all(each.exact for each in proposals.values())
    suggestion = editor.page.open_suggestions()[0].id  # type: ignore[union-attr]
    there_and_back(project, editor, editor.actors.accept(suggestion))
    there_and_back(project, editor, editor.actors.refuse(spans[1].id, "malley"))
    assert spans[1].id not in editor.actors.proposals()
    assert spans[0].id in editor.actors.proposals()
    with pytest.raises(RuleError, match="no actor record is proposed"):
        editor.actors.accept(spans[1].id)
    assert editor.actors.refuse(spans[2].id, "malley") is None, "the same words in the same article"
    again = opened(project, "a2")
    assert len(again.actors.proposals()) == 4, "the words are its alias elsewhere"
    assert len(opened(project, "a1", "ben").actors.proposals()) == 1
    editor.undo()
    assert spans[1].id in editor.actors.proposals()


def test_a_near_name_that_was_refused_is_refused_everywhere(project: Project) -> None:
    editor = marked(project)
    editor.actors.create(ActorRecord(id="m", name="Rob Maley", type="person"))
    match = editor.actors.proposals()[first(editor)]
    assert (match.record.id, match.exact) == ("m", False)
    editor.actors.refuse(first(editor), "m")
    assert first(editor) not in editor.actors.proposals()
    editor.open("a2")
    assert first(editor) not in editor.actors.proposals()


def test_merging_is_one_identity_and_can_be_taken_back(project: Project) -> None:
    editor = marked(project)
    spans = sorted(editor.page.spans.values(), key=lambda span: span.order)  # type: ignore[union-attr]
    editor.actors.create(MALLEY, [spans[0].id])
    editor.actors.create(OTHER, [spans[1].id])
    edit = editor.actors.merge(["other", "malley"], "malley")
    there_and_back(project, editor, edit)
    assert editor.actors.registry.resolve("other").id == "malley"
    assert [each.record.id for each in editor.actors.registry.search("Bob Mal")][:1] == ["malley"]
    assert editor.actors.mention_counts() == {"malley": 2}
    mentions = editor.actors.mentions("other")
    assert [(each.article, each.words, each.annotator, each.actor) for each in mentions] == [
        ("a1", "Rob Malley", "ana", "malley"),
        ("a1", "Malley's", "ana", "other"),
    ]
    assert mentions[1].before == "Rob Malley met "
    assert mentions[1].after.startswith(" aides. Mr Malley said")
    assert editor.actors.merge(["other"], "malley") is None
    assert [each.verb for each in editor.actors.history("malley")].count("merge_actors") == 3
    there_and_back(project, editor, editor.actors.unmerge("other"))
    assert editor.actors.unmerge("other") is None
    assert editor.actors.mention_counts() == {"malley": 1, "other": 1}


def test_two_annotators_who_merge_in_opposite_ways_make_no_circle(project: Project) -> None:
    ana, ben = marked(project), marked(project, "ben")
    ana.actors.create(MALLEY)
    ana.actors.create(OTHER)
    ana.actors.refresh()
    ben.actors.refresh()
    assert set(ben.actors.registry.records) == {"malley", "other"}
    ana.actors.merge(["other"], "malley")
    ben.actors.merge(["malley"], "other")
    state(project)
    in_step(ben)
    assert ben.actors.registry.resolve("other").id == "malley"
    for editor in (ben, ana, ben, ana):
        editor.undo()
        state(project)
    for editor in (ben, ben, ana, ana):
        editor.redo()
        state(project)


def test_splitting_moves_own_spans_only(project: Project) -> None:
    editor, ben = marked(project), marked(project, "ben")
    editor.actors.create(MALLEY, [first(editor)])
    editor.actors.alike(first(editor), everywhere=True).run()  # type: ignore[union-attr]
    ben.actors.refresh()
    ben.actors.link([first(ben)], "malley")
    mine = [each.span for each in editor.actors.mentions("malley", annotator="ana")]
    assert len(mine) == 3
    theirs = [each.span for each in editor.actors.mentions("malley", annotator="ben")]
    with pytest.raises(RuleError, match="your own mentions"):
        editor.actors.split("malley", [mine[0], *theirs], OTHER)
    edit = editor.actors.split("malley", mine[:2], OTHER)
    there_and_back(project, editor, edit)
    assert editor.actors.mention_counts() == {"malley": 2, "other": 2}
    assert edit is not None
    assert edit.title in [each.title for each in editor.actors.history("malley")]
    assert editor.actors.mentions("malley", 1, 5)[0].annotator == "ana"
    assert len(editor.actors.mentions("malley", 0, 1)) == 1


def test_deleting(project: Project) -> None:
    editor, ben = marked(project), marked(project, "ben")
    editor.actors.create(MALLEY, [first(editor)])
    editor.actors.refuse(first(editor), "malley")
    editor.actors.alike(first(editor), everywhere=True).run()  # type: ignore[union-attr]
    with pytest.raises(RuleError, match="3 mentions mean this record"):
        editor.actors.delete("malley")
    ben.actors.refresh()
    ben.actors.link([first(ben)], "malley")
    with pytest.raises(RuleError, match="of other annotators"):
        editor.actors.delete("malley", unlink=True)
    ben.undo()
    there_and_back(project, editor, editor.actors.delete("malley", unlink=True))
    assert editor.actors.registry.records == {}
    # Ben brings his link back, and the record with it.
    ben.redo()
    assert actors_of(project, "ben")[0][0] == "malley"
    state(project)
    in_step(ben)
    editor.actors.refresh()
    in_step(editor)


def test_suggestions_lose_a_record_that_is_deleted(project: Project) -> None:
    editor = opened(project)
    own = mark(editor, 0, 10)
    editor.actors.create(MALLEY, [own])
    editor.run(MakeSpan(Kind.ACTOR, "Actor", ((51, 57),)))
    editor.actors.link([first(editor)], "malley")
    again = mark(editor, 15, 21)
    editor.actors.link([again], "malley")
    editor.run(Propose(again, match_case=True))
    editor.run(DeleteSpan(again))
    assert any(each.actor for each in editor.page.suggestions.values())  # type: ignore[union-attr]
    editor.actors.delete("malley", unlink=True)
    in_step(editor)
    state(project)
    while editor.undo():
        state(project)
    while editor.redo():
        state(project)


def test_changing_a_record_leaves_what_others_changed(project: Project) -> None:
    ana, ben = opened(project), opened(project, "a1", "ben")
    ana.actors.create(MALLEY)
    assert "malley" in ben.actors.registry.records
    edit = ana.actors.edit(
        ActorRecord(
            id="malley",
            name="Robert Malley",
            type="person",
            aliases=(Alias("Malley"), Alias("Robert  Malley", "fr")),
            properties=(Property(name="role", value="envoy", since="2021-01-29"),),
        )
    )
    assert edit is not None
    assert edit.title == "Rename Rob Malley to Robert Malley"
    # Ben has not seen that yet.
    ben.actors.edit(ActorRecord(id="malley", name="Rob Malley", type="person", aliases=(), note="US envoy"))
    record = project.repository.actors()["malley"]
    assert (record.name, record.note) == ("Robert Malley", "US envoy")
    assert record.aliases == (Alias("Robert Malley", "fr"),)
    ana.undo()
    record = project.repository.actors()["malley"]
    assert (record.name, record.note, record.aliases, record.properties) == ("Rob Malley", "US envoy", (), ())
    ana.redo()
    ben.undo()
    assert project.repository.actors()["malley"].aliases[-1] == Alias("Malley")
    assert ben.actors.registry.records == project.repository.actors()


def test_undoing_a_value_that_somebody_else_has_changed_leaves_theirs(project: Project) -> None:
    def party(value: str) -> ActorRecord:
        there = project.repository.actors()["malley"]
        return replace(there, properties=(Property(name="party", value=value),))

    ana, ben = opened(project), opened(project, annotator="ben")
    ana.actors.create(replace(MALLEY, properties=(Property(name="party", value="A"),)))
    ana.actors.edit(party("B"))
    ben.actors.refresh()
    ben.actors.edit(party("C"))
    assert ana.undo() is not None
    assert project.repository.actors()["malley"] == party("C")
    assert ben.undo() is not None
    assert project.repository.actors()["malley"] == party("B")
    assert list(project.repository.check()) == []


def test_undo_of_making_a_record_that_somebody_else_uses_leaves_it(project: Project) -> None:
    ana, ben = marked(project), marked(project, "ben")
    ana.actors.create(MALLEY, [first(ana)])
    ben.actors.link([first(ben)], "malley")
    ana.undo()
    assert "malley" in ana.actors.registry.records
    state(project)
    ana.redo()
    ben.undo()
    ana.undo()
    assert project.repository.actors() == {}
    ben.redo()
    assert set(project.repository.actors()) == {"malley"}
    state(project)


def test_it_survives_a_restart(project: Project, tmp_path: Path) -> None:
    editor = marked(project)
    editor.actors.create(MALLEY, [first(editor)])
    editor.actors.create(OTHER)
    editor.actors.merge(["other"], "malley")
    with closing(open_repository(tmp_path / "p.annot")) as again:
        fresh = Editor(again, project.codebook, "ana")
        fresh.open("a1")
        assert fresh.actors.registry.resolve("other").id == "malley"
        assert fresh.actors.recent() == ["malley"]
        fresh.undo()
        fresh.undo()
        assert set(again.actors()) == {"malley"}


def test_what_cannot_be_saved_is_in_memory_and_saved_later(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = marked(project)
    assert editor.actors.registry.records == {}
    real = SqlRepository.save_edit

    def full(*_args: object) -> Edit:
        raise StorageError("the disk is full")

    monkeypatch.setattr(SqlRepository, "save_edit", full)
    editor.actors.create(MALLEY, [first(editor)])
    editor.actors.create(OTHER)
    editor.actors.merge(["other"], "malley")
    assert editor.actors.registry.resolve("other").id == "malley"
    assert editor.undo() is not None
    assert editor.actors.registry.resolve("other").id == "other"
    editor.redo()
    assert project.repository.actors() == {}
    monkeypatch.setattr(SqlRepository, "save_edit", real)
    editor.write_unsaved()
    in_step(editor)
    assert actors_of(project)[0] == ["malley", None, None]


def test_an_edit_that_no_longer_fits_is_forgotten_in_memory_too(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = marked(project)
    span = first(editor)
    real = SqlRepository.save_edit

    def full(*_args: object) -> Edit:
        raise StorageError("the disk is full")

    assert editor.actors.registry.records == {}
    monkeypatch.setattr(SqlRepository, "save_edit", full)
    editor.actors.create(MALLEY, [span])
    monkeypatch.setattr(SqlRepository, "save_edit", real)
    opened(project).run(DeleteSpan(span))
    with pytest.raises(ProjectError, match="could not be saved"):
        editor.write_unsaved()
    assert editor.actors.registry.records == {} == project.repository.actors()


def test_an_export_has_identities_and_comes_in_as_it_was(project: Project, tmp_path: Path) -> None:
    editor = marked(project)
    spans = sorted(editor.page.spans.values(), key=lambda span: span.order)  # type: ignore[union-attr]
    described = replace(
        MALLEY,
        aliases=(Alias("Malley"), Alias("Мэлли", "ru")),
        properties=(Property(name="role", value=["envoy", 1], since="2021-01-29"),),
        external_id="Q7344932",
        note="A remark",
    )
    editor.actors.create(described, [spans[0].id])
    editor.actors.create(OTHER, [spans[1].id])
    editor.actors.merge(["other"], "malley")
    first, again = tmp_path / "first.jsonl", tmp_path / "again.jsonl"
    export_labels(project, first, include_suggestions=True)
    line = json.loads(first.read_text(encoding="utf-8").splitlines()[0])
    assert line["actors"] == [
        {
            "id": "malley",
            "name": "Rob Malley",
            "type": "person",
            "aliases": ["Malley", {"name": "Мэлли", "language": "ru"}, "Bob Malley"],
            "external_id": "Q7344932",
            "properties": [{"name": "role", "value": ["envoy", 1], "since": "2021-01-29", "until": None}],
            "note": "A remark",
        }
    ]
    named = [each["actor"] for each in line["spans"] if each["state"] == "accepted"]
    assert named == ["malley", "malley", None]
    jsonschema.validate(line, json.loads(resource("schema", "annotator-1.schema.json").read_text("utf-8")))
    with Project.create(tmp_path / "new.annot", project.codebook) as new:
        assert import_paths(new, [first]).problems == []
        export_labels(new, again, include_suggestions=True)
    assert again.read_bytes() == first.read_bytes()


def test_records_merges_and_refusals_are_recovered(project: Project, tmp_path: Path) -> None:
    editor = marked(project)
    editor.actors.create(MALLEY, [first(editor)])
    editor.actors.create(OTHER)
    editor.actors.merge(["other"], "malley")
    editor.actors.refuse(first(editor), "malley")
    saved = state(project)
    project.repository.copy_to(tmp_path / "copy.annot")
    report = Project.recover(tmp_path / "copy.annot", tmp_path / "whole.annot")
    assert report.problems == []
    with Project.open(tmp_path / "whole.annot") as whole:
        assert state(whole) == saved
        assert whole.editor("ana").actors.history("other")
    with closing(sqlite3.connect(tmp_path / "copy.annot")) as connection:
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("DELETE FROM actor_records WHERE id = 'malley'")
        connection.commit()
    with Project.open(tmp_path / "copy.annot") as damaged:
        found = [str(each) for each in damaged.repository.check()]
    for what in ("its actor record 'malley' is not there", "the actor record 'malley' that", "merged"):
        assert any(what in each for each in found), found
    Project.recover(tmp_path / "copy.annot", tmp_path / "rest.annot")
    with Project.open(tmp_path / "rest.annot") as rest:
        assert list(rest.repository.check()) == []
        assert set(rest.repository.actors()) == {"other"}


def test_check_finds_what_is_wrong_with_a_record(project: Project, tmp_path: Path) -> None:
    editor = opened(project)
    editor.actors.create(replace(MALLEY, properties=(Property(name="shoe", value=1, since="1.2.2021"),)))
    editor.actors.create(OTHER)
    with closing(sqlite3.connect(tmp_path / "p.annot")) as connection:
        connection.execute("UPDATE actor_records SET merged_into = 'other' WHERE id = 'malley'")
        connection.execute("UPDATE actor_records SET merged_into = 'malley', name = '' WHERE id = 'other'")
        connection.commit()
    found = [str(each) for each in project.repository.check()]
    assert len(found) == 5
    for what in ("no attribute 'shoe'", "the date '1.2.2021'", "in a circle", "it has no name"):
        assert any(what in each for each in found), found
