"""What is said about spans, relations and changes to whoever does not see the page; pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from annotator.core.changes import ChangeSet, RelationChange, SpanChange
from annotator.core.codebook import Codebook
from annotator.core.model import Fragments, Relation, Span
from annotator.core.page import Page
from annotator.core.text import counted, excerpt, slice_of

LONGEST = 60
"""Characters of the words that are said of what is selected; the other end of a relation gets half of it."""
MOST = 3
"""Relations that are said of a span; the others are counted."""
MOST_TARGETS = 9
"""Targets that are said with their letters."""


def words_of(page: Page, fragments: Fragments, limit: int = LONGEST) -> str:
    """The covered words in quotation marks, shortened to ``limit`` characters."""
    return f"“{excerpt(slice_of(page.text, fragments), limit)}”"


def span_sentence(page: Page, codebook: Codebook, span_id: str) -> str:
    """“Claim “formally requested …”, suggested, 1 relation: made by “US””. Raises RuleError."""
    span = page.span(span_id)
    parts = [f"{span.label} {words_of(page, span.fragments)}"]
    if len(span.fragments) > 1:
        parts.append(counted(len(span.fragments), "fragment"))
    if span.is_suggestion:
        parts.append("suggested" if span.confidence is None else f"suggested, {span.confidence:.0%} sure")
    if span.note:
        parts.append("with a note")
    links = [each for each in page.visible_relations() if span_id in (each.head, each.tail)]
    if links:
        said = [_from_here(page, codebook, each, span_id) for each in links[:MOST]]
        if len(links) > MOST:
            said.append(f"and {len(links) - MOST} more")
        parts.append(f"{counted(len(links), 'relation')}: {', '.join(said)}")
    return ", ".join(parts)


def _from_here(page: Page, codebook: Codebook, relation: Relation, span_id: str) -> str:
    """A relation as seen from one of its ends."""
    title = type_title(codebook, relation.type)
    other = page.span(relation.tail if relation.head == span_id else relation.head)
    words = words_of(page, other.fragments, LONGEST // 2)
    return f"{title} {words}" if relation.head == span_id else f"{words} {title} it"


def type_title(codebook: Codebook, name: str) -> str:
    """The title of a relation type; the name where the codebook has no such type."""
    rule = codebook.relation_type(name)
    return rule.title if rule is not None else name.replace("_", " ")


def relation_sentence(page: Page, codebook: Codebook, relation_id: str) -> str:
    """“Relation: “formally requested …” made by “US”, suggested”; empty where there is no such relation."""
    found = next((each for each in page.visible_relations() if each.id == relation_id), None)
    if found is None:
        return ""
    mark = ", suggested" if found.is_suggestion else ""
    ends = {each: page.span(each) for each in (found.head, found.tail)}
    return f"Relation: {_joined(page, codebook, found, ends)}{mark}"


def _joined(page: Page, codebook: Codebook, relation: Relation, spans: Mapping[str, Span]) -> str:
    words = [
        words_of(page, spans[end].fragments, LONGEST // 2) if end in spans else "a label that is gone"
        for end in (relation.head, relation.tail)
    ]
    return f"{words[0]} {type_title(codebook, relation.type)} {words[1]}"


def selection_sentence(page: Page, ranges: Sequence[tuple[int, int]]) -> str:
    """The selected words, the last fragment first said; empty where nothing is selected."""
    if not ranges:
        return ""
    words = excerpt(slice_of(page.text, ranges[-1:]), 2 * LONGEST)
    return words if len(ranges) == 1 else f"{words}, {counted(len(ranges), 'fragment')}"


def changes_sentence(page: Page, codebook: Codebook, changes: ChangeSet) -> str:
    """What an edit has done to labels, after it: “Labelled Cue “reveal””. Empty where that is nothing."""
    spans = [each for each in changes.changes if isinstance(each, SpanChange)]
    relations = [each for each in changes.changes if isinstance(each, RelationChange)]
    if len(spans) == 1:
        return _span_change(page, spans[0])
    if len(relations) == 1 and not spans:
        return _relation_change(page, codebook, relations[0])
    parts = []
    for many, what in ((spans, "label"), (relations, "relation")):
        made = sum(each.before is None for each in many)
        gone = sum(each.after is None for each in many)
        changed = len(many) - made - gone
        parts += [f"{counted(made, what)} made"] if made else []
        parts += [f"{counted(changed, what)} changed"] if changed else []
        parts += [f"{counted(gone, what)} removed"] if gone else []
    return ", ".join(parts)


def _span_change(page: Page, change: SpanChange) -> str:
    before, after = change.before, change.after
    span = after or before
    assert span is not None
    words = f"{span.label} {words_of(page, span.fragments)}"
    if before is None:
        return f"{'Proposed' if change.is_suggestion else 'Labelled'} {words}"
    if after is None:
        return f"Removed {words}"
    if (before.kind, before.label) != (after.kind, after.label):
        return f"Relabelled {before.label} as {words}"
    return f"Changed {words}"


def _relation_change(page: Page, codebook: Codebook, change: RelationChange) -> str:
    relation = change.after or change.before
    assert relation is not None
    spans = {**page.suggestions, **page.spans}
    verb = "Removed" if change.after is None else "Drawn" if change.before is None else "Changed"
    return f"{verb}: {_joined(page, codebook, relation, spans)}"


def targets_sentence(page: Page, targets: Mapping[str, str]) -> str:
    """“2 targets: A Actor “US”, S Actor “Malley””: how many a relation can go to, and by which letters."""
    said = [
        f"{hint.upper()} {span.label} {words_of(page, span.fragments, LONGEST // 2)}"
        for span, hint in _hinted(page, targets.items())
    ][:MOST_TARGETS]
    count = counted(len(targets), "target")
    return f"{count}: {', '.join(said)}" if said else count


def _hinted(page: Page, targets: Iterable[tuple[str, str]]) -> list[tuple[Span, str]]:
    return [(page.span(each), hint) for each, hint in targets if hint and hint != "↵"]
