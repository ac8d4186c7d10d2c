"""The whole window on a real project: what a person does, by keys, menu items and panels."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from annotator.core.commands import DrawRelation, MakeSpan
from annotator.core.model import Kind, Status
from annotator.runtime.settings import ANNOTATOR, Settings
from annotator.session.exporting import export_labels
from annotator.ui.app import make_window, open_first
from annotator.ui.canvas.hit import Hit, Zone
from annotator.ui.controls import Chip
from annotator.ui.main_window import MainWindow


@pytest.fixture
def window(open_window: Callable[..., MainWindow]) -> MainWindow:
    """The window as ana sees it on the sample project, without the worker."""
    return open_window()


def again(settings: Settings) -> MainWindow:
    """Another start of the program."""
    made = make_window(settings)
    made.bench._start_worker.setInterval(10_000_000)
    made.show()
    open_first(made, None, [])
    return made


def press(window: MainWindow, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    held = Qt.KeyboardModifier.NoModifier
    for each in modifiers:
        held |= each
    QTest.keyClick(window.canvas, key, held)
    QApplication.processEvents()
    window.beside.now()


def make(window: MainWindow, kind: Kind, label: str, words: str) -> str:
    page = window.bench.page
    assert page is not None
    start = page.text.index(words, 170)
    changes = window.bench.run(MakeSpan(kind, label, ((start, start + len(words)),)))
    assert changes is not None
    return changes.added_spans()[0].id


def test_the_first_start_shows_the_sample_article(window: MainWindow) -> None:
    assert window.bench.page is not None
    assert window.bench.page.article.title.startswith("US Urges Iran")
    assert window.articles.next_id(1) is not None
    assert window.windowTitle() == "sample — Annotator"
    assert [window.bench.page.text[a:b][:9] for a, b in window.bench.page.article.furniture] == [
        "US Urges ",
        "Also Read",
        "Also Read",
        "Also Read",
        "Join News",
        "Related N",
    ]


def test_labels_by_keys_alone_are_on_disk_at_once_and_in_the_export(
    window: MainWindow, tmp_path: Path
) -> None:
    page = window.bench.page
    assert page is not None
    start = page.text.index("the United States has")
    window.canvas.select_ranges([(start, start + len("the United States"))])
    press(window, Qt.Key.Key_A)
    window.canvas.select_ranges([(page.text.index("formally requested"), page.text.index(", raising"))])
    press(window, Qt.Key.Key_C)
    press(window, Qt.Key.Key_R)
    targets = window.canvas.state.targets
    assert len(targets) == 1
    QTest.keyClicks(window.canvas, next(iter(targets.values())))
    QTest.keyClicks(window.canvas, "1")
    assert [each.type for each in page.relations.values()] == ["made_by"]
    project = window.bench.project
    assert project is not None
    on_disk = project.repository.load_page(page.article.id, "ana")
    assert on_disk.spans == page.spans
    assert on_disk.relations == page.relations
    out = tmp_path / "out.jsonl"
    export_labels(project, out)
    line = json.loads(out.read_text("utf-8").splitlines()[0])
    assert [(s["kind"], s["text"]) for s in line["spans"]] == [
        ("actor", "the United States"),
        ("claim", "formally requested Iran to halt its sale of drones to Russia"),
    ]
    assert line["relations"][0]["head"] == line["spans"][1]["id"]
    assert line["status"] == "in_progress"


def test_undo_survives_closing_the_program_and_goes_back_to_its_article(window: MainWindow) -> None:
    settings = window.settings
    first = window.bench.page
    assert first is not None
    make(window, Kind.CUE, "Cue", "reveal")
    press(window, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    assert window.bench.page is not first
    window.close()
    other = again(settings)
    assert other.bench.page is not None
    assert other.bench.page.article.id != first.article.id
    other.bench.undo()
    assert other.bench.page.article.id == first.article.id
    assert other.bench.page.spans == {}
    assert other.canvas.page is other.bench.page
    other.bench.redo()
    assert len(other.bench.page.spans) == 1
    assert set(other.canvas.scene.marks) == set(other.bench.page.spans)
    other.close()


def test_undo_from_another_article_shows_in_the_list(window: MainWindow) -> None:
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    progress = window.articles.progress
    assert progress.text().startswith("1 of ")
    window.bench.undo()
    window.beside.now()
    assert progress.text().startswith("0 of ")


def test_finish_marks_the_article_and_goes_on(window: MainWindow) -> None:
    first = window.bench.page
    assert first is not None
    press(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert first.progress.status == Status.DONE
    assert window.bench.page is not first
    project = window.bench.project
    assert project is not None
    assert project.repository.status_counts("ana")[Status.DONE] == 1


def test_flag_and_furniture_keys(window: MainWindow) -> None:
    page = window.bench.page
    assert page is not None
    press(window, Qt.Key.Key_F)
    assert page.progress.flagged
    start = page.text.index("Washington")
    window.canvas.select_ranges([(start, start + 10)])
    before = page.article.furniture
    press(window, Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier)
    assert len(page.article.furniture) == len(before) + 1
    window.bench.undo()
    assert page.article.furniture == before


def test_letters_typed_in_a_note_make_no_labels(window: MainWindow, qtbot: QtBot) -> None:
    page = window.bench.page
    assert page is not None
    span = make(window, Kind.CUE, "Cue", "reveal")
    window.canvas.select_span(span)
    press(window, Qt.Key.Key_N)
    focused = QApplication.focusWidget()
    assert focused is not None
    assert window.inspector.isAncestorOf(focused)
    QTest.keyClicks(focused, "a cat 1 x")
    QTest.keyClick(focused, Qt.Key.Key_Escape)
    assert window.canvas.hasFocus()
    assert len(page.spans) == 1
    assert page.spans[span].note == "a cat 1 x"


def test_a_note_that_is_being_typed_is_not_lost_by_closing(window: MainWindow) -> None:
    page = window.bench.page
    assert page is not None
    press(window, Qt.Key.Key_N)
    focused = QApplication.focusWidget()
    assert focused is not None
    QTest.keyClicks(focused, "half a")
    settings = window.settings
    window.close()
    other = again(settings)
    assert other.bench.page is not None
    assert other.bench.page.progress.note == "half a"
    other.close()


def note_of(window: MainWindow) -> str | None:
    page = window.bench.page
    assert page is not None
    return page.progress.note


def article_of(window: MainWindow) -> str:
    page = window.bench.page
    assert page is not None
    return page.article.id


def test_a_note_that_is_being_typed_stays_with_its_article_and_person(window: MainWindow) -> None:
    bench = window.bench
    first = article_of(window)
    make(window, Kind.ENTITY, "Place", "Iran")
    second = window.articles.next_id(1)
    assert second is not None
    bench.open_article(second)
    window.canvas.clear_selection()
    window.inspector.article_view.note.setPlainText("of the second")
    bench.undo()  # which is the note
    bench.redo()
    assert article_of(window) == second
    assert note_of(window) == "of the second"
    window.inspector.article_view.note.setPlainText("still the second")
    bench.open_article(first)
    assert note_of(window) is None
    window.canvas.clear_selection()
    window.inspector.article_view.note.setPlainText("by ana")
    bench.set_annotator("ben")
    assert article_of(window) == first
    assert note_of(window) is None
    bench.set_annotator("ana")
    assert note_of(window) == "by ana"
    bench.open_article(second)
    assert note_of(window) == "still the second"


def test_another_annotator_sees_none_of_it(window: MainWindow) -> None:
    make(window, Kind.CUE, "Cue", "reveal")
    window.name_strip.named.emit("ben")
    assert window.bench.page is not None
    assert window.bench.page.annotator == "ben"
    assert window.bench.page.spans == {}
    assert window.canvas.scene.marks == {}


def test_how_far_work_is(window: MainWindow) -> None:
    window.status.set_task("Importing", 254_644, 276_183)
    assert window.status._work.text() == "Importing · 92 %"
    window.status.set_task("Importing", 0, 0)
    assert window.status._work.text() == "Importing …"
    window.status.set_task("", 0, 0)
    window.status.set_suggesting(3, 10, "Suggesting")
    assert window.status._work.text() == "Suggesting · 3 of 10"


def test_a_link_of_a_browser_is_no_file(window: MainWindow) -> None:
    data = QMimeData()
    for url, taken in ((QUrl("https://example.org/a.html"), False), (QUrl.fromLocalFile("/a.html"), True)):
        data.setUrls([url])
        event = QDragEnterEvent(
            QPointF(10, 10),
            Qt.DropAction.CopyAction,
            data,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        event.ignore()
        window.dragEnterEvent(event)
        assert event.isAccepted() == taken


def test_dropped_files_are_imported(window: MainWindow, tmp_path: Path, qtbot: QtBot) -> None:
    file = tmp_path / "new.txt"
    file.write_text("A new article\n\nIt says nothing.\n", "utf-8")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(file))])
    event = QDropEvent(
        QPointF(10, 10),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)
    qtbot.waitUntil(lambda: not window.bench.tasks.busy, timeout=10_000)
    project = window.bench.project
    assert project is not None
    assert project.repository.counts().articles == 14
    assert "1 article" in window.notices.said
    assert window.bench.page is not None
    assert window.bench.page.article.title == "A new article"


def test_problems_of_an_import_are_told_and_nothing_is_added(
    window: MainWindow, tmp_path: Path, qtbot: QtBot
) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_text('{"text": "fine"}\n{"text": 3}\n', "utf-8")
    window.files.import_paths([file])
    qtbot.waitUntil(lambda: not window.bench.tasks.busy, timeout=10_000)
    assert any("bad.jsonl" in each and "line 2" in each for each in window.notices.problems)
    project = window.bench.project
    assert project is not None
    assert project.repository.counts().articles == 13


def test_a_project_that_cannot_be_opened_leaves_the_old_one(window: MainWindow, tmp_path: Path) -> None:
    file = tmp_path / "no.annot"
    file.write_text("not a project")
    before = window.bench.project
    assert not window.bench.open(file)
    assert window.bench.project is before
    assert any("no.annot" in each for each in window.notices.problems)


def test_every_action_has_words_and_no_key_twice_in_one_scope(window: MainWindow) -> None:
    seen: dict[tuple[str, str], str] = {}
    for name, action in window.actions_by_id.items():
        assert action.text()
        for key in action.shortcuts():
            taken = (key.toString(), "any")
            assert taken not in seen, (name, seen[taken])
            seen[taken] = name


def test_both_themes_paint(window: MainWindow) -> None:
    light = window.grab().toImage().pixelColor(700, 500)
    window.slots.toggle_theme()
    QApplication.processEvents()
    dark = window.grab().toImage().pixelColor(700, 500)
    assert light.lightness() > 200
    assert dark.lightness() < 60


@pytest.mark.parametrize("size", [(600, 420), (1000, 700), (2400, 1300)])
def test_any_size_is_laid_out(window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    QApplication.processEvents()
    scene = window.canvas.scene
    assert scene.width >= 200
    right = max(rect.right() for rect in scene.rects(((0, 400),)))
    assert right <= scene.width + 1


def test_suggestions_arrive_from_the_worker_and_can_be_decided(home: Path, qtbot: QtBot) -> None:
    settings = Settings()
    settings.set(ANNOTATOR, "ana")
    made = make_window(settings)
    made.show()
    made.activateWindow()
    open_first(made, None, [])
    made.canvas.setFocus()
    qtbot.waitUntil(made.canvas.hasFocus)
    page = made.bench.page
    assert page is not None
    wait: Callable[[], bool] = lambda: len(page.suggestions) >= 45  # noqa: E731
    qtbot.waitUntil(wait, timeout=90_000)
    assert all(not page.in_furniture(s.start, s.end) for s in page.suggestions.values())
    assert page.tokens is not None
    press(made, Qt.Key.Key_Tab)
    chosen = made.canvas.state.span
    assert chosen in page.suggestions
    press(made, Qt.Key.Key_Return)
    press(made, Qt.Key.Key_X)
    assert len(page.spans) == 1
    assert len(page.decisions) == 2

    last = page.open_suggestions()[-1]
    made.hands.toggle_furniture_at(last.start)  # is read again without the paragraph
    qtbot.waitUntil(lambda: last.id not in page.suggestions, timeout=30_000)
    assert len(page.spans) == 1
    assert len(page.decisions) == 2
    made.bench.undo()
    back: Callable[[], bool] = lambda: any(  # noqa: E731
        (each.label, each.fragments) == (last.label, last.fragments) for each in page.suggestions.values()
    )
    qtbot.waitUntil(back, timeout=30_000)
    assert made.bench.worker is not None
    worker = made.bench.worker
    qtbot.waitUntil(lambda: not worker.busy, timeout=60_000)
    made.close()


def test_the_inspector_arms_labels_for_the_mouse(window: MainWindow) -> None:
    window.canvas.clear_selection()
    chips = window.inspector.article_view.labels
    actor = next(label for label in chips if label.name == "Actor")
    chips[actor].click()
    assert window.canvas.armed == actor
    press(window, Qt.Key.Key_C)
    assert window.canvas.armed is not None
    assert window.canvas.armed.name == "Claim"
    assert [label.name for label, chip in chips.items() if chip.isChecked()] == ["Claim"]
    chips[window.canvas.armed].click()
    assert window.canvas.armed is None
    assert not any(chip.isChecked() for chip in chips.values())


def test_the_menu_under_the_right_button_decides_on_everything_alike(window: MainWindow) -> None:
    page = window.bench.page
    assert page is not None
    window.canvas.select_span(make(window, Kind.ENTITY, "Place", "Iran"))
    press(window, Qt.Key.Key_G)
    press(window, Qt.Key.Key_Tab)
    count = len(page.open_suggestions())
    assert count > 5
    window.slots.show_menu(Hit(Zone.SPAN, window.canvas.state.span, 400), QPoint(0, 0))
    menu = next(each for each in window.findChildren(QMenu) if each.isVisible())
    words = {action.text(): action for action in menu.actions()}
    words[f"Accept all {count} alike here"].trigger()
    menu.hide()
    assert page.open_suggestions() == []
    assert len(page.spans) == count + 1


def test_buttons_show_the_keys_as_they_now_are(open_window: Callable[[Path | None], MainWindow]) -> None:
    window = open_window(None)
    spans, article = window.inspector.span_view, window.inspector.article_view
    assert (article.flag.key, spans.accept.key, spans.accept_alike.key) == ("F", "Enter", "Shift+Enter")
    window.keys.give("flag", "F6")
    assert article.flag.key == "F6"
    window.keys.take("accept")
    assert spans.accept.key == ""
    window.keys.reset()
    assert (article.flag.key, spans.accept.key) == ("F", "Enter")


def test_every_button_with_an_action_names_one_that_is(
    open_window: Callable[[Path | None], MainWindow],
) -> None:
    window = open_window(None)
    named = {chip.action for chip in window.findChildren(Chip) if chip.action}
    assert named
    assert named <= set(window.actions_by_id)


def words_of(window: MainWindow) -> str:
    """The words of the span that is selected on the page."""
    page, chosen = window.bench.page, window.canvas.state.span
    assert page is not None
    if chosen is None:
        return ""
    ((start, end), *_) = page.span(chosen).fragments
    return page.text[start:end]


def in_sight(window: MainWindow, span: tuple[int, int]) -> bool:
    low, high = window.canvas.visible_range()
    top, bottom = window.canvas.scene.y_range((span,))
    return low <= top and bottom <= high


def test_undo_and_redo_show_what_they_change(window: MainWindow) -> None:
    page, canvas = window.bench.page, window.canvas
    assert page is not None
    cue = page.span(make(window, Kind.CUE, "Cue", "indicated"))
    canvas.clear_selection()
    canvas.verticalScrollBar().setValue(0)
    QApplication.processEvents()
    assert not in_sight(window, cue.fragments[0])
    window.bench.undo()
    assert words_of(window) == "", "what is gone cannot be selected"
    assert in_sight(window, cue.fragments[0]), "but its place is shown"
    canvas.verticalScrollBar().setValue(0)
    window.bench.redo()
    assert words_of(window) == "indicated"
    assert in_sight(window, cue.fragments[0])


def test_undo_of_a_relation_leads_to_it_and_to_its_head(window: MainWindow) -> None:
    claim = make(window, Kind.CLAIM, "Claim", "formally requested Iran")
    actor = make(window, Kind.ACTOR, "Actor", "Malley")
    assert window.bench.run(DrawRelation("made_by", claim, actor)) is not None
    window.canvas.clear_selection()
    window.bench.undo()
    assert window.canvas.state.span == claim
    window.bench.redo()
    assert window.canvas.state.relation is not None


def test_undo_of_an_acceptance_selects_the_suggestion_again(window: MainWindow) -> None:
    window.canvas.select_span(make(window, Kind.ENTITY, "Place", "Iran"))
    press(window, Qt.Key.Key_G)
    press(window, Qt.Key.Key_Tab)
    first = window.canvas.state.span
    assert first is not None
    press(window, Qt.Key.Key_Return)
    assert window.canvas.state.span != first
    press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.canvas.state.span == first


def test_the_page_is_painted_before_the_parts_beside_it_follow(window: MainWindow) -> None:
    canvas, inspector = window.canvas, window.inspector
    window.beside.now()
    shown: list[bool] = []
    canvas.painted.disconnect(window.beside._on_painted)
    canvas.painted.connect(lambda: shown.append(inspector.span_view.isVisible()))
    canvas.painted.connect(window.beside._on_painted)
    span = make(window, Kind.CUE, "Cue", "indicated")
    canvas.select_span(span)
    assert not inspector.span_view.isVisible()
    while not shown:
        QApplication.processEvents()
    assert shown == [False], "the picture of the page came first"
    assert inspector.span_view.isVisible()
    assert window.labels.picked is not None
    assert window.labels.picked.id == span
    assert window.status._saved.text().startswith("Saved ")


def test_the_parts_follow_though_the_page_is_hidden(window: MainWindow, qtbot: QtBot) -> None:
    window.canvas.hide()
    QApplication.processEvents()
    cue = make(window, Kind.CUE, "Cue", "indicated")
    window.canvas.select_span(cue)
    qtbot.waitUntil(window.inspector.span_view.isVisible, timeout=2000)
    window.canvas.select_span(None)
    qtbot.waitUntil(lambda: not window.inspector.span_view.isVisible(), timeout=2000)
    window.canvas.select_span(cue)
    qtbot.waitUntil(window.inspector.span_view.isVisible, timeout=2000)


def test_the_note_is_that_of_the_label_made_just_now(window: MainWindow) -> None:
    page = window.bench.page
    assert page is not None
    start = page.text.index("indicated")
    window.canvas.select_ranges([(start, start + 9)])
    QTest.keyClick(window.canvas, Qt.Key.Key_Q)
    QTest.keyClick(window.canvas, Qt.Key.Key_N)
    QTest.keyClicks(window.inspector.span_view.note, "sure")
    window.inspector.flush()
    (span,) = page.spans.values()
    assert (span.kind, span.note) == (Kind.CUE, "sure")
