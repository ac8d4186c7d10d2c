"""What the sections of the codebook's window have in common: a list, a form, and following the draft."""

from __future__ import annotations

from typing import override

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from annotator.ui.codebook.desk import CodebookDesk
from annotator.ui.codebook.fields import Captioned, Guideline, Line, scrolled
from annotator.ui.codebook.parts import PartList

LIST_WIDTH = 264


class Page(QWidget):
    """A section that follows the draft while it is in sight, and catches up when it comes into sight."""

    def __init__(self, desk: CodebookDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._behind = True
        desk.changed.connect(self._on_changed)

    def show_draft(self) -> None:
        """Show everything as it is in the draft."""
        raise NotImplementedError

    def _on_changed(self) -> None:
        if self.isVisible():
            self.show_draft()
        else:
            self._behind = True

    def catch_up(self) -> None:
        """Show what has changed while the section was out of sight."""
        if self._behind:
            self._behind = False
            self.show_draft()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self.catch_up()
        super().showEvent(event)


class PartsPage(Page):
    """The list on the left, on the right the form of the part that is chosen."""

    def __init__(self, desk: CodebookDesk, parts: PartList, what: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.list = parts
        self.list.setFixedWidth(LIST_WIDTH)
        self.form = QWidget()
        self.column = QVBoxLayout(self.form)
        self.column.setContentsMargins(2, 0, 2, 12)
        self.column.setSpacing(16)
        self.area = scrolled(self.form, what)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 12, 0, 10)
        row.setSpacing(20)
        row.addWidget(self.list)
        room = QWidget()  # keeps its place where there is nothing to be shown in it
        inner = QVBoxLayout(room)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.addWidget(self.area)
        row.addWidget(room, 1)
        parts.chosen.connect(lambda _: self._on_chosen())
        parts.shift_asked.connect(desk.draft.shift)
        parts.delete_asked.connect(desk.delete)
        parts.form_asked.connect(self._go_to_form)

    def _place(self, *widgets: QWidget) -> None:
        """Put the form's fields below each other."""
        for widget in widgets:
            grows = isinstance(widget, Captioned) and isinstance(widget.widget, Guideline)
            self.column.addWidget(widget, 1 if grows else 0)
        for line in self.form.findChildren(Line):
            line.left.connect(self._desk.draft.settle)

    def _first(self) -> QLineEdit:
        """The field that says what the part is called."""
        raise NotImplementedError

    def _fields(self) -> dict[str, QWidget]:
        """The fields by the name that flaws have for them."""
        raise NotImplementedError

    def _show_form(self) -> None:
        raise NotImplementedError

    def _change(self, **fields: object) -> None:
        if self.list.current is not None and self._desk.may_edit:
            self._desk.draft.change(self.list.current, **fields)

    def _on_chosen(self) -> None:
        self._desk.draft.settle()
        self.area.verticalScrollBar().setValue(0)
        self._show_form()

    def _go_to_form(self) -> None:
        self._first().setFocus()
        self._first().selectAll()

    def go_to(self, id_: int, field: str = "") -> None:
        """Show a part and, where one is named, go to a field of its form."""
        self.catch_up()
        self.list.go_to(id_)
        if field:
            widget = self._fields().get(field, self._first())
            widget.setFocus()
            self.area.ensureWidgetVisible(widget)
