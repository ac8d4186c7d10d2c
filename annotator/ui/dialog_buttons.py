"""The buttons at the foot of a dialog: the one that goes on, and Cancel."""

from __future__ import annotations

from typing import override

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialogButtonBox


class DialogButtons(QDialogButtonBox):
    """Enter presses the button that has the keyboard; elsewhere ``go``, or Cancel where ``safe``.

    Qt asks a dialog for its default button when it is shown, and knows only what was set within it: a box
    that was filled before would lose it to the first button that gets the keyboard, for good.
    """

    def __init__(self, words: str, *, safe: bool = False) -> None:
        super().__init__()
        self.go = self.addButton(words, QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel = self.addButton(QDialogButtonBox.StandardButton.Cancel)
        self._usual = self.cancel if safe else self.go

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.make_usual()

    def make_usual(self) -> None:
        """The usual button is the default one again."""
        self._usual.setDefault(False)
        self._usual.setDefault(True)
