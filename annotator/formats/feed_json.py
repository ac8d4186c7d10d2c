"""JSON Feed, versions 1 and 1.1: https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

import codecs
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from annotator.core.errors import InputError
from annotator.formats.articles import text_of_html
from annotator.formats.base import Intake, Source
from annotator.formats.peek import first_record
from annotator.formats.plain import kind_of
from annotator.formats.streaming import CUT_OFF, GET_AGAIN, utf8_bytes

ENDINGS = (".json", "")
_VERSION = "jsonfeed.org/version/"
_HTML, _TEXT, _SUMMARY = "content_html", "content_text", "summary"
_IN_QUOTES = "Write it in quotes, or leave it out"


class FeedItem(NamedTuple):
    """What an item of a feed says of its article."""

    text: str
    values: Mapping[str, str | None]
    meta: Mapping[str, str]


def is_json(source: Source) -> bool:
    """Whether a file begins like a JSON object. Raises OSError."""
    return source.head().removeprefix(codecs.BOM_UTF8).lstrip()[:1] == b"{"


def is_feed(source: Source) -> bool:
    """Whether a file is one JSON object with a feed's version, or items as feeds have them."""
    record = first_record(source) if is_json(source) else None
    if record is None:
        return False
    version, items = record.get("version"), record.get("items")
    if isinstance(version, str) and _VERSION in version:
        return True
    return (
        isinstance(items, list)
        and bool(items)
        and all(isinstance(each, dict) and (_HTML in each or _TEXT in each) for each in items)
    )


def items(intake: Intake) -> Iterator[FeedItem | None]:
    """The items of a feed; None for one that is wrong, which is reported. Raises InputError."""
    from orjson import JSONDecodeError, loads

    name = intake.source.name
    try:
        feed = loads(utf8_bytes(intake))
    except JSONDecodeError as error:
        what = CUT_OFF if "unexpected end" in error.msg else error.msg
        where = f"{name}, line {error.lineno}"
        raise InputError(f"this is not valid JSON: {what}", where=where, cure=GET_AGAIN) from None
    listed = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(listed, list):
        what = "this is no feed: it has no list of “items”"
        raise InputError(what, where=name, cure="Name its format, or choose another file")
    about = _Values(feed, intake, "")
    publisher, language, author = about.text("title"), about.text("language"), about.authors()
    for number, item in enumerate(listed, 1):
        place = f"item {number}"
        if not isinstance(item, dict):
            intake.report(f"an item must be an object, not {kind_of(item)}", place, "Write it as {…}")
            yield None
            continue
        known = len(intake.problems)
        said = _Values(item, intake, place)
        text = text_of_html(said.text(_HTML)) or said.text(_TEXT).strip() or said.text(_SUMMARY).strip()
        values = {
            "title": said.text("title"),
            "author": said.authors() or author,
            "publisher": publisher,
            "published": said.text("date_published") or said.text("date_modified"),
            "url": said.text("url") or said.text("external_url"),
            "external_id": said.text("id"),
            "language": said.text("language") or language,
        }
        meta = {"categories": said.tags()}
        yield FeedItem(text, values, meta) if len(intake.problems) == known else None


class _Values:
    """Gives the values of a feed or an item, and reports what they cannot be."""

    def __init__(self, data: Mapping[str, Any], intake: Intake, place: str) -> None:
        self._data = data
        self._intake = intake
        self._place = place

    def text(self, key: str) -> str:
        """A text; empty where there is none. An id may be a number."""
        value = self._data.get(key)
        if value is None or isinstance(value, str):
            return value or ""
        if key == "id" and isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        self._wrong(f"“{key}” must be a text, not {kind_of(value)}", _IN_QUOTES)
        return ""

    def authors(self) -> str:
        """The authors' names: of ``authors``, or of the one ``author`` that version 1 had."""
        value = self._data.get("authors")
        if value is None:
            one = self._data.get("author")
            value = [] if one is None else [one]
        if not isinstance(value, list) or not all(isinstance(each, dict | str) for each in value):
            self._wrong("“authors” must be a list of objects", 'Write it as [{"name": …}], or leave it out')
            return ""
        people = ({"name": each} if isinstance(each, str) else each for each in value)
        names = (_Values(each, self._intake, self._place).text("name").strip() for each in people)
        return ", ".join(dict.fromkeys(filter(None, names)))

    def tags(self) -> str:
        """The item's tags; what is none is left out."""
        value = self._data.get("tags")
        found = value if isinstance(value, list) else []
        return ", ".join(each for each in found if isinstance(each, str) and each)

    def _wrong(self, what: str, cure: str) -> None:
        self._intake.report(what, self._place, cure)
