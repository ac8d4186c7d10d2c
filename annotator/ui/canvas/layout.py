"""Where things go on and above a line of text: pure functions over plain numbers.

Coordinates are device-independent pixels from the left edge of the text column; offsets are code
points from the start of the paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from annotator.core.model import Fragments, Kind


class Mark(Struct, frozen=True):
    """A span as the page shows it. ``fragments`` count from the start of the article."""

    id: str
    kind: Kind
    text: str
    """What stands above its words."""
    hue: str
    fragments: Fragments
    suggested: bool = False
    less_certain: bool = False
    """It is a suggestion of the second tier."""

    @property
    def start(self) -> int:
        """Where the first fragment starts."""
        return self.fragments[0][0]

    @property
    def end(self) -> int:
        """Where the last fragment ends."""
        return self.fragments[-1][1]

    @property
    def length(self) -> int:
        """From the first to the last character, gaps included."""
        return self.end - self.start


class Link(Struct, frozen=True):
    """A relation as the page shows it."""

    id: str
    head: str
    tail: str
    text: str
    suggested: bool = False
    less_certain: bool = False
    """It is a suggestion of the second tier."""


class Piece(Struct):
    """The part of a mark's fragment that lies on one line, from ``left`` to ``right``."""

    mark: Mark
    left: float
    right: float
    opens: bool
    """The fragment starts here."""
    closes: bool
    """The fragment ends here."""
    depth: int = 0
    """Tints: how many others enclose it. Claims: which underline, from the top."""


class LabelBox(Struct):
    """The small text above a mark's first word; lane 0 is next to the words."""

    mark: Mark
    left: float
    width: float
    lane: int = 0


class InlineArc(Struct):
    """A relation within one line, drawn above its labels; lane 0 is the lowest."""

    link: Link
    from_x: float
    to_x: float
    lane: int = 0


class LineBox(Struct):
    """One line of a paragraph with all that is drawn on it; y counts from the paragraph's top."""

    start: int
    end: int
    width: float
    """Natural width of its text."""
    top: float = 0.0
    text_top: float = 0.0
    bottom: float = 0.0
    pieces: list[Piece] = []
    labels: list[LabelBox] = []
    arcs: list[InlineArc] = []
    label_lanes: int = 0
    arc_lanes: int = 0
    underlines: int = 0


def set_depths(pieces: Sequence[Piece]) -> int:
    """Give tints their nesting depth and claims their underline; the number of underlines.

    Of two tints over the same words an actor encloses an entity, so that both can be seen.
    """
    tints = [piece for piece in pieces if piece.mark.kind != Kind.CLAIM]
    tints.sort(key=lambda each: (each.left, -each.right, each.mark.kind, each.mark.id))
    open_: list[Piece] = []
    for piece in tints:
        open_ = [other for other in open_ if other.right > piece.left]
        piece.depth = sum(other.right >= piece.right for other in open_)
        open_.append(piece)
    ends: list[float] = []
    claims = [piece for piece in pieces if piece.mark.kind == Kind.CLAIM]
    for piece in sorted(claims, key=lambda each: (each.left, -each.right, each.mark.id)):
        piece.depth = _free(ends, piece.left)
        ends[piece.depth] = piece.right
    return len(ends)


def _free(ends: list[float], left: float) -> int:
    """The first lane that is free from ``left`` on; a new one where none is."""
    for lane, end in enumerate(ends):
        if end <= left:
            return lane
    ends.append(0.0)
    return len(ends) - 1


def place_labels(labels: list[LabelBox], extents: dict[str, float], gap: float, column: float) -> int:
    """Put labels into as few lanes as fit, inner marks lowest; the number of lanes.

    A label may slide to the right along its own mark (``extents``: the mark's right edge on this
    line) to stand beside one that starts at the same word, and to the left to end with the column.
    """
    labels.sort(key=lambda box: (box.left, box.mark.length, box.mark.kind, box.mark.id))
    ends: list[float] = []
    for box in labels:
        box.left = max(0.0, min(box.left, column - box.width))
        farthest = min(extents.get(box.mark.id, box.left) - 6, column - box.width)
        reach = max(farthest, box.left)
        for lane, end in enumerate(ends):
            if end <= reach:
                box.left = max(box.left, end)
                box.lane = lane
                break
        else:
            box.lane = len(ends)
            ends.append(0.0)
        ends[box.lane] = box.left + box.width + gap
    return len(ends)


def place_arcs(arcs: list[InlineArc], widths: dict[str, float]) -> int:
    """Put a line's arcs into lanes, short ones lowest; the number of lanes.

    ``widths`` gives, by relation id, the room that the arc's text needs.
    """
    lanes: list[list[tuple[float, float]]] = []
    arcs.sort(key=lambda each: (abs(each.from_x - each.to_x), each.link.id))
    for arc in arcs:
        left, right = sorted((arc.from_x, arc.to_x))
        need = widths[arc.link.id] + 12
        if right - left < need:
            middle = (left + right) / 2
            left, right = middle - need / 2, middle + need / 2
        arc.lane = first_free(lanes, left, right)
    return len(lanes)


def first_free(lanes: list[list[tuple[float, float]]], low: float, high: float) -> int:
    """The first lane where nothing lies between ``low`` and ``high``; takes the place there."""
    for lane, taken in enumerate(lanes):
        if all(high <= begin or low >= end for begin, end in taken):
            taken.append((low, high))
            return lane
    lanes.append([(low, high)])
    return len(lanes) - 1


def stack_lines(
    lines: Sequence[LineBox],
    *,
    text_height: float,
    lead: float,
    label_height: float,
    arc_height: float,
    underline_step: float,
) -> float:
    """Give every line its y from the room that its labels, arcs and underlines need; the height.

    Room for one lane of labels and one underline is always kept, so that labelling does not move the text.
    """
    y = 0.0
    for line in lines:
        above = line.label_lanes * label_height + 2 + line.arc_lanes * arc_height
        line.top = y
        line.text_top = y + max(lead, above)
        line.bottom = line.text_top + text_height + underline_step * max(1, line.underlines) + 1
        y = line.bottom
    return y
