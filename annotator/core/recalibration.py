"""Bringing an article's undecided suggestions to what the project has learned, without reading it again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from msgspec import Struct

from annotator.core.learning import Learned, Use
from annotator.core.model import Relation, Span
from annotator.core.ports import Evidence

ADDRESSED = 0.95
"""How much less sure an addressee is than its claim."""
APPOSITION = 0.9
"""How sure an actor is at most that only stands beside another one."""
_CARRIES = {"made_by": 1.0, "cued_by": 1.0, "addressed_to": ADDRESSED}
"""Types of relations from a claim, with the share of its confidence that they have."""
_SAME = "same_as"


class Recalibration(Struct, frozen=True):
    """What changes in one article."""

    spans: Mapping[str, float] = {}
    """New confidences by id."""
    relations: Mapping[str, float] = {}
    gone_spans: frozenset[str] = frozenset()
    gone_relations: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.spans or self.relations or self.gone_spans or self.gone_relations)


def recalibrated(
    spans: Iterable[Span],
    relations: Iterable[Relation],
    evidence: Mapping[str, Evidence],
    fixed: Set[str],
    learned: Learned,
) -> Recalibration:
    """What is to change about the suggestions of the rules in one article.

    ``evidence`` is by the id of a suggested claim, ``fixed`` are the ids of spans and relations that stay
    as they are because somebody has decided on them. Relations and the actors and cues at their ends get
    the highest confidence among their claims; those whose claims all go (a word is switched off) go too,
    also where a claim that stays has no evidence of its own.
    """
    all_spans = {span.id: span for span in spans}
    all_relations = list(relations)
    sure = {
        claim: learned.confidence(each.word, each.confidence)
        for claim, each in evidence.items()
        if claim in all_spans
    }
    carried = [each for each in all_relations if each.type in _CARRIES and each.head in sure]
    pinned = {end for each in all_relations if each.id in fixed for end in (each.head, each.tail)} | fixed
    gone = {
        claim for claim in sure if claim not in pinned and learned.use_of(evidence[claim].word) is Use.NEVER
    }
    new_relations = {
        each.id: round(sure[each.head] * _CARRIES[each.type], 3) for each in carried if each.head not in gone
    }
    ends: dict[str, float] = {}
    for each in carried:
        if each.head not in gone:
            ends[each.tail] = max(ends.get(each.tail, 0.0), new_relations[each.id])
    told = {each.tail for each in carried}
    reached = {each.tail for each in all_relations if each.type in _CARRIES and each.head not in gone}
    stays = pinned | reached
    beside: dict[str, list[str]] = {}
    for each in all_relations:
        if each.type == _SAME and each.head not in told:
            beside.setdefault(each.head, []).append(each.tail)
    for head, tails in beside.items():
        best = max((ends[tail] for tail in tails if tail in ends), default=None)
        if best is not None:
            ends[head] = min(best, APPOSITION)
        elif any(tail in told and tail not in stays for tail in tails):
            told.add(head)
    gone |= {each for each in told if each not in ends and each not in stays}
    return Recalibration(
        spans={
            each: value
            for each, value in ({**ends, **sure}).items()
            if each not in gone and each not in fixed and each in all_spans
            if all_spans[each].confidence != value
        },
        relations={
            each.id: new_relations[each.id]
            for each in carried
            if each.id in new_relations
            and each.id not in fixed
            and each.tail not in gone
            and each.confidence != new_relations[each.id]
        },
        gone_spans=frozenset(gone & all_spans.keys()),
        gone_relations=frozenset(each.id for each in all_relations if each.head in gone or each.tail in gone),
    )
