"""Which files an import reads: those that are named, those of folders, standard input."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from annotator.core.errors import Problem
from annotator.formats import registry
from annotator.formats.base import Source

STDIN = "-"


def gather(paths: Iterable[Path | str | Source], problems: list[Problem]) -> list[Source]:
    """The files to read, in order, folders searched; ``-`` is standard input. Reports what is not there.

    A source that was gathered before stays as it is. A file that another one reads along (the ``.txt`` of
    an ``.ann``) is not among them by itself.
    """
    found = list(_sources(paths, problems))
    parts = set()
    for source in found:
        if source.path is not None:
            parts |= {source.path.with_name(name) for name in registry.read_along(source)}
    return [source for source in found if source.path not in parts]


def _sources(paths: Iterable[Path | str | Source], problems: list[Problem]) -> Iterator[Source]:
    for each in paths:
        if isinstance(each, Source):
            yield each
            continue
        path = Path(each)
        if str(each) == STDIN:
            yield Source("standard input", sys.stdin.buffer.read())
        elif path.is_dir():
            files = sorted(_in_folder(path, problems), key=lambda file: file.parts)
            if not files:
                endings = ", ".join(registry.ENDINGS)
                problems.append(
                    Problem(
                        "there is no article file in this folder",
                        str(path),
                        f"Articles are files whose names end in {endings}",
                    )
                )
            yield from map(Source.of, files)
        elif path.exists():
            yield Source.of(path)
        else:
            problems.append(Problem("there is no such file or folder", str(path), "Check its name"))


def _in_folder(folder: Path, problems: list[Problem]) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        problems.append(
            Problem(
                f"this folder cannot be read: {error.strerror}", str(error.filename), "Ask for access to it"
            )
        )

    for where, folders, names in folder.walk(on_error=unreadable):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            if not name.startswith(".") and registry.has_known_ending(Path(name)):
                if _lies_in(where / name, folder):
                    yield where / name
                else:
                    what = "this stands for a file elsewhere, or is no file"
                    problems.append(Problem(what, str(where / name), "Name the file itself to import it"))


def _lies_in(file: Path, folder: Path) -> bool:
    """Whether it is a file of the folder: a link in a stranger's folder could name a private one."""
    return file.is_file() and (not file.is_symlink() or file.resolve().is_relative_to(folder.resolve()))
