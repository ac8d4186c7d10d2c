"""Arabic and Hebrew on the page: the arrow keys go where they point, and labels stand where the words are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt

from annotator.core.model import Kind
from annotator.ui.canvas.hit import Zone
from annotator.ui.canvas.tools.hinting import words_in_sight
from tests.ui.conftest import Desk

ARABIC = "قال الوزير إن إيران يجب أن توقف بيع الطائرات. ثم رفض ذلك في الدوحة.\n"
HEBREW = "השר אמר שאיראן חייבת להפסיק את מכירת המטוסים. אחר כך הוא הכחיש בדוחא.\n"
MIXED = "The minister said no.\n\n" + ARABIC + "\nLater he denied it.\n"
TEXTS = pytest.mark.parametrize("text", [ARABIC, HEBREW], ids=["arabic", "hebrew"])
SHIFT = Qt.KeyboardModifier.ShiftModifier


def words(text: str) -> list[str]:
    return text.replace(".", " ").split()


def chosen(desk: Desk) -> str:
    ((start, end),) = desk.view.state.ranges
    return desk.text[start:end]


def place(desk: Desk, text: str) -> QRect:
    return desk.view.from_page(desk.view.scene.rects((desk.find(text),))[0])


@TEXTS
def test_the_first_word_stands_on_the_right(make_desk: Callable[..., Desk], text: str) -> None:
    desk = make_desk(text)
    first, second = words(text)[:2]
    assert place(desk, second).right() <= place(desk, first).left()
    column = desk.view.from_page(desk.view.scene.rects(((0, len(text) - 1),))[0])
    assert place(desk, first).right() == pytest.approx(column.right(), abs=2)


@TEXTS
def test_arrow_keys_go_where_they_point(make_desk: Callable[..., Desk], text: str) -> None:
    desk = make_desk(text)
    first, second, third = words(text)[:3]
    desk.view.select_ranges([desk.find(first)])
    desk.hands.move(-1)
    assert chosen(desk) == second, "Left is the next word"
    desk.hands.move(-1)
    assert chosen(desk) == third
    desk.hands.move(1)
    assert chosen(desk) == second, "Right is the one before"
    desk.hands.move(-1, True)
    assert chosen(desk) == f"{second} {third}"
    desk.hands.move(1, True)
    assert chosen(desk) == second


@TEXTS
def test_sentences_too(make_desk: Callable[..., Desk], text: str) -> None:
    desk = make_desk(text)
    one, two = (f"{each.strip()}." for each in text.strip().rstrip(".").split("."))
    desk.view.select_ranges([desk.find(one)])
    desk.hands.move_sentence(-1)
    assert chosen(desk) == two
    desk.hands.move_sentence(1)
    assert chosen(desk) == one


def test_each_paragraph_has_its_own_direction(make_desk: Callable[..., Desk]) -> None:
    desk = make_desk(MIXED)
    desk.view.select_ranges([desk.find("no")])
    desk.hands.move(1)
    desk.hands.move(1)
    assert chosen(desk) == "قال", "from left to right until here"
    desk.hands.move(-1)
    assert chosen(desk) == "الوزير"
    desk.view.select_ranges([desk.find("Later")])
    desk.hands.move(1)
    assert chosen(desk) == "he"


@TEXTS
def test_a_drag_selects_what_it_passes(make_desk: Callable[..., Desk], text: str) -> None:
    desk = make_desk(text)
    _, second, third, fourth = words(text)[:4]
    desk.drag(desk.point(second, at=0.8), desk.point(fourth, at=0.3))
    assert chosen(desk) == f"{second} {third} {fourth}"
    desk.view.clear_selection()
    desk.drag(desk.point(fourth, at=0.3), desk.point(second, at=0.8))
    assert chosen(desk) == f"{second} {third} {fourth}", "and the other way"


@TEXTS
def test_a_label_stands_over_its_words_and_is_found_there(make_desk: Callable[..., Desk], text: str) -> None:
    desk = make_desk(text)
    word = words(text)[3]
    desk.view.select_ranges([desk.find(word)])
    desk.hands.label(desk.label("3"))
    (span,) = desk.own()
    assert (span.label, span.fragments) == ("Place", (desk.find(word),))
    where = place(desk, word)
    hit = desk.view.hit_at(QPointF(where.center() + QPoint(0, 3)))
    assert (hit.zone, hit.id) == (Zone.SPAN, span.id)
    desk.view.clear_selection()
    desk.qtbot.mouseClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=where.center() + QPoint(0, 3))
    assert desk.view.state.span == span.id
    desk.view.clear_selection()
    for dx in (-40, 40):
        other = desk.view.hit_at(QPointF(where.center() + QPoint(dx + (where.width() // 2) * dx // 40, 3)))
        assert other.id != span.id


@TEXTS
def test_keys_move_the_edge_that_they_name(make_desk: Callable[..., Desk], text: str) -> None:
    desk = make_desk(text)
    _, second, third, fourth = words(text)[:4]
    span = desk.make(Kind.ENTITY, "Place", third)
    desk.view.select_span(span)
    before = place(desk, third)
    desk.hands.move_edge(-1, True)
    assert desk.own()[0].fragments == (desk.find(f"{third} {fourth}"),), "the left edge went to the left"
    desk.hands.move_edge(1, False)
    assert desk.own()[0].fragments == (desk.find(f"{second} {third} {fourth}"),), "the right one to the right"
    after = desk.view.from_page(desk.view.scene.rects(desk.own()[0].fragments)[0])
    assert after.left() < before.left() < before.right() < after.right()
    desk.hands.move_edge(1, True)
    desk.hands.move_edge(-1, False)
    assert desk.own()[0].fragments == (desk.find(third),)


@TEXTS
def test_an_edge_can_be_dragged(make_desk: Callable[..., Desk], text: str) -> None:
    desk = make_desk(text)
    third, fourth = words(text)[2:4]
    span = desk.make(Kind.ENTITY, "Place", third)
    desk.view.select_span(span)
    where = place(desk, third)
    desk.drag(QPoint(where.left(), where.center().y()), desk.point(fourth, at=0.2))
    assert desk.own()[0].fragments == (desk.find(f"{third} {fourth}"),)


@TEXTS
def test_relations_between_them(make_desk: Callable[..., Desk], text: str) -> None:
    desk = make_desk(text)
    actor = desk.make(Kind.ACTOR, "Actor", words(text)[1])
    claim = desk.make(Kind.CLAIM, "Claim", " ".join(words(text)[3:6]))
    desk.view.select_span(claim)
    desk.linking.relate()
    desk.press(desk.view.state.targets[actor])
    desk.press("1")
    assert desk.editor.page is not None
    (relation,) = desk.editor.page.relations.values()
    assert (relation.type, relation.head, relation.tail) == ("made_by", claim, actor)
    desk.view.grab()


@TEXTS
def test_letters_and_the_first_arrow_key_begin_right(make_desk: Callable[..., Desk], text: str) -> None:
    desk = make_desk(text)
    starts = words_in_sight(desk.view)
    assert [desk.text[start:].replace(".", " ").split()[0] for start in starts] == words(text)
    assert desk.view.first_visible() == 0
