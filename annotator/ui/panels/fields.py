"""One editor per type of attribute. Each shows a value and gives a new one; none saves anything.

Setting a value from outside never emits, and never overwrites what the person is typing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import Any, override

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from annotator.core.codebook import Attribute, AttributeType, Codebook
from annotator.core.ranking import CategoryUse
from annotator.core.validate import is_date
from annotator.ui.controls import CheckBox, Chip, ComboBox, label
from annotator.ui.flow import FlowLayout
from annotator.ui.theme import Theme

PAUSE = 800
"""Milliseconds without typing after which what was typed is given."""
FEW = 4
"""Up to this many choices are shown side by side, more of them in a combo box."""


class Field(QWidget):
    """Signal: ``given`` with the new value, None for no value."""

    given = Signal(object)

    def set_value(self, value: Any, *, fresh: bool = False) -> None:
        """Show a value. ``fresh``: it is another label's, so anything half typed is dropped."""
        raise NotImplementedError

    def set_hint(self, hint: str) -> None:
        """What holds while there is no value, for fields that can show it."""

    def flush(self) -> None:
        """Give what was typed and not given yet."""


class LineField(Field):
    """A line of text that is read as a value: text, number or date."""

    def __init__(
        self,
        title: str,
        read: Callable[[str], Any],
        show: Callable[[Any], str] = str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._read, self._show = read, show
        self._value: Any = None
        self._typed = False
        self.edit = QLineEdit()
        self.edit.setAccessibleName(title)
        self.edit.setClearButtonEnabled(True)
        self.problem = label("", "problem", wrap=True)
        self.problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.edit)
        column.addWidget(self.problem)
        self.setFocusProxy(self.edit)
        self._timer = QTimer(self, interval=PAUSE, singleShot=True)
        self._timer.timeout.connect(self._on_pause)
        self.edit.textEdited.connect(self._on_edited)
        self.edit.textChanged.connect(self._on_changed)
        self.edit.editingFinished.connect(self.flush)

    @override
    def set_value(self, value: Any, *, fresh: bool = False) -> None:
        self._value = value
        if self._typed and not fresh:
            return
        self._typed = False
        self._timer.stop()
        self._complain("")
        text = "" if value is None else self._show(value)
        if text != self.edit.text().strip() or fresh:
            self.edit.setText(text)
        self._typed = False

    @override
    def set_hint(self, hint: str) -> None:
        self.edit.setPlaceholderText(hint)

    @override
    def flush(self) -> None:
        self._take(final=True)

    def _on_edited(self) -> None:
        self._typed = True
        self._complain("")
        self._timer.start()

    def _on_changed(self, text: str) -> None:
        if not text and self._value is not None and not self._typed:
            self._on_edited()  # the clear button does not count as editing for Qt

    def _on_pause(self) -> None:
        self._take(final=False)

    def _take(self, *, final: bool) -> None:
        """Read what was typed and give it; while it is being typed, what is wrong is not said yet."""
        if not self._typed:
            return
        self._timer.stop()
        text = self.edit.text().strip()
        try:
            value = self._read(text) if text else None
        except ValueError as error:
            if final:
                self._complain(str(error))
            return
        self._typed = False
        if final and value is not None and self._show(value) != text:
            self.edit.setText(self._show(value))
        if value != self._value:
            self._value = value
            self.given.emit(value)

    def _complain(self, words: str) -> None:
        self.problem.setText(words)
        self.problem.setVisible(bool(words))
        if bool(self.edit.property("wrong")) != bool(words):
            self.edit.setProperty("wrong", bool(words))
            self.edit.style().polish(self.edit)


class BooleanField(Field):
    """A check box that carries the attribute's title."""

    def __init__(self, title: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = CheckBox(title, theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.box)
        self.setFocusProxy(self.box)
        self.box.clicked.connect(lambda: self.given.emit(self.box.isChecked()))

    @override
    def set_value(self, value: Any, *, fresh: bool = False) -> None:
        self.box.setChecked(bool(value))


class ChipsField(Field):
    """Choices side by side; of one choice a second click on it takes it away.

    One Tab leads past all of them. Arrows go from choice to choice, a letter or the choice's number takes
    one at once.
    """

    def __init__(
        self, title: str, choices: Sequence[str], theme: Theme, *, many: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._many = many
        row = FlowLayout(self, gap=4, row_gap=4)
        self.chips: dict[str, Chip] = {}
        for choice in choices:
            chip = Chip(choice, theme, checkable=True)
            chip.setAccessibleName(f"{title}: {choice}")
            chip.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            chip.installEventFilter(self)
            chip.clicked.connect(lambda checked, choice=choice: self._on_clicked(choice, checked))
            self.chips[choice] = chip
            row.addWidget(chip)
        self._lead(0)

    def _lead(self, nth: int) -> None:
        """Tab leads to this choice."""
        for place, chip in enumerate(self.chips.values()):
            chip.setFocusPolicy(Qt.FocusPolicy.StrongFocus if place == nth else Qt.FocusPolicy.ClickFocus)
            if place == nth:
                self.setFocusProxy(chip)

    @override
    def set_value(self, value: Any, *, fresh: bool = False) -> None:
        chosen = value if self._many else [value]
        places = [nth for nth, choice in enumerate(self.chips) if choice in (chosen or ())]
        for choice, chip in self.chips.items():
            chip.setChecked(choice in (chosen or ()))
        if not any(chip.hasFocus() for chip in self.chips.values()):
            self._lead(places[0] if places else 0)

    def _on_clicked(self, choice: str, checked: bool) -> None:
        if self._many:
            self.given.emit([name for name, chip in self.chips.items() if chip.isChecked()] or None)
            return
        for name, chip in self.chips.items():
            chip.setChecked(checked and name == choice)
        self.given.emit(choice if checked else None)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and isinstance(watched, Chip):
            if event.type() == QEvent.Type.ShortcutOverride and is_choosing(event):
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                return self._on_key(list(self.chips.values()).index(watched), event)
        return super().eventFilter(watched, event)

    def _on_key(self, here: int, event: QKeyEvent) -> bool:
        """A key while the choice at that place has the keyboard; whether it is used up."""
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        by = steps.get(Qt.Key(event.key()))
        to = (here + by) % len(self.chips) if by else chosen_by(list(self.chips), event.text(), here)
        if to is None:
            return False
        self._lead(to)
        chip = list(self.chips.values())[to]
        chip.setFocus()
        if not by and (self._many or not chip.isChecked()):
            chip.click()
        return True


def is_choosing(event: QKeyEvent) -> bool:
    """Whether a key is a letter or digit that takes a choice rather than a key of the window."""
    held = event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    return not held and event.text().isalnum()


def chosen_by(choices: Sequence[str], typed: str, here: int) -> int | None:
    """The place of the choice that a letter or digit means, the next one after ``here``; None for none.

    A digit counts the choices from 1; of several that begin with a letter each press takes the next.
    """
    if typed.isdigit() and 1 <= int(typed) <= len(choices):
        return int(typed) - 1
    order = [(here + nth) % len(choices) for nth in (*range(1, len(choices)), 0)]
    wanted = typed.casefold()
    return next((nth for nth in order if wanted and choices[nth].casefold().startswith(wanted)), None)


class ComboField(Field):
    """One of many choices, or none."""

    def __init__(
        self, title: str, choices: Sequence[str], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._choices = list(choices)
        self.box = ComboBox(theme)
        self.box.setAccessibleName(title)
        self.box.addItem("–", None)
        for choice in choices:
            self.box.addItem(choice, choice)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.box)
        self.setFocusProxy(self.box)
        self.box.activated.connect(lambda place: self.given.emit(self.box.itemData(place)))
        self.box.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A letter takes the next choice that begins with it, a digit counts; neither is the window's."""
        if isinstance(event, QKeyEvent) and is_choosing(event):
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                here = self.box.currentIndex() - 1
                nth = chosen_by(self._choices, event.text(), here)
                if nth is not None and nth != here:
                    self.box.setCurrentIndex(nth + 1)
                    self.given.emit(self._choices[nth])
                return True
        return super().eventFilter(watched, event)

    @override
    def set_value(self, value: Any, *, fresh: bool = False) -> None:
        self.box.setCurrentIndex(max(0, self.box.findData(value)))


def read_number(text: str) -> int | float:
    """A typed number. Raises ValueError in words for a person."""
    try:
        number = float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        raise ValueError("This is not a number.") from None
    if not math.isfinite(number):
        raise ValueError("This is not a number.")
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


_DAY = re.compile(r"(\d{4})[-./ ](\d{1,2})[-./ ](\d{1,2})")


def read_date(text: str) -> str:
    """A typed day as ``YYYY-MM-DD``; year first, with any separator. Raises ValueError in words."""
    found = _DAY.fullmatch(text)
    day = f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else ""
    if not is_date(day):
        raise ValueError("Write the day as 2026-03-31.")
    return day


def make_field(
    attribute: Attribute, codebook: Codebook, theme: Theme, used: Callable[[], CategoryUse] = CategoryUse
) -> Field:
    """The editor for an attribute; ``used`` tells which categories the annotator has used."""
    title = attribute.title or attribute.name
    match attribute.type:
        case AttributeType.CHOICE if len(attribute.choices) <= FEW:
            return ChipsField(title, attribute.choices, theme, many=False)
        case AttributeType.CHOICE:
            return ComboField(title, attribute.choices, theme)
        case AttributeType.MULTI_CHOICE:
            return ChipsField(title, attribute.choices, theme, many=True)
        case AttributeType.CATEGORIES:
            from annotator.ui.panels.categories import CategoriesField

            return CategoriesField(title, codebook.categories, theme, used)
        case AttributeType.BOOLEAN:
            return BooleanField(title, theme)
        case AttributeType.NUMBER:
            return LineField(title, read_number)
        case AttributeType.TEXT:
            return LineField(title, str)
        case AttributeType.DATE:
            field = LineField(title, read_date)
            field.set_hint("YYYY-MM-DD")
            return field
