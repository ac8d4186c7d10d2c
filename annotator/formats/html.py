"""Web pages as a browser or a crawler saves them: the article in them, without the page's furniture."""

from __future__ import annotations

import codecs
import logging
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from annotator.core.errors import InputError
from annotator.formats import export_pages
from annotator.formats.articles import article_record, clean, html_tree, line_of, text_of_tree
from annotator.formats.base import Format, Intake, Record, Source
from annotator.formats.encoding import UTF8, Decoded, decode
from annotator.formats.mail import web_archive
from annotator.formats.text import title_of

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST = 20_000_000
"""Bytes of a page."""
MOST_ELEMENTS = 50_000
"""Of a page, of which reading takes 10 s then; long live blogs have 20,000."""
_WEB_ARCHIVES = (".mhtml", ".mht")
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:\-]{2,40})""", re.IGNORECASE)
_STARTS = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,500}?-->\s*)?"
    rb"<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_SAVED_FROM = re.compile(r"<!-- saved from url=\(\d+\)(https?://\S{1,2000}) -->")
_SEVEN_BITS = ("iso-2022", "hz", "utf-7", "utf7")
"""Encodings whose bytes are all ASCII."""
_NO_CHARSETS = frozenset({
    "utf-8", "idna", "punycode", "unicode_escape", "unicode-escape", "raw_unicode_escape",
    "raw-unicode-escape", "undefined", "charmap",
})  # fmt: skip
"""Codecs of Python that no page means."""
_RIGHTS = re.compile(
    r"(?:©|\(c\) |copyright\b|all rights reserved|alle rechte vorbehalten|tous droits réservés"
    r"|todos los derechos reservados)",
    re.IGNORECASE,
)
_CURE = "Save the page again from the browser, or put the article's text into a .txt file"


def sniff(source: Source) -> bool:
    """Whether it is a page without a telling name."""
    return source.ending == "" and _STARTS.match(source.head()) is not None


def read(intake: Intake) -> Iterator[Record]:
    """The page's one article. Raises InputError where there is none."""
    source = intake.source
    if source.size > LARGEST:
        raise InputError(
            f"this page has {source.size / 1e6:.0f} MB; it may have {LARGEST / 1e6:.0f} MB",
            where=source.name,
            cure=_CURE,
        )
    data, address = source.data, ""
    if source.ending in _WEB_ARCHIVES:
        found = web_archive(data)
        if found is None:
            raise InputError("there is no page in this web archive", where=source.name, cure=_CURE)
        data, address = found
    decoded = page_text(data, source.name)
    intake.encoding = decoded.encoding
    if export_pages.is_export(decoded.text):
        yield from export_pages.records(decoded.text, intake)
        return
    record = page_record(intake, decoded.text, otherwise=source.stem, url=address)
    if record is not None:
        yield record


def page_text(data: bytes, where: str) -> Decoded:
    """A page's markup: by its byte order mark, what it says itself, else as any text is read."""
    if not data.strip():
        raise InputError("the page is empty", where=where, cure=_CURE)
    named = _CHARSET.search(data[:4096])
    if named is not None and b"\0" not in data[:4096]:
        name = named[1].decode("ascii").lower()
        if not name.startswith(_SEVEN_BITS):
            # Valid UTF-8 is hardly ever something else, whatever an old template says.
            try:
                return Decoded(data.decode("utf-8-sig"), UTF8)
            except UnicodeDecodeError:
                pass
        try:
            # Browsers read the first of these as Windows-1252, and pages mean that.
            western = name in ("iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii")
            codec = codecs.lookup("cp1252" if western else name)
            if codec.name not in _NO_CHARSETS:
                text, _ = codec.decode(data, "strict")
                if isinstance(text, str):
                    return Decoded(text, "Windows-1252" if western else named[1].decode("ascii"))
        except (LookupError, ValueError, TypeError):
            pass  # it is something else than it says
    return decode(data, where)


def page_record(
    intake: Intake, markup: str, place: str = "", *, otherwise: str = "", url: str | None = None
) -> Record | None:
    """The record of a page's article. Raises InputError where no text is found in it."""
    tree = html_tree(markup)
    if tree is not None and sum(1 for _ in tree.iter()) > MOST_ELEMENTS:
        raise InputError(
            f"this page has more than {MOST_ELEMENTS:,} elements", where=intake.source.name, cure=_CURE
        )
    language = found = None
    if tree is not None:
        language = _language(tree)
        _remove_menus(tree)
        found = _extracted(tree)
    if found is None or not found["text"]:
        where = f"{intake.source.name}, {place}" if place else intake.source.name
        raise InputError("no article's text is found in this page", where=where, cure=_CURE)
    saved_from = _SAVED_FROM.search(markup[:4096])
    authors = (each.strip() for each in found["author"].split(";"))
    values = {
        "title": found["title"] or title_of(found["text"], otherwise),
        "author": ", ".join(each for each in authors if each),
        "publisher": found["sitename"],
        "published": found["date"],
        "url": found["url"] or url or (saved_from[1] if saved_from else None),
        "language": language,
    }
    return article_record(intake, place, found["text"], values)


def _extracted(tree: _Element) -> dict[str, str] | None:
    """What trafilatura finds in a page, as lines; None where it finds no text."""
    import trafilatura

    for name in ("trafilatura", "htmldate", "courlan", "justext", "dateparser"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    try:
        found = trafilatura.bare_extraction(
            tree,
            with_metadata=True,
            include_comments=False,
            include_tables=True,
            # Without the search through all numbers of the page, of which some look like a day.
            date_extraction_params={"original_date": True, "extensive_search": False},
        )
    except Exception:
        # A heuristic over a stranger's markup: whatever it stumbles over, the page gave no article.
        return None
    if found is None or isinstance(found, dict):
        return None
    text = text_of_tree(found.body) if found.body is not None else ""
    fields = {name: line_of(getattr(found, name)) for name in ("title", "author", "sitename", "date", "url")}
    return {**fields, "text": _without_rights(text or clean(found.text or "").strip())}


def _remove_menus(tree: _Element) -> None:
    """Remove the tables of old pages that are only there to hold links."""
    for table in list(tree.iter("table")):
        if table.find(".//table") is None:
            linked = sum(len("".join(link.itertext()).strip()) for link in table.iter("a"))
            if linked * 2 > len("".join(table.itertext()).strip()):
                table.drop_tree()


def _without_rights(text: str) -> str:
    """A text without the line at its end that says whose the rights are."""
    paragraphs = text.split("\n\n")
    while len(paragraphs) > 1 and len(paragraphs[-1]) < 120 and _RIGHTS.match(paragraphs[-1]):
        paragraphs.pop()
    return "\n\n".join(paragraphs)


def _language(tree: _Element) -> str | None:
    """The language that the page says it is in."""
    named = tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or tree.get("xml:lang")
    if named:
        return str(named)
    for meta in tree.iter("meta"):
        key = meta.get("property") or meta.get("name") or meta.get("http-equiv") or ""
        if key.lower() in ("og:locale", "language", "content-language", "dc.language"):
            return str(meta.get("content") or "") or None
    return None


HTML = Format(
    name="html",
    title="web page (HTML)",
    endings=(".html", ".htm", ".xhtml", *_WEB_ARCHIVES),
    sniff=sniff,
    read=read,
)
