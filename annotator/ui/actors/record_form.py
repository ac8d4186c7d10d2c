"""An actor record as a form: each field gives the changed record when it is left."""

from __future__ import annotations

from collections.abc import Sequence
from typing import override

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from annotator.core.codebook import Attribute, AttributeType, Codebook
from annotator.core.model import ACTOR_TYPES, ActorRecord, Alias, Property
from annotator.core.records import replace
from annotator.ui.actors.rows import AliasRow, FormLine, PropertyRow
from annotator.ui.controls import Chip, ComboBox, Themed, label, spread, text_of
from annotator.ui.panels.note_edit import NoteEdit
from annotator.ui.theme import SERIF, Theme, font

HEADINGS = 88
"""Pixels that the headings beside the fields are wide."""
INSET = 8
"""Pixels that they are set in, to begin where the words of the name do."""


class RecordForm(Themed, QWidget):
    """Shows one record. It saves nothing itself.

    Showing the same record again leaves alone what is being typed. Signal: ``given`` (the record as it
    should be).
    """

    given = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._record: ActorRecord | None = None
        self._codebook: Codebook | None = None
        self.name = FormLine()
        self.name.setAccessibleName("Name")
        self.name.setFont(font(SERIF, 19, bold=True))
        self.name.setProperty("look", "title")
        self.type = ComboBox(theme)
        self.type.setAccessibleName("Type")
        self.external_id = FormLine()
        self.external_id.setPlaceholderText("Q…")
        self.external_id.setToolTip("For instance the Wikidata number of the actor")
        self.external_id.setAccessibleName("External id")
        self.aliases: list[AliasRow] = []
        self.properties: list[PropertyRow] = []
        self.add_alias = Chip("Add", theme, icon="plus", bare=True)
        self.add_alias.setAccessibleName("Add an alias")
        self.add_alias.clicked.connect(self._on_add_alias)
        self.add_property: dict[str, Chip] = {}
        self.note = NoteEdit()
        self.note.gives_at_pauses = False
        self._alias_rows = _column()
        self._attributes = QWidget()
        self._values: dict[str, QVBoxLayout] = {}
        """The rows of each attribute."""
        self._lay_out()
        self.name.editingFinished.connect(self._give)
        self.external_id.editingFinished.connect(self._give)
        self.type.activated.connect(lambda _: self._give())
        self.note.given.connect(lambda _: self._give())

    def _lay_out(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(6)
        names.addLayout(self._alias_rows)
        names.addWidget(self.add_alias, 0, Qt.AlignmentFlag.AlignLeft)
        upper, lower = QWidget(), QWidget()
        first, last = _grid(upper), _grid(lower)
        first.addWidget(_heading("Type"), 0, 0, Qt.AlignmentFlag.AlignTop)
        first.addWidget(self.type, 0, 1)
        first.addWidget(_heading("Aliases"), 1, 0, Qt.AlignmentFlag.AlignTop)
        first.addLayout(names, 1, 1)
        last.addWidget(_heading("External id"), 0, 0, Qt.AlignmentFlag.AlignTop)
        last.addWidget(self.external_id, 0, 1)
        last.addWidget(_heading("Note"), 1, 0, Qt.AlignmentFlag.AlignTop)
        last.addWidget(self.note, 1, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 6, 0)
        self._column.setSpacing(10)
        for each in (self.name, upper, self._attributes, lower):
            self._column.addWidget(each)
        self._column.addStretch(1)

    # -- showing --------------------------------------------------------------------------------

    def show_record(self, record: ActorRecord, codebook: Codebook) -> None:
        """Show a record, or what has become of the one that is shown."""
        fresh = self._record is None or self._record.id != record.id or codebook != self._codebook
        before, self._record, self._codebook = self._record, record, codebook
        for edit, value in ((self.name, record.name), (self.external_id, record.external_id or "")):
            if fresh or not (edit.hasFocus() and edit.isModified()):
                if edit.text() != value:
                    edit.setText(value)
                    edit.home(False)  # of a long name the beginning
                edit.setModified(False)
        if fresh or before is None or before.type != record.type or self.type.currentText() != record.type:
            self.type.clear()
            self.type.addItems([*ACTOR_TYPES, *({record.type} - set(ACTOR_TYPES))])
            self.type.setCurrentText(record.type)
        self.note.set_note(record.note, fresh=fresh)
        if fresh or self._aliases() != record.aliases:
            self._show_aliases(record.aliases)
        if fresh or self._properties() != record.properties:
            self._show_properties(record.properties)

    def set_writable(self, writable: bool) -> None:
        """Whether anything can be changed."""
        for each in (self.name, self.external_id, self.note):
            each.setReadOnly(not writable)
        for row in self.aliases:
            for edit in (row.name, row.language):
                edit.setReadOnly(not writable)
            row.remove.setVisible(writable)
        for held in self.properties:
            held.setEnabled(writable)
        self.type.setEnabled(writable)
        for chip in (self.add_alias, *self.add_property.values()):
            chip.setVisible(writable)

    def _show_aliases(self, aliases: Sequence[Alias]) -> None:
        _empty(self._alias_rows, self.aliases)
        for each in aliases:
            self._put_alias(each)

    def _put_alias(self, alias: Alias) -> AliasRow:
        row = AliasRow(alias, self.theme, self)
        row.left.connect(self._give)
        row.remove_asked.connect(lambda: self._remove(row))
        self.aliases.append(row)
        self._alias_rows.addWidget(row)
        return row

    def _show_properties(self, held: Sequence[Property]) -> None:
        assert self._codebook is not None
        _empty(None, self.properties)
        self.add_property.clear()
        old, self._attributes = self._attributes, QWidget()
        grid = _grid(self._attributes)
        defined = {each.name: each for each in self._codebook.record_attributes()}
        unknown = {each.name: None for each in held if each.name not in defined}
        for row, (name, attribute) in enumerate({**defined, **unknown}.items()):
            title = (attribute.title or name) if attribute else name
            heading = _heading(title)
            if attribute is None:
                heading.setToolTip("The codebook does not define it any more")
            values = self._values[name] = _column()
            grid.addWidget(heading, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addLayout(values, row, 1)
            if attribute is not None:
                chip = Chip("Add", self.theme, icon="plus", bare=True)
                chip.setAccessibleName(f"Add {title.lower()}")
                chip.clicked.connect(lambda _=False, each=attribute: self._on_add_property(each))
                self.add_property[name] = chip
                values.addWidget(chip, 0, Qt.AlignmentFlag.AlignLeft)
            for each in held:
                if each.name == name:
                    self._put_property(each, attribute)
        self._column.replaceWidget(old, self._attributes)
        old.hide()
        old.deleteLater()
        self._attributes.setVisible(bool(defined or unknown))

    def _put_property(self, held: Property, attribute: Attribute | None) -> PropertyRow:
        assert self._codebook is not None
        row = PropertyRow(held, attribute, self._codebook, self.theme)
        row.left.connect(self._give)
        row.remove_asked.connect(lambda: self._remove(row))
        self.properties.append(row)
        column = self._values[held.name]
        column.insertWidget(column.count() - (attribute is not None), row)
        return row

    # -- giving ---------------------------------------------------------------------------------

    def _on_add_alias(self) -> None:
        self._put_alias(Alias("")).name.setFocus()

    def _on_add_property(self, attribute: Attribute) -> None:
        value = True if attribute.type is AttributeType.BOOLEAN else attribute.default
        row = self._put_property(Property(name=attribute.name, value=value), attribute)
        if row.field is not None:
            row.field.setFocus()
        if value is not None:
            self._give()

    def _remove(self, row: AliasRow | PropertyRow) -> None:
        rows: list[AliasRow] | list[PropertyRow] = (
            self.aliases if isinstance(row, AliasRow) else self.properties
        )
        rows.remove(row)  # type: ignore[arg-type]
        (self.add_alias if isinstance(row, AliasRow) else self.name).setFocus()
        row.hide()
        row.deleteLater()
        self._give()

    def _aliases(self) -> tuple[Alias, ...]:
        found = (each.alias() for each in self.aliases)
        return tuple(dict.fromkeys(each for each in found if each is not None))

    def _properties(self) -> tuple[Property, ...]:
        found = [held for each in self.properties if (held := each.property()) is not None]
        return tuple(sorted(found, key=lambda each: (each.name, each.since)))

    def _give(self) -> None:
        """Give the record as the form has it, where that is another one; a name cannot be taken away."""
        record = self._record
        if record is None:
            return
        name = " ".join(self.name.text().split())
        if not name:
            self.name.setText(record.name)
        wanted = replace(
            record,
            name=name or record.name,
            type=self.type.currentText() or record.type,
            external_id=self.external_id.text().strip() or None,
            note=self._note(),
            aliases=self._aliases(),
            properties=self._properties(),
        )
        for line in (self.name, self.external_id, *(edit for row in self.aliases for edit in row.edits)):
            line.setModified(False)
        if wanted != record:
            self._record = wanted
            self.given.emit(wanted)

    def _note(self) -> str | None:
        return text_of(self.note).strip() or None

    def flush(self) -> None:
        """Give what was typed and not given yet."""
        for each in self.properties:
            each.flush()
        self._give()

    @override
    def set_theme(self, theme: Theme) -> None:
        super().set_theme(theme)
        spread(self, theme)


def _column() -> QVBoxLayout:
    made = QVBoxLayout()
    made.setSpacing(6)
    return made


def _grid(widget: QWidget) -> QGridLayout:
    """Headings in a narrow column, fields beside them."""
    widget.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    made = QGridLayout(widget)
    made.setContentsMargins(INSET, 0, 0, 0)
    made.setHorizontalSpacing(14)
    made.setVerticalSpacing(10)
    made.setColumnMinimumWidth(0, HEADINGS)
    made.setColumnStretch(1, 1)
    return made


def _heading(text: str) -> QLabel:
    made = label(text, "heading", wrap=True)
    made.setFixedWidth(HEADINGS)
    made.setContentsMargins(0, 7, 0, 0)
    return made


def _empty(column: QVBoxLayout | None, rows: list[AliasRow] | list[PropertyRow]) -> None:
    for row in rows:
        if column is not None:
            column.removeWidget(row)
        row.hide()
        row.deleteLater()
    rows.clear()
