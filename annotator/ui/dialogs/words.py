"""Reporting words: what the project has learned about each, and what is to be done with it."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractButton,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from annotator.core.errors import AnnotatorError
from annotator.core.learning import Use
from annotator.core.text import counted
from annotator.session.learning import WordRow, Words, lemma_of
from annotator.ui.controls import Chip, RowView, Themed, hairline, label
from annotator.ui.learning import Learner
from annotator.ui.models.word_list import SORT, USES, Column, WordModel
from annotator.ui.theme import SANS, Theme, font

type Index = QModelIndex | QPersistentModelIndex

ROW_HEIGHT = 32
_WIDTHS = {
    Column.WORD: 150,
    Column.SURE: 118,
    Column.ACCEPTED: 86,
    Column.REJECTED: 82,
    Column.BY_HAND: 82,
    Column.USED: 150,
}
_KEYS = {Use.LEARNED: "L", Use.RULES: "R", Use.ALWAYS: "A", Use.NEVER: "N"}
_ABOUT = (
    "How sure suggestions are follows from what annotators accept, reject and mark by hand in this project. "
    "Every word can be set otherwise; nobody’s labels are touched."
)


class _WordDelegate(QStyledItemDelegate):
    """Draws what has moved in ink and what has not quietly; a choice that is not applied yet gets a dot."""

    def __init__(self, theme: Theme, model: WordModel, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme = theme
        self._model = model

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, ROW_HEIGHT)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: WordRow = index.data(Qt.ItemDataRole.UserRole)
        box, column = QRectF(option.rect), index.column()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, self.theme.row)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, self.theme.raised)
        number = column in (Column.ACCEPTED, Column.REJECTED, Column.BY_HAND)
        side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
        inner = box.adjusted(20 if column == Column.USED else 8, 0, -12 if number else -6, 0)
        if column == Column.USED and self._model.is_chosen(row):
            painter.setBrush(self.theme.accent)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawEllipse(QRectF(inner.left(), box.center().y() - 3, 6, 6))
            inner.setLeft(inner.left() + 12)
        told = bool(row.tally.evidence) or row.use is not Use.LEARNED
        face = font(SANS, 14, bold=told and column == Column.WORD)
        painter.setFont(face)
        painter.setPen(self._ink(row, column))
        text = QFontMetricsF(face).elidedText(index.data(), Qt.TextElideMode.ElideRight, inner.width())
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | side, text)
        painter.restore()

    def _ink(self, row: WordRow, column: int) -> QColor:
        moved = row.before != row.now
        quiet = {
            Column.REPORTS: True,
            Column.SURE: not moved,
            Column.USED: row.use is Use.LEARNED and not self._model.is_chosen(row),
        }
        return self.theme.soft if quiet.get(Column(column), False) else self.theme.ink


class WordsDialog(Themed, QDialog):
    """The table; stays beside the window while the person goes on working.

    L, R, A and N choose what is done with the word of the row, Delete takes that back, Ctrl+Enter applies.
    What is typed filters the table, and Enter adds it as a word of the project's own.
    """

    def __init__(self, learner: Learner, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Reporting words")
        self.resize(920, 680)
        self.theme = theme
        self._learner = learner
        self._sure = False
        self.model = WordModel(self)
        self.proxy = QSortFilterProxyModel(self)
        self.proxy.setSourceModel(self.model)
        self.proxy.setFilterKeyColumn(-1)
        self.proxy.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.proxy.setSortRole(SORT)
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search words, or type one to add")
        self.search.setAccessibleName("Search reporting words, or type one to add")
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._on_typed)
        self.add_chip = Chip("Add", theme, key="Enter")
        self.add_chip.clicked.connect(self.add)
        self.view = self._make_view(theme)
        self.nothing = label("No word like that. Enter adds it.", "empty")
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.nothing.hide()
        self.chips = {use: Chip(words, theme, key=_KEYS[use], checkable=True) for use, words in USES.items()}
        for use, chip in self.chips.items():
            chip.clicked.connect(lambda _=False, use=use: self.choose(use))
        self.reset_chip = Chip("Reset all", theme, bare=True)
        self.reset_chip.clicked.connect(self.reset)
        self.apply_chip = Chip("Apply", theme, key="Ctrl+Enter", strong=True)
        self.apply_chip.clicked.connect(self.apply)
        self.said = label("", "quiet", wrap=True)
        self.said.setAccessibleName("What applying would change")
        self._place()
        self.search.installEventFilter(self)
        self.view.installEventFilter(self)
        self.search.setFocus()
        self._say()
        learner.counted.connect(self._on_read)
        learner.applied.connect(self._on_applied)
        learner.left.connect(self.close)
        learner.read()

    def _make_view(self, theme: Theme) -> RowView:
        view = RowView(ROW_HEIGHT)
        view.setAccessibleName("Reporting words")
        view.setModel(self.proxy)
        self._delegate = _WordDelegate(theme, self.model, view)
        view.setItemDelegate(self._delegate)
        view.selectionModel().currentRowChanged.connect(lambda: self._show_choice())
        header = view.horizontalHeader()
        header.show()
        header.setHighlightSections(False)
        for column in Column:
            width = _WIDTHS.get(column)
            mode = QHeaderView.ResizeMode.Stretch if width is None else QHeaderView.ResizeMode.Fixed
            header.setSectionResizeMode(column, mode)
            if width is not None:
                header.resizeSection(column, width)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setSortIndicatorClearable(True)
        view.setSortingEnabled(True)
        return view

    def _place(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.search, 1)
        top.addWidget(self.add_chip)
        uses = QHBoxLayout()
        uses.setSpacing(6)
        for chip in self.chips.values():
            uses.addWidget(chip)
        uses.addStretch(1)
        uses.addWidget(self.reset_chip)
        end = QHBoxLayout()
        end.setSpacing(12)
        end.addWidget(self.said, 1)
        end.addWidget(self.apply_chip)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 18)
        column.setSpacing(10)
        column.addWidget(label("Reporting words", "title"))
        column.addWidget(label(_ABOUT, "quiet", wrap=True))
        column.addLayout(top)
        column.addWidget(self.view, 1)
        column.addWidget(self.nothing, 1)
        column.addLayout(uses)
        column.addWidget(hairline())
        column.addLayout(end)

    @override
    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        self._delegate.theme = theme
        self.view.viewport().update()

    # -- what there is --------------------------------------------------------------------------

    def _on_read(self, words: Words) -> None:
        """Show what was counted; what is chosen and not applied yet stays chosen."""
        chosen = dict(self.model.uses) if self.model.changed else None
        word = self._word()
        self.model.set_words(words)
        if chosen is not None:
            self.model.choose(dict.fromkeys(words.uses, Use.LEARNED) | chosen)
        self._go_to(word)
        self._say()

    def _row(self) -> WordRow | None:
        index = self.view.currentIndex()
        row: WordRow | None = index.data(Qt.ItemDataRole.UserRole) if index.isValid() else None
        return row

    def _word(self) -> str:
        row = self._row()
        return row.word if row else ""

    def _go_to(self, word: str) -> None:
        place = self.model.place_of(word)
        if place is not None:
            index = self.proxy.mapFromSource(self.model.index(place, 0))
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)
        self._show_choice()

    def _show_choice(self) -> None:
        row = self._row()
        for use, chip in self.chips.items():
            chip.setEnabled(row is not None and not self._learner.refusal)
            chip.setChecked(row is not None and row.use is use)
            chip.setAccessibleName(f"{USES[use]}: {row.word}" if row else USES[use])

    # -- choosing -------------------------------------------------------------------------------

    def choose(self, use: Use) -> None:
        """Choose what is done with the word of the row; Apply carries it out."""
        word = self._word()
        if word and not self._learner.refusal:
            self.model.choose({word: use})
            self._go_to(word)
        self._show_choice()
        self._say()

    def add(self) -> None:
        """Add what was typed as a word that is always looked for; one that is there is gone to."""
        if self.model.words is None or self._learner.refusal or not self.search.text().strip():
            return
        try:
            word = lemma_of(self.search.text())
        except AnnotatorError as error:
            self._say(str(error))
            return
        self.search.clear()
        if self.model.place_of(word) is None:
            self.model.choose({word: Use.ALWAYS})
        self._go_to(word)
        self.view.setFocus()
        self._say()

    def reset(self) -> None:
        """Have every word used as learned; the first press only says how many that are."""
        uses = self.model.uses
        if self._learner.refusal:
            return
        if uses and not self._sure:
            self._say(f"{counted(len(uses), 'word')} would be used as learned; press once more.")
            self._sure = True
        elif uses:
            self.model.choose(dict.fromkeys(uses, Use.LEARNED))
            self._show_choice()
            self._say()

    def apply(self) -> None:
        """Carry out what is chosen."""
        if self.model.words is None or self._learner.refusal:
            return
        self.apply_chip.setEnabled(False)
        uses = dict(self.model.uses)
        self._say("Updating suggestions …")
        if not self._learner.apply(uses):
            self._say()

    def _on_applied(self) -> None:
        self._learner.read()

    def _say(self, text: str = "") -> None:
        refusal = self._learner.refusal
        self._sure = False
        self.said.setText(text or refusal or self.model.effect())
        can = not refusal and self.model.words is not None
        self.apply_chip.setEnabled(can and not text.startswith("Updating"))
        self.add_chip.setEnabled(can and bool(self.search.text().strip()))
        self.reset_chip.setEnabled(can and bool(self.model.uses))

    # -- events ---------------------------------------------------------------------------------

    def _on_typed(self, typed: str) -> None:
        self.proxy.setFilterFixedString(typed.strip())
        empty = not self.proxy.rowCount() and self.model.words is not None
        self.view.setVisible(not empty)
        self.nothing.setVisible(empty)
        self._say()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            use = next((use for use, key in _KEYS.items() if event.text().upper() == key), None)
            if watched is self.view and event.type() == QEvent.Type.ShortcutOverride and use:
                event.accept()  # these letters are keys of the window too
                return True
            control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
            if event.type() == QEvent.Type.KeyPress and not control:
                return self._on_key(watched, event.key(), use)
        return super().eventFilter(watched, event)

    def _on_key(self, watched: QObject, key: int, use: Use | None) -> bool:
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if watched is self.search and key == Qt.Key.Key_Down and self.proxy.rowCount():
            if not self.view.currentIndex().isValid():
                self.view.selectRow(0)
            self.view.setFocus()
        elif watched is self.search and enter:
            self.add()
        elif watched is self.view and use:
            self.choose(use)
        elif watched is self.view and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.choose(Use.LEARNED)
        else:
            return False
        return True

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self.apply()
            elif isinstance(focused, QAbstractButton):
                focused.click()
            return
        super().keyPressEvent(event)
