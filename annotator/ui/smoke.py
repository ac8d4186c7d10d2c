"""The whole program once over, in an empty home and without a display: ``annotator --smoke-test``.

It is what the packaged program is tried with, so it goes through the real window, the worker process
and the bundled model, and looks at what ends up in the exported file.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from annotator.core.errors import AnnotatorError
from annotator.core.model import Kind, State
from annotator.core.page import Page
from annotator.runtime.paths import HOME_VARIABLE

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

PATIENCE = 120.0
"""Seconds to wait for one step, for a machine that reads the program from a slow disk."""


def run() -> int:
    """Try everything and print one line. The exit code: 0, or 1 with a sentence on stderr."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="annotator-smoke-", ignore_cleanup_errors=True) as folder:
        os.environ[HOME_VARIABLE] = folder
        try:
            print(f"OK: {_try_everything(Path(folder))}")
        except (AnnotatorError, _StepError) as error:
            print(f"The smoke test failed: {error}", file=sys.stderr)
            return 1
    return 0


class _StepError(Exception):
    """A step did not give what it should."""


def _check(happened: object, sentence: str) -> None:
    if not happened:
        raise _StepError(sentence)


def _wait(condition: Callable[[], object], sentence: str) -> None:
    """Let the window work until the condition holds. Raises _StepError when patience ends."""
    from PySide6.QtWidgets import QApplication

    until = time.monotonic() + PATIENCE
    while not condition():
        _check(time.monotonic() < until, sentence)
        QApplication.processEvents()
        time.sleep(0.01)


def _try_everything(folder: Path) -> str:
    from annotator.runtime.settings import Settings
    from annotator.ui.app import make_window, open_first

    begun = time.monotonic()
    painted: list[float] = []
    window = make_window(Settings())
    window.canvas.first_painted.connect(lambda: painted.append(time.monotonic() - begun))
    try:
        window.show()
        _wait(lambda: painted, "the window was not painted.")
        open_first(window, None, [])
        page = window.bench.page
        _check(page, "the sample project has no article.")
        assert page is not None
        _wait(lambda: page.suggestions, "the model suggested nothing.")
        suggested = len(page.suggestions)
        _label_by_hand(window, page)
        lines = _export(window, folder / "labels.jsonl")
        _check_labels(lines, page)
        model = window.bench.worker.origin if window.bench.worker else ""
    finally:
        window.close()
    return (
        f"{len(lines)} articles imported, {suggested} suggestions in the first by {model}, one accepted, "
        f"one label made, saved and exported; painted after {painted[0] * 1000:.0f} ms, "
        f"{time.monotonic() - begun:.1f} s in all."
    )


def _label_by_hand(window: MainWindow, page: Page) -> None:
    """Accept the first suggestion and mark the title as a claim, by the actions that keys trigger."""
    window.actions_by_id["next_suggestion"].trigger()
    window.actions_by_id["accept"].trigger()
    window.canvas.select_ranges([(0, len(page.article.title))])
    window.actions_by_id["label_claim_Claim"].trigger()
    _check(
        {span.kind for span in page.spans.values()} == {Kind.ENTITY, Kind.CLAIM},
        "accepting and labelling did not give one entity and one claim.",
    )


def _export(window: MainWindow, file: Path) -> list[dict[str, Any]]:
    from annotator.session.exporting import export_jsonl

    project = window.bench.project
    assert project is not None
    export_jsonl(project, file)
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _check_labels(lines: list[dict[str, Any]], page: Page) -> None:
    """The file has exactly the two labels, each with its own stretch of the text."""
    spans = [span for line in lines for span in line["spans"]]
    _check(
        {span["id"] for span in spans} == page.spans.keys(),
        f"the exported file has {len(spans)} labels instead of the two that were made.",
    )
    for span in spans:
        quoted = page.text[span["start"] : span["end"]]
        _check(span["text"] == quoted, f"a label's text is {span['text']!r} instead of {quoted!r}.")
        _check(span["state"] == State.ACCEPTED, f"a label was written as {span['state']}.")
