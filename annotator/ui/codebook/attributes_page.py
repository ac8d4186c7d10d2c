"""The attributes: a list, and the form of the one that is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import override

from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.core.codebook import Attribute, AttributeType
from annotator.core.model import Kind
from annotator.ui.codebook.choices import Choices
from annotator.ui.codebook.desk import CodebookDesk
from annotator.ui.codebook.fields import Captioned, Guideline, Line, beside
from annotator.ui.codebook.labels_page import KINDS
from annotator.ui.codebook.page import PartsPage
from annotator.ui.codebook.parts import PartList, Row
from annotator.ui.controls import CheckBox, Chip, ComboBox
from annotator.ui.flow import FlowLayout
from annotator.ui.panels.fields import Field, make_field
from annotator.ui.theme import Theme

TYPES: Mapping[AttributeType, str] = {
    AttributeType.CHOICE: "One of several choices",
    AttributeType.MULTI_CHOICE: "Any of several choices",
    AttributeType.CATEGORIES: "Categories of the tree",
    AttributeType.BOOLEAN: "Yes or no",
    AttributeType.NUMBER: "A number",
    AttributeType.TEXT: "A text",
    AttributeType.DATE: "A date",
}
"""In the order of the list: what each type is called."""
_CHOOSING = (AttributeType.CHOICE, AttributeType.MULTI_CHOICE)
_HINT = "How to choose its value, with examples. F1 shows it while labelling."


class AttributesPage(PartsPage):
    """Attributes in the order in which the inspector shows them."""

    def __init__(self, desk: CodebookDesk, theme: Theme, parent: QWidget | None = None) -> None:
        nothing = (
            "No attributes yet.\nAn attribute is a question about a span, with its possible answers: a "
            "claim’s stance (for, against), its form, its date."
        )
        parts = PartList("Attributes", "Add attribute", nothing, theme)
        super().__init__(desk, parts, "The attribute", parent)
        self._theme = theme
        self.title = Line("Title", "What the window calls it")
        self.name = Line("Name in files")
        self.type = ComboBox(theme)
        self.type.setAccessibleName("Type")
        for type_, words in TYPES.items():
            self.type.addItem(words, type_)
        self.kinds = {kind: Chip(words, theme, checkable=True) for kind, (words, _) in KINDS.items()}
        self.relations = Chip("Relations", theme, checkable=True)
        self.records = Chip("Actor records", theme, checkable=True)
        self.choices = Choices(desk, theme)
        self.required = CheckBox("Required: an article cannot be finished without it", theme)
        self.guideline = Guideline(theme, _HINT)
        self._title = Captioned("Title", self.title)
        self._name = Captioned("Name in files", self.name)
        self._type = Captioned("Type", self.type)
        self._of = Captioned("Belongs to", self._make_bearers())
        self._choices = Captioned("Choices", self.choices)
        self._default_place = QWidget()
        self._default = Captioned("Default", self._default_place)
        self._default_row = QVBoxLayout(self._default_place)
        self._default_row.setContentsMargins(0, 0, 0, 0)
        self._default_field: Field | None = None
        self._default_of: object = None
        self._place(
            beside(self._title, self._name, stretches=(3, 2)),
            self._of,
            self._type,
            self._choices,
            self._default,
            self.required,
            Captioned("Guideline", self.guideline),
        )
        self._join()

    def _make_bearers(self) -> QWidget:
        made = QWidget()
        row = FlowLayout(made, gap=6, row_gap=6)
        for chip in (*self.kinds.values(), self.relations, self.records):
            chip.setAccessibleName(f"Belongs to {chip.text().lower()}")
            row.addWidget(chip)
        return made

    def _join(self) -> None:
        self.list.add_asked.connect(self.add)
        self.title.typed.connect(lambda text: self._change(title=text))
        self.name.typed.connect(lambda text: self._change(name=text))
        self.type.activated.connect(lambda nth: self._change(type=self.type.itemData(nth)))
        for chip in self.kinds.values():
            chip.clicked.connect(self._on_kinds)
        self.relations.clicked.connect(lambda on: self._change(relations=on))
        self.records.clicked.connect(lambda on: self._change(records=on))
        self.required.clicked.connect(lambda on: self._change(required=on))
        self.guideline.typed.connect(lambda text: self._change(guideline=text))

    # -- adding and changing --------------------------------------------------------------------

    def add(self) -> None:
        """Add an attribute of claims and go to its title."""
        draft = self._desk.draft
        draft.settle()
        names = {each.name for each in draft.attributes.values()}
        name = next(f"attribute_{nth}" for nth in range(1, 10_000) if f"attribute_{nth}" not in names)
        self.list.go_to(
            draft.add_attribute(
                Attribute(name=name, title="", type=AttributeType.CHOICE, kinds=frozenset({Kind.CLAIM}))
            )
        )
        self._go_to_form()

    @property
    def current(self) -> Attribute | None:
        """The attribute that the form shows."""
        return self._desk.draft.attributes.get(self.list.current or 0)

    def _on_kinds(self) -> None:
        self._desk.draft.settle()
        self._change(kinds=frozenset(kind for kind, chip in self.kinds.items() if chip.isChecked()))

    @override
    def _first(self) -> Line:
        return self.title

    @override
    def _fields(self) -> dict[str, QWidget]:
        return {
            "name": self.name,
            "choices": self.choices,
            "kinds": self.kinds[Kind.CLAIM],
            "default": self._default_field or self.type,
        }

    # -- showing --------------------------------------------------------------------------------

    @override
    def show_draft(self) -> None:
        desk = self._desk
        rows = [
            Row(each.title or each.name, id_, bearers_of(each), None, desk.flaw(id_))
            for id_, each in desk.draft.attributes.items()
        ]
        self.list.show_rows(rows, may_edit=desk.may_edit)
        self._show_form()

    @override
    def _show_form(self) -> None:
        desk, id_, shown = self._desk, self.list.current, self.current
        self.area.setVisible(shown is not None)
        if shown is None or id_ is None:
            return
        self.form.setEnabled(desk.may_edit)
        self.title.show_text(shown.title)
        self.name.show_text(shown.name)
        self.type.setCurrentIndex(list(TYPES).index(shown.type))
        for kind, chip in self.kinds.items():
            chip.setChecked(kind in shown.kinds)
        self.relations.setChecked(shown.relations)
        self.records.setChecked(shown.records)
        self._choices.setVisible(shown.type in _CHOOSING)
        if shown.type in _CHOOSING:
            self.choices.show_choices(id_)
        self._show_default(id_, shown)
        self.required.setChecked(shown.required)
        # What only actor records have keeps no article from being finished.
        self.required.setVisible(bool(shown.kinds) or shown.relations)
        self.guideline.show_text(shown.guideline)
        self._name.complain(desk.flaw(id_, "name"))
        self._of.complain(desk.flaw(id_, "kinds"))
        self._choices.complain(desk.flaw(id_, "choices"))
        self._default.complain(desk.flaw(id_, "default"))

    def _show_default(self, id_: int, shown: Attribute) -> None:
        """Show the field for a value of this attribute, as the inspector has it."""
        categories = self._desk.draft.codebook.categories if shown.type is AttributeType.CATEGORIES else ()
        of = (id_, shown.type, shown.choices, categories)
        if of != self._default_of:
            self._default_of = of
            if self._default_field is not None:
                self._default_row.removeWidget(self._default_field)
                self._default_field.hide()
                self._default_field.deleteLater()
            named = Attribute(
                name=shown.name, type=shown.type, title="Default", choices=tuple(dict.fromkeys(shown.choices))
            )
            self._default_field = make_field(named, self._desk.draft.codebook, self._theme)
            self._default_field.given.connect(lambda value: self._change(default=value))
            self._default_row.addWidget(self._default_field)
        assert self._default_field is not None
        self._default_field.set_value(shown.default)
        self._default.setVisible(shown.type not in _CHOOSING or bool(shown.choices))


def bearers_of(attribute: Attribute) -> str:
    """What an attribute belongs to, in a word or two: “claims”, “claims, relations”."""
    words = [name.lower() for kind, (name, _) in KINDS.items() if kind in attribute.kinds]
    words += ["relations"] * attribute.relations + ["records"] * attribute.records
    return ", ".join(words) if len(words) <= 2 else f"{words[0]} + {len(words) - 1}"
