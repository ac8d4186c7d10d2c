"""Exports of Nexis (LexisNexis, Nexis Uni) and Factiva as text, split into their articles.

Nexis ends or begins each article with a line that says so, and names its parts (``LENGTH: 500 words``,
``BODY:``). Factiva has two forms: fields of two letters (``HD``, ``PD``, ``TD``), and a display without
names in which the order of the lines tells what they are; both end with the document's number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from annotator.core.errors import InputError
from annotator.formats import factiva
from annotator.formats.articles import article_record, clean, tidy
from annotator.formats.base import Format, Intake, Record, Source
from annotator.formats.dates import day_of
from annotator.formats.encoding import decode

_COUNT = re.compile(
    r"^[ \t]*(?:\d{1,6} (?:of|von|de|di) \d{1,6} (?:DOCUMENTS?|DOKUMENTEN?|DOCUMENTOS?)"
    r"|(?:Document|Dokument|Documento) \d{1,6} (?:of|von|de) \d{1,6})[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_END = re.compile(r"^[ \t]*(?:End of Document|Ende des Dokuments|Fin du document|Fin del documento)[ \t]*$",
                  re.IGNORECASE | re.MULTILINE)  # fmt: skip
_FIELDS = {
    "headline": "HEADLINE TITLE ÜBERSCHRIFT TITRE TITULAR",
    "author": "BYLINE AUTHOR AUTOR AUTEUR AUTORIN VERFASSER",
    "section": "SECTION RUBRIK RUBRIQUE SECCIÓN RESSORT",
    "length": "LENGTH LÄNGE LONGUEUR LONGITUD",
    "language": "LANGUAGE SPRACHE LANGUE IDIOMA",
    "loaded": "LOAD-DATE UPDATE LADEDATUM DATE-CHARGEMENT FECHA-CARGA",
    "dateline": "DATELINE",
    "highlight": "HIGHLIGHT",
    "url": "URL",
    "type": "PUBLICATION-TYPE",
    "other": "GRAPHIC SUBJECT COMPANY ORGANIZATION TICKER INDUSTRY GEOGRAPHIC CITY STATE COUNTRY PERSON"
    " DOCUMENT-TYPE JOURNAL-CODE PUB-TYPE SERIES NOTES CORRECTION CORRECTION-DATE CLASSIFICATION ISSN PMG"
    " CATEGORY CONTACT DISTRIBUTION LINKS ACC-NO PUB-SUBTYPE TYPE BILD GRAFIK ANMERKUNG ABSTRACT SUMMARY",
}
_BY_NAME = {name: key for key, names in _FIELDS.items() for name in names.split()}
_FIELD = re.compile(r"[ \t]*([A-ZÄÖÜÉÓ][A-Za-zÄÖÜäöüéó]{1,20}(?:-[A-Za-z]{2,12})?)[ \t]?:[ \t]*(.*)")
_BODY = re.compile(r"[ \t]*(?:BODY|TEXT|VOLLTEXT|Body|Volltext|Corps|Cuerpo)[ \t]*:?[ \t]*")
_AFTER = frozenset({"graphic", "classification", "notes", "correction", "grafik", "klassifikation"})
_COPYRIGHT = re.compile(r"(?:copyright|©|\(c\)|alle rechte|all rights|tous droits)", re.IGNORECASE)
_MONTHLY = re.compile(r"[A-Za-z]+[ ,]+(?:19|20)\d\d\b")
_MARKS = re.compile(
    rb"^[ \t]*(?:(?:LENGTH|LONGUEUR|L[^ ]{1,2}NGE|LOAD-DATE|BYLINE|SECTION|RUBRIK|LANGUAGE|SPRACHE)[ \t]?:"
    rb"|HD\s|Documento?[ \t]|Dokument[ \t])",
    re.IGNORECASE | re.MULTILINE,
)
WIDEST = 100
"""Characters of a line that may have been broken for a page of typewriter's width."""


def is_export(text: str) -> bool:
    """Whether a text, or its beginning, is an export of Nexis or Factiva."""
    head = text[:200_000]
    return _is_nexis(head) or factiva.is_export(head)


def _is_nexis(head: str) -> bool:
    named = len(
        re.findall(
            r"(?mi)^[ \t]*(?:LENGTH|LÄNGE|LONGUEUR|LOAD-DATE|BYLINE|SECTION|RUBRIK|LANGUAGE|SPRACHE)[ \t]?:",
            head,
        )
    )
    body = (
        re.search(r"(?m)^[ \t]*(?:BODY|Body|Volltext|VOLLTEXT|Corps|Cuerpo)[ \t]*:?[ \t]*$", head) is not None
    )
    counted = _COUNT.search(head[:5_000]) is not None
    return (counted and named >= 1) or (body and named >= 2) or (_END.search(head) is not None and named >= 1)


def sniff(source: Source) -> bool:
    """Whether it is an export as text, by the lines that only these have."""
    if source.ending not in ("", ".txt"):
        return False
    head = source.head()
    codec = "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    if codec == "utf-8" and not _MARKS.search(head):
        return False  # most texts are told by this alone
    text = clean(head.decode(codec, "replace"))
    return (b"\0" not in head or codec == "utf-16") and is_export(text)


def read(intake: Intake) -> Iterator[Record]:
    """The articles of an export. Raises InputError where it is none."""
    source = intake.source
    head = source.head()
    if head.startswith(b"PK\x03\x04"):
        from annotator.formats.docx import document_text

        text, _ = document_text(source)
    elif head.startswith(b"{\\rtf"):
        from annotator.formats import rtf

        text, _ = rtf.document_text(source)
    else:
        decoded = decode(source.data, source.name)
        intake.encoding = decoded.encoding
        text = decoded.text
    yield from records(text, intake)


def records(text: str, intake: Intake) -> Iterator[Record]:
    """The articles of an export's text. Raises InputError where it has none."""
    text = clean(text)
    # Factiva's own last line, "Document" with a number, is nothing that Nexis has.
    if factiva.is_export(text[:200_000]) and not _is_nexis(text[:200_000]):
        yield from factiva.records(text, intake)
        return
    found = list(_documents(text))
    if not found:
        raise InputError(
            "this is no export of Nexis or Factiva",
            where=intake.source.name,
            cure="Export the articles again as text, DOCX or RTF, with their full text, or import it as text",
        )
    for number, document in enumerate(found, 1):
        place = f"document {number}"
        article = _parts(document)
        if not article.body.strip():
            intake.report(
                "this document has no text", place, "Export it again with its full text, or leave it out"
            )
            continue
        values = {
            "title": article.title,
            "author": re.sub(r"(?i)^(?:by|von|par|por)\s+", "", article.fields.get("author", "")),
            "publisher": article.publisher,
            "published": article.published,
            "language": article.fields.get("language"),
            "url": _address(article.fields.get("url", "")),
        }
        meta = {name: article.fields.get(name, "") for name in ("section", "length", "dateline")}
        record = article_record(intake, place, article.body, values, meta)
        if record is not None:
            yield record


def _documents(text: str) -> Iterator[str]:
    """The pieces of an export with an article each; what stands before and after them is none."""
    if len(_COUNT.findall(text)) and not _END.search(text):
        pieces = _COUNT.split(text)[1:]
    else:
        pieces = [_COUNT.sub("", each) for each in _END.split(text)]
    for piece in pieces:
        if _has_fields(piece):
            yield piece


def _has_fields(piece: str) -> bool:
    return any(_key_of(line) or _BODY.fullmatch(line) for line in piece.split("\n"))


def _key_of(line: str) -> tuple[str, str] | None:
    """Field and value of a line that names one."""
    found = _FIELD.match(line)
    key = _BY_NAME.get(found[1].upper()) if found else None
    # Body texts have lines with a colon, too: Nexis writes names in capitals, Nexis Uni as titles.
    return (key, found[2].strip()) if key and found and (found[1].isupper() or found[1].istitle()) else None


class _Article(Struct):
    title: str = ""
    publisher: str = ""
    published: str = ""
    body: str = ""
    fields: dict[str, str] = {}


def _parts(document: str) -> _Article:
    """What a document says: the lines before its first field, its fields, its body, fields again."""
    lines = document.split("\n")
    start = next((nth for nth, line in enumerate(lines) if _BODY.fullmatch(line)), None)
    article = _Article()
    if start is None:
        start = _end_of_fields(lines) - 1  # exports without BODY
    head = _head(lines[:start], article)
    end = _end_of_body(lines, start + 1)
    _head(lines[end:], article)
    article.body = _unwrapped(lines[start + 1 : end])
    rest, _, last = article.body.rpartition("\n\n")
    if rest and re.fullmatch(r"https?://\S+", last):
        article.body = rest  # Nexis Uni ends some papers' texts with the paper's address
        article.fields.setdefault("url", last)
    _name(head, article)
    if not article.published:
        article.published = article.fields.get("loaded", "")
    return article


def _end_of_fields(lines: list[str]) -> int:
    """The first line of a text that nothing announces: the one after the fields of the beginning."""
    nth = next((nth for nth, line in enumerate(lines) if _key_of(line)), len(lines))
    while nth < len(lines) and _key_of(lines[nth]):
        while nth < len(lines) and lines[nth].strip():
            nth += 1  # a field, and what its value goes on with
        while nth < len(lines) and not lines[nth].strip():
            nth += 1
    return nth


def _head(lines: list[str], article: _Article) -> list[str]:
    """The lines that are no fields; the fields go to the article, where they are not there yet."""
    free: list[str] = []
    key = ""
    values: dict[str, list[str]] = {}
    for line in lines:
        named = _key_of(line)
        if named:
            key = named[0] if named[0] not in values else "other"
            values.setdefault(key, []).append(named[1])
        elif not line.strip():
            key = ""  # a value ends with its paragraph
        elif key:
            values[key].append(line.strip())
        elif line.strip().casefold() not in _AFTER:
            free.append(line.strip())
    for name, parts in values.items():
        article.fields.setdefault(name, " ".join(" ".join(parts).split()))
    return free


def _name(head: list[str], article: _Article) -> None:
    """Publication, day and headline from the lines that have no names."""
    lines = [line for line in head if not _COPYRIGHT.search(line)]
    dated = next((nth for nth, line in enumerate(lines) if len(line) < 80 and _starts_with_day(line)), None)
    title = article.fields.get("headline", "")
    if dated is not None:
        article.published = lines[dated]
        before, after = lines[:dated], lines[dated + 1 :]
        article.publisher = before[-1] if before else ""
        if not title:
            # Nexis Uni: headline, publication, day; before it: publication, day, edition, headline.
            # A list of what was searched may stand before the first headline.
            named = before[:-1] if len(before) < 5 else before[-2:-1]
            title = " ".join(named or _headline(after))
    elif lines:
        article.publisher = lines[0] if title else ""
        title = title or " ".join(lines[:1])
    article.title = title


def _headline(lines: list[str]) -> list[str]:
    """Without the edition, which stands between day and headline (“Edition 1;” and then its region)."""
    rest: list[str] = []
    goes_on = False
    for line in lines:
        named = re.search(r"(?i)\b(?:edition|ausgabe|final|édition|edición)\b", line[-40:])
        if not named and not (goes_on and len(line) < 40):
            rest.append(line)
        goes_on = (named is not None or goes_on) and line.endswith(";")
    return (rest or lines)[:3]


def _starts_with_day(line: str) -> bool:
    """Whether a line is a day, or a month with its year; not one like “Date and Time: …”."""
    if re.match(r"[^\d:]*:", line):
        return False
    return day_of(line) is not None or _MONTHLY.match(line) is not None


def _end_of_body(lines: list[str], start: int) -> int:
    """Where the fields after the body begin."""
    closing = max(
        (nth for nth in range(start, len(lines)) if _named_in(lines[nth], "loaded", "language", "type")),
        default=-1,
    )
    for nth in range(start, len(lines)):
        line = lines[nth].strip()
        if not line or lines[nth - 1].strip():
            continue
        if nth <= closing:
            if _named_in(line, "loaded", "language", "url", "type", "other", "length"):
                return nth
            if line.rstrip(":").casefold() in _AFTER:
                return nth
        elif _COPYRIGHT.match(line) and len(lines) - nth < 8:
            return nth
    return len(lines)


def _named_in(line: str, *keys: str) -> bool:
    named = _key_of(line)
    return named is not None and named[0] in keys


def _unwrapped(lines: list[str]) -> str:
    """The body, its paragraphs as one line each: those of a page's width are joined."""
    narrow = max(map(len, lines), default=0) <= WIDEST
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if not line.strip():
            paragraphs.append([])
            continue
        starts = line.startswith(("   ", "\t")) and paragraphs[-1]
        if (starts or not narrow) and paragraphs[-1]:
            paragraphs.append([])
        paragraphs[-1].append(line.strip())
    return tidy("\n\n".join(" ".join(each) for each in paragraphs if each))


def _address(written: str) -> str:
    found = re.search(r"https?://\S+", written)
    return found[0] if found else ""


NEXIS = Format(
    name="nexis", title="export of Nexis or Factiva (text)", endings=(".txt",), sniff=sniff, read=read
)
