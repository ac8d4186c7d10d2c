"""Opening, making and closing a project."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from annotator.core.codebook import Codebook, Label
from annotator.core.errors import InputError, ProjectError
from annotator.core.model import Kind
from annotator.session.project import Project, default_codebook


def test_new_project_has_the_default_codebook(tmp_path: Path) -> None:
    path = tmp_path / "News 2024.annot"
    with Project.create(path) as project:
        assert project.codebook == default_codebook()
        assert project.codebook.label(Kind.CLAIM, "Claim") is not None
        assert project.name == "News 2024"
        assert project.path == path
    assert [each.name for each in tmp_path.iterdir()] == [path.name]


def test_own_codebook_comes_back(tmp_path: Path) -> None:
    own = Codebook(name="Mine", version=3, labels=(Label(name="X", kind=Kind.CUE, key="v"),))
    Project.create(tmp_path / "a.annot", own).close()
    with Project.open(tmp_path / "a.annot") as project:
        assert project.codebook == own
        assert project.editor("ana").codebook == own


def test_codebook_that_could_not_be_read_back_makes_no_file(tmp_path: Path) -> None:
    taken = Codebook(name="Mine", labels=(Label(name="X", kind=Kind.CUE, key="x"),))
    with pytest.raises(InputError, match="taken by the window"):
        Project.create(tmp_path / "a.annot", taken)
    assert list(tmp_path.iterdir()) == []


def test_open_or_create(tmp_path: Path) -> None:
    path = tmp_path / "a.annot"
    with pytest.raises(ProjectError, match="no such file"):
        Project.open(path)
    with Project.open(path, create=True) as project:
        project.repository.set_setting("x", "y")
    with Project.open(path, create=True) as project:
        assert project.repository.setting("x") == "y"
    with pytest.raises(ProjectError, match="already"):
        Project.create(path)


def test_two_windows_on_one_file(tmp_path: Path) -> None:
    path = tmp_path / "a.annot"
    with Project.create(path) as first, Project.open(path) as second:
        first.repository.set_setting("x", "1")
        second.repository.set_setting("y", "2")
        assert first.repository.setting("y") == "2"
        first.close()
        second.repository.set_setting("x", "3")
    with Project.open(path) as again:
        assert again.repository.setting("x") == "3"
        assert list(again.repository.check()) == []


def test_importing_the_session_loads_no_database() -> None:
    script = "import sys, annotator.session.project; print('sqlalchemy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
