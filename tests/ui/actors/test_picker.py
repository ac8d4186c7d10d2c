"""Linking actors on the page by keyboard and mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.core.model import Kind

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_one_key_and_enter_link_an_actor_with_what_is_proposed(room: Any) -> None:
    span = room.make("Malley", 1)
    picker = room.ask(span)
    assert picker.isVisible()
    assert picker.field.hasFocus()
    assert room.lines() == ["Rob Malley", "New actor record “Malley”"]
    assert picker.lines.lines[0].proposed
    assert picker.lines.lines[0].alias == "Malley"
    room.key(Qt.Key.Key_Return)
    assert room.linked(span) == "r-malley"
    assert room.window.canvas.hasFocus()
    assert room.window.canvas.state.span == span
    room.window.bench.undo()
    assert room.linked(span) is None


def test_typing_finds_by_alias_and_what_was_linked_lately_is_offered_first(room: Any) -> None:
    room.ask(room.make("Rob Malley"))
    room.key(Qt.Key.Key_Return)
    room.ask(room.make("Iran"))
    room.press("isl")
    assert room.lines()[0] == "Iran"
    assert room.picker.lines.lines[0].alias == "Islamic Republic"
    assert room.lines()[-1] == "New actor record “isl”"
    room.key(Qt.Key.Key_Return)
    last = room.make("came back")
    room.ask(last)
    assert room.lines()[:2] == ["Iran", "Rob Malley"]
    room.key(Qt.Key.Key_Down)
    room.key(Qt.Key.Key_Return)
    assert room.linked(last) == "r-malley"


def test_escape_leaves_everything_as_it_is(room: Any) -> None:
    span = room.make("Malley", 1)
    room.ask(span)
    room.press("ir")
    room.key(Qt.Key.Key_Escape)
    assert room.window.identities.picker is None or not room.picker.isVisible()
    assert room.window.canvas.hasFocus()
    assert room.linked(span) is None
    assert room.window.canvas.state.span == span


def test_a_click_elsewhere_closes_the_panel(room: Any) -> None:
    picker = room.ask(room.make("Malley", 1))
    room.window.articles.search.setFocus()
    QApplication.processEvents()
    assert not room.window.articles.search.isHidden()
    assert room.window.articles.search.hasFocus()
    assert not _is_visible(picker)


def _is_visible(widget: Any) -> bool:
    try:
        return bool(widget.isVisible())
    except RuntimeError:  # it is gone altogether
        return False


def test_a_new_record_is_made_in_place_with_the_type_that_tab_chooses(room: Any) -> None:
    room.make("Iran", kind=Kind.ENTITY, label="Place")
    span = room.make("that Iran")
    room.ask(span)
    room.press("Teheran")
    line = room.picker.lines.lines[-1]
    assert (line.record, line.name, line.type) == (None, "Teheran", "state")
    room.key(Qt.Key.Key_Tab)
    assert room.picker.types["group"].isChecked() or room.picker.types["state"].isChecked()
    while not room.picker.types["organization"].isChecked():
        room.key(Qt.Key.Key_Tab)
    room.key(Qt.Key.Key_Return)
    made = room.actors.registry.records[room.linked(span)]
    assert (made.name, made.type) == ("Teheran", "organization")
    room.window.bench.undo()
    assert room.linked(span) is None
    assert made.id not in room.actors.registry.records


def test_a_new_record_has_no_article_in_its_name_and_a_fitting_type(room: Any) -> None:
    room.window.bench.open_article("a2")
    span = room.make("the Students' Union")
    room.ask(span)
    room.key(Qt.Key.Key_Return)
    made = room.actors.registry.records[room.linked(span)]
    assert (made.name, made.type) == ("Students' Union", "organization")


def test_a_new_record_by_mouse(room: Any) -> None:
    span = room.make("came back")
    picker = room.ask(span)
    picker.view.selectRow(len(picker.lines.lines) - 1)
    QApplication.processEvents()
    QTest.mouseClick(picker.types["group"], Qt.MouseButton.LeftButton)
    index = picker.lines.index(len(picker.lines.lines) - 1, 0)
    where = picker.view.visualRect(index).center()
    QTest.mouseClick(picker.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    made = room.actors.registry.records[room.linked(span)]
    assert (made.name, made.type) == ("came back", "group")


def test_all_mentions_of_the_article_are_linked_at_once(room: Any) -> None:
    spans = [room.make("Malley", nth) for nth in (1, 2)]
    other = room.make("Rob Malley")
    picker = room.ask(spans[0])
    assert picker.here.text() == "Link all 2 here"
    room.key(Qt.Key.Key_Return, CONTROL)
    assert [room.linked(each) for each in spans] == ["r-malley"] * 2
    assert room.linked(other) is None
    room.window.bench.undo()
    assert [room.linked(each) for each in spans] == [None, None]


def test_a_new_record_for_all_mentions_is_one_edit(room: Any) -> None:
    spans = [room.make("Malley", nth) for nth in (1, 2)]
    room.ask(spans[0])
    room.press("Somebody else")
    room.key(Qt.Key.Key_Return, CONTROL)
    (made,) = {room.linked(each) for each in spans}
    assert room.actors.registry.records[made].name == "Somebody else"
    room.window.bench.undo()
    assert made not in room.actors.registry.records
    assert [room.linked(each) for each in spans] == [None, None]


def test_in_the_project_the_count_comes_first_and_one_undo_takes_all_back(room: Any) -> None:
    room.window.bench.open_article("a2")
    there = room.make("Malley")
    room.window.bench.open_article("a1")
    here = room.make("Malley", 1)
    picker = room.ask(here)
    room.key(Qt.Key.Key_Return, CONTROL | SHIFT)
    assert "Link 2 × “Malley” to Rob Malley in 2 articles?" in picker.said.text()
    assert room.linked(here) is None
    room.key(Qt.Key.Key_Return, CONTROL | SHIFT)
    assert room.linked(here) == "r-malley"
    assert room.actors.mention_counts() == {"r-malley": 2}
    room.window.bench.open_article("a2")
    assert room.linked(there) == "r-malley"
    room.window.bench.undo()
    assert room.actors.mention_counts() == {}


def test_the_question_is_forgotten_when_another_line_is_chosen(room: Any) -> None:
    here = room.make("Malley", 1)
    picker = room.ask(here)
    room.key(Qt.Key.Key_Return, CONTROL | SHIFT)
    assert "Link 1 × “Malley” to Rob Malley in 1 article?" in picker.said.text()
    room.key(Qt.Key.Key_Down)
    assert not picker.said.isVisible(), "it asked about another record"
    room.key(Qt.Key.Key_Up)
    room.key(Qt.Key.Key_Return, CONTROL | SHIFT)
    assert picker.isVisible(), "it asks again"
    assert picker.said.isVisible()
    assert room.linked(here) is None
    room.key(Qt.Key.Key_Return, CONTROL | SHIFT)
    assert room.linked(here) == "r-malley"


def test_backspace_in_the_empty_field_unlinks(room: Any) -> None:
    span = room.make("Malley", 1)
    room.ask(span)
    room.key(Qt.Key.Key_Backspace)
    assert room.picker.isVisible(), "nothing is linked yet"
    room.key(Qt.Key.Key_Return)
    room.ask(span)
    assert room.picker.unlink.isVisible()
    room.press("x")
    room.key(Qt.Key.Key_Backspace)
    assert room.linked(span) == "r-malley"
    room.key(Qt.Key.Key_Backspace)
    assert room.linked(span) is None


def test_linking_a_suggestion_accepts_it(make_room: Callable[..., Any]) -> None:
    room = make_room(suggest="Malley left")
    room.ask("s1")
    room.press("malley")
    room.key(Qt.Key.Key_Return)
    (span,) = room.page.spans.values()
    assert (span.suggestion, span.actor) == ("s1", "r-malley")
    assert room.window.canvas.state.span == span.id


def test_what_is_proposed_is_accepted_by_one_key(make_room: Callable[..., Any]) -> None:
    room = make_room(suggest="Rob Malley")
    room.select("s1")
    row = room.window.inspector.span_view.actor_row
    assert row.proposal.text() == "Rob Malley?"
    assert row.proposal.dashed
    room.key(Qt.Key.Key_I, SHIFT)
    (span,) = room.page.spans.values()
    assert span.actor == "r-malley"
    room.settle()
    assert row.name.text() == "Rob Malley"
    assert "Malley" in row.more.text()
    assert row.accept.isHidden() or not row.accept.isVisible()


def test_not_this_one_is_remembered_and_undone(room: Any) -> None:
    span = room.make("Malley", 1)
    room.select(span)
    row = room.window.inspector.span_view.actor_row
    assert row.proposal.isVisible()
    QTest.mouseClick(row.refuse, Qt.MouseButton.LeftButton)
    room.settle()
    assert not row.proposal.isVisible()
    room.window.bench.undo()
    room.settle()
    assert row.proposal.isVisible()


def test_only_an_actor_is_linked(room: Any) -> None:
    room.select(room.make("Iran", kind=Kind.ENTITY, label="Place"))
    room.press("i")
    assert room.window.identities.picker is None
    assert not room.window.inspector.span_view.actor_row.isVisible()


def test_the_page_shows_who_is_linked_and_who_could_be(room: Any) -> None:
    first, second, other = room.make("Malley", 1), room.make("Malley", 2), room.make("came back")
    marks = room.window.canvas.scene.marks
    assert [marks[each].text for each in (first, second, other)] == ["actor?", "actor?", "actor"]
    room.ask(first)
    room.key(Qt.Key.Key_Return)
    room.settle()
    assert [marks[each].text for each in (first, second, other)] == ["actor •", "actor?", "actor"]
    room.ask(other)
    room.key(Qt.Key.Key_Tab)
    room.key(Qt.Key.Key_Return)
    room.actors.delete("r-malley", unlink=True)
    room.settle()
    assert [marks[each].text for each in (first, second, other)] == ["actor", "actor", "actor •"]
