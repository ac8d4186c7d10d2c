from __future__ import annotations

import io
import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import cassis
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from annotator.core.model import ActorRecord, Kind, Progress, Relation, State, Status
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.formats.base import FileRead, Format, Intake, Source, read_source
from annotator.formats.cas import UIMA_JSON, UIMA_XMI
from annotator.formats.output import Output
from annotator.formats.registry import reader_for
from annotator.formats.uima_layers import NO_TEXT
from tests.formats.uima_lines import CODEBOOK, Folder, article, came_back, lines, lines_of, shown, span

DATA = Path(__file__).parents[1] / "data" / "inception"
BOTH = pytest.mark.parametrize("form", [UIMA_XMI, UIMA_JSON], ids=["xmi", "json"])


def written(form: Format, *given: ArticleLabels) -> tuple[dict[str, bytes], Output]:
    folder = Folder()
    output = Output(CODEBOOK, file=folder.file)
    assert form.write is not None
    form.write(iter(given), output)
    return folder.files, output


def read_back(form: Format, files: dict[str, bytes]) -> FileRead:
    (name,) = (name for name in files if name != "TypeSystem.xml")
    return read_in(form, name, files[name], files)


def read_in(form: Format, name: str, data: bytes, files: dict[str, bytes]) -> FileRead:
    def beside(other: str) -> Source | None:
        return Source(other, files[other]) if other in files else None

    return read_source(Intake(Source(name, data, siblings=beside), CODEBOOK), form)


def sample() -> ArticleLabels:
    text = "Smith 😀 said Acme Corp lied.\nNo."
    spans = (
        span(1, Kind.ACTOR, "Actor", (0, 5), actor="r1"),
        span(2, Kind.ACTOR, "Actor", (13, 22)),
        span(3, Kind.CLAIM, "Claim", (13, 17), (23, 27), attributes={"stance": "oppose"}, note="see\n<&>"),
    )
    relations = (Relation(id="l", type="made_by", head="s3", tail="s1", annotator="ana", note="n"),)
    about = article(
        text, title="Talks", external_id="7", publisher="AP", author="Ana", url="https://example.org/a",
        published="2026-03-01", language="en", meta={"k": ["v", 1, None]}, furniture=((0, 2), (4, 6)),
    )  # fmt: skip
    return ArticleLabels(
        article=about, annotator="ana", progress=Progress(Status.DONE, True, "note"), spans=spans,
        relations=relations, actors=(ActorRecord(id="r1", name="John Smith"),),
    )  # fmt: skip


@BOTH
def test_everything_that_it_holds(form: Format) -> None:
    labels = sample()
    files, output = written(form, labels)
    assert not output.losses
    found = read_back(form, files)
    text, spans, relations = came_back(found)
    assert text == labels.article.text
    assert (spans, relations) == shown(labels)
    (record,) = found.records
    assert replace(record.labels.article, id="a1") == labels.article
    assert record.furnished
    assert record.foreign is not None
    assert (record.foreign.annotator, record.foreign.progress) == ("ana", labels.progress)


@BOTH
def test_the_same_line_gives_the_same_bytes(form: Format) -> None:
    assert written(form, sample())[0] == written(form, sample())[0]


@BOTH
@settings(max_examples=60, deadline=None)
@given(labels=lines(fragments=3))
def test_what_it_can_hold_comes_back_equal(form: Format, labels: ArticleLabels) -> None:
    files, output = written(form, labels)
    if form is UIMA_XMI and any(c < " " and c not in "\t\n\r" for c in labels.article.text):
        assert output.losses.found == {("articles with characters that XML does not have", "left out"): 1}
        assert list(files) == ["TypeSystem.xml"]
        return
    assert not output.losses
    text, spans, relations = came_back(read_back(form, files))
    assert text == labels.article.text
    assert (spans, relations) == shown(labels)


@settings(max_examples=30, deadline=None)
@given(labels=lines(fragments=2))
def test_the_library_loads_what_is_written(labels: ArticleLabels) -> None:
    files, _ = written(UIMA_JSON, labels)
    (data,) = files.values()
    loaded = [cassis.load_cas_from_json(data.decode())]
    files, _ = written(UIMA_XMI, labels)
    types = cassis.load_typesystem(io.BytesIO(files.pop("TypeSystem.xml")))
    loaded += [cassis.load_cas_from_xmi(io.BytesIO(data), typesystem=types) for data in files.values()]
    for cas in loaded:
        assert cas.sofa_string == labels.article.text
        found = [(each.begin, each.end, each.label) for each in cas.select("webanno.custom.Span")]
        assert sorted(found) == sorted((each.start, each.end, each.label) for each in labels.spans)
        for relation in cas.select("webanno.custom.Relation"):
            assert relation.Governor.label
            assert relation.begin == relation.Dependent.begin
        words = [each.get_covered_text() for each in cas.select("Token")]
        assert "".join("".join(words).split()) == "".join(labels.article.text.split())


def test_losses_are_counted() -> None:
    spans = (
        span(1, Kind.ACTOR, "Actor", (0, 3), note="a\x01b"),
        span(2, Kind.ACTOR, "Actor", (0, 3), annotator=None, state=State.SUGGESTED, origin="spacy:x"),
    )
    given = [
        ArticleLabels(article=article("One two three"), annotator="ana", spans=spans),
        ArticleLabels(article=article("One\x0ctwo", id="a2"), annotator="ana"),
    ]
    _, output = written(UIMA_XMI, *given)
    assert {what: number for (what, _), number in output.losses.found.items()} == {
        "suggestions": 1,
        "values with characters that XML does not have": 1,
        "articles with characters that XML does not have": 1,
    }
    assert {what for what, _ in output.losses.found} <= set(UIMA_XMI.cannot_hold)
    files, output = written(UIMA_JSON, *given)
    assert [what for what, _ in output.losses.found] == ["suggestions"]
    found = read_in(UIMA_JSON, "a2.json", files["a2.json"], files)
    assert found.records[0].labels.article.text == "One\x0ctwo"


# -- files of INCEpTION -----------------------------------------------------------------------------

TEXT = "Müller 😀 met Malley.\r\nShe said: “No”.\n"


def test_a_project_of_inception() -> None:
    """The class feature is a word of Python, which the library cannot have."""
    for name in ("talks.xmi", "talks.json"):
        files = {each.name: each.read_bytes() for each in DATA.iterdir()}
        found = read_in(reader_for(Source(name, files[name])), name, files[name], files)
        assert not found.problems, lines_of(found)
        (record,) = found.records
        article, foreign = record.labels.article, record.foreign
        assert foreign is not None
        assert article.text == TEXT.replace("\r\n", "\n")
        assert (article.title, article.external_id, article.language) == ("talks", None, "de")
        spans = {each.id: each for each in foreign.spans}
        shown = {
            (article.text[a:b], each.layer, each.label): dict(each.attributes)
            for each in foreign.spans
            for a, b in each.fragments
        }
        assert shown == {
            ("Müller", "NamedEntity", "PER"): {"identifier": "http://www.wikidata.org/entity/Q1"},
            ("Malley", "NamedEntity", "PER"): {},
            ("No", "Claim", "main"): {"stance": "con", "certain": True, "topics": ["trade", "a b"]},
            ("said", "Frame", "Frame"): {},
            ("She", "CoreferenceLink", "pro"): {},
            ("Müller", "CoreferenceLink", "nam"): {},
        }
        words = {each.id: article.text[slice(*each.fragments[0])] for each in spans.values()}
        assert [(words[each.head], each.type, words[each.tail]) for each in foreign.relations] == [
            ("said", "message", "No"),
            ("Müller", "anaphoric", "She"),
            ("Malley", "says", "No"),
        ]


def test_the_only_feature_is_the_label() -> None:
    types = {
        "webanno.custom.PHI": {
            "%NAME": "webanno.custom.PHI",
            "%SUPER_TYPE": "uima.tcas.Annotation",
            "kind": {"%NAME": "kind", "%RANGE": "uima.cas.String"},
        }
    }
    structures = [
        {
            "%ID": 1,
            "%TYPE": "uima.cas.Sofa",
            "sofaNum": 1,
            "sofaID": "_InitialView",
            "sofaString": "Ana left",
        },
        {"%ID": 2, "%TYPE": "webanno.custom.PHI", "@sofa": 1, "begin": 0, "end": 3, "kind": "NAME"},
        {
            "%ID": 3,
            "%TYPE": "uima.tcas.DocumentAnnotation",
            "@sofa": 1,
            "begin": 0,
            "end": 8,
            "language": "en",
        },
    ]
    views = {"_InitialView": {"%SOFA": 1, "%MEMBERS": [2, 3]}}
    parts = {"%TYPES": types, "%FEATURE_STRUCTURES": structures, "%VIEWS": views}
    (record,) = read_in(UIMA_JSON, "a.json", json.dumps(parts).encode(), {}).records
    assert record.labels.article.language == "en"
    assert record.foreign is not None
    (found,) = record.foreign.spans
    assert (found.label, found.layer, found.attributes) == ("NAME", "PHI", {})


def test_a_file_without_types_of_its_own_needs_none() -> None:
    structures = [
        {
            "%ID": 1,
            "%TYPE": "uima.cas.Sofa",
            "sofaNum": 1,
            "sofaID": "_InitialView",
            "sofaString": "Ana left",
        },
    ]
    views = {"_InitialView": {"%SOFA": 1, "%MEMBERS": []}}
    parts = {"%TYPES": {}, "%FEATURE_STRUCTURES": structures, "%VIEWS": views}
    (record,) = read_in(UIMA_JSON, "a.json", json.dumps(parts).encode(), {}).records
    assert record.labels.article.text == "Ana left"


def test_an_xmi_without_its_type_system_has_the_same_labels() -> None:
    files, _ = written(UIMA_XMI, sample())
    renamed = {"Talks.xml": files["TypeSystem.xml"]}
    expected, found = (read_in(UIMA_XMI, "Talks.xmi", files["Talks.xmi"], each) for each in (renamed, {}))
    assert not found.problems
    assert not expected.problems
    (one,), (other,) = expected.records, found.records
    assert one.labels.article.text == other.labels.article.text
    assert one.foreign is not None
    assert other.foreign is not None
    assert [each._replace(attributes={}) for each in one.foreign.spans] == [
        each._replace(attributes={}) for each in other.foreign.spans
    ]
    assert [each._replace(attributes={}) for each in one.foreign.relations] == [
        each._replace(attributes={}) for each in other.foreign.relations
    ]


LONE = """<?xml version="1.0" encoding="UTF-8"?>
<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore" xmi:version="2.0"
    xmlns:type="http:///de/tudarmstadt/ukp/dkpro/core/api/segmentation/type.ecore"
    xmlns:meta="http:///de/tudarmstadt/ukp/dkpro/core/api/metadata/type.ecore"
    xmlns:custom="http:///webanno/custom.ecore">
    <cas:NULL xmi:id="0"/>
    <meta:DocumentMetaData xmi:id="1" sofa="9" begin="0" end="13" language="en" documentTitle="a.txt"/>
    <type:Token xmi:id="2" sofa="9" begin="0" end="3"/>
    <custom:MentionLink xmi:id="3" sofa="9" begin="0" end="3" next="4" referenceRelation="same"/>
    <custom:MentionLink xmi:id="4" sofa="9" begin="9" end="12"/>
    <custom:MentionChain xmi:id="5" sofa="9" first="3"/>
    <custom:Frame xmi:id="6" sofa="9" begin="4" end="8" label="Visit" count="5" slots="7">
        <tags>a</tags><tags>b</tags></custom:Frame>
    <custom:FrameSlot xmi:id="7" role="who" target="3"/>
    <custom:Bond xmi:id="8" sofa="9" begin="9" end="12" Governor="3" Dependent="4" label="KNOWS"/>
    <cas:Sofa xmi:id="9" sofaNum="1" sofaID="_InitialView" mimeType="text" sofaString="Ann sees Bob."/>
    <cas:Sofa xmi:id="10" sofaNum="2" sofaID="Other" mimeType="text" sofaString="Other."/>
    <cas:View sofa="9" members="1 2 3 4 5 6 7 8"/>
    <cas:View sofa="10" members=""/>
</xmi:XMI>"""


def test_what_a_file_without_a_type_system_tells() -> None:
    intake = Intake(Source("a.xmi", LONE.encode()), CODEBOOK)
    (record,) = read_source(intake, UIMA_XMI).records
    assert (record.labels.article.title, record.labels.article.language) == ("a", "en")
    foreign = record.foreign
    assert foreign is not None
    spans = {each.id: each for each in foreign.spans}
    assert [(each.label, dict(each.attributes)) for each in foreign.spans] == [
        ("Mention", {}), ("Mention", {}), ("Visit", {"count": "5", "tags": ["a", "b"]}),
    ]  # fmt: skip
    ends = {(each.type, spans[each.head].label, spans[each.tail].label) for each in foreign.relations}
    assert ends == {
        ("same", "Mention", "Mention"), ("who", "Visit", "Mention"), ("KNOWS", "Mention", "Mention"),
    }  # fmt: skip
    assert intake.left_out == {"text besides the document’s first": 1}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('label="Visit"', 'import="Visit"'),
        ('label="Visit"', 'λ:label="Visit" xmlns:λ="urn:x"'),
        ("custom:Frame ", 'custom:Frame self="1" '),
        ('next="4"', 'next="3"'),
    ],
)
def test_odd_files_without_a_type_system(old: str, new: str) -> None:
    assert old in LONE
    content = LONE.replace("custom:Frame>", "custom:Frame>").replace(old, new)
    read_in(UIMA_XMI, "a.xmi", content.encode(), {})


def test_json_without_its_types_takes_those_beside_it() -> None:
    files, _ = written(UIMA_JSON, sample())
    types, _ = written(UIMA_XMI, sample())
    whole = json.loads(files["Talks.json"])
    del whole["%TYPES"]
    data = json.dumps(whole).encode()
    assert not read_in(UIMA_JSON, "Talks.json", data, types).problems
    (message,) = lines_of(read_in(UIMA_JSON, "Talks.json", data, {}))
    assert "type system is missing" in message


def test_annotations_without_a_type_of_their_own_are_spans() -> None:
    structures: list[dict[str, Any]] = [
        {
            "%ID": 1,
            "%TYPE": "uima.cas.Sofa",
            "sofaNum": 1,
            "sofaID": "_InitialView",
            "sofaString": "Bea left.",
        },
        {"%ID": 2, "%TYPE": "uima.tcas.Annotation", "@sofa": 1, "begin": 0, "end": 3},
    ]
    views = {"_InitialView": {"%SOFA": 1, "%MEMBERS": [2]}}
    cas = {"%TYPES": {}, "%FEATURE_STRUCTURES": structures, "%VIEWS": views}
    (record,) = read_source(Intake(Source("a.json", json.dumps(cas).encode()), CODEBOOK), UIMA_JSON).records
    assert record.foreign is not None
    assert [(each.label, each.fragments) for each in record.foreign.spans] == [("Annotation", ((0, 3),))]


def test_members_that_are_named_twice_are_there_once() -> None:
    content = XMI["Talks.xmi"].decode()
    found = read_in(UIMA_XMI, "a.xmi", content.replace('members="', 'members="18 18 17 ').encode(), XMI)
    assert came_back(found) == came_back(read_in(UIMA_XMI, "a.xmi", content.encode(), XMI))


def test_told_by_what_is_in_them() -> None:
    for form in (UIMA_XMI, UIMA_JSON):
        files, _ = written(form, sample())
        (name,) = (name for name in files if name != "TypeSystem.xml")
        assert reader_for(Source(f"x{Path(name).suffix}", files[name])) is form
    assert reader_for(Source("a.json", b'{"text": "a"}')).name == "json"
    assert UIMA_XMI.also is not None
    assert "TypeSystem.xml" in UIMA_XMI.also(Source("a.xmi"))


# -- hostile files ------------------------------------------------------------------------------------

XMI = written(UIMA_XMI, sample())[0]
JSON = written(UIMA_JSON, sample())[0]["Talks.json"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<xmi:XMI", '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><xmi:XMI', "document type"),
        ("</xmi:XMI>", "", "no valid XML"),
        ("<xmi:XMI", "<xmi:Other", "no valid XML"),
        ('begin="0" end="5"', 'begin="0" end="500"', "covers no whole character"),
        ('begin="0" end="5"', 'begin="5" end="0"', "covers no whole character"),
        ('begin="0" end="5"', 'begin="7" end="9"', "covers no whole character"),
        ('begin="0" end="5"', 'begin="3"', "covers no whole character"),
        ('begin="0" end="5"', 'begin="x" end="5"', "cannot be read"),
        ("custom:Span", "custom:Spam", "cannot be read"),
        ('Dependent="', 'Dependent="9', "it refers to"),
        ('members="', 'members="999 ', "it refers to"),
        ("&#10;No.", "\x01", "no valid XML"),
        ('furniture="[', 'furniture="[[', "no JSON"),
        ('furniture="[', 'furniture="[[7, 9], ', "not in order"),
    ],
)
def test_one_line_for_each_wrong_xmi(old: str, new: str, words: str) -> None:
    content = XMI["Talks.xmi"].decode()
    assert old in content
    found = read_in(UIMA_XMI, "Talks.xmi", content.replace(old, new).encode(), XMI)
    assert not found.records
    messages = lines_of(found)
    assert words in messages[0]
    assert messages[0].startswith("Talks.xmi")
    assert len(messages) == len(set(messages)) <= 3


def test_annotations_without_text_are_left_out_and_counted() -> None:
    content = XMI["Talks.xmi"].decode().replace('begin="0" end="5"', 'begin="5" end="5"').encode()

    def beside(name: str) -> Source | None:
        return Source(name, XMI[name]) if name in XMI else None

    intake = Intake(Source("Talks.xmi", content, siblings=beside), CODEBOOK)
    assert not read_source(intake, UIMA_XMI).problems
    assert intake.left_out[NO_TEXT] == 1


def test_an_xmi_without_text() -> None:
    root = '<xmi:XMI xmlns:xmi="http://www.omg.org/XMI" xmlns:cas="http:///uima/cas.ecore"/>'
    (message,) = lines_of(read_in(UIMA_XMI, "a.xmi", root.encode(), XMI))
    assert "no text" in message


def types_of(*types: tuple[str, str], features: int = 0) -> bytes:
    feature = "".join(
        f"<featureDescription><name>f{n}</name><rangeTypeName>uima.cas.String</rangeTypeName></featureDescription>"
        for n in range(features)
    )
    described = "".join(
        f"<typeDescription><name>{name}</name><supertypeName>{above}</supertypeName>"
        f"<features>{feature}</features></typeDescription>"
        for name, above in types
    )
    return (
        '<typeSystemDescription xmlns="http://uima.apache.org/resourceSpecifier"><types>'
        f"{described}</types></typeSystemDescription>"
    ).encode()


@pytest.mark.parametrize(
    ("types", "words"),
    [
        (types_of(("a.A", "a.B"), ("a.B", "a.A")), "circle"),
        (types_of(("a.A", "a.A")), "circle"),
        (types_of(*((f"a.T{n}", f"a.T{n + 1}") for n in range(500))), "too deep"),
        (types_of(*((f"a.T{n}", "uima.tcas.Annotation") for n in range(3000))), "more than 2,000 types"),
        (types_of(("a.A", "uima.tcas.Annotation"), features=500), "more than 200 features"),
        (
            types_of(*((f"a.T{n}", "uima.tcas.Annotation") for n in range(20)), features=150),
            "too many features",
        ),
        (types_of(("a.A", "a.Missing")), "cannot be read"),
        (b"<!DOCTYPE x>" + types_of(("a.A", "uima.tcas.Annotation")), "document type"),
        (types_of(("a.A", "uima.tcas.Annotation"))[:-20], "no valid XML"),
    ],
)
def test_one_line_for_each_wrong_type_system(types: bytes, words: str) -> None:
    (message,) = lines_of(read_in(UIMA_XMI, "Talks.xmi", XMI["Talks.xmi"], {"TypeSystem.xml": types}))
    assert words in message
    assert message.startswith("TypeSystem.xml")


CODE = "x=print('ran'),y"
ODD_NAMES = [CODE, "__class__", "_x", "a b", "a.b", "1a", "", "x\nimport os", "x):pass#", "lambda:0"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_no_name_of_a_feature_becomes_code(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The library puts the names of features into Python code that it runs."""
    types = types_of(("webanno.custom.Span", "uima.tcas.Annotation"), features=1)
    types = types.replace(b"<name>f0<", f"<name>{name}<".encode())
    (message,) = lines_of(read_in(UIMA_XMI, "Talks.xmi", XMI["Talks.xmi"], {"TypeSystem.xml": types}))
    assert "which UIMA does not allow" in message
    described = {"%NAME": "a.A", "%SUPER_TYPE": "uima.tcas.Annotation", name: {"%RANGE": "uima.cas.String"}}
    (message,) = lines_of(read_in(UIMA_JSON, "a.json", changed(TYPES={"a.A": described}), {}))
    assert "which UIMA does not allow" in message
    assert "ran" not in capsys.readouterr().out


def changed(**parts: Any) -> bytes:
    return json.dumps({**json.loads(JSON), **{f"%{name}": value for name, value in parts.items()}}).encode()


def more(structure: dict[str, Any]) -> bytes:
    return changed(FEATURE_STRUCTURES=[*json.loads(JSON)["%FEATURE_STRUCTURES"], structure])


DEEP = b'{"%TYPES": ' + b"[" * 100_000
CIRCLE = {"a.A": {"%NAME": "a.A", "%SUPER_TYPE": "a.B"}, "a.B": {"%NAME": "a.B", "%SUPER_TYPE": "a.A"}}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (JSON[:-40], "breaks off"),
        (DEEP, "JSON"),
        (b'{"%TYPES": 1}', "no UIMA CAS JSON"),
        (changed(TYPES=3), "not described"),
        (changed(TYPES={"a": 3}), "not described"),
        (changed(TYPES=CIRCLE), "circle"),
        (changed(VIEWS=3), "no views"),
        (changed(VIEWS={"_InitialView": 3}), "cannot be read"),
        (changed(FEATURE_STRUCTURES=[3]), "no UIMA CAS JSON"),
        (changed(FEATURE_STRUCTURES=[]), "no text"),
        (more({"%ID": "x", "%TYPE": 3}), "no type “3”"),
        (more({"%ID": "x", "%TYPE": "webanno.custom.Span"}), "cannot be read"),
        (more({"%ID": 99, "%TYPE": "a.Missing"}), "no type “a.Missing”"),
        (more({"%ID": 99, "%TYPE": "Span"}), "no type “Span”"),
        (changed(FEATURE_STRUCTURES=[{"%TYPE": "uima.cas.Sofa", "%ID": n} for n in range(50)]), "texts"),
        (JSON.replace(b'"begin": 0', b'"begin": "0"', 5), "its parts are not what they have to be"),
        (JSON.replace("😀".encode(), b"\\ud83d"), "JSON"),
        (JSON.replace("😀".encode(), b"\xf0\x9f"), "JSON"),
    ],
)
def test_one_line_for_each_wrong_json(data: bytes, words: str) -> None:
    found = read_in(UIMA_JSON, "Talks.json", data, {})
    assert not found.records
    messages = lines_of(found)
    assert words in messages[0], messages
    assert len(messages) <= 3


@settings(max_examples=40, deadline=None)
@given(
    st.recursive(
        st.none() | st.integers() | st.text(max_size=4),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["%ID", "%TYPE", "%ELEMENTS", "%SOFA", "%MEMBERS", "begin", "@sofa"]), inner
            )
        ),
    )
)
def test_any_json_gives_problems_and_no_traceback(value: Any) -> None:
    whole = json.loads(JSON)
    for part in ("%TYPES", "%FEATURE_STRUCTURES", "%VIEWS"):
        read_in(UIMA_JSON, "a.json", json.dumps({**whole, part: value}).encode(), {})
    structures = [*whole["%FEATURE_STRUCTURES"], value]
    read_in(UIMA_JSON, "a.json", json.dumps({**whole, "%FEATURE_STRUCTURES": structures}).encode(), {})


SAMPLES = {each.name: each.read_bytes() for each in DATA.iterdir()}
CHANGE = st.tuples(
    st.integers(0, 400),
    st.sampled_from(["set", "drop", "repeat", "text", "move"]),
    st.integers(0, 9),
    st.sampled_from(
        ["", "0", "-1", "1", "19", "99", "99999999999999999999", "x", "1 1 1", "19 22", "uima.cas.TOP",
         "uima.tcas.Annotation", "webanno.custom.Claim", "uima.cas.FSArray", "uima.cas.IntegerArray", "true",
         "begin", "sofa", "type", "self", "xmiID", "class", "elements", "_InitialView"]
    ),
)  # fmt: skip


def spoiled(data: bytes, changes: list[tuple[int, str, int, str]]) -> bytes:
    root = etree.fromstring(data)
    for place, what, nth, value in changes:
        elements = [each for each in root.iter() if each is not root]
        if not elements:
            break
        element = elements[place % len(elements)]
        above = element.getparent()
        assert above is not None
        names = sorted(element.attrib)
        if what == "set" and names:
            element.set(names[nth % len(names)], value)
        elif what == "drop" and names:
            del element.attrib[names[nth % len(names)]]
        elif what == "drop" and len(elements) > 1:
            above.remove(element)
        elif what == "repeat":
            above.append(deepcopy(element))
        elif what == "move":
            elements[nth % len(elements)].append(deepcopy(element))
        else:
            element.text = value
    return etree.tostring(root)


@settings(max_examples=100, deadline=None)
@given(st.lists(CHANGE, max_size=4), st.lists(CHANGE, max_size=2))
def test_any_xml_gives_problems_and_no_traceback(changes: list[Any], of_types: list[Any]) -> None:
    files = {"TypeSystem.xml": spoiled(SAMPLES["TypeSystem.xml"], of_types)}
    found = read_in(UIMA_XMI, "a.xmi", spoiled(SAMPLES["talks.xmi"], changes), files)
    assert len(found.records) == 1 or found.problems
    for record in found.records:
        assert record.foreign is not None
        ids = {each.id for each in record.foreign.spans}
        assert all({each.head, each.tail} <= ids for each in record.foreign.relations)
        assert all(0 <= a < b <= len(TEXT) for each in record.foreign.spans for a, b in each.fragments)
