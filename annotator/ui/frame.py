"""The window before there is anything in it: painted at once, filled right after.

Importing and building the parts takes longer than Qt needs to show a window. So the window comes first,
in its place and in the colour of the page, and then takes the parts in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, override

from PySide6.QtCore import QByteArray, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QMainWindow

from annotator.runtime.settings import WINDOW_GEOMETRY, Settings
from annotator.ui.theme import Theme

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow


class Frame(QMainWindow):
    """Signal: ``painted``, once, after the first paint."""

    painted = Signal()

    def __init__(self, settings: Settings, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._content: MainWindow | None = None
        self._seen = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.painted)
        room = self.screen().availableGeometry().adjusted(0, 0, -20, -60)
        self.resize(1440, 900)
        self.resize(self.size().boundedTo(room.size()))
        geometry = settings.get(WINDOW_GEOMETRY)
        if geometry:
            self.restoreGeometry(QByteArray.fromBase64(geometry.encode()))

    def take(self, content: MainWindow) -> None:
        """Show the parts, which then fill the window for good."""
        self._content = content
        self.setWindowTitle(content.windowTitle())
        content.windowTitleChanged.connect(self.setWindowTitle)
        self.setCentralWidget(content)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._content is None:
            painter = QPainter(self)
            painter.fillRect(self.rect(), self._theme.page)
            painter.end()
        if not self._seen:
            self._seen = True
            self._soon.start()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._content is None or self._content.close():
            event.accept()
        else:
            event.ignore()
