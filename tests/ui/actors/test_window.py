"""The Actors window: records, mentions, merging and splitting, beside the main window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.core.model import ActorRecord, Alias, Property
from annotator.ui.actors.picker import ActorPicker
from annotator.ui.actors.record_list import Order
from annotator.ui.theme import dark

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def click(widget: Any) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def names(dialog: Any) -> list[str]:
    return [each.record.name for each in dialog.model.lines]


@pytest.fixture
def linked(room: Any) -> Any:
    """Mentions in two articles: Rob Malley three times, Iran once."""
    room.window.bench.open_article("a2")
    room.actors.link([room.make("Malley")], "r-malley")
    room.window.bench.open_article("a1")
    room.actors.link([room.make("Rob Malley"), room.make("Malley", 1)], "r-malley")
    room.actors.link([room.make("Iran")], "r-iran")
    return room


def test_the_list_has_every_record_and_can_be_sorted_and_searched(linked: Any) -> None:
    dialog = linked.open_actors()
    assert [(each.record.name, each.mentions) for each in dialog.model.lines] == [
        ("Rob Malley", 3),
        ("Iran", 1),
    ]
    click(dialog.orders[Order.NAME])
    assert names(dialog) == ["Iran", "Rob Malley"]
    QTest.keyClicks(dialog.search, "islamic")
    assert names(dialog) == ["Iran"]
    assert dialog.page.form.name.text() == "Iran"
    QTest.keyClicks(dialog.search, "zzzz")
    assert names(dialog) == []
    assert dialog.nothing.isVisible()


def test_a_field_gives_one_edit_when_it_is_left(linked: Any) -> None:
    dialog = linked.open_actors()
    dialog.go_to("r-malley")
    form = dialog.page.form
    form.name.setFocus()
    form.name.selectAll()
    QTest.keyClicks(form.name, "Robert Malley")
    assert linked.actors.registry.records["r-malley"].name == "Rob Malley"
    form.external_id.setFocus()
    QApplication.processEvents()
    assert linked.actors.registry.records["r-malley"].name == "Robert Malley"
    assert names(dialog)[0] == "Robert Malley"
    linked.window.bench.undo()
    QApplication.processEvents()
    assert form.name.text() == "Rob Malley"
    assert names(dialog)[0] == "Rob Malley"


def test_an_empty_name_is_not_taken(linked: Any) -> None:
    dialog = linked.open_actors()
    dialog.go_to("r-iran")
    dialog.page.form.name.clear()
    QTest.keyClick(dialog.page.form.name, Qt.Key.Key_Return)
    assert dialog.page.form.name.text() == "Iran"
    assert linked.actors.registry.records["r-iran"].name == "Iran"


def test_aliases_and_dated_attributes_come_and_go(linked: Any) -> None:
    dialog = linked.open_actors()
    dialog.go_to("r-malley")
    form = dialog.page.form
    click(form.add_alias)
    row = form.aliases[-1]
    assert row.name.hasFocus()
    QTest.keyClicks(row.name, "Bob")
    row.language.setFocus()
    QTest.keyClicks(row.language, "EN")
    form.name.setFocus()
    QApplication.processEvents()
    record = linked.actors.registry.records["r-malley"]
    assert record.aliases == (Alias("Malley", "en"), Alias("Bob", "en"))
    click(form.aliases[0].remove)
    assert linked.actors.registry.records["r-malley"].aliases == (Alias("Bob", "en"),)
    held = form.properties[0]
    held.until.setFocus()
    QTest.keyClicks(held.until.edit, "2023-6-9")
    form.name.setFocus()
    QApplication.processEvents()
    assert linked.actors.registry.records["r-malley"].properties == (
        Property(name="party", value="Democrats", since="2001-01-01", until="2023-06-09"),
    )
    click(form.add_property["party"])
    added = form.properties[-1]
    QTest.keyClicks(added.field.edit, "None")
    QTest.keyClick(added.field.edit, Qt.Key.Key_Return)
    assert len(linked.actors.registry.records["r-malley"].properties) == 2
    click(form.properties[0].remove)
    assert [each.value for each in linked.actors.registry.records["r-malley"].properties] == ["None"]


def test_a_wrong_day_is_told_and_not_saved(linked: Any) -> None:
    dialog = linked.open_actors()
    dialog.go_to("r-malley")
    until = dialog.page.form.properties[0].until
    until.setFocus()
    QTest.keyClicks(until.edit, "June")
    dialog.page.form.name.setFocus()
    QApplication.processEvents()
    assert until.problem.isVisible()
    assert linked.actors.registry.records["r-malley"].properties[0].until == ""


def test_a_mention_that_the_window_would_cover_is_seen_all_the_same(linked: Any) -> None:
    dialog = linked.open_actors()
    dialog.go_to("r-malley")
    dialog.move(linked.window.canvas.mapToGlobal(QPoint(0, 0)))
    dialog.page.mention_view.setFocus()
    dialog.page.mention_view.selectRow(2)
    QTest.keyClick(dialog.page.mention_view, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert linked.page.article.id == "a2"
    assert not dialog.isVisible()
    assert linked.window.notices._said.isVisible()
    linked.open_actors()
    assert linked.window.identities.dialog is dialog
    assert dialog.isVisible()
    assert dialog.shown == "r-malley"


def test_a_mention_is_gone_to_in_its_article(linked: Any) -> None:
    dialog = linked.open_actors()
    dialog.move(linked.window.frameGeometry().bottomRight())
    dialog.go_to("r-malley")
    mentions = dialog.page.mentions.mentions
    assert [(each.article, each.words) for each in mentions] == [
        ("a1", "Rob Malley"),
        ("a1", "Malley"),
        ("a2", "Malley"),
    ]
    dialog.page.mention_view.setFocus()
    dialog.page.mention_view.selectRow(2)
    QTest.keyClick(dialog.page.mention_view, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert linked.page.article.id == "a2"
    assert linked.window.canvas.state.span == mentions[2].span
    view = dialog.page.mention_view
    where = view.visualRect(dialog.page.mentions.index(0, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    QApplication.processEvents()
    assert linked.page.article.id == "a1"
    assert linked.window.canvas.state.span == mentions[0].span


def test_records_are_merged_and_the_merge_is_undone(linked: Any) -> None:
    double = ActorRecord(id="r-double", name="Robert Malley", type="person")
    linked.actors.create(double)
    linked.window.bench.open_article("a3")
    linked.actors.link([linked.make("Robert Maley")], "r-double")
    dialog = linked.open_actors()
    dialog.go_to("r-malley")
    click(dialog.page.merge)
    QTest.keyClicks(QApplication.focusWidget(), "robert")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    QApplication.processEvents()
    assert names(dialog) == ["Rob Malley", "Iran"]
    assert [each.words for each in dialog.page.mentions.mentions][-1] == "Robert Maley"
    assert "Robert Malley" in dialog.page.merged.text()
    click(dialog.page.unmerge)
    assert set(names(dialog)) == {"Rob Malley", "Iran", "Robert Malley"}
    assert len(dialog.page.mentions.mentions) == 3
    linked.window.bench.undo()
    QApplication.processEvents()
    assert set(names(dialog)) == {"Rob Malley", "Iran"}
    QTest.keyClick(dialog.view, Qt.Key.Key_Z, CONTROL)
    QApplication.processEvents()
    assert set(names(dialog)) == {"Rob Malley", "Iran", "Robert Malley"}


def test_before_a_merge_it_is_told_which_record_stays_and_can_be_turned_round(linked: Any) -> None:
    linked.actors.create(ActorRecord(id="r-double", name="Robert Malley", type="person"))
    dialog = linked.open_actors()
    dialog.go_to("r-malley")
    click(dialog.page.merge)
    picker = dialog.findChild(ActorPicker)
    QTest.keyClicks(picker.field, "robert")
    assert picker.said.isVisible()
    assert picker.said.text() == "Robert Malley → Rob Malley: it has no mention, its names are kept."
    QTest.keyClick(picker.field, Qt.Key.Key_Tab)
    told = "Rob Malley → Robert Malley: its 3 mentions count there, its names are kept."
    assert picker.said.text() == told
    assert picker.said.height() >= picker.said.heightForWidth(picker.said.width())
    assert picker.turn.isChecked()
    assert not linked.actors.registry.records["r-malley"].merged_into, "nothing is done yet"
    QTest.keyClick(picker.field, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert linked.actors.registry.records["r-malley"].merged_into == "r-double"
    assert dialog.page.form.name.text() == "Robert Malley"
    assert linked.actors.mention_counts()["r-double"] == 3


def test_chosen_mentions_are_split_off(linked: Any) -> None:
    dialog = linked.open_actors()
    dialog.go_to("r-malley")
    assert not dialog.page.split.isEnabled()
    dialog.page.mention_view.selectRow(2)
    assert dialog.page.split.isEnabled()
    click(dialog.page.split)
    field = QApplication.focusWidget()
    QTest.keyClicks(field, "Another Malley")
    QTest.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()
    counts = {each.record.name: each.mentions for each in dialog.model.lines}
    assert counts == {"Rob Malley": 2, "Iran": 1, "Another Malley": 1}
    linked.window.bench.undo()
    QApplication.processEvents()
    assert {each.record.name: each.mentions for each in dialog.model.lines} == {"Rob Malley": 3, "Iran": 1}


def test_a_record_in_use_is_deleted_only_after_a_second_look(linked: Any) -> None:
    dialog = linked.open_actors()
    dialog.go_to("r-iran")
    click(dialog.page.delete)
    assert "1 label means this record" in dialog.said.text()
    assert "r-iran" in linked.actors.registry.records
    click(dialog.page.delete)
    assert names(dialog) == ["Rob Malley"]
    assert dialog.page.form.name.text() == "Rob Malley"
    linked.window.bench.undo()
    QApplication.processEvents()
    assert {each.record.name: each.mentions for each in dialog.model.lines} == {"Rob Malley": 3, "Iran": 1}


def test_likely_duplicates_are_merged_or_kept_apart(linked: Any) -> None:
    linked.actors.create(ActorRecord(id="r-double", name="Rob Maley", type="person"))
    linked.actors.create(ActorRecord(id="r-third", name="Islamic Republic", type="state"))
    dialog = linked.open_actors()
    click(dialog.find_duplicates)
    page = dialog.duplicates
    before = len(page.model.items)
    assert before >= 2
    first = {page.model.items[0].a.name, page.model.items[0].b.name}
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    QApplication.processEvents()
    left = [{each.a.name, each.b.name} for each in page.model.items]
    assert len(left) == before - 1
    assert first not in left
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert len(page.model.items) == before - 2
    assert len(linked.actors.registry.identities()) == 3
    linked.window.bench.undo()
    linked.window.bench.undo()
    QApplication.processEvents()
    assert len(page.model.items) == before


def test_a_record_is_made_here(room: Any) -> None:
    dialog = room.open_actors()
    click(dialog.new)
    assert dialog.page.form.name.hasFocus()
    QTest.keyClicks(dialog.page.form.name, "Ali Bagheri Kani")
    QTest.keyClick(dialog.page.form.name, Qt.Key.Key_Return)
    QApplication.processEvents()
    assert "Ali Bagheri Kani" in names(dialog)
    assert dialog.page.history.edits


def test_the_inspector_opens_the_record(linked: Any) -> None:
    span = next(each.id for each in linked.page.spans.values() if each.actor == "r-iran")
    linked.select(span)
    click(linked.window.inspector.span_view.actor_row.name)
    dialog = linked.window.identities.dialog
    assert dialog.page.form.name.text() == "Iran"
    dialog.page.form.name.setText("Islamic Republic of Iran")
    QTest.keyClick(dialog.page.form.name, Qt.Key.Key_Return)
    linked.settle()
    assert linked.window.inspector.span_view.actor_row.name.text() == "Islamic Republic of Iran"


def test_where_nothing_can_be_changed_the_reason_is_told(linked: Any) -> None:
    dialog = linked.open_actors()
    dialog.go_to("r-malley")
    linked.window.bench.keeper.read_only = "Ben has this project open."
    linked.window.bench.holding_changed.emit()
    assert dialog.reason.isVisible()
    assert dialog.reason.text() == "Ben has this project open."
    page = dialog.page
    for each in (page.merge, page.delete, dialog.new, dialog.csv_in, page.form.type, dialog.undo):
        assert not each.isEnabled()
    assert page.form.name.isReadOnly()
    assert not page.form.add_alias.isVisible()
    click(dialog.find_duplicates)
    assert not dialog.duplicates.merge.isEnabled()
    assert dialog.csv_out.isEnabled()


def test_what_is_typed_is_kept_when_the_window_closes(linked: Any) -> None:
    dialog = linked.open_actors()
    dialog.go_to("r-iran")
    dialog.page.form.name.setText("Persia")
    dialog.close()
    QApplication.processEvents()
    assert linked.actors.registry.records["r-iran"].name == "Persia"
    assert linked.window.identities.dialog is None
    assert linked.open_actors() is not dialog


def test_everything_that_takes_the_keyboard_has_a_name(linked: Any) -> None:
    from tests.ui.test_accessible import try_focus, unnamed

    dialog = linked.open_actors()
    dialog.go_to("r-malley")
    for theme in (dialog.theme, dark()):
        linked.window.use_theme(theme)
        assert dialog.theme is theme
        QApplication.processEvents()
        assert unnamed(dialog) == []
        assert try_focus(dialog, set()) == []
    dialog.show_duplicates()
    assert unnamed(dialog) == []


def test_many_records_are_listed_at_once(make_room: Callable[..., Any], tmp_path: Path) -> None:
    room = make_room(records=())
    room.actors.put_all([ActorRecord(id=f"m{nth}", name=f"Actor {nth:04}") for nth in range(5000)], "Many")
    dialog = room.open_actors()
    assert len(dialog.model.lines) == 5000
    dialog.sort_by(Order.NAME)
    dialog.go_to("m4321")
    assert dialog.view.currentIndex().row() == 4321
    dialog.close()


def test_records_go_out_to_a_table_and_come_in_as_one_edit(linked: Any, tmp_path: Path) -> None:
    dialog = linked.open_actors()
    table = tmp_path / "actors.csv"
    dialog.exchange.write_to(table)
    assert "2 actor records written to" in dialog.said.text()
    text = table.read_text(encoding="utf-8-sig")
    table.write_text(text.replace("Rob Malley", "Robert Malley"), encoding="utf-8")
    dialog.exchange.read_from(table)
    QApplication.processEvents()
    assert dialog.said.text() == "0 actor records added, 1 changed, 1 as before."
    assert names(dialog)[0] == "Robert Malley"
    linked.window.bench.undo()
    QApplication.processEvents()
    assert names(dialog)[0] == "Rob Malley"
    table.write_text("no,such\n1,2\n", encoding="utf-8")
    dialog.exchange.read_from(table)
    assert "No actor record was changed." in dialog.said.text()
