"""Values of attributes, and relation types, in another tool's words to those of the codebook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from annotator.core.bringing import ACTOR, ACTOR_ID, brought
from annotator.core.codebook import Attribute, Codebook
from annotator.core.mapping import ImportMapping, RelationEnds, SpanLabel
from annotator.core.model import ActorRecord, Kind
from annotator.core.proposing_labels import directed, plain, propose_attribute, propose_relation
from annotator.core.validate import value_problem
from annotator.formats.foreign import ForeignRelation, ForeignSpan
from annotator.session.line import lasting_id
from annotator.session.telling import NAME_IT, Told


class Values:
    """The attributes of spans and relations of one file."""

    def __init__(
        self, codebook: Codebook, mapping: ImportMapping, told: Told, left_out: Counter[str]
    ) -> None:
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
        actor = None
        by_plain = {plain(name): name for name in given} if label.kind is Kind.ACTOR else {}
        if ACTOR in by_plain and self._means_record(by_plain[ACTOR]):
            name = given[by_plain[ACTOR]]
            own_id = given.get(by_plain.get(ACTOR_ID, ""), None)
            taken = {by_plain[ACTOR], by_plain.get(ACTOR_ID)}
            given = {key: value for key, value in given.items() if key not in taken}
            if isinstance(name, str) and name.strip():
                actor = _record_of(" ".join(name.split()), own_id, actors)
        return self._taken(given, label.kind, span.place or place), actor

    def _means_record(self, name: str) -> bool:
        known = self._of_kind[Kind.ACTOR]
        meant = self._mapping.attributes.get(name, name)
        return plain(meant) == ACTOR and propose_attribute(known, meant) is None

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
                what = f"the codebook has no attribute “{name}” of {kind or 'relation'}s"
                self._told.report(what, place, NAME_IT, "value")
            elif isinstance(value, str) and (kind, name, value) in self._brought:
                taken[attribute.name] = self._brought[kind, name, value]
            else:
                made = brought(attribute, value, self._codebook)
                wrong = value_problem(attribute, made, self._codebook)
                if wrong:
                    cure = "Correct it, or let it be added to the codebook (--extend)"
                    self._told.report(wrong, place, cure, "value")
                elif isinstance(value, str) and not isinstance(made, list):
                    self._brought[kind, name, value] = made
                taken[attribute.name] = made
        return taken

    def _meant(self, kind: Kind | None, name: str) -> Attribute | None:
        known = self._of_relations if kind is None else self._of_kind[kind]
        return propose_attribute(known, self._mapping.attributes.get(name, name))


def _record_of(name: str, own_id: Any, actors: dict[str, ActorRecord]) -> str:
    """The id of the record of a name, among those of the article; a new one has always the same."""
    if isinstance(own_id, str) and own_id.strip():
        found = own_id.strip()
    else:
        same = (each.id for each in actors.values() if each.name == name)
        found = next(same, None) or lasting_id("actor record", name)
    if found not in actors:
        actors[found] = ActorRecord(id=found, name=name)
    return found


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
                self._told.report(wrong, place, cure, "relation")
                return None
            self._known[key] = found
        return self._known[key]

    def _meant(self, name: str, head: Kind, tail: Kind) -> RelationEnds | None:
        given = self._mapping.relations
        if name in given:
            found = given[name] or RelationEnds("")
            return found if not found.type or self._codebook.relation_type(found.type) else None
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
