"""A real project with one labelled article, and a window's worth of following its edits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from annotator.core.changes import ChangeSet
from annotator.core.codebook import Codebook
from annotator.core.commands import Command, DrawRelation, MakeSpan
from annotator.core.errors import AnnotatorError
from annotator.core.model import Article, Kind, Relation, Span, State
from annotator.core.page import Page
from annotator.core.ports import NewArticle
from annotator.core.text import sha256_of
from annotator.session.editor import Editor
from annotator.session.project import Project

TEXT = (
    "Envoy warns of drone sales\n\n"
    "Rob Malley, the envoy, said that Iran must stop the sale of drones. "
    "The minister rejected it. Talks in Doha go on.\n"
)


@dataclass
class Work:
    """An open article and its editor; ``run`` is what the main window does with a command."""

    project: Project
    editor: Editor
    commands: list[Command] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def page(self) -> Page:
        assert self.editor.page is not None
        return self.editor.page

    @property
    def codebook(self) -> Codebook:
        return self.editor.codebook

    def run(self, command: Command) -> ChangeSet | None:
        self.commands.append(command)
        try:
            return self.editor.run(command)
        except AnnotatorError as error:
            self.problems.append(str(error))
            return None

    def at(self, words: str) -> tuple[int, int]:
        start = TEXT.index(words)
        return start, start + len(words)

    def make(self, kind: Kind, label: str, words: str) -> str:
        return self.editor.run(MakeSpan(kind, label, (self.at(words),))).added_spans()[0].id

    def draw(self, type_: str, head: str, tail: str) -> str:
        return self.editor.run(DrawRelation(type_, head, tail)).added_relations()[0].id


@pytest.fixture
def make_work(tmp_path: Path) -> Iterator[Callable[..., Work]]:
    made: list[Project] = []

    def build(codebook: Codebook | None = None) -> Work:
        project = Project.create(tmp_path / f"p{len(made)}.annot", codebook)
        made.append(project)

        def suggestion(name: str, kind: Kind, label: str, words: str) -> Span:
            start = TEXT.index(words)
            return Span(
                id=name,
                kind=kind,
                label=label,
                fragments=((start, start + len(words)),),
                state=State.SUGGESTED,
                origin="spacy:en_core_web_md-3.8.0",
                confidence=0.82,
            )

        spans = [
            suggestion("s-iran", Kind.ENTITY, "Place", "Iran"),
            suggestion("s-doha", Kind.ENTITY, "Place", "Doha"),
            suggestion("s-claim", Kind.CLAIM, "Claim", "Iran must stop the sale of drones"),
            suggestion("s-actor", Kind.ACTOR, "Actor", "The minister"),
        ]
        relation = Relation(
            id="s-by",
            type="made_by",
            head="s-claim",
            tail="s-actor",
            state=State.SUGGESTED,
            origin="rules:attribution-1",
            confidence=0.7,
        )
        article = Article(
            id="a1",
            text=TEXT,
            sha256=sha256_of(TEXT),
            title="Envoy warns of drone sales",
            publisher="Reuters",
            author="A. Writer",
            url="https://example.org/news/<drones>?a=1&b=2",
            published="2023-08-16",
            language="en",
            imported_at="2026-01-01T00:00:00Z",
        )
        other = Article(
            id="a2",
            text="Other",
            sha256=sha256_of("Other"),
            title="Other",
            imported_at="2026-01-01T00:00:01Z",
        )
        news = [NewArticle(article=article, spans=spans, relations=[relation]), NewArticle(article=other)]
        project.repository.add_articles(news, [])
        editor = project.editor("ana")
        editor.open("a1")
        return Work(project, editor)

    yield build
    for project in made:
        project.close()


@pytest.fixture
def work(make_work: Callable[..., Work]) -> Work:
    return make_work()
