"""Deciding on many suggestions at once, by the keys of the real window."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.core.model import Article, Kind
from annotator.core.ports import NewArticle, Suggested, SuggestedSpan
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens
from annotator.session.project import Project
from annotator.ui.main_window import MainWindow

TEXT = "Iran met Malley. Iran left, and Iran came back to Doha {}."
NONE = Qt.KeyboardModifier.NoModifier
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def suggested(text: str) -> tuple[SuggestedSpan, ...]:
    found = []
    for words, label, sure in (("Iran", "Place", 0.9), ("Malley", "Person", 0.7), ("Doha", "Place", 0.5)):
        start = text.find(words)
        while start >= 0:
            fragments = ((start, start + len(words)),)
            found.append(SuggestedSpan(Kind.ENTITY, label, fragments, "spacy:test-1", sure))
            start = text.find(words, start + 1)
    return tuple(found)


@pytest.fixture
def window(open_window: Callable[..., MainWindow], tmp_path: Path) -> MainWindow:
    """Three articles with the same suggestions, the first of them open."""
    path = tmp_path / "p.annot"
    with Project.create(path) as project:
        results = []
        for number in range(3):
            text = TEXT.format(number)
            article = Article(id=f"a{number}", text=text, sha256=sha256_of(text), title=f"T{number}")
            project.repository.add_articles([NewArticle(article=article)], [])
            results.append(Suggested(f"a{number}", suggested(text), (), rough_tokens(text), ("spacy:",)))
        project.repository.save_suggested(results, "spacy:test-1")
    return open_window(path)


def press(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(window.canvas, key, modifiers)
    QApplication.processEvents()
    window.beside.now()


def labels(window: MainWindow, article: str = "a0") -> int:
    project = window.bench.project
    assert project is not None
    return len(project.repository.load_page(article, "ana").spans)


def rejected(window: MainWindow, article: str) -> int:
    project = window.bench.project
    assert project is not None
    return len(project.repository.load_page(article, "ana").decisions)


def chosen(window: MainWindow) -> str:
    page = window.bench.page
    assert page is not None
    assert window.canvas.state.span is not None
    span = page.span(window.canvas.state.span)
    return page.text[span.start : span.end]


def test_shift_enter_accepts_everything_alike_in_the_article_and_goes_on(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Tab)
    assert len(window.canvas.state.alike) == 3
    press(window, Qt.Key.Key_Return, SHIFT)
    assert (labels(window), labels(window, "a1")) == (3, 0)
    assert chosen(window) == "Malley"
    assert window.notices.said == "Accepted 3 × Place “Iran”."
    press(window, Qt.Key.Key_Z, CTRL)
    assert labels(window) == 0
    assert len(window.canvas.scene.marks) == 5


def test_shift_x_rejects_everything_alike(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Tab)
    press(window, Qt.Key.Key_X, SHIFT)
    assert labels(window) == 0
    assert rejected(window, "a0") == 3
    assert chosen(window) == "Malley"


def test_in_the_project_the_count_comes_first_and_the_same_key_does_it(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Tab)
    press(window, Qt.Key.Key_Return, CTRL | SHIFT)
    assert labels(window) == 0
    assert window.notices.said.startswith("Accept 9 × Place “Iran” in 3 articles?")
    press(window, Qt.Key.Key_Return, CTRL | SHIFT)
    assert [labels(window, f"a{n}") for n in range(3)] == [3, 3, 3]
    assert window.notices.said == "Accepted 9 × Place “Iran” in 3 articles."
    rows = [window.articles.model.row_of(f"a{n}") for n in range(3)]
    assert rows == [0, 1, 2]
    press(window, Qt.Key.Key_Z, CTRL)
    assert [labels(window, f"a{n}") for n in range(3)] == [0, 0, 0]


def test_another_selection_in_between_asks_again(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Tab)
    press(window, Qt.Key.Key_X, CTRL | SHIFT)
    press(window, Qt.Key.Key_Tab)
    press(window, Qt.Key.Key_X, CTRL | SHIFT)
    assert window.notices.said.startswith("Reject 3 × Person “Malley” in 3 articles?")
    assert rejected(window, "a1") == 0
    press(window, Qt.Key.Key_X, CTRL | SHIFT)
    assert [rejected(window, f"a{n}") for n in range(3)] == [1, 1, 1]


def test_the_word_in_the_message_does_it_too(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Tab)
    press(window, Qt.Key.Key_Return, CTRL | SHIFT)
    window.notices._said.action.click()
    assert labels(window, "a2") == 3
    window.notices._said.action.click()
    assert labels(window, "a2") == 0


def test_with_nothing_selected_it_says_so(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Return, SHIFT)
    assert "Select a suggestion first" in window.notices.said
    assert labels(window) == 0


def test_all_above_a_confidence(window: MainWindow) -> None:
    window.together.above(0.7)
    assert labels(window) == 4
    window.together.above(0.7)
    assert window.notices.said == "There is no such suggestion."
    window.together.above(0.4, True)
    assert labels(window, "a1") == 0
    window.together.above(0.4, True)
    assert [labels(window, f"a{n}") for n in range(3)] == [5, 5, 5]
    press(window, Qt.Key.Key_Z, CTRL)
    press(window, Qt.Key.Key_Z, CTRL)
    assert [labels(window, f"a{n}") for n in range(3)] == [0, 0, 0]


def test_rejected_stays_rejected_when_the_model_reads_again_and_after_a_restart(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Tab)
    press(window, Qt.Key.Key_X, SHIFT)
    project = window.bench.project
    assert project is not None
    again = Suggested("a0", suggested(TEXT.format(0)), (), rough_tokens(TEXT.format(0)), ("spacy:",))
    project.repository.save_suggested([again], "spacy:test-2")
    page = project.repository.load_page("a0", "ana")
    assert {page.text[s.start : s.end] for s in page.open_suggestions()} == {"Malley", "Doha"}
    path = project.path
    window.bench.open(path)
    page = window.bench.page
    assert page is not None
    assert {page.text[s.start : s.end] for s in page.open_suggestions()} == {"Malley", "Doha"}


def test_the_other_keys_reach_the_page(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Tab)
    press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_Escape)
    press(window, Qt.Key.Key_Period)
    assert chosen(window) == "Iran"
    press(window, Qt.Key.Key_S)
    assert window.canvas.state.targets
    press(window, Qt.Key.Key_Escape)
    press(window, Qt.Key.Key_P)
    assert window.canvas.state.pinned
    press(window, Qt.Key.Key_P)
    assert window.canvas.state.pinned is None
    press(window, Qt.Key.Key_G)
    assert "nowhere else" in window.notices.said
    press(window, Qt.Key.Key_Plus)
    assert window.canvas.state.ranges
    press(window, Qt.Key.Key_Right)
    press(window, Qt.Key.Key_Return)
    page = window.bench.page
    assert page is not None
    assert [len(span.fragments) for span in page.spans.values()] == [2]
    press(window, Qt.Key.Key_BracketLeft, Qt.KeyboardModifier.AltModifier)
    assert chosen(window) == "Iran me"


def test_the_inspector_says_how_many_are_alike_and_decides_on_them(window: MainWindow) -> None:
    view = window.inspector.span_view
    press(window, Qt.Key.Key_Tab)
    assert view.accept_alike.isVisible()
    assert view.accept_alike.text() == "Accept all 3 alike"
    view.everywhere.click()
    assert window.notices.said.startswith("Accept 9 ×")
    assert labels(window) == 0
    view.accept_alike.click()
    window.beside.now()
    assert labels(window) == 3
    assert chosen(window) == "Malley"
    assert not view.accept_alike.isVisible()
    press(window, Qt.Key.Key_Z, CTRL)
    view.reject_alike.click()
    assert rejected(window, "a0") == 3


def test_the_question_is_forgotten_when_it_can_no_longer_be_read(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Tab)
    press(window, Qt.Key.Key_Return, CTRL | SHIFT)
    window.notices._hide_said()
    press(window, Qt.Key.Key_Return, CTRL | SHIFT)
    assert labels(window) == 0
    press(window, Qt.Key.Key_Return, CTRL | SHIFT)
    assert labels(window) == 3


def test_undo_in_the_message_takes_back_only_what_it_is_about(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Tab)
    press(window, Qt.Key.Key_Return, SHIFT)
    press(window, Qt.Key.Key_Return)
    assert labels(window) == 4
    window.notices._said.action.click()
    assert labels(window) == 4
    assert "Something else" in window.notices.said
