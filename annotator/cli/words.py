"""Printing a project's reporting words, and reading what is to be done with them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from annotator.core.errors import UsageError
from annotator.core.learning import Use
from annotator.session.learning import WordRow, Words

_NONE = "–"


def changes_of(given: Iterable[str]) -> list[tuple[str, Use]]:
    """Words and uses from ``WORD=USE`` arguments. Raises UsageError."""
    changes = []
    for each in given:
        word, mark, use = each.rpartition("=")
        if not mark or not word.strip() or use not in tuple(Use):
            raise UsageError(
                f"“{each}” does not say what to do with a word",
                cure=f"Give WORD=USE, where USE is one of {', '.join(Use)}",
            )
        changes.append((word, Use(use)))
    return changes


def words_table(words: Words) -> Iterator[str]:
    """The lines of the table; words that annotators have taught something about come first."""
    rows = words.rows()
    widths = [max(map(len, ("word", *(row.word for row in rows))))]
    widths.append(max(map(len, ("uses", *(row.uses for row in rows)))))
    head = f"{'word':<{widths[0]}}  {'uses':<{widths[1]}}"
    yield f"{head}  {'before':>6}  {'now':>6}  {'accepted':>8}  {'rejected':>8}  {'by hand':>7}  set to"
    for row in rows:
        yield (
            f"{row.word:<{widths[0]}}  {row.uses:<{widths[1]}}  {_share(row.before):>6}  {_share(row.now):>6}"
            f"  {row.tally.accepted:>8,}  {row.tally.rejected:>8,}  {row.tally.by_hand:>7,}  {row.use}"
        )


def words_json(words: Words) -> str:
    """The same as JSON, shares from 0 to 1."""
    return json.dumps({"words": [_object(row) for row in words.rows()]}, ensure_ascii=False, indent=2)


def _object(row: WordRow) -> dict[str, object]:
    return {
        "word": row.word,
        "uses": row.uses,
        "before": row.before,
        "now": row.now,
        "accepted": row.tally.accepted,
        "rejected": row.tally.rejected,
        "by_hand": row.tally.by_hand,
        "set_to": str(row.use),
    }


def _share(share: float | None) -> str:
    return _NONE if share is None else f"{share:.0%}"
