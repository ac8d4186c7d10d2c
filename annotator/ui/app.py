"""Starting the window: first something to see, then the project, then the language model."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from annotator import __version__
from annotator.runtime.resources import resource
from annotator.runtime.settings import LAST_PROJECT, Settings
from annotator.ui import style
from annotator.ui.appearance import use_scale, wanted_theme
from annotator.ui.application import Application
from annotator.ui.frame import Frame
from annotator.ui.theme import load_fonts

if TYPE_CHECKING:
    from annotator.core.codebook import Codebook
    from annotator.ui.main_window import MainWindow

BENCH_VARIABLE = "ANNOTATOR_BENCH_START"
"""Set by the start-up bench to the time: say when the window and all its parts were painted, and quit."""


def make_application() -> QApplication:
    """The Qt application with our name and fonts."""
    found = QApplication.instance()
    application = found if isinstance(found, QApplication) else Application(sys.argv[:1])
    application.setApplicationName("annotator")
    application.setApplicationDisplayName("Annotator")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("annotator")
    icon = QIcon()
    for path in sorted(resource("icons").glob("annotator-*.png")):
        icon.addFile(str(path))
    application.setWindowIcon(icon)
    load_fonts(resource("fonts"))
    return application


def make_window(settings: Settings) -> MainWindow:
    """The window with all its parts, dressed, without a project."""
    application = make_application()
    style.apply_base(application, wanted_theme(settings))
    return _furnished(application, settings)


def _furnished(application: QApplication, settings: Settings) -> MainWindow:
    from annotator.ui.main_window import MainWindow

    window = MainWindow(settings)
    application.setStyleSheet(style.style_sheet(window.theme))
    return window


def run_window(
    project: Path | None, articles: Sequence[Path], annotator: str | None, codebook: Codebook | None = None
) -> int:
    """Show the window until it is closed; the exit code.

    Opens the named project (making it with the codebook where there is none), else the one that was
    open last, else the sample project; then imports the articles that were named.
    """
    settings = Settings()
    use_scale(settings)
    application = make_application()
    theme = wanted_theme(settings)
    style.apply_base(application, theme)
    frame = Frame(settings, theme)
    frame.painted.connect(lambda: _furnish(frame, settings, project, articles, annotator, codebook))
    frame.show()
    return QApplication.exec()


def _furnish(
    frame: Frame,
    settings: Settings,
    project: Path | None,
    articles: Sequence[Path],
    annotator: str | None,
    codebook: Codebook | None,
) -> None:
    """Everything that can wait for the first paint: the parts, then what they show."""
    from annotator.runtime.logs import setup_logging, take_fault
    from annotator.ui.crash import install_crash_handler

    _report("painted")
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    window = _furnished(application, settings)
    fault = take_fault()
    setup_logging()
    install_crash_handler(
        window,
        lambda: window.bench.project.path if window.bench.project else None,
        lambda: len(window.bench.keeper.unsaved),
    )
    if fault:
        window.safety.tell_fault(fault)
    if annotator:
        window.bench.use_annotator(annotator)
        window.name_strip.hide()
    if os.environ.get(BENCH_VARIABLE):
        window.canvas.first_painted.connect(lambda: _report("furnished"))
        window.canvas.first_painted.connect(QApplication.quit)
    else:
        # Opening imports SQLAlchemy, which takes longer than everything up to here.
        window.canvas.first_painted.connect(lambda: open_first(window, project, articles, codebook))
    frame.take(window)


def open_first(
    window: MainWindow, project: Path | None, articles: Sequence[Path], codebook: Codebook | None = None
) -> None:
    """Open what the window starts with."""
    last = window.settings.get(LAST_PROJECT)
    opened = False
    if project is not None:
        opened = window.bench.open(project, create=not project.exists(), codebook=codebook)
    elif last and Path(last).is_file():
        opened = window.bench.open(Path(last))
    if not opened and project is None:
        window.files.open_sample()
    if window.settings.notice:
        window.notices.tell(window.settings.notice, kind="problem")
    if articles:
        window.files.import_paths(articles)
    application = QApplication.instance()
    if isinstance(application, Application):
        application.open_files_by(window.files.import_paths)


def _report(what: str) -> None:
    """Tell the start-up bench, if it runs, how long something took from the start of the process."""
    started = os.environ.get(BENCH_VARIABLE)
    if started:
        sys.stdout.write(f"{what} {time.time() - float(started):.4f}\n")
        sys.stdout.flush()
