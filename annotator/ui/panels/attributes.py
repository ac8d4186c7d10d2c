"""The attributes of a span or relation, each with the editor of its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from annotator.core.codebook import Attribute, AttributeType, Codebook
from annotator.core.pending import is_missing
from annotator.core.ranking import CategoryUse
from annotator.ui.controls import label
from annotator.ui.panels.fields import Field, make_field
from annotator.ui.theme import Theme
from annotator.ui.topics import set_topic


class AttributesForm(QWidget):
    """Signal: ``given`` with the attribute's name and the new value, None for no value."""

    given = Signal(str, object)

    def __init__(
        self,
        attributes: Sequence[Attribute],
        codebook: Codebook,
        theme: Theme,
        used: Callable[[], CategoryUse] = CategoryUse,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.fields: dict[str, Field] = {}
        self._attributes = {each.name: each for each in attributes}
        self._headings: dict[str, QLabel] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(5)
        for nth, each in enumerate(attributes):
            if nth:
                column.addSpacing(9)
            field = make_field(each, codebook, theme, used)
            set_topic(field, each)
            if each.type is not AttributeType.BOOLEAN:
                heading = label("", "heading")
                heading.setBuddy(field)
                self._headings[each.name] = heading
                column.addWidget(heading)
            column.addWidget(field)
            field.given.connect(lambda value, name=each.name: self._on_given(name, value))
            self.fields[each.name] = field

    def set_values(self, values: Mapping[str, Any], *, fresh: bool = False) -> None:
        """Show the values. ``fresh``: they are another label's, so anything half typed is dropped."""
        for name, field in self.fields.items():
            field.set_value(values.get(name), fresh=fresh)
            self._mark_required(name, values.get(name))

    def set_date_hint(self, published: str | None) -> None:
        """Dates that are not set hold as the article's."""
        for name, field in self.fields.items():
            if self._attributes[name].type is AttributeType.DATE:
                field.set_hint(f"{published} (the article’s)" if published else "YYYY-MM-DD")

    def flush(self) -> None:
        """Give everything that was typed and not given yet."""
        for field in self.fields.values():
            field.flush()

    def focus_first(self) -> bool:
        """Put the cursor into the first field; whether there is one."""
        for field in self.fields.values():
            field.setFocus()
            return True
        return False

    def focus(self, name: str) -> bool:
        """Put the cursor into the field of an attribute; whether there is one."""
        field = self.fields.get(name)
        if field is not None:
            field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        return field is not None

    def _on_given(self, name: str, value: Any) -> None:
        self._mark_required(name, value)
        self.given.emit(name, value)

    def _mark_required(self, name: str, value: Any) -> None:
        if name in self._headings:
            attribute = self._attributes[name]
            missing = attribute.required and is_missing(attribute, value)
            heading = self._headings[name]
            heading.setText((attribute.title or name) + (" (required)" if missing else ""))
            if bool(heading.property("missing")) != missing:
                heading.setProperty("missing", missing)
                heading.style().unpolish(heading)
                heading.style().polish(heading)
