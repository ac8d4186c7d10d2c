"""Adding articles from a second process: what comes of it, and what becomes of it where something fails."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.codebook import Codebook
from annotator.core.errors import InputError, ProjectError
from annotator.core.model import ActorRecord, Progress, Status
from annotator.core.ports import ArticleLabels, NewArticle
from annotator.core.span_rows import Columns, SpanRows
from annotator.session.furnishing import furnish
from annotator.store import adding
from annotator.store.batches import Batch, Same
from annotator.store.repository import SqlRepository, create_repository

_AT = "2026-03-01T09:30:00.125Z"


def _row(id_: str, start: int, end: int, **other: Any) -> Columns:
    values = {
        "id": id_, "kind": "actor", "label": "Actor", "start": start, "end": end,
        "fragments": f"[[{start},{end}]]", "attributes": "{}", "actor": None, "state": "accepted",
        "origin": "annotator:ana", "confidence": None, "annotator": "ana", "suggestion": None,
        "created": _AT, "updated": _AT, "note": None,
    }  # fmt: skip
    made: Any = tuple((values | other).values())
    return made


@st.composite
def _rows(draw: st.DrawFn) -> list[Columns]:
    count = draw(st.integers(0, 12))
    return [
        _row(
            f"s{nth}",
            start := draw(st.integers(0, 30)),
            start + draw(st.integers(1, 5)),
            kind=draw(st.sampled_from(["actor", "claim"])),
            attributes=draw(st.sampled_from(["{}", '{"stance":"oppose"}'])),
            origin=draw(st.sampled_from(["annotator:ana", "import:x"])),
            confidence=draw(st.sampled_from([None, 0.5])),
            note=draw(st.sampled_from([None, "", "a\u0301 😀"])),
        )
        for nth in range(count)
    ]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_rows(), min_size=1, max_size=4))
def test_columns_are_the_rows(
    tmp_path_factory: pytest.TempPathFactory, codebook: Codebook, article: Any, found: list[list[Columns]]
) -> None:
    repository = create_repository(tmp_path_factory.mktemp("rows") / "news.annot", codebook)
    new = [
        article(nth, spans=SpanRows(rows), progress={"ana": Progress(Status.DONE)})
        for nth, rows in enumerate(found)
    ]
    repository.add_articles(new, [])
    kept = [line.spans for line in repository.iter_labels()]
    assert [sorted(each, key=lambda span: span.id) for each in kept] == [
        sorted(SpanRows(rows), key=lambda span: span.id) for rows in found
    ]
    repository.close()


def test_a_value_that_all_rows_have_goes_once(article: Any) -> None:
    new = article(1, spans=SpanRows([_row(f"s{nth}", nth, nth + 1) for nth in range(3)]))
    batch = Batch.of([article(0), new])
    assert batch.rows == (0, 3)
    assert batch.columns[0] == ["s0", "s1", "s2"]
    assert batch.columns[1] == Same("actor")
    assert not batch.articles[1].spans


def _many(article: Any, span: Any, actors: dict[str, ActorRecord]) -> Iterator[NewArticle]:
    for number in range(450):
        if number % 3 == 0:
            actors[f"k{number}"] = ActorRecord(id=f"k{number}", name="N")
            yield article(
                number, spans=[span("x", 0, 5, annotator="ana", actor=f"k{number}"), span("y", 1, 3)]
            )
        else:
            rows = [_row(f"s{nth}", nth, nth + 2) for nth in range(number % 7)]
            yield article(number, spans=SpanRows(rows), progress={"ana": Progress(Status.DONE)})


def _lines(repository: SqlRepository) -> list[ArticleLabels]:
    return list(repository.iter_labels(suggestions=True))


def test_the_same_comes_of_it(
    repository: SqlRepository, codebook: Codebook, tmp_path: Path, article: Any, span: Any
) -> None:
    actors: dict[str, ActorRecord] = {}
    assert repository.add_articles(_many(article, span, actors), actors.values(), 1, many=True) == 450
    alone = create_repository(tmp_path / "alone.annot", codebook)
    alone.add_articles(_many(article, span, {}), actors.values())
    assert _lines(repository) == _lines(alone)
    assert not multiprocessing.active_children()
    assert repository.add_articles([article(900)], [], many=True) == 1
    alone.close()


@pytest.mark.parametrize(("many", "behind"), [(False, 0), (True, -1), (True, 1 << 60)])
def test_furniture_is_found_by_whoever_has_the_time(
    repository: SqlRepository, article: Any, monkeypatch: pytest.MonkeyPatch, many: bool, behind: int
) -> None:
    monkeypatch.setattr(adding, "_BEHIND", behind)
    text = "Talks went on in Doha on Monday.\nAlso Read: Oil prices fall\nNumber {} was there."
    new = [article(nth, text=text.format(nth), furnished=nth % 2 == 0) for nth in range(600)]
    assert repository.add_articles(iter(new), [], furnish=furnish, many=many) == 600
    found = [line.article.furniture for line in _lines(repository)]
    assert found == [(), ((33, 59),)] * 300
    assert not multiprocessing.active_children()


def _failing(article: Any) -> Iterator[NewArticle]:
    yield from (article(n) for n in range(5_000))
    raise InputError("line 5001 is broken")


def _known(article: Any) -> Iterator[NewArticle]:
    yield from (article(n) for n in range(3_000))
    yield article(7)
    yield from (article(n) for n in range(3_000, 8_000))


def _wrong(article: Any) -> Iterator[NewArticle]:
    for number in range(500):
        yield article(number, spans=SpanRows([_row("s", 0, 2)] * 2), progress={"ana": Progress(Status.DONE)})


def _killing(article: Any) -> Iterator[NewArticle]:
    for number in range(8_000):
        if number == 5_000:
            for process in multiprocessing.active_children():
                process.kill()
        yield article(number)


@pytest.mark.parametrize(
    ("articles", "codebook_number", "error", "words"),
    [
        (_failing, 1, InputError, "line 5001 is broken"),
        (_known, 1, ProjectError, "Title 7: an article with this id is in the project already"),
        (_killing, 1, ProjectError, "ended unexpectedly"),
        (_wrong, 1, ProjectError, "does not fit what the project holds"),
        (_known, 7, ProjectError, "the codebook has been changed"),
    ],
)
def test_what_fails_leaves_nothing(
    repository: SqlRepository,
    article: Any,
    articles: Any,
    codebook_number: int,
    error: Any,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(adding, "_MOST_HELD", 1)  # waits for the process after the first batch
    with pytest.raises(error, match=words):
        repository.add_articles(articles(article), [], codebook_number, many=True)
    assert repository.counts().articles == 0
    assert capfd.readouterr().err == ""
    assert not multiprocessing.active_children()
    assert repository.add_articles([article(1)], []) == 1


def _ends_at_once(*_: object) -> None:
    return


@pytest.mark.parametrize("starts", [True, False])
def test_without_a_second_process_it_is_done_in_this_one(
    repository: SqlRepository, article: Any, monkeypatch: pytest.MonkeyPatch, starts: bool
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no more processes")

    if starts:
        monkeypatch.setattr("annotator.store.adding._add", _ends_at_once)
    else:
        monkeypatch.setattr(multiprocessing.get_context("spawn").Process, "start", refuse)
    articles: Iterable[NewArticle] = (article(n) for n in range(900))
    assert repository.add_articles(articles, [], many=True) == 900
    assert repository.counts().articles == 900


def test_a_project_whose_file_is_gone_is_refused(repository: SqlRepository, article: Any, path: Path) -> None:
    path.rename(path.with_name("elsewhere.annot"))
    with pytest.raises(ProjectError, match="was moved, deleted or replaced"):
        repository.add_articles([article(1)], [], many=True)
