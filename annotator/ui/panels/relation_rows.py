"""The relations of one span, a line each, with what can be done to them."""

from __future__ import annotations

from typing import override

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup, QContextMenuEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from annotator.core.codebook import Codebook
from annotator.core.commands import (
    AcceptRelation,
    Command,
    DeleteRelation,
    FlipRelation,
    RejectRelation,
    RetypeRelation,
)
from annotator.core.model import Relation, Span
from annotator.core.page import Page
from annotator.core.text import excerpt, slice_of
from annotator.ui.controls import Chip, Themed, label, tip
from annotator.ui.panels.wording import relation_title, slants
from annotator.ui.theme import SERIF, Theme, font

MOST = 40
"""Relations shown at most; the list of labels has them all."""


class RelationLine(Struct, frozen=True):
    """One relation as seen from one of its ends."""

    relation: Relation
    title: str
    outward: bool
    """Whether the span is its head."""
    other: Span
    words: str
    hue: str
    types: tuple[tuple[str, str], ...]
    """Name and title of every type that may run this way."""
    turns: bool
    """Whether a relation may run the other way."""


def relation_lines(page: Page, codebook: Codebook, span_id: str) -> list[RelationLine]:
    """The own relations and open suggested ones at a span, outward ones first, then in text order."""
    lines: list[RelationLine] = []
    for each in page.visible_relations():
        if span_id not in (each.head, each.tail):
            continue
        outward = each.head == span_id
        other = page.span(each.tail if outward else each.head)
        head, tail = page.span(each.head), page.span(each.tail)
        found = codebook.label(other.kind, other.label)
        legal = codebook.relation_types_between(head.kind, tail.kind)
        lines.append(
            RelationLine(
                relation=each,
                title=relation_title(codebook, each.type),
                outward=outward,
                other=other,
                words=excerpt(slice_of(page.text, other.fragments), 120),
                hue=found.colour if found else str(other.kind),
                types=tuple((rule.name, rule.title) for rule in legal),
                turns=bool(codebook.relation_types_between(tail.kind, head.kind)),
            )
        )
    return sorted(lines, key=lambda line: (not line.outward, line.other.order))


class RelationRow(QWidget):
    """``made by → Malley``, and small buttons. Signals as of :class:`RelationRows`."""

    command_requested = Signal(object)
    span_activated = Signal(str)
    relation_activated = Signal(str)

    def __init__(self, line: RelationLine, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.type_chip = Chip("", theme, bare=True)
        self.arrow = Chip("", theme, icon="arrow_right", bare=True)
        self.arrow.setToolTip("Select this relation")
        self.other = Chip("", theme, bare=True)
        self.other.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.first = Chip("", theme, icon="flip", bare=True)
        self.second = Chip("", theme, icon="trash", bare=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.type_chip)
        row.addWidget(self.arrow)
        row.addWidget(self.other, 1)
        row.addWidget(self.first)
        row.addWidget(self.second)
        self.type_chip.clicked.connect(self._on_type)
        self.arrow.clicked.connect(lambda: self.relation_activated.emit(self.line.relation.id))
        self.other.clicked.connect(lambda: self.span_activated.emit(self.line.other.id))
        self.first.clicked.connect(self._on_first)
        self.second.clicked.connect(self._on_second)
        self.set_line(line)

    def set_line(self, line: RelationLine) -> None:
        """Show a relation as it now is."""
        self.line = line
        suggested = line.relation.is_suggestion
        self.type_chip.dashed = suggested
        self.other.setFont(font(SERIF, 15, italic=suggested and slants(line.words)))
        self.first.set_words("", "check" if suggested else "flip")
        self.second.set_words("", "close" if suggested else "trash")
        self.type_chip.trail = "chevron" if len(line.types) > 1 and not suggested else ""
        self.type_chip.set_words(line.title)
        self.type_chip.updateGeometry()
        self.type_chip.setAccessibleName(f"Type of the relation: {line.title}")
        self.type_chip.setToolTip("Change the type" if self.type_chip.trail else "Select this relation")
        self.arrow.set_words("", "arrow_right" if line.outward else "arrow_left")
        self.other.hue = line.hue
        self.other.set_words(line.words)
        self.other.setToolTip(tip(line.words))
        way = "to" if line.outward else "from"
        self.arrow.setAccessibleName(f"Select the relation {line.title} {way} {line.words}")
        self.other.setAccessibleName(f"{line.title} {way}: {line.words}. Select it")
        self.first.setVisible(suggested or line.turns)
        names = ("Accept", "Reject") if suggested else ("Turn round", "Delete")
        for chip, name in zip((self.first, self.second), names, strict=True):
            chip.setAccessibleName(f"{name}: {line.title} {way} {line.words}")
            chip.setToolTip(name)

    def _ask(self, command: Command) -> None:
        self.command_requested.emit(command)

    def _on_first(self) -> None:
        relation = self.line.relation
        self._ask(AcceptRelation(relation.id) if relation.is_suggestion else FlipRelation(relation.id))

    def _on_second(self) -> None:
        relation = self.line.relation
        self._ask(RejectRelation(relation.id) if relation.is_suggestion else DeleteRelation(relation.id))

    def _on_type(self) -> None:
        if not self.type_chip.trail:
            self.relation_activated.emit(self.line.relation.id)
            return
        menu = self.type_menu()
        menu.popup(self.type_chip.mapToGlobal(self.type_chip.rect().bottomLeft()))

    def type_menu(self) -> QMenu:
        """The legal types, with the present one ticked."""
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        group = QActionGroup(menu)
        for name, title in self.line.types:
            action = QAction(title, menu, checkable=True, checked=name == self.line.relation.type)
            action.triggered.connect(
                lambda _=False, name=name: self._ask(RetypeRelation(self.line.relation.id, name))
            )
            group.addAction(action)
            menu.addAction(action)
        return menu

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.type_chip.trail:
            self.type_menu().popup(event.globalPos())


class RelationRows(Themed, QWidget):
    """A row per relation; rows that stay are kept, so that a refresh does not move the keyboard.

    Signals: ``command_requested`` (a Command), ``span_activated`` and ``relation_activated`` (an id).
    """

    command_requested = Signal(object)
    span_activated = Signal(str)
    relation_activated = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.rows: dict[str, RelationRow] = {}
        self._spare: list[RelationRow] = []
        self._more = label("", "quiet")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(1)
        self._column.addWidget(self._more)

    def set_lines(self, lines: list[RelationLine]) -> None:
        """Show these relations."""
        shown = lines[:MOST]
        wanted = {line.relation.id for line in shown}
        for gone in [each for each in self.rows if each not in wanted]:
            row = self.rows.pop(gone)
            row.hide()
            self._spare.append(row)
        for place, line in enumerate(shown):
            row = self.rows.get(line.relation.id) or self._row_for(line)
            if row.line != line:
                row.set_line(line)
            if self._column.indexOf(row) != place:
                self._column.removeWidget(row)
                self._column.insertWidget(place, row)
            if row.isHidden():
                row.show()
        more = len(lines) - len(shown)
        self._more.setText(f"{more} more in the list of labels")
        self._more.setVisible(more > 0)

    def _row_for(self, line: RelationLine) -> RelationRow:
        if self._spare:
            row = self._spare.pop()
            row.set_line(line)
        else:
            row = RelationRow(line, self.theme, self)
            row.command_requested.connect(self.command_requested)
            row.span_activated.connect(self.span_activated)
            row.relation_activated.connect(self.relation_activated)
        self.rows[line.relation.id] = row
        return row
