"""The formats of the registry in the words and patterns of dialogs."""

from __future__ import annotations

from collections.abc import Iterable

from annotator.formats.base import Format
from annotator.formats.registry import ENDINGS, READERS

EVERY_FILE = "All files (*)"


_AS_THEY_ARE = ("brat", "doccano", "spaCy")
"""Names of tools that nobody writes with a capital."""


def title_of(form: Format) -> str:
    """What a format is called where it stands by itself: “Native JSONL”."""
    if form.title.startswith(_AS_THEY_ARE):
        return form.title
    return form.title[:1].upper() + form.title[1:]


def with_endings(form: Format, most: int = 3) -> str:
    """A format and the endings of its files: “Native JSONL (.jsonl)”, “Table with commas (CSV, .csv)”."""
    title = title_of(form)
    new = [each for each in form.endings if each not in title]
    shown = ", ".join(new[:most]) + (" …" if len(new) > most else "")
    if not shown:
        return title
    return f"{title[:-1]}, {shown})" if title.endswith(")") else f"{title} ({shown})"


def in_order(forms: Iterable[Format]) -> list[Format]:
    """Formats as lists have them: by their titles."""
    return sorted(forms, key=lambda each: each.title.casefold())


def pattern(form: Format) -> str:
    """The entry of a format in a file dialog's list of file types."""
    return f"{title_of(form)} ({_stars(form.endings)})"


def article_filter() -> str:
    """The list of file types of an import: all that can be read, each format, everything."""
    each = [pattern(form) for form in in_order(READERS.values())]
    return ";;".join([f"Articles and labels ({_stars(ENDINGS)})", *each, EVERY_FILE])


def _stars(endings: Iterable[str]) -> str:
    return " ".join(f"*{ending}" for ending in endings)
