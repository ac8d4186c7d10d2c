"""The repeated rows of an actor record's form: one alias with its language, one dated attribute."""

from __future__ import annotations

from typing import Any, override

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from annotator.core.codebook import Attribute, Codebook
from annotator.core.model import Alias, Property
from annotator.ui.controls import Chip, label
from annotator.ui.panels.fields import Field, LineField, make_field, read_date
from annotator.ui.theme import Theme

LANGUAGE_WIDTH = 62
DAY_WIDTH = 98


def _row(widget: QWidget) -> QHBoxLayout:
    row = QHBoxLayout(widget)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(6)
    return row


def _remove(theme: Theme) -> Chip:
    chip = Chip("", theme, icon="close", bare=True)
    chip.setToolTip("Remove")
    return chip


class FormLine(QLineEdit):
    """A line of text that leaves the keys of undo and redo to the window while nothing new is typed in it."""

    @override
    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and not self.isModified()
            and (event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo))
        ):
            event.ignore()
            return False
        return super().event(event)


class AliasRow(QWidget):
    """Signals: ``left`` (a field was left, or Enter pressed in it); ``remove_asked``."""

    left = Signal()
    remove_asked = Signal()

    def __init__(self, alias: Alias, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = FormLine(alias.name)
        self.name.home(False)
        self.name.setPlaceholderText("Another name")
        self.name.setAccessibleName("Alias")
        self.language = FormLine(alias.language or "")
        self.language.setPlaceholderText("any")
        self.language.setToolTip("Language of this name as a code, for instance en; empty: any")
        self.language.setMaxLength(12)
        self.language.setFixedWidth(LANGUAGE_WIDTH)
        self.language.setAccessibleName(f"Language of the alias {alias.name}")
        self.remove = _remove(theme)
        self.remove.setAccessibleName(f"Remove the alias {alias.name}")
        self.remove.clicked.connect(self.remove_asked)
        row = _row(self)
        row.addWidget(self.name, 1)
        row.addWidget(self.language)
        row.addWidget(self.remove)
        self.edits = (self.name, self.language)
        for edit in self.edits:
            edit.editingFinished.connect(self.left)

    def alias(self) -> Alias | None:
        """What stands in it; None while it has no name."""
        name = " ".join(self.name.text().split())
        return Alias(name, self.language.text().strip().lower() or None) if name else None


class PropertyRow(QWidget):
    """One value of an attribute, and from when to when it holds.

    A value that the codebook does not define any more is shown and can be removed, not changed.
    Signals: ``left`` (something was given); ``remove_asked``.
    """

    left = Signal()
    remove_asked = Signal()

    def __init__(self, held: Property, attribute: Attribute | None, codebook: Codebook, theme: Theme) -> None:
        super().__init__()
        self._held = held
        self._value: Any = held.value
        title = attribute.title or attribute.name if attribute else held.name
        self.field: Field | None = make_field(attribute, codebook, theme) if attribute else None
        self.since, self.until = (
            self._day(f"{title} since", held.since),
            self._day(f"{title} until", held.until),
        )
        self.remove = _remove(theme)
        self.remove.setAccessibleName(f"Remove {title}")
        self.remove.clicked.connect(self.remove_asked)
        row = _row(self)
        if self.field is None:
            row.addWidget(label(_plain(held.value)), 1)
        else:
            if isinstance(self.field, LineField):
                self.field.gives_at_pauses = False
                self.field.edit.setClearButtonEnabled(False)  # the row has one to remove it
            self.field.set_value(held.value, fresh=True)
            if isinstance(self.field, LineField):
                self.field.edit.home(False)
            self.field.given.connect(self._on_given)
            row.addWidget(self.field, 1, Qt.AlignmentFlag.AlignTop)
        top = Qt.AlignmentFlag.AlignTop
        for day in (self.since, self.until):
            day.setFixedWidth(DAY_WIDTH)
            day.setEnabled(attribute is not None)
            row.addWidget(day, 0, top)
        row.addWidget(self.remove, 0, top)

    def _day(self, title: str, value: str) -> LineField:
        field = LineField(title, read_date)
        field.gives_at_pauses = False
        field.edit.setClearButtonEnabled(False)
        field.set_hint(title.rsplit(" ", 1)[1])
        field.edit.setToolTip("A day as 2026-03-31; empty: open")
        field.set_value(value or None, fresh=True)
        field.given.connect(lambda _: self.left.emit())
        return field

    def _on_given(self, value: Any) -> None:
        self._value = value
        self.left.emit()

    def property(self) -> Property | None:  # type: ignore[override]
        """What stands in it; None while it has no value."""
        if self._value is None:
            return None
        since, until = (_text_of(each) for each in (self.since, self.until))
        return Property(name=self._held.name, value=self._value, since=since, until=until)

    def flush(self) -> None:
        """Give what was typed and not given yet."""
        for field in (self.field, self.since, self.until):
            if field is not None:
                field.flush()


def _text_of(field: LineField) -> str:
    """The day in a field; one that is wrongly written counts as open."""
    text = field.edit.text().strip()
    try:
        return read_date(text) if text else ""
    except ValueError:
        return ""


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
