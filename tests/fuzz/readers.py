"""Every reader of what strangers may hand over, as a function of bytes.

Each gives a short word for what came of it. It may raise nothing but AnnotatorError; that what it took
in can be stored and written again is looked at too.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import count
from pathlib import Path
from random import Random

import orjson

from annotator.core.codebook import Codebook, codebook_from, codebook_from_toml, codebook_to
from annotator.core.errors import Problem
from annotator.core.evaluation import Score, compare, scores_of
from annotator.core.finding import AT_ONCE, Wanted
from annotator.core.mapping_file import mapping_from_toml, mapping_to_toml
from annotator.core.text import sha256_of
from annotator.core.validate import span_problems
from annotator.formats import streaming
from annotator.formats.base import Format, Intake, Source, read_source
from annotator.formats.doccano import DOCCANO, DOCCANO_GRAPHEMES
from annotator.formats.docx import DOCX
from annotator.formats.encoding import decode
from annotator.formats.feed import FEED
from annotator.formats.gold import GoldArticle, read_gold
from annotator.formats.html import HTML
from annotator.formats.jsonl import JSON, JSONL
from annotator.formats.label_studio import LABEL_STUDIO
from annotator.formats.mail import MAIL
from annotator.formats.native import line_of
from annotator.formats.nexis import NEXIS
from annotator.formats.pdf import PDF
from annotator.formats.prodigy import PRODIGY
from annotator.formats.registry import reader_for
from annotator.formats.rtf import RTF
from annotator.formats.table import CSV, TSV
from annotator.formats.tables import CSV_TABLES
from annotator.formats.tables_reader import TABLES
from annotator.formats.text import TEXT
from annotator.runtime.settings import AUTO_SUGGEST, SETTINGS, Settings
from annotator.session.gathering import gather
from annotator.session.importing import import_paths
from annotator.session.project import Project, default_codebook
from annotator.store.rows import json_of
from tests.formats import making

from . import json_tools, labelled, projects, samples, uima
from .mutation import BYTES

MARKUP = (
    *BYTES, b"<p>", b"</p>", b"<div>", b"<table><tr><td>", b"<!--", b"<![CDATA[", b"&#xD800;", b"&nbsp;",
    b"<item>", b"<li>", b'<script type="application/ld+json">', b"<svg>", b"<!DOCTYPE x [<!ENTITY a 'b'>]>",
)  # fmt: skip
"""Pieces of HTML and XML that inputs are made of, too."""

RICH = (
    *BYTES, b"{", b"}", b"{\\*\\", b"\\par ", b"\\u-10179?", b"\\'e4", b"\\bin9 ", b"\\uc99 ", b"\\cell ",
    b"\\f1 ", b"\\ansicpg932", b"{\\fonttbl{\\f1\\fcharset134 X;}}", b"{\\info{\\title ", b"\\row ",
)  # fmt: skip
"""Pieces of rich text, too."""
_VARYING = re.compile("[^A-Za-z]+")

type Take = Callable[[bytes], str]
"""Reads one input and says what came of it."""


@dataclass(frozen=True, slots=True)
class Reader:
    """One reader: how it is set up in an empty folder, what its inputs are made from, and of which shape."""

    begin: Callable[[Path], Take]
    seeds: Callable[[], list[bytes]]
    shape: str = "bytes"
    words: tuple[bytes, ...] = BYTES
    large: bool = True
    """Whether inputs of a megabyte are tried on it."""


@cache
def codebook() -> Codebook:
    """The default codebook."""
    return default_codebook()


def _format(form: Format) -> Callable[[Path], Take]:
    def take(data: bytes) -> str:
        intake = Intake(Source(f"file{form.endings[0]}", data), codebook(), "ana", "2026-01-01T00:00:00.000Z")
        found = read_source(intake, form)
        for record in found.records[:200]:
            labels = record.labels
            assert sha256_of(labels.article.text) == labels.article.sha256
            for span in labels.spans:
                assert not list(span_problems(span, labels.article.text, codebook()))
            json_of(line_of(labels))
            json_of(labels.article.meta)
        return _words(str(found.problems[0])) if found.problems else f"{min(len(found.records), 4)} records"

    return lambda _folder: take


def _tables(_folder: Path) -> Take:
    """The tables of an export, of which each may be spoilt."""

    def take(data: bytes) -> str:
        files = dict(zip(TABLES, data.split(samples.BETWEEN_TABLES), strict=False))
        source = Source(
            TABLES[0],
            files[TABLES[0]],
            siblings=lambda name: Source(name, files[name]) if name in files else None,
        )
        found = read_source(Intake(source, codebook(), at="2026-01-01T00:00:00.000Z"), CSV_TABLES)
        for record in found.records[:200]:
            for span in record.labels.spans:
                assert not list(span_problems(span, record.labels.article.text, codebook()))
            json_of(line_of(record.labels))
        return _words(str(found.problems[0])) if found.problems else f"{min(len(found.records), 4)} records"

    return take


def _streaming(_folder: Path) -> Take:
    """A JSON list in small pieces gives what a parser finds in it."""

    def take(data: bytes) -> str:
        kept, streaming.CHUNK = streaming.CHUNK, len(data) % 61 + 1
        try:
            intake = Intake(Source("file.json", data), codebook())
            found = [item for _, item in streaming.json_items(intake)]
            lines = [line for _, line in streaming.utf8_lines(Intake(Source("file.json", data), codebook()))]
        finally:
            streaming.CHUNK = kept
        assert len(intake.problems) <= 1
        assert all(lines)
        try:
            items = [orjson.loads(item) for item in found]
        except ValueError:
            return "no JSON in it"
        if intake.problems:
            return _words(str(intake.problems[0]))
        if intake.encoding == "UTF-8":
            assert items == orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
        return f"{min(len(items), 4)} items"

    return take


def _gold(_folder: Path) -> Take:
    def take(data: bytes) -> str:
        found, problems = read_gold(Intake(Source("gold.jsonl", data), codebook()))
        for article in found[:20]:
            assert all(score.counts.recall > 0.999 for score in _against_itself(article) if score.counts.gold)
        return _words(str(problems[0])) if problems else f"{len(found)} articles"

    return take


def _against_itself(article: GoldArticle) -> list[Score]:
    return scores_of([compare(article.text, article.labelled, article.labelled)])


def _words(sentence: str) -> str:
    """A message without what differs from input to input."""
    return _VARYING.sub("", sentence)[:60]


def _decoding(_folder: Path) -> Take:
    return lambda data: decode(data, "file").encoding


def _mapping(_folder: Path) -> Take:
    def take(data: bytes) -> str:
        mapping = mapping_from_toml(data.decode("utf-8", "replace"))
        assert mapping_from_toml(mapping_to_toml(mapping)) == mapping
        return "mapping"

    return take


def _codebook_toml(_folder: Path) -> Take:
    def take(data: bytes) -> str:
        return _stored(codebook_from_toml(data.decode("utf-8", "replace")))

    return take


def _codebook_json(_folder: Path) -> Take:
    def take(data: bytes) -> str:
        try:
            value = orjson.loads(data)
        except ValueError:
            return "no JSON"
        return _stored(codebook_from(value))

    return take


def _stored(made: Codebook) -> str:
    stored = orjson.dumps(codebook_to(made))
    assert codebook_from(orjson.loads(stored)) == made
    return f"{len(made.labels)} labels"


def _settings(folder: Path) -> Take:
    numbers = count()

    def take(data: bytes) -> str:
        path = folder / f"settings{next(numbers) % 8}.json"
        path.write_bytes(data)
        settings = Settings(path)
        for each in SETTINGS:
            value = settings.get(each)
            assert each.accepts(value), each.name
        settings.set(AUTO_SUGGEST, not settings.get(AUTO_SUGGEST))
        settings.add_recent(Path("news.annot"))
        assert settings.notice is None or "written" not in settings.notice
        return _words(settings.notice or "taken")

    return take


def _expression(_folder: Path) -> Take:
    text = samples.texts()[0][:2000] + "a" * 40 + "\n" + "ab " * 50

    def take(data: bytes) -> str:
        wanted = Wanted(
            data.decode("utf-8", "replace"), expression=True, match_case=len(data) % 2 == 0,
            whole_words=len(data) % 3 == 0,
        )  # fmt: skip
        finder = wanted.compiled()
        found = 0
        for start, end in finder.ranges(text, AT_ONCE):
            assert 0 <= start < end <= len(text)
            found += 1
        return f"{min(found, 3)} found"

    return take


def _import(folder: Path) -> Take:
    """Whole files into a real project, and out again: what was taken in must come out."""
    projects.prepare()
    base = folder / "base.annot"
    with Project.create(base) as project:
        import_paths(project, [_written(folder, samples.native()[0])])
    numbers = count()

    def take(data: bytes) -> str:
        path = folder / "given.annot"
        _clear(path)
        shutil.copyfile(base, path)
        ending = (".jsonl", ".json", ".csv", ".txt")[next(numbers) % 4] if data[:1] != b"{" else ".jsonl"
        with Project.open(path) as project:
            report = import_paths(project, [_written(folder, data, ending)], annotator="bea")
            if report.articles or report.labelled:
                assert not list(project.repository.check())
                for labels in project.repository.iter_labels(suggestions=True):
                    json_of(line_of(labels))
                    project.repository.load_page(labels.article.id, labels.annotator or "cem")
        return _words(str(report.problems[0])) if report.problems else _words(report.sentence)

    return take


def _word(folder: Path) -> Take:
    """A Word document, or the XML of its text, which is packed first."""
    take, members = _format(DOCX)(folder), samples.word_members()

    def packed(data: bytes) -> str:
        return take(data if data[:2] == b"PK" else making.packed({**members, "word/document.xml": data}))

    return packed


def _archive(folder: Path) -> Take:
    """A ZIP archive: every member read by the format that it looks like."""

    def take(data: bytes) -> str:
        problems: list[Problem] = []
        elsewhere, tempfile.tempdir = tempfile.tempdir, str(folder)
        try:
            found = gather([_written(folder, data, ".zip")], problems)
            for source in found[:50]:
                read = read_source(Intake(source, codebook()), reader_for(source))
                problems += read.problems
        finally:
            tempfile.tempdir = elsewhere
        return _words(str(problems[0])) if problems else f"{min(len(found), 4)} members"

    return take


def _clear(path: Path) -> None:
    """Remove a project, so that the next one of its name is another file."""
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        each.unlink(missing_ok=True)


def _written(folder: Path, data: bytes, ending: str = ".jsonl") -> Path:
    path = folder / f"given{ending}"
    path.write_bytes(data)
    return path


def _project_bytes(folder: Path) -> Take:
    projects.prepare()

    def take(data: bytes) -> str:
        path = folder / "given.annot"
        _clear(path)
        path.write_bytes(data)
        return projects.go_through(path, folder, Random(data[:512]))

    return take


def _recover(folder: Path) -> Take:
    """Damaged projects, and those with hostile values: what is saved of them is a project in order."""
    projects.prepare()
    base = folder / "base.annot"
    projects.make_lenient(base)
    numbers = count()

    def take(data: bytes) -> str:
        path, out = folder / "given.annot", folder / "saved.annot"
        for each in (path, out):
            _clear(each)
        if next(numbers) % 3:
            path.write_bytes(data)
        else:
            shutil.copyfile(base, path)
            projects.spoil(path, Random(data[:512]))
        elsewhere, tempfile.tempdir = tempfile.tempdir, str(folder)
        try:
            report = Project.recover(path, out)
        finally:
            tempfile.tempdir = elsewhere
        with Project.open(out) as project:
            assert not list(project.repository.check(quick=True))
            project.repository.counts()
        rebuilt = ",".join(report.rebuilt)
        return f"{rebuilt} {_words(str(report.problems[0]))}" if report.problems else "whole"

    return take


def _project_content(folder: Path) -> Take:
    projects.prepare()
    base = folder / "base.annot"
    projects.make_lenient(base)

    def take(data: bytes) -> str:
        path = folder / "given.annot"
        _clear(path)
        shutil.copyfile(base, path)
        random = Random(data)
        projects.spoil(path, random)
        return projects.go_through(path, folder, random)

    return take


def _worker(_folder: Path) -> Take:
    from annotator.nlp.messages import report_from

    def take(data: bytes) -> str:
        return type(report_from(data)).__name__

    return take


def _project_seed() -> list[bytes]:
    return [projects.small()]


READERS: dict[str, Reader] = {
    "encoding": Reader(_decoding, samples.encoded),
    "text": Reader(_format(TEXT), samples.utf8, "utf8"),
    "native": Reader(_format(JSONL), samples.native, "lines"),
    "jsonl": Reader(_format(JSONL), samples.plain_lines, "lines"),
    "json": Reader(_format(JSON), samples.documents, "json"),
    "streaming": Reader(_streaming, samples.documents, "json", large=False),
    "docx": Reader(_word, samples.documents_word, words=MARKUP),
    "feed": Reader(_format(FEED), samples.feeds, words=MARKUP),
    "html": Reader(_format(HTML), samples.web_pages, words=MARKUP),
    "mail": Reader(_format(MAIL), samples.mails, "lines"),
    "nexis": Reader(_format(NEXIS), samples.exports, "utf8"),
    "pdf": Reader(_format(PDF), samples.documents_pdf),
    "rtf": Reader(_format(RTF), samples.rich_texts, words=RICH),
    "zip": Reader(_archive, samples.archives),
    "csv": Reader(_format(CSV), samples.tables, "table"),
    "tsv": Reader(_format(TSV), samples.tables, "table"),
    "tables": Reader(_tables, samples.table_files),
    "doccano": Reader(
        json_tools.reading(DOCCANO), json_tools.seeds("doccano"), "lines", (*BYTES, *json_tools.WORDS)
    ),
    "doccano-graphemes": Reader(
        json_tools.reading(DOCCANO_GRAPHEMES),
        json_tools.seeds("doccano"),
        "lines",
        (*BYTES, *json_tools.WORDS),
    ),
    "label-studio": Reader(
        json_tools.reading(LABEL_STUDIO),
        json_tools.seeds("label_studio"),
        "json",
        (*BYTES, *json_tools.WORDS),
    ),
    "prodigy": Reader(
        json_tools.reading(PRODIGY),
        lambda: [*json_tools.seeds("prodigy")(), *json_tools.PAIRS],
        "lines",
        (*BYTES, *json_tools.WORDS),
    ),
    "brat": Reader(labelled.brat, labelled.brat_seeds, "lines"),
    "conll": Reader(labelled.conll, labelled.conll_seeds, "lines"),
    "docbin": Reader(labelled.docbin, labelled.docbin_seeds),
    "spacy-json": Reader(labelled.spacy_json, labelled.spacy_json_seeds, "json", (*BYTES, *json_tools.WORDS)),
    "gold": Reader(_gold, lambda: [*samples.gold(), *samples.native()], "lines"),
    "webanno-tsv": Reader(uima.tsv, uima.tsv_seeds, "lines", words=(*BYTES, *uima.WORDS)),
    "cas-xmi": Reader(uima.xmi, uima.xmi_seeds, words=(*BYTES, *uima.XML)),
    "cas-json": Reader(uima.cas_json, uima.json_seeds, "json"),
    "codebook-toml": Reader(_codebook_toml, samples.codebooks_toml),
    "mapping": Reader(_mapping, samples.mappings),
    "codebook-json": Reader(_codebook_json, samples.codebooks_json, "json"),
    "settings": Reader(_settings, samples.settings, "json"),
    "expression": Reader(_expression, samples.expressions, large=False),
    "worker": Reader(_worker, samples.reports, "json"),
    "import": Reader(_import, lambda: [*samples.native(), *samples.plain_lines()], "lines", large=False),
    "project-bytes": Reader(_project_bytes, _project_seed, "pages", large=False),
    "recover": Reader(_recover, _project_seed, "pages", large=False),
    "project-content": Reader(_project_content, lambda: [b"0", b"1"], large=False),
}
"""By the names that ``python -m tests.fuzz`` takes."""
