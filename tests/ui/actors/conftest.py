"""A window on three articles about the same people, with a few actor records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.core.codebook import Attribute, AttributeType
from annotator.core.commands import MakeSpan
from annotator.core.model import ActorRecord, Alias, Article, Kind, Property, Span, State
from annotator.core.page import Page
from annotator.core.ports import NewArticle
from annotator.core.text import sha256_of
from annotator.session.actors import Actors
from annotator.session.project import Project, default_codebook
from annotator.ui.actors.picker import ActorPicker
from annotator.ui.actors.window import ActorsWindow
from annotator.ui.main_window import MainWindow

TEXTS = (
    "Envoy warns of drones\n\nRob Malley said that Iran must stop. Malley left. Later Malley came back.\n",
    "Talks in Doha\n\nMalley met Ali Bagheri Kani. The envoy was content. Then the Students' Union left.\n",
    "More talks\n\nOnce more Robert Maley spoke.\n",
)
MALLEY = ActorRecord(
    id="r-malley",
    name="Rob Malley",
    type="person",
    aliases=(Alias("Malley", "en"),),
    properties=(Property(name="party", value="Democrats", since="2001-01-01"),),
    external_id="Q7342711",
)
IRAN = ActorRecord(id="r-iran", name="Iran", type="state", aliases=(Alias("Islamic Republic"),))
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@dataclass
class Room:
    """The window, and how a person works in it."""

    window: MainWindow

    @property
    def actors(self) -> Actors:
        assert self.window.bench.editor is not None
        return self.window.bench.editor.actors

    @property
    def page(self) -> Page:
        assert self.window.bench.page is not None
        return self.window.bench.page

    def make(self, words: str, nth: int = 0, kind: Kind = Kind.ACTOR, label: str = "Actor") -> str:
        at = -1
        for _ in range(nth + 1):
            at = self.page.text.index(words, at + 1)
        changes = self.window.bench.run(MakeSpan(kind, label, ((at, at + len(words)),)))
        assert changes is not None
        return changes.added_spans()[0].id

    def select(self, span: str) -> None:
        self.window.canvas.setFocus()
        self.window.canvas.select_span(span)
        self.settle()

    def settle(self) -> None:
        QApplication.processEvents()
        self.window.beside.now()
        QApplication.processEvents()

    def press(self, keys: str) -> None:
        QTest.keyClicks(QApplication.focusWidget() or self.window.canvas, keys)
        QApplication.processEvents()

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window.canvas, key, held)
        QApplication.processEvents()

    @property
    def picker(self) -> ActorPicker:
        assert self.window.identities.picker is not None
        return self.window.identities.picker

    def lines(self) -> list[str]:
        return [each.words for each in self.picker.lines.lines]

    def ask(self, span: str) -> ActorPicker:
        self.select(span)
        self.press("i")
        return self.picker

    def open_actors(self) -> ActorsWindow:
        self.window.actions_by_id["actors"].trigger()
        dialog = self.window.identities.dialog
        assert dialog is not None
        dialog.activateWindow()
        QApplication.processEvents()
        return dialog

    def linked(self, span: str) -> str | None:
        return self.page.spans[span].actor


@pytest.fixture
def make_room(tmp_path: Path, open_window: Callable[[Path | None], MainWindow]) -> Callable[..., Room]:
    def build(records: tuple[ActorRecord, ...] = (MALLEY, IRAN), suggest: str = "") -> Room:
        from annotator.core.records import replace

        book = default_codebook()
        party = Attribute(name="party", title="Party", type=AttributeType.TEXT, records=True)
        others = (each for each in book.attributes if not each.records)
        book = replace(book, attributes=(*others, party))
        path = tmp_path / "p.annot"
        with Project.create(path, book) as project:
            for nth, text in enumerate(TEXTS, 1):
                at = text.find(suggest)
                spans = [
                    Span(
                        id=f"s{nth}", kind=Kind.ACTOR, label="Actor", fragments=((at, at + len(suggest)),),
                        state=State.SUGGESTED, origin="rules:attribution-1", confidence=0.95,
                    )
                ] if suggest and at >= 0 else []  # fmt: skip
                article = Article(
                    id=f"a{nth}", text=text, sha256=sha256_of(text), title=text.split("\n")[0],
                    language="en", imported_at=f"2026-01-01T00:00:0{nth}Z",
                )  # fmt: skip
                project.repository.add_articles([NewArticle(article=article, spans=spans)], [])
            editor = project.editor("ana")
            for record in records:
                editor.actors.create(record)
        return Room(open_window(path))

    return build


@pytest.fixture
def room(make_room: Callable[..., Room]) -> Room:
    return make_room()
