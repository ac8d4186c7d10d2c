"""The page on which columns become fields, with the articles as they would be read."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from annotator.core.text import counted
from annotator.session.surveying import SurveyedFile
from annotator.ui.controls import ComboBox, Themed, label
from annotator.ui.importing.columns import ColumnTable
from annotator.ui.importing.draft import ImportDraft, short_names
from annotator.ui.importing.reading import Reading
from annotator.ui.theme import Theme

MOST_FILES = 200
"""Files that can be looked into; the others are imported in the same way."""
_LEAST = 280
"""Pixels of height, of which sentences may take more than one line."""
_EMPTY = "This one has no text."
_NO_TEXT = "No text yet: say which column is the text."


class ArticlesPage(Themed, QWidget):
    """Signal: ``changed`` (a column has become another field)."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._draft: ImportDraft | None = None
        self._files: list[SurveyedFile] = []
        self.said = label("", "quiet", wrap=True)
        self.file = ComboBox(theme)
        self.file.setAccessibleName("File to look into")
        self.file.setMinimumContentsLength(24)
        self.file.elide = Qt.TextElideMode.ElideMiddle
        self.file.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.file.currentIndexChanged.connect(self._show_file)
        self.table = ColumnTable(theme)
        self.table.assigned.connect(self._on_assigned)
        self.table.row_chosen.connect(self._show_row)
        self.table.setMinimumHeight(112)
        self.reading = Reading(theme)
        self.split = QSplitter(Qt.Orientation.Vertical)
        self.split.setProperty("look", "gap")
        self.split.setHandleWidth(9)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.table)
        self.split.addWidget(self.reading)
        self.split.setSizes([240, 190])
        top = QHBoxLayout()
        top.setSpacing(14)
        top.addWidget(self.said, 1)
        top.addWidget(self.file)
        self.setMinimumHeight(_LEAST)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(10)
        column.addLayout(top)
        column.addWidget(self.split, 1)

    def show_draft(self, draft: ImportDraft) -> None:
        """Show what the survey found; the file that is looked into stays."""
        self._draft = draft
        before = self.file.currentData()
        with_articles = [each for each in draft.survey.files if each.samples or each.rows]
        self._files = with_articles[:MOST_FILES]
        self.file.blockSignals(True)
        self.file.clear()
        for each, name in zip(self._files, short_names([each.name for each in self._files]), strict=True):
            self.file.addItem(name, each.name)
        self.file.setCurrentIndex(max(0, self.file.findData(before)))
        self.file.blockSignals(False)
        self.file.setVisible(len(self._files) > 1)
        self._show_file()

    def _current(self) -> SurveyedFile | None:
        place = self.file.currentIndex()
        return self._files[place] if 0 <= place < len(self._files) else None

    def _show_file(self) -> None:
        file = self._current()
        assert self._draft is not None
        self.table.show_file(file, self._draft.fields)
        shown = self.table.rows.rowCount()
        if file is None:
            self.said.setText("There is no article to look at.")
        elif file.columns:
            self.said.setText(
                f"The first {'row' if shown < 2 else counted(shown, 'row')}. Say above each column what it "
                "becomes; below is the article as it would be read."
            )
        else:
            self.said.setText(
                f"The first {'article' if shown < 2 else counted(shown, 'article')}, "
                "and how the chosen one would be read."
            )
        self._show_row(self.table.currentIndex().row())

    def _show_row(self, row: int) -> None:
        file = self._current()
        if file is None or self._draft is None:
            self.reading.show_sample(None)
        else:
            sample = self._draft.sample(file, max(0, row))
            has_text = any(self._draft.fields.get(each) == "text" for each in file.columns)
            self.reading.show_sample(sample, _EMPTY if has_text or not file.columns else _NO_TEXT)

    def _on_assigned(self, column: str, name: str) -> None:
        assert self._draft is not None
        self._draft.assign(column, name)
        self.table.show_fields(self._draft.fields)
        self._show_row(self.table.currentIndex().row())
        self.changed.emit()
