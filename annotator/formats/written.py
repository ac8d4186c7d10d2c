"""What writers for other tools share: names of labels, attributes that say something, metadata."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from annotator.core.codebook import Codebook
from annotator.core.model import Article, Kind, Relation, Span
from annotator.formats.losing import says_something
from annotator.formats.naming import written_label
from annotator.formats.plain import META_FIELDS, SYNONYMS, plain_name

_FIELD_NAMES = frozenset(each for names in SYNONYMS.values() for each in names)


class Names:
    """The names that labels are written by, each looked up once."""

    def __init__(self, codebook: Codebook) -> None:
        self._codebook = codebook
        self.known: dict[tuple[str, str], str] = {}
        """Those that have been looked up, by kind and label."""

    def label(self, span: Span) -> str:
        """The name of a span's label."""
        return self.known.get((span.kind, span.label)) or self.named(span.kind, span.label)

    def named(self, kind: str, label: str) -> str:
        """The name of a label of a kind."""
        name = self.known.get((kind, label))
        if name is None:
            name = self.known[kind, label] = written_label(self._codebook, Kind(kind), label)
        return name


def attributes_of(each: Span | Relation) -> dict[str, Any]:
    """The attributes that say something."""
    return {name: value for name, value in each.attributes.items() if says_something(value)}


def fields_of(article: Article, reserved: Collection[str] = (), *, by_name: bool = False) -> dict[str, Any]:
    """Title and metadata, without those that are empty.

    Metadata whose names are ``reserved``, or those of the article's own fields, stand in ``meta``.
    ``by_name``: so do those that would be taken for one of these fields (“source”), where the reader goes
    by names.
    """
    fields: dict[str, Any] = {}
    if article.title:
        fields["title"] = article.title
    if article.external_id is not None:
        fields["external_id"] = article.external_id
    for name in META_FIELDS:
        value = getattr(article, name)
        if value is not None:
            fields[name] = value
    within: dict[str, Any] = {}
    for name, value in article.meta.items():
        inside = name in fields or name in reserved or (by_name and plain_name(name) in _FIELD_NAMES)
        (within if inside else fields)[name] = value
    if within:
        fields["meta"] = {**within, **fields["meta"]} if isinstance(fields.get("meta"), dict) else within
    return fields
