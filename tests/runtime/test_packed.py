"""What a single-file program carries: found in a file that PyInstaller's own writer has made."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from annotator.runtime.packed import ENDING, package_of, places, unpack


def test_each_archive_is_found_and_unpacked_by_itself(program: Path, tmp_path: Path) -> None:
    found = places(program)
    assert found.keys() == {"blis", "thinc"}
    unpack(program, found["thinc"], tmp_path / "out")
    assert [each.name for each in (tmp_path / "out").iterdir()] == ["thinc"]
    unpack(program, found["blis"], tmp_path / "out")
    assert (tmp_path / "out" / "blis" / "part.py").read_text() == "WHAT = 'unpacked'"


def test_an_archive_that_is_damaged_is_refused(program: Path, tmp_path: Path) -> None:
    with pytest.raises(tarfile.ReadError):
        unpack(program, places(program)["blis"] + 1, tmp_path / "out")


def test_a_program_that_carries_nothing_says_so(tmp_path: Path) -> None:
    (tmp_path / "program").write_bytes(b"\x7fELF" + b"x" * 1000)
    with pytest.raises(ValueError, match="carries nothing"):
        places(tmp_path / "program")


@pytest.mark.parametrize(
    ("file", "package"),
    [
        ("numpy/_core/_simd.so", "numpy"),
        ("numpy.libs/libscipy_openblas64_.so", "numpy"),
        ("orjson/orjson.cpython-313-x86_64-linux-gnu.so", "orjson"),
        ("_decimal.pyd", "_decimal"),
        ("licenses/spacy/LICENSE", "spacy"),
        ("libsqlite3.so.0", "libsqlite3"),
        ("spacy-3.8.18.dist-info/METADATA", "spacy-3"),
    ],
)
def test_a_file_goes_with_the_package_that_needs_it(file: str, package: str) -> None:
    assert package_of(file) == package
    assert ENDING not in package
