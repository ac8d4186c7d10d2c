"""Started where no window can open, as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from annotator.cli import display


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, "-m", "annotator", *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_sample_is_done_without_a_display(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 0, done.stderr
    first, *_ = done.stderr.splitlines()
    assert "no display" in first
    written = [line.removeprefix("Wrote ").split(" (")[0] for line in done.stdout.splitlines()]
    assert sorted(written) == sorted(str(path) for path in tmp_path.iterdir())
    lines = [
        json.loads(line) for line in (tmp_path / "annotator-sample.jsonl").read_text("utf-8").splitlines()
    ]
    assert len(lines) == 13
    entities = [span for span in lines[0]["spans"] if span["kind"] == "entity"]
    assert len(entities) >= 45
    furniture = lines[0]["furniture"]
    assert not [s for s in entities for a, b in furniture if s["start"] < b and a < s["end"]]
    assert all(s["text"] == lines[0]["text"][s["start"] : s["end"]] for s in entities)


def test_named_articles_go_into_the_named_project(tmp_path: Path) -> None:
    (tmp_path / "news.txt").write_text("Talks\n\nAngela Merkel met Barack Obama in Paris.", "utf-8")
    done = run(tmp_path, "my.annot", "news.txt")
    assert done.returncode == 0, done.stderr
    (line,) = (tmp_path / "my.jsonl").read_text("utf-8").splitlines()
    assert {"Angela Merkel", "Barack Obama", "Paris"} <= {span["text"] for span in json.loads(line)["spans"]}


def test_nothing_to_do_leaves_nothing(tmp_path: Path) -> None:
    done = run(tmp_path, "gone.txt")
    assert done.returncode == 1
    assert "gone.txt: there is no such file" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="a matter of Linux")
def test_missing_libraries_are_named_with_their_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":1")
    for name in ("QT_QPA_PLATFORM", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    missing = {"libEGL.so.1", "libxcb-cursor.so.0"}
    monkeypatch.setattr(display, "_loads", lambda library: library not in missing)
    assert str(display.why_no_window()).endswith("apt-get install libegl1 libxcb-cursor0")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert str(display.why_no_window()).endswith("apt-get install libegl1")
    missing.clear()
    assert display.why_no_window() is None
