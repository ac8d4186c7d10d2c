"""Where an export goes: a file, a folder, a ZIP archive or standard output.

What is written is there whole or not at all. It is made beside its place under a hidden name, and takes
its name when it is complete; what a killed program left is removed by the next export into that folder.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from annotator.core.errors import InputError
from annotator.store.file_kind import is_database
from annotator.store.parts import PARTS, part_beside, remove_leftovers

if TYPE_CHECKING:  # the window starts without it
    from zipfile import ZipFile

STDOUT = "-"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_IN_MEMORY = 16 * 1024 * 1024
_DATE = (1980, 1, 1, 0, 0, 0)
"""Of the members of an archive, so that the same labels give the same bytes."""


class Room(Protocol):
    """A place for several files; only one is open at a time."""

    def file(self, name: str) -> AbstractContextManager[BinaryIO]:
        """A new file of that name, in which ``/`` separates folders. Raises OSError."""
        ...


def identity(path: Path) -> tuple[int, int] | None:
    """What tells a file or folder from the one that replaces it; None where there is none, or no telling."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A stream whose content becomes the file when the block ends well; otherwise all is as before.

    Raises InputError for whatever the file system objects to.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        with _told(path, "file"), spooled() as stream:  # a pipe or a device, which cannot be replaced
            yield stream
            with path.open("wb") as device:
                _copy(stream, device)
        return
    path = Path(os.path.realpath(path))
    _check_file(path)
    with _told(path, "file"):
        remove_leftovers(path.parent)
        part = part_beside(path)
        try:
            with os.fdopen(os.open(part, _NEW, 0o600), "wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
            part.chmod(_mode_for(path))
            part.replace(path)
        except BaseException:
            part.unlink(missing_ok=True)
            raise


@contextlib.contextmanager
def filling(path: Path) -> Iterator[Room]:
    """A room whose files become a new folder, or those of an empty one, when the block ends well.

    Raises InputError for whatever the file system objects to, and where something is in the folder.
    """
    path = Path(os.path.realpath(path))
    _check_folder(path)
    with _told(path, "folder"):
        remove_leftovers(path.parent)
        part = part_beside(path, PARTS)
        try:
            part.mkdir(0o700)
            yield _Folder(part)
            mode = _mode_for(path, 0o777)
            if path.exists():
                path.rmdir()  # raises OSError where somebody has put something there meanwhile
            part.chmod(mode)
            part.rename(path)
        except BaseException:
            from shutil import rmtree

            rmtree(part, ignore_errors=True)
            raise


@contextlib.contextmanager
def archiving(path: Path) -> Iterator[Room]:
    """A room whose files become a ZIP archive when the block ends well. Raises InputError."""
    from zipfile import ZipFile

    with replacing(path) as stream, ZipFile(stream, "w") as archive:
        yield _Archive(archive)


@contextlib.contextmanager
def standard_output(*, whole: bool) -> Iterator[BinaryIO]:
    """Standard output; ``whole``: nothing is written to it before the block has ended well."""
    if not whole:
        yield sys.stdout.buffer
    else:
        with spooled() as stream:
            yield stream
            _copy(stream, sys.stdout.buffer)
    sys.stdout.buffer.flush()


def spooled() -> AbstractContextManager[BinaryIO]:
    """A temporary stream, in memory while it is small."""
    import tempfile

    return tempfile.SpooledTemporaryFile(_IN_MEMORY)  # type: ignore[return-value]


def _copy(stream: BinaryIO, to: BinaryIO) -> None:
    from shutil import copyfileobj

    stream.seek(0)
    copyfileobj(stream, to)


class _Folder:
    """Files of a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def file(self, name: str) -> AbstractContextManager[BinaryIO]:
        place = self._root.joinpath(*_parts(name))
        place.parent.mkdir(parents=True, exist_ok=True)
        return place.open("xb")


class _Archive:
    """Members of a ZIP archive."""

    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._taken: set[str] = set()

    def file(self, name: str) -> AbstractContextManager[BinaryIO]:
        from zipfile import ZIP_DEFLATED, ZipInfo

        name = "/".join(_parts(name))
        if name in self._taken:
            raise FileExistsError(name)
        self._taken.add(name)
        member = ZipInfo(name, _DATE)
        member.compress_type = ZIP_DEFLATED
        member.external_attr = 0o644 << 16
        return _Member(self._archive.open(member, "w", force_zip64=True))


class _Member(io.BufferedWriter):
    """A member of an archive, written in larger pieces: each costs a call to the compressor."""

    def __init__(self, member: object) -> None:
        super().__init__(member, 256 * 1024)  # type: ignore[arg-type]


class SubRoom:
    """A folder within a room."""

    def __init__(self, room: Room, name: str) -> None:
        self._room = room
        self._name = name

    def file(self, name: str) -> AbstractContextManager[BinaryIO]:
        """A new file in it."""
        return self._room.file(f"{self._name}/{name}")


class CountedRoom:
    """A room that counts its files."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.files = 0

    def file(self, name: str) -> AbstractContextManager[BinaryIO]:
        """A new file in it."""
        self.files += 1
        return self._room.file(name)


def _parts(name: str) -> list[str]:
    parts = name.split("/")
    # A writer makes its names with file_name(); one that leads out of the folder is a fault of it.
    assert all(part not in ("", ".", "..") and "\\" not in part and ":" not in part for part in parts), name
    return parts


@contextlib.contextmanager
def _told(path: Path, what: str) -> Iterator[None]:
    """Turns what the file system objects to into InputError."""
    try:
        yield
    except OSError as error:
        raise InputError(
            f"this {what} cannot be written: {error.strerror or error}",
            where=str(path),
            cure="Choose a folder that you may write to, on a disk with free space",
        ) from error


def _check_parent(path: Path, what: str) -> None:
    if not path.parent.is_dir():
        raise InputError(
            f"the folder of this {what} does not exist",
            where=str(path),
            cure="Make the folder first, or choose another one",
        )


def _check_folder(path: Path) -> None:
    cure = "Name a new or empty folder, or a file that ends in .zip"
    if path.is_dir():
        if path == Path(os.path.realpath(Path.cwd())):
            raise InputError("this is the folder that you are in", where=str(path), cure=cure)
        try:
            empty = next(path.iterdir(), None) is None
        except OSError as error:
            raise InputError(
                f"this folder cannot be read: {error.strerror}", where=str(path), cure=cure
            ) from error
        if not empty:
            raise InputError(
                "this folder has something in it, which an export must not mix with",
                where=str(path),
                cure=cure,
            )
    elif path.exists():
        raise InputError("this is a file, and the export is a folder", where=str(path), cure=cure)
    _check_parent(path, "folder")


def _check_file(path: Path) -> None:
    if path.is_dir():
        raise InputError("this is a folder", where=str(path), cure="Add the name of a file to write")
    _check_parent(path, "file")
    with contextlib.suppress(OSError):
        if is_database(path):
            raise InputError(
                "this is a project or another database, which an export must not replace",
                where=str(path),
                cure="Choose another name for the export",
            )


def _mode_for(path: Path, new: int = 0o666) -> int:
    """The permissions of what is replaced, or those of anything new."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return new & ~mask
