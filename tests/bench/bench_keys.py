"""From a key to the painted page, in the window: 100,000 characters, 2,000 spans, 500 relations.

Every edit goes through a real key event, is on disk before it is painted, and is spread over the whole
article. A second time says when the parts beside the page have followed and nothing is left to do.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from long_article import make_project
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from annotator.core.model import Kind

REPEATS = 60
NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)

type Act = Callable[[int], object]


class Desk:
    """The real window on the long article, and a clock that stops when the page is painted."""

    def __init__(self, folder: Path) -> None:
        from annotator.runtime.settings import ANNOTATOR, AUTO_SUGGEST, Settings
        from annotator.ui.app import make_window, open_first

        path = folder / "bench.annot"
        made = make_project(path)
        settings = Settings()
        settings.set(ANNOTATOR, "ana")
        settings.set(AUTO_SUGGEST, False)
        self.window = make_window(settings)
        self.window.bench._start_worker.setInterval(10**7)
        self.window.resize(1440, 900)
        self.window.show()
        open_first(self.window, path, [])
        self.canvas = self.window.canvas
        self.canvas.setFocus()
        self.tokens = made.tokens
        assert self.window.bench.page is not None
        self.page = self.window.bench.page
        # the clock comes before the parts that wait for the same signal
        self.canvas.painted.disconnect(self.window.beside._on_painted)
        self.canvas.painted.connect(self._on_painted)
        self.canvas.painted.connect(self.window.beside._on_painted)
        self._begun = 0.0
        self._painted: float | None = None
        while self.canvas.scene.unready:
            QApplication.processEvents()

    def _on_painted(self) -> None:
        if self._painted is None:
            self._painted = time.perf_counter() - self._begun

    def rest(self) -> None:
        """Until nothing is left to do."""
        for _ in range(3):
            QApplication.processEvents()
        self.window.beside.now()
        QApplication.processEvents()

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(self.canvas, key, modifiers)

    def measure(self, prepare: Act, act: Act) -> tuple[list[float], list[float]]:
        """Seconds from the act to the painted page, and to a window at rest; both sorted."""
        painted, rested = [], []
        for nth in range(REPEATS):
            if self.canvas.state.drawing:
                self.press(Qt.Key.Key_Escape)
            prepare(nth)
            self.rest()
            self._painted, self._begun = None, time.perf_counter()
            act(nth)
            while self._painted is None:
                QApplication.processEvents()
                assert time.perf_counter() < self._begun + 5, f"key {nth} painted nothing"
            painted.append(self._painted)
            self.rest()
            rested.append(time.perf_counter() - self._begun)
        return sorted(painted), sorted(rested)

    # -- before the clock starts --------------------------------------------------------------

    def select_words(self, count: int) -> Act:
        """Select some words of another part of the page each time."""

        def prepare(nth: int) -> None:
            self.canvas.verticalScrollBar().setValue(4000 + nth * 600)
            first = self.tokens.at(self.canvas.first_visible()) + 20
            self.canvas.select_ranges([(self.tokens.starts[first], self.tokens.ends[first + count - 1])])

        return prepare

    def select(self, ids: list[str]) -> Act:
        return lambda nth: self.canvas.select_span(ids[nth])

    def show_letters(self, ids: list[str]) -> Act:
        """Have letters on the targets, and type all but the last one of the nearest target."""

        def prepare(nth: int) -> None:
            self.canvas.select_span(ids[nth])
            self.press(Qt.Key.Key_R)
            self._target = next(iter(self.canvas.state.targets.values()))
            QTest.keyClicks(self.canvas, self._target[:-1])

        return prepare

    def last_letter(self, _: int) -> None:
        QTest.keyClicks(self.canvas, self._target[-1])


def rows_of(desk: Desk) -> list[tuple[str, str]]:
    spans = desk.page.visible_spans()

    def some(kind: Kind, first: int, step: int, suggested: bool = False) -> list[str]:
        found = [each.id for each in spans if each.kind is kind and each.is_suggestion == suggested]
        return found[first::step][:REPEATS]

    entities, suggested = some(Kind.ENTITY, 0, 7), some(Kind.ENTITY, 0, 3, suggested=True)
    key = Qt.Key
    acts: dict[str, tuple[Act, Act]] = {
        "select the next label": (lambda _: None, lambda _: desk.press(key.Key_Period)),
        "label a span": (desk.select_words(2), lambda _: desk.press(key.Key_5)),
        "mark a claim": (desk.select_words(15), lambda _: desk.press(key.Key_C)),
        "relabel": (desk.select(entities), lambda _: desk.press(key.Key_6)),
        "move an edge": (desk.select(some(Kind.CLAIM, 0, 5)), lambda _: desk.press(key.Key_BracketRight)),
        "letters for a relation": (desk.select(some(Kind.CLAIM, 1, 5)), lambda _: desk.press(key.Key_R)),
        "draw it": (desk.show_letters(some(Kind.CLAIM, 2, 5)), desk.last_letter),
        "accept a suggestion": (desk.select(suggested), lambda _: desk.press(key.Key_Return)),
        "delete a claim": (desk.select(some(Kind.CLAIM, 3, 5)), lambda _: desk.press(key.Key_Delete)),
        "undo that": (lambda _: None, lambda _: desk.press(key.Key_Z, CTRL)),
        "redo it": (lambda _: None, lambda _: desk.press(key.Key_Z, CTRL | SHIFT)),
    }
    rows = []
    for what, (prepare, act) in acts.items():
        painted, rested = desk.measure(prepare, act)
        rows.append((what, f"painted {_said(painted)}; at rest {_said(rested)}"))
    return rows


def _said(took: list[float]) -> str:
    return (
        f"median {statistics.median(took) * 1000:4.1f} ms, p95 {took[int(0.95 * len(took))] * 1000:4.1f} ms"
    )


def run() -> list[tuple[str, str]]:
    """One row for each kind of key."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        before = os.environ.get("ANNOTATOR_HOME")
        os.environ["ANNOTATOR_HOME"] = home
        try:
            desk = Desk(Path(home))
            rows = rows_of(desk)
            desk.window.close()
            return rows
        finally:
            if before is None:
                del os.environ["ANNOTATOR_HOME"]
            else:
                os.environ["ANNOTATOR_HOME"] = before


if __name__ == "__main__":
    for what, result in run():
        print(f"{what}: {result}")
