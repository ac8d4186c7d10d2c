"""`annotator codebook`, and choosing one for a new project."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from annotator.__main__ import main
from annotator.core.commands import MakeSpan
from annotator.core.model import Kind
from annotator.session.codebooks import shipped_codebook
from annotator.session.project import Project


@pytest.fixture
def project(tmp_path: Path, home: Path) -> Path:
    article = tmp_path / "a.txt"
    article.write_text("Iran said it would talk.", encoding="utf-8")
    path = tmp_path / "p.annot"
    assert main(["import", str(path), str(article), "--codebook", "discourse-network"]) == 0
    return path


def test_a_new_project_has_the_chosen_codebook_and_an_old_one_refuses(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.open(project) as opened:
        assert opened.codebook == shipped_codebook("discourse-network")
    assert main(["import", str(project), str(project.with_name("a.txt")), "--codebook", "general-news"]) == 2
    assert "has a codebook already" in capsys.readouterr().err
    other = project.with_name("q.annot")
    assert main(["import", str(other), str(project.with_name("a.txt")), "--codebook", "nix"]) == 1
    assert "nix: there is no such file, nor a codebook of that name." in capsys.readouterr().err
    assert not other.exists()


def test_another_one_is_loaded_only_where_labels_keep_a_place(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Project.open(project) as opened:
        editor = opened.editor("ana")
        editor.open(opened.repository.suggest_job(next(opened.repository.texts())[0]).article)
        editor.run(MakeSpan(Kind.ACTOR, "Person", ((0, 4),)))
    assert main(["codebook", str(project), "--load", "general-news"]) == 1
    assert "the label “Person” is in use by 1 span and is not in that codebook" in capsys.readouterr().err
    assert main(["codebook", str(project), "--load", "general-news", "--remove", "--annotator", "ben"]) == 0
    assert "version 2; taken away: 1 span." in capsys.readouterr().err
    assert main(["check", str(project)]) == 0
    with Project.open(project) as opened:
        assert opened.codebook.name == "General news"
        assert opened.codebook.version == 2
        editor = opened.editor("ben")
        assert editor.undo() is not None
        assert opened.codebook == shipped_codebook("discourse-network")
        assert sum(opened.repository.counts().by_label.values()) == 1
    capsys.readouterr()
    assert main(["codebook", str(project), "--versions"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [each.split("version")[1] for each in lines] == [
        " 1  the project was made with it",
        " 2  ben: Load the codebook “General news”",
        " 1  ben: Undone: Load the codebook “General news”",
    ]


def test_a_project_is_never_replaced_by_its_codebook(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = project.read_bytes()
    assert main(["codebook", str(project), "--save", str(project)]) == 1
    assert "must not replace" in capsys.readouterr().err
    assert project.read_bytes() == before


def test_saved_it_can_be_loaded_again(
    project: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["codebook", str(project), "--save", "-"]) == 0
    text = capsys.readouterr().out
    file = project.with_name("c.toml")
    assert main(["codebook", str(project), "--save", str(file)]) == 0
    assert file.read_text(encoding="utf-8") == text
    assert main(["codebook", str(project), "--load", str(file)]) == 0
    assert "has this codebook already" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.replace("Cue", "Signal").encode())))
    assert main(["codebook", str(project), "--load", "-"]) == 0
    with Project.open(project) as opened:
        assert opened.codebook.label(Kind.CUE, "Signal")
    file.write_bytes(b"\xff\xfe\x00")
    assert main(["codebook", str(project), "--load", str(file)]) == 1
    file.write_text("name = 3", encoding="utf-8")
    assert main(["codebook", str(project), "--load", str(file)]) == 1
    assert "'name' must be a text, not 3" in capsys.readouterr().err
    assert main(["codebook", str(project), "--save", str(project.parent / "no" / "x.toml")]) == 1
    assert main(["codebook", str(project), "--number", "3"]) == 2


def test_the_codebook_of_another_project_can_be_loaded(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other = project.with_name("other.annot")
    Project.create(other, shipped_codebook("political-claims")).close()
    assert main(["codebook", str(project), "--load", str(other), "--annotator", "ben"]) == 0
    with Project.open(project) as opened:
        assert opened.codebook.name == "Political claims analysis"
    other.write_bytes(b"SQLite format 3\0" + bytes(2000))
    capsys.readouterr()
    assert main(["codebook", str(project), "--load", str(other)]) == 1
    assert capsys.readouterr().err.startswith(f"{other}: ")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ["codebook", "p.annot", "--number", "abc"],
            "--number: it takes a version number such as 3, not 'abc'",
        ),
        (["codebook", "p.annot", "--number", "0"], "--number: it takes a version number such as 3, not '0'"),
        (["suggest", "p.annot", "--workers", "two"], "--workers: it takes a number of processes such as 2"),
        (["evaluate", "p.annot", "--least", "high"], "--least: it takes a number from 0 to 1 such as 0.8"),
    ],
)
def test_an_option_says_which_number_it_takes(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err
