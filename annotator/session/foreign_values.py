"""Values of attributes, and relation types, in another tool's words to those of the codebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from annotator.core.bringing import ACTOR, ACTOR_ID, brought
from annotator.core.codebook import Attribute, AttributeType, Codebook
from annotator.core.mapping import ImportMapping, RelationEnds, SpanLabel
from annotator.core.model import ActorRecord, Kind
from annotator.core.proposing_labels import directed, plain, propose_attribute, propose_relation
from annotator.core.records import replace
from annotator.core.validate import value_problem
from annotator.formats.foreign import ForeignRelation, ForeignSpan
from annotator.session.line import lasting_id
from annotator.session.telling import NAME_IT, Told

_PLURALS = {Kind.ENTITY: "entities", Kind.ACTOR: "actors", Kind.CLAIM: "claims", Kind.CUE: "cues"}
_WITH_LISTS = (AttributeType.CHOICE, AttributeType.MULTI_CHOICE, AttributeType.CATEGORIES)
"""Attributes whose values the codebook lists; others take no more values by an addition to it."""


class Values:
    """The attributes of spans and relations of one file."""

    def __init__(
        self,
        codebook: Codebook,
        mapping: ImportMapping,
        told: Told,
        left_out: Counter[str],
        records: Callable[[], Iterable[ActorRecord]],
    ) -> None:
        self._records = records
        self._by_name: dict[str, list[ActorRecord]] | None = None
        self._codebook = codebook
        self._mapping = mapping
        self._told = told
        self._left_out = left_out
        self._of_kind = {kind: codebook.attributes_of(kind) for kind in Kind}
        self._of_relations = codebook.relation_attributes()
        self._known: dict[tuple[Kind | None, str], Attribute | None] = {}
        """What names mean at spans of a kind, or (None) at relations; None: unknown or left out."""
        self._brought: dict[tuple[Kind | None, str, str], Any] = {}

    def of_span(
        self, span: ForeignSpan, label: SpanLabel, place: str, actors: dict[str, ActorRecord]
    ) -> tuple[dict[str, Any], str | None]:
        """The attributes, and the actor record that one called ``actor`` names, which is made if need be."""
        given: Mapping[str, Any] = span.attributes
        if label.kind is not Kind.ACTOR:
            return self._taken(given, label.kind, span.place or place), None
        actor = None
        of_record = {plain(name): name for name in given if self._means_record(name)}
        if of_record:
            name, own_id = (_words(given.get(of_record.get(each, ""))) for each in (ACTOR, ACTOR_ID))
            given = {key: value for key, value in given.items() if key not in of_record.values()}
            if name or own_id:
                actor = self._record_of(name or own_id, own_id, actors)
        return self._taken(given, label.kind, span.place or place), actor

    def _record_of(self, name: str, own_id: str, actors: dict[str, ActorRecord]) -> str:
        """The id of the record of a name, of the article or the project; a new one has always the same."""
        if own_id:
            found = own_id
            made = ActorRecord(id=found, name=name)
        else:
            same = next((each for each in actors.values() if each.name == name), None)
            made = same or self._known_as(name) or ActorRecord(id=lasting_id("actor record", name), name=name)
            found = made.id
        actors.setdefault(found, made)
        return found

    def _known_as(self, name: str) -> ActorRecord | None:
        """The project's record of a name, where there is just one."""
        if self._by_name is None:
            self._by_name = {}
            for each in self._records():
                if each.merged_into is None:
                    self._by_name.setdefault(each.name, []).append(each)
        same = self._by_name.get(name, ())
        return same[0] if len(same) == 1 else None

    def _means_record(self, name: str) -> bool:
        known = self._of_kind[Kind.ACTOR]
        meant = self._mapping.attributes.get(name, name)
        return plain(name) in (ACTOR, ACTOR_ID) and bool(meant) and propose_attribute(known, meant) is None

    def of_relation(self, relation: ForeignRelation, place: str) -> dict[str, Any]:
        """The attributes of a relation."""
        return self._taken(relation.attributes, None, place)

    def _taken(self, given: Mapping[str, Any], kind: Kind | None, place: str) -> dict[str, Any]:
        taken: dict[str, Any] = {}
        for name, value in given.items():
            if value is None or value == "" or value == []:
                continue
            if self._mapping.attributes.get(name) == "":
                self._left_out["attribute value"] += 1
                continue
            if (kind, name) not in self._known:
                self._known[kind, name] = self._meant(kind, name)
            attribute = self._known[kind, name]
            if attribute is None:
                whose = _PLURALS[kind] if kind else "relations"
                what = f"the codebook has no attribute “{name}” of {whose}"
                self._told.report(what, place, NAME_IT, "value")
            elif isinstance(value, str) and (kind, name, value) in self._brought:
                taken[attribute.name] = self._brought[kind, name, value]
            else:
                made = brought(attribute, value, self._codebook)
                wrong = value_problem(attribute, made, self._codebook)
                if wrong:
                    cure = (
                        "Correct it, or let it be added to the codebook (--extend)"
                        if attribute.type in _WITH_LISTS
                        else f"Correct it, or say in a mapping file (--map) what “{name}” means"
                    )
                    self._told.report(wrong, place, cure, "value")
                elif isinstance(value, str) and not isinstance(made, list):
                    self._brought[kind, name, value] = made
                taken[attribute.name] = made
        return taken

    def _meant(self, kind: Kind | None, name: str) -> Attribute | None:
        known = self._of_relations if kind is None else self._of_kind[kind]
        return propose_attribute(known, self._mapping.attributes.get(name, name))


def _words(value: Any) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""


class Relations:
    """The relation types of one file."""

    def __init__(self, codebook: Codebook, mapping: ImportMapping, told: Told) -> None:
        self._codebook = codebook
        self._mapping = mapping
        self._told = told
        self._known: dict[tuple[str, Kind, Kind], RelationEnds] = {}

    def found(self, link: ForeignRelation, head: Kind, tail: Kind, place: str) -> RelationEnds | None:
        """Type and direction for a relation between spans of these kinds; one without type is left out.

        None after reporting that there is none.
        """
        key = (link.type, head, tail)
        if key not in self._known:
            found = self._meant(link.type, head, tail)
            wrong = "" if found is None or not found.type else self._against(found, head, tail)
            if found is None:
                self._told.report(
                    f"the codebook has no relation type for “{link.type}”", place, NAME_IT, "relation"
                )
                return None
            if wrong:
                cure = "Turn it round in a mapping file (--map), or correct the labels of its ends"
                if self._against(found, tail, head):
                    cure = (
                        "Say in a mapping file (--map) what it or the labels at its ends mean, "
                        "or let the codebook allow it (--extend)"
                    )
                self._told.report(wrong, place, cure, "relation")
                return None
            self._known[key] = found
        return self._known[key]

    def _meant(self, name: str, head: Kind, tail: Kind) -> RelationEnds | None:
        given = self._mapping.relations
        if name in given:
            found = given[name] or RelationEnds("")
            rule = self._codebook.relation_type(found.type)
            if rule is None:
                return None if found.type else found
            ends, other = ((tail, head), (head, tail)) if found.turned else ((head, tail), (tail, head))
            wrong = not rule.allows(*ends) and rule.allows(*other)
            return replace(found, turned=not found.turned) if wrong and name != found.type else found
        type_ = propose_relation(self._codebook, name, [(head, tail)])
        if type_ is None:
            return None
        # our own word means our own direction; another tool's may run either way
        return RelationEnds(type_) if type_ == name else directed(self._codebook, type_, [(head, tail)])

    def _against(self, found: RelationEnds, head: Kind, tail: Kind) -> str:
        rule = self._codebook.relation_type(found.type)
        ends = (tail, head) if found.turned else (head, tail)
        if rule is None or rule.allows(*ends):
            return ""
        return f"“{found.type}” may not run from {ends[0]} to {ends[1]}"
