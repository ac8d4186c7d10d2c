"""The articles that nearly repeat each other, in groups; stays open beside the window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import override

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QProgressBar,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.core.text import counted
from annotator.session.copies_of import Group
from annotator.ui import icons
from annotator.ui.controls import Chip, RowView, Themed, label, row_ground
from annotator.ui.models.twin_list import Twin, TwinListModel
from annotator.ui.rows import Index, RowDelegate, write
from annotator.ui.theme import SANS, Theme, font

ROW_HEIGHT = 46
_NONE = (
    "No two articles nearly repeat each other.\n\n"
    "Articles would stand here that share most of their words in sequence,\n"
    "as reports of one agency in several papers do."
)


class _TwinDelegate(RowDelegate):
    """Paints headings low in their row, and articles in two lines."""

    size = QSize(200, ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Twin | None = index.data(Qt.ItemDataRole.UserRole)
        if row is None:
            return
        theme, box = self.theme, QRectF(option.rect).adjusted(2, 1, -2, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.article is None:
            low = box.adjusted(10, 18, -10, -3)
            write(painter, low, row.title, font(SANS, 12, bold=True), theme.soft)
            painter.restore()
            return
        row_ground(painter, box, option.state, theme)
        inner = box.adjusted(10, 4, -12, -4)
        end = QRectF(inner.right() - 14, inner.center().y() - 7, 14, 14)
        icons.draw(painter, "arrow_right", end, theme.soft)
        inner.setRight(inner.right() - 24)
        half = inner.height() / 2
        write(painter, inner.adjusted(0, 0, 0, -half), row.title, font(SANS, 14), theme.ink)
        write(painter, inner.adjusted(0, half, 0, 0), row.about, font(SANS, 13), theme.soft)
        painter.restore()


class TwinsDialog(Themed, QDialog):
    """The list; not modal.

    Signals: ``article_chosen`` (its id), ``copy_asked`` (id of an article, list of ids of its twins),
    ``again_asked`` (to look once more).
    """

    article_chosen = Signal(str)
    copy_asked = Signal(str, list)
    again_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self._writable = True
        self._busy = False
        self.setWindowTitle("Near-duplicates")
        self.setMinimumWidth(600)
        self.resize(640, min(560, max(400, parent.height() - 60)))
        self.model = TwinListModel(self)
        self.title = label("Near-duplicates", "title")
        self.said = label("", "quiet", wrap=True)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.view = RowView(ROW_HEIGHT)
        self.view.setProperty("look", "parts")
        self.view.setAccessibleName("Near-duplicates")
        self.view.setModel(self.model)
        self.view.setItemDelegate(_TwinDelegate(self, self.view))
        self.view.activated.connect(self._on_activated)
        self.view.selectionModel().currentRowChanged.connect(lambda: self._show_choice())
        self.nothing = label(_NONE, "empty", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.copy = Chip("", theme)
        self.copy.clicked.connect(self._on_copy)
        self.open_chip = Chip("Open the article", theme, key="Enter")
        self.open_chip.clicked.connect(lambda: self._on_activated(self.view.currentIndex()))
        self.again = Chip("Look again", theme, bare=True)
        self.again.clicked.connect(self.again_asked)
        self.shut = Chip("Close", theme, key="Esc")
        self.shut.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        for chip in (self.copy, self.open_chip):
            foot.addWidget(chip)
        foot.addStretch(1)
        for chip in (self.again, self.shut):
            foot.addWidget(chip)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 18)
        column.setSpacing(6)
        column.addWidget(self.title)
        column.addWidget(self.said)
        column.addWidget(self.bar)
        column.addWidget(self.view, 1)
        column.addWidget(self.nothing, 1)
        column.addSpacing(6)
        column.addLayout(foot)
        for widget in (self.said, self.bar):  # the list must not move when they come and go
            policy = widget.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            widget.setSizePolicy(policy)
        self.show_progress(0, 0)
        self.shut.setFocus()

    @override
    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self.view.viewport().update()

    def show_progress(self, done: int, total: int) -> None:
        """How far the comparison of the articles is."""
        self._busy = True
        self.said.setText("Comparing the articles …")
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        self.bar.show()
        if not self.model.rows:
            self.nothing.setText("")
            self.nothing.show()
            self.view.hide()
        self._show_choice()

    def show_groups(
        self, groups: Sequence[Group], labels: Mapping[str, int], *, writable: bool, said: str = ""
    ) -> None:
        """Show what was found; the article that is chosen stays so. ``said``: what was done before."""
        chosen = self.current
        here = chosen.article.id if chosen is not None and chosen.article is not None else ""
        self._busy, self._writable = False, writable
        self.bar.hide()
        self.model.show(groups, labels)
        articles = sum(len(each.articles) for each in groups)
        found = f"{counted(len(groups), 'group')} with {counted(articles, 'article')}."
        self.said.setText(said or (found if groups else ""))
        self.said.setVisible(bool(self.said.text()))
        appears = bool(groups) and self.view.isHidden()
        self.nothing.setText(_NONE)
        self.view.setVisible(bool(groups))
        self.nothing.setVisible(not groups)
        if said or (appears and self.focusWidget() in (None, self.shut, self.again)):
            self.view.setFocus()  # after copying, too: one of the others is opened next
        ids = [row.article.id if row.article else "" for row in self.model.rows]
        if groups:
            labelled = [nth for nth, row in enumerate(self.model.rows) if row.article and row.labels]
            first = labelled[0] if labelled else 1  # what is labelled is what there is to copy
            self.view.selectRow(ids.index(here) if here and here in ids else first)
        self._show_choice()

    @property
    def current(self) -> Twin | None:
        """The row that is chosen."""
        index = self.view.currentIndex()
        found: Twin | None = index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None
        return found

    def _show_choice(self) -> None:
        row = self.current
        self.again.setEnabled(not self._busy)
        self.open_chip.setEnabled(row is not None)
        may = row is not None and row.labels > 0 and self._writable and not self._busy
        self.copy.setEnabled(may)
        if row is not None and row.labels:
            words = (
                f"Copy {counted(row.labels, 'label')} to {counted(len(row.others), 'other')} as suggestions"
            )
        else:
            words = "Copy labels to the others as suggestions"
        self.copy.set_words(words)
        self.copy.setToolTip("" if may else "You have no labels in this article" if row is not None else "")

    def _on_activated(self, index: QModelIndex) -> None:
        row: Twin | None = index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None
        if row is not None and row.article is not None:
            self.article_chosen.emit(row.article.id)

    def _on_copy(self) -> None:
        row = self.current
        if row is not None and row.article is not None:
            self.copy_asked.emit(row.article.id, row.others)
