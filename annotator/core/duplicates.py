"""Finding actor records that are likely to be one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from msgspec import Struct

from annotator.core.model import ActorRecord
from annotator.core.names import bare, fold
from annotator.core.registry import Registry

SPELT_ALIKE = 0.88
"""How near (0 to 1, as rapidfuzz's ratio) two names must be."""
_SHORTEST = 6
"""Letters below which names that are not the same are not compared."""
_LARGEST = 60
"""Names that may share a word or a beginning before it says nothing: so the time stays bounded."""


class Pair(Struct, frozen=True):
    """Two records that may be one."""

    a: ActorRecord
    b: ActorRecord
    score: float
    """How likely, from 0 to 1."""
    why: str
    """In words: “the same external id Q39524”."""


def duplicates(registry: Registry, limit: int = 100) -> list[Pair]:
    """Identities that are likely to be one, the likeliest first, each pair once with its best reason.

    Same external id, same name or alias, same words in another order, one person's name with and without
    what is between first and last name, or a name spelt alike. Records with different external ids are
    somebody else, whatever they are called; so are those of different types, unless one is “other”.
    """
    best: dict[tuple[str, str], tuple[float, str]] = {}
    for one, other, score, why in _found(registry):
        a, b = sorted((one, other))
        if a != b and score > best.get((a, b), (0.0, ""))[0] and _may_be(registry, a, b):
            best[a, b] = score, why
    ranked = sorted(best, key=lambda pair: (-best[pair][0], fold(registry.records[pair[0]].name), pair))
    return [Pair(registry.records[a], registry.records[b], *best[a, b]) for a, b in ranked[: max(0, limit)]]


def _may_be(registry: Registry, a: str, b: str) -> bool:
    one, other = registry.records[a], registry.records[b]
    if one.external_id and other.external_id:
        return one.external_id.strip().casefold() == other.external_id.strip().casefold()
    return one.type == other.type or "other" in (one.type, other.type)


def _found(registry: Registry) -> Iterator[tuple[str, str, float, str]]:
    names: dict[str, set[str]] = defaultdict(set)
    external: dict[str, set[str]] = defaultdict(set)
    shown: dict[str, str] = {}
    for record in registry.records.values():
        identity = registry.resolve(record.id).id
        if record.external_id and record.id == identity:
            external[record.external_id.strip().casefold()].add(identity)
        for text in (record.name, *(each.name for each in record.aliases)):
            names[fold(text)].add(identity)
            shown.setdefault(fold(text), text)
    for ids in external.values():
        for one, other in _pairs(ids):
            yield one, other, 1.0, f"the same external id {registry.records[one].external_id}"
    for name, ids in names.items():
        lone = " " not in name
        for one, other in _pairs(ids):
            both = {fold(registry.records[each].name) for each in (one, other)} == {name}
            # A last name alone is many people's.
            score = 0.98 if both else 0.6 if lone else 0.9
            yield one, other, score, f"the same {'name' if both else 'alias'} “{shown[name]}”"
    yield from _reordered(names, shown)
    yield from _spelt_alike(names, shown)


def _pairs(ids: set[str]) -> Iterator[tuple[str, str]]:
    ordered = sorted(ids)[:_LARGEST]
    for nth, one in enumerate(ordered):
        for other in ordered[nth + 1 :]:
            yield one, other


def _reordered(names: dict[str, set[str]], shown: dict[str, str]) -> Iterator[tuple[str, str, float, str]]:
    same: dict[tuple[str, ...], list[str]] = defaultdict(list)
    ends: dict[tuple[str, str], list[str]] = defaultdict(list)
    for name in names:
        words = bare(name).split()
        if len(words) > 1:
            same[tuple(sorted(words))].append(name)
            ends[words[0], words[-1]].append(name)
    for groups, score, why in ((same, 0.92, "the same words"), (ends, 0.8, "the same first and last word")):
        for group in groups.values():
            yield from _across(names, group[:_LARGEST], shown, score, why)


def _across(
    names: dict[str, set[str]], group: list[str], shown: dict[str, str], score: float, why: str
) -> Iterator[tuple[str, str, float, str]]:
    for nth, name in enumerate(group):
        for other in group[nth + 1 :]:
            for a in sorted(names[name])[:5]:
                for b in sorted(names[other])[:5]:
                    yield a, b, score, f"{why}: “{shown[name]}” and “{shown[other]}”"


def _spelt_alike(names: dict[str, set[str]], shown: dict[str, str]) -> Iterator[tuple[str, str, float, str]]:
    from rapidfuzz import fuzz  # not at program start

    blocks: dict[str, list[str]] = defaultdict(list)
    for name in names:
        if len(name) >= _SHORTEST:
            for word in {*name.split(), f"^{name[:4]}"}:
                blocks[word].append(name)
    seen: set[tuple[str, str]] = set()
    for group in blocks.values():
        if len(group) > _LARGEST:
            continue
        for nth, name in enumerate(group):
            for other in group[nth + 1 :]:
                pair = (name, other) if name < other else (other, name)
                if pair in seen or abs(len(name) - len(other)) > 3:
                    continue
                seen.add(pair)
                score = fuzz.ratio(name, other, score_cutoff=100 * SPELT_ALIKE) / 100
                if score:
                    yield from _across(names, list(pair), shown, 0.85 * score, "nearly the same name")
