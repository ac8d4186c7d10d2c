"""The furniture of articles that are added."""

from __future__ import annotations

from annotator.core.model import Fragments


def furnish(text: str, title: str) -> Fragments:
    """As :func:`annotator.nlp.furniture.find_furniture`, whose patterns are loaded where they are needed."""
    from annotator.nlp.furniture import find_furniture

    return find_furniture(text, title)
