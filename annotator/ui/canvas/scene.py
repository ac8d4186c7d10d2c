"""The page as laid out: paragraphs, marks, links and margins, without events or painting.

Only what is in sight is laid out at once; the rest follows in idle time, and the first paragraph in
sight stays where it is. Offsets are code points of the article, coordinates are pixels from the top
left corner of the text column (x) and of the page (y).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from time import perf_counter

from PySide6.QtCore import QRectF, Qt

from annotator.core.codebook import Codebook
from annotator.core.model import Article, Fragments, Kind, Relation, Span
from annotator.core.page import Page
from annotator.core.text import paragraphs
from annotator.ui.canvas.layout import LineBox, Link, Mark
from annotator.ui.canvas.margin import Lanes, Place, Ports
from annotator.ui.canvas.metrics import Metrics
from annotator.ui.canvas.paragraph import Paragraph

LONGEST_BLOCK = 6000
"""A longer line of the text is laid out in several blocks, so that no block is slow."""


CLOSE_GAP = 0.35
"""Room between lines of the text without an empty line between them, in paragraph gaps."""

MOST_IDLE = 5000
"""An article of more paragraphs than this is laid out only where it is looked at."""


class Scene:
    """One page, laid out for one width with one set of metrics."""

    def __init__(self, metrics: Metrics) -> None:
        self.metrics = metrics
        self.page: Page | None = None
        self.codebook: Codebook | None = None
        self.paragraphs: list[Paragraph] = []
        self.marks: dict[str, Mark] = {}
        self.links: dict[str, Link] = {}
        self.links_of: dict[str, set[str]] = {}
        self.numbers: dict[str, int] = {}
        """Claims are numbered in text order."""
        self.arcs = Lanes()
        self.bars = Lanes()
        self.ports = Ports(6.0, 18.0)
        self.width = metrics.column
        self.height = 0.0
        self.head_height = 0.0
        """Room above the text for title and source where the text does not start with them."""
        self.outside_title = ""
        """The title, where it is not the first line of the text."""
        self.narrow = False
        """The left margin has no room for words: tags are numbers alone."""
        self._starts: list[int] = []
        self._tops: list[float] = []
        self._unready = 0

    # -- taking over a page -------------------------------------------------------------------

    def load(self, page: Page, codebook: Codebook) -> None:
        """Show another page; lays nothing out yet."""
        self.page, self.codebook = page, codebook
        self.paragraphs = _blocks(page.article)
        self._starts = [each.start for each in self.paragraphs]
        self.marks, self.links, self.links_of = {}, {}, {}
        for paragraph in self.paragraphs:
            paragraph.set_furniture(page.article.furniture)
        for span in page.visible_spans():
            self._put_mark(self._mark(span))
        for relation in page.visible_relations():
            self._put_link(relation)
        self.number_claims()
        headed = any(paragraph.head for paragraph in self.paragraphs)
        self.outside_title = "" if headed else page.article.title
        self.invalidate()

    def _mark(self, span: Span) -> Mark:
        assert self.codebook is not None
        label = self.codebook.label(span.kind, span.label)
        return Mark(
            span.id,
            span.kind,
            label.shown if label else span.label.lower(),
            label.colour if label else "neutral",
            span.fragments,
            span.is_suggestion,
        )

    def _put_mark(self, mark: Mark) -> set[int]:
        """Add or replace a mark; the indices of the paragraphs that must be placed again."""
        touched = self._drop_mark(mark.id)
        self.marks[mark.id] = mark
        for nth in self._paragraphs_of(mark.fragments):
            self.paragraphs[nth].marks[mark.id] = mark
            touched.add(nth)
        return touched

    def _drop_mark(self, mark_id: str) -> set[int]:
        old = self.marks.pop(mark_id, None)
        touched: set[int] = set()
        if old is not None:
            for nth in self._paragraphs_of(old.fragments):
                self.paragraphs[nth].marks.pop(mark_id, None)
                touched.add(nth)
        return touched

    def _paragraphs_of(self, fragments: Fragments) -> set[int]:
        found: set[int] = set()
        for start, end in fragments:
            first, last = self.paragraph_at(start), self.paragraph_at(max(start, end - 1))
            found.update(range(first, last + 1))
        return found

    def _put_link(self, relation: Relation) -> set[int]:
        touched = self._drop_link(relation.id)
        if relation.head not in self.marks or relation.tail not in self.marks:
            return touched
        assert self.codebook is not None
        rule = self.codebook.relation_type(relation.type)
        link = Link(
            relation.id,
            relation.head,
            relation.tail,
            rule.title if rule else relation.type,
            relation.is_suggestion,
        )
        self.links[link.id] = link
        for end in (link.head, link.tail):
            self.links_of.setdefault(end, set()).add(link.id)
        head = self.paragraph_at(self.marks[link.head].start)
        if head == self.paragraph_at(self.marks[link.tail].start):
            self.paragraphs[head].links[link.id] = link
            touched.add(head)
        return touched

    def _drop_link(self, link_id: str) -> set[int]:
        old = self.links.pop(link_id, None)
        touched: set[int] = set()
        if old is None:
            return touched
        for end in (old.head, old.tail):
            links = self.links_of.get(end)
            if links is not None:
                links.discard(link_id)
                if not links:
                    del self.links_of[end]
        self.arcs.discard(link_id)
        self.ports.discard(link_id)
        for nth, paragraph in enumerate(self.paragraphs):
            if paragraph.links.pop(link_id, None) is not None:
                touched.add(nth)
        return touched

    def number_claims(self) -> None:
        """Number the claims in text order, own ones and open suggestions alike."""
        claims = [mark for mark in self.marks.values() if mark.kind == Kind.CLAIM]
        claims.sort(key=lambda mark: (mark.start, -mark.end, mark.id))
        self.numbers = {mark.id: nth for nth, mark in enumerate(claims, 1)}

    @property
    def unready(self) -> bool:
        """Whether idle time should be used to lay out more."""
        return self._unready > 0 and len(self.paragraphs) <= MOST_IDLE

    def claim_tag(self, claim: str) -> str:
        """What stands in the margin beside a claim."""
        number = self.numbers.get(claim, 0)
        return str(number) if self.narrow else f"{self.marks[claim].text} {number}"

    # -- following the page -------------------------------------------------------------------

    def update(self, span_ids: Iterable[str], relation_ids: Iterable[str]) -> set[int]:
        """Bring marks and links of these ids up to date with the page.

        Gives the indices of the paragraphs that were laid out again.
        """
        assert self.page is not None
        page = self.page
        spans = set(span_ids)
        keys = [(m.kind, m.fragments) for each in spans if (m := self.marks.get(each))]
        keys += [(s.kind, s.fragments) for each in spans if (s := page.spans.get(each))]
        for key in keys:
            spans.update(page.suggested_over(*key))
        touched: set[int] = set()
        moved: set[str] = set()
        claims = False
        for span_id in spans:
            span = page.spans.get(span_id)
            if span is None:
                suggestion = page.suggestions.get(span_id)
                span = suggestion if suggestion and page.is_open(suggestion) else None
            old = self.marks.get(span_id)
            new = self._mark(span) if span else None
            if old == new:
                continue
            moved.add(span_id)
            claims = claims or Kind.CLAIM in {each.kind for each in (old, new) if each}
            touched |= self._put_mark(new) if new else self._drop_mark(span_id)
        relations = set(relation_ids)
        for span_id in moved:
            relations |= self.links_of.get(span_id, set())
        if page.relation_suggestions:
            relations |= set(page.relation_suggestions)
        touched |= self._update_links(relations)
        if claims:
            self.number_claims()
        self._lay_out_again(touched)
        if touched or relations:
            self._follow_margins(moved, relations)
        return touched

    def _update_links(self, relation_ids: set[str]) -> set[int]:
        assert self.page is not None
        page = self.page
        touched: set[int] = set()
        suggested = (
            {each.id: each for each in page.visible_relations() if each.is_suggestion}
            if page.relation_suggestions
            else {}
        )
        for relation_id in relation_ids:
            relation = page.relations.get(relation_id) or suggested.get(relation_id)
            touched |= self._put_link(relation) if relation else self._drop_link(relation_id)
        return touched

    def update_suggestions(self) -> set[int]:
        """Follow a new run of suggestions on the page."""
        assert self.page is not None
        old = {mark.id for mark in self.marks.values() if mark.suggested}
        links = {link.id for link in self.links.values() if link.suggested}
        return self.update(old | set(self.page.suggestions), links | set(self.page.relation_suggestions))

    def update_furniture(self) -> None:
        """Follow a change of the article's furniture."""
        assert self.page is not None
        for paragraph in self.paragraphs:
            paragraph.set_furniture(self.page.article.furniture)
        self._unready = sum(not each.ready for each in self.paragraphs)

    def _lay_out_again(self, touched: set[int]) -> None:
        first = None
        for nth in sorted(touched):
            paragraph = self.paragraphs[nth]
            if paragraph.ready:
                before = paragraph.height
                paragraph.layout(self.width, self.metrics)
                if paragraph.height != before and first is None:
                    first = nth
        if first is not None:
            self._stack(first)

    # -- laying out ---------------------------------------------------------------------------

    def invalidate(self) -> None:
        """Everything must be laid out again (another width, zoom or theme)."""
        self.head_height = self._measure_header()
        for paragraph in self.paragraphs:
            paragraph.ready = False
            paragraph.height = paragraph.estimate(self.width, self.metrics)
        self._unready = len(self.paragraphs)
        self.arcs, self.bars = Lanes(), Lanes()
        self.ports = Ports(6.0 * self.metrics.zoom, 18.0 * self.metrics.zoom)
        self._stack(0)

    def _measure_header(self) -> float:
        if self.page is None:
            return 0.0
        article = self.page.article
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
            self._pack_margins()
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
            self._pack_margins()
        return self._unready > 0

    # -- margins ------------------------------------------------------------------------------

    def place_of(self, offset: int) -> Place:
        """The line of a code point."""
        nth = self.paragraph_at(offset)
        paragraph = self.paragraphs[nth]
        return nth, paragraph.line_of(offset - paragraph.start) if paragraph.ready else 0

    def is_inline(self, link: Link) -> bool:
        """Whether the relation is drawn above its line rather than in the margin."""
        nth = self.paragraph_at(self.marks[link.head].start)
        paragraph = self.paragraphs[nth]
        if link.id not in paragraph.links or not paragraph.ready:
            return False
        line = paragraph.line_of(self.marks[link.head].start - paragraph.start)
        return any(arc.link.id == link.id for arc in paragraph.lines[line].arcs)

    def _reach(self, link: Link) -> tuple[Place, Place] | None:
        if self.is_inline(link):
            return None
        low, high = sorted(
            (self.place_of(self.marks[link.head].start), self.place_of(self.marks[link.tail].start))
        )
        return low, high

    def _pack_margins(self) -> None:
        reaches = {link.id: r for link in self.links.values() if (r := self._reach(link))}
        if reaches != self.arcs.span:
            self.arcs.pack(reaches)
            self.ports = Ports(6.0 * self.metrics.zoom, 18.0 * self.metrics.zoom)
        for link_id in reaches:
            self._put_port(self.links[link_id])
        bars = {
            mark.id: (self.place_of(mark.start), self.place_of(max(mark.start, mark.end - 1)))
            for mark in self.marks.values()
            if mark.kind == Kind.CLAIM
        }
        if bars != self.bars.span:
            self.bars.pack(bars)

    def _follow_margins(self, spans: set[str], relations: set[str]) -> None:
        """Bring only the lanes of some spans and relations up to date."""
        links = relations | {each for s in spans for each in self.links_of.get(s, ())}
        for link_id in links:
            link = self.links.get(link_id)
            reach = self._reach(link) if link else None
            if link is None or reach is None:
                self.arcs.discard(link_id)
                self.ports.discard(link_id)
                continue
            if self.arcs.span.get(link_id) != reach:
                self.arcs.add(link_id, *reach)
            self._put_port(link)
        for span_id in spans:
            mark = self.marks.get(span_id)
            if mark is None or mark.kind != Kind.CLAIM:
                self.bars.discard(span_id)
            else:
                end = self.place_of(max(mark.start, mark.end - 1))
                self.bars.add(span_id, self.place_of(mark.start), end)

    def _put_port(self, link: Link) -> None:
        head = self.place_of(self.marks[link.head].start)
        self.ports.add(link.id, head, self.place_of(self.marks[link.tail].start))

    # -- finding ------------------------------------------------------------------------------

    def paragraph_at(self, offset: int) -> int:
        """Index of the paragraph that holds a code point."""
        return max(0, bisect_right(self._starts, offset) - 1)

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
            self._pack_margins()
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
