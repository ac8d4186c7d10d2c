"""Whose what is done is, where nobody says."""

from __future__ import annotations


def person(given: str | None = None) -> str:
    """Who was named, or works in the window, or is logged in."""
    from annotator.runtime.people import login_name
    from annotator.runtime.settings import ANNOTATOR, Settings

    return (given or Settings().get(ANNOTATOR)).strip() or login_name()
