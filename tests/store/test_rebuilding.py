"""Labels whose rows are lost come back from the edit log, as they were, and nothing that was removed does."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest

from annotator.cli.main import run_command
from annotator.cli.parser import parse
from annotator.core.commands import DeleteSpan, DrawRelation, MakeSpan, Reject
from annotator.core.errors import RuleError
from annotator.core.model import ActorRecord, Alias, Article, Kind, Property
from annotator.core.moves import Move, Part
from annotator.core.page import Page
from annotator.core.ports import NewArticle, Suggested, SuggestedSpan
from annotator.core.records import replace
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens
from annotator.session.project import Project
from annotator.store.recovery import Recovered

PAGE = 4096
LABELS = ("spans", "relations", "span_decisions", "relation_decisions", "progress")
TEXT = "The envoy said that Iran must stop. The minister rejected it. " * 12
DELIVERED = tuple(
    SuggestedSpan(kind, label, ((start, end),), "spacy:x", 0.5)
    for kind, label, start, end in (
        (Kind.ENTITY, "Place", 20, 24),
        (Kind.ACTOR, "Actor", 4, 9),
        (Kind.CUE, "Cue", 10, 14),
    )
)


def destroy(path: Path, table: str, chance: random.Random | None = None) -> None:
    """Overwrite the pages of a table, or with ``chance`` about half of them.

    The pages: https://www.sqlite.org/fileformat2.html#b_tree_pages
    """
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", (table,)).fetchone()
    data = bytearray(path.read_bytes())

    def pages(number: int) -> list[int]:
        start = (number - 1) * PAGE
        found = [number]
        if data[start] in (2, 5):
            count = int.from_bytes(data[start + 3 : start + 5])
            for nth in range(count):
                at = start + int.from_bytes(data[start + 12 + 2 * nth : start + 14 + 2 * nth])
                found += pages(int.from_bytes(data[at : at + 4]))
            found += pages(int.from_bytes(data[start + 8 : start + 12]))
        return found

    every = pages(root)
    for number in every:
        if chance is None or len(every) == 1 or chance.random() < 0.5:
            data[(number - 1) * PAGE : number * PAGE] = b"\x55" * PAGE
    path.write_bytes(data)


def recovered(path: Path) -> tuple[Recovered, Path]:
    target = path.with_name("new.annot")
    target.unlink(missing_ok=True)
    return Project.recover(path, target), target


def page_of(path: Path, article: str = "a1", annotator: str = "ana") -> Page:
    with Project.open(path) as project:
        assert list(project.repository.check()) == []
        return project.repository.load_page(article, annotator)


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """A claim and an actor with a relation, a label that was removed again, a rejected suggestion."""
    path = tmp_path / "news.annot"
    with Project.create(path) as project:
        article = Article(id="a1", text=TEXT, sha256=sha256_of(TEXT), title="T")
        project.repository.add_articles([NewArticle(article=article)], [])
        project.repository.save_suggested(
            [Suggested("a1", DELIVERED, (), rough_tokens(TEXT), ("spacy:",))], "spacy:x"
        )
        editor = project.editor("ana")
        page = editor.open("a1")
        (actor,) = editor.run(MakeSpan(Kind.ACTOR, "Actor", ((0, 9),))).added_spans()
        (claim,) = editor.run(MakeSpan(Kind.CLAIM, "Claim", ((15, 34),))).added_spans()
        (gone,) = editor.run(MakeSpan(Kind.CUE, "Cue", ((10, 19),))).added_spans()
        editor.run(DrawRelation("made_by", claim.id, actor.id))
        editor.run(DeleteSpan(gone.id))
        editor.run(Reject((next(iter(page.suggestions)),)))
        editor.run(MakeSpan(Kind.CUE, "Cue", ((40, 48),)))
        editor.undo()
    return path


def test_lost_spans_and_relations_come_back_as_they_were(labelled: Path) -> None:
    before = page_of(labelled)
    destroy(labelled, "spans")
    destroy(labelled, "relations")
    report, new = recovered(labelled)
    assert report.rebuilt == {"spans": 2, "relations": 1}
    assert report.rows["spans"] == 2
    assert any("rebuilt from the edit log: 2 spans, 1 relation" in each.what for each in report.problems)
    assert not any("removed later" in each.cure for each in report.problems)
    after = page_of(new)
    assert (after.spans, after.relations) == (before.spans, before.relations)
    assert after.progress == before.progress


@pytest.mark.parametrize("tables", [["actor_records"], ["actor_aliases", "actor_attributes"]])
def test_lost_actor_records_come_back_with_their_links_and_merges(labelled: Path, tables: list[str]) -> None:
    with Project.open(labelled) as project:
        editor = project.editor("ana")
        (actor,) = (each for each in editor.open("a1").spans.values() if each.kind == Kind.ACTOR)
        since = Property(name="role", value=["minister"], since="2021-01-29")
        for number in range(60):
            record = ActorRecord(id=f"r{number}", name=f"N{number}", aliases=(Alias("A", "de"),))
            editor.actors.create(replace(record, properties=(since,)))
        editor.actors.link([actor.id], "r7")
        editor.actors.merge(["r7"], "r8")
        editor.actors.delete("r9")
        before = project.repository.actors()
    for each in tables:
        destroy(labelled, each)
    report, new = recovered(labelled)
    if "actor_records" in tables:
        assert report.rebuilt == {"actor_records": 59}
        assert any("59 records of an actor" in each.what for each in report.problems)
    with Project.open(new) as project:
        assert project.repository.actors() == before
        assert project.repository.load_page("a1", "ana").spans[actor.id].actor == "r7"


def test_decisions_and_status_come_back(labelled: Path) -> None:
    before = page_of(labelled)
    destroy(labelled, "span_decisions")
    destroy(labelled, "progress")
    report, new = recovered(labelled)
    assert report.rebuilt == {"span_decisions": 1, "progress": 1}
    after = page_of(new)
    assert (after.decisions, after.progress) == (before.decisions, before.progress)
    with Project.open(new) as project:
        editor = project.editor("ana")
        while editor.undo() is not None:
            pass
    after = page_of(new)
    assert (after.spans, after.relations, after.decisions) == ({}, {}, {})


def test_everybody_who_labelled_is_known_again(labelled: Path) -> None:
    before = page_of(labelled)
    destroy(labelled, "annotators")
    report, new = recovered(labelled)
    assert report.problems
    assert page_of(new).spans == before.spans


def test_nothing_is_rebuilt_where_nothing_is_lost(labelled: Path) -> None:
    with closing(sqlite3.connect(labelled)) as connection, connection:
        connection.execute("DELETE FROM relations")
    destroy(labelled, "settings")
    report, new = recovered(labelled)
    assert report.rebuilt == {}
    assert page_of(new).relations == {}


def test_what_a_lost_edit_may_have_removed_is_told(labelled: Path) -> None:
    with closing(sqlite3.connect(labelled)) as connection, connection:
        connection.execute("DELETE FROM edits WHERE verb = (SELECT verb FROM edits WHERE number = 5)")
    destroy(labelled, "spans")
    report, _ = recovered(labelled)
    assert report.rebuilt["spans"] == 3
    (told,) = [each for each in report.problems if "rebuilt" in each.what]
    assert told.cure.startswith(("3 of them may", "4 of them may"))


def test_labels_of_a_damaged_log_that_lie_outside_their_text_are_not_believed(labelled: Path) -> None:
    with closing(sqlite3.connect(labelled)) as connection, connection:
        connection.execute("UPDATE edits SET changes = replace(changes, '[15,34]', '[15,34000]')")
    destroy(labelled, "spans")
    report, new = recovered(labelled)
    assert report.rebuilt["spans"] == 1
    assert len(page_of(new).spans) == 1


def test_the_command_counts_what_was_rebuilt(labelled: Path, capsys: pytest.CaptureFixture[str]) -> None:
    destroy(labelled, "spans")
    new = labelled.with_name("new.annot")
    assert run_command(parse(["recover", str(labelled), str(new)])) == 1
    said = capsys.readouterr().err
    assert "2 labels" in said
    assert "rebuilt from the edit log: 2 spans" in said


@pytest.mark.parametrize("seed", range(10))
def test_whatever_was_done_and_lost_comes_back(
    make_wanderer: Callable[[int], Any], tmp_path: Path, seed: int
) -> None:
    wanderer = make_wanderer(seed)
    chance = random.Random(seed)
    path = tmp_path / "news.annot"
    with Project.create(path) as project:
        article = wanderer.page.article
        project.repository.add_articles([NewArticle(article=article)], [])
        editor = project.editor("ana")
        wanderer.page = editor.open(article.id)
        for _ in range(120):
            if chance.random() < 0.15:
                editor.undo()
            elif chance.random() < 0.1:
                editor.redo()
            else:
                with suppress(RuleError):
                    editor.run(wanderer.command())
    before = page_of(path, article.id)
    whole = path.read_bytes()
    for tables in (("spans",), ("relations",), ("spans", "relations", "progress"), LABELS):
        for some in (None, chance):
            path.write_bytes(whole)
            for table in tables:
                destroy(path, table, some)
            _, new = recovered(path)
            after = page_of(new, article.id)
            assert after.spans == before.spans
            assert after.relations == before.relations
            assert after.progress == before.progress


def test_lost_labels_come_back_in_the_words_of_the_newest_codebook(tmp_path: Path) -> None:
    path = tmp_path / "old.annot"
    with Project.create(path) as project:
        article = Article(id="a1", text=TEXT, sha256=sha256_of(TEXT), title="T")
        project.repository.add_articles([NewArticle(article=article, tokens=rough_tokens(TEXT))], [])
        editor = project.editor("ana")
        editor.open("a1")
        editor.run(MakeSpan(Kind.ENTITY, "Place", ((20, 24),)))
        editor.run(MakeSpan(Kind.ENTITY, "Law", ((0, 3),)))
        before = editor.codebook
        labels = [replace(each, name="Land") if each.name == "Place" else each for each in before.labels]
        after = replace(before, labels=tuple(each for each in labels if each.name != "Law"))
        moves = [
            Move(Part.LABEL, ("entity", "Place"), ("entity", "Land")),
            Move(Part.LABEL, ("entity", "Law"), None),
        ]
        editor.change_codebook(after, moves, "Rename Place")
    destroy(path, "spans")
    _, target = recovered(path)
    assert [each.label for each in page_of(target).spans.values()] == ["Land"]
    with Project.open(target) as project:
        assert [each.version for each in project.repository.codebook_versions()] == [1, 2]
        editor = project.editor("ana")
        editor.open("a1")
        assert editor.undo() is not None
        assert project.codebook == before
