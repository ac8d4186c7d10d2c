"""Plain text: one file is one article."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.core.ports import ArticleLabels
from annotator.core.text import normalise
from annotator.formats.base import Format, Intake, Record
from annotator.formats.encoding import decode
from annotator.formats.plain import article_of

LONGEST_TITLE = 200
"""A first line with more characters than this is no title."""


def title_of(text: str, otherwise: str) -> str:
    """The title of a text: its first line that is not empty, if that is short enough."""
    first, _, _ = text.lstrip().partition("\n")
    title = " ".join(first.split())
    return title if 0 < len(title) <= LONGEST_TITLE else otherwise


def read(intake: Intake) -> Iterator[Record]:
    """The file's one article, titled by its first line or, where that is too long, by the file."""
    decoded = decode(intake.source.data, intake.source.name)
    intake.encoding = decoded.encoding
    text = normalise(decoded.text)
    if not text.strip():
        what = "the file holds nothing but white space" if text else "the file is empty"
        intake.report(what, cure="Put the article's text into it, or leave it out")
        return
    title = title_of(text, intake.source.stem)
    yield Record(labels=ArticleLabels(article=article_of(text, title), annotator=None))


TEXT = Format(name="text", title="plain text", endings=(".txt",), read=read)
