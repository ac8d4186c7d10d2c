"""From the session's plain callbacks to Qt's signals."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from annotator.session.editor import Changed, Editor


class EditorBridge(QObject):
    """Signal: ``changed`` (:class:`Changed`), after each edit, undo and redo is saved and applied."""

    changed = Signal(object)

    def __init__(self, editor: Editor, parent: QObject) -> None:
        super().__init__(parent)
        editor.listeners.append(self._on_changed)

    def _on_changed(self, changed: Changed) -> None:
        self.changed.emit(changed)
