"""Which words stand in quotation marks, of every style, closed or not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from annotator.nlp.attribution.parse import Parse
from annotator.nlp.attribution.quotations import Quotations

CASES = {
    "curly": ("“We will go home,” he said.", ["“We will go home,”"]),
    "straight": ('"We will go home," he said.', ['"We will go home,"']),
    "angle": ("«We will go home», he said.", ["«We will go home»"]),
    "single": ("‘We will go home,’ he said.", ["‘We will go home,’"]),
    "apostrophe": ("It’s the senators’ plan, they’re sure, and that’s it.", []),
    "nested": ("“He said ‘never again’ to us all,” she said.", ["“He said ‘never again’ to us all,”"]),
    "two": ("“Yes we can,” he said, “and we will.”", ["“Yes we can,”", "“and we will.”"]),
    "next paragraph": (
        "“We will go home.\n\n“We will come back,” he said.",
        ["“We will go home.", "“We will come back,”"],
    ),
    "over a paragraph": (
        '"We will go home.\n\nWe will be back," he said.',
        ['"We will go home.¶¶We will be back,"'],
    ),
    "never closed": ("“We will go home, he said.\n\nThe end came soon.", ["“We will go home, he said."]),
}


@pytest.mark.parametrize("name", CASES)
def test_quotations_are_found(parse: Callable[[str], Parse], name: str) -> None:
    text, expected = CASES[name]
    parsed = parse(text)
    found = [
        "".join(
            parsed.texts[t]
            + (" " if parsed.spaced[t] and "\n" not in parsed.texts[t] and t < each.last else "")
            for t in each.tokens
        ).replace("\n", "¶")
        for each in Quotations(parsed).all
    ]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "is_speech"),
    [
        ("He praised the “deep state” again.", False),
        ("He read “A Tale of Two Cities” again.", False),
        ("He spoke: “I never said that.”", True),
        ("They want “a fair and lasting peace for all of the people in the region.”", True),
    ],
)
def test_terms_and_titles_are_no_speech(parse: Callable[[str], Parse], text: str, is_speech: bool) -> None:
    (quotation,) = Quotations(parse(text)).all
    assert quotation.is_speech is is_speech
