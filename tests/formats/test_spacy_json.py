"""spaCy's documents as JSON, made by spaCy: what comes out of them, how they are told, and what is wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc, Span
from spacy.training.gold_io import docs_to_json

from annotator.core.codebook import Codebook
from annotator.formats.base import FileRead, Intake, Record, Source, read_source
from annotator.formats.docbin import DOCBIN
from annotator.formats.doccano import DOCCANO
from annotator.formats.foreign import Foreign
from annotator.formats.jsonl import JSON, JSONL
from annotator.formats.prodigy import PRODIGY
from annotator.formats.registry import reader_for

TEXT = "Ann Lee 😀 left Acme Works.\nNobody else did."
SHAPES = ["object", "indented", "list", "lines"]


@pytest.fixture(scope="module")
def nlp() -> spacy.language.Language:
    """Tokens, sentences, and the extensions that the documents here have."""
    made = spacy.blank("en")
    made.add_pipe("sentencizer")
    Doc.set_extension("url", default=None, force=True)
    Doc.set_extension("desk", default=None, force=True)
    Span.set_extension("sure", default=None, force=True)
    return made


@pytest.fixture
def doc(nlp: spacy.language.Language) -> Doc:
    made = nlp(TEXT)
    made.ents = [
        made.char_span(0, 7, "PERSON", alignment_mode="expand"), made.char_span(15, 25, "ORG"),
    ]  # fmt: skip
    return made


def written(shape: str, *docs: dict[str, Any]) -> Source:
    """A file as people write them."""
    if shape == "lines":
        return Source("a.jsonl", "".join(json.dumps(each) + "\n" for each in docs).encode())
    content: Any = docs[0] if shape in ("object", "indented") else list(docs)
    return Source("a.json", json.dumps(content, indent=None if shape == "object" else 1).encode())


def taken(codebook: Codebook, source: Source) -> FileRead:
    assert reader_for(source) is DOCBIN
    return read_source(Intake(source, codebook), DOCBIN)


def only(found: FileRead) -> tuple[Record, Foreign]:
    assert not found.problems, [str(each) for each in found.problems]
    (record,) = found.records
    assert record.foreign is not None
    return record, record.foreign


def words(record: Record) -> list[tuple[str, str, str]]:
    """Layer, label and words of each span."""
    assert record.foreign is not None
    text = record.labels.article.text
    return [(each.layer, each.label, text[slice(*each.fragments[0])]) for each in record.foreign.spans]


ENTS = [("entity", "PERSON", "Ann Lee"), ("entity", "ORG", "Acme Works")]


# -- Doc.to_json ------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_entities_of_a_document(codebook: Codebook, doc: Doc, shape: str) -> None:
    record, _ = only(taken(codebook, written(shape, doc.to_json())))
    article = record.labels.article
    assert (article.text, article.title, article.meta) == (TEXT, "Ann Lee 😀 left Acme Works.", {})
    assert words(record) == ENTS


@pytest.mark.parametrize("shape", ["list", "lines"])
def test_many_documents(codebook: Codebook, nlp: spacy.language.Language, doc: Doc, shape: str) -> None:
    """The first has no entities, and the last has not been looked at for any."""
    empty, plain = nlp("No."), nlp("Yes.")
    empty.ents = []
    found = taken(codebook, written(shape, empty.to_json(), doc.to_json(), plain.to_json()))
    assert [each.labels.article.text for each in found.records] == ["No.", TEXT, "Yes."]
    assert [words(each) for each in found.records] == [[], ENTS, []]


def test_groups_of_spans_categories_and_what_was_added(codebook: Codebook, doc: Doc) -> None:
    doc.spans["sc"] = [
        Span(doc, 0, 6, "CLAIM"),
        Span(doc, 4, 6, "FIRM", kb_id="Q1"),
        Span(doc, 0, 2, "X", kb_id="NIL"),
    ]
    doc.spans["actors"] = [Span(doc, 4, 6, "Actor", kb_id="Q1")]
    doc.spans["entities"] = [Span(doc, 4, 6, "ORG")]
    doc.cats = {"politics": 0.75}
    doc._.url, doc._.desk = "https://news.example/1", 3
    doc[4:6]._.sure = {"by": ["ana"]}
    doc[1:3]._.sure = True
    source = written("object", doc.to_json(underscore=["url", "desk", "sure"]))
    intake = Intake(source, codebook)
    record, foreign = only(read_source(intake, reader_for(source)))
    assert words(record) == [
        ENTS[0], ("sc", "CLAIM", "Ann Lee 😀 left Acme Works"), ("sc", "FIRM", "Acme Works"),
        ("sc", "X", "Ann Lee"), ("actor", "Actor", "Acme Works"), ENTS[1],
    ]  # fmt: skip
    assert [each.actor for each in foreign.spans] == [None, None, "Q1", None, "Q1", None]
    assert [(each.id, each.name, each.external_id) for each in foreign.actors] == [("Q1", "Acme Works", "Q1")]
    sure = {"sure": '{"by":["ana"]}'}
    assert [dict(each.attributes) for each in foreign.spans] == [{}, {}, sure, {}, sure, sure]
    assert len({each.id for each in foreign.spans}) == len(foreign.spans)
    article = record.labels.article
    assert article.url == "https://news.example/1"
    assert article.meta == {"desk": 3, "cats": {"politics": 0.75}}
    assert intake.left_out == {"attribute of words that are no span": 1}


def test_what_displacy_draws(codebook: Codebook) -> None:
    data = {
        "text": TEXT,
        "ents": [{"start": 0, "end": 7, "label": "PERSON", "text": "Ann Lee"}],
        "title": None,
    }
    record, _ = only(taken(codebook, written("list", data)))
    assert words(record) == ENTS[:1]


@pytest.mark.parametrize(
    ("data", "form"),
    [
        ({"text": "a", "ents": []}, DOCBIN),
        ({"text": "a", "tokens": [{"id": 0, "start": 0, "end": 1}]}, DOCBIN),
        ({"text": "a", "spans": {"sc": []}}, DOCBIN),
        ({"text": "a", "tokens": [{"text": "a", "id": 0, "start": 0, "end": 1}]}, PRODIGY),
        ({"text": "a", "spans": [{"start": 0, "end": 1, "label": "A"}]}, PRODIGY),
        ({"text": "a", "entities": [{"id": 1, "label": "A", "start_offset": 0, "end_offset": 1}]}, DOCCANO),
        ({"text": "a", "ents": ["Ann"]}, JSON),
        ({"text": "a", "ents": "Ann", "spans": {}}, JSON),
        ({"text": "a", "tokens": ["a"]}, JSON),
        ({"text": "a", "paragraphs": ["a"]}, JSON),
        ({"text": "a", "paragraphs": [{"sentences": ["a"]}]}, JSON),
        ({"title": "a", "paragraphs": [{"context": "a", "qas": []}]}, JSON),
        ({"format": "annotator/1", "text": "a", "ents": []}, JSON),
    ],
)
def test_which_json_is_of_spacy(data: dict[str, Any], form: object) -> None:
    assert reader_for(written("list", data)) is form
    assert reader_for(written("lines", data)) is (JSONL if form is JSON else form)


def test_a_document_longer_than_what_is_looked_at(codebook: Codebook, nlp: spacy.language.Language) -> None:
    long = nlp("Ann left Acme. " * 5_000)
    long.ents = [Span(long, 0, 1, "PERSON")]
    record, _ = only(taken(codebook, written("indented", long.to_json())))
    assert words(record) == [("entity", "PERSON", "Ann")]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (
            {"ents": [{"start": 0, "end": 70, "label": "A"}]},
            "span 1 in “ents” runs from 0 to 70, but the text",
        ),
        ({"ents": [{"start": 3, "end": 3, "label": "A"}]}, "span 1 in “ents” is empty"),
        ({"ents": [{"start": "0", "end": 3, "label": "A"}]}, "no whole number as its start"),
        ({"ents": [{"start": True, "end": 3, "label": "A"}]}, "no whole number as its start"),
        ({"ents": [{"start": 0, "end": [3], "label": "A"}]}, "no whole number as its end"),
        ({"ents": [{"start": 0, "end": 3, "label": ""}]}, "span 1 in “ents” has no label"),
        ({"ents": [{"start": 0, "end": 3, "label": ["A"]}]}, "span 1 in “ents” has no label"),
        ({"ents": [{"start": 0, "end": 3, "label": "A", "text": "Bob"}]}, "is “Bob” in the file, but “Ann”"),
        ({"ents": [{"start": 3, "end": 4, "label": "A"}]}, "nothing but white space"),
        ({"ents": [3]}, "span 1 in “ents” must be an object, not a number"),
        ({"ents": {"a": 1}}, "“ents” must be a list, not an object"),
        ({"spans": [1]}, "“spans” must be an object with a list for each group, not a list"),
        ({"spans": {"sc": 3}}, "“sc” of “spans” must be a list, not a number"),
        (
            {"spans": {"entities": [{"start": 0, "end": [], "label": "A"}]}},
            "span 1 in “entities” of “spans” has no",
        ),
        ({"_": 3}, "“_” must be an object, not a number"),
        ({"_": {"url": 3}}, "“url” must be a text, not a number"),
        ({"underscore_span": 3}, "“underscore_span” must be an object"),
        ({"underscore_span": {"a": [{"start": 0}]}}, "“a” in “underscore_span” has no start and value"),
        ({"underscore_token": {"a": ["b"]}}, "“a” in “underscore_token” has no start and value"),
        ({"text": 3}, "“text” must be a text, not a number"),
        ({"text": " "}, "the text is empty"),
    ],
)
def test_documents_that_are_wrong(codebook: Codebook, change: dict[str, Any], what: str) -> None:
    source = written("list", {"text": TEXT, "ents": []}, {"text": TEXT, "ents": []} | change)
    (problem,) = taken(codebook, source).problems
    assert what in problem.what
    assert problem.cure
    assert problem.where == "a.json, record 2"


def test_an_attribute_that_is_too_deep(codebook: Codebook) -> None:
    deep = json.loads("[" * 150 + "]" * 150)
    added = {"a": [{"start": 0, "end": 3, "value": deep}]}
    found = taken(codebook, written("list", {"text": TEXT, "ents": [], "underscore_span": added}))
    assert len(found.problems) == 1


# -- what spaCy 2 was trained with ------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
def test_paragraphs(codebook: Codebook, nlp: spacy.language.Language, doc: Doc, shape: str) -> None:
    """spaCy writes each of its documents as a paragraph, with tags such as U-PERSON."""
    doc.cats = {"politics": 1.0}
    other = nlp("Bob  \n left.")
    other.ents = [Span(other, 0, 1, "PERSON")]
    found = taken(codebook, written(shape, docs_to_json([doc, other], doc_id="nw-7")))
    assert not found.problems, found.problems
    first, second = found.records
    assert (first.labels.article.text, words(first)) == (TEXT, ENTS)
    assert (second.labels.article.text, words(second)) == ("Bob  \n left.", [("entity", "PERSON", "Bob")])
    assert first.labels.article.meta == {"cats": {"politics": 1.0}}
    assert [each.labels.article.external_id for each in found.records] == ["nw-7.1", "nw-7.2"]
    assert found.records[1].place.endswith("paragraph 2")


def test_paragraphs_without_their_text(codebook: Codebook) -> None:
    tags = [
        [("Ann", "B-PER"), ("Lee", "L-PER"), ("left", "O")],
        [],
        [("No", "-"), (".", None)],
        [("Ed", "U-PER")],
    ]
    sentences = [{"tokens": [{"orth": word, "ner": tag} for word, tag in each]} for each in tags]
    data = {"id": 3, "paragraphs": [{"sentences": sentences}]}
    record, _ = only(taken(codebook, written("list", data)))
    assert record.labels.article.text == "Ann Lee left\nNo .\nEd"
    assert words(record) == [("entity", "PER", "Ann Lee"), ("entity", "PER", "Ed")]
    assert (record.labels.article.external_id, record.place) == ("3", "record 1, paragraph 1")


GOOD = {"raw": "Ann left", "sentences": [{"tokens": [{"orth": "Ann", "ner": "U-A"}, {"orth": "left"}]}]}


@pytest.mark.parametrize(
    ("paragraph", "what"),
    [
        (GOOD | {"raw": "Ann, left"}, "the token “left” does not come next in the “raw” text"),
        ({"raw": "a"}, "“sentences” must be a list of objects with “tokens”"),
        ({"sentences": [3]}, "“sentences” must be a list of objects with “tokens”"),
        ({"sentences": [{"tokens": {}}]}, "“sentences” must be a list of objects with “tokens”"),
        ({"sentences": [{"tokens": [3]}]}, "token 1 of sentence 1 has no “orth”"),
        ({"sentences": [{"tokens": [{"orth": ""}]}]}, "token 1 of sentence 1 has no “orth”"),
        (
            {"sentences": [{"tokens": [{"orth": "a", "ner": "PER"}]}]},
            "token 1 of sentence 1 has the tag 'PER'",
        ),
        ({"sentences": [{"tokens": [{"orth": "a", "ner": [1]}]}]}, "token 1 of sentence 1 has the tag"),
        (
            {"raw": "a \n b", "sentences": [{"tokens": [{"orth": "a"}, {"orth": "\n", "ner": "U-A"}]}]},
            "white space",
        ),
        ({"sentences": []}, "the text is empty"),
        (7, "a paragraph must be an object, not a number"),
    ],
)
def test_paragraphs_that_are_wrong(codebook: Codebook, paragraph: Any, what: str) -> None:
    (problem,) = taken(codebook, written("list", {"paragraphs": [GOOD, paragraph]})).problems
    assert what in problem.what
    assert problem.cure
    assert problem.where == "a.json, record 1, paragraph 2"


def test_paragraphs_that_are_no_list(codebook: Codebook) -> None:
    (problem,) = taken(codebook, written("list", {"paragraphs": [GOOD]}, {"paragraphs": GOOD})).problems
    assert (problem.where, "must be a list" in problem.what) == ("a.json, record 2", True)


def test_paragraphs_that_are_there_twice_agree(codebook: Codebook) -> None:
    """Or no import would take them: their numbers are not what they are called."""
    found = taken(codebook, written("list", {"id": "a", "paragraphs": [GOOD, GOOD]}))
    assert [each.labels.article.external_id for each in found.records] == ["a.1", "a.1"]


# -- damaged files ----------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("kind", ["document", "paragraphs"])
def test_files_that_are_cut_off(codebook: Codebook, doc: Doc, kind: str, shape: str) -> None:
    data = doc.to_json() if kind == "document" else docs_to_json([doc])
    whole = written(shape, data, data)
    for length in range(len(whole.content) // 3, len(whole.content) - 2, 97):
        found = read_source(Intake(Source(whole.name, whole.content[:length]), codebook), DOCBIN)
        assert len(found.problems) == 1 or (shape == "lines" and len(found.records) == 1), length


def test_files_that_are_not_utf8(codebook: Codebook, doc: Doc) -> None:
    content = json.dumps(doc.to_json(), ensure_ascii=False).encode().replace("😀".encode(), b"\xff\xe9!!")
    found = read_source(Intake(Source("a.json", content), codebook), DOCBIN)
    (problem,) = found.problems
    assert (problem.where, "not UTF-8" in problem.what) == ("a.json, line 1", True)
