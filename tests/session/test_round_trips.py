"""Labels out in every format and into another project: what the format holds is there, nothing else came."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct

from annotator.core.codebook import Attribute, AttributeType, Category, Codebook, Label, RelationType
from annotator.core.model import ActorRecord, Article, Kind, Progress, Relation, Span, Status
from annotator.core.ports import ArticleLabels, NewArticle
from annotator.core.records import replace
from annotator.core.text import normalise, sha256_of
from annotator.core.validate import fragment_problem
from annotator.formats.base import Format
from annotator.formats.brat_names import LINE_BREAKS
from annotator.formats.losing import Held, says_something
from annotator.formats.output import singular
from annotator.formats.registry import READERS, WRITERS
from annotator.session.exporting import export_labels
from annotator.session.importing import import_paths
from annotator.session.project import Project

PIECES = (
    "Smith", "said", " ", " ", " ", ". ", "😀", "e\u0301", "\u00a0", "\u2028", "مرحبا", '"', "\t", "\n",
    "\n\n", "\\", "👩\u200d👩\u200d👧", "Acme", "<b>", "&amp;", "日本", "\x85", "[", "_", "|", "*",
    ";", "don’t",
)  # fmt: skip
PEOPLE = ("ana", "Ben O’Hara/Łódź 😀")
EVERY = frozenset(Kind)
PLAIN = Codebook(
    name="plain",
    labels=(
        Label(name="Actor", kind=Kind.ACTOR), Label(name="Claim", kind=Kind.CLAIM),
        Label(name="Person", kind=Kind.ENTITY), Label(name="Place", kind=Kind.ENTITY),
        Label(name="Cue", kind=Kind.CUE),
    ),
    attributes=(
        Attribute(name="stance", type=AttributeType.CHOICE, kinds=frozenset({Kind.CLAIM}),
                  choices=("support", "oppose")),
        Attribute(name="categories", type=AttributeType.CATEGORIES, kinds=frozenset({Kind.CLAIM})),
        Attribute(name="sure", type=AttributeType.BOOLEAN, kinds=EVERY, relations=True),
        Attribute(name="size", type=AttributeType.NUMBER, kinds=frozenset({Kind.ENTITY})),
        Attribute(name="day", type=AttributeType.DATE, kinds=frozenset({Kind.CUE})),
        Attribute(name="words", type=AttributeType.TEXT, kinds=frozenset({Kind.ACTOR}), relations=True),
    ),
    categories=tuple(Category(code=code) for code in ("war", "war/peace-talks", "a;b", "c, d|e")),
    relation_types=(
        RelationType(name="made_by", heads=frozenset({Kind.CLAIM}), tails=frozenset({Kind.ACTOR})),
        RelationType(name="about", heads=EVERY, tails=EVERY),
    ),
)  # fmt: skip
NAMES = (
    "note", "text", "id", "kind", "label", "start", "type", "head", "fragments", "Sofa", "a b", "a_b", "a 2",
)  # fmt: skip
"""Attributes that are called as formats call parts of their own."""
AWKWARD = Codebook(
    name="awkward",
    labels=(
        Label(name="Person", kind=Kind.ACTOR), Label(name="Person", kind=Kind.ENTITY),
        Label(name="person", kind=Kind.CLAIM), Label(name="Größe", kind=Kind.ENTITY),
        Label(name="claim:x", kind=Kind.ENTITY), Label(name="per son/x", kind=Kind.CUE),
        Label(name="O", kind=Kind.CUE), Label(name="B-x", kind=Kind.ENTITY),
    ),
    attributes=(
        *(Attribute(name=name, type=AttributeType.TEXT, kinds=EVERY, relations=True) for name in NAMES),
        Attribute(name="Actor", type=AttributeType.MULTI_CHOICE, kinds=frozenset({Kind.ACTOR, Kind.CLAIM}),
                  choices=("x;y", "x", "y", "a, b", "|", '["x"]')),
    ),
    relation_types=(
        RelationType(name="Person", heads=EVERY, tails=EVERY),
        RelationType(name="is a: b", heads=EVERY, tails=EVERY),
    ),
)  # fmt: skip
WORDS = st.sampled_from(
    ["n", "two\nlines", "“quoted” \t 😀", "1", "true", "x;y", '["a"]', "2026-03-01T", "*", "_", " "]
)
ACTORS = (
    ActorRecord(id="p1", name="Smith"),
    ActorRecord(id="p2", name="Acme 😀", type="organization", external_id="Q1"),
    ActorRecord(id="p3", name="Acme, Inc."),
)


METAS: tuple[dict[str, Any], ...] = (
    {},
    {"section": "World", "n": 3},
    {"label": "x", "z": [1, {"y": None}]},
    {"source": "wire", "date": "2026-01-01", "docid": "7", "body": "other words", "link": 4, "Title": "T"},
    {"annotator": "x", "note": "n", "flagged": True, "status": "done", "kind": "k", "actor": "A"},
    {
        "spans": [],
        "entities": [[0, 1, "A"]],
        "relations": [],
        "tokens": [],
        "answer": "reject",
        "Comments": ["c"],
    },
    {
        "_view_id": "ner",
        "_annotator_id": "zoe",
        "_input_hash": 3,
        "data": "d",
        "status": "done",
        "format": "x",
    },
)

# -- any project ------------------------------------------------------------------------------------


def values_of(attribute: Attribute, codebook: Codebook) -> st.SearchStrategy[Any]:
    match attribute.type:
        case AttributeType.CHOICE:
            return st.sampled_from(attribute.choices)
        case AttributeType.MULTI_CHOICE:
            return st.lists(st.sampled_from(attribute.choices), unique=True, max_size=2)
        case AttributeType.CATEGORIES:
            codes = [each.code for each in codebook.categories]
            return st.lists(st.sampled_from(codes), unique=True, max_size=2)
        case AttributeType.BOOLEAN:
            return st.booleans()
        case AttributeType.NUMBER:
            return st.sampled_from([0, 1, -3, 2.5, 1e-7])
        case AttributeType.DATE:
            return st.just("2026-03-31")
        case AttributeType.TEXT:
            return WORDS


@st.composite
def attributes(draw: st.DrawFn, known: Sequence[Attribute], codebook: Codebook) -> dict[str, Any]:
    some = draw(st.lists(st.sampled_from(known), unique=True, max_size=3)) if known else []
    return {each.name: draw(values_of(each, codebook)) for each in some}


@st.composite
def spans(draw: st.DrawFn, text: str, codebook: Codebook, who: str, number: str) -> Span | None:
    label = draw(st.sampled_from(codebook.labels))
    points = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=4)))
    fragments = tuple(zip(points[::2], points[1::2], strict=False))
    if draw(st.integers(0, 9)) == 0:
        fragments = ((0, len(text)),)
    if fragment_problem(fragments, text):
        return None
    return Span(
        id=f"{who[:3]}s{number}", kind=label.kind, label=label.name, fragments=fragments,
        attributes=draw(attributes(codebook.attributes_of(label.kind), codebook)),
        actor=draw(st.sampled_from([None, "p1", "p2", "p3"])) if label.kind is Kind.ACTOR else None,
        origin=f"annotator:{who}", annotator=who, note=draw(st.none() | WORDS.filter(str.strip)),
    )  # fmt: skip


@st.composite
def lines(draw: st.DrawFn, article: Article, codebook: Codebook, who: str) -> ArticleLabels:
    made: dict[Any, Span] = {}
    for nth in range(draw(st.integers(0, 5))):
        span = draw(spans(article.text, codebook, who, f"{article.id}-{nth}"))
        if span is not None:
            made.setdefault((span.kind, span.label, span.fragments), span)
    links: dict[Any, Relation] = {}
    for nth in range(draw(st.integers(0, 3)) if len(made) > 1 else 0):
        head, tail = draw(st.permutations(list(made.values())))[:2]
        for type_ in codebook.relation_types_between(head.kind, tail.kind)[:1]:
            links[type_.name, head.id, tail.id] = Relation(
                id=f"{who[:3]}l{article.id}-{nth}", type=type_.name, head=head.id, tail=tail.id,
                attributes=draw(attributes(codebook.relation_attributes(), codebook)),
                origin=f"annotator:{who}", annotator=who, note=draw(st.none() | WORDS.filter(str.strip)),
            )  # fmt: skip
    statuses = [Status.IN_PROGRESS, Status.DONE, Status.SKIPPED]
    progress = Progress(
        draw(st.sampled_from(statuses)), draw(st.booleans()), draw(st.none() | WORDS.filter(str.strip))
    )
    return ArticleLabels(
        article=article, annotator=who, progress=progress, spans=tuple(made.values()),
        relations=tuple(links.values()), actors=ACTORS,
    )  # fmt: skip


@st.composite
def articles(draw: st.DrawFn, number: int) -> Article:
    pieces = draw(st.lists(st.sampled_from(PIECES), min_size=1, max_size=20))
    text = normalise(f"{number}" + "".join(pieces))
    return Article(
        id=f"a{number}", text=text, sha256=sha256_of(text),
        title=draw(st.sampled_from(["", "Lies", "Łies/2: x"])),
        external_id=draw(st.sampled_from([None, f"e{number}"])),
        publisher=draw(st.sampled_from([None, "AP"])),
        published=draw(st.sampled_from([None, "2026-03-31"])), author=draw(st.sampled_from([None, "A. B."])),
        url=draw(st.sampled_from([None, "https://example.org/1?a=b"])),
        language=draw(st.sampled_from([None, "de"])),
        meta=draw(st.sampled_from(METAS)),
    )  # fmt: skip


class Made:
    """A project that was drawn."""

    def __init__(self, codebook: Codebook, lines: list[list[ArticleLabels]]) -> None:
        self.codebook = codebook
        self.lines = lines

    def __repr__(self) -> str:
        parts = [self.codebook.name]
        for some in self.lines:
            article = some[0].article
            parts.append(f"{article.text!r} {article.title!r} {article.external_id} {dict(article.meta)}")
            for line in some:
                parts.append(f"{line.annotator} {line.progress}")
                parts += [
                    f"  {each.id} {each.kind}:{each.label} {each.fragments} {each.attributes} "
                    f"{each.actor} {each.note!r}"
                    for each in line.spans
                ]
                parts += [
                    f"  {each.id} {each.type} {each.head} {each.tail} {each.attributes} {each.note!r}"
                    for each in line.relations
                ]
        return "\n".join(parts)


@st.composite
def projects(draw: st.DrawFn, people: Sequence[str] = PEOPLE) -> Made:
    codebook = draw(st.sampled_from([PLAIN, AWKWARD]))
    found = []
    for number in range(draw(st.integers(1, 3))):
        article = draw(articles(number))
        who = draw(st.lists(st.sampled_from(people), unique=True, max_size=2))
        found.append([draw(lines(article, codebook, each)) for each in who])
        if not who:
            found[-1].append(ArticleLabels(article=article, annotator=None))
    return Made(codebook, found)


def filled(path: Path, codebook: Codebook, what: Sequence[Sequence[ArticleLabels]]) -> Project:
    project = Project.create(path, codebook)
    new = [
        NewArticle(
            article=some[0].article,
            progress={each.annotator: each.progress for each in some if each.annotator},
            spans=[span for each in some for span in each.spans],
            relations=[relation for each in some for relation in each.relations],
        )
        for some in what
    ]
    project.repository.add_articles(new, ACTORS)
    assert list(project.repository.check()) == []
    return project


# -- what is to come back ---------------------------------------------------------------------------

type Shape = Callable[[Span, str], Any]


def exact(span: Span, _: str) -> Any:
    return span.fragments


def stretch(span: Span, _: str) -> Any:
    return span.start, span.end


def trimmed(span: Span, text: str) -> Any:
    words = text[span.start : span.end]
    start = span.start + len(words) - len(words.lstrip())
    return start, start + len(words.strip())


def without_breaks(span: Span, text: str) -> Any:
    return tuple(
        at for start, end in span.fragments for at in range(start, end) if text[at] not in LINE_BREAKS
    )


class Way(Struct, frozen=True):
    """How a format is tried."""

    holds: frozenset[Held]
    shape: Shape = exact
    alone: bool = False
    """It does not say whose labels are whose: one annotator's alone go out."""
    unsure: frozenset[str] = frozenset()
    """Losses with which spans are only counted: they are written at other places."""
    spaced: str = "—"
    """The loss with which texts come back with other spaces."""
    numbered: bool = False
    """Articles without an id get the number that they have in the file."""


def held_by(name: str) -> frozenset[Held]:
    gone = set(WRITERS[name].cannot_hold)
    return frozenset(each for each in Held if each.value not in gone)


WAYS = {
    name: replace(way, holds=held_by(name) | way.holds)
    for name, way in {
        "jsonl": Way(frozenset()),
        "tables": Way(frozenset()),
        "docbin": Way(frozenset()),
        "prodigy": Way(frozenset(), stretch),
        "doccano": Way(frozenset(), stretch, numbered=True),
        "doccano-graphemes": Way(
            frozenset(), stretch, numbered=True,
            unsure=frozenset({"spans that begin or end within a grapheme"}),
        ),
        "label-studio": Way(frozenset(), stretch),
        "brat": Way(
            frozenset(), without_breaks, alone=True,
            spaced="attributes and notes with line breaks, tabs, or spaces at their ends",
        ),
        "webanno-tsv": Way(frozenset(), trimmed, alone=True),
        "uima-xmi": Way(frozenset()),
        "uima-json": Way(frozenset()),
    }.items()
}  # fmt: skip


def values(record: Span | Relation) -> tuple[Any, ...]:
    """Attributes that say something."""
    return tuple(
        sorted(
            (name, tuple(value) if isinstance(value, (list, tuple)) else value)
            for name, value in record.attributes.items()
            if says_something(value)
        )
    )


def told(labels: ArticleLabels, way: Way, *, gone: Container[str]) -> Counter[Any]:
    """Everything of a line that the format holds."""
    holds = way.holds
    names = {each.id: each.name for each in labels.actors}
    spaced = way.spaced in gone

    def taken(what: Held, value: Any) -> Any:
        return value if what in holds else None

    of = {
        span.id: (str(span.kind), span.label, way.shape(span, labels.article.text)) for span in labels.spans
    }
    some: Counter[Any] = Counter(
        (
            "span", *of[span.id],
            taken(Held.SPAN_ATTRIBUTES, values(span) if not spaced else len(values(span))),
            taken(Held.ACTORS, names.get(span.actor or "")),
            taken(Held.SPAN_NOTES, span.note if not spaced else bool(span.note)),
        )
        for span in labels.spans
    )  # fmt: skip
    if Held.RELATIONS in holds:
        some.update(
            (
                "relation", each.type, of[each.head], of[each.tail],
                taken(Held.RELATION_ATTRIBUTES, values(each) if not spaced else len(values(each))),
                taken(Held.RELATION_NOTES, each.note if not spaced else bool(each.note)),
            )
            for each in labels.relations
        )  # fmt: skip
    progress = labels.progress
    if Held.STATUSES in holds and "articles in progress" not in gone:
        some["status", progress.status] += 1
    if Held.FLAGS in holds:
        some["flag", progress.flagged] += 1
    if Held.ARTICLE_NOTES in holds:
        some["note", progress.note] += 1
    return some


def about(article: Article, way: Way, *, titled: bool = False, numbered: bool = False) -> Any:
    known: list[Any] = [article.text]
    if Held.TITLES in way.holds and titled:
        known.append(article.title)
    if Held.METADATA in way.holds:
        known += [
            article.publisher, article.author, article.url, article.published, article.language,
            None if numbered else article.external_id, dict(article.meta),
        ]  # fmt: skip
    return known


def lines_of(project: Project) -> Iterator[ArticleLabels]:
    return project.repository.iter_labels()


@pytest.mark.parametrize("name", WAYS)
def test_what_a_format_holds_comes_back(name: str) -> None:
    way, form = WAYS[name], WRITERS[name]

    # The same projects each time: a failing one takes minutes to be made small.
    @settings(max_examples=6, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(projects(PEOPLE[:1] if way.alone else PEOPLE))
    def holds(what: Made) -> None:
        codebook, made = what.codebook, what.lines
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            with filled(folder / "one.annot", codebook, made) as one:
                out = folder / ("out" if form.many else f"out{form.endings[0]}")
                report = export_labels(one, out, format=name)
                before = list(lines_of(one))
            with Project.create(folder / "two.annot", codebook) as two:
                reader = name if not form.many else "auto"
                came = import_paths(two, [out], format=reader, annotator=PEOPLE[0] if way.alone else None)
                assert came.problems == []
                assert list(two.repository.check()) == []
                after = {(each.article.sha256, each.annotator): each for each in lines_of(two)}
                texts = {each.article.sha256: each.article for each in after.values()}
                again = import_paths(two, [out], format=reader, annotator=PEOPLE[0] if way.alone else None)
                assert again.problems == []
                assert (again.articles, again.labelled, again.labels) == (0, 0, 0)
            gone = lost(form, report.losses)
            by_hand = counted_by_hand(before).items()
            assert {each: gone[each] for each, _ in by_hand} == {
                each: 0 if each in way.holds else number for each, number in by_hand
            }
            for each in before:
                there = texts[each.article.sha256]
                titled = (
                    bool(each.article.title)
                    and "titles of articles that are not their first line" not in gone
                )
                numbered = way.numbered and each.article.external_id is None
                assert about(there, way, titled=titled, numbered=numbered) == about(
                    each.article, way, titled=titled, numbered=numbered
                )
                mine = after.pop((each.article.sha256, each.annotator), None)
                mine = mine or ArticleLabels(article=each.article, annotator=each.annotator)
                same = gone["relations between spans that are one and the same for Prodigy"]
                if way.unsure & gone.keys() or same:
                    assert len(mine.spans) == len(each.spans)
                    assert 0 <= len(each.relations) - len(mine.relations) <= same
                else:
                    assert told(mine, way, gone=gone) == told(each, way, gone=gone)
            assert all(not each.spans and each.annotator is None for each in after.values())

    holds()


def lost(form: Format, sentences: Sequence[str]) -> Counter[str]:
    """What some sentences tell of as lost, by its name, with its number."""
    found: Counter[str] = Counter()
    for each in sentences:
        number, _, rest = each.partition(" cannot hold ")[2].partition(" ")
        said = rest.partition(":")[0]
        (what,) = {name for name in form.cannot_hold if said in (name, singular(name))}
        found[what] += int(number.replace(",", ""))
    return found


def counted_by_hand(made: Sequence[ArticleLabels]) -> dict[Held, int]:
    """How much of it a project has, of what formats may lose without losing a span."""
    known = {each.article.id: each.article for each in made}.values()
    of_spans = [span for each in made for span in each.spans]
    of_relations = [relation for each in made for relation in each.relations]
    return {
        Held.RELATIONS: len(of_relations),
        Held.DISCONTINUOUS: sum(len(each.fragments) > 1 for each in of_spans),
        Held.SPAN_ATTRIBUTES: sum(len(values(each)) for each in of_spans),
        Held.RELATION_ATTRIBUTES: sum(len(values(each)) for each in of_relations),
        Held.ACTORS: sum(each.actor is not None for each in of_spans),
        Held.SPAN_NOTES: sum(each.note is not None for each in of_spans),
        Held.RELATION_NOTES: sum(each.note is not None for each in of_relations),
        Held.ARTICLE_NOTES: sum(each.progress.note is not None for each in made),
        Held.FLAGS: sum(each.progress.flagged for each in made),
        Held.STATUSES: sum(each.progress.status is not Status.NEW for each in made),
        Held.TITLES: sum(bool(each.title) for each in known),
        Held.METADATA: sum(about(each, METADATA)[1:] != NO_METADATA for each in known),
        Held.ORIGINS: 0,
        Held.CONFIDENCES: 0,
        Held.OVERLAPS: 0,
    }


METADATA = Way(frozenset({Held.METADATA}))
NO_METADATA = [None, None, None, None, None, None, {}]


def test_every_format_that_reads_and_writes_labels_is_tried() -> None:
    both = {name for name in READERS if name in WRITERS}
    assert both - {"conll"} == WAYS.keys()
