"""Many suggestions decided at once, in a real project file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.core.commands import Accept, MakeSpan, Propose
from annotator.core.model import Article, Kind, Status
from annotator.core.ports import NewArticle, Suggested, SuggestedSpan
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens
from annotator.session import bulk
from annotator.session.editor import Changed, Editor
from annotator.session.exporting import export_jsonl
from annotator.session.project import Project

TEXT = "Iran and Rob\nMalley met Iran number {}."


def suggested(text: str, words: str, label: str, sure: float) -> list[SuggestedSpan]:
    found, start = [], text.find(words)
    while start >= 0:
        fragments = ((start, start + len(words)),)
        found.append(SuggestedSpan(Kind.ENTITY, label, fragments, "spacy:test-1", sure))
        start = text.find(words, start + 1)
    return found


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p.annot") as project:
        results = []
        for number in range(1, 5):
            text = TEXT.format(number)
            article = Article(id=f"a{number}", text=text, sha256=sha256_of(text), title=f"T{number}")
            project.repository.add_articles([NewArticle(article=article)], [])
            spans = suggested(text, "Iran", "Place" if number < 4 else "Group", 0.9)
            spans += suggested(text, "Rob\nMalley", "Person", 0.6)
            results.append(Suggested(f"a{number}", tuple(spans), (), rough_tokens(text), ("spacy:",)))
        project.repository.save_suggested(results, "spacy:test-1")
        yield project


def opened(project: Project, article: str, annotator: str = "ana") -> Editor:
    editor = project.editor(annotator)
    editor.open(article)
    return editor


def first(editor: Editor) -> str:
    assert editor.page is not None
    return editor.page.open_suggestions()[0].id


def exported(project: Project, folder: Path) -> bytes:
    out = folder / "out.jsonl"
    export_jsonl(project, out, include_suggestions=True)
    return out.read_bytes()


@pytest.mark.parametrize("accept", [True, False])
def test_all_of_a_project_in_one_step_and_back(project: Project, tmp_path: Path, accept: bool) -> None:
    before = exported(project, tmp_path)
    editor = opened(project, "a2")
    heard: list[Changed] = []
    editor.listeners.append(heard.append)
    many = bulk.alike(editor, first(editor), accept=accept, everywhere=True)
    assert many is not None
    verb = "Accept" if accept else "Reject"
    assert many.title == f"{verb} 6 × Place “Iran” in 3 articles"
    edit = many.run(editor)
    assert edit is not None
    assert edit.articles == ["a2", "a1", "a3"]
    assert heard[0].changes.article == "a2"
    for article in ("a1", "a2", "a3"):
        page = project.repository.load_page(article, "ana")
        assert len(page.spans) == (2 if accept else 0)
        assert len(page.decisions) == 2
        assert page.progress.status == Status.IN_PROGRESS
    assert editor.page is not None
    assert editor.page.labels == project.repository.load_page("a2", "ana").labels
    assert not project.repository.load_page("a4", "ana").decisions
    assert not list(project.repository.check())
    after = exported(project, tmp_path)
    assert editor.undo() == edit
    assert exported(project, tmp_path) == before
    assert editor.redo() == edit
    assert exported(project, tmp_path) == after


def test_undo_of_a_project_wide_step_from_an_article_that_it_left_alone(project: Project) -> None:
    editor = opened(project, "a1")
    many = bulk.alike(editor, first(editor), accept=True, everywhere=True)
    assert many is not None
    many.run(editor)
    editor.open("a4")
    editor.undo()
    assert editor.page is not None
    assert editor.page.article.id == "a1"
    assert editor.page.spans == {}


def test_what_another_person_or_an_earlier_step_decided_is_left_out(project: Project) -> None:
    other = opened(project, "a1", "ben")
    other.run(Accept((first(other),)))
    editor = opened(project, "a3")
    editor.run(Accept((first(editor),)))
    again = bulk.alike(editor, first(editor), accept=True, everywhere=True)
    assert again is not None
    assert again.what.startswith("Person")
    assert again.count == 4
    editor.open("a2")
    many = bulk.alike(editor, first(editor), accept=True, everywhere=True)
    assert many is not None
    assert many.count == 5


def test_only_the_open_article(project: Project) -> None:
    editor = opened(project, "a1")
    many = bulk.alike(editor, first(editor), accept=True, everywhere=False)
    assert many is not None
    assert many.title == "Accept 2 × Place “Iran”"
    many.run(editor)
    assert project.repository.load_page("a2", "ana").spans == {}
    assert bulk.alike(editor, next(iter(project.repository.load_page("a1", "ana").spans)),
                      accept=True, everywhere=False) is None  # fmt: skip


def test_by_confidence(project: Project) -> None:
    editor = opened(project, "a4")
    here = bulk.above(editor, 0.9, everywhere=False)
    everywhere = bulk.above(editor, 0.6, everywhere=True)
    assert here is not None
    assert everywhere is not None
    assert (here.count, everywhere.count) == (2, 12)
    assert everywhere.title == "Accept 12 × suggestions at 60% or more in 4 articles"
    everywhere.run(editor)
    assert len(project.repository.load_page("a1", "ana").spans) == 3
    assert bulk.above(editor, 0.0, everywhere=True) is None


def test_proposed_occurrences_are_suggestions_of_the_project(project: Project, tmp_path: Path) -> None:
    editor = opened(project, "a1")
    before = exported(project, tmp_path)
    editor.run(Accept((first(editor),)))
    assert editor.page is not None
    own = next(iter(editor.page.spans))
    assert not editor.run(Propose(own))  # the other one was suggested before
    editor.undo()
    editor.undo()
    assert exported(project, tmp_path) == before


def test_a_proposal_that_another_person_has_decided_on_stands_in_nobodys_way(tmp_path: Path) -> None:
    text = "Iran and Iran and Iran."
    with Project.create(tmp_path / "p.annot") as project:
        article = Article(id="a", text=text, sha256=sha256_of(text), title="T")
        project.repository.add_articles([NewArticle(article=article)], [])
        ana = opened(project, "a")
        ana.run(MakeSpan(Kind.ENTITY, "Place", ((0, 4),)))
        assert ana.page is not None
        assert len(ana.run(Propose(next(iter(ana.page.spans)))).added_suggestions()) == 2
        ben = opened(project, "a", "ben")
        ben.run(Accept((first(ben),)))
        ana.undo()
        assert len(project.repository.load_page("a", "ana").open_suggestions()) == 1
        ana.redo()
        assert len(project.repository.load_page("a", "ana").open_suggestions()) == 2
        ana.undo()
        ana.undo()
        assert not list(project.repository.check())
        assert len(project.repository.load_page("a", "ben").spans) == 1
