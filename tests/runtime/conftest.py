"""A program that carries packages in its own file."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest
from PyInstaller.archive.writers import CArchiveWriter

from annotator.runtime.packed import ENDING


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Something, then two packages and a file in PyInstaller's archive, then something more."""
    entries = [("plain.txt", str(Path(__file__)), True, "x")]
    for name, method in (("blis", "xz"), ("thinc", "gz")):
        package = tmp_path / name
        package.mkdir()
        (package / "__init__.py").write_text("")
        (package / "part.py").write_text("WHAT = 'unpacked'")
        with tarfile.open(tmp_path / f"{name}{ENDING}", f"w:{method}") as archive:  # type: ignore[call-overload]
            archive.add(package, name)
        entries.append((f"{name}{ENDING}", str(tmp_path / f"{name}{ENDING}"), False, "a"))
    CArchiveWriter(str(tmp_path / "pkg"), entries, "libpython.so")
    made = tmp_path / "annotator-single"
    made.write_bytes(b"\x7fELF" * 1000 + (tmp_path / "pkg").read_bytes() + b"section" * 100)
    return made
