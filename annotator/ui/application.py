"""The Qt application, which takes files that the desktop asks a running program to open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import override

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication


class Application(QApplication):
    """Keeps such files (macOS: a double click, a drop on the icon) until somebody opens them."""

    def __init__(self, arguments: Sequence[str]) -> None:
        super().__init__(arguments)
        self._waiting: list[Path] = []
        self._open: Callable[[Sequence[Path]], object] | None = None

    def open_files_by(self, opener: Callable[[Sequence[Path]], object]) -> None:
        """Have what waits and what comes opened by this."""
        self._open = opener
        waiting, self._waiting = self._waiting, []
        if waiting:
            opener(waiting)

    @override
    def event(self, event: QEvent) -> bool:
        if not isinstance(event, QFileOpenEvent) or not event.file():
            return super().event(event)
        path = Path(event.file())
        if self._open is None:
            self._waiting.append(path)
        else:
            self._open([path])
        return True
