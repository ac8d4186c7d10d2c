"""What the window works with: the project, the page, the person; and what may be done with them.

No widgets in here: the window listens to the signals and shows what they say.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from annotator.core.changes import ChangeSet
from annotator.core.codebook import Codebook
from annotator.core.commands import Command, SetFlag
from annotator.core.errors import AnnotatorError, Problem, RuleError, StoppedError
from annotator.core.history import Edit
from annotator.core.page import Page
from annotator.core.ports import ArticleFilter
from annotator.core.scheme import scheme_of
from annotator.runtime.people import login_name
from annotator.runtime.settings import (
    ANNOTATOR,
    AUTO_SUGGEST,
    KEYMAP,
    MODEL,
    SHOW_LESS_CERTAIN,
    TRUSTED_MODELS,
    Settings,
)
from annotator.session.editor import Changed, Editor
from annotator.session.suggest import model_folder
from annotator.ui.bridge import EditorBridge
from annotator.ui.keeper import Keeper
from annotator.ui.keymap import with_keys
from annotator.ui.learning import Learner
from annotator.ui.notices import sentence
from annotator.ui.suggesting import Suggesting
from annotator.ui.tasks import Tasks

if TYPE_CHECKING:
    from annotator.session.project import Project

log = logging.getLogger(__name__)

WORKER_DELAY = 150
"""Milliseconds from opening a project to starting the worker, so that the page comes first."""


class Workbench(QObject):
    """One project that is open, or none.

    Signals: ``page_left`` (the page that is open is about to be left: what was typed must be asked for
    now); ``project_left`` (the project is about to be closed: the same for what belongs to no page, and
    whoever reads the file in the background stops); ``project_changed``; ``codebook_changed`` (labels
    were carried along, and the page loaded again); ``page_changed`` (another article is open, or none);
    ``edited`` (:class:`Changed`); ``stepped`` (what an undo or redo has done to the page: a
    :class:`ChangeSet`); ``suggestions_arrived`` (article id); ``tier_changed`` (the less certain suggestions
    of the page came into sight, or were hidden); ``articles_added``; ``told`` (kind ``info`` | ``done`` |
    ``advice`` | ``problem``, sentence); ``failed`` (list of :class:`Problem`);
    ``suggesting`` (done, total, what); ``model_known`` (origin, sentence); ``unsaved_changed`` (edits wait
    to be written, or no longer); ``holding_changed`` (the project became read-only, or no longer);
    ``open_failed`` (path); ``trust_asked`` (folder of a pipeline that the person has not agreed to yet).
    """

    page_left = Signal()
    project_left = Signal()
    project_changed = Signal()
    codebook_changed = Signal()
    page_changed = Signal()
    edited = Signal(object)
    stepped = Signal(object)
    suggestions_arrived = Signal(str)
    tier_changed = Signal()
    articles_added = Signal()
    told = Signal(str, str)
    trust_asked = Signal(str)
    failed = Signal(object)
    suggesting = Signal(int, int, str)
    model_known = Signal(str, str)
    unsaved_changed = Signal()
    holding_changed = Signal()
    open_failed = Signal(object)

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self.tasks = Tasks(self)
        self.tasks.busy_changed.connect(self._on_busy_changed)
        self.project: Project | None = None
        self.editor: Editor | None = None
        self.worker: Suggesting | None = None
        self.model_sentence = ""
        self._annotator = ""
        self._codebook: Codebook | None = None
        self._start_worker = QTimer(self)
        self._start_worker.setSingleShot(True)
        self._start_worker.setInterval(WORKER_DELAY)
        self._start_worker.timeout.connect(self._on_start_worker)
        self.keeper = Keeper(self)
        self.learner = Learner(self)

    # -- people and projects ------------------------------------------------------------------

    @property
    def annotator(self) -> str:
        """Whose labels these are: as said on the command line, as set, else the login name."""
        return self._annotator or self.settings.get(ANNOTATOR) or login_name()

    def use_annotator(self, name: str) -> None:
        """Work as this person for as long as the window is open."""
        self._annotator = name.strip()

    def set_annotator(self, name: str) -> None:
        """Work as this person from now on, with their own labels of the same articles."""
        name = name.strip()
        if not name or self.keeper.must_save_first():
            return
        self.settings.set(ANNOTATOR, name)
        self._annotator = ""
        if self.project is not None and self.editor is not None and self.editor.annotator != name:
            self._leave_page()
            article = self.page.article.id if self.page else None
            self._make_editor()
            self.project_changed.emit()
            if article is not None:
                self.open_article(article)

    @property
    def page(self) -> Page | None:
        """The page that is open."""
        return self.editor.page if self.editor else None

    @property
    def codebook(self) -> Codebook | None:
        """The open project's codebook, with the label keys that the person has set."""
        return self._codebook

    def use_keys(self, own: Mapping[str, Sequence[str]]) -> None:
        """Take over the keys that the person has set, by action id."""
        self._codebook = None
        if self.project is not None:
            self._codebook = with_keys(self.project.codebook, own, without_lost=True)

    def open(self, path: Path, *, create: bool = False, codebook: Codebook | None = None) -> bool:
        """Open a project in place of the one that is open; whether that worked.

        A new one gets the codebook, else the default one. The old one stays where it cannot be opened.
        """
        from annotator.session.project import Project

        if self.keeper.must_save_first() or (create and not self.keeper.may_stop()):
            return False
        try:
            project = Project.create(path, codebook) if create else Project.open_to_read(path)
        except AnnotatorError as error:
            self.failed.emit([error.problem])
            self.open_failed.emit(path)
            return False
        if not self.keeper.may_stop():
            project.close()
            return False
        self.close_project()
        self.project = project
        self.keeper.hold()
        self.settings.add_recent(path.absolute())
        self._make_editor()
        self.use_keys(self.settings.get(KEYMAP))
        self.project_changed.emit()
        self._open_last_article()
        self.start_worker()
        return True

    def restore(self, path: Path, backup: Path) -> None:
        """Put a backup in the place of a project; what was there is kept as a backup too, and told."""
        from annotator.session.backups import restore

        if self.keeper.must_stay() or not self.may_write():
            return
        self.close_project()
        try:
            kept = restore(path, backup)
        except AnnotatorError as error:
            self.failed.emit([error.problem])
        else:
            self.told.emit("done", f"The backup is in place. What was there before is kept: {kept.name}")
        if not self.open(path):
            self.project_changed.emit()

    def may_write(self) -> bool:
        """Whether the project can be changed; the person is told where not."""
        return self.keeper.may_write()

    def _make_editor(self) -> None:
        assert self.project is not None
        self.editor = self.project.editor(self.annotator)
        self.editor.shows_less_certain = self.shows_less_certain
        self.keeper.take_up_unsaved()
        bridge = EditorBridge(self.editor, self)
        bridge.changed.connect(self._on_edited)
        bridge.codebook_changed.connect(self._on_codebook_changed)
        bridge.told.connect(self.told)

    def _open_last_article(self) -> None:
        assert self.project is not None
        repository = self.project.repository
        last = repository.setting(f"last_article:{self.annotator}")
        if last and repository.known_ids([last]):
            self.open_article(last)
        else:
            self.open_first_article()

    def open_first_article(self) -> None:
        """Open the first article of the project; an empty page where there is none."""
        assert self.project is not None
        first = self.project.repository.article_rows(ArticleFilter(), self.annotator, 0, 1)
        if first:
            self.open_article(first[0].id)
        else:
            self.page_changed.emit()

    def close_project(self) -> None:
        """Close the project; every label is on disk already."""
        self._leave_page()
        if self.project is not None:
            self.project_left.emit()
        self._start_worker.stop()
        self.learner.stop()
        self.tasks.wait()
        if self.worker is not None:
            self.worker.close()
            self.worker.deleteLater()
            self.worker = None
        if self.project is not None:
            self._remember_article()
            self.project.close()
        self.keeper.let_go()
        self.project = None
        self.editor = None
        self._codebook = None

    def _leave_page(self) -> None:
        if self.page is not None:
            self.page_left.emit()

    def _remember_article(self) -> None:
        if self.project is None or self.page is None or self.keeper.read_only:
            return
        try:
            self.project.repository.set_setting(f"last_article:{self.annotator}", self.page.article.id)
        except AnnotatorError as error:
            log.warning("the open article could not be remembered: %s", type(error).__name__)

    # -- articles -----------------------------------------------------------------------------

    def open_article(self, article: str) -> None:
        """Put an article on the page."""
        if self.editor is None or (self.page and self.page.article.id == article):
            return
        self._leave_page()
        try:
            self.editor.open(article)
        except AnnotatorError as error:
            self.failed.emit([error.problem])
            return
        if self.worker is not None:
            self.worker.want_first(article)
        self.page_changed.emit()

    def toggle_flag(self) -> None:
        """Flag the article, or take the flag away."""
        if self.page is not None:
            self.run(SetFlag(not self.page.progress.flagged))

    @property
    def shows_less_certain(self) -> bool:
        """Whether the less certain suggestions are in sight."""
        return self.settings.get(SHOW_LESS_CERTAIN)

    def show_less_certain(self, shown: bool) -> None:
        """Show the less certain suggestions, or hide them, from now on; labels stay as they are."""
        self.settings.set(SHOW_LESS_CERTAIN, shown)
        if self.editor is not None:
            self.editor.show_less_certain(shown)
        self.tier_changed.emit()

    # -- edits --------------------------------------------------------------------------------

    def run(self, command: Command) -> ChangeSet | None:
        """Carry out a command on the page. Gives None, and tells why, where that is not possible."""
        if self.editor is None or self.editor.page is None or not self.may_write():
            return None
        try:
            return self.editor.run(command)
        except RuleError as error:  # what the rules forbid has nothing to do with the file
            self.told.emit("info", sentence(error.problem))
        except AnnotatorError as error:
            self.failed.emit([error.problem])
            self.catch_up()
        return None

    def catch_up(self) -> None:
        """Show what is in the file where another window has changed the article on the page."""
        if self.editor is None or self.project is None or self.page is None:
            return
        try:
            fresh = self.editor.load(self.page.article.id)
        except AnnotatorError:
            return  # the file cannot be read now, which the person has just been told
        here = (self.page.labels, self.page.suggestions, self.page.relation_suggestions)
        if (fresh.labels, fresh.suggestions, fresh.relation_suggestions) != here:
            self.editor.page = fresh
            self.page_changed.emit()

    def undo(self) -> None:
        """Take back the person's last edit, in whatever article it was."""
        self._step("Undone", "Nothing to undo.", redo=False)

    def redo(self) -> None:
        """Carry out again what was undone last."""
        self._step("Done again", "Nothing to redo.", redo=True)

    def _step(self, said: str, nothing: str, *, redo: bool) -> None:
        if self.editor is None or not self.may_write():
            return
        self._leave_page()
        before = self.page.article.id if self.page else None
        try:
            edit: Edit | None = self.editor.redo() if redo else self.editor.undo()
        except AnnotatorError as error:
            self.failed.emit([error.problem])
            self.catch_up()
            return
        if edit is None:
            self.told.emit("info", nothing)
            return
        if self.page is not None and self.page.article.id != before:
            self.page_changed.emit()
        sets = edit.changes if redo else edit.inverses()
        for each in sets:
            if self.page is not None and each.article == self.page.article.id:
                self.stepped.emit(each)
        self.told.emit("info", f"{said}: {edit.title}")

    def _on_edited(self, changed: Changed) -> None:
        self.edited.emit(changed)
        page, worker = self.page, self.worker
        if changed.changes.touches_furniture and page is not None and worker is not None:
            # Furniture has no suggestions; a paragraph that is back should get its own.
            spans = page.suggestions.values()
            if any((worker.origin or "").startswith(each.origin) for each in spans) or self.settings.get(
                AUTO_SUGGEST
            ):
                worker.want_again(changed.changes.article)

    def _on_codebook_changed(self, before: Codebook, after: Codebook) -> None:
        self.use_keys(self.settings.get(KEYMAP))
        self.codebook_changed.emit()
        if self.worker is not None and scheme_of(before) != scheme_of(after):
            self.restart_worker()

    # -- suggestions --------------------------------------------------------------------------

    def start_worker(self) -> None:
        """Start the process that suggests, after the page has been shown."""
        self._start_worker.start()

    def _on_start_worker(self) -> None:
        if self.project is None or self.worker is not None or self.keeper.read_only:
            return
        model = self.settings.get(MODEL) or None
        folder = model_folder(model)
        if folder is not None and folder not in self.settings.get(TRUSTED_MODELS):
            self.trust_asked.emit(folder)
            return
        if self.learner.catch_up(self._on_start_worker):
            return  # the worker goes by what was learned
        try:
            worker = Suggesting(self.project.repository, model, self)
        except AnnotatorError as error:
            self.failed.emit([error.problem])
            return
        worker.arrived.connect(self._on_arrived)
        worker.progressed.connect(self.suggesting)
        worker.model_known.connect(self._on_model_known)
        worker.failed.connect(lambda sentence: self.told.emit("problem", sentence))
        self.worker = worker
        worker.start()
        worker.set_paused(self.tasks.busy)
        if self.page is not None:
            worker.want_first(self.page.article.id)
        if self.settings.get(AUTO_SUGGEST):
            worker.want_all()

    def restart_worker(self) -> None:
        """Have the worker go by what the project has learned, and its codebook, since it was started."""
        if self.worker is not None:
            self.worker.close()
            self.worker.deleteLater()
            self.worker = None
            self.suggesting.emit(0, 0, "")
            self._on_start_worker()

    def trust_model(self, folder: str) -> None:
        """The person says that the pipeline in a folder may run; it is not asked about again."""
        self.settings.set(TRUSTED_MODELS, [*self.settings.get(TRUSTED_MODELS), folder])
        self._on_start_worker()

    def _on_busy_changed(self, what: str) -> None:
        if self.worker is not None:
            self.worker.set_paused(bool(what))

    def suggest_all(self) -> None:
        """Look for suggestions in every article that the model has not seen."""
        if not self.may_write():
            return
        if self.worker is None:
            self._on_start_worker()
        if self.worker is not None:
            self.worker.want_all()

    def stop_suggesting(self) -> None:
        """Stop after the article that is being worked on."""
        if self.worker is not None:
            self.worker.stop()
            self.told.emit("info", "Stopped. Article → Suggest entities goes on.")

    def _on_model_known(self, origin: str, sentence: str) -> None:
        self.model_sentence = sentence
        self.model_known.emit(origin, sentence)
        if sentence:
            self.told.emit("problem", sentence)

    def refresh_suggestions(self) -> None:
        """Show the suggestions of the page as they are in the file now."""
        if self.page is not None:
            self._on_arrived(self.page.article.id)

    def _on_arrived(self, article: str) -> None:
        if self.project is not None and self.page is not None and self.page.article.id == article:
            spans, relations, tokens = self.project.repository.open_suggestion_page(article)
            self.page.tokens = tokens or self.page.tokens
            self.page.replace_suggestions(spans, relations)
        self.suggestions_arrived.emit(article)

    # -- telling ------------------------------------------------------------------------------

    def tell_failure(self, error: Exception) -> None:
        """Tell what went wrong in the background; an unexpected error goes to the crash dialog."""
        if isinstance(error, AnnotatorError):
            self.failed.emit([error.problem])
        elif not isinstance(error, StoppedError):
            raise error

    def tell_problems(self, problems: Sequence[Problem]) -> None:
        """Tell a list of problems."""
        if problems:
            self.failed.emit(list(problems))
