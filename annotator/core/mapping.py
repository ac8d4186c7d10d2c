"""How the columns and labels of other tools' files become fields and labels of the project.

A mapping is what a person decides before an import, in the window or as a TOML file; what it does not
name is proposed (:func:`annotator.core.proposing_labels.propose`) or, where nothing fits, a problem.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from annotator.core.model import Kind

LEFT_OUT = ""
"""What a name maps to that is not wanted."""
META = "meta"
"""The field of a column that is kept in the article's metadata under its own name."""

FIELDS = ("text", "title", "publisher", "author", "url", "published", "language", "external_id")
"""The fields of an article that a column can be."""


class SpanLabel(Struct, frozen=True):
    """A label of the codebook, which may still have to be added to it."""

    kind: Kind
    name: str


class RelationEnds(Struct, frozen=True):
    """A relation type of the codebook; ``turned``: the file's relations run from tail to head."""

    type: str
    turned: bool = False


def key_of(layer: str, label: str) -> str:
    """The name of a span label as mappings and surveys have it."""
    return f"{layer}:{label}" if layer else label


class ImportMapping(Struct, frozen=True, kw_only=True):
    """What a person has said about names in files; the keys are the names as the files have them.

    A span label is named ``layer:label`` where its format has layers, else ``label``; the plain label
    stands for all layers where there is no entry of the longer name.
    """

    fields: Mapping[str, str] = {}
    """Column or key → field of the article (one of :data:`FIELDS`), ``meta``, or ``""`` to leave it out."""
    labels: Mapping[str, SpanLabel | None] = {}
    """None: such spans are left out, and counted."""
    relations: Mapping[str, RelationEnds | None] = {}
    attributes: Mapping[str, str] = {}
    """Attribute → name of one in the codebook, or ``""`` to leave it out."""
    extend: bool = False
    """Whether labels, relation types and attributes that the codebook lacks are added to it."""
