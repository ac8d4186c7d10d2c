"""Full-text search over titles and texts."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.ports import ArticleFilter
from annotator.store.repository import SqlRepository
from annotator.store.search import INSERT, STATEMENTS, query_for

TEXTS = {
    "Drones over Tehran": "Rob Malley said the U.S. would not sell drones.",
    "Café society": "A naïve résumé. COVID-19 rules; O'Brien doesn't mind al-Qaeda",
    "Кошки и собаки": "Москва новости 😀 и emoji🙂text",
    "العربية": "قال الرئيس إن",
    'Quotes "here" AND there': "NEAR(a b) OR NOT * ^ : {x}",
    "Half \0 null": "before\0after",
}


@pytest.fixture
def filled(repository: SqlRepository, article) -> SqlRepository:  # type: ignore[no-untyped-def]
    repository.add_articles(
        [article(n, title=title, text=text) for n, (title, text) in enumerate(TEXTS.items())], []
    )
    return repository


def found(repository: SqlRepository, search: str) -> list[str]:
    which = ArticleFilter(search=search)
    rows = repository.article_rows(which, "ana", 0, 100)
    assert repository.count_articles(which, "ana") == len(rows)
    return [row.title for row in rows]


@pytest.mark.parametrize(
    ("search", "first"),
    [
        ("drone", "Drones over Tehran"),
        ("MALL teh", "Drones over Tehran"),
        ("U.S.", "Drones over Tehran"),
        ("cafe resume", "Café society"),
        ("CAFÉ", "Café society"),
        ("covid-1", "Café society"),
        ("al-qae", "Café society"),
        ("doesn't", "Café society"),
        ("моск", "Кошки и собаки"),
        ("الرئيس", "العربية"),
        ('"here', 'Quotes "here" AND there'),
        ("near(a", 'Quotes "here" AND there'),
        ("OR", 'Quotes "here" AND there'),
    ],
)
def test_words_match_as_beginnings(filled: SqlRepository, search: str, first: str) -> None:
    assert found(filled, search) == [first]


@pytest.mark.parametrize("search", ["c", "co", "cov", "covi", "covid", "COV 1"])
def test_a_beginning_may_have_any_length(filled: SqlRepository, search: str) -> None:
    """The index keeps the beginnings of one and three letters; others are put together."""
    assert found(filled, search) == ["Café society"]


_WORDS = st.lists(st.text("ab", min_size=1, max_size=5), max_size=6)


@given(st.lists(_WORDS, max_size=8), st.text("ab", min_size=1, max_size=5))
def test_a_beginning_finds_what_begins_with_it(texts: list[list[str]], search: str) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(STATEMENTS[1].replace("content='article_words', content_rowid='article_pk',", ""))
        connection.executemany(INSERT, [(nth, "", " ".join(words)) for nth, words in enumerate(texts)])
        rows = connection.execute(
            "SELECT rowid FROM article_index WHERE article_index MATCH ?", (query_for(search),)
        )
        has_it = [nth for nth, words in enumerate(texts) if any(each.startswith(search) for each in words)]
        assert [nth for (nth,) in rows] == has_it


@pytest.mark.parametrize("search", ["rones", "drone paris", "😀", '"', "***", "--", "\0", "x.y."])
def test_no_match(filled: SqlRepository, search: str) -> None:
    assert found(filled, search) == []


def test_signs_between_words_do_not_matter(filled: SqlRepository) -> None:
    assert found(filled, ' drone " & tehran') == ["Drones over Tehran"]


@pytest.mark.parametrize("search", ["", "  ", "\n\t"])
def test_nothing_typed_holds_nothing_back(filled: SqlRepository, search: str) -> None:
    assert found(filled, search) == list(TEXTS)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.text(alphabet=st.characters(exclude_categories=[])) | st.text('"*^(){}:+-ANDORT \0\ud800'))
def test_anything_may_be_typed(filled: SqlRepository, search: str) -> None:
    assert found(filled, search) == found(filled, search)


@given(st.text())
def test_a_query_is_the_same_each_time(search: str) -> None:
    first = query_for(search)
    query_for.cache_clear()
    assert query_for(search) == first


def test_index_follows_a_title_that_changes(filled: SqlRepository) -> None:
    with filled._database.writing() as connection:
        connection.exec_driver_sql("UPDATE articles SET title = 'Planes' WHERE id = 'a0'")
    assert found(filled, "plane malley") == ["Planes"]
    assert found(filled, "tehran") == []
