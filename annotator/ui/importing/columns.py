"""The first rows of a file under its columns, each of which says what it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, override

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from annotator.core.mapping import LEFT_OUT, META
from annotator.session.copies_of import called
from annotator.session.surveying import SurveyedFile
from annotator.ui.controls import ComboBox, Themed, tip
from annotator.ui.importing.draft import FIELDS
from annotator.ui.theme import Theme

type Index = QModelIndex | QPersistentModelIndex

MOST_COLUMNS = 60
"""Columns that are shown; those beyond keep what is proposed for them."""
_CELL = 160
"""Characters of a cell that are shown."""
_TIP = 600
_BOX = 32
"""Height of a column's box, in pixels."""
_NARROW, _USUAL, _WIDE = 124, 168, 300


class RowsModel(QAbstractTableModel):
    """The first rows of a table, or the first articles of another file."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.file: SurveyedFile | None = None
        self.fields: Mapping[str, str] = {}

    def show(self, file: SurveyedFile | None, fields: Mapping[str, str]) -> None:
        """Show a file's rows; columns that are left out are faint."""
        self.beginResetModel()
        self.file, self.fields = file, fields
        self.endResetModel()

    def repaint(self) -> None:
        """The fields have changed."""
        if self.rowCount() and self.columnCount():
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)

    @property
    def columns(self) -> tuple[str, ...]:
        """What the columns are called."""
        if self.file is None:
            return ()
        return self.file.columns[:MOST_COLUMNS] or ("Title", "Characters", "Spans", "Relations")

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if parent.isValid() or self.file is None:
            return 0
        return len(self.file.rows if self.file.columns else self.file.samples)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def cell(self, row: int, column: int) -> str:
        """The whole text of a cell."""
        assert self.file is not None
        if self.file.columns:
            cells = self.file.rows[row]
            return cells[column] if column < len(cells) else ""
        sample = self.file.samples[row]
        figures = (sample.characters, sample.spans, sample.relations)
        return called(sample.title, sample.beginning) if column == 0 else f"{figures[column - 1]:,}"

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join(self.cell(index.row(), index.column())[: 2 * _CELL].split())[:_CELL]
        if role == Qt.ItemDataRole.ToolTipRole:
            text = self.cell(index.row(), index.column())
            return tip(text if len(text) <= _TIP else f"{text[:_TIP]}…")
        if role == Qt.ItemDataRole.TextAlignmentRole and self.file and not self.file.columns:
            side = Qt.AlignmentFlag.AlignRight if index.column() else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and self.file and self.file.columns:
            if self.fields.get(self.columns[index.column()], META) == LEFT_OUT:
                view = self.parent()
                return view.theme.faint if isinstance(view, ColumnTable) else None
        return None

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation == Qt.Orientation.Horizontal and section < len(self.columns):
            if role == Qt.ItemDataRole.DisplayRole:
                return " ".join(self.columns[section].split())[:60]
            if role == Qt.ItemDataRole.ToolTipRole:
                return tip(self.columns[section])
            if role == Qt.ItemDataRole.TextAlignmentRole:
                figures = self.file is not None and not self.file.columns and section
                side = Qt.AlignmentFlag.AlignRight if figures else Qt.AlignmentFlag.AlignLeft
                low = Qt.AlignmentFlag.AlignBottom
                return side | (low if self.file and self.file.columns else Qt.AlignmentFlag.AlignVCenter)
        return None


class FieldHeader(QHeaderView):
    """A header with a box above each column's name. Signal: ``assigned`` (column, field)."""

    assigned = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.theme = theme
        self.boxes: list[ComboBox] = []
        self.setSectionsClickable(False)
        self.setHighlightSections(False)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setMinimumSectionSize(_NARROW)
        self.sectionResized.connect(lambda *_: self.place_boxes())
        self.geometriesChanged.connect(self.place_boxes)

    def show_columns(self, columns: tuple[str, ...], fields: Mapping[str, str]) -> None:
        """A box for each of these columns; none where there is nothing to assign."""
        for box in self.boxes:
            box.hide()
            box.deleteLater()
        self.boxes = []
        for name in columns:
            box = ComboBox(self.theme, self.viewport())
            box.setAccessibleName(f"Column “{name[:60]}” becomes")
            for field, words in FIELDS.items():
                box.addItem(words, field)
            box.insertSeparator(len(FIELDS) - 2)
            box.installEventFilter(self)
            box.activated.connect(lambda _, box=box, name=name: self.assigned.emit(name, box.currentData()))
            box.show()
            self.boxes.append(box)
        view = self.parent()
        assert isinstance(view, QWidget)
        before = view
        for box in self.boxes:
            QWidget.setTabOrder(before, box)
            before = box
        self.show_fields(columns, fields)
        self.geometriesChanged.emit()
        self.place_boxes()

    def show_fields(self, columns: tuple[str, ...], fields: Mapping[str, str]) -> None:
        """What the columns become."""
        for box, name in zip(self.boxes, columns, strict=True):
            box.setCurrentIndex(box.findData(fields.get(name, META)))

    @override
    def sizeHint(self) -> Any:
        size = super().sizeHint()
        if self.boxes:
            size.setHeight(size.height() + _BOX + 8)
        return size

    def place_boxes(self) -> None:
        """Put each box above its column."""
        for nth, box in enumerate(self.boxes):
            left, width = self.sectionViewportPosition(nth), self.sectionSize(nth)
            box.setGeometry(left + 3, 5, width - 6, _BOX)

    @override
    def setOffset(self, offset: int) -> None:
        super().setOffset(offset)
        self.place_boxes()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and watched in self.boxes:
            view = self.parent()
            if isinstance(view, QTableView) and view.model().rowCount():
                nth = self.boxes.index(watched)
                view.scrollTo(view.model().index(max(0, view.currentIndex().row()), nth))
        return super().eventFilter(watched, event)


class ColumnTable(Themed, QTableView):
    """The table. Signals: ``assigned`` (column, field), ``row_chosen`` (its place)."""

    assigned = Signal(str, str)
    row_chosen = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.rows = RowsModel(self)
        self.header = FieldHeader(theme, self)
        self.setHorizontalHeader(self.header)
        self.setModel(self.rows)
        self.setProperty("look", "sheet")
        self.setAccessibleName("The first articles")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(30)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.header.assigned.connect(self.assigned)
        self.selectionModel().currentRowChanged.connect(lambda now, _: self.row_chosen.emit(now.row()))

    def show_file(self, file: SurveyedFile | None, fields: Mapping[str, str]) -> None:
        """Show a file; the first row is chosen."""
        same = file is not None and self.rows.file is not None and file.columns == self.rows.file.columns
        row = max(0, self.currentIndex().row()) if same else 0
        self.rows.show(file, fields)
        columns = self.rows.columns if file is not None and file.columns else ()
        if not same or len(self.header.boxes) != len(columns):
            self.header.show_columns(columns, fields)
        else:
            self.header.show_fields(columns, fields)  # a mapping may have been loaded
        for nth, name in enumerate(self.rows.columns):
            if columns:
                longest = max((len(self.rows.cell(at, nth)) for at in range(self.rows.rowCount())), default=0)
                wide = longest > 80 or fields.get(name) == "text"
                self.setColumnWidth(nth, _WIDE if wide else _USUAL)
        stretch, fixed = QHeaderView.ResizeMode.Stretch, QHeaderView.ResizeMode.Interactive
        self.header.setStretchLastSection(bool(columns))
        for nth in range(len(self.rows.columns)):
            self.header.setSectionResizeMode(nth, stretch if not columns and nth == 0 else fixed)
        if self.rows.rowCount():
            self.selectRow(min(row, self.rows.rowCount() - 1))

    def show_fields(self, fields: Mapping[str, str]) -> None:
        """What the columns become now."""
        self.rows.fields = fields
        if self.header.boxes:
            self.header.show_fields(self.rows.columns, fields)
        self.rows.repaint()

    @override
    def updateGeometries(self) -> None:
        super().updateGeometries()
        self.header.place_boxes()
