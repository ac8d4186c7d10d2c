"""Values of attributes as other tools write them, to what the attributes of a codebook take."""

from __future__ import annotations

from typing import Any

from annotator.core.codebook import Attribute, AttributeType, Category, Codebook
from annotator.core.proposing_labels import plain

ACTOR, ACTOR_ID = "actor", "actorid"
"""What the name, and the id, of the actor record that a span means are called in files (:func:`plain`)."""
_YES, _NO = ("true", "yes", "1"), ("false", "no", "0")


def brought(attribute: Attribute, value: Any, codebook: Codebook) -> Any:
    """A value as an attribute takes it, where there is no doubt what is meant; else as it was.

    Choices and categories are found ignoring case; one value does for a list of one, and the other way
    round; numbers, days and yes or no may be written as texts.
    """
    match attribute.type:
        case AttributeType.CHOICE:
            if isinstance(value, (list, tuple)) and len(value) == 1:
                value = value[0]
            return _choice(attribute.choices, value)
        case AttributeType.MULTI_CHOICE:
            values = value if isinstance(value, (list, tuple)) else [value]
            return [_choice(attribute.choices, each) for each in values]
        case AttributeType.CATEGORIES:
            values = value if isinstance(value, (list, tuple)) else [value]
            return [_category(codebook.categories, each) for each in values]
        case AttributeType.BOOLEAN:
            word = str(value).strip().casefold()
            return True if word in _YES else False if word in _NO else value
        case AttributeType.NUMBER:
            return _number(value)
        case AttributeType.TEXT:
            return text_of(value) if isinstance(value, (int, float)) else value
        case AttributeType.DATE:
            return value[:10] if isinstance(value, str) and value[10:11] in ("T", " ") else value


def text_of(value: float) -> str:
    """A number, true or false as a text."""
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _choice(choices: tuple[str, ...], value: Any) -> Any:
    if isinstance(value, (int, float)):
        value = text_of(value)
    if value in choices or not isinstance(value, str):
        return value
    return next((each for each in choices if plain(each) == plain(value)), value)


def _category(categories: tuple[Category, ...], value: Any) -> Any:
    if not isinstance(value, str) or any(each.code == value for each in categories):
        return value
    folded = value.strip().casefold()
    for fits in (
        [each.code for each in categories if each.code.casefold() == folded],
        [each.code for each in categories if each.title.casefold() == folded],
    ):
        if len(fits) == 1:
            return fits[0]
    return value


def _number(value: Any) -> Any:
    if isinstance(value, str):
        for read in (int, float):
            try:
                return read(value) if len(value) < 40 else value
            except ValueError:
                continue
    return value
