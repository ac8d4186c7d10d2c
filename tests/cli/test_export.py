"""The options of `annotator export` and the list of formats."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.cli import exporting
from annotator.cli.main import run_command
from annotator.cli.parser import parse
from annotator.core.errors import UsageError
from annotator.formats.base import Format
from annotator.formats.registry import FORMATS, WRITERS

type Run = Callable[..., tuple[int, str, str]]


def line(nth: int, status: str = "done") -> str:
    spans = [
        {"id": f"s{nth}", "kind": "actor", "label": "Actor", "start": 0, "end": 5},
        {"id": f"c{nth}", "kind": "claim", "label": "Claim", "start": 16, "end": 20},
        {"id": f"q{nth}", "kind": "cue", "label": "Cue", "start": 6, "end": 10, "state": "suggested"},
    ]
    values = {
        "format": "annotator/1", "id": f"a{nth}", "text": f"Smith said Acme lied {nth}.", "annotator": "ana",
        "status": status, "spans": spans, "furniture": [],
    }  # fmt: skip
    return json.dumps(values) + "\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in an empty folder with a project of ten articles."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> tuple[int, str, str]:
        try:
            code = run_command(parse(arguments))
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    Path("in.jsonl").write_text("".join(line(n, "done" if n else "new") for n in range(10)), "utf-8")
    assert command("import", "p.annot", "in.jsonl")[0] == 0
    Path("in.jsonl").unlink()
    return command


def spans(path: str) -> list[str]:
    lines = Path(path).read_text("utf-8").splitlines()
    return sorted({f"{each['kind']} {each['state']}" for one in lines for each in json.loads(one)["spans"]})


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ((), ["actor accepted", "claim accepted"]),
        (("--kind", "claim"), ["claim accepted"]),
        (("--kind", "claim,actor"), ["actor accepted", "claim accepted"]),
        (("--kind", "claim", "--kind", "cue", "--include-suggestions"), ["claim accepted", "cue suggested"]),
        (("--state", "suggested"), ["cue suggested"]),
        (("--state", "suggested,accepted", "--kind", "cue,actor"), ["actor accepted", "cue suggested"]),
    ],
)
def test_what_is_exported(run: Run, options: tuple[str, ...], found: list[str]) -> None:
    code, out, said = run("export", "p.annot", "out.jsonl", *options)
    assert (code, out) == (0, "")
    assert said.startswith("10 articles in 10 lines with ")
    assert spans("out.jsonl") == found


def test_several_statuses(run: Run) -> None:
    for status, number in (("new", 1), ("done", 9), ("done,new", 10), ("skipped,new", 1)):
        code, _, said = run("export", "p.annot", "--status", status, "out.jsonl")
        assert (code, said.split(" with")[0].split(" in ")[0]) == (
            0,
            f"{number} article{'s' * (number > 1)}",
        )


def test_a_split(run: Run) -> None:
    code, _, said = run("export", "p.annot", "out", "--split", "60/20/20", "--seed", "7")
    assert code == 0
    assert said.endswith("written to the folder out (3 files). By part: 6 train, 2 dev, 2 test.\n")
    assert sorted(os.listdir("out")) == ["dev.jsonl", "test.jsonl", "train.jsonl"]
    code, _, said = run("export", "p.annot", "out.zip", "--format", "tables", "--split", "80/20")
    assert (code, "By part: 8 train, 2 test." in said) == (0, True)
    with zipfile.ZipFile("out.zip") as archive:
        assert {name.split("/")[0] for name in archive.namelist()} == {"train", "test"}


def test_copies_stay_in_one_part(run: Run) -> None:
    story = [
        f"The minister said on day {n} that the talks number {n} would go on in town {n}." for n in range(60)
    ]
    for nth in range(4):
        Path(f"copy-{nth}.txt").write_text(
            "\n".join([*story, f"Reported by agency {nth}."]), encoding="utf-8"
        )
    assert run("import", "p.annot", *(f"copy-{nth}.txt" for nth in range(4)))[0] == 0
    for seed in range(4):
        out = f"out-{seed}"
        code, _, _ = run(
            "export", "p.annot", out, "--split", "50/50", "--seed", str(seed), "--copies-together"
        )
        assert code == 0
        parts = [each.read_text("utf-8").count("Reported by agency") for each in Path(out).iterdir()]
        assert sorted(parts) == [0, 4]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("out", "--format", "nosuch"), "there is no format “nosuch”. Choose one of jsonl"),
        (("out.zip",), "an archive may hold any format. Give --format, one of jsonl"),
        (("out.csv",), "a name in .csv does not tell the format. Give --format, one of tables"),
        (
            ("-", "--format", "tables"),
            "the format tables has several files, which do not go to standard output",
        ),
        (("-", "--split", "80/20"), "a split has several files, which do not go to standard output. Name a"),
        (
            ("out", "--split", "80"),
            "“80” does not say how to split. Write 80/10/10 (train/dev/test) or 80/20",
        ),
        (
            ("out", "--copies-together"),
            "--copies-together is of no use without --split. Add --split 80/10/10.",
        ),
        (("out", "--seed", "1"), "--seed is of no use without --split. Add --split 80/10/10."),
        (("out", "--seed", "x", "--split", "80/20"), "it takes a whole number such as 7, not 'x'"),
        (("out", "--kind", "clam"), "it takes entity, actor, claim, cue, not 'clam'"),
        (("out", "--state", "accepted,"), "it takes suggested, accepted, rejected, not ''"),
        (("out", "--state", "accepted", "--include-suggestions"), "not allowed with argument"),
        ((), "the following arguments are required: OUT"),
    ],
)
def test_wrong_uses(run: Run, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = run("export", "p.annot", *arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert os.listdir() == ["p.annot"]


def test_a_folder_with_something_in_it_stays_as_it_is(run: Run) -> None:
    Path("out").mkdir()
    Path("out/precious").write_text("x", "utf-8")
    code, _, said = run("export", "p.annot", "out", "--format", "tables")
    assert code == 1
    assert said.endswith(
        "out: this folder has something in it, which an export must not mix with. "
        "Name a new or empty folder, or a file that ends in .zip.\n"
    )
    assert os.listdir("out") == ["precious"]


def test_formats_are_listed(run: Run) -> None:
    code, out, _ = run("formats")
    assert code == 0
    for form in FORMATS:
        assert f"{form.name} " in out
        assert form.title in out
    code, out, _ = run("formats", "--json")
    listed = {each["name"]: each for each in json.loads(out)["formats"]}
    assert list(listed) == [form.name for form in FORMATS]
    assert listed["jsonl"] == {
        "name": "jsonl",
        "title": "native JSONL",
        "endings": [".jsonl", ".ndjson"],
        "reads": True,
        "writes": True,
        "labels": True,
        "many_files": False,
        "offsets": "code points",
        "cannot_hold": [],
    }
    assert listed["csv"]["labels"] is False
    assert (listed["tables"]["many_files"], listed["tables"]["writes"]) == (True, True)


def test_the_ending_tells_the_format_where_it_is_of_one_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def form(name: str, *endings: str, many: bool = False) -> Format:
        return Format(name=name, title=name, endings=endings, many=many)

    jsonl = WRITERS["jsonl"]
    some = [jsonl, form("a", ".jsonl"), form("b", ".b"), form("c", ".json"), form("d", ".json")]
    some += [form("e", ".e", ".old", many=True), form("f", ".f", many=True)]
    monkeypatch.setattr(exporting, "WRITERS", {each.name: each for each in some})
    readers = [form("g", ".f"), *some[-2:]]
    monkeypatch.setattr(exporting, "READERS", {each.name: each for each in readers})
    for out, name in (
        ("x.jsonl", "jsonl"),
        ("x", "jsonl"),
        ("x.other", "jsonl"),
        ("-", "jsonl"),
        ("x.B", "b"),
        ("x.e", "e"),
    ):
        assert exporting.format_for(out, None) == name
    for out, names in (
        ("x.json", "c, d"),
        ("x.old", "e"),
        ("x.f", "f"),
        ("x.zip", "jsonl, a, b, c, d, e, f"),
    ):
        with pytest.raises(UsageError, match=f"Give --format, one of {names}"):
            exporting.format_for(out, None)
        assert exporting.format_for(out, "named") == "named"


def test_a_format_of_many_files_is_told_by_its_ending(run: Run) -> None:
    for out, file in (("out.conll", "*.conll"), ("out.ann", "*.ann"), ("out.spacy", "")):
        code, _, said = run("export", "p.annot", out)
        assert code == 0
        assert f"written to {'the folder ' if file else ''}{out}" in said
        made = Path(out)
        assert any(made.rglob(file)) if file else made.is_file()


def test_help_lists_the_formats_to_write(run: Run) -> None:
    out = " ".join(run("export", "--help")[1].split())
    assert f"one of {', '.join(WRITERS)};" in out
