"""The project file as the rest of the program sees it."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert as upsert

from annotator.core.codebook import Codebook, codebook_from, codebook_to
from annotator.core.errors import Problem, ProjectError
from annotator.store import bulk, edit_log, importing, labels, queries, reading
from annotator.store.actor_part import ActorPart
from annotator.store.batches import Batch
from annotator.store.codebooks import (
    codebook_news,
    codebook_number,
    codebook_versions,
    load_codebook,
    refuse_other,
)
from annotator.store.database import Database, check_writable, schema_version_of
from annotator.store.failures import explained
from annotator.store.guarding import refuse_foreign_schema
from annotator.store.learning_part import LearningPart
from annotator.store.looking import open_to_read
from annotator.store.migrations import check_version, create_schema, migrate
from annotator.store.parts import give_name, part_beside, remove_leftovers, taken
from annotator.store.rows import last_of
from annotator.store.tables import SETTINGS
from annotator.store.touching import cleared, out_of_rule, touched
from annotator.store.translating import in_todays_words, stepped

if TYPE_CHECKING:  # whoever has one of these has loaded it
    from annotator.core.alike import Alike
    from annotator.core.carrying import Carrier
    from annotator.core.history import Edit
    from annotator.core.model import ActorRecord, Relation, Span, Status
    from annotator.core.moves import Move, Touched
    from annotator.core.page import Page
    from annotator.core.ports import (
        ArticleFilter,
        ArticleLabels,
        ArticleRow,
        Furnish,
        NewArticle,
        Suggested,
        SuggestJob,
    )
    from annotator.core.reports import CodebookNews, Counts, Version
    from annotator.core.tokens import Tokens

_put_setting = upsert(SETTINGS)
_PUT_SETTING = _put_setting.on_conflict_do_update(
    index_elements=["name"], set_={"value": _put_setting.excluded.value}
)


def open_repository(path: Path) -> SqlRepository:
    """Open a project file, bringing an older one up to date (a backup is made first).

    Unfinished files that killed programs have left in its folder are removed.

    Raises ProjectError where there is none, it is something else, damaged, read-only, or of a newer
    program; the file is then as it was.
    """
    check_version(schema_version_of(path), path)
    check_writable(path)
    remove_leftovers(path.absolute().parent)
    with explained(path):
        database = Database(path)
    try:
        with database.reading() as connection:
            refuse_foreign_schema(connection)
        migrate(database)
        repository = SqlRepository(database)
        repository.codebook()
    except BaseException:
        database.close()
        raise
    return repository


def open_for_reading(path: Path) -> tuple[SqlRepository, Problem | None]:
    """Open a project file that is only going to be read, also where it cannot be written to.

    Gives why not then, else None. Raises ProjectError as :func:`open_repository`, but for that.
    """
    version = schema_version_of(path)
    check_version(version, path)
    try:
        check_writable(path)
    except ProjectError as error:
        why = error.problem
    else:
        return open_repository(path), None
    database = open_to_read(path, version)
    try:
        with database.reading() as connection:
            refuse_foreign_schema(connection)
        repository = SqlRepository(database)
        repository.codebook()
    except BaseException:
        database.close()
        raise
    return repository, why


def create_repository(path: Path, codebook: Codebook) -> SqlRepository:
    """Make a new project file. Raises ProjectError if the file is there or cannot be made.

    Raises InputError for a codebook that could not be read back.
    """
    codebook_from(codebook_to(codebook), codebook.name)
    with explained(path):
        if path.exists():
            raise taken(path)
        if not path.absolute().parent.is_dir():
            raise ProjectError(
                "the folder for the new project does not exist",
                where=str(path),
                cure="Make the folder first, or choose another one",
            )
        # Made under another name: whoever kills this leaves no file behind that is half a project.
        part = part_beside(path)
        part.touch(exist_ok=False)
        try:
            database = Database(part, wal=False)
            try:
                with database.writing() as connection:
                    create_schema(connection, codebook)
            finally:
                database.close()
            give_name(part, path)
        finally:
            part.unlink(missing_ok=True)
    return open_repository(path)


class SqlRepository(ActorPart, LearningPart):
    """An open project file; implements :class:`annotator.core.ports.Repository`.

    It may be used from any thread. Each method that changes something is one transaction.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def path(self) -> Path:
        """Where the file is."""
        return self._database.path

    def wait_at_most(self, seconds: float) -> None:
        """Changes give up so soon where another program is writing; otherwise after a few seconds."""
        self._database.wait_at_most(seconds)

    # -- for the window

    def load_page(self, article: str, annotator: str) -> Page:
        """One article as one annotator sees it. Raises ProjectError if unknown."""
        with self._database.reading() as connection:
            return reading.load_page(connection, article, annotator)

    def save_edit(self, edit: Edit) -> Edit:
        """Write an edit and its log entry. Raises ProjectError, also where a row is not as it was."""
        from annotator.store import writing

        with self._database.writing() as connection:
            return writing.save_edit(connection, edit)

    def in_todays_words(self, edit: Edit) -> Edit:
        """An edit that is not saved yet, in the words of the codebook that holds now. Raises RuleError."""
        with self._database.reading() as connection:
            return in_todays_words(connection, edit)

    def next_undo(self, annotator: str) -> Edit | None:
        """The annotator's last edit that stands, or None."""
        with self._database.reading() as connection:
            edit = edit_log.next_undo(connection, annotator)
            return None if edit is None else stepped(connection, edit, "undo")

    def next_redo(self, annotator: str) -> Edit | None:
        """The annotator's edit that was undone last, or None."""
        with self._database.reading() as connection:
            edit = edit_log.next_redo(connection, annotator)
            return None if edit is None else stepped(connection, edit, "redo")

    def set_aside(self, edit: Edit) -> None:
        """An edit can neither be undone nor done again any more; what it did stays as it is."""
        with self._database.writing() as connection:
            edit_log.set_aside(connection, edit)

    def save_undo(self, edit: Edit) -> None:
        """Take an edit back and log that."""
        from annotator.store import writing

        with self._database.writing() as connection:
            writing.save_undo(connection, edit)

    def save_redo(self, edit: Edit) -> None:
        """Carry an undone edit out again and log that."""
        from annotator.store import writing

        with self._database.writing() as connection:
            writing.save_redo(connection, edit)

    def open_alike(self, annotator: str, wanted: Alike) -> list[Page]:
        """Every article with open suggestions of equal kind, label and text, in import order."""
        with self._database.reading() as connection:
            return list(bulk.open_alike(connection, annotator, wanted))

    def open_above(self, annotator: str, least: float) -> list[Page]:
        """Every article with open suggested spans of at least a confidence (0 to 1)."""
        with self._database.reading() as connection:
            return list(bulk.open_above(connection, annotator, least))

    # -- for the list of articles

    def count_articles(self, which: ArticleFilter, annotator: str) -> int:
        """How many articles a filter lets through."""
        with self._database.reading() as connection:
            return queries.count_articles(connection, which, annotator)

    def article_rows(self, which: ArticleFilter, annotator: str, offset: int, limit: int) -> list[ArticleRow]:
        """A page of the list, in import order."""
        with self._database.reading() as connection:
            return queries.article_rows(connection, which, annotator, offset, limit)

    def position_of(self, article: str, which: ArticleFilter, annotator: str) -> int | None:
        """Where an article stands in the filtered list, from 0; None if it is not in it."""
        with self._database.reading() as connection:
            return queries.position_of(connection, article, which, annotator)

    def status_counts(self, annotator: str) -> dict[Status, int]:
        """How many articles the annotator has in each status."""
        with self._database.reading() as connection:
            return queries.status_counts(connection, annotator)

    def texts(self) -> Iterator[tuple[str, str, str]]:
        """Id, title and text of every article, in import order, read in batches."""
        after = 0
        while True:
            with self._database.reading() as connection:
                rows = reading.texts_after(connection, after)
            if not rows:
                return
            last = last_of([row[0] for row in rows], after)
            yield from ((article, title, text) for _, article, title, text in rows)
            after = last

    # -- for suggestions

    def articles_to_suggest(self, model: str) -> list[str]:
        """Ids of the articles that the model has not seen yet, in import order."""
        from annotator.store import suggesting

        with self._database.reading() as connection:
            return suggesting.articles_to_suggest(connection, model)

    def suggest_job(self, article: str) -> SuggestJob:
        """What the worker needs of one article."""
        with self._database.reading() as connection:
            return reading.suggest_job(connection, article)

    def save_suggested(self, results: Sequence[Suggested], model: str) -> int:
        """Store what was found. Gives the number of spans and relations added."""
        from annotator.store import suggesting

        with self._database.writing() as connection:
            return suggesting.save_suggested(connection, results, model)

    def open_suggestion_page(self, article: str) -> tuple[list[Span], list[Relation], Tokens | None]:
        """The article's suggestions and tokens as they now are."""
        with self._database.reading() as connection:
            return reading.suggestion_page(connection, article)

    # -- for import and export

    def known_texts(self, hashes: Iterable[str]) -> dict[str, str]:
        """Article ids by SHA-256, of those hashes that are in the project."""
        with self._database.reading() as connection:
            return importing.known_texts(connection, hashes)

    def known_ids(self, ids: Iterable[str]) -> set[str]:
        """Those of the article ids that are in the project."""
        with self._database.reading() as connection:
            return importing.known_ids(connection, ids)

    def add_articles(
        self,
        articles: Iterable[NewArticle],
        records: Iterable[ActorRecord],
        codebook: int | None = None,
        *,
        furnish: Furnish | None = None,
        many: bool = False,
    ) -> int:
        """Add articles with their labels, all or nothing; other writers wait while they are being taken."""
        batches: Iterable[Batch] = importing.in_batches(articles)
        if many:
            from annotator.store import adding

            self._database.still_there()
            try:
                return adding.add_beside(self._database, batches, records, codebook, furnish)
            except adding.NotStartedError as error:
                batches = error.batches
        with self._database.writing() as connection:
            refuse_other(connection, codebook)
            return importing.add_batches(connection, batches, records, furnish)

    def iter_labels(
        self,
        *,
        suggestions: bool = False,
        annotator: str | None = None,
        statuses: frozenset[Status] = frozenset(),
        articles: Sequence[str] | None = None,
        many: bool = False,
    ) -> Generator[ArticleLabels]:
        """Every article's labels, streamed, as they were when the first line was taken.

        ``many``: there are so many that a second process is worth its start.
        """
        wanted = labels.Wanted(suggestions, annotator, statuses, articles)
        if many and self._database.shared:
            from annotator.store import reading_beside

            self._database.still_there()
            yield from reading_beside.iter_beside(self._database, wanted)
        else:
            yield from labels.iter_labels(self._database, wanted)

    def iter_suggestions(self, articles: Sequence[str] | None = None) -> Iterator[ArticleLabels]:
        """Every article's suggestions, streamed, whatever was decided on them."""
        return labels.iter_labels(self._database, labels.Wanted(articles=articles, only_suggestions=True))

    # -- about the project

    def counts(self) -> Counts:
        """Everything that ``annotator info`` shows."""
        with self._database.reading() as connection:
            return queries.count_everything(connection)

    def check(
        self,
        *,
        quick: bool = False,
        articles: Sequence[str] | None = None,
        progress: Callable[[int, int], bool] | None = None,
    ) -> Iterator[Problem]:
        """Everything that is wrong with the file and its labels, one by one; ``quick``: with the file,
        ``articles``: only with these and their labels. ``progress`` is told how many articles of how many
        are done; where it gives False, the check ends early."""
        from annotator.store import checking

        return checking.check(self._database, quick=quick, articles=articles, progress=progress)

    def codebook(self) -> Codebook:
        """The project's codebook."""
        with self._database.reading() as connection:
            return load_codebook(connection)

    def used_categories(self, annotator: str, attributes: Sequence[str]) -> list[list[str]]:
        """The values that an annotator gave to attributes which take categories, the latest last."""
        with self._database.reading() as connection:
            return queries.used_categories(connection, annotator, attributes)

    def codebook_number(self) -> int:
        """The place of the codebook that holds in the list of them; it grows with each change."""
        with self._database.reading() as connection:
            return codebook_number(connection)

    def codebook_versions(self) -> list[Version]:
        """Every codebook that the project has had, oldest first."""
        with self._database.reading() as connection:
            return codebook_versions(connection)

    def codebook_version(self, number: int) -> Codebook:
        """One of them by its place in the list. Raises ProjectError if there is none."""
        with self._database.reading() as connection:
            return load_codebook(connection, number)

    def codebook_news(self, after: int, annotator: str) -> list[CodebookNews]:
        """What came after the codebook of that number, oldest first, and did to an annotator's labels."""
        with self._database.reading() as connection:
            return codebook_news(connection, after, annotator)

    def touched(self, moves: Sequence[Move]) -> list[Touched]:
        """How many labels (spans, relations, records' values) and suggestions each move touches, in order."""
        with self._database.reading() as connection:
            return touched(connection, moves)

    def narrowed(self, carrier: Carrier) -> tuple[int, int]:
        """How many values a change of the codebook clears since their labels can have them no more.

        And how many relations, suggested ones too, it leaves that their type does not allow any more.
        """
        with self._database.reading() as connection:
            return cleared(connection, carrier), out_of_rule(connection, carrier)

    def annotators(self) -> list[str]:
        """Names of everybody who has labelled, sorted."""
        with self._database.reading() as connection:
            return queries.annotators(connection)

    def setting(self, name: str, default: str | None = None) -> str | None:
        """A value kept in the project file."""
        with self._database.reading() as connection:
            statement = select(SETTINGS.c.value).where(SETTINGS.c.name == name)
            found = connection.execute(statement).scalar()
            return default if found is None else str(found)

    def set_setting(self, name: str, value: str) -> None:
        """Keep a value in the project file."""
        with self._database.writing() as connection:
            connection.execute(_PUT_SETTING, {"name": name, "value": value})

    def copy_to(self, target: Path) -> None:
        """Copy the project into a new file, also where its own file was deleted meanwhile."""
        self._database.copy_to(target)

    def close(self) -> None:
        """Close the file and fold the write-ahead log into it."""
        self._database.close()
