"""The less certain suggestions: shown or hidden at one key, and how many there are said where it helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from annotator.core.text import counted

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow


class Certainty(QObject):
    """Slot of the action that shows and hides them; keeps the parts of the window in step with it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.bench.tier_changed.connect(self._follow)
        window.bench.project_changed.connect(self._show_choice)
        window.labels.less_certain_asked.connect(self.toggle)
        window.status.less_certain_asked.connect(self.toggle)

    @property
    def shown(self) -> bool:
        """Whether the less certain suggestions are shown."""
        return self._window.bench.shows_less_certain

    def toggle(self) -> None:
        """Show them, or hide them again.

        The page and the status line show what that does; it is told only where they cannot.
        """
        bench = self._window.bench
        bench.show_less_certain(not self.shown)
        count = bench.page.count_less_certain() if bench.page is not None else 0
        done = "shown" if self.shown else "hidden"
        if count:
            self._window.speaker.tell(f"{counted(count, 'less certain suggestion')} {done}")
        else:
            where = "this article has none" if bench.page is not None else "no article is open"
            self._window.notices.tell(f"Less certain suggestions are {done}; {where}.", kind="info")

    def say(self) -> None:
        """Say in the status line how many there are on the page."""
        page = self._window.bench.page
        self._window.status.set_less_certain(page.count_less_certain() if page else 0, shown=self.shown)

    def _show_choice(self) -> None:
        self._window.slots.check_views()
        self._window.articles.model.count_less_certain(self.shown)

    def _follow(self) -> None:
        """Bring what shows the open page up to date, and nothing else but the counts in the list."""
        self._window.canvas.refresh_tier()
        self._window.beside.changed(None)
        self._show_choice()
