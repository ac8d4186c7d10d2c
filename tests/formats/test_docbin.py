"""spaCy's DocBin: what spaCy says of ours, what comes back of them, and files from strangers."""

from __future__ import annotations

import struct
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import pytest
import spacy
import srsly
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin
from spacy.tokens import Span as SpacySpan
from spacy.training import Corpus

from annotator.core.codebook import Codebook
from annotator.core.model import ActorRecord, Alias, Kind, Progress, Property, Relation, Span, State, Status
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.core.tokens import Tokens, rough_tokens
from annotator.formats.base import FileRead, Intake, Record, Source, read_source
from annotator.formats.docbin import DOCBIN
from annotator.formats.foreign import Foreign, ForeignRelation
from annotator.formats.registry import reader_for
from annotator.nlp.tokenize import tokens_for

from .labels import lines, losses_of, read_back, written_whole


def tokens_with_sentences(text: str) -> Tokens:
    words = tokens_for(text, "en")
    return Tokens(words.starts, words.ends, rough_tokens(text).sentences, words.source)


@pytest.fixture(scope="module")
def nlp() -> spacy.language.Language:
    return spacy.blank("en")


def taken(codebook: Codebook, data: bytes) -> FileRead:
    return read_back(DOCBIN, Source("a.spacy", data), codebook)


def only(found: FileRead) -> tuple[Record, Foreign]:
    assert not found.problems, [str(each) for each in found.problems]
    (record,) = found.records
    assert record.foreign is not None
    return record, record.foreign


def docs_of(data: bytes, nlp: spacy.language.Language) -> list[Doc]:
    return list(DocBin().from_bytes(data).get_docs(nlp.vocab))


def span(id_: str, kind: Kind, *fragments: tuple[int, int], **values: Any) -> Span:
    label = "Organization" if kind is Kind.ENTITY else kind.title()
    return Span(id=id_, kind=kind, label=label, fragments=fragments, annotator="ana", **values)


@pytest.fixture
def full(line: ArticleLabels) -> ArticleLabels:
    """A line with something of everything."""
    article = replace(
        line.article,
        external_id="7",
        published="2026-03-31",
        meta={"k": [1, {"y": None}], "big": 2**40},
        furniture=((30, 36),),
    )
    return replace(
        line,
        article=article,
        progress=Progress(Status.DONE, True, "read twice"),
        spans=(
            span("s1", Kind.ACTOR, (0, 5), actor="p1"),
            span("s2", Kind.CLAIM, (13, 17), (23, 27), attributes={"stance": "oppose", "n": 1.5}, note="n"),
            span("s3", Kind.ENTITY, (13, 22)),
            span("s4", Kind.ENTITY, (13, 17)),
            span("s5", Kind.CUE, (8, 11)),
            span("s6", Kind.ENTITY, (0, 5), state=State.SUGGESTED),
        ),
        relations=(
            Relation(id="r1", type="made_by", head="s2", tail="s1", annotator="ana", attributes={"a": ["x"]}),
            Relation(id="r2", type="about", head="s2", tail="s3", annotator="ana", note="m"),
        ),
        actors=(
            ActorRecord(
                id="p1", name="Smith", type="person", aliases=(Alias("J. Smith", "en"), Alias("S.")),
                properties=(Property(name="party", value=["A"], since="2020-01-01"),), external_id="Q42",
                note="n",
            ),
        ),
        tokens=tokens_with_sentences(article.text),
    )  # fmt: skip


# -- what spaCy says ----------------------------------------------------------------------------------


def test_spacy_has_everything_where_one_looks_for_it(
    codebook: Codebook, full: ArticleLabels, nlp: spacy.language.Language
) -> None:
    data, output = written_whole(
        DOCBIN, [full, replace(full, annotator=None, spans=(), relations=())], codebook
    )
    doc, other = docs_of(data, nlp)
    assert doc.text == full.article.text
    assert [(each.text, each.label_, each.ent_id_) for each in doc.ents] == [
        ("Acme Corp", "Organization", "s3")
    ]
    assert {
        key: [(each.text, each.label_, each.id_) for each in spans] for key, spans in doc.spans.items()
    } == {
        "entities": [("Acme Corp", "Organization", "s3"), ("Acme", "Organization", "s4")],
        "actors": [("Smith", "Actor", "s1")],
        "claims": [("Acme Corp lied", "Claim", "s2")],
        "cues": [("said", "Cue", "s5")],
    }
    assert doc.spans["actors"][0].kb_id_ == "Q42"
    assert all(each.start_char == each.doc[each.start].idx for spans in doc.spans.values() for each in spans)
    assert [each.text for each in doc.sents] == ["Smith 😀 said Acme Corp lied.\n", "Nobody else said so."]
    assert doc.has_annotation("ENT_IOB")
    for name, default in (("relations", []), ("rel", {})):
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=default)
    assert doc._.rel == {(3, 0): {"made_by": 1.0}, (3, 3): {"about": 1.0}}
    assert doc._.relations == (
        {"id": "r1", "head": "s2", "tail": "s1", "type": "made_by", "attributes": {"a": ("x",)}},
        {"id": "r2", "head": "s2", "tail": "s3", "type": "about", "note": "m"},
    )
    assert not other.has_annotation("ENT_IOB")
    assert losses_of(output) == {
        "suggestions": 1,
        "discontinuous spans": 1,
        "spans that begin or end within a token": 1,
        "entities within or across longer ones": 1,
    }
    assert set(losses_of(output)) <= set(DOCBIN.cannot_hold)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=lines(lambda text: tokens_for(text, "en")), other=lines())
def test_round_trip_also_through_spacy(
    codebook: Codebook, nlp: spacy.language.Language, line: ArticleLabels, other: ArticleLabels
) -> None:
    data, output = written_whole(DOCBIN, [line, other], codebook)
    docs = docs_of(data, nlp)
    assert [doc.text for doc in docs] == [line.article.text, other.article.text]
    entities = sum(each.kind is Kind.ENTITY for both in (line, other) for each in both.spans)
    lost = losses_of(output).get("entities within or across longer ones", 0)
    assert sum(len(doc.ents) for doc in docs) == entities - lost
    for bytes_ in (data, DocBin(store_user_data=True, docs=docs).to_bytes()):
        found = taken(codebook, bytes_)
        assert not found.problems
        for each, record in zip((line, other), found.records, strict=True):
            check_same(each, record)


def check_same(line: ArticleLabels, record: Record) -> None:
    assert record.foreign is not None
    article = replace(line.article, id="")
    assert record.labels.article == article
    by_id = {each.id: each for each in record.foreign.spans}
    assert len(by_id) == len(line.spans)
    for each in line.spans:
        found = by_id[each.id]
        assert (found.layer, found.label, found.fragments) == (each.kind, each.label, each.fragments)
        assert (found.attributes, found.note, found.actor) == (each.attributes, each.note, each.actor)

    def values(each: Relation | ForeignRelation) -> tuple[object, ...]:
        return (each.id, each.type, each.head, each.tail, each.attributes, each.note)

    in_order = sorted(line.relations, key=lambda each: each.order)
    assert list(map(values, record.foreign.relations)) == list(map(values, in_order))
    assert record.foreign.actors == line.actors
    assert record.foreign.annotator == line.annotator
    assert record.foreign.progress == line.progress


def test_everything_comes_back(codebook: Codebook, full: ArticleLabels) -> None:
    data, _ = written_whole(DOCBIN, [full], codebook)
    assert reader_for(Source("a.spacy", data)) is DOCBIN
    record, _ = only(taken(codebook, data))
    check_same(replace(full, spans=full.spans[:-1]), record)
    assert record.furnished


def test_changes_in_spacy_count(
    codebook: Codebook, full: ArticleLabels, nlp: spacy.language.Language
) -> None:
    data, _ = written_whole(DOCBIN, [full], codebook)
    (doc,) = docs_of(data, nlp)
    moved = SpacySpan(doc, 4, 6, label="Claim", span_id="s2")
    doc.spans["claims"] = [moved]
    del doc.spans["actors"]
    doc.spans["mine"] = [SpacySpan(doc, 0, 2, label="New")]
    _, labels = only(taken(codebook, DocBin(store_user_data=True, docs=[doc]).to_bytes()))
    spans = {each.id: each for each in labels.spans}
    assert spans["s2"].fragments == ((18, 27),)
    assert spans["s2"].note == "n"
    assert (spans["mine:1"].label, spans["mine:1"].layer) == ("New", "mine")
    assert "s1" not in spans
    assert [each.id for each in labels.relations] == ["r2"]


def test_spacy_learns_from_it(codebook: Codebook, full: ArticleLabels, tmp_path: Path) -> None:
    data, _ = written_whole(DOCBIN, [full, full], codebook)
    path = tmp_path / "train.spacy"
    path.write_bytes(data)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    nlp.add_pipe("spancat", config={"spans_key": "claims"})
    examples = list(Corpus(path)(nlp))
    assert len(examples) == 2
    nlp.initialize(lambda: examples)
    assert nlp.get_pipe("ner").labels == ("Organization",)
    assert nlp.get_pipe("spancat").labels == ("Claim",)
    losses = nlp.update(examples)
    assert losses["ner"] > 0
    assert losses["spancat"] > 0


def test_no_article(codebook: Codebook, nlp: spacy.language.Language) -> None:
    data, _ = written_whole(DOCBIN, [], codebook)
    assert docs_of(data, nlp) == []
    assert "no article" in str(taken(codebook, data).problems[0])


# -- files of spaCy -----------------------------------------------------------------------------------


def of_spacy(nlp: spacy.language.Language) -> Doc:
    doc = nlp("Apple buys  U.K. startup for $1 billion.\r\nÜber 😀 it.")
    doc.ents = [SpacySpan(doc, 0, 1, "ORG", kb_id="Q312"), SpacySpan(doc, 3, 4, "GPE")]
    doc.spans["sc"] = [SpacySpan(doc, 0, 5, "DEAL"), SpacySpan(doc, 3, 5, "THING")]
    doc.cats = {"business": 1.0, "sport": 0.0}
    return doc


def test_a_file_of_spacy(codebook: Codebook, nlp: spacy.language.Language) -> None:
    doc = of_spacy(nlp)
    doc.user_data.update({"url": "https://example.org", "n": 3, "when": ("a", None)})
    doc.user_data["._.", "rel", None, None] = {(0, 3): {"BUYS": 0.9, "SELLS": 0.1}, (3, 0): "OF"}
    doc.user_data["._.", "score", None, None] = 0.5
    doc.user_data["._.", "word", 3, None] = "of a token"
    record, labels = only(taken(codebook, DocBin(store_user_data=True, docs=[doc]).to_bytes()))
    article = record.labels.article
    assert article.text == doc.text.replace("\r\n", "\n")
    assert article.title == "Apple buys U.K. startup for $1 billion."
    assert article.url == "https://example.org"
    assert article.meta == {
        "n": 3,
        "when": ["a", None],
        "score": 0.5,
        "cats": {"business": 1.0, "sport": 0.0},
    }
    found = [(each.layer, each.label, article.text[slice(*each.fragments[0])]) for each in labels.spans]
    assert found == [
        ("entity", "ORG", "Apple"),
        ("entity", "GPE", "U.K."),
        ("sc", "DEAL", "Apple buys  U.K. startup"),
        ("sc", "THING", "U.K. startup"),
    ]
    assert [(each.type, each.head, each.tail) for each in labels.relations] == [
        ("BUYS", "entity:1", "entity:2"),
        ("OF", "entity:2", "entity:1"),
    ]
    assert labels.annotator is None
    apple, other = labels.spans[:2]
    assert (apple.actor, other.actor) == ("Q312", None)
    assert [(each.id, each.name, each.external_id) for each in labels.actors] == [("Q312", "Apple", "Q312")]


def test_what_is_kept_with_spans(codebook: Codebook, nlp: spacy.language.Language) -> None:
    doc = nlp("Ann met Bob, and Bob left.")
    doc.ents = [SpacySpan(doc, 0, 1, "PER", kb_id="NIL"), SpacySpan(doc, 2, 3, "PER", kb_id="Q1")]
    doc.spans["sc"] = [SpacySpan(doc, 5, 6, "PER", kb_id="Q1")]
    doc.user_data["._.", "sure", 0, 3] = 0.5
    doc.user_data["._.", "role", 8, 11] = ["x", "y"]
    doc.user_data["._.", "code", 4, 7] = "of no span"
    doc.user_data["._.", "code", 4, None] = "of a token"
    data = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    intake = Intake(Source("a.spacy", data), codebook)
    (record,) = read_source(intake, DOCBIN).records
    assert record.foreign is not None
    assert [(each.attributes, each.actor) for each in record.foreign.spans] == [
        ({"sure": 0.5}, None),
        ({"role": ["x", "y"]}, "Q1"),
        ({}, "Q1"),
    ]
    assert [each.name for each in record.foreign.actors] == ["Bob"]
    assert intake.left_out == {"attribute of words that are no span": 2}


def test_what_has_another_name_further_down_is_the_same(
    codebook: Codebook, nlp: spacy.language.Language
) -> None:
    docs = [nlp("Smith spoke."), nlp("John Smith spoke."), nlp("Nobody spoke.")]
    docs[0].ents = [SpacySpan(docs[0], 0, 1, "PER", kb_id="Q42")]
    docs[1].ents = [SpacySpan(docs[1], 0, 2, "PER", kb_id="Q42")]
    found = taken(codebook, DocBin(docs=docs).to_bytes())
    assert not found.problems
    record = ActorRecord(id="Q42", name="Smith", external_id="Q42")
    assert [each.foreign.actors for each in found.records if each.foreign] == [(record,), (record,), ()]


def test_with_unknown_spaces_and_without_groups(codebook: Codebook, nlp: spacy.language.Language) -> None:
    doc = Doc(nlp.vocab, words=["A", "b"], ents=["B-X", "I-X"])
    message = srsly.msgpack_loads(zlib.decompress(DocBin(docs=[doc]).to_bytes()))
    for key in ("span_groups", "version"):
        del message[key]
    _, labels = only(taken(codebook, zlib.compress(srsly.msgpack_dumps(message))))
    assert labels.spans[0].fragments == ((0, 3),)


def message_of(nlp: spacy.language.Language) -> dict[str, Any]:
    doc = of_spacy(nlp)
    found: dict[str, Any] = srsly.msgpack_loads(
        zlib.decompress(DocBin(docs=[doc], store_user_data=True).to_bytes())
    )
    return found


def packed(message: Any) -> bytes:
    return zlib.compress(srsly.msgpack_dumps(message))


GROUP = srsly.msgpack_dumps(
    {
        srsly.msgpack_dumps(
            {"name": "x", "attrs": {}, "spans": [struct.pack(">QQQllll", 0, 0, 0, 1, 9999, 0, 9)]}
        ): ["x"]
    }
)


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"attrs": [77]}, "its tokens have no words"),
        ({"attrs": []}, "its tokens have no words"),
        ({"lengths": b"\x01\0\0\0"}, "its numbers of tokens do not agree"),
        ({"lengths": b"\xff\xff\xff\xff"}, "its numbers of tokens do not agree"),
        ({"lengths": b"\x01"}, "its lengths are missing"),
        ({"tokens": None}, "its tokens are missing"),
        ({"spaces": b""}, "its numbers of tokens do not agree"),
        ({"strings": [1]}, "its strings are missing"),
        ({"strings": []}, "words of its document 1 are missing"),
        ({"cats": [{}, {}]}, "its cats do not fit"),
        ({"span_groups": [GROUP]}, "a span reaches from token 1 to 9999"),
        ({"span_groups": [b"\x81"]}, "it is damaged"),
        ({"span_groups": [srsly.msgpack_dumps({b"\xc0": ["x"]})]}, "its span groups are damaged"),
        ({"user_data": [b"\xc1"]}, "it holds values that are no plain data"),
        ({"user_data": [b"\xc7\x01\x01a"]}, "it holds values that are no plain data"),
        ({"user_data": [b"\x91" * 500 + b"\xc0"]}, "lists or maps within each other"),
        ({"user_data": [b"\xdd\xff\xff\xff\xff"]}, "it is damaged"),
        ({"user_data": [b"\xa1\xff"]}, "a text in it is not UTF-8"),
        ({"user_data": [b"\x81\x80\xc0"]}, "a key in it is no text"),
        ({"user_data": [b"\xc0\xc0"]}, "something stands behind its end"),
    ],
)
def test_damaged_files(
    codebook: Codebook, nlp: spacy.language.Language, change: dict[str, Any], what: str
) -> None:
    (problem,) = taken(codebook, packed(message_of(nlp) | change)).problems
    assert str(problem).startswith("a.spacy: this DocBin of spaCy cannot be read: ")
    assert what in str(problem)
    assert problem.cure


@pytest.mark.parametrize("data", [b"", b"\x78\x9c", b"text", zlib.compress(b"\xc0"), zlib.compress(b"")])
def test_what_is_none(codebook: Codebook, data: bytes) -> None:
    assert "cannot be read" in str(taken(codebook, data).problems[0])


def test_cut_off(codebook: Codebook, full: ArticleLabels) -> None:
    data, _ = written_whole(DOCBIN, [full], codebook)
    assert "cut off" in str(taken(codebook, data[:-20]).problems[0])


def test_a_bomb_takes_no_memory(codebook: Codebook) -> None:
    squeezed = zlib.compressobj(9)
    data = b"".join(squeezed.compress(b"\0" * (1 << 20)) for _ in range(80)) + squeezed.flush()
    tracemalloc.start()
    found = taken(codebook, data)
    assert "takes more than" in str(found.problems[0])
    assert tracemalloc.get_traced_memory()[1] < 150 << 20
    tracemalloc.stop()


@pytest.mark.parametrize(
    ("own", "what"),
    [
        ({"status": "x"}, "was changed"),
        ({"annotator": 3}, "was changed"),
        ({"actors": [{"id": "x"}]}, "was changed"),
        ({"actors": [3]}, "was changed"),
        ({"article": {"furniture": [[0, 999]]}}, "was changed"),
        ({"article": {"published": "soon"}}, "was changed"),
        ({"article": 3}, "was changed"),
        ({"spans": 3}, "was changed"),
    ],
)
def test_user_data_of_strangers(
    codebook: Codebook, nlp: spacy.language.Language, own: dict[str, Any], what: str
) -> None:
    doc = of_spacy(nlp)
    doc.user_data["annotator"] = own
    (problem,) = taken(codebook, DocBin(store_user_data=True, docs=[doc]).to_bytes()).problems
    assert str(problem).startswith("a.spacy, document 1: ")
    assert what in str(problem)


def test_wrong_spans_and_relations_are_named(codebook: Codebook, nlp: spacy.language.Language) -> None:
    doc = of_spacy(nlp)
    doc.spans["sc"] = [SpacySpan(doc, 2, 3, "X"), SpacySpan(doc, 3, 4)]
    doc.user_data["._.", "rel", None, None] = {(0, 1): {"R": 1}}
    doc.user_data["._.", "relations", None, None] = [{"head": "a", "tail": "b", "type": "T"}, 3]
    blank = nlp("  ")
    found = [
        str(each)
        for each in taken(codebook, DocBin(store_user_data=True, docs=[doc, blank]).to_bytes()).problems
    ]
    assert [each.split(". ")[0] for each in found] == [
        "a.spacy, document 1: the span of tokens 2 to 3 holds nothing but white space",
        "a.spacy, document 1: the span of tokens 3 to 4 has no label",
        "a.spacy, document 1: the relation “T” joins spans that are not there",
        "a.spacy, document 1: relation 2 of doc._.relations has no type, head and tail",
        "a.spacy, document 2: the text is empty",
    ]
    del doc.user_data["._.", "relations", None, None]
    del doc.spans["sc"]
    (problem,) = taken(codebook, DocBin(store_user_data=True, docs=[doc]).to_bytes()).problems
    assert "the relation “R” joins tokens 0 and 1, where no span begins" in str(problem)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_change_gives_labels_or_a_problem(
    codebook: Codebook, nlp: spacy.language.Language, data: st.DataObject
) -> None:
    raw = bytearray(srsly.msgpack_dumps(message_of(nlp)))
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    found = taken(codebook, zlib.compress(bytes(raw)))
    assert bool(found.records) != bool(found.problems)
