"""Reports as suggested spans and relations, in the words of a project's scheme."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from annotator.core.model import Fragments, Kind
from annotator.core.ports import Evidence, SuggestedRelation, SuggestedSpan
from annotator.core.recalibration import ADDRESSED, APPOSITION
from annotator.core.records import replace
from annotator.core.scheme import Scheme
from annotator.nlp.attribution import identity
from annotator.nlp.attribution.report import Mention, Report


class Suggestions:
    """Collects the suggestions of one article: each span once, with its highest confidence.

    Confidences are those that the project has learned; a claim's evidence keeps the rule's own.
    """

    def __init__(self, scheme: Scheme, origin: str) -> None:
        self._scheme = scheme
        self._origin = origin
        self._places: dict[tuple[Kind, Fragments], int] = {}
        self._spans: list[SuggestedSpan] = []
        self._relations: dict[tuple[str, int, int], float] = {}
        self._mentions: dict[int, Mention] = {}

    def add(self, reports: Iterable[Report]) -> None:
        """Take reports; spans of kinds that the scheme has no label for are left out."""
        learned = self._scheme.learned
        for report in reports:
            if report.word in learned.off:
                continue
            evidence = Evidence(report.word, report.rule, report.confidence)
            report = replace(report, confidence=learned.confidence(report.word, report.confidence))
            claim = self._span(
                Kind.CLAIM, report.claim, report.confidence, self._claim_attributes(report), evidence
            )
            if claim is None:
                continue
            if report.cue:
                self._relate(
                    "cued_by", claim, self._span(Kind.CUE, report.cue, report.confidence), report.confidence
                )
            actors = [self._actor(each, report.confidence) for each in report.sources]
            for actor in actors:
                self._relate("made_by", claim, actor, report.confidence)
            for nth, beside in report.appositions:
                actor = self._actor(beside, min(report.confidence, APPOSITION))
                self._relate("same_as", actor, actors[nth], APPOSITION)
            if report.addressee is not None:
                sure = round(report.confidence * ADDRESSED, 3)
                self._relate("addressed_to", claim, self._actor(report.addressee, sure), sure)

    def identify(self, text: str, persons: Sequence[tuple[int, int]]) -> None:
        """Link the actors that surely mean the same; ``persons`` as for :func:`identity.links`."""
        places = list(self._mentions)
        for link in identity.links(text, [self._mentions[each] for each in places], persons):
            later, earlier = places[link.later], places[link.earlier]
            if ("same_as", earlier, later) not in self._relations:
                self._relate("same_as", later, earlier, link.confidence)

    def result(self) -> tuple[tuple[SuggestedSpan, ...], tuple[SuggestedRelation, ...]]:
        """The spans, and the relations by their places among them."""
        relations = tuple(
            SuggestedRelation(type_, head, tail, self._origin, sure)
            for (type_, head, tail), sure in self._relations.items()
        )
        return tuple(self._spans), relations

    def _claim_attributes(self, report: Report) -> dict[str, Any]:
        wanted = {"quotation": report.quotation, "form": report.form, "stance": report.stance}
        return self._allowed(Kind.CLAIM, wanted)

    def _allowed(self, kind: Kind, wanted: dict[str, str | None]) -> dict[str, Any]:
        choices = self._scheme.choices
        return {name: value for name, value in wanted.items() if value in choices.get((kind, name), ())}

    def _actor(self, mention: Mention, confidence: float) -> int | None:
        place = self._span(
            Kind.ACTOR, mention.fragments, confidence, self._allowed(Kind.ACTOR, {"type": mention.type})
        )
        if place is not None:
            self._mentions.setdefault(place, mention)
        return place

    def _span(
        self,
        kind: Kind,
        fragments: Fragments,
        confidence: float,
        attributes: dict[str, Any] | None = None,
        evidence: Evidence | None = None,
    ) -> int | None:
        label = self._scheme.labels.get(kind)
        if label is None or not fragments:
            return None
        place = self._places.get((kind, fragments))
        if place is None:
            place = self._places[kind, fragments] = len(self._spans)
            self._spans.append(
                SuggestedSpan(kind, label, fragments, self._origin, confidence, attributes or {}, evidence)
            )
        elif confidence > (self._spans[place].confidence or 0):
            old = self._spans[place]
            self._spans[place] = replace(old, confidence=confidence, evidence=evidence)
        return place

    def _relate(self, type_: str, head: int | None, tail: int | None, confidence: float) -> None:
        if head is None or tail is None or head == tail:
            return
        kinds = self._spans[head].kind, self._spans[tail].kind
        if (type_, *kinds) in self._scheme.relations:
            key = (type_, head, tail)
            self._relations[key] = max(confidence, self._relations.get(key, 0.0))
