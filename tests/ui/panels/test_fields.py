from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from annotator.core.codebook import Attribute, AttributeType, Category, Codebook
from annotator.core.ranking import CategoryUse
from annotator.core.validate import value_problem
from annotator.ui.panels import fields
from annotator.ui.panels.categories import CategoriesField
from annotator.ui.panels.fields import (
    BooleanField,
    ChipsField,
    ComboField,
    Field,
    LineField,
    make_field,
    read_date,
    read_number,
)
from annotator.ui.panels.note_edit import NoteEdit
from annotator.ui.theme import light

CODEBOOK = Codebook(
    name="t",
    categories=(
        Category(code="sanctions", title="Sanctions", definition="Penalties between states."),
        Category(code="sanctions/relief", title="Relief"),
        Category(code="security/arms", title="Arms"),
    ),
)


def attribute(type_: AttributeType, choices: tuple[str, ...] = ()) -> Attribute:
    return Attribute(name="x", type=type_, title="Thing", choices=choices)


@pytest.fixture
def holder(qtbot: QtBot) -> QWidget:
    """An active window for what is tried."""
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(320, 400)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def show(holder: QWidget) -> Callable[[AttributeType, tuple[str, ...]], tuple[Any, list[Any]]]:
    def build(type_: AttributeType, choices: tuple[str, ...] = ()) -> tuple[Field, list[Any]]:
        field = make_field(attribute(type_, choices), CODEBOOK, light())
        return put(holder, field)

    return build


def put(holder: QWidget, field: Field) -> tuple[Field, list[Any]]:
    """The field in a window, and what it gives."""
    field.setParent(holder)
    field.resize(300, 80)
    field.show()
    given: list[Any] = []
    field.given.connect(given.append)
    return field, given


@pytest.mark.parametrize(
    ("type_", "choices", "kind"),
    [
        (AttributeType.CHOICE, ("a", "b", "c", "d"), ChipsField),
        (AttributeType.CHOICE, ("a", "b", "c", "d", "e"), ComboField),
        (AttributeType.MULTI_CHOICE, ("a", "b"), ChipsField),
        (AttributeType.CATEGORIES, (), CategoriesField),
        (AttributeType.BOOLEAN, (), BooleanField),
        (AttributeType.NUMBER, (), LineField),
        (AttributeType.TEXT, (), LineField),
        (AttributeType.DATE, (), LineField),
    ],
)
def test_each_type_has_its_editor(
    show: Callable[..., tuple[Any, list[Any]]], type_: AttributeType, choices: tuple[str, ...], kind: type
) -> None:
    field, given = show(type_, choices)
    assert type(field) is kind
    field.set_value(None)
    assert given == [], "being shown a value is not giving one"


def test_a_choice_is_made_and_taken_back_by_click(show: Callable[..., tuple[Any, list[Any]]]) -> None:
    field, given = show(AttributeType.CHOICE, ("support", "oppose"))
    field.chips["oppose"].click()
    field.chips["support"].click()
    assert [chip.isChecked() for chip in field.chips.values()] == [True, False]
    field.chips["support"].click()
    assert given == ["oppose", "support", None]


def test_one_tab_leads_to_the_choices_and_letters_and_digits_take_one(
    show: Callable[..., tuple[Any, list[Any]]], qtbot: QtBot
) -> None:
    field, given = show(AttributeType.CHOICE, ("ask", "allow", "deny"))
    chips = list(field.chips.values())
    assert [chip.focusPolicy() for chip in chips] == [
        Qt.FocusPolicy.StrongFocus, Qt.FocusPolicy.ClickFocus, Qt.FocusPolicy.ClickFocus,
    ]  # fmt: skip
    field.setFocus()
    qtbot.keyClick(chips[0], Qt.Key.Key_D)
    assert chips[2].hasFocus()
    qtbot.keyClick(chips[2], Qt.Key.Key_A)
    qtbot.keyClick(chips[0], Qt.Key.Key_A)
    qtbot.keyClick(chips[1], Qt.Key.Key_3)
    qtbot.keyClick(chips[2], Qt.Key.Key_D)  # it is taken already and stays
    assert given == ["deny", "ask", "allow", "deny"]
    qtbot.keyClick(chips[2], Qt.Key.Key_Right)
    assert chips[0].hasFocus()
    qtbot.keyClick(chips[0], Qt.Key.Key_Left)
    assert chips[2].hasFocus()
    qtbot.keyClick(chips[2], Qt.Key.Key_Space)
    assert given[4:] == [None]
    qtbot.keyClick(chips[2], Qt.Key.Key_Z)
    assert len(given) == 5


def test_letters_in_choices_are_not_the_windows_keys(
    show: Callable[..., tuple[Any, list[Any]]], qtbot: QtBot
) -> None:
    for choices in (("ask", "deny"), ("ask", "b", "c", "d", "e")):
        field, given = show(AttributeType.CHOICE, choices)
        heard: list[str] = []
        shortcut = QShortcut(QKeySequence("A"), field.window())
        shortcut.activated.connect(lambda heard=heard: heard.append("A"))
        field.setFocus()
        qtbot.keyClick(field.focusProxy(), Qt.Key.Key_A)
        assert heard == []
        assert given == ["ask"]


def test_letters_go_through_the_choices_of_a_combo(
    show: Callable[..., tuple[Any, list[Any]]], qtbot: QtBot
) -> None:
    field, given = show(AttributeType.CHOICE, ("ask", "allow", "beg", "curse", "deny"))
    for key in (
        Qt.Key.Key_A,
        Qt.Key.Key_A,
        Qt.Key.Key_A,
        Qt.Key.Key_D,
        Qt.Key.Key_D,
        Qt.Key.Key_3,
        Qt.Key.Key_Z,
    ):
        qtbot.keyClick(field.box, key)
    assert given == ["ask", "allow", "ask", "deny", "beg"]
    assert field.box.currentData() == "beg"


def test_several_choices(show: Callable[..., tuple[Any, list[Any]]]) -> None:
    field, given = show(AttributeType.MULTI_CHOICE, ("a", "b", "c"))
    field.set_value(["c"])
    field.chips["a"].click()
    field.chips["c"].click()
    field.chips["a"].click()
    assert given == [["a", "c"], ["a"], None]
    assert value_problem(attribute(AttributeType.MULTI_CHOICE, ("a", "b", "c")), given[0], CODEBOOK) is None


def test_a_combo_gives_what_is_picked_and_nothing_by_itself(
    show: Callable[..., tuple[Any, list[Any]]], qtbot: QtBot
) -> None:
    field, given = show(AttributeType.CHOICE, tuple("abcde"))
    field.set_value("c")
    assert field.box.currentText() == "c"
    field.box.setFocus()
    qtbot.keyClick(field.box, Qt.Key.Key_Down)
    qtbot.keyClick(field.box, Qt.Key.Key_Home)
    assert given == ["d", None]
    assert field.box.accessibleName() == "Thing"


def test_boolean(show: Callable[..., tuple[Any, list[Any]]]) -> None:
    field, given = show(AttributeType.BOOLEAN)
    field.box.click()
    field.box.click()
    assert given == [True, False]


# -- lines ------------------------------------------------------------------------------------------


def test_a_text_is_given_when_the_field_is_left(
    show: Callable[..., tuple[Any, list[Any]]], qtbot: QtBot
) -> None:
    field, given = show(AttributeType.TEXT)
    field.edit.setFocus()
    qtbot.keyClicks(field.edit, "  so be it ")
    assert given == []
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert given == ["so be it"]
    field.flush()
    assert given == ["so be it"], "given once"


def test_a_text_is_given_when_typing_pauses(
    show: Callable[..., tuple[Any, list[Any]]], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fields, "PAUSE", 20)
    field, given = show(AttributeType.TEXT)
    field.edit.setFocus()
    with qtbot.waitSignal(field.given):
        qtbot.keyClicks(field.edit, "word ")
    assert given == ["word"]
    field.set_value("word")
    assert field.edit.text() == "word ", "the blank that was just typed stays"


def test_what_is_being_typed_is_not_overwritten(
    show: Callable[..., tuple[Any, list[Any]]], qtbot: QtBot
) -> None:
    field, given = show(AttributeType.TEXT)
    field.set_value("old")
    field.edit.setFocus()
    qtbot.keyClicks(field.edit, "er")
    field.set_value("old")
    assert field.edit.text() == "older"
    field.flush()
    assert given == ["older"]
    qtbot.keyClicks(field.edit, "!")
    field.set_value("another label's", fresh=True)
    assert field.edit.text() == "another label's"
    field.flush()
    assert given == ["older"]


def test_emptying_clears(show: Callable[..., tuple[Any, list[Any]]], qtbot: QtBot) -> None:
    field, given = show(AttributeType.TEXT)
    field.set_value("old")
    field.edit.setFocus()
    field.edit.selectAll()
    qtbot.keyClick(field.edit, Qt.Key.Key_Delete)
    field.flush()
    assert given == [None]


def test_the_clear_button_counts(show: Callable[..., tuple[Any, list[Any]]]) -> None:
    field, given = show(AttributeType.DATE)
    field.set_value("2023-08-16")
    field.edit.clear()
    field.flush()
    assert given == [None]


@pytest.mark.parametrize(
    ("typed", "value"),
    [("2023-08-16", "2023-08-16"), ("2023-8-6", "2023-08-06"), ("2023.8.6", "2023-08-06")],
)
def test_dates_are_read(
    show: Callable[..., tuple[Any, list[Any]]], qtbot: QtBot, typed: str, value: str
) -> None:
    field, given = show(AttributeType.DATE)
    field.edit.setFocus()
    qtbot.keyClicks(field.edit, typed)
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert given == [value]
    assert field.edit.text() == value


@pytest.mark.parametrize("typed", ["2023-02-30", "16.08.2023", "yesterday", "2023-0"])
def test_what_is_no_day_is_said_and_not_given(
    show: Callable[..., tuple[Any, list[Any]]], qtbot: QtBot, typed: str
) -> None:
    field, given = show(AttributeType.DATE)
    field.edit.setFocus()
    qtbot.keyClicks(field.edit, typed)
    assert field.problem.isHidden(), "not while it is being typed"
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert given == []
    assert not field.problem.isHidden()
    assert "2026-03-31" in field.problem.text()
    assert field.edit.text() == typed, "what was typed stays to be corrected"
    qtbot.keyClick(field.edit, Qt.Key.Key_Backspace)
    assert field.problem.isHidden()


def test_readers() -> None:
    assert read_number("3") == 3
    assert type(read_number("3")) is int
    assert read_number("2,5") == 2.5
    assert read_number("-1e3") == -1000
    for bad in ("three", "nan", "inf", "1,000,000"):
        with pytest.raises(ValueError, match="not a number"):
            read_number(bad)
    with pytest.raises(ValueError, match="2026-03-31"):
        read_date("2023-8")


# -- categories -------------------------------------------------------------------------------------


@pytest.fixture
def categories(holder: QWidget) -> tuple[CategoriesField, list[Any]]:
    made = CategoriesField("Categories", CODEBOOK.categories, light())
    _, given = put(holder, made)
    made.edit.setFocus()
    return made, given


def test_enter_takes_the_first_match(categories: tuple[CategoriesField, list[Any]], qtbot: QtBot) -> None:
    field, given = categories
    qtbot.keyClicks(field.edit, "arm")
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert given == [["security/arms"]]
    assert field.edit.text() == ""
    qtbot.keyClicks(field.edit, "sanc rel")
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert given[-1] == ["security/arms", "sanctions/relief"]
    assert list(field.chips) == ["security/arms", "sanctions/relief"]


def offered(field: CategoriesField) -> list[str]:
    rows = [field.offered.index(nth) for nth in range(field.offered.rowCount())]
    return [] if field.list.isHidden() else [index.data() for index in rows]


def test_down_marks_another_match(categories: tuple[CategoriesField, list[Any]], qtbot: QtBot) -> None:
    field, given = categories
    assert offered(field) == ["Sanctions", "Sanctions › Relief", "security › Arms"]
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert given == []  # nothing was typed or marked
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Return):
        qtbot.keyClick(field.edit, key)
    assert given == [["sanctions/relief"]]
    assert (offered(field), field.edit.text()) == ([], "")
    qtbot.keyClick(field.edit, Qt.Key.Key_Down)
    assert offered(field) == ["Sanctions", "security › Arms"]


def test_a_click_adds_what_is_offered(categories: tuple[CategoriesField, list[Any]], qtbot: QtBot) -> None:
    field, given = categories
    qtbot.keyClicks(field.edit, "arm")
    place = field.list.visualRect(field.offered.index(0)).center()
    qtbot.mouseClick(field.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert given == [["security/arms"]]
    qtbot.mouseClick(field.edit, Qt.MouseButton.LeftButton)
    assert offered(field) == ["Sanctions", "Sanctions › Relief"]


def test_escape_puts_the_offer_away(categories: tuple[CategoriesField, list[Any]], qtbot: QtBot) -> None:
    field, given = categories
    qtbot.keyClicks(field.edit, "sa")
    qtbot.keyClick(field.edit, Qt.Key.Key_Escape)
    assert (offered(field), field.edit.text(), given) == ([], "sa", [])


def test_the_last_used_is_offered_first(holder: QWidget, qtbot: QtBot) -> None:
    use = CategoryUse([["sanctions/relief"], ["security/arms"]])
    field = CategoriesField("Categories", CODEBOOK.categories, light(), lambda: use)
    put(holder, field)
    field.edit.setFocus()
    assert offered(field) == ["security › Arms", "Sanctions › Relief", "Sanctions"]
    field.edit.clearFocus()
    assert offered(field) == []
    field.edit.setFocus(Qt.FocusReason.TabFocusReason)  # passing by moves nothing
    assert offered(field) == []


def test_what_is_no_category_is_said(categories: tuple[CategoriesField, list[Any]], qtbot: QtBot) -> None:
    field, given = categories
    qtbot.keyClicks(field.edit, "zebra")
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert given == []
    assert not field.problem.isHidden()
    assert (field.edit.text(), offered(field)) == ("zebra", [])


def test_taking_categories_away(categories: tuple[CategoriesField, list[Any]], qtbot: QtBot) -> None:
    field, given = categories
    field.set_value(["sanctions", "security/arms", "sanctions/relief"])
    assert given == []
    assert field.chips["sanctions"].toolTip() == "Penalties between states."
    qtbot.keyClick(field.edit, Qt.Key.Key_Backspace)
    field.chips["sanctions"].click()
    qtbot.keyClick(field.chips["security/arms"], Qt.Key.Key_Delete)
    assert given == [["sanctions", "security/arms"], ["security/arms"], None]


def test_backspace_in_a_word_only_takes_a_letter(
    categories: tuple[CategoriesField, list[Any]], qtbot: QtBot
) -> None:
    field, given = categories
    field.set_value(["sanctions"])
    qtbot.keyClicks(field.edit, "ab")
    qtbot.keyClick(field.edit, Qt.Key.Key_Backspace)
    assert (field.edit.text(), given) == ("a", [])


def test_a_code_that_the_codebook_lost_is_still_shown(
    categories: tuple[CategoriesField, list[Any]],
) -> None:
    field, _ = categories
    field.set_value(["gone/for-good"])
    assert field.chips["gone/for-good"].text() == "gone/for-good"


# -- notes ------------------------------------------------------------------------------------------


@pytest.fixture
def note(holder: QWidget) -> tuple[NoteEdit, list[Any]]:
    edit = NoteEdit(holder)
    edit.resize(240, edit.height())
    edit.show()
    given: list[Any] = []
    edit.given.connect(given.append)
    edit.setFocus()
    return edit, given


def test_a_note_is_given_when_it_is_left(note: tuple[NoteEdit, list[Any]], qtbot: QtBot) -> None:
    edit, given = note
    qtbot.keyClicks(edit, "why this")
    assert given == []
    edit.clearFocus()
    assert given == ["why this"]


def test_a_note_is_given_when_typing_pauses(note: tuple[NoteEdit, list[Any]], qtbot: QtBot) -> None:
    edit, given = note
    edit._timer.setInterval(10)
    with qtbot.waitSignal(edit.given):
        qtbot.keyClicks(edit, "why ")
    edit.set_note("why")
    qtbot.keyClicks(edit, "not")
    edit.flush()
    assert given == ["why", "why not"], "the blank at the end was not lost in between"


def test_a_note_keeps_its_cursor(note: tuple[NoteEdit, list[Any]], qtbot: QtBot) -> None:
    edit, _ = note
    edit.set_note("one two", fresh=True)
    cursor = edit.textCursor()
    cursor.setPosition(3)
    edit.setTextCursor(cursor)
    edit.set_note("one two")
    assert edit.textCursor().position() == 3
    edit.set_note("one three")
    assert edit.textCursor().position() == 3


def test_a_note_grows_to_a_limit(note: tuple[NoteEdit, list[Any]]) -> None:
    edit, _ = note
    empty = edit.height()
    edit.set_note("\n".join("abcdef"), fresh=True)
    QApplication.processEvents()
    six = edit.height()
    edit.set_note("\n".join("x" * 100), fresh=True)
    QApplication.processEvents()
    assert empty < six < edit.height() < 400


def test_an_emptied_note_is_none(note: tuple[NoteEdit, list[Any]], qtbot: QtBot) -> None:
    edit, given = note
    edit.set_note("x", fresh=True)
    edit.selectAll()
    qtbot.keyClick(edit, Qt.Key.Key_Delete)
    edit.flush()
    assert given == [None]
