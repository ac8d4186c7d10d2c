"""Word documents (.docx): their paragraphs, lists and tables as text; Nexis exports are split."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from annotator.core.errors import InputError
from annotator.formats.archive import USUAL
from annotator.formats.articles import line_of, tidy
from annotator.formats.base import Format, Intake, Record, Source
from annotator.formats.documents import document_records
from annotator.formats.encoding import refuse_binary

if TYPE_CHECKING:
    from docx.document import Document

LARGEST = 200_000_000
"""Bytes of all that is packed in a document."""
LARGEST_PART = 60_000_000
"""Bytes of one XML part."""
MOST_PARTS = 10_000
_GET_AGAIN = "Get it again, or save it again in the program that it comes from"
_TO_TEXT = "Save it as plain text (.txt), and import that"
_ENTITIES = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)", re.IGNORECASE)
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_UNSEEN = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", f"{_W}delText", _FALLBACK})
_WRITTEN = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "\u2011"}
_MAKERS = frozenset({"python-docx", "docx4j", "openpyxl", "un-named", "user", "admin", "administrator"})


def sniff(source: Source) -> bool:
    """Whether it is a Word document, whatever it is called."""
    head = source.head()
    return head.startswith(b"PK\x03\x04") and (
        source.ending == ".docx" or (source.ending != ".zip" and b"word/" in head[:4096])
    )


def read(intake: Intake) -> Iterator[Record]:
    """The document's one article, or the articles of an export. Raises InputError for what is unusable."""
    yield from document_records(intake, *document_text(intake.source), "Word document")


def document_text(source: Source) -> tuple[str, dict[str, str]]:
    """The text of a document, and what it says about itself. Raises InputError."""
    where = source.name
    data = source.data
    if not data.startswith(b"PK"):
        refuse_binary(data, where)
        raise InputError("this is no Word document (.docx)", where=where, cure=_GET_AGAIN)
    _check_parts(data, where)
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
        return tidy(_text_of(document)), _about(document)
    except Exception as error:
        # Of all that a damaged document can break in the library, a person needs to know only that.
        inside = "word/document.xml" not in str(error)
        what = "this Word document is damaged" if inside else "there is no document in this file"
        raise InputError(what, where=where, cure=_GET_AGAIN) from None


def _check_parts(data: bytes, where: str) -> None:
    """Raise InputError where unpacking would be too much, or where a part declares entities."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            parts = packed.infolist()
            largest = max((each.file_size for each in parts if _is_xml(each.filename)), default=0)
            total = sum(each.file_size for each in parts)
            if len(parts) > MOST_PARTS or total > LARGEST or largest > LARGEST_PART:
                raise InputError(
                    f"this Word document unpacks to {total / 1e6:,.0f} MB in {len(parts):,} parts",
                    where=where,
                    cure=_TO_TEXT,
                )
            if any(each.compress_type not in USUAL for each in parts):
                raise zipfile.BadZipFile  # Word packs in no other way
            if any(each.flag_bits & 1 for each in parts):
                raise InputError(
                    "this Word document is encrypted", where=where, cure="Save it without a password"
                )
            for each in parts:
                if _is_xml(each.filename):
                    with packed.open(each) as part:
                        if _ENTITIES.search(part.read(65_536)):
                            what = f"“{each.filename}” in it declares a document type, which none needs"
                            raise InputError(what, where=where, cure=_GET_AGAIN)
    except InputError:
        raise
    except Exception:
        # zipfile raises what it comes across: BadZipFile, zlib.error, NotImplementedError, struct.error …
        raise InputError(
            "this Word document is damaged; it may be cut off", where=where, cure=_GET_AGAIN
        ) from None


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def _text_of(document: Document) -> str:
    """Its body, an empty line between paragraphs; tracked deletions are not in it."""
    from lxml.etree import iterwalk

    parts: list[str] = []
    unseen = cells = 0
    for event, node in iterwalk(document.element.body, events=("start", "end")):
        name = node.tag
        if event == "start":
            unseen += name in _UNSEEN
            if unseen:
                continue
            if name == f"{_W}t":
                parts.append(node.text or "")
            elif name in _WRITTEN:
                parts.append(_WRITTEN[name])
            elif (name == f"{_W}numPr" and not cells) or (
                name == f"{_W}pStyle" and not cells and _is_list(node.get(f"{_W}val") or "")
            ):
                parts.append("- ")
            cells += name == f"{_W}tc"
            continue
        if name in _UNSEEN:
            unseen -= 1
        elif unseen:
            pass
        elif name == f"{_W}p":
            parts.append(" " if cells else "\n\n")
        elif name == f"{_W}tc":
            cells -= 1
            if not cells:
                parts.append("\t")
        elif (name == f"{_W}tr" and not cells) or (name == f"{_W}tbl" and not cells):
            parts.append("\n")
    text = "".join(parts).replace("- - ", "- ")
    # Items of a list follow each other without an empty line.
    return re.sub(r"(?m)^(- .*)\n\n(?=- )", r"\1\n", text)


def _is_list(style: str) -> bool:
    return style.startswith(("ListBullet", "ListNumber"))


def _about(document: Document) -> dict[str, str]:
    """Title, author, day and language of the document's properties; the template's own do not count."""
    about: dict[str, str] = {}
    properties = document.core_properties
    for name, attribute in (("title", "title"), ("author", "author"), ("language", "language")):
        try:
            about[name] = line_of(getattr(properties, attribute))
        except Exception:
            about[name] = ""
    try:
        made = properties.created
    except Exception:
        made = None
    by_template = made is not None and made.date().isoformat() == "2013-12-23"
    if made is not None and not by_template:
        about["published"] = made.date().isoformat()
    if about["author"].casefold() in _MAKERS:
        about["author"] = ""
    if about["title"].casefold() in ("word document", "untitled"):
        about["title"] = ""
    return about


DOCX = Format(name="docx", title="Word document (.docx)", endings=(".docx",), sniff=sniff, read=read)
