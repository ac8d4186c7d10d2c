"""The folder that the program unpacks itself into where it is a single file.

Two processes run then: the one that was started unpacks, starts the other and removes the folder when
that has ended; the other one is the program. Where both are killed the folder stays, so each start
removes what earlier ones left. A running program holds a lock on a file in its folder, which the system
lets go however the program ends: only folders with that file and without that lock are removed.

Most of the program is not unpacked by the first process (see ``packed``): what the window starts with is
unpacked by the program itself, which is quicker at it, and a package of ``packed.LATER`` by its first import,
in whichever process. Where the program ends meanwhile, files may come into its folder that the process which
removes it has gone past: whoever unpacked them looks afterwards, and removes the folder too.
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

from annotator.runtime import packed

MARK = "annotator-is-running.lock"
UNPACKED_VARIABLE = "ANNOTATOR_UNPACKED"
"""Tells the processes that the program starts the folder in which they find what it starts with."""
_PREFIX = "_MEI"
_POLL_SECONDS = 1.0
_held: list[IO[bytes]] = []
"""Keeps our own mark open, and so locked, to the end of the process."""


def unpacked_folder() -> Path | None:
    """The temporary folder of this program; None where it is not a single file."""
    folder = Path(getattr(sys, "_MEIPASS", ""))
    return folder if folder.name.startswith(_PREFIX) else None


class _Unpacker:
    """Finds no module itself: it unpacks a package before others look for it or a module in it."""

    def __init__(self, folder: Path, program: Path) -> None:
        self._folder = folder
        self._program = program
        self._waiting = set(packed.LATER)
        self._entries: list[packed.Packed] | None = None
        self._marked = (folder / MARK).exists()

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> None:
        """What every import calls first."""
        package = name.partition(".")[0]
        if package in self._waiting:
            try:
                self.unpack(package)
            finally:
                self._end_with_the_program()
            self._waiting.discard(package)

    def unpack(self, package: str) -> None:
        """Unpack it, unless another process does or has: then only wait until it is done."""
        done = self._folder / f"{package}.unpacked"
        with _locked(self._folder / "unpacking.lock", "ab", wait=True):
            if not done.exists():
                if self._entries is None:
                    self._entries = packed.entries(self._program)
                files = [each for each in self._entries if packed.package_of(each.name) == package]
                packed.unpack(self._program, files, self._folder)
                done.touch()
        importlib.invalidate_caches()

    def _end_with_the_program(self) -> None:
        """In a process that the program started: where that has ended, remove the folder and end.

        The program lets go of its mark before the process that removes the folder can know that it ended. So
        where the mark is still held, what was unpacked by now will be found there and removed.
        """
        if not self._marked:
            return  # the program itself
        try:
            _locked(self._folder / MARK, "r+b", shared=True).close()
        except FileNotFoundError:
            pass  # the folder is being removed, or was
        except OSError:
            return  # the program runs
        import shutil  # not at the top: the window starts without it

        shutil.rmtree(self._folder, ignore_errors=True)
        os._exit(1)


def unpack_when_needed() -> None:
    """Unpack what the window starts with, and have each other package unpacked when it is imported.

    Only the program itself unpacks the former. A process that it starts finds it, or has been left alone by
    now, and would make a folder anew that somebody is removing.
    """
    folder = unpacked_folder()
    if folder is None:
        return
    unpacker = _Unpacker(folder, Path(sys.executable))
    if os.environ.get(UNPACKED_VARIABLE) != str(folder):
        unpacker.unpack(packed.FIRST)
        os.environ[UNPACKED_VARIABLE] = str(folder)
    sys.meta_path.insert(0, unpacker)


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


def _locked(mark: Path, mode: str, *, wait: bool = False, shared: bool = False) -> IO[bytes]:
    """The file, open and locked. Raises OSError where another process has the lock, unless to wait.

    ``shared``: others may have it in that way, too (not on Windows).
    """
    stream: IO[bytes] = mark.open(mode)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(stream.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(stream, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
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
