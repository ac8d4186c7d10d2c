"""What the table of actions says of one action: its id, menu, text and keys, and where those work."""

from __future__ import annotations

from enum import Enum

from msgspec import Struct


class Scope(Enum):
    """Where a key works."""

    WINDOW = "window"
    """Everywhere, except for letters while text is being typed."""
    CANVAS = "canvas"
    """While the article has the keyboard."""


class ActionRow(Struct, frozen=True):
    """One action. ``menu`` is empty for those that only have a key; ``keys`` are portable texts."""

    id: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    scope: Scope = Scope.WINDOW
    slot: str = ""
    arguments: tuple[object, ...] = ()
    checkable: bool = False
    separator: bool = False
    """Whether a line is drawn above it in the menu."""
    help: str = ""
    """What the sheet of keys says; empty: the text."""

    @property
    def words(self) -> str:
        """What the sheet of keys says."""
        return self.help or self.text.replace("&", "").rstrip("…")
