"""What the program's own files use and a codebook lacks, and the codebook with it.

Every name means just itself, and every value stays as it is: nothing is mapped here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from annotator.core.codebook import Attribute, AttributeType, Codebook
from annotator.core.codebook_file import has_break
from annotator.core.extending import new_attribute, with_codes, with_labels, with_relation_types
from annotator.core.found_names import ALL_VALUES, FoundNames, SeenAttribute
from annotator.core.mapping import ImportMapping, RelationEnds, key_of
from annotator.core.model import ActorRecord, Kind, Relation, Span
from annotator.core.records import replace
from annotator.core.text import excerpt, shown, slice_of
from annotator.core.validate import value_problem

CATEGORIES = "categories"
"""The attribute that is of that type in every codebook that comes with the program."""
_LIST = AttributeType.MULTI_CHOICE
_CHOSEN = (AttributeType.CHOICE, _LIST)
_KINDS = {str(kind): kind for kind in Kind}


class Lacking:
    """Collects it from labels that break a rule of :data:`annotator.core.validate.LACKING`.

    ``see_span`` and ``see_relation`` give a sentence where a word cannot stand in a codebook; else an empty
    one.
    """

    def __init__(self, codebook: Codebook) -> None:
        self.names = FoundNames(most=ALL_VALUES)
        """Labels by ``kind:label``; what stands there for the label of a span is its kind alone."""
        self._codebook = codebook
        self._of_kind = {kind: _by_name(codebook.attributes_of(kind)) for kind in Kind}
        self._of_relations = _by_name(codebook.relation_attributes())
        self._of_records = _by_name(codebook.record_attributes())
        self._all = _by_name(codebook.attributes)
        self._records: set[str] = set()

    def see_type(self, name: str, type_: AttributeType) -> None:
        """The file says what type an attribute has; it counts where a label has it."""
        self.names.types.setdefault(name, type_)

    def see_span(self, span: Span, text: str) -> str:
        """A span of an article of that text."""
        if self._codebook.label(span.kind, span.label) is None:
            if _is_odd(span.label):
                return _odd("label", span.label)
            known = self.names.labels.get(key_of(span.kind, span.label))
            example = "" if known else excerpt(slice_of(text, span.fragments))
            self.names.see_label(str(span.kind), span.label, example)
        for name, value in self._lacking(span.attributes, self._of_kind[span.kind]):
            if odd := self._oddity(name, value):
                return odd
            self.names.see_attribute(name, value).bearers.add(str(span.kind))
        return ""

    def see_relation(self, relation: Relation, spans: Mapping[str, Span], text: str) -> str:
        """A relation between two of the spans of an article of that text."""
        rule = self._codebook.relation_type(relation.type)
        head, tail = spans.get(relation.head), spans.get(relation.tail)
        if head is None or tail is None:
            return ""
        if rule is None and _is_odd(relation.type):
            return _odd("relation type", relation.type)
        if rule is None or not rule.allows(head.kind, tail.kind):
            known = relation.type in self.names.relations
            example = "" if known else excerpt(slice_of(text, head.fragments))
            self.names.see_relation(relation.type, str(head.kind), str(tail.kind), example)
        for name, value in self._lacking(relation.attributes, self._of_relations):
            if odd := self._oddity(name, value):
                return odd
            self.names.see_attribute(name, value).on_relations = True
        return ""

    def see_record(self, record: ActorRecord) -> None:
        """An actor record; many lines may have it. It may have what cannot stand in a codebook."""
        if record.id in self._records:
            return
        self._records.add(record.id)
        for each in record.properties:
            for name, value in self._lacking({each.name: each.value}, self._of_records):
                if not self._oddity(name, value):
                    self.names.see_attribute(name, value).on_records = True

    def _lacking(
        self, attributes: Mapping[str, Any], known: Mapping[str, Attribute]
    ) -> Iterable[tuple[str, Any]]:
        for name, value in attributes.items():
            attribute = known.get(name)
            if attribute is None or value_problem(attribute, value, self._codebook):
                yield name, value

    def _oddity(self, name: str, value: Any) -> str:
        known = self._all.get(name)
        if known is None and _is_odd(name):
            return _odd("attribute", name)
        type_ = known.type if known else self.names.types.get(name)
        in_tree = type_ is AttributeType.CATEGORIES
        there = known.choices if known else ()
        for each in value if isinstance(value, list) else [value] if type_ in _CHOSEN else []:
            if not isinstance(each, str) or each in there:
                continue
            if _is_odd(each) or (in_tree and not _is_code(each)):
                return _odd("category" if in_tree else "choice", each)
        return ""


def _by_name(attributes: Iterable[Attribute]) -> dict[str, Attribute]:
    return {each.name: each for each in attributes}


def _is_odd(words: str) -> bool:
    return not words.strip() or has_break(words)


def _odd(what: str, words: str) -> str:
    why = "it has a line break or a control character in it" if words.strip() else "it is blank"
    why = "it has an empty part" if not _is_odd(words) else why
    return f"the {what} {shown(words)} cannot be one of a codebook: {why}"


def _is_code(words: str) -> bool:
    return all(part.strip() for part in words.split("/"))


def extended_by(codebook: Codebook, names: FoundNames) -> Codebook:
    """The codebook with everything that :class:`Lacking` has collected."""
    there = {(each.kind, each.name) for each in codebook.labels}
    found = dict.fromkeys((Kind(each.layer), each.name) for each in names.labels.values())
    made = with_labels(codebook, [each for each in found if each not in there])
    themselves = ImportMapping(relations={name: RelationEnds(name) for name in names.relations})
    made = with_relation_types(made, names, themselves, _KINDS)
    for name in dict.fromkeys((*names.types, *names.attributes)):  # as the file lists them, if it does
        if seen := names.attributes.get(name):
            made = _with_attribute(made, name, seen, names.types.get(name))
    return made


def _with_attribute(
    codebook: Codebook, name: str, seen: SeenAttribute, type_: AttributeType | None
) -> Codebook:
    old = next((each for each in codebook.attributes if each.name == name), None)
    made = old or _new(name, seen, type_)
    made = replace(
        made,
        kinds=made.kinds | {Kind(each) for each in seen.bearers},
        relations=made.relations or seen.on_relations,
        records=made.records or seen.on_records,
    )
    texts = [each for each in seen.values.values() if isinstance(each, str)]
    if made.type in _CHOSEN:
        made = replace(made, choices=tuple(dict.fromkeys((*made.choices, *texts))))
    elif made.type is AttributeType.CATEGORIES:
        codebook = with_codes(codebook, texts)
    if old is None:
        return replace(codebook, attributes=(*codebook.attributes, made))
    return replace(codebook, attributes=tuple(made if each is old else each for each in codebook.attributes))


def _new(name: str, seen: SeenAttribute, type_: AttributeType | None) -> Attribute:
    """An attribute that takes what was seen; members of lists are categories where one has a ``/``."""
    texts = [each for each in seen.values.values() if isinstance(each, str)]
    if type_ is None and seen.lists:
        in_tree = name == CATEGORIES or any("/" in each for each in texts)
        type_ = AttributeType.CATEGORIES if in_tree and all(map(_is_code, texts)) else _LIST
    if not texts and type_ in _CHOSEN:  # which would have no choices
        type_ = AttributeType.CATEGORIES if type_ is _LIST else AttributeType.TEXT
    if type_ is not None:
        return Attribute(name=name, type=type_, title=name)
    return new_attribute(name, seen)
