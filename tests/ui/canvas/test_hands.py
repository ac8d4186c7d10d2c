"""The keyboard on the page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from annotator.core.model import Kind, Verdict


def label(desk: object, key: str, *, on_top: bool = False) -> None:
    desk.hands.label(desk.label(key), on_top=on_top)  # type: ignore[attr-defined]


def test_arrows_move_by_words_and_shift_extends(make_desk: Callable) -> None:
    desk = make_desk()
    desk.view.select_ranges([desk.find("Rob")])
    desk.hands.move(1)
    assert desk.view.state.ranges == [desk.find("Malley")]
    desk.hands.move(1, True)
    desk.hands.move(1, True)
    assert desk.view.state.ranges == [desk.find("Malley, the")]
    desk.hands.move(-1, True)
    assert desk.view.state.ranges == [desk.find("Malley,")]
    desk.hands.move(-1)
    assert desk.view.state.ranges == [desk.find("Rob")]


def test_ctrl_arrows_move_by_sentences(make_desk: Callable) -> None:
    desk = make_desk()
    desk.view.select_ranges([desk.find("Malley")])
    desk.hands.move_sentence(1)
    first = desk.find("Rob Malley, the envoy, said that Iran must stop the sale of drones.")
    assert desk.view.state.ranges == [first]
    desk.hands.move_sentence(1)
    assert desk.view.state.ranges == [desk.find("The minister rejected it.")]
    desk.hands.move_sentence(-1, True)
    assert desk.view.state.ranges == [(first[0], desk.find("rejected it.")[1])]


def test_the_first_arrow_starts_at_the_top_of_the_page(make_desk: Callable) -> None:
    desk = make_desk()
    desk.hands.move(1)
    assert desk.view.state.ranges == [desk.find("Envoy")]


def test_a_label_key_relabels_the_selected_span(make_desk: Callable) -> None:
    desk = make_desk()
    span = desk.make(Kind.ENTITY, "Place", "Doha")
    desk.view.select_span(span)
    label(desk, "2")
    assert [(s.id, s.label) for s in desk.own()] == [(span, "Organization")]


def test_with_shift_it_adds_one_over_the_same_words(make_desk: Callable) -> None:
    desk = make_desk()
    span = desk.make(Kind.ENTITY, "Person", "Rob Malley")
    desk.view.select_span(span)
    label(desk, "a", on_top=True)
    assert sorted(s.label for s in desk.own()) == ["Actor", "Person"]
    assert desk.editor.page.spans[desk.view.state.span].kind == Kind.ACTOR


def test_a_second_press_disarms(make_desk: Callable) -> None:
    desk = make_desk()
    label(desk, "c")
    assert desk.view.armed is not None
    label(desk, "c")
    assert desk.view.armed is None


def test_edge_keys_move_the_edges(make_desk: Callable) -> None:
    desk = make_desk()
    span = desk.make(Kind.ACTOR, "Actor", "Malley")
    desk.view.select_span(span)
    desk.hands.move_edge(-1, True)
    assert desk.editor.page.spans[span].fragments == (desk.find("Rob Malley"),)
    desk.hands.move_edge(1, False)
    assert desk.editor.page.spans[span].fragments == (desk.find("Rob Malley,"),)
    desk.hands.move_edge(-1, False)
    desk.hands.move_edge(1, True)
    desk.hands.move_edge(1, True)
    assert desk.editor.page.spans[span].fragments == (desk.find("Malley"),)


def test_tab_goes_round_the_suggestions_and_enter_accepts(make_desk: Callable) -> None:
    desk = make_desk(suggest=("Rob Malley", "Iran", "Doha"))
    desk.review.step(1)
    assert desk.view.state.span == desk.suggested("Rob Malley")
    desk.review.accept()
    assert desk.view.state.span == desk.suggested("Iran")
    desk.review.reject()
    assert desk.view.state.span == desk.suggested("Doha")
    desk.review.step(-1)
    assert desk.view.state.span == desk.suggested("Doha")
    label(desk, "3")
    assert [(s.label, s.fragments) for s in desk.own()] == [
        ("Person", (desk.find("Rob Malley"),)),
        ("Place", (desk.find("Doha"),)),
    ]
    verdicts = {d.suggestion: d.verdict for d in desk.editor.page.decisions.values()}
    assert verdicts[desk.suggested("Iran")] == Verdict.REJECTED
    assert verdicts[desk.suggested("Doha")] == Verdict.CHANGED
    assert desk.told[-1] == "Every suggestion in this article is decided."


def test_r_and_a_hint_letter_and_a_digit_draw_a_relation(make_desk: Callable) -> None:
    desk = make_desk()
    claim = desk.make(Kind.CLAIM, "Claim", "Iran must stop the sale of drones")
    actor = desk.make(Kind.ACTOR, "Actor", "Rob Malley")
    desk.make(Kind.CUE, "Cue", "said")
    desk.view.select_span(claim)
    desk.linking.relate()
    assert set(desk.view.state.targets) == {s.id for s in desk.own()} - {claim}
    desk.press(desk.view.state.targets[actor])
    desk.press("1")
    (relation,) = desk.editor.page.relations.values()
    assert (relation.type, relation.head, relation.tail) == ("made_by", claim, actor)
    assert desk.view.state.span == claim


def test_hints_stand_on_legal_targets_only(make_desk: Callable) -> None:
    desk = make_desk()
    actor = desk.make(Kind.ACTOR, "Actor", "Rob Malley")
    other = desk.make(Kind.ACTOR, "Actor", "The minister")
    desk.make(Kind.CUE, "Cue", "said")
    desk.make(Kind.ENTITY, "Place", "Doha")
    desk.view.select_span(actor)
    desk.linking.relate()
    assert set(desk.view.state.targets) == {other}
    desk.key(Qt.Key.Key_Escape)
    assert not desk.view.state.drawing
    assert not desk.editor.page.relations


def test_delete_takes_the_span_and_its_relations_and_undo_brings_both_back(make_desk: Callable) -> None:
    desk = make_desk()
    claim = desk.make(Kind.CLAIM, "Claim", "Iran must stop the sale of drones")
    desk.make(Kind.CUE, "Cue", "said")
    desk.view.select_span(claim)
    desk.linking.relate()
    desk.press("a")
    assert len(desk.editor.page.relations) == 1
    desk.view.select_span(claim)
    desk.hands.delete()
    assert not desk.editor.page.relations
    assert [s.kind for s in desk.own()] == [Kind.CUE]
    desk.editor.undo()
    assert len(desk.editor.page.relations) == 1
    assert claim in desk.editor.page.spans
    assert claim in desk.view.scene.marks


def test_a_deleted_accepted_suggestion_does_not_come_back(make_desk: Callable) -> None:
    desk = make_desk(suggest=("Doha",))
    desk.review.step(1)
    desk.review.accept()
    desk.view.select_span(desk.own()[0].id)
    desk.hands.delete()
    assert desk.own() == []
    assert desk.editor.page.open_suggestions() == []


def test_escape_steps_back(make_desk: Callable) -> None:
    desk = make_desk()
    label(desk, "c")
    desk.view.select_ranges([desk.find("Doha")])
    desk.hands.escape()
    assert desk.view.state.ranges == []
    assert desk.view.armed is not None
    desk.hands.escape()
    assert desk.view.armed is None


def test_furniture_is_toggled_for_the_paragraph(make_desk: Callable) -> None:
    desk = make_desk()
    desk.view.select_ranges([desk.find("Something")])
    desk.hands.toggle_furniture()
    assert desk.editor.page.article.furniture == (desk.find("Also Read: Something else"),)
    desk.hands.toggle_furniture()
    assert desk.editor.page.article.furniture == ()


def test_labelling_does_not_move_the_text_under_the_eye(make_desk: Callable) -> None:
    desk = make_desk()
    before = [paragraph.y for paragraph in desk.view.scene.paragraphs]
    desk.make(Kind.ENTITY, "Person", "Rob Malley")
    desk.make(Kind.CLAIM, "Claim", "Iran must stop the sale of drones")
    desk.make(Kind.CUE, "Cue", "said")
    assert [paragraph.y for paragraph in desk.view.scene.paragraphs] == before
