"""One paragraph of the page: wrapped by Qt, measured in code points."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QTextCharFormat, QTextLayout, QTextLine, QTextOption

from annotator.core.model import Fragment, Kind
from annotator.core.text import Utf16Map, runs_left
from annotator.ui.canvas.layout import (
    InlineArc,
    LabelBox,
    LineBox,
    Link,
    Mark,
    Piece,
    place_arcs,
    place_labels,
    set_depths,
    stack_lines,
)
from annotator.ui.canvas.metrics import Metrics

RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff"
    "\U0001e800-\U0001efff]"
)
"""Characters (blocks of the Unicode standard) that make a line's order on screen another one."""

ARC_MINIMUM = 30.0
"""Ends that start closer together than this are linked in the margin, not above the line."""


class Box(NamedTuple):
    """Where a character of a line is drawn; ``backwards``: among text that runs from right to left."""

    left: float
    right: float
    local: int
    backwards: bool


class Paragraph:
    """A line of the article's text (or part of a very long one) and the marks that touch it.

    ``start`` and ``end`` are half-open code point offsets into the article. ``y`` is the place on the
    page; ``height`` is an estimate until :attr:`ready`.
    """

    __slots__ = (
        "_bidi",
        "_boxes",
        "_layout",
        "_qlines",
        "_starts",
        "_units",
        "_wrapped",
        "end",
        "furniture",
        "gap",
        "head",
        "height",
        "lines",
        "links",
        "marks",
        "ready",
        "rtl",
        "start",
        "text",
        "y",
    )

    def __init__(self, text: str, start: int, *, head: bool, gap: float) -> None:
        self.text = text
        self.start = start
        self.end = start + len(text)
        self.head = head
        self.gap = gap
        """Room above it, in units of the metrics' paragraph gap."""
        self.furniture: list[Fragment] = []
        self.marks: dict[str, Mark] = {}
        self.links: dict[str, Link] = {}
        self.lines: list[LineBox] = []
        self.y = 0.0
        self.height = 0.0
        self.ready = False
        self._bidi = RIGHT_TO_LEFT.search(text) is not None
        self.rtl = self._bidi and runs_left(text)
        """It runs from right to left."""
        self._boxes: dict[int, list[Box]] = {}
        self._layout: QTextLayout | None = None
        self._qlines: list[QTextLine] = []
        self._starts: list[int] = []
        self._units = Utf16Map(text)
        self._wrapped: tuple[float, Metrics] | None = None

    def estimate(self, width: float, metrics: Metrics) -> float:
        """A height that is about right, for paragraphs that have not been laid out."""
        if self.blank:
            return 0.0
        per_line = max(8.0, width / ((13.0 if self.head else 8.0) * metrics.zoom))
        lines = int(len(self.text) / per_line) + 1
        return lines * (metrics.text_height(self.head) + metrics.lead + 2.0)

    @property
    def blank(self) -> bool:
        """Whether there is nothing to see; such a line takes no room."""
        return not self.text or self.text.isspace()

    # -- laying out ---------------------------------------------------------------------------

    def layout(self, width: float, metrics: Metrics) -> None:
        """Wrap if the width or the metrics are new, then place everything on the lines."""
        if self.blank:
            self.lines, self.height, self.ready = [], 0.0, True
            return
        key = (width, metrics)
        if self._wrapped != key:
            self._wrap(width, metrics)
            self._wrapped = key
        self._place(width, metrics)
        self.ready = True

    def _wrap(self, width: float, metrics: Metrics) -> None:
        # A wide space for a tab: Qt measures a tab wrongly once it has been wrapped to another line.
        shown = self.text.replace("\t", "\u2003")
        layout = QTextLayout(shown, metrics.head if self.head else metrics.body)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        if self.rtl:
            option.setTextDirection(Qt.LayoutDirection.RightToLeft)
            option.setAlignment(Qt.AlignmentFlag.AlignRight)
        else:
            option.setTextDirection(Qt.LayoutDirection.LeftToRight)
        layout.setTextOption(option)
        layout.setCacheEnabled(True)
        self._layout = layout
        self._colour_furniture(metrics)
        layout.beginLayout()
        self._qlines, self.lines, self._boxes = [], [], {}
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            begin = self._units.to_points(line.textStart())
            end = self._units.to_points(line.textStart() + line.textLength())
            self._qlines.append(line)
            self.lines.append(LineBox(begin, end, line.naturalTextWidth()))
        layout.endLayout()
        self._starts = [line.start for line in self.lines]

    def _colour_furniture(self, metrics: Metrics) -> None:
        assert self._layout is not None
        ranges = []
        for start, end in self.furniture:
            look = QTextCharFormat()
            look.setForeground(metrics.theme.faint)
            part = QTextLayout.FormatRange()
            part.start = self._units.to_units(start - self.start)
            part.length = self._units.to_units(end - self.start) - part.start
            part.format = look
            ranges.append(part)
        self._layout.setFormats(ranges)

    def set_furniture(self, ranges: Iterable[Fragment]) -> None:
        """Which parts are dimmed, as ranges of the article."""
        mine = [
            (max(start, self.start), min(end, self.end))
            for start, end in ranges
            if start < self.end and self.start < end
        ]
        if mine != self.furniture:
            self.furniture = mine
            self._wrapped = None
            self.ready = False

    def _place(self, width: float, metrics: Metrics) -> None:
        for line in self.lines:
            line.pieces, line.labels, line.arcs = [], [], []
        starts: dict[str, tuple[int, float, float]] = {}
        for mark in sorted(self.marks.values(), key=lambda each: (each.start, -each.end, each.kind, each.id)):
            self._place_mark(mark, starts, metrics)
        arcs_at: dict[int, list[InlineArc]] = {}
        for link in self.links.values():
            head, tail = starts.get(link.head), starts.get(link.tail)
            if head and tail and head[0] == tail[0] and abs(head[1] - tail[1]) > ARC_MINIMUM:
                arc = InlineArc(
                    link,
                    head[1] + min(10.0, (head[2] - head[1]) / 2),
                    tail[1] + min(14.0, (tail[2] - tail[1]) / 2),
                )
                arcs_at.setdefault(head[0], []).append(arc)
        for nth, line in enumerate(self.lines):
            line.underlines = set_depths(line.pieces)
            extents = {piece.mark.id: piece.right for piece in line.pieces}
            line.label_lanes = place_labels(line.labels, extents, 6.0 * metrics.zoom, width)
            line.arcs = arcs_at.get(nth, [])
            widths = {arc.link.id: metrics.relation_width(arc.link.text) for arc in line.arcs}
            line.arc_lanes = place_arcs(line.arcs, widths)
        self.height = stack_lines(
            self.lines,
            text_height=metrics.text_height(self.head),
            lead=metrics.lead if not self.head else metrics.lead - 4 * metrics.zoom,
            label_height=metrics.label_height,
            arc_height=metrics.arc_height,
            underline_step=metrics.underline_step,
        )
        for line, qline in zip(self.lines, self._qlines, strict=True):
            qline.setPosition(QPointF(0.0, line.text_top))

    def _place_mark(self, mark: Mark, starts: dict[str, tuple[int, float, float]], metrics: Metrics) -> None:
        for fragment, (start, end) in enumerate(mark.fragments):
            begin, stop = max(start, self.start) - self.start, min(end, self.end) - self.start
            if begin >= stop:
                continue
            nth = self.line_of(begin)
            while nth < len(self.lines) and self.lines[nth].start < stop:
                line = self.lines[nth]
                left, right = self.extent(nth, max(begin, line.start), min(stop, line.end))
                opens = line.start <= start - self.start < line.end
                line.pieces.append(Piece(mark, left, right, opens, end - self.start <= line.end))
                if fragment == 0 and opens and mark.id not in starts:
                    starts[mark.id] = (nth, left, right)
                    if mark.kind != Kind.CLAIM:
                        line.labels.append(LabelBox(mark, left, metrics.label_width(mark.text)))
                nth += 1

    # -- measuring ----------------------------------------------------------------------------

    def line_of(self, local: int) -> int:
        """The line that holds the code point ``local`` (from the paragraph's start)."""
        return max(0, bisect_right(self._starts, local) - 1)

    def line_at(self, y: float) -> int:
        """The line at ``y`` pixels below the paragraph's top, clamped."""
        for nth, line in enumerate(self.lines):
            if y < line.bottom:
                return nth
        return len(self.lines) - 1

    def extent(self, nth: int, start: int, end: int) -> tuple[float, float]:
        """Left and right edge of the local code points ``[start, end)`` of one line.

        Where directions are mixed, what lies between parts of them is included.
        """
        line, qline = self.lines[nth], self._qlines[nth]
        if self._bidi:
            boxes = [box for box in self._boxes_of(nth) if start <= box.local < end]
            at = self.x_of(nth, start)
            return (
                min((box.left for box in boxes), default=at),
                max((box.right for box in boxes), default=at),
            )
        return self.x_of(nth, start), qline.x() + line.width if end >= line.end else self.x_of(nth, end)

    def _boxes_of(self, nth: int) -> list[Box]:
        """Where the characters of one line are drawn, those without width left out.

        For lines of mixed direction, where Qt's cursor is no measure: at a change of direction it has
        two places of which Qt names one, and it misses the space that ends a line from right to left.
        """
        if nth not in self._boxes:
            line, qline = self.lines[nth], self._qlines[nth]
            natural = qline.naturalTextRect()
            found = self._boxes[nth] = []
            for local in range(line.start, line.end):
                first = self._units.to_units(local)
                edges: list[float] = []
                backwards = False
                for run in qline.glyphRuns(first, self._units.to_units(local + 1) - first):
                    backwards = run.isRightToLeft()
                    advances = run.rawFont().advancesForGlyphIndexes(run.glyphIndexes())
                    for at, advance in zip(run.positions(), advances, strict=True):
                        edges += (at.x(), at.x() + advance.x())
                left = max(natural.left(), min(edges, default=0.0))
                right = min(natural.right(), max(edges, default=0.0))
                if left < right:
                    found.append(Box(left, right, local, backwards))
        return self._boxes[nth]

    def x_of(self, nth: int, local: int) -> float:
        """Where the cursor stands before the local code point, on one line."""
        # PySide gives (x, cursor it settled on), which its stubs do not know.
        found: Any = self._qlines[nth].cursorToX(self._units.to_units(local))
        x: float = found[0]
        return x

    def local_at(self, nth: int, x: float, *, between: bool = True) -> int:
        """The local code point at ``x`` on one line: the nearest gap, or the character there."""
        if self._bidi and self._boxes_of(nth):
            return self._local_by_boxes(nth, x, between=between)
        mode = (
            QTextLine.CursorPosition.CursorBetweenCharacters
            if between
            else QTextLine.CursorPosition.CursorOnCharacter
        )
        line = self.lines[nth]
        found = self._units.to_points(self._qlines[nth].xToCursor(x, mode))
        return max(line.start, min(found, line.end if between else line.end - 1))

    def _local_by_boxes(self, nth: int, x: float, *, between: bool) -> int:
        boxes = self._boxes_of(nth)
        here = min(boxes, key=lambda box: max(box.left - x, x - box.right, 0.0))
        if not between or (x > (here.left + here.right) / 2) == here.backwards:
            return here.local
        assert self._layout is not None
        return self._units.to_points(self._layout.nextCursorPosition(self._units.to_units(here.local)))

    def contains_x(self, nth: int, x: float) -> bool:
        """Whether ``x`` is over the text of a line rather than beside it."""
        qline = self._qlines[nth]
        rect = qline.naturalTextRect()
        return bool(rect.left() - 3 <= x <= rect.right() + 3)

    def draw_line(self, painter: QPainter, nth: int, at: QPointF) -> None:
        """Draw the words of one line; ``at`` is the paragraph's top left corner."""
        self._qlines[nth].draw(painter, at)

    def visible_lines(self, top: float, bottom: float) -> Sequence[int]:
        """The lines between two heights below the paragraph's top."""
        return [n for n, line in enumerate(self.lines) if line.bottom >= top and line.top <= bottom]
