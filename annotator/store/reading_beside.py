"""Reading very many articles with their labels in a second process, while this one writes them to a file."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from itertools import batched

from annotator.core.in_bulk import in_bulk
from annotator.core.ports import ArticleLabels
from annotator.store.database import Database
from annotator.store.labels import Wanted, iter_labels
from annotator.store.second_process import EndedError, Pipe, packed, second_process

_TOGETHER = 100
"""Lines of one message."""


def iter_beside(database: Database, wanted: Wanted) -> Generator[ArticleLabels]:
    """As :func:`annotator.store.labels.iter_labels`, from a process beside this one; from this one where
    there is no other."""
    begun = False
    try:
        with in_bulk(), second_process(_read, database, wanted) as pipe:
            while lines := pipe.take():
                begun = True
                yield from lines
        return
    except EndedError:
        if begun:
            raise
    yield from iter_labels(database, wanted)


def _read(pipe: Pipe, database: Database, wanted: Wanted) -> None:
    """The second process: one moment of the file, line after line."""
    with closing(iter_labels(database, wanted)) as lines:
        pipe.give_all(map(packed, batched(lines, _TOGETHER)))
    pipe.give(())
