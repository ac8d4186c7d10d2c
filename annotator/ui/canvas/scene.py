"""The page as laid out: paragraphs, marks, links and margins, without events or painting.

Offsets and coordinates are those of :mod:`annotator.ui.canvas.flow`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import override

from annotator.core.codebook import Codebook
from annotator.core.model import Fragments, Kind, Relation, Span
from annotator.core.page import Page
from annotator.ui.canvas.flow import TextFlow
from annotator.ui.canvas.layout import Link, Mark
from annotator.ui.canvas.margin import Lanes, Place, Ports
from annotator.ui.canvas.metrics import Metrics


class Scene(TextFlow):
    """One page, laid out for one width with one set of metrics."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(metrics)
        self.page: Page | None = None
        self.codebook: Codebook | None = None
        self.marks: dict[str, Mark] = {}
        self.links: dict[str, Link] = {}
        self.links_of: dict[str, set[str]] = {}
        self.numbers: dict[str, int] = {}
        """Claims are numbered in text order."""
        self.arcs = Lanes()
        self.bars = Lanes()
        self.ports = Ports(6.0, 18.0)
        self.sign_of: Callable[[Span], str] = lambda _: ""
        """What stands after a span's label, for instance that it is linked with an actor record."""
        self.right_room = metrics.right
        """Pixels between the column and the viewport's right edge."""
        self.narrow = False
        """The left margin has no room for words: tags are numbers alone."""
        self.reshaped = False
        """The last update moved lines or arcs."""
        self.renumbered = False
        """The last update changed the claims, and with them the tags in the left margin."""
        self._claims: dict[str, Mark] = {}
        self._homes: dict[str, int] = {}
        """The paragraph of each link that starts and ends in the same one."""

    # -- taking over a page -------------------------------------------------------------------

    def load(self, page: Page, codebook: Codebook) -> None:
        """Show another page; lays nothing out yet."""
        self.page, self.codebook = page, codebook
        self.set_article(page.article)
        self.marks, self.links, self.links_of, self._homes, self._claims = {}, {}, {}, {}, {}
        for span in page.visible_spans():
            self._put_mark(self._mark(span))
        for relation in page.visible_relations():
            link = self._link(relation)
            if link is not None:
                self._put_link(link)
        self.number_claims()
        self.invalidate()

    def _mark(self, span: Span) -> Mark:
        assert self.codebook is not None and self.page is not None
        label = self.codebook.label(span.kind, span.label)
        return Mark(
            span.id,
            span.kind,
            (label.shown if label else span.label.lower()) + self.sign_of(span),
            label.colour if label else "neutral",
            span.fragments,
            span.is_suggestion,
            self.page.is_less_certain(span),
        )

    def _put_mark(self, mark: Mark) -> set[int]:
        """Add or replace a mark; the indices of the paragraphs that must be placed again."""
        touched = self._drop_mark(mark.id)
        self.marks[mark.id] = mark
        if mark.kind is Kind.CLAIM:
            self._claims[mark.id] = mark
        for nth in self._paragraphs_of(mark.fragments):
            self.paragraphs[nth].marks[mark.id] = mark
            touched.add(nth)
        return touched

    def _drop_mark(self, mark_id: str) -> set[int]:
        old = self.marks.pop(mark_id, None)
        self._claims.pop(mark_id, None)
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

    def _link(self, relation: Relation) -> Link | None:
        if relation.head not in self.marks or relation.tail not in self.marks:
            return None
        assert self.codebook is not None and self.page is not None
        rule = self.codebook.relation_type(relation.type)
        return Link(
            relation.id,
            relation.head,
            relation.tail,
            rule.title if rule else relation.type,
            relation.is_suggestion,
            relation.is_suggestion and self.page.is_less_certain(relation),
        )

    def _put_link(self, link: Link) -> set[int]:
        """Add or replace a link; the indices of the paragraphs that must be placed again."""
        touched = self._drop_link(link.id)
        self.links[link.id] = link
        for end in (link.head, link.tail):
            self.links_of.setdefault(end, set()).add(link.id)
        head = self.paragraph_at(self.marks[link.head].start)
        if head == self.paragraph_at(self.marks[link.tail].start):
            self.paragraphs[head].links[link.id] = link
            self._homes[link.id] = head
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
        home = self._homes.pop(link_id, None)
        if home is not None:
            del self.paragraphs[home].links[link_id]
            touched.add(home)
        return touched

    def number_claims(self) -> None:
        """Number the claims in text order, own ones and open suggestions alike."""
        claims = sorted((mark.start, -mark.end, mark.id) for mark in self._claims.values())
        self.numbers = {claim: nth for nth, (_, _, claim) in enumerate(claims, 1)}

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
                span = suggestion if suggestion and page.is_shown(suggestion) else None
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
        changed = self._update_links(relations, moved, touched)
        if claims:
            self.number_claims()
        self.reshaped = self._lay_out_again(touched) or bool(changed)
        self.renumbered = claims
        if touched or changed:
            self._follow_margins(moved, changed)
        return touched

    def _update_links(self, relation_ids: set[str], moved: set[str], touched: set[int]) -> set[str]:
        """Follow some relations; those that are others now or whose ends have moved.

        Adds the indices of the paragraphs that must be placed again to ``touched``.
        """
        assert self.page is not None
        page = self.page
        changed: set[str] = set()
        suggested = (
            {each.id: each for each in page.visible_relations() if each.is_suggestion}
            if page.relation_suggestions
            else {}
        )
        for relation_id in relation_ids:
            relation = page.relations.get(relation_id) or suggested.get(relation_id)
            old, new = self.links.get(relation_id), self._link(relation) if relation else None
            if old != new or (new and moved & {new.head, new.tail}):
                changed.add(relation_id)
                touched |= self._put_link(new) if new else self._drop_link(relation_id)
        return changed

    def update_suggestions(self) -> set[int]:
        """Follow a new run of suggestions on the page."""
        assert self.page is not None
        old = {mark.id for mark in self.marks.values() if mark.suggested}
        links = {link.id for link in self.links.values() if link.suggested}
        return self.update(old | set(self.page.suggestions), links | set(self.page.relation_suggestions))

    def other_signs(self) -> set[str]:
        """Ids of the marks whose span has another sign now."""
        page = self.page
        if page is None:
            return set()
        spans = [page.spans.get(each) or page.suggestions.get(each) for each in self.marks]
        return {each.id for each in spans if each is not None and self._mark(each) != self.marks[each.id]}

    def update_furniture(self) -> None:
        """Follow a change of the article's furniture."""
        assert self.page is not None
        self.set_furniture(self.page.article.furniture)

    def _lay_out_again(self, touched: set[int]) -> bool:
        """Lay paragraphs out once more; whether one of them got another height."""
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
        return first is not None

    def paragraphs_of(self, spans: Iterable[str]) -> set[int]:
        """The indices of the paragraphs where marks lie; ids that are gone have none."""
        marks = (self.marks.get(each) for each in spans)
        return {nth for mark in marks if mark for nth in self._paragraphs_of(mark.fragments)}

    @override
    def invalidate(self) -> None:
        self.arcs, self.bars = Lanes(), Lanes()
        self.ports = Ports(6.0 * self.metrics.zoom, 18.0 * self.metrics.zoom)
        super().invalidate()

    # -- margins ------------------------------------------------------------------------------

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

    @override
    def _settled(self) -> None:
        reaches = {link.id: r for link in self.links.values() if (r := self._reach(link))}
        if reaches != self.arcs.span:
            self.arcs.pack(reaches)
            self.ports = Ports(6.0 * self.metrics.zoom, 18.0 * self.metrics.zoom)
        for link_id in reaches:
            self._put_port(self.links[link_id])
        bars = {
            mark.id: (self.place_of(mark.start), self.place_of(max(mark.start, mark.end - 1)))
            for mark in self._claims.values()
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
