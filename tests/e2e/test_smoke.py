from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from annotator.ui import smoke


def test_the_whole_program_works_and_leaves_nothing_behind(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "annotator", "--smoke-test"],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TMPDIR": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"OK: 14 articles imported, \d+ suggestions .+ started again, .+\n", done.stdout)
    assert [path for path in tmp_path.rglob("*") if "annotator" in path.name] == []


def test_a_failure_is_one_sentence(
    qapp: QApplication, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(smoke, "PATIENCE", 0.0)
    assert smoke.run() == 1
    assert capsys.readouterr().err == "The smoke test failed: the window was not painted.\n"
