"""Signs at the page's upper and lower edge that lead to the ends of relations which are out of sight."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QRectF

from annotator.core.text import excerpt, slice_of
from annotator.ui.canvas.scene import Scene
from annotator.ui.canvas.state import CanvasState

MOST = 4
"""Signs at one edge; further ones are counted on the last."""
type End = tuple[str, str]
"""The id of a relation, and of the span at one of its ends."""

LONGEST = 26
"""Characters of the far end's words."""


class Stub(Struct, frozen=True):
    """One sign: the span that it leads to, its words, and its place in the viewport."""

    span: str
    text: str
    suggested: bool
    frame: QRectF


def far_ends(scene: Scene, state: CanvasState, low: float, high: float) -> tuple[list[End], list[End]]:
    """The ends above and below two heights of the page that the selection leads to, nearest first.

    Of a selected span the other ends of its relations, of a selected relation both.
    """
    ends: list[End] = []
    if state.span is not None:
        for link_id in scene.links_of.get(state.span, ()):
            link = scene.links[link_id]
            ends.append((link_id, link.tail if link.head == state.span else link.head))
    chosen = scene.links.get(state.relation or "")
    if chosen is not None:
        ends += [(chosen.id, chosen.head), (chosen.id, chosen.tail)]
    above: list[tuple[float, End]] = []
    below: list[tuple[float, End]] = []
    for link_id, span in ends:
        top, bottom = scene.line_y(scene.place_of(scene.marks[span].start))
        if bottom <= low:
            above.append((low - bottom, (link_id, span)))
        elif top >= high:
            below.append((top - high, (link_id, span)))
    return [each for _, each in sorted(above)], [each for _, each in sorted(below)]


def stubs(scene: Scene, state: CanvasState, left: float, sight: QRectF, upper: float = 0.0) -> list[Stub]:
    """The signs to show.

    ``sight`` is the viewport's place and size on the page (its x is 0), ``left`` the text column's left
    edge in it, ``upper`` the room at its upper edge that something else needs.
    """
    if (state.span is None and state.relation is None) or state.drawing or scene.page is None:
        return []
    above, below = far_ends(scene, state, sight.top(), sight.bottom())
    made: list[Stub] = []
    zoom = scene.metrics.zoom
    tall = 22 * zoom
    for ends, arrow, first, step in (
        (above, "↑", 8.0 + upper, tall + 4 * zoom),
        (below, "↓", sight.height() - 8.0 - tall, -(tall + 4 * zoom)),
    ):
        for nth, (link_id, span) in enumerate(ends[:MOST]):
            more = len(ends) - MOST if nth == MOST - 1 and len(ends) > MOST else 0
            text = _words(scene, link_id, span, arrow) + (f"  +{more}" if more else "")
            wide = scene.metrics.relation_width(text) + 18 * zoom
            right = min(sight.width() - 8.0, left + scene.width + 96 * zoom)
            frame = QRectF(max(8.0, right - wide), first + nth * step, wide, tall)
            made.append(Stub(span, text, scene.links[link_id].suggested, frame))
    return made


def _words(scene: Scene, link_id: str, span: str, arrow: str) -> str:
    assert scene.page is not None
    link, mark = scene.links[link_id], scene.marks[span]
    words = excerpt(slice_of(scene.page.text, mark.fragments), LONGEST)
    return f"{arrow} {link.text} “{words}”" if link.tail == span else f"{arrow} “{words}” {link.text}"
