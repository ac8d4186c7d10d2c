"""What the page shows beside the labels: what is chosen, pointed at, or being drawn."""

from __future__ import annotations

from msgspec import Struct
from PySide6.QtCore import QPointF

from annotator.core.model import Fragment


class CanvasState(Struct):
    """Transient looks of the page; nothing here is saved."""

    span: str | None = None
    """The selected span's id."""
    relation: str | None = None
    """The selected relation's id."""
    ranges: list[Fragment] = []
    """The selected text: half-open code point ranges; more than one with Ctrl."""
    hover_span: str | None = None
    hover_relation: str | None = None
    preview: tuple[str, tuple[Fragment, ...]] | None = None
    """A span whose edges are being moved, with the fragments that it would get."""
    targets: dict[str, str] = {}
    """While a relation is drawn: the legal spans, each with its hint (empty with the mouse)."""
    words: dict[int, str] = {}
    """While a word is chosen by letters: the words in sight by where they start, each with its hint."""
    typed: str = ""
    """The part of a hint that was typed."""
    source: str | None = None
    """The head of the relation that is being drawn."""
    found: list[Fragment] = []
    """What a search has found: half-open code point ranges in text order."""
    pinned: str | None = None
    """The span that R draws from, whatever is selected."""
    alike: frozenset[str] = frozenset()
    """Open suggestions of equal text and label as the selected one, itself among them."""
    armed: tuple[str, str] | None = None
    """The armed label's words and hue."""
    hover_range: Fragment | None = None
    """The word that a double click would label."""
    rubber: QPointF | None = None
    """Where the pointer is while a relation is dragged, on the page."""

    @property
    def drawing(self) -> bool:
        """Whether a relation is being drawn."""
        return self.source is not None
