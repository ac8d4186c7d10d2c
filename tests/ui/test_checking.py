"""The window's list of problems: the same as the command's, each with a way to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import monotonic

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from annotator.core.commands import MakeSpan, SetAttribute, SetStatus
from annotator.core.errors import Place, Problem
from annotator.core.model import ActorRecord, Kind, Status, Target
from annotator.session.project import Project
from annotator.ui.dialogs.checked import CheckDialog
from annotator.ui.main_window import MainWindow
from annotator.ui.models.problem_list import ProblemListModel


def label(path: Path, article: str, words: str, who: str = "ana") -> str:
    """A claim that lacks everything, in an article that is then called done all the same."""
    with Project.open(path) as project:
        editor = project.editor(who)
        page = editor.open(article)
        start = page.text.index(words)
        changes = editor.run(MakeSpan(Kind.CLAIM, "Claim", ((start, start + len(words)),)))
        assert changes is not None
        claim = changes.added_spans()[0].id
        for name, value in (("stance", "oppose"), ("form", "demand")):
            editor.run(SetAttribute(Target.SPAN, claim, name, value))
        editor.run(SetStatus(Status.DONE))
        return claim


def listed(window: MainWindow, qtbot: QtBot) -> CheckDialog:
    window.actions_by_id["problems"].trigger()
    dialog = window.checking.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.again.isEnabled(), timeout=5_000)
    return dialog


def whats(dialog: CheckDialog) -> list[str]:
    return [each.what for each in dialog.model.rows]


def test_a_sound_project_is_said_to_be_so(
    open_window: Callable[..., MainWindow], demanding: Path, qtbot: QtBot
) -> None:
    dialog = listed(open_window(demanding), qtbot)
    assert (dialog.title.text(), dialog.sound.isVisible()) == ("In order", True)
    assert dialog.sound.text().startswith("Nothing is wrong.")
    assert not dialog.isModal()


def test_each_problem_leads_to_its_label_and_goes_when_it_is_fixed(
    open_window: Callable[..., MainWindow], demanding: Path, qtbot: QtBot
) -> None:
    one = label(demanding, "a1", "Iran must stop")
    two = label(demanding, "a2", "“peace” is near")
    window = open_window(demanding)
    dialog = listed(window, qtbot)
    assert dialog.title.text() == "2 problems"
    with Project.open_to_read(demanding) as project:
        assert list(dialog.model.rows) == list(project.repository.check())
    assert dialog.model.index(1).data() == (
        "The required attribute Categories is missing: “peace” is near · Another · label of ana".replace(
            "“peace” is near", "““peace” is near”"
        )
    )
    dialog.view.selectRow(1)
    QTest.keyClick(dialog.view, Qt.Key.Key_Return)
    assert window.bench.page is not None
    assert (window.bench.page.article.id, window.canvas.state.span) == ("a2", two)
    window.bench.run(SetAttribute(Target.SPAN, two, "categories", ["health"]))
    qtbot.waitUntil(lambda: len(dialog.model.rows) == 1, timeout=5_000)
    qtbot.waitUntil(lambda: dialog.title.text() == "1 problem", timeout=5_000)
    window.bench.undo()
    qtbot.waitUntil(lambda: len(dialog.model.rows) == 2, timeout=5_000)
    place = dialog.view.visualRect(dialog.model.index(0, 0)).center()
    QTest.mouseClick(dialog.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.canvas.state.span == one


def test_what_is_wrong_with_the_file_and_with_others_labels_is_listed_too(
    open_window: Callable[..., MainWindow], demanding: Path, qtbot: QtBot
) -> None:
    label(demanding, "a1", "Iran must stop", "bea")
    with closing(sqlite3.connect(demanding)) as connection:
        connection.execute("UPDATE spans SET actor = 'gone'")
        connection.execute("UPDATE article_texts SET text = text || '!' WHERE article_pk = 2")
        connection.commit()
    window = open_window(demanding)
    dialog = listed(window, qtbot)
    assert whats(dialog) == [
        "its actor record 'gone' is not there",
        "the required attribute Categories is missing",
        "the text is not the one that was imported",
    ]
    window.checking.go_to(dialog.model.rows[0])
    assert window.notices.said == "This label is bea’s; only bea sees and changes it."
    window.checking.go_to(dialog.model.rows[2])
    assert window.bench.page is not None
    assert window.bench.page.article.id == "a2"


def test_a_problem_of_an_actor_record_leads_to_the_record(
    open_window: Callable[..., MainWindow], demanding: Path, qtbot: QtBot
) -> None:
    with Project.open(demanding) as project:
        project.repository.add_articles([], [ActorRecord(id="r1", name=" ")])
    window = open_window(demanding)
    dialog = listed(window, qtbot)
    assert whats(dialog) == ["it has no name"]
    window.checking.go_to(dialog.model.rows[0])
    shown = window.identities.show_window()
    assert shown is not None
    assert shown.isVisible()
    shown.close()


def test_closing_ends_the_check(
    open_window: Callable[..., MainWindow], demanding: Path, qtbot: QtBot
) -> None:
    window = open_window(demanding)
    window.actions_by_id["problems"].trigger()
    dialog = window.checking.dialog
    assert dialog is not None
    dialog.close()
    assert window.checking.dialog is None
    assert window.canvas.hasFocus()
    window.actions_by_id["problems"].trigger()
    assert window.bench.open(demanding)  # another project, or the same once more
    assert window.checking.dialog is None


@pytest.mark.parametrize("again", [False, True])
def test_a_new_check_takes_the_place_of_the_one_that_runs(
    open_window: Callable[..., MainWindow], demanding: Path, qtbot: QtBot, again: bool
) -> None:
    label(demanding, "a1", "Iran must stop")
    window = open_window(demanding)
    window.actions_by_id["problems"].trigger()
    if again:
        window.checking.check()
    dialog = window.checking.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.again.isEnabled(), timeout=5_000)
    assert whats(dialog) == ["the required attribute Categories is missing"]


def test_an_edit_follows_at_once_in_a_long_list() -> None:
    rows = [
        Problem(f"label {nth} is wrong", place=Place(article=f"a{nth % 500}", span=f"s{nth}"))
        for nth in range(5_000)
    ]
    model = ProblemListModel()
    model.add(rows)
    begun = monotonic()
    model.replace(["a3"], [each for each in rows if each.place.article == "a3"][1:])
    assert monotonic() - begun < 1  # seconds; 30 where the rows are compared each with each
    assert len(model.rows) == 4_999
