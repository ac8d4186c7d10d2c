"""The codebooks that the project has had: each can be looked at, and brought back."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from annotator.core.codebook import Codebook
from annotator.core.codebook_toml import codebook_to_toml
from annotator.core.drafting import Draft
from annotator.core.drafting.effects import effect
from annotator.core.errors import AnnotatorError
from annotator.core.moves import Touched
from annotator.core.reports import Version
from annotator.ui.codebook.desk import CodebookDesk
from annotator.ui.codebook.parts import PartList, Row
from annotator.ui.controls import Chip, label
from annotator.ui.theme import Theme

_ACTIONS = {"undo": "Undone: ", "redo": "Done again: "}


class VersionsPage(QWidget):
    """The list on the left, the newest first; what is in the one that is chosen on the right."""

    def __init__(self, desk: CodebookDesk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._versions: dict[int, Version] = {}
        self._codebook: Codebook | None = None
        self.list = PartList("Versions", "", "The project has had one codebook only.", theme, only_read=True)
        self.list.setFixedWidth(264)
        self.title = label("", "quote", wrap=True)
        self.when = label("", "quiet", wrap=True)
        self.effect = label("", "", wrap=True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName("The codebook of this version, as a file")
        self.restore_chip = Chip("Take this version", theme)
        self.restore_chip.clicked.connect(self._restore)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(self.effect, 1)
        row.addWidget(self.restore_chip)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(self.title)
        right.addWidget(self.when)
        right.addLayout(row)
        right.addWidget(self.text, 1)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 12, 0, 12)
        whole.setSpacing(20)
        whole.addWidget(self.list)
        whole.addLayout(right, 1)
        self.list.chosen.connect(lambda _: self._show_chosen())
        desk.changed.connect(self._show_chips)
        self.read()

    def read(self) -> None:
        """Read the versions from the project, and choose the newest."""
        try:
            versions = self._desk.repository.codebook_versions()
        except AnnotatorError:
            versions = []
        self._versions = {each.number: each for each in versions}
        last = max(self._versions, default=0)
        rows = [
            Row(_words(each), each.number, "now" if each.number == last else _day(each.saved_at))
            for each in reversed(versions)
        ]
        self.list.current = None
        self.list.show_rows(rows, may_edit=False)
        self._show_chosen()

    def _show_chosen(self) -> None:
        version = self._versions.get(self.list.current or 0)
        self._codebook = None
        if version is None:
            return
        try:
            self._codebook = self._desk.repository.codebook_version(version.number)
        except AnnotatorError as error:
            self.effect.setText(str(error))
            self._show_chips()
            return
        self.title.setText(f"{version.name}, version {version.version}")
        who = f" by {version.annotator}" if version.annotator else ""
        what = f": {_words(version)}" if version.title else "."
        self.when.setText(f"Made {_moment(version.saved_at)}{who}{what}")
        self.text.setPlainText(codebook_to_toml(self._codebook))
        self._show_chips()

    def _show_chips(self) -> None:
        if self._codebook is None:
            self.restore_chip.setEnabled(False)
            return
        there = Draft(self._desk.draft.original)
        there.take(self._codebook)
        moves = there.moves
        said = effect(there.original, there.codebook, moves, [Touched()] * len(moves))
        self.effect.setText(f"Taking it {said[0].lower()}{said[1:]}" if said else "This is the codebook now.")
        self.restore_chip.setEnabled(self._desk.may_edit and bool(said))

    def _restore(self) -> None:
        if self._codebook is not None and self._desk.may_edit:
            self._desk.draft.take(self._codebook, "Take another version")


def _words(version: Version) -> str:
    """What was done to come to a version; of the first the codebook's name."""
    return f"{_ACTIONS.get(version.action, '')}{version.title}" if version.title else version.name


def _parsed(moment: str) -> datetime | None:
    try:
        return datetime.fromisoformat(moment).astimezone()
    except ValueError:
        return None


def _day(moment: str) -> str:
    found = _parsed(moment)
    return moment[:10] if found is None else f"{found:%Y-%m-%d}"


def _moment(moment: str) -> str:
    found = _parsed(moment)
    return moment if found is None else f"{found:%Y-%m-%d, %H:%M}"
