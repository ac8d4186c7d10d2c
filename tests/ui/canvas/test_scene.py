"""The page as laid out, and how it follows the labels."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from annotator.core.codebook import Codebook
from annotator.core.commands import Accept, Desk, DrawRelation, MakeSpan, MoveEdges, Reject, ToggleFurniture
from annotator.core.model import Article, Fragments, Kind, Relation, Span, State
from annotator.core.page import Page
from annotator.core.text import normalise, sha256_of
from annotator.ui.canvas.flow import LONGEST_BLOCK
from annotator.ui.canvas.hit import spans_at
from annotator.ui.canvas.margin import Lanes
from annotator.ui.canvas.metrics import Metrics
from annotator.ui.canvas.scene import Scene
from annotator.ui.theme import light

WIDTH = 230.0
BOTTOM = 1e9
TEXT = normalise(
    "Envoy warns\r\n\r\n"
    "Rob Malley 😀 said that Iran must stop the sale of e\u0301lan drones at once.\r\n"
    "The minister\u00a0rejected it.\u2028Later he denied it in سلام عليكم Doha.\r\n\r\n"
    "Nothing else 👩\u200d👩\u200d👧 was said."
)


@pytest.fixture(scope="module")
def metrics(qapp: QApplication) -> Metrics:
    return Metrics(light())


def page_of(text: str, title: str = "", **fields: Any) -> Page:
    return Page(Article(id="a", text=text, sha256=sha256_of(text), title=title, **fields), "ana")


class Sight:
    """A page, its scene all laid out, and the two ways of following a command."""

    def __init__(self, page: Page, codebook: Codebook, metrics: Metrics, width: float = WIDTH) -> None:
        self.page, self.codebook, self.metrics, self.width = page, codebook, metrics, width
        self.scene = self.fresh()

    def fresh(self) -> Scene:
        scene = Scene(self.metrics)
        scene.width = self.width
        scene.load(self.page, self.codebook)
        scene.ensure(0, BOTTOM)
        return scene

    def follow(self, changes: Any) -> None:
        """What the widget does with a change set that was carried out."""
        if changes.touches_furniture:
            self.scene.update_furniture()
        self.scene.update(changes.span_ids, changes.relation_ids)
        self.scene.ensure(0, BOTTOM)

    def run(self, command: Any) -> Any:
        _, changes = command.plan(Desk(self.page, self.codebook, "now"))
        self.page.apply(changes)
        self.follow(changes)
        return changes

    def at(self, words: str) -> Fragments:
        start = self.page.text.index(words)
        return ((start, start + len(words)),)

    def make(self, kind: Kind, label: str, *words: str) -> str:
        fragments = tuple(self.at(each)[0] for each in words)
        return self.run(MakeSpan(kind, label, fragments)).added_spans()[0].id


@pytest.fixture
def sight(codebook: Codebook, metrics: Metrics) -> Sight:
    return Sight(page_of(TEXT, "Envoy warns"), codebook, metrics)


def picture(scene: Scene) -> dict[str, Any]:
    """All that is drawn, but for the lanes of the margins, which depend on the order of edits."""
    return {
        "marks": scene.marks,
        "links": scene.links,
        "links_of": scene.links_of,
        "numbers": scene.numbers,
        "height": scene.height,
        "paragraphs": [
            (p.start, p.end, p.y, p.height, p.ready, p.furniture, p.marks, p.links, p.lines)
            for p in scene.paragraphs
        ],
        "arcs": scene.arcs.span,
        "bars": scene.bars.span,
        "ends": scene.ports.ends,
        "moved": scene.ports.moved,
    }


def assert_apart(lanes: Lanes) -> None:
    for one, other in combinations(lanes.lane, 2):
        if lanes.lane[one] == lanes.lane[other]:
            (low, high), (begin, end) = lanes.span[one], lanes.span[other]
            assert high < begin or end < low


@settings(max_examples=100)
@given(st.integers(0), st.integers(0, 20), st.booleans())
def test_following_edits_gives_the_scene_of_a_fresh_start(
    make_wanderer: Callable[[int], Any], metrics: Metrics, seed: int, steps: int, back: bool
) -> None:
    wanderer = make_wanderer(seed)
    sight = Sight(wanderer.page, wanderer.codebook, metrics)
    done = []
    for _ in range(steps):
        changes = wanderer.step()
        if changes:
            done.append(changes)
            sight.follow(changes)
        if wanderer.random.random() < 0.1:
            wanderer.suggest()
            sight.scene.update_suggestions()
            done.clear()
    for changes in reversed(done if back else ()):
        wanderer.page.apply(changes.inverted())
        sight.follow(changes.inverted())
    assert picture(sight.scene) == picture(sight.fresh())
    assert sight.scene.arcs.lane.keys() == sight.scene.ports.ends.keys()
    assert_apart(sight.scene.arcs)
    assert_apart(sight.scene.bars)


@settings(max_examples=40)
@given(st.integers(0), st.integers(0, 12))
def test_every_code_point_is_in_its_paragraph_and_its_spans(
    make_wanderer: Callable[[int], Any], metrics: Metrics, seed: int, steps: int
) -> None:
    wanderer = make_wanderer(seed)
    page = wanderer.page
    for _ in range(steps):
        wanderer.step()
    scene = Sight(page, wanderer.codebook, metrics).scene
    shown = page.visible_spans()
    for offset in range(len(page.text)):
        paragraph = scene.paragraphs[scene.paragraph_at(offset)]
        assert paragraph.start <= offset <= paragraph.end
        assert page.text[offset] == (paragraph.text + "\n")[offset - paragraph.start]
        around = [s for s in shown if any(start <= offset < end for start, end in s.fragments)]
        around.sort(key=lambda s: (s.end - s.start, s.is_suggestion, s.kind, s.id))
        assert spans_at(scene, offset) == tuple(span.id for span in around)
    for nth, mark in enumerate(sorted(scene.numbers, key=scene.numbers.__getitem__), 1):
        assert scene.numbers[mark] == nth
    claims = [span.id for span in shown if span.kind == Kind.CLAIM]
    assert sorted(scene.numbers) == sorted(claims)
    assert scene.bars.lane.keys() == set(claims)


def test_the_middle_of_every_seen_character_is_that_character(sight: Sight) -> None:
    seen = 0
    for offset, char in enumerate(TEXT):
        if char.isspace() or not char.isprintable() or char in "\u0301👩👧لا":
            continue
        (rect,) = sight.scene.rects(((offset, offset + 1),))
        assert rect.width() > 1
        point = rect.center().x(), rect.center().y()
        assert sight.scene.character_at(*point) == offset
        seen += 1
    assert seen > 120


def test_rectangles_cover_a_range_line_by_line(sight: Sight) -> None:
    ((start, end),) = sight.at("Iran must stop the sale of")
    rects = sight.scene.rects(((start, end),))
    assert len(rects) > 1
    assert all(above.bottom() <= below.top() for above, below in pairwise(rects))
    assert all(0 <= rect.left() < rect.right() <= WIDTH + 0.01 for rect in rects)
    assert sight.scene.character_at(rects[0].left() + 2, rects[0].center().y()) == start
    assert sight.scene.character_at(rects[-1].right() - 2, rects[-1].center().y()) == end - 1


def test_fragments_have_rectangles_of_their_own(sight: Sight) -> None:
    split = sight.make(Kind.CLAIM, "Claim", "Rob", "said")
    rects = sight.scene.rects(sight.scene.marks[split].fragments)
    assert len(rects) == 2
    between = sight.at("Malley")[0][0]
    assert spans_at(sight.scene, between) == ()


def test_a_span_over_paragraphs_is_in_each_of_them(sight: Sight) -> None:
    start, end = sight.at("Rob")[0][0], sight.at("Nothing")[0][1]
    claim = sight.run(MakeSpan(Kind.CLAIM, "Claim", ((start, end),))).added_spans()[0].id
    marked = [nth for nth, each in enumerate(sight.scene.paragraphs) if claim in each.marks]
    assert marked == list(range(sight.scene.paragraph_at(start), sight.scene.paragraph_at(end - 1) + 1))
    pieces = [piece for each in sight.scene.paragraphs for line in each.lines for piece in line.pieces]
    assert [piece.opens for piece in pieces].count(True) == 1
    assert [piece.closes for piece in pieces].count(True) == 1
    first, last = sight.scene.bars.span[claim]
    assert first[0] == marked[0]
    assert last[0] == marked[-1]
    for offset in range(start, end):
        assert spans_at(sight.scene, offset) == (claim,)


def test_nested_and_equal_spans_lie_the_innermost_first(sight: Sight) -> None:
    claim = sight.make(Kind.CLAIM, "Claim", "Iran must stop")
    entity = sight.make(Kind.ENTITY, "Place", "Iran")
    actor = sight.make(Kind.ACTOR, "Actor", "Iran")
    assert spans_at(sight.scene, sight.at("Iran")[0][0]) == (actor, entity, claim)


def test_claims_are_numbered_in_text_order_whenever_they_are_made(sight: Sight) -> None:
    last = sight.make(Kind.CLAIM, "Claim", "Nothing else")
    first = sight.make(Kind.CLAIM, "Claim", "Rob Malley")
    inner = sight.make(Kind.CLAIM, "Claim", "Rob")
    assert sight.scene.numbers == {first: 1, inner: 2, last: 3}
    assert sight.scene.claim_tag(inner) == "claim 2"
    sight.scene.narrow = True
    assert sight.scene.claim_tag(inner) == "2"
    sight.run(MoveEdges(last, sight.at("Envoy")))
    assert sight.scene.numbers == {last: 1, first: 2, inner: 3}


def suggestion(id_: str, kind: Kind, label: str, fragments: Fragments) -> Span:
    return Span(id=id_, kind=kind, label=label, fragments=fragments, state=State.SUGGESTED, origin="x")


def test_suggestions_come_and_go(sight: Sight) -> None:
    claim = suggestion("s1", Kind.CLAIM, "Claim", sight.at("Iran must stop"))
    actor = suggestion("s2", Kind.ACTOR, "Actor", sight.at("Rob Malley"))
    link = Relation(id="l", type="made_by", head="s1", tail="s2", state=State.SUGGESTED)
    sight.page.replace_suggestions([claim, actor], [link])
    sight.scene.update_suggestions()
    assert sight.scene.marks["s1"].suggested
    assert sight.scene.links["l"].suggested
    made = sight.run(Accept(("s2",))).added_spans()[0].id
    assert set(sight.scene.marks) == {"s1", made}
    assert not sight.scene.marks[made].suggested
    assert sight.scene.links["l"].tail == made
    sight.run(Reject(("s1",)))
    assert not sight.scene.links
    assert not sight.scene.numbers
    sight.page.replace_suggestions([], [])
    sight.scene.update_suggestions()
    assert set(sight.scene.marks) == {made}


def test_an_edit_elsewhere_leaves_suggested_relations_in_their_lanes(sight: Sight) -> None:
    spans = [
        suggestion("s1", Kind.CLAIM, "Claim", sight.at("Rob Malley")),
        suggestion("s2", Kind.ACTOR, "Actor", sight.at("Doha")),
        suggestion("s3", Kind.CLAIM, "Claim", sight.at("rejected")),
        suggestion("s4", Kind.ACTOR, "Actor", sight.at("Nothing")),
    ]
    links = [
        Relation(id=f"l{head}{tail}", type="made_by", head=f"s{head}", tail=f"s{tail}", state=State.SUGGESTED)
        for head, tail in ((1, 2), (1, 4), (3, 4))
    ]
    sight.page.replace_suggestions(spans, links)
    sight.scene.update_suggestions()
    lanes = dict(sight.scene.arcs.lane)
    assert len(lanes) == 3
    touched = sight.scene.update(set(), set())
    assert touched == set()
    (start, _), *_ = sight.at("warns")
    sight.make(Kind.CUE, "Cue", "warns")
    assert sight.scene.arcs.lane == lanes
    assert sight.scene.update({span.id for span in sight.page.visible_spans()}, set()) == set()
    assert start > 0


def test_an_own_span_over_a_suggestion_hides_it_until_it_moves_away(sight: Sight) -> None:
    sight.page.replace_suggestions([suggestion("s1", Kind.ENTITY, "Person", sight.at("Rob"))], [])
    sight.scene.update_suggestions()
    own = sight.make(Kind.ENTITY, "Place", "Doha")
    sight.run(MoveEdges(own, sight.at("Rob")))
    assert set(sight.scene.marks) == {own}
    sight.run(MoveEdges(own, sight.at("Doha")))
    assert set(sight.scene.marks) == {own, "s1"}
    assert picture(sight.scene) == picture(sight.fresh())


def test_a_relation_moves_with_its_ends(sight: Sight) -> None:
    claim, actor = sight.make(Kind.CLAIM, "Claim", "said"), sight.make(Kind.ACTOR, "Actor", "Rob Malley")
    relation = sight.run(DrawRelation("made_by", claim, actor)).added_relations()[0].id
    home = sight.scene.paragraphs[sight.scene.paragraph_at(sight.at("said")[0][0])]
    assert relation in home.links
    for words in ("Doha", "Nothing", "said that"):
        sight.run(MoveEdges(claim, sight.at(words)))
        assert picture(sight.scene) == picture(sight.fresh())
    assert relation in home.links


def test_only_the_paragraphs_of_a_change_are_laid_out_again(sight: Sight) -> None:
    _, changes = MakeSpan(Kind.ACTOR, "Actor", sight.at("Rob")).plan(Desk(sight.page, sight.codebook, ""))
    sight.page.apply(changes)
    touched = sight.scene.update(changes.span_ids, changes.relation_ids)
    assert touched == {sight.scene.paragraph_at(sight.at("Rob")[0][0])}


def test_relations_within_a_line_run_above_it_others_in_the_margin(
    codebook: Codebook, metrics: Metrics
) -> None:
    sight = Sight(page_of("Acme said no to Iran\nand Doha agreed"), codebook, metrics, width=500.0)
    claim = sight.make(Kind.CLAIM, "Claim", "no to Iran")
    near, far = sight.make(Kind.ACTOR, "Actor", "Acme"), sight.make(Kind.ACTOR, "Actor", "Doha")
    inline, outer = (
        sight.run(DrawRelation("made_by", claim, tail)).added_relations()[0].id for tail in (near, far)
    )
    scene = sight.scene
    assert scene.is_inline(scene.links[inline])
    assert not scene.is_inline(scene.links[outer])
    assert set(scene.arcs.lane) == set(scene.ports.ends) == {outer}
    assert scene.arcs.span[outer] == ((0, 0), (1, 0))
    assert scene.links_of == {claim: {inline, outer}, near: {inline}, far: {outer}}


def test_furniture_follows_and_nothing_moves(sight: Sight) -> None:
    height = sight.scene.height
    ((start, end),) = sight.at("Nothing else 👩\u200d👩\u200d👧 was said.")
    sight.run(ToggleFurniture(start))
    assert sight.scene.paragraphs[-1].furniture == [(start, end)]
    assert sight.scene.height == height
    assert picture(sight.scene) == picture(sight.fresh())


def test_only_what_is_in_sight_is_laid_out_at_once(codebook: Codebook, metrics: Metrics) -> None:
    page = page_of("\n".join(["wordword " * 30] * 60))
    scene = Scene(metrics)
    scene.load(page, codebook)
    assert not any(each.ready for each in scene.paragraphs)
    assert scene.ensure(0, 500)
    ready = [each.ready for each in scene.paragraphs]
    assert 0 < sum(ready) < 20
    assert ready == sorted(ready, reverse=True)
    assert not scene.ensure(0, 500)
    assert scene.unready
    while scene.idle_step(0.001):
        pass
    assert all(each.ready for each in scene.paragraphs)
    assert not scene.unready
    assert scene.height == Sight(page, codebook, metrics, metrics.column).scene.height
    for above, below in pairwise(scene.paragraphs):
        assert below.y >= above.y + above.height
        assert scene.paragraph_at_y(below.y + 1) == scene.paragraphs.index(below)


def test_a_range_out_of_sight_is_laid_out_when_it_is_asked_for(codebook: Codebook, metrics: Metrics) -> None:
    page = page_of("\n".join(["wordword " * 30] * 40) + "\nat last")
    scene = Scene(metrics)
    scene.load(page, codebook)
    start = page.text.index("at last")
    assert scene.rects(((start, start + 2),)) == []
    top, bottom = scene.y_range(((start, start + 2),))
    (rect,) = scene.rects(((start, start + 2),))
    assert top <= rect.top() < rect.bottom() <= bottom <= scene.height


@pytest.mark.parametrize(
    ("title", "text", "head", "outside"),
    [
        ("Envoy warns", "\n Envoy  WARNS\nRob said", 1, ""),
        ("Envoy warns", "Rob said\nEnvoy warns", None, "Envoy warns"),
        ("", "Rob said", None, ""),
    ],
)
def test_the_title_is_a_headline_where_the_text_starts_with_it(
    codebook: Codebook, metrics: Metrics, title: str, text: str, head: int | None, outside: str
) -> None:
    scene = Sight(page_of(text, title), codebook, metrics).scene
    assert [nth for nth, each in enumerate(scene.paragraphs) if each.head] == ([] if head is None else [head])
    assert scene.outside_title == outside
    assert (scene.head_height > 0) == bool(outside)


def test_a_very_long_line_is_laid_out_in_blocks_that_make_it_up(codebook: Codebook, metrics: Metrics) -> None:
    text = "word😀 " * 3000 + "x" * (2 * LONGEST_BLOCK + 5) + "\nend"
    scene = Scene(metrics)
    scene.load(page_of(text), codebook)
    assert max(len(each.text) for each in scene.paragraphs) <= LONGEST_BLOCK
    assert "".join(each.text for each in scene.paragraphs[:-1]) == text[:-4]
    assert all(text[each.start : each.end] == each.text for each in scene.paragraphs)
    assert all(above.end == below.start for above, below in pairwise(scene.paragraphs[:-1]))


def test_an_empty_article_is_no_trouble(codebook: Codebook, metrics: Metrics) -> None:
    for text in ("", "\n\n", "\u00a0"):
        scene = Sight(page_of(text), codebook, metrics).scene
        assert scene.character_at(5, 40) is None
        assert 0 <= scene.offset_at(5, 40) <= len(text)
        assert scene.rects(((0, 1),)) == []


def test_points_beside_the_text(sight: Sight) -> None:
    scene = sight.scene
    ((start, end),) = sight.at("Envoy warns")
    (rect,) = scene.rects(((start, end),))
    middle = rect.center().y()
    assert scene.character_at(rect.right() + 40, middle) is None
    assert scene.offset_at(rect.right() + 40, middle) == end
    assert scene.character_at(-20, middle) is None
    assert scene.offset_at(-20, middle) == start
    assert scene.character_at(rect.center().x(), scene.height + 500) is None
    assert scene.offset_at(9999, scene.height + 500) == len(TEXT)
    assert scene.character_at(rect.center().x(), -50) is None
    assert scene.offset_at(0, -50) == 0


def test_another_width_wraps_anew(sight: Sight) -> None:
    sight.make(Kind.CLAIM, "Claim", "Iran must stop the sale")
    scene = sight.scene
    before = scene.height
    scene.width = WIDTH * 2
    scene.invalidate()
    assert scene.ensure(0, BOTTOM)
    assert scene.height < before
    sight.width = WIDTH * 2
    assert picture(scene) == picture(sight.fresh())
