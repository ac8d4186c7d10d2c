"""From the session's plain callbacks to Qt's signals."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from annotator.core.codebook import Codebook
from annotator.session.editor import Changed, Editor


class EditorBridge(QObject):
    """Signals: ``changed`` (:class:`Changed`), after each edit, undo and redo is saved and applied;
    ``codebook_changed`` (the codebook before and after), by this person or somebody else."""

    changed = Signal(object)
    codebook_changed = Signal(object, object)

    def __init__(self, editor: Editor, parent: QObject) -> None:
        super().__init__(parent)
        editor.listeners.append(self._on_changed)
        self._codebook = editor.codebook
        editor.codebook_listeners.append(self._on_codebook)

    def _on_changed(self, changed: Changed) -> None:
        self.changed.emit(changed)

    def _on_codebook(self, codebook: Codebook) -> None:
        before, self._codebook = self._codebook, codebook
        self.codebook_changed.emit(before, codebook)
