"""The readers of INCEpTION's formats: what they give must fit to the text, and have ids and ends."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from annotator.core.text import sha256_of
from annotator.core.validate import fragment_problem
from annotator.formats.base import Format, Intake, Source, read_source
from annotator.formats.cas import UIMA_JSON, UIMA_XMI
from annotator.formats.webanno_tsv import WEBANNO_TSV
from annotator.session.project import default_codebook

_DATA = Path(__file__).parents[1] / "data" / "inception"
WORDS = (
    b"\t_\t", b"1-1\t", b"0-5", b"[1]", b"[0_2]", b"|", b"\\", b"#Text=", b"#T_SP=", b"#T_RL=", b"#T_CH=",
    b"BT_", b"ROLE_a:b_c", b"->1-1", b"*", b"\n\n",
)  # fmt: skip
XML = (
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&#1;", b"&#xD800;", b' begin="', b' end="99999"', b"<cas:Sofa/>",
    b"</", b'xmi:id="1"', b' sofa="9"', b"<name>class</name>", b"<supertypeName>",
)  # fmt: skip
_TYPES_END = b"</typeSystemDescription>"


@cache
def _sample(name: str) -> bytes:
    return (_DATA / name).read_bytes()


def _taker(form: Format, name: str) -> Callable[[bytes], str]:
    codebook = default_codebook()

    def take(data: bytes) -> str:
        types, content = _sample("TypeSystem.xml"), data
        lone = form is UIMA_XMI and len(data) % 3 == 0  # what came without a type system
        if form is UIMA_XMI and _TYPES_END in data:  # both files in one input
            types, _, content = data.partition(_TYPES_END)
            types += _TYPES_END

        def beside(other: str) -> Source | None:
            return Source(other, types) if other == "TypeSystem.xml" and not lone else None

        found = read_source(Intake(Source(name, content, siblings=beside), codebook), form)
        for record in found.records:
            article, foreign = record.labels.article, record.foreign
            assert sha256_of(article.text) == article.sha256
            assert foreign is not None
            ids = {each.id for each in foreign.spans}
            assert len(ids) == len(foreign.spans)
            for each in foreign.spans:
                end = each.fragments[-1][1]
                assert 0 <= each.fragments[0][0] < end <= len(article.text)
                wrong = fragment_problem(each.fragments, article.text)
                assert wrong is None or "white space" in wrong, wrong
                assert each.label.strip()
                each.label.encode()
            assert all({each.head, each.tail} <= ids for each in foreign.relations)
        problems = [str(each) for each in found.problems]
        return "".join(c for c in problems[0] if c.isalpha())[:60] if problems else "taken"

    return take


def tsv(_folder: Path) -> Callable[[bytes], str]:
    """WebAnno TSV."""
    return _taker(WEBANNO_TSV, "file.tsv")


def xmi(_folder: Path) -> Callable[[bytes], str]:
    """XMI, with the type system of the samples, or with one that stands before it in the input."""
    return _taker(UIMA_XMI, "file.xmi")


def cas_json(_folder: Path) -> Callable[[bytes], str]:
    """UIMA CAS JSON."""
    return _taker(UIMA_JSON, "file.json")


def tsv_seeds() -> list[bytes]:
    """Files of INCEpTION."""
    whole = _sample("ministers.tsv")
    return [
        whole,
        whole.replace(b"TSV 3.3", b"TSV 3.1"),
        b"#FORMAT=WebAnno TSV 3.3\n\n\n#Text=A\n1-1\t0-1\tA\t\n",
    ]


def xmi_seeds() -> list[bytes]:
    """Files of INCEpTION, alone and after their type system."""
    return [_sample("talks.xmi"), _sample("TypeSystem.xml") + _sample("talks.xmi")]


def json_seeds() -> list[bytes]:
    """Files of INCEpTION."""
    return [_sample("talks.json")]
