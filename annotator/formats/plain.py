"""Records of plain articles, as JSON objects and table rows hold them: which key is which field."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any
from unicodedata import normalize

from annotator.core.errors import InputError
from annotator.core.mapping import LEFT_OUT
from annotator.core.model import Article
from annotator.core.ports import ArticleLabels
from annotator.core.text import excerpt, normalise, sha256_of
from annotator.core.validate import is_date
from annotator.formats.base import Intake, Record
from annotator.formats.dates import day_of

SYNONYMS: dict[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "article", "fulltext", "articletext", "articlebody", "maintext",
        "volltext", "artikeltext", "inhalt", "texte", "texto", "testo", "tekst"),
    "title": ("title", "headline", "heading", "articletitle",
        "überschrift", "ueberschrift", "titel", "schlagzeile", "titre", "título", "titulo", "titular",
        "titolo"),
    "publisher": ("publisher", "source", "outlet", "newspaper", "publication", "site", "medium",
        "quelle", "zeitung", "herausgeber", "verlag", "journal", "fuente", "medio", "fonte", "testata"),
    "author": ("author", "authors", "byline",
        "autor", "autorin", "autoren", "verfasser", "auteur", "auteurs", "autores", "autore", "autori"),
    "url": ("url", "link", "permalink", "articleurl", "lien", "enlace"),
    "published": (
        "published", "date", "publicationdate", "publisheddate", "publishedat", "datepublished", "pubdate",
        "datum", "erscheinungsdatum", "veröffentlichungsdatum", "veröffentlicht", "publikationsdatum",
        "fecha", "datedepublication", "datadipubblicazione",
    ),
    "language": ("language", "lang", "sprache", "langue", "idioma", "lingua", "taal"),
    "external_id": ("externalid", "id", "articleid", "docid"),
}  # fmt: skip
"""What a field may be called, the best name first; case, spaces, ``_`` and ``-`` do not count."""
META_FIELDS = ("publisher", "author", "url", "published", "language")
"""The article's fields that stand in a record's ``meta``."""

DEEPEST = 100
"""Lists and objects within each other that a record's metadata may have."""

_IN_FIGURES = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{1,4}(?:,? \d{1,2}:\d{2}(?::\d{2})?)?")
"""Days as spreadsheets write them, with a time or without."""

_IN_QUOTES = "Write it in quotes, or leave it out"
_ONE_OF_TWO = "Keep one of the two"
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}(?::?\d{2})")


def plain_name(name: str) -> str:
    """A key or column name as synonyms are compared."""
    if not name.isascii():
        name = normalize("NFC", name)
    return re.sub(r"[\s_\-]+", "", name).casefold()


def fields_of(names: list[str], chosen: Mapping[str, str] = {}) -> dict[str, str]:
    """Which of a record's keys is which field: field → key.

    ``chosen``: what a person has said of keys (:attr:`ImportMapping.fields`); the others go by their names.
    """
    if not chosen:
        short = len(names) < 100 and sum(map(len, names)) < 2_000
        return dict((_known_fields if short else _fields_of)(tuple(names)))
    found = _fields_of(name for name in names if name not in chosen)
    said = {chosen[name]: name for name in reversed(names) if chosen.get(name) in SYNONYMS}
    return found | said


def _fields_of(names: Iterable[str]) -> dict[str, str]:
    by_plain: dict[str, str] = {}
    for name in names:
        by_plain.setdefault(plain_name(name), name)
    return {
        field: next(by_plain[each] for each in known if each in by_plain)
        for field, known in SYNONYMS.items()
        if any(each in by_plain for each in known)
    }


_known_fields = lru_cache(maxsize=100)(_fields_of)
"""Of the keys of records, which are the same in nearly all of a file."""


def left_out(names: Iterable[str], intake: Intake) -> set[str]:
    """Those of a record's keys that a person does not want; notes which keys of the mapping there are."""
    chosen = intake.mapping.fields
    there = {name for name in names if name in chosen} if chosen else set()
    intake.used |= there
    return {name for name in there if chosen[name] == LEFT_OUT}


def json_record(data: Mapping[str, Any], intake: Intake, place: str) -> Record | None:
    """A plain record from a JSON object; reports what is wrong with it.

    A key that is only a synonym and does not hold what the field takes stays in the article's meta,
    like every key that is no field; the proper keys must be right.
    """
    if intake.preview is not None:
        intake.preview.show(data)
    unwanted = left_out(data, intake)
    rest = {key: value for key, value in data.items() if key not in unwanted}
    chosen = intake.mapping.fields
    meta = rest.pop("meta", None)
    if meta is None:
        meta = {}
    elif not isinstance(meta, dict):
        intake.report(f"“meta” must be an object, not {kind_of(meta)}", place, "Write it as {…}")
        return None
    values: dict[str, Any] = {}
    for field, key in fields_of(list(rest), chosen).items():
        if key in (field, "text", "id") or key in chosen or _fits(field, rest[key]):
            values[field] = rest.pop(key)
    for field in META_FIELDS:
        if field in meta:
            value = meta[field]
            if values.setdefault(field, value) != value:
                intake.report(
                    f"“{field}” stands in the record and otherwise in its “meta”", place, _ONE_OF_TWO
                )
                return None
    twice = rest.keys() & meta.keys()
    if twice:
        what = f"“{excerpt(min(twice))}” stands both in the record and in its “meta”"
        intake.report(what, place, _ONE_OF_TWO)
        return None
    kept = {key: value for key, value in meta.items() if key not in META_FIELDS}
    if "text" not in values:
        if {"label", "pattern"} <= data.keys() <= {"label", "pattern", "id"}:
            raise InputError(
                "these are patterns by which spaCy and Prodigy find labels, not articles",
                where=intake.source.name,
                cure="Leave this file out",
            )
        found = excerpt(", ".join(map(excerpt, islice(data, 30))), 300) or "none"
        cure = "Name the key of the article's text “text”"
        intake.report(f"the record has no “text”; its keys are: {found}", place, cure)
        return None
    return plain_record(values, rest | kept, intake, place)


def _fits(field: str, value: Any) -> bool:
    if field == "published":
        return isinstance(value, str) and (is_date(value) or _MOMENT.match(value) is not None)
    if field == "author" and isinstance(value, list):
        return all(isinstance(each, str) for each in value)
    return value is None or isinstance(value, str) or (field == "external_id" and isinstance(value, int))


def plain_record(
    values: Mapping[str, Any], meta: Mapping[str, Any], intake: Intake, place: str
) -> Record | None:
    """An article without labels from its fields' values; reports what is wrong with them.

    An author may be a list of names, an external id a number. A publication date may be written in any order
    of figures that means one day for sure; where it carries a time, it is kept in the article's meta as
    ``published_time``.
    """
    known = len(intake.problems)
    if is_too_deep(meta):
        intake.report(TOO_DEEP, place, "Leave that part out")
    text = values.get("text")
    if not isinstance(text, str):
        intake.report(f"“text” must be a text, not {kind_of(text)}", place, _IN_QUOTES)
    elif not text.strip():
        intake.report("the text is empty", place, "Remove the record or give it its text")
    meta = dict(meta)
    found: dict[str, str | None] = {}
    for field in (*META_FIELDS, "title", "external_id"):
        value = values.get(field)
        if field == "author" and isinstance(value, list) and all(isinstance(each, str) for each in value):
            value = ", ".join(value)
        if field == "external_id" and isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if value is not None and not isinstance(value, str):
            intake.report(f"“{field}” must be a text, not {kind_of(value)}", place, _IN_QUOTES)
            value = None
        found[field] = value.strip() or None if value is not None else None
    published = found["published"]
    if published is not None and not is_date(published):
        moment = _MOMENT.match(published)
        if moment and is_date(moment[1]):
            meta.setdefault("published_time", published)
            found["published"] = moment[1]
        elif day := day_of(published) if _IN_FIGURES.fullmatch(published) else None:
            if ":" in published:
                meta.setdefault("published_time", published)
            found["published"] = day
        else:
            what = f"the date “{excerpt(published)}” is not written like 2026-03-31"
            intake.report(what, place, "Write it as year-month-day, or keep it as metadata in a mapping")
    if len(intake.problems) > known or not isinstance(text, str):
        return None
    text = normalise(text)
    article = Article(
        id="",
        text=text,
        sha256=sha256_of(text),
        title=" ".join((found["title"] or "").split()),
        external_id=found["external_id"],
        publisher=found["publisher"],
        author=found["author"],
        url=found["url"],
        published=found["published"],
        language=found["language"],
        meta=meta,
    )
    return Record(labels=ArticleLabels(article=article, annotator=None), place=place)


TOO_DEEP = f"its metadata has more than {DEEPEST} lists or objects within each other"


def is_too_deep(value: Any, levels: int = DEEPEST) -> bool:
    """Whether a JSON value has more levels than a project file can hold and give back."""
    if not isinstance(value, (dict, list)):
        return False
    inner = value.values() if isinstance(value, dict) else value
    return levels == 0 or any(is_too_deep(each, levels - 1) for each in inner)


def article_of(text: str, title: str) -> Article:
    """An article with its normalised text and no id yet."""
    text = normalise(text)
    return Article(id="", text=text, sha256=sha256_of(text), title=title)


def kind_of(value: Any) -> str:
    """What a JSON value is, in words."""
    match value:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list() | tuple():
            return "a list"
        case _:
            return "an object"
