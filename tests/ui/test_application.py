from __future__ import annotations

import subprocess
import sys

SCRIPT = """
from PySide6.QtGui import QFileOpenEvent
from annotator.ui.app import make_application

application, opened = make_application(), []
application.sendEvent(application, QFileOpenEvent("before.annot"))
application.open_files_by(opened.extend)
print(*opened)
application.sendEvent(application, QFileOpenEvent("after.txt"))
print(*opened)
"""


def test_files_that_the_desktop_wants_opened_wait_for_the_window() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["before.annot", "before.annot after.txt"]


def test_the_window_starts_without_reading_sources() -> None:
    """PySide6 reads those of all that is imported after it, and keeps them."""
    script = (
        "import linecache, annotator.ui.main_window;"
        "print(len([each for each in linecache.cache if 'main_window' in each or 'formats' in each]))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"
