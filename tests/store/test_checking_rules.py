"""The rules of the codebook that the check knows, and the places that it names."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator.core.codebook import Codebook
from annotator.core.errors import Place, Problem
from annotator.core.model import Kind, Progress, Relation, Status
from annotator.core.records import replace
from annotator.store.repository import SqlRepository, create_repository

ANA = "ana"


@pytest.fixture
def demanding(codebook: Codebook) -> Codebook:
    """The default codebook that wants categories and a stance of claims, and one thing of relations."""
    attributes = [
        replace(each, required=each.name in ("categories", "stance")) for each in codebook.attributes
    ]
    sure = replace(attributes[0], name="sure", title="Sure", kinds=frozenset(), relations=True, required=True)
    return replace(codebook, attributes=(*attributes, sure))


@pytest.fixture
def project(path: Path, demanding: Codebook) -> Iterator[SqlRepository]:
    made = create_repository(path, demanding)
    yield made
    made.close()


def add(project: SqlRepository, article: Any, span: Any, number: int, **progress: Status) -> None:
    """An article with a claim, its actor and their relation by each annotator that is named."""
    labels: dict[str, Any] = {"spans": [], "relations": [], "progress": {}}
    for name, status in progress.items():
        claim, actor = f"{name}-c{number}", f"{name}-a{number}"
        stance = {"stance": "unset"}
        labels["spans"] += [
            span(claim, 22, 49, kind=Kind.CLAIM, annotator=name, attributes=stance),
            span(actor, 0, 10, annotator=name),
        ]
        labels["relations"].append(
            Relation(id=f"{name}-r{number}", type="made_by", head=claim, tail=actor, annotator=name)
        )
        labels["progress"][name] = Progress(status)
    project.add_articles([article(number, **labels)], [])


def rules(problems: Iterator[Problem]) -> list[tuple[str, Place]]:
    return [(each.rule, replace(each.place, title="", words="")) for each in problems]


def test_what_is_required_counts_where_its_annotator_is_done(
    project: SqlRepository, article: Any, span: Any
) -> None:
    add(project, article, span, 1, ana=Status.DONE, bea=Status.IN_PROGRESS)
    add(project, article, span, 2, ana=Status.NEW)
    found = list(project.check())
    assert rules(iter(found)) == [
        ("missing", Place(article="a1", span="ana-c1", annotator="ana")),
        ("missing", Place(article="a1", span="ana-c1", annotator="ana")),
        ("missing", Place(article="a1", relation="ana-r1", annotator="ana")),
    ]
    assert [each.what for each in found] == [
        "the required attribute Categories is missing",
        "the required attribute Stance is missing",
        "the required attribute Sure is missing",
    ]
    assert (found[2].place.title, found[2].place.words) == ("Title 1", "the US would talk to Iran.")
    assert str(found[0]) == (
        "Title 1, span ana-c1: the required attribute Categories is missing."
        " ana called the article done: fill it in."
    )


def test_suggestions_are_not_asked_for_anything(project: SqlRepository, article: Any, span: Any) -> None:
    add(project, article, span, 1, ana=Status.DONE)
    project.add_articles([article(2, spans=[span("s", 22, 49, kind=Kind.CLAIM)])], [])
    assert {each.place.article for each in project.check()} == {"a1"}


BROKEN = {
    "UPDATE spans SET label = 'Dragon' WHERE id = 'ana-a1'": ("label", "span", "ana-a1"),
    "UPDATE spans SET actor = 'gone' WHERE id = 'ana-a1'": ("actor", "span", "ana-a1"),
    "UPDATE spans SET attributes = '{\"size\":1}' WHERE id = 'ana-a1'": ("attribute", "span", "ana-a1"),
    "UPDATE spans SET attributes = '{\"date\":5}' WHERE id = 'ana-c1'": ("value", "span", "ana-c1"),
    "UPDATE spans SET attributes = '{\"categories\":[\"x\"]}' WHERE id = 'ana-c1'": (
        "category", "span", "ana-c1",
    ),
    "UPDATE spans SET attributes = '{\"categories\":5}' WHERE id = 'ana-c1'": ("value", "span", "ana-c1"),
    "UPDATE relations SET type = 'hates' WHERE id = 'ana-r1'": ("relation-type", "relation", "ana-r1"),
    "UPDATE relations SET type = 'cued_by' WHERE id = 'ana-r1'": ("relation-rule", "relation", "ana-r1"),
    "UPDATE relations SET tail = head WHERE id = 'ana-r1'": ("relation-ends", "relation", "ana-r1"),
    "UPDATE relations SET attributes = '{\"sure\":\"no\"}' WHERE id = 'ana-r1'": (
        "choice", "relation", "ana-r1",
    ),
    "UPDATE spans SET fragments = '[' WHERE id = 'ana-a1'": ("unreadable", "span", "ana-a1"),
    "UPDATE article_texts SET text = text || '!'": ("text", "", ""),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_every_problem_names_its_rule_and_place(
    path: Path, project: SqlRepository, article: Any, span: Any, fault: str
) -> None:
    add(project, article, span, 1, ana=Status.IN_PROGRESS)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(fault)
    rule, kind, record = BROKEN[fault]
    first = next(each for each in project.check() if each.rule == rule)
    assert (first.place.article, getattr(first.place, kind or "span")) == ("a1", record)
    assert "\n" not in str(first)
    assert str(first).startswith("Title 1")


def test_some_articles_are_checked_by_themselves(
    path: Path, project: SqlRepository, article: Any, span: Any
) -> None:
    for number in (1, 2, 3):
        add(project, article, span, number, ana=Status.DONE)
    whole = list(project.check())
    assert list(project.check(articles=["a3", "a1"])) == [
        each for each in whole if each.place.article in ("a1", "a3")
    ]
    assert list(project.check(articles=["gone"])) == []


def test_it_tells_how_far_it_is_and_ends_early(project: SqlRepository, article: Any, span: Any) -> None:
    for number in range(1, 4):
        add(project, article, span, number, ana=Status.DONE)
    told: list[tuple[int, int]] = []

    def go_on(done: int, total: int) -> bool:
        told.append((done, total))
        return True

    assert len(list(project.check(progress=go_on))) == 9
    assert (told[0], told[-1]) == ((0, 3), (3, 3))
    assert list(project.check(progress=lambda done, total: False)) == []
    assert len(list(project.check())) == 9  # the connection works as before
