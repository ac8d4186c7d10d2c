"""The project's actor records: whose identity a record has, and finding one by what is typed.

Nothing here knows the file; :mod:`annotator.session.actors` keeps a registry in step with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from annotator.core.model import ActorRecord, Alias
from annotator.core.name_index import Name, NameIndex
from annotator.core.names import fold
from annotator.core.records import replace


class Match(Struct, frozen=True):
    """A record that fits what was typed or what a span says."""

    record: ActorRecord
    """The identity: never a record that was merged into another one."""
    alias: str
    """The name or alias that fits, as the registry has it; of a merged record it may be an old name."""
    score: float
    """How well, from 0 to 1 (1: letter by letter, but for case and diacritics)."""
    exact: bool
    """Whether the whole name is the same, but for case, diacritics, articles, titles and “'s”."""


class Registry:
    """Actor records by id, searchable, kept up record by record."""

    def __init__(self, records: Mapping[str, ActorRecord]) -> None:
        self.records: dict[str, ActorRecord] = {}
        self.revision = 0
        """Grows with each change; what was worked out for an older one is stale."""
        self.index = NameIndex()
        self._merged: dict[str, set[str]] = {}
        self._sorted: list[ActorRecord] | None = None
        """The identities in their order, while nothing changes."""
        for record in records.values():
            self.put(record)

    def put(self, record: ActorRecord) -> None:
        """Add a record, or take its new state over."""
        there = self.records.get(record.id)
        if there == record:
            return
        if there is None or (there.name, there.aliases) != (record.name, record.aliases):
            self.index.put(record.id, _names(record))
        if there is not None and there.merged_into is not None:
            self._merged[there.merged_into].discard(there.id)
        if record.merged_into is not None:
            self._merged.setdefault(record.merged_into, set()).add(record.id)
        self.records[record.id] = record
        self.revision += 1
        self._sorted = None

    def remove(self, actor: str) -> None:
        """Forget a record; nothing happens where there is none."""
        record = self.records.pop(actor, None)
        if record is None:
            return
        self.index.put(actor, ())
        if record.merged_into is not None:
            self._merged[record.merged_into].discard(actor)
        self.revision += 1
        self._sorted = None

    def resolve(self, actor: str) -> ActorRecord:
        """The identity behind a record: the end of the chain of merges. Raises KeyError for an unknown id.

        A chain that leads nowhere or round in a circle, which only a damaged file has, ends at its last
        record that is there.
        """
        record = self.records[actor]
        seen = {actor}
        while record.merged_into is not None and record.merged_into not in seen:
            seen.add(record.merged_into)
            following = self.records.get(record.merged_into)
            if following is None:
                return record
            record = following
        return record

    def is_identity(self, actor: str) -> bool:
        """Whether a record is there that was not merged into another one."""
        return actor in self.records and self.resolve(actor).id == actor

    def identities(self) -> list[ActorRecord]:
        """The records that were not merged into others, by name and id."""
        if self._sorted is None:
            found = [each for each in self.records.values() if self.is_identity(each.id)]
            self._sorted = sorted(found, key=lambda record: (fold(record.name), record.id))
        return list(self._sorted)

    def members(self, actor: str) -> tuple[str, ...]:
        """Ids of the records whose identity is the one of ``actor``: that record first, then by id.

        Raises KeyError for an unknown id.
        """
        first = self.resolve(actor).id
        found = {first}
        waiting = [first]
        while waiting:
            for each in self._merged.get(waiting.pop(), ()):
                if each in self.records and each not in found:
                    found.add(each)
                    waiting.append(each)
        return (first, *sorted(found - {first}))

    def gathered(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Numbers of records, such as their mentions, added up for each identity."""
        sums: dict[str, int] = {}
        for actor, count in counts.items():
            identity = self.resolve(actor).id if actor in self.records else actor
            sums[identity] = sums.get(identity, 0) + count
        return sums

    def whole(self, actor: str) -> ActorRecord:
        """The identity with all that it is called: names and aliases of what was merged into it as aliases.

        Raises KeyError for an unknown id.
        """
        first, *others = self.members(actor)
        return whole(self.records[first], [self.records[each] for each in others])

    def search(self, typed: str, recent: Sequence[str] = (), limit: int = 20) -> list[Match]:
        """The identities that what is typed may mean, best first.

        A name that equals it comes before one that begins with it, then one whose words begin with its
        words, one that holds it, and one spelt nearly so; of equals those in ``recent`` (ids, latest
        first) come first. Nothing typed gives the recent ones, then all by name.
        """
        order = self._order_of(recent)
        if not fold(typed):
            return self._untyped(recent, limit)
        best: dict[str, Match] = {}
        for tier in self.index.tiers(typed):
            here: dict[str, tuple[float, Name]] = {}
            for name, score in tier.found():
                identity = self.resolve(name.actor).id
                known = here.get(identity)
                if identity not in best and (
                    known is None or (-score, name.rank) < (-known[0], known[1].rank)
                ):
                    here[identity] = (score, name)
            ranked = sorted(
                here,
                key=lambda each: (
                    -here[each][0],
                    order.get(each, len(order)),
                    here[each][1].rank,
                    len(here[each][1].folded),
                    here[each][1].folded,
                    each,
                ),
            )
            for each in ranked[: limit - len(best)]:
                score, name = here[each]
                best[each] = Match(self.records[each], name.text, score, tier.exact)
            if len(best) >= limit:
                break
        return list(best.values())

    def _order_of(self, recent: Iterable[str]) -> dict[str, int]:
        order: dict[str, int] = {}
        for each in recent:
            if each in self.records:
                order.setdefault(self.resolve(each).id, len(order))
        return order

    def _untyped(self, recent: Sequence[str], limit: int) -> list[Match]:
        first = self._order_of(recent)
        found = [self.records[each] for each in first]
        if len(found) < limit:
            found += [each for each in self.identities() if each.id not in first]
        return [Match(each, each.name, 1.0, False) for each in found[:limit]]


def _names(record: ActorRecord) -> list[tuple[str, str | None]]:
    return [(record.name, None), *((each.name, each.language) for each in record.aliases)]


def whole(identity: ActorRecord, others: Iterable[ActorRecord]) -> ActorRecord:
    """A record with the names and aliases of others as its own aliases, each once."""
    aliases = list(identity.aliases)
    known = {Alias(identity.name), *aliases}
    for record in others:
        for each in (Alias(record.name), *record.aliases):
            if each not in known:
                known.add(each)
                aliases.append(each)
    return replace(identity, aliases=tuple(aliases))
