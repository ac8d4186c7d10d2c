"""Which type a new actor record is likely to have."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.core.model import ACTOR_TYPES, Kind, Span
from annotator.core.page import Page

_MEANT = {
    "PERSON": "person", "PER": "person", "ORG": "organization", "GPE": "state", "LOC": "state",
    "NORP": "group", "LAW": "document", "WORK_OF_ART": "document",
}  # fmt: skip
"""The type of actor that a label of spaCy's entity recognisers means."""
_NAMED = {
    "person": "person", "organization": "organization", "organisation": "organization", "place": "state",
    "state": "state", "country": "state", "group": "group", "law": "document", "work": "document",
    "document": "document",
}  # fmt: skip


def guessed_type(page: Page, span: Span, models: Iterable[tuple[str, str]] = ()) -> str:
    """The type for a record of what a span says.

    As its own attribute ``type`` has it; else by the label of an entity that shares its last word, which is
    the head of most names; else a person. ``models`` has pairs of the recogniser's label and the codebook's.
    """
    own = str(span.attributes.get("type") or "")
    if own in ACTOR_TYPES:
        return own
    by_label = {label.casefold(): _MEANT[model] for model, label in models if model in _MEANT}
    for each in (*page.spans.values(), *page.suggestions.values()):
        if each.kind is Kind.ENTITY and each.end == span.end and each.start >= span.start:
            label = each.label.casefold()
            if label in by_label or label in _NAMED:
                return by_label.get(label) or _NAMED[label]
    return "person"
