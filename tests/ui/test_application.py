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
