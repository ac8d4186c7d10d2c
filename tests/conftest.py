"""Keeps the tests off the real home and the real display, before anything imports Qt."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import settings

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_home = tempfile.TemporaryDirectory(prefix="annotator-tests-", ignore_cleanup_errors=True)
os.environ["ANNOTATOR_HOME"] = _home.name

settings.register_profile("annotator", deadline=None)
settings.load_profile("annotator")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home of the program's own for one test."""
    folder = tmp_path / "home"
    monkeypatch.setenv("ANNOTATOR_HOME", str(folder))
    return folder
