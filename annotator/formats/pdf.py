"""PDF documents: the text of their pages in paragraphs. Nothing is recognised in pictures."""

from __future__ import annotations

import io
import logging
import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from annotator.core.errors import InputError
from annotator.formats.articles import article_record, clean, line_of
from annotator.formats.base import Format, Intake, Record, Source
from annotator.formats.text import title_of

if TYPE_CHECKING:
    from pypdf import PdfReader

LARGEST = 200_000_000
"""Bytes of a document."""
MOST_PAGES = 2_000
MOST_CHARACTERS = 4_000_000
MOST_SECONDS = 60.0
_STREAM = 10_000_000
"""Bytes of one decompressed stream; those of text are far smaller, and pictures are not looked at."""
_LIMITS: dict[str, Any] = {
    "maximum_declared_stream_length": LARGEST,
    "array_based_stream_maximum_output_length": _STREAM,
    "lzw_maximum_output_length": _STREAM,
    "run_length_maximum_output_length": _STREAM,
    "zlib_maximum_output_length": _STREAM,
    "stream_decoding_work_maximum_length": 4 * _STREAM,
    "stream_parsing_work_maximum_count": 400_000,
    "page_tree_maximum_entries": 20_000,
    "page_tree_maximum_page_entries": 200_000,
    "xform_maximum_invocations_per_extraction": 300,
    "jbig2dec_binary": None,
}
_OTHERWISE = "Copy its text into a .txt file, and import that"
_NO_TITLE = re.compile(
    r"(?:untitled|microsoft word|powerpoint|document\d*$|print$|\S+\.(?:docx?|pdf|indd|qxd|tex|html?)\b)",
    re.IGNORECASE,
)
_HYPHENATED = re.compile(r"([^\W\d_])[-\u00ad\u2010]$")
_ENDS = re.compile(r"[.!?:…]['\"”’“»)\]]*$")


def sniff(source: Source) -> bool:
    """Whether it starts as PDFs do, whatever it is called; a text may start so, too."""
    return source.ending != ".txt" and source.head().startswith(b"%PDF-")


def read(intake: Intake) -> Iterator[Record]:
    """The document's one article. Raises InputError where it has no text that can be read."""
    where = intake.source.name
    if intake.source.size > LARGEST:
        raise InputError(
            f"this PDF has {intake.source.size / 1e6:.0f} MB; it may have {LARGEST / 1e6:.0f} MB",
            where=where,
            cure=_OTHERWISE,
        )
    text, about = _contents(intake.source.data, where)
    if not text.strip():
        raise InputError(
            "this PDF holds no text, only pictures of pages perhaps",
            where=where,
            cure="Have its text recognised (OCR) first",
        )
    title = about.get("title", "")
    plausible = 3 <= len(title) <= 300 and not _NO_TITLE.match(title)
    author = about.get("author", "")
    values = {
        "title": title if plausible else title_of(text, intake.source.stem),
        "author": author if 2 < len(author) <= 200 and any(c.isalpha() for c in author) else None,
        "published": about.get("published"),
    }
    record = article_record(intake, "", text, values)
    if record is not None:
        yield record


def _contents(data: bytes, where: str) -> tuple[str, dict[str, str]]:
    """The text and what the document says about itself."""
    import pypdf
    from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    with pypdf.apply_configuration(**_LIMITS):
        try:
            reader = pypdf.PdfReader(io.BytesIO(data), strict=False)
            if reader.is_encrypted and not reader.decrypt(""):
                raise WrongPasswordError
            pages = _pages(reader, where)
            return _joined(pages), _about(reader)
        except InputError:
            raise
        except (DependencyError, FileNotDecryptedError, WrongPasswordError):
            what = "this PDF is encrypted"
            cure = "Save or print it again without a password (from a PDF reader)"
            raise InputError(what, where=where, cure=cure) from None
        except Exception as error:
            # Of all that a damaged document can break in the library, a person needs to know only that.
            much = "limit" in str(error).lower() or isinstance(error, (MemoryError, RecursionError))
            what = "this PDF unfolds to far more than a text" if much else "this PDF is damaged"
            cure = _OTHERWISE if much else "Get it again, or print it into a new PDF"
            raise InputError(what, where=where, cure=cure) from None


def _pages(reader: PdfReader, where: str) -> list[str]:
    """The text of each page. Raises InputError where that takes too much."""
    until = time.process_time() + MOST_SECONDS
    found: list[str] = []
    characters = 0
    for number, page in enumerate(reader.pages, 1):
        text = clean(page.extract_text())
        characters += len(text)
        found.append(text)
        if number > MOST_PAGES or characters > MOST_CHARACTERS or time.process_time() > until:
            raise InputError(
                f"this PDF is too large for one article: more than {MOST_PAGES:,} pages or "
                f"{MOST_CHARACTERS:,} characters, or {MOST_SECONDS:.0f} s to read",
                where=where,
                cure="Split it into its articles",
            )
    return found


def _about(reader: PdfReader) -> dict[str, str]:
    """Title, author and day of the document's own properties, where they are given."""
    about: dict[str, str] = {}
    try:
        info = reader.metadata
    except Exception:
        return about  # the text is what counts
    for key, name in (("/Title", "title"), ("/Author", "author"), ("/CreationDate", "created")):
        try:
            value = info.get(key) if info else None
            about[name] = line_of(str(value)) if value is not None else ""
        except Exception:
            about[name] = ""
    made = re.match(r"D:(\d{4})(\d{2})(\d{2})", about.pop("created", ""))
    if made:
        about["published"] = "-".join(made.groups())
    return about


def _joined(pages: list[str]) -> str:
    """Paragraphs out of the pages' lines: one goes on where a line is full and does not end a sentence.

    How lines are set tells where paragraphs end: at an empty line, or where a line is clearly shorter
    than most and ends like a sentence.
    """
    lines = [line.strip() for page in pages for line in [*page.split("\n"), "\f"]]
    lengths = sorted(len(line) for line in lines if len(line) > 1)
    full = lengths[int(len(lengths) * 0.75)] * 0.75 if lengths else 0
    paragraphs: list[list[str]] = [[]]
    previous = ""
    for line in lines:
        if line in ("", "\x0c"):
            if not line and paragraphs[-1]:
                paragraphs.append([])
            continue
        ended = previous and len(previous) < full and (_ENDS.search(previous) or len(previous) < full / 2)
        if ended and paragraphs[-1]:
            paragraphs.append([])
        paragraphs[-1].append(line)
        previous = line
    return "\n\n".join(_paragraph(each) for each in paragraphs if each)


def _paragraph(lines: list[str]) -> str:
    """Lines as one: words that were divided at a line's end are whole again."""
    parts: list[str] = []
    for line in lines:
        line = re.sub(r"\s+", " ", line)
        if parts and _HYPHENATED.search(parts[-1]) and line[:1].islower():
            parts[-1] = parts[-1][:-1]
        elif parts:
            parts.append(" ")
        parts.append(line)
    return "".join(parts)


PDF = Format(name="pdf", title="PDF document", endings=(".pdf",), sniff=sniff, read=read)
