"""The one door through which the window tells something: a card at the foot of the page, never a pop-up.

What is merely said goes by itself; what went wrong, or asks to do something else first, stays until the
person has closed it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Literal, override

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QEnterEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from annotator.core.errors import AnnotatorError, Problem
from annotator.core.records import replace
from annotator.ui.controls import Chip, Mark, Themed, label, spread
from annotator.ui.theme import Theme

if TYPE_CHECKING:
    from annotator.ui.dialogs.problems import ProblemsDialog

type NoticeKind = Literal["info", "done", "advice", "problem"]
type NoticeAction = tuple[str, Callable[[], object]]

STAY = 6_000
"""Milliseconds that what is merely said stays."""
_FOLDED = 3
"""Problems from which on those that differ only in their place are told in one line."""
SHOWN = 5
"""Problems shown at once; the others are counted."""
WIDTH = 620
MARGIN = 16

_JOINER = "\u2060"
_ROOT = re.compile(r"(?<![^\s(“])/(?=[^\s/])")
"""The slash with which a path begins."""
_OPTION = re.compile(r" \(--[a-z-]+\)")
_LOWER = 5
"""Pixels by which mark and words are below the top of the chips, so that the first line is beside theirs."""

_MARKS = {
    "info": ("info", "accent"),
    "advice": ("info", "accent"),
    "done": ("done", "good"),
    "problem": ("warning", "bad"),
}


class _Card(QFrame):
    """A mark, some words, perhaps an action, and a cross to close it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("look", "card")
        self.mark = Mark("info", "accent", theme)
        self.words = label("", wrap=True)
        self.action = Chip("", theme)
        self.close_chip = Chip("", theme, icon="close", bare=True)
        self.close_chip.setAccessibleName("Close this message")
        self.close_chip.setToolTip("Close")
        for chip in (self.action, self.close_chip):
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 8, 8, 8)
        row.setSpacing(11)
        top = Qt.AlignmentFlag.AlignTop
        row.addWidget(_lowered(self.mark, _LOWER), 0, top)
        row.addWidget(self.words, 1, top)
        row.addWidget(self.action, 0, top)
        row.addWidget(self.close_chip, 0, top)
        self.words.setContentsMargins(0, _LOWER, 0, _LOWER)


def _lowered(widget: QWidget, by: int) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, by, 0, 0)
    column.addWidget(widget)
    return box


class Notices(Themed, QWidget):
    """Lies over the foot of another widget, in the middle, and is only there when it has to say something.

    Signal: ``said_gone``, when what was merely said is no longer there to be read.
    """

    said_gone = Signal()

    def __init__(self, theme: Theme, over: QWidget) -> None:
        super().__init__(over)
        self.theme = theme
        self.setObjectName("notices")
        self.setAccessibleName("Messages")
        self._over = over
        self._problems: list[str] = []
        self._lines: list[str] = []
        """The same as the card shows them: in one line where only their places differ."""
        self._action: Callable[[], object] | None = None
        self._dialog: ProblemsDialog | None = None
        self._stays = False
        """What is said does not go by itself."""
        self._asks = False
        """It is a question, which goes with its ground."""
        self._advice: list[str] = []
        """Advice that has not been closed, the last one last; other words hide it for a while."""
        self._said = _Card(theme, self)
        self._wrong = _Card(theme, self)
        self._wrong.mark.set_icon(*_MARKS["problem"])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for card in (self._wrong, self._said):
            card.hide()
            column.addWidget(card)
        self._said.action.clicked.connect(self._on_action)
        self._said.close_chip.clicked.connect(self._hide_said)
        self._wrong.action.clicked.connect(self._show_all)
        self._wrong.close_chip.clicked.connect(self.clear_problems)
        self._timer = QTimer(self, interval=STAY, singleShot=True)
        self._timer.timeout.connect(self._hide_said)
        over.installEventFilter(self)
        self.hide()

    # -- telling ------------------------------------------------------------------------------

    def tell(
        self,
        text: str,
        *,
        kind: NoticeKind | str = "info",
        action: NoticeAction | None = None,
        stays: bool = False,
    ) -> None:
        """Say something; ``action`` is a word to click and what it does.

        ``stays``: until it is closed or has lost its ground, as a question does; advice stays anyway, and is
        there again when what was said in between is gone.
        """
        if kind == "problem" and action is None:
            self._add_problems([text], [text])
            return
        if kind == "advice":
            self._advice = [*(each for each in self._advice if each != text), text]
        self._show_said(text, kind, action, stays=stays)
        self._announce(text)

    def _show_said(self, text: str, kind: str, action: NoticeAction | None, *, stays: bool) -> None:
        self._said.mark.set_icon(*_MARKS[kind])
        self._said.words.setText(_held(text))
        self._action = action[1] if action else None
        self._said.action.setVisible(action is not None)
        if action is not None:
            self._said.action.set_words(action[0])
        self._said.show()
        self._stays = stays or kind in ("problem", "advice")
        self._asks = self._stays and kind != "advice"
        if self._stays:
            self._timer.stop()
        else:
            self._timer.start()
        self._place()

    def report(self, error: AnnotatorError) -> None:
        """Say what went wrong."""
        self.report_all([error.problem])

    def report_all(self, problems: Sequence[Problem]) -> None:
        """Say everything that went wrong in one piece of work."""
        if problems:
            self._add_problems([sentence(each) for each in problems], folded(problems))

    def leave_question(self) -> None:
        """A question that was asked has lost its ground."""
        if self._asks:
            self._hide_said()

    def clear_problems(self) -> None:
        """The person has seen them."""
        self._problems.clear()
        self._lines.clear()
        self._wrong.hide()
        self._place()

    def leave_project(self) -> None:
        """What went wrong in a project, and advice about it, goes with it."""
        self.clear_problems()
        is_shown = self._stays and not self._asks
        self._advice = self._advice[-1:] if is_shown else []
        if is_shown:
            self._hide_said()

    @property
    def problems(self) -> tuple[str, ...]:
        """What went wrong and has not been closed, the last piece of work first."""
        return tuple(self._problems)

    @property
    def said(self) -> str:
        """What was said last and is still to be read; empty where nothing is."""
        return "" if self._said.isHidden() else self._said.words.text().replace(_JOINER, "")

    # -- inside -------------------------------------------------------------------------------

    def _add_problems(self, texts: list[str], lines: list[str]) -> None:
        self._problems = list(dict.fromkeys([*texts, *self._problems]))
        self._lines = list(dict.fromkeys([*lines, *self._lines]))
        shown = self._lines[:SHOWN]
        more = len(self._lines) - len(shown)
        self._wrong.action.setVisible(len(self._problems) > len(shown))
        if more:
            shown = [*shown, f"and {more:,} more"]
        self._wrong.words.setText(_held("\n".join(shown)))
        self._wrong.action.set_words("Show all")
        self._wrong.show()
        self._place()
        self._announce("\n".join(lines[:SHOWN]))

    def _hide_said(self) -> None:
        self._timer.stop()
        self._said.hide()
        self._action = None
        if self._advice and self._stays and not self._asks:
            self._advice.pop()  # it is what was shown
        self._stays = self._asks = False
        if self._advice:
            self._show_said(self._advice[-1], "advice", None, stays=True)
        self._place()
        self.said_gone.emit()

    def _on_action(self) -> None:
        action = self._action
        self._hide_said()
        if action is not None:
            action()

    def _show_all(self) -> None:
        if self._dialog is not None:
            self._dialog.close()
        from annotator.ui.dialogs.problems import ProblemsDialog

        self._dialog = ProblemsDialog(self._problems, self.window())
        self._dialog.show()

    def _announce(self, text: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def _place(self) -> None:
        """Lie at the foot of the widget below, as wide as the words need, at most :data:`WIDTH`."""
        if self._said.isHidden() and self._wrong.isHidden():
            if self.isAncestorOf(QApplication.focusWidget() or self._over):
                self._over.setFocus()
            self.hide()
            return
        room = self._over.width() - 2 * MARGIN
        width = max(160, min(WIDTH, room))
        layout = self.layout()
        assert layout is not None
        for card in (self._wrong, self._said):
            card.updateGeometry()  # its words may have changed since the layout asked for its height
        layout.activate()
        height = layout.heightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()
        self.setGeometry(
            (self._over.width() - width) // 2, self._over.height() - height - MARGIN, width, height
        )
        self.show()
        self.raise_()

    @override
    def set_theme(self, theme: Theme) -> None:
        """Take over another theme."""
        self.theme = theme
        spread(self, theme)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._over and event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.stop()
        super().enterEvent(event)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        if not self._said.isHidden() and not self._timer.isActive() and not self._stays:
            self._timer.start()
        super().leaveEvent(event)


def _held(text: str) -> str:
    """The text with its paths held together behind their first slash, where a line would else be broken."""
    return _ROOT.sub(rf"\g<0>{_JOINER}", text)


def folded(problems: Sequence[Problem]) -> list[str]:
    """The sentences of problems; of many that differ only in their place one: “a.ann and 9 more”."""
    alike: dict[tuple[str, str], list[Problem]] = {}
    for each in problems:
        alike.setdefault((each.what, each.cure), []).append(each)
    lines: list[str] = []
    for same in alike.values():
        if len(same) < _FOLDED:
            lines += map(sentence, same)
        else:
            first = same[0]
            lines.append(sentence(replace(first, where=f"{first.where} and {len(same) - 1:,} more")))
    return lines


def sentence(problem: Problem) -> str:
    """A problem as one line that starts with a capital, unless it starts with the name of a place.

    Options of the command line, which it has in brackets, are of no use in the window.
    """
    text = str(replace(problem, cure=_OPTION.sub("", problem.cure)))
    return text if problem.where or not text else text[0].upper() + text[1:]
