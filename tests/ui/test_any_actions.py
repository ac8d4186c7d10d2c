"""Any actions in any order, by keys and mouse, leave window, file and undo log in agreement.

``ANNOTATOR_ACTIONS=10000`` in the environment makes it as many actions as that.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.core.model import Article, Kind
from annotator.core.page import Page
from annotator.core.ports import NewArticle, Suggested, SuggestedRelation, SuggestedSpan
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens
from annotator.runtime.settings import ANNOTATOR, AUTO_SUGGEST, Settings
from annotator.session.exporting import export_labels
from annotator.session.project import Project
from annotator.ui.actions import ACTIONS
from annotator.ui.app import make_window, open_first
from annotator.ui.canvas.tools.select import SelectTool

TEXT = (
    "Envoy warns of drone sales\n\nRob Malley, the envoy, said that Iran must stop the sale of drones. "
    "The minister rejected it.\n\nAlso Read: Something else\n\nSmith 😀 told Acme Corp that “peace” is near. "
    "Later he denied it in Doha, and Iran said no. {}"
)
STEPS = 40
ACTIONS_WANTED = int(os.environ.get("ANNOTATOR_ACTIONS", "320"))
SLOTS = (
    "hands.", "review.", "linking.", "together.", "finding.", "listing.", "canvas.step_zoom",
    "identities.ask", "identities.accept", "identities.unlink",
    "bench.undo", "bench.redo", "bench.toggle_flag",
    "slots.leave_as", "slots.step_article", "slots.accept", "slots.toggle_order", "slots.focus_attributes",
    "slots.escape", "slots.toggle_inspector",
)  # fmt: skip
ROWS = [row.id for row in ACTIONS if row.slot.startswith(SLOTS)]
LETTERS = "asdfghjklqwertyuiopzxcvbnm1234567[]{}/+.,"


def found(text: str) -> tuple[tuple[SuggestedSpan, ...], tuple[SuggestedRelation, ...]]:
    spans = []
    for kind, label, words in (
        (Kind.ENTITY, "Place", "Iran"),
        (Kind.ENTITY, "Person", "Rob Malley"),
        (Kind.ACTOR, "Actor", "Rob Malley"),
        (Kind.CLAIM, "Claim", "Iran must stop"),
        (Kind.CUE, "Cue", "said"),
        (Kind.ENTITY, "Place", "Doha"),
    ):
        start, sure = text.index(words), 0.5 + len(spans) / 20
        spans.append(SuggestedSpan(kind, label, ((start, start + len(words)),), "spacy:test", sure))
    start = text.rindex("Iran")
    spans.append(SuggestedSpan(Kind.ENTITY, "Place", ((start, start + 4),), "spacy:test", 0.9))
    return tuple(spans), (
        SuggestedRelation("made_by", 3, 2, "spacy:test", 0.6),
        SuggestedRelation("cued_by", 3, 4, "spacy:test", 0.7),
    )


class AnyActions(RuleBasedStateMachine):
    """A window on two articles with suggestions, and somebody who presses and clicks anything."""

    @initialize()
    def start(self) -> None:
        self.folder = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        path = Path(self.folder.name) / "p.annot"
        with Project.create(path) as project:
            for number in (1, 2):
                text = TEXT.format(number)
                article = Article(id=f"a{number}", text=text, sha256=sha256_of(text), title=f"T{number}")
                project.repository.add_articles([NewArticle(article=article)], [])
                spans, relations = found(text)
                result = Suggested(f"a{number}", spans, relations, rough_tokens(text), ("spacy:",))
                project.repository.save_suggested([result], "spacy:test")
            self.first = self.exported(project)
        own = Settings(Path(self.folder.name) / "settings.json")
        own.set(ANNOTATOR, "ana")
        own.set(AUTO_SUGGEST, False)
        self.window = make_window(own)
        self.window.bench._start_worker.setInterval(10_000_000)
        self.window.resize(1200, 700)
        self.window.show()
        open_first(self.window, path, [])
        self.window.canvas.setFocus()
        QApplication.processEvents()

    def exported(self, project: Project) -> bytes:
        out = Path(self.folder.name) / "out.jsonl"
        export_labels(project, out, include_suggestions=True)
        return out.read_bytes()

    @property
    def page(self) -> Page:
        assert self.window.bench.page is not None
        return self.window.bench.page

    @rule(name=st.sampled_from(ROWS))
    def act(self, name: str) -> None:
        self.window.actions_by_id[name].trigger()
        QApplication.processEvents()

    @rule(nth=st.integers(0, 9), on_top=st.booleans())
    def label(self, nth: int, on_top: bool) -> None:
        labels = [name for name in self.window.actions_by_id if name.startswith("label_")]
        wanted = [name for name in labels if name.endswith("_on_top") == on_top]
        self.window.actions_by_id[wanted[nth % len(wanted)]].trigger()
        QApplication.processEvents()

    @rule(letters=st.text(LETTERS, min_size=1, max_size=3))
    def type_letters(self, letters: str) -> None:
        """Hint letters, label keys, edges, words in a field: whatever they mean just now."""
        for letter in letters:
            QTest.keyClicks(QApplication.focusWidget() or self.window.canvas, letter)
        QApplication.processEvents()

    @rule(
        key=st.sampled_from(
            [Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backspace, Qt.Key.Key_Delete,
             Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown]
        ),
        held=st.sampled_from([Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier]),
    )  # fmt: skip
    def press(self, key: Qt.Key, held: Qt.KeyboardModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window.canvas, key, held)
        QApplication.processEvents()

    @rule(word=st.integers(0, 60), length=st.integers(1, 8))
    def select_words(self, word: int, length: int) -> None:
        tokens = self.window.canvas.tokens
        first = min(word, len(tokens) - 1)
        last = min(first + length - 1, len(tokens) - 1)
        self.window.canvas.select_ranges([(tokens.starts[first], tokens.ends[last])])

    @rule(
        x=st.floats(0.02, 0.98),
        y=st.floats(0.02, 0.98),
        to_x=st.floats(0.02, 0.98),
        to_y=st.floats(0.02, 0.98),
        what=st.sampled_from(["click", "double", "drag", "hover"]),
        held=st.sampled_from([Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier]),
    )
    def point(
        self, x: float, y: float, to_x: float, to_y: float, what: str, held: Qt.KeyboardModifier
    ) -> None:
        port = self.window.canvas.viewport()
        at = QPoint(round(x * port.width()), round(y * port.height()))
        to = QPoint(round(to_x * port.width()), round(to_y * port.height()))
        left = Qt.MouseButton.LeftButton
        if what in ("click", "double"):
            QTest.mouseClick(port, left, held, at)
            if what == "double":
                QTest.mouseDClick(port, left, held, at)
        else:
            QTest.mouseMove(port, at)
            if what == "drag":
                QTest.mousePress(port, left, held, at)
                for share in (0.5, 1.0):
                    between = QPointF(at + (to - at) * share)
                    there = QPointF(port.mapToGlobal(between.toPoint()))
                    move = QMouseEvent(
                        QEvent.Type.MouseMove, between, there, Qt.MouseButton.NoButton, left, held
                    )
                    QApplication.sendEvent(port, move)
                QTest.mouseRelease(port, left, held, to)
        QApplication.processEvents()

    @rule(nth=st.integers(0, 30))
    def strip(self, nth: int) -> None:
        """One of the small buttons beside the words, if they are there."""
        strip = self.window.canvas.strip
        buttons = [
            each for each in strip.children() if getattr(each, "isVisible", bool)() and hasattr(each, "click")
        ]
        if strip.isVisible() and buttons:
            buttons[nth % len(buttons)].click()  # type: ignore[attr-defined]
            QApplication.processEvents()

    @rule(times=st.integers(1, 6), redo=st.integers(0, 4))
    def back_and_forth(self, times: int, redo: int) -> None:
        for _ in range(times):
            self.window.bench.undo()
        for _ in range(min(times, redo)):
            self.window.bench.redo()
        QApplication.processEvents()

    @invariant()
    def everything_agrees(self) -> None:
        window, project = self.window, self.window.bench.project
        assert project is not None
        page = self.page
        window.inspector.flush()
        on_disk = project.repository.load_page(page.article.id, "ana")
        assert on_disk.labels == page.labels
        assert on_disk.suggestions == page.suggestions
        scene = window.canvas.scene
        assert set(scene.marks) == {span.id for span in page.visible_spans()}
        assert set(scene.links) == {link.id for link in page.visible_relations()}
        state = window.canvas.state
        assert state.span is None or state.span in scene.marks
        assert state.relation is None or state.relation in scene.links
        assert set(state.targets) <= set(scene.marks)
        assert state.pinned is None or state.pinned in scene.marks
        if isinstance(window.canvas.tool, SelectTool):
            assert (state.source, state.targets, state.words) == (None, {}, {})

    def teardown(self) -> None:
        if not hasattr(self, "window"):
            return
        project = self.window.bench.project
        assert project is not None
        self.window.inspector.flush()
        while project.repository.next_undo("ana") is not None:
            before = project.repository.next_undo("ana")
            self.window.bench.undo()
            assert project.repository.next_undo("ana") != before, self.window.notices.problems
        assert self.exported(project) == self.first
        assert list(project.repository.check()) == []
        self.window.close()
        self.window.deleteLater()
        QApplication.sendPostedEvents(self.window, QEvent.Type.DeferredDelete.value)
        self.folder.cleanup()


def test_any_actions_in_any_order_agree_and_can_all_be_undone(home: Path, qtbot: QtBot) -> None:
    run_state_machine_as_test(
        AnyActions,
        settings=settings(
            max_examples=max(1, ACTIONS_WANTED // STEPS),
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            database=None,
        ),
    )
