"""The commands as a person runs them: exit codes, what is printed where, and what stays untouched."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.__main__ import main
from annotator.runtime.resources import seeds_folder

SEED = "us-urges-iran-drone-sales.txt"


def run(*arguments: str | Path) -> int:
    """The exit code, also where argparse exits by itself."""
    try:
        return main([str(each) for each in arguments])
    except SystemExit as end:
        return int(end.code or 0)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p.annot"
    assert run("import", path, seeds_folder() / SEED) == 0
    return path


def test_import_says_what_it_did_and_skips_what_is_there(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run("import", project, seeds_folder()) == 0
    out, err = capsys.readouterr()
    assert out == ""
    assert err == "12 articles added; 1 duplicate skipped.\n"


def test_a_problem_is_one_line_with_its_place_and_nothing_is_added(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "bad.jsonl").write_text('{"text":"one"}\n{"text":""}\n', "utf-8")
    before = project.read_bytes()
    capsys.readouterr()
    assert run("import", project, tmp_path / "bad.jsonl") == 1
    lines = capsys.readouterr().err.splitlines()
    assert "bad.jsonl, line 2" in lines[0]
    assert lines[1:] == ["No article added."]
    assert project.read_bytes() == before


def test_an_import_that_adds_nothing_leaves_no_new_project(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run("import", tmp_path / "new.annot", tmp_path / "empty") == 1
    assert not (tmp_path / "new.annot").exists()


def test_a_dry_run_changes_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = project.read_bytes()
    assert run("import", project, seeds_folder(), "--dry-run") == 0
    assert "12 articles would be added" in capsys.readouterr().err
    assert project.read_bytes() == before


def test_suggest_export_info_check(project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("suggest", project) == 0
    assert run("export", project, tmp_path / "plain.jsonl") == 0
    assert run("export", project, tmp_path / "all.jsonl", "--include-suggestions") == 0
    plain = json.loads((tmp_path / "plain.jsonl").read_text("utf-8"))
    full = json.loads((tmp_path / "all.jsonl").read_text("utf-8"))
    assert plain["spans"] == []
    assert plain["annotator"] is None
    assert len(full["spans"]) >= 45
    furniture = full["furniture"]
    assert len(furniture) == 6
    for span in full["spans"]:
        assert span["state"] == "suggested"
        assert span["text"] == full["text"][span["start"] : span["end"]]
        assert not any(start < span["end"] and span["start"] < end for start, end in furniture)
    capsys.readouterr()
    assert run("info", project, "--json") == 0
    counts = json.loads(capsys.readouterr().out)
    assert counts["articles"] == 1
    assert counts["by_state"]["suggested"] == len(full["spans"])
    assert run("info", project) == 0
    assert "1" in capsys.readouterr().out
    assert run("check", project) == 0
    assert run("check", project, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"problems": []}


def test_what_was_exported_comes_back_the_same(project: Path, tmp_path: Path) -> None:
    run("suggest", project)
    run("export", project, tmp_path / "one.jsonl", "--include-suggestions")
    assert run("import", tmp_path / "q.annot", tmp_path / "one.jsonl") == 0
    run("export", tmp_path / "q.annot", tmp_path / "two.jsonl", "--include-suggestions")
    assert (tmp_path / "one.jsonl").read_bytes() == (tmp_path / "two.jsonl").read_bytes()


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", "p.annot"),
        ("import", "p.annot"),
        ("suggest", "p.annot", "--workers", "0"),
        ("export", "p.annot", "out", "--status", "finished"),
        ("import", "p.annot", "x.txt", "--format", "bogus"),
        ("--bogus",),
        ("one.annot", "two.annot"),
    ],
)
def test_wrong_use_ends_with_two(
    arguments: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(*arguments) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", ["info", "check", "suggest"])
def test_what_is_no_project_is_refused(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text.annot").write_text("hello")
    assert run(command, tmp_path / "text.annot") == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "not an Annotator project" in line
    assert run(command, tmp_path / "nothing.annot") == 1
    assert "no such file" in capsys.readouterr().err


def test_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("schema") == 0
    assert json.loads(capsys.readouterr().out)["title"] == "annotator/1"


def test_stdin_and_stdout(project: Path) -> None:
    command = [sys.executable, "-m", "annotator"]
    added = subprocess.run(
        [*command, "import", str(project), "-"], input=b"Title\n\nA text.\n", capture_output=True, check=True
    )
    assert added.stderr == b"1 article added.\n"
    written = subprocess.run([*command, "export", str(project), "-"], capture_output=True, check=True)
    lines = written.stdout.splitlines()
    assert [json.loads(each)["title"] for each in lines][1] == "Title"
    assert b"2 articles in 2 lines" in written.stderr


def test_no_command_imports_qt(project: Path, tmp_path: Path) -> None:
    script = (
        "import sys; from annotator.__main__ import main; "
        "codes = [main(each) for each in ("
        f"['info', {str(project)!r}], ['check', {str(project)!r}], ['export', {str(project)!r}, "
        f"{str(tmp_path / 'o.jsonl')!r}], ['schema'])]; "
        "print(codes, 'PySide6' in sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stderr.splitlines()[-1] == "[0, 0, 0, 0] False"


def test_a_command_loads_only_what_it_needs(tmp_path: Path) -> None:
    path, lines = tmp_path / "p.annot", tmp_path / "one.jsonl"
    lines.write_text(json.dumps({"text": "One article."}) + "\n", encoding="utf-8")
    others = {
        "annotator.core.drafting", "annotator.core.learning", "annotator.session.editor",
        "annotator.session.extending", "annotator.session.surveying", "annotator.store.adding",
        "annotator.store.checking", "annotator.store.learning", "annotator.store.suggesting",
        "annotator.store.writing", "http.client", "multiprocessing", "urllib.request",
    }  # fmt: skip
    script = "import sys; from annotator.__main__ import main; main(sys.argv[1:]); print(*sys.modules)"
    for command in (["import", path, lines], ["info", path], ["export", path, tmp_path / "o.jsonl"]):
        words = [sys.executable, "-c", script, *map(str, command)]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        assert others & set(done.stdout.split()) == set(), command


def test_a_bug_is_one_line_that_names_the_log(
    project: Path, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("annotator.session.project.Project.open_to_read", broken)
    assert run("info", project) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "ZeroDivisionError" in line
    assert "ZeroDivisionError" in Path(line.rpartition(" in ")[2].rstrip(".")).read_text("utf-8")
