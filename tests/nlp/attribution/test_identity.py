"""Mentions of one actor: only what is safe is linked."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from annotator.core.model import Kind
from annotator.core.ports import Suggested

CASES = {
    "surname": ("Rob Malley said talks were over. Malley said he was sad.", {("Malley", "Rob Malley")}),
    "honorific": (
        "Rob Malley said talks were over. Mr. Malley said it was late.",
        {("Mr. Malley", "Rob Malley")},
    ),
    "two of a name": (
        "Bill Clinton said talks were over. Hillary Clinton said they were not. Clinton said it was odd.",
        set(),
    ),
    "same name": ("Iran said talks were over. Later, Iran said they went on.", {("Iran", "Iran")}),
    "pronoun": ("Angela Merkel said talks were over.\n\nShe said it was late.", {("She", "Angela Merkel")}),
    "two candidates": (
        "Angela Merkel said Emmanuel Macron would speak first.\n\nShe said it was late.",
        set(),
    ),
    "role": (
        "President Barack Obama said the deal was good. Boehner said no. The president said it would hold.",
        {("The president", "President Barack Obama")},
    ),
    "apposition": (
        "Rob Malley, the US special envoy for Iran, said the talks were over.",
        {("the US special envoy for Iran", "Rob Malley")},
    ),
    "only a form of address": (
        "Ambassador Lord said that talks would go on.\n\nThe ambassador said that China was ready.",
        None,
    ),
    "a list of names": (
        "Angela Merkel, Emmanuel Macron, Olaf Scholz and Joe Biden said that the war must end.",
        set(),
    ),
    "no pronoun of a thing": ("The company said it would pay. It said it was late.", set()),
}


@pytest.mark.parametrize("name", CASES)
def test_mentions_are_linked_where_that_is_safe(suggest: Callable[..., Suggested], name: str) -> None:
    text, expected = CASES[name]
    found = suggest(text)

    def words(place: int) -> str:
        return " ".join(text[a:b] for a, b in found.spans[place].fragments)

    same = [each for each in found.relations if each.type == "same_as"]
    if expected is not None:
        assert {(words(each.head), words(each.tail)) for each in same} == expected
    assert all(found.spans[end].kind is Kind.ACTOR for each in same for end in (each.head, each.tail))
