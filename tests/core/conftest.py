"""A page with a few sentences and the means to label it, for the tests of the rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from annotator.core.changes import ChangeSet
from annotator.core.codebook import Codebook
from annotator.core.commands import Command, Desk, DrawRelation, MakeSpan
from annotator.core.model import Article, Fragment, Fragments, Relation, Span, State
from annotator.core.page import Page
from annotator.core.text import sha256_of

TEXT = (
    "Envoy warns of drone sales\n"
    "\n"
    "Rob Malley said that Iran must stop the sale. The minister 😀 rejected it.\n"
    "Also Read: Something else\n"
)
NOW = "2026-03-01T09:30:00.125Z"


@dataclass
class Table:
    """One page, and commands carried out on it."""

    page: Page
    codebook: Codebook
    title: str = ""
    """Of the last command."""

    def run(self, command: Command) -> ChangeSet:
        self.title, changes = command.plan(Desk(self.page, self.codebook, NOW))
        self.page.apply(changes)
        return changes

    def at(self, words: str, nth: int = 0) -> Fragment:
        start = -1
        for _ in range(nth + 1):
            start = self.page.text.index(words, start + 1)
        return start, start + len(words)

    def make(self, label: str, words: str) -> str:
        """The id of a new own span; the label's name tells its kind."""
        found = next(each for each in self.codebook.labels if each.name == label)
        return self.run(MakeSpan(found.kind, label, (self.at(words),))).added_spans()[0].id

    def draw(self, type_: str, head: str, tail: str) -> str:
        """The id of a new own relation."""
        return self.run(DrawRelation(type_, head, tail)).added_relations()[0].id

    def suggest(self, label: str, words: str, **fields: Any) -> str:
        """The id of a new suggested span."""
        found = next(each for each in self.codebook.labels if each.name == label)
        span = Span(
            id=f"s{len(self.page.suggestions)}",
            kind=found.kind,
            label=label,
            fragments=(self.at(words),),
            state=State.SUGGESTED,
            origin="spacy:test-1",
            confidence=0.8,
            **fields,
        )
        self._suggest([span], [])
        return span.id

    def suggest_relation(self, type_: str, head: str, tail: str) -> str:
        """The id of a new suggested relation."""
        relation = Relation(
            id=f"l{len(self.page.relation_suggestions)}",
            type=type_,
            head=head,
            tail=tail,
            state=State.SUGGESTED,
            origin="rules:test-1",
            confidence=0.6,
        )
        self._suggest([], [relation])
        return relation.id

    def _suggest(self, spans: list[Span], relations: list[Relation]) -> None:
        page = self.page
        page.replace_suggestions(
            [*page.suggestions.values(), *spans], [*page.relation_suggestions.values(), *relations]
        )


@pytest.fixture(scope="session")
def make_page(codebook: Codebook) -> Callable[[str, Fragments], Table]:
    """Builds a table with a page of that text and that furniture."""

    def build(text: str, furniture: Fragments = ()) -> Table:
        article = Article(
            id="a1", text=text, sha256=sha256_of(text), title=text.split("\n")[0], furniture=furniture
        )
        return Table(Page(article, "ana"), codebook)

    return build


@pytest.fixture
def table(make_page: Callable[..., Table]) -> Table:
    """A page of a few sentences."""
    return make_page(TEXT)
