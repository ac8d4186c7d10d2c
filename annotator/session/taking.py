"""Taking the records of files into a project, each file whole or not at all, while they are read."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import chain, islice
from typing import TYPE_CHECKING

from annotator.core.codebook import Codebook
from annotator.core.errors import InputError, Problem
from annotator.core.lacking import Lacking
from annotator.core.mapping import ImportMapping
from annotator.core.model import ActorRecord, Article, now
from annotator.core.ports import NewArticle
from annotator.formats import registry
from annotator.formats.base import Format, Intake, Record, Source, TooManyProblemsError, records_of
from annotator.formats.encoding import UTF8
from annotator.session.ahead import LARGE
from annotator.session.copies_of import Watch
from annotator.session.foreign import Translator
from annotator.session.furnishing import furnish
from annotator.session.gathering import size_of
from annotator.session.import_report import ImportReport
from annotator.session.incoming import Incoming, Plan, TakeAgainError
from annotator.session.people import person
from annotator.store.second_process import held_back

if TYPE_CHECKING:
    from annotator.session.project import Project

MOST_CHARACTERS = 2_000_000
"""No article is longer, several novels are not; beyond it a page could not be worked on smoothly."""
_TOGETHER = 100
"""Articles from which a file gets a transaction of its own; smaller ones share one, which costs as much
as reading several."""
_CHARACTERS_TOGETHER = 500_000
_STEP = 20
"""Records, or articles, after which the progress is told."""


class Importer:
    """Takes file after file; knows what a dry run would already have added."""

    def __init__(
        self,
        project: Project,
        report: ImportReport,
        format_name: str,
        annotator: str | None,
        mapping: ImportMapping | None = None,
        as_suggestions: bool = False,
        all_mine: bool = False,
    ) -> None:
        self._mapping = mapping or ImportMapping()
        self._as_suggestions = as_suggestions
        self._all_mine = all_mine
        self.repository = project.repository
        self.report = report
        self._format_name = format_name
        self._annotator = annotator
        self._number: int | None = None
        """Of the codebook by which labels are read."""
        self._read_by: Codebook | None = None
        """That codebook, which is read again only where its number is another one."""
        self._pretended: dict[str, set[str | None]] = {}
        """What has been taken but is not in the project: SHA-256 of an article → annotators with labels."""
        self.copies = Watch(project)
        self.codebook: Codebook | None = None
        """By which a dry run reads; None: the project's."""
        self.used: set[str] = set()
        """Columns that the mapping names and a file has."""
        self._waiting: list[NewArticle] = []
        """Articles of small files that have been taken, to be saved together."""
        self._words: int | None = None
        """Number of the codebook in whose words their labels are; None while they have none."""

    def take_file(self, source: Source, step: Callable[[float], None]) -> bool:
        """Import one file, or standard input; False where problems forbid it.

        Raises InputError where it cannot be read at all.
        """
        # As the file has it: somebody else may have changed it since the project was opened.
        number = self.repository.codebook_number()
        if self._read_by is None or number != self._number:
            self.flush()
            self._number, self._read_by = number, self.repository.codebook()
        codebook = self.codebook or self._read_by
        try:
            form = registry.reader_for(source, self._format_name)
        except OSError as error:
            raise _unreadable(source, error) from error

        def begin() -> _Begun:
            intake = Intake(
                source, codebook, self._annotator, now(), mapping=self._mapping, lacking=Lacking(codebook)
            )
            translator = Translator(
                codebook,
                self._mapping,
                person(self._annotator),
                as_suggestions=self._as_suggestions,
                all_mine=self._all_mine,
                records=lambda: self.repository.actors().values(),
            )
            return _translated(_read(intake, form), intake, translator), intake, translator

        return self.take_records(begin, step, many=form.write is not None)

    def finish(self) -> None:
        """After the last file. Raises ProjectError."""
        self.flush()
        self.report.copies = [likeness for _, likeness in self.copies.found]
        self.report.copies_unknown = self.copies.gave_up
        if self.report.files and not self.report.left:
            self.report.problems += _unused_columns(self._mapping, self.used)

    def take_records(
        self, begin: Callable[[], _Begun], step: Callable[[float], None], *, many: bool = False
    ) -> bool:
        """Import the records of one file, all or none; False where problems forbid it.

        ``begin`` gives them from the first one on; it is asked again where they turn out to need another
        :class:`Plan`. ``many``: whether a large file of that kind holds many articles, and not one with
        pictures.
        """
        plan = Plan()
        before = self.copies.begin(lambda: step(0))
        while True:
            try:
                if self._take(_Taking(*begin(), self, plan, step), many):
                    return True
            except TakeAgainError as again:
                plan = again.plan
                self.copies.forget(before)
                continue
            except BaseException:
                self.copies.forget(before)
                raise
            self.copies.forget(before)
            return False

    def _take(self, taking: _Taking, many: bool) -> bool:
        """One try. Raises TakeAgainError, after which everything is as it was before."""
        new = taking.articles(self._pretended)
        try:
            if self.report.dry_run:
                self._pretend([(each.article.sha256, [*each.progress]) for each in new])
            elif many and taking.large:
                self.flush()
                self.repository.add_articles(new, taking.actors, self._number, furnish=furnish, many=True)
            else:
                self._take_small(taking, new)
        except _RefusedError:
            self.report.problems += taking.intake.problems
            return False
        except KeyboardInterrupt:
            if taking.is_saved():  # it came while they were being saved
                taking.tell(self.report)
            raise
        taking.tell(self.report)
        return True

    def _take_small(self, taking: _Taking, new: Iterator[NewArticle]) -> None:
        """Save the articles, or let a few wait for those of other files."""
        first = list(islice(new, _TOGETHER))
        if taking.alone or len(first) >= _TOGETHER:
            self.flush()
            number = self._number if taking.native else None
            self.repository.add_articles(chain(first, new), taking.actors, number, furnish=furnish)
            return
        self._pretend([(each.article.sha256, [*each.progress]) for each in first])
        self._waiting += first
        if taking.native:
            self._words = self._number
        characters = sum(len(each.article.text) for each in self._waiting)
        if len(self._waiting) >= _TOGETHER or characters >= _CHARACTERS_TOGETHER:
            self.flush()

    def flush(self) -> None:
        """Save the articles that wait. Raises ProjectError."""
        if self._waiting:
            with held_back():  # an interrupt would leave open whether they are saved
                self.repository.add_articles(self._waiting, (), self._words, furnish=furnish)
                self._waiting.clear()
                self._pretended.clear()
                self._words = None

    def before_labels_of(self, article: Article) -> None:
        """Save what waits if it has this text: its labels are not all there are."""
        if article.id or article.sha256 in self._pretended:
            self.flush()

    def _pretend(self, new: Iterable[tuple[str, Iterable[str]]]) -> None:
        for sha256, annotators in new:
            self._pretended.setdefault(sha256, set()).update(annotators)


type _Begun = tuple[Iterable[Record], Intake, Translator | None]
"""The records of a file from the first one on, what they are read with, and who translates them."""


class _RefusedError(Exception):
    """Raised after the last record where something is wrong with any of them."""


class _Taking:
    """One try to take the records of a file: what comes of them, and what the report says of it."""

    def __init__(
        self,
        records: Iterable[Record],
        intake: Intake,
        translator: Translator | None,
        importer: Importer,
        plan: Plan,
        step: Callable[[float], None],
    ) -> None:
        self.intake = intake
        self.native = False
        """Whether any record so far has labels."""
        self._named = False
        """Whether any of those has an id of its own."""
        self._translator = translator
        self._importer = importer
        self._step = step
        self._size = size_of(intake.source)
        self._characters = 0
        self._first: str | None = None
        """The id of the first article that is not in the project yet."""
        self._first_labels: NewArticle | None = None
        """What comes to the first article that is there already."""
        self._incoming = Incoming(self._checked(records), intake, importer.repository, plan)

    @property
    def large(self) -> bool:
        """Whether the file is large enough for a process of its own to write what it holds."""
        return self._size >= LARGE

    @property
    def alone(self) -> bool:
        """Whether the file is saved by itself: it has ids or actor records, which others may name."""
        return self._named or bool(self._incoming.actors)

    @property
    def actors(self) -> Iterable[ActorRecord]:
        """The actor records of all articles that have been taken, up to now."""
        return self._incoming.named()

    def articles(self, pretended: dict[str, set[str | None]]) -> Iterator[NewArticle]:
        """What is to be stored, one after the other. Raises _RefusedError at the end, and TakeAgainError."""
        copies = self._importer.copies
        try:
            for nth, each in enumerate(self._incoming.articles(pretended)):
                if nth % _STEP == 0:
                    self._tell()
                if self.intake.problems:
                    continue
                if not each.present and copies.drops(each.article):
                    self._incoming.drop(each)
                    continue
                if self._first is None and not each.present:
                    self._first = each.article.id
                if self._first_labels is None and each.present and each.spans:
                    self._first_labels = each
                yield each
        except TooManyProblemsError:
            self.intake.close()
        if self.intake.problems:
            raise _RefusedError

    def _checked(self, records: Iterable[Record]) -> Iterator[Record]:
        """The records, each no longer than an article may be."""
        for nth, record in enumerate(records):
            if nth % _STEP == 0:  # those that are there already come no further
                self._tell()
            length = len(record.labels.article.text)
            self._characters += length
            if length > MOST_CHARACTERS:
                self.intake.report(
                    f"this text has {length:,} characters; an article may have {MOST_CHARACTERS:,}",
                    record.place,
                    "Split it into the articles that it is made of",
                )
                continue
            if record.native:
                self.native = True
                self._named = self._named or bool(record.labels.article.id)
                self._importer.before_labels_of(record.labels.article)
            yield record

    def _tell(self) -> None:
        """How far it is; raises StoppedError where the person wants no more."""
        self._step(min(1.0, max(self.intake.position, self._characters) / self._size))

    def is_saved(self) -> bool:
        """Whether the new articles and labels are in the project. Raises ProjectError."""
        repository, labels = self._importer.repository, self._first_labels
        if self._first is not None:
            return bool(repository.known_ids([self._first]))
        if labels is None:
            return False
        there = repository.iter_labels(suggestions=True, articles=[labels.article.id])
        return any(span.id == labels.spans[0].id for each in there for span in each.spans)

    def tell(self, report: ImportReport) -> None:
        """Add to the report what came of the file."""
        tally = self._incoming.tally
        if self._translator is not None:
            report.left_out += self._translator.left_out
        report.unheld += self.intake.left_out
        self._importer.used |= self.intake.used
        if report.first_article is None:
            report.first_article = self._first
        if self.intake.encoding != UTF8:
            report.encodings[self.intake.source.name] = self.intake.encoding
        report.files += 1
        report.articles += tally.articles
        report.duplicates += tally.duplicates
        report.labelled += tally.labelled
        report.labels += tally.labels
        report.suggestions += tally.suggestions
        report.annotators |= tally.annotators


def _translated(records: Iterable[Record], intake: Intake, translator: Translator) -> Iterator[Record]:
    """The records, other tools' labels in the codebook's words."""
    for record in records:
        found = translator.native(record, intake) if record.foreign else record
        if found is not None:
            yield found


def _read(intake: Intake, form: Format) -> Iterator[Record]:
    """The records of a file; that it cannot be read may show in the middle of it."""
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


def _unused_columns(mapping: ImportMapping, used: Collection[str]) -> list[Problem]:
    """One for each column of the mapping that no file has."""
    cure = "Correct its name in the mapping; capitals count"
    return [
        Problem(f"no file has the column “{name}” that the mapping names", cure=cure)
        for name in mapping.fields
        if name not in used
    ]
