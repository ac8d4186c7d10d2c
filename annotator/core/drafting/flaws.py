"""What stands against a draft's being a codebook, part by part, in plain sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator

from msgspec import Struct

from annotator.core.codebook import RESERVED_KEYS, Attribute, AttributeType, Codebook
from annotator.core.colours import colour_problem
from annotator.core.drafting.state import State
from annotator.core.validate import value_problem


class Flaw(Struct, frozen=True):
    """One thing to correct: the part's id (None: the codebook itself), the field, and a sentence."""

    id: int | None
    field: str
    what: str


def flaws(state: State, codebook: Codebook) -> list[Flaw]:
    """Everything that :func:`annotator.core.codebook.codebook_from` would refuse, and where it stands."""
    found = [] if state.name.strip() else [Flaw(None, "name", "The codebook needs a name.")]
    found += _of_labels(state)
    found += _of_attributes(state, codebook)
    found += _of_categories(state)
    found += _of_relations(state)
    return found


def _doubles(rows: Iterable[tuple[int, Hashable]]) -> set[int]:
    """Ids of the rows that say the same as another one."""
    by_words: dict[Hashable, list[int]] = defaultdict(list)
    for id_, words in rows:
        by_words[words].append(id_)
    return {id_ for ids in by_words.values() if len(ids) > 1 for id_ in ids}


def _of_labels(state: State) -> Iterator[Flaw]:
    labels = state.labels
    doubles = _doubles((id_, (each.kind, each.name)) for id_, each in labels.items())
    for id_, each in labels.items():
        if not each.name.strip():
            yield Flaw(id_, "name", f"One of the labels for {_PLURAL[each.kind]} has no name.")
        elif id_ in doubles:
            yield Flaw(id_, "name", f"Two labels for {_PLURAL[each.kind]} are called “{each.name}”.")
        if each.key:
            wrong = key_flaw(state, id_, each.key)
            if wrong:
                yield Flaw(id_, "key", wrong)
        if each.colour.startswith("#") and (problem := colour_problem(each.colour)):
            yield Flaw(id_, "colour", f"“{each.name}”: {problem}.")


_PLURAL = {"entity": "entities", "actor": "actors", "claim": "claims", "cue": "cues"}


def key_flaw(state: State, id_: int, key: str) -> str:
    """Why a label cannot have a key, in a sentence; empty where it can."""
    name = state.labels[id_].name.strip()
    name = f"“{name}”" if name else "a label without a name"
    if len(key) != 1 or not key.isprintable() or key.isspace():
        return f"The key of {name} must be one letter, digit or sign."
    if key.lower() in RESERVED_KEYS:
        letters = " ".join(sorted(each.upper() for each in RESERVED_KEYS if each.isalpha()))
        return f"The key {key.upper()} of {name} is the window’s own, as are {letters}. Choose another one."
    others = (
        each.name for other, each in state.labels.items() if other != id_ and each.key.lower() == key.lower()
    )
    other = next(others, None)
    return "" if other is None else f"The key {key.upper()} is that of {name} and of “{other}”."


def _of_attributes(state: State, codebook: Codebook) -> Iterator[Flaw]:
    doubles = _doubles((id_, each.name) for id_, each in state.attributes.items())
    for id_ in state.attributes:
        each = state.attribute(id_)
        name = each.title.strip() or each.name
        if not each.name.strip():
            yield Flaw(
                id_, "name", f"The attribute “{name}” has no name." if name else "An attribute has no name."
            )
        elif id_ in doubles:
            yield Flaw(id_, "name", f"Two attributes have the name “{each.name}”.")
        if not (each.kinds or each.relations or each.records):
            yield Flaw(id_, "kinds", f"Say what “{name}” belongs to: spans of a kind, relations or records.")
        yield from _of_choices(state, id_, each, name)
        wrong = each.default is not None and value_problem(each, each.default, codebook)
        if wrong:
            yield Flaw(id_, "default", f"The default of “{name}” is not allowed: {wrong}.")


def _of_choices(state: State, id_: int, attribute: Attribute, name: str) -> Iterator[Flaw]:
    if attribute.type not in (AttributeType.CHOICE, AttributeType.MULTI_CHOICE):
        return
    ids = state.choices_of(id_)
    if not ids:
        yield Flaw(id_, "choices", f"“{name}” has no choices yet.")
    doubles = _doubles((each, state.choices[each].text) for each in ids)
    for each in ids:
        text = state.choices[each].text
        if not text.strip():
            yield Flaw(id_, "choices", f"A choice of “{name}” is empty.")
        elif each in doubles:
            yield Flaw(id_, "choices", f"“{name}” has the choice “{text}” twice.")
            doubles -= {other for other in doubles if state.choices[other].text == text}


def _of_categories(state: State) -> Iterator[Flaw]:
    doubles = _doubles(state.codes.items())
    for id_, node in state.nodes.items():
        if not node.segment.strip():
            yield Flaw(id_, "segment", f"The category “{node.title}” has no code.")
        elif id_ in doubles:
            yield Flaw(id_, "segment", f"Two categories have the code “{state.codes[id_]}”.")


def _of_relations(state: State) -> Iterator[Flaw]:
    doubles = _doubles((id_, each.name) for id_, each in state.relations.items())
    for id_, each in state.relations.items():
        name = each.title.strip() or each.name
        if not each.name.strip():
            yield Flaw(
                id_, "name", f"The relation “{name}” has no name." if name else "A relation has no name."
            )
        elif id_ in doubles:
            yield Flaw(id_, "name", f"Two relations have the name “{each.name}”.")
        for field, what, kinds in (("heads", "starts from", each.heads), ("tails", "leads to", each.tails)):
            if not kinds:
                yield Flaw(id_, field, f"Say what the relation “{name}” {what}.")
