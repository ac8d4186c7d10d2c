"""Keeps the tests off the real home and the real display, before anything imports Qt."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from annotator.core import commands as verbs
from annotator.core.changes import ChangeSet
from annotator.core.codebook import Codebook, codebook_from_toml
from annotator.core.errors import RuleError
from annotator.core.model import Article, Fragments, Relation, Span, State, Status, Target
from annotator.core.page import Page
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens
from annotator.runtime.resources import resource

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_home = tempfile.TemporaryDirectory(prefix="annotator-tests-", ignore_cleanup_errors=True)
os.environ["ANNOTATOR_HOME"] = _home.name

settings.register_profile("annotator", deadline=None)
settings.load_profile("annotator")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home of the program's own for one test."""
    folder = tmp_path / "home"
    monkeypatch.setenv("ANNOTATOR_HOME", str(folder))
    return folder


@pytest.fixture(scope="session")
def codebook() -> Codebook:
    """The default codebook."""
    return codebook_from_toml(resource("codebooks", "general-news.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def wanderer(codebook: Codebook) -> Wanderer:
    """Draws pages and commands, for properties that must hold on any road."""
    return Wanderer(codebook)


WORDS = (
    "Iran", "said", "talks.", "U.S.", "don’t", "“peace”", "3,000", "😀", "👩‍👩‍👧", "e\u0301tat", "سلام", "שלום",
    "a\u00a0b", "समय",
)  # fmt: skip
GAPS = (" ", " ", " ", " ", " ", "\n", "\n\n", "\u2028", "\u00a0")
VALUES = (
    ("stance", "oppose"), ("stance", None), ("stance", "none of them"), ("categories", ("sanctions", "health")),
    ("categories", ["rights"]), ("date", "2026-03-01"), ("form", "demand"),
)  # fmt: skip


class Wanderer:
    """Draws pages with suggestions, and commands on them, allowed ones and others."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook

    def page(self, data: st.DataObject) -> Page:
        """A page without labels whose text has every trap in it."""
        parts = data.draw(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), min_size=4))
        text = "".join(word + gap for word, gap in parts)
        page = Page(Article(id="a1", text=text, sha256=sha256_of(text), title="Iran said"), "ana")
        page.replace_suggestions(*self.suggestions(page, data))
        return page

    def suggestions(self, page: Page, data: st.DataObject) -> tuple[list[Span], list[Relation]]:
        """Some suggested spans, all different, and relations that their types allow."""
        spans: dict[object, Span] = {}
        for nth in range(data.draw(st.integers(0, 6))):
            label = data.draw(st.sampled_from(self.codebook.labels))
            fragments = self.fragments(page, data, 1)
            spans[label.kind, label.name, fragments] = Span(
                id=f"s{page.revision}-{nth}", kind=label.kind, label=label.name, fragments=fragments,
                state=State.SUGGESTED, origin="spacy:test", confidence=0.5,
            )  # fmt: skip
        found = list(spans.values())
        relations = [
            Relation(
                id=f"l-{type_.name}-{head.id}-{tail.id}", type=type_.name, head=head.id, tail=tail.id,
                state=State.SUGGESTED, origin="rules:test",
            )
            for head in found
            for tail in found
            for type_ in self.codebook.relation_types_between(head.kind, tail.kind)[:1]
            if head is not tail and data.draw(st.booleans())
        ]  # fmt: skip
        return found, relations

    def fragments(self, page: Page, data: st.DataObject, most: int = 3) -> Fragments:
        """One or more runs of tokens, in any order."""
        tokens = rough_tokens(page.text)
        made = []
        for _ in range(data.draw(st.integers(1, most))):
            first = data.draw(st.integers(0, len(tokens) - 1))
            last = min(len(tokens) - 1, first + data.draw(st.integers(0, 8)))
            made.append((tokens.starts[first], tokens.ends[last]))
        return tuple(made)

    def command(self, page: Page, data: st.DataObject) -> verbs.Command:
        """Any command, about things that are there."""
        spans = [*page.spans, *page.suggestions]
        relations = [*page.relations, *page.relation_suggestions]
        names = ["MakeSpan", "MakeSpan", "ToggleFurniture", "SetStatus", "SetFlag", "SetNote"]
        if spans:
            names += [
                "Relabel",
                "MoveEdges",
                "DeleteSpan",
                "Accept",
                "Reject",
                "SetAttribute",
                "SetLabelNote",
            ]
            names += ["DrawRelation"] * 4
        if relations:
            names += ["RetypeRelation", "FlipRelation", "DeleteRelation", "AcceptRelation", "RejectRelation"]
        label = data.draw(st.sampled_from(self.codebook.labels))
        span, other = (data.draw(st.sampled_from(spans or [""])) for _ in range(2))
        relation = data.draw(st.sampled_from(relations or [""]))
        match data.draw(st.sampled_from(names)):
            case "MakeSpan":
                return verbs.MakeSpan(label.kind, label.name, self.fragments(page, data))
            case "Relabel":
                return verbs.Relabel(span, label.kind, label.name)
            case "MoveEdges":
                return verbs.MoveEdges(span, self.fragments(page, data))
            case "SetAttribute":
                return verbs.SetAttribute(Target.SPAN, span, *data.draw(st.sampled_from(VALUES)))
            case "SetLabelNote":
                return verbs.SetLabelNote(Target.SPAN, span, data.draw(st.sampled_from(("see", "", None))))
            case "Accept":
                return verbs.Accept((span, other) if data.draw(st.booleans()) else (span,))
            case "Reject":
                return verbs.Reject((span, other) if data.draw(st.booleans()) else (span,))
            case "DrawRelation":
                return verbs.DrawRelation(self._type(page, data, span, other), span, other)
            case "RetypeRelation":
                return verbs.RetypeRelation(relation, data.draw(st.sampled_from(("supports", "attacks"))))
            case "ToggleFurniture":
                return verbs.ToggleFurniture(data.draw(st.integers(0, len(page.text))))
            case "SetStatus":
                return verbs.SetStatus(data.draw(st.sampled_from(Status)))
            case "SetFlag":
                return verbs.SetFlag(data.draw(st.booleans()))
            case "SetNote":
                return verbs.SetNote(data.draw(st.sampled_from(("see", None))))
            case "DeleteSpan":
                return verbs.DeleteSpan(span)
            case name:
                made: verbs.Command = getattr(verbs, name)(relation)
                return made

    def _type(self, page: Page, data: st.DataObject, head: str, tail: str) -> str:
        legal = self.codebook.relation_types_between(page.span(head).kind, page.span(tail).kind)
        return data.draw(st.sampled_from([each.name for each in legal] or ["made_by"]))

    def step(self, page: Page, data: st.DataObject) -> ChangeSet | None:
        """Carry out one command, if the rules allow it."""
        command = self.command(page, data)
        try:
            _, changes = command.plan(verbs.Desk(page, self.codebook, "2026-03-01T09:30:00.125Z"))
        except RuleError:
            return None
        page.apply(changes)
        return changes
