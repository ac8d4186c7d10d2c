"""The row under the suggestions that accepts all which are sure enough."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSlider, QVBoxLayout, QWidget

from annotator.core.alike import sure_ones
from annotator.core.model import Relation, Span
from annotator.ui.controls import Chip, hairline, label
from annotator.ui.theme import Theme

FIRST = 80
"""Per cent at which the slider stands at first."""


class ThresholdRow(QWidget):
    """A slider, how many suggestions reach it, and a chip to accept them.

    Signals: ``accept_asked`` (confidence 0 to 1, frozenset of the ids that were counted),
    ``everywhere_asked`` (confidence; the same in the whole project, which is counted first).
    """

    accept_asked = Signal(float, object)
    everywhere_asked = Signal(float)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spans: list[Span] = []
        self._relations: list[Relation] = []
        self._ids: frozenset[str] = frozenset()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, 100)
        self.slider.setPageStep(10)
        self.slider.setValue(FIRST)
        self.slider.setToolTip("Least confidence; arrow keys move it, Enter accepts")
        self.words = label("", "quiet")
        self.accept = Chip("Accept", theme)
        self.everywhere = Chip("Project …", theme, bare=True)
        self.everywhere.setAccessibleName("Count them in the whole project")
        self.everywhere.setToolTip("Count them in the whole project; nothing is accepted yet")
        self.everywhere.clicked.connect(lambda: self.everywhere_asked.emit(self.least))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.words, 1)
        line.addWidget(self.accept)
        line.addWidget(self.everywhere)
        column = QVBoxLayout()
        column.setContentsMargins(16, 6, 13, 8)
        column.setSpacing(2)
        column.addWidget(self.slider)
        column.addLayout(line)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(hairline())
        whole.addLayout(column)
        self.slider.valueChanged.connect(self._count)
        self.slider.installEventFilter(self)
        self.accept.clicked.connect(self._on_accept)
        self._count()

    @property
    def least(self) -> float:
        """The confidence that is asked for, 0 to 1."""
        return self.slider.value() / 100

    @property
    def has_keyboard(self) -> bool:
        """Whether keys go to the slider or a chip."""
        return any(each.hasFocus() for each in (self.slider, self.accept, self.everywhere))

    def set_suggestions(self, spans: list[Span], relations: list[Relation]) -> None:
        """Count among other suggestions."""
        self._spans, self._relations = spans, relations
        self._count()

    def _count(self) -> None:
        spans, relations = sure_ones(self._spans, self._relations, self.least)
        self._ids = frozenset((*spans, *relations))
        count, per_cent = len(self._ids), f"{self.slider.value()}%"
        self.words.setText(f"{count:,} at {per_cent} or more")
        self.slider.setAccessibleName(f"Least confidence: {per_cent}")
        self.slider.setAccessibleDescription(self.words.text())
        self.accept.set_words(f"Accept {count:,}")
        if not count and self.accept.hasFocus():
            self.slider.setFocus()
        self.accept.setEnabled(count > 0)

    def _on_accept(self) -> None:
        if self._ids:
            self.accept_asked.emit(self.least, self._ids)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        enter = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if (
            watched is self.slider
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in enter
        ):
            self._on_accept()
            return True
        return super().eventFilter(watched, event)
