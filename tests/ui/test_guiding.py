"""F1: what the codebook says about what is focused, pointed at or selected, beside the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from annotator.core.codebook import Attribute, AttributeType, Codebook, RelationType
from annotator.core.commands import DrawRelation, MakeSpan
from annotator.core.model import Article, Kind
from annotator.core.ports import NewArticle
from annotator.core.records import replace
from annotator.core.text import sha256_of
from annotator.session.project import Project, default_codebook
from annotator.ui.main_window import MainWindow
from annotator.ui.panels.guideline import guideline_of

TEXT = "Envoy warns\n\nRob Malley said that Iran must stop the sale of drones.\n"
CLAIM = "# When\n\nWhat *somebody* demands.\n\n- not a fact"


def explained() -> Codebook:
    usual = default_codebook()
    return replace(
        usual,
        labels=tuple(replace(each, guideline=CLAIM if each.name == "Claim" else "") for each in usual.labels),
        attributes=tuple(
            replace(each, guideline="Only what is *said*." if each.name == "stance" else "")
            for each in usual.attributes
        ),
        relation_types=tuple(
            replace(each, guideline="From claim to speaker." if each.name == "made_by" else "")
            for each in usual.relation_types
        ),
    )


@pytest.fixture
def window(open_window: Callable[..., MainWindow], tmp_path: Path) -> MainWindow:
    """The window on a claim, an actor and their relation."""
    project = Project.create(tmp_path / "study.annot", explained())
    article = Article(id="a1", text=TEXT, sha256=sha256_of(TEXT), title="Envoy warns")
    project.repository.add_articles([NewArticle(article=article)], [])
    project.close()
    made = open_window(tmp_path / "study.annot")
    QCursor.setPos(QPoint(0, 0))
    return made


def make(window: MainWindow, kind: Kind, label: str, words: str) -> str:
    start = TEXT.index(words)
    changes = window.bench.run(MakeSpan(kind, label, ((start, start + len(words)),)))
    assert changes is not None
    return changes.added_spans()[0].id


def press(key: Qt.Key) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key)
    QApplication.processEvents()


def shown(window: MainWindow) -> tuple[str, str]:
    panel = window.guiding._panel
    if not panel.isVisible():
        return "", ""
    assert panel.text.isVisible() != panel.lacks.isVisible(), "either a guideline, or that there is none"
    return panel.title.text(), panel.text.toPlainText() or panel.description.text()


def select(window: MainWindow, span: str) -> None:
    window.canvas.select_span(span)
    window.beside.now()


def test_the_selected_label_is_explained_and_escape_goes_back(window: MainWindow) -> None:
    select(window, make(window, Kind.CLAIM, "Claim", "Iran must stop"))
    press(Qt.Key.Key_F1)
    assert shown(window) == ("Claim", "When\nWhat somebody demands.\nnot a fact")
    assert QApplication.focusWidget() is window.guiding._panel.text
    assert window.isActiveWindow()  # nothing modal
    press(Qt.Key.Key_Escape)
    assert shown(window) == ("", "")
    assert window.labels.isVisible()
    assert window.canvas.hasFocus()


def test_it_follows_the_selection_while_it_is_open(window: MainWindow) -> None:
    claim = make(window, Kind.CLAIM, "Claim", "Iran must stop")
    actor = make(window, Kind.ACTOR, "Actor", "Rob Malley")
    changes = window.bench.run(DrawRelation("made_by", claim, actor))
    assert changes is not None
    select(window, claim)
    press(Qt.Key.Key_F1)
    select(window, actor)
    assert shown(window) == ("Actor", explained().label(Kind.ACTOR, "Actor").description)  # type: ignore[union-attr]
    said = "The codebook has no guideline for Actor yet. Write one in File → Codebook…"
    assert window.guiding._panel.lacks.text() == said
    window.canvas.select_relation(changes.added_relations()[0].id)
    window.beside.now()
    assert shown(window) == ("made by", "From claim to speaker.")
    window.canvas.setFocus()
    press(Qt.Key.Key_Escape)  # the selection first
    press(Qt.Key.Key_Escape)
    assert shown(window) == ("", "")


def test_the_attribute_that_has_the_keyboard_is_explained(window: MainWindow) -> None:
    select(window, make(window, Kind.CLAIM, "Claim", "Iran must stop"))
    form = window.inspector.span_view._parts[Kind.CLAIM].form
    form.focus("stance")
    before = QApplication.focusWidget()
    press(Qt.Key.Key_F1)
    assert shown(window) == ("Stance", "Only what is said.")
    press(Qt.Key.Key_F1)  # the same key closes it
    assert shown(window) == ("", "")
    assert QApplication.focusWidget() is before
    form.focus("date")
    press(Qt.Key.Key_F1)
    assert shown(window) == ("Claim date", "")
    panel = window.guiding._panel
    assert panel.lacks.text().startswith("The codebook has no guideline for Claim date yet.")
    assert not panel.text.isVisible(), "no empty box"
    assert QApplication.focusWidget() is panel.shut
    assert "no guideline for Claim date" in panel.shut.accessibleDescription()
    press(Qt.Key.Key_Escape)
    assert shown(window) == ("", "")


def test_the_label_under_the_pointer_is_explained(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    chips = window.inspector.article_view.labels
    chip = next(chip for label, chip in chips.items() if label.name == "Place")
    assert chip.toolTip() == "A country, city, region, landscape or building."
    pointed: list[QWidget] = [chip]
    monkeypatch.setattr(QApplication, "widgetAt", lambda _: pointed[0])
    press(Qt.Key.Key_F1)
    assert shown(window) == ("Place", "A country, city, region, landscape or building.")


def test_with_nothing_to_explain_it_says_what_to_do(window: MainWindow) -> None:
    window.canvas.select_span(None)
    press(Qt.Key.Key_F1)
    assert shown(window) == ("", "")
    assert window.notices.said.startswith("Select a label, or point at one, and press F1")


def test_what_stands_above_the_words() -> None:
    rule = RelationType(name="made_by", heads=frozenset({Kind.CLAIM}), tails=frozenset({Kind.ACTOR}))
    assert guideline_of(rule).about == "Relation · claim → actor"
    both = Attribute(
        name="tone",
        type=AttributeType.MULTI_CHOICE,
        kinds=frozenset({Kind.CLAIM, Kind.ENTITY}),
        choices=("a*b", "c"),
        required=True,
    )
    found = guideline_of(both)
    assert found.about == "Attribute of entities, claims · several values · required"
    assert found.markdown == ""
    assert found.description == "One of: a*b, c."


def test_it_follows_another_codebook(window: MainWindow) -> None:
    claim = make(window, Kind.CLAIM, "Claim", "Iran must stop")
    window.canvas.select_span(claim)
    window.beside.now()
    press(Qt.Key.Key_F1)
    editor = window.bench.editor
    assert editor is not None
    labels = tuple(
        replace(each, guideline="Now otherwise.") if each.name == "Claim" else each
        for each in editor.codebook.labels
    )
    editor.change_codebook(replace(editor.codebook, labels=labels), (), "Change the guideline")
    assert "Now otherwise" in window.guiding._panel.text.toPlainText()
