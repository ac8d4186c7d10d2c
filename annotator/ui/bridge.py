"""From the session's plain callbacks to Qt's signals."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from annotator.core.codebook import Codebook
from annotator.core.reports import CodebookNews
from annotator.session.editor import Changed, Editor
from annotator.ui.codebook_news import sentence_of


class EditorBridge(QObject):
    """Signals: ``changed`` (:class:`Changed`), after each edit, undo and redo is saved and applied;
    ``codebook_changed`` (the codebook before and after), by this person or somebody else; ``told``
    (kind and words of a message: what somebody else did to the codebook).

    A window has one; making another takes the place of the earlier one.
    """

    changed = Signal(object)
    codebook_changed = Signal(object, object)
    told = Signal(str, str)

    def __init__(self, editor: Editor, parent: QObject) -> None:
        for earlier in parent.findChildren(EditorBridge):
            earlier.deleteLater()
        super().__init__(parent)
        editor.listeners.append(self._on_changed)
        self._codebook = editor.codebook
        editor.codebook_listeners.append(self._on_codebook)
        editor.news_listeners.append(self._on_news)
        self._editor = editor

    def _on_changed(self, changed: Changed) -> None:
        self.changed.emit(changed)

    def _on_codebook(self, codebook: Codebook) -> None:
        before, self._codebook = self._codebook, codebook
        self.codebook_changed.emit(before, codebook)

    def _on_news(self, news: Sequence[CodebookNews]) -> None:
        """What has cost this person labels stays until it is closed; the rest is merely said."""
        kind = "problem" if any(each.removed for each in news) else "info"
        self.told.emit(kind, "\n".join(sentence_of(each, self._editor.annotator) for each in news))
