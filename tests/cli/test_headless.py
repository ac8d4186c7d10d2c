"""The window's job without a window: where the export goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.cli.headless import run_headless
from annotator.core.errors import ProjectError

TEXT = "The minister said that taxes will rise."


@pytest.fixture(autouse=True)
def here(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_an_imported_file_is_never_replaced_by_the_export(here: Path) -> None:
    given = here / "articles.jsonl"
    given.write_text(f'{{"text":"{TEXT}","other":1}}\n', encoding="utf-8")
    before = given.read_bytes()
    assert run_headless(None, [Path("articles.jsonl")], "No display.") == 0
    assert given.read_bytes() == before
    assert TEXT in (here / "articles-labels.jsonl").read_text(encoding="utf-8")


def test_an_imported_export_is_not_replaced_either(here: Path) -> None:
    (here / "one.txt").write_text(TEXT, encoding="utf-8")
    assert run_headless(Path("first.annot"), [Path("one.txt")], "No display.") == 0
    given = here / "second.jsonl"
    (here / "first.jsonl").rename(given)
    before = given.read_bytes()
    assert run_headless(Path("second.annot"), [Path("second.jsonl")], "No display.") == 0
    assert given.read_bytes() == before
    assert (here / "second-labels.jsonl").is_file()


def test_an_older_export_is_replaced_but_no_other_file(here: Path) -> None:
    (here / "one.txt").write_text(TEXT, encoding="utf-8")
    for _ in range(2):
        assert run_headless(Path("p.annot"), [Path("one.txt")], "No display.") == 0
    assert sorted(each.name for each in here.glob("*.jsonl")) == ["p.jsonl"]
    (here / "p.jsonl").write_text("mine\n", encoding="utf-8")
    assert run_headless(Path("p.annot"), [], "No display.") == 0
    assert (here / "p.jsonl").read_text(encoding="utf-8") == "mine\n"
    assert (here / "p-labels.jsonl").is_file()


def test_a_project_that_can_only_be_read_is_exported(
    here: Path, read_only: Callable[[Path], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "shelf").mkdir()
    (here / "one.txt").write_text(TEXT, encoding="utf-8")
    assert run_headless(Path("shelf/p.annot"), [Path("one.txt")], "No display.") == 0
    (here / "shelf" / "p.jsonl").unlink()
    locked = read_only(here / "shelf") / "p.annot"
    capsys.readouterr()
    assert run_headless(locked, [], "No display.") == 1
    out, err = capsys.readouterr()
    assert "read-only" in err
    assert "exported" in err
    assert str(here / "p.jsonl") in out
    assert "(the project)" not in out
    assert TEXT in (here / "p.jsonl").read_text(encoding="utf-8")
    with pytest.raises(ProjectError, match="read-only"):
        run_headless(locked, [Path("one.txt")], "No display.")
