"""Part of the smoke test: files of each kind that a package could be unable to read or write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

from annotator.core.codebook import Codebook
from annotator.core.errors import Problem
from annotator.core.ports import ArticleLabels
from annotator.formats.base import Intake, read_source
from annotator.formats.output import Output
from annotator.formats.registry import READERS, WRITERS, reader_for
from annotator.formats.source import Source
from annotator.session.gathering import gather

WORDS = "Angela Merkel met Emmanuel Macron in Paris on Friday, and said that the talks had failed."
_TEXT = f"{WORDS} Nobody wanted to say when they will go on. " * 4

_PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Talks fail</title>
<meta property="article:published_time" content="2023-08-16"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Talks fail</h1><p>{_TEXT}</p><p>{_TEXT[::-1]}</p></article>
<footer>All rights reserved</footer></body></html>"""
_FEED = (
    "<rss version='2.0'><channel><title>News</title>"
    f"<item><description>{WORDS}</description></item></channel></rss>"
)
_MAIL = f"From: Jane <j@paper.example>\nSubject: Talks\nDate: Wed, 16 Aug 2023 09:30:00 +0200\n\n{WORDS}\n"
_NEXIS = (
    "1 of 1 DOCUMENTS\n\nThe Paper\n\nAugust 16, 2023\n\nHEADLINE: Talks fail\n\nLENGTH: 9 words\n\n"
    f"BODY:\n\n{WORDS}\n\nLANGUAGE: ENGLISH\n"
)
_WORD = "http://schemas.openxmlformats.org"
_DOCX = {
    "[Content_Types].xml": f"""<Types xmlns="{_WORD}/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{_WORD}/package/2006/relationships">
<Relationship Id="r1" Type="{_WORD}/officeDocument/2006/relationships/officeDocument"
 Target="word/document.xml"/></Relationships>""",
    "word/document.xml": f"""<w:document xmlns:w="{_WORD}/wordprocessingml/2006/main"><w:body>
<w:p><w:r><w:t>{WORDS}</w:t></w:r></w:p></w:body></w:document>""",
}


def _pdf() -> bytes:
    font = "/Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    shown = f"BT /F 12 Tf 9 99 Td ({WORDS}) Tj ET"
    objects = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 200] /Contents 4 0 R {font} >>",
        f"<< /Length {len(shown)} >>\nstream\n{shown}\nendstream",
    )
    written = "%PDF-1.4\n"
    table = "0000000000 65535 f \n"
    for number, each in enumerate(objects, 1):
        table += f"{len(written):010} 00000 n \n"
        written += f"{number} 0 obj\n{each}\nendobj\n"
    end = f"trailer\n<< /Root 1 0 R /Size 5 >>\nstartxref\n{len(written)}\n%%EOF\n"
    return f"{written}xref\n0 5\n{table}{end}".encode("ascii")


def _packed(members: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def documents() -> dict[str, bytes]:
    """A file of each kind of article without labels, by its name; all have :data:`WORDS` in their text."""
    return {
        "page.html": _PAGE.encode(),
        "paper.pdf": _pdf(),
        "paper.docx": _packed(_DOCX),
        "export.rtf": f"{{\\rtf1\\ansi {_TEXT}\\par}}".encode("ascii"),
        "news.rss": _FEED.encode(),
        "letter.eml": _MAIL.encode(),
        "nexis.txt": _NEXIS.encode(),
        "archive.zip": _packed({"in/page.html": _PAGE}),
    }


def unread_documents(folder: Path, codebook: Codebook) -> Iterator[str]:
    """What goes wrong with reading one file of each kind, as sentences."""
    for name, content in documents().items():
        path = folder / name
        path.write_bytes(content)
        problems: list[Problem] = []
        for source in gather([path], problems):
            found = read_source(Intake(source, codebook), reader_for(source))
            problems += found.problems
            texts = [" ".join(each.labels.article.text.split()) for each in found.records]
            if not problems and not any(WORDS in text for text in texts):
                yield f"{name} was read as {texts!r}."
        yield from map(str, problems[:1])


def unwritten_formats(lines: list[ArticleLabels], codebook: Codebook) -> Iterator[str]:
    """What goes wrong with writing labels in each format of one file and reading them, as sentences."""
    for name, form in WRITERS.items():
        if form.many or form.write is None:
            continue
        stream = io.BytesIO()
        try:
            form.write(iter(lines), Output(codebook, stream))
        except Exception as error:
            yield f"{name} cannot be written: {type(error).__name__}: {error}."
            continue
        if not stream.getvalue():
            yield f"nothing was written as {name}."
        elif name in READERS:
            source = Source(f"labels{form.endings[0]}", stream.getvalue())
            found = read_source(Intake(source, codebook, "ana", "2026-01-01T00:00:00.000Z"), form)
            yield from map(str, found.problems[:1])
