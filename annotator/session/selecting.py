"""Which labels an export writes, and into which parts it divides them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from hashlib import blake2b

from msgspec import Struct, field

from annotator.core.errors import UsageError
from annotator.core.model import Kind, State, Status
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace

ALL_STATES = frozenset(State)
"""Accepted labels, undecided suggestions and rejected ones."""
_PARTS = {2: ("train", "test"), 3: ("train", "dev", "test")}


class Split(Struct, frozen=True, kw_only=True):
    """Parts of a data set, by article: the same articles, shares and seed always give the same parts.

    The articles are put into an order that follows from the seed and each one's text alone, and cut at
    the shares. So each part has its share to within less than one article, neither the order of import
    nor the project matters, and articles that are added later move only few others (those around a cut).
    """

    shares: Mapping[str, float] = field(default_factory=lambda: {"train": 0.8, "dev": 0.1, "test": 0.1})
    """Name of each part → its share; they need not add up to 1."""
    seed: int = 0
    groups: Mapping[str, str] = {}
    """Article → its group: articles of one group (near-duplicates) stay in one part."""

    @classmethod
    def of(cls, shares: str, seed: int = 0) -> Split:
        """From “80/10/10” (train, dev, test) or “80/20” (train, test). Raises UsageError."""
        numbers = [_share(each) for each in shares.split("/")]
        if len(numbers) not in _PARTS or not all(0 < each < 1e12 for each in numbers):
            raise UsageError(
                f"“{shares}” does not say how to split", cure="Write 80/10/10 (train/dev/test) or 80/20"
            )
        return cls(shares=dict(zip(_PARTS[len(numbers)], numbers, strict=True)), seed=seed)

    def parts(self, articles: Mapping[str, str]) -> dict[str, list[str]]:
        """Part → the ids of its articles, in the order given; ``articles``: id → SHA-256 of the text.

        A group goes where its middle falls, so that large groups shift the shares by their size.
        """
        members: dict[str, list[str]] = {}
        for article in articles:
            group = self.groups.get(article)
            # Of another length than a text's hash, so that no group meets an article's own.
            members.setdefault(articles[article] if group is None else f"group {group}", []).append(article)
        places = sorted(members, key=lambda name: self._place(min(articles[each] for each in members[name])))
        total = math.fsum(self.shares.values())
        cuts, sofar = [], 0.0
        for share in self.shares.values():
            sofar += share
            cuts.append(math.floor(len(articles) * sofar / total + 0.5))
        cuts[-1] = len(articles)
        part_of: dict[str, str] = {}
        names, nth, before = list(self.shares), 0, 0
        for place in places:
            middle = before + len(members[place]) / 2
            while middle > cuts[nth]:
                nth += 1
            part_of.update(dict.fromkeys(members[place], names[nth]))
            before += len(members[place])
        found: dict[str, list[str]] = {name: [] for name in names}
        for article in articles:
            found[part_of[article]].append(article)
        return found

    def _place(self, sha256: str) -> bytes:
        return blake2b(f"{self.seed} {sha256}".encode(), digest_size=16).digest()


def _share(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


class Selection(Struct, frozen=True, kw_only=True):
    """What is exported; empty parts hold nothing back."""

    annotator: str | None = None
    """Only this one's labels."""
    statuses: frozenset[Status] = frozenset()
    """Only articles that the line's annotator has in one of these."""
    kinds: frozenset[Kind] = frozenset()
    """Only spans of these kinds, and relations both of whose ends are."""
    states: frozenset[State] = frozenset({State.ACCEPTED})
    """Labels in these states; with ``suggested`` or ``rejected``, each annotator's undecided or rejected
    suggestions."""
    split: Split | None = None

    @property
    def suggestions(self) -> bool:
        """Whether it wants more than what annotators made or accepted."""
        return self.states != {State.ACCEPTED}

    def of(self, labels: ArticleLabels) -> ArticleLabels:
        """A line with the spans and relations that are wanted, and the actor records that these name.

        A relation needs both its ends.
        """
        kinds, states = self.kinds or frozenset(Kind), self.states or ALL_STATES
        if not self.kinds and (not self.suggestions or states == ALL_STATES):
            return labels  # the project gives nothing else
        spans = tuple(each for each in labels.spans if each.kind in kinds and each.state in states)
        relations = labels.relations
        if len(spans) < len(labels.spans):
            ids = {each.id for each in spans}
            relations = tuple(each for each in relations if each.head in ids and each.tail in ids)
        relations = tuple(each for each in relations if each.state in states)
        if len(spans) == len(labels.spans) and len(relations) == len(labels.relations):
            return labels
        named = {each.actor for each in spans}
        actors = tuple(each for each in labels.actors if each.id in named)
        return replace(labels, spans=spans, relations=relations, actors=actors)
