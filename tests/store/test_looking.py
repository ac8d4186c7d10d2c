"""Project files that may only be read: nothing is made beside them, and whoever writes is followed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.cli.main import run_command
from annotator.cli.parser import parse
from annotator.core.commands import MakeSpan
from annotator.core.errors import ProjectError, StorageError
from annotator.core.model import Kind
from annotator.core.ports import NewArticle
from annotator.session.editor import Editor
from annotator.session.exporting import export_labels
from annotator.session.project import Project
from annotator.store import looking
from annotator.store.repository import SqlRepository

type MakeArticle = Callable[..., NewArticle]

pytestmark = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")


@pytest.fixture
def filled(path: Path, repository: SqlRepository, article: MakeArticle) -> SqlRepository:
    """The project of ``path``, still open, with an article and a label; both are still in the log."""
    repository.add_articles([article(1)], [])
    label(repository, 0)
    return repository


def label(repository: SqlRepository, start: int) -> None:
    editor = Editor(repository, repository.codebook(), "ana")
    editor.open("a1")
    editor.run(MakeSpan(Kind.CLAIM, "Claim", ((start, start + 3),)))


def labels(project: Project) -> int:
    return len(project.repository.load_page("a1", "ana").spans)


def content(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def left_by_a_killed_program(path: Path, folder: Path, *ends: str) -> Path:
    """A copy of a project while it is open, with those of the files beside it."""
    folder.mkdir()
    for end in ("", *ends):
        shutil.copyfile(f"{path}{end}", folder / f"{path.name}{end}")
    return folder


def test_it_is_read_and_not_written(
    filled: SqlRepository, path: Path, tmp_path: Path, read_only: Callable[[Path], Path]
) -> None:
    filled.close()
    folder = read_only(path.parent)
    before = content(folder)
    with pytest.raises(ProjectError, match=r"read-only|cannot be written"):
        Project.open(folder / path.name)
    out = tmp_path.parent / f"{tmp_path.name}.jsonl"
    with Project.open_to_read(folder / path.name) as project:
        assert project.read_only is not None
        assert labels(project) == 1
        assert list(project.repository.check()) == []
        assert export_labels(project, out).spans == 1
        editor = project.editor("ana")
        editor.open("a1")
        with pytest.raises(ProjectError, match="only be read"):
            editor.run(MakeSpan(Kind.CLAIM, "Claim", ((9, 12),)))
        assert not editor.unsaved
    assert content(folder) == before


def test_what_can_be_written_is_opened_as_ever(filled: SqlRepository, path: Path) -> None:
    with Project.open_to_read(path) as project:
        assert project.read_only is None
        project.repository.set_setting("a", "b")


@pytest.mark.parametrize("ends", [("-wal",), ("-wal", "-shm")])
def test_what_a_killed_program_left_in_the_log_is_read(
    filled: SqlRepository,
    path: Path,
    tmp_path: Path,
    read_only: Callable[[Path], Path],
    ends: tuple[str, ...],
) -> None:
    folder = read_only(left_by_a_killed_program(path, tmp_path / "stick", *ends))
    before = content(folder)
    with Project.open_to_read(folder / path.name) as project:
        assert labels(project) == 1
        project.repository.copy_to(tmp_path / "copy.annot")
    assert content(folder) == before
    with Project.open(tmp_path / "copy.annot") as project:
        assert labels(project) == 1


def test_an_older_file_is_brought_up_to_date_in_a_copy(
    filled: SqlRepository,
    path: Path,
    read_only: Callable[[Path], Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    filled.close()
    folder = read_only(path.parent)
    monkeypatch.setattr(looking, "SCHEMA_VERSION", looking.SCHEMA_VERSION + 1)
    before = content(folder)
    with Project.open_to_read(folder / path.name) as project:
        assert labels(project) == 1
        copy = project.repository.path  # type: ignore[attr-defined]
        assert copy.parent != folder
    assert not copy.parent.exists()
    assert content(folder) == before


def test_who_writes_meanwhile_is_followed(
    filled: SqlRepository, path: Path, read_only: Callable[[Path], Path]
) -> None:
    filled.close()
    folder = read_only(path.parent)
    if folder == path.parent:
        pytest.skip("nobody can write to it")
    with Project.open_to_read(folder / path.name) as looked:
        assert labels(looked) == 1
        with Project.open(path) as writer:
            label(writer.repository, 5)  # type: ignore[arg-type]
            assert labels(looked) == 2
            label(writer.repository, 10)  # type: ignore[arg-type]
            assert labels(looked) == 3
        assert labels(looked) == 3
        database = looked.repository._database  # type: ignore[attr-defined]
        with (
            pytest.raises(StorageError, match="another program"),
            database.reading(),
            Project.open(path) as writer,
        ):
            label(writer.repository, 15)  # type: ignore[arg-type]
        assert labels(looked) == 4
        assert list(looked.repository.check()) == []


def test_the_command_line_reads_it_and_refuses_to_write(
    filled: SqlRepository,
    path: Path,
    tmp_path: Path,
    read_only: Callable[[Path], Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    filled.close()
    project = str(read_only(path.parent) / path.name)
    out = str(tmp_path.parent / f"{tmp_path.name}-2.jsonl")
    for arguments in (["info", project], ["check", project], ["export", project, out]):
        assert run_command(parse(arguments)) == 0, capsys.readouterr().err
    capsys.readouterr()
    for arguments in (["import", project, out], ["suggest", project]):
        assert run_command(parse(arguments)) == 1
        said = capsys.readouterr().err
        assert "read-only" in said or "cannot be written to" in said
        assert "open the copy" in said
