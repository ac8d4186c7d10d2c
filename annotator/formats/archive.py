"""ZIP archives of files that can be imported: each member is a source, unpacked when it is read."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from msgspec import Struct

from annotator.core.errors import InputError, Problem
from annotator.formats.source import Source

if TYPE_CHECKING:
    from zipfile import ZipFile, ZipInfo

ENDING = ".zip"
MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
"""First bytes of an archive, and of an empty one."""
MOST_MEMBERS = 100_000
LARGEST = 200_000_000
"""Bytes of one unpacked member."""
LARGEST_TOGETHER = 2_000_000_000
"""Bytes of everything that is unpacked of an archive, with those within it."""
MOST_FOLD = 250
"""How many times as long a member may be when it is unpacked, if it has more than ``_SMALL`` bytes."""
_SMALL = 1_000_000
DEEPEST = 2
"""Archives within each other: those in an archive are opened, those in them are not."""
_GET_AGAIN = "Get the archive again, or pack it again"

USUAL = frozenset({0, 8})  # stored and deflated, by their numbers in :mod:`zipfile`
"""Ways of packing."""
_UNUSUAL = "this file is packed in a way that cannot be read"
_AS_USUAL = "Pack the archive again as a usual ZIP"

type Known = Callable[[PurePosixPath], bool]
"""Whether a member can be imported, by its name."""


def is_archive(source: Source) -> bool:
    """Whether a source is an archive of files, by its name; standard input by its first bytes."""
    if source.ending == ENDING:
        return True
    return source.path is None and source.packed is None and not source.ending and source.content[:4] in MAGIC


class _Budget(Struct):
    """What may still be unpacked of one archive."""

    members: int = MOST_MEMBERS
    bytes: int = LARGEST_TOGETHER


class _Member:
    """One member of an open archive."""

    __slots__ = ("_archive", "_info", "_name", "size")

    def __init__(self, archive: ZipFile, info: ZipInfo, name: str) -> None:
        self._archive = archive
        self._info = info
        self._name = name
        self.size = info.file_size

    def open(self) -> BinaryIO:
        """A stream of its unpacked bytes. Raises InputError where it cannot be unpacked."""
        try:
            inner = self._archive.open(self._info)
        except Exception as error:
            raise _damaged(self._name, error) from None
        return cast(BinaryIO, io.BufferedReader(_Unpacking(inner, self._name), 65_536))


class _Unpacking(io.RawIOBase):
    """A member's bytes; what is wrong with the archive becomes one sentence about it."""

    def __init__(self, inner: IO[bytes], name: str) -> None:
        super().__init__()
        self._inner = inner
        self._name = name

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._inner.read(len(buffer))
        except Exception as error:
            raise _damaged(self._name, error) from None
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        self._inner.close()
        super().close()


def _damaged(name: str, error: Exception) -> InputError:
    """The sentence for what zipfile raises: whatever it comes across, such as zlib.error."""
    unusual = isinstance(error, NotImplementedError)
    what = _UNUSUAL if unusual else "this file cannot be unpacked: the archive is damaged"
    cure = _AS_USUAL if unusual else _GET_AGAIN
    return InputError(what, where=name, cure=cure)


class _Folders(Struct):
    """Members by their folders, for files that lie beside each other."""

    found: dict[str, dict[str, Source]] = {}

    def add(self, inside: PurePosixPath, source: Source) -> None:
        self.found.setdefault(str(inside.parent), {})[inside.name] = source

    def beside(self, inside: PurePosixPath) -> Callable[[str], Source | None]:
        folder = str(inside.parent)
        return lambda name: self.found.get(folder, {}).get(name)


def members(
    source: Source, known: Known, problems: list[Problem], unknown: list[str] | None = None
) -> list[Source]:
    """The members that can be imported, in the order of their names, and those of archives among them.

    Nothing is unpacked but the list of what is inside, and archives within. What is wrong with the
    archive, or with a member of it, is reported; ``unknown`` gets the names of the other members.
    """
    found = list(_members(source, known, problems, [] if unknown is None else unknown, _Budget(), 1))
    if not found and not any(each.where.startswith(source.name) for each in problems):
        problems.append(
            Problem(
                "there is no file in this archive that can be imported",
                source.name,
                "Pack the articles' files into it",
            )
        )
    return found


def _members(
    source: Source, known: Known, problems: list[Problem], unknown: list[str], budget: _Budget, depth: int
) -> Iterator[Source]:
    from zipfile import ZipFile

    try:
        stream = source.open() if source.packed is None else _unpacked(source)
        archive = ZipFile(stream)
        infos = [each for each in archive.infolist() if not each.is_dir()]
    except InputError as error:
        problems.append(error.problem)
        return
    except OSError as error:
        what = f"this file cannot be read: {error.strerror or error}"
        problems.append(Problem(what, source.name, "Make sure that it is there and that you may read it"))
        return
    except Exception:
        what = "this ZIP archive is damaged; it may be cut off"
        problems.append(Problem(what, source.name, _GET_AGAIN))
        return
    budget.members -= len(infos)
    if budget.members < 0:
        what = f"this archive has more than {MOST_MEMBERS:,} files"
        problems.append(Problem(what, source.name, "Divide it into several archives"))
        return
    folders = _Folders()
    sources: list[tuple[PurePosixPath, Source]] = []
    for info in infos:
        inside = _place(info.filename)
        if inside is None:
            continue
        name = f"{source.name}/{inside}"
        wanted = known(inside)
        if not wanted:
            unknown.append(name)
        problem = _problem(info, name)
        if problem is not None:
            if wanted:
                problems.append(problem)
            continue
        each = Source(name, siblings=folders.beside(inside), packed=_Member(archive, info, name))
        folders.add(inside, each)
        if wanted:
            sources.append((inside, each))
            budget.bytes -= info.file_size
    if budget.bytes < 0:
        what = f"this archive unpacks to more than {LARGEST_TOGETHER / 1e9:.0f} GB"
        problems.append(Problem(what, source.name, "Divide it into several archives"))
        return
    for _inside, each in sorted(sources, key=lambda pair: pair[0].parts):
        if each.ending != ENDING:
            yield each
        elif depth >= DEEPEST:
            what = f"archives within each other are opened {DEEPEST} deep, and this one lies deeper"
            problems.append(Problem(what, each.name, "Unpack it, and import what is in it"))
        else:
            yield from _members(each, known, problems, unknown, budget, depth + 1)


def _place(filename: str) -> PurePosixPath | None:
    """Where a member lies, as a name only; None where it is hidden or is the system's own note.

    A name that leads out of the archive leads nowhere: nothing is ever written by it.
    """
    parts = [each for each in filename.replace("\\", "/").split("/") if each not in ("", ".", "..")]
    if not parts or any(each.startswith(".") or each == "__MACOSX" for each in parts):
        return None
    return PurePosixPath(*parts)


def _problem(info: ZipInfo, name: str) -> Problem | None:
    if info.flag_bits & 1:
        return Problem("this file is encrypted in the archive", name, "Pack the archive without a password")
    if info.compress_type not in USUAL:
        # The others are unpacked without regard to how much comes out.
        return Problem(_UNUSUAL, name, _AS_USUAL)
    if info.file_size > LARGEST:
        what = f"this file unpacks to {info.file_size / 1e6:,.0f} MB; it may have {LARGEST / 1e6:.0f} MB"
        return Problem(what, name, "Divide it, or unpack the archive and import the file itself")
    if info.file_size > _SMALL and info.file_size > MOST_FOLD * max(1, info.compress_size):
        what = f"this file unpacks to more than {MOST_FOLD} times its size, as only made ones do"
        return Problem(what, name, "Unpack the archive and import the file itself, if you trust it")
    return None


def _unpacked(source: Source) -> IO[bytes]:
    """An archive within another one as a file that can be read at any place; it has no name."""
    from tempfile import TemporaryFile

    unpacked: IO[bytes] = TemporaryFile()  # noqa: SIM115 - open as long as its members are
    with source.open() as packed:
        while piece := packed.read(1 << 20):
            unpacked.write(piece)
    unpacked.seek(0)
    return unpacked
