"""Painting the margins: claims' bars and tags on the left, relations' arcs on the right."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen

from annotator.core.model import Kind
from annotator.ui.canvas.layout import Link, Mark
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


def dashes(shown: Mark | Link) -> Sequence[float]:
    """Lengths of dash and gap, in line widths; sparser for a less certain suggestion, none for a label."""
    if not shown.suggested:
        return ()
    return (2.0, 4.5) if shown.less_certain else (3.0, 2.5)


type _Name = tuple[bool, float, float, str, QColor]
"""Whether it is hot, where it stands, what it says and in which colour."""


class _Strokes:
    """Lines of relations that look alike, painted together: each call of the painter costs more than its ink.

    What is level or upright is painted as sharp rectangles, since anything smoothed costs many times as much.
    """

    def __init__(self, painter: QPainter) -> None:
        self._painter = painter
        self.colour = self.soft = QColor()
        self.thick = self.thin = 1.0
        self._sharp: list[QRectF] = []
        self._level: list[QRectF] = []
        self._turns = QPainterPath()
        self.dashed: dict[Sequence[float], list[QPainterPath]] = {}
        """By lengths of dash and gap."""
        self.dotted: list[QRectF] = []
        self.sharp_soft: list[QRectF] = []
        self.slants: list[QLineF] = []
        self.dots: dict[int, list[QPointF]] = {}
        """By colour (ARGB)."""
        self.arrows: list[QPointF] = []

    def upright(self, x: float, top: float, bottom: float) -> None:
        """The long part of an arc."""
        if bottom > top:
            self._sharp.append(QRectF(x - self.thick / 2, top, self.thick, bottom - top))

    def turn(self, x: float, y: float, radius: float, left: float) -> None:
        """From the gutter to the long part: level, then round the corner; ``radius`` < 0 turns upwards."""
        level = x - abs(radius)
        if level > left:
            self._level.append(QRectF(left, y - self.thick / 2, level - left, self.thick))
        self._turns.moveTo(level, y)
        self._turns.quadTo(x, y, x, y + radius)

    def paint(self, zoom: float) -> None:
        """Paint what was added."""
        painter, colour = self._painter, self.colour
        for level in self._level:
            painter.fillRect(level, colour)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for upright in self._sharp:
            painter.fillRect(upright, colour)
        for leader in self.sharp_soft:
            painter.fillRect(leader, self.soft)
        brush = dotted(self.soft.rgba())
        for leader in self.dotted:
            painter.fillRect(leader, brush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, self.thick))
        painter.drawPath(self._turns)
        for pattern, paths in self.dashed.items():
            pen = QPen(colour, self.thick)
            pen.setDashPattern(pattern)
            painter.setPen(pen)
            for path in paths:
                painter.drawPath(path)
        painter.setPen(QPen(self.soft, self.thin))
        painter.drawLines(self.slants)
        painter.setPen(Qt.PenStyle.NoPen)
        for argb, dots in self.dots.items():
            painter.setBrush(QColor.fromRgba(argb))
            for dot in dots:
                painter.drawEllipse(dot, 3 * zoom, 3 * zoom)
        painter.setBrush(colour)
        for tip in self.arrows:
            painter.drawPolygon([tip, tip + QPointF(7, -3.5) * zoom, tip + QPointF(7, 3.5) * zoom])


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
                pen.setDashPattern(dashes(mark))
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
            pen.setDashPattern(dashes(mark))
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
        texts: list[_Name] = []
        hot_links = self.page.hot_links
        cold, hot = _Strokes(self.painter), _Strokes(self.painter)
        top_place, end_place = self._in_sight(low, high)
        for link_id, (first, last) in self.scene.arcs.span.items():
            if first <= end_place and last >= top_place and self.scene.line_y(last)[1] >= low - 30:
                is_hot = link_id in hot_links
                self._add_arc(link_id, is_hot, hot if is_hot else cold, texts, low, high)
        cold.paint(self.metrics.zoom)
        hot.paint(self.metrics.zoom)
        self._paint_texts(texts)

    def _add_arc(
        self, link_id: str, hot: bool, strokes: _Strokes, texts: list[_Name], low: float, high: float
    ) -> None:
        scene, zoom = self.scene, self.metrics.zoom
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
        strokes.colour, strokes.thick = colour, (1.7 if hot else 1.1) * zoom
        if link.suggested:
            strokes.dashed.setdefault(dashes(link), []).append(self._dashed(x, head_y, tail_y, gutter))
        else:
            upper, lower = min(head_y, tail_y), max(head_y, tail_y)
            radius = min(7.0 * zoom, (lower - upper) / 2)
            strokes.upright(x, max(top, upper + radius), min(bottom, lower - radius))
            for y, inward in ((upper, 1), (lower, -1)):
                if top <= y <= bottom:
                    strokes.turn(x, y, inward * radius, gutter if y == head_y else gutter + 6 * zoom)
        for end, y in ((link.head, head_y), (link.tail, tail_y)):
            if top <= y <= bottom:
                self._add_leader(end, y, hot, strokes, gutter)
        if top <= head_y <= bottom:
            ink = self.theme.hue(scene.marks[link.head].hue).ink
            dots = strokes.dots.setdefault((mix(ink, self.theme.page, 0.55) if back else ink).rgba(), [])
            dots.append(QPointF(gutter, head_y))
        if top <= tail_y <= bottom:
            strokes.arrows.append(QPointF(gutter - 1, tail_y))
        seen_low = max(min(head_y, tail_y), low - self.page.top)
        seen_high = min(max(head_y, tail_y), high - self.page.top)
        middle = (head_y + tail_y) / 2
        if not seen_low <= middle <= seen_high and seen_high - seen_low > 30:
            middle = (seen_low + seen_high) / 2 if hot else middle
        texts.append((hot, x, middle, link.text, self.theme.relation_strong if hot else self.theme.relation))

    def _dashed(self, x: float, head_y: float, tail_y: float, gutter: float) -> QPainterPath:
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
        return path

    def _add_leader(self, span_id: str, y: float, hot: bool, strokes: _Strokes, gutter: float) -> None:
        """From under the span's last word on its line to the arc's end."""
        scene, zoom = self.scene, self.metrics.zoom
        mark = scene.marks[span_id]
        paragraph, line = scene.line(scene.place_of(mark.start))
        if line is None:
            return
        right = 0.0
        for piece in line.pieces:
            if piece.mark.id == span_id and piece.right > right:
                right = piece.right
        under = paragraph.y + line.text_top + self.metrics.text_height(paragraph.head) + 1
        under -= self.page.top
        if mark.kind == Kind.CLAIM:
            under += 0.5
        strokes.soft = mix(strokes.colour, self.theme.page, 0.9 if hot else 0.3)
        strokes.thin = (1.3 if hot else 1.0) * zoom
        bend = QPointF(gutter - 8 * zoom, under)
        left = self.page.left + right - 2
        if bend.x() > left:
            level = QRectF(left, under - strokes.thin / 2, bend.x() - left, strokes.thin)
            (strokes.sharp_soft if hot else strokes.dotted).append(level)
        strokes.slants.append(QLineF(bend, QPointF(gutter, y)))

    def _paint_texts(self, texts: list[_Name]) -> None:
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
