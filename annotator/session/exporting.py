"""Labels out, in any format that can be written: what is selected, in parts, and what is lost by it."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Generator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from msgspec import Struct

from annotator.core.errors import UsageError
from annotator.core.ports import ArticleFilter, ArticleLabels
from annotator.core.records import replace
from annotator.core.text import counted
from annotator.formats.base import Format
from annotator.formats.output import Losses, Output
from annotator.formats.registry import writer_for
from annotator.session.exported_lines import as_exported
from annotator.session.selecting import ALL_STATES, Selection, Split
from annotator.session.targets import (
    STDOUT,
    CountedRoom,
    Room,
    SubRoom,
    archiving,
    filling,
    identity,
    replacing,
    standard_output,
)

if TYPE_CHECKING:
    from annotator.session.project import Project

_STEP = 50
_MANY = 2_000
"""Articles with so many labels that a second process makes up for the half second in which it starts."""
_ZIP = ".zip"

type Confirming = Callable[[list[str]], bool]
"""Asked with what would be lost, a sentence each, before anything is there; False: nothing is written."""


class ExportReport(Struct):
    """What an export wrote."""

    target: str
    """The file or folder, or “standard output”."""
    format: str = "jsonl"
    articles: int = 0
    lines: int = 0
    """One per article and annotator."""
    spans: int = 0
    relations: int = 0
    files: int = 0
    """That were written, however many of them are in an archive."""
    parts: dict[str, int] = {}
    """Articles of each part of a split."""
    losses: list[str] = []
    """What the format cannot hold, a sentence each."""
    unfinished: bool = False
    """Whether some of it went to standard output, and the rest did not."""
    folder: bool = False
    """Whether the files are in a folder."""
    cancelled: bool = False
    """Nothing was written, for that would have been lost."""

    @property
    def interruption(self) -> str:
        """What is where ``Ctrl+C`` has ended it."""
        if self.unfinished:
            return f"{self.target} has only a part of the export."
        there = os.path.lexists(self.target)
        return f"Nothing was exported{f'; {self.target} is as it was' if there else ''}."

    @property
    def sentence(self) -> str:
        """What happened, for a person."""
        if self.cancelled:
            return "Nothing was exported."
        form = writer_for(self.format)
        if not form.articles:
            return f"{form.title} written to {self.target}. It holds neither articles nor labels."
        if not self.lines:
            return f"Nothing to export: no article fits. {self.target} is empty."
        within = f" in {counted(self.lines, 'line')}" if self.format == "jsonl" else ""
        folder = "the folder " if self.folder else ""
        without = ", without what it cannot hold" if self.losses else ""
        files = f" ({counted(self.files, 'file')})" if self.files > 1 else ""
        parts = ", ".join(f"{number:,} {name}" for name, number in self.parts.items())
        return (
            f"{counted(self.articles, 'article')}{within} with "
            f"{counted(self.spans, 'span')} and {counted(self.relations, 'relation')} "
            f"written to {folder}{self.target}{files}{without}."
            f"{f' By part: {parts}.' if parts else ''}"
        )


class _DeclinedError(Exception):
    """The person does not want what would be lost."""


def export_labels(
    project: Project,
    out: Path | str,
    *,
    format: str = "jsonl",  # noqa: A002 - the word of the command line
    selection: Selection | None = None,
    include_suggestions: bool = False,
    progress: Callable[[int, int], None] | None = None,
    confirm: Confirming | None = None,
) -> ExportReport:
    """Write the project's labels; streamed.

    ``out`` is a file, or a folder or an archive (``NAME.zip``) for a format of many files and for a
    split; ``-`` is standard output. A file replaces an older one, a folder must be new or empty; both are
    there when they are complete, or not at all. ``include_suggestions`` is short for a selection of all
    states. ``progress`` gets articles; what it raises ends it. ``confirm`` is asked where the format cannot
    hold something; what then goes to standard output waits for the answer.

    Raises InputError where it cannot be written or nobody of that name has labelled, UsageError for an
    unknown format and for one that the target cannot take, ProjectError where the project cannot be read.
    """
    writer = writer_for(format)
    selection = selection or Selection()
    if include_suggestions:
        selection = replace(selection, states=ALL_STATES)
    if selection.annotator is not None:
        project.refuse_stranger(selection.annotator)
    report = ExportReport("standard output" if str(out) == STDOUT else str(out), format)
    work = _Export(project, writer, selection, report, progress)
    before = identity(Path(out))
    try:
        work.to(out, confirm)
    except _DeclinedError:
        pass
    except KeyboardInterrupt as interrupt:
        late = identity(Path(out)) not in (None, before)  # it came when all was there
        interrupt.add_note(f"Interrupted. {report.sentence if late else report.interruption}")
        raise
    return report


class _Export:
    """One export: what is read, and how it is written."""

    def __init__(
        self,
        project: Project,
        form: Format,
        selection: Selection,
        report: ExportReport,
        progress: Callable[[int, int], None] | None,
    ) -> None:
        self._repository = project.repository
        # As the file has it: somebody else may have changed it since the project was opened.
        self._codebook = project.repository.codebook()
        self._form = form
        self._selection = selection
        self._report = report
        self._progress = progress
        self._losses = Losses()

    # -- where to -----------------------------------------------------------------------------

    def to(self, out: Path | str, confirm: Confirming | None) -> None:
        """Write to a file, a folder, an archive or standard output."""
        form, split = self._form, self._selection.split
        many = form.many or split is not None
        if str(out) == STDOUT:
            if many:
                what = "a split" if split is not None else f"the format {form.name}"
                raise UsageError(
                    f"{what} has several files, which do not go to standard output",
                    cure="Name a new folder, or a file that ends in .zip",
                )
            whole = bool(form.cannot_hold)
            self._report.unfinished = not whole
            with standard_output(whole=whole) as stream:
                self._write_stream(stream)
                self._ask(confirm)
                self._report.unfinished = True
            self._report.unfinished = False
            return
        path = Path(out)
        if path.suffix.lower() == _ZIP:
            with archiving(path) as room:
                self._write_room(room, f"{path.stem or 'labels'}{form.endings[0]}")
                self._ask(confirm)
        elif many:
            self._report.folder = True
            with filling(path) as room:
                self._write_room(room, "")
                self._ask(confirm)
        else:
            with replacing(path) as stream:
                self._write_stream(stream)
                self._ask(confirm)

    def _ask(self, confirm: Confirming | None) -> None:
        self._report.losses = [f"{self._form.title} cannot hold {each}." for each in self._losses.sentences]
        if not self._form.articles:  # nobody expects them in it; the report says so
            return
        if self._losses and confirm is not None and not confirm(self._report.losses):
            self._report.cancelled = True
            raise _DeclinedError

    def _write_room(self, room: Room, alone: str) -> None:
        """Write every file; ``alone`` is the name of the one where there is one only."""
        counting = CountedRoom(room)
        split = self._selection.split
        if split is None:
            self._write_part(counting, alone, None)
        else:
            for name, articles in self._parts(split).items():
                self._report.parts[name] = len(articles)
                inside = SubRoom(counting, name) if self._form.many else counting
                self._write_part(inside, f"{name}{self._form.endings[0]}", articles)
        self._report.files = counting.files

    def _write_part(self, room: Room, name: str, articles: Sequence[str] | None) -> None:
        if self._form.many:
            self._write(Output(self._codebook, file=room.file, losses=self._losses), articles)
        else:
            with room.file(name) as stream:
                self._write(Output(self._codebook, stream, losses=self._losses), articles)

    def _write_stream(self, stream: BinaryIO) -> None:
        self._report.files = 1
        self._write(Output(self._codebook, stream, losses=self._losses), None)

    def _write(self, output: Output, articles: Sequence[str] | None) -> None:
        assert self._form.write is not None
        # closed before the project is, also where writing fails
        with contextlib.closing(self._lines(articles)) as lines:
            self._form.write(lines, output)

    # -- what ---------------------------------------------------------------------------------

    def _lines(self, articles: Sequence[str] | None) -> Generator[ArticleLabels]:
        """What is selected, of these articles or of all, as it is written; counts it."""
        selection, report, progress = self._selection, self._report, self._progress
        total = self._repository.count_articles(ArticleFilter(), selection.annotator or "")
        last = ""
        found = self._repository.iter_labels(
            suggestions=selection.suggestions,
            annotator=selection.annotator,
            statuses=selection.statuses,
            articles=articles,
            many=total >= _MANY,
        )
        with contextlib.closing(found):  # whoever stops in the middle leaves no transaction open
            for labels in found:
                line = as_exported(selection.of(labels), self._codebook, tokens=self._form.tokens)
                if line.article.id != last:
                    last = line.article.id
                    report.articles += 1
                    if progress and report.articles % _STEP == 0:
                        progress(report.articles, total)
                report.lines += 1
                report.spans += len(line.spans)
                report.relations += len(line.relations)
                yield line
        if progress and articles is None:
            progress(total, total)

    def _parts(self, split: Split) -> Mapping[str, Sequence[str]]:
        """Which of the articles that are exported go into which part."""
        selection = self._selection
        found = self._repository.iter_labels(annotator=selection.annotator, statuses=selection.statuses)
        hashes = {}
        with contextlib.closing(found):
            for nth, each in enumerate(found):
                if self._progress and nth % _STEP == 0:
                    self._progress(0, 0)
                hashes[each.article.id] = each.article.sha256
        return split.parts(hashes)
