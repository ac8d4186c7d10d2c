"""The window before and after its parts are there."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.runtime.settings import AUTO_SUGGEST, WINDOW_GEOMETRY, Settings
from annotator.ui.app import make_window, open_first
from annotator.ui.frame import Frame
from annotator.ui.theme import light


def test_it_is_painted_before_it_holds_anything_and_closes_what_it_took(home: Path, qtbot: QtBot) -> None:
    settings = Settings()
    settings.set(AUTO_SUGGEST, False)
    frame = Frame(settings, light())
    qtbot.addWidget(frame)
    with qtbot.waitSignal(frame.painted):
        frame.show()
    assert frame.grab().toImage().pixelColor(300, 300) == light().page
    content = make_window(settings)
    content.bench._start_worker.setInterval(10_000_000)
    frame.take(content)
    qtbot.waitExposed(content)
    open_first(content, None, [])
    assert frame.windowTitle() == "sample — Annotator"
    frame.resize(700, 500)
    QApplication.processEvents()
    assert content.width() == 700
    assert content.bench.page is not None
    content.safety.may_close = lambda: False  # type: ignore[method-assign]
    frame.close()
    assert frame.isVisible(), "whoever is asked may stay"
    assert content.bench.project is not None
    del content.safety.may_close
    content.actions_by_id["quit"].trigger()
    assert not frame.isVisible()
    assert content.bench.project is None
    again = Frame(Settings(), light())
    qtbot.addWidget(again)
    assert Settings().get(WINDOW_GEOMETRY)
    assert again.size() == frame.size()
