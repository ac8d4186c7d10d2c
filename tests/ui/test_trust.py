"""A pipeline in a folder is loaded only after the person has been asked, once for each folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from annotator.runtime.settings import MODEL, TRUSTED_MODELS
from annotator.ui.main_window import MainWindow
from annotator.ui.suggesting import Suggesting


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes when a worker would have been started."""
    starts: list[str] = []
    monkeypatch.setattr(Suggesting, "start", lambda _self: starts.append("started"))
    return starts


def test_a_folder_is_asked_about_once(
    open_window: Callable[..., MainWindow], tmp_path: Path, started: list[str]
) -> None:
    window = open_window()
    window.settings.set(MODEL, str(tmp_path / "theirs"))
    window.bench._on_start_worker()
    assert started == []
    assert window.bench.worker is None
    assert f"pipeline in the folder {tmp_path / 'theirs'}" in window.notices.said
    window.notices._said.action.click()
    assert started == ["started"]
    assert window.settings.get(TRUSTED_MODELS) == [str(tmp_path / "theirs")]

    window.close()
    again = open_window()
    again.bench._on_start_worker()
    assert started == ["started"] * 2


@pytest.mark.parametrize("model", ["", "en_core_web_md"])
def test_an_installed_package_needs_no_question(
    open_window: Callable[..., MainWindow], started: list[str], model: str
) -> None:
    window = open_window()
    window.settings.set(MODEL, model)
    window.bench._on_start_worker()
    assert started == ["started"]
