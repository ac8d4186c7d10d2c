"""How Python itself is set while very many records go in or out."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_COLLECTING, _SWITCHING = gc.get_threshold(), sys.getswitchinterval()
_SELDOM = (200_000, 50, 100)
_OFTEN = 0.0002
_lock = Lock()
_users = 0


@contextmanager
def in_bulk() -> Iterator[None]:
    """Inside, garbage is searched for seldom, and threads take turns often.

    Millions of small objects that are in no circle would otherwise be looked through again and again; and
    SQLite, which works beside Python, would have to wait long for each turn in which it gets its rows.
    """
    global _users  # several threads may be inside
    with _lock:
        _users += 1
        gc.set_threshold(*_SELDOM)
        sys.setswitchinterval(_OFTEN)
    try:
        yield
    finally:
        with _lock:
            _users -= 1
            if not _users:
                gc.set_threshold(*_COLLECTING)
                sys.setswitchinterval(_SWITCHING)
