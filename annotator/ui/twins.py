"""Near-duplicates of the project: found in the background, opened, and given labels as suggestions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct
from PySide6.QtCore import QObject

from annotator.core.errors import StoppedError

if TYPE_CHECKING:
    from annotator.session.copies_of import Copied, Group
    from annotator.ui.dialogs.twins import TwinsDialog
    from annotator.ui.main_window import MainWindow

COMPARING = "Comparing the articles"


class _Answer(Struct, frozen=True):
    """What the work in the background came to."""

    groups: list[Group]
    labels: dict[str, int]
    copied: Copied | None = None


class Twins(QObject):
    """Slot of the action that lists near-duplicates."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._bench = window.bench
        self.dialog: TwinsDialog | None = None
        """The list, while it is open."""
        self._groups: list[Group] = []
        self._bench.project_left.connect(self._shut)
        self._bench.tasks.busy_changed.connect(self._on_progress)

    def show(self) -> None:
        """Show the list, and compare all articles of the project."""
        if self._bench.project is None:
            self._window.notices.tell("Open a project first.", kind="info")
            return
        self._window.inspector.flush()
        if self.dialog is None:
            from annotator.ui.dialogs.twins import TwinsDialog

            dialog = self.dialog = TwinsDialog(self._window.theme, self._window)
            dialog.article_chosen.connect(self._open)
            dialog.copy_asked.connect(self._copy)
            dialog.again_asked.connect(self.look)
            dialog.finished.connect(self._on_closed)
        self.dialog.show()
        self.dialog.activateWindow()
        self.look()

    def look(self) -> None:
        """Compare the articles, in the background."""
        bench = self._bench
        if bench.project is None or self.dialog is None:
            return
        where, annotator = bench.project.path, bench.annotator
        self.dialog.show_progress(0, 0)

        def work(progress: object) -> object:
            from annotator.session.copies_of import groups
            from annotator.session.project import Project

            with Project.open_to_read(where) as project:
                found = groups(project, progress)  # type: ignore[arg-type]
                return _Answer(found, _labels_of(project, annotator))

        bench.tasks.run(COMPARING, work, self._on_answer, self._on_failed)

    def _copy(self, article: str, others: list[str]) -> None:
        bench = self._bench
        if bench.project is None or self.dialog is None or not bench.may_write():
            return
        self._window.inspector.flush()
        self.dialog.copy.setEnabled(False)
        where, annotator, found = bench.project.path, bench.annotator, self._groups

        def work(progress: object) -> object:
            from annotator.session.copies_of import copy_labels
            from annotator.session.project import Project

            with Project.open(where) as project:
                copied = copy_labels(project, article, others, annotator)
                return _Answer(found, _labels_of(project, annotator), copied)

        bench.tasks.run("Copying labels", work, self._on_answer, self._on_failed)

    def _on_answer(self, answer: object) -> None:
        assert isinstance(answer, _Answer)
        self._groups = answer.groups
        said = answer.copied.sentence if answer.copied is not None else ""
        if answer.copied is not None:
            self._bench.refresh_suggestions()
            self._window.articles.reload()
        if self.dialog is not None:
            writable = not self._bench.keeper.read_only
            self.dialog.show_groups(answer.groups, answer.labels, writable=writable, said=said)
        elif said:
            self._bench.told.emit("done", said)

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, StoppedError):  # the list was closed, and may have been opened again
            return
        if self.dialog is not None:
            self.dialog.close()
        self._bench.tell_failure(error)

    def _on_progress(self, what: str, done: int, total: int) -> None:
        if what == COMPARING and self.dialog is not None:
            self.dialog.show_progress(done, total)

    def _open(self, article: str) -> None:
        self._window.inspector.flush()
        self._bench.open_article(article)

    def _shut(self) -> None:
        self._groups = []
        if self.dialog is not None:
            self.dialog.close()

    def _on_closed(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None
        self._bench.tasks.drop(COMPARING)
        self._window.canvas.setFocus()


def _labels_of(project: object, annotator: str) -> dict[str, int]:
    """How many spans the annotator has in each article."""
    from annotator.core.ports import ArticleFilter
    from annotator.session.project import Project

    assert isinstance(project, Project)
    repository, every = project.repository, ArticleFilter()
    number = repository.count_articles(every, annotator)
    return {row.id: row.labels for row in repository.article_rows(every, annotator, 0, number)}
