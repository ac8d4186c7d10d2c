"""Log files for when something goes wrong. The text of articles never goes into them."""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import platform
import sqlite3
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, override

import annotator
from annotator.runtime.paths import log_folder

LARGEST = 1_000_000
"""Bytes after which a log file is put aside; two older ones are kept."""

RECENT = 80
"""Lines that the end of a log has."""
MOST_FAULT = 20_000
"""Characters of a report about a hard crash that are shown."""

log = logging.getLogger(__name__)
_faults: list[IO[str]] = []
"""Keeps the file of the fault handler open: it writes to the file descriptor."""


class _Formatter(logging.Formatter):
    """Leaves out what an exception says, which may be words of an article; where it came from stays."""

    @override
    def formatException(
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        error = ei[1]
        parts: list[str] = []
        while error is not None:
            name = type(error).__name__
            said = f": {error}" if isinstance(error, (OSError, sqlite3.Error)) else ""
            parts.append("".join(traceback.format_tb(error.__traceback__)) + name + said)
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\ncaused this:\n".join(reversed(parts))


def recent(name: str = "annotator") -> str:
    """The end of a log; empty where there is none."""
    try:
        with (log_folder() / f"{name}.log").open("rb") as file:
            file.seek(max(0, file.seek(0, 2) - 200 * RECENT))
            lines = file.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-RECENT:])


def take_fault(name: str = "annotator") -> str:
    """What a hard crash left behind last time, once; empty where there was none.

    To be asked before :func:`setup_logging`, which opens the file for the next one.
    """
    path = log_folder() / f"{name}-faults.log"
    with suppress(OSError):
        text = path.read_text("utf-8", "replace").strip()
        if text:
            path.replace(path.with_name(f"{name}-faults-last.log"))
            return text[-MOST_FAULT:]
    return ""


def setup_logging(name: str = "annotator") -> Path | None:
    """Log from INFO on to ``NAME.log``, and hard crashes (segmentation faults) to ``NAME-faults.log``.

    Each process takes a name of its own, since two cannot rotate one file. Gives the log file, or
    None where the folder cannot be written: the program works without logs.
    """
    folder = log_folder()
    path = folder / f"{name}.log"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            path, maxBytes=LARGEST, backupCount=2, encoding="utf-8"
        )
        faults = (folder / f"{name}-faults.log").open("a", encoding="utf-8")
    except OSError:
        logging.getLogger().addHandler(logging.NullHandler())
        return None
    handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    faulthandler.enable(file=faults)
    _faults.append(faults)
    log.info(
        "annotator %s, Python %s, %s%s",
        annotator.__version__,
        platform.python_version(),
        platform.platform(),
        ", packaged" if getattr(sys, "frozen", False) else "",
    )
    return path
