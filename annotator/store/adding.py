"""Adding very many articles from a second process, while this one reads the file that they come from."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain

from msgspec import Struct

from annotator.core.in_bulk import in_bulk
from annotator.core.model import ActorRecord
from annotator.core.ports import Furnish
from annotator.store.batches import Batch
from annotator.store.codebooks import refuse_other
from annotator.store.database import Database
from annotator.store.importing import add_batches, furnished
from annotator.store.second_process import (
    MOST_WAITING,
    EndedError,
    Pipe,
    held_back,
    packed,
    second_process,
)

_MOST_HELD = 16_000_000
"""Bytes of articles that wait for the second process to come up."""

_BEHIND = MOST_WAITING // 3
"""Bytes that wait for it where it has got behind: about a batch."""


class NotStartedError(Exception):
    """There is no second process; ``batches`` are all that were given."""

    def __init__(self, batches: Iterable[Batch]) -> None:
        super().__init__()
        self.batches = batches


class _Last(Struct, frozen=True):
    """What follows the last article."""

    records: list[ActorRecord]


def add_beside(
    database: Database,
    batches: Iterable[Batch],
    records: Iterable[ActorRecord],
    codebook: int | None,
    furnish: Furnish | None = None,
) -> int:
    """As :func:`annotator.store.importing.add_batches`, in a process beside this one.

    What is raised while the articles are taken, here or there, takes everything back. Raises
    NotStartedError before anything is done.
    """
    batches = iter(batches)
    held: deque[Batch] = deque()
    begun = False
    try:
        with second_process(_add, database, codebook, furnish) as pipe:
            # It takes a while to come up.
            for batch in batches:
                held.append(batch)
                if pipe.ready() or sum(each.size for each in held) >= _MOST_HELD:
                    break
            begun = pipe.take()
            pipe.give_all(map(packed, _shared(chain(_taken_from(held), batches), pipe, furnish)))
            with held_back():  # for an interrupt would leave open whether they are saved
                pipe.give(_Last(list(records)))
                added: int = pipe.take()
            return added
    except EndedError as error:
        if begun:
            raise
        raise NotStartedError(chain(held, batches)) from error


def _taken_from(held: deque[Batch]) -> Iterator[Batch]:
    while held:
        yield held.popleft()


def _shared(batches: Iterable[Batch], pipe: Pipe, furnish: Furnish | None) -> Iterator[Batch]:
    """The batches; where the other process has got behind, this one finds the furniture in its stead."""
    for batch in batches:
        yield furnished(batch, furnish) if furnish and pipe.waiting > _BEHIND else batch


def _add(pipe: Pipe, database: Database, codebook: int | None, furnish: Furnish | None) -> None:
    """The second process: one transaction for all that comes through the pipe.

    The first one folds the log into the file: it waits for whoever else writes to it.
    """
    last: list[_Last] = []
    with in_bulk(), database.writing() as connection:
        refuse_other(connection, codebook)
        pipe.give(True)
        records = (each for part in last for each in part.records)
        added = add_batches(connection, _received(pipe, last), records, furnish)
    pipe.give(added)


def _received(pipe: Pipe, last: list[_Last]) -> Iterator[Batch]:
    """The batches that come through the pipe, and in ``last`` what follows them."""
    while not isinstance(message := pipe.take(), _Last):
        yield message
    last.append(message)
