"""Lines with labels of every shape, for round trips through the formats."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from hypothesis import strategies as st

from annotator.core.codebook import Codebook
from annotator.core.model import ActorRecord, Article, Kind, Progress, Relation, Span, Status
from annotator.core.ports import ArticleLabels
from annotator.core.text import normalise, sha256_of
from annotator.core.tokens import Tokens
from annotator.formats.base import FileRead, Format, Intake, Source, read_source
from annotator.formats.output import Output

BREAKS = "\n\u2028\x85\v"
ODD = "aZ9 .,-_:|;#\t\"'\\[]()<>{}é\u0301\u00a0\u200dß\u202fمשλ中😀🇩🇪" + BREAKS
TEXTS = st.text(alphabet=ODD, min_size=1, max_size=60).map(normalise).filter(lambda text: bool(text.strip()))


@dataclass
class Folder:
    """Files that a writer wrote."""

    files: dict[str, bytes] = field(default_factory=dict)

    @contextlib.contextmanager
    def open(self, name: str) -> Iterator[BinaryIO]:
        stream = io.BytesIO()
        yield stream
        assert name not in self.files, name
        self.files[name] = stream.getvalue()

    def source(self, name: str) -> Source | None:
        return Source(name, self.files[name], siblings=self.source) if name in self.files else None


def written(form: Format, lines: Sequence[ArticleLabels], codebook: Codebook) -> tuple[Folder, Output]:
    """What a format that writes several files makes of some lines."""
    folder = Folder()
    output = Output(codebook, file=folder.open)
    assert form.write is not None
    form.write(lines, output)
    return folder, output


def written_whole(form: Format, lines: Sequence[ArticleLabels], codebook: Codebook) -> tuple[bytes, Output]:
    """What a format that writes a single file makes of some lines."""
    stream = io.BytesIO()
    output = Output(codebook, stream)
    assert form.write is not None
    form.write(lines, output)
    return stream.getvalue(), output


def read_back(form: Format, source: Source | None, codebook: Codebook) -> FileRead:
    assert source is not None
    return read_source(Intake(source, codebook), form)


def losses_of(output: Output) -> dict[str, int]:
    return {what: number for (what, _), number in output.losses.found.items()}


@st.composite
def lines(
    draw: st.DrawFn,
    tokens_of: Callable[[str], Tokens] | None = None,
    texts: st.SearchStrategy[str] = TEXTS,
) -> ArticleLabels:
    """A line with any spans and relations, attributes, notes and records."""
    text = draw(texts)
    labels = {Kind.ENTITY: "Person", Kind.ACTOR: "Actor", Kind.CLAIM: "Claim", Kind.CUE: "Cue"}
    spans = []
    for nth in range(draw(st.integers(0, 6))):
        kind = draw(st.sampled_from(Kind))
        points = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
        fragments = tuple(zip(points[::2], points[1::2], strict=False))
        if not any(text[start:end].strip() for start, end in fragments):
            continue
        attributes: dict[str, object] = {}
        if kind is Kind.CLAIM:
            attributes["stance"] = draw(st.sampled_from(["support", "oppose"]))
            attributes["categories"] = ["economy/trade", "society"]
        spans.append(
            Span(
                id=f"s{nth}",
                kind=kind,
                label=labels[kind],
                fragments=fragments,
                attributes=attributes,
                actor="r1" if kind is Kind.ACTOR and draw(st.booleans()) else None,
                note=draw(st.sampled_from([None, "a note", "“ä” # T1"])),
                origin="annotator:ana",
                annotator="ana",
            )
        )
    relations = []
    if len(spans) > 1:
        for nth in range(draw(st.integers(0, 3))):
            head, tail = draw(st.permutations([each.id for each in spans]))[:2]
            type_ = draw(st.sampled_from(["made_by", "about"]))
            relations.append(
                Relation(
                    id=f"l{nth}", type=type_, head=head, tail=tail, origin="annotator:ana", annotator="ana"
                )
            )
    return ArticleLabels(
        article=Article(
            id="a1", text=text, sha256=sha256_of(text), title=draw(st.sampled_from(["", "Title"]))
        ),
        annotator="ana",
        progress=Progress(Status.DONE),
        spans=tuple(spans),
        relations=tuple(relations),
        actors=(ActorRecord(id="r1", name="Rob Malley", type="person", external_id="Q7"),),
        tokens=tokens_of(text) if tokens_of is not None else None,
    )
