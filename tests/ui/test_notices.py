from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from annotator.core.commands import DrawRelation, MakeSpan
from annotator.core.errors import InputError, Problem
from annotator.core.model import Kind
from annotator.ui.dialogs.problems import ProblemsDialog
from annotator.ui.main_window import MainWindow
from annotator.ui.notices import STAY, Notices, sentence
from annotator.ui.theme import dark, light


@pytest.fixture
def page(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 500)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def notices(page: QWidget) -> Notices:
    return Notices(light(), page)


def test_lies_at_the_foot_of_the_page_and_follows_it(page: QWidget, notices: Notices) -> None:
    assert not notices.isVisible()
    notices.tell("Saved.", kind="done")
    assert notices.isVisible()
    assert notices.geometry().bottom() < page.height()
    assert notices.geometry().top() > page.height() / 2
    page.resize(400, 300)
    assert page.rect().contains(notices.geometry())


def test_what_is_said_goes_by_itself(notices: Notices, qtbot: QtBot) -> None:
    assert notices._timer.interval() == STAY
    notices._timer.setInterval(20)
    notices.tell("Undone: Label “US” as Place")
    qtbot.waitUntil(notices.isHidden, timeout=2000)


def test_it_waits_while_the_pointer_is_on_it(notices: Notices) -> None:
    notices.tell("Undone")
    at = notices.rect().center().toPointF()
    QApplication.sendEvent(notices, QEnterEvent(at, at, at))
    assert not notices._timer.isActive()
    QApplication.sendEvent(notices, QEvent(QEvent.Type.Leave))
    assert notices._timer.isActive()


@pytest.mark.parametrize("lines", [1, 2, 5])
def test_the_first_line_is_beside_mark_and_chips(notices: Notices, lines: int) -> None:
    notices.tell("\n".join(["Undone"] * lines), action=("Undo", bool))
    card = notices._said
    QApplication.processEvents()
    line = card.words.fontMetrics().lineSpacing()
    assert card.words.height() >= lines * line
    first = card.words.y() + card.words.contentsMargins().top() + line / 2
    for other in (card.mark, card.action, card.close_chip):
        assert abs(first - other.mapTo(card, other.rect().center()).y()) <= 2


def test_the_last_word_replaces_the_one_before(notices: Notices) -> None:
    notices.tell("One")
    notices.tell("Two")
    assert notices._said.words.text() == "Two"


def test_advice_is_there_again_after_what_was_said_in_between(notices: Notices, qtbot: QtBot) -> None:
    notices._timer.setInterval(20)
    notices.tell("The labels are those of ben.", kind="advice")
    notices.tell("The labels are those of ana.", kind="advice")
    notices.tell("Undone")
    assert notices.said == "Undone"
    qtbot.waitUntil(lambda: notices.said == "The labels are those of ana.", timeout=2000)
    notices.tell("Accept 7?", kind="info", action=("Accept", bool), stays=True)
    notices.leave_question()
    assert notices.said == "The labels are those of ana."
    assert notices._said.action.isHidden()
    notices._said.close_chip.click()
    assert notices.said == "The labels are those of ben."
    notices._said.close_chip.click()
    assert notices.isHidden()
    notices.tell("Undone")
    qtbot.waitUntil(notices.isHidden, timeout=2000)


def test_problems_stay_until_they_are_closed(notices: Notices, qtbot: QtBot) -> None:
    notices._timer.setInterval(10)
    notices.report(InputError("it is empty", where="a.txt", cure="Leave it out"))
    notices.tell("3 articles imported.", kind="done")
    qtbot.waitUntil(notices._said.isHidden, timeout=2000)
    assert notices.isVisible()
    assert notices.problems == ("a.txt: it is empty. Leave it out.",)
    notices._wrong.close_chip.click()
    assert notices.isHidden()
    assert notices.problems == ()


def test_many_problems_are_counted_and_listed(notices: Notices, qtbot: QtBot) -> None:
    notices.report_all([Problem(f"there is no {nth}", f"a.jsonl, line {nth}") for nth in range(1, 18)])
    lines = notices._wrong.words.text().split("\n")
    assert lines[0] == "a.jsonl, line 1: there is no 1."
    assert lines[5:] == ["and 12 more"]
    notices._wrong.action.click()
    dialog = notices._dialog
    assert isinstance(dialog, ProblemsDialog)
    assert dialog.isVisible()
    assert not dialog.isModal()
    assert dialog.list.toPlainText().count("\n") == 16
    copy = next(each for each in dialog.findChildren(QPushButton) if each.text() == "Copy")
    copy.click()
    assert QGuiApplication.clipboard().text() == dialog.list.toPlainText()
    dialog.close()
    notices._wrong.action.click()
    assert notices._dialog is not None
    notices._dialog.close()


def test_problems_that_differ_in_their_place_alone_are_told_in_one_line(notices: Notices) -> None:
    files = [Problem("there is no text", f"{nth}.ann", "Leave it out") for nth in range(10)]
    notices.report_all([*files, Problem("it is empty", "x.txt"), Problem("it is empty", "y.txt")])
    assert notices._wrong.words.text().split("\n") == [
        "0.ann and 9 more: there is no text. Leave it out.",
        "x.txt: it is empty.",
        "y.txt: it is empty.",
    ]
    assert notices._wrong.action.isVisible()  # where each of them is named
    assert len(notices.problems) == 12
    notices.clear_problems()
    notices.report_all(files[:2])
    assert notices._wrong.action.isHidden()
    assert notices._wrong.words.text().count("\n") == 1


def test_the_same_problem_is_listed_once(notices: Notices) -> None:
    for _ in range(3):
        notices.tell("The disk is full.", kind="problem")
    assert notices.problems == ("The disk is full.",)
    assert notices._wrong.action.isHidden()


def test_what_went_wrong_last_comes_first_and_has_room(notices: Notices) -> None:
    long = "says something that takes more than a single line of this card, " * 3
    words = notices._wrong.words
    for nth in range(1, 4):
        notices.report(InputError(long, where=f"{nth}.txt"))
        for _ in range(3):
            QApplication.processEvents()
        assert words.text().startswith(f"{nth}.txt: ")
        assert words.height() >= words.heightForWidth(words.width())
        assert notices.rect().contains(notices._wrong.geometry())
    notices.report(InputError(long, where="1.txt"))
    assert [each.split(":")[0] for each in notices.problems] == ["1.txt", "3.txt", "2.txt"]


def test_an_action_is_done_once_and_closes_the_card(notices: Notices) -> None:
    done: list[str] = []
    notices.tell("12 suggestions accepted.", kind="done", action=("Undo", lambda: done.append("undone")))
    assert notices._said.action.text() == "Undo"
    notices._said.action.click()
    notices._on_action()
    assert done == ["undone"]
    assert notices.isHidden()


def test_the_keyboard_goes_back_to_the_page(page: QWidget, notices: Notices) -> None:
    page.setFocus()
    notices.tell("One")
    assert page.hasFocus(), "a message takes nothing away"
    notices._said.close_chip.setFocus()
    notices._said.close_chip.click()
    assert page.hasFocus()


def test_a_theme_reaches_the_cards(notices: Notices) -> None:
    notices.tell("One")
    notices.set_theme(dark())
    assert notices._said.mark.theme is dark()


def test_sentences_start_with_a_capital_or_a_place() -> None:
    assert sentence(Problem("the disk is full", cure="Make room")) == "The disk is full. Make room."
    assert sentence(Problem("it is empty", "a.txt")) == "a.txt: it is empty."


def test_what_the_rules_forbid_passes_and_esc_closes_what_went_wrong(
    open_window: Callable[[Path | None], MainWindow],
) -> None:
    window = open_window(None)
    page = window.bench.page
    assert page is not None
    window.bench.run(MakeSpan(Kind.ACTOR, "Actor", ((0, 2),)))
    (actor,) = page.spans
    assert window.bench.run(DrawRelation("made_by", actor, actor)) is None
    assert not window.notices.problems
    assert window.notices.said
    window.notices.tell("The disk is full.", kind="problem")
    window.canvas.select_ranges([(0, 2)])
    window.slots.escape()
    assert window.notices.problems == ("The disk is full.",)
    window.slots.escape()
    assert not window.notices.problems


def test_a_path_is_not_torn_after_its_first_slash(notices: Notices) -> None:
    said = "1 and/or 2 articles written to /tmp/export/labels.jsonl (or “/home/x”), / and 3 / 4."
    notices.tell(said)
    assert notices.said == said
    held = said.replace("/tmp", "/\u2060tmp").replace("/home", "/\u2060home")
    assert notices._said.words.text() == held
    notices.report_all([Problem("it is no text", "/tmp/x.txt")])
    assert notices.problems == ("/tmp/x.txt: it is no text.",)
    assert notices._wrong.words.text() == "/\u2060tmp/x.txt: it is no text."
