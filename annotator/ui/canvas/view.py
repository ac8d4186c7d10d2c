"""The article's page as a widget: shows a page, follows its changes, passes events to a tool."""

from __future__ import annotations

from collections.abc import Callable
from typing import override

from msgspec import Struct
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from annotator.core.alike import alike_of, equal_spans
from annotator.core.changes import ChangeSet, DecisionChange, RelationChange, SpanChange
from annotator.core.codebook import Codebook, Label
from annotator.core.commands import Command
from annotator.core.model import Fragment
from annotator.core.page import Page
from annotator.core.text import excerpt, slice_of
from annotator.core.tokens import Tokens, rough_tokens
from annotator.ui.canvas.hit import Hit, Zone
from annotator.ui.canvas.port import PagePort
from annotator.ui.canvas.prompt import Prompt
from annotator.ui.canvas.scene import Scene
from annotator.ui.canvas.state import CanvasState
from annotator.ui.canvas.strip import Strip
from annotator.ui.canvas.tools.base import Tool
from annotator.ui.canvas.tools.relate import Drawn
from annotator.ui.canvas.tools.select import SelectTool
from annotator.ui.theme import Theme

SCROLL_EVERY = 16
"""Milliseconds between two steps of scrolling while something is dragged near an edge."""
SCROLL_REACH = 28
"""Pixels from the edge within which a drag scrolls."""
SCROLL_MOST = 24
"""Pixels that one step scrolls at most."""


class _Look(Struct, frozen=True):
    """Where selection and pointer show: in some paragraphs, or everywhere since arcs are concerned."""

    paragraphs: set[int]
    everywhere: bool


class ArticleView(PagePort):
    """The canvas. It never writes to the page: commands go to ``run``, changes come by :meth:`refresh`.

    Signals: ``selection_changed`` (span, relation or text selection is another one),
    ``armed_changed`` (the armed label or None), ``told`` (a sentence for the person),
    ``menu_requested`` (a :class:`Hit` and the global place).
    """

    selection_changed = Signal()
    armed_changed = Signal(object)
    told = Signal(str)
    menu_requested = Signal(object, QPoint)

    def __init__(
        self,
        theme: Theme,
        run: Callable[[Command], ChangeSet | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self.run = run
        self.armed: Label | None = None
        self.tool: Tool = SelectTool(self)
        self.strip = Strip(self.viewport(), theme)
        self.prompt = Prompt(self.viewport(), theme)
        self.drawn: Drawn | None = None
        """The relation that was drawn last, to be repeated."""
        self._tokens: Tokens | None = None
        self._held_at = QPointF()
        self._scrolling = QTimer(self, interval=SCROLL_EVERY)
        self._scrolling.timeout.connect(self._on_scrolling)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Article")
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)

    # -- the page -----------------------------------------------------------------------------

    @property
    def codebook(self) -> Codebook:
        """The codebook of the page that is shown."""
        assert self.scene.codebook is not None
        return self.scene.codebook

    @property
    def tokens(self) -> Tokens:
        """The page's tokens: the pipeline's where they are known, rough ones until then."""
        page = self.page
        if page is None:
            return rough_tokens("")
        if page.tokens is not None:
            return page.tokens
        if self._tokens is None:
            self._tokens = rough_tokens(page.text)
        return self._tokens

    def set_page(self, page: Page | None, codebook: Codebook) -> None:
        """Show another page from its top, or none."""
        self._leave()
        self.drawn = None
        self.state = CanvasState(armed=self.state.armed)
        self._tokens = None
        if page is None:
            sign_of, self.scene = self.scene.sign_of, Scene(self.scene.metrics)
            self.scene.codebook, self.scene.sign_of = codebook, sign_of
        else:
            self.scene.load(page, codebook)
            self._measure()
        self._sync_scroll_bar()
        self.verticalScrollBar().setValue(0)
        self.viewport().update()
        self.selection_changed.emit()

    def refresh(self, changes: ChangeSet) -> None:
        """Follow a change of the page that is shown."""
        if self.page is None:
            return
        if changes.touches_furniture:
            self.scene.update_furniture()
        touched = self.scene.update(changes.span_ids, changes.relation_ids)
        if self.scene.renumbered:
            self.update_left_margin()
        self._after_update(None if self.scene.reshaped or changes.touches_furniture else touched)

    def refresh_signs(self) -> None:
        """Follow the signs after the labels, where other things than the page decide on them."""
        if self.page is None:
            return  # records and the codebook are changed without an article, too
        touched = self.scene.update(self.scene.other_signs(), ())
        if touched:
            self._after_update(None if self.scene.reshaped else touched)

    def refresh_suggestions(self) -> None:
        """Follow a new run of suggestions; the tokens may be new too."""
        if self.page is not None:
            self.scene.update_suggestions()
            self._after_update(None)

    def refresh_tier(self) -> None:
        """Follow less certain suggestions that came into sight or are hidden; what is read stays in place."""
        anchor = self._anchor()
        self.refresh_suggestions()
        self._restore(anchor)

    def _after_update(self, touched: set[int] | None) -> None:
        """Forget what is gone, and keep the scroll bar and the picture true.

        ``touched`` has the paragraphs that look different now; None: all may.
        """
        state, before = self.state, self._look()
        chosen = (state.span, state.relation)
        marks, links = self.scene.marks, self.scene.links
        state.span = state.span if state.span in marks else None
        state.relation = state.relation if state.relation in links else None
        state.hover_span = state.hover_span if state.hover_span in marks else None
        state.hover_relation = state.hover_relation if state.hover_relation in links else None
        state.alike = self._alike(state.span)
        if state.pinned is not None and state.pinned not in marks:
            self.pin(self.page.stand_in(state.pinned) if self.page else None)
        under_way = {state.source, state.preview and state.preview[0], *state.targets} - {None}
        if not under_way <= marks.keys():
            self.tool.cancel()
        self._sync_scroll_bar()
        self._show_change(before, touched)
        if chosen != (state.span, state.relation):
            self.selection_changed.emit()

    def _look(self) -> _Look:
        state, scene = self.state, self.scene
        spans = {each for each in (state.span, state.hover_span) if each in scene.marks} | state.alike
        linked = any(each in scene.links_of for each in (state.span, state.hover_span))
        paragraphs = scene.paragraphs_of(spans)
        for start, end in state.ranges:
            paragraphs.update(range(scene.paragraph_at(start), scene.paragraph_at(max(start, end - 1)) + 1))
        return _Look(paragraphs, linked or bool(state.relation or state.hover_relation or state.drawing))

    def _show_change(self, before: _Look, touched: set[int] | None) -> None:
        """Paint again what looks different: all of it where arcs do, else some paragraphs."""
        now = self._look()
        if touched is None or before.everywhere or now.everywhere:
            self.viewport().update()
        else:
            self.update_paragraphs(before.paragraphs | now.paragraphs | touched)

    def _leave(self) -> None:
        self.tool.cancel()
        self.strip.hide()
        self.prompt.say("")

    # -- choosing -----------------------------------------------------------------------------

    def select_span(self, span_id: str | None, *, show: bool = True) -> None:
        """Select a span (own or suggested), and scroll to it where it is out of sight."""
        if span_id is not None and span_id not in self.scene.marks:
            return
        self._set_selection(span=span_id)
        if span_id is not None and show:
            self.show_fragments(self.scene.marks[span_id].fragments)

    def select_relation(self, relation_id: str | None, *, show: bool = True) -> None:
        """Select a relation, and scroll to its head where that is out of sight."""
        link = self.scene.links.get(relation_id or "")
        if link is None:
            return
        self._set_selection(relation=link.id)
        if show:
            self.show_fragments(self.scene.marks[link.head].fragments[:1])

    def select_ranges(self, ranges: list[Fragment], *, show: bool = False) -> None:
        """Select text; several ranges make the fragments of one span."""
        self._set_selection(ranges=ranges)
        if ranges and show:
            self.show_fragments(tuple(ranges[-1:]))

    def show_changes(self, changes: ChangeSet) -> None:
        """Select the first label that has come back or changed, else scroll to where one is gone."""
        marks, links, chosen = self.scene.marks, self.scene.links, self.state.span
        plain = [
            each for each in changes.changes if isinstance(each, SpanChange | RelationChange | DecisionChange)
        ]
        ids = [each.key for each in plain]
        spans = sorted((each for each in ids if each in marks), key=lambda each: marks[each].start)
        relations = [each for each in ids if each in links]
        if spans:
            self.select_span(chosen if chosen in spans else spans[0])
        elif relations:
            self.select_relation(relations[0])
        for each in plain if not spans and not relations else ():
            if isinstance(each, SpanChange) and each.before is not None:
                self.show_fragments(each.before.fragments)
                break
            if isinstance(each, RelationChange) and each.before is not None and each.before.head in marks:
                self.select_span(each.before.head)
                break

    def show_found(self, ranges: list[Fragment]) -> None:
        """Mark what a search has found: ranges in text order; an empty list marks nothing."""
        self.state.found = ranges
        self.viewport().update()

    def clear_selection(self) -> None:
        """Select nothing."""
        self._set_selection()

    def _set_selection(
        self,
        *,
        span: str | None = None,
        relation: str | None = None,
        ranges: list[Fragment] | None = None,
    ) -> None:
        ranges = ranges or []
        state = self.state
        if (state.span, state.relation, state.ranges) == (span, relation, ranges):
            return
        before = self._look()
        state.span, state.relation, state.ranges = span, relation, ranges
        state.alike = self._alike(span)
        if not ranges:
            self.strip.hide()
        self._show_change(before, set())
        self.selection_changed.emit()

    def _alike(self, span: str | None) -> frozenset[str]:
        """The open suggestions that Shift+Enter decides on together with a selected one."""
        page, mark = self.page, self.scene.marks.get(span or "")
        if page is None or mark is None or not mark.suggested:
            return frozenset()
        return frozenset(equal_spans(page, alike_of(page, page.span(mark.id))))

    def pin(self, span: str | None) -> None:
        """Let R draw from this span, whatever is selected then; None lets it go."""
        self.state.pinned = span if span in self.scene.marks else None
        self.show_pin()
        self.viewport().update()

    def show_pin(self) -> None:
        """Say over the page what is pinned, where something is."""
        mark = self.scene.marks.get(self.state.pinned or "")
        if mark is None or self.page is None:
            self.prompt.say("")
        else:
            words = excerpt(slice_of(self.page.text, mark.fragments), 28)
            self.prompt.say(f"Pinned: the next relations run from “{words}”")

    @override
    def upper_room(self) -> float:
        return self.prompt.geometry().bottom() if self.prompt.isVisible() else 0.0

    def arm(self, label: Label | None) -> None:
        """Hold a label ready for the next double click or drag, or none."""
        self.armed = label
        self.state.armed = (label.shown, label.colour) if label else None
        self.state.hover_range = None
        self.viewport().update()
        self.armed_changed.emit(label)

    @override
    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self.strip.set_theme(theme)
        self.prompt.set_theme(theme)
        super().set_theme(theme)

    # -- events -------------------------------------------------------------------------------

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_zoom(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            super().wheelEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.tool.press(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.tool.move(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.stop_scrolling()
        self.tool.release(event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.tool.double_click(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.page is None:
            return
        found = self.hit_at(QPointF(event.pos()))
        if found.zone is Zone.RELATION:
            self.select_relation(found.id, show=False)
        elif found.zone not in (Zone.NOTHING, Zone.STUB) and found.id and found.id != self.state.span:
            self.select_span(found.id, show=False)
        self.menu_requested.emit(found, event.globalPos())

    @override
    def event(self, event: QEvent) -> bool:
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self.tool.wants(event)
        ):
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.tool.wants(event):
            self.keyPressEvent(event)  # or Tab would lead to the next widget
            return True
        return super().event(event)

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self.prompt.place()  # scrolling the viewport takes what lies over it along

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.prompt.place()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.tool.key(event):
            super().keyPressEvent(event)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.hover(Hit(Zone.NOTHING))
        super().leaveEvent(event)

    def hover(self, found: Hit) -> None:
        """Show what the pointer is at."""
        state = self.state
        span = found.id if found.zone not in (Zone.RELATION, Zone.TEXT, Zone.STUB, Zone.NOTHING) else None
        relation = found.id if found.zone is Zone.RELATION else None
        word = self._word_at(found) if self.armed is not None else None
        if (span, relation, word) != (state.hover_span, state.hover_relation, state.hover_range):
            before, armed = self._look(), word != state.hover_range
            state.hover_span, state.hover_relation, state.hover_range = span, relation, word
            self._show_change(before, None if armed else set())
        shapes = {
            Zone.HANDLE: Qt.CursorShape.CrossCursor,
            Zone.RELATION: Qt.CursorShape.PointingHandCursor,
            Zone.STUB: Qt.CursorShape.PointingHandCursor,
            Zone.LEFT_EDGE: Qt.CursorShape.SizeHorCursor,
            Zone.RIGHT_EDGE: Qt.CursorShape.SizeHorCursor,
            Zone.NOTHING: Qt.CursorShape.ArrowCursor,
        }
        shape = shapes.get(found.zone, Qt.CursorShape.IBeamCursor)
        if found.zone is Zone.SPAN and found.offset is None:
            shape = Qt.CursorShape.PointingHandCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)

    def scroll_at_edges(self, point: QPointF) -> None:
        """While something is dragged: go on scrolling for as long as the pointer is near an edge."""
        self._held_at = point
        if self._edge_step():
            if not self._scrolling.isActive():
                self._scrolling.start()
        else:
            self._scrolling.stop()

    def _edge_step(self) -> int:
        """Pixels to scroll: more the closer the pointer is to the edge, at most :data:`SCROLL_MOST`."""
        y, height = self._held_at.y(), self.viewport().height()
        if y < SCROLL_REACH:
            return -min(SCROLL_MOST, round(SCROLL_REACH - y))
        return min(SCROLL_MOST, max(0, round(y - (height - SCROLL_REACH))))

    def _on_scrolling(self) -> None:
        bar, step = self.verticalScrollBar(), self._edge_step()
        before = bar.value()
        bar.setValue(before + step)
        if not step or bar.value() == before:
            self._scrolling.stop()
        else:
            self.tool.dragged(self._held_at)

    def stop_scrolling(self) -> None:
        """The drag is over."""
        self._scrolling.stop()

    def _word_at(self, found: Hit) -> Fragment | None:
        page = self.page
        if page is None or found.offset is None or found.zone in (Zone.NOTHING, Zone.HANDLE):
            return None
        return self.tokens.snap(found.offset, found.offset, page.text)

    def use_tool(self, tool: Tool | None) -> None:
        """Hand the events to a tool until it is done; None goes back to selecting."""
        self.stop_scrolling()
        self.tool = tool or SelectTool(self)
        self.viewport().update()
