"""An import or export that the person stops: all of a file or nothing of it, and what is said then."""

from __future__ import annotations

import multiprocessing
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest

from annotator.core.errors import StoppedError
from annotator.core.mapping import ImportMapping
from annotator.formats.base import Source
from annotator.session import taking
from annotator.session.copies_of import Watch, groups
from annotator.session.exporting import export_labels
from annotator.session.import_report import ImportReport
from annotator.session.importing import import_paths
from annotator.session.project import Project
from annotator.session.selecting import Selection, Split
from annotator.session.surveying import survey
from tests import foreign_format

MANY = 900
"""Articles of the file that a second process would write."""


class Stop:
    """A progress function that stops when it has been called so often; as the window's, from then on."""

    def __init__(self, after: int) -> None:
        self.left = after
        self.told: list[tuple[int, int]] = []

    def __call__(self, done: int, total: int) -> None:
        self.told.append((done, total))
        self.left -= 1
        if self.left < 0:
            raise StoppedError


def line(nth: int) -> dict[str, Any]:
    text = f"Smith says {nth} things about {nth * 7} others. " * 4
    span = {"id": f"s{nth}", "kind": "actor", "label": "Actor", "start": 0, "end": 5}
    return {
        "format": "annotator/1", "id": f"a{nth}", "title": f"Article {nth}", "text": text,
        "annotator": "ana", "spans": [span],
    }  # fmt: skip


def write(path: Path, numbers: range) -> Path:
    path.write_bytes(b"".join(orjson.dumps(line(nth)) + b"\n" for nth in numbers))
    return path


def rows(path: Path) -> list[str]:
    """Everything that the file of a closed project holds, as statements."""
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        return list(connection.iterdump())


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A project that has articles with labels already."""
    path = tmp_path / "p.annot"
    with Project.create(path) as project:
        import_paths(project, [write(tmp_path / "first.jsonl", range(5))])
    return path


@pytest.fixture(params=["here", "beside"])
def large(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Files are large enough for a second process, or are taken in this one."""
    monkeypatch.setattr(taking, "LARGE", 1 if request.param == "beside" else 1 << 40)
    which: str = request.param
    return which


@pytest.mark.parametrize("after", [0, 1, 3, 20, 70])
def test_nothing_stays_of_the_file_that_was_being_read(
    path: Path, tmp_path: Path, large: str, after: int
) -> None:
    before, bytes_before = rows(path), path.read_bytes()
    file = write(tmp_path / "big.jsonl", range(100, 100 + MANY))
    stop = Stop(after)
    with Project.open(path) as project:
        report = import_paths(project, [file], progress=stop)
        assert not multiprocessing.active_children()
        assert report.sentence == "Stopped. Nothing of big.jsonl was added."
        assert (report.files, report.articles, report.labels, report.problems) == (0, 0, 0, [])
    assert len(stop.told) == after + 1, "nobody is asked again"
    assert path.read_bytes() == bytes_before
    assert rows(path) == before
    with Project.open(path) as project:
        assert import_paths(project, [file]).articles == MANY


def test_files_before_it_stay(path: Path, tmp_path: Path, large: str) -> None:
    files = [write(tmp_path / f"{nth}.jsonl", range(1000 * nth, 1000 * nth + 40)) for nth in range(1, 4)]
    files.append(write(tmp_path / "big.jsonl", range(9000, 9000 + MANY)))
    sizes = [each.stat().st_size for each in files]

    def in_the_last(done: int, total: int) -> None:
        if done > sum(sizes[:3]) + sizes[3] // 2:
            raise StoppedError

    with Project.open(path) as project:
        report = import_paths(project, files, progress=in_the_last)
        assert report.sentence == (
            "Stopped. 3 files with 120 articles and 120 labels were added; nothing of big.jsonl was."
        )
        assert project.repository.counts().articles == 125
        assert not list(project.repository.check())
        again = import_paths(project, files)
    assert (again.articles, again.duplicates) == (MANY, 120)


def test_many_small_files_are_there_up_to_where_it_was_stopped(path: Path, tmp_path: Path) -> None:
    """They share a transaction, which is not lost with the file that was being read."""
    (folder := tmp_path / "in").mkdir()
    for nth in range(30):
        (folder / f"{nth:02}.txt").write_text(f"Article {nth}\n\nIt has {nth} words.", "utf-8")
    stop = Stop(0)
    seen: set[int] = set()

    def in_the_eleventh(done: int, total: int) -> None:
        seen.add(done)
        if len(seen) > 10:
            stop(done, total)

    with Project.open(path) as project:
        report = import_paths(project, [folder], progress=in_the_eleventh)
        assert report.articles == report.files
        assert project.repository.counts().articles == 5 + report.articles
        rest = 30 - report.files
        assert 0 < report.articles < 30
        assert report.sentence == (
            f"Stopped. {report.files} files with {report.files} articles were added; nothing of "
            f"{report.files:02}.txt or the {rest - 1} files after it was."
        )
        assert [each.short_name for each in report.left][-1] == "29.txt"


def test_at_the_last_moment_it_is_done(path: Path, tmp_path: Path, large: str) -> None:
    file = write(tmp_path / "big.jsonl", range(100, 100 + MANY))

    def when_all_is_read(done: int, total: int) -> None:
        if done >= total:
            raise StoppedError

    with Project.open(path) as project:
        report = import_paths(project, [file], progress=when_all_is_read)
        assert project.repository.counts().articles == 5 + report.articles
    assert report.articles in (0, MANY)
    calls = Stop(1_000_000)
    with Project.create(tmp_path / "q.annot") as project:
        import_paths(project, [file], progress=calls)
    with Project.create(tmp_path / "r.annot") as project:
        report = import_paths(project, [file], progress=Stop(len(calls.told) - 1))
        assert project.repository.counts().articles == MANY
    assert (report.left, report.articles) == ([], MANY)
    assert report.sentence.startswith(f"{MANY} articles added")


def test_only_duplicates_are_stopped_too(path: Path, tmp_path: Path) -> None:
    with Project.open(path) as project:
        file = write(tmp_path / "again.jsonl", range(400))
        import_paths(project, [file])
        stop = Stop(6)
        report = import_paths(project, [file], progress=stop)
        assert [each.short_name for each in report.left] == ["again.jsonl"]
        assert report.duplicates == 0


def test_looking_for_near_duplicates_is_stopped(path: Path, tmp_path: Path) -> None:
    """The texts of the project are read before the first of the file."""
    new = write(tmp_path / "new.jsonl", range(50, 60))
    with Project.open(path) as project:
        for stopped in (
            lambda stop: survey(project, [new], progress=stop),
            lambda stop: groups(project, stop),
        ):
            with pytest.raises(StoppedError):
                stopped(Stop(0))
        with pytest.raises(StoppedError):
            survey(project, [new], progress=Stop(4))
        stop = Stop(3)
        watch = Watch(project)
        with pytest.raises(StoppedError):
            watch.begin(lambda: stop(0, 0))
        assert watch.begin(lambda: None) == 5, "each text once, however often it was begun"
        report = import_paths(project, [new], progress=Stop(3), skip_copies=True)
        assert report.left
        assert project.repository.counts().articles == 5


@pytest.fixture
def foreign(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A file with a label that the codebook does not have."""
    foreign_format.register(monkeypatch)
    lines = [{"text": f"Drones fly {nth} times.", "spans": [["1", "Weapon", 0, 6]]} for nth in range(60)]
    return foreign_format.write(tmp_path / "x.foreign", *lines)


def test_the_codebook_is_not_extended_for_nothing(path: Path, foreign: Path) -> None:
    calls = Stop(1_000_000)
    with Project.open(path) as project:
        before = project.repository.codebook()
        import_paths(project, [foreign], dry_run=True, mapping=ImportMapping(extend=True), progress=calls)
    whole = len(calls.told)  # the survey and the dry run, after which the codebook becomes another one
    extended = 0
    for after in range(2 * whole):
        with Project.open(path) as project:
            versions = len(project.repository.codebook_versions())
            report = import_paths(
                project,
                [foreign],
                mapping=ImportMapping(extend=True),
                annotator="ana",
                progress=Stop(after),
            )
            now = project.repository.codebook()
            if not report.left:
                break
            extended += len(project.repository.codebook_versions()) > versions
            assert report.sentence == "Stopped. Nothing of x.foreign was added."
            assert (now.labels, now.attributes) == (before.labels, before.attributes)
            assert project.repository.counts().articles == 5
    else:
        raise AssertionError("it never came to its end")
    assert extended, "it was stopped after the codebook had become another one, too"
    assert report.articles == 60
    assert any(each.name == "Weapon" for each in now.labels)


@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_what_breaks_the_import_leaves_the_codebook(
    path: Path, foreign: Path, error: type[BaseException]
) -> None:
    with Project.open(path) as project:
        before = project.repository.codebook()
        changed = []

        def breaking(done: int, total: int) -> None:
            if project.repository.codebook().labels != before.labels:
                changed.append(done)
                raise error

        with pytest.raises(error):
            import_paths(
                project, [foreign], mapping=ImportMapping(extend=True), annotator="ana", progress=breaking
            )
        assert changed
        assert project.editor("ana").redo() is None
        assert project.repository.codebook().labels == before.labels
        assert project.repository.counts().articles == 5


def test_an_interrupt_tells_what_stays(path: Path, tmp_path: Path) -> None:
    """Small files that were taken share a transaction with the one that was being read: they are saved."""
    files = [tmp_path / f"{nth}.txt" for nth in range(5)]
    for nth, each in enumerate(files):
        each.write_text(f"Article {nth}\n\nIt has {nth} words.", "utf-8")

    def interrupting(done: int, total: int) -> None:
        if done >= sum(each.stat().st_size for each in files[:3]):
            raise KeyboardInterrupt

    with Project.open(path) as project:
        with pytest.raises(KeyboardInterrupt) as raised:
            import_paths(project, files, progress=interrupting, dry_run=True)
        assert raised.value.__notes__ == ["Interrupted. Nothing was added."]
        with pytest.raises(KeyboardInterrupt) as raised:
            import_paths(project, files, progress=interrupting)
        (said,) = raised.value.__notes__
        assert said == (
            "Interrupted. 2 files with 2 articles were added; nothing of 2.txt or the 2 files after it was."
        )
        assert project.repository.counts().articles == 7


@pytest.mark.parametrize("large", [False, True])
def test_an_interrupt_that_comes_too_late_tells_what_was_added(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    files = [tmp_path / "a.jsonl", tmp_path / "b.jsonl"]
    for file in files:
        lines = [
            f'{{"text": "Article {nth} of {file.stem}.", "id": "{file.stem}{nth}"}}' for nth in range(150)
        ]
        file.write_text("\n".join(lines), "utf-8")
    with Project.open(path) as project:
        add = project.repository.add_articles

        def interrupted(*args: Any, **options: Any) -> int:
            add(*args, **options | {"many": large})
            raise KeyboardInterrupt

        monkeypatch.setattr(project.repository, "add_articles", interrupted)
        with pytest.raises(KeyboardInterrupt) as raised:
            import_paths(project, files)
        (said,) = raised.value.__notes__
        assert said == "Interrupted. 1 file with 150 articles was added; nothing of b.jsonl was."
        assert project.repository.counts().articles == 155


@pytest.mark.parametrize("late", [False, True])
def test_an_interrupt_of_an_import_of_labels_only_tells_what_was_added(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, late: bool
) -> None:
    with Project.open(path) as project:
        labels = write(tmp_path / "labels.jsonl", range(1))
        labels.write_bytes(labels.read_bytes().replace(b'"ana"', b'"zoe"').replace(b'"s0"', b'"s9"'))
        add = project.repository.add_articles

        def interrupted(*args: Any, **options: Any) -> int:
            if late:
                add(*args, **options)
            raise KeyboardInterrupt

        monkeypatch.setattr(project.repository, "add_articles", interrupted)
        with pytest.raises(KeyboardInterrupt) as raised:
            import_paths(project, [labels, write(tmp_path / "more.jsonl", range(7, 9))])
        (said,) = raised.value.__notes__
        news = "1 file with 1 label was added; nothing of more" if late else "Nothing of labels"
        assert said.startswith(f"Interrupted. {news}")
        assert ("zoe" in project.repository.annotators()) is late


def test_what_somebody_did_meanwhile_keeps_the_codebook(path: Path, foreign: Path) -> None:
    """Only what the import itself has done is taken back."""
    with Project.open(path) as project:
        before = project.repository.codebook()

        def labelling(done: int, total: int) -> None:
            now = project.repository.codebook()
            if now.labels != before.labels and done == 0:
                editor = project.editor("ana")
                editor.open("a1")
                from annotator.core.commands import SetFlag

                editor.run(SetFlag(True))
                raise StoppedError

        report = import_paths(
            project,
            [foreign],
            mapping=ImportMapping(extend=True),
            annotator="ana",
            progress=labelling,
        )
        assert report.sentence == ("Stopped. Nothing of x.foreign was added; 1 label added to the codebook.")
        assert project.editor("ana").open("a1").progress.flagged


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (ImportReport(), "Nothing of a.txt was added."),
        (ImportReport(files=1, articles=1), "1 file with 1 article was added; nothing of a.txt was."),
        (
            ImportReport(files=1, articles=7, labels=2, suggestions=1),
            "1 file with 7 articles, 2 labels and 1 suggestion was added; nothing of a.txt was.",
        ),
        (ImportReport(files=2, duplicates=3), "Nothing of a.txt was added; 3 duplicates skipped."),
    ],
)
def test_what_is_said(report: ImportReport, words: str) -> None:
    report.left = [Source("/home/ana/a.txt")]
    assert report.sentence == f"Stopped. {words}"
    report.left *= 2
    assert "a.txt or the file after it was" in report.sentence


# -- export -----------------------------------------------------------------------------------------


@pytest.fixture
def many(path: Path, tmp_path: Path) -> Path:
    with Project.open(path) as project:
        import_paths(project, [write(tmp_path / "many.jsonl", range(100, 1100))])
    return path


@pytest.mark.parametrize("after", [0, 7])
@pytest.mark.parametrize("beside", [True, False])
@pytest.mark.parametrize("name", ["out.jsonl", "out.zip", "folder"])
def test_a_stopped_export_leaves_what_was_there(
    many: Path, tmp_path: Path, after: int, beside: bool, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotator.session.exporting._MANY", 1 if beside else 1 << 40)
    (place := tmp_path / "place").mkdir()
    target = place / name
    if target.suffix:
        target.write_text("an older one")
    selection = Selection(split=Split.of("80/20")) if name == "folder" else None
    with Project.open_to_read(many) as project, pytest.raises(StoppedError):
        export_labels(project, target, selection=selection, progress=Stop(after))
    assert not multiprocessing.active_children()
    assert [each.name for each in place.iterdir()] == ([name] if target.suffix else [])
    if target.suffix:
        assert target.read_text() == "an older one"
