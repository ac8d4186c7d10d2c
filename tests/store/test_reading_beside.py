"""Reading labels from a second process: the same lines, and what becomes of them where something fails."""

from __future__ import annotations

import multiprocessing
import pickle
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from annotator.core.errors import ProjectError
from annotator.core.model import ActorRecord, Progress, Status
from annotator.core.ports import NewArticle
from annotator.core.span_rows import Columns, SpanRows
from annotator.store.repository import SqlRepository, open_for_reading

_AT = "2026-03-01T09:30:00.125Z"


def _rows(number: int) -> list[Columns]:
    return [
        (f"s{nth}", "actor", "Actor", nth, nth + 2, f"[[{nth},{nth + 2}]]", "{}", "k1" if nth == 3 else None,
         "accepted", "annotator:ana", None, "ana", None, _AT, _AT, None if nth else "a\u0301 😀 “x”")
        for nth in reversed(range(number % 7))
    ]  # fmt: skip


@pytest.fixture
def filled(repository: SqlRepository, article: Any, span: Any) -> SqlRepository:
    def made(number: int) -> NewArticle:
        if number % 10 == 0:
            own = span("o", 0, 5, annotator="ben", fragments=((0, 2), (4, 5)), confidence=0.1)
            return article(number, spans=[own, span("y", 1, 3)])
        return article(number, spans=SpanRows(_rows(number)), progress={"ana": Progress(Status.DONE)})

    repository.add_articles(map(made, range(450)), [ActorRecord(id="k1", name="N")])
    return repository


@pytest.mark.parametrize(
    "wanted",
    [
        {},
        {"suggestions": True, "annotator": "ben"},
        {"statuses": frozenset({Status.DONE})},
        {"articles": ["a7"]},
    ],
)
def test_the_lines_are_the_same(filled: SqlRepository, wanted: dict[str, Any]) -> None:
    lines = list(filled.iter_labels(**wanted, many=True))
    assert lines == list(filled.iter_labels(**wanted))
    assert not multiprocessing.active_children()


def test_rows_travel_in_their_order() -> None:
    for rows in (SpanRows(_rows(6)), SpanRows(_rows(6), sort=True)):
        again = pickle.loads(pickle.dumps(rows))
        assert again.rows == [*rows.rows]
        assert again.in_order() == rows.in_order()
        assert again == rows


def test_who_stops_in_the_middle_leaves_no_process(filled: SqlRepository) -> None:
    with closing(filled.iter_labels(many=True)) as lines:
        assert next(lines).article.id == "a0"
        assert multiprocessing.active_children()
    assert not multiprocessing.active_children()


def test_a_process_that_is_killed_is_told(filled: SqlRepository) -> None:
    seen = []

    def read() -> None:
        for line in filled.iter_labels(many=True):
            seen.append(line)
            for process in multiprocessing.active_children():
                process.kill()
                process.join()

    with pytest.raises(ProjectError, match="ended unexpectedly"):
        read()
    assert 0 < len(seen) < 450


def test_what_cannot_be_read_is_told(filled: SqlRepository, path: Path) -> None:
    filled.close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE spans SET attributes = 'x' WHERE article_pk = 402 AND id = 's0'")
    again, _ = open_for_reading(path)
    for many in (True, False):
        with pytest.raises(ProjectError, match="cannot be read"):
            list(again.iter_labels(many=many))
    again.close()


def _ends_at_once(*_: object) -> None:
    return


@pytest.mark.parametrize("starts", [True, False])
def test_without_a_second_process_this_one_reads(
    filled: SqlRepository, monkeypatch: pytest.MonkeyPatch, starts: bool
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no more processes")

    if starts:
        monkeypatch.setattr("annotator.store.reading_beside._read", _ends_at_once)
    else:
        monkeypatch.setattr(multiprocessing.get_context("spawn").Process, "start", refuse)
    assert len(list(filled.iter_labels(many=True))) == 450


def test_a_project_that_is_only_looked_at_is_read_by_this_process(
    filled: SqlRepository, path: Path, read_only: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled.close()
    repository, why = open_for_reading(read_only(path.parent) / path.name)
    assert why is not None
    monkeypatch.setattr("annotator.store.reading_beside.iter_beside", None)
    assert len(list(repository.iter_labels(many=True))) == 450
    repository.close()


def test_a_script_is_not_run_again_by_the_process_that_it_starts(tmp_path: Path) -> None:
    """Also one that does not ask whether it is the main module."""
    script = tmp_path / "script.py"
    script.write_text(
        f"""
from pathlib import Path
from annotator.core.codebook import codebook_from_toml
from annotator.core.model import Article
from annotator.core.ports import NewArticle
from annotator.store.repository import create_repository
text = Path({str(Path(__file__).parents[2] / "resources/codebooks/general-news.toml")!r}).read_text("utf-8")
repository = create_repository(Path({str(tmp_path / "p.annot")!r}), codebook_from_toml(text))
new = (NewArticle(article=Article(id=f"a{{n}}", text=f"t{{n}}", sha256=str(n))) for n in range(500))
print(repository.add_articles(new, [], many=True), len([*repository.iter_labels(many=True)]))
repository.close()
""",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("500 500\n", "")
