"""Drawing a relation: by dragging from a span's handle, or by hint letters."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, override

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from annotator.core.codebook import RelationType
from annotator.core.commands import DrawRelation, RetypeRelation
from annotator.core.text import excerpt, slice_of
from annotator.ui.canvas.hints import legal_types, targets_for, targets_of
from annotator.ui.canvas.layout import Mark
from annotator.ui.canvas.strip import Choice
from annotator.ui.canvas.tools.base import Tool
from annotator.ui.canvas.tools.hinting import Hinting, takes

if TYPE_CHECKING:
    from annotator.ui.canvas.view import ArticleView


class Drawn(Struct, frozen=True):
    """What Shift+R repeats: the span that a relation was drawn from, its type, and whether it is the tail."""

    source: str
    type: RelationType
    backwards: bool
    relation: str
    """The id of what was drawn."""


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
        names = " · ".join(f"{nth} {each.title}" for nth, each in enumerate(self._types, 1))
        view.prompt.say(f"{names} · Esc")
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
        """Ask for the relation and select what it was drawn from."""
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
            if view.state.pinned == self.source.id:
                view.pin(kept)
            view.drawn = Drawn(kept, type_, self._reversed, made[0].id)
            view.select_span(kept, show=False)
        view.setFocus()

    @override
    def wants(self, event: QKeyEvent) -> bool:
        return takes(event)

    @override
    def key(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            self.cancel()
            return True
        if self._types:
            text = event.text()
            if text.isdigit() and 1 <= int(text) <= len(self._types):
                self.draw(self._types[int(text) - 1])
            elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.draw(self._types[0])
            return True
        self.choose(event)
        return True

    def choose(self, event: QKeyEvent) -> None:
        """A key while the target is still open."""

    @override
    def cancel(self) -> None:
        view = self.view
        view.state.source = None
        view.state.targets = {}
        view.state.rubber = None
        view.state.typed = ""
        view.strip.hide()
        view.show_pin()
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
        if not self._types:
            self.view.scroll_at_edges(event.position())
            self.dragged(event.position())

    @override
    def dragged(self, point: QPointF) -> None:
        view = self.view
        x, y = view.to_page(point)
        view.state.rubber = QPointF(x, y)
        view.state.hover_span = self._under(point)
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
    """By keys: letters on the legal targets in sight, nearest first, or a filter by their text.

    With ``again`` only the targets of that type are offered, and the type is not asked for.
    """

    def __init__(self, view: ArticleView, source: str, again: Drawn | None = None) -> None:
        super().__init__(view, source)
        self._again = again
        marks = view.scene.marks.values()
        if again is None:
            legal = targets_of(view.codebook, self.source, marks)
        else:
            legal = targets_for(view.codebook, self.source, marks, again.type, backwards=again.backwards)
        self.targets = {mark.id for mark in legal}
        words = excerpt(slice_of(view.page.text, self.source.fragments), 24) if view.page else ""
        what = f"“{words}” {again.type.title}" if again else f"Relate “{words}” to"
        self._hinting = Hinting(view, legal, what, self._asks)

    def _asks(self, mark: Mark) -> bool:
        return (
            self._again is None and len(legal_types(self.view.codebook, self.source.kind, mark.kind)[0]) > 1
        )

    @override
    def choose(self, event: QKeyEvent) -> None:
        mark = self._hinting.key(event)
        if mark is not None:
            self.reach(mark)

    @override
    def reach(self, target: Mark) -> None:
        if self._again is None:
            super().reach(target)
        else:
            self._target, self._reversed = target, self._again.backwards
            self.draw(self._again.type)

    @override
    def press(self, event: QMouseEvent) -> None:
        """A click on a target reaches it; beside, it gives up."""
        stack = self.view.hit_at(event.position()).stack
        target = next((each for each in stack if each in self.view.state.targets), None)
        if target is None or self._types:
            self.cancel()
        else:
            self.reach(self.view.scene.marks[target])


class RetypeByDigit(Tool):
    """Offers the types that a relation may have; a digit, Enter or a click gives it one."""

    def __init__(self, view: ArticleView, relation: str) -> None:
        super().__init__(view)
        link = view.scene.links[relation]
        head, tail = view.scene.marks[link.head], view.scene.marks[link.tail]
        self._relation = relation
        self._types = view.codebook.relation_types_between(head.kind, tail.kind)
        choices = [
            Choice(each.title, str(nth), "claim", partial(self.give, each))
            for nth, each in enumerate(self._types, 1)
        ]
        names = " · ".join(f"{nth} {each.title}" for nth, each in enumerate(self._types, 1))
        view.prompt.say(f"Change “{link.text}” to: {names} · Esc")
        rects = view.scene.rects(head.fragments[:1])
        if rects:
            view.strip.offer(choices, view.from_page(QRectF(rects[0])))

    def give(self, type_: RelationType) -> None:
        """Ask for the type."""
        self.cancel()
        self.view.run(RetypeRelation(self._relation, type_.name))
        self.view.setFocus()

    @override
    def wants(self, event: QKeyEvent) -> bool:
        return takes(event)

    @override
    def key(self, event: QKeyEvent) -> bool:
        text = event.text()
        if text.isdigit() and 1 <= int(text) <= len(self._types):
            self.give(self._types[int(text) - 1])
        elif event.key() == Qt.Key.Key_Escape:
            self.cancel()
        return True

    @override
    def press(self, event: QMouseEvent) -> None:
        self.cancel()
        self.view.tool.press(event)

    @override
    def cancel(self) -> None:
        self.view.strip.hide()
        self.view.show_pin()
        self.view.use_tool(None)
