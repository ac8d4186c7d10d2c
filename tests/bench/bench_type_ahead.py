"""Keys in lists that narrow as one types: 5,000 actor records, 2,000 categories; until they are painted.

The aim is 30 ms for each key. The ratio is to the same list with a hundredth of the entries.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from pathlib import Path

from annotator.core.records import replace

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from bench_actors import records
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from annotator.core.codebook import Category
from annotator.core.commands import MakeSpan
from annotator.core.model import Article, Kind
from annotator.core.ports import NewArticle
from annotator.core.text import sha256_of
from annotator.session.project import Project, default_codebook

TEXT = "Rob Malley said that the talks would go on. The minister was glad."
CATEGORIES, ACTORS = 2_000, 5_000
SMALL = 100


def categories(count: int) -> tuple[Category, ...]:
    """Categories with titles and definitions, three levels deep."""
    return tuple(
        Category(
            code=f"root{nth % 40}/branch{nth % 400}/leaf{nth}",
            title=f"Leaf {nth}",
            definition="What people say about trade, arms and aid between states, in words of many kinds.",
        )
        for nth in range(count)
    )


def keys(field: QWidget, typed: str) -> list[float]:
    """Seconds of each key, until everything that it changes is painted."""
    times = []
    for letter in typed:
        begun = time.perf_counter()
        QTest.keyClick(field, letter)
        QApplication.processEvents()
        times.append(time.perf_counter() - begun)
    return times


def measured(actors: int, nodes: int) -> tuple[list[float], list[float]]:
    """Seconds of each key in the list of actor records and in that of categories, in the real window."""
    from annotator.runtime.settings import ANNOTATOR, AUTO_SUGGEST, Settings
    from annotator.ui.app import make_window, open_first

    with tempfile.TemporaryDirectory() as folder:
        os.environ["ANNOTATOR_HOME"] = folder
        path = Path(folder) / "p.annot"
        with Project.create(path, replace(default_codebook(), categories=categories(nodes))) as project:
            article = Article(id="a", text=TEXT, sha256=sha256_of(TEXT), title="A", language="en")
            made = list(records(random.Random(1)).values())[:actors]
            project.repository.add_articles([NewArticle(article=article)], made)
            editor = project.editor("ana")
            editor.open("a")
            editor.run(MakeSpan(Kind.ACTOR, "Actor", ((0, 10),)))
            editor.run(MakeSpan(Kind.CLAIM, "Claim", ((21, 43),)))
        settings = Settings()
        settings.set(ANNOTATOR, "ana")
        settings.set(AUTO_SUGGEST, False)
        window = make_window(settings)
        window.bench._start_worker.setInterval(10**7)
        window.resize(1440, 900)
        window.show()
        open_first(window, path, [])
        QTest.qWait(1500)  # as somebody reads before they type
        spans = {each.kind: each.id for each in window.bench.page.spans.values()}  # type: ignore[union-attr]
        took = []
        for kind, key, typed in ((Kind.ACTOR, "i", "kamaro li"), (Kind.CLAIM, "k", "leaf 17 tra")):
            window.canvas.setFocus()
            window.canvas.select_span(spans[kind])
            window.beside.now()
            QApplication.processEvents()
            opened = keys(window.canvas, key)
            field = QApplication.focusWidget() or window
            took.append(opened + keys(field, typed))
            QTest.keyClick(field, "\x1b")
        window.close()
        window.deleteLater()
        QApplication.processEvents()
    return took[0], took[1]


def run() -> list[tuple[str, str]]:
    """The rows of the table."""
    from annotator.ui.app import make_application

    make_application()
    measured(10, 10)  # imports and fonts
    small, large = measured(ACTORS // SMALL, CATEGORIES // SMALL), measured(ACTORS, CATEGORIES)
    rows = []
    for what, few, many in zip(("actor records", "categories"), small, large, strict=True):
        median = statistics.median(many)
        took = f"a key {median * 1e3:.1f} ms, the longest {max(many[1:]) * 1e3:.1f} ms"
        ratio = f"{median / statistics.median(few):.2f} x as with a hundredth"
        rows.append((what, f"opening {many[0] * 1e3:.0f} ms, {took}; {ratio}"))
    return rows
