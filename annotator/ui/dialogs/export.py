"""What is to be exported, in which format, and where to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from annotator.core.model import Kind, State, Status
from annotator.formats.base import Format
from annotator.formats.registry import WRITERS
from annotator.session.selecting import Selection
from annotator.ui import choosing
from annotator.ui.controls import CheckBox, ComboBox, label, set_look
from annotator.ui.dialog_buttons import DialogButtons
from annotator.ui.dialogs.splitting import SplitFields
from annotator.ui.flow import FlowLayout
from annotator.ui.formats import EVERY_FILE, in_order, pattern, with_endings
from annotator.ui.style import SMALL, theme_of
from annotator.ui.theme import SANS, font

NATIVE = "jsonl"
"""The format that is proposed: it holds everything."""
_ZIP = ".zip"
_FIELD, _CHECK = 32, 28
"""Heights of a field and of a check box, in pixels."""
_MOST = 5
"""Things that a format does not hold that are told at once."""
_STATUSES = {
    Status.NEW: "New",
    Status.IN_PROGRESS: "In progress",
    Status.DONE: "Done",
    Status.SKIPPED: "Skipped",
}
_KINDS = {Kind.ENTITY: "Entities", Kind.ACTOR: "Actors", Kind.CLAIM: "Claims", Kind.CUE: "Cues"}
_MOST_NAMES = 100
"""Names that are tried for a folder that is not there yet."""
_STATES = {
    State.ACCEPTED: "Accepted",
    State.SUGGESTED: "Undecided suggestions",
    State.REJECTED: "Rejected suggestions",
}


class ExportChoice(Struct, frozen=True):
    """What the person wants exported."""

    path: Path
    """A file; a folder or an archive where there are several files."""
    format: str
    selection: Selection
    copies_together: bool = False
    """Whether articles that nearly repeat each other stay in one part of a split."""


class ExportDialog(QDialog):
    """Asks for the format, whose labels of which articles, parts of a data set, and the place.

    ``path``: the name that is proposed, without an ending.
    """

    def __init__(
        self, annotators: Sequence[str], annotator: str, path: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export labels")
        theme = theme_of(self)
        self.format = ComboBox(theme)
        self.format.setAccessibleName("Format")
        for form in in_order(WRITERS.values()):
            self.format.addItem(with_endings(form, 1), form.name)
        self.format.setCurrentIndex(max(0, self.format.findData(NATIVE)))
        self.cannot = label("", "quiet", wrap=True)
        self.cannot.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.cannot.setMinimumHeight(2 * QFontMetrics(font(SANS, SMALL)).lineSpacing() + 2)
        self.who = ComboBox(theme)
        self.who.setAccessibleName("Whose labels")
        self.who.addItem("Everybody’s labels", None)
        for name in annotators:
            self.who.addItem(f"{name} (you)" if name == annotator else name, name)
        for box in (self.format, self.who):
            box.setSizeAdjustPolicy(ComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(30)
        self.states = {state: CheckBox(name, theme) for state, name in _STATES.items()}
        self.kinds = {kind: CheckBox(name, theme) for kind, name in _KINDS.items()}
        self.statuses = {status: CheckBox(name, theme) for status, name in _STATUSES.items()}
        for nth, check in enumerate((*self.states.values(), *self.kinds.values(), *self.statuses.values())):
            check.setChecked(nth == 0 or nth >= len(self.states))
            check.toggled.connect(self._on_changed)
        wide = max(box.sizeHint().width() for box in (*self.kinds.values(), *self.statuses.values()))
        for check in (*self.kinds.values(), *self.statuses.values()):
            check.setMinimumWidth(wide)  # in columns
        for what, boxes in (("Labels", self.states), ("Kind", self.kinds), ("Articles", self.statuses)):
            for check in boxes.values():
                check.setAccessibleName(f"{what}: {check.text()}")
        self.split = SplitFields(theme)
        self.place = label("File", "heading")
        self.path_field = QLineEdit()
        self.path_field.setMinimumWidth(260)
        self.path_field.textChanged.connect(self._on_changed)
        self.browse = QPushButton("&Choose…")
        self.browse.clicked.connect(self._on_browse)
        self.warning = label("", "quiet", wrap=True)
        self.buttons = DialogButtons("Export")
        self.go = self.buttons.go
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self._lay_out()
        self.path_field.setText(str(path.with_name(f"{path.name}{self._ending()}")))
        self.format.currentIndexChanged.connect(self._on_kind_of_target)
        self.split.changed.connect(self._on_kind_of_target)
        self._on_kind_of_target()
        self.format.setFocus()

    def _lay_out(self) -> None:
        file = QHBoxLayout()
        file.setSpacing(8)
        file.addWidget(self.path_field, 1)
        file.addWidget(self.browse)
        fields = QWidget()
        grid = QGridLayout(fields)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(18)
        grid.setVerticalSpacing(12)
        top = Qt.AlignmentFlag.AlignTop
        rows: list[tuple[str, QWidget]] = [
            ("&Format", self.format),
            ("", self.cannot),
            ("&Whose labels", self.who),
            ("Labels", _in_a_row(self.states.values())),
            ("Kinds", _in_a_row(self.kinds.values())),
            ("Articles", _in_a_row(self.statuses.values())),
            ("&Parts", self.split),
        ]
        for nth, (words, widget) in enumerate(rows):
            heading = label(words, "heading")
            high = _FIELD if isinstance(widget, ComboBox | SplitFields) else _CHECK
            heading.setMinimumHeight(high if words else 0)
            if "&" in words:
                heading.setBuddy(widget.whether if isinstance(widget, SplitFields) else widget)
            grid.addWidget(heading, nth, 0, top)
            grid.addWidget(widget, nth, 1)
        self.place.setMinimumHeight(_FIELD)
        self.place.setBuddy(self.path_field)
        grid.addWidget(self.place, len(rows), 0, top)
        grid.addLayout(file, len(rows), 1)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(len(rows) + 1, 1)
        area = QScrollArea()  # for small screens; there is room for everything otherwise
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(fields)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 22, 24, 20)
        column.setSpacing(14)
        column.addWidget(label("Export labels", "title"))
        column.addWidget(area, 1)
        column.addWidget(self.warning)
        column.addWidget(self.buttons)
        self.setMinimumWidth(640)
        parent = self.parentWidget()
        room = parent.height() - 20 if parent else 620
        self.resize(660, max(360, min(640, room)))

    # -- what was chosen ----------------------------------------------------------------------

    def choice(self) -> ExportChoice:
        """What was chosen."""
        statuses = _checked(self.statuses)
        kinds = _checked(self.kinds)
        return ExportChoice(
            path=self._path(),
            format=self.form.name,
            selection=Selection(
                annotator=self.who.currentData(),
                statuses=frozenset() if len(statuses) == len(_STATUSES) else statuses,
                kinds=frozenset() if len(kinds) == len(_KINDS) else kinds,
                states=_checked(self.states),
                split=self.split.split(),
            ),
            copies_together=self.several_parts and self.split.together.isChecked(),
        )

    def take(self, choice: ExportChoice) -> None:
        """Show what was chosen before, where that still can be; a folder that is full gets another name."""
        selection = choice.selection
        self.format.setCurrentIndex(max(0, self.format.findData(choice.format)))
        self.who.setCurrentIndex(max(0, self.who.findData(selection.annotator)))
        for boxes, ticked in (
            (self.states, selection.states),
            (self.kinds, selection.kinds or frozenset(self.kinds)),
            (self.statuses, selection.statuses or frozenset(self.statuses)),
        ):
            for each, box in boxes.items():
                box.setChecked(each in ticked)
        self.split.take(selection.split, together=choice.copies_together)
        path, nth = choice.path, 2
        while self.several and path.is_dir() and any(path.iterdir()) and nth < _MOST_NAMES:
            path, nth = choice.path.with_name(f"{choice.path.name}-{nth}"), nth + 1
        self.path_field.setText(str(path))

    @property
    def form(self) -> Format:
        """The format that is chosen."""
        return WRITERS[self.format.currentData()]

    @property
    def several_parts(self) -> bool:
        """Whether the articles are divided."""
        return self.split.split() is not None

    @property
    def several(self) -> bool:
        """Whether several files are written."""
        return self.form.many or self.several_parts

    def _ending(self) -> str:
        return "" if self.several else self.form.endings[0]

    def _path(self) -> Path:
        path = Path(self.path_field.text().strip()).expanduser()
        plain = not path.suffix and path.name and not path.is_dir()
        return path.with_suffix(self._ending()) if plain and self._ending() else path

    # -- following ----------------------------------------------------------------------------

    def _on_kind_of_target(self) -> None:
        """Another format, or parts: the name gets another ending, or none for a folder."""
        text = self.path_field.text().strip()
        path = Path(text)
        endings = {ending for form in WRITERS.values() for ending in form.endings}
        stem = path.name
        for ending in sorted({*endings, _ZIP}, key=len, reverse=True):
            if stem.lower().endswith(ending):
                stem = stem[: -len(ending)]
                break
        if path.name and not (self.several and path.suffix.lower() == _ZIP):
            self.path_field.setText(str(path.with_name(f"{stem or 'labels'}{self._ending()}")))
        cannot = self.form.cannot_hold
        every = f"Does not hold {_listed(cannot)}." if cannot else "Holds everything."
        more = len(cannot) - _MOST
        said = f"Does not hold {', '.join(cannot[:_MOST])} and {more} more." if more > 1 else every
        self.cannot.setText(f"{said} What that loses is told before it is written." if cannot else said)
        self.cannot.setToolTip(every if said != every else "")
        self.cannot.setAccessibleDescription(every)
        self.place.setText("Fo&lder" if self.several else "Fi&le")
        self.path_field.setAccessibleName("Folder, or ZIP archive" if self.several else "File")
        self._on_changed()

    def _on_browse(self) -> None:
        kinds = (
            ["New folder (*)", f"ZIP archive (*{_ZIP})"] if self.several else [pattern(self.form), EVERY_FILE]
        )
        name = choosing.file_to_save(
            self, "Export to", self.path_field.text(), ";;".join(kinds), confirms=False
        )
        if name:
            self.path_field.setText(name)
            self.path_field.setFocus()  # Enter exports

    def _on_changed(self) -> None:
        wrong, said = self._judged()
        self.warning.setText(wrong or said or " ")
        set_look(self.warning, "problem" if wrong else "quiet")
        replaces = self._path().is_file() and not wrong
        self.go.setText("Replace" if replaces else "Export")
        self.go.setEnabled(not wrong and bool(self.path_field.text().strip()))

    def _judged(self) -> tuple[str, str]:
        """What stands in the way, and what is worth knowing; both may be empty."""
        path = self._path()
        states, kinds, statuses = _checked(self.states), _checked(self.kinds), _checked(self.statuses)
        for ticked, what in ((states, "state of labels"), (kinds, "kind"), (statuses, "status")):
            if not ticked:
                return f"Tick at least one {what}.", ""
        if self.split.wrong():
            return self.split.wrong(), ""
        if not self.path_field.text().strip():
            return "", ""
        if not path.parent.is_dir():
            return "There is no such folder.", ""
        if not self.several or path.suffix.lower() == _ZIP:
            if path.is_dir():
                return "That is a folder; add a name for the file.", ""
            return "", "This file exists and will be replaced." if path.exists() else ""
        if path.is_dir():
            if any(path.iterdir()):
                return "This folder is not empty; choose a new one, or a name that ends in .zip.", ""
        elif path.exists():
            return "This is a file; several files need a folder, or a name that ends in .zip.", ""
        return "", "A new folder with several files; a name that ends in .zip makes an archive."


def _checked[T](boxes: dict[T, CheckBox]) -> frozenset[T]:
    return frozenset(each for each, box in boxes.items() if box.isChecked())


def _in_a_row(boxes: object) -> QWidget:
    made = QWidget()
    row = FlowLayout(made, gap=14, row_gap=2)
    for box in boxes:  # type: ignore[attr-defined]
        row.addWidget(box)
    return made


def _listed(parts: Sequence[str]) -> str:
    return " or ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
