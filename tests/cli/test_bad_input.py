"""Bad files of every format: one line each that names file and cure, exit code 1, and nothing has changed."""

from __future__ import annotations

import gc
import io
import json
import os
import re
import struct
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.__main__ import main
from annotator.formats import streaming
from annotator.formats.base import MOST_PROBLEMS
from annotator.formats.registry import READERS
from annotator.session import targets
from tests import bad_files
from tests.bad_files import Files, lines, native_line
from tests.formats import making

FORMATS = [*READERS, "zip"]
BINARY = ("docbin", "docx", "pdf", "zip")
LABELLED = (
    "jsonl",
    "json",
    "doccano",
    "doccano-graphemes",
    "label-studio",
    "prodigy",
    "pubannotation",
    "dataturks",
    "uima-json",
)
_LINE = re.compile(r"(.+?): .+\. .+\.")
"""A problem: where, what, and what to do."""


class Desk:
    """A project with an article, and the command line."""

    def __init__(self, folder: Path, before: bytes, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.project = folder / "p.annot"
        self.before = before
        self._capsys = capsys
        self.project.write_bytes(before)

    def run(self, *arguments: object) -> tuple[int, str, str]:
        self._capsys.readouterr()
        try:
            code = main([str(each) for each in arguments])
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def put(self, files: Files) -> Path:
        """Write files into a folder of their own: the one of them, or the folder."""
        folder = self.folder / "given"
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return folder / next(iter(files)) if len(files) == 1 else folder

    def unchanged(self) -> bool:
        """Whether the project is what it was, byte for byte, and nothing lies beside it."""
        beside = {path.name for path in self.folder.iterdir()} - {"given", "home"}
        return self.project.read_bytes() == self.before and beside == {"p.annot"}

    def refused(self, target: Path | str, *options: object, form: str | None = None) -> list[str]:
        """Import something bad; the lines about it."""
        named = () if form in (None, "zip") else ("--format", form)
        code, out, err = self.run("import", self.project, target, "--annotator", "bea", *named, *options)
        assert (code, out) == (1, ""), (code, err)
        *told, last = err.splitlines()
        assert last.startswith("No article "), err
        self.look_at(told, Path(target).name)
        assert self.unchanged()
        return told

    def look_at(self, told: list[str], name: str) -> None:
        """Every line is one that helps."""
        assert 1 <= len(told) <= MOST_PROBLEMS + 1, told
        for each in told:
            assert _LINE.fullmatch(each), each
            assert name in each, each
            assert len(each) < 900, each
            assert "Traceback" not in each, each
            assert not re.search("[\x00-\x1f\x7f-\x9f\ud800-\udfff]", each), each

    def taken_or_refused(self, files: Files, form: str) -> int:
        """Import what may be good or bad; the exit code."""
        self.project.write_bytes(self.before)
        target = self.put(files)
        named = () if form == "zip" else ("--format", form)
        code, _, err = self.run("import", self.project, target, "--annotator", "bea", *named)
        assert code in (0, 1), err
        assert "Traceback" not in err, err
        if code == 1:
            assert err.splitlines()[:-1], err
            if len(files) == 1 and form != "zip":
                self.look_at(err.splitlines()[:-1], target.name)
                assert self.unchanged(), err
        return code


@pytest.fixture(autouse=True)
def no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANNOTATOR_DEBUG", "1")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A project with an article."""
    folder = tmp_path_factory.mktemp("before")
    (folder / "first.jsonl").write_bytes(lines({"text": "Quite another article."}))
    assert main(["import", str(folder / "p.annot"), str(folder / "first.jsonl")]) == 0
    return (folder / "p.annot").read_bytes()


@pytest.fixture
def desk(tmp_path: Path, home: Path, before: bytes, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, before, capsys)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Files]:
    return dict(bad_files.good(tmp_path_factory.mktemp("good")))


@pytest.mark.parametrize("form", FORMATS)
def test_good_files_are_taken(desk: Desk, good: dict[str, Files], form: str) -> None:
    assert desk.taken_or_refused(good[form], form) == 0


# -- spoilt bytes ---------------------------------------------------------------------------------------


def _main(files: Files) -> str:
    """The file to spoil: the one with labels."""
    wanted = [name for name in files if name.endswith(".ann") or name in ("spans.csv", "actor.conll")]
    return wanted[0] if wanted else next(iter(files))


def _spoilt(files: Files, content: bytes) -> Files:
    return {**files, _main(files): content}


_EMPTY_IS_FINE = ("brat",)
"""Formats in which an empty file says that there are no labels."""
_ANY_TEXT = ("text", "html", "nexis", "mail")
"""Formats that need no certain shape: what is cut off is only shorter."""


@pytest.mark.parametrize("form", FORMATS)
def test_spoilt_bytes(desk: Desk, good: dict[str, Files], form: str) -> None:
    files = good[form]
    content = files[_main(files)]
    half = len(content) // 2
    ways = {
        "random": Random(7).randbytes(3_000),
        "NULs": bytes(500),
        "a NUL": content[:half] + b"\0" + content[half:] if form not in (*BINARY, "mail") else bytes(9),
        "brackets": b"[" * 100_000 if form not in _ANY_TEXT else bytes(9),
        "braces": b'{"a":' * 100_000 if form not in _ANY_TEXT else bytes(9),
        "tags": b"<a>" * 100_000 if form not in ("text", "mail") else bytes(9),
    }
    if form not in _EMPTY_IS_FINE:
        ways |= {"empty": b"", "mark": b"\xef\xbb\xbf", "blank": b" \r\n\t \n"}
    if form not in (*_ANY_TEXT, "csv", "tsv"):
        ways |= {"half": content[:half]}
    if form not in ("mail", "csv", "tsv", "conll", "rtf"):
        # a place between ASCII letters, so that it is no other encoding either
        at = content.find("😀".encode()) + 4 if "😀".encode() in content else half
        ways |= {"not UTF-8": content[:at] + b"\xff\xfe\xc3(\xf5" + content[at:]}
    for way, spoilt in ways.items():
        told = desk.refused(desk.put(_spoilt(files, spoilt)), form=form)
        assert len(told) == 1 or form in ("zip", "brat", "conll", "tables"), (way, told)


@pytest.mark.parametrize("name", [*bad_files.OTHER_SHAPES])
def test_spoilt_files_of_other_shapes(desk: Desk, name: str) -> None:
    """Those of which a format has several, told by what is in them."""
    content = bad_files.OTHER_SHAPES[name]
    assert (
        desk.run("import", desk.project, desk.put({name: content}), "--annotator", "bea", "--dry-run")[0] == 0
    )
    third = len(content) // 3
    ways = {
        "empty": b"", "blank": b" \r\n\t \n", "a NUL": content[:third] + b"\0" + content[third:],
        "random": Random(7).randbytes(3_000), "NULs": bytes(500),
        "brackets": content[:third] + b"[" * 100_000,
        "cut off": content[: content.rindex(b"left")], "cut off early": content[: content.index(b"left") + 2],
    }  # fmt: skip
    if name.endswith((".json", ".jsonl")):
        ways |= {"not UTF-8": content.replace(b"left", b"l\xff\xfe\xc3(\xf5t")}
    for way, spoilt in ways.items():
        told = desk.refused(desk.put({name: spoilt}))
        assert len(told) == 1, (way, told)


@pytest.mark.parametrize("form", ["jsonl", "json", "doccano", "label-studio", "prodigy", "csv", "tsv"])
def test_an_endless_line(
    desk: Desk, good: dict[str, Files], form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "MOST_BYTES", 200_000)
    files = good[form]
    name = next(iter(files))
    title = b"," if form not in LABELLED else b""
    content = files[name].rstrip().rstrip(b"]}") + b"x" * 300_000 + title
    (told,) = desk.refused(desk.put({name: content}), form=form)
    assert re.search(r"(line|record) \d+", told), told
    (told,) = desk.refused(desk.put({name: b"x" * 300_000}), form=form)


def test_json_that_is_not_utf8_names_its_line(desk: Desk) -> None:
    content = (
        lines(native_line(0), native_line(1)).replace(b"nobody", b"nob\xf6dy").replace(b"talks", b"t\xe4lks")
    )
    (told,) = desk.refused(desk.put({"given.jsonl": content}))
    assert "given.jsonl, line 2: this is not UTF-8" in told
    (told,) = desk.refused(desk.put({"given.jsonl": b'{"text": "a \xed\xa0\x80 b"}\n'}))
    assert "given.jsonl, line 1: this is not UTF-8: byte 13 of the line cannot be read" in told
    assert "line 1" in told
    (told,) = desk.refused(desk.put({"given.jsonl": b'{"text": "a"}\n{"text": "a \\ud800 b"}\n'}))
    assert "line 2" in told


@pytest.mark.parametrize(
    "form", ["jsonl", "json", "doccano", "label-studio", "prodigy", "csv", "webanno-tsv"]
)
def test_members_of_an_archive_are_read(desk: Desk, good: dict[str, Files], form: str) -> None:
    assert desk.taken_or_refused({"given.zip": making.packed(good[form])}, "zip") == 0


# -- values ---------------------------------------------------------------------------------------------

VALUES: list[Any] = [
    None, True, -1, 10**30, 1.5, 1e300, "", "x\n\x1b[31m\ty", [], {}, [[]], "X" * 100_000, "9999-99-99",
    [None],
]  # fmt: skip


def _places(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if at:
        yield at
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield from _places(each, (*at, key))


def _changed(value: Any, at: tuple[Any, ...], new: Any) -> Any:
    value = json.loads(json.dumps(value))
    inside = value
    for key in at[:-1]:
        inside = inside[key]
    if new is _places:
        del inside[at[-1]]
    else:
        inside[at[-1]] = new
    return value


@pytest.mark.parametrize("form", LABELLED)
def test_any_value_of_any_key(desk: Desk, good: dict[str, Files], form: str) -> None:
    files = good[form]
    name = next(iter(files))
    listed = name.endswith(".jsonl")
    whole = [json.loads(each) for each in files[name].splitlines()] if listed else json.loads(files[name])
    random = Random(form)
    cases = [(at, new) for at in _places(whole) for new in (*VALUES, _places)]
    for at, new in random.sample(cases, 16):
        changed = _changed(whole, at, new)
        content = lines(*changed) if listed else json.dumps(changed).encode()
        desk.taken_or_refused({name: content}, form)


_SPAN = {"id": "s", "kind": "entity", "label": "Person", "start": 0, "end": 5}
_LINK = {"id": "r", "type": "made_by", "head": "claim0", "tail": "actor0"}


@pytest.mark.parametrize(
    ("key", "value", "what"),
    [
        ("spans", [_SPAN | {"start": 5, "end": 0}], "line 1, span s: "),
        ("spans", [_SPAN | {"start": -1}], "line 1, span s: "),
        ("spans", [_SPAN | {"end": 10**6}], "line 1, span s: the span 0–1000000 lies beyond the text"),
        ("spans", [_SPAN | {"end": 5.0}], "“end” must be a whole number"),
        ("spans", [_SPAN | {"label": "Nobody"}], "the codebook has no entity label"),
        ("spans", [_SPAN | {"label": "N" * 100_000}], "the codebook has no entity label"),
        ("spans", [_SPAN | {"kind": "thing"}], "“kind” must be one of"),
        ("spans", [_SPAN | {"text": "Jones"}], "its text is “Jones”, but its offsets hold “Smith”"),
        ("spans", [_SPAN, _SPAN], "its id stands there twice"),
        ("relations", [_LINK | {"head": "nothing"}], "its head is the unknown span"),
        ("relations", [_LINK | {"head": "actor0"}], "relation r: "),
        ("relations", [_LINK | {"type": "is"}], "relation r: "),
        ("relations", [_LINK, _LINK], "its id stands there twice"),
        ("text", " \n ", "the text is empty"),
        ("text", "a b\n" * 600_000, "an article may have 2,000,000"),
        ("meta", {"published": "9999-99-99"}, "the date “9999-99-99” is not written like 2026-03-31"),
        ("meta", json.loads("[" * 300 + "]" * 300), "“meta” must be"),
        ("meta", {"a": json.loads("[" * 300 + "]" * 300)}, "lists or objects within each other"),
    ],
)  # fmt: skip
def test_wrong_labels(desk: Desk, key: str, value: object, what: str) -> None:
    line = native_line(0, **{key: value})
    if key == "text":
        line |= {"spans": [], "relations": []}
    if key == "spans":
        line["relations"] = []
    told = desk.refused(desk.put({"given.jsonl": lines(line)}))
    assert what in told[0], told
    assert "given.jsonl, line 1" in told[0], told


# -- containers -----------------------------------------------------------------------------------------


def _zip(*members: tuple[str, bytes], how: int = zipfile.ZIP_DEFLATED) -> bytearray:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return bytearray(out.getvalue())


def _marked(archive: bytearray, at: int, value: bytes) -> bytes:
    """An archive whose list of members says something else at a place of its first entry."""
    start = archive.index(b"PK\x01\x02") + at
    archive[start : start + len(value)] = value
    return bytes(archive)


TEXT = b"A text of some words."
INNER = bytes(_zip(("a.txt", TEXT)))


@pytest.mark.parametrize(
    ("archive", "what"),
    [
        (_zip(), "there is no file in this archive that can be imported"),
        (_zip(("in.zip", bytes(_zip(("in.zip", INNER))))), "opened 2 deep"),
        (_marked(_zip(("a.txt", TEXT)), 8, b"\1"), "encrypted"),
        (_zip(("a.txt", TEXT), how=zipfile.ZIP_LZMA), "packed in a way that cannot be read"),
        (_zip(("a.txt", bytes(9_000_000))), "more than 250 times its size"),
        (_marked(_zip(("a.txt", TEXT)), 24, struct.pack("<I", 2**32 - 16)), "it may have 200 MB"),
        (_marked(_zip(("a.txt", TEXT * 9_999)), 24, struct.pack("<I", 9)), "damaged"),
        (_zip(("a\n\x1b[31m.txt", b"\0\0")), "binary"),
        (_zip(*((f"{n}.txt", bytes(900_000)) for n in range(2_300))), "more than 2 GB"),
    ],
)  # fmt: skip
def test_bad_archives(desk: Desk, archive: bytes, what: str) -> None:
    (told,) = desk.refused(desk.put({"given.zip": bytes(archive)}), form="zip")
    assert what in told


def test_names_that_lead_out_of_an_archive(desk: Desk) -> None:
    names = ("../../out.txt", "/out.txt", "C:\\out.txt", "..\\out.txt")
    archive = bytes(_zip(*((name, TEXT + name.encode()) for name in names)))
    assert desk.taken_or_refused({"given.zip": archive}, "zip") == 0
    assert not list(desk.folder.rglob("out.txt"))
    assert not Path("/out.txt").exists()


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha">%s]>' % b"".join(
    b'<!ENTITY %c "%s">' % (98 + nth, b"&%c;" % (97 + nth) * 10) for nth in range(9)
)
ELSEWHERE = b'<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("form", ["docx", "feed", "uima-xmi"])
@pytest.mark.parametrize("declared", [LAUGHS, ELSEWHERE])
def test_entities(desk: Desk, good: dict[str, Files], form: str, declared: bytes) -> None:
    def spoilt(xml: bytes, word: bytes) -> bytes:
        assert word in xml
        return b'<?xml version="1.0"?>' + declared + xml.split(b"?>", 1)[-1].replace(word, b"&j; " + word)

    name, content = next(iter(good[form].items()))
    if form == "docx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {each: archive.read(each) for each in archive.namelist()}
        members["word/document.xml"] = spoilt(members["word/document.xml"], b"A text")
        content = making.packed(members)
    else:
        content = spoilt(content, b"said")
    (told,) = desk.refused(desk.put({**good[form], name: content}), form=form)
    assert "root:" not in told


@pytest.mark.parametrize(
    "page",
    [
        b"<div>" * 300_000,
        b"<p " + b" ".join(b"a%d=1" % nth for nth in range(200_000)) + b">words",
        b"<table><tr><td>" * 9_000 + b"words",
        b" " * 20_000_001,
    ],
)
def test_hostile_pages(desk: Desk, page: bytes) -> None:
    desk.refused(desk.put({"given.html": b"<html><body>" + page}))


def test_hostile_mail(desk: Desk) -> None:
    box = b"From a\nSubject: x\n\n\n" * 3_000
    assert len(desk.refused(desk.put({"given.mbox": box}))) == MOST_PROBLEMS + 1
    body = "Subject: x\nContent-Type: text/plain; charset=utf-8\n\nDéjà vu élan über alles. " * 3
    (told,) = desk.refused(desk.put({"given.eml": body.encode() + b"\xff\xc3( x\n"}))
    assert "this UTF-8 text is damaged at line " in told


# -- what is no file ------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and links as Unix has them")
def test_what_is_no_file(desk: Desk) -> None:
    given = desk.folder / "given"
    given.mkdir()
    (given / "loop.jsonl").symlink_to("loop.jsonl")
    os.mkfifo(given / "pipe.jsonl")
    for name in ("loop.jsonl", "pipe.jsonl", "missing.jsonl", "n" * 300 + ".txt"):
        desk.refused(given / name)
    desk.refused("/dev/zero")
    code, _, err = desk.run("import", desk.project, given)
    assert code == 1
    assert err.count("this stands for a file elsewhere, or is no file") == 2
    (given / "in.jsonl").mkdir()
    desk.refused(given / "in.jsonl")


# -- ways to import -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options", [("--extend",), ("--dry-run",), ("--as-suggestions",), ("--skip-copies",)]
)
@pytest.mark.parametrize("form", ["doccano", "label-studio", "prodigy", "brat"])
def test_options_change_nothing(
    desk: Desk, good: dict[str, Files], form: str, options: tuple[str, ...]
) -> None:
    files = good[form]
    content = files[_main(files)].replace(b"Claim", b"Opinion")
    cut = content[: content.rindex(b"Opinion") + 2]
    desk.refused(desk.put(_spoilt(files, cut)), *options, form=form)


def test_one_bad_file_among_good_ones(desk: Desk, good: dict[str, Files]) -> None:
    files = {"a.jsonl": lines({"text": "One more."}), "b.jsonl": b'{"text": ', "c.txt": b"Two more."}
    folder = desk.put(files)
    code, _, err = desk.run("import", desk.project, folder)
    assert code == 1
    assert len(err.splitlines()) == 2
    assert "b.jsonl, line 1: " in err
    assert "2 articles added" in err
    desk.project.write_bytes(desk.before)
    told = desk.run("import", desk.project, folder, "--dry-run")
    assert told[0] == 1
    assert "2 articles would be added" in told[2]
    assert desk.unchanged()


@pytest.mark.parametrize(
    "mapping",
    [
        '[labels]\nPER = "thing:Person"',
        '[labels]\nPER = 5', "[labels]\nPER = []", '[relations]\nX = ""\nX = ""',
        "[fields]\na = 1", "labels = 3", "nothing = 1", "a = " + "[" * 5_000, "\x00", "extend = 'yes'", "= 3",
        "a = " + "1" * 9_000, '[labels]\nPER = "entity:' + "X" * 100_000 + '\\u0000"',
        '[labels]\nPER = "entity:"', "[relations]\nX = {type = 5}", "[attributes]\nX = {}", "x" * 11_000_000,
    ],
)  # fmt: skip
def test_odd_mappings(desk: Desk, good: dict[str, Files], mapping: str) -> None:
    target = desk.put(good["prodigy"])
    path = desk.folder / "given" / "map.toml"
    path.write_text(mapping, encoding="utf-8")
    code, out, err = desk.run("import", desk.project, target, "--map", path)
    assert code in (0, 1)
    assert out == ""
    if code:
        assert err.count("\n") == 1, err
        assert re.search(r"map\.toml.*: .+\. .+\.$", err), err
        assert desk.unchanged()


def test_a_mapping_is_not_written_over_a_project(desk: Desk, good: dict[str, Files]) -> None:
    target = desk.put(good["prodigy"])
    for place in (desk.project, desk.folder / "given", desk.folder / "given" / "no" / "m.toml"):
        code, _, err = desk.run("import", desk.project, target, "--propose-map", place)
        assert code == 1
        assert err.splitlines()[-1].startswith(str(place)), err
        assert desk.unchanged()


# -- export ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("out.jsonl", "--split", "0/0/0"), 2), (("out", "--split", "abc"), 2),
        (("out", "--split", "nan/1"), 2),
        (("out", "--split", "1e308/1e308"), 2), (("n" * 300 + ".jsonl",), 1),
        (("n" * 300, "--format", "brat"), 1),
        (("out", "--split", "80/20", "--seed", "x"), 2),
        (("out.jsonl", "--kind", "nosuch"), 2),
        (("out.jsonl", "--format", "nosuch"), 2), (("no/out.jsonl",), 1),
        (("no/out.zip", "--format", "brat"), 1),
        (("given", "--format", "brat"), 1), (("given/full.txt", "--format", "brat"), 1), (("p.annot",), 1),
        (("-", "--format", "brat"), 2), (("out.jsonl", "--annotator", "nobody"), 1),
    ],
)  # fmt: skip
def test_exports_that_cannot_be(
    desk: Desk, options: tuple[str, ...], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(desk.folder)
    desk.put({"full.txt": b"x"})
    found, out, err = desk.run("export", "p.annot", *options)
    assert (found, out) == (code, ""), err
    assert err.strip()
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1 or err.startswith("usage"), err
    assert desk.unchanged()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
@pytest.mark.parametrize("form", ["jsonl", "prodigy", "docbin"])
def test_a_full_disk(desk: Desk, form: str) -> None:
    code, _, err = desk.run("export", desk.project, "/dev/full", "--format", form)
    assert code == 1
    assert err.splitlines()[-1].startswith("/dev/full: this file cannot be written: No space left")
    assert desk.unchanged()


def test_a_failed_export_lets_go_of_the_project(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(io.BytesIO):
        def write(self, data: object) -> int:
            raise OSError(28, "No space left on device")

        writelines = write

    def to_a_full_disk(*_: object) -> AbstractContextManager[Full]:
        return nullcontext(Full())

    ignored: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", ignored.append)
    monkeypatch.setattr(targets.os, "fdopen", to_a_full_disk)
    code, _, err = desk.run("export", desk.project, desk.folder / "out.jsonl")
    assert (code, err.count("\n")) == (1, 1), err
    assert "out.jsonl: this file cannot be written: No space left on device. " in err
    gc.collect()
    assert ignored == []
    assert desk.unchanged()


def test_project_names_that_cannot_be(desk: Desk) -> None:
    for command in (("info",), ("import", "-"), ("export", "-")):
        code, _, err = desk.run(command[0], desk.folder / ("n" * 300 + ".annot"), *command[1:])
        assert (code, err.count("\n")) == (1, 1), err
        assert "nnn.annot: " in err, err


def test_no_copies_in_an_empty_project(desk: Desk) -> None:
    assert desk.run("copies", desk.project)[0] == 0


# -- anything at all ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", FORMATS)
@given(seed=st.integers(0, 2**32))
@settings(
    max_examples=4,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
    deadline=None,
)
def test_changed_bytes(desk: Desk, good: dict[str, Files], form: str, seed: int) -> None:
    random = Random(seed)
    files = good[form]
    content = bytearray(files[_main(files)])
    for _ in range(random.choice((1, 3, 20))):
        at = random.randrange(len(content) + 1)
        piece = random.choice(PIECES)(random)
        content[at : at + random.choice((0, 0, len(piece), 10))] = piece
    desk.taken_or_refused(_spoilt(files, bytes(content)), form)


PIECES: tuple[Callable[[Random], bytes], ...] = (
    lambda random: random.randbytes(random.randint(1, 9)),
    lambda random: random.choice(
        (b'"', b"\\", b"{", b"]", b"<", b"\t", b"\n", b"\0", b"\r", b",", b"-", b"|")
    ),
    lambda random: str(random.choice((-1, 0, 7, 10**6, 10**20, 1e308))).encode(),
    lambda _: b"\xed\xa0\x80",
    lambda _: "😀".encode(),
    lambda _: b"",
)
