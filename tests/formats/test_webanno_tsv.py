from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from annotator.core.codebook import Codebook
from annotator.core.model import ActorRecord, Kind, Progress, Relation, State, Status
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.core.tokens import rough_tokens
from annotator.formats.base import FileRead, Intake, Source, read_source
from annotator.formats.foreign import ForeignSpan
from annotator.formats.output import Output
from annotator.formats.registry import reader_for
from annotator.formats.uima_layers import NO_SPANS, NO_TEXT
from annotator.formats.webanno_tsv import WEBANNO_TSV
from tests.formats.uima_lines import CODEBOOK, Folder, article, came_back, lines, lines_of, shown, span

DATA = Path(__file__).parents[1] / "data" / "inception"
EXAMPLE = """#FORMAT=WebAnno TSV 3.3
#T_SP=webanno.custom.Span|value
#T_RL=webanno.custom.Relation|value|BT_webanno.custom.Span


#Text=Smith 😀 said Acme Corp lied.
1-1→0-5→Smith→ACTOR→_→_→
1-2→6-8→😀→_→_→_→
1-3→9-13→said→_→_→_→
1-4→14-18→Acme→ACTOR[1]|CLAIM[2]→SAYS→1-1[0_2]→
1-5→19-23→Corp→ACTOR[1]|CLAIM[2]→_→_→
1-6→24-28→lied→CLAIM[2]→_→_→
1-7→28-29→.→_→_→_→
""".replace("→", "\t")


def read_tsv(content: str | bytes, name: str = "talks.tsv") -> FileRead:
    data = content.encode() if isinstance(content, str) else content
    return read_source(Intake(Source(name, data), CODEBOOK), WEBANNO_TSV)


def labelled(found: FileRead) -> tuple[str, list[ForeignSpan], list[tuple[str, str, str]]]:
    assert not found.problems, lines_of(found)
    (record,) = found.records
    assert record.foreign is not None
    spans = {each.id: each for each in record.foreign.spans}
    text = record.labels.article.text
    ends = [
        (
            " ".join(text[a:b] for a, b in spans[each.head].fragments),
            each.type,
            " ".join(text[a:b] for a, b in spans[each.tail].fragments),
        )
        for each in record.foreign.relations
    ]
    return text, list(record.foreign.spans), ends


def written(*lines: ArticleLabels, codebook: Codebook = CODEBOOK) -> tuple[dict[str, bytes], Output]:
    folder = Folder()
    output = Output(codebook, file=folder.file)
    assert WEBANNO_TSV.write is not None
    WEBANNO_TSV.write(iter(lines), output)
    return folder.files, output


def test_the_example(read: Any) -> None:
    found = read("a.tsv", EXAMPLE)
    text, spans, ends = labelled(found)
    assert text == "Smith 😀 said Acme Corp lied."
    assert [(each.label, each.fragments, each.layer) for each in spans] == [
        ("ACTOR", ((0, 5),), "Span"),
        ("ACTOR", ((13, 22),), "Span"),
        ("CLAIM", ((13, 27),), "Span"),
    ]
    assert ends == [("Smith", "SAYS", "Acme Corp lied")]
    assert found.records[0].labels.article.title == "a"


@pytest.mark.parametrize("version", ["3.1", "3.2", "3.3"])
def test_versions(version: str) -> None:
    content = EXAMPLE.replace("TSV 3.3", f"TSV {version}")
    assert len(labelled(read_tsv(content))[1]) == 3


def test_line_ends_and_byte_order_mark() -> None:
    content = "\ufeff" + EXAMPLE.replace("\n", "\r\n")
    assert labelled(read_tsv(content)) == labelled(read_tsv(EXAMPLE))


def test_a_default_inception_project() -> None:
    """Named entities, a custom layer with features, words' layers, chains, slots and sentence ids."""
    text, spans, ends = labelled(read_tsv((DATA / "ministers.tsv").read_bytes()))
    assert text == (
        "Anna Müller met U.S. envoy Rob Malley in Geneva.\n"
        "She said: “Sanctions hurt 😀 people.”\n\nShe left;\tno_deal|yet."
    )
    found = [(text[each.fragments[0][0] : each.fragments[-1][1]], each.layer, each.label) for each in spans]
    assert found == [
        ("Anna Müller", "NamedEntity", "PER"),
        ("Anna Müller", "Coreference", "nam"),
        ("U.S.", "NamedEntity", "LOC"),
        ("Rob Malley", "NamedEntity", "PER"),
        ("Geneva", "NamedEntity", "NamedEntity"),
        ("Gen", "Statement", "Statement"),
        ("She", "Statement", "a_b|c"),
        ("She", "Coreference", "pro"),
        ("said", "Frame", "Speech"),
        ("Sanctions hurt 😀 people", "Statement", "Claim"),
        ("She", "Coreference", "Coreference"),
    ]
    by_words = {
        words: each for (words, layer, _), each in zip(found, spans, strict=True) if layer != "Coreference"
    }
    assert by_words["Anna Müller"].attributes == {"identifier": "http://www.wikidata.org/entity/Q1[2]"}
    assert by_words["Geneva"].attributes == {"identifier": "http://www.wikidata.org/entity/Q71"}
    assert by_words["Sanctions hurt 😀 people"].attributes == {"stance": "con", "topic": "trade; war"}
    assert ends == [
        ("said", "Speaker", "She"),
        ("said", "message", "Sanctions hurt 😀 people"),
        ("She", "says", "Sanctions hurt 😀 people"),
        ("Anna Müller", "anaphoric", "She"),
        ("She", "Coreference", "She"),
    ]


@pytest.mark.parametrize(("row", "labels"), [("_→*", 1), ("_→*[3]|*[4]", 2), ("_→_", 0), ("Who→*", 1)])
def test_a_span_whose_slot_nobody_has_filled(row: str, labels: int) -> None:
    content = (
        "#FORMAT=WebAnno TSV 3.3\n"
        "#T_SP=webanno.custom.Frame|ROLE_webanno.custom.Frame:args_webanno.custom.Link|uima.tcas.Annotation\n"
        f"\n\n#Text=Bea left\n1-1→0-3→Bea→_→_→\n1-2→4-8→left→{row}→\n"
    ).replace("→", "\t")
    _, spans, ends = labelled(read_tsv(content))
    assert [(each.label, each.fragments) for each in spans] == [("Frame", ((4, 8),))] * labels
    assert not ends


def test_the_folder_of_a_project_names_document_and_annotator() -> None:
    (record,) = read_tsv(EXAMPLE, "export.zip/annotation/talks in Geneva.txt/bea.tsv").records
    assert record.labels.article.title == "talks in Geneva"
    assert record.foreign is not None
    assert record.foreign.annotator == "bea"
    (record,) = read_tsv(EXAMPLE, "annotation/talks.txt.xmi/bea.zip/bea.tsv").records
    assert record.labels.article.title == "talks"
    (record,) = read_tsv(EXAMPLE, "curation/talks.txt/CURATION_USER.tsv").records
    assert record.foreign is not None
    assert record.foreign.annotator is None


def test_sentences_over_several_lines() -> None:
    """Several ``#Text`` lines, an escaped line break, one unit between sentences, several, none."""
    content = (
        "#FORMAT=WebAnno TSV 3.2\n\n\n"
        "#Text=One\n#Text=two.\n1-1\t0-3\tOne\t\n1-2\t4-8\ttwo.\t\n\n"
        "#Text=Three\\nfour \\\\ \n2-1\t9-14\tThree\t\n2-2\t15-19\tfour\t\n\n"
        "#Text=Five\n3-1\t22-26\tFive\t\n\n"
        "#Text=Six\n4-1\t30-33\tSix\t\n"
    )
    text, _, _ = labelled(read_tsv(content))
    assert text == "One\ntwo.\nThree\nfour \\ Five\n\n  Six"


def test_white_space_before_the_first_token() -> None:
    content = "#FORMAT=WebAnno TSV 3.3\n\n\n#Text=  One.\n1-1\t2-5\tOne\t\n1-2\t5-6\t.\t\n"
    assert labelled(read_tsv(content))[0] == "  One."
    assert labelled(read_tsv(content.replace("#Text=  ", "#Text=")))[0] == "  One."


def test_escapes_of_version_3_1() -> None:
    content = "#FORMAT=WebAnno TSV 3.1\n\n\n#Text=\\u201Ca \\uD83D\\uDE00\\t\\u201D\n1-1\t0-1\t“\t\n"
    assert labelled(read_tsv(content))[0] == "“a 😀\t”"
    as_a_value = content.replace("\\t", " \\[a\\_b\\]")  # as programs other than WebAnno write it
    assert labelled(read_tsv(as_a_value))[0] == "“a 😀 [a_b]”"
    (message,) = lines_of(read_tsv(content.replace("\\uDE00", "")))
    assert message.startswith("talks.tsv, line 4: this text has half of a character")


def test_text_without_labels() -> None:
    content = "#FORMAT=WebAnno TSV 3.3\n\n\n#Text=One.\n1-1\t0-3\tOne\t\n1-2\t3-4\t.\t\n"
    (record,) = read_tsv(content).records
    assert record.labels.article.text == "One."
    assert record.foreign is not None
    assert not record.foreign.spans


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("TSV 3.3", "TSV 4.0", 1, "versions 3.1 to 3.3"),
        ("TSV 3.3", "TSV x", 1, "starts with"),
        ("1-1\t0-5", "1-1\t0-50", 7, "beyond its sentence"),
        ("1-1\t0-5", "1-1\t5-0", 7, "no range"),
        ("1-1\t0-5", "1-1\t0:5", 7, "no range"),
        ("1-2\t6-8", "1-2\t6-7", 8, "not “😀”"),
        ("\tSmith\t", "\tJones\t", 7, "not “Jones”"),
        ("1-2\t6-8", "1-1\t6-8", 8, "twice"),
        ("Smith\tACTOR\t_\t_\t", "Smith\tACTOR", 7, "columns"),
        ("#Text=Smith 😀 said Acme Corp lied.\n", "", 6, "no “#Text=”"),
        ("1-1[0_2]", "9-9[0_2]", 10, "where there is no span"),
        ("1-1[0_2]", "1-1[7_2]", 10, "where there is no span"),
        ("1-1[0_2]", "one", 10, "starts at"),
        ("#T_SP=", "#T_XX=", 2, "no layer"),
        ("|BT_webanno.custom.Span", "", 3, "does not say what it joins"),
        ("CLAIM[2]\t_\t_\t", "CLAIM2[2]\t_\t_\t", 11, "other values"),
        ("1-7\t28-29", "oops", 13, "neither"),
    ],
)
def test_one_line_for_each_wrong_file(old: str, new: str, line: int, words: str) -> None:
    assert old in EXAMPLE
    found = read_tsv(EXAMPLE.replace(old, new))
    assert not found.records
    (message,) = lines_of(found)
    assert message.startswith(f"talks.tsv, line {line}: ")
    assert words in message


@pytest.mark.parametrize("end", ["", "\n", "\n\n\n"])
def test_a_file_cut_off_in_its_header_is_told(end: str) -> None:
    content = f"#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.Span|value{end}"
    (told,) = read_tsv(content).problems
    assert told.what == "no sentence follows the header; the file seems to be cut off"
    assert told.where == f"talks.tsv, line {2 + len(end)}"


def test_spans_without_text_and_their_relations_are_left_out_and_counted() -> None:
    content = EXAMPLE.replace("1-2\t6-8", "1-1.1\t5-5\t\tCUE\tSAYS\t1-1\t\n1-2\t6-8")
    intake = Intake(Source("talks.tsv", content.encode()), CODEBOOK)
    found = read_source(intake, WEBANNO_TSV)
    text, spans, relations = labelled(found)
    expected = labelled(read_tsv(EXAMPLE))
    assert (text, [each._replace(place="") for each in spans], relations) == (
        expected[0],
        [each._replace(place="") for each in expected[1]],
        expected[2],
    )
    assert intake.left_out == {NO_TEXT: 1, NO_SPANS: 1}


def test_relations_between_words_are_counted() -> None:
    content = """#FORMAT=WebAnno TSV 3.3
#T_RL=webanno.custom.Frame|value|BT_de.tudarmstadt.ukp.dkpro.core.api.segmentation.type.Token
#T_RL=de.tudarmstadt.ukp.dkpro.core.api.syntax.type.dependency.Dependency|type|BT_x.POS


#Text=He lied.
1-1→0-2→He→_→_→subj→1-2→
1-2→3-7→lied→a|b→1-1|1-1→root→1-2→
""".replace("→", "\t")
    intake = Intake(Source("talks.tsv", content.encode()), CODEBOOK)
    assert not read_source(intake, WEBANNO_TSV).problems
    assert intake.left_out == {NO_SPANS: 2}


@pytest.mark.parametrize("between", ["", "#id=1\n"])
def test_version_2_is_named(between: str) -> None:
    content = f" # webanno.custom.Topic | value\n{between}#text=He lied.\n1-1\tHe\tO\t\n1-2\tlied\tB-x\t\n\n"
    assert reader_for(Source("talks.tsv", content.encode())) is WEBANNO_TSV
    (message,) = lines_of(read_tsv(content))
    assert message.startswith(
        "talks.tsv, line 1: this is WebAnno TSV 2; versions 3.1 to 3.3 can be read. Imp"
    )


def test_version_1_is_named() -> None:
    content = "#id=1\n#text=Ms. Haag left .\n1\tMs.\t_\tNNP\tB_PER\t3\tSUBJ\t_\t_\n\n"
    assert reader_for(Source("talks.tsv", content.encode())) is WEBANNO_TSV
    (message,) = lines_of(read_tsv(content))
    assert message.startswith(
        "talks.tsv, line 1: this is WebAnno TSV 1; versions 3.1 to 3.3 can be read. Imp"
    )


def test_an_empty_line_between_two_sentences_stays_one() -> None:
    content = EXAMPLE + "\n#Text=No.\n2-1\t31-33\tNo\t_\t_\t_\t\n2-2\t33-34\t.\t_\t_\t_\t\n"
    text, _, _ = labelled(read_tsv(content))
    assert text.endswith("lied.\n\nNo.")


def test_a_sentence_far_away_is_no_memory_bomb() -> None:
    content = EXAMPLE + "\n#Text=Far.\n2-1\t900000000-900000003\tFar\t_\t_\t_\t\n"
    (message,) = lines_of(read_tsv(content))
    assert "far behind" in message


def test_broken_bytes_are_named() -> None:
    data = EXAMPLE.encode()
    (message,) = lines_of(read_tsv(data[:120]))
    assert message.startswith("talks.tsv")
    found = read_tsv(data.replace("😀".encode(), b"\xf0\x9f\x98"))
    assert len(found.problems) == 1


def test_what_is_written() -> None:
    text = "Smith 😀 said Acme Corp lied.\nNo."
    spans = (
        span(1, Kind.ACTOR, "Actor", (0, 5), actor="r1"),
        span(2, Kind.ACTOR, "Actor", (13, 22)),
        span(3, Kind.CLAIM, "Claim", (13, 27), attributes={"stance": "oppose"}, note="[1]\tsee|*_"),
        span(4, Kind.CUE, "Cue", (8, 10)),
    )
    relations = (Relation(id="l", type="made_by", head="s3", tail="s1", annotator="ana"),)
    labels = ArticleLabels(
        article=article(text, title="Talks"), annotator="ana", spans=spans, relations=relations,
        actors=(ActorRecord(id="r1", name="John Smith"),), tokens=rough_tokens(text),
    )  # fmt: skip
    files, output = written(labels)
    assert list(files) == ["Talks.tsv", "TypeSystem.xml"]
    assert (
        files["Talks.tsv"].decode()
        == (
            "#FORMAT=WebAnno TSV 3.3\n"
            "#T_SP=webanno.custom.Span|kind|label|stance|actor|actor_id|note\n"
            "#T_RL=webanno.custom.Relation|label|BT_webanno.custom.Span\n"
            "\n\n"
            "#Text=Smith 😀 said Acme Corp lied.\n"
            "1-1→0-5→Smith→actor→Actor→*→John Smith→r1→*→made\\_by→1-4[2_0]→\n"
            "1-2→6-8→😀→_→_→_→_→_→_→_→_→\n"
            "1-3→9-13→said→_→_→_→_→_→_→_→_→\n"
            "1-3.1→9-11→sa→cue→Cue→*→*→*→*→_→_→\n"
            "1-4→14-18→Acme→claim[1]|actor[2]→Claim[1]|Actor[2]→oppose[1]|*[2]→*[1]|*[2]→*[1]|*[2]→"
            "\\[1\\]\\tsee\\|\\*\\_[1]|*[2]→_→_→\n"
        )
        .replace("→", "\t")
        .replace("1-4[2_0]", "1-4[1_0]")
        + files["Talks.tsv"].decode().split("*[2]\t_\t_\t\n", 1)[1]
    )
    assert output.losses.found == {
        ("names of annotators", "left out"): 1,
        ("titles of articles", "written only as the names of the files"): 1,
    }


# -- round trips ----------------------------------------------------------------------------------------


def trimmed(labels: ArticleLabels) -> tuple[ArticleLabels, int]:
    """The line with its spans' ends where words are; how many that changed."""
    text, spans, changed = labels.article.text, [], 0
    for each in labels.spans:
        start, end = each.start, each.end
        while text[start].isspace():
            start += 1
        while text[end - 1].isspace():
            end -= 1
        changed += (start, end) != (each.start, each.end)
        spans.append(replace(each, fragments=((start, end),)))
    return replace(labels, spans=tuple(spans)), changed


@settings(max_examples=150, deadline=None)
@given(lines())
def test_what_it_can_hold_comes_back_equal(labels: ArticleLabels) -> None:
    files, output = written(labels)
    held, changed = trimmed(labels)
    (content,) = (data for name, data in files.items() if name.endswith(".tsv"))
    text, spans, relations = came_back(read_tsv(content))
    assert text == labels.article.text
    assert (spans, relations) == shown(held)
    lost = {what: number for (what, _), number in output.losses.found.items()}
    assert lost.get("spans with white space at their ends", 0) == changed


def test_losses_are_counted() -> None:
    spans = (
        span(1, Kind.ACTOR, "Actor", (0, 3), (8, 11)),
        span(2, Kind.ACTOR, "Actor", (4, 8)),
        span(3, Kind.ACTOR, "Actor", (0, 3), annotator=None, state=State.SUGGESTED, origin="spacy:x"),
        span(4, Kind.ACTOR, "Actor", (0, 3), note="a\r\nb"),
    )
    labels = ArticleLabels(
        article=article("One two three", publisher="AP", furniture=((0, 3),)), annotator="ana",
        progress=Progress(Status.DONE, True, "n"), spans=spans,
    )  # fmt: skip
    _, output = written(labels, replace(labels, annotator="bea", spans=()))
    assert {what: number for (what, _), number in output.losses.found.items()} == {
        "discontinuous spans": 1,
        "suggestions": 1,
        "spans with white space at their ends": 1,
        "values with carriage returns": 1,
        "names of annotators": 2,
        "articles with metadata": 1,
        "ranges of furniture": 1,
        "statuses of articles": 2,
        "flags of articles": 2,
        "notes on articles": 2,
    }
    assert set(output.losses.found) <= {
        (w, f) for w, f in output.losses.found if w in WEBANNO_TSV.cannot_hold
    }


def test_several_annotators_have_a_file_each() -> None:
    labels = ArticleLabels(article=article("One.", title="T"), annotator="ana")
    other = ArticleLabels(article=article("Two.", title="T", id="a2"), annotator="ana")
    files, _ = written(labels, replace(labels, annotator="bea"), other)
    assert list(files) == ["T-ana.tsv", "T-bea.tsv", "T.tsv", "TypeSystem.xml"]


def test_sniffed_before_tables() -> None:
    assert reader_for(Source("a.tsv", b"\xef\xbb\xbf" + EXAMPLE.encode())).name == "webanno-tsv"
    assert reader_for(Source("a.txt", EXAMPLE.encode())).name == "webanno-tsv"
    assert reader_for(Source("a.tsv", b"title\ttext\n")).name == "tsv"


def test_columns_that_are_stacked_differently_go_by_their_numbers() -> None:
    content = """#FORMAT=WebAnno TSV 3.3
#T_SP=webanno.custom.Topic|count|value


#Text=He lied again.
1-1→0-2→He→3[7]→A[7]
1-2→3-7→lied→3[7]→B|A[7]
1-3→8-13→again→_→_
""".replace("→", "\t")
    text, spans, _ = labelled(read_tsv(content))
    found = [
        (each.label, text[each.fragments[0][0] : each.fragments[0][1]], each.attributes) for each in spans
    ]
    assert found == [("A", "He lied", {"count": "3"}), ("B", "lied", {})]
