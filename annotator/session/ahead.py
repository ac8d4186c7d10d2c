"""Starting the second process that large imports and exports use before it is needed.

It comes up while this one still loads its own modules, which this module does not need.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from annotator.store.second_process import started_ahead

LARGE = 8_000_000
"""Bytes of a file that hold so many labels that a second process makes up for the half second in which it
starts."""
_LARGE_PROJECT = 20_000_000
"""Bytes of a project that has probably as many."""


def import_ahead(paths: Iterable[Path | str]) -> AbstractContextManager[None]:
    """Inside, an import of these files has what it may need."""
    if any(_size(path) >= LARGE for path in paths):
        return started_ahead("annotator.store.adding")
    return nullcontext()


def export_ahead(project: Path) -> AbstractContextManager[None]:
    """Inside, an export of this project has what it may need."""
    if _size(project) >= _LARGE_PROJECT:
        return started_ahead("annotator.store.reading_beside")
    return nullcontext()


def _size(path: Path | str) -> int:
    """Of a file in bytes; 0 where there is none, which others tell."""
    try:
        return Path(path).stat().st_size
    except (OSError, ValueError):
        return 0
