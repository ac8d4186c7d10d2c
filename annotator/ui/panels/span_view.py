"""The inspector's view of one span."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, override

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from annotator.core import whole
from annotator.core.alike import alike_of, equal_spans
from annotator.core.codebook import Codebook
from annotator.core.commands import Command, Relabel, SetAttribute, SetLabelNote
from annotator.core.model import Kind, Span, Target
from annotator.core.page import Page
from annotator.core.ranking import CategoryUse
from annotator.core.text import excerpt, slice_of
from annotator.ui.controls import Chip, Themed, label, spread, tip
from annotator.ui.flow import FlowLayout
from annotator.ui.panels.actor_row import ActorRow
from annotator.ui.panels.attributes import AttributesForm
from annotator.ui.panels.note_edit import NoteEdit
from annotator.ui.panels.quote import Quote
from annotator.ui.panels.relation_rows import RelationRows, relation_lines
from annotator.ui.panels.section import Section
from annotator.ui.panels.wording import KIND_NAMES, origin_words
from annotator.ui.theme import Theme
from annotator.ui.topics import set_topic

QUOTED = 320
"""Characters of a span that are quoted at most; the page shows it whole."""


class _KindParts(Struct, frozen=True):
    """What is built once for all spans of a kind."""

    labels: QWidget
    chips: dict[str, Chip]
    form: AttributesForm


class SpanView(Themed, QWidget):
    """Label, words, origin, attributes, relations and note of a span.

    Signals: ``command_requested`` (a Command), ``span_activated`` and ``relation_activated`` (an id),
    ``alike_asked`` (decide on every suggestion alike: whether to accept, whether in the whole project).
    """

    command_requested = Signal(object)
    alike_asked = Signal(bool, bool)
    span_activated = Signal(str)
    relation_activated = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.used_categories: Callable[[], CategoryUse] = CategoryUse
        self._page: Page | None = None
        self._codebook: Codebook | None = None
        self._id = ""
        self._kind: Kind | None = None
        self._parts: dict[Kind, _KindParts] = {}
        self.caption = label("", "heading")
        self.caption.setContentsMargins(0, 0, 0, 6)
        self.quote = Quote(theme)
        self.print = label("", "quiet", wrap=True)
        self.accept = Chip("Accept", theme, action="accept", strong=True)
        self.reject = Chip("Reject", theme, action="reject")
        self.accept.clicked.connect(lambda: self._decide_on(whole.accepting))
        self.reject.clicked.connect(lambda: self._decide_on(whole.rejecting))
        self._decide = Section("", above=12)
        decide = FlowLayout(gap=8)
        decide.addWidget(self.accept)
        decide.addWidget(self.reject)
        self._decide.column.addLayout(decide)
        self.accept_alike = self._alike_chip("accept_alike", accept=True)
        self.reject_alike = self._alike_chip("reject_alike", accept=False)
        self.everywhere = Chip("Alike in the project…", theme, action="accept_alike_everywhere", bare=True)
        self.everywhere.setToolTip("Count the equal suggestions of all articles; nothing is decided yet")
        self.everywhere.clicked.connect(lambda: self.alike_asked.emit(True, True))
        self._alike = QWidget()
        alike = FlowLayout(self._alike, gap=8, row_gap=6)
        for chip in (self.accept_alike, self.reject_alike):
            alike.addWidget(chip)
        self._decide.column.addSpacing(6)
        self._decide.add(self._alike)
        self._decide.add(self.everywhere)
        self._labels = QVBoxLayout()
        self._labels.setContentsMargins(0, 0, 0, 12)
        self._attributes = Section("")
        self.actor_row = ActorRow(theme)
        self._relations = Section("Relations")
        self.relations = RelationRows(theme)
        self._relations.add(self.relations)
        self.note = NoteEdit()
        self._note = Section("Note")
        self._note.add(self.note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.caption)
        column.addLayout(self._labels)
        column.addWidget(self.quote)
        column.addSpacing(6)
        column.addWidget(self.print)
        for section in (self._decide, self.actor_row, self._attributes, self._relations, self._note):
            column.addWidget(section)
        column.addStretch(1)
        self.relations.command_requested.connect(self.command_requested)
        self.relations.span_activated.connect(self.span_activated)
        self.relations.relation_activated.connect(self.relation_activated)
        self.note.given.connect(self._on_note)

    def _alike_chip(self, action: str, *, accept: bool) -> Chip:
        chip = Chip("", self.theme, action=action)
        chip.clicked.connect(lambda: self.alike_asked.emit(accept, False))
        return chip

    # -- showing --------------------------------------------------------------------------------

    def show_span(self, page: Page, codebook: Codebook, span: Span, *, fresh: bool) -> None:
        """Show a span; not ``fresh``, it is the same one (or what accepting it made) once more."""
        if codebook is not self._codebook:
            self._drop_parts()
            self._codebook = codebook
        self._page, self._id = page, span.id
        suggested = span.is_suggestion
        fresh = fresh or span.kind != self._kind
        parts = self._parts_of(codebook, span.kind)
        kind = KIND_NAMES[span.kind]
        self.caption.setText(f"Suggested {kind.lower()}" if suggested else kind)
        # one chip that says “Claim” needs no heading that says it too
        self.caption.setVisible(suggested or len(parts.chips) > 1)
        for name, chip in parts.chips.items():
            chip.setChecked(name == span.label)
            chip.dashed = suggested and name == span.label
            chip.update()
        found = codebook.label(span.kind, span.label)
        hue = found.colour if found else str(span.kind)
        words = excerpt(slice_of(page.text, span.fragments), QUOTED)
        self.quote.set_quote(words, hue, dashed=suggested)
        self.print.setText(origin_words(span))
        self._decide.setVisible(suggested)
        if suggested:
            count = len(equal_spans(page, alike_of(page, span)))
            self._alike.setVisible(count > 1)
            self.accept_alike.set_words(f"Accept all {count} alike")
            self.reject_alike.set_words(f"Reject all {count} alike")
        parts.form.set_values(span.attributes, fresh=fresh)
        parts.form.set_date_hint(page.article.published)
        self._attributes.setVisible(bool(parts.form.fields))
        self.actor_row.show_span(span)
        lines = relation_lines(page, codebook, span.id)
        self._relations.setVisible(bool(lines))
        if lines:  # rows out of sight can stay as they are
            self.relations.set_lines(lines)
        self.note.set_note(span.note, fresh=fresh)

    def _parts_of(self, codebook: Codebook, kind: Kind) -> _KindParts:
        parts = self._parts.get(kind)
        if parts is None:
            parts = self._build_parts(codebook, kind)
            self._parts[kind] = parts
        if kind != self._kind:
            if self._kind is not None:
                self._parts[self._kind].labels.hide()
                self._parts[self._kind].form.hide()
            self._kind = kind
            parts.labels.show()
            parts.form.show()
        return parts

    def _build_parts(self, codebook: Codebook, kind: Kind) -> _KindParts:
        labels = QWidget()
        row = FlowLayout(labels, gap=4, row_gap=4)
        chips: dict[str, Chip] = {}
        for each in codebook.labels:
            if each.kind == kind:
                chip = Chip(
                    each.name, self.theme, key=each.key.upper(), hue=each.colour, checkable=True, bare=True
                )
                chip.setAccessibleName(f"Label as {each.name}")
                chip.setToolTip(tip(each.description))
                set_topic(chip, each)
                chip.clicked.connect(lambda _=False, name=each.name: self._on_label(kind, name))
                chips[each.name] = chip
                row.addWidget(chip)
        form = AttributesForm(
            codebook.attributes_of(kind), codebook, self.theme, lambda: self.used_categories()
        )
        form.given.connect(self._on_attribute)
        self._labels.addWidget(labels)
        self._attributes.add(form)
        return _KindParts(labels, chips, form)

    def _drop_parts(self) -> None:
        for parts in self._parts.values():
            for widget in (parts.labels, parts.form):
                widget.hide()
                widget.deleteLater()
        self._parts.clear()
        self._kind = None

    @override
    def set_theme(self, theme: Theme) -> None:
        """Take over another theme."""
        self.theme = theme
        spread(self, theme)

    # -- asking for changes -----------------------------------------------------------------------

    def _decide_on(self, make: Callable[[Page, str], Command]) -> None:
        page = self._page
        if page is not None:
            self._ask(lambda each: make(page, each))

    def _ask(self, make: Callable[[str], Command]) -> None:
        """Ask for a change of the span, or of what accepting it made; of one that is gone, nothing."""
        here = self._page.stand_in(self._id) if self._page is not None else None
        if here is not None:
            self.command_requested.emit(make(here))

    def _on_label(self, kind: Kind, name: str) -> None:
        for each, chip in self._parts[kind].chips.items():
            chip.setChecked(each == name)
        self._ask(lambda each: Relabel(each, kind, name))

    def _on_attribute(self, name: str, value: Any) -> None:
        self._ask(lambda each: SetAttribute(Target.SPAN, each, name, value))

    def _on_note(self, note: str | None) -> None:
        self._ask(lambda each: SetLabelNote(Target.SPAN, each, note))

    def flush(self) -> None:
        """Ask for everything that was typed and not asked for yet."""
        if self._kind is not None:
            self._parts[self._kind].form.flush()
        self.note.flush()

    def focus_attribute(self, name: str) -> bool:
        """Put the cursor into an attribute; whether there is such a one."""
        return self._kind is not None and self._parts[self._kind].form.focus(name)

    def focus_first_attribute(self) -> bool:
        """Put the cursor into the first attribute; whether there is one."""
        return self._kind is not None and self._parts[self._kind].form.focus_first()
