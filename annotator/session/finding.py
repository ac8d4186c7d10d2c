"""Finding words or an expression in all articles of a project."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from msgspec import Struct

from annotator.core.errors import InputError
from annotator.core.finding import Wanted
from annotator.core.model import Fragment
from annotator.core.ports import Repository

MOST_HERE = 100
"""Matches of one article that are listed; all are counted."""
AROUND = 40
"""Characters before and after a match that are shown at most."""


class Match(Struct, frozen=True):
    """One match: its half-open range of code points, and its line's words before, in and after it."""

    range: Fragment
    before: str
    words: str
    after: str


class FoundIn(Struct, frozen=True):
    """What was found in one article."""

    article: str
    title: str
    count: int
    matches: tuple[Match, ...]
    """The first :data:`MOST_HERE` of them."""


def match_in(text: str, found: Fragment) -> Match:
    """A match with what stands around it on its line, whitespace as single spaces."""
    start, end = found
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    before = text[max(line, start - AROUND) : start]
    after = text[end : min(stop if stop >= 0 else len(text), end + AROUND)]
    return Match(found, _spaced(before).lstrip(), " ".join(text[start:end].split()), _spaced(after).rstrip())


def _spaced(text: str) -> str:
    words = " ".join(text.split())
    return f"{' ' if text[:1].isspace() else ''}{words}{' ' if words and text[-1:].isspace() else ''}"


def find_in_project(
    repository: Repository, wanted: Wanted, go_on: Callable[[], bool] = lambda: True
) -> Iterator[FoundIn | None]:
    """Every article with a match, in import order; None for one without, so that progress can be told.

    Stops where ``go_on`` says so. Raises InputError for an expression with a mistake, or one that takes
    too long for an article, which is named.
    """
    finder = wanted.compiled()
    for article, title, text in repository.texts():
        if not go_on():
            return
        try:
            ranges = list(finder.ranges(text))
        except InputError as error:
            problem = error.problem
            raise InputError(problem.what, where=title or article, cure=problem.cure) from error
        if ranges:
            shown = tuple(match_in(text, each) for each in ranges[:MOST_HERE])
            yield FoundIn(article, title, len(ranges), shown)
        else:
            yield None
