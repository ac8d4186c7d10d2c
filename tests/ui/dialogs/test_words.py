"""Reporting words in the real window: looked at, chosen, added, applied."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt, QThread
from pytestqt.qtbot import QtBot

from annotator.core.commands import Reject
from annotator.core.learning import Effect, Use
from annotator.core.model import Article, Kind
from annotator.core.ports import Evidence, NewArticle, Suggested, SuggestedRelation, SuggestedSpan
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens
from annotator.session.learning import uses_in
from annotator.session.project import Project
from annotator.ui.dialogs.words import WordsDialog
from annotator.ui.keeper import Holder
from annotator.ui.main_window import MainWindow
from annotator.ui.models.word_list import effect_words
from annotator.ui.theme import dark

RULES = "rules:attribution-1"
TEXT = "The minister said that talks failed. He denied that they had begun, number {}."


@pytest.fixture
def project(tmp_path: Path, home: Path) -> Path:
    """Twelve articles with a claim by “said” and one by “denied” each; ana has rejected ten of the first."""
    path = tmp_path / "news.annot"
    with Project.create(path) as made:
        for nth in range(12):
            text = TEXT.format(nth)
            article = Article(id=f"a{nth}", text=text, sha256=sha256_of(text), title=f"Talks {nth}")
            made.repository.add_articles([NewArticle(article=article)], [])
            spans = (
                SuggestedSpan(
                    Kind.CLAIM, "Claim", ((18, 35),), RULES, 0.96, {}, Evidence("say", "say clause", 0.96)
                ),
                SuggestedSpan(Kind.CUE, "Cue", ((13, 17),), RULES, 0.96),
                SuggestedSpan(
                    Kind.CLAIM, "Claim", ((47, 66),), RULES, 0.95, {}, Evidence("deny", "deny clause", 0.95)
                ),
            )
            links = (SuggestedRelation("cued_by", 0, 1, RULES, 0.96),)
            found = Suggested(f"a{nth}", spans, links, rough_tokens(text), ("rules:",))
            made.repository.save_suggested([found], "m")
        editor = made.editor("ana")
        for nth in range(10):
            editor.open(f"a{nth}")
            assert editor.page is not None
            claim = next(each for each in editor.page.suggestions.values() if each.start == 18)
            editor.run(Reject((claim.id,)))
    return path


@pytest.fixture
def window(open_window: Callable[..., MainWindow], project: Path) -> MainWindow:
    return open_window(project)


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> WordsDialog:
    window.actions_by_id["words"].trigger()
    made = window.findChild(WordsDialog)
    assert made is not None
    qtbot.waitUntil(lambda: made.model.words is not None)
    qtbot.waitUntil(made.isActiveWindow)
    return made


def shown(dialog: WordsDialog, word: str) -> list[str]:
    place = dialog.model.place_of(word)
    assert place is not None
    return [
        str(dialog.model.index(place, nth).data()) for nth in range(dialog.model.columnCount(QModelIndex()))
    ]


def confidences(window: MainWindow, article: str = "a11") -> dict[int, float | None]:
    assert window.bench.project is not None
    spans, _, _ = window.bench.project.repository.open_suggestion_page(article)
    return {span.start: span.confidence for span in spans}


def test_it_shows_what_was_learned_first(dialog: WordsDialog) -> None:
    assert not dialog.isModal()
    assert dialog.model.rows[0].word == "say"
    assert shown(dialog, "say") == ["say", "speech", "96% → 43%", "", "10", "", "As learned"]
    assert "10 rejected" in str(dialog.model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert dialog.said.text() == "2 suggested claims would become less certain."
    assert dialog.apply_chip.isEnabled()


def test_applying_brings_undecided_suggestions_to_it(
    dialog: WordsDialog, window: MainWindow, qtbot: QtBot
) -> None:
    dialog.apply_chip.click()
    qtbot.waitUntil(lambda: dialog.said.text() == "Up to date.")
    found = confidences(window)
    assert found[18] == found[13] == 0.427
    assert confidences(window, "a0")[18] == 0.96, "decided on"
    page = window.bench.page
    assert page is not None
    assert next(each for each in page.suggestions.values() if each.start == 47).confidence == found[47]


def test_words_are_chosen_by_keyboard_alone_and_back(
    dialog: WordsDialog, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.keyClicks(dialog.search, "deny")
    qtbot.keyClick(dialog.search, Qt.Key.Key_Down)
    assert dialog.view.hasFocus()
    qtbot.keyClick(dialog.view, Qt.Key.Key_N)
    assert shown(dialog, "deny")[-1] == "Never"
    assert dialog.chips[Use.NEVER].isChecked()
    assert "12 would go" in dialog.said.text()
    assert confidences(window)[47] == 0.95, "not applied yet"
    qtbot.keyClick(dialog.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: 47 not in confidences(window))
    qtbot.waitUntil(lambda: dialog.said.text() == "Up to date.")
    assert window.bench.project is not None
    assert uses_in(window.bench.project.repository) == {"deny": Use.NEVER}
    assert window.bench.page is not None
    assert all(each.start != 47 for each in window.bench.page.suggestions.values())
    qtbot.keyClick(dialog.view, Qt.Key.Key_Delete)
    assert shown(dialog, "deny")[-1] == "As learned"


def test_a_word_of_ones_own_is_added_by_its_lemma(
    dialog: WordsDialog, window: MainWindow, qtbot: QtBot
) -> None:
    qtbot.keyClicks(dialog.search, "harrumphed")
    assert dialog.nothing.isVisible()
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert shown(dialog, "harrumph")[1:3] == ["speech; a word of this project", "– → 95%"]
    assert "read again" in dialog.said.text()
    dialog.reset()
    assert "press once more" in dialog.said.text()
    dialog.reset()
    assert dialog.model.place_of("harrumph") is None
    dialog.search.setText("…")
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert "no reporting word" in dialog.said.text()


def test_a_window_that_can_only_read_shows_and_changes_nothing(
    open_window: Callable[..., MainWindow], project: Path, qtbot: QtBot
) -> None:
    holder = Holder(project)
    assert holder.take()
    window = open_window(project)
    assert window.bench.keeper.read_only
    window.slots.show_words()
    dialog = window.findChild(WordsDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.model.words is not None)
    dialog.view.selectRow(0)
    assert not dialog.apply_chip.isEnabled()
    assert not any(chip.isEnabled() for chip in dialog.chips.values())
    dialog.choose(Use.NEVER)
    dialog.apply()
    assert shown(dialog, "say")[-1] == "As learned"
    assert dialog.said.text() == window.bench.keeper.read_only
    holder.release()


def test_opening_a_project_catches_up_once_before_the_worker_starts(window: MainWindow, qtbot: QtBot) -> None:
    called: list[bool] = []
    assert window.bench.learner.catch_up(lambda: called.append(True))
    qtbot.waitUntil(lambda: bool(called))
    assert confidences(window)[18] == 0.427
    assert not window.bench.learner.catch_up(lambda: called.append(True))


def test_the_worker_waits_for_the_catching_up_that_is_under_way(window: MainWindow, qtbot: QtBot) -> None:
    called: list[object] = []
    learner = window.bench.learner
    assert learner.catch_up(lambda: called.append(QThread.currentThread()))
    assert learner.catch_up(lambda: called.append("twice"))
    qtbot.waitUntil(lambda: not window.bench.tasks.busy)
    assert called == [window.thread()]
    assert not learner.catch_up(lambda: called.append("late"))


def test_what_ends_after_its_project_was_closed_does_not_act_on_the_next(
    window: MainWindow, project: Path, qtbot: QtBot, tmp_path: Path
) -> None:
    other = tmp_path / "other.annot"
    Project.create(other).close()
    called: list[object] = []
    learner = window.bench.learner
    learner.changed.connect(called.append)
    learner.counted.connect(called.append)
    assert learner.catch_up(lambda: called.append("then"))
    assert window.bench.open(other)
    assert window.bench.project is not None
    assert window.bench.project.path == other
    qtbot.waitUntil(lambda: not window.bench.tasks.busy)
    learner.read()
    assert window.bench.open(project)
    qtbot.waitUntil(lambda: not window.bench.tasks.busy)
    assert called == []


def test_apply_can_be_pressed_again_where_nothing_could_be_written(
    dialog: WordsDialog, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window.bench.keeper, "may_write", lambda: False)
    dialog.apply_chip.click()
    assert dialog.apply_chip.isEnabled()
    assert dialog.said.text() == "2 suggested claims would become less certain."


def test_closing_it_or_the_project_while_it_counts_does_no_harm(
    dialog: WordsDialog, window: MainWindow, qtbot: QtBot
) -> None:
    window.bench.learner.read()
    with qtbot.waitSignal(dialog.destroyed):
        dialog.close()
    qtbot.waitUntil(lambda: not window.bench.tasks.busy)


def test_effects_in_words() -> None:
    assert effect_words(Effect(12, 8, 3), changed=True, other_words=False) == (
        "12 suggested claims would become certain, 8 would become less certain, 3 would go."
    )
    assert effect_words(Effect(0, 0, 1), changed=True, other_words=True).startswith(
        "1 suggested claim would go."
    )
    assert effect_words(Effect(), changed=False, other_words=False) == "Up to date."


def test_it_follows_the_theme_while_it_is_open(dialog: WordsDialog, window: MainWindow) -> None:
    dialog.model.choose({"deny": Use.ALWAYS, "harrumph": Use.ALWAYS, "hint": Use.NEVER})
    dialog.view.selectRow(1)
    light_one = dialog.grab().toImage()
    window.use_theme(dark())
    there = dialog.view.viewport().geometry().center()
    assert dialog.grab().toImage().pixelColor(there).lightness() < light_one.pixelColor(there).lightness()
    assert dialog.view.itemDelegate().theme is window.theme  # type: ignore[attr-defined]
