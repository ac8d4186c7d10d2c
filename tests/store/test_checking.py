"""Every fault that the check must find, made by hand in the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator.core.model import Decision, Kind, Relation, State, Target, Verdict
from annotator.store.repository import SqlRepository, open_repository


@pytest.fixture
def filled(repository: SqlRepository, article: Any, span: Any) -> SqlRepository:
    """Two articles without a fault, the first with something of every kind."""
    accepted = Decision(
        suggestion="s1", target=Target.SPAN, verdict=Verdict.ACCEPTED, annotator="ana", made="x1"
    )
    repository.add_articles(
        [
            article(
                1,
                title="First",
                spans=[
                    span("s1", 0, 10),
                    span("s2", 22, 49, kind=Kind.CLAIM),
                    span("x1", 0, 10, annotator="ana", suggestion="s1"),
                    span("x2", 22, 49, kind=Kind.CLAIM, annotator="ana"),
                ],
                relations=[
                    Relation(id="r1", type="made_by", head="x2", tail="x1", annotator="ana"),
                    Relation(id="q1", type="made_by", head="s2", tail="s1", state=State.SUGGESTED),
                ],
                decisions=[accepted],
            ),
            article(2),
        ],
        [],
    )
    return repository


def test_sound_project(filled: SqlRepository) -> None:
    assert list(filled.check()) == []


FAULTS = {
    "UPDATE article_texts SET text = text || '!' WHERE article_pk = 2": "not the one that was imported",
    "DELETE FROM article_texts WHERE article_pk = 2": "has no text",
    "UPDATE articles SET furniture = '[[5,900]]' WHERE pk = 2": "furniture lies beyond",
    "UPDATE articles SET meta = '{' WHERE pk = 2": "cannot be read",
    "UPDATE article_tokens SET data = x'00' WHERE article_pk = 2": "cannot be read",
    "UPDATE spans SET fragments = '[[0,900]]' WHERE id = 'x1'": "lies beyond the text",
    "UPDATE spans SET fragments = '[[1,10]]' WHERE id = 'x1'": "start and end are not its fragments'",
    "UPDATE spans SET fragments = '[' WHERE id = 'x1'": "cannot be read",
    "UPDATE spans SET attributes = '[]' WHERE id = 'x2'": "cannot be read",
    "UPDATE spans SET label = 'Dragon' WHERE id = 'x1'": "no actor label 'Dragon'",
    "UPDATE spans SET attributes = '{\"stance\":\"loud\"}' WHERE id = 'x2'": "Stance takes one of",
    "UPDATE spans SET kind = 'wizard' WHERE id = 'x1'": "wizard",
    "UPDATE spans SET suggestion = 'gone' WHERE id = 'x1'": "it was made from is gone",
    "UPDATE spans SET actor = 'gone' WHERE id = 'x1'": "its actor record 'gone' is not there",
    "DELETE FROM spans WHERE id = 's1'": "not a suggestion",
    "DELETE FROM spans WHERE id = 'x1'": "a row of relations refers to one of spans",
    "UPDATE relations SET head = 'x1' WHERE id = 'r1'": "head and tail are the same span",
    "UPDATE relations SET type = 'hates' WHERE id = 'q1'": "no relation type 'hates'",
    "UPDATE relations SET type = 'cued_by' WHERE id = 'r1'": "may not run from claim to actor",
    "UPDATE relations SET tail = 'x1' WHERE id = 'q1'": "somebody else's",
    "UPDATE span_decisions SET suggestion = 'x2'": "not a suggestion",
    "UPDATE span_decisions SET made = 's2'": "that it made is not there",
    "DELETE FROM codebooks": "no codebook",
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_fault(path: Path, filled: SqlRepository, fault: str) -> None:
    filled.set_setting("x", "y")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA ignore_check_constraints=ON")
        connection.executescript(fault)
    problems = list(filled.check())
    assert [each for each in problems if FAULTS[fault] in str(each)], problems
    assert all(each.where for each in problems) or "codebook" in fault
    if "article_pk = 2" not in fault and "pk = 2" not in fault and "codebook" not in fault:
        assert not [each for each in problems if "Title 2" in each.where]


def test_damaged_pages(path: Path, filled: SqlRepository) -> None:
    filled.close()
    content = bytearray(path.read_bytes())
    with closing(sqlite3.connect(path)) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'spans'").fetchone()
    content[(page - 1) * 4096 : page * 4096] = b"\xff" * 4096
    path.write_bytes(content)
    with closing(open_repository(path)) as damaged:
        problems = list(damaged.check())
    assert problems
    assert "damaged" in problems[0].what


def test_streams(filled: SqlRepository, article: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    import annotator.store.checking as checking

    seen: list[str] = []
    original = checking.sha256_of
    monkeypatch.setattr(checking, "sha256_of", lambda text: seen.append(text) or original(text + "!"))
    stream = filled.check()
    next(stream)
    assert len(seen) == 1
