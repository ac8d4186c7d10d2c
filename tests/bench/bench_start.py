"""From the start of the process to the first paint of the window, against a bare PySide6 window."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time

TIMES = 5
BARE = """
import os, time
from PySide6.QtWidgets import QApplication, QMainWindow
class Window(QMainWindow):
    def paintEvent(self, event):
        super().paintEvent(event)
        print("painted", time.time() - float(os.environ["ANNOTATOR_BENCH_START"]), flush=True)
        QApplication.quit()
app = QApplication([])
window = Window()
window.resize(1200, 800)
window.show()
app.exec()
"""


def seconds_to_paint(command: list[str], env: dict[str, str]) -> float:
    """Seconds from starting the command until it has painted, which it says by itself."""
    done = subprocess.run(
        command,
        env=env | {"ANNOTATOR_BENCH_START": repr(time.time())},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return next(float(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("painted"))


def run() -> list[tuple[str, str]]:
    """Medians of several starts of each, taken in turn, and their ratio."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        env = {"QT_QPA_PLATFORM": "offscreen"} | dict(os.environ)
        env["ANNOTATOR_HOME"] = home
        env.pop("PYTHONDONTWRITEBYTECODE", None)  # the second start finds its modules compiled
        bare = [sys.executable, "-c", BARE]
        ours = [sys.executable, "-m", "annotator"]
        seconds_to_paint(bare, env)
        first = seconds_to_paint(ours, env)
        pairs = [(seconds_to_paint(bare, env), seconds_to_paint(ours, env)) for _ in range(TIMES)]
    bare_median, our_median = (statistics.median(each) for each in zip(*pairs, strict=True))
    return [
        ("bare PySide6 window", f"{bare_median * 1000:.0f} ms"),
        ("Annotator, very first start", f"{first * 1000:.0f} ms"),
        ("Annotator", f"{our_median * 1000:.0f} ms"),
        ("ratio (aim: at most 2)", f"{our_median / bare_median:.2f}"),
    ]
