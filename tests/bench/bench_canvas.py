"""An article of 100,000 characters with 2,000 spans and 500 relations: opening, painting, scrolling."""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from long_article import make_project
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from annotator.runtime.resources import resource
from annotator.session.project import Project
from annotator.ui import style
from annotator.ui.canvas.view import ArticleView
from annotator.ui.theme import light, load_fonts

REPEATS = 60


class Desk:
    """A project file and a canvas that shows its article."""

    def __init__(self, folder: Path) -> None:
        make_project(folder / "bench.annot")
        self.project = Project.open(folder / "bench.annot")
        self.page = self.project.repository.load_page("a", "ana")
        self.view = ArticleView(light(), lambda _: None)
        self.view.resize(1100, 900)
        self.view.show()
        QApplication.processEvents()

    def first_paint(self) -> float:
        begun = time.perf_counter()
        self.view.set_page(self.page, self.project.codebook)
        self.view.viewport().repaint()
        return time.perf_counter() - begun

    def settle(self) -> tuple[float, float]:
        """Seconds until the rest of the page is laid out, and the longest step of it."""
        begun, longest = time.perf_counter(), 0.0
        while self.view.scene.unready:
            step = time.perf_counter()
            QApplication.processEvents()
            longest = max(longest, time.perf_counter() - step)
        return time.perf_counter() - begun, longest

    def seconds(self, act: Callable[[int], object]) -> list[float]:
        """From the act to the painted picture, each time."""
        took = []
        for nth in range(REPEATS):
            QApplication.processEvents()
            begun = time.perf_counter()
            act(nth)
            QApplication.processEvents()
            took.append(time.perf_counter() - begun)
        return sorted(took)


def plain_paint(text: str) -> float:
    """Seconds that Qt's own plain text widget takes to show the same text, as a measure."""
    edit = QPlainTextEdit()
    edit.resize(1100, 900)
    edit.show()
    QApplication.processEvents()
    begun = time.perf_counter()
    edit.setPlainText(text)
    edit.viewport().repaint()
    return time.perf_counter() - begun


def said(took: list[float]) -> str:
    return f"median {statistics.median(took) * 1000:.1f} ms, p95 {took[int(0.95 * len(took))] * 1000:.1f} ms"


def run() -> list[tuple[str, str]]:
    """Every figure, in the look that the window has."""
    application = QApplication.instance() or QApplication([])
    assert isinstance(application, QApplication)
    load_fonts(resource("fonts"))
    style.apply(application, light())
    rows: list[tuple[str, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(Path(folder))
        paint = statistics.median(desk.first_paint() for _ in range(3))
        plain = plain_paint(desk.page.text)
        rest, longest = desk.settle()
        rows.append(("open and first paint", f"{paint * 1000:.0f} ms"))
        rows.append(("the same text in a QPlainTextEdit", f"{plain * 1000:.0f} ms"))
        rows.append(("ratio", f"{paint / plain:.1f}"))
        rows.append(("rest of the layout, in idle time", f"{rest * 1000:.0f} ms"))
        rows.append(("longest step of it", f"{longest * 1000:.0f} ms"))
        rows.append(("full repaint", said(desk.seconds(lambda _: desk.view.viewport().repaint()))))
        bar = desk.view.verticalScrollBar()
        rows.append(("scroll by 40 pixels", said(desk.seconds(lambda n: bar.setValue(3000 + 40 * n)))))
        desk.view.close()
        desk.project.close()
    return rows


if __name__ == "__main__":
    for what, result in run():
        print(f"{what}: {result}")
