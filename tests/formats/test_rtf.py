"""Rich text: what word processors write, and what is wrong with some of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from annotator.core.codebook import Codebook
from annotator.formats.base import FileRead, Intake, Source, read_source
from annotator.formats.rtf import DEEPEST, LARGEST, RTF
from tests.formats.making import rtf

type Read = Callable[..., FileRead]

WORD = rb"""{\rtf1\ansi\ansicpg1252\deff0\uc1{\fonttbl{\f0\fswiss\fcharset0 Arial;}
{\f1\fnil\fcharset204 Arial Cyr;}{\f2\fnil\fcharset128 Gothic;}{\f3\ftech\fcharset2 Symbol;}}
{\colortbl ;\red0\green0\blue255;}{\stylesheet{\s0 Normal;}}{\*\generator Msftedit 5.41;}
{\info{\title Talks in Gen\'e8ve}{\author Ana \u381?}{\creatim\yr2024\mo1\dy15}}
{\header\pard Page 1 of 9\par}\viewkind4\pard\lang1033\f0\fs20 Talks in
 Gen\'e8ve\par
\ul Smith\ulnone  said: \ldblquote{}No\rdblquote  \endash  and\~{\b bo}ld {\f1\'cf\'f0\'e8} {\f2\'93\'fa}
{\v hidden}\plain\
{\pict\wmetafile8 0102ab}{\*\shppict{\pict ff}}
{\field{\*\fldinst{HYPERLINK "http://x"}}{\fldrslt{\ul a link}}}
 \\\{x\}{\deleted not} end\line next \u-10179?\u-8704?{\uc2\u8364\'80\'80{\uc0\u8364}}\bin5 {}}{} \'80\par
{\listtext\pard\plain\f3 \'B7\tab}One\par
{\listtext\pard\plain\f3 \'B7\tab}Two\par
\trowd\pard\intbl 1\cell 2\cell\row\trowd 3\cell 4\cell\row\pard The end.{\footnote note}\par
}
"""


def message(found: FileRead) -> str:
    assert not found.records
    (problem,) = found.problems
    return str(problem)


def test_what_word_processors_write(read: Read) -> None:
    (record,) = read("a.rtf", WORD).records
    article = record.labels.article
    assert article.text == (
        "Talks in Genève\n\nSmith said: “No” – and bold При 日\n\na link \\{x} end\nnext 😀€€ €\n\n"
        "- One\n- Two\n\n1\t2\n3\t4\nThe end."
    )
    assert (article.title, article.author) == ("Talks in Genève", "Ana Ž")


CHARACTERS = st.characters(
    exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"), exclude_characters="-\ufffe\uffff"
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(CHARACTERS, min_size=1), min_size=1))
def test_every_character_comes_back(codebook: Codebook, paragraphs: list[str]) -> None:
    (record,) = read_source(Intake(Source("a.rtf", rtf(*paragraphs)), codebook), RTF).records
    assert record.labels.article.text == "\n\n".join(paragraphs)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (WORD[:700], "a.rtf: this RTF document is cut off: it ends amid a group"),
        (rtf("A text.").strip()[:-1], "a.rtf: this RTF document is cut off"),
        (b"{\\rtf1 {\\b }}", "a.rtf: this RTF document holds no text"),
        (b"{\\rtf1 " + b"{" * (DEEPEST + 1), "a.rtf: its groups nest too deep"),
        (b"{\\rtf1 A\0text.}", "a.rtf: this RTF document is damaged"),
        (b"A text.", "a.rtf: this is no RTF document"),
        (b"", "a.rtf: this is no RTF document"),
    ],
)
def test_one_line_for_what_is_wrong(read: Read, content: bytes, what: str) -> None:
    assert message(read("a.rtf", content)).startswith(what)


def test_too_large(codebook: Codebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("annotator.formats.rtf.LARGEST", 20)
    found = read_source(Intake(Source("a.rtf", rtf("A text.")), codebook), RTF)
    assert "may have 0 MB" in message(found)
    assert LARGEST > 20
