"""Who sits at the computer."""

from __future__ import annotations

import getpass


def login_name() -> str:
    """The name that the system knows the person by; ``annotator`` where it knows none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "annotator"
