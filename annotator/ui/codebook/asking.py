"""The strip in which the codebook's window asks, without standing in the way."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QVBoxLayout, QWidget

from annotator.ui.codebook.desk import Answer, Question
from annotator.ui.controls import Chip, ComboBox, Themed, label
from annotator.ui.flow import FlowLayout, empty_layout
from annotator.ui.theme import Theme

_MANY = 12
"""From this many choices on one is found by typing any part of it."""


def _find_within(box: ComboBox) -> None:
    """Let a choice be found by any part of its words."""
    box.setEditable(True)
    box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
    finder, line = box.completer(), box.lineEdit()
    assert finder is not None and line is not None
    finder.setFilterMode(Qt.MatchFlag.MatchContains)
    finder.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    popup = finder.popup()
    assert popup is not None
    popup.setProperty("look", "popup")
    line.setAccessibleName(box.accessibleName())
    line.selectAll()


class AskStrip(Themed, QWidget):
    """Shows a :class:`Question` and carries out the answer; Esc answers nothing.

    Signal: ``answered`` (there is no question any more).
    """

    answered = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setProperty("look", "strip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._before: QWidget | None = None
        self.words = label("", wrap=True)
        self._row = QWidget()
        self._answers = FlowLayout(self._row, gap=8, row_gap=6)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 10, 24, 12)
        column.setSpacing(8)
        column.addWidget(self.words)
        column.addWidget(self._row)
        self.hide()

    def ask(self, question: Question | None) -> None:
        """Show a question; None: there is none any more."""
        empty_layout(self._answers)
        if question is None:
            self.hide()
            return
        if not self.isVisible():
            self._before = self.window().focusWidget()
        self.words.setText(question.text)
        made: list[QWidget] = []
        if question.choices:
            box = ComboBox(self.theme)
            box.setAccessibleName(f"{question.text} {question.words}")
            box.setMinimumContentsLength(14)
            for words, id_ in question.choices:
                box.addItem(words, id_)
            if len(question.choices) > _MANY:
                _find_within(box)
            chip = Chip(question.words, self.theme)
            chip.clicked.connect(lambda: self._choose(question, box))
            made += [chip, box]
        for each in question.answers:
            made.append(self._chip(each))
        made.append(self._chip(Answer("Cancel", lambda: None), key="Esc"))
        for widget in made:
            self._answers.addWidget(widget)
        self.show()
        for widget in made:
            widget.show()  # at once, also where the strip was there before
        strong = next((each for each in made if isinstance(each, Chip) and each.strong), None)
        # where there is something to choose, that comes first: no key takes whatever stands there
        (strong or made[1 if question.choices else 0]).setFocus()

    def _choose(self, question: Question, box: ComboBox) -> None:
        """Carry out the choice; what was typed and is none of them is none."""
        place = box.findText(box.currentText())
        if place < 0:
            box.setFocus()
            return
        id_ = box.itemData(place)
        self._answer(lambda: question.chosen(id_))

    def _chip(self, answer: Answer, key: str = "") -> Chip:
        chip = Chip(answer.words, self.theme, key=key, strong=answer.strong, bare=bool(key))
        chip.setAccessibleDescription(self.words.text())
        chip.clicked.connect(lambda: self._answer(answer.run))
        return chip

    def _answer(self, run: object) -> None:
        before = self._before
        self.ask(None)
        if before is not None and before.isVisible():
            before.setFocus()
        assert callable(run)
        run()
        self.answered.emit()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._answer(lambda: None)
            return
        super().keyPressEvent(event)
