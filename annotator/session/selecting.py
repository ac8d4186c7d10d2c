"""Which labels an export writes, and into which parts it divides them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from annotator.core.model import Kind, State, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """Parts of a data set, by article: the same articles, shares and seed always give the same parts."""

    shares: Mapping[str, float] = field(default_factory=lambda: {"train": 0.8, "dev": 0.1, "test": 0.1})
    """Name of each part → its share; they need not add up to 1."""
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is exported; empty parts hold nothing back."""

    annotator: str | None = None
    """Only this one's labels."""
    statuses: frozenset[Status] = frozenset()
    kinds: frozenset[Kind] = frozenset()
    """Only spans of these kinds, and relations both of whose ends are."""
    states: frozenset[State] = frozenset({State.ACCEPTED})
    """Labels in these states; with ``suggested`` or ``rejected``, each annotator's undecided or rejected
    suggestions."""
    split: Split | None = None
