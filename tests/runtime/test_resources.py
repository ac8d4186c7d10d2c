from __future__ import annotations

import sys
from pathlib import Path

import pytest

from annotator.runtime import resources
from annotator.runtime.resources import resource, seeds_folder


def test_checkout_has_fonts_codebook_and_seeds() -> None:
    assert list(resource("fonts").glob("*.otf"))
    assert resource("codebooks", "general-news.toml").is_file()
    assert (seeds_folder() / "us-urges-iran-drone-sales.txt").is_file()


def test_frozen_program_looks_in_its_own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    (tmp_path / "resources" / "fonts").mkdir(parents=True)
    (tmp_path / "seeds").mkdir()
    assert resource("fonts") == tmp_path / "resources" / "fonts"
    assert seeds_folder() == tmp_path / "seeds"


def test_installed_package_carries_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "annotator")
    (tmp_path / "annotator" / "_resources" / "fonts").mkdir(parents=True)
    (tmp_path / "resources" / "fonts").mkdir(parents=True)
    assert resource("fonts") == tmp_path / "annotator" / "_resources" / "fonts"


def test_missing_file_says_what_to_do() -> None:
    with pytest.raises(FileNotFoundError, match=r"no-such\.file is missing; install Annotator again"):
        resource("no-such.file")
