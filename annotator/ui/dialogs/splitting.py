"""The fields that divide an export into parts of a data set."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from annotator.session.selecting import Split
from annotator.ui.controls import CheckBox, ComboBox, Themed, label
from annotator.ui.theme import Theme

_USUAL = {"train": 80, "dev": 10, "test": 10}
_LARGEST = 999_999


class SplitFields(Themed, QWidget):
    """Whether there are parts, and their shares in percent. Signal: ``changed``."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.whether = ComboBox(theme)
        self.whether.setAccessibleName("Parts")
        self.whether.addItem("All articles together", False)
        self.whether.addItem("Train, dev and test, by article", True)
        self.shares: dict[str, Number] = {}
        self._fields = QWidget()
        row = QHBoxLayout(self._fields)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(11)
        for name, share in _USUAL.items():
            self.shares[name] = Number(f"Share of {name} in percent", share, 100)
            row.addWidget(_named(name, self.shares[name], "%"))
        self.seed = Number("Seed", 0, _LARGEST)
        self.seed.setToolTip("The same seed gives the same parts; another number gives others")
        row.addWidget(_named("seed", self.seed))
        row.addStretch(1)
        self.together = CheckBox("Near-duplicates stay in one part", theme)
        self.together.setChecked(True)
        self.together.setToolTip("So that no test article is nearly one of those that are learned from")
        self.together.hide()
        self._fields.hide()
        self.whether.currentIndexChanged.connect(self._on_whether)
        for field in (*self.shares.values(), self.seed):
            field.textChanged.connect(self.changed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.whether)
        column.addWidget(self._fields)
        column.addWidget(self.together)

    def _on_whether(self) -> None:
        for widget in (self._fields, self.together):
            widget.setVisible(bool(self.whether.currentData()))
        self.changed.emit()

    def split(self) -> Split | None:
        """The parts; None where all articles stay together."""
        if not self.whether.currentData():
            return None
        shares = {name: field.value() / 100 for name, field in self.shares.items() if field.value()}
        return Split(shares=shares, seed=self.seed.value())

    def take(self, split: Split | None, *, together: bool) -> None:
        """Show what was chosen before."""
        self.whether.setCurrentIndex(self.whether.findData(split is not None))
        if split is not None:
            for name, field in self.shares.items():
                field.setText(str(round(100 * split.shares.get(name, 0))))
            self.seed.setText(str(split.seed))
            self.together.setChecked(together)

    def wrong(self) -> str:
        """What is wrong with the shares; empty where nothing is."""
        total = sum(field.value() for field in self.shares.values())
        if not self.whether.currentData() or total == 100:
            return ""
        return f"The shares add up to {total} %; let it be 100 %."


class Number(QLineEdit):
    """A field for a whole number from 0 on."""

    def __init__(self, name: str, value: int, most: int) -> None:
        super().__init__(str(value))
        self.setAccessibleName(name)
        self.setValidator(QIntValidator(0, most, self))
        self.setMaxLength(len(str(most)))
        self.setFixedWidth(24 + 11 * len(str(most)))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def value(self) -> int:
        """The number; 0 where there is none."""
        return int(self.text()) if self.hasAcceptableInput() else 0


def _named(words: str, field: QWidget, unit: str = "") -> QWidget:
    made = QWidget()
    row = QHBoxLayout(made)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(7)
    row.addWidget(label(words, "quiet"))
    row.addWidget(field)
    if unit:
        row.addWidget(label(unit, "quiet"))
    return made
