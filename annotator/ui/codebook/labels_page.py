"""The labels: a list by kind of span, and the form of the one that is chosen."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from annotator.core.codebook import Label
from annotator.core.colours import colour_doubts
from annotator.core.model import Kind
from annotator.ui.codebook.colour_field import ColourField
from annotator.ui.codebook.desk import CodebookDesk
from annotator.ui.codebook.fields import Captioned, Guideline, Line, beside, scrolled
from annotator.ui.codebook.key_field import KeyField
from annotator.ui.codebook.parts import PartList, Row
from annotator.ui.codebook.preview import Preview
from annotator.ui.controls import label
from annotator.ui.keymap import normal
from annotator.ui.theme import Theme

KINDS: Mapping[Kind, tuple[str, str]] = {
    Kind.ACTOR: ("Actors", "whoever speaks or acts"),
    Kind.CLAIM: ("Claims", "what is said, demanded or done"),
    Kind.CUE: ("Cues", "the words that report a claim"),
    Kind.ENTITY: ("Entities", "named persons, places, things"),
}
"""In the order of the list: what spans of a kind are called, and what they are."""
_HINT = "When to use this label and when not, with examples. F1 shows it while labelling."


class LabelsPage(QWidget):
    """The list on the left, the form on the right."""

    def __init__(self, desk: CodebookDesk, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._owners: Mapping[str, str] = {}
        self.list = PartList(
            "Labels", "Add label", "No labels yet.\nAdd one to start: an actor, a claim, an entity.", theme
        )
        self.list.setFixedWidth(264)
        self.preview = Preview(theme)
        self.name = Line("Name")
        self.short = Line("Short name")
        self.key = KeyField(theme)
        self.colour = ColourField(theme)
        self.description = Line("Description", "In one line, for lists and tool tips")
        self.models = Line("Labels of the model", "PERSON, NORP")
        self.guideline = Guideline(theme, _HINT)
        self._name = Captioned("Name", self.name)
        self._short = Captioned("Above the words", self.short)
        self._key = Captioned("Key", self.key)
        self._colour = Captioned("Colour", self.colour)
        self._models = Captioned(
            "Suggested for these labels of the language model",
            self.models,
            "Names that a spaCy pipeline gives, with commas between them. Empty: never suggested.",
        )
        self.form = self._make_form()
        self.area = scrolled(self.form, "The label")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 12, 0, 0)
        row.setSpacing(20)
        row.addWidget(self.list)
        row.addWidget(self.area, 1)
        self._join()
        self.show_draft()

    def _make_form(self) -> QWidget:
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(2, 0, 14, 12)
        column.setSpacing(16)
        self.kind = label("", "quiet", wrap=True)
        column.addWidget(self.preview)
        column.addWidget(self.kind)
        column.addWidget(beside(self._name, self._short, self._key, stretches=(4, 3, 2)))
        column.addWidget(self._colour)
        column.addWidget(Captioned("Description", self.description))
        column.addWidget(Captioned("Guideline", self.guideline))
        column.addWidget(self._models)
        column.addStretch(1)
        return form

    def _join(self) -> None:
        desk, parts = self._desk, self.list
        parts.chosen.connect(lambda _: self._on_chosen())
        parts.add_asked.connect(self._ask_kind)
        parts.shift_asked.connect(desk.draft.shift)
        parts.delete_asked.connect(desk.delete)
        parts.form_asked.connect(self._go_to_form)
        self.name.typed.connect(lambda text: self._change(name=text))
        self.short.typed.connect(lambda text: self._change(short=text))
        self.description.typed.connect(lambda text: self._change(description=text))
        self.guideline.typed.connect(lambda text: self._change(guideline=text))
        self.models.typed.connect(self._on_models)
        self.key.given.connect(lambda key: self._change(key=key))
        self.colour.given.connect(lambda colour: self._change(colour=colour))
        for line in (self.name, self.short, self.description, self.models):
            line.left.connect(desk.draft.settle)
        desk.changed.connect(self.show_draft)

    # -- adding and changing --------------------------------------------------------------------

    def _ask_kind(self) -> None:
        menu = QMenu(self)
        for kind, (words, what) in KINDS.items():
            action = menu.addAction(f"For {words.lower()}: {what}")
            action.triggered.connect(lambda _=False, kind=kind: self.add(kind))
        here = self.current
        if here is not None:
            menu.setActiveAction(menu.actions()[list(KINDS).index(here.kind)])
        menu.popup(self.list.add_chip.mapToGlobal(self.list.add_chip.rect().bottomLeft()))

    def add(self, kind: Kind) -> None:
        """Add a label for spans of a kind and go to its name."""
        self._desk.draft.settle()
        self.list.go_to(self._desk.draft.add_label(kind))
        self._go_to_form()

    @property
    def current(self) -> Label | None:
        """The label that the form shows."""
        return self._desk.draft.labels.get(self.list.current or 0)

    def _change(self, **fields: object) -> None:
        if self.list.current is not None and self._desk.may_edit:
            self._desk.draft.change(self.list.current, **fields)

    def _on_models(self, text: str) -> None:
        self._change(models=tuple(dict.fromkeys(each for each in text.replace(",", " ").split() if each)))

    def _go_to_form(self) -> None:
        self.name.setFocus()
        self.name.selectAll()

    def go_to(self, id_: int, field: str = "") -> bool:
        """Show a label and go to a field of its form. Whether there is such a label."""
        if id_ not in self._desk.draft.labels:
            return False
        self.list.go_to(id_)
        fields: dict[str, QWidget] = {"name": self.name, "key": self.key, "colour": self.colour}
        if field:
            widget = fields.get(field, self.name)
            widget.setFocus()
            self.area.ensureWidgetVisible(widget)
        return True

    def set_owners(self, owners: Mapping[str, str]) -> None:
        """What the window's keys do (portable key → words), to be said where a label takes one."""
        self._owners = owners
        self._show_form()

    # -- showing --------------------------------------------------------------------------------

    def show_draft(self) -> None:
        """Show the labels as they are in the draft."""
        desk, rows = self._desk, []
        for kind, (words, _) in KINDS.items():
            mine = [(id_, each) for id_, each in desk.draft.labels.items() if each.kind == kind]
            if mine:
                rows.append(Row(words))
            rows += [Row(each.name, id_, each.key.upper(), each.colour, desk.flaw(id_)) for id_, each in mine]
        self.list.show_rows(rows, may_edit=desk.may_edit)
        self._show_form()

    def _on_chosen(self) -> None:
        self._desk.draft.settle()
        self.area.verticalScrollBar().setValue(0)
        self._show_form()

    def _show_form(self) -> None:
        desk, id_, shown = self._desk, self.list.current, self.current
        self.form.setVisible(shown is not None)
        if shown is None or id_ is None:
            return
        self.form.setEnabled(desk.may_edit)
        words, what = KINDS[shown.kind]
        self.kind.setText(f"One of the labels for {words.lower()}: {what}.")
        self.preview.set_label(shown)
        self.name.show_text(shown.name)
        self.short.show_text(shown.short)
        self.short.setPlaceholderText(shown.name.lower())
        self.description.show_text(shown.description)
        self.guideline.show_text(shown.guideline)
        self._models.setVisible(shown.kind is Kind.ENTITY or bool(shown.models))
        if not self.models.hasFocus():
            self.models.show_text(", ".join(shown.models))
        self._name.complain(desk.flaw(id_, "name"))
        key_wrong = desk.flaw(id_, "key")
        self.key.set_key(shown.key, wrong=bool(key_wrong))
        self._key.complain(key_wrong)
        other = self._owners.get(normal(shown.key.upper()), "") if shown.key else ""
        self._key.say(f"“{other}” then has no key." if other and not key_wrong else "")
        self.colour.show_colour(shown.colour, colour_doubts(shown, desk.draft.codebook))
        self._colour.complain(desk.flaw(id_, "colour"))
