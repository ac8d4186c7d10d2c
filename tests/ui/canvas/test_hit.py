"""What lies under a point of the page."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from annotator.core.codebook import Codebook
from annotator.core.commands import Desk, DrawRelation, MakeSpan
from annotator.core.model import Article, Fragment, Kind
from annotator.core.page import Page
from annotator.core.text import sha256_of
from annotator.ui.canvas.hit import Hit, Zone, edge_rects, handle_at, hit
from annotator.ui.canvas.margin_places import arc_x, line_middle, tag_frames
from annotator.ui.canvas.metrics import Metrics
from annotator.ui.canvas.scene import Scene
from annotator.ui.theme import light

TEXT = "Acme 😀 said Iran must stop\nand Doha agreed with it\nقال الوزير إن Iran يجب"


class Sight:
    def __init__(self, codebook: Codebook) -> None:
        self.page = Page(Article(id="a", text=TEXT, sha256=sha256_of(TEXT)), "ana")
        self.codebook = codebook
        self.scene = Scene(Metrics(light()))
        self.scene.load(self.page, codebook)
        self.scene.ensure(0, 1e9)

    def run(self, command: Any) -> Any:
        _, changes = command.plan(Desk(self.page, self.codebook, ""))
        self.page.apply(changes)
        self.scene.update(changes.span_ids, changes.relation_ids)
        return changes

    def at(self, words: str) -> Fragment:
        start = TEXT.index(words)
        return start, start + len(words)

    def make(self, kind: Kind, label: str, words: str) -> str:
        return self.run(MakeSpan(kind, label, (self.at(words),))).added_spans()[0].id

    def draw(self, type_: str, head: str, tail: str) -> str:
        return self.run(DrawRelation(type_, head, tail)).added_relations()[0].id

    def middle(self, words: str) -> tuple[float, float]:
        (rect,) = self.scene.rects((self.at(words),))
        return rect.center().x(), rect.center().y()


@pytest.fixture
def sight(codebook: Codebook, qapp: QApplication) -> Sight:
    return Sight(codebook)


def test_plain_text_and_nothing(sight: Sight) -> None:
    start, _ = sight.at("stop")
    assert hit(sight.scene, *sight.middle("s")) == Hit(Zone.TEXT, None, TEXT.index("s"))
    found = hit(sight.scene, *sight.middle("stop"))
    assert found.zone is Zone.TEXT
    assert found.offset in range(start, start + 4)
    beside = hit(sight.scene, -30, sight.middle("stop")[1])
    assert beside == Hit(Zone.NOTHING, None, 0)
    assert hit(Scene(sight.scene.metrics), 5, 5) == Hit(Zone.NOTHING)


def test_spans_the_innermost_first(sight: Sight) -> None:
    claim = sight.make(Kind.CLAIM, "Claim", "Iran must stop")
    entity = sight.make(Kind.ENTITY, "Place", "Iran")
    found = hit(sight.scene, *sight.middle("Iran"))
    assert (found.zone, found.id, found.stack) == (Zone.SPAN, entity, (entity, claim))
    found = hit(sight.scene, *sight.middle("must"))
    assert (found.zone, found.id, found.stack) == (Zone.SPAN, claim, (claim,))


def test_a_label_is_its_span(sight: Sight) -> None:
    actor = sight.make(Kind.ACTOR, "Actor", "Acme")
    line = sight.scene.paragraphs[0].lines[0]
    (box,) = line.labels
    base = sight.scene.paragraphs[0].y + line.text_top + sight.scene.metrics.cap_offset(False) - 2
    found = hit(sight.scene, box.left + box.width / 2, base - sight.scene.metrics.label_height / 2)
    assert found == Hit(Zone.SPAN, actor, None, (actor,))


def test_a_claim_s_tag_in_the_margin_is_the_claim(sight: Sight) -> None:
    claim = sight.make(Kind.CLAIM, "Claim", "Iran must stop")
    ((tagged, frame),) = tag_frames(sight.scene, 0, 1000, 120.0)
    assert tagged == claim
    assert frame.right() < 0
    found = hit(sight.scene, frame.center().x(), frame.center().y())
    assert found == Hit(Zone.SPAN, claim, None, (claim,))


def test_tags_of_claims_that_start_together_are_stacked(sight: Sight) -> None:
    claims = {sight.make(Kind.CLAIM, "Claim", words) for words in ("Iran must stop", "Iran must", "must")}
    frames = dict(tag_frames(sight.scene, 0, 1000, 120.0))
    assert frames.keys() == claims
    assert not any(
        one.intersects(other) for a, one in frames.items() for b, other in frames.items() if a != b
    )


def test_the_handle_is_found_before_the_text_only_where_it_shows(sight: Sight) -> None:
    actor = sight.make(Kind.ACTOR, "Actor", "Acme")
    at = handle_at(sight.scene, actor)
    assert at is not None
    assert hit(sight.scene, at.x(), at.y(), handles=(actor,)) == Hit(Zone.HANDLE, actor)
    assert hit(sight.scene, at.x(), at.y()).zone is not Zone.HANDLE
    assert handle_at(sight.scene, "gone") is None
    assert hit(sight.scene, at.x(), at.y(), handles=("gone",)).zone is not Zone.HANDLE


def test_edges_of_the_selected_span(sight: Sight) -> None:
    place = sight.make(Kind.ENTITY, "Place", "Iran")
    rects = edge_rects(sight.scene, sight.scene.marks[place].fragments)
    assert rects is not None
    y = rects[0].center().y()
    left = hit(sight.scene, rects[0].left() + 1, y, edges_of=place)
    right = hit(sight.scene, rects[1].right() - 1, y, edges_of=place)
    start, end = sight.at("Iran")
    assert (left.zone, left.id, left.offset) == (Zone.LEFT_EDGE, place, start)
    assert (right.zone, right.id, right.offset) == (Zone.RIGHT_EDGE, place, end)
    assert hit(sight.scene, rects[0].left() + 1, y).zone is Zone.SPAN
    assert hit(sight.scene, rects[0].center().x(), y, edges_of=place).zone is Zone.SPAN


def test_text_from_right_to_left_starts_at_the_right(sight: Sight) -> None:
    actor = sight.make(Kind.ACTOR, "Actor", "الوزير")
    start, end = sight.at("الوزير")
    (rect,) = sight.scene.rects(((start, end),))
    y = rect.center().y()
    first = hit(sight.scene, rect.right() - 1, y, edges_of=actor)
    last = hit(sight.scene, rect.left() + 1, y, edges_of=actor)
    assert (first.zone, first.offset) == (Zone.LEFT_EDGE, start)
    assert (last.zone, last.offset) == (Zone.RIGHT_EDGE, end)


def test_a_relation_above_its_line(sight: Sight) -> None:
    claim, actor = sight.make(Kind.CLAIM, "Claim", "Iran must stop"), sight.make(Kind.ACTOR, "Actor", "Acme")
    relation = sight.draw("made_by", claim, actor)
    metrics, paragraph = sight.scene.metrics, sight.scene.paragraphs[0]
    line = paragraph.lines[0]
    (arc,) = line.arcs
    base = paragraph.y + line.text_top + metrics.cap_offset(False) - 2
    y = base - line.label_lanes * metrics.label_height - 6
    assert hit(sight.scene, (arc.from_x + arc.to_x) / 2, y) == Hit(Zone.RELATION, relation)


def test_relations_in_the_margin_the_nearest_one(sight: Sight) -> None:
    claim = sight.make(Kind.CLAIM, "Claim", "Iran must stop")
    actors = [sight.make(Kind.ACTOR, "Actor", words) for words in ("Doha", "الوزير")]
    relations = [sight.draw("made_by", claim, actor) for actor in actors]
    scene = sight.scene
    for relation in relations:
        link = scene.links[relation]
        head, tail = line_middle(scene, link, head=True), line_middle(scene, link, head=False)
        assert head < tail
        x = arc_x(scene, relation)
        assert x > scene.width
        quarter = head + (tail - head) / 4
        assert hit(scene, x + 1, quarter) == Hit(Zone.RELATION, relation)
        assert hit(scene, (scene.width + x) / 2, tail).id == relation
    assert hit(scene, scene.width + 400, 5).zone is Zone.NOTHING


def test_hits_follow_the_zoom(codebook: Codebook, sight: Sight) -> None:
    place = sight.make(Kind.ENTITY, "Place", "Iran")
    sight.scene.metrics = Metrics(light(), 2.0)
    sight.scene.width = sight.scene.metrics.column
    sight.scene.invalidate()
    sight.scene.ensure(0, 1e9)
    assert hit(sight.scene, *sight.middle("Iran")).id == place
    at = handle_at(sight.scene, place)
    assert at is not None
    assert hit(sight.scene, at.x() + 12, at.y(), handles=(place,)).zone is Zone.HANDLE
