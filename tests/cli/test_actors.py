"""`annotator actors`: listing, writing and reading records, in a real project."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from annotator.cli.main import run_command
from annotator.cli.parser import parse
from annotator.core.commands import MakeSpan
from annotator.core.model import ActorRecord, Alias, Article, Kind
from annotator.core.ports import NewArticle
from annotator.core.text import sha256_of
from annotator.session.project import Project

TAKEN = (
    "{}, line 3: there is an actor record “Rob Malley” already. "
    "Give its id, rob, to change it, or a new id for somebody else of that name."
)
RM = Alias("R. M.", "en")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "news.annot"
    text = "Rob Malley met Robert Malley."
    with Project.create(path) as project:
        article = Article(id="a", text=text, sha256=sha256_of(text))
        project.repository.add_articles([NewArticle(article=article)], [])
        editor = project.editor("ana")
        editor.open("a")
        spans = [
            editor.run(MakeSpan(Kind.ACTOR, "Actor", (each,))).added_spans()[0].id
            for each in ((0, 10), (15, 28))
        ]
        editor.actors.create(ActorRecord(id="rob", name="Rob Malley", type="person"), spans[:1])
        record = ActorRecord(
            id="robert", name="Robert Malley", type="person", aliases=(Alias("R. M.", "en"),)
        )
        editor.actors.create(record, spans[1:])
        editor.actors.merge(["robert"], "rob")
        editor.actors.create(ActorRecord(id="eu", name="European Union", type="organization"))
    return path


def run(*words: str) -> int:
    return run_command(parse(["actors", *words]))


def records(path: Path) -> dict[str, ActorRecord]:
    with Project.open(path) as project:
        assert list(project.repository.check()) == []
        return project.repository.actors()


def test_records_are_listed_with_their_mentions(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(str(path)) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "2 actor records, 2 mentions"
    assert lines[1].split() == [
        "2",
        "rob",
        "person",
        "Rob",
        "Malley",
        "(also",
        "Robert",
        "Malley,",
        "R.",
        "M.)",
    ]
    assert lines[2].split() == ["0", "eu", "organization", "European", "Union"]


def test_what_was_exported_changes_nothing_when_it_is_imported(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = records(path)
    table = tmp_path / "a.csv"
    assert run(str(path), "--export", str(table)) == 0
    assert capsys.readouterr().err == f"2 actor records written to {table}.\n"
    assert run(str(path), "--import", str(table), "--annotator", "ana") == 0
    assert capsys.readouterr().err == "0 actor records added, 0 changed, 2 as before.\n"
    assert records(path) == before
    with Project.create(tmp_path / "other.annot"):
        pass
    assert run(str(tmp_path / "other.annot"), "--import", str(table), "--annotator", "ana") == 0
    assert records(tmp_path / "other.annot")["rob"].aliases == (Alias("Robert Malley"), RM)
    again = tmp_path / "b.csv"
    assert run(str(tmp_path / "other.annot"), "--export", str(again)) == 0
    assert again.read_bytes() == table.read_bytes()


def test_an_import_is_one_edit(path: Path, tmp_path: Path) -> None:
    before = records(path)
    table = tmp_path / "a.csv"
    table.write_text("id,name,aliases\neu,EU,European Union\nnew,Iran,\n,Éire,\n", encoding="utf-8")
    assert run(str(path), "--import", str(table), "--annotator", "ben") == 0
    after = records(path)
    assert len(after) == len(before) + 2
    assert (after["eu"].name, after["eu"].type) == ("EU", "organization")
    with Project.open(path) as project:
        edit = project.editor("ben").undo()
        assert edit is not None
        assert edit.title == "Import 3 actor records from a.csv"
    assert records(path) == before


def test_a_table_with_a_mistake_changes_nothing(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = records(path)
    table = tmp_path / "a.csv"
    table.write_text("id,name\neu,EU\n,rob malley\nx,\n")
    assert run(str(path), "--import", str(table), "--annotator", "ana") == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{table}, line 4: the record has no name. Give it one.",
        TAKEN.format(table),
        "No actor record was changed.",
    ]
    table.write_text("id,name\neu,EU\n,rob malley\n")
    assert run(str(path), "--import", str(table), "--annotator", "ana") == 1
    assert (
        "line 3: there is an actor record “Rob Malley” already. Give its id, rob," in capsys.readouterr().err
    )
    assert run(str(path), "--import", str(tmp_path / "none.csv"), "--annotator", "ana") == 1
    assert records(path) == before


def test_standard_input_and_output(
    path: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], home: Path
) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"name\nIran\n")))
    assert run(str(path), "--import", "-") == 2, "nobody has ever worked in the window here"
    assert run(str(path), "--import", "-", "--export", "-") == 2
    assert run(str(path), "--import", "-", "--annotator", "ana") == 0
    assert run(str(path), "--export", "-") == 0
    assert b"\n" in capfdbinary.readouterr().out
    assert "Iran" in {each.name for each in records(path).values()}


def test_it_needs_no_qt(path: Path) -> None:
    code = (
        "import sys; from annotator.__main__ import main; code = main(sys.argv[1:]);"
        "assert not [each for each in sys.modules if each.startswith('PySide6')]; sys.exit(code)"
    )
    found = subprocess.run(
        [sys.executable, "-c", code, "actors", str(path)], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr


def test_what_is_no_table_is_told_with_a_cure_for_tables(
    path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "actors.csv"
    for content, what in ((b"\x89PNG\r\n\x1a\n\0\0", "a PNG picture"), (bytes(range(256)), "")):
        given.write_bytes(content)
        assert run(str(path), "--import", str(given), "--annotator", "ana") == 1
        said = capsys.readouterr().err
        assert what in said
        assert "Save the table of actors as .csv, and give that." in said
        assert "article" not in said
