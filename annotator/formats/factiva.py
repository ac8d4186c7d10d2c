"""Exports of Factiva as text; :mod:`annotator.formats.nexis` is the format that reads them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise

from annotator.core.errors import InputError
from annotator.formats.articles import article_record, language_of, tidy
from annotator.formats.base import Intake, Record
from annotator.formats.dates import day_of

_NUMBER = re.compile(
    r"^[ \t]*(?:Document|Dokument|Documento)[ \t]+([A-Z][A-Z0-9_]{2,15}\d{8}[a-z0-9]{6,16})[ \t]*$",
    re.MULTILINE,
)
_NAMED = (
    "SE", "HD", "BY", "CR", "WC", "PD", "ET", "SN", "SC", "ED", "PG", "LA", "CY", "CLM", "CX", "LP", "TD",
    "RF", "CT", "CO", "IN", "NS", "RE", "IPC", "IPD", "PUB", "AN", "ART", "VOL", "DLN",
)  # fmt: skip
_WORDLIKE = frozenset({"RE", "IN", "CO", "AN", "BY", "ART", "ED"})
"""Fields that a line of the text may begin with, as a word."""
_FIELD = re.compile(rf"^({'|'.join(_NAMED)})(?:[ \t]+(.*)|[ \t]*)$")
_WORDS = re.compile(r"^[\d.,\u00a0 ]{1,12}(?:words|Wörter|mots|palabras|parole)$")
_BY = re.compile(r"(?i)^(?:by|von|par|por|di)\s+")
_COPYRIGHT = re.compile(r"(?i)^(?:copyright|\(c\)|©|all rights|alle rechte)")
_TIME = re.compile(r"^\d{1,2}:\d{2}")


def is_export(head: str) -> bool:
    """Whether a text, or its beginning, is an export of Factiva."""
    starts = {found[1] for line in head.split("\n") if (found := _FIELD.match(line))}
    if {"HD", "PD", "SN"} <= starts and starts & {"LP", "TD", "AN"}:
        return True
    return _NUMBER.search(head) is not None and re.search(
        r"(?m)^[ \t]*[\d.,\u00a0]{1,9} (?:words|Wörter|mots|palabras|parole)[ \t]*$", head
    ) is not None  # fmt: skip


def records(text: str, intake: Intake) -> Iterator[Record]:
    """The articles of an export's text. Raises InputError where it has none."""
    fielded = len(re.findall(r"(?m)^(?:HD|AN|SN|PD)(?:[ \t]|$)", text)) >= 3
    found = list(_by_fields(text) if fielded else _by_lines(text))
    if not found:
        raise InputError(
            "there is no article in this export of Factiva",
            where=intake.source.name,
            cure="Export the articles again with their full text",
        )
    yield from records_of(found, intake)


def records_of(found: Iterable[dict[str, str]], intake: Intake) -> Iterator[Record]:
    """The articles of which this is known."""
    for number, values in enumerate(found, 1):
        place = f"document {number}"
        body = tidy(values.pop("body", ""))
        if not body:
            intake.report(
                "this document has no text", place, "Export it again with its full text, or leave it out"
            )
            continue
        meta = {name: values.pop(name, "") for name in ("section", "length")}
        values["author"] = _BY.sub("", values.get("author", ""))
        record = article_record(intake, place, body, values, meta)
        if record is not None:
            yield record


# -- fields of two letters --------------------------------------------------------------------------

_PLAIN = {"HD": "title", "BY": "author", "WC": "length", "PD": "published", "SN": "publisher",
          "LA": "language", "AN": "external_id", "SE": "section"}  # fmt: skip


def _by_fields(text: str) -> Iterator[dict[str, str]]:
    """What each document says; one ends with its number, or where a field comes a second time."""
    texts: dict[str, list[str]] = {}
    key = ""
    for line in text.split("\n"):
        found = _FIELD.match(line)
        # A line of the text may start with one of these words: it needs a gap, or a line of its own.
        if found and (key not in ("LP", "TD") or found[1] not in _WORDLIKE or _apart(line)):
            if (found[1] in texts and found[1] in ("HD", "PD", "SN", "LP", "TD")) or (
                found[1] in ("HD", "SE") and "AN" in texts
            ):
                yield _document(texts)
                texts = {}
            key = found[1]
            texts[key] = [found[2] or ""]
        elif number := _NUMBER.match(line):
            texts["AN"], key = [number[1]], ""
        elif key:
            texts[key].append(line)
    if "HD" in texts or "TD" in texts:
        yield _document(texts)


def _apart(line: str) -> bool:
    return re.match(r"^[A-Z]{2,3}(?:[ \t]*$|[ \t]{2,}|\t)", line) is not None


def _document(texts: dict[str, list[str]]) -> dict[str, str]:
    values = {key: "\n".join(lines) for key, lines in texts.items()}
    said = {name: " ".join(values.get(key, "").split()) for key, name in _PLAIN.items()}
    said["external_id"] = re.sub(r"(?i)^(?:document|dokument)\s+", "", said["external_id"])
    said["body"] = _paragraphs("\n\n".join(values.get(key, "").strip() for key in ("LP", "TD")))
    return said


def _paragraphs(text: str) -> str:
    """Each line is one, unless lines were broken at a page's width."""
    lines = text.split("\n")
    if max(map(len, lines), default=0) > 100 or "\n\n" not in text:
        return "\n\n".join(line.strip() for line in lines if line.strip())
    blocks = re.split(r"\n\s*\n", text)
    return "\n\n".join(" ".join(each.split()) for each in blocks if each.strip())


# -- lines without names ----------------------------------------------------------------------------


def _by_lines(text: str) -> Iterator[dict[str, str]]:
    """What each document says, which its last line, “Document …”, ends."""
    start = 0
    for found in _NUMBER.finditer(text):
        piece = text[start : found.start()]
        start = found.end()
        yield _displayed(piece) | {"external_id": found[1]}


def displayed(lines: list[str]) -> dict[str, str]:
    """What the lines of a document say that are neither its headline nor its text."""
    text = "\n".join(lines)
    number = _NUMBER.search(text)
    said = _displayed("\n" + text + "\n\n")
    return said | {"external_id": number[1] if number else ""}


def _displayed(piece: str) -> dict[str, str]:
    lines = [line.strip() for line in piece.strip("\n").split("\n")]
    words = next((nth for nth, line in enumerate(lines) if _WORDS.match(line)), None)
    if words is None:
        return {"body": piece}
    before = [line for line in lines[:words] if line]
    said = {"length": lines[words]}
    if len(before) > 1 and (_BY.match(before[-1]) or (len(before) > 2 and len(before[-1]) < 60)):
        said["author"] = before.pop()
    if len(before) > 1 and len(before[0]) < 40 and len(before[0]) < len(before[-1]):
        said["section"] = before.pop(0)
    said["title"] = " ".join(before)
    after = lines[words + 1 :]
    end = 0
    code_seen = False
    # A Word document has a paragraph for each line, so that empty ones tell nothing.
    spaced = not any(first and second for first, second in pairwise(lines[:40]))
    for nth, line in enumerate(after[: 40 if spaced else 20]):
        if not line:
            if not spaced and "published" in said and "publisher" in said and nth > 2:
                end = nth
                break
        elif _COPYRIGHT.match(line):
            end = nth + 1
            break
        elif spaced and "publisher" in said and len(line) > 80:
            break  # the text: nothing of what stands before it is so long but whose the rights are
        elif "published" not in said and day_of(line):
            said["published"] = line
        elif "published" in said and "publisher" not in said and not _TIME.match(line):
            said["publisher"] = line
        elif "publisher" in said and code_seen and len(line) < 25 and _is_language(line):
            said["language"] = line
        elif "publisher" in said:
            code_seen = True
        end = nth + 1
    said["body"] = _paragraphs("\n".join(after[end:]))
    return said


def _is_language(line: str) -> bool:
    code = language_of(line)
    return code is not None and code.casefold() != line.casefold()
