"""Every part of the window that can have the keyboard says what it is, and shows that it has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from annotator.core.commands import DrawRelation, MakeSpan, SetLabelNote
from annotator.core.model import Article, Kind, Relation, Span, State, Target
from annotator.core.ports import NewArticle
from annotator.core.text import sha256_of
from annotator.runtime.settings import ANNOTATOR, AUTO_SUGGEST, Settings
from annotator.session.project import Project
from annotator.ui.app import make_window, open_first
from annotator.ui.canvas.port import FOCUS_LINE, focus_colour
from annotator.ui.dialogs.export import ExportDialog
from annotator.ui.dialogs.paste import PasteDialog
from annotator.ui.dialogs.problems import ProblemsDialog
from annotator.ui.main_window import MainWindow
from annotator.ui.models.label_filter import Show
from annotator.ui.theme import Theme, contrast, dark, light

TEXT = "Drones\n\nReports reveal that the US has formally requested Iran to halt its sale of drones.\n"


def suggestion(name: str, kind: Kind, label: str, words: str) -> Span:
    at = TEXT.index(words)
    return Span(
        id=name,
        kind=kind,
        label=label,
        fragments=((at, at + len(words)),),
        state=State.SUGGESTED,
        origin="spacy:test-1",
        confidence=0.9,
    )


@pytest.fixture
def window(home: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[MainWindow]:
    path = tmp_path / "p.annot"
    with Project.create(path) as project:
        article = Article(
            id="a1",
            text=TEXT,
            sha256=sha256_of(TEXT),
            title="Drones",
            url="https://example.org/drones",
            publisher="Reuters",
        )
        waiting = [
            suggestion("s0", Kind.ENTITY, "Place", "Iran"),
            suggestion("s1", Kind.CLAIM, "Claim", "halt its sale"),
        ]
        links = [
            Relation(
                id="r0",
                type="about",
                head="s1",
                tail="s0",
                state=State.SUGGESTED,
                origin="rules:test-1",
            )
        ]
        project.repository.add_articles([NewArticle(article=article, spans=waiting, relations=links)], [])
    settings = Settings()
    settings.set(ANNOTATOR, "ana")
    settings.set(AUTO_SUGGEST, False)
    made = make_window(settings)
    made.bench._start_worker.setInterval(10_000_000)
    made.show()
    qtbot.waitExposed(made)
    open_first(made, path, [])
    made.canvas.setFocus()
    QApplication.processEvents()
    yield made
    made.close()
    made.deleteLater()


def make(window: MainWindow, kind: Kind, label: str, words: str) -> str:
    at = TEXT.index(words)
    changes = window.bench.run(MakeSpan(kind, label, ((at, at + len(words)),)))
    assert changes is not None
    return changes.added_spans()[0].id


def states(window: MainWindow) -> Iterator[str]:
    """The window in each state that has controls of its own, one after the other."""
    actor = make(window, Kind.ACTOR, "Actor", "the US")
    claim = make(window, Kind.CLAIM, "Claim", "formally requested Iran")
    changes = window.bench.run(DrawRelation("made_by", claim, actor))
    assert changes is not None
    window.bench.run(SetLabelNote(Target.SPAN, claim, "odd"))
    yield "nothing selected"
    for span in (actor, claim, "s0"):
        window.canvas.select_span(span)
        yield f"the span {span}"
    for relation in (changes.added_relations()[0].id, "r0"):
        window.canvas.select_relation(relation)
        yield f"the relation {relation}"
    window.finding.open()
    yield "find bar"
    window.find_bar.closed.emit()
    window.slots.show_find_panel()
    yield "find panel"
    window.slots.leave_find_panel()
    window.slots.ask_name()
    yield "name"
    window.notices.tell("Something", action=("Undo", lambda: None))
    window.notices.tell("Something is wrong", kind="problem")
    yield "notices"
    window.labels.set_show(Show.SUGGESTED)
    yield "threshold"
    window.labels.words.setText("zzz")
    yield "nothing fits"
    window.articles.search.setText("zzz")
    window.articles._apply_filter()
    yield "no article fits"


def takes_keyboard(widget: QWidget) -> bool:
    return (
        widget.isVisible()
        and widget.isEnabled()
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.focusProxy() is None
    )


def unnamed(root: QWidget) -> list[str]:
    found = []
    for each in (root, *root.findChildren(QWidget)):
        interface = QAccessible.queryAccessibleInterface(each)
        if takes_keyboard(each) and not (interface and interface.text(QAccessible.Text.Name).strip()):
            found.append(f"{type(each).__name__} in {type(each.parent()).__name__}")
    return found


def test_everything_that_takes_the_keyboard_has_a_name(window: MainWindow) -> None:
    seen = []
    for state in states(window):
        QApplication.processEvents()
        assert unnamed(window) == [], state
        seen.append(state)
    assert len(seen) == 13


def shown_dialogs(window: MainWindow, tmp_path: Path) -> Iterator[QWidget]:
    """Each dialog, one after the other."""
    makers: list[Callable[[], object]] = [
        window.slots.show_keys,
        window.slots.show_palette,
        window.slots.show_about,
        lambda: PasteDialog(window).show(),
        lambda: ExportDialog(["ana", "ben"], "ana", tmp_path / "o.jsonl", window).show(),
        lambda: ProblemsDialog(["One", "Two"], window).show(),
    ]
    for show in makers:
        before = set(window.findChildren(QWidget))
        show()
        QApplication.processEvents()
        top = next(each for each in set(window.findChildren(QWidget)) - before if each.parent() is window)
        top.activateWindow()
        yield top
        top.close()


def test_everything_in_the_dialogs_has_a_name(window: MainWindow, tmp_path: Path) -> None:
    for top in shown_dialogs(window, tmp_path):
        assert any(takes_keyboard(each) for each in top.findChildren(QWidget))
        assert unnamed(top) == []


def test_states_are_told_too(window: MainWindow) -> None:
    window.labels.set_show(Show.MINE)
    chip = QAccessible.queryAccessibleInterface(window.labels.chips[Show.MINE])
    assert chip.state().checkable
    assert chip.state().checked
    other = QAccessible.queryAccessibleInterface(window.labels.chips[Show.ALL])
    assert not other.state().checked
    slider = QAccessible.queryAccessibleInterface(window.labels.threshold.slider)
    assert slider.role() == QAccessible.Role.Slider
    assert slider.text(QAccessible.Text.Name) == "Least confidence: 80%"
    page = QAccessible.queryAccessibleInterface(window.canvas)
    assert page.text(QAccessible.Text.Name) == "Article"
    assert page.state().focused


def picture(root: QWidget, widget: QWidget) -> QImage:
    """What is to be seen where a widget is."""
    QApplication.processEvents()
    return root.grab(widget.rect().translated(widget.mapTo(root, widget.rect().topLeft()))).toImage()


def try_focus(root: QWidget, tried: set[tuple[str, str]]) -> list[tuple[str, str]]:
    """The kinds of controls that Tab reaches and that look the same with the keyboard and without."""
    alike = []
    for each in root.findChildren(QWidget):
        kind = (type(each).__name__, type(each.parent()).__name__)
        by_tab = takes_keyboard(each) and Qt.FocusPolicy.TabFocus in each.focusPolicy()
        if not by_tab or kind in tried:
            continue
        each.clearFocus()
        without = picture(root, each)
        each.setFocus(Qt.FocusReason.TabFocusReason)
        if isinstance(each, QPlainTextEdit):
            each.setCursorWidth(0)  # a caret alone is not enough
        if not each.hasFocus() or picture(root, each) == without:
            alike.append(kind)
        tried.add(kind)
    return alike


@pytest.mark.parametrize("theme", [light(), dark()], ids=["light", "dark"])
def test_whatever_has_the_keyboard_shows_it(window: MainWindow, tmp_path: Path, theme: Theme) -> None:
    window.use_theme(theme)
    tried: set[tuple[str, str]] = set()
    for state in states(window):
        QApplication.processEvents()
        window.beside.now()
        assert try_focus(window, tried) == [], state
    for top in shown_dialogs(window, tmp_path):
        assert try_focus(top, tried) == [], top
    assert {kind for kind, _ in tried} >= {
        "ArticleView", "CheckBox", "Chip", "ComboBox", "NoteEdit", "QLabel", "QLineEdit", "QPlainTextEdit",
        "QPushButton", "QSlider", "RowView",
    }  # fmt: skip


def test_the_page_has_a_line_of_the_focus_colour_at_its_edge(window: MainWindow) -> None:
    canvas = window.canvas
    for theme in (light(), dark()):
        window.use_theme(theme)
        canvas.setFocus()
        QApplication.processEvents()
        image = canvas.grab().toImage()
        middle = image.height() // 2
        assert {image.pixelColor(x, middle).name() for x in range(FOCUS_LINE)} == {focus_colour(theme).name()}
        assert contrast(focus_colour(theme), theme.page) >= 3
        assert image.pixelColor(FOCUS_LINE, middle) == theme.page
        window.articles.search.setFocus()
        QApplication.processEvents()
        assert canvas.grab().toImage().pixelColor(0, middle) == theme.page


def test_the_chosen_item_of_a_menu_shows(window: MainWindow, qtbot: QtBot) -> None:
    menu = window.findChildren(QMenu)[0]
    before = menu.grab().toImage()
    menu.setActiveAction(menu.actions()[0])
    assert menu.grab().toImage() != before
