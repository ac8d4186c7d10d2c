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


def seconds_to(command: list[str], env: dict[str, str]) -> dict[str, float]:
    """Seconds from starting the command to each thing that it says to have painted."""
    done = subprocess.run(
        command,
        env=env | {"ANNOTATOR_BENCH_START": repr(time.time())},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    said = (line.split() for line in done.stdout.splitlines())
    return {
        each[0]: float(each[1]) for each in said if len(each) == 2 and each[0] in ("painted", "furnished")
    }


def run() -> list[tuple[str, str]]:
    """Medians of several starts of each, taken in turn, and their ratios."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        env = {"QT_QPA_PLATFORM": "offscreen"} | dict(os.environ)
        env["ANNOTATOR_HOME"] = home
        env.pop("PYTHONDONTWRITEBYTECODE", None)  # the second start finds its modules compiled
        bare = [sys.executable, "-c", BARE]
        ours = [sys.executable, "-m", "annotator"]
        seconds_to(bare, env)
        seconds_to(ours, env)
        pairs = [(seconds_to(bare, env), seconds_to(ours, env)) for _ in range(TIMES)]
    measure = statistics.median(plain["painted"] for plain, _ in pairs)
    painted = statistics.median(our["painted"] for _, our in pairs)
    furnished = statistics.median(our["furnished"] for _, our in pairs)
    return [
        ("bare PySide6 window", f"{measure * 1000:.0f} ms"),
        ("Annotator's window painted", f"{painted * 1000:.0f} ms"),
        ("ratio (aim: at most 2)", f"{painted / measure:.2f}"),
        ("Annotator's window with all its parts", f"{furnished * 1000:.0f} ms"),
        ("ratio", f"{furnished / measure:.2f}"),
    ]
