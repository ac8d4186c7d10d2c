"""Several categories of one claim: chips, and a field that finds categories as one types."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, override

from PySide6.QtCore import QEvent, QObject, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QLineEdit, QListView, QSizePolicy, QVBoxLayout, QWidget

from annotator.core.codebook import Category
from annotator.ui.controls import Chip, Themed, label, tip
from annotator.ui.flow import FlowLayout
from annotator.ui.panels.fields import Field
from annotator.ui.panels.wording import category_names, matching_categories
from annotator.ui.theme import Theme


class CategoriesField(Themed, Field):
    """Gives a list of category codes, in the order in which they were added; None for none.

    Typing looks through codes and titles, Enter takes the first match (or the marked one), Down or a
    click shows all. A click on a chip, Delete on it, or Backspace in the empty field takes one away.
    """

    def __init__(
        self, title: str, categories: Sequence[Category], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self._names = category_names(categories)
        self._codes = {name: code for code, name in self._names.items()}
        self._definitions = {each.code: each.definition for each in categories}
        self._value: list[str] = []
        self.chips: dict[str, Chip] = {}
        self.edit = QLineEdit()
        self.edit.setAccessibleName(f"Add to {title.lower()}")
        self.edit.setMinimumWidth(130)
        self.edit.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.problem = label("", "problem")
        self.problem.hide()
        self._found = QStringListModel(self)
        self._completer = QCompleter(self._found, self)
        self._completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self._completer.setMaxVisibleItems(10)
        self._completer.setWidget(self.edit)
        self._popup = QListView()
        self._popup.setProperty("look", "popup")
        self._popup.setAccessibleName(f"Suggestions for {title.lower()}")
        self._completer.setPopup(self._popup)
        self._completer.activated.connect(self._on_picked)
        self._row = FlowLayout(gap=4, row_gap=4)
        self._row.addWidget(self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._row)
        column.addWidget(self.problem)
        self.setFocusProxy(self.edit)
        self.edit.textEdited.connect(self._on_typed)
        self.edit.returnPressed.connect(self._on_entered)
        self.edit.editingFinished.connect(self._on_left)
        self.edit.installEventFilter(self)
        self._hint()

    @override
    def set_value(self, value: Any, *, fresh: bool = False) -> None:
        codes = [str(each) for each in value or ()]
        if fresh:
            self.edit.clear()
            self.problem.hide()
        if codes != self._value:
            self._value = codes
            self._show_chips()

    def _show_chips(self) -> None:
        gone = [code for code in self.chips if code not in self._value]
        for code in gone:
            chip = self.chips.pop(code)
            if chip.hasFocus():
                self.edit.setFocus()
            self._row.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        for place, code in enumerate(self._value):
            if code not in self.chips:
                self.chips[code] = self._chip(code)
                self._row.insert_widget(place, self.chips[code])
        self._hint()

    def _chip(self, code: str) -> Chip:
        name = self._names.get(code, code)
        chip = Chip(name, self.theme, trail="close", checkable=True)
        chip.setChecked(True)
        chip.setAccessibleName(f"Remove {name}")
        chip.setToolTip(tip(self._definitions.get(code) or code))
        chip.clicked.connect(lambda: self._remove(code))
        chip.installEventFilter(self)
        return chip

    def _hint(self) -> None:
        self.edit.setPlaceholderText("Add another" if self._value else "Type to find a category")

    # -- adding and taking away ------------------------------------------------------------------

    def _give(self, codes: list[str]) -> None:
        self._value = codes
        self._show_chips()
        self.given.emit(list(codes) or None)

    def _remove(self, code: str) -> None:
        self._give([each for each in self._value if each != code])

    def _add(self, code: str) -> None:
        self.edit.clear()
        self.problem.hide()
        if code not in self._value:
            self._give([*self._value, code])

    def _matches(self) -> list[str]:
        return matching_categories(self._names, self.edit.text(), self._value)

    def _offer(self) -> None:
        names = [self._names[code] for code in self._matches()]
        self._found.setStringList(names)
        if names:
            self._completer.complete()
        else:
            self._popup.hide()

    def _on_typed(self, text: str) -> None:
        self.problem.hide()
        if text.strip():
            self._offer()
        else:
            self._popup.hide()

    def _on_picked(self, name: str) -> None:
        if name in self._codes:
            self._add(self._codes[name])

    def _on_entered(self) -> None:
        text = self.edit.text().strip()
        if not text:
            return
        found = self._matches()
        marked = self._popup.currentIndex().data() if self._popup.isVisible() else None
        self._popup.hide()
        if found:
            self._add(self._codes.get(marked or text) or found[0])
        else:
            self.problem.setText("The codebook has no such category.")
            self.problem.show()

    def _on_left(self) -> None:
        """A name that was typed in full counts even without Enter; a beginning of one does not."""
        if self.edit.text().strip() in self._codes and not self.edit.hasFocus():
            self._on_picked(self.edit.text().strip())

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if watched is self.edit:
                if key == Qt.Key.Key_Backspace and not self.edit.text() and self._value:
                    self._remove(self._value[-1])
                    return True
                if key == Qt.Key.Key_Down and not self._popup.isVisible():
                    self._offer()
                    return True
            elif isinstance(watched, Chip) and key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
                watched.click()
                return True
        elif event.type() == QEvent.Type.MouseButtonRelease and watched is self.edit and not self.edit.text():
            self._offer()
        return super().eventFilter(watched, event)
