"""brat's standoff: files of brat, our own back again, and what brat itself would say of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from annotator.core.codebook import Codebook
from annotator.core.model import Kind, Progress, Span, State, Status, normalise_fragments
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.core.text import slice_of
from annotator.formats.base import FileRead, Intake, Source, read_source
from annotator.formats.brat import BRAT
from annotator.formats.brat_names import LINE_BREAKS, Names
from annotator.formats.foreign import Foreign
from annotator.formats.registry import reader_for

from .labels import Folder, lines, losses_of, read_back, written

DATA = Path(__file__).parents[1] / "data" / "brat"


def foreign(found: FileRead) -> Foreign:
    assert not found.problems, [str(each) for each in found.problems]
    (record,) = found.records
    assert record.foreign is not None
    return record.foreign


def taken(codebook: Codebook, ann: str | bytes, text: str | bytes) -> FileRead:
    folder = Folder(
        {
            "a.ann": ann.encode() if isinstance(ann, str) else ann,
            "a.txt": text.encode() if isinstance(text, str) else text,
        }
    )
    return read_back(BRAT, folder.source("a.ann"), codebook)


# -- brat's own rules ---------------------------------------------------------------------------------


def check_as_brat(ann: bytes, txt: bytes, entities: set[str]) -> None:
    """What brat's own reader demands of a document, strictly; it takes lines apart like str.splitlines."""
    text, seen = txt.decode(), set()
    annotations = ann.decode()
    for line in annotations.splitlines():
        id_, data, *rest = line.split("\t", 2)
        assert re.fullmatch(r"[TRAN#]\d+", id_)
        assert id_ not in seen
        seen.add(id_)
        if id_[0] == "T":
            type_, ranges = data.split(" ", 1)
            assert re.fullmatch(r"[A-Za-z0-9_-]+", type_)
            assert type_ in entities
            spans: list[tuple[int, int]] = []
            for each in ranges.split(";"):
                start, end = map(int, each.split(" "))
                assert 0 <= start < end <= len(text)
                assert not any(end >= first and start < last for first, last in spans)
                spans.append((start, end))
            assert rest == [" ".join(text[start:end] for start, end in spans)]
        elif id_[0] == "R":
            found = re.fullmatch(r"[A-Za-z0-9_-]+ Arg1:(T\d+) Arg2:(T\d+)", data)
            assert found
            assert {found[1], found[2]} <= seen
            assert rest == [""]
        elif id_[0] == "A":
            found = re.fullmatch(r"[A-Za-z0-9_-]+ ([TR]\d+)(?: (.+))?", data)
            assert found
            assert found[1] in seen
            assert not rest
        elif id_[0] == "N":
            found = re.match(r"(\S+) (\S+) (\S+?):(\S+)$", data)
            assert found
            assert found[2] in seen
        else:
            kind, target = data.split()
            assert kind == "AnnotatorNotes"
            assert target in seen
            assert rest[0].strip()


def entities_of(folder: Folder) -> set[str]:
    section = folder.files["annotation.conf"].decode().split("[relations]")[0]
    return set(section.splitlines()[1:])


# -- files of brat ------------------------------------------------------------------------------------


def test_a_file_of_brat(codebook: Codebook) -> None:
    source = Source.of(DATA / "news.ann")
    assert reader_for(source) is BRAT
    assert list(BRAT.also(source)) == ["news.txt"] if BRAT.also else False
    found = read_source(Intake(source, codebook), BRAT)
    labels = foreign(found)
    article = found.records[0].labels.article
    assert article.title == "Smith 😀 said Acme Corp lied."
    spans = {span.id: span for span in labels.spans}
    words = {id_: (span.label, slice_of(article.text, span.fragments)) for id_, span in spans.items()}
    assert words == {
        "T1": ("Actor", "Smith"),
        "T2": ("Claim", "Acme Corp lied"),
        "T3": ("Attack", "attacked"),
        "T4": ("Actor", "The rebels"),
        "T5": ("Place", "the town"),
        "T6": ("Person", "Rob Malley"),
        "T7": ("Deny", "denied"),
        "T8": ("Event", "attacked\nthe town"),
    }
    assert len(spans["T2"].fragments) == 2
    assert spans["T2"].attributes == {"Stance": "con", "Speculation": True}
    assert spans["T2"].note == "check this"
    assert spans["T7"].attributes == {"Negation": True}
    assert spans["T6"].actor == "Wikidata:Q7344952"
    assert [(each.id, each.name, each.external_id) for each in labels.actors] == [
        ("Wikidata:Q7344952", "Robert Malley", "Wikidata:Q7344952")
    ]
    assert [(each.type, each.head, each.tail) for each in labels.relations] == [
        ("Says", "T2", "T1"),
        ("Agent", "T3", "T4"),
        ("Target", "T3", "T5"),
        ("Agent", "T7", "T6"),
        ("Theme", "T7", "T3"),
        ("Theme", "T7", "T2"),
        ("Equiv", "T1", "T6"),
        ("Equiv", "T6", "T4"),
    ]
    assert labels.relations[0].attributes == {"Sure": "high"}
    assert labels.relations[0].note == "sure?"
    assert len({each.id for each in labels.relations}) == len(labels.relations)


def test_labels_in_two_files(codebook: Codebook) -> None:
    """As the shared tasks of BioNLP part them; the second may be missing, and is as good to name."""
    text, first = b"Bea told Acme.\n", b"T1\tPerson 0 3\tBea\nT2\tFirm 9 13\tAcme\n*\tEquiv T1 T2\n"
    second = b"T3\tTelling 4 8\ttold\nE1\tTelling:T3 Theme:T2 Cause:T1\nM1\tSpeculation E1\n*\tEquiv T2 T1\n"
    folder = {"a.txt": Source("x/a.txt", text), "a.a1": Source("x/a.a1", first)}
    source = Source("x/a.a1", first, siblings=folder.get)
    assert reader_for(source) is BRAT
    assert len(foreign(read_source(Intake(source, codebook), BRAT)).spans) == 2
    folder["a.a2"] = Source("x/a.a2", second)
    assert BRAT.also is not None
    assert set(BRAT.also(source)) == {"a.txt", "a.a2"}
    for each in (source, Source("x/a.a2", second, siblings=folder.get)):
        found = foreign(read_source(Intake(each, codebook), BRAT))
        assert {(span.id, span.label): span.attributes for span in found.spans} == {
            ("T1", "Person"): {}, ("T2", "Firm"): {}, ("T3", "Telling"): {"Speculation": True},
        }  # fmt: skip
        assert {(each.type, each.head, each.tail) for each in found.relations} == {
            ("Theme", "T3", "T2"), ("Cause", "T3", "T1"), ("Equiv", "T1", "T2"), ("Equiv", "T2", "T1"),
        }  # fmt: skip
        assert len({each.id for each in found.relations}) == 4
    folder["a.a2"] = Source("x/a.a2", second.replace(b"E1\tTelling:T3", b"E1\tTelling:T9"))
    (problem,) = read_source(Intake(source, codebook), BRAT).problems
    assert str(problem).startswith("x/a.a1, line 2 of “a.a2”: there is no annotation “T9”")


def test_no_labels_at_all(codebook: Codebook) -> None:
    assert foreign(taken(codebook, "", "A text.")) == Foreign()


@pytest.mark.parametrize(
    ("ann", "text"),
    [
        ("T1\tA 3 4\tb\n", "\ufeffa b"),  # with the mark counted, as brat does
        ("T1\tA 2 3\tb\n", "\ufeffa b"),
        ("T1\tA 3 4\tb\n", "a\r\nb"),
        ("T1\tA 2 3\tb\n", "a\r\nb"),  # counted without carriage returns
        ("T1\tA 2 3\tb\r\n", "😀 b"),
        ("T1\tA 3 4\tb\n", "😀 b"),  # counted in UTF-16 units
        ("T1\tA 2 3\n", "a b"),  # without its words
        ("T1\tA 2 3\tb\tand more\n# a comment\n\n#1\tAnnotatorNotes T9\tlost\n", "a b"),
    ],
)
def test_offsets_as_programs_count_them(codebook: Codebook, ann: str, text: str) -> None:
    found = taken(codebook, ann, text)
    (span,) = foreign(found).spans
    assert slice_of(found.records[0].labels.article.text, span.fragments) == "b"


def test_old_and_other_ways_of_writing(codebook: Codebook) -> None:
    text = "a b c"
    ann = (
        "T1\tA 4 5;0 1\ta c\nT2\tB 2 3\tb\nR1\tR Arg2:T1 Arg1:T2\nR2\tCoref Anaphora:T1 Antecedent:T2\n"
        "N1\tReference Annotation:T2 Referent:GO:01\nN2\tReference T2 GO:02\tx\nA1\tm T2 x\nA2\tm T2 y\n"
        "E1\tA:T1 \nE2\tB:T2 Theme:T2 Site:E1\n"
    )
    labels = foreign(taken(codebook, ann, text))
    assert labels.spans[0].fragments == ((0, 1), (4, 5))
    assert labels.spans[1].actor == "GO:01"
    assert labels.spans[1].attributes == {"Reference": "GO:02", "m": ["x", "y"]}
    assert [(each.type, each.head, each.tail) for each in labels.relations] == [
        ("R", "T2", "T1"),
        ("Coref", "T1", "T2"),
        ("Site", "T2", "T1"),
    ]


@pytest.mark.parametrize(
    ("ann", "what"),
    [
        ("T1\tA 0 99\ta", "line 1: the span 0–99 lies beyond the text, which has 3 characters"),
        ("T1\tA 1 1\t", "line 1: the span 1–1 is empty"),
        ("T1\tA 0 1\tb", "line 1: its text is “b”, but its offsets hold “a”"),
        ("T1\tA 0 2;1 3\ta  b", "line 1: the fragments of the span 0–3 overlap"),
        ("T1\tA 1 2\t ", "line 1: a span needs more than white space"),
        ("T1\tA 0 1\ta\n\nT1\tA 2 3\tb", "line 3: the id T1 stands there twice"),
        ("T1\tA\ta", "line 1: this is not a label with its offsets"),
        ("T1\tA 0 x\ta", "line 1: this is not a label with its offsets"),
        (f"T1\tA 0 {'9' * 5000}\ta", "line 1: this is not a label with its offsets"),
        ("T1 A 0 1 a", "line 1: “T1 A 0 1 a” is no id"),
        ("X1\tA 0 1\ta", "line 1: “X1” is no id"),
        ("R1\tR Arg1:T1 Arg2:T2", "line 1: there is no annotation “T1”"),
        ("T1\tA 0 1\ta\nR1\tR Arg1:T1", "line 2: this is not a relation"),
        ("R1\t", "line 1: this is not a relation"),
        ("A1\tx", "line 1: this is not an attribute"),
        ("A1\tx T9", "line 1: there is no annotation “T9”"),
        ("E1\tx", "line 1: this is not an event"),
        ("E1\tx:T9", "line 1: there is no annotation “T9”"),
        ("T1\tA 0 1\ta\nE1\tx:T1 y", "line 2: “y” is not an argument"),
        ("N1\tx", "line 1: this is not a normalization"),
        ("*\tEquiv T1", "line 1: this is not a group"),
        ("*", "line 1: this is not a group"),
        ("*\tEquiv" + " T1" * 20_000, "line 1: it refers to more than 10,000 others"),
        ("T1\tA " + "0 1;" * 20_000 + "2 3\ta", "line 1: it has more than 10,000 fragments"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(codebook: Codebook, ann: str, what: str) -> None:
    found = taken(codebook, ann, "a b")
    assert not found.records
    assert any(str(each).startswith(f"a.ann, {what}") for each in found.problems), found.problems
    assert all(each.cure for each in found.problems if "white space" not in each.what)


def test_events_of_one_trigger_are_put_together_and_counted(codebook: Codebook) -> None:
    ann = "T1\tA 0 1\ta\nT2\tB 2 3\tb\nT3\tC 4 5\tc\nE1\tA:T1 Theme:T2\nE2\tA:T1 Theme:T2 Cause:T3\n"
    source = Source("a.ann", ann.encode(), siblings={"a.txt": Source("a.txt", b"a b c")}.get)
    intake = Intake(source, codebook)
    found = foreign(read_source(intake, BRAT))
    said = [(each.type, each.head, each.tail) for each in found.relations]
    assert said == [("Theme", "T1", "T2"), ("Cause", "T1", "T3")]
    assert intake.left_out == {"grouping of arguments into events of one trigger": 1}


@pytest.mark.parametrize(
    ("wrong", "what"),
    [("T2 B 2 3\tb", "line 2: “T2 B 2 3” is no id"), ("T-2\tB 2 3\tb", "line 2: “T-2” is no id")],
)
def test_a_wrong_id_is_told_once(codebook: Codebook, wrong: str, what: str) -> None:
    id_ = wrong.split()[0]
    ann = f"T1\tA 0 1\ta\n{wrong}\nR1\tX Arg1:T1 Arg2:{id_}\nA1\tSure {id_}\nE1\tA:T1 Theme:{id_}\n"
    (told,) = taken(codebook, ann, "a b c").problems
    assert what in str(told)


def test_without_its_text(codebook: Codebook) -> None:
    found = read_back(BRAT, Source("a.ann", b"T1\tA 0 1\ta"), codebook)
    assert "its text, “a.txt”, is not beside it" in str(found.problems[0])
    assert "empty" in str(taken(codebook, "", " \n").problems[0])
    assert "UTF-8" in str(taken(codebook, "T1\tA 0 1\ta", "a äöü äöü b".encode()[:-4] + b"\xc3").problems[0])


# -- our own files ------------------------------------------------------------------------------------


def as_held(line: ArticleLabels) -> list[object]:
    """A line's spans as brat's files hold them."""
    text = line.article.text
    held = []
    for span in sorted(line.spans, key=lambda each: each.order):
        fragments = []
        for start, end in span.fragments:
            words = text[start:end]
            first = start + len(words) - len(words.lstrip(LINE_BREAKS))
            last = end - len(words) + len(words.rstrip(LINE_BREAKS))
            if first < last:
                fragments.append((first, last))
        joined = [fragments[0]]
        for start, end in fragments[1:]:
            if text[joined[-1][1] : start].strip(LINE_BREAKS):
                joined.append((start, end))
            else:
                joined[-1] = (joined[-1][0], end)
        values = {name: value for name, value in span.attributes.items() if value != "unset"}
        held.append((span.label, normalise_fragments(tuple(joined)), values, span.note, span.actor and "Q7"))
    return held


@settings(deadline=None, max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=lines())
def test_round_trip(codebook: Codebook, line: ArticleLabels) -> None:
    folder, output = written(BRAT, [line], codebook)
    (name,) = (each for each in folder.files if each.endswith(".ann"))
    check_as_brat(folder.files[name], folder.files[name[:-3] + "txt"], entities_of(folder))
    found = read_back(BRAT, folder.source(name), codebook)
    labels = foreign(found)
    assert found.records[0].labels.article.text == line.article.text
    external = {each.id: each.external_id for each in labels.actors}
    assert [
        (each.label, each.fragments, each.attributes, each.note, each.actor and external[each.actor])
        for each in labels.spans
    ] == as_held(line)
    ids = {span.id: f"T{nth}" for nth, span in enumerate(sorted(line.spans, key=lambda s: s.order), 1)}
    assert [(each.type, each.head, each.tail) for each in labels.relations] == [
        (each.type, ids[each.head], ids[each.tail])
        for each in sorted(line.relations, key=lambda each: each.order)
    ]
    whole = [normalise_fragments(span.fragments) for span in sorted(line.spans, key=lambda s: s.order)]
    changed = sum(now.fragments != before for now, before in zip(labels.spans, whole, strict=True))
    lost = losses_of(output)
    counted = lost.get("line breaks at the edges of spans", 0) + lost.get(
        "fragments that only line breaks part", 0
    )
    assert changed <= counted
    assert lost["statuses of articles"] == lost["names of annotators"] == 1


def a_span(**values: object) -> Span:
    return replace(
        Span(id="s1", kind=Kind.ACTOR, label="Actor", fragments=((0, 1),), annotator="ana"), **values
    )  # type: ignore[arg-type]


def test_losses_are_counted(codebook: Codebook, line: ArticleLabels) -> None:
    line = replace(
        line,
        progress=Progress(Status.DONE, True, "n"),
        spans=(
            a_span(
                attributes={"categories": ["a", "b"], "sure": False, "own": True, "none": None, "t": " x\ny"}
            ),
            a_span(id="s2", state=State.SUGGESTED, annotator=None),
            a_span(id="s3", fragments=((0, 1), (3, 4)), note="two\nlines"),
        ),
    )
    folder, output = written(BRAT, [line], codebook)
    assert losses_of(output) == {
        "suggestions": 1,
        "notes on articles": 1,
        "flags of articles": 1,
        "statuses of articles": 1,
        "names of annotators": 1,
        "titles of articles that are not their first line": 1,
        "articles with metadata": 1,
        "attributes and notes with line breaks, tabs, or spaces at their ends": 2,
    }
    assert set(folder.files) == {"annotation.conf", "Lies.ann", "Lies.txt"}
    assert set(losses_of(output)) <= set(BRAT.cannot_hold)
    labels = foreign(read_back(BRAT, folder.source("Lies.ann"), codebook))
    assert labels.spans[1].attributes == {"categories": ["a", "b"], "sure": "false", "own": True, "t": "x y"}


def test_names_that_brat_does_not_take(codebook: Codebook, line: ArticleLabels) -> None:
    first = codebook.labels[0]
    names = ["Größe 1", "Grosse_1", "Grösse 1", "партия", "政党", "a|b"]
    book = replace(codebook, labels=tuple(replace(first, name=name, key="") for name in names))
    spans = tuple(a_span(id=f"s{n}", kind=first.kind, label=name) for n, name in enumerate(names))
    folder, output = written(BRAT, [replace(line, spans=spans)], book)
    check_as_brat(folder.files["Lies.ann"], folder.files["Lies.txt"], entities_of(folder))
    assert losses_of(output)["names with other characters than brat takes"] == 5
    labels = foreign(read_back(BRAT, folder.source("Lies.ann"), book))
    assert [each.label for each in labels.spans] == [*names[:5], "a_b"]
    assert Names().add("a:b") == "a-b"


def test_several_annotators_have_their_own_files(codebook: Codebook, line: ArticleLabels) -> None:
    other = replace(line, article=replace(line.article, id="a2"))
    folder, _ = written(BRAT, [line, replace(line, annotator="bea"), other], codebook)
    assert {each for each in folder.files if each.endswith(".ann")} == {
        "Lies.ana.ann",
        "Lies.bea.ann",
        "Lies.ann",
    }


def test_annotators_in_the_names_of_files_come_back(codebook: Codebook, line: ArticleLabels) -> None:
    people = ["ana", "Bea  Ruß", "bea.ana", "Dr. Ana María de la Fuente", "Dr. Ana María de la Torre"]
    several = [replace(line, annotator=name) for name in people]
    same_title = replace(line.article, id="a2", text=f"{line.article.text} More.")
    several += [replace(each, article=same_title) for each in several[:2]]
    folder, output = written(BRAT, several, codebook)
    names = [each for each in folder.files if each.endswith(".ann")]
    read = [foreign(read_back(BRAT, folder.source(each), codebook)).annotator for each in names]
    assert read == ["ana", None, *people[2:], "ana", None]
    assert losses_of(output)["names of annotators"] == 2  # of the one with two spaces


def test_settings_of_brat(codebook: Codebook, line: ArticleLabels) -> None:
    folder, _ = written(BRAT, [line], codebook)
    config = folder.files["annotation.conf"].decode()
    assert [row for row in config.splitlines() if row.startswith("[")] == [
        "[entities]", "[relations]", "[events]", "[attributes]",
    ]  # fmt: skip
    assert "made_by\tArg1:Claim, Arg2:Actor\n" in config
    assert "stance\tArg:Claim, Value:" in config
