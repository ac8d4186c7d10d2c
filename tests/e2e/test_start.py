from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest


def test_the_window_is_painted_before_anything_heavy_is_imported(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANNOTATOR_BENCH_START", repr(time.time()))
    done = subprocess.run(
        [sys.executable, "-u", "-X", "importtime", "-m", "annotator"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
        timeout=120,
    )
    before, painted, _ = done.stdout.partition("painted ")
    assert painted
    assert " PySide6.QtWidgets\n" in before
    for heavy in ("sqlalchemy", "numpy", "spacy", "orjson"):
        assert f" {heavy}\n" not in before
