"""The mouse on the page: each row of the contract's table that this program has."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.core.model import Kind, Verdict
from annotator.ui.canvas.hit import handle_at

LEFT = Qt.MouseButton.LeftButton


def double_click(desk: object, point: QPoint) -> None:
    port = desk.view.viewport()  # type: ignore[attr-defined]
    QTest.mouseClick(port, LEFT, pos=point)
    QTest.mouseDClick(port, LEFT, pos=point)


def test_a_click_selects_innermost_then_outward_and_changes_nothing(make_desk: Callable) -> None:
    desk = make_desk()
    claim = desk.make(Kind.CLAIM, "Claim", "Iran must stop the sale of drones")
    entity = desk.make(Kind.ENTITY, "Place", "Iran")
    desk.view.clear_selection()
    before = desk.own()
    chosen = []
    for _ in range(3):
        QTest.mouseClick(desk.view.viewport(), LEFT, pos=desk.point("Iran"))
        chosen.append(desk.view.state.span)
    assert chosen == [entity, claim, entity]
    QTest.mouseClick(desk.view.viewport(), LEFT, pos=desk.point("Later"))
    assert desk.view.state.span is None
    assert desk.own() == before


def test_a_drag_selects_whole_words_and_a_key_labels_them(make_desk: Callable) -> None:
    desk = make_desk()
    desk.drag(desk.point("Malley", at=0.4), desk.point("envoy", at=0.4))
    assert desk.view.state.ranges == [desk.find("Malley, the envoy")]
    assert desk.view.strip.isVisible()
    desk.hands.label(desk.label("a"))
    (span,) = desk.own()
    assert (span.kind, span.fragments) == (Kind.ACTOR, (desk.find("Malley, the envoy"),))
    assert desk.view.state.span == span.id
    assert not desk.view.strip.isVisible()


def test_a_drag_from_right_to_left_selects_the_same(make_desk: Callable) -> None:
    desk = make_desk()
    desk.drag(desk.point("envoy", at=0.4), desk.point("Malley", at=0.4))
    assert desk.view.state.ranges == [desk.find("Malley, the envoy")]


def test_alt_drag_selects_characters(make_desk: Callable) -> None:
    desk = make_desk()
    start, _ = desk.find("drones")
    desk.drag(desk.point("drones", at=0.0), desk.point("drone", 1, at=1.0), Qt.KeyboardModifier.AltModifier)
    assert desk.view.state.ranges == [(start, start + 5)]


def test_esc_ends_a_drag_over_words(make_desk: Callable) -> None:
    desk = make_desk()
    port, left = desk.view.viewport(), Qt.MouseButton.LeftButton
    first, last = desk.point("Malley"), desk.point("Iran")

    def send(kind: QEvent.Type, at: QPoint, held: Qt.MouseButton) -> None:
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else left
        none = Qt.KeyboardModifier.NoModifier
        where = QPointF(port.mapToGlobal(at))
        QApplication.sendEvent(port, QMouseEvent(kind, QPointF(at), where, button, held, none))

    send(QEvent.Type.MouseButtonPress, first, left)
    send(QEvent.Type.MouseMove, last, left)
    assert desk.view.state.ranges
    desk.hands.escape()
    send(QEvent.Type.MouseMove, (first + last) / 2, left)
    send(QEvent.Type.MouseButtonRelease, last, Qt.MouseButton.NoButton)
    assert not desk.view.state.ranges
    assert not desk.view.strip.isVisible()


def test_ctrl_drag_adds_a_fragment(make_desk: Callable) -> None:
    desk = make_desk()
    desk.drag(desk.point("Rob", at=0.1), desk.point("Malley", at=0.6))
    desk.drag(desk.point("rejected", at=0.1), desk.point("it.", at=0.3), Qt.KeyboardModifier.ControlModifier)
    desk.hands.label(desk.label("c"))
    (span,) = desk.own()
    assert span.fragments == (desk.find("Rob Malley"), desk.find("rejected it"))


def test_the_strip_labels_what_was_dragged(make_desk: Callable) -> None:
    desk = make_desk()
    desk.drag(desk.point("Malley", at=0.2), desk.point("Malley", at=0.9))
    button = next(
        each for each in desk.view.strip.children() if getattr(each, "accessibleName", str)() == "Person"
    )
    QTest.mouseClick(button, LEFT)
    assert [(s.label, s.fragments) for s in desk.own()] == [("Person", (desk.find("Malley"),))]


def test_double_click_labels_a_word_with_the_armed_label(make_desk: Callable) -> None:
    desk = make_desk()
    desk.hands.label(desk.label("3"))
    assert desk.view.armed is not None
    double_click(desk, desk.point("Doha"))
    assert [(s.label, s.fragments) for s in desk.own()] == [("Place", (desk.find("Doha"),))]


def test_double_click_without_an_armed_label_only_selects(make_desk: Callable) -> None:
    desk = make_desk()
    double_click(desk, desk.point("Doha"))
    assert desk.own() == []
    assert desk.view.state.ranges == [desk.find("Doha")]


def test_double_click_accepts_a_suggestion(make_desk: Callable) -> None:
    desk = make_desk(suggest=("Rob Malley",))
    double_click(desk, desk.point("Rob Malley"))
    (span,) = desk.own()
    assert span.origin == "spacy:test-1"
    assert desk.view.state.span == span.id
    (decision,) = desk.editor.page.decisions.values()
    assert (decision.verdict, decision.made) == (Verdict.ACCEPTED, span.id)


def test_triple_click_takes_the_sentence(make_desk: Callable) -> None:
    desk = make_desk()
    point = desk.point("rejected")
    double_click(desk, point)
    QTest.mouseClick(desk.view.viewport(), LEFT, pos=point)
    assert desk.view.state.ranges == [desk.find("The minister rejected it.")]


@pytest.mark.parametrize(
    ("edge", "to", "words"),
    [(1.0, "envoy", "Malley, the envoy"), (0.0, "Rob", "Rob Malley")],
)
def test_dragging_an_edge_resizes_by_words(make_desk: Callable, edge: float, to: str, words: str) -> None:
    desk = make_desk()
    span = desk.make(Kind.ACTOR, "Actor", "Malley")
    desk.view.select_span(span)
    desk.drag(desk.point("Malley", at=edge), desk.point(to, at=0.5))
    assert desk.editor.page.spans[span].fragments == (desk.find(words),)


def test_escape_gives_up_an_edge_drag(make_desk: Callable) -> None:
    desk = make_desk()
    span = desk.make(Kind.ACTOR, "Actor", "Malley")
    desk.view.select_span(span)
    QTest.mousePress(desk.view.viewport(), LEFT, pos=desk.point("Malley", at=1.0))
    QTest.mouseMove(desk.view.viewport(), desk.point("envoy"))
    desk.key(Qt.Key.Key_Escape)
    QTest.mouseRelease(desk.view.viewport(), LEFT, pos=desk.point("envoy"))
    assert desk.editor.page.spans[span].fragments == (desk.find("Malley"),)


def handle_point(desk: object, span: str) -> QPoint:
    view = desk.view  # type: ignore[attr-defined]
    at = handle_at(view.scene, span)
    return QPoint(round(at.x() + view._left), round(at.y() - view.verticalScrollBar().value()))


def test_dragging_the_handle_draws_the_only_legal_relation_at_once(make_desk: Callable) -> None:
    desk = make_desk()
    claim = desk.make(Kind.CLAIM, "Claim", "Iran must stop the sale of drones")
    cue = desk.make(Kind.CUE, "Cue", "said")
    desk.view.select_span(claim)
    desk.drag(handle_point(desk, claim), desk.point("said"))
    (relation,) = desk.editor.page.relations.values()
    assert (relation.type, relation.head, relation.tail) == ("cued_by", claim, cue)
    assert not desk.view.state.drawing


def test_where_several_types_are_legal_a_digit_chooses(make_desk: Callable) -> None:
    desk = make_desk()
    claim = desk.make(Kind.CLAIM, "Claim", "Iran must stop the sale of drones")
    actor = desk.make(Kind.ACTOR, "Actor", "Rob Malley")
    desk.view.select_span(claim)
    desk.drag(handle_point(desk, claim), desk.point("Rob Malley"))
    assert not desk.editor.page.relations
    assert desk.view.strip.isVisible()
    desk.press("2")
    (relation,) = desk.editor.page.relations.values()
    assert (relation.type, relation.head, relation.tail) == ("addressed_to", claim, actor)


def test_an_illegal_target_takes_no_relation(make_desk: Callable) -> None:
    desk = make_desk()
    actor = desk.make(Kind.ACTOR, "Actor", "Rob Malley")
    desk.make(Kind.CUE, "Cue", "said")
    desk.view.select_span(actor)
    desk.drag(handle_point(desk, actor), desk.point("said"))
    assert not desk.editor.page.relations
    assert not desk.view.state.drawing


def test_drawing_from_an_actor_to_a_claim_makes_the_claim_the_head(make_desk: Callable) -> None:
    desk = make_desk()
    claim = desk.make(Kind.CLAIM, "Claim", "Iran must stop the sale of drones")
    actor = desk.make(Kind.ACTOR, "Actor", "Rob Malley")
    desk.view.select_span(actor)
    desk.drag(handle_point(desk, actor), desk.point("must"))
    desk.press("1")
    (relation,) = desk.editor.page.relations.values()
    assert (relation.type, relation.head, relation.tail) == ("made_by", claim, actor)


def test_a_relation_to_a_suggestion_accepts_it(make_desk: Callable) -> None:
    desk = make_desk(suggest=("Doha",))
    claim = desk.make(Kind.CLAIM, "Claim", "Iran must stop the sale of drones")
    desk.view.select_span(claim)
    desk.drag(handle_point(desk, claim), desk.point("Doha"))
    (relation,) = desk.editor.page.relations.values()
    assert relation.type == "about"
    assert desk.editor.page.spans[relation.tail].origin == "spacy:test-1"


def test_clicking_an_arc_selects_the_relation(make_desk: Callable) -> None:
    from annotator.ui.canvas.margin_places import arc_x, line_middle

    desk = make_desk()
    first = desk.make(Kind.CLAIM, "Claim", "Iran must stop the sale of drones")
    second = desk.make(Kind.CLAIM, "Claim", "he denied it")
    desk.view.select_span(first)
    desk.drag(handle_point(desk, first), desk.point("he denied it"))
    desk.press("1")
    (relation,) = desk.editor.page.relations.values()
    assert relation.tail == second
    view = desk.view
    link = view.scene.links[relation.id]
    middle = (line_middle(view.scene, link, head=True) + line_middle(view.scene, link, head=False)) / 2
    x = arc_x(view.scene, relation.id) + view._left
    QTest.mouseClick(
        view.viewport(), LEFT, pos=QPoint(round(x), round(middle - view.verticalScrollBar().value()))
    )
    assert view.state.relation == relation.id


def test_emoji_before_the_words_do_not_shift_the_mouse(make_desk: Callable) -> None:
    desk = make_desk("😀😀😀 Smith met 😀 Jones\u00a0today\u2028then e\u0301te\u0301 left")
    double_click(desk, desk.point("Jones"))
    assert desk.view.state.ranges == [desk.find("Jones")]
    double_click(desk, desk.point("left"))
    assert desk.view.state.ranges == [desk.find("left")]
    QApplication.processEvents()


def test_a_drag_held_at_the_edge_goes_on_scrolling(make_desk: Callable) -> None:
    desk = make_desk("Rob Malley said no. " + "And so on and on it goes in the world. " * 200)
    bar, port = desk.view.verticalScrollBar(), desk.view.viewport()
    edge = QPoint(port.width() // 2, port.height() - 4)
    desk.qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=desk.point("Malley"))
    move = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(edge), QPointF(port.mapToGlobal(edge)), Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(port, move)
    (first,) = desk.view.state.ranges
    desk.qtbot.waitUntil(lambda: bar.value() > 200)
    (later,) = desk.view.state.ranges
    assert later[0] == first[0]
    assert later[1] > first[1]
    desk.qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=edge)
    value = bar.value()
    desk.qtbot.wait(60)
    assert bar.value() == value
