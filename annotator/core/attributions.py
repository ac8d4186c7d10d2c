"""Attributions (who, reported by which words, says what): made from claims, and scored.

The scores are those by which attribution systems are compared: spans of each role, the link of source and
content, and the recall by kind of quotation and of cue.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from enum import StrEnum

from msgspec import Struct

from annotator.core.model import Fragments, Kind, Relation, Span, normalise_fragments
from annotator.core.scoring import LEAST_OVERLAP, Counts, Row, WordIndex, Words, matched, overlap, span_counts
from annotator.core.text import slice_of

MADE_BY = "made_by"
CUED_BY = "cued_by"

ATTRIBUTIONS = "attributions"
RECALL = "attribution_recall"
"""Sections of the scores; those of the second have a recall only."""
LINK = "link"
LINK_STRICT = "link_strict"
SOURCE_GIVEN_CONTENT = "source_given_content"

_QUOTE = re.compile(r"[“\"][^”\"]*[”\"]?")
_QUOTE_MARKS = frozenset('"“”')
_DIRECT = 0.9
"""Share of a content's characters within quotation marks from which it is direct speech."""

_SAYING = (
    "say says said saying tell tells told telling add adds added adding write writes wrote writing written "
    "according ask asks asked asking note notes noted noting report reports reported reporting "
    "state states stated stating deny denies denied denying reply replies replied"
)
_SAYING_STEMS = (
    "tweet announc argu claim explain declar warn insist suggest acknowledg confirm conced admit conclud "
    "observ recall respon vow promis pledg predict assert contend maintain allege continu"
)
CORE_WORDS = frozenset(_SAYING.split())
CORE_STEMS = tuple(_SAYING_STEMS.split())
"""Words, and beginnings of words, that hardly report anything but what somebody says."""
_WORD = re.compile(r"\w+")


class Attribution(Struct, frozen=True):
    """One thing that is reported; each part as half-open code point fragments, empty where there is none."""

    source: Fragments = ()
    cue: Fragments = ()
    content: Fragments = ()


class Quotation(StrEnum):
    """How much of a content stands in quotation marks."""

    DIRECT = "direct"
    MIXED = "mixed"
    INDIRECT = "indirect"


class Cueing(StrEnum):
    """Whether an attribution is plainly one: direct speech, or reported by one of the core words."""

    CORE = "core"
    OTHER = "noncore"


def attributions_of(spans: Iterable[Span], relations: Iterable[Relation]) -> list[Attribution]:
    """One attribution per claim, in the order of the claims.

    Its source are the fragments of all ends of its ``made_by``, its cue those of its ``cued_by``. Relations
    to spans that are not among these are left out.
    """
    by_id = {span.id: span for span in spans}
    tails: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for relation in relations:
        if relation.tail in by_id:
            tails[relation.type, relation.head].append(by_id[relation.tail])

    def parts(type_: str, claim: Span) -> Fragments:
        return normalise_fragments(tuple(each for end in tails[type_, claim.id] for each in end.fragments))

    return [
        Attribution(parts(MADE_BY, claim), parts(CUED_BY, claim), claim.fragments)
        for claim in by_id.values()
        if claim.kind is Kind.CLAIM
    ]


def quotation_of(text: str, content: Fragments) -> Quotation:
    """Whether a content is direct speech, holds some, or is all in the reporter's words."""
    words = slice_of(text, content)
    if _QUOTE_MARKS.isdisjoint(words):
        return Quotation.INDIRECT
    quoted = sum(len(each) for each in _QUOTE.findall(words))
    return Quotation.DIRECT if quoted >= _DIRECT * len(words) else Quotation.MIXED


def cueing_of(text: str, attribution: Attribution) -> Cueing:
    """Whether an attribution is a core one."""
    words = (word.lower() for word in _WORD.findall(slice_of(text, attribution.cue)))
    is_core = any(word in CORE_WORDS or word.startswith(CORE_STEMS) for word in words)
    if is_core or quotation_of(text, attribution.content) is Quotation.DIRECT:
        return Cueing.CORE
    return Cueing.OTHER


class _Words(Struct, frozen=True):
    """An attribution as words."""

    source: Words
    cue: Words
    content: Words


def attribution_counts(
    text: str, predicted: Sequence[Attribution], gold: Sequence[Attribution]
) -> dict[Row, Counts]:
    """The counts of one article. Attributions whose content has no word are left out.

    Sources and cues are counted once where several attributions share them. ``link``: the contents count as
    the same (:attr:`Measure.OVERLAP`) and the sources share a word; ``link_strict``: the sources count as the
    same too; both among attributions that have a source.
    """
    index = WordIndex(text)
    kept = [each for each in gold if index.of(each.content)]
    mine, theirs = _in_words(index, predicted), _in_words(index, kept)
    counts: dict[Row, Counts] = {}
    for role, one, other in (
        ("source", _once(each.source for each in mine), _once(each.source for each in theirs)),
        ("cue", _once(each.cue for each in mine), _once(each.cue for each in theirs)),
        ("content", [each.content for each in mine], [each.content for each in theirs]),
    ):
        for measure, found in span_counts(one, other).items():
            counts[Row(ATTRIBUTIONS, role, measure)] = found

    same = matched([each.content for each in mine], [each.content for each in theirs])
    linked = [(one, other) for one, other in same if mine[one].source & theirs[other].source]
    strictly = [
        (one, other) for one, other in linked
        if overlap(mine[one].source, theirs[other].source) >= LEAST_OVERLAP
    ]  # fmt: skip
    ended = sum(1 for each in mine if each.source), sum(1 for each in theirs if each.source)
    counts[Row(ATTRIBUTIONS, LINK)] = Counts.of_pairs(len(linked), *ended)
    counts[Row(ATTRIBUTIONS, LINK_STRICT)] = Counts.of_pairs(len(strictly), *ended)
    counts[Row(ATTRIBUTIONS, SOURCE_GIVEN_CONTENT)] = Counts.of_pairs(
        len(linked),
        sum(1 for one, other in same if mine[one].source and theirs[other].source),
        sum(1 for _, other in same if theirs[other].source),
    )

    content_found, link_found = {other for _, other in same}, {other for _, other in linked}
    kinds = [(quotation_of(text, each.content), cueing_of(text, each)) for each in kept]
    with_source = {nth for nth, each in enumerate(theirs) if each.source}
    for what, wanted, got in (
        ("content", set(range(len(theirs))), content_found),
        (LINK, with_source, link_found),
    ):
        for kind in (*Quotation, *Cueing):
            those = {nth for nth in wanted if kind in kinds[nth]}
            counts[Row(RECALL, what, kind)] = Counts(recalled=len(those & got), gold=len(those))
    return counts


def _in_words(index: WordIndex, attributions: Iterable[Attribution]) -> list[_Words]:
    found = (
        _Words(index.of(each.source), index.of(each.cue), index.of(each.content)) for each in attributions
    )
    return [each for each in found if each.content]


def _once(spans: Iterable[Words]) -> list[Words]:
    """Each span once, in order; those without a word left out."""
    return [words for words in dict.fromkeys(spans) if words]
