"""The file that a reader reads: on the disk, in an archive, or from standard input."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol

from msgspec import Struct

HEAD = 64 * 1024
"""Bytes by which a format is told."""


class Packed(Protocol):
    """A file in an archive, which is unpacked whenever it is read."""

    size: int
    """Its bytes when it is unpacked."""

    def open(self) -> BinaryIO:
        """A stream from its start. Raises InputError where the archive is damaged."""
        ...


class Source(Struct, frozen=True):
    """A file's content. ``name`` is what a person calls it in messages: its path, or “standard input”.

    ``content`` where it is in memory already, otherwise ``path`` or ``packed``; a file on the disk may be
    large, so that readers should take it piece by piece from :meth:`open`.
    """

    name: str
    content: bytes = b""
    path: Path | None = None
    siblings: Callable[[str], Source | None] | None = None
    """Gives another file of the same folder (or archive) by its name, where it is not on the disk."""
    packed: Packed | None = None

    def __repr__(self) -> str:
        return f"Source({self.name!r})"

    @classmethod
    def of(cls, path: Path) -> Source:
        """A file on the disk."""
        return cls(str(path), path=path)

    @property
    def data(self) -> bytes:
        """Everything that is in it. Raises OSError."""
        if self.packed is not None:
            with self.packed.open() as stream:
                return stream.read()
        return self.content if self.path is None else self.path.read_bytes()

    @property
    def size(self) -> int:
        """Its bytes. Raises OSError."""
        if self.packed is not None:
            return self.packed.size
        return len(self.content) if self.path is None else self.path.stat().st_size

    @property
    def short_name(self) -> str:
        """The file's name without its folders, as origins name it."""
        return Path(self.name).name or self.name

    @property
    def stem(self) -> str:
        """The file's name without folders and ending, for want of a better title."""
        return Path(self.name).stem or self.name

    @property
    def ending(self) -> str:
        """The ending of its name, with the dot, in small letters."""
        return Path(self.name).suffix.lower()

    def open(self) -> BinaryIO:
        """A stream from its start. Raises OSError."""
        if self.packed is not None:
            return self.packed.open()
        return io.BytesIO(self.content) if self.path is None else self.path.open("rb")

    def head(self) -> bytes:
        """Its first bytes, at most :data:`HEAD`. Raises OSError."""
        with self.open() as stream:
            return stream.read(HEAD)

    def beside(self, name: str) -> Source | None:
        """The file of that name in the same folder or archive; None if there is none.

        A name with a folder in it is never followed.
        """
        if not name or PurePosixPath(name).name != name or "\\" in name or name in (".", ".."):
            return None
        if self.siblings is not None:
            return self.siblings(name)
        if self.path is None:
            return None
        other = self.path.with_name(name)
        inside = not other.is_symlink() or other.resolve().parent == self.path.parent.resolve()
        return Source.of(other) if other.is_file() and inside else None
