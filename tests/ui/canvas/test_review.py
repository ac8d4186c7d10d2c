"""Going through suggestions, proposing more of them, and finding labels by keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from annotator.core.model import Kind
from annotator.core.records import replace

MANY = "Iran said no. Iran said yes. Doha is far. iran left and Iran came. Iran"


def test_least_certain_first_goes_by_confidence_and_on_from_there(make_desk: Callable) -> None:
    desk = make_desk(suggest=("Rob Malley", "Iran", "Acme Corp", "Doha"))
    page = desk.editor.page
    sure = {"Rob Malley": 0.9, "Iran": 0.4, "Acme Corp": 0.6, "Doha": 0.5}
    page.replace_suggestions(
        [
            replace(each, confidence=sure[desk.text[each.start : each.end]])
            for each in page.suggestions.values()
        ],
        [],
    )
    desk.view.refresh_suggestions()
    desk.review.least_certain_first = True
    desk.review.step(1)
    assert desk.view.state.span == desk.suggested("Iran")
    desk.review.step(1)
    assert desk.view.state.span == desk.suggested("Doha")
    desk.review.reject()
    assert desk.view.state.span == desk.suggested("Acme Corp")
    desk.review.accept()
    assert desk.view.state.span == desk.suggested("Rob Malley")
    desk.review.accept()
    assert desk.view.state.span == desk.suggested("Iran")


def test_g_proposes_the_other_places_and_tab_goes_to_them(make_desk: Callable) -> None:
    desk = make_desk(MANY)
    desk.review.propose()
    assert "Select a label first" in desk.told[-1]
    span = desk.make(Kind.ENTITY, "Place", "Iran")
    desk.view.select_span(span)
    desk.review.propose()
    assert "3 suggestions" in desk.told[-1]
    assert sum(mark.suggested for mark in desk.view.scene.marks.values()) == 3
    desk.review.propose()
    assert "nowhere else" in desk.told[-1]
    desk.review.propose(False)
    assert "1 suggestion " in desk.told[-1]
    desk.review.step(1)
    chosen = desk.view.scene.marks[desk.view.state.span]
    assert chosen.start == MANY.index("Iran", 5)
    assert len(desk.view.state.alike) == 3  # “iran” is written otherwise
    desk.editor.undo()
    desk.editor.undo()
    assert not any(mark.suggested for mark in desk.view.scene.marks.values())
    assert desk.view.state.alike == frozenset()


def test_letters_select_labels_and_a_slash_finds_one_by_its_text(make_desk: Callable) -> None:
    desk = make_desk()
    desk.hands.select_by_hint()
    assert desk.told[-1] == "Nothing is labelled yet."
    doha = desk.make(Kind.ENTITY, "Place", "Doha")
    malley = desk.make(Kind.ACTOR, "Actor", "Rob Malley")
    desk.hands.select_by_hint()
    desk.press(desk.view.state.targets[doha])
    assert desk.view.state.span == doha
    desk.hands.select_by_hint()
    assert doha not in desk.view.state.targets
    desk.press("/mall")
    desk.key(Qt.Key.Key_Return)
    assert desk.view.state.span == malley
    assert desk.view.state.targets == {}
    desk.hands.select_by_hint()
    desk.key(Qt.Key.Key_Escape)
    assert desk.view.state.span == malley
    assert desk.view.prompt.isHidden()


def test_stepping_over_labels_and_outward(make_desk: Callable) -> None:
    desk = make_desk()
    claim = desk.make(Kind.CLAIM, "Claim", "Iran must stop the sale of drones")
    iran = desk.make(Kind.ENTITY, "Place", "Iran")
    doha = desk.make(Kind.ENTITY, "Place", "Doha")
    seen = []
    for _ in range(4):
        desk.hands.step_label(1)
        seen.append(desk.view.state.span)
    assert seen == [claim, iran, doha, claim]
    desk.hands.step_label(-1)
    assert desk.view.state.span == doha
    desk.view.select_ranges([desk.find("Iran")])
    desk.hands.outward()
    assert desk.view.state.span == iran
    desk.hands.outward()
    assert desk.view.state.span == claim
    desk.hands.outward()
    assert desk.view.state.span == iran


def test_fragments_by_keys_for_a_new_label_and_for_one_that_is_there(make_desk: Callable) -> None:
    desk = make_desk()
    desk.view.select_ranges([desk.find("Rob")])
    desk.hands.hold_fragment()
    desk.hands.move(1)
    desk.hands.move(1)
    desk.hands.move(1)
    desk.hands.move(1, True)
    assert desk.view.state.ranges == [desk.find("Rob"), desk.find("the envoy")]
    desk.hands.label(desk.label("a"))
    (span,) = desk.own()
    assert span.fragments == (desk.find("Rob"), desk.find("the envoy"))
    desk.hands.hold_fragment()
    for _ in range(2):
        desk.hands.move(1)
    assert desk.view.state.ranges[-1] == desk.find("said")
    assert desk.hands.take_fragments()
    (span,) = desk.own()
    assert span.fragments == (desk.find("Rob"), desk.find("the envoy"), desk.find("said"))
    assert desk.view.state.span == span.id
    assert not desk.hands.take_fragments()


def test_held_fragments_are_forgotten_when_something_else_is_selected(make_desk: Callable) -> None:
    desk = make_desk()
    desk.view.select_ranges([desk.find("Rob")])
    desk.hands.hold_fragment()
    desk.view.select_ranges([desk.find("Doha")])
    desk.hands.move(-1)
    start, _ = desk.find("in Doha")
    assert desk.view.state.ranges == [(start, start + 2)]
    assert not desk.hands.take_fragments()


def test_edges_by_a_character(make_desk: Callable) -> None:
    desk = make_desk()
    span = desk.make(Kind.ACTOR, "Actor", "Malley")
    desk.view.select_span(span)
    desk.hands.move_edge(1, True, True)
    desk.hands.move_edge(-1, False, True)
    assert desk.own()[0].fragments == (desk.find("alle"),)
    for _ in range(6):
        desk.hands.move_edge(1, True, True)
    end = desk.find("alle")[1]
    assert desk.own()[0].fragments == ((end - 1, end),)


def test_ctrl_drag_adds_a_fragment_to_the_selected_label(make_desk: Callable) -> None:
    desk = make_desk()
    span = desk.make(Kind.ACTOR, "Actor", "Rob Malley")
    desk.view.select_span(span)
    desk.drag(desk.point("envoy", at=0.05), desk.point("envoy", at=0.95), Qt.KeyboardModifier.ControlModifier)
    assert desk.own()[0].fragments == (desk.find("Rob Malley"), desk.find("envoy"))
    assert desk.view.state.span == span


def test_an_armed_label_shows_what_a_double_click_would_label(make_desk: Callable) -> None:
    desk = make_desk()
    at = desk.point("envoy")
    desk.hands.label(desk.label("a"))
    plain = desk.view.grab().toImage()
    desk.qtbot.mouseMove(desk.view.viewport(), at)
    assert desk.view.state.hover_range == desk.find("envoy")
    assert desk.view.grab().toImage() != plain
    desk.view.arm(None)
    assert desk.view.state.hover_range is None


def test_letters_select_a_word_and_stretch_the_selection_to_another(make_desk: Callable) -> None:
    desk = make_desk()
    desk.hands.word_by_hint()
    codes = desk.view.state.words
    assert {desk.find(words)[0] for words in ("Envoy", "Rob", "😀 told"[2:], "Doha")} <= set(codes)
    assert desk.find("😀")[0] not in codes
    assert not any(a != b and b.startswith(a) for a in codes.values() for b in codes.values())
    desk.press(codes[desk.find("Rob")[0]])
    assert desk.view.state.ranges == [desk.find("Rob")]
    assert desk.view.state.words == {}
    desk.hands.word_by_hint(True)
    desk.press(desk.view.state.words[desk.find("envoy")[0]].upper())
    assert desk.view.state.ranges == [desk.find("Rob Malley, the envoy")]
    desk.hands.word_by_hint(True)
    desk.press(desk.view.state.words[desk.find("drone")[0]])
    assert desk.view.state.ranges == [(desk.find("drone")[0], desk.find("envoy,")[1] - 1)]
    desk.hands.word_by_hint()
    desk.key(Qt.Key.Key_Escape)
    assert desk.view.state.words == {}
    assert desk.view.prompt.isHidden()


def test_a_word_choice_is_given_up_by_a_click_and_by_leaving_the_article(make_desk: Callable) -> None:
    desk = make_desk()
    desk.hands.word_by_hint()
    desk.qtbot.mouseClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=desk.point("Doha"))
    assert desk.view.state.words == {}
    desk.hands.word_by_hint()
    desk.view.set_page(desk.editor.open("a1"), desk.project.codebook)
    assert desk.view.state.words == {}
    assert desk.view.prompt.isHidden()


def test_plus_after_a_change_of_mind_leaves_the_label_alone(make_desk: Callable) -> None:
    desk = make_desk()
    span = desk.make(Kind.ENTITY, "Person", "Rob Malley")
    desk.view.select_span(span)
    desk.hands.hold_fragment()
    desk.view.select_ranges([desk.find("minister rejected")])
    desk.hands.hold_fragment()
    desk.hands.move(1)
    assert not desk.hands.take_fragments()
    assert desk.own()[0].fragments == (desk.find("Rob Malley"),)


def test_one_choice_begun_during_another_leaves_nothing_behind(make_desk: Callable) -> None:
    desk = make_desk()
    desk.make(Kind.ACTOR, "Actor", "Rob Malley")
    claim = desk.make(Kind.CLAIM, "Claim", "Iran must stop")
    begin = [desk.linking.relate, desk.hands.select_by_hint, desk.hands.word_by_hint, desk.linking.repeat]
    for one in begin:
        for other in begin:
            desk.view.select_span(claim)
            one()
            other()
            desk.key(Qt.Key.Key_Escape)
            state = desk.view.state
            assert (state.source, state.targets, state.words) == (None, {}, {})
            assert desk.view.prompt.isHidden()


def test_the_prompt_stays_when_the_page_scrolls(make_desk: Callable) -> None:
    desk = make_desk(MANY * 60)
    span = desk.make(Kind.ENTITY, "Place", "Iran")
    desk.view.select_span(span)
    desk.linking.pin()
    desk.view.clear_selection()
    place = desk.view.prompt.geometry()
    desk.view.verticalScrollBar().setValue(300)
    assert desk.view.prompt.geometry() == place


def test_an_edge_let_go_after_its_label_is_gone(make_desk: Callable) -> None:
    desk = make_desk()
    span = desk.make(Kind.ACTOR, "Actor", "Rob Malley")
    desk.view.select_span(span)
    port = desk.view.viewport()
    at = desk.point("Malley", at=1.0)
    desk.qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=at)
    desk.editor.undo()
    desk.qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=at)
    assert desk.own() == []
