"""Labels out: a file that is there whole or not at all, or standard output."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from annotator.core.errors import InputError
from annotator.core.model import Status
from annotator.core.ports import ArticleFilter, ArticleLabels
from annotator.core.text import counted
from annotator.formats.output import Output
from annotator.formats.registry import writer_for
from annotator.session.exported_lines import as_exported
from annotator.store.parts import part_beside, remove_leftovers

if TYPE_CHECKING:
    from annotator.session.project import Project

STDOUT = "-"
_STEP = 50
_SQLITE = b"SQLite format 3\0"
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@dataclass(slots=True)
class ExportReport:
    """What an export wrote."""

    target: str
    """The file, or “standard output”."""
    articles: int = 0
    lines: int = 0
    """One per article and annotator."""
    spans: int = 0
    relations: int = 0

    @property
    def sentence(self) -> str:
        """What happened, for a person."""
        if not self.lines:
            return f"Nothing to export: no article fits. {self.target} is empty."
        return (
            f"{counted(self.articles, 'article')} in {counted(self.lines, 'line')} with "
            f"{counted(self.spans, 'span')} and {counted(self.relations, 'relation')} "
            f"written to {self.target}."
        )


def export_jsonl(
    project: Project,
    out: Path | str,
    *,
    include_suggestions: bool = False,
    statuses: frozenset[Status] = frozenset(),
    annotator: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    format: str = "jsonl",  # noqa: A002 - the word of the command line
) -> ExportReport:
    """Write the project's labels to a file, or with ``-`` to standard output; streamed.

    The file replaces an older one of its name only when it is complete. ``statuses``: only lines whose
    annotator has the article in one of them (empty: all). ``annotator``: only this one's. ``progress``
    gets articles. Raises InputError where the file cannot be written or nobody of that name has
    labelled, UsageError for an unknown format, ProjectError where the project cannot be read.
    """
    writer = writer_for(format)
    assert writer.write is not None
    repository = project.repository
    if annotator is not None:
        project.refuse_stranger(annotator)
    codebook = repository.codebook()  # somebody else may have changed it since the project was opened
    total = repository.count_articles(ArticleFilter(), annotator or "") if progress else 0
    report = ExportReport("standard output" if str(out) == STDOUT else str(out))

    def lines() -> Iterator[ArticleLabels]:
        last = ""
        found = repository.iter_labels(
            suggestions=include_suggestions, annotator=annotator, statuses=statuses
        )
        for labels in found:
            line = as_exported(labels, codebook)
            if line.article.id != last:
                last = line.article.id
                report.articles += 1
                if progress and report.articles % _STEP == 0:
                    progress(report.articles, total)
            report.lines += 1
            report.spans += len(line.spans)
            report.relations += len(line.relations)
            yield line
        if progress:
            progress(total, total)

    if str(out) == STDOUT:
        writer.write(lines(), Output(codebook, sys.stdout.buffer))
        sys.stdout.buffer.flush()
    else:
        with replacing(Path(out)) as stream:
            writer.write(lines(), Output(codebook, stream))
    return report


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A stream whose content becomes the file when the block ends well; otherwise all is as before.

    Raises InputError for whatever the file system objects to.
    """
    path = Path(os.path.realpath(path))
    _check_target(path)
    try:
        if path.exists() and not path.is_file():  # a pipe or a device, which cannot be replaced
            with path.open("wb") as stream:
                yield stream
            return
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
    except OSError as error:
        raise InputError(
            f"this file cannot be written: {error.strerror or error}",
            where=str(path),
            cure="Choose a folder that you may write to, on a disk with free space",
        ) from error


def _check_target(path: Path) -> None:
    if path.is_dir():
        raise InputError("this is a folder", where=str(path), cure="Add the name of a file to write")
    if not path.parent.is_dir():
        raise InputError(
            "the folder of this file does not exist",
            where=str(path),
            cure="Make the folder first, or choose another one",
        )
    with contextlib.suppress(OSError):
        if path.is_file():
            with path.open("rb") as there:
                if there.read(len(_SQLITE)) == _SQLITE:
                    raise InputError(
                        "this is a project or another database, which an export must not replace",
                        where=str(path),
                        cure="Choose another name for the export",
                    )


def _mode_for(path: Path) -> int:
    """The permissions of the file that is replaced, or those of any new file."""
    with contextlib.suppress(OSError):
        return path.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
