"""Clicking and dragging over the words; the tool in use while no other is."""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, override

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent

from annotator.core import whole
from annotator.core.commands import MakeSpan, MoveEdges
from annotator.core.model import Fragment, Kind, Span
from annotator.ui.canvas.hit import Hit, Zone
from annotator.ui.canvas.strip import Choice
from annotator.ui.canvas.tools.base import Tool

if TYPE_CHECKING:
    from annotator.ui.canvas.view import ArticleView

DRAG_DISTANCE = 4.0
"""Pixels that the pointer must move before a press becomes a drag."""


class SelectTool(Tool):
    """Click selects, double click labels or accepts, triple click takes the sentence, drag selects."""

    def __init__(self, view: ArticleView) -> None:
        super().__init__(view)
        self._pressed: QPointF | None = None
        self._from = 0
        self._hit = Hit(Zone.NOTHING)
        self._dragging = False
        self._exact = False
        """Alt is held: single characters rather than words."""
        self._kept: list[Fragment] = []
        self._grows: str | None = None
        """The selected span, which gets another fragment with Ctrl."""
        self._last_double: tuple[float, QPointF] | None = None
        self._was_double = False

    @override
    def press(self, event: QMouseEvent) -> None:
        view = self.view
        if event.button() != Qt.MouseButton.LeftButton or view.page is None:
            return
        point = event.position()
        self._was_double = False
        if self._is_triple(point):
            self._select_sentence(point)
            self._was_double = True
            return
        found = view.hit_at(point)
        if found.zone is Zone.HANDLE and found.id:
            from annotator.ui.canvas.tools.relate import DragRelation

            view.use_tool(DragRelation(view, found.id))
            return
        if found.zone in (Zone.LEFT_EDGE, Zone.RIGHT_EDGE) and found.id:
            from annotator.ui.canvas.tools.edges import DragEdge

            view.use_tool(DragEdge(view, found.id, left=found.zone is Zone.LEFT_EDGE))
            return
        self._pressed = point
        self._hit = found
        self._dragging = False
        self._from = view.scene.offset_at(*view.to_page(point))
        adding = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        self._grows = view.state.span if adding else None
        grown = view.scene.marks.get(self._grows or "")
        self._kept = list(grown.fragments if grown else view.state.ranges) if adding else []

    @override
    def move(self, event: QMouseEvent) -> None:
        view = self.view
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            view.hover(view.hit_at(event.position()))
            return
        if not self._dragging:
            away = event.position() - self._pressed
            if abs(away.x()) + abs(away.y()) < DRAG_DISTANCE:
                return
            self._dragging = True
        self._exact = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        view.scroll_at_edges(event.position())
        self.dragged(event.position())

    @override
    def dragged(self, point: QPointF) -> None:
        taken = self._range_to(point, exact=self._exact)
        self.view.select_ranges([*self._kept, taken] if taken else list(self._kept))

    def _range_to(self, point: QPointF, *, exact: bool) -> Fragment | None:
        view = self.view
        assert view.page is not None
        to = view.scene.offset_at(*view.to_page(point))
        low, high = min(self._from, to), max(self._from, to)
        if exact:
            return (low, high) if low < high else None
        if low == high:
            return None
        return view.tokens.snap(low, high, view.page.text)

    @override
    def release(self, event: QMouseEvent) -> None:
        view = self.view
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self._pressed = None
        if self._dragging:
            self._dragging = False
            self._finish_drag(bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif not self._was_double:
            self._click(self._hit)
        view.setFocus(Qt.FocusReason.MouseFocusReason)

    def _click(self, found: Hit) -> None:
        """Select the innermost span, on a further click the next one outward; change nothing."""
        view = self.view
        if found.zone is Zone.RELATION:
            view.select_relation(found.id, show=False)
        elif found.zone is Zone.STUB:
            view.select_span(found.id)
        elif found.stack:
            current = view.state.span
            nth = found.stack.index(current) + 1 if current in found.stack else 0
            view.select_span(found.stack[nth % len(found.stack)], show=False)
        else:
            view.clear_selection()

    def _finish_drag(self, adding: bool) -> None:
        view = self.view
        ranges = view.state.ranges
        if not ranges:
            view.clear_selection()
        elif self._grows is not None:
            give_fragments(view, self._grows)
        elif view.armed is not None and not adding:
            label_selection(view, view.armed.kind, view.armed.name)
        else:
            offer_labels(view)

    @override
    def double_click(self, event: QMouseEvent) -> None:
        view = self.view
        if event.button() != Qt.MouseButton.LeftButton or view.page is None:
            return
        self._last_double = (monotonic(), event.position())
        self._was_double = True
        self._pressed = None
        found = view.hit_at(event.position())
        suggestion = self._suggestion(found)
        if suggestion is not None:
            changes = view.run(whole.accepting(view.page, suggestion.id))
            made = changes.added_spans() if changes else []
            if made:
                view.select_span(made[0].id, show=False)
            return
        if found.offset is None or found.zone is Zone.NOTHING:
            return
        word = view.tokens.snap(found.offset, found.offset, view.page.text)
        if word is None:
            return
        view.select_ranges([word])
        if view.armed is not None:
            label_selection(view, view.armed.kind, view.armed.name)
        else:
            offer_labels(view)

    def _suggestion(self, found: Hit) -> Span | None:
        """The suggestion that a double click accepts: the selected one, else the innermost."""
        page = self.view.page
        assert page is not None
        chosen = self.view.state.span
        ids = [each for each in (chosen,) if each in found.stack] or list(found.stack[:1])
        return page.suggestions.get(ids[0]) if ids and ids[0] not in page.spans else None

    def _is_triple(self, point: QPointF) -> bool:
        if self._last_double is None:
            return False
        when, where = self._last_double
        limit = QGuiApplication.styleHints().mouseDoubleClickInterval() / 1000
        away = point - where
        self._last_double = None
        return monotonic() - when <= limit and abs(away.x()) + abs(away.y()) < 8

    def _select_sentence(self, point: QPointF) -> None:
        view = self.view
        assert view.page is not None
        offset = view.scene.offset_at(*view.to_page(point))
        start, end = view.tokens.sentence_at(offset, view.page.text)
        if start < end:
            view.select_ranges([(start, end)])
            offer_labels(view)

    @override
    def cancel(self) -> None:
        self.view.stop_scrolling()
        self._pressed = None
        self._dragging = False


def label_selection(view: ArticleView, kind: Kind, name: str) -> None:
    """Make a span of the selected text and select it; the text stays selected if that fails."""
    changes = view.run(MakeSpan(kind, name, tuple(view.state.ranges)))
    made = changes.added_spans() if changes else []
    view.state.hover_range = None
    if made:
        view.select_span(made[0].id, show=False)


def give_fragments(view: ArticleView, span: str) -> None:
    """Let a span cover the selected text, and select it; a suggestion is accepted with that."""
    changes = view.run(MoveEdges(span, tuple(view.state.ranges)))
    made = changes.added_spans() if changes else []
    view.select_span(made[0].id if made else span, show=False)


def offer_labels(view: ArticleView) -> None:
    """Show the codebook's labels beside the selected text."""
    ranges = view.state.ranges
    rects = view.scene.rects(tuple(ranges[-1:]))
    if not rects:
        return
    choices = [
        Choice(
            label.name,
            label.key,
            label.colour,
            partial(label_selection, view, label.kind, label.name),
        )
        for label in view.codebook.labels
    ]
    view.strip.offer(choices, view.from_page(QRectF(rects[-1])))
