"""The window's commands by name: its actions, the statuses, the projects opened lately."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from annotator.core.commands import SetStatus
from annotator.core.model import Status
from annotator.runtime.settings import RECENT_COMMANDS, RECENT_PROJECTS
from annotator.ui.keymap import FIXED
from annotator.ui.palette import Entry

if TYPE_CHECKING:
    from annotator.ui.main_window import MainWindow

REMEMBERED = 8
"""Commands that the palette offers first when nothing is typed."""


def entries(window: MainWindow) -> list[Entry]:
    """Every command that the window has just now."""
    made: list[Entry] = []
    for row in window.keys.rows:
        action = window.actions_by_id.get(row.id)
        if action is not None and row.id not in ("palette", FIXED):
            keys = " or ".join(window.keys.map.keys.get(row.id, ()))
            menu = row.menu.replace("&", "")
            words = row.text.replace("&", "").rstrip("…")
            words = f"Label as {words}" if row.id.startswith("label_") else words
            made.append(Entry(row.id, words, action.trigger, keys, menu, row.help))
    for status in Status:
        words = f"Mark the article as {status.replace('_', ' ')}"
        made.append(
            Entry(f"status_{status}", words, partial(window.completing.run, SetStatus(status)), "", "Article")
        )
    for name in window.settings.get(RECENT_PROJECTS):
        path = Path(name)
        made.append(
            Entry(f"open {name}", f"Open {path.stem}", partial(window.bench.open, path), "", "Project")
        )
    return made


def remember(window: MainWindow, chosen: str) -> None:
    """Offer a command first from now on."""
    others = [each for each in window.settings.get(RECENT_COMMANDS) if each != chosen]
    window.settings.set(RECENT_COMMANDS, [chosen, *others][:REMEMBERED])
