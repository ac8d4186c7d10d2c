"""Which files an import reads: those that are named, those of folders and archives, standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.core.errors import Problem
from annotator.formats import archive, registry
from annotator.formats.base import Source

STDIN = "-"
_PROJECT = (".annot", ".annot-wal", ".annot-shm")
"""Endings of a project and of what SQLite keeps beside it."""


def gather(
    paths: Iterable[Path | str | Source], problems: list[Problem], unknown: list[str] | None = None
) -> list[Source]:
    """The files to read, in order, folders and archives searched; ``-`` is standard input.

    Reports what is not there. What is in an archive is unpacked only when it is read. ``unknown`` gets the
    names of files in folders and archives that are of no known kind, and of none's company.

    A source that was gathered before stays as it is. A file that another one reads along (the ``.txt`` of
    an ``.ann``) is not among them by itself.
    """
    found: list[Source] = []
    others: list[str] = []
    for source in _sources(paths, problems, others):
        if archive.is_archive(source):
            members = archive.members(source, registry.has_known_ending, problems, others)
            found += _articles(members, others)
        else:
            found.append(source)
    parts = set()
    for source in found:
        parts |= {Path(source.name).with_name(name) for name in registry.read_along(source)}
    if unknown is not None:
        paths_of = sorted(path for path in map(Path, others) if path not in parts)
        unknown += [str(path) for path in paths_of if not registry.belongs_to_others(path)]
    return [source for source in found if Path(source.name) not in parts] if parts else found


def _articles(sources: Iterable[Source], others: list[str]) -> Iterator[Source]:
    """Those that may hold articles; the names of the others are added to them."""
    for each in sources:
        if registry.may_be_articles(each):
            yield each
        else:
            others.append(each.name)


def _sources(
    paths: Iterable[Path | str | Source], problems: list[Problem], others: list[str]
) -> Iterator[Source]:
    for each in paths:
        if isinstance(each, Source):
            yield each
            continue
        path = Path(each)
        if str(each) == STDIN:
            yield Source("standard input", sys.stdin.buffer.read())
        elif os.path.isdir(path):  # noqa: PTH112 - Path's raises where the name is too long, or hidden
            files = sorted(_in_folder(path, problems, others), key=lambda file: file.parts)
            if not files:
                problems.append(
                    Problem(
                        "there is no article file in this folder",
                        str(path),
                        f"Articles are files whose names end in {registry.USUAL_ENDINGS}",
                    )
                )
            yield from _articles(map(Source.of, files), others)
        elif not os.path.isfile(path):  # noqa: PTH113
            problems.append(_missing(path))
        elif path.suffix.lower() in _PROJECT:  # not opened: that would drop the locks of one that is open
            problems.append(
                Problem(
                    "this is a project, not an article",
                    str(path),
                    "Open it, or export its labels and import those",
                )
            )
        else:
            yield Source.of(path)


def _missing(path: Path) -> Problem:
    """What a path is that is neither a file nor a folder."""
    try:
        path.stat()
    except FileNotFoundError:
        return Problem("there is no such file or folder", str(path), "Check its name")
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or error
        return Problem(
            f"this file cannot be read: {why}", str(path), "Check its name, and that you may read it"
        )
    # a pipe could be read only once, and a device may never end
    return Problem("this is a pipe or a device, not a file", str(path), "Save it as a file, or pipe it to -")


def _in_folder(folder: Path, problems: list[Problem], others: list[str]) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        problems.append(
            Problem(
                f"this folder cannot be read: {error.strerror}", str(error.filename), "Ask for access to it"
            )
        )

    for where, folders, names in folder.walk(on_error=unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if name.startswith("."):
                continue
            if not registry.has_known_ending(Path(name)):
                others.append(str(where / name))
            elif _lies_in(where / name, folder):
                yield where / name
            else:
                what = "this stands for a file elsewhere, or is no file"
                problems.append(Problem(what, str(where / name), "Name the file itself to import it"))


def _lies_in(file: Path, folder: Path) -> bool:
    """Whether it is a file of the folder: a link in a stranger's folder could name a private one."""
    return file.is_file() and (not file.is_symlink() or file.resolve().is_relative_to(folder.resolve()))


def size_of(source: Source) -> int:
    """The bytes of a file, at least 1, also where that cannot be told."""
    try:
        return max(1, source.size)
    except OSError:
        return 1
