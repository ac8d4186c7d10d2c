"""Which codebook a new project starts with."""

from __future__ import annotations

from typing import override

from PySide6.QtWidgets import QButtonGroup, QDialog, QRadioButton, QVBoxLayout, QWidget

from annotator.core.codebook import Codebook
from annotator.core.errors import AnnotatorError
from annotator.runtime.settings import Settings
from annotator.session.codebooks import shipped_codebooks
from annotator.ui.codebook.sharing import ask_for_codebook
from annotator.ui.controls import label
from annotator.ui.dialog_buttons import DialogButtons
from annotator.ui.notices import sentence


class NewProjectDialog(QDialog):
    """One button per codebook that ships, the first of them chosen, one for a file's, one for an empty one.

    The file is asked for when the project is to be made; without one, or with a bad one, it is not made.
    """

    def __init__(self, name: str, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New project")
        self._group = QButtonGroup(self)
        self._settings = settings
        self._codebooks: list[Codebook | None] = []
        """In the order of the buttons; None for the one of a file."""
        self._chosen: Codebook | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(6)
        column.addWidget(label(f"A codebook for {name}", "title"))
        column.addWidget(label("It says what can be labelled, and can be changed at any time.", "quiet"))
        column.addSpacing(8)
        offered: list[tuple[str, str, Codebook | None]] = [
            (line, codebook.name, codebook) for _, line, codebook in shipped_codebooks()
        ]
        offered.append(("A TOML file that was saved or shared, or another project", "From a file…", None))
        own = "Nothing in it yet; its window opens, to make labels in"
        offered.append((own, "A codebook of my own", Codebook(name=name)))
        for place, (line, title, codebook) in enumerate(offered):
            button = QRadioButton(title)
            button.setAccessibleDescription(line)
            button.setChecked(place == 0)
            self._group.addButton(button, place)
            self._codebooks.append(codebook)
            words = label(line, "quiet")
            words.setContentsMargins(26, 0, 0, 6)
            column.addWidget(button)
            column.addWidget(words)
        buttons = DialogButtons("Make project")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.problem = label("", "problem", wrap=True)
        self.problem.hide()
        column.addWidget(self.problem)
        column.addSpacing(8)
        column.addWidget(buttons)
        self._group.button(0).setFocus()

    def codebook(self) -> Codebook:
        """The chosen one, once the dialog was accepted."""
        assert self._chosen is not None
        return self._chosen

    @override
    def accept(self) -> None:
        """Take the choice; a file is asked for and read first."""
        chosen = self._codebooks[self._group.checkedId()]
        self.problem.hide()
        if chosen is None:
            try:
                found = ask_for_codebook(self, self._settings)
            except AnnotatorError as error:
                self.problem.setText(sentence(error.problem))
                self.problem.show()
                return
            if found is None:
                return
            chosen = found
        self._chosen = chosen
        super().accept()
