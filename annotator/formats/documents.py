"""What a word processor's document holds, Word's or rich text: one article, or an export of many."""

from __future__ import annotations

from collections.abc import Iterator

from annotator.core.errors import InputError
from annotator.formats import nexis
from annotator.formats.articles import article_record
from annotator.formats.base import Intake, Record
from annotator.formats.text import title_of


def document_records(intake: Intake, text: str, about: dict[str, str], what: str) -> Iterator[Record]:
    """The articles of a document's text; ``about``: what it says about itself, ``what`` it is called.

    Raises InputError where there is no text.
    """
    source = intake.source
    if not text.strip():
        raise InputError(
            f"this {what} holds no text",
            where=source.name,
            cure="Leave it out, or put the article's text into it",
        )
    if nexis.is_export(text):
        yield from nexis.records(text, intake)
        return
    record = article_record(
        intake, "", text, about | {"title": about["title"] or title_of(text, source.stem)}
    )
    if record is not None:
        yield record
