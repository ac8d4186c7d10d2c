"""Articles in: files, folders, standard input and pasted text into a project, all or nothing per file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.codebook import Codebook
from annotator.core.errors import InputError, Problem
from annotator.core.mapping import ImportMapping
from annotator.core.model import now
from annotator.core.ports import ArticleLabels, NewArticle
from annotator.core.text import counted, normalise
from annotator.formats import registry
from annotator.formats.base import Intake, Record, Source, TooManyProblemsError, read_source
from annotator.formats.encoding import UTF8
from annotator.formats.plain import article_of
from annotator.formats.text import title_of
from annotator.session.copies_of import Likeness, Watch
from annotator.session.copies_of import sentence_of as copies_sentence
from annotator.session.extending import import_extending, unused_columns
from annotator.session.foreign import Translator, sentence_of
from annotator.session.gathering import gather
from annotator.session.incoming import Incoming
from annotator.session.people import person

if TYPE_CHECKING:
    from annotator.session.project import Project

MOST_CHARACTERS = 2_000_000
"""No article is longer, several novels are not; beyond it a page could not be worked on smoothly."""
_TOGETHER = 100
"""Articles from which a file gets a transaction of its own; smaller ones share one, which costs as much
as reading several."""
_CHARACTERS_TOGETHER = 500_000

type Progressing = Callable[[int, int], None]
"""Called with how much of how much is done."""


@dataclass(slots=True, kw_only=True)
class ImportReport:
    """What an import did; with problems, nothing was taken of the files that they name."""

    files: int = 0
    """Files that were taken."""
    articles: int = 0
    """Articles that were added."""
    first_article: str | None = None
    """Id of the first article that was added."""
    duplicates: int = 0
    """Articles, or an annotator's labels of one, that were there already and were skipped."""
    labelled: int = 0
    """Articles that were there already and got labels of further annotators."""
    labels: int = 0
    """Own spans and relations of annotators that came along."""
    problems: list[Problem] = field(default_factory=list)
    encodings: dict[str, str] = field(default_factory=dict)
    """File → its encoding, where that is not UTF-8."""
    dry_run: bool = False
    left_out: Counter[str] = field(default_factory=Counter)
    """What the mapping leaves out of other tools' labels, by what it is: span, relation, …"""
    copies: list[Likeness] = field(default_factory=list)
    """New articles that nearly repeat others, of the project or of the files."""
    copies_skipped: bool = False
    """Whether they were left out."""
    copies_unknown: bool = False
    """There were too many articles to look for copies unasked."""
    extension: str = ""
    """What was added to the codebook before: “Adds 2 labels”."""

    @property
    def sentence(self) -> str:
        """What happened, for a person."""
        done = "would be added" if self.dry_run else "added"
        parts = [f"{counted(self.articles, 'article')} {done}" if self.articles else f"No article {done}"]
        if self.labels:
            parts[0] += f" with {counted(self.labels, 'label')}"
        if self.labelled:
            verb = "would get" if self.dry_run else "got"
            parts.append(f"{counted(self.labelled, 'article')} {verb} labels of further annotators")
        if self.duplicates:
            parts.append(f"{counted(self.duplicates, 'duplicate')} skipped")
        if alike := copies_sentence(self.copies, skipped=self.copies_skipped):
            parts.append(alike)
        if left := sentence_of(self.left_out):
            parts.append(left)
        if self.extension:
            what = self.extension.removeprefix("Adds ")
            parts.append(
                f"{what} {'would be' if self.dry_run else ''} added to the codebook".replace("  ", " ")
            )
        for name, encoding in list(self.encodings.items())[:3]:
            parts.append(f"{name} was read as {encoding}")
        if len(self.encodings) > 3:
            parts.append(f"{len(self.encodings) - 3} more files were not UTF-8")
        return "; ".join(parts) + "."


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
    skip_copies: bool = False,
    codebook: Codebook | None = None,
) -> ImportReport:
    """Import files and whole folders; ``-`` is standard input.

    Each file is taken whole or not at all; what is wrong with it is in the report. Articles whose text
    is in the project already are skipped and counted; labels by annotators who have none there yet are
    added to it. ``annotator``: whose the labels are in lines that do not say. ``mapping``: how names of
    other tools' files become the codebook's. ``as_suggestions``: other tools' labels are nobody's, to be
    decided on. ``skip_copies``: articles that nearly repeat others are left out; otherwise they are only
    told, unless there are many articles. ``progress`` gets bytes. A mapping that extends the codebook does
    so in one edit before the import, and only where that goes through; ``codebook``: by which a dry run
    reads instead of the project's.
    Raises UsageError for an unknown format, ProjectError where the project cannot be written.
    """
    if mapping is not None and mapping.extend:
        return import_extending(
            project,
            paths,
            format=format,
            dry_run=dry_run,
            progress=progress,
            annotator=annotator,
            mapping=mapping,
            as_suggestions=as_suggestions,
            skip_copies=skip_copies,
        )
    report = ImportReport(dry_run=dry_run)
    if format != registry.AUTO:
        registry.reader_for(Source("", b""), format)
    files = gather(paths, report.problems)
    sizes = [_size(source) for source in files]
    total = sum(sizes)
    work = _Importer(project, report, format, annotator, mapping or ImportMapping(), as_suggestions)
    work.codebook = codebook
    work.copies.skip = report.copies_skipped = skip_copies
    for source, size, before in zip(files, sizes, accumulate(sizes, initial=0), strict=False):

        def step(part: float, before: int = before, size: int = size) -> None:
            if progress is not None:
                progress(before + int(size * part), total)

        step(0)
        try:
            work.take_file(source, step)
        except InputError as error:
            report.problems.append(error.problem)
        step(1)
    work.flush()
    if report.files and mapping is not None:
        report.problems += unused_columns(mapping, work.used)
    report.copies = work.copies.found
    report.copies_unknown = work.copies.gave_up
    return report


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
    work = _Importer(project, report, registry.AUTO, None)
    work.copies.gave_up = True  # that would take as long as everything else for a single text
    intake = Intake(Source("pasted text", b""), project.codebook, at=now())
    work.take_records([record], intake, lambda _: None)
    work.flush()
    return report


def _size(source: Source) -> int:
    try:
        return max(1, source.size)
    except OSError:
        return 1


# -- one file ---------------------------------------------------------------------------------------


class _Importer:
    """Takes file after file; knows what a dry run would already have added."""

    def __init__(
        self,
        project: Project,
        report: ImportReport,
        format_name: str,
        annotator: str | None,
        mapping: ImportMapping | None = None,
        as_suggestions: bool = False,
    ) -> None:
        self._mapping = mapping or ImportMapping()
        self._as_suggestions = as_suggestions
        self._project = project
        self._report = report
        self._format_name = format_name
        self._annotator = annotator
        self._number: int | None = None
        """Of the codebook by which labels are read."""
        self._pretended: dict[str, set[str | None]] = {}
        """What has been taken but is not in the project: SHA-256 of an article → annotators with labels."""
        self.copies = Watch(project)
        self.codebook: Codebook | None = None
        """By which a dry run reads; None: the project's."""
        self.used: set[str] = set()
        """Columns that the mapping names and a file has."""
        self._waiting: list[NewArticle] = []
        """Articles of small files that have been taken, to be saved together."""

    def take_file(self, source: Source, step: Callable[[float], None]) -> None:
        """Import one file, or standard input. Raises InputError where it cannot be read at all."""
        # As the file has it: somebody else may have changed it since the project was opened.
        self._number = self._project.repository.codebook_number()
        codebook = self.codebook or self._project.repository.codebook()
        intake = Intake(source, codebook, self._annotator, now(), mapping=self._mapping)
        try:
            found = read_source(intake, registry.reader_for(source, self._format_name))
        except OSError as error:
            raise InputError(
                f"this file cannot be read: {error.strerror or error}",
                where=source.name,
                cure="Make sure that it is there and that you may read it",
            ) from error
        self.used |= intake.used
        self._report.problems += found.problems
        records = self._translated(found.records, intake)
        if records and self.take_records(records, intake, step) and found.encoding != UTF8:
            self._report.encodings[source.name] = found.encoding

    def _translated(self, records: list[Record], intake: Intake) -> list[Record]:
        """The records with other tools' labels in the codebook's words; none where there are problems."""
        if not any(record.foreign for record in records):
            return records
        translator = Translator(
            intake.codebook,
            self._mapping,
            person(self._annotator),
            as_suggestions=self._as_suggestions,
            records=lambda: self._project.repository.actors().values(),
        )
        try:
            found = [translator.native(each, intake) if each.foreign else each for each in records]
        except TooManyProblemsError:
            intake.close()
        self._report.problems += intake.problems
        if intake.problems:
            return []
        self._report.left_out += translator.left_out
        return [each for each in found if each is not None]

    def take_records(self, records: list[Record], intake: Intake, step: Callable[[float], None]) -> bool:
        """Import the records of one file, all or none; False where problems forbid it."""
        native = any(record.native for record in records)
        if native:
            self.flush()  # its labels may belong to an article that waits
        repository = self._project.repository
        new: list[NewArticle] = []
        try:
            for record in records:
                length = len(record.labels.article.text)
                if length > MOST_CHARACTERS:
                    intake.report(
                        f"this text has {length:,} characters; an article may have {MOST_CHARACTERS:,}",
                        record.place,
                        "Split it into the articles that it is made of",
                    )
            incoming = Incoming(records, intake, repository)
            records.clear()
            new.extend(incoming.articles(self._pretended))
        except TooManyProblemsError:
            intake.close()
        if intake.problems:
            self._report.problems += intake.problems
            return False
        kept = self.copies.kept(new)
        if len(kept) < len(new):
            stay = set(map(id, kept))
            incoming.tally.drop(each for each in new if id(each) not in stay)
            new = kept
        if self._report.dry_run:
            self._pretend(new)
        elif native or len(new) >= _TOGETHER:
            self.flush()
            number = self._number if native else None
            repository.add_articles(_stepping(new, step), incoming.actors.values(), number)
        else:
            self._pretend(new)
            self._waiting += new
            characters = sum(len(each.article.text) for each in self._waiting)
            if len(self._waiting) >= _TOGETHER or characters >= _CHARACTERS_TOGETHER:
                self.flush()
        if self._report.first_article is None:
            self._report.first_article = next((each.article.id for each in new if not each.present), None)
        self._report.files += 1
        self._report.articles += incoming.tally.articles
        self._report.duplicates += incoming.tally.duplicates
        self._report.labelled += incoming.tally.labelled
        self._report.labels += incoming.tally.labels
        return True

    def flush(self) -> None:
        """Save the articles that wait. Raises ProjectError."""
        if self._waiting:
            self._project.repository.add_articles(self._waiting, ())
            self._waiting.clear()
            self._pretended.clear()

    def _pretend(self, new: Sequence[NewArticle]) -> None:
        for each in new:
            self._pretended.setdefault(each.article.sha256, set()).update(each.progress)


def _stepping(new: Sequence[NewArticle], step: Callable[[float], None]) -> Iterator[NewArticle]:
    """The articles, telling on the way how far they have been taken."""
    for nth, each in enumerate(new):
        if nth % 50 == 0:
            step(nth / len(new))
        yield each
