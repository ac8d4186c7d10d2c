"""Where things stand in the margins, for painting and for hit-testing alike.

x counts from the left edge of the text column, y from the top of the page.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QRectF

from annotator.ui.canvas.layout import Link
from annotator.ui.canvas.scene import Scene

NAME_ROOM = 52.0
"""Room for the name of the outermost arc, in pixels at the usual size."""
MOST_LANES = 13
"""Further lanes share the outermost place, so that arcs stay in the margin."""


def bar_x(scene: Scene, claim: str) -> float:
    """Left edge of a claim's bar."""
    return -(18.0 + min(scene.bars.lane[claim], 3) * 7.0) * scene.metrics.zoom


def arc_x(scene: Scene, link_id: str) -> float:
    """The vertical part of a relation's arc; lanes stand closer where there are many for the margin."""
    zoom = scene.metrics.zoom
    lane = min(scene.arcs.lane[link_id], MOST_LANES)
    lanes = min(scene.arcs.count, MOST_LANES + 1)
    room = scene.right_room - (30.0 + NAME_ROOM) * zoom
    step = max(4.0 * zoom, min(scene.metrics.lane, room / max(1, lanes - 1)))
    return scene.width + 30.0 * zoom + lane * step


def line_middle(scene: Scene, link: Link, *, head: bool) -> float:
    """The height at which a relation leaves (head) or meets (tail) its span's line."""
    place = scene.ports.ends[link.id][0 if head else 1]
    top, bottom = scene.line_y(place)
    return top + (bottom - top) * 0.62 + scene.ports.moved[link.id, head]


def tag_frames(scene: Scene, low: float, high: float, room: float) -> Iterator[tuple[str, QRectF]]:
    """The tags of the claims that start between two heights, stacked where they start together.

    ``room`` is the width of the left margin.
    """
    metrics = scene.metrics
    used: list[QRectF] = []
    begin, end = scene.paragraph_at_y(low - 200), scene.paragraph_at_y(high)
    starting = sorted(
        (scene.line_y(first)[0], scene.numbers.get(claim, 0), claim)
        for claim, (first, _) in scene.bars.span.items()
        if begin <= first[0] <= end
    )
    for top, _, claim in starting:
        width = metrics.label_width(scene.claim_tag(claim)) + 11 * metrics.zoom
        left = max(-32.0 * metrics.zoom - width, 4.0 - room)
        frame = QRectF(left, top + 5 * metrics.zoom, width, 15 * metrics.zoom)
        while any(frame.intersects(other) for other in used):
            frame.translate(0, 17 * metrics.zoom)
        used.append(frame)
        if frame.bottom() >= low and frame.top() <= high:
            yield claim, frame
