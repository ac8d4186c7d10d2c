"""The page on which labels of other tools become labels of the codebook, and somebody's."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from annotator.core.text import counted
from annotator.ui.controls import ComboBox, Themed, label
from annotator.ui.importing.draft import ImportDraft, Part, enumerated
from annotator.ui.importing.names import NamesTable
from annotator.ui.theme import Theme

_LEAST = 280
"""Pixels of height, of which sentences may take more than one line."""


_MOST_PEOPLE = 3
"""Annotators that are named."""


class Whose(Enum):
    """Whose labels the imported ones are."""

    FILE = "file"
    """The annotators that the file names; where it names none, of who imports."""
    MINE = "mine"
    """Of who imports, whoever the files name."""
    NOBODY = "nobody"
    """Suggestions, to be decided on."""


class LabelsPage(Themed, QWidget):
    """Signals: ``changed`` (a name becomes something else), ``whose_changed``."""

    changed = Signal()
    whose_changed = Signal()

    def __init__(self, theme: Theme, annotator: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._draft: ImportDraft | None = None
        self.said = label("", "quiet", wrap=True)
        self.table = NamesTable(theme)
        self.table.names.decided.connect(self._on_decided)
        self.codebook = label("", "quiet", wrap=True)
        self.whose = ComboBox(theme)
        self.whose.setMinimumWidth(200)  # long names end in dots
        self.whose.setAccessibleName("Whose labels they are")
        self.whose.addItem("", Whose.FILE)
        self.whose.addItem(f"All mine ({_shortened(annotator)})", Whose.MINE)
        self.whose.addItem("Nobody’s: suggestions to decide on", Whose.NOBODY)
        self.whose.currentIndexChanged.connect(self.whose_changed)
        self._annotator = annotator
        foot = QHBoxLayout()
        foot.setSpacing(14)
        self.whose_said = label("&Whose labels", "heading")
        self.whose_said.setBuddy(self.whose)
        foot.addWidget(self.whose_said)
        foot.addWidget(self.whose)
        foot.addStretch(1)
        self.setMinimumHeight(_LEAST)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(10)
        column.addWidget(self.said)
        column.addWidget(self.table, 1)
        column.addWidget(self.codebook)
        column.addLayout(foot)

    def show_draft(self, draft: ImportDraft) -> None:
        """Show the names that the survey found."""
        self._draft = draft
        found = [counted(len(draft.names(part)), part.value) for part in Part if draft.names(part)]
        how = "Space opens what a name becomes, Delete leaves it out."
        if draft.survey.own:
            stay = "What this program has exported keeps its names."
            how = f"{how} {stay}" if draft.has_foreign_names else stay
        self.said.setText(
            f"{', '.join(found)}. {how}" if found else "The codebook has all names of the files."
        )
        for widget in (self.whose_said, self.whose):  # our own files say it
            widget.setVisible(draft.has_foreign_names)
        self.whose.setItemText(0, self._as_files_say(draft.survey.annotators))
        self.table.show_draft(draft)
        self._on_decided(tell=False)

    def _as_files_say(self, people: list[str]) -> str:
        me = f"{_shortened(self._annotator)}’s (you)"
        if not people:
            return f"The files do not say: {me}"
        named = [f"{_shortened(name)}’s" for name in people[:_MOST_PEOPLE]]
        more = len(people) - _MOST_PEOPLE
        if more > 0:
            named.append("another one’s" if more == 1 else f"{more} others’")
        return f"As the files say: {enumerated(named)}"

    def why_not(self) -> str:
        """Why the labels cannot be whose they are to be; empty where they can."""
        shared = self._draft.survey.shared if self._draft else 0
        if self.whose.currentData() is not Whose.MINE or not shared:
            return ""
        has = "has" if shared == 1 else "have"
        return f"{counted(shared, 'article')} {has} labels of several people, which cannot all be yours."

    @property
    def all_mine(self) -> bool:
        """Whether the labels are those of who imports, whoever made them."""
        return self.whose.currentData() is Whose.MINE

    @property
    def as_suggestions(self) -> bool:
        """Whether the labels come in as suggestions."""
        return self.whose.currentData() is Whose.NOBODY

    def _on_decided(self, *, tell: bool = True) -> None:
        assert self._draft is not None
        self.codebook.setText(self._draft.codebook_sentence())
        if tell:
            self.changed.emit()


def _shortened(name: str) -> str:
    return name if len(name) <= 30 else f"{name[:29]}…"
