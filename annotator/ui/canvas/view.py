"""The article's page as a widget: shows a page, follows its changes, passes events to a tool."""

from __future__ import annotations

from collections.abc import Callable
from typing import override

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from annotator.core.changes import ChangeSet
from annotator.core.codebook import Codebook, Label
from annotator.core.commands import Command
from annotator.core.model import Fragment
from annotator.core.page import Page
from annotator.core.tokens import Tokens, rough_tokens
from annotator.ui.canvas.hit import Hit, Zone, hit
from annotator.ui.canvas.metrics import Metrics
from annotator.ui.canvas.paint import PagePainter
from annotator.ui.canvas.scene import Scene
from annotator.ui.canvas.state import CanvasState
from annotator.ui.canvas.strip import Strip
from annotator.ui.canvas.tools.base import Tool
from annotator.ui.canvas.tools.select import SelectTool
from annotator.ui.theme import SERIF, Theme, font

ZOOMS = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0)
IDLE_SECONDS = 0.006


class ArticleView(QAbstractScrollArea):
    """The canvas. It never writes to the page: commands go to ``run``, changes come by :meth:`refresh`.

    Signals: ``selection_changed`` (span, relation or text selection is another one),
    ``armed_changed`` (the armed label or None), ``told`` (a sentence for the person),
    ``menu_requested`` (a :class:`Hit` and the global place), ``zoom_changed`` (factor),
    ``first_painted`` (something is to be seen for the first time).
    """

    selection_changed = Signal()
    armed_changed = Signal(object)
    told = Signal(str)
    menu_requested = Signal(object, QPoint)
    zoom_changed = Signal(float)
    first_painted = Signal()

    def __init__(
        self,
        theme: Theme,
        run: Callable[[Command], ChangeSet | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.run = run
        self.state = CanvasState()
        self.armed: Label | None = None
        self.theme = theme
        self.zoom = 1.0
        self.empty_text = ""
        """What stands where no article is open."""
        self.scene = Scene(Metrics(theme))
        self.tool: Tool = SelectTool(self)
        self.strip = Strip(self.viewport(), theme)
        self._tokens: Tokens | None = None
        self._left = 0.0
        self._seen = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self.first_painted)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Article")
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self._idle = QTimer(self)
        self._idle.setInterval(0)
        self._idle.timeout.connect(self._on_idle)

    # -- the page -----------------------------------------------------------------------------

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        return self.scene.page

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
        self.state = CanvasState()
        self._tokens = None
        if page is None:
            self.scene = Scene(self.scene.metrics)
            self.scene.codebook = codebook
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
        self.scene.update(changes.span_ids, changes.relation_ids)
        self._after_update()

    def refresh_suggestions(self) -> None:
        """Follow a new run of suggestions; the tokens may be new too."""
        if self.page is not None:
            self.scene.update_suggestions()
            self._after_update()

    def _after_update(self) -> None:
        """Forget what is gone, and keep the scroll bar and the picture true."""
        state = self.state
        chosen = (state.span, state.relation)
        marks, links = self.scene.marks, self.scene.links
        state.span = state.span if state.span in marks else None
        state.relation = state.relation if state.relation in links else None
        state.hover_span = state.hover_span if state.hover_span in marks else None
        state.hover_relation = state.hover_relation if state.hover_relation in links else None
        under_way = {state.source, state.preview and state.preview[0], *state.targets} - {None}
        if not under_way <= marks.keys():
            self.tool.cancel()
        self._sync_scroll_bar()
        self.viewport().update()
        if chosen != (state.span, state.relation):
            self.selection_changed.emit()

    def _leave(self) -> None:
        self.tool.cancel()
        self.strip.hide()

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
        state.span, state.relation, state.ranges = span, relation, ranges
        if not ranges:
            self.strip.hide()
        self.viewport().update()
        self.selection_changed.emit()

    def arm(self, label: Label | None) -> None:
        """Hold a label ready for the next double click or drag, or none."""
        self.armed = label
        self.armed_changed.emit(label)

    # -- geometry -----------------------------------------------------------------------------

    def _measure(self) -> None:
        """Column width and left edge for the viewport's width; lays out anew if the width changed."""
        metrics, width = self.scene.metrics, float(self.viewport().width())
        left, right = metrics.left, metrics.right
        spare = max(0.0, left + metrics.column + right - width)
        left, right = left - min(22 * metrics.zoom, spare), right - min(46 * metrics.zoom, spare)
        narrow = width < left + 430 * metrics.zoom + right
        if narrow:
            left, right = 58 * metrics.zoom, 100 * metrics.zoom
        column = max(200.0, min(metrics.column, width - left - right))
        slack = max(0.0, width - left - right - column)
        self._left = left + slack / 2
        if column != self.scene.width or narrow != self.scene.narrow:
            anchor = self._anchor()
            self.scene.width, self.scene.narrow = column, narrow
            self.scene.invalidate()
            self._restore(anchor)
        elif not self.scene.height:
            self.scene.invalidate()

    def _anchor(self) -> tuple[int, float] | None:
        """The first paragraph in sight and how far it is scrolled."""
        if not self.scene.paragraphs:
            return None
        top = self.verticalScrollBar().value()
        nth = self.scene.paragraph_at_y(top)
        return nth, top - self.scene.paragraphs[nth].y

    def _restore(self, anchor: tuple[int, float] | None) -> None:
        self._sync_scroll_bar()
        if anchor is not None and self.verticalScrollBar().value() > 0:
            y = self.scene.paragraphs[anchor[0]].y + anchor[1]
            self.verticalScrollBar().setValue(round(y))

    def _sync_scroll_bar(self) -> None:
        bar = self.verticalScrollBar()
        height = self.viewport().height()
        bar.setRange(0, max(0, round(self.scene.height - height)))
        bar.setPageStep(max(1, height - 60))
        bar.setSingleStep(40)

    def to_page(self, point: QPointF) -> tuple[float, float]:
        """From viewport pixels to page coordinates (x from the column's left edge)."""
        return point.x() - self._left, point.y() + self.verticalScrollBar().value()

    def from_page(self, rect: QRectF) -> QRect:
        """From page coordinates to whole viewport pixels."""
        return rect.translated(self._left, -self.verticalScrollBar().value()).toAlignedRect()

    def visible_range(self) -> tuple[float, float]:
        """Top and bottom of the page's visible part."""
        top = float(self.verticalScrollBar().value())
        return top, top + self.viewport().height()

    def show_fragments(self, fragments: tuple[Fragment, ...]) -> None:
        """Scroll, if need be, so that ranges are in sight with some room around."""
        if self.page is None:
            return
        top, bottom = self.scene.y_range(fragments)
        self._sync_scroll_bar()
        low, high = self.visible_range()
        room = min(80.0, self.viewport().height() / 5)
        if top - room < low:
            self.verticalScrollBar().setValue(round(top - room))
        elif bottom + room > high:
            down = min(bottom + room - self.viewport().height(), top - room)
            self.verticalScrollBar().setValue(round(down))

    def hit_at(self, point: QPointF) -> Hit:
        """What lies at a point of the viewport."""
        x, y = self.to_page(point)
        state, page = self.state, self.page
        handles = tuple(each for each in (state.span, state.hover_span) if each)
        edges = state.span if page and state.span in page.spans else None
        return hit(self.scene, x, y, handles=handles, edges_of=edges, room=self._left)

    # -- look ---------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self.theme = theme
        self.strip.set_theme(theme)
        self._new_metrics()

    def set_zoom(self, zoom: float) -> None:
        """Show the page larger or smaller; 1.0 is a body text of 18 pixels."""
        zoom = max(ZOOMS[0], min(ZOOMS[-1], zoom))
        if zoom != self.zoom:
            self.zoom = zoom
            self._new_metrics()
            self.zoom_changed.emit(zoom)

    def step_zoom(self, by: int) -> None:
        """The next larger (1) or smaller (-1) zoom; 0 goes back to 1.0."""
        if by == 0:
            self.set_zoom(1.0)
        elif by > 0:
            self.set_zoom(next((each for each in ZOOMS if each > self.zoom), ZOOMS[-1]))
        else:
            self.set_zoom(next((each for each in reversed(ZOOMS) if each < self.zoom), ZOOMS[0]))

    def _new_metrics(self) -> None:
        anchor = self._anchor()
        self.scene.metrics = Metrics(self.theme, self.zoom)
        self.scene.width = 0.0
        self._measure()
        self._restore(anchor)
        self.viewport().update()

    # -- events -------------------------------------------------------------------------------

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        exposed = QRectF(event.rect())
        if not self._seen:
            self._seen = True
            self._soon.start()
        if self.page is None:
            self._paint_empty(painter)
            return
        top, bottom = self.visible_range()
        if self.scene.ensure(top, bottom + 120):
            self._sync_scroll_bar()
            exposed = QRectF(self.viewport().rect())
        painter.setClipRect(exposed)
        PagePainter(
            painter, self.scene, self.state, self._left, float(self.verticalScrollBar().value())
        ).paint(exposed)
        painter.end()
        if not self._idle.isActive() and self.scene.unready:
            self._idle.start()

    def _paint_empty(self, painter: QPainter) -> None:
        room = self.viewport().rect()
        painter.fillRect(room, self.theme.page)
        painter.setFont(font(SERIF, 20))
        painter.setPen(self.theme.soft)
        words = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
        painter.drawText(room.adjusted(60, 0, -60, -room.height() // 6), words, self.empty_text)

    def _on_idle(self) -> None:
        anchor = self._anchor()
        more = self.scene.idle_step(IDLE_SECONDS)
        if not more:
            self._idle.stop()
            self.viewport().update()
        self._restore(anchor)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        self._sync_scroll_bar()

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(0, dy)

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
        elif found.zone is not Zone.NOTHING and found.id and found.id != self.state.span:
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
        return super().event(event)

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
        span = found.id if found.zone not in (Zone.RELATION, Zone.TEXT, Zone.NOTHING) else None
        relation = found.id if found.zone is Zone.RELATION else None
        if (span, relation) != (state.hover_span, state.hover_relation):
            state.hover_span, state.hover_relation = span, relation
            self.viewport().update()
        shapes = {
            Zone.HANDLE: Qt.CursorShape.CrossCursor,
            Zone.RELATION: Qt.CursorShape.PointingHandCursor,
            Zone.LEFT_EDGE: Qt.CursorShape.SizeHorCursor,
            Zone.RIGHT_EDGE: Qt.CursorShape.SizeHorCursor,
            Zone.NOTHING: Qt.CursorShape.ArrowCursor,
        }
        shape = shapes.get(found.zone, Qt.CursorShape.IBeamCursor)
        if found.zone is Zone.SPAN and found.offset is None:
            shape = Qt.CursorShape.PointingHandCursor
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)

    def use_tool(self, tool: Tool | None) -> None:
        """Hand the events to a tool until it is done; None goes back to selecting."""
        self.tool = tool or SelectTool(self)
        self.viewport().update()
