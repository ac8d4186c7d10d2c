"""Log files for when something goes wrong. The text of articles never goes into them."""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import platform
import sys
from pathlib import Path
from typing import IO

import annotator
from annotator.runtime.paths import log_folder

LARGEST = 1_000_000
"""Bytes after which a log file is put aside; two older ones are kept."""

log = logging.getLogger(__name__)
_faults: list[IO[str]] = []
"""Keeps the file of the fault handler open: it writes to the file descriptor."""


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
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
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
