"""CSV tables and ``annotator/1`` against each other."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import AttributeType, Codebook, codebook_from_toml
from annotator.core.model import (
    ActorRecord,
    Alias,
    Article,
    Kind,
    Progress,
    Property,
    Relation,
    Span,
    State,
    Status,
)
from annotator.core.ports import ArticleLabels
from annotator.core.text import normalise, sha256_of
from annotator.formats.base import FileRead, Intake, Source, read_source
from annotator.formats.cells import cell_of, guarded, unguarded, value_of
from annotator.formats.native import line_of
from annotator.formats.output import Output
from annotator.formats.registry import reader_for
from annotator.formats.tables import write_tables
from annotator.formats.tables_reader import SPAN_COLUMNS, TABLES

CODEBOOK = codebook_from_toml(
    """
name = "all"
labels = [
    {name = "Place", kind = "entity"}, {name = "Actor", kind = "actor"},
    {name = "Claim", kind = "claim"}, {name = "Cue", kind = "cue"},
]
categories = [{code = "a"}, {code = "a/b;c"}, {code = " odd"}]
attributes = [
    {name = "stance", type = "choice", kinds = ["claim", "actor"], choices = ["unset", "con", "-1", "p; q"]},
    {name = "many", type = "multi-choice", kinds = ["claim"], choices = ["x", "y; z", "[w]", ""]},
    {name = "topics", type = "categories", kinds = ["claim", "cue"]},
    {name = "sure", type = "boolean", kinds = ["claim"], relations = true},
    {name = "=size", type = "number", kinds = ["entity"], relations = true, records = true},
    {name = "words", type = "text", kinds = ["claim"], relations = true, records = true},
    {name = "day", type = "date", kinds = ["claim"], records = true},
]
[[relations]]
name = "supports"
heads = ["claim", "actor", "cue", "entity"]
tails = ["claim", "actor", "cue", "entity"]
"""
)
TEXT = st.text(
    st.one_of(
        st.sampled_from("=+-@\t'\"\n,; |\\[]{}\u2028\u00a0😀é\u0301العx0"),
        st.characters(codec="utf-8", exclude_characters="\r"),
    ),
    min_size=1,
    max_size=30,
)
VALUES: dict[AttributeType, Any] = {
    AttributeType.BOOLEAN: st.booleans(),
    AttributeType.NUMBER: st.one_of(
        st.integers(1 - 2**53, 2**53 - 1), st.floats(allow_nan=False, allow_infinity=False)
    ),
    AttributeType.TEXT: st.one_of(st.just(""), TEXT),
    AttributeType.DATE: st.sampled_from(["2026-03-31", "1999-12-01"]),
    AttributeType.CATEGORIES: st.lists(st.sampled_from(["a", "a/b;c", " odd"]), max_size=3),
}


def values_of(codebook: Codebook, known: Any) -> st.SearchStrategy[dict[str, Any]]:
    def value(each: Any) -> Any:
        if each.type is AttributeType.CHOICE:
            return st.sampled_from(each.choices)
        if each.type is AttributeType.MULTI_CHOICE:
            return st.lists(st.sampled_from(each.choices), max_size=3)
        return VALUES[each.type]

    return st.fixed_dictionaries({}, optional={each.name: value(each) for each in known})


@st.composite
def records(draw: st.DrawFn) -> tuple[ActorRecord, ...]:
    found = []
    for nth in range(draw(st.integers(0, 3))):
        values = draw(values_of(CODEBOOK, CODEBOOK.record_attributes()))
        since = draw(st.sampled_from(["", "2020-01-01"]))
        aliases = draw(st.lists(st.builds(Alias, TEXT, st.sampled_from([None, "ru"])), max_size=3))
        found.append(
            ActorRecord(
                id=f"p{nth}",
                name=draw(TEXT),
                type=draw(st.sampled_from(["person", "other", "=x"])),
                aliases=tuple(aliases),
                properties=tuple(
                    Property(
                        name=key,
                        value=values[key],
                        since=since,
                        until=draw(st.sampled_from(["", "2021-01-01"])),
                    )
                    for key in sorted(values)
                ),
                external_id=draw(st.one_of(st.none(), TEXT)),
                note=draw(st.one_of(st.none(), TEXT)),
            )
        )
    return tuple(found)


@st.composite
def lines(draw: st.DrawFn) -> list[ArticleLabels]:
    """Articles with the lines of several annotators each, whatever ``annotator/1`` can hold."""
    found: list[ArticleLabels] = []
    actors = draw(records())
    numbers = iter(range(10**6))
    for nth in range(draw(st.integers(1, 3))):
        text = normalise(draw(TEXT) + draw(TEXT))
        text = text if text.strip() else f"{text}x"
        article = Article(
            id=f"a{nth}",
            text=text,
            sha256=sha256_of(text),
            title=draw(st.one_of(st.just(""), TEXT)),
            external_id=draw(st.one_of(st.none(), TEXT)),
            publisher=draw(st.one_of(st.none(), TEXT)),
            published=draw(st.sampled_from([None, "2026-03-31"])),
            meta=draw(st.dictionaries(st.sampled_from(["k", "=l", "é"]), st.one_of(TEXT, st.integers(0, 9)))),
            furniture=((0, 1),) if text[:1].strip() and draw(st.booleans()) else (),
        )
        names = draw(st.sampled_from([[None], ["ana"], ["ana", "ben"], ["=cem", "a,b"]]))
        for name in names:
            spans = tuple(
                each
                for each in (
                    draw(a_span(f"s{next(numbers)}", text, name, actors))
                    for _ in range(draw(st.integers(0, 4)))
                )
                if any(text[a:b].strip() for a, b in each.fragments)
            )
            relations = tuple(
                Relation(
                    id=f"r{next(numbers)}",
                    type="supports",
                    head=head.id,
                    tail=tail.id,
                    attributes=draw(values_of(CODEBOOK, CODEBOOK.relation_attributes())),
                    state=head.state,
                    origin="import:x, y",
                    annotator=name if head.state is State.ACCEPTED else None,
                    note=draw(st.one_of(st.none(), TEXT)),
                )
                for head, tail in pairwise(spans)
                if head.state == tail.state
            )
            progress = Progress(
                draw(st.sampled_from(list(Status))), draw(st.booleans()), draw(st.one_of(st.none(), TEXT))
            )
            meant = {each.actor for each in spans}
            found.append(
                ArticleLabels(
                    article=article,
                    annotator=name,
                    progress=progress if name else Progress(),
                    spans=spans,
                    relations=relations,
                    actors=tuple(each for each in actors if each.id in meant),
                )
            )
    return found


@st.composite
def a_span(
    draw: st.DrawFn, name: str, text: str, annotator: str | None, actors: tuple[ActorRecord, ...]
) -> Span:
    edges = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2, max_size=6)))
    label = draw(st.sampled_from(CODEBOOK.labels))
    state = State.SUGGESTED if annotator is None else draw(st.sampled_from(list(State)))
    return Span(
        id=name,
        kind=label.kind,
        label=label.name,
        fragments=tuple(zip(edges[::2], edges[1::2], strict=False)),
        attributes=draw(values_of(CODEBOOK, CODEBOOK.attributes_of(label.kind))),
        actor=draw(st.sampled_from([None, *(each.id for each in actors)])),
        state=state,
        origin=draw(st.sampled_from(["annotator:ana", "spacy:x", "import:=x"])),
        confidence=draw(st.one_of(st.none(), st.floats(0, 1))),
        annotator=annotator if state is State.ACCEPTED else None,
        note=draw(st.one_of(st.none(), TEXT)),
    )


def written(labels: list[ArticleLabels], codebook: Codebook = CODEBOOK) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    opened: list[str] = []

    @contextlib.contextmanager
    def file(name: str) -> Iterator[BinaryIO]:
        assert not opened, "one at a time"
        opened.append(name)
        stream = io.BytesIO()
        yield stream
        files[name] = stream.getvalue()
        opened.clear()

    output = Output(codebook, file=file)
    write_tables(labels, output)
    assert not output.losses
    return files


def read(files: Mapping[str, bytes], name: str = TABLES[0], codebook: Codebook = CODEBOOK) -> FileRead:
    def beside(other: str) -> Source | None:
        return Source(other, files[other]) if other in files else None

    source = Source(name, files[name], siblings=beside)
    return read_source(Intake(source, codebook), reader_for(source))


def as_written(labels: list[ArticleLabels]) -> list[dict[str, Any]]:
    return [line_of(each) for each in labels]


@given(lines())
def test_everything_comes_back(labels: list[ArticleLabels]) -> None:
    found = read(written(labels))
    assert [str(each) for each in found.problems] == []
    assert as_written([each.labels for each in found.records]) == as_written(labels)
    assert all(each.native for each in found.records)


@given(lines(), st.randoms(use_true_random=False), st.sampled_from(";\t"))
def test_rows_in_any_order_and_other_delimiters_do_as_well(
    labels: list[ArticleLabels], random: Any, mark: str
) -> None:
    files = {}
    for name, data in written(labels).items():
        header, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
        if name in TABLES[2:]:
            random.shuffle(rows)
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=mark).writerows([header, *rows])
        files[name] = text.getvalue().encode("utf-16" if any("é" in each for each in header) else "utf-8")
    found = read(files)
    assert [str(each) for each in found.problems] == []

    def key(line: dict[str, Any]) -> tuple[str, str]:
        return line["id"], line["annotator"] or ""

    assert sorted(as_written([each.labels for each in found.records]), key=key) == sorted(
        as_written(labels), key=key
    )


@given(st.text(), st.booleans())
def test_no_cell_is_a_formula_and_each_comes_back(text: str, numbers: bool) -> None:
    cell = guarded(text, numbers=numbers)
    assert unguarded(cell) == text
    assert cell[:1] not in ("=", "+", "@", "\t", "\r")
    assert cell[:1] != "-" or (numbers and float(cell) <= 0)


@pytest.mark.parametrize(
    ("value", "kind", "cell"),
    [
        (["a", "b/c"], AttributeType.CATEGORIES, "a; b/c"),
        ([], AttributeType.CATEGORIES, "[]"),
        (["a;b"], AttributeType.MULTI_CHOICE, '["a;b"]'),
        (True, AttributeType.BOOLEAN, "true"),
        (-3, AttributeType.NUMBER, "-3"),
        (2.0, AttributeType.NUMBER, "2.0"),
        ("", AttributeType.TEXT, '""'),
        ("plain", AttributeType.TEXT, "plain"),
        (None, AttributeType.TEXT, ""),
    ],
)
def test_cells_are_plain_where_they_can_be(value: Any, kind: AttributeType, cell: str) -> None:
    assert cell_of(value, kind) == cell
    assert value_of(cell, kind) == value


TALK = "Smith said Acme lied."
OWN: dict[str, Any] = {"origin": "annotator:ana", "annotator": "ana"}
LINE = ArticleLabels(
    article=Article(id="a1", text=TALK, sha256=sha256_of(TALK), title="T"),
    annotator="ana",
    spans=(
        Span(id="s1", kind=Kind.ACTOR, label="Actor", fragments=((0, 5),), **OWN),
        Span(
            id="s2",
            kind=Kind.CLAIM,
            label="Claim",
            fragments=((11, 15), (16, 20)),
            attributes={"stance": "con", "topics": ["a"]},
            **OWN,
        ),
    ),
    relations=(Relation(id="r1", type="supports", head="s2", tail="s1", **OWN),),
)


def test_how_the_tables_look() -> None:
    files = {name: data.decode("utf-8-sig").splitlines() for name, data in written([LINE]).items()}
    assert files["articles.csv"][1] == f"a1,,T,{TALK},,,,,,,"
    assert files["annotators.csv"][1] == "a1,ana,new,false,"
    attributes = ["stance", "many", "topics", "sure", "=size", "words", "day"]
    assert files["spans.csv"] == [
        ",".join((*SPAN_COLUMNS, *(f"attribute:{each}" for each in attributes))),
        'a1,ana,s1,actor,Actor,0,5,"[[0,5]]",Smith,,,accepted,annotator:ana,,,,,,,,,',
        'a1,ana,s2,claim,Claim,11,20,"[[11,15],[16,20]]",Acme lied,,,accepted,annotator:ana,,,con,,a,,,,',
    ]
    assert files["relations.csv"][1] == (
        "a1,ana,r1,supports,s2,Acme lied,s1,Smith,accepted,annotator:ana,,,,,"
    )


def changed(name: str, old: str, new: str) -> dict[str, bytes]:
    files = written([LINE])
    text = files[name].decode()
    assert old in text
    return files | {name: text.replace(old, new).encode()}


@pytest.mark.parametrize(
    ("table", "old", "new", "problem"),
    [
        ("spans", "a1,ana,s1", "a9,ana,s1", "spans.csv line 2: the article “a9” is not in articles.csv"),
        ("spans", "0,5,", "0,x5,", "spans.csv line 2: “end” must be a whole number, not “x5”"),
        ("spans", "[[0,5]]", "0-5", "spans.csv line 2: “fragments” must be like [[101,205]]"),
        ("spans", "11,20", "11,99", "spans.csv line 3, span s2: its “start” and “end” are not"),
        ("spans", "Smith", "Smit", "spans.csv line 2, span s1: its text is “Smit”, but"),
        ("spans", "actor,Actor", "actor,Who", "spans.csv line 2, span s1: the codebook has no"),
        ("spans", ",con,", ",perhaps,", "spans.csv line 3, span s2: stance takes one of"),
        ("spans", "annotator:ana,", "annotator:ana,2", "spans.csv line 2: “confidence” must be"),
        ("relations", "s2,Acme", "s9,Acme", "relations.csv line 2, relation r1: its head is the unknown"),
        ("annotators", "new", "gone", "line 2: “status” must be one of"),
        ("articles", "a1,,", ",,", "line 2: the article has no id"),
        ("articles", "lied.,", "lied.,,", "line 2: this row has 12 columns, the header 11"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(table: str, old: str, new: str, problem: str) -> None:
    found = read(changed(f"{table}.csv", old, new))
    assert found.records == []
    assert str(found.problems[0]).startswith(f"articles.csv, {problem}")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            ",kind,",
            ",sort,",
            "spans.csv: the table has no column “kind”. Leave its header as it was exported.",
        ),
        ("label,start", "label,label", "spans.csv: a column stands in the header twice. Leave"),
        ("Acme lied,", '"Acme lied,', "spans.csv, line 3: the table cannot be read: unexpected end of data."),
    ],
)
def test_tables_that_cannot_be_used(old: str, new: str, problem: str) -> None:
    (found,) = read(changed("spans.csv", old, new)).problems
    assert str(found).startswith(problem)


@pytest.mark.parametrize("name", ["spans.csv", "relations.csv"])
def test_labels_without_their_articles_are_told(name: str) -> None:
    found = read({name: written([LINE])[name]}, name)
    (problem,) = map(str, found.problems)
    assert problem == (
        f"{name}: this is a table of labels without its articles. "
        "Import articles.csv of the same export; it finds this file beside it."
    )


def test_articles_alone_are_a_table_of_articles() -> None:
    found = read({TABLES[0]: written([LINE])[TABLES[0]]})
    assert [(each.labels.article.title, each.native) for each in found.records] == [("T", False)]
