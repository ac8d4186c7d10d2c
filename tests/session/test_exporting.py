"""Exports: what is selected, where it goes, what is lost, and that it is there whole or not at all."""

from __future__ import annotations

import gc
import io
import json
import os
import threading
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core import in_bulk
from annotator.core.errors import InputError, UsageError
from annotator.core.model import Kind, State, Status
from annotator.core.ports import ArticleLabels
from annotator.formats import registry
from annotator.formats.base import Format
from annotator.formats.losing import Held, cannot_hold, count_common
from annotator.formats.output import Output, file_name
from annotator.session import exporting, targets
from annotator.session.exporting import export_labels
from annotator.session.importing import import_paths
from annotator.session.project import Project
from annotator.session.selecting import ALL_STATES, Selection, Split
from annotator.store.parts import PARTS, part_beside

HOLDS = frozenset(Held) - {Held.SPAN_NOTES, Held.DISCONTINUOUS}


def write_words(lines: Iterable[ArticleLabels], output: Output) -> None:
    """A file that holds the words of spans."""
    assert output.stream is not None
    for each in lines:
        kept = count_common(each, output.losses, HOLDS)
        words = [kept.article.text[span.start : span.end] for span in kept.spans]
        output.stream.write(f"{kept.article.id} {words}\n".encode())


def write_texts(lines: Iterable[ArticleLabels], output: Output) -> None:
    """A file for each line."""
    assert output.file is not None
    taken: set[str] = set()
    for each in lines:
        with output.file(f"{file_name(each.article.id, taken)}.txt") as stream:
            stream.write(each.article.text.encode())
        if "!" in each.article.text:
            raise OSError(28, "No space left on device")


WORDS = Format(
    name="words", title="word lists", endings=(".words",), cannot_hold=cannot_hold(HOLDS), write=write_words
)
TEXTS = Format(name="texts", title="text files", endings=(".txt",), write=write_texts, many=True)


@pytest.fixture(autouse=True)
def formats(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.WRITERS, "words", WORDS)
    monkeypatch.setitem(registry.WRITERS, "texts", TEXTS)


def line(nth: int, annotator: str | None = "ana", **more: Any) -> str:
    """A line of annotator/1; somebody's has an actor and a claim of two fragments, joined, and two
    suggested cues, one rejected."""
    text = f"Smith of town {nth} said that Acme lied."
    said, name = text.index("said"), f"{annotator}{nth}"
    values: dict[str, Any] = {"format": "annotator/1", "id": f"a{nth}", "text": text, "annotator": annotator}
    if annotator is not None:
        cue = {"kind": "cue", "label": "Cue", "start": said, "end": said + 4}
        claim = {"kind": "claim", "label": "Claim", "note": "n"}
        claim["fragments"] = [[said + 10, said + 14], [said + 15, said + 19]]  # type: ignore[assignment]
        values["spans"] = [
            {"id": f"{name}1", "kind": "actor", "label": "Actor", "start": 0, "end": 5, "actor": "p"},
            {"id": f"{name}2", **claim},
            {"id": f"{name}3", "state": "rejected", "origin": "rules:x", **cue},
            {"id": f"{name}4", "state": "suggested", "origin": "rules:y", **cue},
        ]
        values["relations"] = [{"id": f"{name}5", "type": "made_by", "head": f"{name}2", "tail": f"{name}1"}]
        values["actors"] = [{"id": "p", "name": "Smith", "type": "person"}]
    return json.dumps(values | {"furniture": []} | more) + "\n"


def project_of(folder: Path, *lines: str) -> Project:
    (folder / "in.jsonl").write_text("".join(lines), encoding="utf-8")
    project = Project.create(folder / "p.annot")
    assert import_paths(project, [folder / "in.jsonl"]).problems == []
    (folder / "in.jsonl").unlink()
    return project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Ten articles, nine with labels of ana, of which ben has three too."""
    lines = [line(nth, status="done" if nth % 2 else "in_progress") for nth in range(9)]
    with project_of(tmp_path, *lines, *(line(nth, "ben") for nth in range(3)), line(9, None)) as project:
        yield project


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(each) for each in path.read_text(encoding="utf-8").splitlines()]


# -- what -------------------------------------------------------------------------------------------


def test_kinds_are_selected_with_the_relations_among_them(project: Project, out: Path) -> None:
    def found(*kinds: Kind) -> tuple[set[str], int, int]:
        export_labels(project, out / "x.jsonl", selection=Selection(kinds=frozenset(kinds)))
        lines = read(out / "x.jsonl")
        kinds_found = {span["kind"] for each in lines for span in each["spans"]}
        return (
            kinds_found,
            sum(len(each["relations"]) for each in lines),
            sum(len(each["actors"]) for each in lines),
        )

    assert found() == ({"actor", "claim"}, 12, 12)
    assert found(Kind.CLAIM) == ({"claim"}, 0, 0)
    assert found(Kind.CLAIM, Kind.ACTOR) == ({"actor", "claim"}, 12, 12)
    assert found(Kind.CUE) == (set(), 0, 0)


@pytest.mark.parametrize("states", [*({each} for each in State), ALL_STATES, set()])
def test_states(project: Project, out: Path, states: set[State]) -> None:
    selection = Selection(states=frozenset(states), annotator="ana")
    report = export_labels(project, out / "x.jsonl", selection=selection)
    found = Counter(span["state"] for each in read(out / "x.jsonl") for span in each["spans"])
    numbers = {State.ACCEPTED: 18, State.REJECTED: 9, State.SUGGESTED: 9}
    assert found == {state.value: numbers[state] for state in states or State}
    assert report.spans == found.total()


def test_status_and_annotator(project: Project, out: Path) -> None:
    selection = Selection(statuses=frozenset({Status.DONE, Status.NEW}), annotator=None)
    export_labels(project, out / "x.jsonl", selection=selection)
    assert [(each["id"], each["annotator"]) for each in read(out / "x.jsonl")] == [
        ("a0", "ben"), ("a1", "ana"), ("a1", "ben"), ("a2", "ben"),
        ("a3", "ana"), ("a5", "ana"), ("a7", "ana"), ("a9", None),
    ]  # fmt: skip
    with pytest.raises(InputError, match="nobody called eva"):
        export_labels(project, out / "y.jsonl", selection=Selection(annotator="eva"))


# -- parts ------------------------------------------------------------------------------------------


def test_a_split_is_a_folder_with_a_file_for_each_part(project: Project, out: Path) -> None:
    report = export_labels(project, out / "new", selection=Selection(split=Split()))
    assert report.parts == {"train": 8, "dev": 1, "test": 1}
    assert report.files == 3
    assert report.sentence.endswith(
        f"written to the folder {out / 'new'} (3 files). By part: 8 train, 1 dev, 1 test."
    )
    parts = {path.name: {each["id"] for each in read(path)} for path in (out / "new").iterdir()}
    assert parts.keys() == {"train.jsonl", "dev.jsonl", "test.jsonl"}
    assert sorted(each for part in parts.values() for each in part) == [f"a{nth}" for nth in range(10)]
    again = out / "again"
    export_labels(project, again, selection=Selection(split=Split()))
    assert {p.name: p.read_bytes() for p in again.iterdir()} == {
        p.name: p.read_bytes() for p in (out / "new").iterdir()
    }
    other = out / "other"
    export_labels(project, other, selection=Selection(split=Split(seed=1)))
    assert (other / "train.jsonl").read_bytes() != (again / "train.jsonl").read_bytes()


def test_the_shares_are_of_what_is_exported(project: Project, out: Path) -> None:
    selection = Selection(statuses=frozenset({Status.DONE}), split=Split.of("50/50"))
    assert export_labels(project, out / "new", selection=selection).parts == {"train": 2, "test": 2}


def test_a_split_of_many_files_has_folders(project: Project, out: Path) -> None:
    selection = Selection(annotator="ana", split=Split.of("2/1"))
    report = export_labels(project, out / "new", format="texts", selection=selection)
    assert (len(list((out / "new/train").iterdir())), len(list((out / "new/test").iterdir()))) == (6, 3)
    assert report.files == 9
    export_labels(project, out / "new.zip", format="texts", selection=selection)
    with zipfile.ZipFile(out / "new.zip") as archive:
        assert sorted(archive.namelist()) == sorted(
            str(path.relative_to(out / "new").as_posix()) for path in (out / "new").rglob("*.txt")
        )


@given(
    st.sets(st.text("0123456789abcdef", min_size=4, max_size=8), min_size=1, max_size=60),
    st.lists(st.floats(0.01, 5), min_size=2, max_size=4),
    st.integers(0, 5),
)
def test_each_part_has_its_share_to_within_one(texts: set[str], shares: list[float], seed: int) -> None:
    split = Split(shares={str(nth): share for nth, share in enumerate(shares)}, seed=seed)
    articles = {f"id {text}": text for text in texts}
    parts = split.parts(articles)
    assert sorted(each for part in parts.values() for each in part) == sorted(articles)
    for part, share in zip(parts.values(), shares, strict=True):
        assert abs(len(part) - len(articles) * share / sum(shares)) < 1.001
    turned = dict(reversed(articles.items()))
    assert {name: set(part) for name, part in split.parts(turned).items()} == {
        name: set(part) for name, part in parts.items()
    }


def test_articles_that_are_added_move_few_others() -> None:
    split = Split()
    articles = {str(nth): f"{nth:064x}" for nth in range(1000)}
    more = articles | {str(nth): f"{nth:064x}" for nth in range(1000, 1100)}
    before, after = (
        {each: name for name, part in split.parts(a).items() for each in part} for a in (articles, more)
    )
    assert sum(after[each] != before[each] for each in articles) < 30
    assert Counter(after.values()) == {"train": 880, "dev": 110, "test": 110}


def test_groups_stay_together() -> None:
    articles = {str(nth): f"{nth:064x}" for nth in range(100)}
    groups = {str(nth): str(nth // 4) for nth in range(40)}
    parts = Split(groups=groups).parts(articles)
    part_of = {each: name for name, part in parts.items() for each in part}
    assert all(part_of[each] == part_of[str(int(each) // 4 * 4)] for each in groups)
    assert abs(len(parts["train"]) - 80) <= 2


@pytest.mark.parametrize("shares", ["", "80", "80/", "80/x", "80/0/20", "-1/2", "1/2/3/4", "nan/1", "inf/1"])
def test_shares_that_are_none(shares: str) -> None:
    with pytest.raises(UsageError, match="does not say how to split"):
        Split.of(shares)


# -- where ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["new", "empty", "a.b"])
def test_many_files_fill_a_new_or_an_empty_folder(project: Project, out: Path, name: str) -> None:
    (out / "empty").mkdir(mode=0o750)
    selection = Selection(annotator="ben")
    report = export_labels(project, out / name, format="texts", selection=selection)
    assert sorted(os.listdir(out / name)) == ["a0.txt", "a1.txt", "a2.txt"]
    assert report.files == 3
    assert sorted(os.listdir(out)) == sorted({"empty", name})
    assert (out / "empty").stat().st_mode & 0o777 == 0o750


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("full", "this folder has something in it"),
        ("full/file", "this is a file"),
        ("no/such", "the folder of this folder does not exist"),
        ("/proc/new", "cannot be written"),
    ],
)
def test_folders_that_cannot_be_filled(project: Project, out: Path, name: str, what: str) -> None:
    (out / "full").mkdir()
    (out / "full" / "file").write_text("x")
    with pytest.raises(InputError, match=what) as caught:
        export_labels(project, out / name, format="texts")
    assert caught.value.problem.cure
    assert sorted(str(each.relative_to(out)) for each in out.rglob("*")) == ["full", "full/file"]


def test_the_folder_one_is_in_is_not_filled(
    project: Project, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(out)
    with pytest.raises(InputError, match="the folder that you are in"):
        export_labels(project, ".", format="texts")


def test_an_archive_has_the_same_files_and_the_same_bytes(project: Project, out: Path) -> None:
    export_labels(project, out / "new", format="texts", selection=Selection(annotator="ben"))
    for name in ("one.zip", "two.ZIP"):
        export_labels(project, out / name, format="texts", selection=Selection(annotator="ben"))
    assert (out / "one.zip").read_bytes() == (out / "two.ZIP").read_bytes()
    with zipfile.ZipFile(out / "one.zip") as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in archive.namelist()} == {
            path.name: path.read_bytes() for path in (out / "new").iterdir()
        }


def test_a_single_file_goes_into_an_archive_too(project: Project, out: Path) -> None:
    export_labels(project, out / "labels.zip")
    export_labels(project, out / "labels.jsonl")
    with zipfile.ZipFile(out / "labels.zip") as archive:
        assert archive.namelist() == ["labels.jsonl"]
        assert archive.read("labels.jsonl") == (out / "labels.jsonl").read_bytes()


@pytest.fixture
def stdout(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    stream = io.BytesIO()
    monkeypatch.setattr(targets, "sys", SimpleNamespace(stdout=SimpleNamespace(buffer=stream)))
    return stream


def test_standard_output_takes_single_files_only(project: Project, stdout: io.BytesIO) -> None:
    assert export_labels(project, "-").target == "standard output"
    assert stdout.getvalue().count(b"\n") == 13
    for options in ({"format": "texts"}, {"selection": Selection(split=Split())}):
        with pytest.raises(UsageError, match="do not go to standard output"):
            export_labels(project, "-", **options)


def test_a_pipe_gets_it(project: Project, out: Path) -> None:
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes here")
    pipe, got = out / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    export_labels(project, pipe, format="words")
    reader.join(10)
    assert got[0].count(b"\n") == 13


def test_a_device_that_is_full_is_told(project: Project) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no such device here")
    with pytest.raises(InputError, match="/dev/full: this file cannot be written: No space left on device"):
        export_labels(project, "/dev/full")


# -- losses -----------------------------------------------------------------------------------------

ONE_STRETCH = "written as one stretch from their first to their last fragment"
LOST = [
    f"word lists cannot hold 12 discontinuous spans: {ONE_STRETCH}.",
    "word lists cannot hold 12 notes on spans: left out.",
]


def asking(answer: bool, there: Callable[[], object]) -> tuple[list[Any], Callable[[list[str]], bool]]:
    asked: list[Any] = []

    def confirm(losses: list[str]) -> bool:
        asked.append((losses, there()))
        return answer

    return asked, confirm


def test_losses_are_told_before_the_file_is_there(project: Project, out: Path) -> None:
    path = out / "x.words"
    asked, confirm = asking(True, path.exists)
    report = export_labels(project, path, format="words", confirm=confirm)
    assert asked == [(LOST, False)]
    assert report.losses == LOST
    assert report.sentence == (
        f"10 articles with 24 spans and 12 relations written to {path}, without what it cannot hold."
    )
    assert path.exists()


def test_what_holds_the_codebook_alone_is_not_said_to_hold_articles(project: Project, out: Path) -> None:
    asked, confirm = asking(False, (out / "x.xml").exists)
    report = export_labels(project, out / "x.xml", format="label-studio-config", confirm=confirm)
    assert report.sentence == (
        f"Label Studio labelling interface written to {out / 'x.xml'}. It holds neither articles nor labels."
    )
    assert (asked, report.cancelled) == ([], False), "that is no loss"
    assert (out / "x.xml").exists()


@pytest.mark.parametrize("name", ["x.words", "x.zip", "-"])
def test_who_does_not_want_the_losses_gets_nothing(
    project: Project, out: Path, name: str, stdout: io.BytesIO
) -> None:
    (out / "x.words").write_text("older")
    asked, confirm = asking(False, stdout.getvalue)
    report = export_labels(project, name if name == "-" else out / name, format="words", confirm=confirm)
    assert report.cancelled
    assert report.sentence == "Nothing was exported."
    assert asked == [(LOST, b"")]
    assert os.listdir(out) == ["x.words"]
    assert (out / "x.words").read_text() == "older"
    assert stdout.getvalue() == b""


def test_without_losses_nobody_is_asked(project: Project, out: Path) -> None:
    asked, confirm = asking(False, out.exists)
    selection = Selection(kinds=frozenset({Kind.ACTOR}))
    assert not export_labels(project, out / "x", format="words", selection=selection, confirm=confirm).losses
    assert asked == []


# -- whole or not at all ----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["new", "new.zip", "empty"])
def test_a_full_disk_leaves_everything_as_it_was(tmp_path: Path, out: Path, name: str) -> None:
    (out / "empty").mkdir()
    (out / "new.zip").write_text("older")
    lines = line(1), line(2, text="Now!", spans=[], relations=[])
    with (
        project_of(tmp_path, *lines) as project,
        pytest.raises(InputError, match="cannot be written: No space left on device"),
    ):
        export_labels(project, out / name, format="texts")
    assert sorted(os.listdir(out)) == ["empty", "new.zip"]
    assert (out / "new.zip").read_text() == "older"


@pytest.mark.parametrize("name", ["new", "new.zip", "new.jsonl"])
def test_an_interruption_leaves_nothing(tmp_path: Path, out: Path, name: str) -> None:
    def interrupt(done: int, total: int) -> None:
        if done:
            raise KeyboardInterrupt

    form = "jsonl" if name.endswith("jsonl") else "texts"
    with project_of(tmp_path, *map(line, range(60))) as project, pytest.raises(KeyboardInterrupt) as raised:
        export_labels(project, out / name, format=form, progress=interrupt)
    assert os.listdir(out) == []
    assert raised.value.__notes__ == ["Interrupted. Nothing was exported."]


def test_an_interruption_tells_what_is_there(
    tmp_path: Path, out: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    older = out / "old.jsonl"
    older.write_text("older", "utf-8")
    with project_of(tmp_path, *map(line, range(60))) as project:
        for target, form, said in (
            (older, "jsonl", f"Nothing was exported; {older} is as it was."),
            ("-", "jsonl", "standard output has only a part of the export."),
            ("-", "docbin", "Nothing was exported."),
        ):
            with pytest.raises(KeyboardInterrupt) as raised:
                export_labels(project, target, format=form, progress=interrupt)
            assert raised.value.__notes__ == [f"Interrupted. {said}"]
    assert older.read_text("utf-8") == "older"


@pytest.mark.parametrize("name", ["old.jsonl", "new.jsonl", "empty", "new", "new.zip"])
def test_an_interruption_when_all_is_there_tells_so(
    project: Project, out: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (out / "old.jsonl").write_text("older", "utf-8")
    (out / "empty").mkdir()
    form = "jsonl" if name.endswith("jsonl") else "texts"
    to = exporting._Export.to

    def interrupted(*given: Any) -> None:
        to(*given)
        raise KeyboardInterrupt

    monkeypatch.setattr(exporting._Export, "to", interrupted)
    with pytest.raises(KeyboardInterrupt) as raised:
        export_labels(project, out / name, format=form)
    (said,) = raised.value.__notes__
    assert said.startswith("Interrupted. 10 articles ")
    assert (f" written to {out / name}" in said) or (f" written to the folder {out / name}" in said)


def test_what_killed_exports_have_left_goes(project: Project, out: Path) -> None:
    old, mine = part_beside(out / "a", PARTS), part_beside(out / "b", PARTS)
    for each in (old, mine):
        each.mkdir()
    os.utime(old, (0, 0))
    export_labels(project, out / "new", format="texts", selection=Selection(annotator="ben"))
    assert (old.exists(), mine.exists()) == (False, True)


def test_tables_come_back_from_a_folder_and_name_their_losses_never(project: Project, out: Path) -> None:
    assert not export_labels(project, out / "t", format="tables", include_suggestions=True).losses
    export_labels(project, out / "a.jsonl", include_suggestions=True)
    with Project.create(out / "q.annot") as again:
        report = import_paths(again, [out / "t"])
        assert report.problems == []
        assert report.articles == 10
        export_labels(again, out / "b.jsonl", include_suggestions=True)
    assert (out / "a.jsonl").read_bytes() == (out / "b.jsonl").read_bytes()


def test_progress_ends_at_all_articles(project: Project, out: Path) -> None:
    seen: list[tuple[int, int]] = []
    export_labels(project, out / "x.jsonl", progress=lambda *each: seen.append(each))
    assert seen[-1] == (10, 10)
    assert exporting.ExportReport("x").sentence == "Nothing to export: no article fits. x is empty."


def test_who_stops_an_export_leaves_nothing_open(project: Project, out: Path) -> None:
    def stop(lines: Iterable[ArticleLabels], _: Output) -> None:
        next(iter(lines))
        raise InterruptedError

    form = Format(name="stop", title="stop", endings=(".stop",), write=stop)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(registry.WRITERS, "stop", form)
        with pytest.raises(InputError) as stopped:
            export_labels(project, out / "x.stop", format="stop")
    assert gc.get_threshold() == in_bulk._COLLECTING, "still reading, as long as somebody holds the error"
    assert stopped.value
