"""Large files are taken while they are read; what comes of them is what reading them whole gives."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson
import pytest

from annotator.formats.native import line_of
from annotator.session import incoming, taking
from annotator.session.exporting import export_labels
from annotator.session.importing import ImportReport, import_paths
from annotator.session.project import Project
from annotator.store import adding

MANY = 2 * incoming._OPEN
"""Articles after which those before are no longer waited for."""


@pytest.fixture
def project(tmp_path: Path) -> Any:
    with Project.create(tmp_path / "p.annot") as project:
        yield project


@pytest.fixture(params=["one process", "two processes"])
def either_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are taken by this process alone, and as if all were large enough for a second one."""
    monkeypatch.setattr(taking, "LARGE", 1 << 40 if request.param == "one process" else 1)


def span(name: str, start: int, end: int, **values: Any) -> dict[str, Any]:
    return {"id": name, "kind": "entity", "label": "Person", "start": start, "end": end, **values}


def line(number: int, annotator: str | None = "ana", *spans: dict[str, Any], **values: Any) -> dict[str, Any]:
    text = f"Article {number} says that Smith left."
    return {
        "format": "annotator/1", "id": f"a{number}", "text": text, "annotator": annotator,
        "spans": list(spans), **values,
    }  # fmt: skip


def lines(*numbers: int) -> list[dict[str, Any]]:
    return [line(number, "ana", span(f"s{number}", 0, 7)) for number in numbers]


def written(folder: Path, records: Iterable[Any]) -> Path:
    path = folder / "in.jsonl"
    path.write_bytes(b"".join(orjson.dumps(each) + b"\n" for each in records))
    return path


def taken(folder: Path, name: str, records: Iterable[Any]) -> tuple[ImportReport, bytes]:
    """What an import into a new project reports; what an export gives then, and all suggestions."""
    with Project.create(folder / f"{name}.annot") as project:
        report = import_paths(project, [written(folder, records)])
        export_labels(project, folder / "out.jsonl", include_suggestions=True)
        suggestions = [line_of(each) for each in project.repository.iter_suggestions() if each.spans]
        assert not list(project.repository.check())
    return report, (folder / "out.jsonl").read_bytes() + orjson.dumps(suggestions)


@pytest.mark.usefixtures("either_way")
def test_lines_of_one_article_may_be_far_apart(tmp_path: Path) -> None:
    others = lines(*range(1, MANY))
    ana, ben = line(0, "ana", span("x", 0, 7)), line(0, "ben", span("y", 8, 9))
    apart, scattered = taken(tmp_path, "apart", [ana, *others, ben])
    together, adjacent = taken(tmp_path, "together", [ana, ben, *others])
    assert scattered == adjacent
    assert (apart.problems, apart.articles, apart.labels) == ([], MANY, MANY + 1)
    assert apart == together


@pytest.mark.usefixtures("either_way")
def test_a_suggestion_that_comes_late_tells_how_all_lines_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An export with suggestions says by what a line lacks that its annotator has decided on it."""
    decided = [
        line(0, "ana", span("x", 0, 7, origin="spacy:m-1")),
        line(0, "ben", span("y", 10, 14)),
    ]
    late = line(MANY, None, span("z", 0, 7, state="suggested", origin="spacy:m-1"))
    records = [*decided, *lines(*range(1, MANY)), late]
    report, streamed = taken(tmp_path, "streamed", records)
    monkeypatch.setattr(incoming, "_OPEN", 1 << 30)
    at_once, whole = taken(tmp_path, "whole", records)
    assert streamed == whole
    assert report == at_once
    assert report.problems == []
    _, without = taken(tmp_path, "without", records[:-1])
    assert whole.count(b"spacy:m-1") == without.count(b"spacy:m-1") + 3  # the late one, and one made again


@pytest.mark.usefixtures("either_way")
def test_a_problem_in_the_last_line_leaves_nothing(project: Project, tmp_path: Path) -> None:
    path = written(tmp_path, [*lines(*range(MANY)), line(MANY, "ana", span("s", 0, 999))])
    report = import_paths(project, [path])
    (problem,) = report.problems
    assert f"line {MANY + 1}, span s: the span 0–999 lies beyond the text" in str(problem)
    assert (report.articles, report.files, report.labels, report.first_article) == (0, 0, 0, None)
    assert project.repository.counts().articles == 0
    assert project.repository.annotators() == []


def test_problems_of_the_whole_file_are_told(project: Project, tmp_path: Path) -> None:
    bad = line(0, "ana", span("s", 0, 999))
    path = written(tmp_path, [bad, *lines(*range(1, MANY)), line(5, "ana", span("other", 0, 7))])
    first, last = import_paths(project, [path]).problems
    assert "line 1" in str(first)
    assert "ana already has other labels of this article in line 6" in str(last)
    path = written(tmp_path, [*lines(*range(MANY)), *[bad] * 30])
    problems = import_paths(project, [path]).problems
    assert len(problems) == 21
    assert project.repository.counts().articles == 0


def test_a_line_of_fifty_megabytes_is_one_problem(project: Project, tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_bytes(b'{"text": "one"}\n{"text": "' + b"x" * 50_000_000 + b'"}\n{"text": "three"}\n')
    (problem,) = import_paths(project, [path]).problems
    assert "long.jsonl, line 2: this line is too long" in str(problem)
    assert project.repository.counts().articles == 0


def test_plain_texts_that_come_again_are_duplicates(project: Project, tmp_path: Path) -> None:
    records = [{"text": f"Text {number % MANY}"} for number in range(MANY + 3)]
    report = import_paths(project, [written(tmp_path, records)])
    assert (report.articles, report.duplicates, report.problems) == (MANY, 3, [])
    assert import_paths(project, [written(tmp_path, records)]).duplicates == MANY + 3


def test_a_dry_run_counts_a_large_file_and_changes_nothing(project: Project, tmp_path: Path) -> None:
    path = written(tmp_path, lines(*range(MANY)))
    report = import_paths(project, [path, path], dry_run=True)
    assert (report.articles, report.duplicates, report.problems) == (MANY, MANY, [])
    assert project.repository.counts().articles == 0


@pytest.mark.usefixtures("either_way")
def test_progress_follows_a_large_file(project: Project, tmp_path: Path) -> None:
    seen: list[int] = []
    path = written(tmp_path, lines(*range(MANY)))
    import_paths(project, [path], progress=lambda done, _: seen.append(done))
    assert seen == sorted(seen)
    assert len(set(seen)) > 3
    assert seen[-1] == path.stat().st_size


@pytest.mark.usefixtures("either_way")
def test_what_interrupts_an_import_leaves_nothing(project: Project, tmp_path: Path) -> None:
    def interrupt(done: int, total: int) -> None:
        if done > total / 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_paths(project, [written(tmp_path, lines(*range(2 * MANY)))], progress=interrupt)
    assert project.repository.counts().articles == 0
    assert import_paths(project, [written(tmp_path, lines(1, 2))]).articles == 2


def test_a_large_page_starts_no_process(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one article with pictures, for which a second process would only cost its start."""
    monkeypatch.setattr(taking, "LARGE", 1)
    monkeypatch.setattr(adding, "second_process", None)
    page = tmp_path / "page.html"
    page.write_text(f"<html><body><article><p>{'Smith said so. ' * 40}</p></article></body></html>", "utf-8")
    assert import_paths(project, [page]).articles == 1
    with pytest.raises(TypeError):
        import_paths(project, [written(tmp_path, lines(1, 2))])


@pytest.mark.usefixtures("either_way")
def test_memory_does_not_grow_with_the_file(project: Project, tmp_path: Path) -> None:
    """Only hashes and ids of what was read stay."""
    import_paths(project, [written(tmp_path, lines(1))])  # loads what an import needs
    assert taking._TOGETHER < MANY
    long = [{"text": f"{number} " + "word " * 3000} for number in range(2 * MANY)]
    path = written(tmp_path, long)
    size = path.stat().st_size
    del long
    tracemalloc.start()
    try:
        import_paths(project, [path])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < size * 0.75
