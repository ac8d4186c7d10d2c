"""Two tiers of suggestions: the confident ones, and the less certain ones that are shown when asked for.

What a model suggests or a file brings is confident whatever its number says: those numbers are not
comparable. Only rules that say how sure they are make less certain ones; the other places of a label that a
person has asked for come without a number, and are seen.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from annotator.core.model import Relation, Span

CONFIDENT = 0.9
"""The confidence (0 to 1) from which on a suggestion of the rules is confident."""
RULES = "rules:"
"""How the origins of the rules' suggestions begin."""
ATTRIBUTION = f"{RULES}attribution-"
"""The same for the rules that find claims; their version follows."""


def is_less_certain(label: Span | Relation) -> bool:
    """Whether it is a suggestion of the rules below :data:`CONFIDENT`; a person's label never is.

    A relation may be less certain because of its ends as well: :func:`is_among`.
    """
    return (
        label.is_suggestion
        and label.origin.startswith(RULES)
        and label.confidence is not None
        and label.confidence < CONFIDENT
    )


def less_certain(labels: Iterable[Span | Relation]) -> frozenset[str]:
    """Ids of those that are less certain by themselves."""
    return frozenset(each.id for each in labels if is_less_certain(each))


def is_among(ids: Collection[str], relation: Relation, stand_in: Callable[[str], str | None]) -> bool:
    """Whether a suggested relation is of a tier: its own id is among the ids, or that of one of its ends.

    ``stand_in`` gives the id of what the annotator sees for an end: an end that is accepted, or labelled
    by hand, is an own span and no longer less certain.
    """
    if not ids or not relation.is_suggestion:
        return False
    return relation.id in ids or any(stand_in(end) in ids for end in (relation.head, relation.tail))
