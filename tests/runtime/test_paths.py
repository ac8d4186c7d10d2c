from __future__ import annotations

from pathlib import Path

import pytest

from annotator.runtime.paths import config_folder, data_folder, log_folder


def test_every_folder_is_below_the_home_that_is_set(home: Path) -> None:
    folders = {config_folder(), data_folder(), log_folder()}
    assert len(folders) == 3
    assert all(folder.parent == home for folder in folders)


def test_without_one_the_platform_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ANNOTATOR_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    for folder in (config_folder(), data_folder(), log_folder()):
        assert "annotator" in folder.parts
        assert not folder.exists()
