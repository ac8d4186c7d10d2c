"""Dragging an edge of the selected span."""

from __future__ import annotations

from typing import TYPE_CHECKING, override

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from annotator.core.commands import MoveEdges
from annotator.core.model import Fragments
from annotator.core.page import Page
from annotator.core.tokens import Tokens
from annotator.ui.canvas.tools.base import Tool

if TYPE_CHECKING:
    from annotator.ui.canvas.view import ArticleView


def with_edge(
    fragments: Fragments, offset: int, *, left: bool, tokens: Tokens | None, text: str
) -> Fragments:
    """The fragments with the first one's start or the last one's end moved to an offset.

    With ``tokens`` the edge snaps to the token at the offset. An edge that would cross the rest of
    its fragment stops at the last token, or code point, that is left.
    """
    start, end = fragments[0 if left else -1]
    if left:
        place = min(max(0, offset), end - 1)
        if tokens is not None:
            snapped = tokens.snap(place, place, text)
            place = snapped[0] if snapped and snapped[0] < end else start
        return ((place, end), *fragments[1:])
    place = max(min(len(text), offset), start + 1)
    if tokens is not None:
        snapped = tokens.snap(place - 1, place - 1, text)
        place = snapped[1] if snapped and snapped[1] > start else end
    return (*fragments[:-1], (start, place))


def stepped_edge(
    page: Page, tokens: Tokens, fragments: Fragments, by: int, *, left: bool, exact: bool = False
) -> Fragments:
    """The fragments with one outer edge moved by a token (±1), or if ``exact`` by a character.

    Unchanged where the edge can go no further.
    """
    text = page.text
    start, end = fragments[0 if left else -1]
    if exact:
        moved = (start if left else end) + by
        if not (0 <= moved < end if left else start < moved <= len(text)):
            return fragments
    elif left:
        moved = tokens.starts[tokens.step(tokens.at(start), by, text)]
    else:
        moved = tokens.ends[tokens.step(tokens.at(max(0, end - 1)), by, text)]
    if left:
        return ((moved, end), *fragments[1:]) if moved < end else fragments
    return (*fragments[:-1], (start, moved)) if moved > start else fragments


class DragEdge(Tool):
    """Moves one edge with the pointer, by whole tokens unless Alt is held; Esc gives up."""

    def __init__(self, view: ArticleView, span_id: str, *, left: bool) -> None:
        super().__init__(view)
        self._span = span_id
        self._left = left
        self._exact = False
        self._fragments: Fragments = view.scene.marks[span_id].fragments

    @override
    def move(self, event: QMouseEvent) -> None:
        self._exact = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        self.view.scroll_at_edges(event.position())
        self.dragged(event.position())

    @override
    def dragged(self, point: QPointF) -> None:
        view = self.view
        if view.page is None or self._span not in view.scene.marks:
            return
        offset = view.scene.offset_at(*view.to_page(point))
        self._fragments = with_edge(
            view.scene.marks[self._span].fragments,
            offset,
            left=self._left,
            tokens=None if self._exact else view.tokens,
            text=view.page.text,
        )
        view.state.preview = (self._span, self._fragments)
        view.viewport().update()

    @override
    def release(self, event: QMouseEvent) -> None:
        view = self.view
        self.cancel()
        mark = view.scene.marks.get(self._span)  # an undo may have taken it meanwhile
        if mark is not None and mark.fragments != self._fragments:
            view.run(MoveEdges(self._span, self._fragments))

    @override
    def wants(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape

    @override
    def key(self, event: QKeyEvent) -> bool:
        if event.key() != Qt.Key.Key_Escape:
            return False
        mark = self.view.scene.marks.get(self._span)
        self._fragments = mark.fragments if mark else self._fragments
        self.cancel()
        return True

    @override
    def cancel(self) -> None:
        self.view.state.preview = None
        self.view.use_tool(None)
