"""The inspector's view of one relation."""

from __future__ import annotations

from typing import Any, override

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.core.codebook import Codebook
from annotator.core.commands import (
    AcceptRelation,
    Command,
    DeleteRelation,
    FlipRelation,
    RejectRelation,
    RetypeRelation,
    SetAttribute,
    SetLabelNote,
)
from annotator.core.model import Relation, Span, Target
from annotator.core.page import Page
from annotator.core.text import excerpt, slice_of
from annotator.ui.controls import Chip, Themed, label, spread, tip
from annotator.ui.flow import FlowLayout, empty_layout
from annotator.ui.panels.attributes import AttributesForm
from annotator.ui.panels.note_edit import NoteEdit
from annotator.ui.panels.quote import Quote
from annotator.ui.panels.section import Section
from annotator.ui.panels.wording import origin_words
from annotator.ui.theme import Theme
from annotator.ui.topics import set_topic

QUOTED = 200


class RelationView(Themed, QWidget):
    """Head, type, tail, attributes and note of a relation.

    Signals: ``command_requested`` (a Command), ``span_activated`` (an id).
    """

    command_requested = Signal(object)
    span_activated = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self._page: Page | None = None
        self._codebook: Codebook | None = None
        self._id = ""
        self._ends = ("", "")
        self._legal: list[tuple[str, str]] = []
        self._suggested: bool | None = None
        self.caption = label("", "heading")
        self.head, self.tail = Quote(theme), Quote(theme)
        self.head_chip = Chip("", theme, bare=True)
        self.tail_chip = Chip("", theme, bare=True)
        self.head_chip.clicked.connect(lambda: self.span_activated.emit(self._ends[0]))
        self.tail_chip.clicked.connect(lambda: self.span_activated.emit(self._ends[1]))
        self.types: dict[str, Chip] = {}
        self._types = FlowLayout(gap=4, row_gap=4)
        self.print = label("", "quiet", wrap=True)
        self.accept = Chip("Accept", theme, action="accept", strong=True)
        self.reject = Chip("Reject", theme, action="reject")
        self.flip = Chip("Turn round", theme, icon="flip", action="flip")
        self.delete = Chip("Delete", theme, icon="trash", action="delete")
        self.accept.clicked.connect(lambda: self._ask(AcceptRelation(self._id)))
        self.reject.clicked.connect(lambda: self._ask(RejectRelation(self._id)))
        self.flip.clicked.connect(lambda: self._ask(FlipRelation(self._id)))
        self.delete.clicked.connect(lambda: self._ask(DeleteRelation(self._id)))
        actions = FlowLayout(gap=8, row_gap=6)
        for chip in (self.accept, self.reject, self.flip, self.delete):
            actions.addWidget(chip)
        self.form: AttributesForm | None = None
        self._attributes = Section("")
        self.note = NoteEdit()
        self._note = Section("Note")
        self._note.add(self.note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.caption)
        column.addSpacing(8)
        for chip, quote in ((self.head_chip, self.head), (self.tail_chip, self.tail)):
            if quote is self.tail:
                column.addSpacing(10)
                column.addLayout(self._types)
                column.addSpacing(8)
            column.addWidget(chip)
            column.addWidget(quote)
        column.addSpacing(8)
        column.addWidget(self.print)
        column.addSpacing(12)
        column.addLayout(actions)
        column.addWidget(self._attributes)
        column.addWidget(self._note)
        column.addStretch(1)
        self.note.given.connect(self._on_note)

    # -- showing --------------------------------------------------------------------------------

    def show_relation(self, page: Page, codebook: Codebook, relation: Relation, *, fresh: bool) -> None:
        """Show a relation; its ends are those that the annotator sees."""
        if codebook is not self._codebook:
            self._codebook = codebook
            self._build_form(codebook)
        self._page, self._id = page, relation.id
        suggested = relation.is_suggestion
        head = page.span(page.stand_in(relation.head) or relation.head)
        tail = page.span(page.stand_in(relation.tail) or relation.tail)
        self._ends = (head.id, tail.id)
        self.caption.setText("Suggested relation" if suggested else "Relation")
        self._show_end(page, codebook, head, self.head_chip, self.head)
        self._show_end(page, codebook, tail, self.tail_chip, self.tail)
        self._show_types(codebook, relation, head, tail)
        self.print.setText(origin_words(relation))
        for chip in (self.accept, self.reject):
            chip.setVisible(suggested)
        for chip in (self.flip, self.delete):
            chip.setVisible(not suggested)
        back = codebook.relation_types_between(tail.kind, head.kind)
        self.flip.setEnabled(bool(back))
        if self.form is not None:
            self.form.set_values(relation.attributes, fresh=fresh)
            self.form.set_date_hint(page.article.published)
        self._attributes.setVisible(self.form is not None and not suggested)
        self._note.setVisible(not suggested)
        self.note.set_note(relation.note, fresh=fresh)

    def _show_end(self, page: Page, codebook: Codebook, span: Span, chip: Chip, quote: Quote) -> None:
        found = codebook.label(span.kind, span.label)
        hue = found.colour if found else str(span.kind)
        words = excerpt(slice_of(page.text, span.fragments), QUOTED)
        chip.hue = hue
        chip.set_words(span.label)
        chip.update()
        chip.setAccessibleName(f"Select {span.label}: {words}")
        chip.setToolTip("Select this span")
        quote.set_quote(words, hue, dashed=span.is_suggestion)

    def _show_types(self, codebook: Codebook, relation: Relation, head: Span, tail: Span) -> None:
        rules = codebook.relation_types_between(head.kind, tail.kind)
        legal = [(rule.name, rule.title) for rule in rules]
        if relation.type not in dict(legal):
            legal.append((relation.type, relation.type.replace("_", " ")))
        if legal != self._legal or relation.is_suggestion != self._suggested:
            self._legal, self._suggested = legal, relation.is_suggestion
            empty_layout(self._types)
            self.types = {}
            for name, title in legal:
                chip = Chip(title, self.theme, icon="arrow_down", checkable=True)
                chip.setAccessibleName(f"Relation type: {title}")
                rule = codebook.relation_type(name)
                if rule is not None:
                    chip.setToolTip(tip(rule.description))
                    set_topic(chip, rule)
                chip.clicked.connect(lambda _=False, name=name: self._on_type(name))
                chip.setEnabled(not relation.is_suggestion or name == relation.type)
                self.types[name] = chip
                self._types.addWidget(chip)
        for name, chip in self.types.items():
            chip.setChecked(name == relation.type)

    def _build_form(self, codebook: Codebook) -> None:
        if self.form is not None:
            self.form.hide()
            self.form.deleteLater()
            self.form = None
        if attributes := codebook.relation_attributes():
            self.form = AttributesForm(attributes, codebook, self.theme)
            self.form.given.connect(self._on_attribute)
            self._attributes.add(self.form)

    @override
    def set_theme(self, theme: Theme) -> None:
        """Take over another theme."""
        self.theme = theme
        spread(self, theme)

    # -- asking for changes -----------------------------------------------------------------------

    def _ask(self, command: Command) -> None:
        self.command_requested.emit(command)

    def _own(self) -> bool:
        """Whether it is still there and the annotator's own."""
        return self._page is not None and self._id in self._page.relations

    def _on_type(self, name: str) -> None:
        for each, chip in self.types.items():
            chip.setChecked(each == name)
        if self._own():
            self._ask(RetypeRelation(self._id, name))

    def _on_attribute(self, name: str, value: Any) -> None:
        if self._own():
            self._ask(SetAttribute(Target.RELATION, self._id, name, value))

    def _on_note(self, note: str | None) -> None:
        if self._own():
            self._ask(SetLabelNote(Target.RELATION, self._id, note))

    def flush(self) -> None:
        """Ask for everything that was typed and not asked for yet."""
        if self.form is not None:
            self.form.flush()
        self.note.flush()

    def focus_attribute(self, name: str) -> bool:
        """Put the cursor into an attribute; whether there is such a one."""
        return self.form is not None and self.form.focus(name)

    def focus_first_attribute(self) -> bool:
        """Put the cursor into the first attribute, else the first type; whether there is one."""
        if self.form is not None and not self._attributes.isHidden():
            return self.form.focus_first()
        for chip in self.types.values():
            chip.setFocus()
            return True
        return False
