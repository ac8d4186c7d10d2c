"""Undecided suggestions of one article, brought to what was learned."""

from __future__ import annotations

from annotator.core.learning import Learned, Tally, Use
from annotator.core.model import Kind, Relation, Span, State
from annotator.core.ports import Evidence
from annotator.core.recalibration import Recalibration, recalibrated


def span(name: str, kind: Kind, confidence: float = 0.96) -> Span:
    place = sum(map(ord, name))
    return Span(
        id=name, kind=kind, label=kind.title(), fragments=((place, place + 3),), state=State.SUGGESTED,
        confidence=confidence,
    )  # fmt: skip


def link(type_: str, head: str, tail: str, confidence: float = 0.96) -> Relation:
    return Relation(
        id=f"{head}-{tail}", type=type_, head=head, tail=tail, state=State.SUGGESTED, confidence=confidence
    )


# “A, the envoy, said c1 to B”; “A denied c2”
SPANS = [
    span("c1", Kind.CLAIM), span("c2", Kind.CLAIM, 0.95), span("q1", Kind.CUE), span("q2", Kind.CUE, 0.95),
    span("a", Kind.ACTOR), span("envoy", Kind.ACTOR, 0.9), span("b", Kind.ACTOR, 0.912),
]  # fmt: skip
LINKS = [
    link("cued_by", "c1", "q1"), link("cued_by", "c2", "q2", 0.95), link("made_by", "c1", "a"),
    link("made_by", "c2", "a", 0.95), link("same_as", "envoy", "a", 0.9),
    link("addressed_to", "c1", "b", 0.912),
]  # fmt: skip
EVIDENCE = {"c1": Evidence("say", "say clause", 0.96), "c2": Evidence("deny", "deny clause", 0.95)}


def run(learned: Learned, fixed: frozenset[str] = frozenset()) -> Recalibration:
    return recalibrated(SPANS, LINKS, EVIDENCE, fixed, learned)


def test_nothing_learned_changes_nothing() -> None:
    assert not run(Learned())


def test_what_hangs_on_a_claim_follows_the_surest_of_its_claims() -> None:
    found = run(Learned({"say": Tally(rejected=8, raw=7.68), "deny": Tally(4, 4, raw=7.6)}))
    assert found.spans["c1"] < found.spans["c2"]
    assert found.spans["q1"] == found.relations["c1-q1"] == found.spans["c1"]
    assert found.spans["a"] == found.spans["c2"] == found.relations["c2-a"]
    assert found.relations["c1-b"] == found.spans["b"] == round(found.spans["c1"] * 0.95, 3)
    assert found.spans["envoy"] == min(0.9, found.spans["a"])
    assert "envoy-a" not in found.relations
    assert not found.gone_spans


def test_a_word_that_is_switched_off_takes_along_what_only_it_has() -> None:
    found = run(Learned({}, {"say": Use.NEVER}))
    assert found.gone_spans == {"c1", "q1", "b"}
    assert found.gone_relations == {"c1-q1", "c1-a", "c1-b"}
    assert found.spans == {"a": 0.95}
    both = run(Learned({}, {"say": Use.NEVER, "deny": Use.NEVER}))
    assert both.gone_spans == {each.id for each in SPANS}
    assert both.gone_relations == {each.id for each in LINKS}


def test_what_another_claim_has_stays_also_where_that_has_no_evidence() -> None:
    foreign = link("addressed_to", "imported", "b", 0.5)  # its claim is of no rule, so not among the spans
    links = [*LINKS, link("made_by", "c3", "a"), foreign]
    both = Learned({}, {"say": Use.NEVER, "deny": Use.NEVER})
    found = recalibrated([*SPANS, span("c3", Kind.CLAIM)], links, EVIDENCE, frozenset(), both)
    assert found.gone_spans == {"c1", "c2", "q1", "q2"}
    assert found.gone_relations == {"c1-q1", "c2-q2", "c1-a", "c2-a", "c1-b"}


def test_what_somebody_decided_on_stays_as_it_is() -> None:
    never = Learned({}, {"say": Use.NEVER})
    assert not run(never, frozenset({"c1"})).gone_spans & {"c1", "q1", "a"}
    assert "c1" not in run(never, frozenset({"c1-q1"})).gone_spans, "its decided relation needs it"
    found = run(never, frozenset({"q1"}))
    assert "q1" not in found.gone_spans
    assert "c1" in found.gone_spans
    moved = run(Learned({"say": Tally(rejected=8, raw=7.68)}), frozenset({"c1", "c1-b"}))
    assert not moved.spans.keys() & {"c1"}
    assert not moved.relations.keys() & {"c1-b"}
    assert "q1" in moved.spans
