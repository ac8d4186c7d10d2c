"""Mappings on the command line: proposed, corrected, followed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.__main__ import main
from annotator.core.mapping import ImportMapping
from annotator.core.mapping_file import mapping_from_toml
from annotator.session.project import Project
from tests.foreign_format import register, write
from tests.session.test_extending_own import larger

TEXT = "Smith 😀 said Acme Corp lied. Iran denied it."
LINE = {
    "text": TEXT,
    "spans": [["1", "PER", 0, 5], ["2", "Stm", 13, 27], ["3", "Minister", 0, 5]],
    "relations": [["9", "SAYS", "2", "3"]],
}

type Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> Run:
    monkeypatch.chdir(tmp_path)
    register(monkeypatch)
    write(Path("in.foreign"), LINE)

    def command(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return command


def test_a_mapping_is_proposed_corrected_and_followed(run: Run) -> None:
    code, out, err = run("import", "p.annot", "in.foreign", "--propose-map", "m.toml")
    assert (code, err) == (0, "The mapping is in m.toml; --map reads it.\n")
    assert out.splitlines()[:2] == ["in.foreign: 1 article, foreign", "Labels"]
    assert "  Stm       1 → claim:Stm (new) “Acme Corp lied”\n" in out
    assert not Path("p.annot").exists()
    mapping = mapping_from_toml(Path("m.toml").read_text(encoding="utf-8"))
    assert mapping.extend
    text = Path("m.toml").read_text(encoding="utf-8")
    text = text.replace('"claim:Stm"', '"claim:Claim"').replace('"actor:Minister"', '""')
    Path("m.toml").write_text(text.replace("extend = true", "extend = false"), encoding="utf-8")
    code, _, err = run("import", "p.annot", "in.foreign", "--map", "m.toml", "--annotator", "ben")
    assert err == ("1 article added with 2 labels; 1 span and 1 relation left out as the mapping says.\n")
    assert code == 0
    with Project.open_to_read(Path("p.annot")) as project:
        assert project.repository.annotators() == ["ben"]
        assert list(project.repository.check()) == []


def test_an_unknown_label_is_one_line(run: Run) -> None:
    code, _, err = run("import", "p.annot", "in.foreign")
    assert code == 1
    lines = err.splitlines()
    assert lines[0] == (
        "in.foreign, line 1: the codebook has no label for “Stm” (1 span). Say what it means in a mapping"
        " file (--map), or let it be added to the codebook (--extend)."
    )
    assert lines[-1] == "No article added."
    assert not Path("p.annot").exists()


def test_what_is_unknown_is_added_on_demand(run: Run) -> None:
    code, _, err = run("import", "p.annot", "in.foreign", "--extend", "--dry-run")
    assert code == 0
    assert "would be added to the codebook" in err
    assert not Path("p.annot").exists()
    code, _, err = run("import", "p.annot", "in.foreign", "--extend")
    assert err == "1 article added with 4 labels; 2 labels added to the codebook.\n  labels: Minister, Stm\n"
    assert code == 0
    with Project.open_to_read(Path("p.annot")) as project:
        assert len(project.repository.annotators()) == 1
        assert list(project.repository.check()) == []


def test_labels_come_in_as_suggestions_on_demand(run: Run) -> None:
    code, _, err = run("import", "p.annot", "in.foreign", "--extend", "--as-suggestions")
    assert (code, err) == (
        0,
        "1 article added with 4 suggestions; 2 labels added to the codebook.\n  labels: Minister, Stm\n",
    )
    code, out, _ = run("info", "p.annot", "--json")
    assert json.loads(out)["by_annotator"] == {}


def test_our_own_export_extends_the_codebook_of_another_project(run: Run, tmp_path: Path) -> None:
    larger(tmp_path / "larger.annot").close()
    run("export", "larger.annot", "out.jsonl")
    run("export", "larger.annot", "tables", "--format", "tables")
    code, _, err = run("import", "p.annot", "out.jsonl")
    lines = err.splitlines()
    assert (code, lines[-1]) == (1, "No article added.")
    assert (
        "out.jsonl, line 1, span s3: the codebook has no claim label 'Frame' (1 span). Let it be added to the"
        " codebook (--extend), or correct it in the file."
    ) in lines
    assert not Path("p.annot").exists()
    code, _, err = run("import", "p.annot", "out.jsonl", "--extend", "--dry-run")
    assert (code, "4 labels, 8 attributes" in err, Path("p.annot").exists()) == (0, True, False)
    for source in ("out.jsonl", "tables"):
        code, _, err = run("import", f"{source}.annot", source, "--extend")
        assert code == 0
        told, *names = err.splitlines()
        assert told == (
            "1 article added with 7 labels; 4 labels, 8 attributes, 2 categories, 1 relation type added to "
            "the codebook; 1 attribute, 1 relation type of the codebook changed."
        )
        assert "  labels: Lobby, Frame, Gesture, PER" in names
        assert {"  relation types: frames", "  choices of stance: undecided", "  made_by also to: entity"} < {
            *names
        }
        assert run("check", f"{source}.annot")[0] == 0
        run("export", f"{source}.annot", "again.jsonl")
        again, before = (json.loads(Path(name).read_bytes()) for name in ("again.jsonl", "out.jsonl"))
        assert again == before
        Path("again.jsonl").unlink()


def test_of_our_own_export_the_proposed_mapping_only_extends(run: Run, tmp_path: Path) -> None:
    larger(tmp_path / "larger.annot").close()
    run("export", "larger.annot", "out.jsonl")
    code, out, err = run("import", "p.annot", "out.jsonl", "--propose-map", "m.toml")
    assert (code, err) == (0, "The mapping is in m.toml; --map reads it.\n")
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert lines[:2] == ["out.jsonl: 1 article, jsonl", "Of this program's own files"]
    assert "claim:Frame 1 → claim:Frame (new) “Acme Corp lied”" in lines
    assert "relation frames 1 → relation frames (new) “Acme Corp lied”" in lines
    assert "attribute means 2 → attribute means (new) “tax, law”" in lines
    assert mapping_from_toml(Path("m.toml").read_text(encoding="utf-8")) == ImportMapping(extend=True)
    assert run("import", "p.annot", "out.jsonl", "--map", "m.toml")[0] == 0


@pytest.mark.parametrize("data", [None, b"\xff", b"[labels]\nX = 1\n"])
def test_a_mapping_that_cannot_be_read_is_one_line(run: Run, data: bytes | None) -> None:
    if data is not None:
        Path("m.toml").write_bytes(data)
    code, _, err = run("import", "p.annot", "in.foreign", "--map", "m.toml")
    assert code == 1
    assert err.startswith("m.toml: ")
    assert err.count("\n") == 1
    assert not Path("p.annot").exists()


def test_columns_are_proposed_by_their_names(run: Run) -> None:
    Path("t.csv").write_text("Lead,Body,Page\nOne,A text.,3\n", encoding="utf-8")
    code, out, _ = run("import", "p.annot", "t.csv", "--propose-map", "m.toml")
    assert code == 0
    assert "columns: Lead, Body, Page" in out
    mapping = mapping_from_toml(Path("m.toml").read_text(encoding="utf-8"))
    assert mapping.fields == {"Lead": "meta", "Body": "text", "Page": "meta"}
    assert not mapping.extend


def test_a_mapping_can_go_to_standard_output(run: Run) -> None:
    spans = [["1", "\x1b[31mRED\x07", 0, 5]]
    write(Path("in.foreign"), {"text": TEXT, "by": "x", "spans": spans})
    code, out, err = run("import", "p.annot", "in.foreign", "--propose-map", "-")
    assert code == 0
    assert "\x1b" not in err + out
    assert list(mapping_from_toml(out).labels) == ["\x1b[31mRED\x07"]


def test_standard_input_is_read_once(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    read, write_end = os.pipe()
    os.write(write_end, json.dumps(LINE).encode() + b"\n")
    os.close(write_end)
    with os.fdopen(read, "r", encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        code, _, err = run("import", "p.annot", "-", "--format", "foreign", "--extend")
    assert (code, err) == (
        0,
        "1 article added with 4 labels; 2 labels added to the codebook.\n  labels: Minister, Stm\n",
    )
