"""The part of the page that is in sight: scrolling, zooming, painting; knows nothing of hands."""

from __future__ import annotations

from typing import override

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QFocusEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from annotator.core.model import Fragment
from annotator.core.page import Page
from annotator.ui.canvas.hit import Hit, Zone, hit
from annotator.ui.canvas.metrics import Metrics
from annotator.ui.canvas.paint import PagePainter
from annotator.ui.canvas.scene import Scene
from annotator.ui.canvas.state import CanvasState
from annotator.ui.canvas.stubs import Stub, stubs
from annotator.ui.style import mix
from annotator.ui.theme import SERIF, Theme, font

ZOOMS = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0)
IDLE_SECONDS = 0.006
FOCUS_LINE = 2
"""Pixels that the line at the left edge is wide while the page has the keyboard."""


def focus_colour(theme: Theme) -> QColor:
    """The colour of the line that shows that the page has the keyboard: quieter than a control's ring."""
    return mix(theme.focus, theme.page, 0.65)


class PagePort(QAbstractScrollArea):
    """Shows a scene and its state, laid out as far as it is in sight.

    Signals: ``zoom_changed`` (factor), ``first_painted`` (something is to be seen for the first time),
    ``painted`` (some part of it has been painted, and is to be seen).
    """

    zoom_changed = Signal(float)
    first_painted = Signal()
    painted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.state = CanvasState()
        self.scene = Scene(Metrics(theme))
        self.zoom = 1.0
        self.empty_text = ""
        """What stands where no article is open."""
        self._left = 0.0
        self._seen = False
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._on_painted)
        self._idle = QTimer(self)
        self._idle.setInterval(0)
        self._idle.timeout.connect(self._on_idle)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def page(self) -> Page | None:
        """The page that is shown."""
        return self.scene.page

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
        self.scene.right_room = width - self._left - column
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

    def update_paragraphs(self, indices: set[int]) -> None:
        """Have only these paragraphs painted again, with what stands beside them in the margins."""
        top, width = self.verticalScrollBar().value(), self.viewport().width()
        around = 30 * self.scene.metrics.zoom
        for nth in indices:
            paragraph = self.scene.paragraphs[nth]
            y, height = paragraph.y - around - top, paragraph.height + 2 * around
            self.viewport().update(QRectF(0, y, width, height).toAlignedRect())

    def update_left_margin(self) -> None:
        """Have the bars and tags of the claims painted again."""
        self.viewport().update(QRect(0, 0, round(self._left) - 6, self.viewport().height()))

    def first_visible(self) -> int:
        """The code point at the beginning of the first line in sight."""
        return min(self.scene.line_ends(self.visible_range()[0] + 20))

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
        for stub in self.stubs():
            if stub.frame.contains(point):
                return Hit(Zone.STUB, stub.span)
        x, y = self.to_page(point)
        state, page = self.state, self.page
        handles = tuple(each for each in (state.span, state.hover_span) if each)
        edges = state.span if page and state.span in page.spans else None
        return hit(self.scene, x, y, handles=handles, edges_of=edges, room=self._left)

    def stubs(self) -> list[Stub]:
        """The signs at the edges that lead to what the selection is related to."""
        sight = QRectF(self.viewport().rect()).translated(0, self.verticalScrollBar().value())
        return stubs(self.scene, self.state, self._left, sight, self.upper_room())

    def upper_room(self) -> float:
        """Pixels at the upper edge that something else lies over."""
        return 0.0

    # -- look ---------------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self.theme = theme
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
        self._soon.start()
        if self.page is None:
            self._paint_empty(painter)
            self._paint_focus(painter)
            return
        top, bottom = self.visible_range()
        exposed: list[QRect] = list(event.region())  # type: ignore[call-overload]
        if self.scene.ensure(top, bottom + 120):
            self._sync_scroll_bar()
            if event.rect() != self.viewport().rect():
                self.viewport().update()  # what was laid out just now may have moved everything
        stubs = self.stubs()
        if not self.viewport().devicePixelRatioF().is_integer():  # edges may lie within a pixel of the screen
            exposed = [each.adjusted(0, 0, 1, 1) for each in exposed]
        for each in exposed:
            painter.setClipRect(each)
            page = PagePainter(painter, self.scene, self.state, self._left, top)
            page.paint(QRectF(each), stubs, bottom)
            self._paint_focus(painter)
        painter.end()
        if not self._idle.isActive() and self.scene.unready:
            self._idle.start()

    def _on_painted(self) -> None:
        if not self._seen:
            self._seen = True
            self.first_painted.emit()
        self.painted.emit()

    def _paint_focus(self, painter: QPainter) -> None:
        """The line at the left edge that shows that the page has the keyboard."""
        if self.hasFocus():
            painter.fillRect(0, 0, FOCUS_LINE, self.viewport().height(), focus_colour(self.theme))

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
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update(0, 0, FOCUS_LINE, self.viewport().height())

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update(0, 0, FOCUS_LINE, self.viewport().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._measure()
        self._sync_scroll_bar()

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        state = self.state
        if state.span or state.relation or state.hover_span or state.hover_relation:
            self.viewport().update()  # the signs at the edges, and the names of arcs, stay where they are
        else:
            self.viewport().scroll(0, dy)
