"""What rows of other tables name: articles by their numbers, annotators by their names."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert

from annotator.core.errors import ProjectError
from annotator.core.model import now
from annotator.store.tables import ANNOTATORS, ARTICLES

PK_OF = select(ARTICLES.c.pk).where(ARTICLES.c.id == bindparam("article"))
_INSERT_ANNOTATOR = upsert(ANNOTATORS).on_conflict_do_nothing()


def note_annotators(connection: Connection, names: Sequence[str]) -> None:
    """Record the names of people who label, unless they are known."""
    if names:
        since = now()
        connection.execute(_INSERT_ANNOTATOR, [{"name": name, "since": since} for name in names])


def article_pk(connection: Connection, article: str) -> int:
    """The number of the article with that id. Raises ProjectError if there is none."""
    pk = connection.execute(PK_OF, {"article": article}).scalar()
    if pk is None:
        raise ProjectError(
            f"there is no article {article!r} in this project",
            cure="Look for it in the list of articles",
        )
    return int(pk)
