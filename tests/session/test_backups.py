"""Backups: made where something was done, rotated by number, gone back to without losing what is there."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.commands import MakeSpan
from annotator.core.errors import ProjectError
from annotator.core.model import Article, Kind, new_id
from annotator.core.ports import NewArticle
from annotator.core.text import sha256_of
from annotator.session import backups
from annotator.session.backups import Backup, back_up, backups_of, folder_of, restore, surplus
from annotator.session.project import Project

TEXT = "The envoy said that Iran must stop."


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ANNOTATOR_HOME", str(tmp_path / "home"))
    path = tmp_path / "work" / "p.annot"
    path.parent.mkdir()
    with Project.create(path) as project:
        article = Article(id="a", text=TEXT, sha256=sha256_of(TEXT), title="T")
        project.repository.add_articles([NewArticle(article=article)], [])
    return path


def label(path: Path, start: int, end: int) -> None:
    with Project.open(path) as project:
        editor = project.editor("ana")
        editor.open("a")
        editor.run(MakeSpan(Kind.CUE, "Cue", ((start, end),)))


def labels(path: Path) -> int:
    with Project.open(path) as project:
        return len(project.repository.load_page("a", "ana").spans)


def test_a_backup_is_made_where_something_was_done(path: Path) -> None:
    first = back_up(path)
    assert first is not None
    assert back_up(path) is None, "nothing was done"
    label(path, 10, 14)
    second = back_up(path)
    assert second is not None
    assert [each.path for each in backups_of(path)] == [second, first]
    assert (labels(second), labels(first)) == (1, 0)
    assert path.parent not in second.parents, "apart from the project"


def test_a_backup_is_made_of_an_open_project_with_what_is_only_in_its_log(path: Path) -> None:
    with Project.open(path) as project:
        editor = project.editor("ana")
        editor.open("a")
        editor.run(MakeSpan(Kind.CUE, "Cue", ((10, 14),)))
        copy = back_up(path)
        assert copy is not None
        editor.run(MakeSpan(Kind.CUE, "Cue", ((0, 3),)))
    assert labels(copy) == 1


def test_two_projects_of_one_name_do_not_mix(path: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "p.annot"
    assert folder_of(path) != folder_of(other)


def test_going_back_keeps_what_was_there(path: Path) -> None:
    label(path, 10, 14)
    first = back_up(path)
    assert first is not None
    label(path, 0, 3)
    kept = restore(path, first)
    assert labels(path) == 1
    assert labels(kept) == 2
    restore(path, kept)
    assert labels(path) == 2
    assert sorted(each.name for each in path.parent.iterdir()) == ["p.annot"]


def test_a_damaged_project_is_put_aside(path: Path) -> None:
    label(path, 10, 14)
    first = back_up(path)
    assert first is not None
    data = bytearray(path.read_bytes())
    data[100:6000] = b"\xff" * 5900
    path.write_bytes(data)
    path.with_name("p.annot-wal").write_bytes(b"old log")
    kept = restore(path, first)
    assert kept.name == "p.annot.damaged-1"
    assert kept.read_bytes() == bytes(data)
    assert kept.with_name("p.annot.damaged-1-wal").read_bytes() == b"old log"
    assert labels(path) == 1


def test_a_project_that_is_gone_comes_back(path: Path) -> None:
    first = back_up(path)
    assert first is not None
    path.unlink()
    restore(path, first)
    assert labels(path) == 0


def test_a_damaged_backup_changes_nothing(path: Path) -> None:
    first = back_up(path)
    assert first is not None
    first.write_bytes(first.read_bytes()[:5000])
    before = path.read_bytes()
    with pytest.raises(ProjectError):
        restore(path, first)
    assert path.read_bytes() == before
    assert sorted(each.name for each in path.parent.iterdir()) == ["p.annot"]
    label(path, 10, 14)
    assert back_up(path) is not None, "a damaged one does not count as the last"


def test_a_full_disk_is_said_and_leaves_the_others(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = back_up(path)
    label(path, 10, 14)
    monkeypatch.setattr("annotator.store.copying._ROOM", 10**18)
    with pytest.raises(ProjectError, match="no room"):
        back_up(path)
    assert [each.path for each in backups_of(path)] == [first]
    assert list(folder_of(path).glob("*.part")) == []


def test_backups_that_were_being_made_when_it_was_killed_go(path: Path) -> None:
    first = back_up(path)
    assert first is not None
    old, journal, young, other = (
        first.with_name(name)
        for name in (
            "0002 2026-01-01 10.00.annot.part", "0002 2026-01-01 10.00.annot.part-journal",
            "0003 2026-01-01 10.00.annot.part", "mine.part",
        )
    )  # fmt: skip
    for each in (old, journal, young, other):
        each.write_bytes(b"half")
        if each != young:
            os.utime(each, (0, 0))
    label(path, 10, 14)
    assert back_up(path) is not None
    assert [each.exists() for each in (old, journal, young, other)] == [False, False, True, True]


def test_the_clock_may_go_backwards(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock(datetime):
        when = datetime(2030, 1, 2, 3, 4)

        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            cls.when -= timedelta(days=1)
            return cls.when

    monkeypatch.setattr(backups, "datetime", Clock)
    made = []
    for start in (0, 4, 10):
        label(path, start, start + 3)
        made.append(back_up(path))
    assert [each.path for each in backups_of(path)] == made[::-1]
    assert [labels(each.path) for each in backups_of(path)] == [3, 2, 1]


@given(st.lists(st.integers(0, 90), max_size=60), st.booleans())
def test_the_newest_and_one_for_each_day_are_kept(days: list[int], large: bool) -> None:
    size = backups.LARGE + 1 if large else 1000
    made = [
        Backup(Path(new_id()), number, datetime(2030, 1, 1) + timedelta(days=day), size)
        for number, day in reversed(list(enumerate(days, 1)))
    ]
    gone = surplus(made)
    kept = [each for each in made if each not in gone]
    if large:
        assert kept == made[: backups.KEPT_LARGE]
        return
    assert kept[: backups.KEPT] == made[: backups.KEPT]
    assert len(kept) <= backups.KEPT + backups.KEPT_DAYS
    older = [each.at for each in kept[backups.KEPT :]]
    assert len(older) == len(set(older))
    assert len(older) == min(backups.KEPT_DAYS, len({each.at for each in made[backups.KEPT :]}))
