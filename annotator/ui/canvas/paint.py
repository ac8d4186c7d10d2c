"""Painting the page. Reads the scene and the state, decides nothing and changes nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import islice
from operator import itemgetter

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from annotator.core.model import Kind
from annotator.ui.canvas.hit import handle_at
from annotator.ui.canvas.layout import LabelBox, LineBox, Mark, Piece
from annotator.ui.canvas.paint_margin import MarginPainter, dashes
from annotator.ui.canvas.paragraph import Paragraph
from annotator.ui.canvas.scene import Scene
from annotator.ui.canvas.state import CanvasState
from annotator.ui.canvas.stubs import Stub
from annotator.ui.theme import SANS, SERIF, font

NO_PEN = Qt.PenStyle.NoPen
NO_BRUSH = Qt.BrushStyle.NoBrush
FAINT = 0.6
"""How opaque the edge of a less certain suggestion is; its words keep their full colour."""


def _depth(piece: Piece) -> int:
    return piece.depth


class PagePainter:
    """Paints one exposed part of the page; made afresh for each paint event.

    ``left`` is the text column's left edge and ``top`` the page's height at the viewport's top edge.
    """

    def __init__(self, painter: QPainter, scene: Scene, state: CanvasState, left: float, top: float) -> None:
        self.painter = painter
        self.scene = scene
        self.state = state
        self.left = left
        self.top = top
        self.metrics = scene.metrics
        self.theme = scene.metrics.theme
        self.hot_spans, self.hot_links = self._hot()

    def _hot(self) -> tuple[set[str], set[str]]:
        """The spans and relations at full strength: chosen or pointed at, and what they link to."""
        spans = {each for each in (self.state.span, self.state.hover_span) if each}
        links = {each for each in (self.state.relation, self.state.hover_relation) if each}
        for span in list(spans):
            links |= self.scene.links_of.get(span, set())
        for link_id in links:
            link = self.scene.links.get(link_id)
            if link:
                spans |= {link.head, link.tail}
        return spans, links

    def paint(self, exposed: QRectF, stubs: Sequence[Stub] = (), bottom: float | None = None) -> None:
        """Paint everything inside ``exposed``, a rectangle of the viewport, with the signs over it.

        ``bottom`` is the page's height at the viewport's lower edge; what is placed by what is in sight
        goes by that, however little is exposed.
        """
        self.painter.fillRect(exposed, self.theme.page)
        self._paint_header()
        low, high = self.top + exposed.top(), self.top + exposed.bottom()
        margin_only = exposed.right() < self.left - 4
        first = len(self.scene.paragraphs) if margin_only else self.scene.paragraph_at_y(low)
        for nth in range(first, len(self.scene.paragraphs)):
            paragraph = self.scene.paragraphs[nth]
            if paragraph.y > high + 20:
                break
            if paragraph.lines and paragraph.ready:
                self._paint_paragraph(paragraph, low - 30, high + 30)
        sight = (self.top, self.top + exposed.bottom() if bottom is None else bottom)
        MarginPainter(self).paint(low, high, sight, left_only=margin_only)
        if not self.state.drawing:
            self._paint_handles()
        if self.state.drawing:
            self._paint_drawing()
        for stub in stubs:
            self._paint_stub(stub)

    def _paint_header(self) -> None:
        page = self.scene.page
        if page is None or not self.scene.head_height or self.top > self.scene.head_height + 40:
            return
        article = page.article
        y = self.metrics.top - self.top
        zoom = self.metrics.zoom
        details = "  ·  ".join(
            each for each in (article.publisher, article.author, article.published) if each
        )
        if details:
            self.painter.setFont(self.metrics.meta)
            self.painter.setPen(self.theme.soft)
            self.painter.drawText(QPointF(self.left, y + 12 * zoom), details)
            y += 26 * zoom
        if self.scene.outside_title:
            self.painter.setFont(font(SERIF, 27 * zoom, bold=True))
            self.painter.setPen(self.theme.ink)
            box = QRectF(self.left, y, self.scene.width, self.scene.head_height)
            self.painter.drawText(box, int(Qt.TextFlag.TextWordWrap), self.scene.outside_title)

    # -- paragraphs ---------------------------------------------------------------------------

    def _paint_paragraph(self, paragraph: Paragraph, low: float, high: float) -> None:
        origin = QPointF(self.left, paragraph.y - self.top)
        height = self.metrics.text_height(paragraph.head)
        cap = self.metrics.cap_offset(paragraph.head)
        visible = paragraph.visible_lines(low - paragraph.y, high - paragraph.y)
        for nth in visible:
            line = paragraph.lines[nth]
            y = origin.y() + line.text_top
            for piece in line.pieces:
                if piece.mark.kind == Kind.CLAIM:
                    self._paint_claim(piece, y, height)
            for piece in sorted(line.pieces, key=_depth):
                if piece.mark.kind != Kind.CLAIM:
                    self._paint_tint(piece, y + cap, height - cap)
            if self.state.found:
                self._paint_found(paragraph, nth, y, height)
            self._paint_selection(paragraph, nth, y, height)
        self.painter.setPen(self.theme.ink)
        for nth in visible:
            paragraph.draw_line(self.painter, nth, origin)
        for nth in visible:
            line = paragraph.lines[nth]
            base = origin.y() + line.text_top + cap - 2
            for box in line.labels if not self.state.words else ():
                self._paint_label(box, base)
            self._paint_inline_arcs(line, base)
            if self.state.armed is not None:
                self._paint_armed(self.state.armed, paragraph, nth, origin.y() + line.text_top)
            if self.state.words:
                self._paint_word_hints(paragraph, nth, base)

    def _paint_word_hints(self, paragraph: Paragraph, nth: int, base: float) -> None:
        """The letters of each word of a line, above its beginning."""
        line, zoom, typed = paragraph.lines[nth], self.metrics.zoom, self.state.typed
        self.painter.setFont(font(SANS, 11 * zoom, bold=True))
        for start in range(paragraph.start + line.start, paragraph.start + line.end):
            hint = self.state.words.get(start)
            if hint is None or not hint.startswith(typed):
                continue
            left, _ = paragraph.extent(nth, start - paragraph.start, start - paragraph.start + 1)
            shown = hint[len(typed) :]
            width = self.metrics.label_width(shown) + 5 * zoom
            frame = QRectF(self.left + left - zoom, base - 12 * zoom, width, 13 * zoom)
            self.painter.setPen(NO_PEN)
            self.painter.setBrush(self.theme.accent)
            self.painter.drawRoundedRect(frame, 3 * zoom, 3 * zoom)
            self.painter.setPen(self.theme.on_accent)
            self.painter.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), shown)

    def _faded(self, mark: Mark) -> bool:
        """While a relation is drawn, whatever is no legal target steps back."""
        if not self.state.drawing:
            return False
        return mark.id not in self.state.targets and mark.id != self.state.source

    def _paint_claim(self, piece: Piece, y: float, height: float) -> None:
        hue = self.theme.hue(piece.mark.hue)
        hot = piece.mark.id in self.hot_spans
        painter, zoom = self.painter, self.metrics.zoom
        painter.setOpacity(0.35 if self._faded(piece.mark) else 1.0)
        left, width = self.left + piece.left, piece.right - piece.left
        if hot or piece.mark.id in self.state.targets:
            painter.fillRect(QRectF(left, y + 1, width, height - 1), hue.tint)
        line_y = y + height + piece.depth * self.metrics.underline_step
        if piece.mark.suggested:
            pen = QPen(hue.ink, 1.4 * zoom, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern(dashes(piece.mark))
            painter.setPen(pen)
            painter.drawLine(QPointF(left, line_y + 0.8), QPointF(left + width, line_y + 0.8))
        else:
            thick = 1.6 * zoom if piece.mark.id != self.state.span else 2.2 * zoom
            painter.setOpacity(painter.opacity() * (1.0 if hot else 0.75))
            painter.fillRect(QRectF(left, line_y, width, thick), hue.ink)
        painter.setOpacity(1.0)

    def _paint_tint(self, piece: Piece, y: float, height: float) -> None:
        mark = piece.mark
        hue = self.theme.hue(mark.hue)
        painter, zoom = self.painter, self.metrics.zoom
        painter.setOpacity(0.3 if self._faded(mark) else 1.0)
        inset = min(piece.depth * 2.0, 6.0) * zoom
        reach = 2.0 * zoom
        box = QRectF(
            self.left + piece.left - reach + min(inset, reach),
            y + inset,
            piece.right - piece.left + 2 * reach - 2 * min(inset, reach),
            height - 2 * inset,
        )
        target = mark.id in self.state.targets
        hot = mark.id in self.hot_spans or target
        painter.setPen(NO_PEN)
        tint = QColor(hue.tint)
        alike = mark.id in self.state.alike
        if mark.suggested and not hot:
            tint.setAlphaF(0.8 if alike else 0.2 if mark.less_certain else 0.38)
        painter.setBrush(tint)
        painter.drawRoundedRect(box, 3.5 * zoom, 3.5 * zoom)
        if mark.suggested:
            ink = QColor(hue.ink)
            ink.setAlphaF(1.0 if hot or alike else FAINT if mark.less_certain else 0.7)
            pen = QPen(ink, (1.5 if hot else 1.0) * zoom, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern(dashes(mark))
            self._outline(box, pen)
        elif mark.id == self.state.span:
            self._outline(box, QPen(hue.ink, 1.8 * zoom))
        elif hot or inset:
            self._outline(box, QPen(hue.ink, (1.4 if target else 1.0) * zoom))
        if mark.id == self.state.span and mark.suggested:
            painter.setPen(NO_PEN)
            painter.setBrush(hue.ink)
            painter.drawRect(QRectF(box.left(), box.bottom() - 1.2, box.width(), 2.0 * zoom))
        painter.setOpacity(1.0)

    def _outline(self, box: QRectF, pen: QPen) -> None:
        self.painter.setPen(pen)
        self.painter.setBrush(NO_BRUSH)
        self.painter.drawRoundedRect(
            box.adjusted(0.5, 0.5, -0.5, -0.5), 3.5 * self.metrics.zoom, 3.5 * self.metrics.zoom
        )

    def _paint_found(self, paragraph: Paragraph, nth: int, y: float, height: float) -> None:
        found, line = self.state.found, paragraph.lines[nth]
        first = bisect_right(found, paragraph.start + line.start, key=itemgetter(1))
        for start, end in islice(found, first, None):
            low, high = max(start - paragraph.start, line.start), min(end - paragraph.start, line.end)
            if low >= line.end:
                break
            if low < high:
                left, right = paragraph.extent(nth, low, high)
                box = QRectF(self.left + left, y + 1, right - left, height - 1)
                self.painter.fillRect(box, self.theme.found)

    def _paint_selection(self, paragraph: Paragraph, nth: int, y: float, height: float) -> None:
        ranges = self.state.ranges
        if self.state.preview is not None:
            ranges = list(self.state.preview[1])
        line = paragraph.lines[nth]
        armed = self.state.armed
        colour = self.theme.hue(armed[1]).tint if armed else self.theme.selection
        for start, end in ranges:
            low = max(start - paragraph.start, line.start)
            high = min(end - paragraph.start, line.end)
            if low < high:
                left, right = paragraph.extent(nth, low, high)
                self.painter.fillRect(QRectF(self.left + left, y, right - left, height), colour)

    def _paint_armed(self, armed: tuple[str, str], paragraph: Paragraph, nth: int, y: float) -> None:
        """What letting go, or a double click, would label: with the armed label's name above."""
        line, cap = paragraph.lines[nth], self.metrics.cap_offset(paragraph.head)
        height = self.metrics.text_height(paragraph.head)
        words = self.state.ranges[-1] if self.state.ranges else self.state.hover_range
        if words is None:
            return
        low, high = max(words[0] - paragraph.start, line.start), min(words[1] - paragraph.start, line.end)
        if low >= high:
            return
        left, right = paragraph.extent(nth, low, high)
        pen = QPen(self.theme.hue(armed[1]).ink, self.metrics.zoom, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([2.0, 2.0])
        self._outline(QRectF(self.left + left - 2, y + cap, right - left + 4, height - cap), pen)
        if low == words[0] - paragraph.start:
            zoom, tall = self.metrics.zoom, self.metrics.label_height
            width = self.metrics.label_width(armed[0]) + 6 * zoom
            frame = QRectF(self.left + left - 3 * zoom, y + cap - 2 - tall, width, tall)
            self.painter.fillRect(frame, self.theme.page)
            self.painter.setFont(self.metrics.label)
            self.painter.setPen(self.theme.hue(armed[1]).ink)
            self.painter.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), armed[0])

    def _paint_label(self, box: LabelBox, base: float) -> None:
        mark = box.mark
        hue = self.theme.hue(mark.hue)
        painter, zoom = self.painter, self.metrics.zoom
        chosen = mark.id in (self.state.span, self.state.source, self.state.pinned)
        y = base - (box.lane + 1) * self.metrics.label_height
        x = self.left + box.left
        painter.setOpacity(0.35 if self._faded(mark) else 1.0)
        which = "label_soft" if mark.suggested else "label"
        painter.setFont(getattr(self.metrics, which))
        if chosen:
            painter.setPen(NO_PEN)
            painter.setBrush(hue.ink)
            frame = QRectF(x - 3 * zoom, y + 0.5, box.width + 6 * zoom, self.metrics.label_height)
            painter.drawRoundedRect(frame, 3 * zoom, 3 * zoom)
            painter.setPen(self.theme.page)
        else:
            painter.setPen(hue.ink)
        hint = self.state.targets.get(mark.id)
        if not hint or not hint.startswith(self.state.typed):
            painter.drawStaticText(QPointF(x, y - 1.6 * zoom), self.metrics.words(mark.text, which))
        if box.lane and not chosen:
            painter.setPen(QPen(hue.ink, 0.8 * zoom))
            down = QPointF(x - 2 * zoom, base + 1)
            painter.drawLine(QPointF(x - 2 * zoom, y + 3 * zoom), down)
        if hint:
            self.paint_hint(hint, QPointF(x - 3 * zoom, y - 1))
        painter.setOpacity(1.0)

    def paint_hint(self, hint: str, at: QPointF) -> None:
        """The letters to type for a target, the typed part faint."""
        painter, zoom = self.painter, self.metrics.zoom
        typed = self.state.typed
        if typed and not hint.startswith(typed):
            return
        face = font(SANS, 13 * zoom, bold=True)
        painter.setFont(face)
        width = max(15.0 * zoom, self.metrics.label_width(hint.upper()) * 1.25 + 8 * zoom)
        frame = QRectF(at.x(), at.y() - 2 * zoom, width, 17 * zoom)
        painter.setPen(NO_PEN)
        painter.setBrush(self.theme.accent)
        painter.drawRoundedRect(frame, 4 * zoom, 4 * zoom)
        painter.setPen(self.theme.on_accent)
        painter.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), hint[len(typed) :].upper())

    def _paint_inline_arcs(self, line: LineBox, base: float) -> None:
        zoom = self.metrics.zoom
        for arc in line.arcs:
            hot = arc.link.id in self.hot_links
            colour = self.theme.relation_strong if hot else self.theme.relation
            foot = base - line.label_lanes * self.metrics.label_height + zoom
            y = foot - arc.lane * self.metrics.arc_height - 9 * zoom
            start = QPointF(self.left + arc.from_x, foot)
            end = QPointF(self.left + arc.to_x, foot)
            radius = min(6.0 * zoom, abs(end.x() - start.x()) / 2)
            sign = 1 if end.x() > start.x() else -1
            path = QPainterPath(start)
            path.lineTo(start.x(), y + radius)
            path.quadTo(start.x(), y, start.x() + sign * radius, y)
            path.lineTo(end.x() - sign * radius, y)
            path.quadTo(end.x(), y, end.x(), y + radius)
            path.lineTo(end.x(), end.y() - 4 * zoom)
            self._paint_path(path, colour, hot=hot, dashed=dashes(arc.link))
            self._paint_arrow(end, colour)
            width = self.metrics.relation_width(arc.link.text)
            left, right = sorted((start.x(), end.x()))
            fits = width + 8 * zoom <= right - left - radius
            x = (left + right - width) / 2 if fits else right + 6 * zoom  # beside an arc too short for it
            frame = QRectF(x - 4 * zoom, y - 8 * zoom, width + 8 * zoom, 16 * zoom)
            self.paint_tag(frame, arc.link.text, colour)

    def _paint_path(self, path: QPainterPath, colour: QColor, *, hot: bool, dashed: Sequence[float]) -> None:
        """A relation's line: stronger when hot, dashed while it is a suggestion."""
        pen = QPen(colour, (1.7 if hot else 1.1) * self.metrics.zoom)
        if dashed:
            pen.setDashPattern(dashed)
        self.painter.setPen(pen)
        self.painter.setBrush(NO_BRUSH)
        self.painter.drawPath(path)

    def _paint_arrow(self, tip: QPointF, colour: QColor) -> None:
        """A relation's head, pointing down to the words of its tail span."""
        zoom = self.metrics.zoom
        self.painter.setPen(NO_PEN)
        self.painter.setBrush(colour)
        self.painter.drawPolygon([tip, tip + QPointF(-3.2, -5.5) * zoom, tip + QPointF(3.2, -5.5) * zoom])

    def paint_tag(self, frame: QRectF, text: str, colour: QColor) -> None:
        """A relation's name on the page's colour, so that lines do not run through it."""
        self.painter.fillRect(frame.toAlignedRect(), self.theme.page)
        words = self.metrics.words(text, "relation")
        self.painter.setFont(self.metrics.relation)
        self.painter.setPen(colour)
        size = words.size()
        at = QPointF(frame.center().x() - size.width() / 2, frame.center().y() - size.height() / 2)
        self.painter.drawStaticText(at, words)

    def _paint_handles(self) -> None:
        """The small circle from which a relation is dragged, on the spans chosen and pointed at."""
        zoom = self.metrics.zoom
        for span_id in {each for each in (self.state.span, self.state.hover_span) if each}:
            at = handle_at(self.scene, span_id)
            if at is None:
                continue
            middle = QPointF(self.left + at.x(), at.y() - self.top)
            ink = self.theme.hue(self.scene.marks[span_id].hue).ink
            self.painter.setPen(QPen(self.theme.page, 1.5 * zoom))
            self.painter.setBrush(ink)
            self.painter.drawEllipse(middle, 5 * zoom, 5 * zoom)
            self.painter.setPen(QPen(self.theme.page, 1.4 * zoom))
            arm = 2.2 * zoom
            self.painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0))
            self.painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm))

    def _paint_stub(self, stub: Stub) -> None:
        """A sign that leads to a relation's far end."""
        zoom = self.metrics.zoom
        pen = QPen(self.theme.relation_strong, 1.0)
        if stub.suggested:
            pen.setDashPattern([3.0, 2.5])
        self.painter.setPen(pen)
        self.painter.setBrush(self.theme.raised)
        self.painter.drawRoundedRect(stub.frame, 6 * zoom, 6 * zoom)
        self.painter.setFont(self.metrics.relation)
        self.painter.setPen(self.theme.relation_strong)
        self.painter.drawText(stub.frame, int(Qt.AlignmentFlag.AlignCenter), stub.text)

    # -- drawing a relation -------------------------------------------------------------------

    def _paint_drawing(self) -> None:
        source = self.scene.marks.get(self.state.source or "")
        if source is None or self.state.rubber is None:
            return
        rects = self.scene.rects(source.fragments[:1])
        if not rects:
            return
        start = QPointF(self.left + rects[0].center().x(), rects[0].top() + 4 - self.top)
        end = QPointF(self.left + self.state.rubber.x(), self.state.rubber.y() - self.top)
        lift = min(60.0, 20.0 + abs(end.x() - start.x()) / 6)
        path = QPainterPath(start)
        path.cubicTo(QPointF(start.x(), start.y() - lift), QPointF(end.x(), end.y() - lift), end)
        self._paint_path(path, self.theme.relation_strong, hot=True, dashed=())
        self.painter.setPen(NO_PEN)
        self.painter.setBrush(self.theme.relation_strong)
        self.painter.drawEllipse(end, 3.5, 3.5)
