"""RSS, Atom and JSON Feed files: an article per item, its HTML turned into text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import entities
from typing import TYPE_CHECKING

from annotator.core.errors import InputError
from annotator.formats import feed_json
from annotator.formats.articles import article_record, line_of, text_of_html, text_of_tree
from annotator.formats.base import Format, Intake, Record, Source
from annotator.formats.encoding import UTF8, refuse_binary
from annotator.formats.feed_json import FeedItem
from annotator.formats.html import page_text
from annotator.formats.xml_faults import xml_fault

if TYPE_CHECKING:
    from lxml.etree import _Element

LARGEST = 50_000_000
"""Bytes of a feed's file."""
_ROOT = re.compile(
    rb"<(?:rss\b|(?:rdf:)?RDF\b[^>]*purl\.org/rss|(?:atom:)?feed\b[^>]*(?:w3\.org/2005/Atom|purl\.org/atom))"
)
_BEFORE_ROOT = ((b"<?", b"?>"), (b"<!--", b"-->"), (b"<!", b">"))
"""What may stand before the first element, by its beginning and end."""
_ENTITY = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_BARE = re.compile(
    rb"<!\[CDATA\[.*?(?:\]\]>|$)|&(?!(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});)", re.DOTALL
)
"""Ampersands that begin no entity, and what may have them."""
_PREFIX = re.compile(rb"</?([A-Za-z][\w.-]{0,60}):[A-Za-z]|\s([A-Za-z][\w.-]{0,60}):[\w.-]{1,60}=[\"']")
_DECLARED = re.compile(rb"xmlns:([A-Za-z][\w.-]{0,60})")
_MOST_PREFIXES = 50
_NAME = re.compile(rb"<[^\s/>]+")
_ENCODING = re.compile(rb"(<\?xml[^>]*?)\sencoding\s*=\s*[\"']([^\"']*)[\"']")
_HEAD = 1000
"""Bytes in which a document says how it is encoded."""
_GET_AGAIN = "Get it again from where it comes from"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_FULL = ("encoded", "content", "body", "fulltext")
_SHORT = ("description", "summary", "subtitle")


def sniff(source: Source) -> bool:
    """Whether its root element is that of a feed, or it is a JSON Feed."""
    if source.ending in feed_json.ENDINGS and feed_json.is_feed(source):
        return True
    if source.ending not in (".rss", ".atom", ".xml", ".rdf", ""):
        return False
    head = source.head()
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "replace").encode()
    return _ROOT.match(head, _start_of_root(head)) is not None


def _start_of_root(head: bytes) -> int:
    """Where an XML document's first element starts, at its first bytes."""
    at = 3 if head.startswith(b"\xef\xbb\xbf") else 0
    while True:
        while head[at : at + 1].isspace():
            at += 1
        end = next((end for start, end in _BEFORE_ROOT if head.startswith(start, at)), None)
        if end is None:
            return at
        found = head.find(end, at)
        if found < 0:
            return len(head)
        at = found + len(end)


def read(intake: Intake) -> Iterator[Record]:
    """One record per item that has a text, or a problem where none has. Raises InputError."""
    source = intake.source
    if source.size > LARGEST:
        raise InputError(
            f"this feed has {source.size / 1e6:.0f} MB; it may have {LARGEST / 1e6:.0f} MB",
            where=source.name,
            cure="Divide it into smaller ones",
        )
    number = left_out = 0
    for number, item in enumerate(_items(intake), 1):
        if item is None:
            continue
        if not item.text:
            left_out += 1
            intake.leave_out("item without text")
            continue
        record = article_record(intake, f"item {number}", item.text, item.values, item.meta)
        if record is not None:
            yield record
    if left_out == number and not intake.problems:
        what = "no item of this feed has a text, only titles and links" if number else "this feed has no item"
        raise InputError(what, where=source.name, cure="Save the articles' pages (.html), and import those")


def _items(intake: Intake) -> Iterator[FeedItem | None]:
    """The items of a feed; None for one that is wrong, which is reported. Raises InputError."""
    source = intake.source
    if feed_json.is_json(source):
        yield from feed_json.items(intake)
        return
    root, intake.encoding = xml_root(source.data, source.name)
    if _name(root) not in ("rss", "RDF", "feed"):
        raise InputError(
            f"this is no feed: its first element is “{line_of(_name(root))}”",
            where=source.name,
            cure="Name its format, or save the articles in one that can be imported",
        )
    channel = next((each for each in root if _name(each) == "channel"), root)
    about = {
        "publisher": _text(channel, "title"),
        "author": _authors(channel) if _name(root) == "feed" else "",
        "language": _text(channel, "language") or channel.get(_XML_LANG) or root.get(_XML_LANG) or "",
    }
    for parent in dict.fromkeys((root, channel)):
        for each in parent:
            if _name(each) in ("item", "entry"):
                yield _item(each, about)


def xml_root(data: bytes, where: str) -> tuple[_Element, str]:
    """The root of an XML document, and how it turned out to be encoded; nothing but its bytes is read.

    What feeds have by mistake is read as it is meant: entities of HTML, and where it is no XML otherwise,
    bare ampersands, undeclared prefixes, and UTF-8 where it says something else. Raises InputError.
    """
    from lxml import etree

    refuse_binary(data, where)
    if not data.strip():
        raise InputError("the file is empty", where=where, cure=_GET_AGAIN)
    data = data.lstrip(b" \t\r\n")
    encoding = UTF8
    try:
        root = _parsed(data)
    except (etree.LxmlError, ValueError) as error:
        try:
            text, encoding = _text_of(data, where)
            root = _parsed(_mended(text))
        except (etree.LxmlError, ValueError):
            line = getattr(error, "lineno", None)
            why = line_of(xml_fault(error))[:200]
            place = f"{where}, line {line}" if line else where
            raise InputError(f"this is not valid XML: {why}", where=place, cure=_GET_AGAIN) from None
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and (any(True for _ in declared.iterentities()) or b"<!ENTITY" in data[:100_000]):
        raise InputError(
            "this XML declares entities of its own, which no feed needs", where=where, cure=_GET_AGAIN
        )
    return root, encoding


def _text_of(data: bytes, where: str) -> tuple[str, str]:
    """What is there, and how it is encoded: in UTF-8, whatever it says, or in the other one that it says.

    Raises ValueError where it is neither.
    """
    try:
        return data.decode("utf-8-sig"), UTF8
    except UnicodeDecodeError:
        said = _ENCODING.search(data[:_HEAD])
        if said is None or said[2].lower() in (b"utf-8", b"utf8"):
            raise
        decoded = page_text(data, where)
        return decoded.text, decoded.encoding


def _parsed(data: bytes) -> _Element:
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    return etree.fromstring(_ENTITY.sub(_known, data), parser)


def _mended(text: str) -> bytes:
    """A document's text in UTF-8, its bare ampersands escaped and its prefixes declared; lines stay."""
    data = _BARE.sub(_escaped, text.encode("utf-8", "replace"))
    data = _ENCODING.sub(rb"\1", data[:_HEAD], count=1) + data[_HEAD:]
    declared = set(_DECLARED.findall(data))
    names = dict.fromkeys(each[1] or each[2] for each in _PREFIX.finditer(data))
    missing = [each for each in names if each[:3] != b"xml" and each not in declared]
    start = _ROOT.match(data, _start_of_root(data))
    if start is None or not missing or len(missing) > _MOST_PREFIXES:
        return data
    name = _NAME.match(data, start.start())
    assert name is not None
    added = b"".join(b' xmlns:%s="urn:undeclared"' % each for each in missing)
    return data[: name.end()] + added + data[name.end() :]


def _escaped(found: re.Match[bytes]) -> bytes:
    return b"&amp;" if found[0] == b"&" else found[0]


def _known(found: re.Match[bytes]) -> bytes:
    name = found[1].decode("ascii")
    if name in ("amp", "lt", "gt", "quot", "apos") or name not in entities.name2codepoint:
        return found[0]
    return f"&#{entities.name2codepoint[name]};".encode()


def _name(node: _Element) -> str:
    """An element's name without its namespace; that of comments is empty."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def _children(node: _Element, *names: str) -> Iterator[_Element]:
    for name in names:
        for each in node:
            if _name(each) == name:
                yield each


def _text(node: _Element, *names: str) -> str:
    """The first text of these children that is not empty, as one line without markup."""
    for each in _children(node, *names):
        line = line_of(text_of_html(_markup(each)))
        if line:
            return line
    return ""


def _markup(node: _Element) -> str:
    return "".join(part for part in node.itertext() if isinstance(part, str))


def _content(item: _Element) -> str:
    """An item's text: the whole article where it has that, else its summary."""
    for names in (_FULL, _SHORT):
        found = [text for each in _children(item, *names) if (text := _body(each))]
        if found:
            return max(found, key=len)
    return ""


def _body(node: _Element) -> str:
    kind = (node.get("type") or "").lower()
    if kind in ("xhtml", "application/xhtml+xml") or (
        len(node) and kind not in ("html", "text", "text/html")
    ):
        for each in node.iter():
            if isinstance(each.tag, str):
                each.tag = _name(each)
        return text_of_tree(node)
    if kind in ("text", "text/plain"):
        return _markup(node).strip()
    return text_of_html(_markup(node))


def _item(item: _Element, about: dict[str, str]) -> FeedItem:
    source = next(_children(item, "source"), None)
    publisher = about["publisher"]
    if source is not None and (named := _text(source, "title") or line_of(source.text)):
        publisher = named
    days = ("pubDate", "published", "issued", "date", "created", "updated", "modified")
    values = {
        "title": _text(item, "title"),
        "author": _authors(item) or about["author"],
        "publisher": publisher,
        "published": _moment(_text(item, *days)),
        "url": _link(item),
        "external_id": _text(item, "guid", "id", "identifier"),
        "language": _text(item, "language") or item.get(_XML_LANG) or about["language"],
    }
    categories = (each.get("term") or line_of(each.text) for each in _children(item, "category"))
    meta = {"categories": ", ".join(each for each in categories if each)}
    return FeedItem(_content(item), values, meta)


def _authors(node: _Element) -> str:
    people = (_person(each) for each in _children(node, "author", "creator"))
    return ", ".join(dict.fromkeys(filter(None, people)))


def _person(node: _Element) -> str:
    """Who it is: Atom has a name of its own, RSS writes “address (name)”."""
    name = _text(node, "name") or line_of(node.text)
    found = re.fullmatch(r"\S+@\S+ \((.+)\)", name)
    return found[1] if found else name


def _link(item: _Element) -> str:
    links = list(_children(item, "link"))
    for each in links:
        if each.get("href") and each.get("rel", "alternate") == "alternate":
            return _whole(line_of(each.get("href")), each)
    written = next((line for each in links if (line := line_of(each.text))), "")
    if written:
        return written
    guid = next(_children(item, "guid"), None)
    address = line_of(guid.text) if guid is not None and guid.get("isPermaLink") != "false" else ""
    return address if address.startswith(("http://", "https://")) else ""


def _whole(address: str, node: _Element) -> str:
    """An address that may be written as a part of the one that the feed names as its base."""
    from urllib.parse import urljoin

    base = node.base or ""
    try:
        return urljoin(base, address) if base.startswith(("http://", "https://")) else address
    except ValueError:
        return address


def _moment(written: str) -> str:
    from email.utils import parsedate_to_datetime

    try:
        return parsedate_to_datetime(written).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return written


FEED = Format(
    name="feed",
    title="RSS, Atom or JSON feed",
    endings=(".rss", ".atom", ".rdf", ".xml"),
    sniff=sniff,
    read=read,
)
