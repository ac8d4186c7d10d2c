"""Depths, lanes and heights of what lies on one line."""

from __future__ import annotations

from itertools import combinations, pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.model import Kind
from annotator.ui.canvas.layout import (
    InlineArc,
    LabelBox,
    LineBox,
    Link,
    Mark,
    Piece,
    first_free,
    place_arcs,
    place_labels,
    set_depths,
    stack_lines,
)

COLUMN = 400.0
kinds = st.sampled_from(Kind)
edges = st.tuples(st.integers(0, 380), st.integers(1, 200)).map(lambda e: (e[0], min(400, e[0] + e[1])))


def mark(nth: int, kind: Kind = Kind.ENTITY, start: int = 0, end: int = 1) -> Mark:
    return Mark(f"m{nth}", kind, "text", "neutral", ((start, end),))


def piece(nth: int, left: float, right: float, kind: Kind = Kind.ENTITY) -> Piece:
    return Piece(mark(nth, kind), left, right, opens=True, closes=True)


pieces = st.lists(st.tuples(edges, kinds), max_size=8).map(
    lambda drawn: [piece(nth, *at, kind) for nth, (at, kind) in enumerate(drawn)]
)


@given(pieces, st.randoms())
def test_a_tint_is_as_deep_as_the_number_that_enclose_it(line: list[Piece], random: Random) -> None:
    set_depths(line)
    tints = [each for each in line if each.mark.kind != Kind.CLAIM]
    for one in tints:
        around = [
            other
            for other in tints
            if other.left <= one.left
            and other.right >= one.right
            and (
                (other.left, other.right) != (one.left, one.right)
                or (other.mark.kind, other.mark.id) < (one.mark.kind, one.mark.id)
            )
        ]
        assert one.depth == len(around)
    depths = {each.mark.id: each.depth for each in line}
    random.shuffle(line)
    set_depths(line)
    assert {each.mark.id: each.depth for each in line} == depths


@given(pieces)
def test_underlines_of_claims_never_overlap(line: list[Piece]) -> None:
    rows = set_depths(line)
    claims = [each for each in line if each.mark.kind == Kind.CLAIM]
    assert {each.depth for each in claims} == set(range(rows))
    for one, other in combinations(claims, 2):
        if one.depth == other.depth:
            assert one.right <= other.left or other.right <= one.left


def test_an_actor_encloses_an_entity_over_the_same_words() -> None:
    entity, actor = piece(0, 0, 50), piece(1, 0, 50, Kind.ACTOR)
    set_depths([entity, actor])
    assert (actor.depth, entity.depth) == (0, 1)


@st.composite
def labels(draw: st.DrawFn) -> tuple[list[LabelBox], dict[str, float]]:
    boxes, extents = [], {}
    for nth, (left, right) in enumerate(draw(st.lists(edges, max_size=10))):
        boxes.append(LabelBox(mark(nth, start=left, end=right), float(left), float(draw(st.integers(5, 60)))))
        if draw(st.booleans()):
            extents[f"m{nth}"] = float(right)
    return boxes, extents


@given(labels())
def test_labels_never_overlap_and_stay_in_the_column(drawn: tuple[list[LabelBox], dict[str, float]]) -> None:
    boxes, extents = drawn
    wanted = {box.mark.id: box.left for box in boxes}
    lanes = place_labels(boxes, extents, 6.0, COLUMN)
    assert {box.lane for box in boxes} == set(range(lanes))
    for box in boxes:
        assert box.left >= 0
        assert box.left + box.width <= COLUMN
        assert box.left <= max(wanted[box.mark.id], extents.get(box.mark.id, 0.0))
    for one, other in combinations(boxes, 2):
        if one.lane == other.lane:
            left, right = sorted((one, other), key=lambda box: box.left)
            assert left.left + left.width + 6 <= right.left


def test_labels_of_the_same_word_stand_side_by_side_where_the_outer_reaches_further() -> None:
    inner, outer = LabelBox(mark(0, end=4), 10.0, 30.0), LabelBox(mark(1, end=9), 10.0, 30.0)
    assert place_labels([outer, inner], {"m0": 40.0, "m1": 200.0}, 6.0, COLUMN) == 1
    assert (inner.left, outer.left) == (10.0, 46.0)
    inner, outer = LabelBox(mark(0, end=4), 10.0, 30.0), LabelBox(mark(1, end=9), 10.0, 30.0)
    assert place_labels([outer, inner], {"m0": 40.0, "m1": 45.0}, 6.0, COLUMN) == 2
    assert (inner.lane, outer.lane) == (0, 1)


arcs = st.lists(st.tuples(st.floats(0, 400), st.floats(0, 400), st.floats(5, 90)), max_size=8)


@given(arcs)
def test_arcs_in_a_lane_never_overlap(drawn: list[tuple[float, float, float]]) -> None:
    made = [InlineArc(Link(f"l{n}", "a", "b", "t"), start, end) for n, (start, end, _) in enumerate(drawn)]
    widths = {f"l{n}": width for n, (_, _, width) in enumerate(drawn)}
    lanes = place_arcs(made, widths)
    assert {arc.lane for arc in made} == set(range(lanes))

    def room(arc: InlineArc) -> tuple[float, float]:
        left, right = sorted((arc.from_x, arc.to_x))
        spare = max(0.0, widths[arc.link.id] + 12 - (right - left))
        return left - spare / 2, right + spare / 2

    for one, other in combinations(made, 2):
        if one.lane == other.lane:
            (low, high), (begin, end) = room(one), room(other)
            assert high <= begin + 1e-9 or end <= low + 1e-9


def test_the_first_free_lane_is_taken() -> None:
    lanes: list[list[tuple[float, float]]] = []
    assert [first_free(lanes, *at) for at in ((0, 10), (5, 8), (10, 20), (8, 12), (0, 30))] == [0, 1, 0, 1, 2]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=5))
def test_lines_have_room_for_what_they_carry(drawn: list[tuple[int, int, int]]) -> None:
    lines = [
        LineBox(n, n + 1, 10.0, label_lanes=labels, arc_lanes=arcs, underlines=underlines)
        for n, (labels, arcs, underlines) in enumerate(drawn)
    ]
    sizes = {"text_height": 25.0, "lead": 15.0, "label_height": 13.0, "arc_height": 17.0}
    height = stack_lines(lines, **sizes, underline_step=3.0)
    assert lines[0].top == 0.0
    assert lines[-1].bottom == height
    for line in lines:
        assert line.text_top - line.top >= max(15.0, line.label_lanes * 13 + line.arc_lanes * 17)
        assert line.bottom - line.text_top >= 25.0 + 3.0 * line.underlines
    for above, below in pairwise(lines):
        assert above.bottom == below.top


def test_the_first_label_does_not_move_the_text() -> None:
    sizes = {"text_height": 25.0, "lead": 15.0, "label_height": 13.0, "arc_height": 17.0}
    bare, labelled = LineBox(0, 1, 10.0), LineBox(0, 1, 10.0, label_lanes=1)
    for line in (bare, labelled):
        stack_lines([line], **sizes, underline_step=3.0)
    assert bare.text_top == labelled.text_top
