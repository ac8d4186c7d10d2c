"""Everything that is wrong with the project, each with a way to it; stays open beside the window."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.core.errors import Problem
from annotator.core.text import counted
from annotator.ui import icons
from annotator.ui.controls import Chip, RowView, Themed, label, row_ground
from annotator.ui.models.problem_list import ProblemListModel, ProblemRole
from annotator.ui.rows import RowDelegate, write
from annotator.ui.theme import SANS, Theme, font

type Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 50
_SOUND = (
    "Nothing is wrong.\n\n"
    "The file is whole, every label agrees with the codebook,\n"
    "and no finished article lacks what is required."
)


class _ProblemDelegate(RowDelegate):
    """Paints what is wrong, and below it where."""

    size = QSize(200, ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Problem | None = index.data(ProblemRole.PROBLEM)
        if row is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(4, 3, -4, -1)
        row_ground(painter, box, option.state, self.theme)
        inner = box.adjusted(10, 5, -12, -5)
        icons.draw(painter, "warning", QRectF(inner.left(), inner.top() + 2, 16, 16), self.theme.warn)
        inner.setLeft(inner.left() + 26)
        if row.place.article or row.place.actor:
            end = QRectF(inner.right() - 14, inner.center().y() - 7, 14, 14)
            icons.draw(painter, "arrow_right", end, self.theme.soft)
            inner.setRight(inner.right() - 24)
        half = inner.height() / 2
        upper, lower = inner.adjusted(0, 0, 0, -half), inner.adjusted(0, half, 0, 0)
        write(painter, upper, str(index.data(ProblemRole.WHAT)), font(SANS, 14), self.theme.ink)
        write(painter, lower, str(index.data(ProblemRole.WHERE)), font(SANS, 13), self.theme.soft)
        painter.restore()


class CheckDialog(Themed, QDialog):
    """The list; not modal. Signals: ``problem_chosen`` (a Problem), ``again_asked`` (to check once more)."""

    problem_chosen = Signal(object)
    again_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setWindowTitle("Problems in the project")
        self.resize(640, 520)
        self.model = ProblemListModel(self)
        self.title = label("", "title")
        self.said = label("", "quiet", wrap=True)
        self.view = RowView(ROW_HEIGHT)
        self.view.setProperty("look", "parts")
        self.view.setAccessibleName("Problems")
        self.view.setModel(self.model)
        self.view.setItemDelegate(_ProblemDelegate(self, self.view))
        self.view.clicked.connect(self._on_chosen)
        self.view.activated.connect(self._on_chosen)
        self.sound = label(_SOUND, "empty", wrap=True)
        self.sound.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.again = Chip("Check again", theme)
        self.again.clicked.connect(self.again_asked)
        self.shut = Chip("Close", theme, key="Esc")
        self.shut.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.said, 1)
        foot.addWidget(self.again)
        foot.addWidget(self.shut)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 18)
        column.setSpacing(10)
        column.addWidget(self.title)
        column.addWidget(self.view, 1)
        column.addWidget(self.sound, 1)
        column.addLayout(foot)
        self.show_progress(0, 0, running=True)
        self.view.setFocus()

    @override
    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.view.viewport().update()

    def show_progress(self, done: int, total: int, *, running: bool, more: bool = False) -> None:
        """How far the check is; ``more``: it stopped at a great many problems."""
        count = len(self.model.rows)
        self.title.setText(counted(count, "problem") if count else "Checking …" if running else "In order")
        if running:
            self.said.setText(
                f"Checking … {done:,} of {counted(total, 'article')}" if total else "Checking …"
            )
        elif more:
            self.said.setText("There are more: these come first.")
        else:
            self.said.setText("Click one, or press Enter, to go there." if count else "")
        self.again.setEnabled(not running)
        self.sound.setVisible(not count and not running)
        self.view.setVisible(bool(count) or running)

    def _on_chosen(self, index: QModelIndex) -> None:
        if index.isValid():
            self.problem_chosen.emit(index.data(ProblemRole.PROBLEM))
