"""The panel that finds in all articles of the project; it stands in the place of their list."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.core.text import counted
from annotator.ui.controls import Chip, RowView, Themed, label, spread
from annotator.ui.models.found_list import FoundListModel, FoundRole, FoundRow
from annotator.ui.panels.find_field import FindField
from annotator.ui.panels.found_delegate import ROW_HEIGHT, FoundDelegate
from annotator.ui.theme import Theme


class FindPanel(Themed, QWidget):
    """Signals: ``sought`` (a Wanted), ``match_chosen`` (article id, half-open range of code points),
    ``open_asked``, ``closed``."""

    sought = Signal(object)
    match_chosen = Signal(str, object)
    open_asked = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("find_panel")
        self.theme = theme
        self.model = FoundListModel(self)
        self.field = FindField(theme, "Find in all articles", pause=200, narrow=True)
        self.shut = Chip("", theme, icon="close", bare=True)
        self.shut.setAccessibleName("Back to the list of articles")
        self.shut.setToolTip("Back to the list of articles (Esc)")
        self.shut.clicked.connect(self.closed)
        self.count = label("", "quiet", wrap=True)
        self.view = RowView(ROW_HEIGHT)
        self.view.setAccessibleName("What was found")
        self.view.setModel(self.model)
        self._delegate = FoundDelegate(theme, self.view)
        self.view.setItemDelegate(self._delegate)
        self.view.clicked.connect(self._on_chosen)
        self.view.activated.connect(self._on_chosen)
        head = QHBoxLayout()
        head.addWidget(label("Find in all articles", "heading"), 1)
        head.addWidget(self.shut)
        top = QVBoxLayout()
        top.setContentsMargins(16, 10, 12, 8)
        top.setSpacing(6)
        top.addLayout(head)
        top.addWidget(self.field)
        top.addWidget(self.count)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(top)
        whole.addWidget(self.view, 1)
        self.setMinimumWidth(220)
        self.field.changed.connect(self.sought)
        for widget in (self.field.edit, self.view):
            widget.installEventFilter(self)

    @override
    def set_theme(self, theme: Theme) -> None:
        """Take over another theme."""
        self.theme = theme
        self._delegate.theme = theme
        spread(self, theme)
        self.view.viewport().update()

    def show_progress(self, read: int, total: int, *, done: bool) -> None:
        """Say how many matches there are so far; ``read``: articles that were looked through."""
        if not self.field.edit.text().strip():
            self.count.setText("")
        elif not self.field.problem.isHidden():
            self.count.setText(f"{total:,} before that" if total else "")
        elif not done:
            self.count.setText(f"{total:,} so far, {counted(read, 'article')} read …")
        elif not total:
            self.count.setText("Nothing is found.")
        else:
            cut = " · not all are listed" if self.model.cut else ""
            self.count.setText(f"{total:,} in {counted(self.model.articles, 'article')}{cut}")

    def _on_chosen(self, index: QModelIndex) -> None:
        row: FoundRow | None = index.data(FoundRole.ROW)
        if row is not None and row.found.matches:
            self.match_chosen.emit(row.found.article, (row.match or row.found.matches[0]).range)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            key = event.key()
            if event.type() == QEvent.Type.ShortcutOverride and key == Qt.Key.Key_Escape:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                if key == Qt.Key.Key_Escape:
                    self.closed.emit()
                    return True
                if watched is self.field.edit and key in (
                    Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter,
                ):  # fmt: skip
                    self._go_to_rows()
                    return True
                if watched is self.view and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                    self._on_chosen(self.view.currentIndex())
                    return True
        return super().eventFilter(watched, event)

    def _go_to_rows(self) -> None:
        if not self.field.flush() and self.model.rowCount():
            if not self.view.currentIndex().isValid():
                self.view.selectRow(1)  # row 0 is the first article's title
            self.view.setFocus(Qt.FocusReason.TabFocusReason)
