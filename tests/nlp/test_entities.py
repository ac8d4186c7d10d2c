"""What the recogniser found becomes spans that the codebook knows."""

from __future__ import annotations

import pytest

from annotator.core.codebook import Codebook
from annotator.core.model import Kind
from annotator.nlp.entities import confidences, suggested

CONFIDENCE = {"GPE": 0.91, "ORG": 0.8}


def spans_of(
    codebook: Codebook, text: str, part: str, label: str, furniture: tuple[tuple[int, int], ...] = ()
) -> list[tuple[str, str, float | None]]:
    start = text.index(part)
    found = suggested(
        text, [(start, start + len(part), label)], furniture, codebook.model_labels(), CONFIDENCE, "spacy:x"
    )
    return [(each.label, text[slice(*each.fragments[0])], each.confidence) for each in found]


@pytest.mark.parametrize(
    ("part", "label", "expected"),
    [
        ("Doha", "GPE", ("Place", "Doha", 0.91)),
        (" Doha\u00a0", "GPE", ("Place", "Doha", 0.91)),
        ("Fort Knox’s", "FAC", ("Place", "Fort Knox", None)),
        ("Wells Fargo's", "ORG", ("Organization", "Wells Fargo", 0.8)),
        ("Moody's", "ORG", ("Organization", "Moody's", 0.8)),
        ("Malley's", "PERSON", ("Person", "Malley", None)),
    ],
)
def test_entities_are_mapped_and_trimmed(
    codebook: Codebook, part: str, label: str, expected: tuple[str, str, float | None]
) -> None:
    assert spans_of(codebook, f"In{part}:", part, label) == [expected]


@pytest.mark.parametrize(
    ("part", "label"),
    [
        ("2015", "DATE"),
        ("a\nb", "ORG"),
        ("a\u2028b", "ORG"),
        ("“”", "ORG"),
        (" ", "GPE"),
        ("'s", "GPE"),
        ("", "GPE"),
    ],
)
def test_what_nobody_would_label_is_dropped(codebook: Codebook, part: str, label: str) -> None:
    assert spans_of(codebook, f"x {part} y", part, label) == []


def test_entities_that_touch_furniture_are_dropped(codebook: Codebook) -> None:
    text = "Also Read: Doha talks"
    assert spans_of(codebook, text, "Doha", "GPE", ((0, 12),)) == []
    assert spans_of(codebook, text, "Doha", "GPE", ((0, 11), (15, 20))) == [("Place", "Doha", 0.91)]


def test_origin_and_kind(codebook: Codebook) -> None:
    (span,) = suggested("Doha", [(0, 4, "GPE")], (), codebook.model_labels(), {}, "spacy:x-1")
    assert (span.kind, span.origin, span.confidence, span.fragments) == (
        Kind.ENTITY,
        "spacy:x-1",
        None,
        ((0, 4),),
    )


def test_confidence_is_the_precision_that_the_makers_measured() -> None:
    meta = {"performance": {"ents_per_type": {"GPE": {"p": 0.91315, "r": 0.9}, "LAW": {"p": None}, "X": 3}}}
    assert confidences(meta) == {"GPE": 0.91}
    for nothing in ({}, {"performance": None}, {"performance": {"ents_per_type": None}}):
        assert confidences(nothing) == {}
