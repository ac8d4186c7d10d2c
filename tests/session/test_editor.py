"""The editor over a real file: memory, file and log say the same, whatever is done in which order."""

from __future__ import annotations

import itertools
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from annotator.core import model
from annotator.core.commands import (
    Accept,
    AcceptRelation,
    Command,
    DeleteRelation,
    DeleteSpan,
    DrawRelation,
    FlipRelation,
    MakeSpan,
    MoveEdges,
    Propose,
    Reject,
    RejectRelation,
    Relabel,
    RetypeRelation,
    SetAttribute,
    SetFlag,
    SetLabelNote,
    SetNote,
    SetStatus,
    ToggleFurniture,
)
from annotator.core.errors import ProjectError, RuleError
from annotator.core.model import Article, Kind, Status, Target
from annotator.core.page import Page
from annotator.core.ports import ArticleLabels, NewArticle, Suggested, SuggestedRelation, SuggestedSpan
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens
from annotator.session.editor import Changed, Editor
from annotator.session.project import Project, default_codebook

TEXT = "Envoy 😀 warns\n\nRob Malley said that Iran must stop.\nThe minister rejected it."
CODEBOOK = default_codebook()
LABELS = [(label.kind, label.name) for label in CODEBOOK.labels]


def fill(project: Project) -> None:
    """Two articles; the first with suggested spans and relations."""
    for number in (1, 2):
        text = f"{TEXT} {number}"
        article = Article(id=f"a{number}", text=text, sha256=sha256_of(text), title=f"T{number}")
        project.repository.add_articles([NewArticle(article=article, tokens=rough_tokens(text))], [])
    spans = (
        SuggestedSpan(Kind.ACTOR, "Actor", ((16, 26),), "rules:1", 0.5),
        SuggestedSpan(Kind.CLAIM, "Claim", ((32, 51),), "rules:1", None, {"stance": "oppose"}),
        SuggestedSpan(Kind.CUE, "Cue", ((27, 31),), "rules:1"),
        SuggestedSpan(Kind.ENTITY, "Person", ((16, 26),), "spacy:1"),
    )
    relations = (
        SuggestedRelation("made_by", 1, 0, "rules:1"),
        SuggestedRelation("cued_by", 1, 2, "rules:1"),
    )
    found = Suggested("a1", spans, relations, rough_tokens(TEXT), ("rules:", "spacy:"))
    assert project.repository.save_suggested([found], "spacy:1") == 6


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "news.annot", CODEBOOK) as made:
        fill(made)
        yield made


@pytest.fixture
def editor(project: Project) -> Editor:
    made = project.editor("ana")
    made.open("a1")
    return made


def content(page: Page | None) -> tuple[Any, ...]:
    """Everything on a page but its revision."""
    assert page is not None
    return (
        page.article, page.annotator, page.progress, page.spans, page.relations, page.suggestions,
        page.relation_suggestions, page.decisions, page.tokens,
    )  # fmt: skip


def everything(project: Project) -> list[ArticleLabels]:
    return list(project.repository.iter_labels(suggestions=True))


def copied(page: Page | None) -> tuple[Any, ...]:
    return tuple(dict(part) if isinstance(part, dict) else part for part in content(page))


class Work(RuleBasedStateMachine):
    """A session of labelling with undo, redo, other articles and restarts."""

    @initialize()
    def start(self) -> None:
        # Ids in the order of their making, so that the same draws always mean the same labels.
        count = itertools.count()
        self.patch = pytest.MonkeyPatch()
        self.patch.setattr(model, "os", SimpleNamespace(urandom=lambda size: next(count).to_bytes(size)))
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "news.annot"
        self.project = Project.create(self.path, CODEBOOK)
        fill(self.project)
        self.clock = (f"2026-03-01T09:30:{second:02}.000Z" for second in itertools.count())
        self.sit_down("a1")
        self.states = [everything(self.project)]
        """What the export said after each edit that stands, and after those that can be redone."""
        self.at = 0

    def sit_down(self, article: str) -> None:
        self.editor = Editor(self.project.repository, self.project.codebook, "ana", lambda: next(self.clock))
        self.editor.open(article)

    @property
    def page(self) -> Page:
        assert self.editor.page is not None
        return self.editor.page

    def run_command(self, command: Command) -> None:
        before = copied(self.page)
        try:
            changes = self.editor.run(command)
        except RuleError:
            assert content(self.page) == before
            return
        if changes:
            del self.states[self.at + 1 :]
            self.states.append(everything(self.project))
            self.at += 1
        else:
            assert content(self.page) == before

    def any_span(self, data: st.DataObject) -> str | None:
        ids = sorted(each.id for each in self.page.visible_spans())
        return data.draw(st.sampled_from(ids)) if ids else None

    def any_relation(self, data: st.DataObject) -> str | None:
        ids = sorted(each.id for each in self.page.visible_relations())
        return data.draw(st.sampled_from(ids)) if ids else None

    @rule(label=st.sampled_from(LABELS), start=st.integers(0, 80), length=st.integers(1, 20))
    def make(self, label: tuple[Kind, str], start: int, length: int) -> None:
        self.run_command(MakeSpan(*label, ((start, start + length),)))

    @rule(label=st.sampled_from(LABELS), data=st.data())
    def make_over_a_suggestion(self, label: tuple[Kind, str], data: st.DataObject) -> None:
        span = self.any_span(data)
        if span:
            self.run_command(MakeSpan(*label, self.page.span(span).fragments))

    @rule(data=st.data(), label=st.sampled_from(LABELS))
    def relabel(self, data: st.DataObject, label: tuple[Kind, str]) -> None:
        span = self.any_span(data)
        if span:
            self.run_command(Relabel(span, *label))

    @rule(data=st.data(), start=st.integers(0, 70), gap=st.integers(0, 5))
    def move(self, data: st.DataObject, start: int, gap: int) -> None:
        span = self.any_span(data)
        if span:
            self.run_command(MoveEdges(span, ((start, start + 4), (start + 4 + gap, start + 10))))

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        span = self.any_span(data)
        if span:
            self.run_command(DeleteSpan(span))

    @rule(data=st.data(), match_case=st.booleans())
    def propose(self, data: st.DataObject, match_case: bool) -> None:
        span = self.any_span(data)
        if span:
            self.run_command(Propose(span, match_case))

    @rule(data=st.data(), type_=st.sampled_from([each.name for each in CODEBOOK.relation_types]))
    def draw_relation(self, data: st.DataObject, type_: str) -> None:
        head, tail = self.any_span(data), self.any_span(data)
        if head and tail:
            self.run_command(DrawRelation(type_, head, tail))

    @rule(data=st.data(), verb=st.sampled_from(["flip", "about", "made_by", "delete", "accept", "reject"]))
    def change_relation(self, data: st.DataObject, verb: str) -> None:
        relation = self.any_relation(data)
        if relation:
            commands: dict[str, Command] = {
                "flip": FlipRelation(relation),
                "delete": DeleteRelation(relation),
                "accept": AcceptRelation(relation),
                "reject": RejectRelation(relation),
            }
            self.run_command(commands.get(verb) or RetypeRelation(relation, verb))

    @rule(data=st.data(), accept=st.booleans(), count=st.integers(1, 2))
    def decide(self, data: st.DataObject, accept: bool, count: int) -> None:
        ids = tuple(each.id for each in self.page.open_suggestions())
        if ids:
            some = tuple(data.draw(st.permutations(ids)))[:count]
            self.run_command(Accept(some) if accept else Reject(some))

    @rule(
        data=st.data(),
        value=st.sampled_from(
            [
                ("stance", "support"),
                ("categories", ["rights", "health"]),
                ("date", "2024-02-29"),
                ("form", None),
            ]
        ),
    )
    def set_attribute(self, data: st.DataObject, value: tuple[str, Any]) -> None:
        span = self.any_span(data)
        if span:
            self.run_command(SetAttribute(Target.SPAN, span, *value))

    @rule(data=st.data(), note=st.sampled_from([None, "a note", "naïve 😀"]))
    def note_on_a_label(self, data: st.DataObject, note: str | None) -> None:
        span, relation = self.any_span(data), self.any_relation(data)
        if relation:
            self.run_command(SetLabelNote(Target.RELATION, relation, note))
        elif span:
            self.run_command(SetLabelNote(Target.SPAN, span, note))

    @rule(
        command=st.one_of(
            st.builds(SetFlag, st.booleans()),
            st.builds(SetNote, st.sampled_from([None, "note"])),
            st.builds(SetStatus, st.sampled_from(Status)),
            st.builds(ToggleFurniture, st.integers(0, 60)),
        )
    )
    def about_the_article(self, command: Command) -> None:
        self.run_command(command)

    @rule(article=st.sampled_from(["a1", "a2"]))
    def other_article(self, article: str) -> None:
        self.editor.open(article)

    @rule(times=st.integers(1, 4))
    def undo(self, times: int) -> None:
        for _ in range(times):
            edit = self.editor.undo()
            assert (edit is not None) == (self.at > 0)
            self.at = max(0, self.at - 1)
            assert everything(self.project) == self.states[self.at]

    @rule(times=st.integers(1, 4))
    def redo(self, times: int) -> None:
        for _ in range(times):
            edit = self.editor.redo()
            assert (edit is not None) == (self.at < len(self.states) - 1)
            self.at = min(len(self.states) - 1, self.at + 1)
            assert everything(self.project) == self.states[self.at]

    @precondition(lambda self: self.at > 2)
    @rule()
    def restart(self) -> None:
        article = self.page.article.id
        self.project.close()
        self.project = Project.open(self.path)
        self.sit_down(article)

    @invariant()
    def memory_is_what_the_file_says(self) -> None:
        fresh = self.project.repository.load_page(self.page.article.id, "ana")
        assert content(self.page) == content(fresh)
        assert self.page.visible_spans() == fresh.visible_spans()
        assert self.page.visible_relations() == fresh.visible_relations()
        for span in fresh.spans:
            assert self.page.relations_of(span) == fresh.relations_of(span)

    def teardown(self) -> None:
        if not hasattr(self, "states"):
            return
        assert list(self.project.repository.check()) == []
        while self.editor.undo():
            pass
        assert everything(self.project) == self.states[0]
        while self.editor.redo():
            pass
        assert everything(self.project) == self.states[-1]
        assert list(self.project.repository.check()) == []
        self.project.close()
        self.folder.cleanup()
        self.patch.undo()


TestWork = Work.TestCase
TestWork.settings = settings(
    max_examples=12, stateful_step_count=30, suppress_health_check=list(HealthCheck), deadline=None
)


def test_listeners_are_told_after_it_is_saved(project: Project, editor: Editor) -> None:
    told: list[tuple[Changed, int]] = []
    editor.listeners.append(lambda each: told.append((each, project.repository.counts().edits)))
    changes = editor.run(SetFlag(True))
    editor.run(SetFlag(True))
    editor.undo()
    assert [number for _, number in told] == [1, 2]
    assert told[0][0].changes == changes
    assert told[1][0].changes == changes.inverted()


def break_file(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(statement)


FAILURES = {
    "first row": "CREATE TRIGGER stop BEFORE INSERT ON spans BEGIN SELECT RAISE(ABORT, 'no'); END",
    "last row": "CREATE TRIGGER stop BEFORE INSERT ON edit_articles BEGIN SELECT RAISE(ROLLBACK, 'no'); END",
    "taking back": "CREATE TRIGGER stop BEFORE DELETE ON spans BEGIN SELECT RAISE(FAIL, 'no'); END",
}


@pytest.mark.parametrize("name", FAILURES)
def test_failing_save_leaves_memory_and_file_as_they_were(
    project: Project, editor: Editor, name: str
) -> None:
    editor.run(MakeSpan(Kind.CUE, "Cue", ((0, 5),)))
    editor.run(SetFlag(True))
    editor.undo()
    break_file(project.path, FAILURES[name])
    told: list[Changed] = []
    editor.listeners.append(told.append)
    memory, file, log = copied(editor.page), everything(project), project.repository.counts().edits
    act = editor.undo if name == "taking back" else lambda: editor.run(MakeSpan(Kind.CUE, "Cue", ((8, 13),)))
    with pytest.raises(ProjectError):
        act()
    assert content(editor.page) == memory
    assert everything(project) == file
    assert project.repository.counts().edits == log
    assert told == []
    break_file(project.path, "DROP TRIGGER stop")
    assert editor.redo() is not None, "what could be redone before still can"
    editor.run(MakeSpan(Kind.CUE, "Cue", ((8, 13),)))
    assert content(editor.page) == content(project.repository.load_page("a1", "ana"))


def test_failing_undo_stays_on_the_open_article(project: Project, editor: Editor) -> None:
    editor.run(MakeSpan(Kind.CUE, "Cue", ((0, 5),)))
    page = editor.open("a2")
    break_file(project.path, FAILURES["taking back"])
    with pytest.raises(ProjectError):
        editor.undo()
    assert editor.page is page
    break_file(project.path, "DROP TRIGGER stop")
    editor.undo()
    assert editor.page.article.id == "a1"
    assert editor.page.spans == {}


def test_closed_project(project: Project, editor: Editor) -> None:
    memory = copied(editor.page)
    project.close()
    with pytest.raises(ProjectError, match="is closed"):
        editor.run(SetFlag(True))
    assert content(editor.page) == memory


def test_two_windows_of_one_annotator(project: Project, editor: Editor) -> None:
    """The second window's page is older than the file: its work is refused, nothing is overwritten."""
    changes = editor.run(MakeSpan(Kind.CUE, "Cue", ((0, 5),)))
    (span,) = changes.added_spans()
    other = project.editor("ana")
    other.open("a1")
    editor.run(SetLabelNote(Target.SPAN, span.id, "first"))
    with pytest.raises(ProjectError, match="in the meantime"):
        other.run(SetLabelNote(Target.SPAN, span.id, "second"))
    assert project.repository.load_page("a1", "ana").spans[span.id].note == "first"
    with pytest.raises(RuleError, match="in the meantime"):
        other.undo()
    other.open("a1")
    other.run(SetLabelNote(Target.SPAN, span.id, "second"))


def test_annotators_work_blind_and_undo_their_own(project: Project, editor: Editor) -> None:
    bob = project.editor("bob")
    page = bob.open("a1")
    (cue,) = (each for each in page.open_suggestions() if each.kind == Kind.CUE)
    bob.run(Reject((cue.id,)))
    editor.run(Accept((cue.id,)))
    assert project.editor("bob").open("a1").spans == {}
    undone = bob.undo()
    assert undone is not None
    assert undone.annotator == "bob"
    assert bob.undo() is None
    assert len(project.editor("ana").open("a1").spans) == 1
