"""Inputs as they should be, from which the others are made: from ``seeds/`` and from an export."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
import zipfile
from functools import cache
from pathlib import Path

import orjson

from annotator.core.codebook import Codebook, codebook_from_toml, codebook_to
from annotator.core.model import ActorRecord, Alias, Article, Kind, Progress, Relation, Span, State, Status
from annotator.core.ports import ArticleLabels
from annotator.core.text import sha256_of
from annotator.formats import native as native_format
from annotator.formats.base import Intake, Source, read_source
from annotator.formats.jsonl import JSONL
from annotator.formats.output import Output
from annotator.formats.tables import write_tables
from annotator.runtime.resources import resource, seeds_folder
from annotator.session.project import default_codebook
from tests.formats import making

_HOW_MUCH = 700
"""Characters of a seed: short inputs are tried more often in the same time."""


@cache
def texts() -> list[str]:
    """The sample articles."""
    return [path.read_text(encoding="utf-8") for path in sorted(seeds_folder().glob("*.txt"))]


def utf8() -> list[bytes]:
    """Short plain texts."""
    return [text[:_HOW_MUCH].encode() for text in texts()] + [b"Title\n\nText", "Ü\r\nß 😀\r".encode()]


def encoded() -> list[bytes]:
    """Texts in every encoding that is told by itself."""
    text = "Straße in Łódź — “peace”, naïve façade.\n"
    western, cyrillic = (
        "Köln: über “Größe”, déjà vu.\n" * 3,
        "Москва: правительство заявило о новых мерах.\n" * 3,
    )
    return [
        *utf8()[:3], text.encode(), text.encode("utf-8-sig"), text.encode("utf-16"), text.encode("utf-16-le"),
        text.encode("utf-16-be"), text.encode("utf-32"), western.encode("cp1252"), cyrillic.encode("cp1251"),
        b"%PDF-1.7\n\0", b"PK\x03\x04word/", b"\x89PNG\r\n\x1a\n\0", b"",
    ]  # fmt: skip


@cache
def native() -> list[bytes]:
    """Exports: several annotators of one article, suggestions, several articles, hardly anything."""
    text = texts()[0][:_HOW_MUCH]
    article = Article(
        id="a1", text=text, sha256=sha256_of(text), title="Drones", external_id="7", publisher="AP",
        url="https://example.org/a", published="2023-08-16", language="en", meta={"k": ["v", 1]},
        furniture=((0, 20),),
    )  # fmt: skip
    who = {"annotator": "ana", "origin": "annotator:ana"}
    spans = (
        Span(id="s1", kind=Kind.ACTOR, label="Actor", fragments=((30, 40),), actor="r1", **who),
        Span(
            id="s2", kind=Kind.CLAIM, label="Claim", fragments=((41, 60), (70, 90)), note="n",
            attributes={"stance": "oppose"}, **who,
        ),
        Span(
            id="s3", kind=Kind.ENTITY, label="Person", fragments=((100, 110),), state=State.SUGGESTED,
            origin="spacy:m-1", confidence=0.5,
        ),
    )  # fmt: skip
    relations = (Relation(id="l1", type="made_by", head="s2", tail="s1", **who),)
    actors = (ActorRecord(id="r1", name="Malley", type="person", aliases=(Alias("Rob"),)),)
    ana = ArticleLabels(
        article=article, annotator="ana", progress=Progress(Status.DONE, True, "note"), spans=spans,
        relations=relations, actors=actors,
    )  # fmt: skip
    bea = ArticleLabels(article=article, annotator="bea", spans=spans[2:])
    other = "Title\nAnother text."
    nobody = ArticleLabels(
        article=Article(id="a2", text=other, sha256=sha256_of(other), title="Title"), annotator=None
    )
    made = []
    for lines in ((ana, bea, nobody), (ana,), (nobody,), (bea, nobody)):
        stream = io.BytesIO()
        native_format.write(lines, Output(default_codebook(), stream))
        native_format.write(lines, Output(Codebook(name="any"), stream))
        made.append(stream.getvalue())
    return made


BETWEEN_TABLES = b"\n%%%\n"
"""What stands between the files of an export of tables, in one input."""


@cache
def table_files() -> list[bytes]:
    """Exports of tables, each in one piece."""
    found = []
    for data in native():
        intake = Intake(Source("in.jsonl", data), default_codebook(), at="2026-01-01T00:00:00.000Z")
        files = [io.BytesIO()]

        def file(_name: str, files: list[io.BytesIO] = files) -> contextlib.nullcontext[io.BytesIO]:
            files.append(io.BytesIO())
            return contextlib.nullcontext(files[-1])

        lines = [each.labels for each in read_source(intake, JSONL).records]
        write_tables(lines, Output(default_codebook(), file=file))
        found.append(BETWEEN_TABLES.join(each.getvalue() for each in files[1:]))
    return found


def plain_lines() -> list[bytes]:
    """JSON Lines without labels."""
    records = [
        {"text": texts()[1][:300], "title": "T", "meta": {"publisher": "P", "x": [1, {"y": None}]}},
        {"body": "Text", "headline": "H", "date": "2026-03-31T10:00:00Z", "id": 5, "authors": ["A", "B"]},
    ]
    lines = [json.dumps(each).encode() for each in records]
    return [*lines, b"\n".join(lines), b'{"text":"x"}\n{"text":"y"}\n']


def gold() -> list[bytes]:
    """Lines of an attribution corpus."""
    text = texts()[2][:300]
    attributions = [
        {"id": "1", "source": [[0, 9]], "cue": [[10, 14], [20, 21]], "content": [[30, 90]], "neg": False},
        {"source": [], "content": [[95, 120]]},
    ]
    lines = [
        json.dumps({"name": name, "text": text, "attributions": some}).encode()
        for name, some in (("a", attributions), ("b", attributions[1:]), ("c", []))
    ]
    return [*lines, b"\n".join(lines)]


def documents() -> list[bytes]:
    """JSON documents."""
    lines = plain_lines()[:2]
    native_line = native()[2].strip()
    return [*lines, b"[" + b",".join([*lines, native_line]) + b"]", native_line, b"[]", b"{}"]


def tables() -> list[bytes]:
    """Tables with commas, semicolons and tabs, quoted and not."""
    return [
        b'id,title,text,date\n1,"A, b","He said ""no"".\nYes",2026-03-31\n2,C,Text,\n',
        b"id;title;text\n1;T;Some text\n",
        b'headline\tbody\tsource\nT\tSome text\tAP\n\tOther "text\tX\n',
        b"text\nonly\n",
    ]


@cache
def mappings() -> list[bytes]:
    """Mapping files."""
    return [
        b'extend = true\n[fields]\nLead = "title"\nAd = ""\n[labels]\nPER = "entity:Person"\n"a.b:X" = ""\n',
        b'[relations]\nSAYS = "made_by"\nBY = { type = "made_by", turned = true }\n[attributes]\nA = "b"\n',
    ]


def codebooks_toml() -> list[bytes]:
    """The bundled codebook, and a small one with every kind of attribute."""
    small = """name = "Small"
version = 2
[[labels]]
name = "Claim"
kind = "claim"
key = "c"
models = ["A", "B"]
[[attributes]]
name = "stance"
type = "choice"
kinds = ["claim"]
choices = ["yes", "no"]
default = "yes"
[[attributes]]
name = "sure"
type = "number"
relations = true
default = 0.5
required = true
[[attributes]]
name = "when"
type = "date"
kinds = ["claim"]
default = "2026-03-31"
[[categories]]
code = "a/b"
[[relations]]
name = "supports"
heads = ["claim"]
tails = ["claim"]
"""
    whole = resource("codebooks", "general-news.toml").read_bytes()
    return [small.encode(), whole[:1500], whole[-1500:], b'name = "N"']


def codebooks_json() -> list[bytes]:
    """The same as JSON, as the project file has it."""
    books = [codebook_from_toml(data.decode()) for data in codebooks_toml() if data.startswith(b"name = ")]
    return [orjson.dumps(codebook_to(each)) for each in books[:2]] + [b'{"name":"N"}']


def settings() -> list[bytes]:
    """Files of settings."""
    values = {
        "annotator": "ana", "theme": "dark", "zoom": 1.5, "ui_scale": 1, "model": "", "auto_suggest": False,
        "keymap": {"undo": ["Ctrl+Z"]}, "recent_projects": ["a.annot"], "last_project": "a.annot", "other": 1,
    }  # fmt: skip
    return [json.dumps(values).encode(), b"{}", b'{"keymap":{"a":[1]},"zoom":9}']


def expressions() -> list[bytes]:
    """Regular expressions, good and costly ones."""
    return [
        rb"\b(\w+)\s+\1\b", rb"(?:a+)+b", rb"(?<=said )[A-Z]\w*(?!\.)", rb"[\p{L}--[a-z]]+",
        rb"(?P<x>a)(?P=x)",
        rb"(?i:stra(ss|\xc3\x9f)e)", rb"^.*$", rb"(?:iran){e<=2}", rb"(a|b(?R)?)*", rb"x{2,5}+y*?", rb"\L<w>",
    ]  # fmt: skip


def reports() -> list[bytes]:
    """What the worker process sends."""
    from annotator.core.errors import Problem
    from annotator.core.ports import Suggested, SuggestedRelation, SuggestedSpan
    from annotator.core.tokens import rough_tokens
    from annotator.nlp.messages import Done, Ready, Started, Trouble, bytes_of

    span = SuggestedSpan(Kind.ENTITY, "Person", ((0, 4),), "spacy:m-1", 0.5, {"a": "b"})
    link = SuggestedRelation("made_by", 0, 0, "rules:1")
    found = Suggested("a1", (span,), (link,), rough_tokens("Some words here. More."), ("spacy:",))
    reports = (
        Ready("spacy:m-1", None), Started(("a1", "a2")), Done(found, "sentence"),
        Trouble(None, Problem("what", "where", "cure")), Trouble("a1", Problem("what")),
    )  # fmt: skip
    return [bytes_of(each) for each in reports]


def scratch() -> Path:
    """A folder in memory where there is one: thousands of files are written."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="annotator-fuzz-", dir=memory if memory.is_dir() else None))


_ARTICLES = Path(__file__).parents[1] / "data" / "articles"


def _samples(*endings: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted(_ARTICLES.iterdir()) if path.suffix in endings]


def web_pages() -> list[bytes]:
    """Saved pages."""
    return _samples(".html")


def feeds() -> list[bytes]:
    """RSS, Atom and JSON Feed."""
    return _samples(".xml", ".atom", ".rdf", ".json")


def mails() -> list[bytes]:
    """Messages and a mailbox."""
    return _samples(".eml", ".mbox")


def exports() -> list[bytes]:
    """Nexis and Factiva."""
    return _samples(".txt")


def documents_word() -> list[bytes]:
    """The XML of Word documents' texts, and whole ones."""
    return [
        *(word_members(*each)["word/document.xml"][:3_000] for each in (("Title", "A text."), ("Other",))),
        word_members("Title", "A text.")["word/document.xml"],
        making.docx("Title", "A text."),
    ]


def word_members(*paragraphs: str) -> dict[str, bytes]:
    """The members of a Word document's archive."""
    with zipfile.ZipFile(io.BytesIO(making.docx(*paragraphs))) as archive:
        return {each: archive.read(each) for each in archive.namelist()}


def rich_texts() -> list[bytes]:
    """Documents of RTF, one of them an export."""
    lines = next(each for each in exports() if b"End of Document" in each).decode().split("\n")
    return [making.rtf("Title", "A text – “of” {some} words 😀."), making.rtf(*lines)]


def documents_pdf() -> list[bytes]:
    """PDF documents."""
    lines = ["Title", "", "A text that goes", "on."]
    return [
        making.pdf([lines]),
        making.pdf([lines, lines], {"Title": "T", "CreationDate": "D:2023"}, packed=True),
    ]


def archives() -> list[bytes]:
    """ZIP archives, also within each other."""
    inner = making.packed({"a.txt": "Text", "b/c.html": web_pages()[0]})
    return [inner, making.packed({"in.zip": inner, "d.eml": mails()[0], "e.jsonl": plain_lines()[0]})]
