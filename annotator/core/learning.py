"""What a project's annotators teach the rules that suggest claims: which words report, and how surely.

A rule gives a claim its *raw* confidence p. Two updates follow, both of the Beta distribution as the prior
of a share (Gelman et al., *Bayesian Data Analysis*, 3rd ed., section 2.4), in which what was believed
before counts like decisions that had been made:

1. *The project.* All words but the claim's own are pooled. A word with n decisions counts there as
   n·K / (K + n) of them (decisions on one word resemble each other, so that none counts for more than K).
   Where the mean raw confidence of the decided is m, the share accepted a, and their number n, the mean
   should have been t = (n·a + PRIOR·m) / (n + PRIOR), and every p is moved by logit(t) − logit(m) in
   log-odds (calibration in the large; Platt scaling with its slope held at one), by FURTHEST at most.
2. *The word.* p' = (K·p + hits) / (K + hits + misses). Hits are its suggested claims that were accepted or
   changed, and cues of that word that annotators marked by hand; misses are those that were rejected.

Without evidence p stays as it is. What moves stays within ``LEAST`` and ``MOST``.
"""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Mapping
from enum import StrEnum
from functools import cached_property, reduce

from msgspec import Struct

from annotator.core.cue_words import NO_WORD
from annotator.core.tiers import CONFIDENT

K = 8.0
"""Decisions that the rules' own confidence in a word is worth."""
PRIOR = 100.0
"""Decisions that the rules' confidence as a whole is worth."""
FURTHEST = 1.0
"""How far, in log-odds, the other words' decisions move a word at most: from 0.96 to 0.90 or 0.985."""
LEAST, MOST = 0.02, 0.99
ALWAYS = 0.95
"""How sure the claims of a word are at least that is always to be used."""
BY_HAND = 2
"""How often a word that no list has must be marked by hand before it is looked for."""
NEW_WORD = 0.7
"""How sure a word is that no list has, as a share of what “say” would be in its place."""


class Use(StrEnum):
    """What the project does with a word."""

    LEARNED = "learned"
    """Its confidence follows what annotators decide."""
    RULES = "rules"
    """As the rules say, whatever annotators decide."""
    ALWAYS = "always"
    NEVER = "never"


class Tally(Struct, frozen=True):
    """What annotators did with the claims of one word; each annotator's decision counts once."""

    accepted: int = 0
    """Also those that were changed."""
    rejected: int = 0
    by_hand: int = 0
    """Cues of this word that were marked without a suggestion."""
    raw: float = 0.0
    """Sum of the raw confidences of what was decided on."""

    @property
    def decided(self) -> int:
        """How many decisions there are."""
        return self.accepted + self.rejected

    @property
    def evidence(self) -> int:
        """Everything that speaks for or against the word."""
        return self.decided + self.by_hand


class Learned(Struct, frozen=True, dict=True):
    """The project's evidence and settings. It can be sent to another process."""

    tallies: Mapping[str, Tally] = {}
    """By lemma."""
    uses: Mapping[str, Use] = {}
    """By lemma; what is missing is used as learned."""
    added: frozenset[str] = frozenset()
    """Lemmas that no list has and that are looked for nevertheless."""

    @cached_property
    def _pool(self) -> tuple[float, float, float]:
        return reduce(_plus, map(_share, self.tallies.values()), (0.0, 0.0, 0.0))

    @property
    def off(self) -> frozenset[str]:
        """Lemmas that are not to be proposed."""
        return frozenset(word for word, use in self.uses.items() if use is Use.NEVER)

    def use_of(self, word: str) -> Use:
        """What the project does with a word."""
        return self.uses.get(word, Use.LEARNED)

    def confidence(self, word: str, raw: float) -> float:
        """The calibrated confidence of a claim whose rule is as sure as ``raw`` (0 to 1)."""
        use = self.use_of(word)
        if use is Use.RULES:
            return raw
        sure = self._moved(word, raw)
        return max(sure, ALWAYS) if use is Use.ALWAYS else sure

    def shift(self, word: str) -> float:
        """How far the decisions on all other words move this one's confidence, in log-odds.

        Not at all where annotators have brought the word themselves: its start is careful enough.
        """
        own = _share(self.tallies.get(word, Tally()))
        decided, accepted, raw = (all_ - mine for all_, mine in zip(self._pool, own, strict=True))
        if decided < 1e-9 or word in self.added:
            return 0.0
        mean = _bounded(raw / decided)
        moved = _logit(_bounded((accepted + PRIOR * mean) / (decided + PRIOR))) - _logit(mean)
        return max(-FURTHEST, min(FURTHEST, moved))

    def _moved(self, word: str, raw: float) -> float:
        shift, tally = self.shift(word), self.tallies.get(word, Tally())
        if not tally.evidence and not shift:
            return raw
        sure = 1 / (1 + math.exp(-_logit(_bounded(raw)) - shift))
        hits = tally.accepted + tally.by_hand
        return round(_bounded((K * sure + hits) / (K + hits + tally.rejected)), 3)


def learned_from(tallies: Mapping[str, Tally], uses: Mapping[str, Use], known: Container[str]) -> Learned:
    """What follows from evidence and settings; ``known`` are the lemmas that the lists have.

    :data:`NO_WORD` stands for no lemma, and there is nothing in it to look for.
    """
    wanted = {word for word, tally in tallies.items() if tally.by_hand >= BY_HAND}
    added = {word for word in wanted if uses.get(word, Use.LEARNED) is Use.LEARNED}
    added |= {word for word, use in uses.items() if use is Use.ALWAYS}
    return Learned(tallies, uses, frozenset(word for word in added if word != NO_WORD and word not in known))


class OpenClaims(Struct, frozen=True):
    """Suggested claims that nobody has decided on and that are equal in what matters here."""

    word: str
    raw: float
    confidence: float
    """As it is stored now."""
    count: int


class Effect(Struct, frozen=True):
    """What the undecided claims of a project would become."""

    certain: int = 0
    """Would become certain."""
    doubtful: int = 0
    """Are certain, and would no longer be."""
    gone: int = 0
    """Would not be proposed any more."""

    def __bool__(self) -> bool:
        return bool(self.certain or self.doubtful or self.gone)


def effect_of(claims: Iterable[OpenClaims], learned: Learned) -> Effect:
    """Count what changes where claims get the confidence that was learned."""
    certain = doubtful = gone = 0
    for each in claims:
        if learned.use_of(each.word) is Use.NEVER:
            gone += each.count
            continue
        was, will = each.confidence >= CONFIDENT, learned.confidence(each.word, each.raw) >= CONFIDENT
        certain += each.count if will and not was else 0
        doubtful += each.count if was and not will else 0
    return Effect(certain, doubtful, gone)


def _share(tally: Tally) -> tuple[float, float, float]:
    """What a word adds to the pool: decisions, accepted ones, sum of raw confidences."""
    if not tally.decided:
        return 0.0, 0.0, 0.0
    weight = K / (K + tally.decided)
    return tally.decided * weight, tally.accepted * weight, tally.raw * weight


def _plus(first: tuple[float, float, float], other: tuple[float, float, float]) -> tuple[float, float, float]:
    return first[0] + other[0], first[1] + other[1], first[2] + other[2]


def _bounded(share: float) -> float:
    return min(MOST, max(LEAST, share))


def _logit(share: float) -> float:
    return math.log(share / (1 - share))
