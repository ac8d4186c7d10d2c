"""What lies under the pointer. Reads the scene, changes nothing.

Points are page coordinates: x from the left edge of the text column, y from the top of the page.
"""

from __future__ import annotations

from enum import Enum, auto

from msgspec import Struct
from PySide6.QtCore import QPointF, QRectF

from annotator.core.model import Fragments
from annotator.ui.canvas.margin_places import arc_x, line_middle, tag_frames
from annotator.ui.canvas.scene import Scene

HANDLE_RADIUS = 6.0
EDGE_REACH = 4.0


class Zone(Enum):
    """The kinds of place that a pointer can be at.

    A span starts at its left edge and ends at its right one; on screen it is the other way round
    where the text runs from right to left.
    """

    NOTHING = auto()
    TEXT = auto()
    SPAN = auto()
    RELATION = auto()
    HANDLE = auto()
    LEFT_EDGE = auto()
    RIGHT_EDGE = auto()
    STUB = auto()
    """A sign that leads to a relation's far end; the id is that span's."""


class Hit(Struct, frozen=True):
    """What is there. ``stack`` lists the spans at the place, innermost first."""

    zone: Zone
    id: str | None = None
    offset: int | None = None
    stack: tuple[str, ...] = ()


def handle_at(scene: Scene, span_id: str) -> QPointF | None:
    """The middle of the handle from which a relation is drawn: the span's upper right corner."""
    mark = scene.marks.get(span_id)
    if mark is None:
        return None
    rects = scene.rects(mark.fragments[:1])
    if not rects:
        return None
    paragraph = scene.paragraphs[scene.paragraph_at(mark.start)]
    cap = scene.metrics.cap_offset(paragraph.head)
    return QPointF(rects[0].right() + 4 * scene.metrics.zoom, rects[0].top() + cap)


def edge_rects(scene: Scene, fragments: Fragments) -> tuple[QRectF, QRectF] | None:
    """The first and the last line's rectangle of some ranges, or None where not laid out."""
    rects = scene.rects(fragments)
    return (rects[0], rects[-1]) if rects else None


def hit(
    scene: Scene,
    x: float,
    y: float,
    *,
    handles: tuple[str, ...] = (),
    edges_of: str | None = None,
    room: float = 120.0,
) -> Hit:
    """What lies at a point.

    ``handles`` are the spans that show a handle, ``edges_of`` the one whose edges can be dragged,
    ``room`` is the width of the left margin.
    """
    if not scene.paragraphs:
        return Hit(Zone.NOTHING)
    zoom = scene.metrics.zoom
    for span_id in handles:
        at = handle_at(scene, span_id)
        reach = (HANDLE_RADIUS + 2) * zoom
        if at and (x - at.x()) ** 2 + (y - at.y()) ** 2 <= reach**2:
            return Hit(Zone.HANDLE, span_id)
    offset = scene.character_at(x, y)
    stack = spans_at(scene, offset) if offset is not None else ()
    if edges_of in scene.marks:
        edge = _edge(scene, edges_of, x, y)
        if edge is not None:
            return Hit(edge, edges_of, scene.offset_at(x, y), stack)
    named = _label(scene, x, y) or _tag(scene, x, y, room)
    if named:
        return Hit(Zone.SPAN, named, None, (named,))
    link = _inline_arc(scene, x, y) or _margin_arc(scene, x, y)
    if link:
        return Hit(Zone.RELATION, link)
    if offset is None:
        return Hit(Zone.NOTHING, None, scene.offset_at(x, y))
    return Hit(Zone.SPAN if stack else Zone.TEXT, stack[0] if stack else None, offset, stack)


def spans_at(scene: Scene, offset: int) -> tuple[str, ...]:
    """The spans with a fragment around a code point, innermost (shortest) first."""
    paragraph = scene.paragraphs[scene.paragraph_at(offset)]
    around = [
        mark
        for mark in paragraph.marks.values()
        if any(start <= offset < end for start, end in mark.fragments)
    ]
    around.sort(key=lambda mark: (mark.length, mark.suggested, mark.kind, mark.id))
    return tuple(mark.id for mark in around)


def _edge(scene: Scene, span_id: str, x: float, y: float) -> Zone | None:
    rects = edge_rects(scene, scene.marks[span_id].fragments)
    if rects is None:
        return None
    first, last = rects
    start, end = first.left(), last.right()
    if scene.runs_left_at(scene.marks[span_id].start):
        start, end = first.right(), last.left()
    reach = EDGE_REACH * scene.metrics.zoom
    if last.top() <= y <= last.bottom() and abs(x - end) <= reach:
        return Zone.RIGHT_EDGE
    if first.top() <= y <= first.bottom() and abs(x - start) <= reach:
        return Zone.LEFT_EDGE
    return None


def _label(scene: Scene, x: float, y: float) -> str | None:
    paragraph = scene.paragraphs[scene.paragraph_at_y(y)]
    if not paragraph.lines or not paragraph.ready:
        return None
    line = paragraph.lines[paragraph.line_at(y - paragraph.y)]
    height = scene.metrics.label_height
    base = paragraph.y + line.text_top + scene.metrics.cap_offset(paragraph.head) - 2
    for box in line.labels:
        top = base - (box.lane + 1) * height
        if box.left - 3 <= x <= box.left + box.width + 3 and top <= y <= top + height:
            return box.mark.id
    return None


def _tag(scene: Scene, x: float, y: float, room: float) -> str | None:
    if x > -10:
        return None
    for claim, frame in tag_frames(scene, y - 60, y + 60, room):
        if frame.adjusted(-2, -1, 6, 1).contains(x, y):
            return claim
    return None


def _inline_arc(scene: Scene, x: float, y: float) -> str | None:
    paragraph = scene.paragraphs[scene.paragraph_at_y(y)]
    if not paragraph.lines or not paragraph.ready:
        return None
    line = paragraph.lines[paragraph.line_at(y - paragraph.y)]
    metrics = scene.metrics
    base = paragraph.y + line.text_top + metrics.cap_offset(paragraph.head) - 2
    for arc in line.arcs:
        top = base - line.label_lanes * metrics.label_height - arc.lane * metrics.arc_height
        left, right = sorted((arc.from_x, arc.to_x))
        if left - 4 <= x <= right + 4 and top - 14 * metrics.zoom <= y <= top + 2 * metrics.zoom:
            return arc.link.id
    return None


def _margin_arc(scene: Scene, x: float, y: float) -> str | None:
    """The nearest arc within 5 px: its vertical part, its two ends, or its name."""
    zoom = scene.metrics.zoom
    if x < scene.width + 12 * zoom:
        return None
    best: tuple[float, str] | None = None
    for link_id in scene.arcs.lane:
        link = scene.links[link_id]
        head = line_middle(scene, link, head=True)
        tail = line_middle(scene, link, head=False)
        low, high = min(head, tail), max(head, tail)
        if not low - 8 <= y <= high + 8:
            continue
        at = arc_x(scene, link_id)
        distance = abs(x - at)
        if x < at:
            distance = min(distance, abs(y - head), abs(y - tail))
        elif abs(y - (low + high) / 2) < 9 * zoom:
            inside = x - at <= scene.metrics.relation_width(link.text) + 8 * zoom
            distance = 4.0 if inside else distance
        if distance <= 5 * zoom and (best is None or distance < best[0]):
            best = (distance, link_id)
    return best[1] if best else None
