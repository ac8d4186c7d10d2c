"""Proposing the other occurrences of a span's words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from msgspec import Struct

from annotator.core.changes import Change, ChangeSet, SpanChange
from annotator.core.commands.base import Desk
from annotator.core.model import Fragment, Fragments, Span, State, new_id
from annotator.core.page import Page
from annotator.core.text import counted, slice_of
from annotator.core.tokens import Tokens, rough_tokens

OCCURRENCE = "rules:occurrence-1"
"""The origin of what is proposed."""


def occurrences(text: str, tokens: Tokens, fragments: Fragments, *, match_case: bool) -> Iterator[Fragment]:
    """The ranges of whole tokens that read like the fragments, themselves left out, in text order.

    Tokens are compared one by one, so that a line break between two words is as good as a space, and
    “US” is not found in “USA”. An edge within a token is not found elsewhere either.
    """

    def seen(nth: int) -> str:
        word = text[tokens.starts[nth] : tokens.ends[nth]]
        return word if match_case else word.casefold()

    words = [nth for nth in range(len(tokens)) if not text[tokens.starts[nth] : tokens.ends[nth]].isspace()]
    read = [seen(nth) for nth in words]
    start, end = fragments[0][0], fragments[-1][1]
    inside = [
        place for place, nth in enumerate(words) if start <= tokens.starts[nth] and tokens.ends[nth] <= end
    ]
    if len(fragments) != 1 or not inside:
        return
    if (tokens.starts[words[inside[0]]], tokens.ends[words[inside[-1]]]) != (start, end):
        return
    wanted = [read[place] for place in inside]
    for place in range(len(read) - len(wanted) + 1):
        if read[place] == wanted[0] and read[place : place + len(wanted)] == wanted:
            found = tokens.starts[words[place]], tokens.ends[words[place + len(wanted) - 1]]
            if found[1] <= start or found[0] >= end:
                yield found


class Propose(Struct, frozen=True):
    """Propose every other occurrence of a span's words with its kind and label, as suggestions.

    What is furniture, labelled alike, or was suggested before (and perhaps rejected) is left alone.
    """

    span: str
    match_case: bool = True
    verb: ClassVar[str] = "propose"

    def plan(self, desk: Desk) -> tuple[str, ChangeSet]:
        """Raises RuleError where the span is gone. The changes are empty where nothing is left to propose."""
        page = desk.page
        span = page.span(self.span)
        made: list[Change] = [
            SpanChange(None, self._suggestion(desk, span, found))
            for found in occurrences(
                page.text,
                page.tokens or rough_tokens(page.text),
                span.fragments,
                match_case=self.match_case,
            )
            if not page.in_furniture(*found) and not _there_already(page, span, (found,))
        ]
        words = " ".join(slice_of(page.text, span.fragments).split())
        title = f"Propose “{words}” as {span.label} in {counted(len(made), 'place')}"
        return title, ChangeSet(page.article.id, tuple(made))

    def _suggestion(self, desk: Desk, span: Span, found: Fragment) -> Span:
        return Span(
            id=new_id(),
            kind=span.kind,
            label=span.label,
            fragments=(found,),
            actor=span.actor,
            state=State.SUGGESTED,
            origin=OCCURRENCE,
            created=desk.now,
            updated=desk.now,
        )


def _there_already(page: Page, span: Span, fragments: Fragments) -> bool:
    if page.own_over(span.kind, fragments):
        return True
    return any(
        page.suggestions[each].label == span.label for each in page.suggested_over(span.kind, fragments)
    )
