"""Unfinished files that killed programs have left are removed, and nothing else is."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from annotator.core.codebook import Codebook
from annotator.store import parts
from annotator.store.parts import PARTS, QUIET, STALE, part_beside, remove_leftovers
from annotator.store.repository import SqlRepository, create_repository, open_repository


def left(path: Path, age: float) -> Path:
    """An unfinished file that nobody has written to for so many seconds."""
    path.write_bytes(b"half")
    os.utime(path, (time.time() - age,) * 2)
    return path


def of_process(path: Path, process: int) -> Path:
    own = part_beside(path)
    return own.with_name(own.name.replace(f".{os.getpid()}-", f".{process}-"))


@pytest.fixture
def dead() -> int:
    """The number of a process that is gone."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_what_is_old_goes(tmp_path: Path) -> None:
    old, young = left(part_beside(tmp_path / "a"), STALE + 5), left(part_beside(tmp_path / "a"), STALE - 5)
    assert remove_leftovers(tmp_path) == 1
    assert (old.exists(), young.exists()) == (False, True)


@pytest.mark.skipif(os.name == "nt", reason="no harmless question for a process there")
def test_what_a_process_has_left_that_is_gone_goes_soon(tmp_path: Path, dead: int) -> None:
    path = tmp_path / "a.annot"
    gone, just = left(of_process(path, dead), QUIET + 5), left(of_process(path, dead), 1)
    journal = left(gone.with_name(f"{gone.name}-journal"), QUIET + 5)
    mine, huge = left(part_beside(path), QUIET + 5), left(of_process(path, 9_999_999_999), QUIET + 5)
    assert remove_leftovers(tmp_path) == 3
    seen = [each.exists() for each in (gone, journal, huge, just, mine)]
    assert seen == [False, False, False, True, True]


def test_a_process_of_another_computer_is_not_asked_for(
    tmp_path: Path, dead: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = left(of_process(tmp_path / "a", dead), QUIET + 5)
    monkeypatch.setattr(parts.platform, "node", lambda: "another")
    assert remove_leftovers(tmp_path) == 0
    assert part.exists()


@pytest.mark.parametrize(
    "name",
    [
        "a.part", ".a.part", ".a.annot.12ab34cd.part", ".a.annot.1-2-3.part",
        "a.annot.7-00000000-00000000.part", ".a.annot.7-00000000-00000000.part.txt", ".annot",
        "a.annot.backup-v1.part",
    ],
)  # fmt: skip
def test_what_is_not_named_so_stays(tmp_path: Path, name: str) -> None:
    other = left(tmp_path / name, STALE * 9)
    assert remove_leftovers(tmp_path) == 0
    assert other.exists()


def test_unfinished_folders_go_where_nothing_in_them_is_young(tmp_path: Path) -> None:
    old, young, link = (part_beside(tmp_path / "a", PARTS) for _ in range(3))
    for each in (old, young):
        (each / "within").mkdir(parents=True)
    precious = left(tmp_path / "precious", STALE * 9)
    (old / "within" / "link").symlink_to(precious)
    os.utime(old / "within" / "link", (0, 0), follow_symlinks=False)
    left(young / "within" / "file", STALE - 5)
    link.symlink_to(tmp_path)
    file = left(part_beside(tmp_path / "file", PARTS), STALE * 9)
    for each in (old / "within", old, young / "within", young, link):
        os.utime(each, (0, 0), follow_symlinks=False)
    assert remove_leftovers(tmp_path) == 1
    assert [each.exists() for each in (old, young, link, precious, file)] == [False, True, True, True, True]


def test_only_files_go(tmp_path: Path) -> None:
    folder = part_beside(tmp_path / "folder")
    folder.mkdir()
    target, link = left(tmp_path / "precious", STALE * 9), part_beside(tmp_path / "link")
    link.symlink_to(target)
    for each in (folder, link):
        os.utime(each, (0, 0), follow_symlinks=False)
    assert remove_leftovers(tmp_path) == 0
    assert target.exists()
    assert remove_leftovers(tmp_path / "nowhere") == 0


def test_opening_a_project_removes_them(path: Path, repository: SqlRepository) -> None:
    repository.close()
    half = left(part_beside(path), STALE + 5)
    open_repository(path).close()
    assert not half.exists()


def test_a_new_project_is_made_under_such_a_name(
    tmp_path: Path, codebook: Codebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def killed(_connection: object, _codebook: object) -> None:
        seen.extend(each.name for each in tmp_path.iterdir())
        raise KeyboardInterrupt

    monkeypatch.setattr("annotator.store.repository.create_schema", killed)
    with pytest.raises(KeyboardInterrupt):
        create_repository(tmp_path / ("long" * 30 + ".annot"), codebook)
    assert seen
    assert all(parts._NAME.fullmatch(name) for name in seen)
    assert list(tmp_path.iterdir()) == []
