"""`annotator evaluate` from end to end, on a project that two annotators have labelled."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from annotator.__main__ import main

TEXT = "Smith said that Acme lied. Lee denied it."
OTHER = "Nothing happened here."
CORPUS = {
    "name": "lies",
    "text": TEXT,
    "attributions": [
        {"source": [[0, 5]], "cue": [[6, 10]], "content": [[16, 25]]},
        {"source": [[27, 30]], "cue": [[31, 37]], "content": [[38, 40]]},
    ],
}

type Run = Callable[..., tuple[int, str, str]]


def line(annotator: str | None, spans: list[tuple[str, str, int, int]], **more: Any) -> dict[str, Any]:
    made = [
        {"id": f"{annotator}{nth}", "kind": kind, "label": label, "start": start, "end": end}
        for nth, (kind, label, start, end) in enumerate(spans)
    ]
    return {"format": "annotator/1", "id": "a1", "title": "Lies", "text": TEXT, "annotator": annotator} | {
        "spans": made, "relations": [],
    } | more  # fmt: skip


ANA = line(
    "ana",
    [
        ("actor", "Actor", 0, 5),
        ("cue", "Cue", 6, 15),
        ("claim", "Claim", 16, 25),
        ("entity", "Organization", 16, 20),
    ],
    relations=[
        {"id": "r1", "type": "made_by", "head": "ana2", "tail": "ana0"},
        {"id": "r2", "type": "cued_by", "head": "ana2", "tail": "ana1"},
    ],
)
BEN = line(
    "ben",
    [
        ("actor", "Actor", 0, 5),
        ("claim", "Claim", 11, 26),
        ("entity", "Place", 16, 20),
        ("entity", "Person", 27, 30),
    ],
    relations=[{"id": "r3", "type": "made_by", "head": "ben1", "tail": "ben0"}],
)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs the program in a folder with the project ``p.annot``: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    write("in.jsonl", ANA, BEN)
    assert command("import", "p.annot", "in.jsonl")[0] == 0
    return command


def write(name: str, *lines: dict[str, Any]) -> str:
    Path(name).write_text("".join(json.dumps(each) + "\n" for each in lines), "utf-8")
    return name


def scores(out: str) -> dict[tuple[str, ...], tuple[float | None, float, float | None]]:
    return {
        tuple(each[key] or "" for key in ("section", "what", "measure", "label")): (
            each["precision"],
            each["recall"],
            each["f1"],
        )
        for each in json.loads(out)["scores"]
    }


def test_two_annotators_against_each_other(run: Run) -> None:
    code, out, said = run("evaluate", "p.annot", "--annotator", "ana", "--against", "ben", "--json")
    assert (code, said) == (0, "")
    found = scores(out)
    assert found["spans", "actor", "exact", ""] == (1, 1, 1)
    assert found["spans", "entity", "exact", ""] == (1, 0.5, pytest.approx(2 / 3))
    assert found["labels", "entity", "exact", ""] == (0, 0, 0)
    assert found["spans", "claim", "partial", ""] == (1, pytest.approx(2 / 3), pytest.approx(0.8))
    assert found["relations", "relation", "iou50", "made_by"] == (1, 1, 1)
    assert found["relations", "relation", "iou50", "cued_by"] == (0, 0, 0)
    assert found["attributions", "link_strict", "", ""] == (1, 1, 1)
    assert found["attribution_recall", "link", "noncore", ""] == (None, 1, None)


def test_the_table(run: Run) -> None:
    code, out, said = run("evaluate", "p.annot", "--annotator", "ana", "--against", "ben")
    assert (code, said) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "Labels by ana in p.annot against ben: 1 article."
    rows = [" ".join(each.split()) for each in lines]
    assert "entity exact 100.0 50.0 66.7 1 2" in rows
    assert "partial 100.0 66.7 80.0 1 1" in rows
    assert "cue exact 0.0 – 0.0 1 0" in rows
    assert "Spans, labels agree too P R F1 95 % of F1 predicted gold" in rows
    assert "Organization exact 0.0 – 0.0 1 0" in rows
    assert "link (sources share a word) 100.0 100.0 100.0 1 1" in rows
    assert "content indirect 100.0 1 1" in rows
    assert all(len(each) <= 92 for each in lines[1:])


def test_an_annotator_against_a_corpus(run: Run) -> None:
    code, out, said = run("evaluate", "p.annot", write("g.jsonl", CORPUS), "--annotator", "ana", "--json")
    assert (code, said) == (0, "")
    found = scores(out)
    assert {key[0] for key in found} == {"attributions", "attribution_recall"}
    assert found["attributions", "link", "", ""] == (1, 0.5, pytest.approx(2 / 3))
    assert found["attributions", "cue", "partial", ""] == (0.5, 0.5, 0.5)


def test_suggestions_against_an_export(run: Run) -> None:
    Path("q.txt").write_text(TEXT + "\n", "utf-8")
    suggested = line(None, [("entity", "Person", 0, 5), ("entity", "Organization", 16, 20)])
    for nth, span in enumerate(suggested["spans"]):
        span |= {"state": "suggested", "confidence": 0.9 - nth / 2, "origin": "spacy:x"}
    assert run("import", "q.annot", write("q.jsonl", suggested))[0] == 0
    gold = write("g.jsonl", ANA)
    _, out, _ = run("evaluate", "q.annot", gold, "--json")
    assert scores(out)["spans", "entity", "exact", ""] == (0.5, 1, pytest.approx(2 / 3))
    told = json.loads(out)
    assert (told["predicted"], told["gold"], told["least"], told["articles"]) == (
        "suggestions",
        "g.jsonl",
        None,
        1,
    )
    code, out, _ = run("evaluate", "q.annot", gold, "--least", "0.5")
    assert code == 0
    assert out.startswith(
        "Suggestions in q.annot with a confidence of 0.5 or more against g.jsonl: 1 article.\n"
    )


def test_our_own_export_is_gold(run: Run) -> None:
    assert run("export", "p.annot", "gold.jsonl")[0] == 0
    code, _, said = run("evaluate", "p.annot", "gold.jsonl", "--annotator", "ana")
    assert code == 1
    assert said == (
        "gold.jsonl, line 2: several annotators have labelled this article: ana, ben. "
        "Choose one with --gold-annotator NAME.\n"
    )
    code, out, _ = run(
        "evaluate", "p.annot", "gold.jsonl", "--annotator", "ana", "--gold-annotator", "ana", "--json"
    )
    assert code == 0
    for each in json.loads(out)["scores"]:
        assert each["recall"] == (1 if each["gold"] else 0)
        assert each["precision"] in (1 if each["predicted"] else 0, None)


def test_articles_on_one_side_are_told(run: Run) -> None:
    gold = write("g.jsonl", CORPUS, CORPUS | {"name": "else", "text": OTHER, "attributions": []})
    code, out, said = run("evaluate", "p.annot", gold, "--annotator", "ana", "--json")
    assert code == 0
    assert json.loads(out)["only_in_gold"] == ["else"]
    assert said == (
        "p.annot: 1 article of the gold has not been labelled by ana: else. "
        "They were not scored; they count once ana has labelled them.\n"
    )


def test_nothing_in_common_is_exit_1(run: Run) -> None:
    gold = write("g.jsonl", CORPUS | {"text": OTHER, "attributions": []})
    for options in ((), ("--json",)):
        code, out, said = run("evaluate", "p.annot", gold, *options)
        assert (code, out) == (1, "")
        assert said.splitlines()[-1] == "Nothing was scored."
        assert len(said.splitlines()) == 3


def test_bad_gold_is_told_line_by_line(run: Run) -> None:
    bad = CORPUS | {"attributions": [{"content": [[0, 400]]}]}
    code, out, said = run("evaluate", "p.annot", write("g.jsonl", CORPUS, bad, {"text": TEXT}))
    assert (code, out) == (1, "")
    lines = said.splitlines()
    assert lines[0].startswith(
        "g.jsonl, line 2, attribution 1: in “content”, the span 0–400 lies beyond the text"
    )
    assert lines[1].startswith("g.jsonl, line 3: this is neither a line of annotator/1")
    assert lines[2:] == ["Nothing was scored."]


@pytest.mark.parametrize(
    "options",
    [
        (),
        ("gold", "--against", "ben", "--annotator", "ana"),
        ("--against", "ben"),
        ("gold", "--annotator", "ana", "--least", "0.5"),
        ("gold", "--least", "2"),
        ("gold", "--least", "nan"),
        ("gold", "--least", "half"),
    ],
)
def test_wrong_use_is_exit_2(run: Run, options: tuple[str, ...]) -> None:
    code, out, said = run("evaluate", "p.annot", *options)
    assert (code, out) == (2, "")
    assert said.splitlines()[-1].startswith("annotator")


@pytest.mark.parametrize("name", ["gone.jsonl", "."])
def test_a_gold_file_that_is_not_there(run: Run, name: str) -> None:
    code, out, said = run("evaluate", "p.annot", name)
    assert (code, out) == (1, "")
    assert said.count("\n") == 1
    assert "this file cannot be read" in said


def test_it_needs_neither_qt_nor_spacy(run: Run) -> None:
    gold = write("g.jsonl", CORPUS)
    script = (
        "import sys; from annotator.__main__ import main; main(sys.argv[1:]); "
        "print(*sorted({'spacy', 'PySide6', 'numpy'} & sys.modules.keys()), file=sys.stderr)"
    )
    arguments = ["evaluate", "p.annot", gold, "--annotator", "ana"]
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )
    assert done.stderr.strip() == ""
    assert "link" in done.stdout
