"""How many labels and values a change of the codebook would touch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Label, Table, and_, func, literal, select

from annotator.core.carrying import Carrier
from annotator.core.codebook import AttributeType
from annotator.core.model import Kind
from annotator.core.moves import Move, Part, Touched
from annotator.store.actor_tables import PROPERTIES
from annotator.store.codebooks import load_codebook
from annotator.store.rows import value_of
from annotator.store.tables import RELATIONS, SPANS


def _numbers(rows: Table) -> tuple[Label[int], Label[int]]:
    """How many of the rows are somebody's, and how many are suggestions."""
    own = func.count(rows.c.annotator)
    return own.label("own"), (func.count() - own).label("suggested")


_LABELS = select(SPANS.c.kind, SPANS.c.label, *_numbers(SPANS)).group_by(SPANS.c.kind, SPANS.c.label)
_TYPES = select(RELATIONS.c.type, *_numbers(RELATIONS)).group_by(RELATIONS.c.type)
_VALUES = [
    select(rows.c.attributes, *_numbers(rows)).where(rows.c.attributes != "{}").group_by(rows.c.attributes)
    for rows in (SPANS, RELATIONS)
]
_BORNE = [
    select(of, rows.c.attributes, func.count())
    .where(rows.c.attributes != "{}")
    .group_by(of, rows.c.attributes)
    for of, rows in ((SPANS.c.kind, SPANS), (literal("relation"), RELATIONS))
]
_HEADS, _TAILS = SPANS.alias("heads"), SPANS.alias("tails")
_ENDS = (
    select(RELATIONS.c.type, _HEADS.c.kind, _TAILS.c.kind, func.count())
    .join_from(
        RELATIONS,
        _HEADS,
        and_(_HEADS.c.article_pk == RELATIONS.c.article_pk, _HEADS.c.id == RELATIONS.c.head),
    )
    .join(_TAILS, and_(_TAILS.c.article_pk == RELATIONS.c.article_pk, _TAILS.c.id == RELATIONS.c.tail))
    .group_by(RELATIONS.c.type, _HEADS.c.kind, _TAILS.c.kind)
)
_OF_RECORDS = select(PROPERTIES.c.name, PROPERTIES.c.value, func.count()).group_by(
    PROPERTIES.c.name, PROPERTIES.c.value
)


def touched(connection: Connection, moves: Sequence[Move]) -> list[Touched]:
    """How many spans, relations and values of records, and how many suggestions, each move touches, in order.

    A category is counted with those below it. Looks at every label once, however many moves there are.
    """
    labels: defaultdict[tuple[Part, tuple[str, ...]], Touched] = defaultdict(Touched)
    parts = {each.part for each in moves}
    if Part.LABEL in parts:
        for kind, name, own, suggested in connection.execute(_LABELS):
            labels[Part.LABEL, (kind, name)] = Touched(own, suggested)
    if Part.RELATION in parts:
        for name, own, suggested in connection.execute(_TYPES):
            labels[Part.RELATION, (name,)] = Touched(own, suggested)
    if parts & {Part.ATTRIBUTE, Part.CHOICE, Part.CATEGORY}:
        codebook = load_codebook(connection)
        trees = {each.name for each in codebook.attributes if each.type == AttributeType.CATEGORIES}
        for values, count in _values(connection):
            for word in set(_words(values, trees)):
                labels[word] += count
    return [labels[each.part, each.old] for each in moves]


def cleared(connection: Connection, carrier: Carrier) -> int:
    """How many values go since what has them cannot have the attribute any more, which stays elsewhere."""
    taken_off = carrier.taken_off()
    if not taken_off:
        return 0
    number: int = sum(
        count for name, _, count in connection.execute(_OF_RECORDS) if ("record", name) in taken_off
    )
    for statement in _BORNE:
        for of, text, count in connection.execute(statement):
            values = value_of(text)
            if isinstance(values, dict):
                number += sum(count for name in values if (of, name) in taken_off)
    return number


def out_of_rule(connection: Connection, carrier: Carrier) -> int:
    """How many relations stay though their type does not allow them any more."""
    tightened = {old.name: (old, new) for old, new in carrier.tightened()}
    if not tightened:
        return 0
    number = 0
    for type_, head, tail, count in connection.execute(_ENDS):
        if type_ in tightened:
            old, new = tightened[type_]
            if old.allows(Kind(head), Kind(tail)) and not new.allows(Kind(head), Kind(tail)):
                number += count
    return number


def _values(connection: Connection) -> Iterator[tuple[dict[str, Any], Touched]]:
    """Attribute values that labels and records have, each with how many have exactly these."""
    for statement in _VALUES:
        for text, own, suggested in connection.execute(statement):
            values = value_of(text)
            if isinstance(values, dict):
                yield values, Touched(own, suggested)
    for name, text, count in connection.execute(_OF_RECORDS):
        yield {name: value_of(text)}, Touched(count)


def _words(values: dict[str, Any], trees: set[str]) -> Iterator[tuple[Part, tuple[str, ...]]]:
    """The words that values consist of; of a category also every one above it."""
    for name, value in values.items():
        yield Part.ATTRIBUTE, (name,)
        for each in value if isinstance(value, list) else [value]:
            if not isinstance(each, str):
                continue
            yield Part.CHOICE, (name, each)
            above = each if name in trees else ""
            while above:
                yield Part.CATEGORY, (above,)
                above = above.rpartition("/")[0]
