"""Commands by name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from annotator.core.model import Status
from annotator.runtime.settings import RECENT_COMMANDS
from annotator.ui.commands import entries
from annotator.ui.dialogs.palette import Palette
from annotator.ui.main_window import MainWindow
from annotator.ui.palette import Entry, rank, ranked


def names(typed: str, *words: str, recent: tuple[str, ...] = ()) -> list[str]:
    return [each.words for each in ranked([Entry(w, w, list) for w in words], typed, recent)]


def test_beginnings_come_first_then_parts_then_letters_in_order() -> None:
    assert names("ex", "Next article", "Export", "Go to the exit") == [
        "Export",
        "Go to the exit",
        "Next article",
    ]
    assert names("fia", "Find in all articles", "Flag it again", "Quit") == [
        "Find in all articles",
        "Flag it again",
    ]
    assert names("all find", "Find in all articles", "Find next") == ["Find in all articles"]
    assert names("zz", "Quit") == []
    assert names("regular", "Reject all alike here", "Accept all suggestions alike") == []
    assert names("nfnd", "Find in all articles") == []
    assert rank("Relate to", "RELATE") == 0


def test_without_anything_typed_what_was_used_lately_comes_first() -> None:
    assert names("", "a", "b", "c", recent=("c", "b")) == ["c", "b", "a"]
    assert names("b", "a b", "b a", "b c", recent=("b c",)) == ["b c", "b a", "a b"]


@pytest.fixture
def window(open_window: Callable[..., MainWindow]) -> MainWindow:
    return open_window()


def opened(window: MainWindow) -> Palette:
    QTest.keyClick(window.canvas, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    return next(each for each in window.findChildren(Palette) if each.isVisible())


def test_every_action_is_there_by_name_with_its_keys(window: MainWindow) -> None:
    palette = opened(window)
    listed = {entry.id: entry for entry in palette.model.items}
    assert set(window.actions_by_id) - {"palette", "escape"} <= set(listed)
    assert listed["find"].keys == "Ctrl+F"
    assert "status_done" in listed
    assert any(name.startswith("open ") for name in listed)


def test_a_command_is_found_run_and_offered_first_next_time(window: MainWindow) -> None:
    palette = opened(window)
    assert palette.field.hasFocus()
    QTest.keyClicks(palette.field, "mark in progress")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.bench.page is not None
    assert window.bench.page.progress.status == Status.IN_PROGRESS
    assert window.canvas.hasFocus()
    assert window.settings.get(RECENT_COMMANDS) == ["status_in_progress"]
    assert opened(window).model.items[0].id == "status_in_progress"


def test_a_command_of_the_page_runs_on_the_page(window: MainWindow) -> None:
    palette = opened(window)
    QTest.keyClicks(palette.field, "next word")
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.canvas.state.ranges


def test_arrows_choose_and_escape_gives_the_keyboard_back(window: MainWindow) -> None:
    window.articles.view.setFocus()
    QTest.keyClick(window.articles.view, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = next(each for each in window.findChildren(Palette) if each.isVisible())
    QTest.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.view.currentIndex().row() == 1
    QTest.keyClick(palette.field, Qt.Key.Key_Up)
    QTest.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.view.currentIndex().row() == 0
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert window.articles.view.hasFocus()
    assert not any(each.isVisible() for each in window.findChildren(Palette))


def test_going_elsewhere_closes_it(window: MainWindow) -> None:
    palette = opened(window)
    QTest.keyClicks(palette.field, "zzzz")
    assert palette.nothing.isVisible()
    window.articles.search.setFocus()
    assert window.articles.search.hasFocus()
    assert not any(each.isVisible() for each in window.findChildren(Palette))


def test_a_changed_key_works_at_once_and_is_shown_everywhere(window: MainWindow) -> None:
    page = window.bench.page
    assert page is not None
    window.keys.give("label_claim_Claim", "V")
    window.canvas.select_ranges([(170, 180)])
    QTest.keyClick(window.canvas, Qt.Key.Key_V)
    assert [span.label for span in page.spans.values()] == ["Claim"]
    assert next(label.key for label in window.canvas.codebook.labels if label.name == "Claim") == "v"
    assert window.inspector.span_view.accept.key == "Enter"
    window.canvas.clear_selection()
    chips = {label.name: chip.key for label, chip in window.inspector.article_view.labels.items()}
    assert chips["Claim"] == "V"
    window.keys.give("undo", "F5")
    QTest.keyClick(window.canvas, Qt.Key.Key_F5)
    assert not page.spans
    window.keys.reset()
    window.canvas.select_ranges([(170, 180)])
    QTest.keyClick(window.canvas, Qt.Key.Key_C)
    assert len(page.spans) == 1


def test_who_is_labelling_is_found_by_name(window: MainWindow) -> None:
    (entry, *_) = ranked(entries(window), "who", [])
    entry.run()
    assert window.name_strip.field.hasFocus()
    assert window.name_strip.field.text() == "ana"
