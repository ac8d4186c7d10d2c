"""Which theme is wanted, and where the window and its parts stood last time."""

from __future__ import annotations

import os
from collections.abc import Mapping

from PySide6.QtCore import QByteArray, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QSplitter, QWidget

from annotator.runtime.settings import THEME, UI_SCALE, WINDOW_GEOMETRY, Setting, Settings
from annotator.ui.theme import Theme, dark, light

UI_SCALES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
"""Sizes of the interface that the menu steps through."""

_SCALE_VARIABLE = "QT_SCALE_FACTOR"


def use_scale(settings: Settings) -> None:
    """Show everything in the size that is set, on top of the system's; before the application is made."""
    scale = settings.get(UI_SCALE)
    if scale == 1.0:
        return
    try:
        given = float(os.environ.get(_SCALE_VARIABLE, "1"))
    except ValueError:
        given = 1.0
    os.environ[_SCALE_VARIABLE] = f"{given * scale:g}"


def stepped_scale(scale: float, by: int) -> float:
    """The next larger (1) or smaller (-1) size of the interface; the same one at the end."""
    if by > 0:
        return next((each for each in UI_SCALES if each > scale + 0.001), UI_SCALES[-1])
    return next((each for each in reversed(UI_SCALES) if each < scale - 0.001), UI_SCALES[0])


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
