"""Where the files that come with the program are, however it was started."""

from __future__ import annotations

import sys
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def _bundled(folder: str) -> Path:
    """The first of: the frozen program's folder, the installed wheel's, the checkout's."""
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / folder
    installed = _PACKAGE / f"_{folder}"
    return installed if installed.is_dir() else _PACKAGE.parent / folder


def resource(*parts: str) -> Path:
    """A file or folder below ``resources/``, e.g. ``resource("fonts")``; it is read-only.

    Raises FileNotFoundError where it is missing, which means that the installation is damaged.
    """
    path = _bundled("resources").joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(f"{path} is missing; install Annotator again")
    return path


def seeds_folder() -> Path:
    """The folder of the sample articles; its ``*.txt`` files are the articles.

    Raises FileNotFoundError where it is missing, which means that the installation is damaged.
    """
    path = _bundled("seeds")
    if not path.is_dir():
        raise FileNotFoundError(f"{path} is missing; install Annotator again")
    return path
