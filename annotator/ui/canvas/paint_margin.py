"""Painting the margins: claims' bars and tags on the left, relations' arcs on the right."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen

from annotator.core.model import Kind
from annotator.ui.canvas.margin import Place
from annotator.ui.canvas.margin_places import arc_x, bar_x, line_middle, tag_frames
from annotator.ui.style import mix

if TYPE_CHECKING:
    from annotator.ui.canvas.paint import PagePainter


@lru_cache(maxsize=64)
def dotted(colour: int) -> QBrush:
    """One pixel in that colour (ARGB), two left out: a level line of dots, far cheaper than a dotted pen."""
    tile = QImage(3, 1, QImage.Format.Format_ARGB32)
    tile.fill(0)
    tile.setPixel(0, 0, colour)
    return QBrush(tile)


class MarginPainter:
    """Paints what stands beside the text, for one paint event."""

    def __init__(self, page: PagePainter) -> None:
        self.page = page
        self.scene = page.scene
        self.painter = page.painter
        self.metrics = page.metrics
        self.theme = page.theme

    def paint(self, low: float, high: float, sight: tuple[float, float], *, left_only: bool = False) -> None:
        """Paint what reaches between two heights of the page; ``sight``: those of all that is in sight.

        Names are placed by what is in sight, so that painting a part agrees with painting everything.
        """
        self._paint_bars(low, high)
        if not left_only:
            self._paint_arcs(*sight)

    def _in_sight(self, low: float, high: float) -> tuple[Place, Place]:
        """The first and the last line that can be between two heights of the page."""
        first = self.scene.paragraph_at_y(low - 50)
        return (first, 0), (self.scene.paragraph_at_y(high + 50) + 1, 0)

    # -- claims -------------------------------------------------------------------------------

    def _paint_bars(self, low: float, high: float) -> None:
        painter, zoom = self.painter, self.metrics.zoom
        top_place, end_place = self._in_sight(low, high)
        for claim, (first, last) in self.scene.bars.span.items():
            if first > end_place or last < top_place:
                continue
            top = self.scene.line_y(first)[0]
            bottom = self.scene.line_y(last)[1]
            if bottom < low - 20 or top > high + 20:
                continue
            mark = self.scene.marks[claim]
            hue = self.theme.hue(mark.hue)
            hot = claim in self.page.hot_spans
            x = self.page.left + bar_x(self.scene, claim)
            ink = hue.ink if hot else mix(hue.ink, self.theme.page, 0.6)
            if mark.suggested:
                pen = QPen(ink, 1.8 * zoom, Qt.PenStyle.CustomDashLine)
                pen.setDashPattern([2.5, 2.5])
                painter.setPen(pen)
                painter.drawLine(
                    QPointF(x + 1, top + 4 - self.page.top), QPointF(x + 1, bottom - self.page.top)
                )
            else:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
                bar = QRectF(x, top + 4 - self.page.top, 2.2 * zoom, bottom - top - 2)
                painter.fillRect(bar, ink)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for claim, frame in tag_frames(self.scene, low - 40, high + 40, self.page.left):
            self._paint_tag(claim, frame.translated(self.page.left, -self.page.top))

    def _paint_tag(self, claim: str, frame: QRectF) -> None:
        painter, zoom = self.painter, self.metrics.zoom
        mark = self.scene.marks[claim]
        hue = self.theme.hue(mark.hue)
        state = self.page.state
        hot = claim in self.page.hot_spans or claim == state.pinned
        faded = state.drawing and claim not in state.targets and claim != state.source
        painter.setOpacity(0.35 if faded else 1.0)
        painter.setFont(self.metrics.label_soft if mark.suggested else self.metrics.label)
        if mark.suggested and not hot:
            pen = QPen(hue.ink, zoom)
            pen.setDashPattern([3.0, 2.5])
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(hue.ink if hot else hue.tint)
        painter.drawRoundedRect(frame, 3 * zoom, 3 * zoom)
        painter.setPen(self.theme.page if hot and not mark.suggested else hue.ink)
        if hot and mark.suggested:
            painter.setPen(self.theme.page)
        painter.drawText(frame, int(Qt.AlignmentFlag.AlignCenter), self.scene.claim_tag(claim))
        hint = state.targets.get(claim)
        if hint:
            self.page.paint_hint(hint, QPointF(frame.left() - 4 * zoom, frame.top() - 1))
        painter.setOpacity(1.0)

    # -- relations ----------------------------------------------------------------------------

    def _paint_arcs(self, low: float, high: float) -> None:
        texts: list[tuple[bool, float, float, str, QColor]] = []
        hot_links = self.page.hot_links
        visible = []
        top_place, end_place = self._in_sight(low, high)
        for link_id, (first, last) in self.scene.arcs.span.items():
            if first <= end_place and last >= top_place and self.scene.line_y(last)[1] >= low - 30:
                visible.append(link_id)
        for link_id in sorted(visible, key=lambda each: each in hot_links):
            self._paint_arc(link_id, link_id in hot_links, texts, low, high)
        self._paint_texts(texts)

    def _paint_arc(
        self,
        link_id: str,
        hot: bool,
        texts: list[tuple[bool, float, float, str, QColor]],
        low: float,
        high: float,
    ) -> None:
        scene, zoom, painter = self.scene, self.metrics.zoom, self.painter
        link = scene.links[link_id]
        back = not hot and bool(self.page.hot_links)
        colour = self.theme.relation_strong if hot else self.theme.relation
        if back:  # mixed rather than let through: a line that covers is painted many times faster
            colour = mix(colour, self.theme.page, 0.55)
        gutter = self.page.left + scene.width + 22 * zoom
        x = self.page.left + arc_x(scene, link_id)
        head_y = line_middle(scene, link, head=True) - self.page.top
        tail_y = line_middle(scene, link, head=False) - self.page.top
        if abs(head_y - tail_y) < 5:
            head_y, tail_y = head_y - 2, tail_y + 3
        top, bottom = low - self.page.top - 24 * zoom, high - self.page.top + 24 * zoom
        if link.suggested:
            self._paint_dashed(x, head_y, tail_y, gutter, colour, hot=hot)
        else:
            thick = (1.7 if hot else 1.1) * zoom
            upper, lower = min(head_y, tail_y), max(head_y, tail_y)
            radius = min(7.0 * zoom, (lower - upper) / 2)
            self._paint_upright(x, max(top, upper + radius), min(bottom, lower - radius), thick, colour)
            for y, inward in ((upper, 1), (lower, -1)):
                if top <= y <= bottom:
                    left = gutter if y == head_y else gutter + 6 * zoom
                    self._paint_turn(x, y, inward * radius, left, thick, colour)
        for end, y in ((link.head, head_y), (link.tail, tail_y)):
            if top <= y <= bottom:
                self._paint_leader(end, y, hot, colour, gutter)
        if top <= head_y <= bottom:
            painter.setPen(Qt.PenStyle.NoPen)
            ink = self.theme.hue(scene.marks[link.head].hue).ink
            painter.setBrush(mix(ink, self.theme.page, 0.55) if back else ink)
            painter.drawEllipse(QPointF(gutter, head_y), 3 * zoom, 3 * zoom)
        if top <= tail_y <= bottom:
            self.page.paint_arrow(QPointF(gutter - 1, tail_y), colour, pointing_down=False)
        seen_low = max(min(head_y, tail_y), low - self.page.top)
        seen_high = min(max(head_y, tail_y), high - self.page.top)
        middle = (head_y + tail_y) / 2
        if not seen_low <= middle <= seen_high and seen_high - seen_low > 30:
            middle = (seen_low + seen_high) / 2 if hot else middle
        texts.append((hot, x, middle, link.text, self.theme.relation_strong if hot else self.theme.relation))

    def _paint_dashed(
        self, x: float, head_y: float, tail_y: float, gutter: float, colour: QColor, *, hot: bool
    ) -> None:
        """A suggested relation's line from its head to its tail."""
        zoom = self.metrics.zoom
        sign = 1 if tail_y > head_y else -1
        radius = min(7.0 * zoom, abs(tail_y - head_y) / 2)
        path = QPainterPath(QPointF(gutter, head_y))
        path.lineTo(x - radius, head_y)
        path.quadTo(x, head_y, x, head_y + sign * radius)
        path.lineTo(x, tail_y - sign * radius)
        path.quadTo(x, tail_y, x - radius, tail_y)
        path.lineTo(gutter + 6 * zoom, tail_y)
        self.page.paint_path(path, colour, hot=hot, dashed=True)

    def _paint_upright(self, x: float, top: float, bottom: float, thick: float, colour: QColor) -> None:
        """The long part of a line, as a sharp rectangle: anything smoothed costs many times as much."""
        if bottom > top:
            self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            self.painter.fillRect(QRectF(x - thick / 2, top, thick, bottom - top), colour)
            self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_turn(
        self, x: float, y: float, radius: float, left: float, thick: float, colour: QColor
    ) -> None:
        """From the gutter to the long part: level, then round the corner; ``radius`` < 0 turns upwards."""
        level = x - abs(radius)
        if level > left:
            self.painter.fillRect(QRectF(left, y - thick / 2, level - left, thick), colour)
        path = QPainterPath(QPointF(level, y))
        path.quadTo(x, y, x, y + radius)
        self.painter.setPen(QPen(colour, thick))
        self.painter.setBrush(Qt.BrushStyle.NoBrush)
        self.painter.drawPath(path)

    def _paint_leader(self, span_id: str, y: float, hot: bool, colour: QColor, gutter: float) -> None:
        """From under the span's last word on its line to the arc's end."""
        scene, zoom = self.scene, self.metrics.zoom
        mark = scene.marks[span_id]
        place = scene.place_of(mark.start)
        paragraph, line = scene.line(place)
        if line is None:
            return
        right = max((piece.right for piece in line.pieces if piece.mark.id == span_id), default=0.0)
        under = paragraph.y + line.text_top + self.metrics.text_height(paragraph.head) + 1
        under -= self.page.top
        if mark.kind == Kind.CLAIM:
            under += 0.5
        soft = mix(colour, self.theme.page, 0.9 if hot else 0.3)
        thick = (1.3 if hot else 1.0) * zoom
        bend = QPointF(gutter - 8 * zoom, under)
        level = QRectF(self.page.left + right - 2, under - thick / 2, 0, thick)
        level.setRight(bend.x())
        if level.width() > 0:
            self.painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            if hot:
                self.painter.fillRect(level, soft)
            else:
                self.painter.fillRect(level, dotted(soft.rgba()))
            self.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.painter.setPen(QPen(soft, thick))
        self.painter.drawLine(bend, QPointF(gutter, y))

    def _paint_texts(self, texts: list[tuple[bool, float, float, str, QColor]]) -> None:
        """Names beside the arcs, hot ones first; one that finds no room is left out."""
        zoom = self.metrics.zoom
        taken: list[QRectF] = []
        edge = self.page.left + self.scene.width + self.scene.right_room - 3
        for hot, x, y, text, colour in sorted(texts, key=lambda each: (not each[0], each[1])):
            width = self.metrics.relation_width(text)
            for shift in (0.0, 15.0, -15.0, 30.0, -30.0):
                frame = QRectF(x + 4 * zoom, y + shift * zoom - 8 * zoom, width + 4 * zoom, 16 * zoom)
                frame.moveRight(min(frame.right(), edge))
                if not any(frame.intersects(other) for other in taken):
                    taken.append(frame)
                    back = not hot and bool(self.page.hot_links)
                    self.page.paint_tag(frame, text, mix(colour, self.theme.page, 0.8) if back else colour)
                    break
