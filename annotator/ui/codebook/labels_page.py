"""The labels: a list by kind of span, and the form of the one that is chosen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import override

from PySide6.QtWidgets import QMenu, QWidget

from annotator.core.codebook import Label
from annotator.core.colours import ColourDoubt, colour_doubts
from annotator.core.model import Kind
from annotator.ui.codebook.colour_field import ColourField
from annotator.ui.codebook.desk import CodebookDesk
from annotator.ui.codebook.fields import Captioned, Guideline, Line, beside
from annotator.ui.codebook.key_field import KeyField
from annotator.ui.codebook.page import PartsPage
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


class LabelsPage(PartsPage):
    """Labels by kind of span; the form shows what one looks like."""

    def __init__(self, desk: CodebookDesk, theme: Theme, parent: QWidget | None = None) -> None:
        nothing = (
            "No labels yet.\nAdd one: for actors, for claims, for entities. Or take a codebook that is there "
            "already, above under Start from."
        )
        super().__init__(desk, PartList("Labels", "Add label", nothing, theme), "The label", parent)
        self._owners: Mapping[str, str] = {}
        self._compared: object = None
        self._shown: int | None = None
        self._doubts: list[ColourDoubt] = []
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
        self.kind = label("", "quiet", wrap=True)
        self._place(
            self.preview,
            self.kind,
            beside(self._name, self._short, self._key, stretches=(4, 3, 2)),
            self._colour,
            Captioned("Description", self.description),
            Captioned("Guideline", self.guideline),
            self._models,
        )
        self.list.add_asked.connect(self._ask_kind)
        self.name.typed.connect(lambda text: self._change(name=text))
        self.short.typed.connect(lambda text: self._change(short=text))
        self.description.typed.connect(lambda text: self._change(description=text))
        self.guideline.typed.connect(lambda text: self._change(guideline=text))
        self.models.typed.connect(self._on_models)
        self.key.given.connect(lambda key: self._change(key=key))
        self.colour.given.connect(lambda colour: self._change(colour=colour))

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

    def _on_models(self, text: str) -> None:
        self._change(models=tuple(dict.fromkeys(each for each in text.replace(",", " ").split() if each)))

    @override
    def _first(self) -> Line:
        return self.name

    @override
    def _fields(self) -> dict[str, QWidget]:
        return {"key": self.key, "colour": self.colour}

    def set_owners(self, owners: Mapping[str, str]) -> None:
        """What the window's keys do (portable key → words), to be said where a label takes one."""
        self._owners = owners
        self._show_form()

    # -- showing --------------------------------------------------------------------------------

    @override
    def show_draft(self) -> None:
        desk, rows = self._desk, []
        for kind, (words, _) in KINDS.items():
            mine = [(id_, each) for id_, each in desk.draft.labels.items() if each.kind == kind]
            if mine:
                rows.append(Row(words))
            rows += [Row(each.name, id_, each.key.upper(), each.colour, desk.flaw(id_)) for id_, each in mine]
        self.list.show_rows(rows, may_edit=desk.may_edit)
        self._show_form()

    @override
    def _show_form(self) -> None:
        desk, id_, shown = self._desk, self.list.current, self.current
        self.area.setVisible(shown is not None)
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
        self._look_at_colour(shown)
        self._colour.complain(desk.flaw(id_, "colour"))

    def _look_at_colour(self, shown: Label) -> None:
        """Show the colour; what speaks against it is found out anew only where colours have changed."""
        others = tuple(
            (each.name, each.colour)
            for id_, each in self._desk.draft.labels.items()
            if each.kind == shown.kind and id_ != self.list.current
        )
        if (shown.colour, others) != self._compared:
            self._compared = (shown.colour, others)
            self._doubts = colour_doubts(shown, self._desk.draft.codebook)
        fresh, self._shown = self._shown != self.list.current, self.list.current
        self.colour.show_colour(shown.colour, self._doubts, fresh=fresh)
