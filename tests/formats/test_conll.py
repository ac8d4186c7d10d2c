"""CoNLL files: those of corpora, our own back again, and what they cannot hold."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from annotator.core.codebook import Codebook
from annotator.core.model import Kind, Span
from annotator.core.ports import ArticleLabels
from annotator.core.records import replace
from annotator.core.tokens import Tokens, rough_tokens
from annotator.formats.base import FileRead, Intake, Source, read_source
from annotator.formats.conll import CONLL
from annotator.formats.conll_tags import spans_of
from annotator.formats.registry import reader_for
from annotator.formats.streaming import CUT_OFF
from annotator.formats.token_text import LONGEST, PIECE

from .labels import Folder, lines, losses_of, read_back, written

DATA = Path(__file__).parents[1] / "data" / "conll"


def seen(found: FileRead) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Text, and layer, label and words of each span, of each article."""
    assert not found.problems, [str(each) for each in found.problems]
    articles = []
    for record in found.records:
        assert record.foreign is not None
        text = record.labels.article.text
        spans = [
            (span.layer, span.label, text[span.fragments[0][0] : span.fragments[0][1]])
            for span in record.foreign.spans
        ]
        articles.append((text, spans))
    return articles


def taken(codebook: Codebook, text: str | bytes, name: str = "a.conll") -> FileRead:
    return read_back(CONLL, Source(name, text.encode() if isinstance(text, str) else text), codebook)


def from_data(codebook: Codebook, name: str) -> FileRead:
    source = Source.of(DATA / name)
    assert reader_for(source) is CONLL
    return read_source(Intake(source, codebook), CONLL)


# -- files of corpora -----------------------------------------------------------------------------


def test_conll_2003(codebook: Codebook) -> None:
    assert seen(from_data(codebook, "conll2003.conll")) == [
        (
            "EU rejects German call .\n# Peter Blackburn",
            [("", "ORG", "EU"), ("", "MISC", "German"), ("", "PER", "Peter Blackburn")],
        ),
        ("BRUSSELS 1996-08-22", [("", "LOC", "BRUSSELS")]),
    ]


def test_two_columns_of_tags(codebook: Codebook) -> None:
    assert seen(from_data(codebook, "germeval.tsv")) == [
        (
            "Aufgrund seiner Deutsche Bank Initiative\nWien",
            [
                ("column 3", "ORG", "Deutsche Bank"),
                ("column 4", "LOCderiv", "Deutsche"),
                ("column 3", "LOC", "Wien"),
            ],
        )
    ]


BARE = "Paul\tperson-actor\nNewman\tperson-actor\nleft\tO\nRome\tlocation-GPE\n.\tO\n\nIt\tO\nB-A\tO\n#1\tO\n"


@pytest.mark.parametrize("name", ["train.txt", "a.conll", "dev"])
def test_labels_without_beginnings(codebook: Codebook, name: str) -> None:
    source = Source(name, BARE.encode())
    assert reader_for(source) is CONLL
    ((text, spans),) = seen(read_source(Intake(source, codebook), CONLL))
    assert text == "Paul Newman left Rome .\nIt B-A #1"
    assert [each[1:] for each in spans] == [("person-actor", "Paul Newman"), ("location-GPE", "Rome")]


@pytest.mark.parametrize(
    "text",
    [
        "Apfel\tapple\nBirne\tpear\n\nOma\tO\nRose\trose\n",
        BARE.replace("\n\n", "\n"),
        BARE.replace("O\n", "other\n"),
        BARE.replace("\t", " "),
        BARE + "A line of its own.\n",
        "It\tO\n\nrains\tO\n",
        "Ann\tA\nBea\tO\n\nCem\tAB\nDan\tO\n",
    ],
)
def test_lists_of_words_are_texts(text: str) -> None:
    assert reader_for(Source("words.txt", text.encode())) is not CONLL


def test_conll_u(codebook: Codebook) -> None:
    found = from_data(codebook, "ud.conllu")
    assert seen(found) == [
        ("Ana doesn't like Acme.", [("NER", "PER", "Ana"), ("NER", "ORG", "Acme")]),
        ("Bea!", []),
    ]
    assert [each.labels.article.external_id for each in found.records] == ["doc-1", "doc-2"]


def test_tags_of_words_within_a_token_of_conll_u(codebook: Codebook) -> None:
    """The token itself has none; and mentions in brackets, as CorefUD has them, are counted."""

    def row(id_: str, form: str, misc: str = "_") -> str:
        return "\t".join((id_, form, *["_"] * 7, misc)) + "\n"

    content = (
        row("1", "Ann", "NER=B-PER|Entity=(1-person(2")
        + row("2-3", "Smith's", "SpaceAfter=No")
        + row("2", "Smith", "NER=I-PER")
        + row("3", "'s", "NER=O")
        + row("4", "!", "NER=O|Entity=2)1)")
        + "\n"
        + row("1-2", "zum", "NER=O")
        + row("1", "zu")
        + row("2", "dem", "NER=B-LOC")
        + row("3", "Rhein", "NER=I-LOC|Entity=(3)")
    )
    intake = Intake(Source("a.conllu", content.encode()), codebook)
    found = read_source(intake, CONLL)
    assert seen(found) == [
        ("Ann Smith's!\nzum Rhein", [("NER", "PER", "Ann Smith's"), ("NER", "LOC", "zum Rhein")])
    ]
    assert intake.left_out == {"mention in a chain of coreference": 3}


def test_columns_that_the_first_line_names(codebook: Codebook) -> None:
    """As in HIPE's files, with an article for each document and remarks in the last column."""
    content = (
        "TOKEN\tNE-COARSE-LIT\tNE-COARSE-METO\tNE-FINE-LIT\tNEL-LIT\tMISC\n"
        "# hipe2022:document_id = gazette-1\n# hipe2022:date = 1891-02-03\n"
        "Genf\tB-loc\tO\tB-loc.adm.town\tQ71\tNoSpaceAfter\n,\tO\tO\tO\t_\t_\n"
        "sagt\tO\tO\tO\t_\tEndOfLine\n"
        "Frau\tB-pers\tO\tB-pers.ind\tNIL\t_\nBea\tI-pers\tO\tI-pers.ind\tNIL\tLED0.00|NoSpaceAfter\n.\tO\tO\tO\t_\t_\n"
        "\n# hipe2022:document_id = gazette-2\nNichts\tO\tO\tO\t_\t_\n"
    )
    source = Source("hipe.tsv", content.encode())
    assert reader_for(source) is CONLL
    intake = Intake(source, codebook)
    found = read_source(intake, CONLL)
    coarse, fine = "NE-COARSE-LIT", "NE-FINE-LIT"
    places, people = [(coarse, "loc", "Genf"), (fine, "loc.adm.town", "Genf")], [(coarse, "pers", "Frau Bea")]
    assert [(text, sorted(spans)) for text, spans in seen(found)] == [
        ("Genf, sagt Frau Bea.", sorted([*places, *people, (fine, "pers.ind", "Frau Bea")])),
        ("Nichts", []),
    ]
    assert [each.labels.article.external_id for each in found.records] == ["gazette-1", "gazette-2"]
    assert intake.left_out == {"link to a knowledge base": 1}


# -- OntoNotes ------------------------------------------------------------------------------------


def test_named_entities_in_brackets(codebook: Codebook) -> None:
    """As in CoNLL-2012's files: as many columns as a sentence needs, each part of a document an article."""
    source = Source.of(DATA / "ontonotes.v4_gold_conll")
    assert reader_for(source) is CONLL
    intake = Intake(source, codebook)
    found = read_source(intake, CONLL)
    assert seen(found) == [
        ("Dana Fox left Peru and wept .\nShe", [("", "PERSON", "Dana Fox"), ("", "GPE", "Peru")]),
        ("Near the United Nations #", [("", "ORG", "the United Nations")]),
    ]
    articles = [each.labels.article for each in found.records]
    assert [each.external_id for each in articles] == ["nw/xyz/00/xyz_0001", "nw/xyz/00/xyz_0001 part 001"]
    assert [each.title for each in articles] == ["Dana Fox left Peru and wept .", "Near the United Nations #"]
    assert [each.place for each in found.records] == ["line 1", "line 13"]
    assert intake.left_out == {"chain of coreference": 3, "speaker of a sentence": 1}


def ontonotes(*rows: str, name: str = "(a)", end: str = "\n#end document\n") -> str:
    """A file of one part, from each token's word and named entity."""
    cells = (row.split() for row in rows)
    lines = (f"a 0 {nth} {word} NN * - - - - {entity} -" for nth, (word, entity) in enumerate(cells))
    return "\n".join([f"#begin document {name}; part 000", *lines]) + end


def test_named_entities_within_each_other(codebook: Codebook) -> None:
    text = ontonotes("the (ORG*", "Bank *", "of *", "Peru (GPE))", "Ann -", "Bob (A(B))")
    spans = [("", "GPE", "Peru"), ("", "ORG", "the Bank of Peru"), ("", "B", "Bob"), ("", "A", "Bob")]
    assert seen(taken(codebook, text)) == [("the Bank of Peru Ann Bob", spans)]


def test_columns_with_tabs_between_them_may_be_empty(codebook: Codebook) -> None:
    """As in LitBank's files, which have no named entities."""
    rows = (("The", ""), ("Red", "(0|(1"), ("Sea", "0)|1)"))
    lines = ["\t".join(("n", "0", str(i), word, *"________", chain)) for i, (word, chain) in enumerate(rows)]
    text = "\r\n".join(["#begin document (n); part 0", *lines, "", "#end document", ""])
    intake = Intake(Source("n.txt", text.encode()), codebook)
    assert reader_for(intake.source) is CONLL
    assert seen(read_source(intake, CONLL)) == [("The Red Sea", [])]
    assert intake.left_out == {"chain of coreference": 2}


def test_articles_that_are_there_twice_agree(codebook: Codebook) -> None:
    """Or no import would take them: what they are called may be but their number in the file."""
    long = "\n".join(["word O"] * 60)
    other = f"-DOCSTART- O\n\n{long}\n\n" * 2 + "-DOCSTART- O\n\nAnn O\n"
    for text in (other, ontonotes("Ann *") + ontonotes("Ann *", name="(b)") + ontonotes("Bob *")):
        first, second, third = (each.labels.article for each in taken(codebook, text).records)
        assert first == second
        assert first.title != third.title


@pytest.mark.parametrize("name", ["(a)", "a", "(a b)", "((a))"])
def test_names_of_documents(codebook: Codebook, name: str) -> None:
    found = taken(codebook, ontonotes("Ann *", name=name))
    expected = "(a)" if name == "((a))" else name.strip("()")
    assert [each.labels.article.external_id for each in found.records] == [expected]


@pytest.mark.parametrize(
    ("text", "what", "line"),
    [
        (ontonotes("Ann (PER*", "Fox *"), "“PER” does not end in its sentence", 2),
        (ontonotes("Ann *", "Fox *)"), "ends that has not begun", 3),
        (ontonotes("Ann B-PER"), "“B-PER” is no named entity in brackets", 2),
        (ontonotes("Ann (PER*)x"), "is no named entity in brackets", 2),
        (
            ontonotes("Ann *", end=" -\na 0 1\n\n#end document"),
            "it has 3 columns, but its sentence has 13",
            3,
        ),
        (ontonotes("Ann *", end="\n\na 0 1\n\n#end document"), "its sentence has at least 12", 4),
        (ontonotes("Ann *", "Fox (PER*", end="\n"), "“a” has no “#end document”", 1),
        (ontonotes("Ann *") + "a 0 0 b c d e f g h * -\n", "this token stands in no document", 4),
        (ontonotes("[WORD] *", "[WORD] (GPE)"), "“[WORD]” in place of the words", 1),
        (
            f"#begin document (a)\n{'\t'.join(['a', '0', '0', '', *'--------'])}\n#end document",
            "its word is empty",
            2,
        ),
        ("#begin document (a); part 000\n#end document\n", "there is no token in this file", None),
    ],
)
def test_ontonotes_that_is_wrong(codebook: Codebook, text: str, what: str, line: int | None) -> None:
    (problem,) = taken(codebook, text).problems
    assert what in problem.what
    assert problem.cure
    assert problem.where == ("a.conll" if line is None else f"a.conll, line {line}")


def test_documents_whose_tags_are_in_the_last_column_are_read_as_before(codebook: Codebook) -> None:
    text = "#begin document (a)\nAnn B-PER\n\n#end document\n#begin document (b)\nBob O\n"
    assert seen(taken(codebook, text)) == [("Ann", [("", "PER", "Ann")]), ("Bob", [])]


# -- tables of tokens -----------------------------------------------------------------------------


def test_table_of_tokens(codebook: Codebook) -> None:
    """As Kaggle's: a sentence's number stands at its first word only, the words are in Windows-1252."""
    source = Source.of(DATA / "kaggle.csv")
    assert reader_for(source) is CONLL
    intake = Intake(source, codebook)
    spans = [("", "geo", "Lima"), ("", "per", "Mr. Fox"), ("", "tim", "Monday")]
    found = read_source(intake, CONLL)
    assert seen(found) == [('Crowds in Lima — " cafés , closed .\nMr. Fox left Monday', spans)]
    assert intake.encoding == "Windows-1252"
    assert found.records[0].foreign is not None
    assert [each.place for each in found.records[0].foreign.spans] == ["line 4", "line 11", "line 14"]


@pytest.mark.parametrize(
    "table",
    [
        '\ufeff"Sentence #","Word","Tag"\n"1","Ann","B-per"\n"","left","O"\n"2","No","O"\n',
        ",lemma,sentence_idx,shape,word,tag\n0,ann,1.0,Xxx,Ann,B-per\n1,leave,1.0,xxx,left,O\n2,no,2.0,X,No,O\n",
        "Sentence #;Word;POS;Tag;\n1;Ann;NNP;B-per;\n1;left;VBD;O\n\n2;No;UH;O;\n",
        "Sentence #\tWord\tTag\n1\tAnn\tB-per\n\tleft\tO\n2\tNo\tO",
    ],
)
def test_tables_of_tokens_of_every_kind(codebook: Codebook, table: str) -> None:
    source = Source("t.csv", table.encode())
    assert reader_for(source) is CONLL
    assert seen(read_back(CONLL, source, codebook)) == [("Ann left\nNo", [("", "per", "Ann")])]


@pytest.mark.parametrize(
    ("rows", "what", "line"),
    [
        ("1,Ann,NNP,B-per\n,left", "this row has 2 columns, the header 4", 3),
        ("1,Ann,NNP,B-per\n,,,,O", "this row has 5 columns, the header 4", 3),
        ("1,Ann,NNP,person", "“person” is no tag", 2),
        ("1,Ann,NNP,", "“” is no tag", 2),
        ("1, ,NNP,O", "its word is empty", 2),
        ('1,Ann,NNP,O\n,"left,VBD,O\n,no,UH,O', "a quote that opens in this row is never closed", 3),
        ("", "there is no article in this file", None),
    ],
)
def test_tables_of_tokens_that_are_wrong(codebook: Codebook, rows: str, what: str, line: int | None) -> None:
    (problem,) = taken(codebook, f"Sentence #,Word,POS,Tag\n{rows}", "t.csv").problems
    assert what in problem.what
    assert problem.cure
    assert problem.where == ("t.csv" if line is None else f"t.csv, line {line}")


_CUT_TABLE = "Sentence #,Word,POS,Tag\n1,Ann,NNP,B-per\n,Lima,NNP,B-geo\n,Oslo,NNP,"
_CUT_LINES = "Ann B-per\nLima B-geo\nOslo "


@pytest.mark.parametrize(("before", "name"), [(_CUT_TABLE, "t.csv"), (_CUT_LINES, "a.conll")])
def test_a_file_that_is_cut_off_in_its_last_tag(codebook: Codebook, before: str, name: str) -> None:
    for tag in ("B-ge", "I-ge", "B-p"):
        (problem,) = taken(codebook, before + tag, name).problems
        assert (problem.what, problem.where) == (CUT_OFF, f"{name}, line {4 if name == 't.csv' else 3}")
        assert problem.cure == "Get the file again, or end its last line with a line break if it is whole"
        assert len(taken(codebook, f"{before}{tag}\n", name).records) == 1, "it is whole"
    for tag in ("B-geo", "I-geo", "O", "B-org", "B-geography"):
        assert len(taken(codebook, before + tag, name).records) == 1


@pytest.mark.parametrize(
    "header", ["id,text,date", "sentence,word,label", "Sentence #,Text,Tag", "word,tag,text"]
)
def test_other_tables_are_none_of_tokens(header: str) -> None:
    assert reader_for(Source("t.csv", f"{header}\n1,a,b\n".encode())) is not CONLL


# -- files that do not say where an article begins ------------------------------------------------


@pytest.mark.parametrize("form", ["conll", "table", "border"])
@pytest.mark.parametrize("number", [LONGEST, LONGEST + 1, 2 * LONGEST + 30])
def test_what_is_too_long_for_an_article_is_divided(codebook: Codebook, form: str, number: int) -> None:
    if form == "table":
        rows = (f"{nth},s{nth},NN,O\n,Ann,NN,B-per\n" for nth in range(number))
        found = taken(codebook, "Sentence #,Word,POS,Tag\n" + "".join(rows), "t.csv")
    else:
        rows = (f"s{nth} O\nAnn B-per\n\n" for nth in range(number))
        found = taken(codebook, ("-DOCSTART- O\n\n" if form == "border" else "") + "".join(rows), "t.conll")
    whole = form == "border" or number == LONGEST
    pieces = [number] if whole else [PIECE] * (number // PIECE) + [number % PIECE]
    articles = seen(found)
    assert [len(text.splitlines()) for text, _ in articles] == pieces
    assert [len(spans) for _, spans in articles] == pieces
    assert " ".join(text.replace("\n", " ") for text, _ in articles) == " ".join(
        f"s{nth} Ann" for nth in range(number)
    )
    first = 1 + 3 * PIECE if form == "conll" else 2 + 2 * PIECE
    assert [each.place for each in found.records[1:2]] == ([] if whole else [f"line {first}"])


@pytest.mark.parametrize("content", ["#", "# a comment\n#\n", "#\tx\n", "\n", "# a = b"])
def test_without_a_token(codebook: Codebook, content: str) -> None:
    found = read_source(Intake(Source("a.conll", content.encode()), codebook), CONLL)
    assert [each.what for each in found.problems] == ["there is no token in this file"]


def test_a_number_that_is_none_is_no_word_of_conllu(codebook: Codebook) -> None:
    rows = ["1\tAnn\ta\tN\tN\t_\t0\tx\t_\tNE=B-PER", "²\tleft\ta\tV\tV\t_\t0\tx\t_\t_"]
    found = read_source(Intake(Source("a.conllu", "\n".join(rows).encode()), codebook), CONLL)
    assert found.records or found.problems


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ("I-A I-A O I-B B-B", [("A", 0, 1), ("B", 3, 3), ("B", 4, 4)]),  # IOB1
        ("B-A B-A I-A", [("A", 0, 0), ("A", 1, 2)]),  # IOB2
        ("B-A E-A S-A S-B", [("A", 0, 1), ("A", 2, 2), ("B", 3, 3)]),  # BIOES
        ("B-A I-A L-A U-A I-A", [("A", 0, 2), ("A", 3, 3), ("A", 4, 4)]),  # BILOU
        ("B-A I-B", [("A", 0, 0), ("B", 1, 1)]),
        ("B I O", [("", 0, 1)]),
        ("B-I-x I-I-x", [("I-x", 0, 1)]),
    ],
)
def test_every_kind_of_tags(tags: str, spans: list[tuple[str, int, int]]) -> None:
    assert list(spans_of(tags.split())) == spans


def test_files_without_an_ending_of_their_own_are_told_by_their_lines() -> None:
    assert reader_for(Source("train.txt", b"a O\nb B-X\nc I-X\n\n")) is CONLL
    assert reader_for(Source("train.tsv", b"a\tO\nb\tB-X\nc\tI-X\n\n")) is CONLL
    assert reader_for(Source("train.txt", b"-DOCSTART- -X- O O\n\n")) is CONLL
    assert reader_for(Source("text.txt", b"Option O\nis better\nthan option X\n")) is not CONLL
    assert reader_for(Source("table.tsv", b"text\tlabel\na\tO\nb\tO\n")) is not CONLL


def test_comments_and_a_token_that_looks_like_one(codebook: Codebook) -> None:
    text = "# id 5239d808 domain=train x\na _ _ O\n# _ _ B-X\n#tag _ _ I-X\n# a comment of some words\n"
    assert seen(taken(codebook, text)) == [("a # #tag", [("", "X", "# #tag")])]
    text = "# id 5239d808\tdomain=train\na _ _ O\nb _ _ B-X\n\n# id 6c\tdomain=train\nc _ _ O\n"
    assert seen(taken(codebook, text)) == [("a b\nc", [("", "X", "b")])]
    text = "# text = a  b.\na\tO\nb\tB-X\n.\tO\n\n# text = other\na\tO\n"
    assert seen(taken(codebook, text)) == [("a  b.\na", [("", "X", "b")])]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a O\nb B-X x\n", "a.conll, line 2: it has 3 columns, but the lines before have 2"),
        ("a O\nb\n", "a.conll, line 2: it has 1 columns"),
        ("a PER\nb O\n", "a.conll, line 1: “PER” is no tag"),
        ("a\nb\n", "a.conll, line 1: there is only one column"),
        ("\n\n", "a.conll: there is no token"),
        ("-DOCSTART- -X- O\n", "a.conll: there is no token"),
        ("a\tO\n\tO\n", "a.conll, line 2: its token is empty"),
        ("\xa0 B-X\nb O", "a.conll, line 1: a span needs more than white space"),
        ("\ufeff\n\xa0 O\n", "a.conll, line 1: the text is empty"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(codebook: Codebook, text: str, what: str) -> None:
    found = taken(codebook, text)
    assert not found.records
    assert any(str(each).startswith(what) for each in found.problems), found.problems
    assert all(each.cure for each in found.problems)


def test_a_wrong_tag_far_below(codebook: Codebook) -> None:
    (problem,) = taken(codebook, "a O\n" * 3000 + "b X\n").problems
    assert str(problem).startswith("a.conll, line 3001: “X” is no tag")


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_sentence_per_line_with_bars(codebook: Codebook, end: str) -> None:
    text = end.join(["Ann|NNP|B-PER met|VBD|O ||SYM|O Acme|NNP|B-ORG Corp|NNP|I-ORG", "", "Yes|UH|O", ""])
    found = taken(codebook, text, "a.iob")
    assert seen(found) == [
        ("Ann met | Acme Corp\nYes", [("", "PER", "Ann"), ("", "ORG", "Acme Corp")]),
    ]
    assert seen(taken(codebook, "Ann|B-PER met|O", "a.iob")) == [("Ann met", [("", "PER", "Ann")])]


def test_tags_tell_what_other_endings_do_not() -> None:
    content = b"Acme\tS-ORG\nmet\tO\nAnn\tB-PER\nLee\tE-PER\n"
    assert reader_for(Source("a.bioes", content)) is CONLL


def test_one_line_for_a_token_without_a_tag_behind_its_bar(codebook: Codebook) -> None:
    found = taken(codebook, "Ann|B-PER met|O\nBob|PER met|O\n", "a.iob")
    (problem,) = found.problems
    assert str(problem).startswith("a.iob, line 2: “Bob|PER” has no tag. ")


# -- our own files ----------------------------------------------------------------------------------


def check_as_conll(data: bytes) -> None:
    """Four columns parted by spaces, tags in strict IOB2, an empty line behind each sentence."""
    before = "O"
    for line in data.decode().split("\n"):
        if not line or line == "-DOCSTART- -X- -X- O":
            before = "O"
            continue
        token, pos, chunk, tag = line.split(" ")
        assert token
        assert (pos, chunk) == ("-X-", "_")
        if tag.startswith("I-"):
            assert before[2:] == tag[2:]
        before = tag


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(line=lines(rough_tokens))
def test_round_trip(codebook: Codebook, line: ArticleLabels) -> None:
    folder, output = written(CONLL, [line], codebook)
    lost = losses_of(output)
    text, tokens = line.article.text, line.tokens
    assert tokens is not None
    words = [text[start:end] for start, end in zip(tokens.starts, tokens.ends, strict=True)]
    words = [word for word in words if word.strip()]
    held, texts = 0, set()
    for name, data in folder.files.items():
        check_as_conll(data)
        if not words:
            continue
        ((rebuilt, spans),) = seen(read_back(CONLL, Source(name, data), codebook))
        texts.add(rebuilt)
        assert "".join(rebuilt.split()) == "".join("".join(words).split()).lstrip("\ufeff")
        covered = {(start, end) for start, end in zip(tokens.starts, tokens.ends, strict=True)}
        for layer, label, what in spans:
            assert layer == name.partition(".")[0]
            squeezed = "".join(what.split())
            assert covered
            same = [each for each in line.spans if each.kind == layer and each.label == label]
            outer = [
                "".join(text[slice(*(tokens.snap(each.start, each.end, text) or (0, 0)))].split())
                for each in same
            ]
            assert squeezed in outer
        held += len(spans)
    assert len(texts) <= 1
    if words:
        assert held + lost.get("spans within or across longer ones of their kind", 0) == len(line.spans)
    assert lost.get("relations", 0) == len(line.relations)
    assert lost.get("discontinuous spans", 0) == sum(len(each.fragments) > 1 for each in line.spans)
    assert set(lost) <= set(CONLL.cannot_hold)


def test_what_is_written(codebook: Codebook, line: ArticleLabels) -> None:
    def span(id_: str, kind: Kind, *fragments: tuple[int, int]) -> Span:
        label = "Organization" if kind is Kind.ENTITY else kind.title()
        return Span(id=id_, kind=kind, label=label, fragments=fragments, annotator="ana")

    tokens = Tokens.of(
        [(0, 5), (6, 7), (8, 12), (13, 17), (18, 22), (23, 27), (27, 28), (28, 29), (29, 35), (36, 40)]
    )
    line = replace(
        line,
        tokens=Tokens(tokens.starts, tokens.ends, Tokens.of([], [0, 29]).sentences),
        spans=(
            span("s1", Kind.ENTITY, (13, 22)),
            span("s2", Kind.ENTITY, (13, 17)),
            span("s3", Kind.CLAIM, (13, 17), (23, 26)),
            span("s4", Kind.ACTOR, (0, 5)),
        ),
    )
    folder, output = written(CONLL, [line, replace(line, spans=(), annotator=None)], codebook)
    assert folder.files["entity.conll"].decode().split("-DOCSTART-")[1] == (
        " -X- -X- O\n\nSmith -X- _ O\n😀 -X- _ O\nsaid -X- _ O\nAcme -X- _ B-Organization\n"
        "Corp -X- _ I-Organization\nlied -X- _ O\n. -X- _ O\n\nNobody -X- _ O\nelse -X- _ O\n\n"
    )
    assert set(folder.files) == {"entity.conll", "claim.conll", "actor.conll"}
    assert losses_of(output) == {
        "spans within or across longer ones of their kind": 1,
        "spans that begin or end within a token": 1,
        "discontinuous spans": 1,
        "articles with other spacing than single spaces and line breaks": 1,
        "articles that nobody has labelled": 1,
        "titles of articles that are not their first line": 1,
        "names of annotators": 1,
        "articles with metadata": 1,
    }


def test_a_span_over_sentences_and_odd_tokens(codebook: Codebook, line: ArticleLabels) -> None:
    text = "One. Two -DOCSTART- a\xa0b"
    tokens = Tokens.of([(0, 3), (3, 4), (5, 8), (9, 19), (20, 23)], [0, 5, 9])
    span = Span(id="s", kind=Kind.CLAIM, label="My Claim", fragments=((0, 8),), annotator="ana")
    line = replace(line, article=replace(line.article, text=text, title=""), tokens=tokens, spans=(span,))
    folder, output = written(CONLL, [line], codebook)
    assert folder.files["claim.conll"].decode() == (
        "-DOCSTART- -X- -X- O\n\nOne -X- _ B-My_Claim\n. -X- _ I-My_Claim\nTwo -X- _ I-My_Claim\n\n"
        "-DOCSTART_ -X- _ O\na_b -X- _ O\n\n"
    )
    assert losses_of(output)["ends of sentences within spans"] == 1
    assert losses_of(output)["labels with spaces in their names"] == 1
    assert losses_of(output)["tokens that the format does not take"] == 2


def test_files_of_all_kinds_are_read_together(codebook: Codebook, line: ArticleLabels) -> None:
    tokens = rough_tokens(line.article.text)
    spans = tuple(
        Span(id=kind, kind=kind, label=kind.title(), fragments=((13, 22),), annotator="ana") for kind in Kind
    )
    folder, _ = written(CONLL, [replace(line, spans=spans, tokens=tokens)], codebook)
    first = folder.source("entity.conll")
    assert first is not None
    assert list(CONLL.also(first) if CONLL.also else ()) == ["actor.conll", "claim.conll", "cue.conll"]
    ((_, found),) = seen(read_back(CONLL, first, codebook))
    assert [each[:2] for each in found] == [(str(kind), kind.title()) for kind in Kind]
    ((_, found),) = seen(read_back(CONLL, folder.source("cue.conll"), codebook))
    assert [each[:2] for each in found] == [("cue", "Cue")]
    folder.files["cue.conll"] = b"other O\n"
    (problem,) = read_back(CONLL, first, codebook).problems
    assert str(problem).startswith("entity.conll, line 1: its articles are not those of “actor.conll”,")
    folder.files["cue.conll"] = b"other X\n"
    (problem,) = read_back(CONLL, first, codebook).problems
    assert str(problem).startswith("cue.conll, line 1: “X” is no tag")


def test_no_article(codebook: Codebook) -> None:
    folder, _ = written(CONLL, [], codebook)
    assert folder.files == {"entity.conll": b""}
    assert isinstance(folder, Folder)
