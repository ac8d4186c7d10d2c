"""Other tools' labels become spans and relations of the codebook, or one line says why not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annotator.core.codebook import Codebook
from annotator.core.mapping import ImportMapping, RelationEnds, SpanLabel
from annotator.core.model import ActorRecord, Kind, Progress, State, Status
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.core.validate import relation_problems, span_problems
from annotator.formats.base import Intake, Record, Source, TooManyProblemsError
from annotator.formats.foreign import Foreign, ForeignRelation, ForeignSpan
from annotator.formats.plain import article_of
from annotator.formats.plain_spans import PlainSpans
from annotator.session.foreign import Translator, sentence_of
from annotator.session.importing import import_paths
from annotator.session.project import Project

TEXT = "Smith 😀 said Acme Corp lied. Iran denied it."
SMITH = ForeignSpan("T1", "ACTOR", ((0, 5),))
LIED = ForeignSpan("T2", "CLAIM", ((13, 27),))
SAYS = ForeignRelation("R1", "SAYS", "T2", "T1")


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p.annot") as project:
        yield project


def record(foreign: Foreign, text: str = TEXT, place: str = "line 1") -> Record:
    article = article_of(text, "Smith")
    return Record(labels=ArticleLabels(article=article, annotator=None), place=place, foreign=foreign)


def foreign(*spans: ForeignSpan, relations: Iterable[ForeignRelation] = (), **more: Any) -> Foreign:
    return Foreign(spans=spans, relations=tuple(relations), **more)


class Setting:
    def __init__(self, codebook: Codebook, mapping: ImportMapping | None = None, **more: Any) -> None:
        self.intake = Intake(Source("/data/file.jsonl", b""), codebook, at="2026-01-01T00:00:00.000Z")
        annotator = more.pop("annotator", "ana")
        more.setdefault("as_suggestions", False)
        self.translator = Translator(codebook, mapping or ImportMapping(), annotator, **more)

    def take(self, what: Foreign, **more: Any) -> Record | None:
        return self.translator.native(record(what, **more), self.intake)

    def labels(self, what: Foreign, **more: Any) -> ArticleLabels:
        found = self.take(what, **more)
        assert self.intake.problems == []
        assert found is not None
        assert found.native
        return found.labels

    @property
    def problems(self) -> list[str]:
        return [str(each) for each in self.intake.problems]


def test_labels_come_in_by_their_names(codebook: Codebook) -> None:
    labels = Setting(codebook).labels(foreign(SMITH, LIED, relations=[SAYS]))
    actor, claim = labels.spans
    assert (actor.kind, actor.label, actor.fragments) == (Kind.ACTOR, "Actor", ((0, 5),))
    assert (claim.kind, claim.label) == (Kind.CLAIM, "Claim")
    assert actor.annotator == labels.annotator == "ana"
    assert actor.state is State.ACCEPTED
    assert actor.origin == "import:file.jsonl"
    assert actor.created == "2026-01-01T00:00:00.000Z"
    (made_by,) = labels.relations
    assert (made_by.type, made_by.head, made_by.tail) == ("made_by", claim.id, actor.id)
    assert labels.progress.status is Status.IN_PROGRESS


def test_the_files_own_annotator_and_progress_count_first(codebook: Codebook) -> None:
    done = Progress(status=Status.DONE)
    labels = Setting(codebook).labels(foreign(SMITH, annotator="ben", progress=done))
    assert labels.annotator == labels.spans[0].annotator == "ben"
    assert labels.progress == done


def test_a_relation_runs_the_way_that_its_type_allows(codebook: Codebook) -> None:
    turned = ForeignRelation("R1", "SAYS", "T1", "T2")
    labels = Setting(codebook).labels(foreign(SMITH, LIED, relations=[turned]))
    assert (labels.relations[0].head, labels.relations[0].tail) == (labels.spans[1].id, labels.spans[0].id)
    setting = Setting(codebook)
    own = ForeignRelation("R1", "made_by", "T1", "T2")
    assert setting.take(foreign(SMITH, LIED, relations=[own])) is None
    assert setting.problems == [
        (
            "/data/file.jsonl, line 1: “made_by” may not run from actor to claim (1 relation). Turn it round"
            " in a mapping file (--map), or correct the labels of its ends."
        )
    ]
    mapping = ImportMapping(relations={"made_by": RelationEnds("made_by", turned=True)})
    labels = Setting(codebook, mapping).labels(foreign(SMITH, LIED, relations=[own]))
    assert labels.relations[0].head == labels.spans[1].id


def test_an_unknown_name_is_one_problem_with_its_number(codebook: Codebook) -> None:
    setting = Setting(codebook)
    odd = [ForeignSpan(f"T{nth}", "FOO", ((nth, nth + 1),)) for nth in range(5)]
    for line in (1, 2):
        assert setting.take(foreign(*odd, SMITH), place=f"line {line}") is None
    assert setting.problems == [
        (
            "/data/file.jsonl, line 1: the codebook has no label for “FOO” (10 spans). Say what it means in a"
            " mapping file (--map), or let it be added to the codebook (--extend)."
        )
    ]
    other = replace(setting.intake, problems=[])
    assert setting.translator.native(record(foreign(*odd)), other) is None
    assert "(5 spans)" in other.problems[0].what


def test_the_same_goes_for_relations_attributes_and_values(codebook: Codebook) -> None:
    setting = Setting(codebook)
    claim = LIED._replace(attributes={"stance": "con", "odd": 1})
    foo = ForeignRelation("R1", "FOO", "T2", "T1")
    assert setting.take(foreign(SMITH, claim, relations=[foo, foo])) is None
    assert [each.what for each in setting.intake.problems] == [
        "Stance takes one of support, oppose, ambivalent, unset, not 'con' (1 value)",
        "the codebook has no attribute “odd” of claims (1 value)",
        "the codebook has no relation type for “FOO” (2 relations)",
    ]


def test_too_many_problems_end_it(codebook: Codebook) -> None:
    setting = Setting(codebook)
    odd = [ForeignSpan(f"T{nth}", f"FOO{nth}", ((0, 1),)) for nth in range(50)]
    with pytest.raises(TooManyProblemsError):
        setting.take(foreign(*odd))


def test_what_the_mapping_says_goes_before_what_is_proposed(codebook: Codebook) -> None:
    mapping = ImportMapping(
        labels={"PER": SpanLabel(Kind.ACTOR, "Actor"), "x:PER": None, "ORG": None},
        relations={"SAYS": None},
        attributes={"polarity": "stance", "junk": ""},
    )
    setting = Setting(codebook, mapping)
    labels = setting.labels(
        foreign(
            ForeignSpan("T1", "PER", ((0, 5),)),
            LIED._replace(attributes={"polarity": "OPPOSE", "junk": "x"}),
            ForeignSpan("T3", "PER", ((0, 5),), layer="x"),
            ForeignSpan("T4", "ORG", ((14, 18),)),
            relations=[SAYS, ForeignRelation("R2", "about", "T2", "T4")],
        )
    )
    assert [span.kind for span in labels.spans] == [Kind.ACTOR, Kind.CLAIM]
    assert labels.spans[1].attributes == {"stance": "oppose"}
    assert labels.relations == ()
    assert setting.translator.left_out == {"span": 2, "relation": 2, "attribute value": 1}
    said = "2 spans, 2 relations and 1 attribute value left out as the mapping says"
    assert sentence_of(setting.translator.left_out) == said
    assert sentence_of({}) == ""


def test_a_mapping_to_what_is_not_in_the_codebook_is_told(codebook: Codebook) -> None:
    mapping = ImportMapping(
        labels={"PER": SpanLabel(Kind.ENTITY, "Human")}, relations={"SAYS": RelationEnds("uttered")}
    )
    setting = Setting(codebook, mapping)
    person = ForeignSpan("T3", "PER", ((0, 5),))
    assert setting.take(foreign(SMITH, LIED, person, relations=[SAYS])) is None
    assert [each.what for each in setting.intake.problems] == [
        "the codebook has no entity label “Human”, which “PER” is to mean (1 span)",
        "the codebook has no relation type for “SAYS” (1 relation)",
    ]


def test_suggestions_belong_to_nobody(codebook: Codebook) -> None:
    guess = LIED._replace(suggested=True, origin="spacy:x-1", confidence=0.5)
    labels = Setting(codebook).labels(foreign(SMITH, guess, relations=[SAYS]))
    own, suggestion = labels.spans
    assert (own.state, own.annotator) == (State.ACCEPTED, "ana")
    assert (suggestion.state, suggestion.annotator) == (State.SUGGESTED, None)
    assert (suggestion.origin, suggestion.confidence) == ("spacy:x-1", 0.5)
    assert labels.relations[0].state is State.SUGGESTED

    labels = Setting(codebook, as_suggestions=True, annotator=None).labels(foreign(SMITH, LIED))
    assert labels.annotator is None
    assert {span.annotator for span in labels.spans} == {None}
    assert {span.origin for span in labels.spans} == {"import:file.jsonl"}
    again = Setting(codebook, as_suggestions=True, annotator="ben").labels(foreign(LIED, SMITH))
    assert {span.id for span in labels.spans} == {span.id for span in again.spans}


def test_somebody_must_have_made_them(codebook: Codebook) -> None:
    setting = Setting(codebook, annotator=None)
    assert setting.take(foreign(SMITH)) is None
    assert setting.take(foreign(SMITH)) is None
    assert [each.what for each in setting.intake.problems] == [
        "the file does not say whose its labels are (2 articles)"
    ]


def test_an_article_without_labels_is_a_plain_one(codebook: Codebook) -> None:
    found = Setting(codebook).take(Foreign())
    assert found is not None
    assert not found.native
    assert found.foreign is None


@pytest.mark.parametrize(
    ("attributes", "meant"),
    [
        ({"Stance": "Support"}, {"stance": "support"}),
        ({"stance": ["oppose"]}, {"stance": "oppose"}),
        ({"categories": "Security/Arms"}, {"categories": ["security/arms"]}),
        ({"categories": ["Terrorism", "rights"]}, {"categories": ["security/terrorism", "rights"]}),
        ({"date": "2026-01-02T10:00"}, {"date": "2026-01-02"}),
        ({"stance": None, "form": "", "categories": []}, {}),
    ],
)
def test_values_are_brought_to_the_codebook(
    codebook: Codebook, attributes: dict[str, Any], meant: dict[str, Any]
) -> None:
    labels = Setting(codebook).labels(foreign(LIED._replace(attributes=attributes)))
    assert labels.spans[0].attributes == meant


def test_actor_records_come_along_or_are_made_by_name(codebook: Codebook) -> None:
    smith = ActorRecord(id="act1", name="Ann Smith", type="person")
    labels = Setting(codebook).labels(
        foreign(SMITH._replace(actor="act1"), actors=(smith, ActorRecord(id="act2", name="Unused")))
    )
    assert labels.spans[0].actor == "act1"
    assert labels.actors == (smith,)
    named = SMITH._replace(attributes={"actor": "Ann Smith"})
    labels = Setting(codebook).labels(foreign(named, SMITH._replace(id="T9", attributes={"Actor": "Bo"})))
    assert [each.name for each in labels.actors] == ["Ann Smith", "Bo"]
    assert labels.spans[0].actor == labels.actors[0].id
    assert labels.spans[0].attributes == {}
    other = Setting(codebook).labels(foreign(named), text=TEXT + " More.")
    assert other.actors == labels.actors[:1]
    with_id = SMITH._replace(attributes={"actor": "Ann Smith", "actor_id": "act7"})
    assert Setting(codebook).labels(foreign(with_id)).spans[0].actor == "act7"


@pytest.mark.parametrize(
    ("fragments", "what"),
    [
        (((0, 99),), "beyond the text"),
        (((3, 3),), "is empty"),
        (((6, 8), (0, 5)), "out of order"),
        (((5, 6),), "white space"),
        ((), "at least one fragment"),
    ],
)
def test_spans_that_cannot_be_are_told(codebook: Codebook, fragments: Any, what: str) -> None:
    setting = Setting(codebook)
    assert setting.take(foreign(SMITH._replace(fragments=fragments), LIED, relations=[SAYS])) is None
    assert len(setting.problems) == 1
    assert what in setting.problems[0]


def test_relations_need_two_spans(codebook: Codebook) -> None:
    setting = Setting(codebook)
    lost, loop = SAYS._replace(tail="T7"), SAYS._replace(id="R2", tail="T2")
    assert setting.take(foreign(SMITH, LIED, relations=[lost, loop])) is None
    assert [each.what for each in setting.intake.problems] == [
        "the tail of the relation R1 is the unknown span “T7”",
        "head and tail of the relation R2 are the same span",
    ]


def test_the_same_file_gives_the_same_ids(codebook: Codebook) -> None:
    what = foreign(SMITH, LIED, relations=[SAYS])
    one, two = Setting(codebook).labels(what), Setting(codebook).labels(what)
    assert one == two
    other = Setting(codebook, annotator="ben").labels(what)
    assert not {each.id for each in one.spans} & {each.id for each in other.spans}
    assert len({each.id for each in (*one.spans, *one.relations)}) == 3


OFFSETS = st.integers(-2, len(TEXT) + 2)
FRAGMENTS = st.lists(st.tuples(OFFSETS, OFFSETS), min_size=1, max_size=2).map(tuple)
GOOD = st.tuples(st.integers(0, 20), st.integers(22, 40)).map(lambda pair: (pair,))
SPANS = st.lists(
    st.tuples(
        st.sampled_from(["ACTOR", "PER", "claim", "Cue", "ORG"]),
        FRAGMENTS | GOOD | GOOD,
        st.sampled_from([{}, {}, {"stance": "oppose"}, {"stance": "x"}, {"actor": "Bo"}]),
        st.booleans(),
    ).map(lambda each: ForeignSpan("", each[0], each[1], attributes=each[2], suggested=each[3])),
    max_size=6,
)


@given(SPANS, st.data())
def test_what_comes_out_is_lawful(codebook: Codebook, spans: list[ForeignSpan], data: st.DataObject) -> None:
    spans = [span._replace(id=f"T{nth}") for nth, span in enumerate(spans)]
    ids = st.sampled_from([span.id for span in spans] or ["T9"])
    types = st.sampled_from(["SAYS", "about", "same_as"])
    links = st.tuples(types, ids, ids).map(lambda each: ForeignRelation("R", *each))
    setting = Setting(codebook)
    found = setting.take(foreign(*spans, relations=data.draw(st.lists(links, max_size=4))))
    assert (found is None) == bool(setting.intake.problems)
    if found is not None:
        by_id = {span.id: span for span in found.labels.spans}
        assert len(by_id) == len({span.id for span in found.labels.spans})
        for span in by_id.values():
            assert list(span_problems(span, TEXT, codebook)) == []
        for each in found.labels.relations:
            assert list(relation_problems(each, by_id, codebook)) == []


def test_a_record_of_the_project_goes_by_its_name(codebook: Codebook) -> None:
    known = [
        ActorRecord(id="act1", name="Ann Smith", type="person"),
        ActorRecord(id="act2", name="Bo"),
        ActorRecord(id="act3", name="Bo"),
    ]
    named = [
        SMITH._replace(id=name, attributes={"actor": name}) for name in ("Ann Smith", "Bo", "Somebody else")
    ]
    setting = Setting(codebook, records=lambda: known)
    labels = setting.labels(foreign(*named))
    assert labels.spans[0].actor == "act1"
    assert labels.actors[0] == known[0]
    assert labels.spans[1].actor not in ("act2", "act3")


def test_a_mapped_relation_is_turned_where_it_must(codebook: Codebook) -> None:
    mapping = ImportMapping(relations={"BY": RelationEnds("made_by", turned=True)})
    forth, back = SAYS._replace(type="BY"), ForeignRelation("R2", "BY", "T1", "T2")
    labels = Setting(codebook, mapping).labels(foreign(SMITH, LIED, relations=[forth, back]))
    assert {(each.head, each.tail) for each in labels.relations} == {(labels.spans[1].id, labels.spans[0].id)}


# -- in files -----------------------------------------------------------------------------------------


def doccano(folder: Path, name: str, *rows: tuple[str, list[tuple[int, int, str]]], **more: Any) -> Path:
    path = folder / name
    examples = [
        {"text": text, "entities": [
            {"id": nth, "label": label, "start_offset": start, "end_offset": end}
            for nth, (start, end, label) in enumerate(labels)
        ], **more}
        for text, labels in rows
    ]  # fmt: skip
    path.write_text("".join(f"{json.dumps(each)}\n" for each in examples))
    return path


ROWS = (("Smith met Jones.", [(0, 5, "Person"), (10, 15, "Person")]), ("Iran denied it.", [(0, 4, "Place")]))


def test_an_article_whose_labels_are_all_left_out_is_a_plain_one(project: Project, tmp_path: Path) -> None:
    out = ImportMapping(labels={"Person": None})
    file = doccano(tmp_path, "a.jsonl", *ROWS)
    report = import_paths(project, [file], annotator="ana", mapping=out)
    assert (report.articles, report.labels, report.left_out) == (2, 1, {"span": 2})
    again = import_paths(project, [file], annotator="ana", mapping=out)
    assert (again.articles, again.duplicates, again.problems) == (0, 2, [])


def test_a_renamed_file_is_known_too(project: Project, tmp_path: Path) -> None:
    assert import_paths(project, [doccano(tmp_path, "a.jsonl", *ROWS)], annotator="ana").labels == 3
    again = import_paths(project, [doccano(tmp_path, "renamed.jsonl", *ROWS)], annotator="ana")
    assert (again.articles, again.labels, again.duplicates, again.problems) == (0, 0, 2, [])


def test_a_dry_run_counts_the_labels_of_a_later_file(project: Project, tmp_path: Path) -> None:
    first = doccano(tmp_path, "a.jsonl", (ROWS[0][0], []), ROWS[1])
    files = [first, doccano(tmp_path, "b.jsonl", ROWS[0])]
    tried = import_paths(project, files, annotator="ana", dry_run=True)
    done = import_paths(project, files, annotator="ana")
    assert (
        (tried.articles, tried.labels, tried.labelled)
        == (done.articles, done.labels, done.labelled)
        == (2, 3, 1)
    )


def test_actor_records_of_skipped_copies_stay_out(project: Project, tmp_path: Path) -> None:
    text = " ".join(f"word{nth}" for nth in range(200))
    file = tmp_path / "a.jsonl"
    file.write_text(
        "".join(
            json.dumps({"text": words, "spans": [{"start": 0, "end": 5, "label": "Actor", "actor": name}]})
            + "\n"
            for words, name in ((text, "Ann"), (f"{text} more", "Bob"))
        )
    )
    report = import_paths(project, [file], annotator="ana", skip_copies=True)
    assert (report.articles, report.labels) == (1, 1)
    assert [each.name for each in project.repository.actors().values()] == ["Ann"]


def plain(*spans: ForeignSpan) -> PlainSpans:
    """Spans in columns."""
    return PlainSpans(
        [each.id for each in spans],
        [each.label for each in spans],
        [each.fragments[0][0] for each in spans],
        [each.fragments[0][1] for each in spans],
        {nth: each.attributes for nth, each in enumerate(spans) if each.attributes},
    )


plain_foreign_spans = st.builds(
    lambda *parts: ForeignSpan(*parts[:3], attributes=parts[3]),
    st.sampled_from("abcdef"),
    st.sampled_from(["Claim", "CLAIM", "Actor", "PERSON", "Nothing like it", "Left out"]),
    st.builds(lambda start, length: ((start, start + length),), st.integers(0, 12), st.integers(1, 50)),
    st.dictionaries(
        st.sampled_from(["stance", "Stance", "actor", "actor_id", "role", "unheard of", "dropped"]),
        st.sampled_from(["oppose", "support", "maybe", "Smith", "speaker"]),
        max_size=2,
    ),
)


def test_a_span_of_white_space_in_columns_is_told(codebook: Codebook) -> None:
    setting = Setting(codebook)
    text, usual = "Iran \n \n denied it.", ForeignSpan("a", "Claim", ((0, 4),))
    assert setting.take(Foreign(spans=plain(usual)), text=text)
    assert setting.take(Foreign(spans=plain(usual, usual._replace(id="b", fragments=((4, 11),)))), text=text)
    assert setting.take(Foreign(spans=plain(usual._replace(fragments=((4, 6),)))), text=text) is None
    (problem,) = setting.intake.problems
    assert problem.what == "a span needs more than white space"


@given(
    st.lists(
        st.lists(plain_foreign_spans, max_size=4, unique_by=lambda each: each.id), min_size=1, max_size=4
    ),
    st.sampled_from([TEXT, "Iran \n \n denied it."]),
)
def test_spans_in_columns_become_the_same(
    codebook: Codebook, records: list[list[ForeignSpan]], text: str
) -> None:
    mapping = ImportMapping(labels={"Left out": None}, attributes={"dropped": ""})
    found = []
    for columns in (True, False):
        setting = Setting(codebook, mapping)
        taken = []
        for spans in records * 2:  # the second time all names are known
            what = foreign(*spans)
            if columns:
                what = replace(what, spans=plain(*spans))
            try:
                taken.append(setting.take(what, text=text))
            except TooManyProblemsError:
                break
        found.append((taken, setting.intake.problems, setting.translator.left_out))
    assert found[0] == found[1]
