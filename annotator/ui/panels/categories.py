"""Several categories of one claim: chips, and a field that finds categories as one types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, override

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from annotator.core.codebook import Category
from annotator.core.ranking import CategoryIndex, CategoryUse, category_paths
from annotator.ui.controls import Chip, RowView, Themed, label, tip
from annotator.ui.flow import FlowLayout
from annotator.ui.models.category_list import CategoryListModel
from annotator.ui.panels.category_delegate import ROW_HEIGHT, CategoryDelegate
from annotator.ui.panels.fields import Field
from annotator.ui.panels.wording import category_names
from annotator.ui.theme import Theme

SHOWN = 6
"""Lines that are offered without scrolling."""
IDLE = 200
"""Milliseconds from making a field to making its categories ready to be searched."""
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: SHOWN, Qt.Key.Key_PageUp: -SHOWN}


_ready: tuple[Sequence[Category], CategoryIndex] | None = None


def _index_of(categories: Sequence[Category]) -> CategoryIndex:
    """The index of a codebook's categories, made once for all the fields that offer them."""
    global _ready
    if _ready is None or _ready[0] is not categories:
        _ready = categories, CategoryIndex(categories)
    return _ready[1]


class CategoriesField(Themed, Field):
    """Gives a list of category codes, in the order in which they were added; None for none.

    Typing looks through codes, titles and definitions; below the field stands what fits, the recently used
    first. Enter adds the marked one, arrow and page keys mark another, a click adds. A click on a chip,
    Delete on it, or Backspace in the empty field takes one away.
    """

    def __init__(
        self,
        title: str,
        categories: Sequence[Category],
        theme: Theme,
        use: Callable[[], CategoryUse] = CategoryUse,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.theme = theme
        self._categories = categories
        self._use = use
        self._names = category_names(categories)
        self._codes = {name: code for code, name in self._names.items()}
        self._definitions = {each.code: each.definition for each in categories}
        self._value: list[str] = []
        self.chips: dict[str, Chip] = {}
        self.edit = QLineEdit()
        self.edit.setAccessibleName(f"Add to {title.lower()}")
        self.edit.setAccessibleDescription("Type to find one; arrow keys choose, Enter adds")
        self.edit.setMinimumWidth(130)
        self.edit.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.problem = label("", "problem")
        self.problem.hide()
        self.offered = CategoryListModel(self._names, category_paths(categories), self)
        self.list = RowView(ROW_HEIGHT)
        self.list.setProperty("look", "offered")
        self.list.setAccessibleName(f"Offered for {title.lower()}")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setModel(self.offered)
        self.list.setItemDelegate(CategoryDelegate(self, self.list))
        self.list.clicked.connect(lambda index: self._add(self.offered.rows[index.row()].code))
        self.list.hide()
        self._row = FlowLayout(gap=4, row_gap=4)
        self._row.addWidget(self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(self._row)
        column.addWidget(self.list)
        column.addWidget(self.problem)
        self.setFocusProxy(self.edit)
        self.edit.textEdited.connect(self._on_typed)
        self.edit.returnPressed.connect(self._on_entered)
        self.edit.editingFinished.connect(self._on_left)
        self.edit.installEventFilter(self)
        self._hint()
        # Not before the claim is shown, and before the person looks for a category.
        QTimer.singleShot(IDLE, self, lambda: _index_of(categories))

    @override
    def set_value(self, value: Any, *, fresh: bool = False) -> None:
        codes = [str(each) for each in value or ()]
        if fresh:
            self.edit.clear()
            self.problem.hide()
            self.list.hide()
        if codes != self._value:
            self._value = codes
            self._show_chips()

    def _show_chips(self) -> None:
        gone = [code for code in self.chips if code not in self._value]
        for code in gone:
            chip = self.chips.pop(code)
            if chip.hasFocus():
                self.edit.setFocus(Qt.FocusReason.TabFocusReason)
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
        self.list.hide()
        if code not in self._value:
            self._give([*self._value, code])

    # -- offering --------------------------------------------------------------------------------

    def _search(self) -> list[Category]:
        return _index_of(self._categories).search(self.edit.text(), self._use(), self._value)

    def _offer(self, *, marked: bool) -> None:
        """Show what fits what was typed; ``marked``: the first of it is what Enter adds."""
        found = self._search()
        self.offered.set_rows(found)
        self.list.setFixedHeight(min(len(found), SHOWN) * ROW_HEIGHT + 8)
        self.list.scrollToTop()
        self.list.setVisible(bool(found))
        if found and marked:
            self._mark(0)

    def _mark(self, row: int) -> None:
        index = self.offered.index(row)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)
        said = f"{index.data()}, {row + 1} of {self.offered.rowCount()}"
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.edit, said))

    def _step(self, by: int) -> None:
        """Mark another line, the first one where there is none."""
        if self.list.isHidden():
            self._offer(marked=by > 0)
            return
        here = self.list.currentIndex()
        row = here.row() + by if here.isValid() else 0
        if self.offered.rowCount():
            self._mark(max(0, min(row, self.offered.rowCount() - 1)))

    def _on_typed(self, text: str) -> None:
        self.problem.hide()
        if text.strip():
            self._offer(marked=True)
        else:
            self.list.hide()

    def _on_entered(self) -> None:
        here = self.list.currentIndex()
        if not self.list.isHidden() and here.isValid():
            self._add(self.offered.rows[here.row()].code)
        elif self.edit.text().strip():
            found = self._search()
            if found:
                self._add(found[0].code)
            else:
                self.problem.setText("The codebook has no such category.")
                self.problem.show()

    def _on_left(self) -> None:
        """A name that was typed in full counts even without Enter; a beginning of one does not."""
        code = self._codes.get(self.edit.text().strip())
        if code is not None and not self.edit.hasFocus():
            self._add(code)

    # -- events ----------------------------------------------------------------------------------

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.edit:
            return self._on_edit_event(event) or super().eventFilter(watched, event)
        if isinstance(event, QKeyEvent) and isinstance(watched, Chip):
            delete = event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
            if event.type() == QEvent.Type.KeyPress and delete:
                watched.click()
                return True
        return super().eventFilter(watched, event)

    def _on_edit_event(self, event: QEvent) -> bool:
        """What the field itself does not do; whether the event is used up."""
        match event.type():
            case QEvent.Type.FocusIn:
                passing = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
                if isinstance(event, QFocusEvent) and event.reason() not in passing:
                    self._offer(marked=bool(self.edit.text().strip()))
            case QEvent.Type.FocusOut:
                self.list.hide()
            case QEvent.Type.MouseButtonRelease if self.list.isHidden():
                self._offer(marked=bool(self.edit.text().strip()))
            case QEvent.Type.ShortcutOverride if isinstance(event, QKeyEvent):
                if event.key() == Qt.Key.Key_Escape and not self.list.isHidden():
                    event.accept()
                    return True
            case QEvent.Type.KeyPress if isinstance(event, QKeyEvent):
                return self._on_key(event)
            case _:
                pass
        return False

    def _on_key(self, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Backspace and not self.edit.text() and self._value:
            self._remove(self._value[-1])
        elif key in _STEPS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            self._step(_STEPS[key])
        elif key == Qt.Key.Key_Escape and not self.list.isHidden():
            self.list.hide()
        else:
            return False
        return True
