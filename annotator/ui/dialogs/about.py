"""Version, licence, and what the program is made with."""

from __future__ import annotations

import platform

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QVBoxLayout, QWidget

from annotator import __version__
from annotator.ui.controls import label
from annotator.ui.theme import Theme

_WORDS = """\
Label actors, claims and relations in news articles. Everything stays on this computer, in one \
project file; there is no server and no account.

Annotator is free software under the MIT licence."""

_MADE_WITH = """\
Qt {qt} and PySide6 (LGPL 3), spaCy and its English pipeline (MIT), SQLite (public domain) through \
SQLAlchemy (MIT), on Python {python}. The type is Source Serif and Source Sans (SIL Open Font Licence). \
The sample articles are from Wikinews (CC BY 2.5); their authors are named in seeds/CREDITS.md."""


class AboutDialog(QDialog):
    """A page of credits; not modal."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("About Annotator")
        words = label(_WORDS, wrap=True)
        made = _MADE_WITH.format(qt=qVersion(), python=platform.python_version())
        credits_ = label(made, "quiet", wrap=True)
        credits_.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        for each in (words, credits_):
            each.setFixedWidth(400)
        column = QVBoxLayout(self)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        column.setContentsMargins(28, 26, 28, 22)
        column.setSpacing(14)
        column.addWidget(label(f"Annotator {__version__}", "title"))
        column.addWidget(words)
        column.addWidget(credits_)
        column.addSpacing(6)
        column.addWidget(buttons)
