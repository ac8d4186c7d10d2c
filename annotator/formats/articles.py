"""What readers of articles without labels share: records with clean texts, and texts out of markup."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from annotator.formats.base import Intake, Record
from annotator.formats.dates import day_of
from annotator.formats.plain import plain_record

if TYPE_CHECKING:
    from lxml.etree import _Element

_UNFIT = re.compile("[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Controls and halves of characters, which no article's text needs."""
_BREAKS = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"[ \t\u00a0]+")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_LANGUAGES = {
    "english": "en", "englisch": "en", "anglais": "en", "inglés": "en", "german": "de", "deutsch": "de",
    "allemand": "de", "alemán": "de", "french": "fr", "französisch": "fr", "français": "fr",
    "spanish": "es", "spanisch": "es", "español": "es", "italian": "it", "italiano": "it", "dutch": "nl",
    "nederlands": "nl", "portuguese": "pt", "português": "pt", "polish": "pl", "swedish": "sv",
    "danish": "da", "norwegian": "no", "finnish": "fi", "russian": "ru", "turkish": "tr", "arabic": "ar",
    "chinese": "zh", "japanese": "ja", "korean": "ko", "hungarian": "hu", "czech": "cs", "greek": "el",
}  # fmt: skip
_TIME = re.compile(r"\d:\d\d")
LARGEST_MARKUP = 30_000_000
"""Bytes of HTML; a tree of it takes many times as much."""
LONGEST_FIELD = 2_000
"""Characters of a title, an author or an address; what is longer is none."""


def clean(text: str) -> str:
    """A text without controls and halves of characters, its lines ended by LF."""
    return _UNFIT.sub("", _BREAKS.sub("\n", text))


def line_of(text: str | None) -> str:
    """A field's value on one line; empty where it is too long to be one."""
    line = " ".join(clean(text or "").split())
    return line if len(line) <= LONGEST_FIELD else ""


def language_of(written: str | None) -> str | None:
    """The language that a file names, as a code where it is one or a known word."""
    line = line_of(written)
    first = re.split(r"[;,/ ]", line, maxsplit=1)[0]
    if known := _LANGUAGES.get(first.casefold()):
        return known
    return first.replace("_", "-") if _LANGUAGE.fullmatch(first) and len(first) <= 20 else None


def article_record(
    intake: Intake,
    place: str,
    text: str,
    values: Mapping[str, str | None],
    meta: Mapping[str, str] | None = None,
) -> Record | None:
    """A record of an article; None, with a report, where there is no text.

    ``values``: title, author, publisher, published, language, url, external_id, as the file has them.
    ``published`` may be written in any way that :func:`day_of` knows, and is kept in the article's meta
    as ``published_time`` where it says more than the day.
    """
    kept = {key: line for key, value in (meta or {}).items() if (line := line_of(value))}
    found = {name: line for name, value in values.items() if (line := line_of(value))}
    written = found.pop("published", "")
    day = day_of(written)
    if day:
        found["published"] = day
    if written and (not day or _TIME.search(written)):
        kept.setdefault("published_time", written)
    code = language_of(found.pop("language", ""))
    if code:
        found["language"] = code
    return plain_record({"text": clean(text), **found}, kept, intake, place)


# -- text out of markup -----------------------------------------------------------------------------

_APART = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div",
    "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "head", "header", "hr", "html", "legend", "main", "nav", "ol", "p", "pre", "quote", "section",
    "summary", "table", "tbody", "tfoot", "thead", "title", "ul", "list", "code",
})  # fmt: skip
"""Elements with an empty line before and after them."""
_LINES = frozenset(["item", "li", "row", "tr"])
_CELLS = frozenset(["cell", "td", "th"])
_BREAK = frozenset(["br", "lb"])
_UNSEEN = frozenset({
    "applet", "audio", "button", "canvas", "embed", "frame", "iframe", "input", "map", "math", "noscript",
    "object", "option", "script", "select", "style", "svg", "template", "textarea", "video", "graphic",
    "img",
})  # fmt: skip


def text_of_tree(root: _Element) -> str:
    """The text of an HTML tree, or of one by trafilatura.

    There is an empty line between paragraphs, and a line per list item, after a dash, and table row, its
    cells apart by tabs.
    """
    from lxml.etree import iterwalk

    parts: list[str] = []
    unseen = 0
    for event, node in iterwalk(root, events=("start", "end", "comment", "pi")):
        name = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            unseen += name in _UNSEEN
            if not unseen:
                parts.append(_before(name))
                parts.append(_in_line(node.text))
        elif event == "end":
            if not unseen:
                parts.append(_after(name))
            unseen -= name in _UNSEEN
        if event != "start" and not unseen and node is not root:
            parts.append(_in_line(node.tail))
    return tidy("".join(parts))


def _before(name: str) -> str:
    if name in _LINES:
        return "\n- " if name in ("item", "li") else "\n"
    return "\n\n" if name in _APART else "\n" if name in _BREAK else ""


def _after(name: str) -> str:
    return "\n\n" if name in _APART else "\t" if name in _CELLS else ""


def _in_line(text: str | None) -> str:
    return re.sub(r"\s+", " ", text) if text else ""


def tidy(text: str) -> str:
    """Lines without spaces at their ends and doubled ones within, at most one empty line in a row."""
    lines: list[str] = []
    dash = ""
    for raw in clean(text).split("\n"):
        line = "\t".join(_SPACES.sub(" ", cell).strip() for cell in raw.split("\t")).strip()
        if line == "-":
            dash = "- "  # the item's text stands in a paragraph of its own
        elif line:
            lines.append(dash + line)
            dash = ""
        elif not dash and lines and lines[-1]:
            lines.append("")
    return "\n".join(lines).strip()


def text_of_html(markup: str) -> str:
    """The text of a piece of HTML, as mail and feeds hold it; text without any tag comes back tidied."""
    if "<" not in markup and "&" not in markup:
        return tidy(markup)
    root = html_tree(markup)
    return "" if root is None else text_of_tree(root)


MOST_ATTRIBUTES = 20_000
"""Words in one tag; more take the parser minutes."""
_LONG_TAG = re.compile(rb"<[a-zA-Z][^<>]{40000,}")


def html_tree(markup: str) -> _Element | None:
    """The tree of an HTML text, however broken; None where it holds nothing, or far too much.

    Nothing but the text is read.
    """
    from lxml.etree import LxmlError
    from lxml.html import HTMLParser, document_fromstring

    parser = HTMLParser(encoding="utf-8", no_network=True, huge_tree=False, remove_pis=True)
    data = clean(markup).encode("utf-8")
    if not data.strip() or len(data) > LARGEST_MARKUP:
        return None
    if any(len(tag[0].split()) > MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(data)):
        return None  # the parser compares each attribute with all the others of its tag
    try:
        return document_fromstring(data, parser=parser)
    except (LxmlError, ValueError, AssertionError):
        return None
