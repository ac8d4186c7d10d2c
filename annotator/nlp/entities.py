"""The entities that a pipeline found, as suggested spans of the codebook."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from annotator.core.codebook import Label
from annotator.core.model import Fragments
from annotator.core.ports import SuggestedSpan
from annotator.core.text import touches_any
from annotator.nlp.convert import LINE_BREAKS

if TYPE_CHECKING:
    from collections.abc import Iterable

_POSSESSIVES = ("'s", "’s")
_HOUSES = frozenset({"ORG", "FAC", "PRODUCT"})
"""Labels of names that may end in 's on their own: McDonald's, Moody's, Sotheby's."""


def confidences(meta: Mapping[str, Any]) -> dict[str, float]:
    """How often the pipeline is right, per label of its entity recogniser, as its makers measured it.

    That is the precision in ``performance.ents_per_type`` of its meta data, rounded to two digits. It
    is the same for every entity of a label (spaCy's recogniser gives no score of its own), and measured
    on the kind of text it was trained on; on other news expect less.
    """
    performance = meta.get("performance")
    per_type = performance.get("ents_per_type") if isinstance(performance, Mapping) else None
    if not isinstance(per_type, Mapping):
        return {}
    return {
        str(label): round(float(scores["p"]), 2)
        for label, scores in per_type.items()
        if isinstance(scores, Mapping) and isinstance(scores.get("p"), int | float)
    }


def suggested(
    text: str,
    found: Iterable[tuple[int, int, str]],
    furniture: Fragments,
    labels: Mapping[str, Label],
    confidence: Mapping[str, float],
    origin: str,
) -> Iterator[SuggestedSpan]:
    """Suggested spans from what the recogniser found.

    ``found`` holds half-open code point ranges in ``text`` with the recogniser's label. Dropped are
    labels that the codebook does not map, ranges that touch furniture or a line break, and what is
    only punctuation. Outer whitespace and a closing possessive ('s) are trimmed, the latter not from
    the one-word name of a house ("Moody's").
    """
    for start, end, name in found:
        label = labels.get(name)
        if label is None:
            continue
        start, end = _trimmed(text, start, end, name)
        content = text[start:end]
        if (
            not any(character.isalnum() for character in content)
            or not LINE_BREAKS.isdisjoint(content)
            or touches_any((start, end), furniture)
        ):
            continue
        yield SuggestedSpan(label.kind, label.name, ((start, end),), origin, confidence.get(name))


def _trimmed(text: str, start: int, end: int, name: str) -> tuple[int, int]:
    start, end = _stripped(text, start, end)
    content = text[start:end]
    if content.endswith(_POSSESSIVES) and not (name in _HOUSES and len(content.split()) == 1):
        start, end = _stripped(text, start, end - 2)
    return start, end


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    while end > start and text[end - 1].isspace():
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end
