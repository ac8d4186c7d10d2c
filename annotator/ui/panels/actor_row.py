"""The inspector's part that says whom an actor span means, or who is proposed."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from annotator.core.model import ActorRecord, Span
from annotator.ui.controls import Chip, Themed, label
from annotator.ui.flow import FlowLayout
from annotator.ui.panels.section import Section
from annotator.ui.theme import Theme


class Identity(Struct, frozen=True):
    """Whom a span means: the record that it is linked with, or the one that is proposed."""

    record: ActorRecord | None = None
    proposed: ActorRecord | None = None
    alias: str = ""
    """The name of the proposed record that the words are like."""
    exact: bool = True
    """The words are that name, and not only like it."""


NOBODY = Identity()


class ActorRow(Themed, Section):
    """Name, type and aliases of the linked record; a proposal; and what can be done about either.

    Signals: ``link_asked`` (find a record), ``accept_asked``, ``refuse_asked`` (of what is proposed),
    ``open_asked`` (a record's id).
    """

    link_asked = Signal()
    accept_asked = Signal()
    refuse_asked = Signal()
    open_asked = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("Actor record", parent)
        self.theme = theme
        self.identity_of: Callable[[Span], Identity | None] = lambda _: None
        """Whom a span means; None for a span that cannot mean an actor record."""
        self._actor = self._proposed = ""
        self.name = Chip("", theme, hue="actor", trail="arrow_right")
        self.name.setToolTip("Open it in the Actors window")
        self.name.clicked.connect(lambda: self.open_asked.emit(self._actor))
        self.more = label("", "quiet", wrap=True)
        self.proposal = Chip("", theme, hue="actor", dashed=True)
        self.proposal.clicked.connect(lambda: self.open_asked.emit(self._proposed))
        self.why = label("", "quiet", wrap=True)
        self.accept = Chip("Accept", theme, action="accept_identity", strong=True)
        self.accept.clicked.connect(self.accept_asked)
        self.refuse = Chip("Not this one", theme)
        self.refuse.clicked.connect(self.refuse_asked)
        self.link = Chip("Link…", theme, action="identity", dashed=False)
        self.link.clicked.connect(self.link_asked)
        for words in (self.more, self.why):
            words.setContentsMargins(0, 0, 0, 3)
        self._deciding, self._changing = QWidget(), QWidget()
        deciding = FlowLayout(self._deciding, gap=8, row_gap=6)
        deciding.addWidget(self.accept)
        deciding.addWidget(self.refuse)
        changing = FlowLayout(self._changing, gap=8, row_gap=6)
        changing.addWidget(self.link)
        for widget in (self.name, self.more, self.proposal, self.why, self._deciding, self._changing):
            self.add(widget)

    def show_span(self, span: Span) -> None:
        """Show whom a span means."""
        found = self.identity_of(span)
        self.setVisible(found is not None)
        if found is None:
            return
        record, proposed = found.record, found.proposed
        self._actor = record.id if record else ""
        self.name.setVisible(record is not None)
        self.more.setVisible(record is not None)
        if record is not None:
            self.name.set_words(record.name)
            self.name.setAccessibleName(f"Open the actor record {record.name}")
            self.more.setText(said_of(record))
        for each in (self.proposal, self.why, self._deciding):
            each.setVisible(proposed is not None)
        if proposed is not None:
            self._proposed = proposed.id
            self.proposal.set_words(f"{proposed.name}?")
            self.proposal.setAccessibleName(f"Proposed: {proposed.name}. Open the actor record")
            self.proposal.setToolTip("Open it in the Actors window")
            known = [proposed.type] + ([f"also “{found.alias}”"] if found.alias != proposed.name else [])
            self.why.setText(" · ".join(known if found.exact else [*known, "nearly these words"]))
            self.accept.setAccessibleName(f"Link with {proposed.name}")
            self.refuse.setAccessibleName(f"Not {proposed.name}")
        self.link.set_words("Change…" if record else "Link with another…" if proposed else "Link…")


def said_of(record: ActorRecord) -> str:
    """Type, aliases, external id and note of a record in one line."""
    parts = [record.type, *(each.name for each in record.aliases)]
    parts += [record.external_id] if record.external_id else []
    parts += [record.note] if record.note else []
    return " · ".join(parts)
