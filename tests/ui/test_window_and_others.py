"""A window and another program on one project, and a window without much room."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from annotator.core.commands import MakeSpan
from annotator.core.model import Kind
from annotator.runtime.settings import ANNOTATOR, AUTO_SUGGEST, Settings
from annotator.session.project import Project
from annotator.ui.app import make_window, open_first
from annotator.ui.main_window import MainWindow


def opened(qtbot: QtBot) -> MainWindow:
    settings = Settings()
    settings.set(ANNOTATOR, "ana")
    settings.set(AUTO_SUGGEST, False)
    window = make_window(settings)
    window.bench._start_worker.setInterval(10_000_000)
    window.resize(1400, 800)
    window.show()
    open_first(window, None, [])
    QApplication.processEvents()
    return window


def test_a_step_on_what_another_program_has_changed_is_told_and_shows_what_is_there(
    home: Path, qtbot: QtBot
) -> None:
    window = opened(qtbot)
    page, project = window.bench.page, window.bench.project
    assert page is not None
    assert project is not None
    start = page.text.index("reveal")
    with Project.open(project.path) as other:
        editor = other.editor("ana")
        theirs = editor.open(page.article.id)
        editor.run(MakeSpan(Kind.CUE, "Cue", ((start, start + 6),)))
    assert window.bench.run(MakeSpan(Kind.CUE, "Cue", ((start + 7, start + 11),))) is None
    (problem,) = window.notices.problems
    assert "another window" in problem
    assert window.bench.page is not None
    assert window.bench.page.spans == theirs.spans
    assert set(window.canvas.scene.marks) == set(theirs.spans)
    assert window.bench.run(MakeSpan(Kind.CUE, "Cue", ((start + 7, start + 11),))) is not None
    window.close()


def test_a_narrow_window_gives_its_room_to_the_page(home: Path, qtbot: QtBot) -> None:
    window = opened(qtbot)
    for width, list_shown, inspector_shown in (
        (1400, True, True),
        (900, True, False),
        (600, False, False),
        (1400, True, True),
    ):
        window.resize(width, 700)
        QApplication.processEvents()
        assert (window.left.isVisible(), window.right.isVisible()) == (list_shown, inspector_shown)
        assert window.canvas.width() > 430
    window.close()
