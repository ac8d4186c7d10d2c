"""What all readers share: the file as it was given, the record they give back, and their problems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from annotator.core.codebook import Codebook
from annotator.core.errors import AnnotatorError, Problem
from annotator.core.ports import ArticleLabels

MOST_PROBLEMS = 20
"""Problems of one file that are listed; after that, reading it stops."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file's content. ``name`` is what a person calls it in messages: its path, or “standard input”."""

    name: str
    data: bytes = field(repr=False)

    @property
    def short_name(self) -> str:
        """The file's name without its folders, as origins name it."""
        return Path(self.name).name or self.name

    @property
    def stem(self) -> str:
        """The file's name without folders and ending, for want of a better title."""
        return Path(self.name).stem or self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One article read from a file, with its labels and its place in the file.

    ``labels.article.id`` is empty where the file gives none. A record that is not ``native`` brings no
    labels, and one that is not ``furnished`` has no say in what is furniture.
    """

    labels: ArticleLabels
    place: str = ""
    """Where in the file it stands: ``line 3``, ``record 3``; empty where the file is the record."""
    native: bool = False
    furnished: bool = False


class TooManyProblemsError(Exception):
    """Raised by :meth:`Intake.report` when a file has shown enough problems."""


@dataclass(slots=True)
class Intake:
    """What a reader works with: the source, the codebook that labels must follow, the problems so far."""

    source: Source
    codebook: Codebook
    annotator: str | None = None
    """Whose the labels are in lines that do not say; None: such labels are a problem."""
    at: str = ""
    """Time of the import, for labels whose times the file does not tell."""
    problems: list[Problem] = field(default_factory=list)
    encoding: str = "UTF-8"
    """How the file turned out to be encoded."""

    def report(self, what: str, place: str = "", cure: str = "") -> None:
        """Add a problem of the file. Raises TooManyProblemsError when that was the last one listed."""
        where = f"{self.source.name}, {place}" if place else self.source.name
        self.problems.append(Problem(what, where, cure))
        if len(self.problems) >= MOST_PROBLEMS:
            raise TooManyProblemsError

    def close(self) -> None:
        """Say that more is wrong than is listed."""
        more = f"only the first {MOST_PROBLEMS} problems of this file are listed"
        self.problems.append(Problem(more, self.source.name, "Correct them, then import the file again"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way in which files hold articles."""

    name: str
    """As ``--format`` takes it."""
    title: str
    """As a person reads it, in the singular: “native JSONL”."""
    endings: tuple[str, ...]
    """Of the names of its files, with the dot; the first one is suggested for new files."""
    read: Callable[[Intake], Iterator[Record]] | None = None
    """Gives the records and reports problems to the intake. Raises InputError where the whole file is
    unusable."""
    write: Callable[[Iterable[ArticleLabels], BinaryIO], None] | None = None
    """Writes articles to a stream as they come."""


@dataclass(frozen=True, slots=True)
class FileRead:
    """Everything that came of one file. Where there is a problem, nothing of it may be used."""

    records: list[Record]
    problems: list[Problem]
    encoding: str


def read_source(intake: Intake, form: Format) -> FileRead:
    """Read one file whole. Never raises for what a file can hold: every problem is in the result."""
    assert form.read is not None, form.name
    records: list[Record] = []
    try:
        records.extend(form.read(intake))
    except TooManyProblemsError:
        intake.close()
    except AnnotatorError as error:
        intake.problems.append(error.problem)
    if not records and not intake.problems:
        intake.problems.append(Problem("there is no article in this file", intake.source.name))
    return FileRead([] if intake.problems else records, intake.problems, intake.encoding)
