"""Readers of brat, CoNLL and spaCy files, for :mod:`.readers`."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from pathlib import Path

from annotator.core.text import sha256_of
from annotator.core.validate import fragment_problem
from annotator.formats.base import FileRead, Format, Intake, Record, Source, read_source
from annotator.formats.brat import BRAT
from annotator.formats.conll import CONLL
from annotator.formats.docbin import DOCBIN
from annotator.formats.native import line_of
from annotator.session.project import default_codebook
from annotator.store.rows import json_of

_DATA = Path(__file__).parents[1] / "data"
_PART = b"\n=====\n"
"""Parts the text from its annotations, in inputs for brat."""


def check(record: Record) -> None:
    """What every record with labels of other tools must keep to."""
    article, foreign = record.labels.article, record.foreign
    assert sha256_of(article.text) == article.sha256
    json_of(line_of(record.labels))
    assert foreign is not None
    ids = {span.id for span in foreign.spans}
    assert len(ids) == len(foreign.spans)
    for span in foreign.spans:
        assert span.label
        assert fragment_problem(span.fragments, article.text) is None
        json_of(dict(span.attributes))
    assert len({each.id for each in foreign.relations}) == len(foreign.relations)
    records = {each.id for each in foreign.actors}
    assert all(each.head in ids and each.tail in ids for each in foreign.relations)
    assert all(json_of(dict(each.attributes)) for each in foreign.relations)
    assert records or not foreign.actors


def reading(form: Format, source: Callable[[bytes], Source]) -> Callable[[Path], Callable[[bytes], str]]:
    """A reader of inputs that are made into sources."""

    def take(data: bytes) -> str:
        intake = Intake(source(data), default_codebook(), "ana", "2026-01-01T00:00:00.000Z")
        found: FileRead = read_source(intake, form)
        for record in found.records[:200]:
            check(record)
        if found.problems:
            return "".join(c for c in str(found.problems[0]) if c.isalpha())[:60]
        return f"{min(len(found.records), 4)} records"

    return lambda _folder: take


def _brat(data: bytes) -> Source:
    text, _, annotations = data.partition(_PART)
    return Source("a.ann", annotations, siblings=lambda name: Source(name, text) if name == "a.txt" else None)


def _docbin(data: bytes) -> Source:
    """Compressed here, so that changes reach what is within."""
    return Source("a.spacy", data if data[:1] == b"\x78" else zlib.compress(data))


brat = reading(BRAT, _brat)
conll = reading(CONLL, lambda data: Source("a.conll", data))
docbin = reading(DOCBIN, _docbin)
spacy_json = reading(DOCBIN, lambda data: Source("a.json", data))


def brat_seeds() -> list[bytes]:
    """The sample, and small ones with line ends and offsets of every kind."""
    text, annotations = ((_DATA / "brat" / name).read_bytes() for name in ("news.txt", "news.ann"))
    return [
        text + _PART + annotations,
        "😀 a\r\nb".encode() + _PART + b"T1\tA 2 3\ta\nT2\tB 2 3;5 6\ta b\nR1\tX Arg1:T1 Arg2:T2\t\n",
        b"a b" + _PART + b"T1\tA 0 1\ta\nE1\tA:T1 Theme2:E1\nA1\tm E1 x\n*\tEquiv T1 T1\nN1\tR T1 D:1\tn\n",
        b"a b" + _PART,
    ]


def spacy_json_seeds() -> list[bytes]:
    """Documents as spaCy writes them, with what was added to their spans, and what it was trained with."""
    import spacy
    from spacy.tokens import Span
    from spacy.training.gold_io import docs_to_json

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    doc = nlp("Apple 😀 buys U.K. startup.\nNo.")
    doc.ents = [Span(doc, 0, 1, "ORG")]
    doc.spans["sc"] = [Span(doc, 0, 4, "DEAL", kb_id="Q1")]
    doc.cats = {"a": 0.5}
    data, paragraphs = doc.to_json(), docs_to_json([doc, nlp("Two.")])
    data["_"] = {"url": "https://a.example"}
    data["underscore_span"] = {"sure": [{"start": 0, "end": 5, "value": [1]}]}
    return [
        json.dumps(data).encode(),
        json.dumps([data, data], indent=1).encode(),
        json.dumps([paragraphs]).encode(),
        json.dumps(paragraphs, indent=1).encode(),
    ]


def conll_seeds() -> list[bytes]:
    """The samples, and a small one."""
    return [each.read_bytes() for each in sorted((_DATA / "conll").iterdir())] + [b"a O\nb B-X\n\nc I-X\n"]


def docbin_seeds() -> list[bytes]:
    """One of ours and one of spaCy's, unpacked and as they are."""
    import spacy
    from spacy.tokens import DocBin, Span

    nlp = spacy.blank("en")
    doc = nlp("Apple buys U.K. startup.\nNo.")
    doc.ents = [Span(doc, 0, 1, "ORG", kb_id="Q1")]
    doc.spans["sc"] = [Span(doc, 0, 4, "DEAL"), Span(doc, 2, 4, "X", span_id="s1")]
    doc.cats = {"a": 0.5}
    other = nlp("Two.")
    other.user_data["annotator"] = {
        "annotator": "ana", "status": "done", "actors": [{"id": "p", "name": "n"}],
        "article": {"title": "T", "meta": {"k": [1]}, "furniture": [[0, 2]]},
        "spans": {"s1": {"fragments": [[0, 2]], "attributes": {"a": ["x"]}}},
    }  # fmt: skip
    other.spans["claims"] = [Span(other, 0, 1, "Claim", span_id="s1"), Span(other, 1, 2, "Claim")]
    other.user_data["._.", "rel", None, None] = {(0, 1): {"R": 1.0}}
    doc.user_data["._.", "relations", None, None] = [{"id": "r", "head": "sc:1", "tail": "s1", "type": "T"}]
    whole = DocBin(store_user_data=True, docs=[doc, other]).to_bytes()
    return [zlib.decompress(whole), whole, zlib.decompress(DocBin(docs=[other]).to_bytes())]
