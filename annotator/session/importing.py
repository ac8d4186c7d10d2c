"""Articles in: files, folders, standard input and pasted text into a project, all or nothing per file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate, chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.errors import InputError, Problem
from annotator.core.in_bulk import in_bulk
from annotator.core.mapping import ImportMapping
from annotator.core.model import ActorRecord, now
from annotator.core.ports import ArticleLabels, NewArticle
from annotator.core.text import counted, normalise
from annotator.formats import registry
from annotator.formats.base import Format, Intake, Record, Source, TooManyProblemsError, records_of
from annotator.formats.encoding import UTF8
from annotator.formats.plain import article_of
from annotator.formats.text import title_of
from annotator.session.foreign import Translator
from annotator.session.gathering import gather
from annotator.session.incoming import Incoming, Plan, TakeAgainError

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
        for name, encoding in list(self.encodings.items())[:3]:
            parts.append(f"{name} was read as {encoding}")
        if len(self.encodings) > 3:
            parts.append(f"{len(self.encodings) - 3} more files were not UTF-8")
        return "; ".join(parts) + "."


def import_paths(
    project: Project,
    paths: Iterable[Path | str],
    *,
    format: str = registry.AUTO,  # noqa: A002 - the word of the command line
    dry_run: bool = False,
    progress: Progressing | None = None,
    annotator: str | None = None,
    mapping: ImportMapping | None = None,
    as_suggestions: bool = False,
) -> ImportReport:
    """Import files and whole folders; ``-`` is standard input.

    Each file is taken whole or not at all; what is wrong with it is in the report. Articles whose text
    is in the project already are skipped and counted; labels by annotators who have none there yet are
    added to it. ``annotator``: whose the labels are in lines that do not say. ``mapping``: how names of
    other tools' files become the codebook's. ``as_suggestions``: other tools' labels are nobody's, to be
    decided on. ``progress`` gets bytes.
    Raises UsageError for an unknown format, ProjectError where the project cannot be written.
    """
    report = ImportReport(dry_run=dry_run)
    if format != registry.AUTO:
        registry.reader_for(Source("", b""), format)
    files = gather(paths, report.problems)
    work = _Importer(project, report, format, annotator, mapping or ImportMapping(), as_suggestions)
    with in_bulk():
        _import_files(work, files, progress)
    return report


def _import_files(work: _Importer, files: list[Source], progress: Progressing | None) -> None:
    sizes = [_size(source) for source in files]
    total = sum(sizes)
    for source, size, before in zip(files, sizes, accumulate(sizes, initial=0), strict=False):

        def step(part: float, before: int = before, size: int = size) -> None:
            if progress is not None:
                progress(before + int(size * part), total)

        step(0)
        try:
            work.take_file(source, step)
        except InputError as error:
            work.report.problems.append(error.problem)
        step(1)
    work.flush()


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
    intake = Intake(Source("pasted text", b""), project.codebook, at=now())
    work.take_records(lambda: ([record], intake), lambda _: None)
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
        self.repository = project.repository
        self.report = report
        self._format_name = format_name
        self._annotator = annotator
        self._number: int | None = None
        """Of the codebook by which labels are read."""
        self._pretended: dict[str, set[str | None]] = {}
        """What has been taken but is not in the project: SHA-256 of an article → annotators with labels."""
        self._waiting: list[NewArticle] = []
        """Articles of small files that have been taken, to be saved together."""

    def take_file(self, source: Source, step: Callable[[float], None]) -> None:
        """Import one file, or standard input. Raises InputError where it cannot be read at all."""
        # As the file has it: somebody else may have changed it since the project was opened.
        self._number = self.repository.codebook_number()
        codebook = self.repository.codebook()
        try:
            form = registry.reader_for(source, self._format_name)
        except OSError as error:
            raise _unreadable(source, error) from error

        def begin() -> tuple[Iterable[Record], Intake]:
            intake = Intake(source, codebook, self._annotator, now(), mapping=self._mapping)
            return self._translated(_read(intake, form), intake), intake

        self.take_records(begin, step)

    def _translated(self, records: Iterable[Record], intake: Intake) -> Iterator[Record]:
        """The records, other tools' labels in the codebook's words."""
        translator = Translator(
            intake.codebook, self._mapping, self._annotator, as_suggestions=self._as_suggestions
        )
        for record in records:
            found = translator.native(record, intake) if record.foreign else record
            if found is not None:
                yield found

    def take_records(
        self, begin: Callable[[], tuple[Iterable[Record], Intake]], step: Callable[[float], None]
    ) -> bool:
        """Import the records of one file, all or none; False where problems forbid it.

        ``begin`` gives them from the first one on; it is asked again where they turn out to need another
        :class:`Plan`.
        """
        plan = Plan()
        while True:
            try:
                return self._take(_Taking(*begin(), self, plan, step))
            except TakeAgainError as again:
                plan = again.plan

    def _take(self, taking: _Taking) -> bool:
        """One try. Raises TakeAgainError, after which everything is as it was before."""
        new = taking.articles(self._pretended)
        try:
            first = list(islice(new, _TOGETHER))
            if self.report.dry_run:
                self._pretend([(each.article.sha256, [*each.progress]) for each in chain(first, new)])
            elif taking.native or len(first) >= _TOGETHER:
                self.flush()
                number = self._number if taking.native else None
                self.repository.add_articles(chain(first, new), taking.actors, number)
            else:
                self._pretend([(each.article.sha256, [*each.progress]) for each in first])
                self._waiting += first
                characters = sum(len(each.article.text) for each in self._waiting)
                if len(self._waiting) >= _TOGETHER or characters >= _CHARACTERS_TOGETHER:
                    self.flush()
        except _RefusedError:
            self.report.problems += taking.intake.problems
            return False
        taking.tell(self.report)
        return True

    def flush(self) -> None:
        """Save the articles that wait. Raises ProjectError."""
        if self._waiting:
            self.repository.add_articles(self._waiting, ())
            self._waiting.clear()
            self._pretended.clear()

    def _pretend(self, new: Iterable[tuple[str, Iterable[str]]]) -> None:
        for sha256, annotators in new:
            self._pretended.setdefault(sha256, set()).update(annotators)


class _RefusedError(Exception):
    """Raised after the last record where something is wrong with any of them."""


class _Taking:
    """One try to take the records of a file: what comes of them, and what the report says of it."""

    def __init__(
        self,
        records: Iterable[Record],
        intake: Intake,
        importer: _Importer,
        plan: Plan,
        step: Callable[[float], None],
    ) -> None:
        self.intake = intake
        self.native = False
        """Whether any record so far has labels."""
        self._importer = importer
        self._step = step
        self._size = _size(intake.source)
        self._characters = 0
        self._first: str | None = None
        self._incoming = Incoming(self._checked(records), intake, importer.repository, plan)

    @property
    def actors(self) -> Iterable[ActorRecord]:
        """The actor records of all records that have been taken, live."""
        return self._incoming.actors.values()

    def articles(self, pretended: dict[str, set[str | None]]) -> Iterator[NewArticle]:
        """What is to be stored, one after the other. Raises _RefusedError at the end, and TakeAgainError."""
        try:
            for nth, each in enumerate(self._incoming.articles(pretended)):
                if nth % 50 == 0:
                    self._step(min(1.0, max(self.intake.position, self._characters) / self._size))
                if self._first is None and not each.present:
                    self._first = each.article.id
                if not self.intake.problems:
                    yield each
        except TooManyProblemsError:
            self.intake.close()
        if self.intake.problems:
            raise _RefusedError

    def _checked(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records, each no longer than an article may be."""
        for record in records:
            length = len(record.labels.article.text)
            self._characters += length
            if length > MOST_CHARACTERS:
                self.intake.report(
                    f"this text has {length:,} characters; an article may have {MOST_CHARACTERS:,}",
                    record.place,
                    "Split it into the articles that it is made of",
                )
                continue
            if record.native and not self.native:
                self.native = True
                self._importer.flush()  # its labels may belong to an article that waits
            yield record

    def tell(self, report: ImportReport) -> None:
        """Add to the report what came of the file."""
        tally = self._incoming.tally
        if report.first_article is None:
            report.first_article = self._first
        if self.intake.encoding != UTF8:
            report.encodings[self.intake.source.name] = self.intake.encoding
        report.files += 1
        report.articles += tally.articles
        report.duplicates += tally.duplicates
        report.labelled += tally.labelled
        report.labels += tally.labels


def _read(intake: Intake, form: Format) -> Iterator[Record]:
    """The records of a file; that it cannot be read on in the middle is a problem of it."""
    try:
        yield from records_of(intake, form)
    except OSError as error:
        intake.problems.append(_unreadable(intake.source, error).problem)


def _unreadable(source: Source, error: OSError) -> InputError:
    return InputError(
        f"this file cannot be read: {error.strerror or error}",
        where=source.name,
        cure="Make sure that it is there and that you may read it",
    )
