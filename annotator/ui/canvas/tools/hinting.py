"""Letters on the spans that can be reached, and a filter by text that reaches those out of sight too."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, override

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from annotator.core.text import slice_of
from annotator.ui.canvas.hints import codes_for, hint_codes, nearest_first
from annotator.ui.canvas.layout import Mark
from annotator.ui.canvas.prompt import HEIGHT, TOP
from annotator.ui.canvas.tools.base import Tool

if TYPE_CHECKING:
    from annotator.ui.canvas.view import ArticleView


UNDER_PROMPT = TOP + HEIGHT
"""Pixels at the upper edge that the prompt may cover; at the page's top nothing stands there."""


def in_sight(view: ArticleView, marks: Sequence[Mark]) -> list[Mark]:
    """Those marks whose first words are in the viewport and not under the prompt, in the given order."""
    low, high = view.visible_range()
    low += UNDER_PROMPT if view.verticalScrollBar().value() else 0
    scene = view.scene
    first, last = (scene.paragraphs[scene.paragraph_at_y(y)] for y in (low, high))
    near = (mark for mark in marks if first.start <= mark.start <= last.end)
    return [mark for mark in near if low <= scene.line_y(scene.place_of(mark.start))[0] < high]


class Hinting:
    """The keys of a choice among marks, which come nearest first.

    Letters choose among those in sight. ``/`` begins a filter: what is typed then narrows all of them by
    their text, in sight or not; arrows and Tab go from one to the next, Enter chooses.
    """

    def __init__(
        self,
        view: ArticleView,
        marks: Sequence[Mark],
        what: str,
        asking: Callable[[Mark], bool] = lambda _: False,
    ) -> None:
        self._view = view
        self._marks = list(marks)
        self._what = what
        self._asking = asking
        self._filter: str | None = None
        self._found: list[Mark] = []
        self._nth = 0
        self._show_letters()

    def _show_letters(self) -> None:
        seen = in_sight(self._view, self._marks)
        codes = codes_for([self._asking(mark) for mark in seen])
        self._view.state.targets = {mark.id: code for mark, code in zip(seen, codes, strict=True)}
        self._view.state.typed = ""
        self._view.prompt.say(f"{self._what}: type a letter · / finds by text · Esc")
        self._view.viewport().update()

    def key(self, event: QKeyEvent) -> Mark | None:
        """Take a key; the mark that it chooses, or None."""
        if self._filter is not None:
            return self._filter_key(event)
        text = event.text()
        if text == "/":
            self._filter = ""
            self._narrow()
            return None
        return self._letter(text)

    def _letter(self, text: str) -> Mark | None:
        state = self._view.state
        typed = state.typed[:-1] if text == "\b" else state.typed + text.lower()
        matching = [each for each, code in state.targets.items() if code.startswith(typed)]
        if not matching:
            return None
        state.typed = typed
        self._view.viewport().update()
        if len(matching) == 1 and state.targets[matching[0]] == typed:
            state.typed = ""
            return self._view.scene.marks[matching[0]]
        return None

    def _filter_key(self, event: QKeyEvent) -> Mark | None:
        assert self._filter is not None
        key, text = event.key(), event.text()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._found[self._nth] if self._found else None
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Up, Qt.Key.Key_Backtab):
            by = 1 if key in (Qt.Key.Key_Down, Qt.Key.Key_Tab) else -1
            self._nth = (self._nth + by) % max(1, len(self._found))
            self._show_found()
        elif key == Qt.Key.Key_Backspace:
            if not self._filter:
                self._filter = None
                self._show_letters()
                return None
            self._filter = self._filter[:-1]
            self._narrow()
        elif text and text.isprintable():
            self._filter += text
            self._narrow()
        return None

    def _narrow(self) -> None:
        page = self._view.page
        assert page is not None and self._filter is not None
        self._found = matching_text(self._marks, page.text, self._filter)
        self._nth = 0
        self._show_found()

    def _show_found(self) -> None:
        view = self._view
        view.state.typed = ""
        view.state.targets = {mark.id: "" for mark in self._found}
        if self._found:
            chosen = self._found[self._nth]
            view.state.targets[chosen.id] = "↵"
            if self._filter:
                view.show_fragments(chosen.fragments[:1])
        found = f"{self._nth + 1} of {len(self._found)} · ↓ next · Enter takes it" if self._found else "none"
        view.prompt.say(f"{self._what}: /{self._filter}▏ {found} · Esc")
        view.viewport().update()


def matching_text(marks: Sequence[Mark], text: str, typed: str) -> list[Mark]:
    """The marks whose words hold what was typed, in any case; those that begin with it come first."""
    wanted = " ".join(typed.split()).casefold()

    def words(mark: Mark) -> str:
        return " ".join(slice_of(text, mark.fragments).split()).casefold()

    found = [mark for mark in marks if wanted in words(mark)]
    return sorted(found, key=lambda mark: not words(mark).startswith(wanted))


class Letters(Tool):
    """A choice by letters: a press of the mouse ends it and counts as usual."""

    @override
    def wants(self, event: QKeyEvent) -> bool:
        return takes(event)

    @override
    def press(self, event: QMouseEvent) -> None:
        self.cancel()
        self.view.tool.press(event)

    @override
    def cancel(self) -> None:
        self.view.state.targets = {}
        self.view.state.words = {}
        self.view.state.typed = ""
        self.view.show_pin()
        self.view.use_tool(None)


class HintSelect(Letters):
    """Select any label in sight by its letter, or any at all by its text."""

    def __init__(self, view: ArticleView) -> None:
        super().__init__(view)
        chosen = view.scene.marks.get(view.state.span or "")
        low, high = view.visible_range()
        middle = chosen.start if chosen else view.scene.offset_at(0.0, (low + high) / 2)
        marks = nearest_first(view.scene.marks.values(), middle)
        self._hinting = Hinting(view, [each for each in marks if each is not chosen], "Select")

    @override
    def key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
            return True
        mark = self._hinting.key(event)
        if mark is not None:
            self.cancel()
            self.view.select_span(mark.id)
        return True


class HintWord(Letters):
    """Select any word in sight by its letters; with ``extend`` stretch the selection to it."""

    def __init__(self, view: ArticleView, *, extend: bool) -> None:
        super().__init__(view)
        self._extend = extend
        chosen = view.scene.marks.get(view.state.span or "")
        self._from = (
            view.state.ranges[-1] if view.state.ranges else (chosen.start, chosen.end) if chosen else None
        )
        low, high = view.visible_range()
        middle = self._from[0] if self._from else view.scene.offset_at(0.0, (low + high) / 2)
        starts = words_in_sight(view)
        starts.sort(key=lambda start: (abs(start - middle), start))
        view.state.words = dict(zip(starts, hint_codes(len(starts)), strict=True))
        view.state.typed = ""
        what = "Stretch the selection to" if extend else "Select"
        view.prompt.say(f"{what} a word: type its letters · Esc")

    @override
    def key(self, event: QKeyEvent) -> bool:
        state, text = self.view.state, event.text()
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
            return True
        typed = state.typed[:-1] if text == "\b" else state.typed + text.lower()
        matching = [start for start, code in state.words.items() if code.startswith(typed)]
        if matching:
            state.typed = typed
            self.view.viewport().update()
            if len(matching) == 1 and state.words[matching[0]] == typed:
                self._take(matching[0])
        return True

    def _take(self, start: int) -> None:
        view, page = self.view, self.view.page
        assert page is not None
        word = view.tokens.snap(start, start, page.text)
        self.cancel()
        if word is None:
            return
        if self._extend and self._from is not None:
            word = min(word[0], self._from[0]), max(word[1], self._from[1])
        kept = view.state.ranges[:-1] if self._extend else []
        view.select_ranges([*kept, word])


def words_in_sight(view: ArticleView) -> list[int]:
    """Where the tokens with a letter or digit start on the lines that are wholly in sight."""
    page = view.page
    if page is None:
        return []
    low, high = view.visible_range()
    low += UNDER_PROMPT if view.verticalScrollBar().value() else 0
    scene, tokens = view.scene, view.tokens
    first = tokens.at(min(scene.line_ends(low)))
    last = tokens.at(max(scene.line_ends(high)))
    found: list[int] = []
    for nth in range(max(0, first - 1), min(len(tokens), last + 2)):
        start, end = tokens.starts[nth], tokens.ends[nth]
        top, bottom = scene.line_y(scene.place_of(start))
        if low <= top and bottom <= high and any(each.isalnum() for each in page.text[start:end]):
            found.append(start)
    return found


def takes(event: QKeyEvent) -> bool:
    """Whether a key is for the choice rather than a shortcut of the window."""
    plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
    special = event.key() in (
        Qt.Key.Key_Escape, Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Tab, Qt.Key.Key_Backtab,
    )  # fmt: skip
    return plain and (bool(event.text()) or special)
