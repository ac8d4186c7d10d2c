"""Asks for files and folders, without opening any of them.

Qt's own file dialog finds out what a file is by reading its beginning, where the ending does not tell. For a
project that is open, closing it after that drops every lock that this process holds on it through SQLite
(POSIX locks belong to the process): another process that comes and goes, such as ``annotator check``, takes
itself for the last one and deletes the log into which the window goes on saving labels.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import override

from PySide6.QtCore import QDateTime, QFileInfo, QLocale
from PySide6.QtGui import QAbstractFileIconProvider, QIcon
from PySide6.QtWidgets import QFileDialog, QFileIconProvider, QLineEdit, QTreeView, QWidget

_AROUND = 18
"""Pixels beside the words of a cell."""
_BESIDE = 190
"""Beside the list of files."""
_HIGH = 440


class _ByName(QFileIconProvider):
    """Says what files are by their names alone. Qt asks in a thread of its own."""

    def __init__(self) -> None:
        super().__init__()
        kinds = QAbstractFileIconProvider.IconType
        self._file = super().icon(kinds.File)
        self._folder = super().icon(kinds.Folder)

    @override
    def icon(self, of: QFileInfo | QAbstractFileIconProvider.IconType, /) -> QIcon:
        if not isinstance(of, QFileInfo):
            return super().icon(of)
        return self._folder if of.isDir() else self._file

    @override
    def type(self, info: QFileInfo, /) -> str:
        if info.isDir():
            return "Folder"
        ending = info.suffix()
        return f"{ending} file" if ending else "File"


@cache
def _by_name() -> _ByName:
    # One for good: a dialog does not own it, and may still ask while it is taken down.
    return _ByName()


def file_to_open(window: QWidget, title: str, folder: str, kinds: str) -> str:
    """The file that the person chooses; empty where none."""
    return next(iter(_chosen(_dialog(window, title, folder, kinds), QFileDialog.FileMode.ExistingFile)), "")


def files_to_open(window: QWidget, title: str, folder: str, kinds: str) -> list[str]:
    """The files that the person chooses."""
    return _chosen(_dialog(window, title, folder, kinds), QFileDialog.FileMode.ExistingFiles)


def folder_to_open(window: QWidget, title: str, folder: str) -> str:
    """The folder that the person chooses; empty where none."""
    dialog = _dialog(window, title, folder, "")
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return next(iter(_chosen(dialog, QFileDialog.FileMode.Directory)), "")


def file_to_save(window: QWidget, title: str, proposed: str, kinds: str, *, confirms: bool = True) -> str:
    """The name that the person gives a file; empty where none.

    ``confirms``: whether it asks before a file that is there is named.
    """
    path = Path(proposed)
    is_folder = path.is_dir()
    dialog = _dialog(window, title, str(path if is_folder else path.parent), kinds)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setOption(QFileDialog.Option.DontConfirmOverwrite, not confirms)
    if not is_folder:
        dialog.selectFile(path.name)
    return next(iter(_chosen(dialog, QFileDialog.FileMode.AnyFile)), "")


def _dialog(window: QWidget, title: str, folder: str, kinds: str) -> QFileDialog:
    dialog = QFileDialog(window, title, folder, kinds)
    dialog.setIconProvider(_by_name())
    _dress(dialog)
    return dialog


def _dress(dialog: QFileDialog) -> None:
    """Qt's own dialog in our looks; the system's has none of these parts."""
    line = dialog.findChild(QLineEdit)
    completer = line.completer() if line is not None else None
    popup = completer.popup() if completer is not None else None
    if popup is not None:  # a window of its own, whose ground would be transparent, which is black
        popup.setProperty("look", "popup")
    files = dialog.findChild(QTreeView)
    if files is None:
        return
    header, metrics = files.header(), files.fontMetrics()
    now = QLocale().toString(QDateTime.currentDateTime(), QLocale.FormatType.ShortFormat)
    for column, longest in ((1, "888.88 MiB"), (2, "jsonl file"), (3, f"{now}88")):
        header.resizeSection(column, metrics.horizontalAdvance(longest) + _AROUND)
    others = sum(header.sectionSize(column) for column in (1, 2, 3))
    dialog.resize(max(dialog.width(), others + header.sectionSize(0) + _BESIDE), max(dialog.height(), _HIGH))


def _chosen(dialog: QFileDialog, mode: QFileDialog.FileMode) -> list[str]:
    dialog.setFileMode(mode)
    chosen = dialog.selectedFiles() if dialog.exec() else []
    dialog.deleteLater()  # by Qt's loop: its thread may wait for Python, which must not wait for the thread
    return chosen
