"""Random lines of one article for round trips, and what of them comes back from a format."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterable
from typing import Any

from hypothesis import strategies as st

from annotator.core.codebook import Codebook
from annotator.core.model import (
    ActorRecord,
    Article,
    Kind,
    Progress,
    Relation,
    Span,
    State,
    Status,
    normalise_fragments,
)
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.core.text import sha256_of
from annotator.core.tokens import rough_tokens
from annotator.formats.base import Format, Intake, Record, Source, read_source
from annotator.formats.naming import written_label
from annotator.formats.output import Losses, Output

PIECES = (
    "Smith", "said", " ", " ", ".", "😀", "e\u0301", "\u00a0", "\u2028", "مرحبا", '"', "\t", "\n",
    "\\", "👩‍👩‍👧", "Acme", "<b>", "&amp;", "\u200d", "日本", "\x85", "[", "_",
)  # fmt: skip
TEXTS = (
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=25)
    .map("".join)
    .filter(lambda text: bool(text.strip()))
)
KINDS = ((Kind.ACTOR, "Actor"), (Kind.CLAIM, "Claim"), (Kind.ENTITY, "Person"), (Kind.CUE, "Cue"))
ACTORS = (ActorRecord(id="p1", name="Smith"), ActorRecord(id="p2", name="Acme 😀"))
WORDS = st.sampled_from(["", "n", "two\nlines", "“quoted” \t 😀", "1"])


@st.composite
def spans(draw: st.DrawFn, text: str, number: int, who: str | None) -> Span:
    """A span with anything that it may have; one of nobody is a suggestion."""
    kind, label = draw(st.sampled_from(KINDS))
    several = draw(st.lists(st.tuples(*[st.integers(0, len(text))] * 2), min_size=1, max_size=2))
    fragments = normalise_fragments(tuple((min(pair), max(pair)) for pair in several if pair[0] != pair[1]))
    attributes: dict[str, Any] = {}
    if kind is Kind.CLAIM:
        attributes["stance"] = draw(st.sampled_from(["support", "oppose", "unset"]))
        attributes["categories"] = draw(
            st.sampled_from([[], ["sanctions/relief"], ["sanctions/relief", "x"]])
        )
    suggested = who is None
    return Span(
        id=f"s{number}", kind=kind, label=label, fragments=fragments or ((0, len(text)),),
        attributes=attributes,
        actor=draw(st.sampled_from([None, "p1", "p2"])) if kind is Kind.ACTOR else None,
        state=State.SUGGESTED if suggested else State.ACCEPTED, note=draw(WORDS) or None, annotator=who,
        origin=draw(st.sampled_from(["rules:a-1", "spacy:m-1"])) if suggested else f"annotator:{who}",
        confidence=draw(st.sampled_from([None, 0.25, 1.0])) if suggested else None,
    )  # fmt: skip


@st.composite
def articles(draw: st.DrawFn) -> list[ArticleLabels]:
    """The lines of one article: one to three annotators', or nobody's."""
    text = draw(TEXTS)
    article = Article(
        id="a1", text=text, sha256=sha256_of(text), title=draw(st.sampled_from(["", "Lies"])),
        external_id=draw(st.sampled_from([None, "7"])), publisher=draw(st.sampled_from([None, "AP"])),
        published=draw(st.sampled_from([None, "2026-03-31"])),
        meta=draw(st.sampled_from([{}, {"z": [1, {"y": None}], "section": "World"}])),
    )  # fmt: skip
    suggested = [draw(spans(text, 100 + nth, None)) for nth in range(draw(st.integers(0, 3)))]
    links = draw(relations(suggested, None))
    people = draw(st.sampled_from([[None], ["ana"], ["ana", "ben"], ["ana", "ben", "7"]]))
    lines = []
    for who in people:
        own = [draw(spans(text, nth, who)) for nth in range(draw(st.integers(0, 5)) if who else 0)]
        lines.append(
            ArticleLabels(
                article=article,
                annotator=who,
                progress=draw(progresses()) if who else Progress(),
                spans=(*own, *suggested),
                relations=(*draw(relations(own, who)), *links),
                actors=ACTORS,
                tokens=rough_tokens(text),
            )
        )
    return lines


@st.composite
def progresses(draw: st.DrawFn) -> Progress:
    status = draw(st.sampled_from([Status.IN_PROGRESS, Status.DONE, Status.SKIPPED]))
    return Progress(status, draw(st.booleans()), draw(WORDS) or None)


@st.composite
def relations(draw: st.DrawFn, among: list[Span], who: str | None) -> list[Relation]:
    """Relations between some of the spans; those of nobody are suggestions of their head's origin."""
    made: dict[tuple[str, str, str], Relation] = {}
    if len(among) < 2:
        return []
    for nth in range(draw(st.integers(0, 3))):
        head, tail = draw(st.lists(st.sampled_from(among), min_size=2, max_size=2, unique_by=id))
        type_ = draw(st.sampled_from(["made_by", "about", "supports"]))
        made[type_, head.id, tail.id] = Relation(
            id=f"{who}{nth}", type=type_, head=head.id, tail=tail.id, annotator=who,
            state=State.ACCEPTED if who else State.SUGGESTED,
            origin=f"annotator:{who}" if who else head.origin,
        )  # fmt: skip
    return list(made.values())


def written(form: Format, lines: Iterable[ArticleLabels], codebook: Codebook) -> tuple[bytes, Losses]:
    """What a format makes of lines, and what it loses."""
    assert form.write is not None
    output = Output(codebook, io.BytesIO())
    form.write(lines, output)
    assert isinstance(output.stream, io.BytesIO)
    return output.stream.getvalue(), output.losses


def came_back(form: Format, data: bytes, codebook: Codebook) -> list[Record]:
    """The records that a format reads from what it has written."""
    found = read_source(Intake(Source(f"file{form.endings[0]}", data), codebook), form)
    assert not found.problems, found.problems
    return found.records


type Bag = Counter[tuple[Any, ...]]


def told(labels: ArticleLabels, codebook: Codebook, *, everything: bool, suggested: bool = False) -> Bag:
    """An annotator's own labels (or the suggestions) as they should come back."""
    state = State.SUGGESTED if suggested else State.ACCEPTED
    names = {each.id: each.name for each in labels.actors}
    some = {
        span.id: (
            written_label(codebook, span.kind, span.label),
            (span.start, span.end),
            _plain(span.attributes) if everything else (),
            (names[span.actor] if span.actor and everything else None),
            (span.note if everything else None),
            *((span.origin, span.confidence) if suggested else ("", None)),
        )
        for span in labels.spans
        if span.state is state
    }
    links = [
        (each.type, some[each.head][:2], some[each.tail][:2])
        for each in labels.relations
        if each.state is state
    ]
    return Counter([*some.values(), *links])


def read_back(record: Record) -> Bag:
    """The same of a record."""
    foreign = record.foreign
    assert foreign is not None
    names = {each.id: each.name for each in foreign.actors}
    some = {
        span.id: (
            span.label,
            *span.fragments,
            _plain(span.attributes),
            names[span.actor] if span.actor else None,
            span.note,
            span.origin,
            span.confidence,
        )
        for span in foreign.spans
    }
    links = [(each.type, some[each.head][:2], some[each.tail][:2]) for each in foreign.relations]
    return Counter([*some.values(), *links])


def _plain(attributes: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Attributes that say something; one value is as good as a list of one."""
    pairs = (
        (name, tuple(value) if isinstance(value, (list, tuple)) else (str(value),))
        for name, value in attributes.items()
        if value not in ([], "unset", None)
    )
    return tuple(sorted(pairs))


def same_article(record: Record, article: Article) -> bool:
    """Whether text and metadata of an article came back."""
    return record.labels.article == replace(article, id="", furniture=())
