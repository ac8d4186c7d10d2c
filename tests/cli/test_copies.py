"""Near-duplicates on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.__main__ import main
from annotator.runtime.resources import seeds_folder

SAMPLE = (seeds_folder() / "us-urges-iran-drone-sales.txt").read_text(encoding="utf-8")
HEAD, _, *BODY = SAMPLE.split("\n")
COPY = "\n".join(["Washington presses Tehran on drones", *BODY])
LINE = {
    "format": "annotator/1",
    "title": HEAD,
    "text": SAMPLE,
    "meta": {"publisher": "Agency", "published": "2023-08-16"},
    "annotator": "ana",
    "spans": [{"id": "p", "kind": "entity", "label": "Place", "start": 0, "end": 2}],
}
START = SAMPLE.index("the United States")
LINE["spans"] = [
    {"id": "p", "kind": "actor", "label": "Actor", "start": START, "end": START + len("the United States")}
]

type Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> Run:
    monkeypatch.chdir(tmp_path)
    Path("in.jsonl").write_text(json.dumps(LINE) + "\n", encoding="utf-8")
    Path("copy.txt").write_text(COPY, encoding="utf-8")

    def command(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return command


def test_groups_are_listed(run: Run) -> None:
    code, _, err = run("import", "p.annot", "in.jsonl", "copy.txt")
    assert code == 0
    assert err == (
        "2 articles added with 1 label; 1 nearly repeats other articles: “Washington presses Tehran on"
        f" drones” like “{HEAD}”.\n"
    )
    code, out, err = run("copies", "p.annot")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[0] == "1 group of articles that nearly repeat each other, 2 articles"
    assert lines[1].startswith("2 articles, 9")
    assert lines[2].endswith("(Agency, 2023-08-16)")
    assert "Washington presses Tehran on drones" in lines[3]
    code, out, _ = run("copies", "p.annot", "--json", "--least", "0.5")
    assert [each["publisher"] for each in json.loads(out)["groups"][0]["articles"]] == ["Agency", None]
    assert run("copies", "p.annot", "--least", "1")[1].startswith("0 groups")


def test_labels_are_copied(run: Run) -> None:
    run("import", "p.annot", "in.jsonl", "copy.txt")
    said = "1 span suggested in 1 article.\n"
    assert run("copies", "p.annot", "--labels-to-copies", "--annotator", "ana") == (0, "", said)
    code, _, err = run("copies", "p.annot", "--labels-to-copies")
    assert (code, err) == (0, "Nothing new to suggest; 1 span was there before.\n")
    assert run("check", "p.annot")[0] == 0
    code, _, err = run("copies", "p.annot", "--labels-to-copies", "--annotator", "zoe")
    assert code == 1
    assert "nobody called zoe" in err


def test_copies_are_left_out_on_demand(run: Run) -> None:
    code, _, err = run("import", "p.annot", "in.jsonl", "copy.txt", "--skip-copies")
    assert code == 0
    assert err.startswith(
        "1 article added with 1 label; 1 left out as nearly the same as others: “Washington"
    )
    assert run("copies", "p.annot")[1].startswith("0 groups")


def test_wrong_use(run: Run) -> None:
    run("import", "p.annot", "in.jsonl")
    code, _, err = run("copies", "p.annot", "--annotator", "ana")
    assert code == 2
    assert "goes with --labels-to-copies" in err
