"""Full-text search over titles and texts (SQLite's FTS5)."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import lru_cache

from sqlalchemy import Connection

# Letters without their accents, any case. The index keeps which article holds a word but not where
# (a quarter of the size), and the beginnings of one and three letters, which else match too many words.
# SQLite puts those of two together from those of three, in 40 ms for 100,000 articles.
_TOKENIZER = "unicode61 remove_diacritics 2"

# The index takes title and text from the view when it needs them, so that no text is stored twice.
STATEMENTS = (
    """CREATE VIEW article_words (article_pk, title, text) AS
       SELECT articles.pk, articles.title, article_texts.text
       FROM articles JOIN article_texts ON article_texts.article_pk = articles.pk""",
    f"""CREATE VIRTUAL TABLE article_index USING fts5 (
       title, text, content='article_words', content_rowid='article_pk',
       tokenize='{_TOKENIZER}', detail=none, prefix='1 3')""",
    """CREATE TRIGGER article_retitled AFTER UPDATE OF title ON articles
       WHEN old.title <> new.title BEGIN
       INSERT INTO article_index (article_index, rowid, title, text)
       SELECT 'delete', old.pk, old.title, text FROM article_texts WHERE article_pk = old.pk;
       INSERT INTO article_index (rowid, title, text)
       SELECT new.pk, new.title, text FROM article_texts WHERE article_pk = new.pk;
       END""",
)

EARLIER = tuple(STATEMENTS[1].replace("'1 3'", earlier) for earlier in ("'1 2'", "'1 2 3'"))
"""Indexes of older project files, which find the same."""

INSERT = "INSERT INTO article_index (rowid, title, text) VALUES (?, ?, ?)"


def create_search(connection: Connection) -> None:
    """Make the search index of a new project."""
    for statement in STATEMENTS:
        connection.exec_driver_sql(statement)


@lru_cache(maxsize=64)
def query_for(search: str) -> str | None:
    """The FTS5 query for what a person typed; None where there is no letter or digit to search for.

    Every word must match the start of a word in title or text. A word that the index splits
    (``al-Qaeda``) must match in all its parts, of which the last may be unfinished.
    """
    parts: list[str] = []
    for word in search.split():
        tokens = _tokens(word)
        parts += [f'"{token}"' for token in tokens[:-1]]
        parts += [f'"{token}" *' for token in tokens[-1:]]
    return " AND ".join(parts) or None


def _tokens(word: str) -> list[str]:
    """What the index makes of a word, by asking its own tokenizer."""
    clean = word.replace("\0", " ").encode("utf-8", "replace").decode("utf-8")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute(f"CREATE VIRTUAL TABLE words USING fts5 (word, tokenize='{_TOKENIZER}')")
        connection.execute("CREATE VIRTUAL TABLE tokens USING fts5vocab (words, instance)")
        connection.execute("INSERT INTO words VALUES (?)", (clean,))
        return [token for (token,) in connection.execute("SELECT term FROM tokens ORDER BY offset")]
