"""Lists and counts, against the same worked out the slow way."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Select
from sqlalchemy.dialects import sqlite

from annotator.core.model import Decision, Kind, Progress, Status, Target, Verdict
from annotator.core.ports import ArticleFilter, NewArticle
from annotator.session.project import Project
from annotator.store import bulk, queries
from annotator.store.repository import SqlRepository

COUNT = 40


def progress_of(number: int) -> dict[str, Progress]:
    """Ana has begun some, Bob others; a few come with a progress that says nothing."""
    picks = random.Random(number)
    return {
        name: Progress(picks.choice(list(Status)), picks.random() < 0.3)
        for name in ("ana", "bob")
        if picks.random() < 0.6
    }


@pytest.fixture
def filled(repository: SqlRepository, article, span) -> SqlRepository:  # type: ignore[no-untyped-def]
    repository.add_articles(
        (
            article(
                number,
                title="Even" if number % 2 == 0 else "Odd",
                progress=progress_of(number),
                spans=[
                    span(f"own{n}", n, n + 3, annotator="ana" if n % 3 else "bob") for n in range(number % 5)
                ],
            )
            for number in range(COUNT)
        ),
        [],
    )
    return repository


filters = st.builds(
    ArticleFilter,
    statuses=st.frozensets(st.sampled_from(Status)),
    flagged=st.booleans(),
    search=st.sampled_from(["", "even", "odd", "e", "nothing", "articl 1", "?"]),
)


def wanted(which: ArticleFilter, number: int, annotator: str) -> bool:
    progress = progress_of(number).get(annotator, Progress())
    body = f"{'Even' if number % 2 == 0 else 'Odd'} article {number}".lower().split()
    if which.search == "?":
        return False
    if which.search == "e" and number % 2:
        return False
    return (
        (not which.statuses or progress.status in which.statuses)
        and (not which.flagged or progress.flagged)
        and all(any(w.startswith(part) for w in body) for part in which.search.split())
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)
@given(filters, st.sampled_from(["ana", "bob", "eve"]), st.integers(0, COUNT), st.integers(0, 9))
def test_filters(
    filled: SqlRepository, which: ArticleFilter, annotator: str, offset: int, limit: int
) -> None:
    expected = [f"a{n}" for n in range(COUNT) if wanted(which, n, annotator)]
    assert filled.count_articles(which, annotator) == len(expected)
    rows = filled.article_rows(which, annotator, offset, limit)
    assert [row.id for row in rows] == expected[offset : offset + limit]
    for number in (0, 7, offset):
        place = expected.index(f"a{number}") if f"a{number}" in expected else None
        assert filled.position_of(f"a{number}", which, annotator) == place


def test_rows_say_what_the_annotator_has(filled: SqlRepository) -> None:
    for row in filled.article_rows(ArticleFilter(), "ana", 0, COUNT):
        number = int(row.id[1:])
        progress = progress_of(number).get("ana", Progress())
        assert (row.status, row.flagged) == (progress.status, progress.flagged)
        assert row.labels == sum(1 for n in range(number % 5) if n % 3)


def test_status_counts(filled: SqlRepository) -> None:
    counts = filled.status_counts("ana")
    assert sum(counts.values()) == COUNT
    for status in Status:
        which = ArticleFilter(statuses=frozenset({status}))
        assert counts[status] == filled.count_articles(which, "ana")
    assert filled.status_counts("eve")[Status.NEW] == COUNT


def test_unknown_article_has_no_position(filled: SqlRepository) -> None:
    assert filled.position_of("nothing", ArticleFilter(), "ana") is None


@pytest.fixture
def suggested(article, span) -> NewArticle:  # type: ignore[no-untyped-def]
    """Four suggestions: one accepted, one rejected, one with an own twin, one open for Ana."""
    return article(  # type: ignore[no-any-return]
        1,
        spans=[
            *(span(f"s{n}", n * 10, n * 10 + 5) for n in range(4)),
            span("own0", 0, 5, annotator="ana", suggestion="s0"),
            span("own2", 20, 25, annotator="ana"),
            span("other", 30, 35, annotator="ana", kind=Kind.CUE),
        ],
        decisions=[
            Decision(
                suggestion="s0", target=Target.SPAN, verdict=Verdict.ACCEPTED, annotator="ana", made="own0"
            ),
            Decision(suggestion="s1", target=Target.SPAN, verdict=Verdict.REJECTED, annotator="ana"),
        ],
    )


@pytest.mark.parametrize(("annotator", "number"), [("ana", 1), ("bob", 4)])
def test_open_suggestions_are_the_page_s(
    repository: SqlRepository, suggested: NewArticle, annotator: str, number: int
) -> None:
    repository.add_articles([suggested], [])
    (row,) = repository.article_rows(ArticleFilter(), annotator, 0, 10)
    assert row.suggestions == number
    assert len(repository.load_page("a1", annotator).open_suggestions()) == number


def test_less_certain_suggestions_are_counted_or_not_as_on_the_page(
    repository: SqlRepository,
    article,
    span,  # type: ignore[no-untyped-def]
) -> None:
    origins = (
        ("rules:1", 0.9), ("rules:1", 0.89), ("rules:1", None),
        ("spacy:x", 0.1), ("Rules:x", 0.1), ("spacy:x", None),
    )  # fmt: skip
    spans = [
        span(f"s{n}", n * 10, n * 10 + 5, origin=origin, confidence=sure)
        for n, (origin, sure) in enumerate(origins)
    ]
    repository.add_articles([article(1, spans=spans)], [])
    page = repository.load_page("a1", "ana")
    for shown, count in ((True, 6), (False, 5)):
        page.show_less_certain(shown)
        (row,) = repository.article_rows(ArticleFilter(less_certain=shown), "ana", 0, 10)
        assert row.suggestions == len(page.open_suggestions()) == count
    assert repository.count_articles(ArticleFilter(less_certain=False), "ana") == 1


def test_counts_of_everything(repository: SqlRepository, suggested: NewArticle) -> None:
    repository.add_articles([suggested], [])
    counts = repository.counts()
    assert counts.articles == 1
    assert counts.by_status == {"ana": {"new": 1, "in_progress": 0, "done": 0, "skipped": 0}}
    assert counts.by_kind == {"actor": 2, "cue": 1}
    assert counts.by_label == {"Actor": 2, "Cue": 1}
    assert counts.by_annotator == {"ana": 3}
    assert counts.by_state == {"suggested": 2, "accepted": 3, "rejected": 1}
    assert counts.edits == 0


def test_list_uses_indexes_only(filled: SqlRepository) -> None:
    """No part of the filter may read the rows of all articles or sort."""
    from annotator.store.queries import _filtered, _in_order

    for which in (
        ArticleFilter(),
        ArticleFilter(statuses=frozenset({Status.NEW})),
        ArticleFilter(statuses=frozenset({Status.DONE})),
        ArticleFilter(flagged=True),
        ArticleFilter(search="even", statuses=frozenset({Status.DONE})),
        ArticleFilter(search="even", statuses=frozenset({Status.NEW})),
    ):
        with filled._database.reading() as connection:
            statement = _in_order(_filtered(which, "ana"), 10)
            sql = statement.compile(connection, compile_kwargs={"literal_binds": True})
            plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}")]
        assert not [line for line in plan if "TEMP B-TREE" in line], (which, plan)
        assert "SCAN articles" not in plan, (which, plan)


@pytest.mark.parametrize(
    "statement",
    [queries._OPEN, queries._OPEN_CONFIDENT, bulk._OPEN],
    ids=["counted", "confident", "all alike"],
)
def test_open_suggestions_are_told_apart_from_the_index_alone(statement: Select[Any], tmp_path: Path) -> None:
    """Otherwise the whole article is read again for each of its suggestions: 1.3 s for 3,700 of them."""
    Project.create(tmp_path / "p.annot").close()
    asked = statement.compile(dialect=sqlite.dialect())
    with closing(sqlite3.connect(tmp_path / "p.annot")) as connection:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {asked}", ["[]"] * len(asked.positiontup or ()))
        steps = [row[3] for row in plan if " own " in row[3]]
    assert steps
    assert all("COVERING INDEX" in each for each in steps), steps


def test_used_categories_are_the_annotators_own_the_latest_last(
    repository: SqlRepository, article: Any, span: Any
) -> None:
    def claim(name: str, who: str | None, updated: str, codes: list[str] | None) -> Any:
        given = {} if codes is None else {"categories": codes}
        return span(name, 22, 49, kind=Kind.CLAIM, annotator=who, updated=updated, attributes=given)

    early = [claim("c1", "ana", "2026-03-02", ["economy"]), claim("c2", "bea", "2026-03-05", ["health"])]
    late = [claim("c3", "ana", "2026-03-01", ["rights", "health"]), claim("c4", "ana", "2026-03-03", None)]
    repository.add_articles([article(1, spans=early), article(2, spans=late)], [])
    assert repository.used_categories("ana", ["categories"]) == [["rights", "health"], ["economy"]]
    assert repository.used_categories("bea", ["categories"]) == [["health"]]
    assert repository.used_categories("ana", ["stance"]) == []
    assert repository.used_categories("nobody", ["categories"]) == []


def test_what_has_no_title_is_called_by_its_beginning(repository: SqlRepository, article: Any) -> None:
    untitled = article(1, title=" ")
    repository.add_articles([untitled, article(2, title="Envoy  warns")], [])
    rows = repository.article_rows(ArticleFilter(), "ana", 0, 10)
    assert rows[0].title == " ".join(untitled.article.text[:200].split())
    assert rows[1].title == "Envoy warns"
