"""Folders of single-file programs: what is in use stays, what was left behind goes."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from annotator.runtime.single_file import MARK, UNPACKED_VARIABLE, remove_left_behind, unpacked_folder

PROGRAM = """
import sys, time
from annotator.runtime.single_file import settle
sys._MEIPASS = sys.argv[1]
settle()
print("settled", flush=True)
time.sleep(600)
"""
STARTER = """
import subprocess, sys, time
running = subprocess.Popen([sys.executable, "-c", sys.argv[1], sys.argv[2]], stdout=subprocess.PIPE)
running.stdout.readline()
print(running.pid, flush=True)
time.sleep(600)
"""


def unpacked(folder: Path, *, marked: bool = True) -> Path:
    (folder / "PySide6" / "plugins").mkdir(parents=True)
    (folder / "PySide6" / "plugins" / "library.so").write_bytes(b"x")
    (folder / "base_library.zip").write_bytes(b"x")
    if marked:
        (folder / MARK).write_bytes(b"")
    return folder


def ended(process: int) -> bool:
    status = Path(f"/proc/{process}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] == "Z"


def test_what_a_killed_program_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    mine = unpacked(tmp_path / "_MEIa")
    left = unpacked(tmp_path / "_MEIb")
    others = unpacked(tmp_path / "_MEIc", marked=False)
    plain = unpacked(tmp_path / "data")
    (left / "link").symlink_to(plain)
    (tmp_path / "_MEId").symlink_to(plain)
    assert remove_left_behind(mine) == [left]
    assert not left.exists()
    for kept in (mine, others, plain):
        assert (kept / "PySide6" / "plugins" / "library.so").is_file()


def test_a_running_program_keeps_its_folder_until_it_is_killed(tmp_path: Path) -> None:
    mine, used = unpacked(tmp_path / "_MEIa"), unpacked(tmp_path / "_MEIb", marked=False)
    with subprocess.Popen([sys.executable, "-c", PROGRAM, str(used)], stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"settled\n"
        assert remove_left_behind(mine) == []
        running.kill()
    assert remove_left_behind(mine) == [used]
    assert not used.exists()


def test_a_folder_that_cannot_be_emptied_keeps_its_mark(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(folder: Path) -> None:
        raise PermissionError(folder)

    left = unpacked(tmp_path / "_MEIb")
    monkeypatch.setattr(shutil, "rmtree", refused)
    assert remove_left_behind(tmp_path / "_MEIa") == []
    assert (left / MARK).is_file()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_the_program_ends_with_the_process_that_unpacked_it(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "_MEIa", marked=False)
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, PROGRAM, str(folder)], stdout=subprocess.PIPE
    ) as starter:
        assert starter.stdout is not None
        program = int(starter.stdout.readline())
        assert not ended(program)
        starter.kill()
    deadline = time.monotonic() + 20
    while not ended(program):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_only_a_single_file_has_such_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert unpacked_folder() is None
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "_internal"), raising=False)
    assert unpacked_folder() is None
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path / "_MEIa"))
    assert unpacked_folder() == tmp_path / "_MEIa"


IMPORTER = """
import sys
sys._MEIPASS, sys.executable = sys.argv[1:]
sys.path.insert(0, sys._MEIPASS)
import annotator.runtime.unpack_first
import json
from pathlib import Path
parts = [Path(sys._MEIPASS, *each) for each in (("PySide6", "QtCore.py"), ("blis",), ("thinc",))]
print(*(each.exists() for each in parts))
import blis.part
print(blis.part.WHAT, *(each.exists() for each in parts))
"""


@pytest.fixture
def importer(tmp_path: Path, program: Path) -> list[str]:
    """The command of a process that imports a package which the program carries."""
    return [sys.executable, "-c", IMPORTER, str(unpacked(tmp_path / "_MEIa", marked=False)), str(program)]


def said(importer: list[str]) -> list[str]:
    return subprocess.run(importer, capture_output=True, text=True, check=True).stdout.splitlines()


def test_a_package_is_unpacked_by_the_first_import_of_it_in_any_process(importer: list[str]) -> None:
    assert said(importer) == ["True False False", "unpacked True True False"]
    assert said(importer) == ["True True False", "unpacked True True False"]


def test_what_was_unpacked_in_part_is_unpacked_again(tmp_path: Path, importer: list[str]) -> None:
    (tmp_path / "_MEIa" / "blis").mkdir()
    (tmp_path / "_MEIa" / "blis" / "__init__.py").write_text("'half of i")
    assert said(importer) == ["True True False", "unpacked True True False"]


def test_two_processes_do_not_unpack_at_once(importer: list[str]) -> None:
    both = [subprocess.Popen(importer, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    assert all("unpacked True True False" in each.communicate()[0] for each in both)


def test_what_cannot_be_unpacked_is_told_in_one_line(tmp_path: Path, importer: list[str]) -> None:
    shutil.rmtree(tmp_path / "_MEIa" / "PySide6")
    (tmp_path / "_MEIa" / "PySide6").write_text("in the way")
    done = subprocess.run(importer, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"cannot be unpacked into {tmp_path / '_MEIa'}: " in done.stderr


def test_a_process_of_the_program_does_not_make_anew_what_is_being_removed(
    tmp_path: Path, importer: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(UNPACKED_VARIABLE, str(tmp_path / "_MEIa"))
    shutil.rmtree(tmp_path / "_MEIa")
    done = subprocess.run(importer, capture_output=True, text=True, check=False)
    assert done.stdout.splitlines() == ["False False False"]
    assert "FileNotFoundError" in done.stderr
    assert not (tmp_path / "_MEIa").exists()


HELD_UP = """
from annotator.runtime import packed
unpack = packed.unpack
def held_up(*given):
    unpack(*given)
    print("unpacked", flush=True)
    sys.stdin.readline()
packed.unpack = held_up
"""


@pytest.mark.parametrize("killed", [False, True])
@pytest.mark.parametrize(
    "removed", [(), ("PySide6", MARK), ("PySide6", MARK, "unpacking.lock", "blis", "base_library.zip")]
)
def test_what_a_process_unpacks_while_the_program_is_killed_does_not_stay(
    tmp_path: Path,
    importer: list[str],
    monkeypatch: pytest.MonkeyPatch,
    killed: bool,
    removed: tuple[str, ...],
) -> None:
    folder = tmp_path / "_MEIa"
    monkeypatch.setenv(UNPACKED_VARIABLE, str(folder))
    importer[2] = IMPORTER.replace("import json", HELD_UP)
    with ExitStack() as stack:
        program = stack.enter_context(
            subprocess.Popen([sys.executable, "-c", PROGRAM, str(folder)], stdout=subprocess.PIPE)
        )
        stack.callback(program.kill)
        assert program.stdout is not None
        program.stdout.readline()
        process = stack.enter_context(
            subprocess.Popen(importer, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        )
        assert process.stdout is not None
        assert [next(process.stdout) for _ in range(2)] == ["False False False\n", "unpacked\n"]
        if killed:
            program.kill()
            program.wait()
            for name in removed:  # so far has the process come that removes the folder
                shutil.rmtree(folder / name) if (folder / name).is_dir() else (folder / name).unlink()
        said = process.communicate("go on\n")[0]
    assert folder.exists() is not killed
    assert process.returncode == int(killed)
    assert said == ("" if killed else "unpacked False True False\n")
