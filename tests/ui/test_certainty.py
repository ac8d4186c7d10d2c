"""The less certain suggestions in the whole window: hidden at first, shown and hidden at a key."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.core.commands import AcceptRelation
from annotator.core.model import Article, Kind, Relation, Span, State, Status
from annotator.core.page import Page
from annotator.core.ports import NewArticle
from annotator.core.records import replace
from annotator.core.text import sha256_of
from annotator.runtime.settings import SHOW_LESS_CERTAIN
from annotator.session.project import Project
from annotator.ui.main_window import MainWindow
from annotator.ui.models.label_filter import Show
from annotator.ui.theme import dark, light

TEXT = (
    "Drones\n\nReports reveal that it has formally requested Iran to halt its sale of drones. "
    "The minister denied that any drone was sold.\n\n"
    + "Something else stands here, and goes on for a while.\n\n" * 30
    + "He said that talks in Doha go on, and the minister agreed.\n"
)
MORE = TEXT + "More.\n"
RULES = "rules:attribution-1"


def place(words: str, nth: int = 0) -> tuple[int, int]:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(words, start + 1)
    return start, start + len(words)


def suggested(name: str, kind: Kind, words: str, sure: float, origin: str = RULES, nth: int = 0) -> Span:
    label = {Kind.ACTOR: "Actor", Kind.CLAIM: "Claim", Kind.CUE: "Cue", Kind.ENTITY: "Place"}[kind]
    return Span(
        id=name, kind=kind, label=label, fragments=(place(words, nth),),
        state=State.SUGGESTED, origin=origin, confidence=sure,
    )  # fmt: skip


def related(name: str, type_: str, head: str, tail: str, sure: float) -> Relation:
    return Relation(
        id=name, type=type_, head=head, tail=tail,
        state=State.SUGGESTED, origin=RULES, confidence=sure,
    )  # fmt: skip


SPANS = [
    suggested("iran", Kind.ENTITY, "Iran", 0.4, "spacy:test-1"),
    suggested("doha", Kind.ENTITY, "Doha", 0.4, "spacy:test-1"),
    suggested("reports", Kind.ACTOR, "Reports", 0.95),
    suggested("claim", Kind.CLAIM, "it has formally requested Iran to halt its sale of drones", 0.95),
    suggested("reveal", Kind.CUE, "reveal", 0.6),
    suggested("denial", Kind.CLAIM, "any drone was sold", 0.7),
    suggested("minister", Kind.ACTOR, "minister", 0.6),
    suggested("minister2", Kind.ACTOR, "minister", 0.95, nth=1),
]
RELATIONS = [
    related("by", "made_by", "claim", "reports", 0.95),
    related("cued", "cued_by", "claim", "reveal", 0.95),
    related("by2", "made_by", "denial", "minister", 0.6),
]
SURE = {"iran", "doha", "reports", "claim", "minister2"}
UNSURE = {"reveal", "denial", "minister"}


@pytest.fixture
def window(open_window: Callable[..., MainWindow], tmp_path: Path) -> MainWindow:
    path = tmp_path / "p.annot"
    with Project.create(path) as project:
        made = [
            NewArticle(
                article=Article(id="a1", text=TEXT, sha256=sha256_of(TEXT), title="Drones"),
                spans=SPANS, relations=RELATIONS,
            ),
            NewArticle(
                article=Article(id="a2", text=MORE, sha256=sha256_of(MORE), title="More"),
                spans=[
                    suggested("x-minister", Kind.ACTOR, "minister", 0.6),
                    suggested("x-doha", Kind.ENTITY, "Doha", 0.4, "spacy:test-1"),
                ],
            ),
        ]  # fmt: skip
        project.repository.add_articles(made, [])
    return open_window(path)


def page_of(window: MainWindow) -> Page:
    assert window.bench.page is not None
    return window.bench.page


NONE = Qt.KeyboardModifier.NoModifier
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def press(window: MainWindow, key: Qt.Key | str, held: Qt.KeyboardModifier = NONE) -> None:
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClick(focused, key, held)  # type: ignore[call-overload]
    QApplication.processEvents()
    window.beside.now()


def settle(window: MainWindow) -> None:
    """Let what stands beside the page catch up."""
    window.beside.now()
    QApplication.processEvents()


def open_count(window: MainWindow, row: int = 0) -> int:
    found = window.articles.model.article_at(row)
    assert found is not None
    return found.suggestions


def test_they_are_hidden_at_first_and_shown_at_a_key(window: MainWindow) -> None:
    scene = window.canvas.scene
    assert set(scene.marks) == SURE
    assert set(scene.links) == {"by"}
    assert scene.numbers == {"claim": 1}, "numbers count what is seen"
    assert open_count(window) == len(SURE)
    assert open_count(window, 1) == 1
    assert "5 suggestions to decide" in window.inspector.article_view.counts.text()
    press(window, "m")
    assert set(scene.marks) == SURE | UNSURE
    assert set(scene.links) == {"by", "cued", "by2"}
    assert open_count(window) == len(SURE | UNSURE)
    assert open_count(window, 1) == 2
    assert "8 suggestions to decide" in window.inspector.article_view.counts.text()
    assert {each.id for each in scene.marks.values() if each.less_certain} == UNSURE
    assert {each.id for each in scene.links.values() if each.less_certain} == {"cued", "by2"}
    press(window, "m")
    assert set(scene.marks) == SURE
    assert set(scene.links) == {"by"}


def test_menu_and_setting_go_with_it(window: MainWindow, open_window: Callable[..., MainWindow]) -> None:
    action = window.actions_by_id["show_less_certain"]
    assert action.isCheckable()
    assert not action.isChecked()
    action.trigger()
    assert action.isChecked()
    assert window.settings.get(SHOW_LESS_CERTAIN)
    assert window.bench.project is not None
    path = window.bench.project.path
    window.close()
    again = open_window(path)
    assert again.actions_by_id["show_less_certain"].isChecked()
    assert set(again.canvas.scene.marks) == SURE | UNSURE
    assert open_count(again) == len(SURE | UNSURE)
    again.bench.open_article("a2")
    assert set(again.canvas.scene.marks) == {"x-minister", "x-doha"}


def test_the_panel_and_the_status_line_say_how_many(window: MainWindow) -> None:
    panel, status = window.labels, window.status
    panel.set_show(Show.SUGGESTED)
    assert panel.less_certain.text() == "5 more, less certain"
    assert panel.less_certain.key == "M"
    assert status._less_certain.text() == "5 less certain hidden"
    assert panel.chips[Show.SUGGESTED].count == "6"
    panel.less_certain.click()
    settle(window)
    assert panel.less_certain.text() == "Hide less certain"
    assert status._less_certain.text() == "5 less certain shown"
    assert panel.chips[Show.SUGGESTED].count == "11"
    status._less_certain.click()
    settle(window)
    assert panel.less_certain.text() == "5 more, less certain"
    panel.set_show(Show.MINE)
    assert not panel.less_certain.isVisible(), "they are none of one's own"
    window.bench.open_article("a2")
    panel.set_show(Show.ALL)
    assert panel.less_certain.text() == "1 more, less certain"
    assert status._less_certain.text() == "1 less certain hidden"


def test_nothing_is_said_where_there_are_none(window: MainWindow) -> None:
    press(window, "m")
    window.bench.open_article("a2")
    window.canvas.select_span("x-minister")
    press(window, "x")
    assert not window.labels.less_certain.isVisible()
    assert not window.status._less_certain.isVisible()
    press(window, "m")
    assert "this article has none" in window.notices.said


def test_keys_and_mouse_do_not_reach_them(window: MainWindow) -> None:
    seen = set()
    for _ in range(12):
        press(window, Qt.Key.Key_Tab)
        seen.add(window.canvas.state.span or window.canvas.state.relation)
    assert seen == SURE | {"by"}
    seen = set()
    for _ in range(12):
        press(window, ".")
        seen.add(window.canvas.state.span)
    assert seen == SURE
    window.canvas.show_fragments((place("any drone was sold"),))
    press(window, "s")
    assert not UNSURE & set(window.canvas.state.targets)
    press(window, Qt.Key.Key_Escape)
    assert window.canvas.hit_at(middle_of(window, "minister")).stack == ()
    press(window, "m")
    assert window.canvas.hit_at(middle_of(window, "minister")).stack == ("minister",)


def middle_of(window: MainWindow, words: str) -> QPointF:
    return QPointF(window.canvas.from_page(window.canvas.scene.rects((place(words),))[0]).center())


def test_deciding_on_many_leaves_them_alone(window: MainWindow) -> None:
    page = page_of(window)
    window.canvas.select_span("minister2")
    assert window.canvas.state.alike == {"minister2"}
    press(window, Qt.Key.Key_Return, SHIFT)
    assert set(page.decisions) == {"minister2"}
    window.labels.set_show(Show.SUGGESTED)
    window.labels.threshold.slider.setValue(0)
    window.labels.threshold.accept.click()
    assert set(page.decisions) == SURE | {"by"}
    assert page.count_less_certain() == 5
    press(window, Qt.Key.Key_Escape)
    press(window, Qt.Key.Key_Tab)
    assert "5 less certain are hidden" in window.notices.said


def test_what_a_person_proposes_is_seen(window: MainWindow) -> None:
    page = page_of(window)
    window.canvas.select_ranges([place("Something")])
    press(window, "3")
    press(window, "g")
    made = [each for each in page.open_suggestions() if each.confidence is None]
    assert len(made) == 29
    assert {each.id for each in made} <= set(window.canvas.scene.marks)


def test_finishing_does_not_ask_about_them(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Return, CTRL)
    assert page_of(window).article.id == "a2"
    window.bench.open_article("a1")
    assert page_of(window).progress.status is Status.DONE


def test_decisions_stay_when_they_are_hidden_again(window: MainWindow) -> None:
    press(window, "m")
    window.canvas.select_span("minister")
    press(window, Qt.Key.Key_Return)
    assert window.bench.run(AcceptRelation("by2")) is not None
    press(window, "m")
    page = page_of(window)
    assert {page.stand_in(each) for each in ("minister", "denial")} == set(page.spans)
    assert set(page.spans) <= set(window.canvas.scene.marks)
    assert set(page.relations) <= set(window.canvas.scene.links)


def test_undo_brings_a_hidden_one_into_sight_and_selects_it(window: MainWindow) -> None:
    press(window, "m")
    window.canvas.select_span("minister")
    press(window, "x")
    press(window, "m")
    assert "minister" not in window.canvas.scene.marks
    press(window, "z", CTRL)
    assert window.canvas.state.span == "minister"
    assert set(window.canvas.scene.marks) == SURE | {"minister"}, "that one, and no other"
    assert not window.settings.get(SHOW_LESS_CERTAIN)
    assert window.labels.picked is not None
    assert window.labels.picked.id == "minister"
    assert window.status._less_certain.text() == "4 less certain hidden"
    press(window, "z", CTRL | SHIFT)
    assert "minister" not in window.canvas.scene.marks
    press(window, "z", CTRL)
    window.bench.open_article("a2")
    window.bench.open_article("a1")
    assert "minister" not in window.canvas.scene.marks, "for as long as the article is open"


def test_undo_of_a_relation_brings_its_ends(window: MainWindow) -> None:
    press(window, "m")
    window.canvas.select_relation("by2")
    press(window, "x")
    press(window, "m")
    window.bench.open_article("a2")
    press(window, "z", CTRL)
    assert page_of(window).article.id == "a1"
    assert window.canvas.state.relation == "by2"
    assert set(window.canvas.scene.marks) == SURE | {"minister", "denial"}


def test_what_is_read_stays_in_place(window: MainWindow) -> None:
    canvas = window.canvas
    canvas.grab()
    canvas.verticalScrollBar().setValue(canvas.verticalScrollBar().maximum())
    top = canvas.first_visible()
    press(window, "m")
    canvas.grab()
    assert canvas.first_visible() == top
    assert canvas.verticalScrollBar().value() > 0


def test_a_selected_one_is_let_go_when_it_is_hidden(window: MainWindow) -> None:
    press(window, "m")
    window.canvas.select_span("minister")
    press(window, "m")
    assert window.canvas.state.span is None
    window.canvas.select_span("claim")
    press(window, "m")
    assert window.canvas.state.span == "claim", "any other stays selected"


@pytest.mark.parametrize("look", [light, dark])
def test_they_look_weaker_and_their_names_do_not(window: MainWindow, look: Callable[..., object]) -> None:
    press(window, "m")
    window.use_theme(look())  # type: ignore[arg-type]
    canvas, page = window.canvas, page_of(window)
    canvas.clear_selection()

    def grabbed() -> QImage:
        canvas.grab()
        rect = canvas.from_page(canvas.scene.rects((place("minister"),))[0])
        return canvas.viewport().grab(rect.adjusted(-4, -16, 4, 6)).toImage()

    weak = grabbed()
    spans = [replace(each, confidence=1.0) for each in page.suggestions.values()]
    page.replace_suggestions(spans, page.relation_suggestions.values())
    canvas.refresh_suggestions()
    strong = grabbed()
    name = QRect(0, 0, weak.width(), 14)
    assert weak.copy(name) == strong.copy(name), "the name is as easy to read"
    rest = QRect(0, 14, weak.width(), weak.height() - 14)
    paper = canvas.theme.page
    assert contrast(weak.copy(rest), paper) < 0.95 * contrast(strong.copy(rest), paper)


def contrast(image: QImage, paper: QColor) -> int:
    """How far all pixels together are from a colour."""
    cells = (image.pixelColor(x, y).getRgb() for x in range(image.width()) for y in range(image.height()))
    return sum(abs(a - b) for each in cells for a, b in zip(each, paper.getRgb(), strict=True))
