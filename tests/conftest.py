"""Keeps the tests off the real home and the real display, before anything imports Qt."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import settings

from annotator.core import commands as verbs
from annotator.core.changes import ChangeSet
from annotator.core.codebook import Codebook, Label, codebook_from_toml
from annotator.core.errors import RuleError
from annotator.core.model import Article, Fragments, Relation, Span, State, Status, Target
from annotator.core.page import Page
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens
from annotator.runtime.resources import resource

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_home = tempfile.TemporaryDirectory(prefix="annotator-tests-", ignore_cleanup_errors=True)
os.environ["ANNOTATOR_HOME"] = _home.name
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or each worker process compiles all of spaCy again

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
def make_wanderer(codebook: Codebook) -> Callable[[int], Wanderer]:
    """By a number: a wanderer that draws pages and commands, for properties that hold on any road."""
    return lambda seed: Wanderer(codebook, Random(seed))


WORDS = (
    "Iran", "said", "talks.", "U.S.", "don’t", "“peace”", "3,000", "😀", "👩\u200d👩\u200d👧", "e\u0301tat",
    "سلام", "שלום", "a\u00a0b", "समय",
)  # fmt: skip
GAPS = (" ", " ", " ", " ", " ", " ", "\n", "\n\n", "\u2028", "\u00a0")
VALUES = (
    ("stance", "oppose"), ("stance", None), ("stance", "none of them"), ("categories", ["rights"]),
    ("categories", ("sanctions", "health")), ("date", "2026-03-01"), ("form", "demand"),
)  # fmt: skip


class Wanderer:
    """Makes a page with suggestions, and carries out commands on it, allowed ones and others."""

    def __init__(self, codebook: Codebook, random: Random) -> None:
        self.codebook = codebook
        self.random = random
        words = random.randint(4, 60)
        text = "".join(random.choice(WORDS) + random.choice(GAPS) for _ in range(words))
        self.page = Page(Article(id="a1", text=text, sha256=sha256_of(text), title="Iran said"), "ana")
        self.tokens = rough_tokens(text)
        self.suggest()

    def suggest(self) -> None:
        """A run of suggestions: some old ones go, some new ones come, all of them different."""
        page, random = self.page, self.random
        spans = {
            (each.kind, each.label, each.fragments): each
            for each in page.suggestions.values()
            if each.id in page.decisions or random.random() < 0.6
        }
        for nth in range(random.randint(0, 6)):
            label, fragments = self.label(), self.fragments(1)
            new = Span(
                id=f"s{page.revision}-{nth}", kind=label.kind, label=label.name, fragments=fragments,
                state=State.SUGGESTED, origin="spacy:test", confidence=0.5,
            )  # fmt: skip
            spans.setdefault((new.kind, new.label, new.fragments), new)
        found = list(spans.values())
        relations = [
            Relation(
                id=f"l-{type_.name}-{head.id}-{tail.id}", type=type_.name, head=head.id, tail=tail.id,
                state=State.SUGGESTED, origin="rules:test",
            )
            for head in found
            for tail in found
            for type_ in self.codebook.relation_types_between(head.kind, tail.kind)[:1]
            if head is not tail and random.random() < 0.4
        ]  # fmt: skip
        kept = {each.id: each for each in page.relation_suggestions.values() if each.id in page.decisions}
        page.replace_suggestions(found, {**kept, **{each.id: each for each in relations}}.values())

    def label(self) -> Label:
        """Half of the labels are claims or actors, which can be linked."""
        either = self.codebook.labels[:2] if self.random.random() < 0.5 else self.codebook.labels
        return self.random.choice(either)

    def fragments(self, most: int = 3) -> Fragments:
        """One or more runs of tokens, in any order; often just where something lies already."""
        random, tokens = self.random, self.tokens
        there = [*self.page.spans.values(), *self.page.suggestions.values()]
        if there and random.random() < 0.2:
            return random.choice(there).fragments
        made = []
        for _ in range(random.choice((1, 1, most))):
            first = random.randrange(len(tokens))
            last = min(len(tokens) - 1, first + random.choice((0, 0, 1, 2, 8, 20)))
            made.append((tokens.starts[first], tokens.ends[last]))
        return tuple(made)

    def command(self) -> verbs.Command:
        """Any command, mostly about what is in sight."""
        page, random = self.page, self.random
        label, fragments = self.label(), self.fragments()
        made: list[verbs.Command] = [
            verbs.MakeSpan(label.kind, label.name, fragments),
            random.choice((
                verbs.ToggleFurniture(random.randint(0, len(page.text))),
                verbs.SetStatus(random.choice(list(Status))),
                verbs.SetFlag(random.random() < 0.5),
                verbs.SetNote(random.choice(("see", None))),
            )),
        ]  # fmt: skip
        seen = [each.id for each in page.visible_spans()]
        spans = seen if seen and random.random() < 0.9 else [*page.spans, *page.suggestions]
        if spans:
            span, other = random.choice(spans), random.choice(spans)
            made += [
                verbs.Relabel(span, label.kind, label.name),
                verbs.MoveEdges(span, fragments),
                verbs.DeleteSpan(span),
                verbs.Accept((span, other)),
                verbs.Accept((span,)),
                verbs.Reject((span,)),
                verbs.Propose(span, match_case=random.random() < 0.5),
                verbs.SetAttribute(Target.SPAN, span, *random.choice(VALUES)),
                verbs.SetLabelNote(Target.SPAN, span, random.choice(("see", "", None))),
            ]
        pairs = [(head, tail) for head in spans[:8] for tail in spans[:8] if head != tail]
        for head, tail in random.sample(pairs, min(len(pairs), 12)):
            kinds = page.span(head).kind, page.span(tail).kind
            types = self.codebook.relation_types_between(*kinds)
            made += [verbs.DrawRelation(random.choice(types).name, head, tail)] if types else []
        lines = [each.id for each in page.visible_relations()]
        relations = lines if random.random() < 0.9 else [*page.relations, *page.relation_suggestions]
        if relations:
            relation = random.choice(relations)
            made += [
                verbs.RetypeRelation(relation, random.choice(("supports", "attacks", "about"))),
                verbs.FlipRelation(relation),
                verbs.DeleteRelation(relation),
                verbs.AcceptRelation(relation),
                verbs.Accept(tuple(spans[:2]), tuple(relations[:2])),
                verbs.Reject((), (relation,)),
                verbs.RejectRelation(relation),
                verbs.SetLabelNote(Target.RELATION, relation, "see"),
            ]
        return random.choice(made)

    def step(self) -> ChangeSet | None:
        """Carry out one command, if the rules allow it."""
        try:
            _, changes = self.command().plan(verbs.Desk(self.page, self.codebook, "2026-03-01T09:30:00.125Z"))
        except RuleError:
            return None
        self.page.apply(changes)
        return changes


@pytest.fixture
def read_only(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Path]]:
    """Gives a folder as one where nothing can be written: a view of it, mounted so, or itself by its rights.

    Rights do not hold root, who may mount instead; where root may not, the test is skipped.
    """
    mounted: list[Path] = []
    locked: list[Path] = []

    def view(folder: Path) -> Path:
        if os.geteuid():
            for each in (*folder.iterdir(), folder):
                locked.append(each)
                each.chmod(0o555 if each.is_dir() else 0o444)
            return folder
        place = tmp_path_factory.mktemp("view")
        for command in (["--bind", str(folder)], ["-o", "remount,ro,bind"]):
            if subprocess.run(["mount", *command, str(place)], check=False, capture_output=True).returncode:
                if place in mounted:
                    mounted.remove(place)
                    subprocess.run(["umount", str(place)], check=False)
                pytest.skip("root is not held by rights, and may not mount here")
            if place not in mounted:
                mounted.append(place)
        return place

    yield view
    for each in mounted:
        subprocess.run(["umount", "--lazy", str(each)], check=False)
    for each in reversed(locked):
        each.chmod(0o755 if each.is_dir() else 0o644)
