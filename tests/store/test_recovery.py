"""Damaged project files: what can be read is saved, nothing false is, and the damaged file stays as it is."""

from __future__ import annotations

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from annotator.cli.main import run_command
from annotator.cli.parser import parse
from annotator.core.commands import DrawRelation, MakeSpan
from annotator.core.errors import ProjectError
from annotator.core.model import Article, Kind
from annotator.core.ports import NewArticle
from annotator.core.text import sha256_of
from annotator.session.project import Project
from annotator.store import recovery

ARTICLES = 40
PAGE = 4096


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A project of 40 articles with three labels each, as bytes."""
    path = tmp_path_factory.mktemp("whole") / "p.annot"
    with Project.create(path) as project:
        articles = []
        for nth in range(ARTICLES):
            text = f"{nth} " + "The envoy said that Iran must stop. " * 40
            articles.append(
                NewArticle(article=Article(id=f"a{nth}", text=text, sha256=sha256_of(text), title=f"T{nth}"))
            )
        project.repository.add_articles(articles, [])
        editor = project.editor("ana")
        for nth in range(ARTICLES):
            editor.open(f"a{nth}")
            (actor,) = editor.run(MakeSpan(Kind.ACTOR, "Actor", ((6, 12),))).added_spans()
            (claim,) = editor.run(MakeSpan(Kind.CLAIM, "Claim", ((18, 30),))).added_spans()
            editor.run(DrawRelation("made_by", claim.id, actor.id))
    return path.read_bytes()


def saved(damaged: bytes, folder: Path) -> tuple[recovery.Recovered, int, int]:
    """The report, and how many articles and own labels are in the new file, whose pages are in order."""
    source, target = folder / "p.annot", folder / "new.annot"
    source.write_bytes(damaged)
    report = Project.recover(source, target)
    assert source.read_bytes() == damaged
    assert sorted(each.name for each in folder.iterdir()) == ["new.annot", "p.annot"]
    with Project.open(target) as project:
        assert list(project.repository.check(quick=True)) == []
        counts = project.repository.counts()
        return report, counts.articles, sum(counts.by_annotator.values())


def test_a_whole_file_is_saved_whole(whole: bytes, tmp_path: Path) -> None:
    report, articles, labels = saved(whole, tmp_path)
    assert report.problems == []
    assert (articles, labels) == (ARTICLES, 2 * ARTICLES)
    with Project.open(tmp_path / "new.annot") as project:
        assert list(project.repository.check()) == []
        editor = project.editor("ana")
        assert editor.undo() is not None
        assert project.repository.counts().edits > 0


@pytest.mark.parametrize("seed", range(12))
def test_damaged_pages_cost_only_what_was_on_them(whole: bytes, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    damaged = bytearray(whole)
    page = chance.randrange(40, len(whole) // PAGE)
    damaged[page * PAGE : (page + 1) * PAGE] = chance.randbytes(PAGE)
    report, articles, labels = saved(bytes(damaged), tmp_path)
    assert articles >= ARTICLES // 2
    assert labels >= ARTICLES // 2
    if (articles, labels) != (ARTICLES, 2 * ARTICLES):
        assert report.problems


def test_anything_may_be_damaged(whole: bytes, tmp_path: Path) -> None:
    for seed in range(25):
        chance = random.Random(seed)
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            at = chance.randrange(len(whole))
            length = chance.choice([1, 40, 5000])
            damaged[at : at + length] = chance.randbytes(len(damaged[at : at + length]))
        folder = tmp_path / str(seed)
        folder.mkdir()
        try:
            saved(bytes(damaged), folder)
        except ProjectError:
            assert [each.name for each in folder.iterdir()] == ["p.annot"]


def test_a_file_cut_short_keeps_its_beginning(whole: bytes, tmp_path: Path) -> None:
    report, _, _ = saved(whole[: len(whole) * 3 // 4 // PAGE * PAGE], tmp_path)
    assert report.problems


@pytest.mark.parametrize("content", [b"", b"not a project", b"SQLite format 3\0" + b"\xff" * 9000])
def test_where_nothing_can_be_read_no_file_is_made(tmp_path: Path, content: bytes) -> None:
    source = tmp_path / "p.annot"
    source.write_bytes(content)
    with pytest.raises(ProjectError):
        Project.recover(source, tmp_path / "new.annot")
    assert [each.name for each in tmp_path.iterdir()] == ["p.annot"]


def test_the_log_beside_the_file_is_read_too(whole: bytes, tmp_path: Path) -> None:
    source = tmp_path / "p.annot"
    source.write_bytes(whole)
    with Project.open(source) as project:
        editor = project.editor("ana")
        editor.open("a0")
        editor.run(MakeSpan(Kind.CUE, "Cue", ((13, 17),)))
        away = tmp_path / "away"
        away.mkdir()
        for end in ("", "-wal"):
            (away / f"p.annot{end}").write_bytes(source.with_name(f"p.annot{end}").read_bytes())
    report = Project.recover(away / "p.annot", tmp_path / "new.annot")
    assert report.problems == []
    with Project.open(tmp_path / "new.annot") as project:
        assert sum(project.repository.counts().by_annotator.values()) == 2 * ARTICLES + 1


def test_disk_blocks_that_cannot_be_read_become_holes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "a"
    source.write_bytes(bytes(range(256)) * 64)
    real = Path.open

    class Bad:
        def __init__(self, file: object) -> None:
            self.file = file

        def __getattr__(self, name: str) -> object:
            return getattr(self.file, name)

        def __enter__(self) -> Bad:
            return self

        def __exit__(self, *_: object) -> None:
            self.file.close()  # type: ignore[attr-defined]

        def read(self, size: int) -> bytes:
            at = self.file.tell()  # type: ignore[attr-defined]
            if at <= 2 * PAGE < at + size:
                raise OSError(5, "Input/output error")
            found: bytes = self.file.read(size)  # type: ignore[attr-defined]
            return found

    def opened(path: Path, *args: object, **more: object) -> object:
        file = real(path, *args, **more)  # type: ignore[arg-type]
        return Bad(file) if path == source else file

    monkeypatch.setattr(Path, "open", opened)
    assert recovery.copy_readable(source, tmp_path / "b") == 1
    monkeypatch.undo()
    data = bytes(range(256)) * 64
    assert (tmp_path / "b").read_bytes() == data[: 2 * PAGE] + bytes(PAGE) + data[3 * PAGE :]


def test_the_command_says_what_is_saved_and_what_is_not(
    whole: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, target = tmp_path / "p.annot", tmp_path / "new.annot"
    source.write_bytes(whole)
    assert run_command(parse(["recover", str(source), str(target)])) == 0
    assert f"{ARTICLES} articles, {2 * ARTICLES} labels" in capsys.readouterr().err
    assert run_command(parse(["recover", str(source), str(target)])) == 1
    assert "already" in capsys.readouterr().err
    damaged = bytearray(whole)
    with closing(sqlite3.connect(source)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'relations'").fetchone()
    damaged[(root - 1) * PAGE : root * PAGE] = b"\x55" * PAGE
    source.write_bytes(damaged)
    target.unlink()
    assert run_command(parse(["recover", str(source), str(target)])) == 1
    said = capsys.readouterr().err
    assert "some rows of relations cannot be read" in said
    assert run_command(parse(["check", "--quick", str(target)])) == 0


def test_one_table_whose_making_cannot_be_read_is_not_all_of_them(whole: bytes, tmp_path: Path) -> None:
    damaged = whole.replace(b"CREATE TABLE actor_aliases", b"CREATE TABLE a\x00\x01or_aliases")
    assert damaged != whole
    report, articles, labels = saved(damaged, tmp_path)
    assert (articles, labels) == (ARTICLES, 2 * ARTICLES)
    assert any("actor_aliases" in each.what for each in report.problems)
