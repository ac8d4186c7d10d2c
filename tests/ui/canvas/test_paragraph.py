"""A paragraph measured in code points: where each character is, whatever the script."""

from __future__ import annotations

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtWidgets import QApplication

from annotator.core.model import Kind
from annotator.core.text import normalise
from annotator.ui.canvas.layout import Link, Mark
from annotator.ui.canvas.metrics import Metrics
from annotator.ui.canvas.paragraph import Paragraph
from annotator.ui.theme import light

WIDTH = 260.0
PARTS = (
    "Iran", "said", "“no”", "don’t", "3,000", "😀", "👩\u200d👩\u200d👧", "e\u0301te\u0301", "n\u0303", "समय",
    "a\u00a0b", "x\u2028y", "𝔸𝔹", "longword" * 6, "tab\tbed", " ", "-", "\u200b",
)  # fmt: skip
RIGHT_TO_LEFT = ("سلام", "عليكم", "שלום", "עולם", "Iran", "said", "12", "😀", "(no)")


@pytest.fixture(scope="module")
def metrics(qapp: QApplication) -> Metrics:
    return Metrics(light())


def joined(parts: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(parts), min_size=1, max_size=25).map(" ".join)


def laid_out(text: str, metrics: Metrics, width: float = WIDTH, start: int = 0) -> Paragraph:
    paragraph = Paragraph(text, start, head=False, gap=1.0)
    paragraph.layout(width, metrics)
    return paragraph


def cluster_starts(text: str) -> set[int]:
    """Offsets at which a character as people see it starts."""
    joiner = "\u200d"
    return {
        nth
        for nth, char in enumerate(text)
        if not unicodedata.category(char).startswith("M") and char != joiner and text[nth - 1 : nth] != joiner
    }


@settings(max_examples=60)
@given(joined(PARTS + RIGHT_TO_LEFT))
def test_lines_make_up_the_paragraph(metrics: Metrics, text: str) -> None:
    paragraph = laid_out(text, metrics)
    if paragraph.blank:
        assert (paragraph.lines, paragraph.height) == ([], 0.0)
        return
    lines = paragraph.lines
    assert (lines[0].start, lines[-1].end) == (0, len(text))
    assert all(above.end == below.start for above, below in pairwise(lines))
    for offset in range(len(text)):
        line = lines[paragraph.line_of(offset)]
        assert line.start <= offset < line.end
    assert all(line.width <= WIDTH + 0.01 for line in lines)
    assert paragraph.height == lines[-1].bottom
    for nth, line in enumerate(lines):
        assert paragraph.line_at((line.top + line.bottom) / 2) == nth
    assert list(paragraph.visible_lines(0, paragraph.height)) == list(range(len(lines)))


@settings(max_examples=80)
@given(joined(PARTS))
def test_from_offset_to_place_and_back(metrics: Metrics, text: str) -> None:
    """Every character that is seen: its left edge is its offset, its middle is itself."""
    paragraph = laid_out(text, metrics)
    starts = cluster_starts(text)
    for nth, line in enumerate(paragraph.lines):
        for offset in sorted(starts & set(range(line.start, line.end))):
            end = min((s for s in starts if s > offset), default=len(text))
            left, right = paragraph.extent(nth, offset, min(end, line.end))
            if right - left < 1.0 or not text[offset : line.end].strip():
                continue  # nothing to be seen: a zero-width space, the spaces that end a line
            assert left == paragraph.x_of(nth, offset)
            assert paragraph.x_of(nth, paragraph.local_at(nth, left + 0.01)) == left
            assert paragraph.local_at(nth, left + (right - left) * 0.3, between=False) in range(offset, end)
            assert paragraph.contains_x(nth, (left + right) / 2)


@settings(max_examples=60)
@given(joined(RIGHT_TO_LEFT))
def test_each_character_is_where_its_rectangle_is_in_either_direction(metrics: Metrics, text: str) -> None:
    paragraph = laid_out(text, metrics)
    boxes = []
    for nth, line in enumerate(paragraph.lines):
        natural = paragraph.extent(nth, line.start, line.end)
        for offset in range(line.start, line.end):
            left, right = paragraph.extent(nth, offset, offset + 1)
            if right == left or "لا" in (text[offset : offset + 2], text[offset - 1 : offset + 1]):
                continue  # nothing to be seen, or two in one glyph
            assert natural[0] <= left <= right <= natural[1]
            assert paragraph.local_at(nth, (left + right) / 2, between=False) == offset
            direction = unicodedata.bidirectional(text[offset])
            if direction in ("R", "AL", "L"):
                start, end = (left, right) if direction == "L" else (right, left)
                assert paragraph.local_at(nth, start + (end - start) * 0.1) == offset
                assert paragraph.local_at(nth, end - (end - start) * 0.1) == offset + 1
            boxes.append((nth, left, right))
    for (line, _, right), (other, left, _) in pairwise(sorted(boxes)):
        assert line != other or right <= left + 0.6  # kerning


def test_a_range_is_covered_by_its_characters(metrics: Metrics) -> None:
    text = "He said سلام عليكم to all"
    paragraph = laid_out(text, metrics, 690.0)
    start = text.index("سلام")
    each = [paragraph.extent(0, n, n + 1) for n in range(start, start + 4)]
    whole = paragraph.extent(0, start, start + 4)
    assert whole == (min(left for left, _ in each), max(right for _, right in each))
    other = paragraph.extent(0, start + 5, start + 10)
    assert other[1] < whole[0]  # the second word stands to the left of the first
    both = paragraph.extent(0, start, start + 10)
    assert both == pytest.approx((other[0], whole[1]))
    assert paragraph.extent(0, 0, 7)[1] <= both[0]


def test_text_from_right_to_left_starts_at_the_right_edge(metrics: Metrics) -> None:
    paragraph = laid_out("قال الوزير إن Iran يجب", metrics, 690.0)
    assert paragraph.rtl
    assert paragraph.extent(0, 0, 3)[1] == pytest.approx(690.0)
    assert not laid_out("Iran: سلام", metrics).rtl
    assert laid_out("«123» سلام", metrics).rtl


def test_three_emoji_do_not_shift_what_follows(metrics: Metrics) -> None:
    text = "😀😀😀 Iran"
    paragraph = laid_out(text, metrics)
    left, right = paragraph.extent(0, 4, 8)
    assert right - left == pytest.approx(metrics.body_metrics.horizontalAdvance("Iran"), abs=0.5)
    assert paragraph.local_at(0, left + 1, between=False) == 4


def test_an_accent_is_part_of_its_letter(metrics: Metrics) -> None:
    text = "e\u0301x"
    paragraph = laid_out(text, metrics)
    assert paragraph.extent(0, 0, 1) == paragraph.extent(0, 0, 2)
    assert paragraph.local_at(0, paragraph.x_of(0, 2) + 2, between=False) == 2


def test_a_no_break_space_does_not_break_and_a_line_separator_does(metrics: Metrics) -> None:
    word = "wordword"
    held = laid_out(f"{word}\u00a0{word} {word}", metrics, 200.0)
    assert [line.start for line in held.lines] == [0, 18]
    broken = laid_out("one\u2028two", metrics)
    assert [(line.start, line.end) for line in broken.lines] == [(0, 4), (4, 7)]
    assert broken.local_at(1, 1.0) == 4


def test_import_leaves_no_carriage_return_to_count(metrics: Metrics) -> None:
    text = normalise("one\r\ntwo").split("\n")[0]
    paragraph = laid_out(text, metrics)
    assert paragraph.lines[-1].end == len(text) == 3


def test_the_place_beyond_a_line_s_end_is_its_last_character(metrics: Metrics) -> None:
    paragraph = laid_out("wordword " * 9, metrics)
    assert len(paragraph.lines) > 1
    for nth, line in enumerate(paragraph.lines):
        assert paragraph.local_at(nth, 9999.0, between=False) == line.end - 1
        assert paragraph.local_at(nth, -9999.0, between=False) == line.start
        assert paragraph.local_at(nth, -9999.0) == line.start


def mark(id_: str, kind: Kind, *fragments: tuple[int, int]) -> Mark:
    return Mark(id_, kind, id_, "neutral", fragments)


def placed(text: str, marks: list[Mark], links: list[Link], metrics: Metrics, start: int = 0) -> Paragraph:
    paragraph = Paragraph(text, start, head=False, gap=1.0)
    paragraph.marks = {each.id: each for each in marks}
    paragraph.links = {each.id: each for each in links}
    paragraph.layout(WIDTH, metrics)
    return paragraph


def test_a_mark_has_a_piece_on_each_of_its_lines_and_one_label(metrics: Metrics) -> None:
    text = "wordword " * 12
    actor = mark("actor", Kind.ACTOR, (109, 150))
    paragraph = placed(text, [actor], [], metrics, start=100)
    pieces = [(nth, piece) for nth, line in enumerate(paragraph.lines) for piece in line.pieces]
    assert [nth for nth, _ in pieces] == list(range(paragraph.line_of(9), paragraph.line_of(49) + 1))
    assert len(pieces) > 1
    assert [piece.opens for _, piece in pieces] == [True] + [False] * (len(pieces) - 1)
    assert [piece.closes for _, piece in pieces] == [False] * (len(pieces) - 1) + [True]
    assert (pieces[0][1].left, pieces[-1][1].right) == (
        paragraph.x_of(pieces[0][0], 9),
        paragraph.x_of(pieces[-1][0], 50),
    )
    assert [box.mark.id for line in paragraph.lines for box in line.labels] == ["actor"]


def test_each_fragment_has_its_piece_and_only_the_first_a_label(metrics: Metrics) -> None:
    text = "Iran must in the end stop"
    split = mark("split", Kind.ENTITY, (0, 4), (21, 25))
    paragraph = placed(text, [split], [], metrics)
    (line,) = paragraph.lines
    assert [(piece.left, piece.right) for piece in line.pieces] == [
        paragraph.extent(0, 0, 4),
        paragraph.extent(0, 21, 25),
    ]
    assert all(piece.opens and piece.closes for piece in line.pieces)
    assert len(line.labels) == 1


def test_marks_from_elsewhere_have_no_label_here(metrics: Metrics) -> None:
    long = mark("long", Kind.ENTITY, (0, 300))
    paragraph = placed("Iran said so", [long], [], metrics, start=100)
    (piece,) = paragraph.lines[0].pieces
    assert (piece.opens, piece.closes) == (False, False)
    assert paragraph.lines[0].labels == []


def test_equal_and_nested_spans_are_placed_the_same_in_any_order(metrics: Metrics) -> None:
    text = "Iran must stop the sale"
    marks = [
        mark("claim1", Kind.CLAIM, (0, 23)),
        mark("claim2", Kind.CLAIM, (0, 23)),
        mark("entity", Kind.ENTITY, (0, 4)),
        mark("actor", Kind.ACTOR, (0, 4)),
        mark("twin", Kind.ENTITY, (0, 4)),
    ]
    one, other = placed(text, marks, [], metrics), placed(text, marks[::-1], [], metrics)
    assert one.lines == other.lines
    depths = {piece.mark.id: piece.depth for piece in one.lines[0].pieces}
    assert depths == {"claim1": 0, "claim2": 1, "actor": 0, "entity": 1, "twin": 2}
    assert one.lines[0].underlines == 2
    assert {box.mark.id for box in one.lines[0].labels} == {"actor", "entity", "twin"}


def test_relations_of_one_line_run_above_it_unless_they_start_close_together(metrics: Metrics) -> None:
    text = "Iran said stop this"
    marks = [
        mark("a", Kind.ACTOR, (0, 4)),
        mark("b", Kind.CLAIM, (10, 19)),
        mark("c", Kind.CUE, (0, 9)),
    ]
    links = [Link("far", "b", "a", "made by"), Link("close", "c", "a", "x"), Link("gone", "b", "z", "x")]
    paragraph = placed(text, marks, links, metrics)
    (line,) = paragraph.lines
    assert [arc.link.id for arc in line.arcs] == ["far"]
    assert line.arc_lanes == 1
    bare = placed(text, marks, [], metrics)
    assert line.text_top > bare.lines[0].text_top


def test_a_paragraph_is_wrapped_again_only_for_another_width_or_other_metrics(metrics: Metrics) -> None:
    paragraph = laid_out("wordword " * 9, metrics)
    lines = paragraph.lines
    paragraph.layout(WIDTH, metrics)
    assert paragraph.lines is lines
    paragraph.layout(WIDTH * 2, metrics)
    assert len(paragraph.lines) < len(lines)
    larger = Metrics(light(), 1.4)
    before = paragraph.lines
    paragraph.layout(WIDTH * 2, larger)
    assert len(paragraph.lines) > len(before)


def test_furniture_is_cut_to_the_paragraph_and_wraps_anew_only_if_it_is_other(metrics: Metrics) -> None:
    paragraph = laid_out("😀 Also Read: this", metrics, start=50)
    paragraph.set_furniture([(0, 40)])
    assert paragraph.ready
    paragraph.set_furniture([(40, 52), (55, 99)])
    assert paragraph.furniture == [(50, 52), (55, paragraph.end)]
    assert not paragraph.ready
    paragraph.layout(WIDTH, metrics)
    paragraph.set_furniture([(40, 52), (55, 99)])
    assert paragraph.ready


@pytest.mark.parametrize("text", ["", " ", "\u00a0\u2028 "])
def test_a_blank_line_takes_no_room(metrics: Metrics, text: str) -> None:
    paragraph = laid_out(text, metrics)
    assert paragraph.blank
    assert paragraph.ready
    assert (paragraph.height, paragraph.lines, paragraph.estimate(WIDTH, metrics)) == (0.0, [], 0.0)


def test_the_estimated_height_is_about_right(metrics: Metrics) -> None:
    text = "Rob Malley, the envoy, said that Iran must stop the sale of drones. " * 9
    paragraph = Paragraph(text, 0, head=False, gap=1.0)
    guess = paragraph.estimate(690.0, metrics)
    paragraph.layout(690.0, metrics)
    assert 0.7 < guess / paragraph.height < 1.4
