"""A program that carries packages in its own file."""

from __future__ import annotations

import lzma
from pathlib import Path

import pytest
from PyInstaller.archive.writers import CArchiveWriter

from annotator.runtime.packed import XZ

CARRIED = {
    "PySide6/QtCore.py": b"WHAT = 'Qt'",
    "blis/__init__.py": b"",
    "blis/part.py": b"WHAT = 'unpacked'",
    f"blis/large.bin{XZ}": lzma.compress(b"large" * 1000),
    "thinc/__init__.py": b"",
}


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Something, then PyInstaller's archive of a file and these, then something more."""
    entries = [("plain.txt", str(Path(__file__)), False, "x")]
    for number, (name, content) in enumerate(CARRIED.items()):
        (tmp_path / f"{number}").write_bytes(content)
        entries.append((name, str(tmp_path / f"{number}"), number % 2 == 0, "a"))
    CArchiveWriter(str(tmp_path / "pkg"), entries, "libpython.so")
    made = tmp_path / "annotator-single"
    made.write_bytes(b"\x7fELF" * 1000 + (tmp_path / "pkg").read_bytes() + b"section" * 100)
    return made
