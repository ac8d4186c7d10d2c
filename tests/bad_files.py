"""Good files of every format that is read, and ways to spoil them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from annotator.core.model import Kind
from annotator.formats.base import Format
from annotator.formats.registry import READERS
from annotator.session.exporting import export_labels
from annotator.session.importing import import_paths
from annotator.session.project import Project
from tests.formats import making

type Files = dict[str, bytes]
"""Name → content; the first one is named to the import, or the folder of all where there are several."""

TEXTS = (
    "Smith 😀 said Acme lied.\nIran denied it.",
    "Jones said the talks in Paris failed.\nNobody denied it.",
)
ARTICLES = Path(__file__).parent / "data" / "articles"


_PAIR = '["Ann left.", {"entities": [[0, 3, "PERSON"]]}]'
_DOC = '{"text": "Ann left.", "ents": [{"start": 0, "end": 3, "label": "PERSON"}], "tokens": []}'
_PARAGRAPH = (
    '{"raw": "Ann left.", "sentences": [{"tokens": [{"orth": "Ann", "ner": "U-PERSON"}, {"orth": "left"}]}]}'
)
_PUB = {
    "text": "Ann said Bob left.",
    "denotations": [
        {"id": "T1", "span": {"begin": 0, "end": 3}, "obj": "Actor"},
        {"id": "T2", "span": [{"begin": 9, "end": 12}, {"begin": 13, "end": 17}], "obj": "Claim"},
    ],
    "relations": [{"id": "R1", "pred": "made_by", "subj": "T2", "obj": "T1"}],
    "attributes": [{"id": "A1", "pred": "stance", "subj": "T2", "obj": "support"}],
}
_POINTS = {"label": ["Person"], "points": [{"start": 0, "end": 2, "text": "Ann"}]}
_TURK = {"content": "Ann left.", "annotation": [_POINTS], "extras": None, "metadata": {"status": "done"}}
OTHER_SHAPES: Files = {
    "label-studio.csv": (
        b"text,id,label,annotator,annotation_id,lead_time\n"
        b'Ann left.,1,"[{""start"": 0, ""end"": 3, ""text"": ""Ann"", ""labels"": [""PER""]}]",1,1,2.0\n'
    ),
    "tracks.json": json.dumps([{"text": _PUB["text"], "tracks": [{"project": "a", **_PUB}]}]).encode(),
    "tokens.jsonl": (
        b'{"text": "Ann left.", "tokens": ["Ann", "left", "."],'
        b' "spans": [{"token_start": 0, "token_end": 0, "label": "Person"}]}\n'
    ),
    "ontonotes.v4_gold_conll": (
        b"#begin document (a); part 000\n"
        b"a 0 0 Ann NNP * - - - - (PERSON) * -\na 0 1 left VBD * - - - - * (V*) -\n\n#end document\n"
    ),
    "kaggle.csv": b"Sentence #,Word,POS,Tag\nSentence: 1,Ann,NNP,B-per\n,left,VBD,O\n",
    "feed.json": (
        b'{"version": "https://jsonfeed.org/version/1.1",\n'
        b'"items": [{"content_html": "<p>Ann left.</p>"}, {"content_text": "Bob left."}]}'
    ),
    "document.json": f"{_DOC}".encode(),
    "documents.json": f"[{_DOC},\n{_DOC}]".encode(),
    "documents.jsonl": f"{_DOC}\n{_DOC}\n".encode(),
    "trained.json": f'[{{"id": 0, "paragraphs": [{_PARAGRAPH}, {_PARAGRAPH}]}}]'.encode(),
    "pairs.json": f"[{_PAIR},\n{_PAIR}]".encode(),
    "pairs.jsonl": f"{_PAIR}\n{_PAIR}\n".encode(),
    "packed.json": f'{{"classes": ["PERSON"], "annotations": [{_PAIR}, null]}}'.encode(),
}
"""Files of further shapes of some formats, as they are told without one being named."""


def native_line(nth: int = 0, **more: object) -> dict[str, object]:
    """An article with an actor, its claim, a cue, a named entity and the relations between them."""
    who, what = ("Smith", "Acme lied") if not nth else ("Jones", "the talks in Paris failed")
    text = TEXTS[nth]

    def span(kind: Kind, label: str, words: str, **values: object) -> dict[str, object]:
        start = text.index(words)
        return {
            "id": f"{kind}{nth}",
            "kind": kind,
            "label": label,
            "start": start,
            "end": start + len(words),
        } | values

    return {
        "format": "annotator/1", "id": f"a{nth}", "title": f"Article {nth}", "text": text, "annotator": "ana",
        "status": "done", "furniture": [],
        "spans": [
            span(Kind.ACTOR, "Actor", who), span(Kind.CLAIM, "Claim", what, attributes={"stance": "support"}),
            span(Kind.CUE, "Cue", "said"), span(Kind.ENTITY, "Person", who),
        ],
        "relations": [{"id": f"r{nth}", "type": "made_by", "head": f"claim{nth}", "tail": f"actor{nth}"}],
    } | more  # fmt: skip


def lines(*values: object) -> bytes:
    """JSON Lines."""
    return b"".join(json.dumps(each).encode() + b"\n" for each in values)


def written(form: Format, folder: Path) -> Files:
    """What our writer makes of two articles with labels; of one where each would have files of its own."""
    source, out = folder / "source.jsonl", folder / f"good-{form.name}"
    single = form.many and form.name not in ("tables", "conll")
    source.write_bytes(lines(*map(native_line, range(1 if single else 2))))
    out = out if form.many else out.with_suffix(form.endings[0])
    with Project.open(folder / f"{form.name}.annot", create=True) as project:
        assert not import_paths(project, [source]).problems
        export_labels(project, out, format=form.name)
    if out.is_file():
        return {f"given{form.endings[0]}": out.read_bytes()}
    return {
        str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()
    }


def good(folder: Path) -> Iterator[tuple[str, Files]]:
    """One or more files of every format that is read: name of the format, and the files."""
    table = "title,text,date\nOne,A first text of some words.,2026-03-01\nTwo,Another text.,2026-03-02\n"
    plain: dict[str, Files] = {
        "text": {"given.txt": "A title\n\nA text in ASCII and déjà vu.\n".encode()},
        "json": {"given.json": json.dumps([native_line(0), native_line(1)], indent=1).encode()},
        "csv": {"given.csv": table.encode()},
        "pubannotation": {"given.jsonl": lines(_PUB, _PUB | {"text": "Ann says Jim left the town."})},
        "dataturks": {"given.jsonl": lines(_TURK, _TURK | {"content": "Ann left us."})},
        "tsv": {"given.tsv": table.replace(",", "\t").encode()},
        "docx": {"given.docx": making.docx("A title", "A text of some words, déjà vu.")},
        "feed": {"given.xml": (ARTICLES / "feed-rss.xml").read_bytes()},
        "html": {"given.html": (ARTICLES / "news-jsonld.html").read_bytes()},
        "mail": {"given.mbox": (ARTICLES / "box.mbox").read_bytes()},
        "nexis": {"given.txt": (ARTICLES / "nexis-uni.txt").read_bytes()},
        "rtf": {"given.rtf": making.rtf("A title", "A text of some words, déjà vu.")},
        "pdf": {"given.pdf": making.pdf([["A title", "", "A text that goes on."]] * 2, packed=True)},
    }
    for name, form in READERS.items():
        yield name, plain[name] if name in plain else written(form, folder)
    yield (
        "zip",
        {"given.zip": making.packed({"a.txt": "A text of some words.", "b.jsonl": lines(native_line(0))})},
    )
