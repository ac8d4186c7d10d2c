"""Articles in: files, folders, standard input and pasted text into a project, all or nothing per file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.codebook import Codebook
from annotator.core.errors import InputError, StoppedError
from annotator.core.in_bulk import in_bulk
from annotator.core.mapping import ImportMapping
from annotator.core.model import now
from annotator.core.ports import ArticleLabels
from annotator.core.text import normalise
from annotator.formats import registry
from annotator.formats.base import Intake, Record, Source
from annotator.formats.plain import article_of
from annotator.formats.text import title_of
from annotator.session.gathering import gather, size_of
from annotator.session.import_report import ImportReport as ImportReport
from annotator.session.taking import MOST_CHARACTERS as MOST_CHARACTERS
from annotator.session.taking import Importer

if TYPE_CHECKING:
    from annotator.session.project import Project

MOST_BYTES_UNASKED = 30_000_000
"""Of all files together, in which copies are looked for without being asked."""

type Progressing = Callable[[int, int], None]
"""Called with how much of how much is done."""


def import_paths(
    project: Project,
    paths: Iterable[Path | str | Source],
    *,
    format: str = registry.AUTO,  # noqa: A002 - the word of the command line
    dry_run: bool = False,
    progress: Progressing | None = None,
    annotator: str | None = None,
    mapping: ImportMapping | None = None,
    as_suggestions: bool = False,
    all_mine: bool = False,
    skip_copies: bool = False,
    codebook: Codebook | None = None,
) -> ImportReport:
    """Import files and whole folders; ``-`` is standard input.

    Each file is taken whole or not at all; what is wrong with it is in the report. Articles whose text
    is in the project already are skipped and counted; labels by annotators who have none there yet are
    added to it. ``annotator``: whose the labels are in lines that do not say. ``mapping``: how names of
    other tools' files become the codebook's. ``as_suggestions``: other tools' labels are nobody's, to be
    decided on. ``all_mine``: they are the annotator's, whoever made them. ``skip_copies``: articles that
    nearly repeat others are left out; otherwise they are only told, unless there are many articles.
    ``progress`` gets bytes. A mapping that extends the codebook does so in one edit before the import, and
    only where that goes through; ``codebook``: by which a dry run reads instead of the project's.
    Where ``progress`` raises StoppedError, files that were taken before stay; the report has the others. They
    stay after a KeyboardInterrupt, too, which then has a note that says what came of the import.
    Raises UsageError for an unknown format, ProjectError where the project cannot be written.
    """
    if mapping is not None and mapping.extend:
        from annotator.session.extending import import_extending

        return import_extending(
            project,
            paths,
            format=format,
            dry_run=dry_run,
            progress=progress,
            annotator=annotator,
            mapping=mapping,
            as_suggestions=as_suggestions,
            all_mine=all_mine,
            skip_copies=skip_copies,
        )
    report = ImportReport(dry_run=dry_run)
    if format != registry.AUTO:
        registry.reader_for(Source("", b""), format)
    files = gather(paths, report.problems, report.unknown)
    work = Importer(project, report, format, annotator, mapping or ImportMapping(), as_suggestions, all_mine)
    work.codebook = codebook
    work.copies.skip = report.copies_skipped = skip_copies
    with in_bulk():
        try:
            _import_files(work, files, progress)
            work.finish()
        except KeyboardInterrupt as interrupt:
            with suppress(KeyboardInterrupt):  # another one, which has waited
                work.flush()
            interrupt.add_note(report.interruption)
            raise
    return report


def _import_files(work: Importer, files: list[Source], progress: Progressing | None) -> None:
    sizes = [size_of(source) for source in files]
    total = sum(sizes)
    if not work.copies.skip and total > MOST_BYTES_UNASKED:
        work.copies.gave_up = True
    for nth, (source, size, before) in enumerate(
        zip(files, sizes, accumulate(sizes, initial=0), strict=False)
    ):

        def step(part: float, before: int = before, size: int = size) -> None:
            if progress is not None:
                progress(before + int(size * part), total)

        told = work.report.files
        try:
            step(0)
            taken = work.take_file(source, step)
        except InputError as error:
            work.report.problems.append(error.problem)
            taken = False
        except StoppedError:
            work.report.left = files[nth:]
            break
        except KeyboardInterrupt:
            work.report.left = files[nth + work.report.files - told :]
            raise
        if not taken:
            work.report.refused.append(source)
    else:
        if progress is not None:
            with suppress(StoppedError):  # too late: everything is taken
                progress(total, total)


def import_text(project: Project, text: str, title: str | None = None) -> ImportReport:
    """Add a text as a new article; its title is its first line if none is given.

    Raises InputError for an empty text, or one that holds half a character.
    """
    text = normalise(text)
    if any("\ud800" <= c <= "\udfff" for c in text + (title or "")):
        raise InputError("the text holds half a character (U+D800 to U+DFFF)", cure="Copy the text again")
    if not text.strip():
        raise InputError("there is no text to add", cure="Copy the article's text first")
    report = ImportReport()
    article = article_of(text, " ".join((title or "").split()) or title_of(text, "Untitled article"))
    record = Record(labels=ArticleLabels(article=article, annotator=None))
    work = Importer(project, report, registry.AUTO, None)
    work.copies.gave_up = True  # that would take as long as everything else for a single text
    intake = Intake(Source("pasted text", b""), project.codebook, at=now())
    work.take_records(lambda: ([record], intake, None), lambda _: None)
    work.flush()
    return report
