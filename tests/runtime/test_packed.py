"""What a single-file program carries: found in a file that PyInstaller's own writer has made."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest

from annotator.runtime.packed import XZ, entries, package_of, unpack
from tests.runtime.conftest import CARRIED


def test_what_is_left_for_us_is_found_and_unpacked(program: Path, tmp_path: Path) -> None:
    found = entries(program)
    (tmp_path / "out").mkdir()
    assert [each.name for each in found] == list(CARRIED)
    unpack(program, found, tmp_path / "out")
    for name, content in CARRIED.items():
        wanted = b"large" * 1000 if name.endswith(XZ) else content
        assert (tmp_path / "out" / name.removesuffix(XZ)).read_bytes() == wanted


def test_only_what_is_asked_for_is_unpacked(program: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    unpack(program, [each for each in entries(program) if package_of(each.name) == "thinc"], tmp_path / "out")
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["thinc"]


def test_what_is_damaged_is_refused(program: Path, tmp_path: Path) -> None:
    damaged = [each._replace(place=each.place + 1) for each in entries(program) if each.compressed]
    with pytest.raises(zlib.error):
        unpack(program, damaged, tmp_path)


def test_a_folder_that_is_gone_is_not_made_anew(program: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        unpack(program, entries(program), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_program_that_carries_nothing_says_so(tmp_path: Path) -> None:
    (tmp_path / "program").write_bytes(b"\x7fELF" + b"x" * 1000)
    with pytest.raises(ValueError, match="carries nothing"):
        entries(tmp_path / "program")


@pytest.mark.parametrize(
    ("file", "package"),
    [
        ("PySide6/Qt/lib/libQt6Core.so.6", "PySide6"),
        ("shiboken6/Shiboken.abi3.so", "PySide6"),
        ("libxcb-cursor.so.0", "PySide6"),
        ("libstdc++.so.6", "PySide6"),
        ("libpython3.13.so.1.0", "libpython3"),
        ("libz.so.1", "libz"),
        ("numpy/_core/_simd.so", "numpy"),
        ("numpy.libs/libscipy_openblas64_.so", "numpy"),
        ("orjson/orjson.cpython-313-x86_64-linux-gnu.so", "orjson"),
        ("_decimal.pyd", "_decimal"),
        ("licenses/spacy/LICENSE", "spacy"),
        ("spacy-3.8.18.dist-info/METADATA", "spacy-3"),
    ],
)
def test_a_file_goes_with_the_package_that_needs_it(file: str, package: str) -> None:
    assert package_of(file) == package
