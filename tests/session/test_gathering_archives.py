"""ZIP archives: a source per member, and nothing of hostile ones."""

from __future__ import annotations

import io
import sys
import zipfile
from functools import partial
from pathlib import Path

import pytest

from annotator.core.errors import InputError, Problem
from annotator.core.mapping import ImportMapping
from annotator.formats import archive, registry
from annotator.formats.base import Format, Source
from annotator.session.gathering import gather
from annotator.session.importing import import_paths
from annotator.session.project import Project
from tests.formats.making import docx, packed, pdf


def gathered(path: Path) -> tuple[list[Source], list[str]]:
    problems: list[Problem] = []
    found = gather([path], problems)
    return found, [str(each) for each in problems]


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    return tmp_path / "all.zip"


def test_members_are_sources(zipped: Path) -> None:
    zipped.write_bytes(
        packed({
            "b/two.txt": "Two", "a.txt": "One", "picture.png": b"\x89PNG", ".hidden.txt": "x",
            "__MACOSX/a.txt": "x",
            "../../out.txt": "Out", "/abs.txt": "Abs", "b/c.docx": docx("Text"), "b\\d.txt": "Back",
        })
    )  # fmt: skip
    found, problems = gathered(zipped)
    assert problems == []
    names = [each.name.removeprefix(f"{zipped}/") for each in found]
    assert names == ["a.txt", "abs.txt", "b/c.docx", "b/d.txt", "b/two.txt", "out.txt"]
    assert found[0].data == b"One"
    assert found[0].head() == b"One"
    assert (found[0].size, found[0].short_name, found[0].stem, found[0].ending) == (3, "a.txt", "a", ".txt")
    beside = found[3].beside("two.txt")
    assert beside is not None
    assert beside.data == b"Two"
    assert found[3].beside("a.txt") is None


def test_archives_in_folders_and_in_archives(tmp_path: Path, zipped: Path) -> None:
    zipped.write_bytes(
        packed({"in.zip": packed({"deep.zip": packed({"x.txt": "x"}), "y.txt": "Y"}), "z.txt": "Z"})
    )
    found, problems = gathered(tmp_path)
    assert [each.data for each in found] == [b"Y", b"Z"]
    (problem,) = problems
    assert "deep.zip" in problem
    assert "2 deep" in problem


def test_parts_of_others_are_not_read_by_themselves(zipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = Format(name="pair", title="pair", endings=(".ann",), also=lambda source: [f"{source.stem}.txt"])
    monkeypatch.setattr(registry, "told_by_name", lambda source: pair if source.ending == ".ann" else None)
    monkeypatch.setattr(registry, "has_known_ending", lambda path: path.suffix in (".ann", ".txt"))
    zipped.write_bytes(packed({"d/a.ann": "T1", "d/a.txt": "A", "a.txt": "other"}))
    found, _ = gathered(zipped)
    assert [each.data for each in found] == [b"other", b"T1"]


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(packed({"a.txt": "One"}))

    monkeypatch.setattr(sys, "stdin", Stdin)
    problems: list[Problem] = []
    assert [each.name for each in gather(["-"], problems)] == ["standard input/a.txt"]


def test_xml_that_is_something_else_is_left_alone(tmp_path: Path, zipped: Path) -> None:
    feed = "<rss><channel><item><description>Text</description></item></channel></rss>"
    zipped.write_bytes(packed({"TypeSystem.xml": "<typeSystemDescription/>", "feed.xml": feed}))
    (tmp_path / "pom.xml").write_text("<project/>")
    found, problems = gathered(tmp_path)
    assert [each.short_name for each in found] == ["feed.xml"]
    assert problems == []


def one_problem(zipped: Path) -> str:
    found, problems = gathered(zipped)
    assert found == []
    (only,) = problems
    assert str(zipped) in only
    return only


def test_hostile_archives(zipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zipped.write_bytes(b"PK\x03\x04 nothing")
    assert "damaged" in one_problem(zipped)
    zipped.write_bytes(packed({"a.txt": "x" * 5000})[:-30])
    assert "damaged" in one_problem(zipped)
    zipped.write_bytes(packed({}))
    assert "no file in this archive" in one_problem(zipped)
    zipped.write_bytes(packed({"bomb.txt": b"\0" * 50_000_000}))
    assert "250 times" in one_problem(zipped)
    zipped.write_bytes(packed({f"{n}.txt": "x" for n in range(30)}))
    monkeypatch.setattr(archive, "MOST_MEMBERS", 20)
    monkeypatch.setattr(archive, "_Budget", partial(archive._Budget, members=20, bytes=99))
    assert "more than 20 files" in one_problem(zipped)


def test_too_much_together(zipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    zipped.write_bytes(packed({"a.txt": "x" * 60, "b.zip": packed({"c.txt": "y" * 60})}))
    monkeypatch.setattr(archive, "_Budget", partial(archive._Budget, members=9, bytes=99))
    assert "unpacks to more than" in one_problem(zipped)


def test_encrypted_and_damaged_members(zipped: Path) -> None:
    data = bytearray(packed({"a.txt": "One"}))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    zipped.write_bytes(bytes(data))
    assert "encrypted" in one_problem(zipped)
    data = bytearray(packed({"a.txt": "One and another one"}))
    data[36] ^= 0xFF
    zipped.write_bytes(bytes(data))
    ((member,), _) = gathered(zipped)
    with pytest.raises(InputError, match="damaged"):
        _ = member.data


def test_members_packed_in_other_ways(zipped: Path) -> None:
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_BZIP2) as made:
        made.writestr("a.txt", "x" * 1000)
    assert "usual ZIP" in one_problem(zipped)


def test_archive_that_holds_itself(zipped: Path) -> None:
    inner = packed({"a.txt": "One"})
    for _ in range(5):
        inner = packed({"self.zip": inner})
    zipped.write_bytes(inner)
    assert "deeper" in one_problem(zipped)
    # The known quines unpack to themselves; an entry that points at its own header is damaged.
    with zipfile.ZipFile(zipped, "w") as made:
        made.writestr("self.zip", b"")
    assert "self.zip" in one_problem(zipped)


def test_import_of_an_archive(tmp_path: Path, zipped: Path) -> None:
    members = {"a.txt": "A text.", "b/n.docx": docx("Title", "A document."), "c.pdf": pdf([["A PDF."]])}
    broken = bytearray(packed(members))
    zipped.write_bytes(bytes(broken))
    with Project.create(tmp_path / "news.annot") as project:
        report = import_paths(project, [zipped])
        assert (report.articles, report.problems) == (3, [])
        broken[36] ^= 0xFF
        zipped.write_bytes(bytes(broken))
        report = import_paths(project, [zipped])
        assert (report.articles, report.duplicates) == (0, 2)
        (problem,) = report.problems
        assert str(problem).startswith(f"{zipped}/a.txt: this file cannot be unpacked")


def test_files_of_unknown_kinds_are_told(tmp_path: Path, zipped: Path, home: Path) -> None:
    inside = {
        "d/a.txt": "One", "d/notes.xyz": "x", "d/.hidden.xyz": "x", "__MACOSX/d/notes.xyz": "x",
        "Thumbs.db": "x", "annotation.conf": "x", "TypeSystem.xml": "<x/>", "page_files/a.png": "x",
        "codebook.toml": "x",
    }  # fmt: skip
    zipped.write_bytes(packed(inside))
    folder = tmp_path / "folder"
    for name, text in {
        **inside,
        "b.txt": "Two",
        "odd.xml": "<x/>",
        "old.annot": "x",
        "old.annot-wal": "x",
    }.items():
        if not name.startswith("_"):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    with Project.open(tmp_path / "p.annot", create=True) as project:
        told = import_paths(project, [zipped]).sentence
        assert told == "1 article added; 1 file of an unknown kind was skipped: notes.xyz."
        told = import_paths(project, [folder], mapping=ImportMapping(extend=True)).sentence
        assert told == (
            "1 article added; 1 duplicate skipped; "
            "2 files of unknown kinds were skipped: notes.xyz and odd.xml."
        )
        for name in "vw":
            (folder / f"{name}.x y z").write_text("x")
        told = import_paths(project, [folder], dry_run=True).sentence
        assert told.endswith("4 files of unknown kinds were skipped: notes.xyz, odd.xml, v.x y z and 1 more.")
