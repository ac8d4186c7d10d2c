"""Which theme is wanted, and where the window and its parts stood last time."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from annotator.runtime.settings import THEME, WINDOW_GEOMETRY, Setting, Settings
from annotator.ui.theme import Theme, dark, light


def wanted_theme(settings: Settings) -> Theme:
    """The theme that is set; the system's where that is the setting."""
    wanted = settings.get(THEME)
    if wanted == "system":
        scheme = QGuiApplication.styleHints().colorScheme()
        return dark() if scheme == Qt.ColorScheme.Dark else light()
    return dark() if wanted == "dark" else light()


def restore_places(
    window: QMainWindow, splitters: Mapping[Setting[str], QSplitter], settings: Settings
) -> None:
    """Put the window and its splitters where they were."""
    geometry = settings.get(WINDOW_GEOMETRY)
    if geometry:
        window.restoreGeometry(QByteArray.fromBase64(geometry.encode()))
    for setting, splitter in splitters.items():
        state = settings.get(setting)
        if state:
            splitter.restoreState(QByteArray.fromBase64(state.encode()))


def keep_places(window: QWidget, splitters: Mapping[Setting[str], QSplitter], settings: Settings) -> None:
    """Remember where the window and its splitters are."""

    def text_of(state: QByteArray) -> str:
        return bytes(state.toBase64().data()).decode()

    settings.set(WINDOW_GEOMETRY, text_of(window.saveGeometry()))
    for setting, splitter in splitters.items():
        settings.set(setting, text_of(splitter.saveState()))
