"""The article's text as it flows down the page: paragraphs with their places, and what is where.

Only what is in sight is laid out at once; the rest follows in idle time, and the first paragraph in
sight stays where it is. Offsets are code points of the article, coordinates are pixels from the top
left corner of the text column (x) and of the page (y).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from time import perf_counter

from PySide6.QtCore import QRectF, Qt

from annotator.core.model import Article, Fragments
from annotator.core.text import paragraphs
from annotator.ui.canvas.layout import LineBox
from annotator.ui.canvas.margin import Place
from annotator.ui.canvas.metrics import Metrics
from annotator.ui.canvas.paragraph import Paragraph

LONGEST_BLOCK = 6000
"""A longer line of the text is laid out in several blocks, so that no block is slow."""

CLOSE_GAP = 0.35
"""Room between lines of the text without an empty line between them, in paragraph gaps."""

MOST_IDLE = 5000
"""An article of more paragraphs than this is laid out only where it is looked at."""


class TextFlow:
    """An article's paragraphs, laid out for one width with one set of metrics."""

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics
        self.article: Article | None = None
        self.paragraphs: list[Paragraph] = []
        self.width = metrics.column
        self.height = 0.0
        self.head_height = 0.0
        """Room above the text for title and source where the text does not start with them."""
        self.outside_title = ""
        """The title, where it is not the first line of the text."""
        self._starts: list[int] = []
        self._tops: list[float] = []
        self._unready = 0

    def set_article(self, article: Article) -> None:
        """Take over another article's text; lays nothing out yet."""
        self.article = article
        self.paragraphs = _blocks(article)
        self._starts = [each.start for each in self.paragraphs]
        headed = any(paragraph.head for paragraph in self.paragraphs)
        self.outside_title = "" if headed else article.title
        self.set_furniture(article.furniture)

    def set_furniture(self, furniture: Fragments) -> None:
        """Dim other parts of the text."""
        for paragraph in self.paragraphs:
            paragraph.set_furniture(furniture)
        self._unready = sum(not each.ready for each in self.paragraphs)

    def _settled(self) -> None:
        """More of the text has been laid out."""

    @property
    def unready(self) -> bool:
        """Whether idle time should be used to lay out more."""
        return self._unready > 0 and len(self.paragraphs) <= MOST_IDLE

    # -- laying out ---------------------------------------------------------------------------

    def invalidate(self) -> None:
        """Everything must be laid out again (another width, zoom or theme)."""
        self.head_height = self._measure_header()
        for paragraph in self.paragraphs:
            paragraph.ready = False
            paragraph.height = paragraph.estimate(self.width, self.metrics)
        self._unready = len(self.paragraphs)
        self._stack(0)

    def _measure_header(self) -> float:
        if self.article is None:
            return 0.0
        article = self.article
        height = 0.0
        if article.publisher or article.author or article.published:
            height += 26 * self.metrics.zoom
        if self.outside_title:
            box = self.metrics.head_metrics.boundingRect(
                QRectF(0, 0, self.width, 10_000), int(Qt.TextFlag.TextWordWrap), self.outside_title
            )
            height += box.height() + 14 * self.metrics.zoom
        return height

    def _stack(self, first: int) -> None:
        """Give paragraphs their y from ``first`` on."""
        gap = self.metrics.paragraph_gap
        y = self.metrics.top + self.head_height if first == 0 else self.paragraphs[first].y
        for nth in range(first, len(self.paragraphs)):
            paragraph = self.paragraphs[nth]
            if nth > first or first == 0:
                y += paragraph.gap * gap
            paragraph.y = y
            y += paragraph.height
        self.height = y + self.metrics.bottom
        self._tops = [each.y for each in self.paragraphs]

    def ensure(self, top: float, bottom: float) -> bool:
        """Lay out what is between two heights of the page; whether anything moved."""
        if not self._unready:
            return False
        moved = False
        while True:
            first = self.paragraph_at_y(top)
            fresh = [each for each in self._between(first, bottom) if not each.ready]
            if not fresh:
                break
            for paragraph in fresh:
                self._lay_out(paragraph)
            moved = True
            self._stack(first)
        if moved:
            self._settled()
        return moved

    def _between(self, first: int, bottom: float) -> Iterable[Paragraph]:
        for nth in range(first, len(self.paragraphs)):
            if self.paragraphs[nth].y > bottom:
                return
            yield self.paragraphs[nth]

    def _lay_out(self, paragraph: Paragraph) -> None:
        paragraph.layout(self.width, self.metrics)
        self._unready -= 1

    def idle_step(self, seconds: float) -> bool:
        """Lay out more of the page for about that long; whether there is more to do."""
        if not self._unready or len(self.paragraphs) > MOST_IDLE:
            return False
        until = perf_counter() + seconds
        for paragraph in self.paragraphs:
            if not paragraph.ready:
                self._lay_out(paragraph)
                if perf_counter() > until:
                    break
        self._stack(0)
        if not self._unready:
            self._settled()
        return self._unready > 0

    def place_of(self, offset: int) -> Place:
        """The line of a code point."""
        nth = self.paragraph_at(offset)
        paragraph = self.paragraphs[nth]
        return nth, paragraph.line_of(offset - paragraph.start) if paragraph.ready else 0

    # -- finding ------------------------------------------------------------------------------

    def paragraph_at(self, offset: int) -> int:
        """Index of the paragraph that holds a code point."""
        return max(0, bisect_right(self._starts, offset) - 1)

    def runs_left_at(self, offset: int) -> bool:
        """Whether the paragraph that holds a code point runs from right to left."""
        return self.paragraphs[self.paragraph_at(offset)].rtl

    def paragraph_at_y(self, y: float) -> int:
        """Index of the paragraph at a height of the page."""
        return max(0, bisect_right(self._tops, y) - 1)

    def line(self, place: Place) -> tuple[Paragraph, LineBox | None]:
        """A place's paragraph and, where that is laid out, its line."""
        paragraph = self.paragraphs[place[0]]
        return paragraph, paragraph.lines[place[1]] if paragraph.ready and paragraph.lines else None

    def line_y(self, place: Place) -> tuple[float, float]:
        """Top and bottom of a line's words on the page."""
        paragraph, line = self.line(place)
        if line is None:
            return paragraph.y, paragraph.y + self.metrics.text_height(paragraph.head)
        top = paragraph.y + line.text_top
        return top, top + self.metrics.text_height(paragraph.head)

    def rects(self, fragments: Fragments) -> list[QRectF]:
        """Where code point ranges lie: one rectangle per line that is laid out."""
        found: list[QRectF] = []
        for start, end in fragments:
            for nth in range(self.paragraph_at(start), self.paragraph_at(max(start, end - 1)) + 1):
                paragraph = self.paragraphs[nth]
                if not paragraph.ready:
                    continue
                height = self.metrics.text_height(paragraph.head)
                low = max(start, paragraph.start) - paragraph.start
                high = min(end, paragraph.end) - paragraph.start
                first = paragraph.line_of(low)
                for index in range(first, len(paragraph.lines)):
                    line = paragraph.lines[index]
                    if line.start >= high:
                        break
                    left, right = paragraph.extent(index, max(low, line.start), min(high, line.end))
                    found.append(QRectF(left, paragraph.y + line.text_top, right - left, height))
        return found

    def y_range(self, fragments: Fragments) -> tuple[float, float]:
        """Top and bottom on the page of some ranges, the room for labels included."""
        low = self.paragraphs[self.paragraph_at(fragments[0][0])]
        high = self.paragraphs[self.paragraph_at(max(0, fragments[-1][1] - 1))]
        fresh = [each for each in (low, high) if not each.ready]
        if fresh:
            for paragraph in fresh:
                if not paragraph.ready:
                    self._lay_out(paragraph)
            self._stack(0)
            self._settled()
        first = low.lines[low.line_of(fragments[0][0] - low.start)] if low.lines else None
        last = high.lines[high.line_of(fragments[-1][1] - 1 - high.start)] if high.lines else None
        return (
            low.y + (first.top if first else 0.0),
            high.y + (last.bottom if last else high.height),
        )

    def offset_at(self, x: float, y: float) -> int:
        """The code point gap nearest to a point of the page."""
        paragraph = self.paragraphs[self.paragraph_at_y(y)]
        if not paragraph.lines:
            return paragraph.start
        nth = paragraph.line_at(y - paragraph.y)
        return paragraph.start + paragraph.local_at(nth, x)

    def line_ends(self, y: float) -> tuple[int, int]:
        """The code point gaps at the left and the right end of the line nearest to a height of the page."""
        return self.offset_at(0.0, y), self.offset_at(self.width, y)

    def character_at(self, x: float, y: float) -> int | None:
        """The code point under a point of the page; None beside and between the lines."""
        paragraph = self.paragraphs[self.paragraph_at_y(y)]
        if not paragraph.lines or not paragraph.y <= y <= paragraph.y + paragraph.height:
            return None
        nth = paragraph.line_at(y - paragraph.y)
        line = paragraph.lines[nth]
        height = self.metrics.text_height(paragraph.head)
        if not line.text_top - 2 <= y - paragraph.y <= line.text_top + height + 2:
            return None
        if not paragraph.contains_x(nth, x):
            return None
        return paragraph.start + paragraph.local_at(nth, x, between=False)


def _blocks(article: Article) -> list[Paragraph]:
    """The article's lines as paragraphs: its title as a headline, very long lines in pieces."""
    made: list[Paragraph] = []
    wanted = " ".join(article.title.split()).casefold()
    waiting_for_title = bool(wanted)
    gap = 0.0
    for start, end in paragraphs(article.text):
        text = article.text[start:end]
        blank = not text.strip()
        head = waiting_for_title and " ".join(text.split()).casefold() == wanted
        waiting_for_title = waiting_for_title and blank
        for nth, (begin, stop) in enumerate(_pieces(text)):
            above = gap if nth == 0 and not blank else 0.0
            made.append(Paragraph(text[begin:stop], start + begin, head=head, gap=above))
        gap = 1.0 if blank or head else CLOSE_GAP
    return made


def _pieces(text: str) -> Iterable[tuple[int, int]]:
    start = 0
    while len(text) - start > LONGEST_BLOCK:
        space = text.rfind(" ", start + LONGEST_BLOCK // 2, start + LONGEST_BLOCK)
        stop = space + 1 if space > 0 else start + LONGEST_BLOCK
        yield start, stop
        start = stop
    yield start, len(text)
