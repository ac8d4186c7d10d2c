"""Deciding on many suggestions at once from the window: in the article at once, in the project after a look.

What concerns the whole project is first counted and told; the same key, or the word in the message,
carries it out. Nothing is asked in a dialog, and one undo takes everything back.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication

from annotator.core.errors import AnnotatorError
from annotator.core.history import Edit
from annotator.core.text import counted
from annotator.session import bulk
from annotator.session.editor import Editor
from annotator.ui.canvas.review import Review
from annotator.ui.notices import Notices
from annotator.ui.workbench import Workbench


@contextmanager
def waiting() -> Iterator[None]:
    """Shows the busy pointer meanwhile."""
    QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        yield
    finally:
        QGuiApplication.restoreOverrideCursor()


class Together(QObject):
    """Slots of the actions that decide on all suggestions alike, or on all that are sure enough."""

    def __init__(self, bench: Workbench, review: Review, notices: Notices, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = bench
        self._review = review
        self._notices = notices
        self._asked: tuple[object, ...] | None = None
        """What the person has been told the count of, as long as that can be read."""
        notices.said_gone.connect(self._forget)
        review.view.selection_changed.connect(notices.leave_question)

    def alike(self, accept: bool, everywhere: bool) -> None:
        """Decide on every suggestion of equal text and label as the selected one, and go on."""
        chosen, editor = self._review.open_selected(), self._bench.editor
        if chosen is None or editor is None:
            self._notices.tell("Select a suggestion first.", kind="info")
            return
        key = ("alike", chosen, accept, everywhere)
        self._decide(
            key, lambda: bulk.alike(editor, chosen, accept=accept, everywhere=everywhere), everywhere
        )

    def above(self, least: float, everywhere: bool = False, among: Container[str] | None = None) -> None:
        """Accept every suggestion with at least a confidence (0 to 1); ``among``: only of these ids."""
        editor = self._bench.editor
        if editor is not None:
            key = ("above", least, everywhere)
            self._decide(
                key, lambda: bulk.above(editor, least, everywhere=everywhere, among=among), everywhere
            )

    def _decide(self, key: tuple[object, ...], look_up: Callable[[], bulk.Bulk | None], ask: bool) -> None:
        editor = self._bench.editor
        assert editor is not None
        if not self._bench.may_write():
            return
        try:
            with waiting():
                many = look_up()
        except AnnotatorError as error:
            self._bench.failed.emit([error.problem])
            return
        if many is None:
            self._notices.tell("There is no such suggestion.", kind="info")
            return
        revision = (editor.page, editor.page.revision if editor.page else 0, many.count)
        if ask and self._asked != (*key, *revision):
            self._asked = (*key, *revision)
            self._notices.tell(
                f"{many.title}? The same once more does it, and one Undo takes it back.",
                action=(f"{many.verb.capitalize()} {many.count:,}", lambda: self._carry_out(many, editor)),
                stays=True,
            )
            return
        self._carry_out(many, editor)

    def _carry_out(self, many: bulk.Bulk, editor: Editor) -> None:
        self._asked = None
        if editor is not self._bench.editor:
            return
        after = self._review.place()
        try:
            with waiting():
                edit = many.run(editor)
        except AnnotatorError as error:
            self._bench.failed.emit([error.problem])
            self._bench.catch_up()
            return
        if edit is None:
            return
        self._review.step(1, after=after)
        done = {"accept": "Accepted", "reject": "Rejected"}[many.verb]
        where = f" in {counted(len(edit.articles), 'article')}" if len(edit.articles) > 1 else ""
        self._notices.tell(
            f"{done} {many.count:,} × {many.what}{where}.",
            kind="done",
            action=("Undo", lambda: self.undo(edit)),
        )

    def _forget(self) -> None:
        self._asked = None

    def undo(self, edit: Edit) -> None:
        """Take back what a message is about, if nothing was done since."""
        project = self._bench.project
        last = project.repository.next_undo(edit.annotator) if project is not None else None
        if last is not None and last.number == edit.number:
            self._bench.undo()
        else:
            self._notices.tell("Something else was done since: Undo goes back step by step.", kind="info")
