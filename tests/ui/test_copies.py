"""The window's list of near-duplicates."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from annotator.core.commands import MakeSpan
from annotator.core.model import Article, Kind
from annotator.core.ports import NewArticle
from annotator.core.text import sha256_of
from annotator.session.project import Project
from annotator.ui.dialogs.twins import TwinsDialog
from annotator.ui.main_window import MainWindow

WORDS = " ".join(f"word{nth} and Rob Malley said thing {nth * 7 % 31}." for nth in range(40))
TEXTS = {
    "a1": f"Envoy warns\n\n{WORDS}",
    "a2": "Something else\n\nNothing of this stands in any other article of the project at all.",
    "a3": f"A warning, by an envoy\n\n{WORDS} And one sentence more.",
}


def make(path: Path, texts: dict[str, str]) -> Path:
    with Project.create(path) as project:
        articles = [
            Article(
                id=name, text=text, sha256=sha256_of(text), title=text.split("\n")[0], publisher="Reuters"
            )
            for name, text in texts.items()
        ]
        project.repository.add_articles([NewArticle(article=each) for each in articles], [])
        if "a1" in texts:
            editor = project.editor("ana")
            page = editor.open("a1")
            start = page.text.index("Rob Malley")
            editor.run(MakeSpan(Kind.ENTITY, "Person", ((start, start + 10),)))
    return path


def listed(window: MainWindow, qtbot: QtBot) -> TwinsDialog:
    window.actions_by_id["near_duplicates"].trigger()
    dialog = window.twins.dialog
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.again.isEnabled(), timeout=5_000)
    return dialog


@pytest.fixture
def twins(tmp_path: Path) -> Path:
    return make(tmp_path / "twins.annot", TEXTS)


def test_groups_are_listed_and_their_articles_opened(
    twins: Path, open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window(twins)
    dialog = listed(window, qtbot)
    assert not dialog.isModal()
    assert dialog.said.text() == "1 group with 2 articles."
    heading, first, second = (dialog.model.index(nth).data() for nth in range(3))
    assert heading.startswith("2 articles, 9")
    assert heading.endswith(" % alike")
    assert first == "Envoy warns, Reuters · 1 label"
    assert second == "A warning, by an envoy, Reuters · no labels"
    dialog.view.selectRow(2)
    qtbot.keyClick(dialog.view, Qt.Key.Key_Return)
    assert window.bench.page is not None
    assert window.bench.page.article.id == "a3"
    assert dialog.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert window.twins.dialog is None


def test_labels_go_to_the_others_as_suggestions(
    twins: Path, open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    window = open_window(twins)
    window.bench.open_article("a3")
    dialog = listed(window, qtbot)
    assert dialog.copy.text() == "Copy 1 label to 1 other as suggestions"
    dialog.view.selectRow(2)
    assert not dialog.copy.isEnabled()
    assert dialog.copy.toolTip() == "You have no labels in this article"
    dialog.view.selectRow(1)
    dialog.copy.click()
    qtbot.waitUntil(lambda: not window.bench.tasks.busy, timeout=5_000)
    assert dialog.said.text().startswith("1 span")
    page = window.bench.page
    assert page is not None
    assert [page.text[each.fragments[0][0] :][:10] for each in page.suggestions.values()] == ["Rob Malley"]


def test_where_there_are_none_it_says_so(
    tmp_path: Path, open_window: Callable[..., MainWindow], qtbot: QtBot
) -> None:
    dialog = listed(open_window(make(tmp_path / "one.annot", {"a2": TEXTS["a2"]})), qtbot)
    assert dialog.nothing.isVisible()
    assert dialog.nothing.text().startswith("No two articles nearly repeat")
    assert not dialog.copy.isEnabled()
    assert not dialog.open_chip.isEnabled()
