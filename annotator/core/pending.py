"""What is still to be said of an article's labels before it can be finished.

An attribute that the codebook marks as required must have a value. A value counts as missing where
there is none, where it is an empty text or list, and where it is the choice ``unset``, which is how a
codebook calls having chosen nothing; it counts as missing also where it is the default. ``False`` and
``0`` are values.

Only the annotator's own labels count: a suggestion that nobody has decided on holds nothing back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

from annotator.core.codebook import Attribute, AttributeType, Codebook
from annotator.core.model import Kind, Relation, Span
from annotator.core.page import Page

UNSET = "unset"
"""The choice that says nothing has been chosen yet."""


class Pending(Struct, frozen=True):
    """One required attribute that is missing: of which span or relation."""

    id: str
    attribute: Attribute
    is_relation: bool = False


def is_missing(attribute: Attribute, value: Any) -> bool:
    """Whether a value of an attribute says nothing."""
    if value is None or (attribute.type is AttributeType.CHOICE and value == UNSET):
        return True
    return isinstance(value, (str, list, tuple)) and not value


def missing(record: Span | Relation, required: Sequence[Attribute]) -> list[Attribute]:
    """Which of the required attributes a span or relation lacks, in the codebook's order."""
    return [each for each in required if is_missing(each, record.attributes.get(each.name))]


def required_of(attributes: Sequence[Attribute]) -> list[Attribute]:
    """Those attributes that the codebook marks as required."""
    return [each for each in attributes if each.required]


def pending(page: Page, codebook: Codebook) -> list[Pending]:
    """Everything missing on a page: spans as they stand in the text, each with its relations after it."""
    return list(_pending(page, codebook))


def _pending(page: Page, codebook: Codebook) -> Iterator[Pending]:
    of_kind = {kind: required_of(codebook.attributes_of(kind)) for kind in Kind}
    of_relations = required_of(codebook.relation_attributes())
    if not of_relations and not any(of_kind.values()):
        return
    by_head: dict[str, list[Relation]] = {}
    for relation in sorted(page.relations.values(), key=lambda each: each.order) if of_relations else ():
        by_head.setdefault(relation.head, []).append(relation)
    for span in sorted(page.spans.values(), key=lambda each: each.order):
        for attribute in missing(span, of_kind.get(span.kind, ())):
            yield Pending(span.id, attribute)
        for relation in by_head.get(span.id, ()):
            for attribute in missing(relation, of_relations):
                yield Pending(relation.id, attribute, is_relation=True)
