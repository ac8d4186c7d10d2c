"""Many suggestions decided at once, in a real project file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from annotator.core.commands import Accept, MakeSpan, Propose, Reject
from annotator.core.errors import ProjectError
from annotator.core.model import Article, Kind, Status
from annotator.core.ports import NewArticle, Suggested, SuggestedRelation, SuggestedSpan
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens
from annotator.session import bulk
from annotator.session.editor import Changed, Editor
from annotator.session.exporting import export_labels
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
    export_labels(project, out, include_suggestions=True)
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


def with_text(folder: Path, text: str) -> Project:
    project = Project.create(folder / "p.annot")
    article = Article(id="a", text=text, sha256=sha256_of(text), title="T")
    project.repository.add_articles([NewArticle(article=article)], [])
    return project


def place(kind: Kind, label: str, start: int, end: int, sure: float = 0.9) -> SuggestedSpan:
    return SuggestedSpan(kind, label, ((start, end),), "spacy:test-1", sure)


def save(project: Project, spans: list[SuggestedSpan], relations: tuple[SuggestedRelation, ...] = (),
         origins: tuple[str, ...] = ("spacy:",)) -> None:  # fmt: skip
    text = next(project.repository.texts())[2]
    found = Suggested("a", tuple(spans), relations, rough_tokens(text), origins)
    project.repository.save_suggested([found], "spacy:test-1")


def undo_everything(editor: Editor) -> None:
    while editor.undo() is not None:
        pass


IRAN = "Iran and Iran and Iran said."


def test_a_relation_that_ends_at_a_proposal_does_not_stop_undo(tmp_path: Path) -> None:
    with with_text(tmp_path, IRAN.replace("said", "must stop")) as here:
        ana = opened(here, "a")
        ana.run(MakeSpan(Kind.ACTOR, "Actor", ((0, 4),)))
        assert ana.page is not None
        ana.run(Propose(next(iter(ana.page.spans))))
        spans = [place(Kind.ACTOR, "Actor", 9, 13), place(Kind.CLAIM, "Claim", 23, 32)]
        save(here, spans, (SuggestedRelation("made_by", 1, 0, "spacy:test-1"),))
        undo_everything(ana)
        page = here.repository.load_page("a", "ana")
        assert [s.kind for s in page.open_suggestions()] == [Kind.ACTOR, Kind.CLAIM]
        assert len(page.visible_relations()) == 1
        assert ana.redo() is not None
        assert ana.redo() is not None
        assert not list(here.repository.check())


@pytest.mark.parametrize("again", [True, False])
def test_what_a_model_finds_too_survives_the_undo_of_the_proposal(tmp_path: Path, again: bool) -> None:
    with with_text(tmp_path, IRAN) as here:
        ana = opened(here, "a")
        ana.run(MakeSpan(Kind.ENTITY, "Place", ((0, 4),)))
        assert ana.page is not None
        ana.run(Propose(next(iter(ana.page.spans))))
        if again:
            ana.undo()
        save(here, [place(Kind.ENTITY, "Place", 9, 13)])
        if again:
            ana.redo()
        else:
            ana.undo()
        page = here.repository.load_page("a", "ana")
        assert [s.origin for s in page.open_suggestions()][:1] == ["spacy:test-1"]
        places = [s.fragments for s in page.open_suggestions()]
        assert len(places) == len(set(places)) == (2 if again else 1)


def test_a_rule_that_runs_again_leaves_what_a_person_proposed(tmp_path: Path) -> None:
    with with_text(tmp_path, IRAN) as here:
        ana = opened(here, "a")
        ana.run(MakeSpan(Kind.ENTITY, "Place", ((0, 4),)))
        assert ana.page is not None
        ana.run(Propose(next(iter(ana.page.spans))))
        save(here, [], origins=("spacy:", "rules:"))
        assert len(here.repository.load_page("a", "ana").open_suggestions()) == 2


def test_two_suggestions_for_the_same_words_make_one_span_and_one_relation(tmp_path: Path) -> None:
    with with_text(tmp_path, IRAN.replace("said", "must stop")) as here:
        spans = [
            place(Kind.ENTITY, "Place", 0, 4, 0.95),
            place(Kind.ENTITY, "Group", 0, 4, 0.9),
            place(Kind.CLAIM, "Claim", 23, 32),
        ]
        links = tuple(SuggestedRelation("about", 2, nth, "spacy:test-1", 0.9) for nth in (0, 1))
        save(here, spans, links)
        ana = opened(here, "a")
        many = bulk.above(ana, 0.85, everywhere=False)
        assert many is not None
        many.run(ana)
        assert ana.page is not None
        assert sorted(s.label for s in ana.page.spans.values()) == ["Claim", "Place"]
        assert len(ana.page.relations) == 1
        undo_everything(ana)
        assert not ana.page.spans


def test_a_relation_that_the_codebook_forbids_is_left_out(tmp_path: Path) -> None:
    with with_text(tmp_path, IRAN) as here:
        spans = [place(Kind.ENTITY, "Place", 0, 4), place(Kind.CLAIM, "Claim", 9, 13)]
        save(here, spans, (SuggestedRelation("made_by", 1, 0, "spacy:test-1", 0.9),))
        ana = opened(here, "a")
        many = bulk.above(ana, 0.5, everywhere=False)
        assert many is not None
        assert many.count == 2
        many.run(ana)


def test_a_suggestion_that_was_taken_back_cannot_be_decided_on(tmp_path: Path) -> None:
    with with_text(tmp_path, IRAN) as here:
        ana = opened(here, "a")
        ana.run(MakeSpan(Kind.ENTITY, "Place", ((0, 4),)))
        assert ana.page is not None
        ana.run(Propose(next(iter(ana.page.spans))))
        ben = opened(here, "a", "ben")
        ana.undo()
        with pytest.raises(ProjectError, match="the suggestion has been changed in another window"):
            ben.run(Accept((first(ben),)))


def test_many_proposals_are_made_in_a_moment(tmp_path: Path) -> None:
    with with_text(tmp_path, "Iran " * 1500) as here:
        ana = opened(here, "a")
        ana.run(MakeSpan(Kind.ENTITY, "Place", ((0, 4),)))
        assert ana.page is not None
        made = ana.run(Propose(next(iter(ana.page.spans))))
        assert len(made.added_suggestions()) == 1499
        many = bulk.alike(ana, first(ana), accept=True, everywhere=True)
        assert many is not None
        many.run(ana)
        assert len(ana.page.spans) == 1500
        undo_everything(ana)
        assert not here.repository.load_page("a", "ana").spans


def test_what_is_hidden_as_less_certain_is_decided_in_no_article(project: Project) -> None:
    results = []
    for number, sure in ((1, 0.95), (2, 0.6), (3, 0.95)):
        text = TEXT.format(number)
        start = text.index(" met") + 1
        found = SuggestedSpan(Kind.CUE, "Cue", ((start, start + 3),), "rules:test-1", sure)
        results.append(Suggested(f"a{number}", (found,), (), rough_tokens(text), ("rules:",)))
    project.repository.save_suggested(results, "rules:test-1")
    ana = project.editor("ana")
    ana.show_less_certain(False)
    ana.open("a1")
    assert ana.page is not None
    cue = next(each.id for each in ana.page.open_suggestions() if each.kind is Kind.CUE)
    many = bulk.alike(ana, cue, accept=True, everywhere=True)
    assert many is not None
    assert (many.count, len(many.plans)) == (2, 2)
    before = bulk.above(ana, 0.5, everywhere=True)
    ana.show_less_certain(True)
    after = bulk.above(ana, 0.5, everywhere=True)
    assert before is not None
    assert after is not None
    assert after.count == before.count + 1
    ana.open("a2")
    assert ana.page is not None
    hidden = next(each.id for each in ana.page.open_suggestions() if each.kind is Kind.CUE)
    ana.show_less_certain(False)
    assert bulk.alike(ana, hidden, accept=True, everywhere=False) is None


def test_undo_brings_a_less_certain_suggestion_into_sight_in_another_article_too(project: Project) -> None:
    text = TEXT.format(1)
    start = text.index(" met") + 1
    found = SuggestedSpan(Kind.CUE, "Cue", ((start, start + 3),), "rules:test-1", 0.6)
    project.repository.save_suggested(
        [Suggested("a1", (found,), (), rough_tokens(text), ("rules:",))], "rules:test-1"
    )
    ana = opened(project, "a1")
    assert ana.page is not None
    cue = next(each for each in ana.page.open_suggestions() if each.kind is Kind.CUE)
    ana.run(Reject((cue.id,)))
    ana.show_less_certain(False)
    ana.open("a2")
    ana.undo()
    assert ana.page.article.id == "a1"
    assert ana.page.is_shown(cue)
    ana.redo()
    assert not ana.page.is_shown(cue)
