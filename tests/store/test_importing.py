"""Adding articles with everything that comes along."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from annotator.core.errors import InputError, ProjectError
from annotator.core.model import (
    ActorRecord,
    Alias,
    Decision,
    Kind,
    Progress,
    Relation,
    State,
    Status,
    Target,
    Verdict,
)
from annotator.core.ports import ArticleFilter, NewArticle
from annotator.core.records import replace
from annotator.core.text import sha256_of
from annotator.store import importing
from annotator.store.repository import SqlRepository


def test_everything_comes_back(repository: SqlRepository, article: Any, span: Any) -> None:
    new = article(1, text="a\u0301 \u00a0 \u2028 😀 مرحبا \0 end")
    new = replace(
        new,
        article=replace(
            new.article,
            external_id="x",
            publisher="The Paper",
            author="A. Author",
            url="https://example.org/?a=1",
            published="2023-08-16",
            language="en",
            meta={"z": [1, None, {"y": "é"}], "a": 0.1},
            furniture=((0, 2), (4, 6)),
        ),
        progress={"bob": Progress(Status.DONE, True, "note")},
    )
    assert repository.add_articles([new], []) == 1
    page = repository.load_page("a1", "bob")
    assert page.article == new.article
    assert list(page.article.meta) == ["z", "a"]
    assert sha256_of(page.text) == page.article.sha256
    assert page.tokens == new.tokens
    assert page.progress == new.progress["bob"]
    assert repository.annotators() == ["bob"]
    assert repository.suggest_job("a1").text == new.article.text
    assert repository.suggest_job("a1").furniture == new.article.furniture


def test_numbers_go_on(repository: SqlRepository, article: Any) -> None:
    assert repository.add_articles((article(n) for n in (3, 1)), []) == 2
    assert repository.add_articles([], []) == 0
    assert repository.add_articles([article(2)], []) == 1
    rows = repository.article_rows(ArticleFilter(), "ana", 0, 10)
    assert [row.id for row in rows] == ["a3", "a1", "a2"]


def test_known_texts_and_ids(repository: SqlRepository, article: Any) -> None:
    repository.add_articles([article(n) for n in range(3)], [])
    hashes = [article(n).article.sha256 for n in (1, 2, 7)]
    assert repository.known_texts(iter(hashes)) == {hashes[0]: "a1", hashes[1]: "a2"}
    assert repository.known_ids(f"a{n}" for n in range(20_000)) == {"a0", "a1", "a2"}


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize(("number", "same_text"), [(1, False), (9, True)])
def test_twice_is_refused_by_name(
    repository: SqlRepository, article: Any, number: int, same_text: bool, at_once: bool
) -> None:
    first = article(1)
    second = article(number, text=first.article.text if same_text else "other", title="The second")
    if not at_once:
        repository.add_articles([first], [])
    batch = [first, second] if at_once else [article(2), second]
    with pytest.raises(ProjectError, match=r"The second: .* is in the project already"):
        repository.add_articles(batch, [])
    assert repository.counts().articles == (0 if at_once else 1)


def test_failing_reader_leaves_nothing(repository: SqlRepository, article: Any) -> None:
    def read() -> Iterator[NewArticle]:
        yield from (article(n) for n in range(500))
        raise InputError("line 501 is broken")

    with pytest.raises(InputError, match="line 501"):
        repository.add_articles(read(), [])
    assert repository.counts().articles == 0
    assert repository.count_articles(ArticleFilter(search="malley"), "ana") == 0
    assert repository.add_articles([article(1)], []) == 1


def test_articles_are_taken_batch_by_batch(
    repository: SqlRepository, article: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = 0
    taken_when_written = []
    write = importing._add_articles

    def spy(*arguments: Any) -> None:
        taken_when_written.append(taken)
        write(*arguments)

    def read() -> Iterator[NewArticle]:
        nonlocal taken
        for number in range(450):
            taken += 1
            yield article(number)

    monkeypatch.setattr(importing, "_add_articles", spy)
    assert repository.add_articles(read(), []) == 450
    # While one batch is written the next one is taken, and no more.
    assert len(taken_when_written) == 3
    assert all(
        nth * 200 <= seen <= nth * 200 + 200 for nth, seen in zip((1, 2, 2), taken_when_written, strict=True)
    )


def test_actors_are_taken_after_the_articles(repository: SqlRepository, article: Any, span: Any) -> None:
    actors: dict[str, ActorRecord] = {}

    def read() -> Iterator[NewArticle]:
        for number in range(300):
            actors[f"k{number}"] = ActorRecord(id=f"k{number}", name="N", aliases=(Alias("b"), Alias("a")))
            yield article(number, spans=[span("x", 0, 5, annotator="ana", actor=f"k{number}")])

    repository.add_articles(read(), actors.values())
    lines = list(repository.iter_labels())
    assert [line.actors[0] for line in lines] == list(actors.values())
    renamed = ActorRecord(id="k0", name="Other", aliases=(Alias("c"),))
    repository.add_articles([], [renamed])
    assert next(repository.iter_labels()).actors == (actors["k0"],)


def test_unknown_actor_is_refused(repository: SqlRepository, article: Any, span: Any) -> None:
    with pytest.raises(ProjectError):
        repository.add_articles([article(1, spans=[span("x", 0, 5, annotator="ana", actor="no")])], [])
    assert repository.counts().articles == 0


def test_labels_for_an_article_that_is_there(repository: SqlRepository, article: Any, span: Any) -> None:
    first = article(1, spans=[span("s1", 0, 10)], progress={"ana": Progress()})
    repository.add_articles([first, article(2)], [])
    more = article(
        1,
        title="Not taken over",
        present=True,
        spans=[span("x1", 0, 10, annotator="ana"), span("x2", 0, 10, annotator="bob", actor="k1")],
        progress={"ana": Progress(Status.DONE), "bob": Progress(Status.SKIPPED)},
        decisions=[
            Decision(
                suggestion="s1", target=Target.SPAN, verdict=Verdict.ACCEPTED, annotator="ana", made="x1"
            )
        ],
    )
    record = ActorRecord(id="k1", name="Rob Malley")
    assert repository.add_articles([article(3), more, article(4)], [record]) == 2
    rows = repository.article_rows(ArticleFilter(), "ana", 0, 10)
    assert [row.id for row in rows] == ["a1", "a2", "a3", "a4"]
    page = repository.load_page("a1", "ana")
    assert page.article == first.article
    assert page.tokens == first.tokens
    assert set(page.spans) == {"x1"}
    assert page.progress == Progress(Status.DONE)
    assert page.decisions["s1"].made == "x1"
    assert repository.load_page("a1", "bob").progress == Progress(Status.SKIPPED)
    with pytest.raises(ProjectError, match="no article 'a9'"):
        repository.add_articles([article(9, present=True)], [])
    again = replace(more, spans=(), decisions=())
    with pytest.raises(ProjectError, match="has begun with the article already"):
        repository.add_articles([again], [])
    with pytest.raises(ProjectError):
        repository.add_articles([replace(more, progress={})], [])
    assert list(repository.check()) == []


def test_export_of_an_import_is_the_same(repository: SqlRepository, article: Any, span: Any) -> None:
    new = article(
        1,
        progress={"ana": Progress(Status.DONE)},
        spans=[
            span("s1", 0, 10),
            span("s2", 22, 49, kind=Kind.CLAIM),
            span("own", 22, 30, kind=Kind.CLAIM, annotator="ana"),
        ],
        relations=[Relation(id="r", type="made_by", head="s2", tail="s1", state=State.SUGGESTED)],
        decisions=[Decision(suggestion="s1", target=Target.SPAN, verdict=Verdict.REJECTED, annotator="ana")],
    )
    repository.add_articles([new], [])
    (line,) = repository.iter_labels(suggestions=True)
    assert line.spans == (
        replace(new.spans[0], state=State.REJECTED),
        new.spans[1],
        new.spans[2],
    )
    assert line.relations == tuple(new.relations)
