from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from annotator.core.codebook import Attribute, AttributeType
from annotator.core.commands import (
    Accept,
    AcceptRelation,
    DeleteRelation,
    DeleteSpan,
    FlipRelation,
    Reject,
    RejectRelation,
    Relabel,
    RetypeRelation,
    SetAttribute,
    SetFlag,
    SetLabelNote,
    SetNote,
    SetStatus,
)
from annotator.core.model import ActorRecord, Alias, Kind, Status, Target
from annotator.core.records import replace
from annotator.session.editor import Changed
from annotator.session.project import default_codebook
from annotator.ui.panels.actor_row import NOBODY, Identity
from annotator.ui.panels.article_view import short_url
from annotator.ui.panels.fields import LineField
from annotator.ui.panels.inspector import Inspector
from annotator.ui.theme import dark, light


class Window:
    """What the main window does: runs commands, and shows what is selected after each edit."""

    def __init__(self, work: Any, inspector: Inspector) -> None:
        self.work = work
        self.inspector = inspector
        self.selected = ""
        inspector.command_requested.connect(work.run)
        inspector.span_activated.connect(self.select)
        inspector.relation_activated.connect(self.select)
        self.follow(work)

    def follow(self, work: Any) -> None:
        work.editor.listeners.append(self._on_edited)

    def _on_edited(self, changed: Changed) -> None:
        page = self.work.page
        if self.selected in page.suggestions and self.selected in page.decisions:
            self.selected = page.decisions[self.selected].made or ""
        self.show()

    def select(self, label: str) -> None:
        self.selected = label
        self.show()

    def show(self) -> None:
        page, codebook = self.work.page, self.work.codebook
        if self.selected in page.spans or self.selected in page.suggestions:
            self.inspector.show_span(page, codebook, self.selected)
        elif self.selected in page.relations or self.selected in page.relation_suggestions:
            self.inspector.show_relation(page, codebook, self.selected)
        else:
            self.inspector.show_article(page, codebook)


@pytest.fixture
def window(work: Any, qtbot: QtBot) -> Window:
    inspector = Inspector(light())
    qtbot.addWidget(inspector)
    inspector.resize(330, 800)
    inspector.show()
    inspector.activateWindow()
    qtbot.waitUntil(inspector.isActiveWindow)
    return Window(work, inspector)


@pytest.fixture
def claim(window: Window) -> str:
    made: str = window.work.make(Kind.CLAIM, "Claim", "The minister rejected it")
    window.select(made)
    return made


def words(window: Window) -> str:
    return window.inspector.span_view.quote.words.text()


# -- spans ------------------------------------------------------------------------------------------


def test_a_suggestion_is_accepted_or_rejected_by_its_buttons(window: Window) -> None:
    view = window.inspector.span_view
    window.select("s-iran")
    assert view.caption.text() == "Suggested entity"
    assert words(window) == "Iran"
    assert view.print.text() == "suggested by en_core_web_md 3.8.0, precision of this label 0.82"
    view.accept.click()
    assert window.work.commands == [Accept(("s-iran",))]
    assert view._decide.isHidden(), "it is now a label of the annotator's own"
    assert "accepted by ana" in view.print.text()
    window.select("s-doha")
    view.reject.click()
    assert window.work.commands[-1] == Reject(("s-doha",))
    assert window.inspector.article_view.isVisible()


def test_labels_of_the_kind_are_buttons(window: Window) -> None:
    window.select("s-iran")
    view = window.inspector.span_view
    parts = view._parts[Kind.ENTITY]
    names = [label.name for label in window.work.codebook.labels if label.kind == Kind.ENTITY]
    assert list(parts.chips) == names
    assert [name for name, chip in parts.chips.items() if chip.isChecked()] == ["Place"]
    assert parts.chips["Group"].key == "4"
    parts.chips["Group"].click()
    assert window.work.commands == [Relabel("s-iran", Kind.ENTITY, "Group")]
    assert [name for name, chip in parts.chips.items() if chip.isChecked()] == ["Group"]
    assert not window.work.problems


def test_each_kind_has_its_attributes(window: Window, claim: str) -> None:
    view = window.inspector.span_view
    assert list(view._parts[Kind.CLAIM].form.fields) == ["categories", "stance", "form", "quotation", "date"]
    assert view._attributes.isVisible()
    window.select("s-iran")
    assert view._attributes.isHidden()


def test_changing_an_attribute_asks_for_it(window: Window, claim: str) -> None:
    form = window.inspector.span_view._parts[Kind.CLAIM].form
    stance: Any = form.fields["stance"]
    assert stance.chips["unset"].isChecked()
    stance.chips["oppose"].click()
    assert window.work.commands == [SetAttribute(Target.SPAN, claim, "stance", "oppose")]
    assert window.work.page.spans[claim].attributes["stance"] == "oppose"
    window.work.editor.undo()
    assert stance.chips["unset"].isChecked()


def test_the_date_holds_as_the_article_s(window: Window, claim: str) -> None:
    date: Any = window.inspector.span_view._parts[Kind.CLAIM].form.fields["date"]
    assert date.edit.placeholderText() == "2023-08-16 (the article’s)"
    assert date.edit.text() == ""


def test_attributes_of_a_suggestion_accept_it_and_keep_the_keyboard(window: Window, qtbot: QtBot) -> None:
    window.select("s-claim")
    form = window.inspector.span_view._parts[Kind.CLAIM].form
    date: Any = form.fields["date"]
    date.edit.setFocus()
    qtbot.keyClicks(date.edit, "2023-01-02")
    qtbot.keyClick(date.edit, Qt.Key.Key_Return)
    own = window.work.page.decisions["s-claim"].made
    assert window.selected == own
    assert window.work.page.spans[own].attributes["date"] == "2023-01-02"
    assert date.edit.hasFocus()
    form.fields["stance"].chips["support"].click()  # type: ignore[attr-defined]
    assert window.work.page.spans[own].attributes["stance"] == "support"
    assert not window.work.problems


def test_a_note_survives_accepting_while_it_is_typed(window: Window, qtbot: QtBot) -> None:
    window.select("s-claim")
    note = window.inspector.span_view.note
    note.setFocus()
    qtbot.keyClicks(note, "not sure")
    window.work.editor.run(Accept(("s-claim",)))
    assert note.toPlainText() == "not sure"
    assert note.hasFocus()
    window.inspector.flush()
    own = window.work.page.decisions["s-claim"].made
    assert window.work.page.spans[own].note == "not sure"


def test_selecting_another_label_saves_what_was_typed(window: Window, claim: str, qtbot: QtBot) -> None:
    view = window.inspector.span_view
    note, date = view.note, view._parts[Kind.CLAIM].form.fields["date"]
    assert isinstance(date, LineField)
    qtbot.keyClicks(date.edit, "2023-05-05")
    qtbot.keyClicks(note, "mine")
    other = window.work.make(Kind.CLAIM, "Claim", "Talks in Doha go on")
    window.select(other)
    span = window.work.page.spans[claim]
    assert (span.note, span.attributes["date"]) == ("mine", "2023-05-05")
    assert (note.toPlainText(), date.edit.text()) == ("", "")
    assert window.work.page.spans[other].note is None


def test_an_edit_elsewhere_leaves_the_cursor_alone(window: Window, claim: str, qtbot: QtBot) -> None:
    note = window.inspector.span_view.note
    window.work.editor.run(SetLabelNote(Target.SPAN, claim, "first second"))
    note.setFocus()
    for _ in range(5):
        qtbot.keyClick(note, Qt.Key.Key_Right)
    qtbot.keyClicks(note, "X")
    window.work.editor.run(SetFlag(True))
    assert note.toPlainText() == "firstX second"
    assert note.textCursor().position() == 6
    assert note.hasFocus()


def test_what_was_typed_for_a_deleted_label_goes_with_it(window: Window, claim: str, qtbot: QtBot) -> None:
    qtbot.keyClicks(window.inspector.span_view.note, "too late")
    window.work.editor.run(DeleteSpan(claim))
    assert window.inspector.article_view.isVisible()
    assert not window.work.problems
    assert not window.work.commands


def test_a_long_claim_is_quoted_in_part(window: Window) -> None:
    page = window.work.page
    page.spans["x"] = replace(page.suggestions["s-claim"], id="x", annotator="ana", fragments=((0, 140),))
    window.select("x")
    assert "\n" not in words(window)


def test_an_actor_shows_its_record_or_who_is_proposed(window: Window) -> None:
    record = ActorRecord(
        id="r1", name="Rob Malley", type="person", aliases=(Alias("Malley"),), external_id="Q1"
    )
    row = window.inspector.span_view.actor_row
    window.select("s-iran")
    assert row.isHidden(), "an entity means no actor record"
    shown = NOBODY
    row.identity_of = lambda span: shown if span.kind is Kind.ACTOR else None
    window.select(window.work.make(Kind.ACTOR, "Actor", "Rob Malley"))
    assert row.isVisible()
    assert [each.isVisible() for each in (row.name, row.proposal, row.link)] == [False, False, True]
    shown = Identity(proposed=record, alias="Malley", exact=False)
    window.show()
    assert row.proposal.text() == "Rob Malley?"
    assert row.why.text() == "person · also “Malley” · nearly these words"
    shown = Identity(record)
    window.show()
    assert not row.proposal.isVisible()
    assert (row.name.text(), row.more.text()) == ("Rob Malley", "person · Malley · Q1")


def test_every_type_of_attribute_in_one_form(make_work: Callable[..., Any], qtbot: QtBot) -> None:
    kinds = frozenset({Kind.CLAIM})
    base = default_codebook()
    more = (
        Attribute(name="sure", type=AttributeType.BOOLEAN, kinds=kinds, title="Sure"),
        Attribute(name="count", type=AttributeType.NUMBER, kinds=kinds, title="Count", required=True),
        Attribute(name="gist", type=AttributeType.TEXT, kinds=kinds, title="Gist"),
        Attribute(
            name="tone", type=AttributeType.MULTI_CHOICE, kinds=kinds, choices=("a", "b"), title="Tone"
        ),
    )
    work = make_work(replace(base, attributes=base.attributes + more))
    inspector = Inspector(light())
    qtbot.addWidget(inspector)
    inspector.show()
    window = Window(work, inspector)
    made = work.make(Kind.CLAIM, "Claim", "The minister rejected it")
    window.select(made)
    form = inspector.span_view._parts[Kind.CLAIM].form
    assert form._headings["count"].text() == "Count (required)"
    fields: Any = form.fields
    fields["sure"].box.click()
    fields["tone"].chips["b"].click()
    fields["form"].box.setFocus()
    qtbot.keyClick(fields["form"].box, Qt.Key.Key_Down)
    for name, text in (("count", "3"), ("gist", "no")):
        qtbot.keyClicks(fields[name].edit, text)
    qtbot.keyClicks(fields["categories"].edit, "arms")
    qtbot.keyClick(fields["categories"].edit, Qt.Key.Key_Return)
    inspector.flush()
    assert form._headings["count"].text() == "Count"
    assert not work.problems
    assert work.page.spans[made].attributes == {
        "stance": "unset",
        "sure": True,
        "tone": ["b"],
        "form": "statement",
        "count": 3,
        "gist": "no",
        "categories": ["security/arms"],
    }


def test_another_codebook_builds_other_editors(
    window: Window, claim: str, make_work: Callable[..., Any]
) -> None:
    assert list(window.inspector.span_view._parts) == [Kind.CLAIM]
    other = make_work(replace(default_codebook(), attributes=()))
    window.work = other
    made = other.make(Kind.CLAIM, "Claim", "The minister rejected it")
    window.select(made)
    assert window.inspector.span_view._parts[Kind.CLAIM].form.fields == {}


# -- relations of a span ----------------------------------------------------------------------------


@pytest.fixture
def linked(window: Window, claim: str) -> dict[str, str]:
    """A claim with two relations: supports → another claim, made by → an actor."""
    other = window.work.make(Kind.CLAIM, "Claim", "Talks in Doha go on")
    actor = window.work.make(Kind.ACTOR, "Actor", "Rob Malley")
    ids = {"claim": claim, "other": other, "actor": actor}
    ids["supports"] = window.work.draw("supports", claim, other)
    ids["made_by"] = window.work.draw("made_by", claim, actor)
    window.select(claim)
    return ids


def test_relations_are_lines_with_what_can_be_done(window: Window, linked: dict[str, str]) -> None:
    rows = window.inspector.span_view.relations.rows
    assert set(rows) == {linked["supports"], linked["made_by"]}
    by = rows[linked["made_by"]]
    assert (by.type_chip.text(), by.arrow.glyph, by.other.text()) == ("made by", "arrow_right", "Rob Malley")
    assert by.first.isHidden(), "no relation may run from an actor to a claim"
    assert [action.text() for action in by.type_menu().actions()] == ["made by", "addressed to", "about"]
    supports = rows[linked["supports"]]
    supports.first.click()
    assert window.work.commands[-1] == FlipRelation(linked["supports"])
    assert rows[linked["supports"]].arrow.glyph == "arrow_left"
    by.second.click()
    assert window.work.commands[-1] == DeleteRelation(linked["made_by"])
    assert set(rows) == {linked["supports"]}
    assert not window.work.problems


def test_a_relation_is_retyped_by_its_menu(window: Window, linked: dict[str, str]) -> None:
    row = window.inspector.span_view.relations.rows[linked["made_by"]]
    menu = row.type_menu()
    menu.actions()[1].trigger()
    assert window.work.commands == [RetypeRelation(linked["made_by"], "addressed_to")]
    assert row.type_chip.text() == "addressed to"


def test_a_line_leads_to_the_other_end_and_to_the_relation(window: Window, linked: dict[str, str]) -> None:
    rows = window.inspector.span_view.relations.rows
    rows[linked["made_by"]].arrow.click()
    assert window.selected == linked["made_by"]
    assert window.inspector.relation_view.isVisible()
    window.select(linked["claim"])
    rows[linked["made_by"]].other.click()
    assert window.selected == linked["actor"]
    assert words(window) == "Rob Malley"


def test_a_suggested_relation_is_decided_in_its_line(window: Window) -> None:
    window.select("s-claim")
    row = window.inspector.span_view.relations.rows["s-by"]
    assert row.type_chip.dashed
    assert (row.first.glyph, row.second.glyph) == ("check", "close")
    row.first.click()
    assert window.work.commands == [AcceptRelation("s-by")]
    assert not window.work.problems
    lines = window.inspector.span_view.relations.rows
    assert [each.line.relation.is_suggestion for each in lines.values()] == [False]


def test_the_keyboard_stays_on_a_line_that_stays(window: Window, linked: dict[str, str]) -> None:
    row = window.inspector.span_view.relations.rows[linked["supports"]]
    row.first.setFocus()
    window.work.editor.run(DeleteRelation(linked["made_by"]))
    assert window.inspector.span_view.relations.rows[linked["supports"]] is row
    assert row.first.hasFocus()


# -- one relation -----------------------------------------------------------------------------------


def test_a_relation_shows_its_ends_and_types(window: Window, linked: dict[str, str]) -> None:
    window.select(linked["supports"])
    view = window.inspector.relation_view
    assert view.head.words.text() == "The minister rejected it"
    assert view.tail.words.text() == "Talks in Doha go on"
    assert list(view.types) == ["supports", "attacks"]
    view.types["attacks"].click()
    assert window.work.commands[-1] == RetypeRelation(linked["supports"], "attacks")
    view.flip.click()
    assert view.head.words.text() == "Talks in Doha go on"
    view.head_chip.click()
    assert window.selected == linked["other"]
    window.select(linked["supports"])
    view.delete.click()
    assert linked["supports"] not in window.work.page.relations
    assert not window.work.problems


def test_a_relation_has_a_note(window: Window, linked: dict[str, str], qtbot: QtBot) -> None:
    window.select(linked["made_by"])
    assert not window.inspector.relation_view.flip.isEnabled()
    qtbot.keyClicks(window.inspector.relation_view.note, "by name")
    window.select(linked["claim"])
    assert window.work.page.relations[linked["made_by"]].note == "by name"


def test_a_suggested_relation_can_only_be_decided(window: Window) -> None:
    window.select("s-by")
    view = window.inspector.relation_view
    assert view.caption.text() == "Suggested relation"
    assert view.print.text() == "suggested by the attribution rules (version 1), confidence 0.70"
    assert (view.flip.isHidden(), view.delete.isHidden(), view._note.isHidden()) == (True, True, True)
    view.reject.click()
    assert window.work.commands == [RejectRelation("s-by")]
    assert not window.work.problems


# -- the article ------------------------------------------------------------------------------------


def test_the_article_says_what_it_is(window: Window) -> None:
    window.show()
    view = window.inspector.article_view
    assert view.title.text() == "Envoy warns of drone sales"
    assert view.lines.text() == "Reuters · A. Writer\n16 Aug 2023 · en"
    assert "&lt;drones&gt;" in view.link.text(), "an address is not markup"
    assert view.counts.text() == "0 labels · 4 suggestions to decide"
    window.work.make(Kind.ACTOR, "Actor", "Rob Malley")
    assert view.counts.text() == "1 label · 4 suggestions to decide"


def test_status_flag_and_note_of_the_article(window: Window, qtbot: QtBot) -> None:
    window.show()
    view = window.inspector.article_view
    view.statuses[Status.DONE].click()
    view.flag.click()
    qtbot.keyClicks(view.note, "good one")
    window.inspector.flush()
    assert window.work.commands == [SetStatus(Status.DONE), SetFlag(True), SetNote("good one")]
    assert view.flag.text() == "Flagged"
    window.work.editor.undo()
    window.work.editor.undo()
    assert view.flag.text() == "Flag"
    assert view.note.toPlainText() == ""


def test_another_article_starts_with_its_own_note(window: Window, qtbot: QtBot) -> None:
    window.show()
    qtbot.keyClicks(window.inspector.article_view.note, "for the first")
    window.inspector.flush()
    window.work.editor.open("a2")
    window.show()
    assert window.inspector.article_view.note.toPlainText() == ""
    assert window.inspector.article_view.link.isHidden()
    assert window.work.page.progress.note is None


def test_short_addresses() -> None:
    assert short_url("https://example.org/") == "example.org"
    assert short_url("https://example.org/" + "a" * 90).endswith("…")
    assert short_url("not an address") == "not an address"


# -- hands --------------------------------------------------------------------------------------------


def test_keys_go_to_the_note_and_to_the_first_attribute(window: Window, claim: str) -> None:
    window.inspector.focus_note()
    assert window.inspector.span_view.note.hasFocus()
    window.inspector.focus_first_attribute()
    assert isinstance(QApplication.focusWidget(), QLineEdit)
    window.select("s-iran")
    window.inspector.focus_first_attribute()
    assert window.inspector.span_view.note.hasFocus(), "an entity has no attributes"


def test_tab_reaches_every_control(window: Window, linked: dict[str, str], qtbot: QtBot) -> None:
    view = window.inspector.span_view
    row = view.relations.rows[linked["made_by"]]
    form: Any = view._parts[Kind.CLAIM].form
    wanted = {
        form.fields["categories"].edit,
        form.fields["stance"].focusProxy(),
        form.fields["form"].box,
        form.fields["date"].edit,
        row.type_chip,
        row.other,
        row.second,
        view.note,
    }
    next(iter(view._parts[Kind.CLAIM].chips.values())).setFocus()
    met = set()
    for _ in range(40):
        found = QApplication.focusWidget()
        met.add(found)
        qtbot.keyClick(found, Qt.Key.Key_Tab)
    assert wanted <= met
    assert all((widget is not None and widget.accessibleName()) or widget.text() for widget in wanted)


def test_nothing_is_shown_without_an_article(window: Window, claim: str) -> None:
    window.inspector.clear()
    assert not window.inspector.span_view.isVisible()
    window.inspector.focus_note()
    window.inspector.focus_first_attribute()


def test_a_theme_reaches_what_is_built_later_too(window: Window, claim: str) -> None:
    window.inspector.set_theme(dark())
    window.select("s-iran")
    chips = window.inspector.span_view._parts[Kind.ENTITY].chips
    assert all(chip.theme is dark() for chip in chips.values())


def test_an_address_that_is_none_is_shown_as_it_stands() -> None:
    assert short_url("http://[half") == "[half"


def test_a_yes_or_no_that_is_required_says_so_until_it_is_answered(
    make_work: Callable[..., Any], qtbot: QtBot
) -> None:
    sure = Attribute(
        name="sure", type=AttributeType.BOOLEAN, kinds=frozenset({Kind.CLAIM}), title="Sure", required=True
    )
    work = make_work(replace(default_codebook(), attributes=(sure,)))
    inspector = Inspector(light())
    qtbot.addWidget(inspector)
    inspector.show()
    window = Window(work, inspector)
    window.select(work.make(Kind.CLAIM, "Claim", "The minister rejected it"))
    box = inspector.span_view._parts[Kind.CLAIM].form.fields["sure"].focusProxy()
    assert box.text() == "Sure (required)"
    box.click()
    assert box.text() == "Sure"
    box.click()  # no is an answer
    assert box.text() == "Sure"
