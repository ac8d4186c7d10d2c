"""Spans that are rows are written as the same spans would be as objects, and lose as much."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import Codebook
from annotator.core.model import ActorRecord, Alias, Article, Progress, Relation, State, Status
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.core.span_rows import Columns, SpanRows
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens
from annotator.formats import registry
from annotator.nlp.tokenize import tokens_for
from tests.formats.lines import TEXTS, WORDS, written

FORMATS = ("jsonl", "label-studio", "doccano", "doccano-graphemes", "prodigy")
KINDS = (("actor", "Actor"), ("claim", "Claim"), ("entity", "Person"), ("cue", "Cue"), ("claim", "Cue"))
ACTORS = (ActorRecord(id="p1", name="Smith"), ActorRecord(id="p2", name="Acme “😀”", aliases=(Alias("A"),)))
ATTRIBUTES: list[dict[str, Any]] = [
    {},
    {"stance": "oppose", "categories": ["sanctions/relief", 'x"\\\n']},
    {"stance": "unset", "categories": [], "label": "“😀”", "sure": True, "number": 0.5},
]


@st.composite
def rows(draw: st.DrawFn, text: str, number: int) -> Columns:
    kind, label = draw(st.sampled_from(KINDS))
    start, end = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=2)))
    return (
        draw(st.sampled_from(["s", 'a"', "\\", "😀"])) + str(number), kind, label, start, end,
        f"[[{start},{end}]]",
        orjson.dumps(draw(st.sampled_from(ATTRIBUTES))).decode(),
        draw(st.sampled_from([None, "p1", "p2", "gone"])), "accepted",
        draw(st.sampled_from(["annotator:ana", "import:“x”", "spacy:m-1", ""])),
        draw(st.sampled_from([None, 0.0, 0.25, 1.0, 1e-7])), "ana", None, "2026", "2026",
        draw(st.one_of(st.none(), WORDS, TEXTS)),
    )  # fmt: skip


@st.composite
def articles(draw: st.DrawFn) -> ArticleLabels:
    text = draw(TEXTS)
    found = [draw(rows(text, nth)) for nth in range(draw(st.integers(0, 6)))]
    ids = [row[0] for row in found]
    relations = ()
    if len(ids) > 1 and draw(st.booleans()):
        relations = (
            Relation(
                id="r", type="about", head=ids[0], tail=ids[1], annotator="ana", origin="import:x",
                state=draw(st.sampled_from([State.ACCEPTED, State.SUGGESTED])),
            ),
        )  # fmt: skip
    return ArticleLabels(
        article=Article(id="a1", text=text, sha256=sha256_of(text), title="T", meta={"z": ["é"]}),
        annotator="ana",
        progress=draw(st.sampled_from([Progress(), Progress(Status.DONE, flagged=True, note="n “😀”")])),
        spans=SpanRows(found, sort=draw(st.booleans())),
        relations=relations,
        actors=ACTORS,
        tokens=draw(st.sampled_from([None, rough_tokens(text), tokens_for(text, "en")])),
    )


@pytest.fixture(scope="module", autouse=True)
def _tokenizer() -> None:
    """Loaded before examples are drawn: it has its own use for random numbers."""
    tokens_for("a", "en")


@given(lines=st.lists(articles(), min_size=1, max_size=2))
def test_rows_and_objects_are_written_alike(codebook: Codebook, lines: list[ArticleLabels]) -> None:
    objects = [replace(line, spans=tuple(line.spans)) for line in lines]
    for name in FORMATS:
        data, losses = written(registry.writer_for(name), lines, codebook)
        expected, counted = written(registry.writer_for(name), objects, codebook)
        assert data == expected
        assert losses.found == counted.found
