"""Drawing a relation: by dragging from a span's handle, or by hint letters."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, override

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from annotator.core.codebook import RelationType
from annotator.core.commands import DrawRelation
from annotator.ui.canvas.hints import hint_codes, legal_types, targets_of
from annotator.ui.canvas.layout import Mark
from annotator.ui.canvas.strip import Choice
from annotator.ui.canvas.tools.base import Tool

if TYPE_CHECKING:
    from annotator.ui.canvas.view import ArticleView


def in_sight(view: ArticleView, marks: list[Mark]) -> list[Mark]:
    """Those marks whose first words are in the viewport, in the given order."""
    low, high = view.visible_range()
    return [mark for mark in marks if low <= view.scene.line_y(view.scene.place_of(mark.start))[0] < high]


class _Relating(Tool):
    """What both ways of drawing share: the targets, the choice of the type, giving up."""

    def __init__(self, view: ArticleView, source: str) -> None:
        super().__init__(view)
        self.source = view.scene.marks[source]
        self._types: list[RelationType] = []
        self._target: Mark | None = None
        self._reversed = False
        view.strip.hide()
        view.state.source = source
        view.state.typed = ""

    def reach(self, target: Mark) -> None:
        """The target is found: draw the relation at once if one type is legal, else offer them."""
        view = self.view
        self._types, self._reversed = legal_types(view.codebook, self.source.kind, target.kind)
        self._target = target
        if len(self._types) == 1:
            self.draw(self._types[0])
            return
        view.state.targets = {target.id: ""}
        view.state.rubber = None
        arrow = "← " if self._reversed else ""
        choices = [
            Choice(f"{arrow}{each.title}", str(nth), "claim", partial(self.draw, each))
            for nth, each in enumerate(self._types, 1)
        ]
        rects = view.scene.rects(target.fragments[:1])
        if rects:
            view.strip.offer(choices, view.from_page(QRectF(rects[0])))
        view.viewport().update()

    def draw(self, type_: RelationType) -> None:
        """Ask for the relation and select it."""
        view, target = self.view, self._target
        assert target is not None
        head, tail = self.source.id, target.id
        if self._reversed:
            head, tail = tail, head
        self.cancel()
        changes = view.run(DrawRelation(type_.name, head, tail))
        made = changes.added_relations() if changes else []
        if made:
            kept = made[0].tail if self._reversed else made[0].head
            view.select_span(kept, show=False)
        view.setFocus()

    @override
    def wants(self, event: QKeyEvent) -> bool:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        return plain and (bool(event.text()) or event.key() == Qt.Key.Key_Escape)

    @override
    def key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
            return True
        text = event.text()
        if self._types:
            if text.isdigit() and 1 <= int(text) <= len(self._types):
                self.draw(self._types[int(text) - 1])
            elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.draw(self._types[0])
            return True
        return self.letter(text)

    def letter(self, text: str) -> bool:
        """A key while the target is still open; whether it was taken."""
        return bool(text)

    @override
    def cancel(self) -> None:
        view = self.view
        view.state.source = None
        view.state.targets = {}
        view.state.rubber = None
        view.state.typed = ""
        view.strip.hide()
        view.use_tool(None)


class DragRelation(_Relating):
    """From the handle to a target with the pointer."""

    def __init__(self, view: ArticleView, source: str) -> None:
        super().__init__(view, source)
        legal = targets_of(view.codebook, self.source, view.scene.marks.values())
        view.state.targets = {mark.id: "" for mark in legal}
        self._done = False

    @override
    def move(self, event: QMouseEvent) -> None:
        view = self.view
        if self._types:
            return
        x, y = view.to_page(event.position())
        view.state.rubber = QPointF(x, y)
        bar = view.verticalScrollBar()
        if event.position().y() < 24:
            bar.setValue(bar.value() - 24)
        elif event.position().y() > view.viewport().height() - 24:
            bar.setValue(bar.value() + 24)
        view.state.hover_span = self._under(event.position())
        view.viewport().update()

    def _under(self, point: QPointF) -> str | None:
        """The innermost legal target under the pointer."""
        stack = self.view.hit_at(point).stack
        return next((each for each in stack if each in self.view.state.targets), None)

    @override
    def release(self, event: QMouseEvent) -> None:
        if self._types:
            return
        target = self._under(event.position())
        if target is None:
            self.cancel()
        else:
            self.reach(self.view.scene.marks[target])

    @override
    def press(self, event: QMouseEvent) -> None:
        """A press beside the offered types gives up."""
        self.cancel()


class HintRelation(_Relating):
    """By keys: letters on the legal targets in sight, nearest first; Backspace takes one back."""

    def __init__(self, view: ArticleView, source: str) -> None:
        super().__init__(view, source)
        legal = targets_of(view.codebook, self.source, view.scene.marks.values())
        self._marks = in_sight(view, legal)
        codes = hint_codes(len(self._marks))
        view.state.targets = {mark.id: code for mark, code in zip(self._marks, codes, strict=True)}

    @property
    def has_targets(self) -> bool:
        """Whether anything can be reached."""
        return bool(self._marks)

    @override
    def letter(self, text: str) -> bool:
        view = self.view
        if text == "\b":
            view.state.typed = view.state.typed[:-1]
            view.viewport().update()
            return True
        typed = view.state.typed + text.lower()
        matching = [each for each, code in view.state.targets.items() if code.startswith(typed)]
        if not matching:
            return True
        view.state.typed = typed
        if len(matching) == 1 and view.state.targets[matching[0]] == typed:
            view.state.typed = ""
            self.reach(view.scene.marks[matching[0]])
        view.viewport().update()
        return True

    @override
    def press(self, event: QMouseEvent) -> None:
        """A click on a target reaches it; beside, it gives up."""
        stack = self.view.hit_at(event.position()).stack
        target = next((each for each in stack if each in self.view.state.targets), None)
        if target is None or self._types:
            self.cancel()
        else:
            self.reach(self.view.scene.marks[target])
