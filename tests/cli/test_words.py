"""Reporting words on the command line, from first suggestions to learned ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from annotator.__main__ import main
from annotator.core.commands import MakeSpan, Reject
from annotator.core.learning import K
from annotator.core.model import Kind
from annotator.core.ports import ArticleFilter
from annotator.session.project import Project

SAID = "The minister said that Iran must stop the sale of drones in round {}."
HARRUMPHED = "The envoy harrumphed that the sanctions would stay in place in round {}."


@pytest.fixture
def project(tmp_path: Path, home: Path) -> Path:
    """A project whose twelve articles were read; in ten of them a claim by “said” was rejected."""
    articles = tmp_path / "in"
    articles.mkdir()
    for nth in range(12):
        text = f"Talks\n\n{SAID.format(nth)} {HARRUMPHED.format(nth)}\n"
        (articles / f"{nth:02}.txt").write_text(text, encoding="utf-8")
    path = tmp_path / "p.annot"
    assert main(["import", str(path), str(articles)]) == 0
    assert main(["suggest", str(path)]) == 0
    return path


def decide(path: Path, by_hand: int = 2) -> None:
    with Project.open(path) as project:
        editor = project.editor("ana")
        ids = [row.id for row in project.repository.article_rows(_ALL, "ana", 0, 12)]
        for nth, article in enumerate(ids[:10]):
            page = editor.open(article) or editor.page
            assert page is not None
            claims = [each for each in page.open_suggestions() if each.kind is Kind.CLAIM]
            editor.run(Reject((claims[0].id,)))
            if nth < by_hand:
                start = page.text.index("harrumphed")
                editor.run(MakeSpan(Kind.CUE, "Cue", ((start, start + len("harrumphed")),)))


def listed(path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    capsys.readouterr()
    assert main(["words", str(path), "--json"]) == 0
    return {row["word"]: row for row in json.loads(capsys.readouterr().out)["words"]}


def claims(path: Path, nth: int = 11) -> dict[str, float | None]:
    """The claims suggested in the last article, by their first words."""
    with Project.open(path) as project:
        row = project.repository.article_rows(_ALL, "ana", nth, 1)[0]
        page = project.repository.load_page(row.id, "ana")
        return {
            page.text[span.start : span.end].removeprefix("that ").split()[0]: span.confidence
            for span in page.suggestions.values()
            if span.kind is Kind.CLAIM
        }


_ALL = ArticleFilter()


def test_what_annotators_decide_moves_what_is_suggested(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert claims(project) == {"Iran": 0.96}
    decide(project)
    rows = listed(project, capsys)
    say, harrumph = rows["say"], rows["harrumph"]
    assert (say["before"], say["accepted"], say["rejected"], say["set_to"]) == (0.96, 0, 10, "learned")
    assert say["now"] == round(K * 0.96 / (K + 10), 3)
    assert (harrumph["before"], harrumph["by_hand"]) == (None, 2)
    assert claims(project) == {"Iran": 0.96}, "listing changes nothing"

    assert main(["suggest", str(project)]) == 0
    found = claims(project)
    assert found["Iran"] == say["now"]
    assert found["the"] == harrumph["now"] > 0.5
    capsys.readouterr()
    assert main(["suggest", str(project)]) == 0
    assert "0 articles read" in capsys.readouterr().err


def test_words_are_set_and_set_back(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["words", str(project), "--set", "said=never"]) == 0
    assert "36 suggestions changed" in capsys.readouterr().err
    assert claims(project) == {}
    assert listed(project, capsys)["say"] | {"uses": ""} == {
        "word": "say", "uses": "", "before": 0.96, "now": None, "accepted": 0, "rejected": 0, "by_hand": 0,
        "set_to": "never",
    }  # fmt: skip
    assert main(["suggest", str(project)]) == 0
    assert "Iran" not in claims(project)
    assert main(["words", str(project), "--set", "say=learned", "--set", "harrumph=always"]) == 0
    assert main(["suggest", str(project)]) == 0
    found = claims(project)
    assert found["Iran"] == 0.96
    assert found["the"] == 0.95
    with Project.open(project) as opened:
        assert list(opened.repository.check()) == []


def test_the_table_and_wrong_use(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["words", str(project)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:4] == ["word", "uses", "before", "now"]
    assert len(lines) > 500
    for wrong in ("said", "said=often", "=never"):
        assert main(["words", str(project), "--set", wrong]) == 2
    assert main(["words", str(project), "--set", "…=never"]) == 1
    assert "no reporting word" in capsys.readouterr().err


@pytest.mark.parametrize("value", ["[", "[]", '{"say": 3}', '{"say": "often"}', '{"": "never"}'])
def test_settings_that_are_none_are_told(
    project: Path, capsys: pytest.CaptureFixture[str], value: str
) -> None:
    with Project.open(project) as opened:
        opened.repository.set_setting("reporting_words", value)
    capsys.readouterr()
    assert main(["words", str(project)]) == 1
    assert "cannot be read" in capsys.readouterr().err
