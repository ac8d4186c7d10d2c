"""What is told about a project as a whole."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct


class Counts(Struct, frozen=True, kw_only=True):
    """What ``annotator info`` reports; every mapping goes from a name to a number."""

    articles: int
    by_status: Mapping[str, Mapping[str, int]]
    """Annotator → status → articles."""
    by_kind: Mapping[str, int]
    """Own spans by kind."""
    by_label: Mapping[str, int]
    by_state: Mapping[str, int]
    """Own spans as accepted, suggestions that nobody has decided on as suggested, rejections as rejected."""
    by_annotator: Mapping[str, int]
    relations: Mapping[str, int]
    """Own relations by type."""
    edits: int


class Version(Struct, frozen=True, kw_only=True):
    """One of the codebooks that the project has had, from its first to the one that holds."""

    number: int
    """Its place in the list, from 1; what :meth:`Repository.codebook_version` takes."""
    name: str
    version: int
    """The version number that the codebook itself names: an undone change brings an older one back."""
    saved_at: str
    annotator: str | None = None
    """Who made it the project's codebook; None for the one that the project was made with."""
    title: str = ""
    """What they did, e.g. “Rename Place to Location”; undone or redone where ``action`` says so."""
    action: str = "do"
    """``do``, ``undo`` or ``redo``."""


class CodebookNews(Struct, frozen=True, kw_only=True):
    """A change of the codebook, and what it did to one annotator's own spans and relations."""

    version: Version
    removed: int
    """How many of them it took away; an undo takes none."""
    carried: int
    """How many of them it gave other words or values."""
