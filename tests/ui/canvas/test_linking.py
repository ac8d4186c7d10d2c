"""Relations by keyboard: repeating, pinning, filtering, following."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt

from annotator.core.model import Kind

LONG = (
    "Rob Malley said that Iran must stop. "
    + "Nothing else happened on that day in the whole of the wide world. " * 60
    + "The minister rejected it, said Lavrov in Doha."
)


def claims_and_actors(desk: object) -> tuple[str, str, str]:
    """A claim, an actor beside it, and another one."""
    return (
        desk.make(Kind.CLAIM, "Claim", "Iran must stop the sale of drones"),  # type: ignore[attr-defined]
        desk.make(Kind.ACTOR, "Actor", "Rob Malley"),  # type: ignore[attr-defined]
        desk.make(Kind.ACTOR, "Actor", "The minister"),  # type: ignore[attr-defined]
    )


def drawn(desk: object) -> list[tuple[str, str, str]]:
    page = desk.editor.page  # type: ignore[attr-defined]
    return sorted((each.type, each.head, each.tail) for each in page.relations.values())


def test_a_relation_takes_at_most_three_keys_once_its_head_is_selected(make_desk: Callable) -> None:
    desk = make_desk(" ".join(f"Name{nth}x met" for nth in range(60)), size=(1000, 1400))
    claim = desk.make(Kind.CLAIM, "Claim", "Name0x met")
    actors = [desk.make(Kind.ACTOR, "Actor", f"Name{nth}x") for nth in range(10, 30)]
    for nth in (*range(1, 10), *range(30, 60)):
        desk.make(Kind.ENTITY, "Person", f"Name{nth}x")
    desk.view.select_span(claim)
    desk.linking.relate()
    codes = desk.view.state.targets
    assert len(codes) == 59
    assert all(len(codes[actor]) == 1 for actor in actors)  # a digit follows
    assert all(len(code) <= 2 for code in codes.values())
    everything = list(codes.values())
    assert not any(a != b and b.startswith(a) for a in everything for b in everything)


def test_shift_r_repeats_head_and_type(make_desk: Callable) -> None:
    desk = make_desk()
    claim, malley, minister = claims_and_actors(desk)
    desk.linking.repeat()
    assert desk.told[-1].startswith("Draw a relation first")
    desk.view.select_span(claim)
    desk.linking.relate()
    desk.press(desk.view.state.targets[malley] + "1")
    desk.view.clear_selection()
    desk.linking.repeat()
    assert minister in desk.view.state.targets
    desk.press(desk.view.state.targets[minister])
    assert drawn(desk) == sorted([("made_by", claim, malley), ("made_by", claim, minister)])
    assert desk.view.state.span == claim


def test_shift_r_on_a_legal_target_draws_at_once(make_desk: Callable) -> None:
    desk = make_desk()
    claim, malley, minister = claims_and_actors(desk)
    desk.view.select_span(malley)
    desk.linking.relate()
    desk.press(desk.view.state.targets[claim] + "2")
    assert drawn(desk) == [("addressed_to", claim, malley)]
    other = desk.make(Kind.CLAIM, "Claim", "rejected it")
    desk.view.select_span(other)
    desk.linking.repeat()
    assert drawn(desk) == sorted([("addressed_to", claim, malley), ("addressed_to", other, malley)])
    assert minister not in {end for each in drawn(desk) for end in each}


def test_a_pinned_head_is_linked_with_what_is_selected_far_away(make_desk: Callable) -> None:
    desk = make_desk(LONG)
    claim = desk.make(Kind.CLAIM, "Claim", "Iran must stop")
    cue = desk.make(Kind.CUE, "Cue", "said", 1)
    lavrov = desk.make(Kind.ACTOR, "Actor", "Lavrov")
    desk.view.select_span(claim)
    desk.linking.pin()
    assert desk.view.state.pinned == claim
    assert "Iran must stop" in desk.view.prompt.text()
    desk.view.select_span(cue)
    desk.linking.relate()  # one type is legal
    desk.view.select_span(lavrov)
    desk.linking.relate()
    assert desk.view.strip.isVisible()
    desk.press("2")
    assert drawn(desk) == sorted([("cued_by", claim, cue), ("addressed_to", claim, lavrov)])
    assert desk.view.state.pinned == claim
    desk.view.select_span(claim)
    desk.linking.pin()
    assert desk.view.state.pinned is None
    assert desk.view.prompt.isHidden()


def test_a_pin_follows_the_suggestion_that_drawing_accepts(make_desk: Callable) -> None:
    desk = make_desk(suggest=("Rob Malley",))
    claim = desk.make(Kind.CLAIM, "Claim", "Iran must stop the sale of drones")
    entity = desk.suggested("Rob Malley")
    desk.view.select_span(entity)
    desk.linking.pin()
    desk.view.select_span(claim)
    desk.linking.relate()
    ((type_, head, tail),) = drawn(desk)
    assert (type_, head) == ("about", claim)
    assert desk.view.state.pinned == tail != entity


def test_undoing_lets_a_pinned_span_go(make_desk: Callable) -> None:
    desk = make_desk()
    claim = desk.make(Kind.CLAIM, "Claim", "Iran must stop the sale of drones")
    desk.view.select_span(claim)
    desk.linking.pin()
    desk.editor.undo()
    assert desk.view.state.pinned is None
    desk.linking.relate()
    assert "Select a span" in desk.told[-1]


def test_slash_filters_the_targets_by_text_in_sight_or_not(make_desk: Callable) -> None:
    desk = make_desk(LONG)
    claim = desk.make(Kind.CLAIM, "Claim", "Iran must stop")
    desk.make(Kind.ACTOR, "Actor", "Rob Malley")
    minister = desk.make(Kind.ACTOR, "Actor", "The minister")
    lavrov = desk.make(Kind.ACTOR, "Actor", "Lavrov")
    desk.view.select_span(claim)
    assert desk.view.verticalScrollBar().value() == 0
    desk.linking.relate()
    assert lavrov not in desk.view.state.targets
    desk.press("/")
    assert {minister, lavrov} < set(desk.view.state.targets)
    desk.press("LAv")
    assert set(desk.view.state.targets) == {lavrov}
    assert desk.view.verticalScrollBar().value() > 0
    for _ in range(3):
        desk.key(Qt.Key.Key_Backspace)
    desk.press("m")
    assert minister in desk.view.state.targets
    assert lavrov not in desk.view.state.targets
    desk.key(Qt.Key.Key_Backspace)
    desk.press("zz")
    assert desk.view.state.targets == {}
    desk.key(Qt.Key.Key_Return)
    assert desk.view.state.drawing
    desk.key(Qt.Key.Key_Backspace)
    desk.key(Qt.Key.Key_Backspace)
    desk.press("the")
    desk.key(Qt.Key.Key_Return)
    desk.press("1")
    assert drawn(desk) == [("made_by", claim, minister)]
    assert not desk.view.state.drawing
    assert desk.view.prompt.isHidden()


def test_in_the_filter_tab_and_arrows_go_from_match_to_match(make_desk: Callable) -> None:
    desk = make_desk()
    claim, malley, minister = claims_and_actors(desk)
    desk.view.select_span(claim)
    desk.linking.relate()
    desk.press("/m")
    assert set(desk.view.state.targets) == {malley, minister}
    first = next(each for each, code in desk.view.state.targets.items() if code)
    desk.key(Qt.Key.Key_Tab)
    second = next(each for each, code in desk.view.state.targets.items() if code)
    assert {first, second} == {malley, minister}
    desk.key(Qt.Key.Key_Up)
    assert desk.view.state.targets[first]
    desk.key(Qt.Key.Key_Escape)
    assert not desk.view.state.drawing


def test_flip_right_after_drawing_and_retype_by_digit(make_desk: Callable) -> None:
    desk = make_desk()
    one = desk.make(Kind.CLAIM, "Claim", "Iran must stop the sale of drones")
    two = desk.make(Kind.CLAIM, "Claim", "The minister rejected it")
    desk.view.select_span(one)
    desk.linking.relate()
    desk.press(desk.view.state.targets[two] + "1")
    assert drawn(desk) == [("supports", one, two)]
    desk.linking.flip()
    assert drawn(desk) == [("supports", two, one)]
    desk.linking.step_relation()
    assert desk.view.state.relation is not None
    desk.linking.relate()
    assert desk.view.strip.isVisible()
    desk.press("2")
    assert drawn(desk) == [("attacks", two, one)]
    assert desk.view.strip.isHidden()
    desk.linking.relate()
    desk.key(Qt.Key.Key_Escape)
    assert drawn(desk) == [("attacks", two, one)]
    desk.linking.flip()
    assert drawn(desk) == [("attacks", one, two)]


def test_going_through_relations_and_to_their_other_ends(make_desk: Callable) -> None:
    desk = make_desk()
    claim, malley, minister = claims_and_actors(desk)
    for actor in (malley, minister):
        desk.view.select_span(claim)
        desk.linking.relate()
        desk.press(desk.view.state.targets[actor] + "1")
    desk.linking.step_relation()
    first = desk.view.state.relation
    desk.linking.step_relation()
    second = desk.view.state.relation
    assert {first, second} == set(desk.editor.page.relations)
    desk.linking.step_relation()
    assert desk.view.state.relation == first
    desk.linking.other_end()
    assert desk.view.state.span == malley
    desk.linking.other_end()
    assert desk.view.state.span == claim
    desk.linking.other_end()
    assert desk.view.state.span == malley


@pytest.mark.parametrize("action", ["relate", "repeat", "flip", "pin", "step_relation", "other_end"])
def test_with_nothing_to_do_each_says_what_to_do(make_desk: Callable, action: str) -> None:
    desk = make_desk()
    getattr(desk.linking, action)()
    assert desk.told
    assert not desk.view.state.drawing


def test_signs_at_the_edge_lead_to_the_far_end(make_desk: Callable) -> None:
    desk = make_desk(LONG)
    claim = desk.make(Kind.CLAIM, "Claim", "Iran must stop")
    lavrov = desk.make(Kind.ACTOR, "Actor", "Lavrov")
    desk.view.select_span(claim)
    desk.linking.pin()
    desk.view.select_span(lavrov)
    desk.linking.relate()
    desk.press("1")
    desk.linking.pin()
    desk.view.select_span(lavrov)
    desk.linking.pin()
    (under,) = desk.view.stubs()
    assert not under.frame.intersects(desk.view.prompt.geometry())
    desk.linking.pin()
    desk.view.select_span(claim)
    (stub,) = desk.view.stubs()
    assert stub.text == "↓ made by “Lavrov”"
    assert stub.frame.bottom() <= desk.view.viewport().height()
    desk.qtbot.mouseClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=stub.frame.center().toPoint())
    assert desk.view.state.span == lavrov
    assert desk.view.verticalScrollBar().value() > 0
    (back,) = desk.view.stubs()
    assert back.text == "↑ “Iran must stop” made by"
    desk.qtbot.mouseClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=back.frame.center().toPoint())
    assert desk.view.state.span == claim
    desk.view.clear_selection()
    assert desk.view.stubs() == []
