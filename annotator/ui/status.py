"""The line below the page: what is saved, what runs and how far, what is armed, who works."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QToolButton, QWidget

from annotator.core.codebook import Label
from annotator.ui.controls import Chip, Themed, label
from annotator.ui.panels.wording import missing_words
from annotator.ui.theme import Theme


class StatusLine(Themed, QWidget):
    """Signals: ``stop_asked`` (to stop what runs, such as an import), ``stop_suggesting_asked``,
    ``name_asked`` (the person wants to change the annotator's name), ``less_certain_asked`` (to see the less
    certain suggestions, or no longer), ``missing_asked`` (to go to what is missing).
    """

    stop_asked = Signal()
    stop_suggesting_asked = Signal()
    less_certain_asked = Signal()
    missing_asked = Signal()
    name_asked = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(14, 3, 14, 5)
        self._row.setSpacing(14)
        self._saved = label("", "quiet")
        self._work = label("", "quiet")
        self._bar = QProgressBar(self)
        self._bar.setFixedSize(120, 5)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName("Progress")
        self._stop = Chip("Stop", theme, action="escape")
        self._stop.clicked.connect(self.stop_asked)
        self._stop_suggesting = Chip("Stop", theme)
        self._stop_suggesting.setAccessibleName("Stop suggesting")
        self._stop_suggesting.clicked.connect(self.stop_suggesting_asked)
        for chip in (self._stop, self._stop_suggesting):
            chip.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._less_certain = QToolButton(self)
        self._less_certain.setProperty("look", "quiet")
        self._less_certain.clicked.connect(self.less_certain_asked)
        self._missing = QToolButton(self)
        self._missing.setProperty("look", "quiet")
        self._missing.setToolTip("Go to the first required attribute that is missing")
        self._missing.clicked.connect(self.missing_asked)
        self._armed = label("", "quiet")
        self._model = label("", "quiet")
        self._zoom = label("", "quiet")
        self._name = QToolButton(self)
        self._name.setToolTip("Who is labelling? Click to change the name.")
        self._name.clicked.connect(self.name_asked)
        left = (self._saved, self._work, self._bar, self._stop, self._stop_suggesting)
        right = (self._armed, self._missing, self._less_certain, self._model, self._zoom, self._name)
        for part in left:
            self._row.addWidget(part)
        self._row.addStretch(1)
        for each in right:
            self._row.addWidget(each)
        self._tasks = ("", 0, 0)
        self._if_stopped = ""
        self._suggesting = ("", 0, 0)
        self._show_work()
        self.set_armed(None)
        self.set_less_certain(0, shown=False)
        self.set_missing(0)
        self.set_zoom(1.0)

    def set_theme(self, theme: Theme) -> None:
        """Use other colours."""
        self._theme = theme

    def set_saved(self, text: str, *, bad: bool = False) -> None:
        """What is saved: “Saved 14:03”; ``bad``: something is not."""
        self._saved.setText(text)
        if self._saved.property("look") != (look := "problem" if bad else "quiet"):
            self._saved.setProperty("look", look)
            self._saved.style().unpolish(self._saved)
            self._saved.style().polish(self._saved)

    def set_task(self, what: str, done: int, total: int, stop: str = "") -> None:
        """Progress of an import (in bytes) or export (in articles); an empty text when there is none.

        ``stop``: what it means to stop it, where that can be done.
        """
        self._tasks, self._if_stopped = (what, done, total), stop
        self._show_work()

    def set_suggesting(self, done: int, total: int, what: str) -> None:
        """Progress of the suggestions; an empty text when there are none under way."""
        self._suggesting = (what, done, total)
        self._show_work()

    def _show_work(self) -> None:
        what, done, total = self._tasks if self._tasks[0] else self._suggesting
        self._work.setVisible(bool(what))
        self._bar.setVisible(bool(what) and total > 0)  # one without an end would be kept moving
        self._stop.setVisible(bool(self._if_stopped))
        self._stop.setToolTip(self._if_stopped)
        self._stop.setAccessibleName(f"Stop {what[:1].lower()}{what[1:]}")
        self._stop_suggesting.setVisible(bool(self._suggesting[0]) and not self._tasks[0] and total > 0)
        self._bar.setRange(0, total)
        self._bar.setValue(done)
        # tasks count bytes, which say nothing to a person; suggestions count articles
        far = f"{100 * done // max(1, total)} %" if self._tasks[0] else f"{done:,} of {total:,}"
        self._work.setText(f"{what} · {far}" if total else f"{what} …")

    def set_armed(self, armed: Label | None) -> None:
        """The label that a double click or a drag makes."""
        self._armed.setVisible(armed is not None)
        if armed is not None:
            ink = self._theme.hue(armed.colour).ink.name()
            self._armed.setTextFormat(Qt.TextFormat.RichText)
            self._armed.setText(
                f"Double click makes <b style='color:{ink}'>{escape(armed.name)}</b> · Esc to stop"
            )

    def set_less_certain(self, count: int, *, shown: bool) -> None:
        """How many less certain suggestions the page has; nothing is said where there are none."""
        self._less_certain.setVisible(count > 0)
        self._less_certain.setText(f"{count:,} less certain {'shown' if shown else 'hidden'}")
        verb = "Hide" if shown else "Show"
        self._less_certain.setToolTip(f"{verb} the less certain suggestions")
        self._less_certain.setAccessibleName(f"{self._less_certain.text()}; {verb.lower()} them")

    def set_missing(self, count: int) -> None:
        """How many required attributes the article's labels lack; nothing is said where there are none."""
        self._missing.setVisible(count > 0)
        self._missing.setText(f"{count:,} required missing")
        self._missing.setAccessibleName(f"{missing_words(count)}; go to the first")

    def set_model(self, origin: str) -> None:
        """The pipeline that makes the suggestions."""
        _, _, name = origin.partition("+")[0].partition(":")
        self._model.setText(name or origin)

    def set_zoom(self, zoom: float) -> None:
        """The page's zoom; nothing is shown at the usual size."""
        self._zoom.setVisible(abs(zoom - 1) > 0.001)
        self._zoom.setText(f"{zoom:.0%}")

    def set_name(self, name: str) -> None:
        """Who is labelling."""
        self._name.setText(name)
        self._name.setAccessibleName(f"Annotator {name}; change")
