"""Which parts of another codebook are those of a draft, so that labels stay when it is taken over."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any

from annotator.core.drafting.state import Choice, Ref, State
from annotator.core.records import replace


def matched(here: State, other: State) -> State:
    """The parts of ``other``, those that ``here`` has too under the ids that they have here.

    The same name is the same part; of the rest, so is what only its name tells from a single part of
    ``here`` that has no counterpart.
    """
    same = (
        _pairs(here.labels, other.labels, lambda each: (each.kind, each.name), _without_name)
        | _pairs(here.relations, other.relations, lambda each: each.name, _without_name)
        | _pairs(
            {id_: here.attribute(id_) for id_ in here.attributes},
            {id_: other.attribute(id_) for id_ in other.attributes},
            lambda each: each.name,
            lambda each: repr(_without_name(each)),
        )
        | _pairs(
            {id_: (here.codes[id_], node) for id_, node in here.nodes.items()},
            {id_: (other.codes[id_], node) for id_, node in other.nodes.items()},
            lambda each: each[0],
            lambda each: (each[1].title, each[1].definition) if each[1].title != each[0] else each[1].segment,
        )
    )
    choices = {(here.choices[id_].attribute, here.choices[id_].text): id_ for id_ in here.choices}
    for id_, choice in other.choices.items():
        found = choices.get((same.get(choice.attribute, 0), choice.text))
        if found is not None:
            same[id_] = found
    return _renumbered(here, other, same)


def _without_name(part: Any) -> Any:
    fields = {"name": "", "guideline": ""}
    if hasattr(part, "title"):
        fields["title"] = ""
    if hasattr(part, "short"):
        fields["short"] = ""
    return replace(part, **fields)


def _pairs[Row](
    here: Mapping[int, Row],
    other: Mapping[int, Row],
    name: Callable[[Row], Hashable],
    rest: Callable[[Row], Hashable],
) -> dict[int, int]:
    """Ids of ``other`` → ids of ``here``."""
    names = {name(row): id_ for id_, row in here.items()}
    same = {id_: names[name(row)] for id_, row in other.items() if name(row) in names}
    taken = set(same.values())
    mine = _single((rest(row), id_) for id_, row in here.items() if id_ not in taken)
    theirs = _single((rest(row), id_) for id_, row in other.items() if id_ not in same)
    return same | {id_: mine[words] for words, id_ in theirs.items() if words in mine}


def _single(rows: Iterable[tuple[Hashable, int]]) -> dict[Hashable, int]:
    """The ids of what stands there once."""
    found: dict[Hashable, int] = {}
    double: set[Hashable] = set()
    for words, id_ in rows:
        if words in found:
            double.add(words)
        found[words] = id_
    return {words: id_ for words, id_ in found.items() if words not in double}


def _renumbered(here: State, other: State, same: Mapping[int, int]) -> State:
    def to(id_: int) -> int:
        return same.get(id_, id_)

    def refer(default: Any) -> Any:
        if isinstance(default, list):
            return [refer(each) for each in default]
        return Ref(to(default.id)) if isinstance(default, Ref) else default

    made = State(
        name=other.name,
        labels={to(id_): each for id_, each in other.labels.items()},
        attributes={
            to(id_): replace(each, default=refer(each.default)) for id_, each in other.attributes.items()
        },
        choices={to(id_): Choice(to(each.attribute), each.text) for id_, each in other.choices.items()},
        nodes={
            to(id_): replace(each, parent=None if each.parent is None else to(each.parent))
            for id_, each in other.nodes.items()
        },
        relations={to(id_): each for id_, each in other.relations.items()},
        fates={},
    )
    there = {*made.labels, *made.attributes, *made.choices, *made.nodes, *made.relations}
    fresh = there - set(same.values())
    fates = {old: now if now in there else None for old, now in here.fates.items()}
    return replace(made, fates=fates, new=here.new & there | fresh, named=here.named & there | fresh)
