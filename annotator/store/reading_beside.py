"""Reading very many articles with their labels in a second process, while this one writes them to a file."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from itertools import batched
from pathlib import Path

from annotator.core.in_bulk import in_bulk
from annotator.core.ports import ArticleLabels
from annotator.store.database import Database
from annotator.store.labels import Wanted, iter_labels
from annotator.store.second_process import EndedError, Pipe, packed, second_process

_TOGETHER = 100
"""Lines of one message."""


class NotStartedError(Exception):
    """There is no second process, and nothing has been read."""


def iter_beside(path: Path, wanted: Wanted) -> Generator[ArticleLabels]:
    """As :func:`annotator.store.labels.iter_labels`, from a process beside this one.

    ``path`` is the project file. Raises NotStartedError instead of giving the first line.
    """
    begun = False
    try:
        with in_bulk(), second_process(_read, path, wanted) as pipe:
            while lines := pipe.take():
                begun = True
                yield from lines
    except EndedError as error:
        if begun:
            raise
        raise NotStartedError from error


def _read(pipe: Pipe, path: Path, wanted: Wanted) -> None:
    """The second process: one moment of the file, line after line."""
    with closing(Database(path)) as database, closing(iter_labels(database, wanted)) as lines:
        pipe.give_all(map(packed, batched(lines, _TOGETHER)))
    pipe.give(())
