"""A complete mapping for the names in other tools' files, and the codebook with what it lacks of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from annotator.core.bringing import ACTOR, ACTOR_ID, brought, text_of
from annotator.core.codebook import Attribute, AttributeType, Category, Codebook, RelationType
from annotator.core.found_names import FoundNames, SeenAttribute, SeenLabel
from annotator.core.mapping import LEFT_OUT, ImportMapping, RelationEnds, SpanLabel
from annotator.core.model import Kind
from annotator.core.proposing_labels import (
    directed,
    kind_at,
    new_label,
    plain,
    propose_attribute,
    propose_label,
    propose_relation,
    tidy,
)
from annotator.core.records import replace
from annotator.core.validate import is_date

_MOST_CHOICES = 12
_LONGEST_CHOICE = 40


def complete(codebook: Codebook, names: FoundNames, mapping: ImportMapping) -> ImportMapping:
    """The mapping with an entry for every name that was found; what it says already stays.

    A name that fits nothing in the codebook is mapped to what would be added to it.
    """
    labels = _labels(codebook, names, mapping)
    kinds = {key: label.kind for key, label in labels.items() if label is not None}
    relations = dict(mapping.relations)
    for type_, seen in names.relations.items():
        if type_ not in relations:
            ends = [(kinds[h], kinds[t]) for h, t in seen.ends if h in kinds and t in kinds]
            name = propose_relation(codebook, type_, ends) or tidy(type_) or "relation"
            relations[type_] = directed(codebook, name, ends)
    attributes = dict(mapping.attributes)
    for name, value in names.attributes.items():
        if name not in attributes:
            known = [each for kind in _kinds_of(value, kinds) for each in codebook.attributes_of(kind)]
            known += codebook.relation_attributes() if value.on_relations else []
            found = propose_attribute(known, name) or propose_attribute(codebook.attributes, name)
            attributes[name] = found.name if found else tidy(name) or "attribute"
    return replace(mapping, labels={**mapping.labels, **labels}, relations=relations, attributes=attributes)


def _labels(codebook: Codebook, names: FoundNames, mapping: ImportMapping) -> dict[str, SpanLabel | None]:
    labels: dict[str, SpanLabel | None] = {}
    unknown: dict[str, SeenLabel] = {}
    for key, seen in names.labels.items():
        if key in mapping.labels or seen.name in mapping.labels:
            labels[key] = mapping.labels[key if key in mapping.labels else seen.name]
        elif found := propose_label(codebook, seen.layer, seen.name):
            labels[key] = found
        else:
            unknown[key] = seen
    for key, seen in unknown.items():
        labels[key] = new_label(
            seen.layer, seen.name, _kind_from_relations(codebook, names, key, labels, mapping)
        )
    return labels


def _kind_from_relations(
    codebook: Codebook,
    names: FoundNames,
    key: str,
    labels: dict[str, SpanLabel | None],
    mapping: ImportMapping,
) -> Kind | None:
    """The kind that most relations of a label's spans ask for."""

    def kind_of(label: str) -> Kind | None:
        found = labels.get(label)
        return found.kind if found else None

    votes: dict[Kind, int] = {}
    for type_, seen in names.relations.items():
        given = mapping.relations.get(type_, RelationEnds(""))
        for (head, tail), times in seen.ends.items():
            if key not in (head, tail) or given is None:
                continue
            meant = given.type or propose_relation(codebook, type_, [(kind_of(head), kind_of(tail))])
            at_head = (head == key) != given.turned
            found = kind_at(codebook, meant or "", kind_of(tail if head == key else head), head=at_head)
            if found is not None:
                votes[found] = votes.get(found, 0) + times
    return max(votes, key=lambda kind: votes[kind], default=None)


def _kinds_of(seen: SeenAttribute, kinds: dict[str, Kind]) -> list[Kind]:
    return sorted({kinds[key] for key in seen.bearers if key in kinds})


def extended(codebook: Codebook, names: FoundNames, mapping: ImportMapping) -> Codebook:
    """The codebook with the labels, relation types, attributes, choices and categories that it lacks.

    ``mapping`` is complete. A relation type, or an attribute, that is there takes further kinds.
    """
    there = {(each.kind, each.name) for each in codebook.labels}
    new: list[tuple[Kind, str]] = []
    kinds: dict[str, Kind] = {}
    for key in names.labels:
        label = mapping.labels.get(key)
        if label is None:
            continue
        kinds[key] = label.kind
        if (label.kind, label.name) not in there:
            there.add((label.kind, label.name))
            new.append((label.kind, label.name))
    made = with_labels(codebook, new)
    made = with_relation_types(made, names, mapping, kinds)
    for name, seen in names.attributes.items():
        meant = mapping.attributes.get(name, LEFT_OUT)
        if meant != LEFT_OUT:
            made = _with_attribute(made, meant, seen, _kinds_of(seen, kinds))
    return made


def with_labels(codebook: Codebook, new: Iterable[tuple[Kind, str]]) -> Codebook:
    """The codebook with these labels too, each in a colour that is free, as far as there are any."""
    from annotator.core.drafting import Draft

    draft = Draft(codebook)
    draft.add_labels(new)
    return replace(draft.codebook, version=codebook.version)


def with_relation_types(
    codebook: Codebook, names: FoundNames, mapping: ImportMapping, kinds: Mapping[str, Kind]
) -> Codebook:
    """The codebook with relation types that allow what was found. ``kinds``: of the labels at their ends."""
    types = {each.name: each for each in codebook.relation_types}
    for type_, seen in names.relations.items():
        meant = mapping.relations.get(type_)
        pairs = {(kinds[head], kinds[tail]) for head, tail in seen.ends if head in kinds and tail in kinds}
        if meant is None or not pairs:
            continue
        if meant.turned:
            pairs = {(tail, head) for head, tail in pairs}
        old = types.get(meant.type)
        if old is None:
            heads, tails = (frozenset(kinds) for kinds in zip(*pairs, strict=True))
            title = meant.type.replace("_", " ")
            types[meant.type] = RelationType(name=meant.type, heads=heads, tails=tails, title=title)
            continue
        # pairs that fit the other way round are turned by themselves, unless the name is our own
        odd = {
            pair
            for pair in pairs
            if not old.allows(*pair) and (type_ == meant.type or not old.allows(*reversed(pair)))
        }
        if odd:
            heads, tails = (frozenset(kinds) for kinds in zip(*odd, strict=True))
            types[meant.type] = replace(old, heads=old.heads | heads, tails=old.tails | tails)
    return replace(codebook, relation_types=tuple(types.values()))


def _with_attribute(codebook: Codebook, name: str, seen: SeenAttribute, kinds: list[Kind]) -> Codebook:
    if plain(name) in (ACTOR, ACTOR_ID):  # names the actor record of an actor
        kinds = [kind for kind in kinds if kind is not Kind.ACTOR or _has(codebook, kind, name)]
        if not kinds and not seen.on_relations:
            return codebook
    old = propose_attribute(codebook.attributes, name)
    for kind in kinds:
        old = propose_attribute(codebook.attributes_of(kind), name) or old
    if old is None:
        made = replace(new_attribute(name, seen), kinds=frozenset(kinds), relations=seen.on_relations)
        return replace(codebook, attributes=(*codebook.attributes, made))
    made = replace(old, kinds=old.kinds | set(kinds), relations=old.relations or seen.on_relations)
    if old.type in (AttributeType.CHOICE, AttributeType.MULTI_CHOICE):
        texts = [each for each in _texts(seen) if each.isprintable()]
        new = [each for each in texts if _single(brought(old, each, codebook)) not in old.choices]
        made = replace(made, choices=(*old.choices, *new))
    elif old.type is AttributeType.CATEGORIES:
        codes = (code for text in _texts(seen) for code in brought(old, text, codebook))
        good = [code for code in codes if code.isprintable() and all(map(str.strip, code.split("/")))]
        codebook = with_codes(codebook, good)
    rows = tuple(made if each is old else each for each in codebook.attributes)
    return replace(codebook, attributes=rows)


def _has(codebook: Codebook, kind: Kind, name: str) -> bool:
    return propose_attribute(codebook.attributes_of(kind), name) is not None


def _single(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _texts(seen: SeenAttribute) -> list[str]:
    values = (text_of(each) if isinstance(each, (int, float)) else each for each in seen.values.values())
    return list(dict.fromkeys(each for each in values if isinstance(each, str) and each.strip()))


def new_attribute(name: str, seen: SeenAttribute) -> Attribute:
    """An attribute, of nothing yet, of the type that the values that were seen speak for."""
    values = list(seen.values.values())

    def made(type_: AttributeType, choices: tuple[str, ...] = ()) -> Attribute:
        return Attribute(name=name, type=type_, title=name, choices=choices)

    texts = _texts(seen)
    if seen.lists:
        return made(AttributeType.MULTI_CHOICE, tuple(each for each in texts if each.isprintable()))
    if all(isinstance(each, bool) for each in values):
        return made(AttributeType.BOOLEAN)
    if all(isinstance(each, (int, float)) and not isinstance(each, bool) for each in values):
        return made(AttributeType.NUMBER)
    if all(is_date(each) for each in values):
        return made(AttributeType.DATE)
    short = all(len(each) <= _LONGEST_CHOICE and each == tidy(each) for each in texts)
    few = len(texts) <= _MOST_CHOICES and 2 * len(texts) <= seen.times
    if len(texts) == len(values) and short and few:
        return made(AttributeType.CHOICE, tuple(texts))
    return made(AttributeType.TEXT)


def with_codes(codebook: Codebook, wanted: Iterable[str]) -> Codebook:
    """The codebook with these categories, and those above them."""
    codes = {each.code for each in codebook.categories}
    new: list[Category] = []
    for code in wanted:
        parts = code.split("/")
        for length in range(1, len(parts) + 1):
            above = "/".join(parts[:length])
            if above not in codes:
                codes.add(above)
                new.append(Category(code=above, title=parts[length - 1]))
    return replace(codebook, categories=(*codebook.categories, *new))
