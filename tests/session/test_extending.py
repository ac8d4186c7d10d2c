"""A codebook that was extended by what a survey found takes everything of the file."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import Codebook, codebook_from, codebook_to
from annotator.core.codebook_file import oddity
from annotator.core.extending import complete, extended
from annotator.core.found_names import FoundNames
from annotator.core.mapping import ImportMapping, SpanLabel
from annotator.core.mapping_file import mapping_from_toml, mapping_to_toml
from annotator.core.model import Kind
from annotator.core.ports import ArticleLabels
from annotator.core.validate import relation_problems, span_problems
from annotator.formats.base import Intake, Record, Source
from annotator.formats.foreign import Foreign, ForeignRelation, ForeignSpan
from annotator.formats.plain import article_of
from annotator.session.foreign import Translator
from annotator.session.surveying import _names_of

TEXT = "Smith 😀 said Acme Corp lied. Iran denied it. " * 2
NAMES = (
    "PER", "ORG", "ACTOR", "Speaker", "claim", "Cue", "Minister", "MISC", "actor:Bank", "entity:Person",
    "a\tb",
    "", " ", "x" * 90, "Ärger", "entity:", "Person", "person", "B\u0085C",
    "made_by",
)  # fmt: skip
LAYERS = ("", "", "", "actor", "claim", "NamedEntity", "custom.Span", "webanno.custom.Claim")
TYPES = ("SAYS", "by", "made_by", "same_as", "near", "partOf", "supports", "", "Coref", "a b")
VALUES = (
    "oppose", "OPPOSE", "con", "support ", 3, 2.5, True, "2026-01-02", ["a", "b"], [], None, "", "a/b", "/",
    "//x", "sanctions", "Security/Arms", ["rights", "war/naval"], [1, "x"], "long " * 30, "a\nb",
)  # fmt: skip
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        ["tone", "Stance", "stance", "free", "actor", "actor_id", "type", "n", "Sure", " ", "a b"]
    ),
    st.sampled_from(VALUES),
    max_size=3,
)
OFFSETS = st.tuples(st.integers(0, 20), st.integers(22, 40)).map(lambda pair: (pair,))
SPANS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(LAYERS), OFFSETS, ATTRIBUTES, st.booleans()), max_size=7
)


@st.composite
def records(draw: Any) -> Record:
    spans = [
        ForeignSpan(str(nth), name, fragments, layer, attributes, suggested)
        for nth, (name, layer, fragments, attributes, suggested) in enumerate(draw(SPANS))
    ]
    places = st.integers(0, max(0, len(spans) - 1)).map(str)
    links = st.lists(st.tuples(st.sampled_from(TYPES), places, places, ATTRIBUTES), max_size=4)
    relations = [
        ForeignRelation(str(nth), name, head, tail, attributes)
        for nth, (name, head, tail, attributes) in enumerate(draw(links))
        if head != tail and spans
    ]
    article = article_of(TEXT, "An article")
    foreign = Foreign(annotator="ben", spans=tuple(spans), relations=tuple(relations))
    return Record(labels=ArticleLabels(article=article, annotator=None), place="line 1", foreign=foreign)


GIVEN = ImportMapping(labels={"MISC": None, "PER": SpanLabel(Kind.ACTOR, "Actor")}, attributes={"n": ""})


@given(st.lists(records(), min_size=1, max_size=3), st.sampled_from([ImportMapping(), GIVEN]))
def test_an_extended_codebook_takes_everything(
    codebook: Codebook, given_records: list[Record], mapping: ImportMapping
) -> None:
    names = FoundNames()
    for record in given_records:
        _names_of(record, names)
    proposed = complete(codebook, names, mapping)
    assert names.labels.keys() <= proposed.labels.keys()
    assert names.relations.keys() <= proposed.relations.keys()
    assert names.attributes.keys() <= proposed.attributes.keys()
    assert mapping_from_toml(mapping_to_toml(proposed)) == proposed

    wider = extended(codebook, names, proposed)
    assert codebook_from(codebook_to(wider)) == wider
    assert oddity(wider) is None
    assert set(codebook.labels) <= set(wider.labels)
    assert extended(wider, names, proposed) == wider
    intake = Intake(Source("f", b""), wider, at="2026-01-01T00:00:00.000Z")
    translator = Translator(wider, proposed, "ana", as_suggestions=False)
    for record in given_records:
        found = translator.native(record, intake)
        if intake.problems:
            # a value that the codebook's own attribute cannot take is no matter of missing names
            for each in intake.problems:
                assert " takes " in each.what or "has no category" in each.what
            return
        assert found is not None
        spans = {span.id: span for span in found.labels.spans}
        for span in spans.values():
            assert list(span_problems(span, TEXT, wider)) == []
        for each in found.labels.relations:
            assert list(relation_problems(each, spans, wider)) == []
