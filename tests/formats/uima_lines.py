"""Lines of labels, odd ones too, and what a file gives back of them, for the formats of INCEpTION."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from hypothesis import strategies as st

from annotator.core.codebook import Codebook, codebook_from_toml
from annotator.core.model import ActorRecord, Article, Kind, Relation, Span
from annotator.core.ports import ArticleLabels
from annotator.core.text import normalise, sha256_of
from annotator.core.tokens import rough_tokens
from annotator.formats.base import FileRead
from annotator.runtime.resources import resource


def default_codebook() -> Codebook:
    return codebook_from_toml(resource("codebooks", "general-news.toml").read_text(encoding="utf-8"))


CODEBOOK = default_codebook()


def lines_of(found: FileRead) -> list[str]:
    return [str(problem) for problem in found.problems]


class Folder:
    """Takes what a writer writes."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    @contextmanager
    def file(self, name: str) -> Iterator[BinaryIO]:
        assert name not in self.files
        stream = io.BytesIO()
        yield stream
        self.files[name] = stream.getvalue()


def article(text: str, **fields: Any) -> Article:
    text = normalise(text)
    return Article(**{"id": "a1", "text": text, "sha256": sha256_of(text), **fields})


def span(number: int, kind: Kind, label: str, *fragments: tuple[int, int], **fields: Any) -> Span:
    who = {"annotator": "ana", "origin": "annotator:ana"}
    return Span(**{"id": f"s{number}", "kind": kind, "label": label, "fragments": fragments, **who, **fields})


_ODD = st.sampled_from(
    [
        "a", "Bé", "é", "😀", "👩\u200d👧", " ", "  ", "\n", "\n\n", "\t", "\r\n", "\u00a0", "\u2028",
        "שלום", "مرحبا", ".", "! ", "“x”", '"', "'s", "\\", "\\n", "|", "[1]", "_", "#Text=", "->", "*", ";",
        "1,5", "\x0b", "\x0c", "\x1f", "\x01", "\x85", "\ufeff", "\u200b", "e\u0301",
    ]
)  # fmt: skip
TEXTS = (
    st.lists(_ODD, min_size=1, max_size=30).map("".join).filter(lambda text: normalise(text).strip() != "")
)
VALUES = st.text(st.sampled_from(list("ab _*|[]\\;->\t\n\"'é😀nt1")), min_size=1, max_size=8).filter(
    lambda value: value.strip() != "" and not value.startswith('["')
)


@st.composite
def lines(draw: st.DrawFn, fragments: int = 1) -> ArticleLabels:
    text = normalise(draw(TEXTS))
    kinds = [(each.kind, each.name) for each in CODEBOOK.labels]
    spans = []
    for number in range(draw(st.integers(0, 6))):
        cuts = draw(
            st.lists(st.integers(0, len(text)), min_size=2, max_size=2 * fragments, unique=True).map(sorted)
        )
        pieces = tuple(zip(cuts[::2], cuts[1::2], strict=False))
        if not any(text[a:b].strip() for a, b in pieces):
            continue
        kind, label = draw(st.sampled_from(kinds))
        attributes = {}
        if kind is Kind.CLAIM and draw(st.booleans()):
            attributes = {"stance": "oppose", "categories": ["a/b", 'c"d']}
        note = draw(st.none() | VALUES)
        actor = draw(st.sampled_from([None, "r1", "r2"]))
        spans.append(span(number, kind, label, *pieces, attributes=attributes, note=note, actor=actor))
    relations = []
    if spans:
        for number in range(draw(st.integers(0, 4))):
            head, tail = draw(st.sampled_from(spans)), draw(st.sampled_from(spans))
            relations.append(
                Relation(id=f"l{number}", type=draw(VALUES), head=head.id, tail=tail.id, annotator="ana",
                         note=draw(st.none() | VALUES))
            )  # fmt: skip
    names = (ActorRecord(id="r1", name=draw(VALUES)), ActorRecord(id="r2", name="Two"))
    tokens = draw(st.booleans())
    return ArticleLabels(
        article=article(text, title=draw(st.sampled_from(["", "Talks", "a/b: c"]))), annotator="ana",
        spans=tuple(spans), relations=tuple(relations), actors=names,
        tokens=rough_tokens(text) if tokens else None,
    )  # fmt: skip


def shown(labels: ArticleLabels) -> tuple[Any, Any]:
    """What a file holds of a line, without its ids."""
    names = {each.id: each.name for each in labels.actors}
    keys = {}
    for each in labels.spans:
        values = {name: value for name, value in each.attributes.items() if value not in ("", [], None)}
        keys[each.id] = (
            each.fragments, str(each.kind), each.label, sorted(values.items()), each.note, each.actor,
            names.get(each.actor or ""),
        )  # fmt: skip
    return sorted(keys.values(), key=repr), sorted(
        ((keys[each.head], each.type, keys[each.tail], each.note) for each in labels.relations), key=repr
    )


def came_back(found: FileRead) -> tuple[str, Any, Any]:
    assert not found.problems, lines_of(found)
    (record,) = found.records
    foreign = record.foreign
    assert foreign is not None
    names = {each.id: each.name for each in foreign.actors}
    keys = {
        each.id: (
            each.fragments, each.layer, each.label, sorted(each.attributes.items()), each.note, each.actor,
            names.get(each.actor or ""),
        )
        for each in foreign.spans
    }  # fmt: skip
    relations = [(keys[each.head], each.type, keys[each.tail], each.note) for each in foreign.relations]
    return record.labels.article.text, sorted(keys.values(), key=repr), sorted(relations, key=repr)
