"""Exports of Nexis and Factiva as web pages, with many articles in each; :mod:`annotator.formats.html` is
the format that finds them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from annotator.core.errors import InputError
from annotator.formats import factiva, nexis
from annotator.formats.articles import html_tree, line_of
from annotator.formats.base import Intake, Record

if TYPE_CHECKING:
    from lxml.etree import _Element

_NEXIS = re.compile(r"<DOCFULL>|>[ \r\n]{0,9}1 (?:of|von|de|di) \d{1,6} (?:DOCUMENT|DOKUMENT)")
_FACTIVA = re.compile(r"""class=["']article [a-z]{2}Article["']""")
_BLOCKS = frozenset(
    ("address", "blockquote", "br", "center", "dd", "div", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
     "li", "ol", "p", "pre", "table", "td", "th", "tr", "ul")
)  # fmt: skip
_SILENT = frozenset(("script", "style", "head", "title", "noscript", "template"))


def is_export(markup: str) -> bool:
    """Whether a page is an export of one of these databases."""
    return _FACTIVA.search(markup) is not None or _NEXIS.search(markup) is not None


def records(markup: str, intake: Intake) -> Iterator[Record]:
    """The articles of an export. Raises InputError where it has none."""
    tree = html_tree(markup)
    if tree is None:
        raise InputError("this page has no text", where=intake.source.name, cure="Export the articles again")
    if _FACTIVA.search(markup):
        yield from factiva.records_of(map(_article, _articles(tree)), intake)
    else:
        yield from nexis.records("\n\n".join(_lines(tree)), intake)


def _articles(tree: _Element) -> Iterator[_Element]:
    """The elements with an article each; what stands within another one is part of it."""
    found: set[_Element] = set()
    for element in tree.iter("div"):
        named = re.fullmatch(r"article [a-z]{2}Article", element.get("class") or "")
        if named and found.isdisjoint(element.iterancestors("div")):
            found.add(element)
            yield element


def _article(element: _Element) -> dict[str, str]:
    """What an article of Factiva says: its lines have no names but for the headline and the author."""
    said: dict[str, str] = {}
    lines, paragraphs = [], []
    for each in element.iter("div", "p"):
        names = (each.get("class") or "").split()
        leaf = each.find(".//div") is None and each.find(".//p") is None
        text = line_of("".join(each.itertext())) if leaf or each.get("id") == "hd" else ""
        if not text:
            continue
        if each.get("id") == "hd":
            said["title"] = text
        elif "author" in names:
            said["author"] = text
        elif "articleParagraph" in names:
            paragraphs.append(text)
        else:
            lines.append(text)
    return factiva.displayed(lines) | said | {"body": "\n\n".join(paragraphs)}


def _lines(tree: _Element) -> Iterator[str]:
    """A page's text, line by line as a browser shows it; without recursion, however deep it nests."""
    line: list[str] = []
    stack: list[tuple[_Element, bool]] = [(tree, False)]
    while stack:
        element, behind = stack.pop()
        tag = element.tag if isinstance(element.tag, str) else ""
        if tag in _BLOCKS and (text := line_of("".join(line))):
            yield text
        if tag in _BLOCKS:
            line = []
        if behind:
            line.append(element.tail or "")
            continue
        stack.append((element, True))
        if tag and tag not in _SILENT:
            line.append(element.text or "")
            stack.extend((child, False) for child in reversed(element))
    if text := line_of("".join(line)):
        yield text
