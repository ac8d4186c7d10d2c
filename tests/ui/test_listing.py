"""Between page and list in the whole window, by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from annotator.core.commands import DrawRelation, MakeSpan
from annotator.core.model import Article, Kind, Span, State
from annotator.core.page import Page
from annotator.core.ports import NewArticle
from annotator.core.text import sha256_of
from annotator.session.project import Project
from annotator.ui.main_window import MainWindow
from annotator.ui.models.label_filter import Show, Sort

TEXT = (
    "Drones\n\nReports reveal that it has formally requested Iran to halt its sale of drones to Russia, "
    "raising worries. American and Iranian officials met in Qatar, as reported.\n\n"
    + "Something else stands here, and goes on for a while.\n\n" * 30
    + "He spoke in Doha.\n"
)


def suggestion(nth: int, kind: Kind, label: str, words: str, sure: float | None) -> Span:
    start = TEXT.index(words)
    return Span(
        id=f"s{nth}",
        kind=kind,
        label=label,
        fragments=((start, start + len(words)),),
        state=State.SUGGESTED,
        origin="spacy:test-1",
        confidence=sure,
    )


SUGGESTED = [
    suggestion(0, Kind.ENTITY, "Place", "Iran", 0.9),
    suggestion(1, Kind.ENTITY, "Place", "Russia", 0.8),
    suggestion(2, Kind.ACTOR, "Actor", "American and Iranian", 0.7),
    suggestion(3, Kind.ENTITY, "Place", "Qatar", None),
]


@pytest.fixture
def window(open_window: Callable[..., MainWindow], tmp_path: Path) -> MainWindow:
    path = tmp_path / "p.annot"
    with Project.create(path) as project:
        article = Article(id="a1", text=TEXT, sha256=sha256_of(TEXT), title="Drones")
        project.repository.add_articles([NewArticle(article=article, spans=SUGGESTED)], [])
    return open_window(path)


def page_of(window: MainWindow) -> Page:
    assert window.bench.page is not None
    return window.bench.page


def make(window: MainWindow, kind: Kind, label: str, words: str) -> str:
    start = TEXT.index(words)
    changes = window.bench.run(MakeSpan(kind, label, ((start, start + len(words)),)))
    assert changes is not None
    return changes.added_spans()[0].id


NONE = Qt.KeyboardModifier.NoModifier


def press(window: MainWindow, key: Qt.Key | str, held: Qt.KeyboardModifier = NONE) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, held)  # type: ignore[call-overload]
    QApplication.processEvents()
    window.beside.now()


def test_to_the_list_along_it_and_back(window: MainWindow) -> None:
    own = make(window, Kind.CUE, "Cue", "reveal")
    window.canvas.select_span("s1")
    press(window, "l")
    assert window.labels.has_keyboard
    press(window, Qt.Key.Key_Up)
    press(window, Qt.Key.Key_Up)
    assert window.canvas.state.span == own, "the page follows"
    assert window.labels.has_keyboard, "without taking the keyboard"
    press(window, Qt.Key.Key_Return)
    assert window.canvas.hasFocus()
    assert window.canvas.state.span == own
    press(window, "l")
    press(window, Qt.Key.Key_Escape)
    assert window.canvas.hasFocus()
    assert window.canvas.state.span == own
    press(window, "l")
    press(window, "l")
    assert window.canvas.hasFocus()


def test_with_nothing_selected_the_list_begins_at_what_is_in_sight(window: MainWindow) -> None:
    window.canvas.clear_selection()
    start = TEXT.index("worries")
    window.canvas.select_ranges([(start, start + 7)])
    press(window, "l")
    assert window.canvas.state.span == "s2"


def test_the_page_scrolls_to_what_is_gone_to(window: MainWindow) -> None:
    far = make(window, Kind.ENTITY, "Place", "Doha")
    window.canvas.select_span("s0")
    window.canvas.verticalScrollBar().setValue(0)
    press(window, "l")
    press(window, Qt.Key.Key_End)
    assert window.canvas.state.span == far
    top, bottom = window.canvas.scene.y_range(page_of(window).spans[far].fragments)
    seen = window.canvas.visible_range()
    assert seen[0] < top < bottom < seen[1]


def test_suggestions_are_accepted_and_rejected_one_after_the_other(window: MainWindow) -> None:
    window.labels.set_sort(Sort(Kind.ENTITY), "Entities")
    window.canvas.select_span("s0")
    press(window, "l")
    press(window, Qt.Key.Key_Return)
    assert window.canvas.state.span == "s1"
    press(window, "x")
    assert window.canvas.state.span == "s3", "the actor between them is not listed"
    assert window.labels.has_keyboard
    press(window, "2")
    page = page_of(window)
    assert sorted(span.label for span in page.spans.values()) == ["Organization", "Place"]
    assert not page.is_open(page.suggestions["s1"])


def test_delete_takes_what_is_listed_and_goes_on(window: MainWindow) -> None:
    make(window, Kind.CUE, "Cue", "reveal")
    second = make(window, Kind.CUE, "Cue", "requested")
    window.labels.set_show(Show.MINE)
    window.canvas.clear_selection()
    press(window, "l")
    press(window, Qt.Key.Key_Delete)
    assert list(page_of(window).spans) == [second]
    assert window.canvas.state.span == second
    press(window, Qt.Key.Key_Delete)
    assert window.canvas.hasFocus(), "nothing is listed any more"
    press(window, "l")
    assert window.notices.said == "No labels of your own yet."


def test_a_changed_key_is_the_key_in_the_list_too(window: MainWindow) -> None:
    window.keys.give("accept", "F4")
    window.canvas.select_span("s0")
    press(window, "l")
    press(window, Qt.Key.Key_Return)
    assert page_of(window).spans == {}
    press(window, Qt.Key.Key_F4)
    assert len(page_of(window).spans) == 1
    window.keys.reset()


def test_a_relation_is_followed_by_keys_and_by_its_menu(window: MainWindow) -> None:
    claim = make(window, Kind.CLAIM, "Claim", "requested Iran to halt")
    actor = make(window, Kind.ACTOR, "Actor", "officials")
    changes = window.bench.run(DrawRelation("made_by", claim, actor))
    assert changes is not None
    window.labels.set_sort(Sort(relations=True), "Relations")
    window.canvas.clear_selection()
    press(window, "l")
    assert window.canvas.state.relation == changes.added_relations()[0].id
    press(window, Qt.Key.Key_Right)
    assert window.canvas.state.span == actor
    press(window, Qt.Key.Key_Left)
    assert window.canvas.state.span == claim
    place = window.labels.view.visualRect(window.labels.shown.index(0, 0)).center()
    window.labels.view.customContextMenuRequested.emit(place)
    menu = next(each for each in window.findChildren(QMenu) if each.isVisible() and not each.title())
    offered = {action.text(): action for action in menu.actions()}
    offered["Go to its tail"].trigger()
    menu.close()
    assert window.canvas.state.span == actor


def test_accepting_by_confidence_is_one_step_and_spares_the_unsure(window: MainWindow) -> None:
    window.actions_by_id["accept_by_confidence"].trigger()
    slider = window.labels.threshold.slider
    assert slider.hasFocus()
    assert window.labels.threshold.words.text() == "2 at 80% or more"
    press(window, Qt.Key.Key_PageDown)
    window.labels.set_sort(Sort(Kind.ENTITY), "Entities")
    press(window, Qt.Key.Key_Return)
    page = page_of(window)
    assert sorted(span.label for span in page.spans.values()) == ["Place", "Place"], "the actor is not listed"
    window.labels.clear_filter()
    window.actions_by_id["accept_by_confidence"].trigger()
    slider.setValue(0)
    press(window, Qt.Key.Key_Return)
    assert len(page.spans) == 3
    assert [each.id for each in page.open_suggestions()] == ["s3"], "without a confidence"
    window.bench.undo()
    window.bench.undo()
    assert page.spans == {}


def test_the_slider_is_not_offered_where_nothing_waits(window: MainWindow) -> None:
    page_of(window).replace_suggestions([], [])
    window.bench.suggestions_arrived.emit(page_of(window).article.id)
    window.actions_by_id["accept_by_confidence"].trigger()
    assert window.notices.said == "No suggestion waits for you."


def test_the_filter_is_reached_by_a_key_and_left(window: MainWindow) -> None:
    press(window, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert window.labels.words.hasFocus()
    QTest.keyClicks(window.labels.words, "qatar")
    press(window, Qt.Key.Key_Return)
    assert window.canvas.state.span == "s3"
    press(window, "/")
    press(window, Qt.Key.Key_Escape)
    assert window.labels.words.text() == ""
    press(window, Qt.Key.Key_Escape)
    assert window.canvas.hasFocus()


def test_other_keys_of_the_page_work_in_the_list(window: MainWindow) -> None:
    own = make(window, Kind.CUE, "Cue", "reveal")
    window.canvas.select_span(own)
    press(window, "l")
    press(window, "]")
    page = page_of(window)
    start, end = page.spans[own].fragments[0]
    assert TEXT[start:end] == "reveal that"
    assert window.labels.has_keyboard
    press(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "reveal that"
    window.canvas.select_span("s0")
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert not page.is_open(page.suggestions["s0"])
    assert window.canvas.state.span == "s1"
    assert window.labels.has_keyboard


def test_counts_follow_an_edit_under_a_filter(window: MainWindow, qtbot: QtBot) -> None:
    window.labels.words.setText("iran")
    window.labels.set_show(Show.SUGGESTED)
    assert window.labels.chips[Show.SUGGESTED].count == "2"
    window.canvas.select_span("s0")
    window.review.accept()
    qtbot.waitUntil(lambda: window.labels.chips[Show.SUGGESTED].count == "1")
    assert window.labels.chips[Show.MINE].count == "1"
    assert window.labels.threshold.words.text() == "0 at 80% or more"


def test_accepting_by_confidence_in_the_project_counts_first(window: MainWindow) -> None:
    window.actions_by_id["accept_by_confidence"].trigger()
    window.labels.threshold.everywhere.click()
    assert window.notices.said.startswith("Accept 2 × suggestions at 80% or more in 1 article?")
    page = page_of(window)
    assert page.spans == {}
    window.labels.threshold.everywhere.click()
    assert len(page.spans) == 2
