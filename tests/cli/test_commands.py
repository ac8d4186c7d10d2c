"""What the commands refuse and how, what they print, and what interrupts them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.__main__ import main
from annotator.cli.parser import COMMANDS

LINE = {
    "format": "annotator/1",
    "id": "a1",
    "title": "Lies",
    "text": "Smith said that Acme lied.",
    "annotator": "ana",
    "status": "done",
    "spans": [
        {"id": "c", "kind": "claim", "label": "Claim", "start": 11, "end": 25},
        {"id": "p", "kind": "actor", "label": "Actor", "start": 0, "end": 5},
    ],
    "relations": [{"id": "r", "type": "made_by", "head": "c", "tail": "p"}],
}
PROGRAM = [sys.executable, "-m", "annotator"]

type Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the program in an empty folder: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return command


@pytest.fixture
def project(run: Run) -> Path:
    """A project with one labelled article."""
    Path("in.jsonl").write_text(json.dumps(LINE) + "\n", encoding="utf-8")
    assert run("import", "p.annot", "in.jsonl") == (0, "", "1 article added with 3 labels.\n")
    return Path("p.annot")


def test_problems_are_one_line_each_and_exit_1(run: Run) -> None:
    Path("empty").mkdir()
    Path("binary.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    Path("cut.jsonl").write_text('{"text": "one"}\n{"te', "utf-8")
    Path("span.jsonl").write_text(json.dumps(LINE | {"text": "Short"}), "utf-8")
    code, out, said = run("import", "p.annot", "empty", "gone.txt", "binary.txt", "cut.jsonl", "span.jsonl")
    assert (code, out) == (1, "")
    lines = said.splitlines()
    assert sorted(line.split(": ")[0] for line in lines[:-1]) == [
        "binary.txt", "cut.jsonl, line 2", "empty", "gone.txt", "span.jsonl, line 1, span c",
    ]  # fmt: skip
    assert lines[-1] == "No article added."
    assert not Path("p.annot").exists()


@pytest.mark.parametrize("command", ["suggest", "info", "check", "export"])
@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("gone.annot", "there is no such file"),
        ("folder", "this is a folder"),
        ("text.annot", "not an Annotator project"),
        ("newer.annot", "newer Annotator"),
    ],
)
def test_what_is_no_project_is_told_and_left_alone(
    run: Run, project: Path, command: str, name: str, what: str
) -> None:
    Path("folder").mkdir()
    Path("text.annot").write_text("hello", "utf-8")
    shutil.copy(project, "newer.annot")
    connection = sqlite3.connect("newer.annot")
    connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.close()
    before = {path: path.read_bytes() for path in Path().iterdir() if path.is_file()}
    code, out, said = run(command, name, *(["out.jsonl"] if command == "export" else []))
    assert (code, out) == (1, "")
    assert said.count("\n") == 1
    assert said.startswith(f"{name}: ")
    assert what in said
    assert {path: path.read_bytes() for path in Path().iterdir() if path.is_file()} == before


def test_version_and_help(run: Run) -> None:
    assert run("--version")[:2] == (0, "annotator 0.1.0\n")
    code, out, _ = run("--help")
    assert code == 0
    assert all(command in out for command in COMMANDS)
    for command in COMMANDS:
        assert run(command, "--help")[0] == 0


def test_info_for_people_and_for_programs(run: Run, project: Path) -> None:
    code, out, _ = run("info", "p.annot")
    assert code == 0
    assert out.startswith("p.annot: 1 article, codebook “General news”, 0 edits\n")
    assert "  made_by          1\n" in out
    code, out, _ = run("info", "p.annot", "--json")
    counts = json.loads(out)
    assert (counts["articles"], counts["by_status"]["ana"]["done"]) == (1, 1)
    assert counts["by_kind"]["claim"] == counts["by_annotator"]["ana"] - 1 == 1


def test_check_names_what_is_wrong(run: Run, project: Path) -> None:
    connection = sqlite3.connect(project)
    connection.execute("UPDATE article_texts SET text = text || 'x'")
    connection.commit()
    connection.close()
    code, out, said = run("check", "p.annot")
    assert (code, out) == (1, "")
    assert said.splitlines() == [
        "Lies: the text is not the one that was imported. Restore a backup of the project.",
        "1 problem in p.annot.",
    ]
    code, out, _ = run("check", "p.annot", "--json")
    assert code == 1
    assert json.loads(out)["problems"][0]["where"] == "Lies"


def test_export_filters(run: Run, project: Path) -> None:
    assert run("export", "p.annot", "out", "--status", "new")[2].startswith("Nothing to export")
    assert Path("out").read_text("utf-8") == ""
    code, _, said = run("export", "p.annot", "out", "--annotator", "eva")
    assert (code, said) == (
        1,
        "p.annot: nobody called eva has labelled in this project. Choose one of ana.\n",
    )


# -- as processes of their own ----------------------------------------------------------------------


def process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*PROGRAM, *arguments], capture_output=True, check=False, **options)


def test_streams(project: Path, tmp_path: Path) -> None:
    text = "Café talks\n\nThey met.".encode("cp1252")
    done = process("import", "q.annot", "-", input=text)
    assert (done.returncode, done.stdout) == (0, b"")
    assert b"standard input was read as Windows-1252" in done.stderr
    out = process("export", "q.annot", "-")
    assert json.loads(out.stdout)["title"] == "Café talks"
    assert b"1 article in 1 line" in out.stderr
    assert process("import", "r.annot", "-", input=out.stdout).returncode == 0


def test_a_reader_that_leaves_early_is_no_error(project: Path) -> None:
    child = subprocess.Popen([*PROGRAM, "schema"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stderr is not None
    child.stdout.close()
    assert child.stderr.read() == b""
    assert child.wait() in (0, 1)


def test_interrupting_an_import_leaves_nothing_half_done(tmp_path: Path) -> None:
    lines = (json.dumps({"text": f"Article {n}. " + "word " * 300}) for n in range(10_000))
    (tmp_path / "many.jsonl").write_text("\n".join(lines), "utf-8")
    child = subprocess.Popen(
        [*PROGRAM, "import", "p.annot", "many.jsonl"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
        # A shell has what it runs in the background ignore interrupts, this program's children too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while child.poll() is None and not (tmp_path / "p.annot-wal").exists():
        time.sleep(0.01)
    child.send_signal(signal.SIGINT)
    _, said = child.communicate(timeout=60)
    assert child.returncode == 130
    assert said in ("Interrupted. Nothing was added.\n", "Interrupted. Nothing of many.jsonl was added.\n")
    assert os.listdir(tmp_path) == ["many.jsonl"]


def test_schema_needs_nothing_heavy() -> None:
    script = (
        "import sys; from annotator.__main__ import main; main(['schema']); "
        "print(*sorted({'spacy', 'sqlalchemy', 'numpy', 'tqdm'} & sys.modules.keys()), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == ""
