"""The rules of labels as functions that return what is wrong, in words, or nothing.

The window, the import, ``annotator check`` and the export all ask here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from annotator.core.codebook import Attribute, AttributeType, Codebook
from annotator.core.errors import Place, Problem
from annotator.core.model import ActorRecord, Fragments, Kind, Relation, Span
from annotator.core.text import excerpt, shown

LACKING = frozenset({"label", "attribute", "choice", "category", "relation-type", "relation-rule"})
"""Rules (:attr:`Problem.rule`) that labels break since the codebook lacks something."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def fragment_problem(fragments: Fragments, text: str) -> str | None:
    """What is wrong with a span's fragments in an article of that text."""
    if not fragments:
        return "a span needs at least one fragment"
    last = -1
    for start, end in fragments:
        if start < 0 or end > len(text):
            return f"the span {start}–{end} lies beyond the text, which has {len(text)} characters"
        if start >= end:
            return f"the span {start}–{end} is empty"
        if start < last:
            return (
                f"the fragments of the span {fragments[0][0]}–{fragments[-1][1]} overlap or are out of order"
            )
        last = end
    if not any(text[start:end].strip() for start, end in fragments):
        return "a span needs more than white space"
    return None


def value_problem(attribute: Attribute, value: Any, codebook: Codebook) -> str | None:
    """What is wrong with an attribute's value."""
    name = attribute.title or attribute.name
    match attribute.type:
        case AttributeType.CHOICE:
            if value not in attribute.choices:
                return f"{name} takes one of {', '.join(attribute.choices)}, not {shown(value)}"
        case AttributeType.MULTI_CHOICE:
            if not isinstance(value, (list, tuple)) or any(v not in attribute.choices for v in value):
                return f"{name} takes some of {', '.join(attribute.choices)}, not {shown(value)}"
        case AttributeType.CATEGORIES:
            if not isinstance(value, (list, tuple)):
                return f"{name} takes a list of category codes, not {shown(value)}"
            unknown = [str(v) for v in value if not codebook.has_category(v)]
            if unknown:
                return f"the codebook has no category {', '.join(unknown)}"
        case AttributeType.BOOLEAN:
            if not isinstance(value, bool):
                return f"{name} takes true or false, not {shown(value)}"
        case AttributeType.NUMBER:
            finite = math.isfinite(value) if isinstance(value, float) else _is_whole(value)
            if isinstance(value, bool) or not finite:
                return f"{name} takes a number, not {shown(value)}"
        case AttributeType.TEXT:
            if not isinstance(value, str):
                return f"{name} takes a text, not {shown(value)}"
        case AttributeType.DATE:
            if not is_date(value):
                return f"{name} takes a date like 2026-03-31, not {shown(value)}"
    return None


def _is_whole(value: Any) -> bool:
    """Whether it is a whole number that every program reads back from JSON as it was."""
    return isinstance(value, int) and abs(value) < 1 << 53


def is_date(value: Any) -> bool:
    """Whether a value is an existing day written ``YYYY-MM-DD``."""
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def span_problems(span: Span, text: str, codebook: Codebook) -> Iterator[Problem]:
    """Everything that is wrong with one span."""
    where = f"span {span.id}"
    place = Place(span=span.id, annotator=span.annotator or "")
    wrong = fragment_problem(span.fragments, text)
    if wrong:
        yield Problem(wrong, where, "Correct its offsets: code points, half-open", "fragments", place)
    if codebook.label(span.kind, span.label) is None:
        yield Problem(
            f"the codebook has no {span.kind} label {span.label!r}",
            where,
            "Relabel it, or add the label to the codebook",
            "label",
            place,
        )
    if span.attributes:
        known = codebook.attributes_of(span.kind)
        yield from _attribute_problems(span, known, span.kind, where, place, codebook)


def _attribute_problems(
    record: Span | Relation,
    known: Iterable[Attribute],
    what: str,
    where: str,
    place: Place,
    codebook: Codebook,
) -> Iterator[Problem]:
    by_name = {attribute.name: attribute for attribute in known}
    for name, value in record.attributes.items():
        if name not in by_name:
            wrong = f"the codebook has no attribute {name!r} for this {what}"
            cure = "Remove it, or add the attribute to the codebook"
            yield Problem(wrong, where, cure, "attribute", place)
        elif found := value_problem(by_name[name], value, codebook):
            yield Problem(found, where, "", rule_of(by_name[name], value), place)


def rule_of(attribute: Attribute, value: Any) -> str:
    """The rule that a value breaks; a choice or category that is not there is one of its own."""
    is_list = isinstance(value, (list, tuple))
    fits = all(isinstance(each, str) for each in (value if is_list else [value]))
    match attribute.type:
        case AttributeType.CHOICE if fits and not is_list:
            return "choice"
        case AttributeType.MULTI_CHOICE if fits and is_list:
            return "choice"
        case AttributeType.CATEGORIES if fits and is_list:
            return "category"
        case _:
            return "value"


def record_problems(record: ActorRecord, codebook: Codebook) -> Iterator[Problem]:
    """Everything that is wrong with one actor record by itself."""

    def wrong(what: str, cure: str) -> Problem:
        where = f"actor record {record.id} “{excerpt(record.name)}”"
        return Problem(what, where, cure, "record", Place(actor=record.id))

    if not record.name.strip():
        yield wrong("it has no name", "Give it one")
    known = {each.name: each for each in codebook.record_attributes()}
    for each in record.properties:
        attribute = known.get(each.name)
        if attribute is None:
            cure = "Remove it, or add the attribute to the codebook"
            yield wrong(f"the codebook has no attribute {each.name!r} of actor records", cure)
        elif found := value_problem(attribute, each.value, codebook):
            yield wrong(found, "Correct it in the record")
        for day in (each.since, each.until):
            if day and not is_date(day):
                what = f"the date {shown(day)} of its {each.name} is not written like 2026-03-31"
                yield wrong(what, "Correct it in the record")


def relation_problems(relation: Relation, spans: Mapping[str, Span], codebook: Codebook) -> Iterator[Problem]:
    """Everything that is wrong with one relation among the spans of its article."""
    where = f"relation {relation.id}"
    place = Place(relation=relation.id, annotator=relation.annotator or "")
    kinds: list[Kind] = []
    for end, span_id in (("head", relation.head), ("tail", relation.tail)):
        if span_id not in spans:
            yield Problem(f"its {end} is the unknown span {span_id!r}", where, "", "relation-ends", place)
        else:
            kinds.append(spans[span_id].kind)
    if relation.head == relation.tail:
        yield Problem("its head and tail are the same span", where, "", "relation-ends", place)
    rule = codebook.relation_type(relation.type)
    if rule is None:
        yield Problem(
            f"the codebook has no relation type {relation.type!r}",
            where,
            "Retype it, or add the type to the codebook",
            "relation-type",
            place,
        )
    elif len(kinds) == 2 and not rule.allows(*kinds):
        wrong = f"{relation.type!r} may not run from {kinds[0]} to {kinds[1]}"
        yield Problem(wrong, where, "Delete it or turn it round", "relation-rule", place)
    if relation.attributes:
        known = codebook.relation_attributes()
        yield from _attribute_problems(relation, known, "relation", where, place, codebook)
