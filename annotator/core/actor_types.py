"""Which type a new actor record is likely to have."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.core.model import ACTOR_TYPES, Kind, Span
from annotator.core.names import plain
from annotator.core.page import Page
from annotator.core.text import slice_of

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
_ORGANIZATIONS = frozenset({
    "academy", "administration", "agency", "alliance", "army", "assembly", "association", "authority",
    "bank", "board", "brigade", "bureau", "cabinet", "chamber", "club", "coalition", "college",
    "commission", "committee", "company", "confederation", "conference", "congress", "consortium",
    "convention", "corporation", "corps", "council", "court", "department", "directorate", "embassy",
    "federation", "force", "forces", "forum", "foundation", "front", "fund", "government", "group",
    "hospital", "institute", "institution", "league", "legislature", "ministry", "movement", "museum",
    "network", "office", "organisation", "organization", "parliament", "party", "police", "press",
    "senate", "school", "secretariat", "service", "society", "station", "syndicate", "team", "treasury",
    "tribunal", "trust", "union", "university", "ag", "co", "corp", "gmbh", "inc", "llc", "ltd", "plc",
})  # fmt: skip
"""Head words of names that are those of organizations."""
_AFTER_HEAD = frozenset(("of", "for", "on", "in", "at", "to", "against", "with"))
"""Words that begin what follows the head of a name: “Ministry of Defence”."""


def guessed_type(page: Page, span: Span, models: Iterable[tuple[str, str]] = ()) -> str:
    """The type for a record of what a span says.

    As its own attribute ``type`` has it; else by the label of an entity that shares its last word, which is
    the head of most names; else an organization where its head word says so (“Students' Union”); else a
    person. ``models`` has pairs of the recogniser's label and the codebook's.
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
    return "organization" if _head(slice_of(page.text, span.fragments)) in _ORGANIZATIONS else "person"


def _head(name: str) -> str:
    """The word that says what is named: the last one in front of “of” and the like, folded."""
    words = plain(name).split()
    end = next((nth for nth, word in enumerate(words) if nth and word in _AFTER_HEAD), len(words))
    return words[end - 1] if words else ""
