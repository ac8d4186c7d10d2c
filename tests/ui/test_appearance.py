"""Size of the interface, and that nothing moves by itself."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import override

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QProgressBar
from pytestqt.qtbot import QtBot

import annotator.ui
from annotator.runtime.settings import ANNOTATOR, AUTO_SUGGEST, UI_SCALE, Settings
from annotator.ui.app import make_window, open_first
from annotator.ui.appearance import UI_SCALES, stepped_scale, use_scale


def test_steps_of_the_size() -> None:
    assert stepped_scale(1.0, 1) == 1.1
    assert stepped_scale(1.0, -1) == 0.9
    assert stepped_scale(1.3, 1) == 1.5
    assert (stepped_scale(2.0, 1), stepped_scale(0.8, -1)) == (2.0, 0.8)
    assert all(UI_SCALE.accepts(each) for each in UI_SCALES)


@pytest.mark.parametrize(("given", "scale", "wanted"), [
    (None, 1.0, None), (None, 1.25, "1.25"), ("2", 1.25, "2.5"), ("2", 1.0, "2"), ("much", 1.5, "1.5"),
])  # fmt: skip
def test_the_size_comes_on_top_of_what_is_given(
    home: Path, monkeypatch: pytest.MonkeyPatch, given: str | None, scale: float, wanted: str | None
) -> None:
    monkeypatch.setenv("QT_SCALE_FACTOR", given or "")
    if given is None:
        monkeypatch.delenv("QT_SCALE_FACTOR")
    settings = Settings()
    settings.set(UI_SCALE, scale)
    use_scale(settings)
    assert os.environ.get("QT_SCALE_FACTOR") == wanted


def test_the_next_start_has_the_size_that_the_menu_set(home: Path, qtbot: QtBot) -> None:
    settings = Settings()
    window = make_window(settings)
    qtbot.addWidget(window)
    for _ in range(3):
        window.actions_by_id["interface_larger"].trigger()
    assert settings.get(UI_SCALE) == 1.5
    assert window.notices.said.endswith("150% of its usual size when Annotator starts next.")
    script = (
        "from annotator.runtime.settings import Settings\n"
        "from annotator.ui.app import make_application, use_scale\n"
        "use_scale(Settings())\n"
        "print(make_application().devicePixelRatio())"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "1.5"
    for _ in range(9):
        window.actions_by_id["interface_smaller"].trigger()
    assert settings.get(UI_SCALE) == UI_SCALES[0]
    assert window.notices.said == "The interface already has 80% of its usual size."


def test_no_edge_of_the_page_stays_unpainted_where_a_pixel_is_divided(home: Path) -> None:
    script = """
from annotator.runtime.settings import ANNOTATOR, AUTO_SUGGEST, Settings
from annotator.ui.app import make_application, make_window, open_first
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication
settings = Settings()
settings.set(ANNOTATOR, "ana")
settings.set(AUTO_SUGGEST, False)
window = make_window(settings)
window.show()
open_first(window, None, [])
canvas = window.canvas
wrong = set()
for height in range(900, 904):
    window.resize(1440, height)
    QApplication.processEvents()
    image, scale = window.grab().toImage(), window.devicePixelRatio()
    corner = canvas.mapTo(window, QPoint(12, canvas.height()))
    x, last = round(corner.x() * scale), int(corner.y() * scale)
    known = {canvas.theme.page.name(), canvas.theme.panel.name()}
    wrong |= {image.pixelColor(x, y).name() for y in range(last - 2, last + 2)} - known
print(scale, sorted(wrong))
window.close()
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "QT_SCALE_FACTOR": "1.5"},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.strip() == "1.5 []"


class _Painted(QObject):
    """Counts what is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.counted: Counter[str] = Counter()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.counted[f"{type(watched).__name__} {watched.objectName()}"] += 1
        return False


def test_nothing_moves_by_itself(home: Path, qtbot: QtBot) -> None:
    """Whoever wants less motion gets none: there is no animation, so no wish has to be asked for."""
    settings = Settings()
    settings.set(ANNOTATOR, "ana")
    settings.set(AUTO_SUGGEST, False)
    window = make_window(settings)
    qtbot.addWidget(window)
    window.bench._start_worker.setInterval(10_000_000)
    window.show()
    qtbot.waitExposed(window)
    open_first(window, None, [])
    window.canvas.setFocus()
    window.status.set_task("Reading files", 0, 0)
    assert not any(each.isVisible() and each.maximum() == 0 for each in window.findChildren(QProgressBar))
    watch = _Painted()
    application = QApplication.instance()
    assert application is not None
    application.installEventFilter(watch)
    for _ in range(6):  # the rest of the layout comes first; what moves is never still
        watch.counted.clear()
        qtbot.wait(700)
        if not watch.counted:
            break
    application.removeEventFilter(watch)
    assert watch.counted == {}
    window.canvas.verticalScrollBar().setValue(0)
    window.canvas.select_span(None)
    bar = window.canvas.verticalScrollBar()
    bar.triggerAction(bar.SliderAction.SliderPageStepAdd)
    assert bar.value() == min(bar.maximum(), bar.pageStep()), "scrolling jumps"
    window.close()


def test_no_animation_is_made_anywhere() -> None:
    folder = Path(annotator.ui.__file__).parent
    for path in folder.rglob("*.py"):
        text = path.read_text("utf-8")
        for word in ("Animation", "QTimeLine", "QMovie", "setEffectEnabled", "setCursorFlashTime"):
            assert word not in text, path
