"""The longest time that the window's thread is held up while the worker loads spaCy and reads articles."""

from __future__ import annotations

import os
import statistics
import tempfile
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

MOST_SECONDS = 180.0


def run() -> list[tuple[str, str]]:
    """Gaps between ticks of a timer in the real window, idle and while suggestions come in."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        before = os.environ.get("ANNOTATOR_HOME")
        os.environ["ANNOTATOR_HOME"] = home
        try:
            return _measured()
        finally:
            if before is None:
                del os.environ["ANNOTATOR_HOME"]
            else:
                os.environ["ANNOTATOR_HOME"] = before


def _measured() -> list[tuple[str, str]]:
    from annotator.runtime.settings import ANNOTATOR, Settings
    from annotator.ui.app import make_window, open_first

    settings = Settings()
    settings.set(ANNOTATOR, "ana")
    window = make_window(settings)
    window.resize(1400, 850)
    window.bench._start_worker.setInterval(1_500)
    window.show()
    open_first(window, None, [])
    gaps: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        gaps.append(now - last)
        last = now

    timer = QTimer()
    timer.setInterval(1)
    timer.timeout.connect(tick)
    _spin(0.4)
    timer.start()
    last = time.perf_counter()
    _spin(0.8)
    idle = max(gaps)
    gaps.clear()
    until = time.perf_counter() + MOST_SECONDS
    while window.bench.worker is None or window.bench.worker.busy:
        if time.perf_counter() > until:
            break
        QApplication.processEvents()
    busy = sorted(gaps)
    read = sum(1 for _ in busy)
    window.close()
    return [
        ("longest gap, idle", f"{idle * 1000:.0f} ms"),
        ("longest gap, spaCy loading and reading (aim: at most 50)", f"{busy[-1] * 1000:.0f} ms"),
        ("median gap then", f"{statistics.median(busy) * 1000:.1f} ms of {read:,}"),
    ]


def _spin(seconds: float) -> None:
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        QApplication.processEvents()


if __name__ == "__main__":
    for what, result in run():
        print(f"{what}: {result}")
