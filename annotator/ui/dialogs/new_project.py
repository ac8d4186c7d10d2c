"""Which codebook a new project starts with."""

from __future__ import annotations

from PySide6.QtWidgets import QButtonGroup, QDialog, QDialogButtonBox, QRadioButton, QVBoxLayout, QWidget

from annotator.core.codebook import Codebook
from annotator.session.codebooks import shipped_codebooks
from annotator.ui.controls import label


class NewProjectDialog(QDialog):
    """One button per codebook that ships, the first of them chosen, and one for an empty codebook."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New project")
        self._group = QButtonGroup(self)
        self._codebooks: list[Codebook] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(6)
        column.addWidget(label(f"A codebook for {name}", "title"))
        column.addWidget(label("It says what can be labelled, and can be changed at any time.", "quiet"))
        column.addSpacing(8)
        offered = [(line, codebook.name, codebook) for _, line, codebook in shipped_codebooks()]
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
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        make = buttons.addButton("Make project", QDialogButtonBox.ButtonRole.AcceptRole)
        make.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column.addSpacing(8)
        column.addWidget(buttons)
        self._group.button(0).setFocus()

    def codebook(self) -> Codebook:
        """The chosen one."""
        return self._codebooks[self._group.checkedId()]
