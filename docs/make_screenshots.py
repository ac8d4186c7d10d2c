"""Makes the pictures in ``docs/screenshots``: ``uv run python docs/make_screenshots.py``.

Drives the real window on the sample project, without a display, in a home folder of its own.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
_home = tempfile.TemporaryDirectory(prefix="annotator-pictures-", ignore_cleanup_errors=True)
os.environ["ANNOTATOR_HOME"] = _home.name

from PySide6.QtWidgets import QApplication

from annotator.core.commands import Accept, DrawRelation, MakeSpan, SetAttribute
from annotator.core.model import Fragments, Kind, Target
from annotator.runtime.settings import ANNOTATOR, THEME, Settings
from annotator.ui.app import make_window
from annotator.ui.main_window import MainWindow

FOLDER = Path(__file__).parent / "screenshots"

CLAIMS = (
    ("the United States has formally requested Iran to halt its sale of drones to Russia", "oppose"),
    ("they could be utilized by Russia to target Ukrainian troops and infrastructure", "unset"),
    ("The US seeks tangible actions from Iran to curtail its nuclear pursuits", "support"),
    ("Iran insists on immediate sanctions relief", "support"),
    ("the prospect of Iran selling drones to Russia", "oppose"),
    ("Iran's readiness to collaborate with the international community", "support"),
)


def main() -> int:
    """Write every picture; 1 if something did not come about."""
    settings = Settings()
    settings.set(ANNOTATOR, "ana")
    settings.set(THEME, "light")
    window = make_window(settings)
    window.name_strip.hide()
    window.resize(1440, 900)
    window.show()
    window.files.open_sample()
    wait(lambda: window.bench.page is not None and bool(window.bench.page.suggestions), "suggestions")
    wait(lambda: window.bench.worker is not None and not window.bench.worker.busy, "the other articles")
    claim = label_the_sample(window)
    window.notices.hide()
    take(window, "window-light")
    window.canvas.select_span(claim)
    take(window, "claim-light")
    window.linking.relate()
    take(window, "relate-light")
    window.canvas.tool.cancel()
    window.slots.toggle_theme()
    take(window, "claim-dark")
    window.canvas.clear_selection()
    window.canvas.verticalScrollBar().setValue(0)
    take(window, "window-dark")
    window.slots.toggle_theme()
    window.resize(700, 900)
    take(window, "narrow-light")
    window.resize(1440, 900)
    window.bench.open(Path(_home.name) / "new-study.annot", create=True)
    take(window, "empty-light")
    window.close()
    return 0


def label_the_sample(window: MainWindow) -> str:
    """Label the sample as a person would have after a few minutes; the id of a claim to show."""
    page, run = window.bench.page, window.bench.run
    assert page is not None
    text = page.text
    body = text.index("Washington:")

    def place(words: str, after: int = body) -> Fragments:
        start = text.index(words, after)
        return ((start, start + len(words)),)

    def make(kind: Kind, label: str, words: str, after: int = body) -> str:
        changes = run(MakeSpan(kind, label, place(words, after)))
        assert changes is not None, words
        return changes.added_spans()[0].id

    for span in page.open_suggestions()[:34]:
        run(Accept((span.id,)))
    claims = {}
    for words, stance in CLAIMS:
        claims[words] = make(Kind.CLAIM, "Claim", words)
        if stance != "unset":
            run(SetAttribute(Target.SPAN, claims[words], "stance", stance))
    request, troops, actions, relief, prospect, readiness = claims.values()
    reports = make(Kind.ACTOR, "Actor", "Recent reports")
    reveal = make(Kind.CUE, "Cue", "reveal")
    make(Kind.ACTOR, "Actor", "the Financial Times")
    malley = make(Kind.ACTOR, "Actor", "Rob Malley, the US Special Envoy for Iran")
    later = make(Kind.ACTOR, "Actor", "Malley", text.index("Malley underscored"))
    concern = make(Kind.CUE, "Cue", "underscored the US's deep concern")
    he = make(Kind.ACTOR, "Actor", "he", text.index("request, he indicated"))
    kani = make(Kind.ACTOR, "Actor", "Bagheri Kani", text.index("While Bagheri"))
    indicated = make(Kind.CUE, "Cue", "indicated")
    for type_, head, tail in (
        ("made_by", request, reports),
        ("cued_by", request, reveal),
        ("made_by", prospect, later),
        ("cued_by", prospect, concern),
        ("same_as", later, malley),
        ("supports", prospect, request),
        ("supports", troops, request),
        ("made_by", readiness, he),
        ("cued_by", readiness, indicated),
        ("same_as", he, kani),
        ("attacks", relief, actions),
    ):
        run(DrawRelation(type_, head, tail))
    run(SetAttribute(Target.SPAN, prospect, "categories", ["security/arms"]))
    run(SetAttribute(Target.SPAN, prospect, "form", "assessment"))
    run(SetAttribute(Target.SPAN, prospect, "quotation", "indirect"))
    window.canvas.clear_selection()
    window.canvas.verticalScrollBar().setValue(0)
    return prospect


def wait(ready: Callable[[], bool], what: str, seconds: float = 120) -> None:
    """Let the window work until something has come about."""
    until = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > until:
            raise SystemExit(f"{what} did not come within {seconds:.0f} s")
        QApplication.processEvents()
        time.sleep(0.01)


def take(window: MainWindow, name: str) -> None:
    """Save a picture of the whole window."""
    until = time.monotonic() + 0.5
    while time.monotonic() < until:
        QApplication.processEvents()
    window.grab().save(str(FOLDER / f"{name}.png"))


if __name__ == "__main__":
    sys.exit(main())
