from __future__ import annotations

import pytest

from annotator.core.codebook import Category
from annotator.core.model import Kind, Span
from annotator.ui.panels.wording import (
    category_names,
    counted,
    origin_words,
    short_date,
)


def span(
    origin: str, annotator: str | None = None, confidence: float | None = None, updated: str = ""
) -> Span:
    return Span(
        id="s",
        kind=Kind.ENTITY,
        label="Place",
        fragments=((0, 1),),
        origin=origin,
        annotator=annotator,
        confidence=confidence,
        updated=updated,
    )


@pytest.mark.parametrize(
    ("label", "words"),
    [
        (
            span("spacy:en_core_web_md-3.8.0", confidence=0.82),
            "suggested by en_core_web_md 3.8.0, precision of this label 0.82",
        ),
        (
            span("spacy:en_core_web_md-3.8.0", "ana"),
            "suggested by en_core_web_md 3.8.0 · accepted by ana",
        ),
        (
            span("rules:attribution-1", confidence=0.7),
            "suggested by the attribution rules (version 1), confidence 0.70",
        ),
        (span("annotator:ana", "ana", updated="2026-03-01T12:00:00.000Z"), "labelled by ana · 1 Mar 2026"),
        (span("annotator:ben", "ana"), "labelled by ben, now ana’s"),
        (span("import:old labels.jsonl", "ana"), "imported from old labels.jsonl · accepted by ana"),
        (span("oracle", confidence=0.5), "from oracle, confidence 0.50"),
        (span(""), ""),
    ],
)
def test_origins_in_words(label: Span, words: str) -> None:
    assert origin_words(label) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [("2023-08-06", "6 Aug 2023"), (None, ""), ("", ""), ("summer", "summer"), ("2023-13-01", "2023-13-01")],
)
def test_short_dates(value: str | None, words: str) -> None:
    assert short_date(value) == words


def test_counting() -> None:
    assert [counted(n, "label") for n in (0, 1, 1200)] == ["0 labels", "1 label", "1,200 labels"]


TREE = [
    Category(code="sanctions", title="Sanctions"),
    Category(code="sanctions/relief", title="Relief"),
    Category(code="aid/relief", title="Relief"),
    Category(code="x1", title="Health"),
    Category(code="x2", title="Health"),
]


def test_categories_are_called_by_their_path() -> None:
    assert category_names(TREE) == {
        "sanctions": "Sanctions",
        "sanctions/relief": "Sanctions › Relief",
        "aid/relief": "aid › Relief",
        "x1": "Health (x1)",
        "x2": "Health (x2)",
    }
