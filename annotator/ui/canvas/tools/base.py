"""What every tool answers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF
from PySide6.QtGui import QKeyEvent, QMouseEvent

if TYPE_CHECKING:
    from annotator.ui.canvas.view import ArticleView


class Tool:
    """Receives the canvas's events while it is in use. The methods do nothing unless overridden."""

    def __init__(self, view: ArticleView) -> None:
        self.view = view

    def press(self, event: QMouseEvent) -> None:
        """A mouse button went down."""

    def move(self, event: QMouseEvent) -> None:
        """The pointer moved."""

    def release(self, event: QMouseEvent) -> None:
        """A mouse button went up."""

    def double_click(self, event: QMouseEvent) -> None:
        """A button went down for the second time in quick succession."""

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key is this tool's even where it is a shortcut of the window."""
        return False

    def key(self, event: QKeyEvent) -> bool:
        """A key went down; whether the tool took it."""
        return False

    def dragged(self, point: QPointF) -> None:
        """The pointer is held at a place of the viewport while the page scrolls under it."""

    def cancel(self) -> None:
        """Give up whatever is under way and leave the page as it was."""
