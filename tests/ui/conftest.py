"""A real project on disk with a real editor and canvas, for tests that use hands and eyes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.core.changes import ChangeSet
from annotator.core.codebook import Label
from annotator.core.commands import Command, MakeSpan
from annotator.core.errors import RuleError
from annotator.core.model import Article, Kind, Span, State, new_id
from annotator.core.ports import NewArticle
from annotator.core.records import replace
from annotator.core.text import sha256_of
from annotator.runtime.resources import resource
from annotator.runtime.settings import ANNOTATOR, AUTO_SUGGEST, Settings
from annotator.session.editor import Changed, Editor
from annotator.session.project import Project, default_codebook
from annotator.ui.app import make_window, open_first
from annotator.ui.canvas.hands import Hands
from annotator.ui.canvas.linking import Linking
from annotator.ui.canvas.review import Review
from annotator.ui.canvas.view import ArticleView
from annotator.ui.main_window import MainWindow
from annotator.ui.theme import light, load_fonts

TEXT = (
    "Envoy warns of drone sales\n"
    "\n"
    "Rob Malley, the envoy, said that Iran must stop the sale of drones. The minister rejected it.\n"
    "\n"
    "Also Read: Something else\n"
    "\n"
    "Smith 😀 told Acme Corp that “peace” is near. Later he denied it in Doha.\n"
)


@pytest.fixture(scope="session", autouse=True)
def fonts(qapp: QApplication) -> None:
    """The bundled fonts, once."""
    load_fonts(resource("fonts"))


@pytest.fixture(autouse=True)
def undressed(qapp: QApplication) -> Iterator[None]:
    """Nothing of a test is left to be dressed again by the next: that takes a second for a few windows."""
    yield
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    qapp.setStyleSheet("")


@dataclass
class Desk:
    """What a canvas test works with."""

    project: Project
    editor: Editor
    view: ArticleView
    hands: Hands
    review: Review
    linking: Linking
    told: list[str]
    qtbot: QtBot

    @property
    def text(self) -> str:
        assert self.editor.page is not None
        return self.editor.page.text

    def find(self, words: str, nth: int = 0) -> tuple[int, int]:
        start = -1
        for _ in range(nth + 1):
            start = self.text.index(words, start + 1)
        return start, start + len(words)

    def make(self, kind: Kind, label: str, words: str, nth: int = 0) -> str:
        changes = self.view.run(MakeSpan(kind, label, (self.find(words, nth),)))
        assert changes is not None
        return changes.added_spans()[0].id

    def label(self, key: str) -> Label:
        """The label that a key stands for."""
        return next(label for label in self.project.codebook.labels if label.key == key)

    def own(self) -> list[Span]:
        assert self.editor.page is not None
        return sorted(self.editor.page.spans.values(), key=lambda span: span.order)

    def suggested(self, words: str, nth: int = 0) -> str:
        assert self.editor.page is not None
        wanted = self.find(words, nth)
        return next(s.id for s in self.editor.page.suggestions.values() if s.fragments == (wanted,))

    def point(self, words: str, nth: int = 0, *, at: float = 0.5) -> QPoint:
        """A viewport point over the words, ``at`` of the way from left to right."""
        self.view.show_fragments((self.find(words, nth),))
        rect = self.view.from_page(self.view.scene.rects((self.find(words, nth),))[0])
        return QPoint(round(rect.left() + rect.width() * at), rect.center().y() + 3)

    def press(self, keys: str) -> None:
        self.qtbot.keyClicks(self.view, keys)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        self.qtbot.keyClick(self.view, key, modifiers)

    def drag(
        self,
        start: QPoint,
        end: QPoint,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        from PySide6.QtCore import QPointF
        from PySide6.QtGui import QMouseEvent

        port = self.view.viewport()
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton

        def send(kind: QEvent.Type, at: QPoint, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
            where = QPointF(at)
            globally = QPointF(port.mapToGlobal(at))
            QApplication.sendEvent(port, QMouseEvent(kind, where, globally, button, held, modifiers))

        send(QEvent.Type.MouseMove, start, none, none)
        send(QEvent.Type.MouseButtonPress, start, left, left)
        for step in range(1, 6):
            between = start + (end - start) * step / 5
            send(QEvent.Type.MouseMove, between, none, left)
        send(QEvent.Type.MouseButtonRelease, end, left, none)


@pytest.fixture
def open_window(home: Path, qtbot: QtBot) -> Iterator[Callable[[Path | None], MainWindow]]:
    """Opens the whole window as ana has it, on a project (None: the sample), without the worker."""
    made: list[MainWindow] = []

    def build(project: Path | None = None) -> MainWindow:
        settings = Settings()
        settings.set(ANNOTATOR, "ana")
        settings.set(AUTO_SUGGEST, False)
        window = make_window(settings)
        window.bench._start_worker.setInterval(10_000_000)
        window.show()
        qtbot.waitExposed(window)
        open_first(window, project, [])
        window.canvas.setFocus()
        QApplication.processEvents()
        made.append(window)
        return window

    yield build
    for window in made:
        window.bench.tasks.stop()  # or it would ask, where a test has failed
        window.close()
        window.safety.stop()  # also where it would rather stay: no backup may run when it goes
        window.deleteLater()


@pytest.fixture
def demanding(tmp_path: Path) -> Path:
    """A project of two articles whose codebook wants categories, stance and form of every claim."""
    usual = default_codebook()
    wanted = ("categories", "stance", "form")
    attributes = [replace(each, required=each.name in wanted) for each in usual.attributes]
    project = Project.create(tmp_path / "study.annot", replace(usual, attributes=tuple(attributes)))
    articles = [
        Article(id=name, text=text, sha256=sha256_of(text), title=text.split("\n")[0])
        for name, text in (("a1", TEXT), ("a2", f"Another\n\n{TEXT}"))
    ]
    project.repository.add_articles([NewArticle(article=each) for each in articles], [])
    project.close()
    return tmp_path / "study.annot"


@pytest.fixture
def make_desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[..., Desk]]:
    """Builds a desk on a text; ``suggest`` gives the words that are suggested as Person entities."""
    made: list[Desk] = []

    def build(text: str = TEXT, suggest: tuple[str, ...] = (), size: tuple[int, int] = (1000, 700)) -> Desk:
        project = Project.create(tmp_path / "test.annot")
        article = Article(
            id="a1",
            text=text,
            sha256=sha256_of(text),
            title=text.split("\n")[0],
            imported_at="2026-01-01T00:00:00Z",
        )
        spans = [
            Span(
                id=new_id(),
                kind=Kind.ENTITY,
                label="Person",
                fragments=((text.index(words), text.index(words) + len(words)),),
                state=State.SUGGESTED,
                origin="spacy:test-1",
                confidence=0.8,
            )
            for words in suggest
        ]
        project.repository.add_articles([NewArticle(article=article, spans=spans)], [])
        editor = project.editor("ana")
        told: list[str] = []

        def run(command: Command) -> ChangeSet | None:
            try:
                return editor.run(command)
            except RuleError as error:
                told.append(str(error))
                return None

        view = ArticleView(light(), run)

        def follow(changed: Changed) -> None:
            view.refresh(changed.changes)

        editor.listeners.append(follow)
        view.told.connect(told.append)
        qtbot.addWidget(view)
        view.resize(*size)
        view.show()
        view.set_page(editor.open("a1"), project.codebook)
        view.setFocus()
        QApplication.processEvents()
        view.grab()
        review = Review(view)
        desk = Desk(project, editor, view, Hands(view, review), review, Linking(view), told, qtbot)
        made.append(desk)
        return desk

    yield build
    for desk in made:
        desk.project.close()
