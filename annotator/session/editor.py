"""The one door through which labels change: plan, save, apply, publish."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from annotator.core.changes import PROJECT, ChangeSet, CodebookChange, ProjectChange
from annotator.core.codebook import Codebook
from annotator.core.commands import Command, Desk
from annotator.core.errors import ProjectError, RuleError, StorageError
from annotator.core.history import Edit
from annotator.core.model import now
from annotator.core.moves import Move
from annotator.core.page import Page
from annotator.core.ports import Repository
from annotator.core.records import replace
from annotator.core.reports import CodebookNews
from annotator.session.actors import Actors
from annotator.session.unsaved import Unsaved


class Changed(Struct, frozen=True):
    """What listeners are told: the change set of the open page, and the edit that it belongs to.

    An edit of several articles that leaves the open page alone comes with an empty change set.
    """

    edit: Edit
    changes: ChangeSet


class Editor:
    """Runs commands on the open page, keeping the project file one step ahead of memory.

    A command is planned on the page, written in one transaction, then applied in memory and
    published. If writing fails, memory is as it was and the error goes to the caller. Only where the
    file cannot be reached or written to for now (StorageError), the edit is kept in memory, listed in
    ``unsaved``, and published; :meth:`write_unsaved` writes it later.
    """

    def __init__(
        self,
        repository: Repository,
        codebook: Codebook,
        annotator: str,
        clock: Callable[[], str] = now,
    ) -> None:
        self.repository = repository
        self.codebook = codebook
        self.annotator = annotator
        self.page: Page | None = None
        self.listeners: list[Callable[[Changed], None]] = []
        self.codebook_listeners: list[Callable[[Codebook], None]] = []
        """Told when the project has another codebook, after the open page was loaded again."""
        self.news_listeners: list[Callable[[Sequence[CodebookNews]], None]] = []
        """Told, after ``codebook_listeners``, what somebody else or another program has done to it."""
        self.unsaved = Unsaved()
        """The edits that are in memory and not in the file."""
        self.shows_less_certain = True
        """Whether the pages that are opened have the less certain suggestions in sight."""
        self.actors = Actors(self)
        """The actor records, and every edit of them."""
        self._clock = clock
        self._number = repository.codebook_number()

    def open(self, article: str) -> Page:
        """Load an article as the page to work on. Raises ProjectError if there is none."""
        self.look_again()
        self.page = self.load(article)
        self.actors.refresh()
        return self.page

    def load(self, article: str) -> Page:
        """An article as it is in the file, with what is not saved yet. Raises ProjectError."""
        page = self.repository.load_page(article, self.annotator)
        self._carry_unsaved(self._number)
        self.unsaved.put_on(page)
        if not self.shows_less_certain:
            page.show_less_certain(False)
        return page

    def show_less_certain(self, shown: bool) -> None:
        """Bring the less certain suggestions of the open page and of later ones into sight, or hide them."""
        self.shows_less_certain = shown
        if self.page is not None:
            self.page.show_less_certain(shown)

    def run(self, command: Command) -> ChangeSet:
        """Plan, save, apply and publish a command; an empty change set is neither saved nor told.

        Raises RuleError where the command is not allowed and ProjectError where it does not fit what is
        in the file; nothing has changed then.
        """
        assert self.page is not None, "an article must be open"
        self.look_again()
        at = self._clock()
        title, changes = command.plan(Desk(self.page, self.codebook, at))
        if not changes:
            return changes
        self.page.check(changes)
        edit = self._save(self._edit(at, command.verb, title, (changes,)))
        self._applied(edit, changes)
        return changes

    def run_across(
        self,
        verb: str,
        title: str,
        plans: Iterable[tuple[Page, Command]],
        *,
        first: Sequence[ProjectChange] = (),
        last: Sequence[ProjectChange] = (),
    ) -> Edit | None:
        """Carry out one command in each of several articles as one edit; None where nothing changes.

        The open article is changed as it is in memory; of the others a page that holds what its command
        looks at is enough. ``first`` and ``last`` is what belongs to no article and changes before the
        articles, or after them. Raises as :meth:`run`; nothing has changed then.
        """
        at = self._clock()
        made = [ChangeSet(PROJECT, tuple(first))]
        made += [command.plan(Desk(page, self.codebook, at))[1] for page, command in plans]
        made.append(ChangeSet(PROJECT, tuple(last)))
        changes = tuple(each for each in made if each)
        if not changes:
            return None
        mine = self._mine(changes)
        if self.page is not None and mine:
            self.page.check(mine)
        edit = self._save(self._edit(at, verb, title, changes))
        self._applied(edit, mine)
        return edit

    def run_project(self, verb: str, title: str, changes: Sequence[ProjectChange]) -> Edit | None:
        """Change what belongs to no article as one edit; None where nothing changes.

        Raises as :meth:`run`.
        """
        return self.run_across(verb, title, (), first=changes)

    def change_codebook(self, after: Codebook, moves: Sequence[Move], title: str) -> Edit | None:
        """Make another codebook the project's, carrying the labels along by the moves, as one edit.

        Its version number becomes the next one by itself. The open page is loaded again, and
        ``codebook_listeners`` are told before ``listeners``, as they are where undo, redo or somebody
        else has changed the codebook. None where nothing changes.

        Raises RuleError where a move makes no sense, or where labels would be left whose word is in the
        new codebook no more; InputError for a codebook that makes no sense; ProjectError as :meth:`run`.
        Nothing has changed then.
        """
        if self.unsaved:
            raise ProjectError(
                "the codebook cannot be changed while labels wait to be saved",
                cure="Wait until the project file can be written to again",
            )
        self.look_again()
        before = self.codebook
        if replace(after, version=before.version) == before:
            return None
        latest = max(each.version for each in self.repository.codebook_versions())
        after = replace(after, version=max(latest, before.version) + 1)
        changes = (ChangeSet(PROJECT, (CodebookChange(before, after, tuple(moves)),)),)
        edit = self.repository.save_edit(
            Edit(
                at=self._clock(),
                annotator=self.annotator,
                verb="change_codebook",
                title=title,
                changes=changes,
                codebook=self._number,
            )
        )
        self.look_again(own=True)
        self._applied(edit, self._mine(()))
        return edit

    def look_again(self, *, own: bool = False) -> bool:
        """Take over the codebook where somebody has changed it, and load the open page again.

        ``own``: this editor just has, which is no news. Whether it had changed. Where the file cannot be
        read for now, what is in memory goes on.
        """
        try:
            number = self.repository.codebook_number()
            if number == self._number:
                return False
            codebook = self.repository.codebook()
            news = self.repository.codebook_news(self._number, self.annotator)
            self._carry_unsaved(number)
            page = None if self.page is None else self.load(self.page.article.id)
        except StorageError:
            return False
        self._number, self.codebook, self.page = number, codebook, page
        self.actors.forget()
        for listener in self.codebook_listeners:
            listener(codebook)
        if own:
            mine = [each for each in news if each.version.annotator == self.annotator]
            news = [each for each in news if each not in mine[-1:]]
        for tell in self.news_listeners if news else ():
            tell(news)
        return True

    def _carry_unsaved(self, number: int) -> None:
        """Have what waits to be saved be in the words of the codebook of that number."""
        unsaved = self.unsaved
        for edits in (unsaved.edits, unsaved.taken_back):
            for nth, edit in enumerate(edits):
                if edit.codebook == number or edit.stuck is not None:
                    continue
                try:
                    edits[nth] = self.repository.in_todays_words(edit)
                except RuleError as error:  # it is told, and given up, when it can be written
                    edits[nth] = replace(edit, stuck=error.problem)
        if any(each.stuck is not None for each in unsaved.taken_back):
            unsaved.taken_back = []

    def _edit(self, at: str, verb: str, title: str, changes: tuple[ChangeSet, ...]) -> Edit:
        return Edit(
            at=at,
            annotator=self.annotator,
            verb=verb,
            title=title,
            changes=changes,
            codebook=self._number,
        )

    def _save(self, edit: Edit) -> Edit:
        """Write an edit; what comes after one that could not be written waits behind it."""
        if not self.unsaved:
            try:
                return self.repository.save_edit(edit)
            except StorageError as error:
                self.unsaved.trouble = error.problem
        self.unsaved.add(edit)
        return edit

    def write_unsaved(self) -> None:
        """Write what is not saved yet, oldest first.

        Raises StorageError where that still cannot be done. Raises ProjectError for an edit that does
        not fit what others have written meanwhile; it is given up, and the page must be loaded again.
        """
        while self.unsaved:
            try:
                self.repository.save_edit(self.unsaved.edits[0])
            except StorageError as error:
                self.unsaved.trouble = error.problem
                raise
            except (ProjectError, RuleError) as error:
                edit = self.unsaved.drop_first()
                self.actors.forget()
                if self._is_there(edit):
                    continue
                raise ProjectError(
                    f"“{edit.title}” could not be saved: {error.problem.what}", cure=error.problem.cure
                ) from error
            self.unsaved.drop_first()

    def _is_there(self, edit: Edit) -> bool:
        """Whether an edit was written after all: the program or the disk may have failed just after it."""
        last = self.repository.next_undo(self.annotator)
        return last is not None and (last.at, last.changes) == (edit.at, edit.changes)

    def _mine(self, changes: Iterable[ChangeSet]) -> ChangeSet:
        """The change set of the open article; an empty one where it is not touched."""
        if self.page is None:
            return ChangeSet("", ())
        article = self.page.article.id
        return next((each for each in changes if each.article == article), ChangeSet(article, ()))

    def undo(self) -> Edit | None:
        """Take back the annotator's last edit, opening its article if another one is open.

        Gives the edit, or None where nothing is left to undo.
        """
        if self.unsaved:
            last = self.unsaved.edits[-1]
            if last.stuck is not None:
                self.unsaved.take_back(last)
                self.unsaved.taken_back.clear()
                raise RuleError(f"“{last.title}” is given up: {last.stuck.what}", cure=last.stuck.cure)
            return self._step(last, last.inverses(), self.unsaved.take_back)
        self.look_again()
        edit = self.repository.next_undo(self.annotator)
        return None if edit is None else self._step(edit, edit.inverses(), self.repository.save_undo)

    def redo(self) -> Edit | None:
        """Carry out again what was undone last. Gives the edit, or None."""
        if self.unsaved.taken_back:
            last = self.unsaved.taken_back[-1]
            return self._step(last, last.changes, self._again)
        self.look_again()
        edit = self.repository.next_redo(self.annotator)
        return None if edit is None else self._step(edit, edit.changes, self.repository.save_redo)

    def _again(self, edit: Edit) -> None:
        taken_back = self.unsaved.taken_back[:-1]
        self._save(edit)
        self.unsaved.taken_back = taken_back

    def _step(self, edit: Edit, changesets: tuple[ChangeSet, ...], save: Callable[[Edit], None]) -> Edit:
        if edit.stuck is not None:
            self.repository.set_aside(edit)
            raise RuleError(edit.stuck.what, cure=edit.stuck.cure)
        page = self.page
        if edit.articles and (page is None or page.article.id not in edit.articles):
            page = self.load(edit.articles[0])
        before, self.page = self.page, page
        try:
            mine = self._mine(changesets)
            if page is not None:
                page.check(mine)
            save(edit)
        except StorageError:
            self.page = before
            raise
        except (RuleError, ProjectError) as error:
            self.page = before
            if not (edit.carried or edit.codebook_change):
                raise
            self.repository.set_aside(edit)
            why = error.problem.what if isinstance(error, RuleError) else "what it is about has changed since"
            raise RuleError(
                f"“{edit.title}” stays as it is from now on, as the codebook has become another one: {why}",
            ) from error
        except BaseException:
            self.page = before
            raise
        loaded = self.look_again(own=edit.codebook_change is not None)
        if self.page is not None and not loaded:
            self.page.bring_back(mine)
            self.page.apply(mine)
        self.actors.follow(changesets)
        self._tell(edit, mine)
        return edit

    def _applied(self, edit: Edit, changes: ChangeSet) -> None:
        """Take over in memory what was written, and tell it.

        Where the codebook had become another one meanwhile, the page is loaded again instead.
        """
        loaded = edit.codebook != self._number and self.look_again()
        if self.page is not None and changes and not loaded:
            self.page.apply(changes)
        self.actors.follow(edit.changes)
        self._tell(edit, changes)

    def _tell(self, edit: Edit, changes: ChangeSet) -> None:
        for listener in self.listeners:
            listener(Changed(edit, changes))
