"""Codebooks that change under the labels of two people: what a run of one number must come to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from random import Random
from unittest.mock import Mock, patch

from annotator.core.codebook import codebook_from, codebook_to
from annotator.core.errors import ProjectError, RuleError
from annotator.core.tokens import rough_tokens
from annotator.session.editor import Editor
from annotator.session.exporting import export_labels
from annotator.session.project import Project
from tests.recoding import Recoder
from tests.torture.killing import Figures
from tests.torture.labelling import Hands, fill

PEOPLE = ("ana", "ben")


class Team:
    """Two people who label one project at once, each with an editor that knows nothing of the other."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = Random(seed)
        fill(folder / "t.annot", Random(seed % 7))
        self.project = Project.open(folder / "t.annot")
        self.out = folder / "out.jsonl"
        self.hands = {}
        for name in PEOPLE:
            self.hands[name] = Hands(self.project.editor(name), self.random)
        self.recoder = Recoder(self.random)
        self.refused: list[str] = []
        for hands in self.hands.values():
            hands.tokens = rough_tokens(hands.page.text)

    def editor(self, name: str) -> Editor:
        return self.hands[name].editor

    def act(self, name: str, recodes: float) -> None:
        hands = self.hands[name]
        hands.codebook = hands.editor.codebook
        try:
            if self.random.random() < recodes:
                after, moves = self.recoder.change(hands.editor.codebook)
                codebook_from(codebook_to(after))
                hands.editor.change_codebook(after, moves, "Change the codebook")
            else:
                hands.act()
        except (RuleError, ProjectError):
            hands.editor.open(hands.page.article.id)

    def label(self, name: str) -> None:
        """One edit that is no undo or redo."""
        hands = self.hands[name]
        hands.codebook = hands.editor.codebook
        assert hands.editor.page is not None
        hands.page = hands.editor.page
        hands.tokens = rough_tokens(hands.page.text)
        try:
            hands.editor.run(hands.command())
        except RuleError:
            return

    def step(self, name: str, what: str) -> bool:
        """Undo or redo; whether there was something."""
        try:
            return getattr(self.editor(name), what)() is not None
        except (RuleError, ProjectError) as error:
            self.refused.append(str(error))
            return True

    def last(self, what: str) -> str | None:
        """Who has done (undo) the latest edit that stands, or (redo) undone the earliest one."""
        repository = self.project.repository
        if what == "undo":
            found = [each for name in PEOPLE if (each := repository.next_undo(name))]
            return max(found, key=lambda each: each.number).annotator if found else None
        found = [each for name in PEOPLE if (each := repository.next_redo(name))]
        return min(found, key=lambda each: each.number).annotator if found else None

    def state(self) -> tuple[bytes, object, object]:
        export_labels(self.project, self.out, include_suggestions=True)
        return (self.out.read_bytes(), self.project.repository.codebook(), self.rows())

    def rows(self) -> object:
        """Every row that labelling and recoding change, as it is."""
        with self.project.repository._database.reading() as connection:  # type: ignore[attr-defined]
            return [
                [tuple(row) for row in connection.exec_driver_sql(f"SELECT * FROM {each} ORDER BY 1, 2, 3")]
                for each in ("spans", "relations", "span_decisions", "relation_decisions", "claim_evidence")
            ]

    def problems(self) -> list[str]:
        return [str(each) for each in self.project.repository.check()]


@contextmanager
def team_of(seed: int) -> Iterator[Team]:
    """A team whose every run with one number is the same, ids and times as well."""
    random, clock = Random(seed), count(1_700_000_000)
    with (
        tempfile.TemporaryDirectory() as folder,
        patch("annotator.core.model.os", Mock(urandom=random.randbytes)),
        patch("annotator.core.model.time", Mock(time=lambda: next(clock))),
    ):
        team = Team(Path(folder), seed)
        with team.project:
            yield team


def undone_in_order(seed: int) -> None:
    """Undone in order everything is as it was, and done again as it came to be."""
    with team_of(seed) as team:
        first, wrong = team.state(), team.problems()
        for _ in range(40):
            name = team.random.choice(PEOPLE)
            if team.random.random() < 0.2:
                team.act(name, recodes=1)
            elif team.random.random() < 0.2:
                team.hands[name].look()
            else:
                team.label(name)
        last = team.state()
        assert team.problems() == wrong
        while (name := team.last("undo")) is not None:
            team.step(name, "undo")
        assert not team.refused
        assert team.state() == first
        while (name := team.last("redo")) is not None:
            team.step(name, "redo")
        assert not team.refused
        assert team.state() == last


def in_any_order(seed: int) -> None:
    """Undone and done again in any order, nothing dangles and nobody is stuck."""
    with team_of(seed) as team:
        wrong = team.problems()
        for _ in range(60):
            team.act(team.random.choice(PEOPLE), recodes=0.15)
        assert team.problems() == wrong
        for what in ("undo", "redo", "undo"):
            for name in PEOPLE:
                for _ in range(200):
                    if not team.step(name, what):
                        break
                else:
                    raise AssertionError(f"{name} is stuck")
            assert team.problems() == wrong


def torture(runs: int, random: Random, _folder: Path) -> Figures:
    """Many runs of both; nothing is killed in them."""
    figures = Figures("recode")
    for _ in range(runs):
        figures.kills += 1
        seed = random.randrange(10**6)
        for run in (undone_in_order, in_any_order):
            try:
                run(seed)
            except Exception as error:  # whatever it is, the run's number is needed
                figures.fault(f"{run.__name__}({seed}): {type(error).__name__} {error}")
    return figures
