"""Python's search for garbage in circles, held back where much is made that has none."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_USUAL = gc.get_threshold()
_SELDOM = (200_000, 50, 100)
_lock = Lock()
_users = 0


@contextmanager
def seldom() -> Iterator[None]:
    """Search seldom inside: with millions of small objects it would take a third of the time."""
    global _users  # several threads may be inside
    with _lock:
        _users += 1
        gc.set_threshold(*_SELDOM)
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users:
                gc.set_threshold(*_USUAL)
