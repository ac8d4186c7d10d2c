"""The page that lists articles which nearly repeat others, to skip them or not."""

from __future__ import annotations

from typing import Any, override

from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QStyleOptionViewItem, QVBoxLayout, QWidget

from annotator.core.text import counted
from annotator.session.copies_of import Likeness
from annotator.session.surveying import Survey
from annotator.ui.controls import ComboBox, RowView, Themed, label, row_ground, tip
from annotator.ui.models.twin_list import share
from annotator.ui.rows import ListModel, RowDelegate, write
from annotator.ui.theme import SANS, Theme, figures, font

type Index = QModelIndex | QPersistentModelIndex

_ROW = 48


class _Pairs(ListModel[Likeness]):
    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        pair = self.items[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return pair
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{_title(pair.title)}, {share(pair.similarity)} like {_title(pair.like)}"
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip(f"{_title(pair.title)}\n{_title(pair.like)}")
        return None


class _PairDelegate(RowDelegate):
    size = QSize(300, _ROW)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        pair: Likeness = index.data(Qt.ItemDataRole.UserRole)
        theme, box = self.theme, QRectF(option.rect).adjusted(2, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        row_ground(painter, box, option.state, theme)
        inner = box.adjusted(12, 4, -12, -4)
        front = QRectF(inner.left(), inner.top(), 48, inner.height())
        write(painter, front, f"{share(pair.similarity)}", figures(font(SANS, 14, bold=True)), theme.ink)
        inner.setLeft(front.right() + 8)
        upper = QRectF(inner.left(), inner.top(), inner.width(), inner.height() / 2)
        write(painter, upper, _title(pair.title), font(SANS, 14), theme.ink)
        lower = upper.translated(0, upper.height())
        write(painter, lower, f"like “{_title(pair.like)}”", font(SANS, 13), theme.soft)
        painter.restore()


class CopiesPage(Themed, QWidget):
    """Signal: ``changed`` (they are skipped, or no longer)."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.model = _Pairs(self)
        self.room = QWidget()
        self._is_asked = False
        self.said = label("", "quiet", wrap=True)
        self.view = RowView(_ROW)
        self.view.setProperty("look", "parts")
        self.view.setAccessibleName("Near-duplicates")
        self.view.setModel(self.model)
        self.view.setItemDelegate(_PairDelegate(self, self.view))
        self.what = ComboBox(theme)
        self.what.setAccessibleName("What to do with near-duplicates")
        self.what.addItem("Import them all the same", False)
        self.what.addItem("Skip them", True)
        self.what.currentIndexChanged.connect(self.changed)
        foot = QHBoxLayout()
        foot.setSpacing(14)
        heading = label("Near-&duplicates", "heading")
        heading.setBuddy(self.what)
        foot.addWidget(heading)
        foot.addWidget(self.what)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.said)
        column.addWidget(self.view, 1)
        column.addWidget(self.room, 1)
        column.addLayout(foot)

    @property
    def count(self) -> int:
        """How many articles would be skipped."""
        return len(self.model.items)

    @property
    def skips(self) -> bool:
        """Whether they are to be skipped."""
        return bool(self.what.currentData()) and self._is_asked

    def show_survey(self, survey: Survey) -> bool:
        """Show what the survey found; whether there is anything to decide."""
        pairs = survey.copies
        if pairs != self.model.items:
            self.model.fill(pairs)
            if pairs:
                self.view.selectRow(0)
        number = len(pairs)
        self._is_asked = bool(pairs) or survey.copies_unknown
        self.view.setVisible(bool(pairs))
        self.room.setVisible(not pairs)
        repeat = "nearly repeats another one" if number == 1 else "nearly repeat another one"
        if pairs and survey.copies_unknown:
            self.said.setText(
                f"At least {counted(number, 'article')} {repeat}; there are too many to look at all of them "
                "now. If you skip near-duplicates, they are looked for among all while importing, which "
                "takes a while."
            )
        elif survey.copies_unknown:
            self.said.setText(
                "There are too many articles to look for near-duplicates now. If you skip them, they are "
                "looked for while importing, which takes a while."
            )
        else:
            self.said.setText(
                f"{counted(number, 'article')} {repeat}, as reports of one agency in several papers do. The "
                "figure is how much of their wording they share."
            )
        return self._is_asked


def _title(title: str) -> str:
    return " ".join(title.split()) or "Without a title"
