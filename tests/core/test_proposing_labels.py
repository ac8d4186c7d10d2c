"""What names in other tools' files mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import Codebook, Label, RelationType
from annotator.core.mapping import RelationEnds, SpanLabel
from annotator.core.model import Kind
from annotator.core.proposing_labels import (
    directed,
    kind_at,
    new_label,
    plain,
    propose_attribute,
    propose_label,
    propose_relation,
)
from annotator.formats.naming import split_label, written_label


@pytest.mark.parametrize(
    ("layer", "name", "meant"),
    [
        ("", "Person", "entity:Person"),
        ("", "PER", "entity:Person"),
        ("", "PERSON", "entity:Person"),
        ("", "person", "entity:Person"),
        ("", "B", None),
        ("", "Organisation", "entity:Organization"),
        ("", "ORG", "entity:Organization"),
        ("", "GPE", "entity:Place"),
        ("", "Location", "entity:Place"),
        ("", "WORK_OF_ART", "entity:Work"),
        ("", "ACTOR", "actor:Actor"),
        ("", "Speaker", "actor:Actor"),
        ("", "Assertion", "claim:Claim"),
        ("", "CLAIM", "claim:Claim"),
        ("", "Cue-Verb", "cue:Cue"),
        ("", "actor:Actor", "actor:Actor"),
        ("", "Entity:Person", "entity:Person"),
        ("actor", "Actor", "actor:Actor"),
        ("actor", "Person", None),
        ("webanno.custom.Span", "PER", "entity:Person"),
        ("de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity", "LOC", "entity:Place"),
        ("NamedEntity", "Claim", "claim:Claim"),
        ("webanno.custom.Claim", "", "claim:Claim"),
        ("", "MISC", None),
        ("", "", None),
    ],
)
def test_a_name_means_the_label_that_is_called_so(
    codebook: Codebook, layer: str, name: str, meant: str | None
) -> None:
    found = propose_label(codebook, layer, name)
    assert (f"{found.kind}:{found.name}" if found else None) == meant


def test_a_word_for_a_kind_is_not_guessed_where_it_has_several_labels() -> None:
    two = Codebook(
        name="two",
        labels=(Label(name="Claimant", kind=Kind.ACTOR), Label(name="Addressee", kind=Kind.ACTOR)),
    )
    assert propose_label(two, "", "Speaker") is None
    assert propose_label(two, "", "claimant") == SpanLabel(Kind.ACTOR, "Claimant")


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("made_by", "made_by"),
        ("made-by", "made_by"),
        ("Made By", "made_by"),
        ("SAYS", "made_by"),
        ("By", "made_by"),
        ("Attribution", "made_by"),
        ("coref", "same_as"),
        ("FOO", None),
    ],
)
def test_a_relation_goes_by_its_name_too(codebook: Codebook, name: str, meant: str | None) -> None:
    assert propose_relation(codebook, name) == meant


def test_a_relation_is_turned_where_it_fits_only_that_way(codebook: Codebook) -> None:
    assert directed(codebook, "made_by", [(Kind.CLAIM, Kind.ACTOR)]) == RelationEnds("made_by")
    assert directed(codebook, "made_by", [(Kind.ACTOR, Kind.CLAIM)]) == RelationEnds("made_by", True)
    both = [(Kind.ACTOR, Kind.CLAIM), (Kind.CLAIM, Kind.ACTOR)]
    assert directed(codebook, "made_by", both) == RelationEnds("made_by")
    assert directed(codebook, "made_by", []) == RelationEnds("made_by")
    assert directed(codebook, "same_as", [(Kind.ACTOR, Kind.ACTOR)]) == RelationEnds("same_as")


def test_relations_tell_the_kind_of_an_unknown_label(codebook: Codebook) -> None:
    assert kind_at(codebook, "made_by", Kind.CLAIM, head=False) == Kind.ACTOR
    assert kind_at(codebook, "made_by", Kind.CLAIM, head=True) == Kind.ACTOR
    assert kind_at(codebook, "made_by", None, head=False) == Kind.ACTOR
    assert kind_at(codebook, "made_by", None, head=True) == Kind.CLAIM
    assert kind_at(codebook, "about", Kind.CLAIM, head=False) is None
    assert kind_at(codebook, "made_by", Kind.CUE, head=True) is None
    assert new_label("", "Minister", Kind.ACTOR) == SpanLabel(Kind.ACTOR, "Minister")
    assert new_label("", "MISC") == SpanLabel(Kind.ENTITY, "MISC")
    assert new_label("claim", "Demand", Kind.ACTOR) == SpanLabel(Kind.CLAIM, "Demand")
    assert new_label("", "actor:Bank") == SpanLabel(Kind.ACTOR, "Bank")
    for name in ("POLICY_CLAIM", "PolicyClaim", "policy claims"):
        assert new_label("", name) == SpanLabel(Kind.CLAIM, name)
    assert new_label("", "Exclaim") == SpanLabel(Kind.ENTITY, "Exclaim")


def test_attributes_go_by_name_and_title(codebook: Codebook) -> None:
    of_claims = codebook.attributes_of(Kind.CLAIM)
    for name in ("stance", "Stance", "STANCE"):
        found = propose_attribute(of_claims, name)
        assert found is not None
        assert found.name == "stance"
    assert propose_attribute(codebook.attributes_of(Kind.CUE), "stance") is None


NAMES = st.sampled_from(["Person", "actor:Person", "Actor", "a:b", ":", "entity:", "claim:x"]) | st.text(
    max_size=9
)


@given(st.sets(st.tuples(st.sampled_from(Kind), NAMES), min_size=1, max_size=8))
def test_what_is_written_for_a_label_means_it_again(pairs: set[tuple[Kind, str]]) -> None:
    codebook = Codebook(name="any", labels=tuple(Label(name=name, kind=kind) for kind, name in pairs))
    written = {written_label(codebook, *pair): pair for pair in pairs}
    assert len(written) == len(pairs)
    for name, (kind, label) in written.items():
        told, bare = split_label(name)
        assert bare == label
        assert told in (None, kind)
        if label.strip() == label and label:
            assert propose_label(codebook, "", name) == SpanLabel(kind, label)


@given(st.text())
def test_names_are_compared_without_case_and_separators(name: str) -> None:
    assert plain(plain(name)) == plain(name) or plain(name).casefold() == plain(plain(name))


def test_relation_types_of_a_codebook_without_them() -> None:
    bare = Codebook(name="bare")
    assert propose_relation(bare, "made_by") is None
    assert directed(bare, "made_by", [(Kind.CLAIM, Kind.ACTOR)]) == RelationEnds("made_by")
    other = Codebook(
        name="o",
        relation_types=(RelationType(name="x", heads=frozenset({Kind.CUE}), tails=frozenset({Kind.CUE})),),
    )
    assert propose_relation(other, "X") == "x"
