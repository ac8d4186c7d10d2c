"""What all readers share: the file as it was given, the record they give back, and their problems."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from annotator.core.codebook import Codebook
from annotator.core.errors import AnnotatorError, Problem
from annotator.core.mapping import ImportMapping
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.core.text import counted, excerpt, quotes_shortened
from annotator.formats.foreign import Foreign
from annotator.formats.offsets import Unit
from annotator.formats.output import Output
from annotator.formats.source import Source as Source

if TYPE_CHECKING:
    from annotator.core.lacking import Lacking

CORRECT_IT = "Correct it in the file, then import the file again"
"""What to do about a problem for which there is nothing better to say."""
MOST_PROBLEMS = 20
"""Problems of one file that are listed; after that, reading it stops."""
_NAMED = 3
"""Of problems that are alike, how many are named."""


class Record(Struct, frozen=True, kw_only=True):
    """One article read from a file, with its labels and its place in the file.

    ``labels.article.id`` is empty where the file gives none. A record that is neither ``native`` nor
    ``foreign`` brings no labels, and one that is not ``furnished`` has no say in what is furniture.
    """

    labels: ArticleLabels
    place: str = ""
    """Where in the file it stands: ``line 3``, ``record 3``; empty where the file is the record."""
    native: bool = False
    furnished: bool = False
    foreign: Foreign | None = None
    """Labels in another tool's words; ``labels`` has only the article then."""


class TooManyProblemsError(Exception):
    """Raised by :meth:`Intake.report` when a file has shown enough problems."""


class Preview(Struct):
    """The columns, or keys, of a file and its first rows."""

    rows_wanted: int
    columns: list[str] = []
    rows: list[Mapping[str, Any]] = []

    @property
    def wants_more(self) -> bool:
        """Whether further rows are to be shown."""
        return len(self.rows) < self.rows_wanted

    def show(self, row: Mapping[str, Any]) -> None:
        """Take a row, if it is one of the first ones."""
        if self.wants_more:
            self.rows.append(row)
            if row.keys() - set(self.columns):
                self.columns += [name for name in row if name not in self.columns]


class Intake(Struct, dict=True):
    """What a reader works with: the source, the codebook that labels must follow, the problems so far."""

    source: Source
    codebook: Codebook
    annotator: str | None = None
    """Whose the labels are in lines that do not say; None: such labels are a problem."""
    at: str = ""
    """Time of the import, for labels whose times the file does not tell."""
    problems: list[Problem] = []
    encoding: str = "UTF-8"
    """How the file turned out to be encoded."""
    position: int = 0
    """How many of its bytes have been read, where the reader tells while it goes along."""
    mapping: ImportMapping = ImportMapping()
    """What a person has said about the file's columns; readers of tables and plain JSON follow it."""
    preview: Preview | None = None
    """Where a preview is made: what those readers show of the file."""
    used: set[str] = set()
    """Columns of the mapping that the file has."""
    left_out: Counter[str] = field(default_factory=Counter)
    """What the file has and a project cannot hold, by what it is, in the singular."""
    lacking: Lacking | None = None
    """Where it may be added to the codebook: what collects what that lacks of the program's own files."""
    extends: bool = False
    """Whether it will be added, so that it is no problem."""

    @cached_property
    def _told(self) -> dict[str, tuple[int, int]]:
        """What was told once for all → its place in the problems, how often; a copy begins anew."""
        return {}

    @cached_property
    def _alike(self) -> dict[str, list[str]]:
        """What came up several times with another name or place → the first ones."""
        return {}

    def leave_out(self, what: str) -> None:
        """Count something right in the file that has no place in a project: it is told after the import."""
        self.left_out[what] += 1

    def report(self, what: str, place: str = "", cure: str = "") -> None:
        """Add a problem of the file. Raises TooManyProblemsError when that was the last one listed."""
        where = f"{self.source.name}, {place}" if place else self.source.name
        self.problems.append(Problem(quotes_shortened(what), where, cure or CORRECT_IT))
        if len(self.problems) >= MOST_PROBLEMS:
            raise TooManyProblemsError

    def report_once(self, what: str, place: str = "", cure: str = "", noun: str = "") -> None:
        """As :meth:`report`; the same sentence comes up once, at its first place, with how often.

        ``noun``: what has it, in the singular, if the number is worth telling from the first time on.
        """
        what = quotes_shortened(what)
        if what not in self._told:
            self._told[what] = len(self.problems), 1
            self.report(f"{what} ({counted(1, noun)})" if noun else what, place, cure)
            return
        index, times = self._told[what]
        self._told[what] = index, times + 1
        said = f"{what} ({counted(times + 1, noun)})" if noun else f"{what} ({times + 1:,} times)"
        self.problems[index] = replace(self.problems[index], what=said)

    def report_alike(self, what: str, several: str, name: str, place: str, cure: str) -> None:
        """As :meth:`report`; from the second time on ``several`` is told in its stead, with how often.

        The first ones are named by ``name``, or only by their places where that is empty.
        """
        first = self._alike.setdefault(several, [])
        if len(first) < _NAMED:
            first.append(f"{excerpt(name)} in {place}" if name else place)
        if several not in self._told:
            self._told[several] = len(self.problems), 1
            self.report(what, place, cure)
            return
        index, before = self._told[several]
        times = before + 1
        self._told[several] = index, times
        more = ", …" if times > len(first) else ""
        said = f"{quotes_shortened(several)} ({times:,} times): {', '.join(first)}{more}"
        self.problems[index] = replace(self.problems[index], what=said, where=self.source.name)

    def close(self) -> None:
        """Say that more is wrong than is listed."""
        more = f"only the first {MOST_PROBLEMS} problems of this file are listed"
        self.problems.append(Problem(more, self.source.name, "Correct them, then import the file again"))


class Format(Struct, frozen=True, kw_only=True):
    """One way in which files hold articles, and perhaps labels."""

    name: str
    """As ``--format`` takes it."""
    title: str
    """As a person reads it, in the singular: “native JSONL”."""
    endings: tuple[str, ...]
    """Of the names of its files, with the dot; the first one is suggested for new files."""
    unit: Unit = Unit.NONE
    """What its offsets count."""
    cannot_hold: tuple[str, ...] = ()
    """What is lost when labels are written in it, in the words in which the writer counts it."""
    sniff: Callable[[Source], bool] | None = None
    """Whether a file looks like this format, by name and first bytes (:meth:`Source.head`); quick, and
    never raises for what the bytes are. Those of the registry are asked in its order, and one that says
    yes is sure: without one, the ending decides."""
    read: Callable[[Intake], Iterator[Record]] | None = None
    """Gives the records, as it goes along, and reports problems to the intake. Raises InputError where
    the whole file is unusable."""
    write: Callable[[Iterable[ArticleLabels], Output], None] | None = None
    """Writes articles as they come, and counts in ``Output.losses`` what it cannot hold."""
    articles: bool = True
    """Whether what is written holds the articles, not the codebook alone."""
    tokens: bool = True
    """Whether the writer looks at the articles' tokens, which take long to make."""
    many: bool = False
    """Whether it writes several files: into a new folder, or a ZIP archive."""
    also: Callable[[Source], Iterable[str]] | None = None
    """Names of other files beside a source that are part of what it reads there (the ``.txt`` of an
    ``.ann``): where both are given to the import, they are not read by themselves."""


class FileRead(Struct, frozen=True):
    """Everything that came of one file. Where there is a problem, nothing of it may be used."""

    records: list[Record]
    problems: list[Problem]
    encoding: str


def no_article(source: Source) -> Problem:
    """That a file holds no article."""
    return Problem("there is no article in this file", source.name, "Choose another one, or leave it out")


def records_of(intake: Intake, form: Format) -> Iterator[Record]:
    """Read one file record by record. Never raises for what a file can hold: every problem goes to the
    intake, and with one nothing of the file may be used. Raises OSError."""
    assert form.read is not None, form.name
    empty = True
    try:
        for record in form.read(intake):
            empty = False
            yield record
    except TooManyProblemsError:
        intake.close()
    except AnnotatorError as error:
        intake.problems.append(error.problem)
    if empty and not intake.problems:
        intake.problems.append(no_article(intake.source))


def read_source(intake: Intake, form: Format) -> FileRead:
    """Read one file whole, as :func:`records_of`."""
    records = list(records_of(intake, form))
    return FileRead([] if intake.problems else records, intake.problems, intake.encoding)
