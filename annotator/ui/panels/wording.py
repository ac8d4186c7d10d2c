"""How the window says where a label comes from, what something is called, how many there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from annotator.core.codebook import Category, Codebook
from annotator.core.model import Kind, Relation, Span
from annotator.core.ranking import category_paths

KIND_NAMES = {
    Kind.ENTITY: "Entity",
    Kind.ACTOR: "Actor",
    Kind.CLAIM: "Claim",
    Kind.CUE: "Cue",
}


def short_date(value: str | None) -> str:
    """An ISO date or time as people write the day, ``16 Aug 2023``; anything else as it stands."""
    if not value:
        return ""
    try:
        if "T" in value:
            local = datetime.fromisoformat(value).astimezone()
            day = local.date()
        else:
            day = date.fromisoformat(value)
    except ValueError:
        return value
    return f"{day.day} {day:%b} {day.year}"


def counted(number: int, what: str, plural: str = "") -> str:
    """``1 label``, ``2 labels``, ``1,200 labels``."""
    return f"{number:,} {what if number == 1 else plural or what + 's'}"


def missing_words(count: int) -> str:
    """How many required attributes an article's labels lack."""
    return f"{counted(count, 'required attribute')} missing"


def less_certain_words(count: int, *, shown: bool) -> str:
    """What stands below the suggestions: how many more there are, or that they can be hidden again."""
    return "Hide less certain" if shown else f"{count:,} more, less certain"


def origin_words(label: Span | Relation) -> str:
    """Where a span or relation comes from, in one sentence without a full stop."""
    family, _, rest = label.origin.partition(":")
    match family:
        case "annotator":
            words = f"labelled by {rest}"
        case "spacy":
            name, _, version = rest.rpartition("-")
            words = f"suggested by {f'{name} {version}' if name else rest}"
            if label.confidence is not None:
                words += f", precision of this label {label.confidence:.2f}"
        case "rules":
            name, _, version = rest.rpartition("-")
            words = f"suggested by the {name or rest} rules" + (f" (version {version})" if name else "")
            if label.confidence is not None:
                words += f", confidence {label.confidence:.2f}"
        case "import":
            words = f"imported from {rest}"
        case _:
            words = f"from {label.origin}" if label.origin else ""
            if words and label.confidence is not None:
                words += f", confidence {label.confidence:.2f}"
    if label.annotator and family != "annotator":
        words += f"{' · ' if words else ''}accepted by {label.annotator}"
    elif label.annotator and rest != label.annotator:
        words += f", now {label.annotator}’s"
    if label.annotator and (day := short_date(label.updated)):
        words += f" · {day}"
    return words


def category_names(categories: Sequence[Category]) -> dict[str, str]:
    """What each category code is called: the titles on its path, ``Sanctions › Relief``.

    Where two codes would be called the same, the code follows in brackets.
    """
    names = {code: " › ".join(path) for code, path in category_paths(categories).items()}
    taken = Counter(names.values())
    return {code: name if taken[name] == 1 else f"{name} ({code})" for code, name in names.items()}


def relation_title(codebook: Codebook, type_: str) -> str:
    """The title of a relation type; its name where the codebook does not know it."""
    rule = codebook.relation_type(type_)
    return type_ if rule is None else rule.title


def slants(words: str) -> bool:
    """Whether italics suit the letters: only Latin, Greek and Cyrillic ones, which every italic face has."""
    return all(each < "\u0530" or "\u1e00" <= each < "\u2000" for each in words if each.isalpha())
